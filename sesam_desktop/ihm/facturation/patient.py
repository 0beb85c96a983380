"""The line of the patient: who, which rights, and what the counter must know before billing."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sesam_desktop.factures.facture import Patient
from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.identifiants import formater_nir

from ..composants.etats import MotEtat
from ..composants.etiquette import Etiquette
from .saisie import Composition


class LignePatient(QFrame):
    """One line as drawn: identity at the left, rights at the right."""

    def __init__(self, inviter: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Patient")
        self.identite, self.droits, self.etat = Etiquette(), QLabel(wordWrap=True), MotEtat()
        self.identite.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        police = self.identite.font()
        police.setBold(True)
        police.setPointSizeF(police.pointSizeF() * 1.2)
        self.identite.setFont(police)
        self._inviter = inviter
        haut = QHBoxLayout()
        haut.addWidget(self.identite, 1)
        haut.addWidget(self.etat)
        haut.addWidget(inviter)
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addLayout(haut)
        colonne.addWidget(self.droits)

    def montrer(self, composition: Composition, jour: date) -> None:
        """Show the patient of `composition`, or the invitation to insert a card."""
        patient = composition.patient
        self._inviter.setText("Changer de patient  F2" if patient else "Patient sans carte…  F2")
        self.etat.setVisible(patient is not None)
        if patient is None:
            self.identite.ecrire("Insérez la carte Vitale du patient")
            self.droits.setText("Sans carte : F2 retrouve un patient déjà venu ou saisit son attestation de droits.")
            return
        self.identite.ecrire(identite(patient, jour))
        self.droits.setText("  ·  ".join(droits(composition)))
        if composition.lu is None:
            self.etat.montrer("à corriger", "Sans Vitale : facture dégradée")
        else:
            ouverts = composition.lu.droits.ouverts
            self.etat.montrer("fait" if ouverts else "à corriger", "Droits ouverts" if ouverts else "Droits fermés")
        self.setAccessibleName(f"Patient {patient.nom} {patient.prenom}")


def identite(patient: Patient, jour: date) -> str:
    """``DURAND Paul · 46 ans · 1 80 19 75 000 001 32``."""
    morceaux = [f"{patient.nom} {patient.prenom.title()}".strip()]
    try:
        morceaux.append(f"{dates.age(patient.date_naissance, jour)} ans")
    except EntreeInvalide:
        morceaux.append("date de naissance à corriger")
    morceaux.append(formater_nir(patient.nir, patient.cle))
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
