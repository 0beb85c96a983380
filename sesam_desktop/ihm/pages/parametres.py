"""Paramètres: the profession, the mailboxes, how lots leave, the certificates, the wire formats, the cards."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QScrollArea, QTabWidget, QWidget

from ..atelier import Atelier
from ..modeles.bilans import Avis
from ..modeles.professions import METIERS, OPTIONS
from ..reglages.certificats import CertificatsVus, lister
from ..reglages.champs import Formulaire, ecrire, lire, liste, nombre, proposer
from ..reglages.messagerie import Messageries
from .travaux import PageTravaux

RUBRIQUES = {
    "exercice": "Profession et lieu d'exercice",
    "messagerie": "Messagerie : adresses, serveurs, mots de passe",
    "envois": "Envois : plages, contrôle préalable, signature, taille des lots",
    "certificats": "Certificats des organismes",
    "flux": "Flux : type, chiffrement",
    "cartes": "Cartes : module PKCS#11, bibliothèques SSV",
}
ONGLETS = {"exercice": "E&xercice", "messagerie": "Messager&ie", "envois": "En&vois", "certificats": "&Certificats",
           "flux": "F&lux", "cartes": "Car&tes"}
PROFESSIONS = tuple((cle, metier.titre) for cle, metier in METIERS.items())
FLUX = (("R", "Réel"), ("T", "Test"), ("D", "Démonstration"))
_FICHIERS = "Certificats (*.pem *.cer *.crt *.der)"
CHIFFREMENTS = (("3DES-CBC", "3DES-CBC (spécification 1.40)"), ("AES-CBC", "AES-CBC"))


class Parametres(PageTravaux):
    """One tab a subject; F10 keeps them all, or says which field is wrong and keeps nothing."""

    cle, titre = "parametres", "Paramètres"
    ecoute = ("configuration", "certificats")
    file = "messagerie"

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self.champs: dict[str, Any] = {}
        self._montrees: dict[str, Any] = {}     # what each field was given: another value is somebody's
        self.ajouter_action("En&registrer", "F10", self.enregistrer, icone="fait", principale=True)
        self.ajouter_action("Annuler les changements", "F5", self.retablir, indice="rétablir")
        self._examiner = self.ajouter_action("Dia&gnostic", "F8", lambda: atelier.demander("diagnostic", "complet"),
                                              icone="diagnostic")
        self._disposer()

    def rafraichir(self) -> None:
        """Show what is set; a field that somebody is changing keeps what they wrote, whatever the news."""
        configuration = self.atelier.poste.configuration
        for nom, champ in self.champs.items():
            rubrique, _, court = nom.rpartition(".")
            if nom not in self._montrees or lire(champ) == self._montrees[nom]:
                ecrire(champ, getattr(getattr(configuration, rubrique) if rubrique else configuration, court))
                self._montrees[nom] = lire(champ)
        self._chercher_module()
        self._lister_certificats()

    def retablir(self) -> None:
        """F5: what is set, in every field; passwords typed are forgotten."""
        self._montrees.clear()
        self.messageries.oublier()
        self.rafraichir()

    def montrer(self, argument: object) -> None:
        """Go to one subject."""
        if (rang := list(ONGLETS).index(str(argument)) if argument in ONGLETS else -1) >= 0:
            self.onglets.setCurrentIndex(rang)
            self._premier(str(argument)).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def enregistrer(self) -> None:
        """Keep every field; passwords go to the keyring, never to a file."""
        poste, secrets = self.atelier.poste, self.messageries.secrets()
        configuration = self._demandee()
        self.atelier.taches.lancer(
            "base", lambda _: _garder(poste, configuration, secrets), resultat=lambda _: self._garde(),
            erreur=self.bandeau.dire_erreur, proprietaire=self,
        )

    def _demandee(self) -> Any:
        """The settings that the fields say."""
        valeurs: dict[str, dict[str, Any]] = defaultdict(dict)
        for nom, champ in self.champs.items():
            rubrique, _, court = nom.rpartition(".")
            valeurs[rubrique][court] = lire(champ)
        configuration, reste = self.atelier.poste.configuration, valeurs.pop("", {})
        rubriques = {nom: replace(getattr(configuration, nom), **champs) for nom, champs in valeurs.items()}
        return replace(configuration, **reste, **rubriques)

    def _garde(self) -> None:
        self.retablir()
        self.bandeau.dire("Paramètres enregistrés.", "succes")

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

    # -- mailboxes and certificates --------------------------------------------------------------------------------

    def essayer(self, boite: str) -> None:
        """Reach both servers of a mailbox with what the fields say; nothing is sent nor taken."""
        poste, configuration = self.atelier.poste, self._demandee()
        secret = self.messageries.secrets().get(boite, "")
        fiche = self.messageries.fiches[boite]
        fiche.annoncer("en cours", "Connexion aux serveurs…")
        self.atelier.taches.lancer(
            self.file, lambda _: _essayer(poste, boite, configuration, secret),
            resultat=lambda phrase: fiche.annoncer("fait", phrase),
            erreur=lambda refus: fiche.annoncer("bloqué", refus.phrase()), proprietaire=self,
        )

    def _lister_certificats(self) -> None:
        poste = self.atelier.poste
        self.atelier.taches.lancer(
            "base", lambda _: lister(poste), resultat=self.certificats.montrer,
            erreur=self.bandeau.dire_erreur, proprietaire=self, remplace="certificats",
        )

    def importer_certificat(self, adresse: str) -> None:
        """A file received from the organisme."""
        chemin, _ = QFileDialog.getOpenFileName(self, "Certificat de l'organisme", "", _FICHIERS)
        if chemin:
            service = self.atelier.poste.certificats
            self.lancer("Import du certificat", lambda _: service.importer(Path(chemin), adresse), _gardes)

    def chercher_certificat(self, adresse: str) -> None:
        """The directory of the organismes, where the fields say that it is."""
        service, configuration = self.atelier.poste.certificats, self._demandee()
        self.lancer("Recherche du certificat", lambda _: [service.chercher(adresse, configuration)], _gardes)

    # -- building --------------------------------------------------------------------------------------------------

    def _disposer(self) -> None:
        self.messageries, self.certificats = Messageries(), CertificatsVus(self.atelier.reglages)
        self.messageries.essai.connect(self.essayer)
        self.certificats.importer.connect(self.importer_certificat)
        self.certificats.chercher.connect(self.chercher_certificat)
        pages = {"exercice": self._exercice(), "messagerie": self.messageries, "envois": self._envois(),
                 "certificats": self.certificats, "flux": self._flux(), "cartes": self._cartes()}
        self.onglets = QTabWidget()
        self.onglets.setAccessibleName("Réglages")
        for cle, page in pages.items():
            self.onglets.addTab(page if page is self.certificats else _defiler(page), ONGLETS[cle])
            self.champs |= page.champs if isinstance(page, Formulaire) else {}
        self.champs |= self.messageries.champs() | self.certificats.annuaire.champs
        for widget, part in ((self.bandeau, 0), (self.onglets, 1), (self.avancement, 0)):
            self.colonne.addWidget(widget, part)
        self.colonne.addLayout(self.pied(droite=self.bouton(self._examiner)))

    def _premier(self, cle: str) -> QWidget:
        if cle == "messagerie":
            return self.messageries.premier()
        premiers = {"exercice": "profession", "envois": "transmission.plages", "flux": "type_flux",
                    "cartes": "module_pkcs11"}
        return self.champs[premiers[cle]] if cle in premiers else self.certificats.adresse

    def _exercice(self) -> Formulaire:
        formulaire = Formulaire()
        formulaire.ajouter("profession", "&Profession", liste(PROFESSIONS))
        formulaire.ajouter("departement", "&Département", QLineEdit(maxLength=3))
        formulaire.ajouter("option_tarifaire", "&Option tarifaire", liste(OPTIONS))
        return formulaire

    def _envois(self) -> Formulaire:
        formulaire = Formulaire("transmission.")
        plages = QLineEdit(placeholderText="vide : à toute heure")
        plages.setToolTip("Heures où le courrier part seul, par exemple 12:00-14:00, 20:00-23:00")
        formulaire.ajouter("plages", "&Plages d'envoi automatique", plages)
        formulaire.ajouter("controle_prealable", "", QCheckBox("C&ontrôler chaque lot avant de l'envoyer"))
        formulaire.ajouter("factures_par_lot", "&Factures par lot", nombre(1, 999, "au plus"))
        formulaire.ajouter("enregistrements_par_lot", "E&nregistrements par lot", nombre(10, 99_999, "au plus"))
        formulaire.ajouter("renumeroter", "", QCheckBox("Donner un no&uveau numéro à une facture corrigée"))
        formulaire.ajouter("signature_smime", "", QCheckBox("&Signer les messages avec le certificat du poste"))
        for nom, titre in (("certificat_signature", "Certificat du poste (fichier PE&M)"),
                           ("cle_signature", "Clé &de ce certificat (fichier PEM)")):
            champ = QLineEdit()
            formulaire.ajouter(nom, titre, champ)
            proposer(champ, "Choisir le fichier…", QFileDialog.getOpenFileName)
        return formulaire

    def _flux(self) -> Formulaire:
        formulaire = Formulaire()
        formulaire.ajouter("type_flux", "T&ype de flux", liste(FLUX))
        formulaire.ajouter("profil_chiffrement", "C&hiffrement des zones", liste(CHIFFREMENTS))
        formulaire.ajouter("domaine_caisses", "Domaine des cai&sses", QLineEdit())
        return formulaire

    def _cartes(self) -> Formulaire:
        formulaire = Formulaire()
        for nom, titre, demander, vide in (
            ("module_pkcs11", "Module P&KCS#11 de la CPS", QFileDialog.getOpenFileName, ""),
            ("bibliotheques_ssv", "&Bibliothèques SSV (dossier)", QFileDialog.getExistingDirectory,
             "vide : le programme lit seul les cartes"),
            ("sesam_ini", "Fichier sesam.i&ni", QFileDialog.getOpenFileName,
             "vide : celui que les bibliothèques trouvent"),
        ):
            champ = QLineEdit(placeholderText=vide)
            formulaire.ajouter(nom, titre, champ)
            proposer(champ, "Choisir le dossier…" if "dossier" in titre else "Choisir le fichier…", demander)
        return formulaire


def _defiler(contenu: QWidget) -> QScrollArea:
    zone = QScrollArea(widgetResizable=True)
    zone.setFrameShape(QScrollArea.Shape.NoFrame)
    zone.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    zone.setWidget(contenu)
    return zone


def _garder(poste: Any, configuration: Any, secrets: dict[str, str]) -> None:
    """On a worker: the settings first, so that a refused one leaves the keyring as it was."""
    from sesam_desktop.teletransmission import plages

    plages.lire(configuration.transmission.plages)
    poste.enregistrer_configuration(configuration)
    for boite, secret in secrets.items():
        poste.enregistrer_mot_de_passe(secret, boite)


def _essayer(poste: Any, boite: str, configuration: Any, secret: str) -> str:
    from sesam_desktop.poste.essai_courrier import essayer

    return essayer(poste, boite, configuration, secret)


def _gardes(certificats: list[Any]) -> Avis:
    dits = (f"Certificat de {c.adresse} gardé, valable jusqu'au {c.fin:%d/%m/%Y}." for c in certificats)
    return Avis(" ".join(dits))
