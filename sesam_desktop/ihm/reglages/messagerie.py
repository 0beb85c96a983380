"""The mailboxes: the funds' network, the OCT, scanned pieces; each with its servers, protections, and a test."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QTabWidget, QWidget

from ..composants.etats import MotEtat
from .champs import Formulaire, liste, nombre, port, proposer

# Key of the mailbox, the part of the settings it stands in, and its title.
BOITES = (
    ("RSV", "courrier", "C&aisses (RSV)"), ("OCT", "courrier_oct", "Complémentaires (&OCT)"),
    ("SCOR", "courrier_scor", "Pièce&s (SCOR)"),
)
PROTECTIONS = (("starttls", "STARTTLS"), ("tls", "TLS dès la connexion"))
RETRAITS = (("pop3", "POP3"), ("imap", "IMAP"))
_SANS_COMPTE = "vide : la boîte des caisses (RSV)"


class FicheMessagerie(Formulaire):
    """One mailbox. `essai` is asked with its key."""

    essai = Signal(str)

    def __init__(self, boite: str, rubrique: str) -> None:
        super().__init__(f"{rubrique}.")
        self.boite = boite
        self.secret = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.secret.setPlaceholderText("laisser vide pour ne pas le changer")
        self.resultat = MotEtat(entier=True)
        self.resultat.hide()
        self._identite()
        self._serveurs()
        self._preuves()
        essayer = QPushButton("Essa&yer la connexion")
        essayer.clicked.connect(lambda: self.essai.emit(boite))
        self.rangees.addRow("", essayer)
        self.rangees.addRow("", self.resultat)
        self.champs[f"{rubrique}.retrait"].currentIndexChanged.connect(lambda _: self._suivre())
        self._suivre()

    def annoncer(self, etat: str, phrase: str) -> None:
        """What the test gives."""
        self.resultat.montrer(etat, phrase)
        self.resultat.show()

    def _identite(self) -> None:
        adresse = QLineEdit(placeholderText="" if self.boite == "RSV" else _SANS_COMPTE)
        self.ajouter("adresse", "A&dresse de messagerie", adresse)
        self.ajouter("utilisateur", "Identifia&nt", QLineEdit())
        self.ajouter("", "&Mot de passe", self.secret)     # no setting: it goes to the keyring

    def _serveurs(self) -> None:
        self.ajouter(
            "smtp_hote", "Serveur d'&envoi (SMTP)", QLineEdit(), ("smtp_port", "Port d'envoi", port()),
            ("smtp_protection", "Protection de l'envoi", liste(PROTECTIONS)),
        )
        self.ajouter(
            "pop_hote", "Serveur de réce&ption", QLineEdit(), ("pop_port", "Port de réception", port()),
            ("retrait_protection", "Protection de la réception", liste(PROTECTIONS)),
        )
        dossier = ("dossier", "Dossier relevé par IMAP", QLineEdit())
        self.ajouter("retrait", "Mét&hode de relève", liste(RETRAITS), dossier)

    def _preuves(self) -> None:
        for nom, titre, vide in (
            ("autorite_tls", "A&utorité TLS (fichier PEM)", "vide : autorités du système"),
            ("certificat_client", "Certificat client (&fichier PEM)", "vide : aucun n'est présenté au serveur"),
            ("cle_client", "Clé du certificat (fichier PEM)", "vide : dans le même fichier"),
        ):
            champ = QLineEdit(placeholderText=vide)
            self.ajouter(nom, titre, champ)
            proposer(champ, "Choisir le fichier…", QFileDialog.getOpenFileName)
        self.ajouter("taille_maximale_ko", "Taille d'un message (&Ko)", nombre(10, 100_000, "au plus"))

    def _suivre(self) -> None:
        """A folder is for IMAP only."""
        imap = self.champs[f"{self._prefixe}retrait"].currentData() == "imap"
        self.champs[f"{self._prefixe}dossier"].setEnabled(imap)


class Messageries(QTabWidget):
    """The three mailboxes."""

    essai = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Boîtes de messagerie")
        self.fiches = {boite: FicheMessagerie(boite, rubrique) for boite, rubrique, _ in BOITES}
        for boite, _, titre in BOITES:
            self.addTab(self.fiches[boite], titre)
            self.fiches[boite].essai.connect(self.essai)

    def secrets(self) -> dict[str, str]:
        """Passwords typed, by mailbox."""
        return {boite: fiche.secret.text() for boite, fiche in self.fiches.items() if fiche.secret.text()}

    def oublier(self) -> None:
        """Passwords leave the screen."""
        for fiche in self.fiches.values():
            fiche.secret.clear()

    def champs(self) -> dict[str, QWidget]:
        """Every field by its name."""
        return {nom: champ for fiche in self.fiches.values() for nom, champ in fiche.champs.items()}

    def premier(self) -> QWidget:
        """Where one begins to type."""
        fiche = self.currentWidget()
        return next(iter(fiche.champs.values())) if isinstance(fiche, FicheMessagerie) else self

    def aller(self, boite: str) -> None:
        """Show one mailbox."""
        self.setCurrentWidget(self.fiches[boite])
        self.fiches[boite].setFocus(Qt.FocusReason.OtherFocusReason)
