"""Certificates of the organismes: until when each is valid, one imported, one looked up in a directory."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ..composants.etats import MotEtat
from ..composants.tableau import Tableau
from ..composants.texte import Texte
from ..modeles.bilans import compter
from ..modeles.table import Colonne, ModeleTable
from .champs import Formulaire, liste, port, proposer

if TYPE_CHECKING:
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.securisation.certificats import Certificat

_PROTECTIONS = (("aucune", "Aucune"), ("ldaps", "LDAPS"))
_DU_MEILLEUR = ("fait", "à corriger", "en cours", "bloqué")
_ETATS = {
    "valable": ("fait", ""), "bientot_expire": ("à corriger", "expire bientôt"), "expire": ("bloqué", "expiré"),
    "pas_encore_valable": ("en cours", "pas encore valable"), "non_reconnu": ("bloqué", "autorité non déclarée"),
    "ne_chiffre_pas": ("bloqué", "ne sert pas à chiffrer"),
}


class CertificatVu(NamedTuple):
    """A certificate and whether it may be used now (`securisation.certificats.EtatCertificat`)."""

    certificat: Certificat
    etat: str

    @property
    def mot(self) -> str:
        """State word."""
        return _ETATS[self.etat][0]

    @property
    def precision(self) -> str:
        """What the word means here, or in how long it expires."""
        jours = (self.certificat.fin - datetime.now(UTC)).days
        return _ETATS[self.etat][1] or f"encore {compter(jours, 'jour', 'jours')}"


class CertificatsVus(QWidget):
    """The list, then an address with its two gestures: a file, or the directory."""

    importer = Signal(str)      # for this address
    chercher = Signal(str)

    def __init__(self, reglages: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.liste = Tableau("certificats", "Certificats des organismes", ModeleTable(colonnes()), reglages)
        self.etat, self.annuaire = MotEtat(entier=True), _annuaire()
        self.adresse = QLineEdit(placeholderText="adresse@organisme")
        self.adresse.setAccessibleName("Adresse de l'organisme")
        titre = Texte("Adr&esse de l'organisme")
        titre.setBuddy(self.adresse)
        rangee = QHBoxLayout()
        rangee.addWidget(titre)
        rangee.addWidget(self.adresse, 1)
        for texte, signal in (("Im&porter le certificat…", self.importer),
                              ("C&hercher dans l'annuaire", self.chercher)):
            bouton = QPushButton(texte)
            bouton.clicked.connect(lambda _=False, s=signal: s.emit(self.adresse.text().strip()))
            rangee.addWidget(bouton)
        colonne = QVBoxLayout(self)
        colonne.addWidget(self.etat)
        colonne.addWidget(self.liste, 1)
        colonne.addLayout(rangee)
        colonne.addWidget(self.annuaire)
        self.liste.choisie.connect(lambda c: self.adresse.setText(c.certificat.adresse) if c is not None else None)
        self.setFocusProxy(self.adresse)

    def montrer(self, certificats: list[CertificatVu]) -> None:
        """Those this workstation holds, the first to expire at the top."""
        ranges = sorted(certificats, key=lambda vu: vu.certificat.fin)
        self.liste.remplacer(ranges, cle=lambda vu: vu.certificat.der)
        self.etat.montrer(*resumer(ranges))


def _annuaire() -> Formulaire:
    """The directory of the organismes."""
    formulaire = Formulaire("annuaire.")
    formulaire.ajouter(
        "hote", "A&nnuaire (LDAP)", QLineEdit(), ("port", "Port de l'annuaire", port()),
        ("protection", "Protection de l'annuaire", liste(_PROTECTIONS)),
    )
    formulaire.ajouter("base", "&Base de recherche", QLineEdit(placeholderText="vide : celle des organismes"))
    formulaire.ajouter("base_test", "Base des flux de test", QLineEdit(placeholderText="vide : celle des essais"))
    autorite = QLineEdit(placeholderText="vide : autorités du système")
    formulaire.ajouter("autorite_tls", "A&utorité TLS (fichier PEM)", autorite)
    proposer(autorite, "Choisir le fichier…", QFileDialog.getOpenFileName)
    return formulaire


def lister(poste: Poste) -> list[CertificatVu]:
    """Runs on a worker."""
    magasin = poste.transmission.magasin()
    return [CertificatVu(certificat, str(magasin.etat(certificat))) for certificat in magasin.lister()]


def resumer(certificats: list[CertificatVu]) -> tuple[str, str]:
    """State word and sentence of the whole list: an address whose last certificate is fine is fine."""
    par_adresse: dict[str, set[str]] = {}
    for vu in certificats:
        par_adresse.setdefault(vu.certificat.adresse, set()).add(vu.mot)
    if not par_adresse:
        return "à faire", "Aucun certificat : importez celui de chaque caisse avant le premier envoi."
    meilleurs = [next(mot for mot in _DU_MEILLEUR if mot in mots) for mots in par_adresse.values()]
    if bloques := meilleurs.count("bloqué"):
        return "bloqué", compter(bloques, "organisme n'a plus de certificat valable : rien ne part vers lui.",
                                 "organismes n'ont plus de certificat valable : rien ne part vers eux.")
    if proches := meilleurs.count("à corriger"):
        return "à corriger", compter(proches, "certificat expire bientôt.", "certificats expirent bientôt.")
    return "fait", compter(len(par_adresse), "organisme a un certificat valable.",
                           "organismes ont un certificat valable.")


def _nom_commun(nom: str) -> str:
    """``CN=AUTORITE DE TEST,O=…`` → ``AUTORITE DE TEST``; the whole name when it has none."""
    lu = re.search(r"(?:^|,)CN=((?:[^,\\]|\\.)+)", nom)
    return lu[1] if lu else nom


def colonnes() -> list[Colonne]:
    """Of `CertificatVu`."""
    return [
        Colonne("mot", "État", lambda vu: vu.mot, "etat", 11),
        Colonne("adresse", "Organisme", lambda vu: vu.certificat.adresse, "code", 30),
        Colonne("fin", "Expire le", lambda vu: f"{vu.certificat.fin:%d/%m/%Y}", "date", 10,
                tri=lambda vu: vu.certificat.fin.timestamp()),
        Colonne("precision", "Précision", lambda vu: vu.precision, largeur=18),
        Colonne("sujet", "Titulaire", lambda vu: _nom_commun(vu.certificat.sujet), largeur=28,
                bulle=lambda vu: vu.certificat.sujet),
        Colonne("emetteur", "Émis par", lambda vu: _nom_commun(vu.certificat.emetteur), largeur=24, accessoire=True,
                bulle=lambda vu: vu.certificat.emetteur),
    ]
