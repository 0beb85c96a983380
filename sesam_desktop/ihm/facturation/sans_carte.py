"""A patient without a card: found among those seen before, or typed from the attestation de droits."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from sesam_desktop.factures.facture import Patient
from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.identifiants import exiger_nir, formater_nir

from ..atelier import Atelier
from ..composants.bandeau import Bandeau
from ..composants.champ_recherche import ChampRecherche

_CHAMPS = (("nom", "&Nom", r".{0,27}"), ("prenom", "P&rénom", r".{0,27}"),
           ("nir", "N° de &sécurité sociale", r"[0-9ABab ]{0,18}"), ("cle", "&Clé", r"[0-9]{0,2}"),
           ("naissance", "Né(e) &le (JJ/MM/AAAA)", r"[0-9/]{0,10}"), ("regime", "Ré&gime (2 chiffres)", r"[0-9]{0,2}"),
           ("caisse", "C&aisse (3 chiffres)", r"[0-9]{0,3}"), ("centre", "C&entre (4 chiffres)", r"[0-9]{0,4}"))


class PatientSansCarte(QDialog):
    """`patient` is what was found or typed, once accepted."""

    def __init__(self, atelier: Atelier, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Patient sans carte Vitale")
        self.patient: Patient | None = None
        self._modele: Patient | None = None
        self.recherche = ChampRecherche(
            atelier, "Patient déjà venu", atelier.poste.facturation.patients, presenter
        )
        self.recherche.setPlaceholderText("Nom ou numéro de sécurité sociale")
        self.recherche.choisi.connect(self._reprendre)
        self.champs: dict[str, QLineEdit] = {}
        self.ald = QCheckBox("Affection de longue &durée (ALD)")
        self.c2s = QCheckBox("Complémentaire santé s&olidaire (C2S)")
        self.regime_local = QCheckBox("Régime local d'Alsace-&Moselle")
        self.bandeau = Bandeau(self)
        self._disposer()
        self.recherche.setFocus()

    def _disposer(self) -> None:
        formulaire = QFormLayout()
        formulaire.addRow("&Patient déjà venu", self.recherche)
        for cle, titre, motif in _CHAMPS:
            champ = QLineEdit()
            champ.setValidator(QRegularExpressionValidator(QRegularExpression(motif), champ))
            champ.setAccessibleName(titre.replace("&", ""))
            formulaire.addRow(titre, champ)
            self.champs[cle] = champ
        for coche in (self.ald, self.c2s, self.regime_local):
            formulaire.addRow("", coche)
        boutons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        boutons.addButton("&Facturer sans carte Vitale", QDialogButtonBox.ButtonRole.AcceptRole)
        boutons.accepted.connect(self._valider)
        boutons.rejected.connect(self.reject)
        colonne = QVBoxLayout(self)
        colonne.addLayout(formulaire)
        colonne.addWidget(self.bandeau)
        colonne.addWidget(boutons)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 70)

    def _reprendre(self, patient: Patient) -> None:
        self._modele = patient
        valeurs = {
            "nom": patient.nom, "prenom": patient.prenom, "nir": formater_nir(patient.nir), "cle": patient.cle,
            "naissance": dates.formater_naissance(patient.date_naissance), "regime": patient.regime,
            "caisse": patient.caisse, "centre": patient.centre,
        }
        for cle, valeur in valeurs.items():
            self.champs[cle].setText(valeur)
        self.ald.setChecked(patient.ald not in ("", "0"))
        self.c2s.setChecked(patient.c2s)
        self.regime_local.setChecked(patient.regime_local)

    def _valider(self) -> None:
        try:
            self.patient = self._lire()
        except EntreeInvalide as erreur:
            self.bandeau.dire_erreur(erreur)
            return
        self.accept()

    def _lire(self) -> Patient:
        texte = {cle: champ.text().strip() for cle, champ in self.champs.items()}
        nir = texte["nir"].replace(" ", "").upper()
        exiger_nir(nir, texte["cle"])
        if not texte["nom"]:
            raise EntreeInvalide("Le nom du patient manque.", action="Saisissez-le tel qu'il est sur l'attestation.")
        if not (len(texte["regime"]) == 2 and len(texte["caisse"]) == 3 and len(texte["centre"]) == 4):
            raise EntreeInvalide("L'organisme du patient est incomplet.", action="Saisissez régime, caisse et centre.")
        connu = self._modele if self._modele and self._modele.nir == nir else None
        return Patient(
            nir=nir, cle=texte["cle"], nom=texte["nom"].upper(), prenom=texte["prenom"],
            date_naissance=_naissance(texte["naissance"]), regime=texte["regime"], caisse=texte["caisse"],
            centre=texte["centre"], ald="1" if self.ald.isChecked() else "0",
            rang=connu.rang if connu else 1, qualite=connu.qualite if connu else "0",
            situation=connu.situation if connu else "0100", c2s=self.c2s.isChecked(),
            regime_local=self.regime_local.isChecked(), particularites=connu.particularites if connu else (),
        )


def presenter(patient: Patient) -> str:
    """Name, birth date and NIR."""
    naissance = dates.formater_naissance(patient.date_naissance)
    return f"{patient.nom} {patient.prenom.title()}  ·  {naissance}  ·  {formater_nir(patient.nir, patient.cle)}"


def _naissance(texte: str) -> str:
    """AAAAMMJJ from JJ/MM/AAAA; months and days may be impossible (lunar dates)."""
    morceaux = texte.split("/")
    if [len(m) for m in morceaux] != [2, 2, 4]:
        raise EntreeInvalide("La date de naissance est incomplète.", action="Écrivez par exemple 03/07/1980.")
    return morceaux[2] + morceaux[1] + morceaux[0]
