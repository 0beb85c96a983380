"""What a terminal refuses, in sentences."""

from __future__ import annotations

from sesam_desktop.noyau.erreurs import ErreurConnue

from .messages import Statut, autre_version

_PHRASES = {
    Statut.MEMOIRE_PLEINE: (
        "TLA_MEMOIRE_PLEINE", "La mémoire du terminal est pleine : ce qui n'y tenait pas n'a pas été chargé.",
        "Déchargez-le, ou chargez moins de patients.",
    ),
    Statut.INCONNU: (
        "TLA_DOCUMENT_INCONNU", "Le terminal ne connaît plus ce document.", "Relancez le déchargement.",
    ),
    Statut.EMPREINTE: (
        "TLA_EMPREINTE", "Le terminal n'a pas le contenu qui lui est désigné : rien n'y a été effacé.",
        "Relancez l'opération.",
    ),
    Statut.HORS_SEQUENCE: (
        "TLA_HORS_SEQUENCE", "Le terminal a perdu le fil de l'opération.", "Relancez-la : elle reprendra du début.",
    ),
    Statut.NON_DECHARGE: (
        "TLA_NON_DECHARGE", "Le terminal porte encore des documents qui ne sont pas sur ce poste.",
        "Déchargez-le, puis recommencez.",
    ),
    Statut.PILE_FAIBLE: (
        "TLA_PILE_FAIBLE", "La pile du terminal est trop faible pour cette opération.",
        "Posez-le sur son socle et attendez qu'il se recharge.",
    ),
    Statut.REFUSE: (
        "TLA_REFUSE", "Le terminal refuse cette opération.", "Vérifiez que c'est le bon terminal et son genre.",
    ),
}
_INATTENDU = (
    "TLA_COMMANDE_INCONNUE", "Le terminal ne connaît pas cette opération.", "Mettez à jour le logiciel du terminal.",
)


def refus(statut: int) -> ErreurConnue:
    """The error that this status means."""
    if statut == Statut.VERSION:
        return autre_version()
    code, message, action = _PHRASES.get(statut, _INATTENDU)  # type: ignore[call-overload]
    return ErreurConnue(message, code=code, action=action)
