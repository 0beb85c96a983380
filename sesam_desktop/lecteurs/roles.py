"""Which card does what (the professional's, the patient's, their complementary one), and what to say without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sesam_desktop.cartes.atr import GenreCarte
from sesam_desktop.noyau.erreurs import ErreurConnue

from .canal import Etat, Fente, carte_muette


@dataclass(frozen=True, slots=True)
class Role:
    """A role, and its words."""

    nom: str
    carte: str
    action: str

    def convient(self, genre: GenreCarte) -> bool:
        """A contactless CPS cannot sign: it is told apart, never used."""
        if self.nom == "vitale":
            return genre.est_vitale
        if self.nom == "duo":
            return genre.est_duo
        return genre.est_cps and genre is not GenreCarte.CPS3_SANS_CONTACT


ROLES = {
    "cps": Role("cps", "CPS", "Insérez votre carte CPS, puce vers le lecteur."),
    "vitale": Role("vitale", "Vitale", "Insérez la carte Vitale du patient, bien enfoncée."),
    "duo": Role("duo", "DUO", "Insérez la carte complémentaire (DUO) du patient."),
}


def choisir(role: Role, fentes: Sequence[Fente], pannes: Sequence[ErreurConnue]) -> Fente:
    """The one slot that holds this role's card. Raises an ErreurConnue that says what is there instead."""
    choix = [f for f in fentes if f.etat in (Etat.PRESENTE, Etat.OCCUPEE) and role.convient(f.carte)]
    if len(choix) > 1:
        raise ErreurConnue(
            f"Plusieurs cartes {role.carte} sont insérées.",
            code=f"PLUSIEURS_{role.nom.upper()}",
            action="N'en laissez qu'une dans les lecteurs.",
        )
    if not choix:
        raise _absence(role, fentes, pannes)
    return choix[0]


def _absence(role: Role, fentes: Sequence[Fente], pannes: Sequence[ErreurConnue]) -> ErreurConnue:
    if pannes:
        return pannes[0]
    if not fentes:
        return ErreurConnue(
            "Aucun lecteur de cartes n'est branché.",
            code="LECTEUR_ABSENT",
            action="Branchez-le directement sur l'ordinateur, au besoin avec un autre câble.",
        )
    if role.nom == "cps" and any(fente.carte is GenreCarte.CPS3_SANS_CONTACT for fente in fentes):
        return ErreurConnue(
            "La carte CPS est posée sur un lecteur sans contact : elle ne peut ni présenter son code ni signer.",
            code="CPS_ABSENTE",
            action="Insérez-la dans une fente, puce vers le lecteur.",
        )
    for fente in fentes:
        if fente.etat is Etat.MUETTE:
            return carte_muette(fente.lecteur)
        if fente.etat is Etat.INCONNUE:
            return carte_inconnue(fente)
    return ErreurConnue(
        f"Il n'y a pas de carte {role.carte} dans les lecteurs.",
        code=f"{role.nom.upper()}_ABSENTE",
        action=role.action,
    )


def carte_inconnue(fente: Fente) -> ErreurConnue:
    """A bank card, a very old card… The ATR is no secret and helps support."""
    return ErreurConnue(
        f"La carte insérée n'est pas reconnue (ATR {fente.atr.hex(' ').upper()}).",
        code="CARTE_INCONNUE",
        action="Retirez-la et insérez une carte Vitale ou une carte CPS.",
        ou=fente.lecteur,
    )
