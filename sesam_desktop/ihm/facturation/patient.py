"""The lines of the patient: who, which rights, who pays, and what the counter must know before billing."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sesam_desktop.factures.facture import OrganismeAmc, Patient, TiersPayant
from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.identifiants import formater_nir

from ..composants.etats import MotEtat
from ..composants.texte import Texte
from .saisie import Composition


class LignePatient(QFrame):
    """Identity at the left, rights under it, third-party payment at the right."""

    tiers_payant_change = Signal(object, object)    # TiersPayant, OrganismeAmc or None

    def __init__(self, inviter: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Patient")
        self.identite, self.droits, self.etat = Texte(facteur=1.2, gras=True), QLabel(wordWrap=True), MotEtat()
        self.identite.setWordWrap(True)
        self.identite.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.amo, self.amc = QCheckBox("AM&O"), QCheckBox("AM&C")
        self.amo.setAccessibleName("Tiers payant de la part obligatoire")
        self._disponible: OrganismeAmc | None = None
        self._inviter = inviter
        self._disposer()
        for choix in (self.amo, self.amc):
            choix.clicked.connect(lambda _: self._annoncer())

    def montrer(self, composition: Composition, jour: date) -> None:
        """Show the patient of `composition`, or the invitation to insert a card."""
        patient = composition.patient
        self._inviter.setText("Changer  F2" if patient else "Sans carte…  F2")
        self.etat.setVisible(patient is not None)
        self._paiement.setVisible(patient is not None)
        if patient is None:
            self.identite.setText("Insérez la carte Vitale du patient")
            self.droits.setText("Sans carte : F2 retrouve un patient déjà venu ou saisit son attestation de droits.")
            return
        self.identite.setText(identite(patient, jour))
        self.droits.setText("  ·  ".join(droits(composition)))
        self._montrer_etat(composition)
        self._montrer_paiement(composition, patient)
        self.setAccessibleName(f"Patient {patient.nom} {patient.prenom}")

    def _montrer_etat(self, composition: Composition) -> None:
        if composition.lu is None:
            self.etat.montrer("à corriger", "Sans Vitale")
        else:
            ouverts = composition.lu.droits.ouverts
            self.etat.montrer("fait" if ouverts else "à corriger", "Droits ouverts" if ouverts else "Droits fermés")

    def _montrer_paiement(self, composition: Composition, patient: Patient) -> None:
        """The complementary part: of the C2S always, of a mutuelle when the card or the invoice names one."""
        self._disponible = composition.amc or (composition.lu.amc if composition.lu else None)
        self.amo.setChecked(composition.tiers_payant.amo)
        self.amc.setChecked(composition.tiers_payant.amc)
        self.amc.setVisible(self._disponible is not None or patient.c2s)
        numero = self._disponible.numero if self._disponible else "C2S"
        self.amc.setText(f"AM&C {numero}")
        self.amc.setAccessibleName(f"Tiers payant de la part complémentaire, {numero}")

    def _annoncer(self) -> None:
        tiers = TiersPayant(amo=self.amo.isChecked(), amc=self.amc.isChecked())
        self.tiers_payant_change.emit(tiers, self._disponible if tiers.amc else None)

    def _disposer(self) -> None:
        haut = QHBoxLayout()
        haut.addWidget(self.identite, 1)
        haut.addWidget(self.etat)
        haut.addWidget(self._inviter, 0, Qt.AlignmentFlag.AlignTop)
        self._paiement = QWidget()
        paiement = QHBoxLayout(self._paiement)
        paiement.setContentsMargins(0, 0, 0, 0)
        for widget in (QLabel("Tiers payant"), self.amo, self.amc):
            paiement.addWidget(widget)
        bas = QHBoxLayout()
        bas.addWidget(self.droits, 1)
        bas.addWidget(self._paiement, 0, Qt.AlignmentFlag.AlignTop)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addLayout(haut)
        colonne.addLayout(bas)


def identite(patient: Patient, jour: date) -> str:
    """``DURAND Paul · 46 ans · 1 80 19 75 000 001 32``; a number is never cut between two lines."""
    morceaux = [f"{patient.nom} {patient.prenom.title()}".strip()]
    try:
        morceaux.append(f"{dates.age(patient.date_naissance, jour)}\u00a0ans")
    except EntreeInvalide:
        morceaux.append("date de naissance à corriger")
    morceaux.append(formater_nir(patient.nir, patient.cle).replace(" ", "\u00a0"))
    return "  ·  ".join(morceaux)


def droits(composition: Composition) -> list[str]:
    """The rights as the counter says them."""
    patient, lu = composition.patient, composition.lu
    if patient is None:
        return []
    caisse = lu.destinataire.libelle if lu and lu.destinataire.libelle else f"{patient.caisse} {patient.centre}"
    morceaux = [f"Régime {patient.regime}", f"Caisse {caisse}".strip()]
    if lu is not None and lu.droits.ouverts and lu.droits.fin:
        morceaux.append(f"Droits jusqu'au {dates.formater(lu.droits.fin)}")
    morceaux.append(f"ALD {'oui' if patient.ald not in ('', '0') else 'non'}")
    morceaux += ["Complémentaire santé solidaire"] if patient.c2s else []
    morceaux += ["Régime local"] if patient.regime_local else []
    return morceaux
