"""A portable terminal on the cradle of a demonstration workstation, and what a nurse does with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sesam_desktop.cartes import vitale_zones, zones
from sesam_desktop.cartes.demonstration import cartes_de_demonstration
from sesam_desktop.factures.facture import Facture, LigneSaisie, Niveau, Prescription
from sesam_desktop.lecteurs.canal_tla import CanalTla
from sesam_desktop.lecteurs.emulation_tla import TerminalVirtuel
from sesam_desktop.lecteurs.emulation_vitale import VitaleVirtuelle
from sesam_desktop.poste.demonstration import CODE_PORTEUR
from sesam_desktop.poste.demonstration_terminal import SOCLE

if TYPE_CHECKING:
    from sesam_desktop.poste.demonstration import EnvironnementDemonstration
    from sesam_desktop.poste.poste import Poste

VITALES = dict(cartes_de_demonstration())
JOUR = date.today()  # noqa: DTZ011 - the nurse's own calendar day


def brancher(poste: Poste, terminal: TerminalVirtuel) -> CanalTla:
    """Put the terminal on a cradle of this workstation, before its readers are first used."""
    canal = poste.environnement.socle.canal
    canal.poser(SOCLE, terminal.traiter)
    return canal


def vitale(environnement: EnvironnementDemonstration, nom: str) -> VitaleVirtuelle:
    """A demonstration patient's card, taken to their home."""
    carte = VITALES[nom]
    return VitaleVirtuelle.depuis(carte, environnement._signer(carte.numero_serie, "vitale"))


def zones_de(nom: str) -> bytes:
    """What a reader's software gets of this card."""
    return zones.ecrire(vitale_zones.groupes_de(VITALES[nom]))


def ouvrir_session(poste: Poste, ps: str = "infirmier") -> None:
    poste.lecteurs.fermer_session()
    poste.environnement.inserer_ps(ps)
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    poste.lecteurs.choisir_situation(1)


def visite(poste: Poste, nom: str, jour: date = JOUR, **autres: object) -> Facture:
    """AMI 2 for this patient, prescribed today. The professional's session is open."""
    lu = poste.droits.patient(VITALES[nom], 0, jour).patient
    facture = Facture(
        jour, poste.facturation.executant(), lu, (LigneSaisie("AMI", coefficient=Decimal(2), date=jour),),
        prescription=Prescription(JOUR, "10001234565", "01", "T", "LEROY", "ANNE"),
    )
    return replace(facture, **autres)  # type: ignore[arg-type]


def deja_vu(poste: Poste, nom: str) -> None:
    """A visit billed at the office: the patient is of the tour from now on."""
    poste.environnement.inserer_vitale(nom)
    poste.lecteurs.lire_vitale()
    poste.facturation.securiser(visite(poste, nom), Niveau.SECURISEE)
    poste.environnement.inserer_vitale(None)
