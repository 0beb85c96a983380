"""What the program reads on the chips: nothing but their public layout. The door of the room's readings.

Rights (Vitale) and situations (CPS) are not public on the chip: a source gives them for the chip that was read
(`SourceCartes`). Identity is re-read before anything is signed, so that one patient's card never signs for another.
"""

from __future__ import annotations

from typing import Protocol

from sesam_desktop.cartes import duo
from sesam_desktop.cartes.duo import CarteDuo
from sesam_desktop.cartes.ps import CartePS
from sesam_desktop.cartes.vitale import CarteVitale
from sesam_desktop.noyau.erreurs import ErreurConnue

from . import apdu, profil_projet
from .canal import SessionCarte
from .code_porteur import essais_restants, verifier_code
from .lecture_cps import PuceCps, lire_puce_cps
from .lecture_vitale import PuceVitale, lire_puce_vitale

__all__ = [
    "PuceCps",
    "PuceVitale",
    "SourceCartes",
    "essais_restants",
    "exiger_meme_cps",
    "exiger_meme_vitale",
    "lire_duo",
    "lire_puce_cps",
    "lire_puce_vitale",
    "verifier_code",
]


class SourceCartes(Protocol):
    """Where the part of a card that its chip does not give in clear comes from."""

    def pour_vitale(self, puce: PuceVitale) -> CarteVitale:
        """The card with its rights, or its public part alone (`droits_lus` False)."""

    def pour_ps(self, puce: PuceCps, *, situations: bool) -> CartePS:
        """The professional; the situations only when the code porteur was verified (`situations`)."""


def lire_duo(session: SessionCarte) -> CarteDuo:
    """The patient's complementary card. PROJECT PROFILE: see `cartes.duo`. Raises ErreurConnue."""
    apdu.choisir_application(session, profil_projet.APPLICATION_DUO)
    return duo.lire(apdu.lire_fichier(session, profil_projet.SFI_DUO))


def exiger_meme_vitale(session: SessionCarte, puce: PuceVitale) -> None:
    """Re-read the chip and refuse it when it is not the one that was read. Raises CARTE_CHANGEE."""
    if lire_puce_vitale(session) != puce:
        raise ErreurConnue(
            "La carte Vitale insérée n'est pas celle du patient de la facture.",
            code="CARTE_CHANGEE",
            action="Réinsérez la carte du patient, ou relisez celle-ci pour une nouvelle facture.",
            ou=session.fente.lecteur,
        )


def exiger_meme_cps(session: SessionCarte, puce: PuceCps) -> None:
    """Re-read the serial number and refuse another professional's card. Raises CARTE_CHANGEE."""
    if lire_puce_cps(session).numero_serie != puce.numero_serie:
        raise ErreurConnue(
            "La carte CPS insérée n'est pas celle de la session ouverte.",
            code="CARTE_CHANGEE",
            action="Réinsérez votre carte, ou ouvrez une nouvelle session avec celle-ci.",
            ou=session.fente.lecteur,
        )
