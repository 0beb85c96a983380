"""What mail servers say of a message they had taken: not delivered, late, delivered, or an automatic answer.

A message given up along the way goes from ``remise`` to ``en_quarantaine`` with the words of the server, and its lot
with it on the board: somebody decides. The rest is a line in the message's log. A failure that no delivery report says
(RFC 3464) changes nothing by itself: anybody can write such words; the courrier waits for somebody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.flux import service
from sesam_desktop.flux.service import Genre, MessageService
from sesam_desktop.noyau.erreurs import FormatInvalide

from .depot_corbeille import EN_QUARANTAINE, Corbeille, Essai
from .depot_retours import SERVICE, Courriers

_PHRASES = {
    Genre.ECHEC: "Message non distribué",
    Genre.RETARD: "Message pas encore distribué, le serveur essaie toujours",
    Genre.SUCCES: "Message distribué",
    Genre.ABSENCE: "Réponse automatique",
}
# What the log of the message says of it.
_RESULTATS = {Genre.ECHEC: EN_QUARANTAINE, Genre.RETARD: "retard", Genre.SUCCES: "distribue", Genre.ABSENCE: "absence"}
# Why a failure changed nothing, and what to do.
_SANS_SUITE = {
    "AVIS_SANS_RAPPORT": "dit sans rapport de remise, rien n'a été changé : sans accusé de réception du lot,"
    " demandez à l'organisme s'il l'a reçu, puis classez ce courrier",
    "AVIS_INCONNU": "ce n'est pas un message de ce poste : si un autre poste relève cette boîte, prévenez-le,"
    " puis classez ce courrier",
}


class Avis:
    """Applies the service messages that the inbox kept."""

    def __init__(self, base: Base, horloge: Callable[[], datetime]) -> None:
        self._base = base
        self._horloge = horloge
        self._courriers = Courriers(base)
        self._corbeille = Corbeille(base)

    def appliquer(self, courrier: int) -> bool:
        """False when this courrier is no service message. Raises AVIS_INCONNU, AVIS_SANS_RAPPORT."""
        try:
            lu = service.lire(self._courriers.octets(courrier))
        except FormatInvalide:
            return False
        if lu.genre not in _PHRASES:
            return False
        phrase = _phrase(lu)
        avis = Essai(ecrire_instant(self._horloge()), 0, _RESULTATS[lu.genre], phrase)
        if lu.genre is Genre.ECHEC and not lu.rapport:
            raise _sans_suite(phrase, "AVIS_SANS_RAPPORT")
        with self._base.transaction():
            connu = bool(lu.message_id) and self._corbeille.noter_avis(lu.message_id, avis)
            if lu.genre is Genre.ECHEC and not connu:
                raise _sans_suite(phrase, "AVIS_INCONNU")
            self._courriers.marquer_lu(courrier, SERVICE, phrase)
        return True


def _sans_suite(phrase: str, code: str) -> FormatInvalide:
    return FormatInvalide(f"{phrase} ({_SANS_SUITE[code]}).", code=code)


def _phrase(lu: MessageService) -> str:
    """The server's words say who and why; the address is the organisme's."""
    qui = f" à {lu.destinataire}" if lu.destinataire else ""
    code = f"{lu.code} " if lu.code and lu.code not in lu.texte else ""
    return f"{_PHRASES[lu.genre]}{qui} : {code}{lu.texte or lu.sujet}"[:500]
