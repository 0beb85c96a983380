"""Who is billed: the patient of the card that is in, one seen before, or one typed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from sesam_desktop.cartes.vitale import CarteVitale
from sesam_desktop.factures.facture import Patient, TiersPayant
from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.bandeau import Bandeau
from .beneficiaire import ChoixBeneficiaire
from .saisie import SITUATION_ORDINAIRE, Composition, Saisie, aujourd_hui
from .sans_carte import PatientSansCarte

if TYPE_CHECKING:
    from sesam_desktop.cartes.duo import CarteDuo
    from sesam_desktop.poste.droits import PatientLu
    from sesam_desktop.poste.poste import Poste


class ChoixPatient(QObject):
    """Puts the patient into `saisie`; what cannot be done is said in `bandeau`."""

    def __init__(self, atelier: Atelier, saisie: Saisie, bandeau: Bandeau, page: QWidget) -> None:
        super().__init__(page)
        self._atelier, self._saisie, self._bandeau, self._page = atelier, saisie, bandeau, page
        self._serie_montree = ""
        self._duo_montree: CarteDuo | None = None

    def suivre_la_carte(self) -> None:
        """A card that came brings its patient; the same card is not shown twice."""
        carte = self._carte()
        serie = carte.numero_serie or carte.assure.nir if carte is not None else ""
        if carte is not None and serie != self._serie_montree:
            self._accueillir(carte)
        self._serie_montree = serie
        self._suivre_la_complementaire(carte)

    def retrouver_la_carte(self) -> None:
        """The patient of an invoice taken up again is the one whose card is in: it will be secured with it."""
        carte, patient = self._carte(), self._saisie.actuelle.patient
        if carte is None or patient is None or not self._est_du_patient(carte):
            return
        rangs = [rang for rang, b in enumerate(carte.beneficiaires) if b.rang == patient.rang]
        if rangs:
            self._lire_droits(carte, rangs[0], lambda lu: self._saisie.modifier(lu=lu, patient=lu.patient))

    def choisir(self) -> None:
        """F2: the card that is in when it is not the patient shown, otherwise a patient without card."""
        carte = self._carte()
        if carte is not None and (
            self._saisie.actuelle.lu is None or not self._est_du_patient(carte) or len(carte.beneficiaires) > 1
        ):
            self._lire(carte)
        else:
            self.sans_carte()

    def sans_carte(self) -> None:
        """Degraded mode: a patient seen before, or typed in."""
        dialogue = PatientSansCarte(self._atelier, self._page)
        dialogue.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialogue.accepted.connect(lambda: self._poser_sans_carte(dialogue.patient))
        dialogue.open()

    def _poser_sans_carte(self, patient: Patient | None) -> None:
        if patient is not None:
            self._poser_patient(patient, None)

    def _poser(self, lu: PatientLu) -> None:
        self._poser_patient(lu.patient, lu)

    def _poser_patient(self, patient: Patient, lu: PatientLu | None) -> None:
        """The C2S pays both parts: third-party payment is whole by default. A mutuelle is used when one says so.

        What was said of somebody else's accident or pregnancy goes with them.
        """
        avant, situation = self._saisie.actuelle.patient, {}
        if avant is not None and (avant.nir, avant.rang) != (patient.nir, patient.rang):
            situation = SITUATION_ORDINAIRE
        amc = lu.amc if lu is not None and patient.c2s else None
        self._saisie.modifier(patient=patient, lu=lu, tiers_payant=TiersPayant(amc=patient.c2s), amc=amc, **situation)

    def _duo(self) -> CarteDuo | None:
        return self._atelier.poste.lecteurs.duo if self._atelier.ouvert else None

    def _carte(self) -> CarteVitale | None:
        return self._atelier.poste.lecteurs.vitale if self._atelier.ouvert else None

    def _accueillir(self, carte: CarteVitale) -> None:
        """A new card brings its patient, unless an invoice of somebody else is being composed."""
        composition = self._saisie.actuelle
        if composition.patient is None or not composition.lignes or self._est_du_patient(carte):
            self._lire(carte)
        else:
            self._bandeau.dire(
                "La carte insérée n'est pas celle du patient de cette facture.", "avertissement",
                suite="Nouvelle facture pour cette carte", action=lambda: self._nouvelle(carte),
            )

    def _est_du_patient(self, carte: CarteVitale) -> bool:
        patient = self._saisie.actuelle.patient
        return patient is not None and patient.nir == carte.assure.nir

    def _nouvelle(self, carte: CarteVitale) -> None:
        self._saisie.poser(Composition(aujourd_hui()))
        self._lire(carte)

    def _lire(self, carte: CarteVitale) -> None:
        """Take the patient of the card; ask who when there are several."""
        if len(carte.beneficiaires) == 1:
            self._prendre(carte, 0)
            return
        choix = ChoixBeneficiaire(carte, self._saisie.actuelle.date_soins, self._page)
        choix.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        choix.accepted.connect(lambda: self._prendre(carte, choix.rang))
        choix.open()

    def _prendre(self, carte: CarteVitale, rang: int) -> None:
        self._lire_droits(carte, rang, self._poser)

    def _suivre_la_complementaire(self, carte: CarteVitale | None) -> None:
        """A complementary card that comes after the Vitale completes the rights shown; nothing else changes."""
        duo, lu = self._duo(), self._saisie.actuelle.lu
        arrivee, self._duo_montree = duo is not None and duo != self._duo_montree, duo
        if arrivee and carte is not None and lu is not None and self._est_du_patient(carte):
            rangs = [rang for rang, b in enumerate(carte.beneficiaires) if b.rang == lu.patient.rang]
            self._lire_droits(carte, rangs[0], lambda completes: self._saisie.modifier(lu=completes))

    def _lire_droits(self, carte: CarteVitale, rang: int, suite: Callable[[PatientLu], None]) -> None:
        jour = self._saisie.actuelle.date_soins
        self._atelier.taches.lancer(
            "base", lambda _: droits_du_patient(self._atelier.poste, carte, rang, jour),
            resultat=lambda lus: self._recevoir(lus[0], lus[1], suite), proprietaire=self,
            erreur=lambda e: self._bandeau.dire_erreur(e, suite="Facturer sans carte", action=self.sans_carte),
        )

    def _recevoir(self, lu: PatientLu, refus: ErreurConnue | None, suite: Callable[[PatientLu], None]) -> None:
        if refus is not None:
            self._bandeau.dire(refus.phrase(), "avertissement", code=refus.code)
        suite(lu)


def droits_du_patient(
    poste: Poste, carte: CarteVitale, rang: int, jour: date
) -> tuple[PatientLu, ErreurConnue | None]:
    """Rights of one person, completed by the complementary card that is in; one that is not theirs is left aside.

    Runs on a worker.
    """
    try:
        return poste.droits.patient(carte, rang, jour, poste.lecteurs.duo), None
    except ErreurConnue as refus:
        if refus.code not in ("DUO_AUTRE_PATIENT", "DUO_PERIMEE"):
            raise
        return poste.droits.patient(carte, rang, jour), refus
