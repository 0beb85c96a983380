"""Which PC/SC slot is for the professional's card and which for the patient's, from what the slots hold now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sesam_desktop.cartes.atr import GenreCarte
from sesam_desktop.lecteurs.appareils import appareil, hors_usage
from sesam_desktop.lecteurs.canal import Etat, Fente
from sesam_desktop.lecteurs.roles import ROLES, choisir
from sesam_desktop.noyau.erreurs import ErreurConnue

CANAL_PCSC = "pcsc"
PAIRE = ("cps", "vitale")


def utilisables(fentes: Sequence[Fente]) -> list[Fente]:
    """PC/SC slots that may take these cards: no contactless interface, no reader invented by the system."""
    return [f for f in fentes if f.canal == CANAL_PCSC and f.lecteur.strip() and not hors_usage(f.lecteur)]


def affecter(fentes: Sequence[Fente], actuelles: Mapping[str, str]) -> dict[str, str]:
    """Role → name of its slot. `actuelles` is what the file says now, kept when nothing shows that it is wrong.

    Raises ErreurConnue: LECTEUR_ABSENT, PLUSIEURS_CPS, PLUSIEURS_VITALE, CARTES_A_INSERER when one card is missing and
    its slot cannot be told.
    """
    places = [fente for fente in utilisables(fentes) if fente.carte is not GenreCarte.CPS3_SANS_CONTACT]
    if not places:
        raise ErreurConnue(
            "Aucun lecteur PC/SC utilisable n'est branché : galss.ini ne peut pas être réaligné.",
            code="LECTEUR_ABSENT",
            action="Branchez le lecteur directement sur l'ordinateur, insérez les cartes, puis recommencez.",
        )
    trouvees = {role: _porteuse(role, places) for role in PAIRE}
    choix = {role: fente.lecteur for role, fente in trouvees.items() if fente is not None}
    for role, autre in zip(PAIRE, reversed(PAIRE), strict=True):
        presente = trouvees[autre]
        if role not in choix and presente is not None:
            choix[role] = _place_restante(presente, places, actuelles.get(role, ""))
    if len(choix) < len(PAIRE):
        raise _cartes_a_inserer()
    return choix


def _porteuse(role: str, places: Sequence[Fente]) -> Fente | None:
    """The slot that holds this role's card."""
    porteuses = [fente for fente in places if fente.atr and ROLES[role].convient(fente.carte)]
    return choisir(ROLES[role], porteuses, []) if porteuses else None


def _place_restante(presente: Fente, places: Sequence[Fente], actuelle: str) -> str:
    """The slot of the missing card. A slot that holds an unknown or mute card goes before an empty one."""
    libres = [f for f in places if f.lecteur != presente.lecteur and f.carte is GenreCarte.INCONNUE]
    pleines = [f for f in libres if f.etat is not Etat.VIDE]
    soeurs = [f for f in libres if appareil(f.lecteur) == appareil(presente.lecteur)]
    possibles = pleines or libres
    for candidates in ([f for f in pleines if f in soeurs], pleines):
        if len(candidates) == 1:
            return candidates[0].lecteur
    if any(f.lecteur == actuelle for f in possibles):
        return actuelle
    if not pleines and len(soeurs) == 1:
        return soeurs[0].lecteur
    raise _cartes_a_inserer()


def _cartes_a_inserer() -> ErreurConnue:
    return ErreurConnue(
        "Le programme ne peut pas deviner quelle fente est celle de la carte CPS et celle de la carte Vitale.",
        code="CARTES_A_INSERER",
        action="Insérez les deux cartes, puis recommencez.",
    )
