"""A pharmacist's invoice on real components, from the card to the payment.

pcscd and vpcd of Debian with our virtual cards, the real BDPM, exim4 by STARTTLS and AUTH, dovecot by POP3 over TLS;
the window by keyboard. The fund is the frontal's own judgement, used as a library between the two mailboxes.

Amounts, by hand (BDPM of 24/07/2026, base rates, honoraire d'ordonnance HDR 0,61 at 70 %), in centimes:

    box                              price  AMO              fee  AMO
    DOLIPRANE 1000 mg, 8 cp   65 %     116  75,40 →  75      102  66,30 →  66
    3400933783310             30 %     317  95,10 →  95      102  30,60 →  31
    3400949215539             15 %     199  29,85 →  30      102  15,30 →  15
    HDR                       70 %                            61  42,70 →  43
    total 116+317+199 + 3×102 + 61 = 999; AMO 75+95+30 + 66+31+15 + 43 = 355; patient 999 − 355 = 644
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sesam_desktop.base.verification import controler
from sesam_desktop.cartes import ps_zones, vitale_zones, zones
from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_ps_de_demonstration
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.facture import Niveau
from sesam_desktop.frontal import scenario
from sesam_desktop.frontal.cles import Cles
from sesam_desktop.frontal.jugement import Jugement
from sesam_desktop.frontal.registre import Registre
from sesam_desktop.ihm.composants.code_porteur import CodePorteur
from sesam_desktop.ihm.facturation.officine import Officine
from sesam_desktop.lecteurs.emulation_cps import CpsVirtuelle
from sesam_desktop.lecteurs.emulation_vitale import VitaleVirtuelle
from sesam_desktop.noyau.ressources import ressource
from sesam_desktop.poste import configuration as reglages
from sesam_desktop.poste.coffre import CoffreMemoire
from sesam_desktop.poste.configuration import Configuration, Courrier
from sesam_desktop.poste.environnement import MOT_DE_PASSE_COURRIER, EnvironnementReel
from sesam_desktop.poste.poste import Poste
from sesam_desktop.securisation.autorite import creer_certificat
from tests.outils.courrier import MOT_DE_PASSE, UTILISATEUR, ServeurCourrier
from tests.outils.ecran import ALT, Ecran, lignes, qapp
from tests.outils.pcscd import ServicePcscd, pcscd
from tests.outils.vpcd import CarteBranchee, brancher

pytestmark = [
    pytest.mark.pcsc, pytest.mark.courrier, pytest.mark.lent, pytest.mark.qt_log_ignore("propagateSizeHints")
]
__all__ = ["pcscd", "qapp"]

K = Qt.Key
CODE = "4711"
BOITE_CAISSE = "01721"
ADRESSE_CAISSE = f"{BOITE_CAISSE}@721.01.caisses.test"
PRESCRIPTEUR = "10001234565"
DATAMATRIX = "010340093595583817281231" "10LOT7A"
CIP13, CIP7 = "3400933783310", "4921553"
VITALE = dict(cartes_de_demonstration())["assure"]
PS = dict(cartes_ps_de_demonstration())["pharmacien"]


class Caisse:
    """The fund between two mailboxes: reads its own, judges, answers to the workstation's."""

    def __init__(self, dossier: Path, autorite: Path, serveur: ServeurCourrier) -> None:
        self._serveur = serveur
        self.registre = Registre(dossier / "frontal.db")
        self._jugement = Jugement(self.registre, scenario.charger("tout_paye"), Cles(autorite))

    def traiter(self) -> int:
        """Judge what was delivered and answer it; how many mails were sent back."""
        for octets in self._serveur.contenu(BOITE_CAISSE, attendus=1):
            entete = email.message_from_bytes(octets)
            self.registre.recevoir(octets, str(entete["Message-ID"]).strip(), entete["From"], entete["To"])
        reponses = 0
        while arrivee := self.registre.suivante():
            conclusion = self._jugement.juger(arrivee)
            self.registre.conclure(arrivee, conclusion)
            for envoi in conclusion.reponses:
                self._serveur.deposer(UTILISATEUR, envoi.octets)
                reponses += 1
                self._serveur.contenu(UTILISATEUR, attendus=reponses)  # in this order, ARL first
        self._serveur.vider(BOITE_CAISSE)
        return reponses


@pytest.fixture
def serveur(serveur_courrier: ServeurCourrier) -> ServeurCourrier:
    """The mail server with empty mailboxes."""
    serveur_courrier.vider(UTILISATEUR, BOITE_CAISSE)
    return serveur_courrier


