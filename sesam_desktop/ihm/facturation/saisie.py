"""The invoice being composed: immutable pictures of it, so that everything unsigned can be undone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from sesam_desktop.factures.facture import (
    Executant,
    Facture,
    LigneSaisie,
    Niveau,
    OrganismeAmc,
    Patient,
    Prescription,
    TiersPayant,
)

if TYPE_CHECKING:
    from sesam_desktop.poste.droits import PatientLu


_SANS_PATIENT = Patient(nir="", date_naissance="")   # of a draft only
SITUATION_ORDINAIRE: dict[str, Any] = {
    "nature_assurance": "maladie", "accident_numero": "", "accident_date": None, "maternite_date": None,
}


def aujourd_hui() -> date:
    """The counter's own calendar day."""
    return date.today()  # noqa: DTZ011


@dataclass(frozen=True)
class Composition:
    """One picture. `lu` is what the card gave, None for a patient typed in (degraded mode)."""

    date_soins: date
    patient: Patient | None = None
    lu: PatientLu | None = None
    prescription: Prescription | None = None
    lignes: tuple[LigneSaisie, ...] = ()
    parcours: str = ""
    tiers_payant: TiersPayant = field(default_factory=TiersPayant)
    amc: OrganismeAmc | None = None
    nature_assurance: str = "maladie"
    accident_numero: str = ""
    accident_date: date | None = None
    maternite_date: date | None = None
    remplace: str = ""

    @property
    def niveau(self) -> Niveau:
        """Secured with the patient's card, degraded without."""
        return Niveau.SECURISEE if self.lu is not None else Niveau.DEGRADEE

    @property
    def vide(self) -> bool:
        """True when leaving would lose nothing."""
        return self.patient is None and not self.lignes

    def facture(self, executant: Executant) -> Facture:
        """What is asked to the workstation. A patient must be there."""
        if self.patient is None:
            raise ValueError("an invoice needs its patient")
        return self.ebauche(executant)

    def ebauche(self, executant: Executant) -> Facture:
        """What a draft keeps: the same, the patient maybe still to come."""
        return Facture(
            date_soins=self.date_soins, executant=executant, beneficiaire=self.patient or _SANS_PATIENT,
            lignes=self.lignes,
            parcours=self.parcours, prescription=self.prescription, tiers_payant=self.tiers_payant, amc=self.amc,
            nature_assurance=self.nature_assurance, accident_numero=self.accident_numero,
            accident_date=self.accident_date, maternite_date=self.maternite_date,
        )


def depuis_facture(facture: Facture, remplace: str = "") -> Composition:
    """The composition that gives `facture`: a draft taken up again, or a rejected invoice to correct."""
    patient = None if facture.beneficiaire == _SANS_PATIENT else facture.beneficiaire
    return Composition(
        date_soins=facture.date_soins, patient=patient, prescription=facture.prescription,
        lignes=facture.lignes, parcours=facture.parcours, tiers_payant=facture.tiers_payant, amc=facture.amc,
        nature_assurance=facture.nature_assurance, accident_numero=facture.accident_numero,
        accident_date=facture.accident_date, maternite_date=facture.maternite_date, remplace=remplace,
    )


class Saisie(QObject):
    """The current picture, those before it, and those undone."""

    change = Signal()

    def __init__(self, jour: date, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.actuelle = Composition(jour)
        self._avant: list[Composition] = []
        self._apres: list[Composition] = []

    @property
    def annulable(self) -> bool:
        """True when there is something to undo."""
        return bool(self._avant)

    @property
    def retablissable(self) -> bool:
        """True when something undone can come back."""
        return bool(self._apres)

    def modifier(self, **champs: Any) -> None:
        """Replace fields of the picture; nothing happens when nothing changes."""
        self.poser(replace(self.actuelle, **champs))

    def poser(self, composition: Composition) -> None:
        """Replace the whole picture, undoable."""
        if composition != self.actuelle:
            self._avant.append(self.actuelle)
            self._apres.clear()
            self.actuelle = composition
            self.change.emit()

    def ajouter(self, ligne: LigneSaisie) -> None:
        """One line more; the same box scanned again is one more of it."""
        lignes = list(self.actuelle.lignes)
        rang = next((i for i, autre in enumerate(lignes) if _meme_boite(autre, ligne)), -1)
        if rang >= 0:
            lignes[rang] = replace(lignes[rang], quantite=lignes[rang].quantite + ligne.quantite)
        else:
            lignes.append(ligne)
        self.modifier(lignes=tuple(lignes))

    def remplacer_ligne(self, rang: int, **champs: Any) -> None:
        """Change fields of line `rang`."""
        lignes = list(self.actuelle.lignes)
        lignes[rang] = replace(lignes[rang], **champs)
        self.modifier(lignes=tuple(lignes))

    def retirer(self, rang: int) -> None:
        """Remove line `rang`."""
        lignes = self.actuelle.lignes
        self.modifier(lignes=lignes[:rang] + lignes[rang + 1:])

    def annuler(self) -> None:
        """Back to the picture before."""
        if self._avant:
            self._apres.append(self.actuelle)
            self.actuelle = self._avant.pop()
            self.change.emit()

    def retablir(self) -> None:
        """Forward again."""
        if self._apres:
            self._avant.append(self.actuelle)
            self.actuelle = self._apres.pop()
            self.change.emit()

    def recommencer(self, jour: date) -> None:
        """Next patient: nothing of the signed invoice can come back by undo."""
        self._avant.clear()
        self._apres.clear()
        self.actuelle = Composition(jour)
        self.change.emit()


def _meme_boite(une: LigneSaisie, autre: LigneSaisie) -> bool:
    return bool(une.cip13) and replace(une, quantite=autre.quantite) == autre
