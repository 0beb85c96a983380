"""The line of the prescriber: who, when, and how the patient came to this doctor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from sesam_desktop.factures.facture import Prescription
from sesam_desktop.noyau.identifiants import numero_am_valide, rpps_valide

from ..atelier import Atelier
from ..composants.champ_date import ChampDate
from ..composants.champ_recherche import ChampRecherche
from .etiquettes import etiquette_de

ORIGINES = (("T", "médecin traitant"), ("O", "médecin correspondant"), ("P", "autre, dans le parcours"),
            ("S", "hors parcours"))


class LignePrescription(QWidget):
    """Search by name or number; an unknown prescriber is typed by number. `refusee` says what is wrong with it."""

    choisie = Signal(object)     # Prescription or None
    refusee = Signal(str)

    def __init__(self, atelier: Atelier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.champ = ChampRecherche(
            atelier, "Prescripteur", atelier.poste.facturation.prescripteurs, libelle, minimum=1
        )
        self.champ.setPlaceholderText("Nom, RPPS (11 chiffres) ou numéro AM (9 chiffres)")
        self.date = ChampDate()
        self.date.setAccessibleName("Date de l'ordonnance")
        self.origine = QComboBox()
        self.origine.setAccessibleName("Origine de la prescription")
        for code, texte in ORIGINES:
            self.origine.addItem(texte, code)
        self.origine.setMinimumContentsLength(10)
        self.origine.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._prescription: Prescription | None = None
        self._disposer()
        self.champ.choisi.connect(self._choisir)
        self.champ.valide.connect(self._saisir)
        self.champ.editingFinished.connect(self._quitter)
        self.date.inexistante.connect(self.refusee)
        self.date.dateChanged.connect(lambda _: self._annoncer())
        self.origine.activated.connect(lambda _: self._annoncer())

    def montrer(self, prescription: Prescription | None, jour: date) -> None:
        """Show without telling."""
        self._prescription = prescription
        self.blockSignals(True)
        quand = prescription.date if prescription else jour
        self.date.setDate(QDate(quand.year, quand.month, quand.day))
        self.origine.setCurrentIndex(max(0, self.origine.findData(prescription.origine if prescription else "")))
        if not self.champ.hasFocus() or prescription is not None:
            self.champ.setText(libelle(prescription) if prescription else "")
            self.champ.setCursorPosition(0)
        self.blockSignals(False)

    def _disposer(self) -> None:
        rangee = QHBoxLayout(self)
        rangee.setContentsMargins(0, 0, 0, 0)
        champs = (("&Prescrit par", self.champ, 4), ("&le", self.date, 0), ("O&rigine", self.origine, 1))
        for rang, (texte, champ, poids) in enumerate(champs):
            etiquette = etiquette_de(texte, champ) if rang == 0 else QLabel(texte)
            etiquette.setBuddy(champ)
            rangee.addWidget(etiquette)
            rangee.addWidget(champ, poids)

    def _choisir(self, prescripteur: Any) -> None:
        self._poser(
            numero=prescripteur.prescripteur, specialite=prescripteur.specialite, nom=prescripteur.nom,
            prenom=prescripteur.prenom,
        )

    def _saisir(self, texte: str) -> None:
        numero = texte.replace(" ", "")
        if rpps_valide(numero) or numero_am_valide(numero):
            return self._poser(numero=numero)
        if numero.isdigit():
            return self.refusee.emit(
                "Ce numéro de prescripteur a une clé fausse. Vérifiez les 11 chiffres du RPPS ou les 9 du numéro AM."
            )
        return self.refusee.emit("Prescripteur inconnu sur ce poste. Saisissez son numéro RPPS, lu sur l'ordonnance.")

    def _quitter(self) -> None:
        texte = self.champ.text().strip()
        if not texte and self._prescription is not None:
            self._prescription = None
            self.choisie.emit(None)
        elif texte.replace(" ", "").isdigit():
            self._saisir(texte)

    def _poser(self, numero: str, specialite: str = "", nom: str = "", prenom: str = "") -> None:
        self._prescription = replace(
            self._prescription or Prescription(self._jour()), date=self._jour(), prescripteur=numero,
            specialite=specialite, origine=self.origine.currentData(), nom=nom, prenom=prenom,
        )
        self.choisie.emit(self._prescription)

    def _jour(self) -> date:
        jour = self.date.date()
        return date(jour.year(), jour.month(), jour.day())

    def _annoncer(self) -> None:
        if (p := self._prescription) is not None:
            self._poser(p.prescripteur, p.specialite, p.nom, p.prenom)


def libelle(prescripteur: Any) -> str:
    """``Dr LEROY Anne (10001234563)``, or the number alone."""
    nom = f"Dr {prescripteur.nom} {prescripteur.prenom.title()}".strip() if prescripteur.nom else ""
    return f"{nom} ({prescripteur.prescripteur})" if nom else prescripteur.prescripteur