@pytest.fixture
def autorite(tmp_path: Path) -> Path:
    return tmp_path / "autorite"


@pytest.fixture
def caisse(tmp_path: Path, autorite: Path, serveur: ServeurCourrier) -> Iterator[Caisse]:
    caisse = Caisse(tmp_path / "caisse", autorite, serveur)
    yield caisse
    caisse.registre.fermer()


@pytest.fixture
def poste(profil: Path, autorite: Path, serveur: ServeurCourrier, donnees_partagees: Path) -> Poste:
    """A real workstation, settled as its owner would: mail account, tables, cards, certificate of its fund."""
    courrier = Courrier(
        adresse=f"{UTILISATEUR}@poste.test", utilisateur=UTILISATEUR, smtp_hote="127.0.0.1",
        smtp_port=serveur.smtp_port, pop_hote="127.0.0.1", pop_port=serveur.pop_port,
        autorite_tls=str(serveur.certificat),
    )
    configuration = Configuration(
        departement="72", domaine_caisses="caisses.test", type_flux="T", courrier=courrier
    )
    reglages.ecrire(profil, configuration)
    (profil / "certificats").mkdir()
    certificat = Cles(autorite).publier(ADRESSE_CAISSE).certificat_pem
    (profil / "certificats" / f"{ADRESSE_CAISSE}.pem").write_bytes(certificat)
    deposer_cartes(profil / "cartes", autorite)
    coffre = CoffreMemoire(**{MOT_DE_PASSE_COURRIER: MOT_DE_PASSE})
    poste = Poste(profil, reglages.lire(profil), EnvironnementReel(profil, coffre))
    poste.referentiels.importer("bdpm", donnees_partagees / "bdpm")
    poste.referentiels.importer_tod(ressource("demonstration", "tod.csv"))
    poste.referentiels.importer_loe(ressource("demonstration", "loe.txt"))
    return poste


def deposer_cartes(dossier: Path, autorite: Path) -> None:
    """Zones and certificates of both cards, as a workstation keeps them for cards of test."""
    dossier.mkdir()
    (dossier / "assure.ssv").write_bytes(zones.ecrire(vitale_zones.groupes_de(VITALE)))
    (dossier / f"pharmacien-{PS.numero_serie}.ssv").write_bytes(zones.ecrire(ps_zones.groupes_de(PS)))
    for carte in (VITALE, PS):
        certificat = creer_certificat(autorite, f"carte-{carte.numero_serie}", "CARTE DE TEST").certificat_pem
        (dossier / f"{carte.numero_serie}.pem").write_bytes(certificat)


@pytest.fixture
def cps(pcscd: ServicePcscd, autorite: Path) -> Iterator[CarteBranchee]:
    """The pharmacist's card in the second slot of pcscd."""
    cle = creer_certificat(autorite, f"carte-{PS.numero_serie}", "CARTE DE TEST").signataire("ps")
    with brancher(CpsVirtuelle.depuis(PS, CODE, cle.signer_condensat), 1) as branchee:
        yield branchee


@pytest.fixture
def vitale(pcscd: ServicePcscd, autorite: Path) -> VitaleVirtuelle:
    """The patient's card, not plugged yet."""
    cle = creer_certificat(autorite, f"carte-{VITALE.numero_serie}", "CARTE DE TEST").signataire("vitale")
    return VitaleVirtuelle.depuis(VITALE, cle.signer_condensat)


@pytest.fixture
def ecran(qtbot: QtBot, poste: Poste, cps: CarteBranchee) -> Iterator[Ecran]:
    """The window, once it has seen the professional's card."""
    ecran = Ecran(qtbot, poste)
    ecran.attendre(lambda: poste.lecteurs.ps is not None)
    yield ecran
    ecran.fermer()


def test_de_la_carte_au_paiement(
    ecran: Ecran, poste: Poste, vitale: VitaleVirtuelle, serveur: ServeurCourrier, caisse: Caisse
) -> None:
    _ouvrir_la_session(ecran)
    with brancher(vitale, 0):
        _facturer(ecran)
    _transmettre(ecran, serveur)
    assert caisse.traiter() == 2
    [lot] = caisse.registre.lots()
    [recue] = lot.factures
    assert (lot.verdict, recue.total_centimes, recue.amo_centimes, recue.amc_centimes) == ("", 999, 355, 0)
    _relever(ecran)
    _voir_payee(ecran)
    assert serveur.contenu(UTILISATEUR, attendus=0) == []
    bilan = controler(poste.base.connexion())
    assert (bilan.rupture, bilan.factures, bilan.evenements) == (None, 1, 8)


