"""What the workstation remembers beside signed invoices: drafts being composed, patients seen before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.base.modeles import Brouillon, PatientConnu
from sesam_desktop.base.recherche import contenant, plier
from sesam_desktop.noyau.erreurs import ErreurConnue

from . import document
from .facture import Patient


@dataclass(frozen=True, slots=True)
class BrouillonGarde:
    """A draft as it was left. `contenu` belongs to who composes: the depot does not read it."""

    identifiant: int
    contenu: str
    modifie_le: datetime


class Brouillons:
    """Invoices being composed: they survive a crash and go when signed (`Factures.enregistrer`) or given up."""

    def __init__(self, base: Base, horloge: Callable[[], datetime]) -> None:
        self._base = base
        self._horloge = horloge

    def enregistrer(self, contenu: str, identifiant: int | None = None) -> int:
        """Keep `contenu`, in place of the draft `identifiant` when given; returns the identifier."""
        instant = ecrire_instant(self._horloge())
        with self._base.transaction():
            if identifiant is None:
                return Brouillon.insert(contenu=contenu, modifie_le=instant).execute()
            Brouillon.replace(id=identifiant, contenu=contenu, modifie_le=instant).execute()
            return identifiant

    def lire(self, identifiant: int) -> BrouillonGarde:
        """Raises BROUILLON_INCONNU."""
        ligne = Brouillon.get_or_none(Brouillon.id == identifiant)
        if ligne is None:
            raise ErreurConnue("Ce brouillon n'existe plus.", code="BROUILLON_INCONNU", action="Actualisez la liste.")
        return _brouillon(ligne)

    def lister(self) -> list[BrouillonGarde]:
        """Last changed first."""
        return [_brouillon(ligne) for ligne in Brouillon.select().order_by(Brouillon.modifie_le.desc())]

    def effacer(self, identifiant: int) -> None:
        """Harmless when it is already gone."""
        with self._base.transaction():
            Brouillon.delete().where(Brouillon.id == identifiant).execute()


class Patients:
    """Patients seen before, found without their card."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def retenir(self, patient: Patient, vu_le: datetime) -> None:
        """Remember `patient` as last seen, in place of what was known."""
        with self._base.transaction():
            PatientConnu.replace(
                cle=cle_patient(patient), nom=patient.nom, prenom=patient.prenom,
                donnees=document.valeur_en_json(patient), vu_le=ecrire_instant(vu_le),
                recherche=plier(f"{patient.nom} {patient.prenom} {patient.nir}"),
            ).execute()

    def chercher(self, texte: str, limite: int = 20) -> list[Patient]:
        """Those whose name or NIR holds every word of `texte`, last seen first."""
        requete = PatientConnu.select().order_by(PatientConnu.vu_le.desc()).limit(limite)
        if conditions := contenant(PatientConnu.recherche, texte):
            requete = requete.where(*conditions)
        return [document.valeur_depuis_json(Patient, ligne.donnees) for ligne in requete]


def cle_patient(patient: Patient) -> str:
    """What tells a patient apart: NIR of the insured, birth date, rank."""
    return f"{patient.nir}{patient.date_naissance}{patient.rang}"


def _brouillon(ligne: Brouillon) -> BrouillonGarde:
    return BrouillonGarde(ligne.id, ligne.contenu, datetime.fromisoformat(ligne.modifie_le))
