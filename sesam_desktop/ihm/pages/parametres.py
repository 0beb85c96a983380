"""Paramètres: the profession, the mail account, the wire formats, the cards; the way to the diagnostic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QWidget,
)

from .. import icones
from ..atelier import Atelier
from ..modeles.professions import METIERS, OPTIONS
from .page import Page

RUBRIQUES = {
    "exercice": "Profession et lieu d'exercice",
    "messagerie": "Messagerie : adresse, serveurs, mot de passe",
    "flux": "Flux : type, chiffrement",
    "cartes": "Cartes : module PKCS#11, bibliothèques SSV",
}
PROFESSIONS = tuple((cle, metier.titre) for cle, metier in METIERS.items())
FLUX = (("R", "Réel"), ("T", "Test"), ("D", "Démonstration"))
CHIFFREMENTS = (("3DES-CBC", "3DES-CBC (spécification 1.40)"), ("AES-CBC", "AES-CBC"))


class Parametres(Page):
    """Fields by subject; F10 keeps them all, or says which one is wrong and keeps nothing."""

    cle, titre = "parametres", "Paramètres"
    ecoute = ("configuration",)

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self._premiers: dict[str, QWidget] = {}
        self.champs: dict[str, Any] = {}
        self.ajouter_action("&Enregistrer", "F10", self.enregistrer, icone="fait", principale=True)
        self.ajouter_action("Annuler les changements", "F5", self.rafraichir, indice="rétablir")
        self._examiner = self.ajouter_action("Dia&gnostic", "F8", lambda: atelier.demander("diagnostic", "complet"),
                                              icone="diagnostic")
        self._disposer()

    def rafraichir(self) -> None:
        """Show what is set."""
        configuration = self.atelier.poste.configuration
        for nom, champ in self.champs.items():
            source = configuration.courrier if nom.startswith("courrier.") else configuration
            if nom != "mot_de_passe":
                _ecrire(champ, getattr(source, nom.removeprefix("courrier.")))
        self.champs["mot_de_passe"].clear()
        self._chercher_module()

    def montrer(self, argument: object) -> None:
        """Go to one subject."""
        if (premier := self._premiers.get(str(argument))) is not None:
            self._zone.ensureWidgetVisible(premier)
            premier.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def enregistrer(self) -> None:
        """Keep every field; the password goes to the keyring, never to a file."""
        poste, valeurs = self.atelier.poste, {nom: _lire(champ) for nom, champ in self.champs.items()}
        secret = valeurs.pop("mot_de_passe")
        courrier = {n.removeprefix("courrier."): v for n, v in valeurs.items() if n.startswith("courrier.")}
        reste = {n: v for n, v in valeurs.items() if not n.startswith("courrier.")}
        configuration = replace(
            poste.configuration, **reste, courrier=replace(poste.configuration.courrier, **courrier)
        )
        self.atelier.taches.lancer(
            "base", lambda _: _garder(poste, configuration, secret), resultat=lambda _: self._garde(),
            erreur=self.bandeau.dire_erreur, proprietaire=self,
        )

    def _chercher_module(self) -> None:
        """What an empty field stands for, looked for on the disk: not on the main thread."""
        poste = self.atelier.poste
        sans_reglage = replace(poste.configuration, module_pkcs11="")
        self.atelier.taches.lancer(
            "base", lambda _: poste.environnement.module_pkcs11(sans_reglage), resultat=self._montrer_module,
            proprietaire=self, remplace="module",
        )

    def _montrer_module(self, trouve: str) -> None:
        self.champs["module_pkcs11"].setPlaceholderText(f"vide : {trouve or 'aucun'}")

    def _garde(self) -> None:
        self.champs["mot_de_passe"].clear()
        self.bandeau.dire("Paramètres enregistrés.", "succes")

    # -- building --------------------------------------------------------------------------------------------------

    def _disposer(self) -> None:
        contenu = QWidget()
        self._formulaire = QFormLayout(contenu)   # one for every subject: the fields begin on one line
        self._formulaire.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        self._formulaire.setHorizontalSpacing(self.fontMetrics().height())
        self._exercice()
        self._messagerie()
        self._flux()
        self._cartes()
        self._zone = QScrollArea(widgetResizable=True)
        self._zone.setFrameShape(QScrollArea.Shape.NoFrame)
        self._zone.setAccessibleName("Réglages")
        self._zone.setWidget(contenu)
        self.colonne.addWidget(self.bandeau)
        self.colonne.addWidget(self._zone, 1)
        self.colonne.addLayout(self.pied(droite=self.bouton(self._examiner)))

    def _exercice(self) -> None:
        self._rubrique("exercice", [
            ("profession", "&Profession", _liste(PROFESSIONS)),
            ("departement", "&Département", QLineEdit(maxLength=3)),
            ("option_tarifaire", "Option tari&faire", _liste(OPTIONS)),
        ])

    def _messagerie(self) -> None:
        self._rubrique("messagerie", [
            ("courrier.adresse", "&Adresse de messagerie", QLineEdit()),
            ("courrier.utilisateur", "&Identifiant", QLineEdit()),
            ("mot_de_passe", "&Mot de passe", QLineEdit(echoMode=QLineEdit.EchoMode.Password)),
            ("courrier.smtp_hote", "Serveur d'en&voi (SMTP)", QLineEdit()),
            ("courrier.smtp_port", "Port d'env&oi", _port()),
            ("courrier.pop_hote", "Serveur de &réception (POP3)", QLineEdit()),
            ("courrier.pop_port", "Port de ré&ception", _port()),
            ("courrier.autorite_tls", "A&utorité TLS (fichier PEM)", QLineEdit()),
        ])
        self.champs["mot_de_passe"].setPlaceholderText("laisser vide pour ne pas le changer")
        self._proposer("courrier.autorite_tls", "Choisir le fichier…", QFileDialog.getOpenFileName)
        self.champs["courrier.autorite_tls"].setPlaceholderText("vide : autorités reconnues par le système")

    def _flux(self) -> None:
        self._rubrique("flux", [
            ("type_flux", "&Type de flux", _liste(FLUX)),
            ("profil_chiffrement", "C&hiffrement des zones", _liste(CHIFFREMENTS)),
            ("domaine_caisses", "Domaine des cai&sses", QLineEdit()),
        ])

    def _cartes(self) -> None:
        self._rubrique("cartes", [
            ("module_pkcs11", "Module P&KCS#11 de la CPS", QLineEdit()),
            ("bibliotheques_ssv", "&Bibliothèques SSV (dossier)", QLineEdit()),
            ("sesam_ini", "Fichier sesam.i&ni", QLineEdit()),
        ])
        self._proposer("module_pkcs11", "Choisir le module…", QFileDialog.getOpenFileName)
        self._proposer("bibliotheques_ssv", "Choisir le dossier…", QFileDialog.getExistingDirectory)
        self._proposer("sesam_ini", "Choisir le fichier…", QFileDialog.getOpenFileName)
        self.champs["bibliotheques_ssv"].setPlaceholderText("vide : le programme lit seul les cartes")
        self.champs["sesam_ini"].setPlaceholderText("vide : celui que les bibliothèques trouvent")

    def _proposer(self, nom: str, titre: str, demander: Callable[..., str | tuple[str, str]]) -> None:
        """An icon at the end of the field opens the system's own chooser; Down too, as in a list."""
        champ = self.champs[nom]
        choisir = QAction(titre, champ, shortcut=QKeySequence("Down"))
        choisir.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        choisir.setToolTip(f"{titre}  {choisir.shortcut().toString(QKeySequence.SequenceFormat.NativeText)}")
        icones.poser(choisir, "dossier")
        champ.addAction(choisir, QLineEdit.ActionPosition.TrailingPosition)
        choisir.triggered.connect(lambda: self._poser(champ, demander(self, titre)))

    def _poser(self, champ: QLineEdit, choix: str | tuple[str, str]) -> None:
        chemin = choix[0] if isinstance(choix, tuple) else choix
        if chemin:
            champ.setText(chemin)

    def _rubrique(self, cle: str, champs: list[tuple[str, str, Any]]) -> None:
        titre_de_rubrique = self.titre_de(RUBRIQUES[cle])
        if self._premiers:
            titre_de_rubrique.setContentsMargins(0, self.fontMetrics().height(), 0, 0)
        self._formulaire.addRow(titre_de_rubrique)
        largeur = self.fontMetrics().averageCharWidth() * 44
        for nom, titre, champ in champs:
            champ.setAccessibleName(titre.replace("&", ""))
            if not isinstance(champ, QSpinBox):
                champ.setMinimumWidth(largeur)
            self._formulaire.addRow(titre, champ)
            self.champs[nom] = champ
        self._premiers[cle] = champs[0][2]


def _garder(poste: Any, configuration: Any, secret: str) -> None:
    """On a worker: the settings first, so that a refused one leaves the keyring as it was."""
    poste.enregistrer_configuration(configuration)
    if secret:
        poste.enregistrer_mot_de_passe(secret)


def _liste(choix: tuple[tuple[str, str], ...]) -> QComboBox:
    liste = QComboBox()
    for valeur, texte in choix:
        liste.addItem(texte, valeur)
    return liste


def _port() -> QSpinBox:
    return QSpinBox(minimum=1, maximum=65535)


def _ecrire(champ: Any, valeur: Any) -> None:
    if isinstance(champ, QComboBox):
        champ.setCurrentIndex(max(0, champ.findData(valeur)))
    elif isinstance(champ, QSpinBox):
        champ.setValue(valeur)
    else:
        champ.setText(valeur)


def _lire(champ: Any) -> Any:
    if isinstance(champ, QComboBox):
        return champ.currentData()
    return champ.value() if isinstance(champ, QSpinBox) else champ.text().strip()