def _ouvrir_la_session(ecran: Ecran) -> None:
    assert "code à saisir" in ecran.fenetre.bande.cps.accessibleName()
    ecran.touche(K.Key_F4)
    dialogue = ecran.dialogue(CodePorteur)
    ecran.valider("9999")
    assert "il reste 2 essais" in dialogue.bandeau.phrase
    ecran.valider(CODE)
    assert ecran.poste.lecteurs.session_ouverte
    assert "MARTIN" in ecran.fenetre.bande.cps.accessibleName()


def _facturer(ecran: Ecran) -> None:
    """F10 on Accueil; the card brings the patient; prescriber, three boxes three ways; F10."""
    ecran.touche(K.Key_F10)
    feuille = ecran.page.feuille
    ecran.attendre(lambda: feuille.saisie.actuelle.patient is not None)
    assert "DURAND" in ecran.fenetre.bande.vitale.accessibleName()
    ecran.touche(K.Key_F3)
    ecran.valider(PRESCRIPTEUR)
    ecran.touche(K.Key_F4)
    for lecture in (DATAMATRIX, CIP13, CIP7):
        ecran.valider(lecture)
    _verifier_la_facture(feuille)
    ecran.touche(K.Key_F10)
    assert "Facture 000000001 sécurisée" in feuille.bandeau.phrase
    assert feuille.saisie.actuelle.vide


def _verifier_la_facture(feuille: Officine) -> None:
    vues = [(ligne[0], ligne[4], ligne[5], ligne[6], ligne[8]) for ligne in lignes(feuille.tableau)]
    assert vues == [
        ("3400935955838", "1,16", "65\u00a0%", "0,75", "0,41"),
        ("HD7", "1,02", "65\u00a0%", "0,66", "0,36"),
        ("HDR", "0,61", "70\u00a0%", "0,43", "0,18"),
        (CIP13, "3,17", "30\u00a0%", "0,95", "2,22"),
        ("HD4", "1,02", "30\u00a0%", "0,31", "0,71"),
        ("3400949215539", "1,99", "15\u00a0%", "0,30", "1,69"),
        ("HD2", "1,02", "15\u00a0%", "0,15", "0,87"),
    ]
    assert feuille.totaux.a_payer == "6,44\u00a0€"


def _transmettre(ecran: Ecran, serveur: ServeurCourrier) -> None:
    """Alt+4, then F10 twice: the lot is made, then leaves."""
    ecran.touche(K.Key_4, ALT)
    page = ecran.page
    assert page.principale.text() == "Mettre en lot 1 facture"
    ecran.touche(K.Key_F10)
    assert "1 lot prêt à envoyer." in page.bandeau.phrase
    ecran.touche(K.Key_F10)
    assert "1 message remis au serveur." in page.bandeau.phrase
    assert page.colonnes.en_attente.liste.count() == 1
    assert "9,99" in page.colonnes.en_attente.liste.item(0).text()
    [recu] = serveur.contenu(BOITE_CAISSE, attendus=1)
    assert b"DURAND" not in recu
    assert VITALE.assure.nir.encode() not in recu


def _relever(ecran: Ecran) -> None:
    page = ecran.page
    assert page.principale.text() == "Relever les retours"
    ecran.touche(K.Key_F10)
    assert "2 retours relevés : 1 lot accepté, 1 facture payée." in page.bandeau.phrase
    colonnes = page.colonnes
    assert [c.liste.count() for c in (colonnes.a_envoyer, colonnes.en_attente, colonnes.a_traiter)] == [0, 0, 0]


def _voir_payee(ecran: Ecran) -> None:
    ecran.touche(K.Key_3, ALT)
    page = ecran.page
    [vue] = page.tableau.modele.rangees
    assert (vue.numero, vue.etat, vue.niveau) == ("000000001", Etat.PAYEE, Niveau.SECURISEE)
    [montree] = lignes(page.tableau)
    assert montree[:4] == ["000000001", "fait", "Payée", "DURAND PAUL"]
    assert montree[5:] == ["9,99", "3,55", "0,00", "6,44"]
    assert [e.nom for e in page.historique.modele.rangees] == [
        "composee", "tarifee", "signee_vitale", "signee_ps", "en_lot", "transmise", "acquittee", "payee"
    ]
    assert lignes(page.historique)[-1][1] == "Payée"
