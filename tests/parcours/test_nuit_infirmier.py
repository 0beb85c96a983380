"""A nurse's round by keyboard on the demonstration workstation, then her lots in the evening.

Amounts, by hand, in centimes (AMI 3,15; IFA 2,75; IK 0,35 a kilometre beyond 4; MAU 1,35; night 9,15; base rate 60 %):

    PETIT, ALD, morning, at home, 12 km   AMI 4 1260 + IFA 275 + IK 8×35 = 280          total 1815, AMO 1815
    LEROY, 21 h 15, at home, 20 km        AMI 1,5 473 → 284; MAU 135 → 81; IFA 275 → 165;
                                          IK 16×35 = 560 → 336; night 915 → 549         total 2358, AMO 1415
    DURAND, at the practice, signed later AMI 2 630 → 378; AMI 1 at half (11B) 158 → 95 total  788, AMO  473
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Filtre, Resume
from sesam_desktop.factures.facture import Facture, LigneSaisie, Niveau, Prescription
from sesam_desktop.ihm.composants.code_porteur import CodePorteur
from sesam_desktop.ihm.facturation.actes import Actes
from sesam_desktop.ihm.facturation.beneficiaire import ChoixBeneficiaire
from sesam_desktop.noyau.dates import est_dimanche_ou_ferie
from sesam_desktop.poste import demonstration
from sesam_desktop.poste.poste import Poste
from tests.outils.ecran import ALT, CTRL, Ecran, lignes, qapp

pytestmark = [pytest.mark.lent, pytest.mark.qt_log_ignore("propagateSizeHints")]
__all__ = ["qapp"]

K = Qt.Key
SOIXANTE, CENT = "60\u00a0%", "100\u00a0%"
HIER = {
    "assure": (LigneSaisie("AMI", coefficient=Decimal(2)), LigneSaisie("AMI")),
    "famille": (LigneSaisie("AMI", coefficient=Decimal("1.5"), domicile=True, ik_km=20),),
    "ald": (LigneSaisie("AMI", coefficient=Decimal(4), ald=True, domicile=True, ik_km=10),),
}


def jour_ouvre(avant: date) -> date:
    """The last day before `avant` that is neither a Sunday nor a holiday."""
    jour = avant - timedelta(days=1)
    while est_dimanche_ou_ferie(jour):
        jour -= timedelta(days=1)
    return jour


JOUR = jour_ouvre(date.today())  # noqa: DTZ011 - the nurse's own calendar day
VEILLE = jour_ouvre(JOUR)


@pytest.fixture
def poste(modele: Path, tmp_path: Path) -> Iterator[Poste]:
    """The nurse's workstation: her card is in, yesterday's invoices were signed, the session is closed."""
    shutil.copytree(modele, tmp_path / "poste")
    poste = demonstration.ouvrir(tmp_path / "poste", scenario="tout_paye")
    environnement = poste.environnement
    environnement.inserer_ps("infirmier")
    poste.lecteurs.ouvrir_session(demonstration.CODE_PORTEUR)
    poste.lecteurs.choisir_situation(1)
    for nom, actes in HIER.items():
        environnement.inserer_vitale(nom)
        lu = poste.droits.patient(poste.lecteurs.lire_vitale(), 0, VEILLE).patient
        prescription = Prescription(VEILLE, "10001234565", "01", "T", "LEROY", "ANNE")
        facture = Facture(VEILLE, poste.facturation.executant(), lu, actes, prescription=prescription)
        poste.facturation.securiser(facture, Niveau.SECURISEE)
    environnement.inserer_vitale(None)
    poste.lecteurs.fermer_session()
    return poste


@pytest.fixture
def ecran(qtbot: QtBot, poste: Poste) -> Iterator[Ecran]:
    """The window, once it has read the nurse's card."""
    ecran = Ecran(qtbot, poste)
    ecran.attendre(lambda: poste.configuration.profession == "infirmier")
    yield ecran
    ecran.fermer()


def test_une_journee(ecran: Ecran, poste: Poste) -> None:
    _commencer(ecran)
    _petit_le_matin(ecran)
    _durand_signera_plus_tard(ecran)
    _leroy_le_soir(ecran)
    _durand_signe(ecran)
    assert [_montants(r) for r in _du_jour(poste)] == [
        ("PETIT HENRI", 1815, 1815, 0), ("LEROY JULIE", 2358, 1415, 943), ("DURAND PAUL", 788, 473, 315)
    ]
    assert {r.niveau for r in _du_jour(poste)} == {"S"}
    _lots_du_soir(ecran)
    assert {r.etat for r in poste.registre.lister(Filtre())} == {Etat.PAYEE}
    assert poste.facturation.brouillons() == []


def _commencer(ecran: Ecran) -> None:
    """F4, the code; F10, the nurse's page."""
    ecran.touche(K.Key_F4)
    ecran.dialogue(CodePorteur)
    ecran.valider(demonstration.CODE_PORTEUR)
    ecran.touche(K.Key_F10)
    assert isinstance(ecran.page.feuille, Actes)


def _petit_le_matin(ecran: Ecran) -> None:
    """Card in, patient of the tour, two kilometres more than yesterday, the chip of his act, signed."""
    feuille = ecran.page.feuille
    ecran.poste.environnement.inserer_vitale("ald")
    ecran.attendre(lambda: feuille.saisie.actuelle.lu is not None)
    _choisir(ecran, "PETIT Henri")
    assert feuille.saisie.actuelle.lignes == ()
    _visite(ecran, "0930")
    _km(ecran, "12")
    ecran.touche(K.Key_1, CTRL)
    assert _actes(feuille) == [
        ("AMI", "4", "", "12,60", CENT), ("IFA", "", "", "2,75", CENT), ("IK", "", "", "2,80", CENT)
    ]
    assert feuille.totaux.a_payer == "0,00\u00a0€"
    _signer(ecran)


def _leroy_le_soir(ecran: Ecran) -> None:
    """After 20 h the night supplement comes by itself; two people on the card: the first one."""
    feuille = ecran.page.feuille
    ecran.poste.environnement.inserer_vitale("famille")
    choix = ecran.dialogue(ChoixBeneficiaire)
    assert choix.liste.count() == 3
    ecran.touche(K.Key_Return)
    _choisir(ecran, "LEROY Julie")
    _visite(ecran, "2115")
    assert feuille.visite.majoration.text() == "majoration de nuit"
    ecran.touche(K.Key_1, CTRL)
    assert _actes(feuille) == [
        ("AMI", "1,5", "", "4,73", SOIXANTE), ("IFA", "", "", "2,75", SOIXANTE), ("IK", "", "", "5,60", SOIXANTE),
        ("MAU", "", "", "1,35", SOIXANTE), ("AMI", "", "nuit", "9,15", SOIXANTE),
    ]
    assert feuille.totaux.a_payer == "9,43\u00a0€"
    _signer(ecran)


def _durand_signera_plus_tard(ecran: Ecran) -> None:
    """He forgot his card: both acts are kept, without a signature."""
    feuille = ecran.page.feuille
    ecran.poste.environnement.inserer_vitale(None)
    _choisir(ecran, "DURAND Paul")
    _visite(ecran, "1400")
    ecran.touche(K.Key_1, CTRL)
    ecran.touche(K.Key_2, CTRL)
    assert feuille.niveau.text() == "Facture dégradée, sans Vitale"
    ecran.touche(K.Key_F9)
    assert "Facture de DURAND Paul gardée, à signer." in feuille.bandeau.phrase
    assert "DURAND Paul\nà signer" in _tournee(feuille)
    assert len(_du_jour(ecran.poste)) == 1


def _durand_signe(ecran: Ecran) -> None:
    """At the next visit his card is there: the invoice kept becomes a secured one."""
    feuille = ecran.page.feuille
    _choisir(ecran, "DURAND Paul\nà signer")
    ecran.poste.environnement.inserer_vitale("assure")
    ecran.attendre(lambda: feuille.saisie.actuelle.niveau is Niveau.SECURISEE)
    assert _actes(feuille) == [("AMI", "2", "", "6,30", SOIXANTE), ("AMI", "0,5", "", "1,58", SOIXANTE)]
    ecran.touche(K.Key_M, ALT)  # at home, and not: the date of the visit stays
    assert [acte[0] for acte in _actes(feuille)] == ["AMI", "IFA", "AMI"]
    ecran.touche(K.Key_M, ALT)
    assert feuille.saisie.actuelle.date_soins == JOUR
    assert {(ligne.date, ligne.complement) for ligne in feuille.saisie.actuelle.lignes} == {(JOUR, "")}
    _signer(ecran)
    assert "DURAND Paul\nà signer" not in _tournee(feuille)


def _lots_du_soir(ecran: Ecran) -> None:
    """Alt+4, F10: lots, sent, returns; six invoices of one fund in one lot, all paid."""
    ecran.touche(K.Key_4, ALT)
    page = ecran.page
    assert page.principale.text() == "Mettre en lot 6 factures"
    ecran.touche(K.Key_F10)
    assert "1 lot prêt à envoyer." in page.bandeau.phrase
    ecran.touche(K.Key_F10)
    assert "1 message remis au serveur." in page.bandeau.phrase
    frontal = ecran.poste.environnement.frontal
    ecran.attendre(lambda: frontal.recus() and not frontal.en_attente())
    ecran.touche(K.Key_F10)
    assert "2 retours relevés : 1 lot accepté, 6 factures payées." in page.bandeau.phrase


def _choisir(ecran: Ecran, texte: str) -> None:
    """F5, arrows, Enter."""
    ecran.touche(K.Key_F5)
    ecran.touche(K.Key_Home)
    for _ in range(_tournee(ecran.page.feuille).index(texte)):
        ecran.touche(K.Key_Down)
    ecran.touche(K.Key_Return)


def _visite(ecran: Ecran, heure: str) -> None:
    """Alt+S, then the day and the hour, digit after digit."""
    ecran.touche(K.Key_S, ALT)
    ecran.taper(f"{JOUR:%d%m%Y}{heure}")
    ecran.attendre()
    assert f"{ecran.page.feuille.visite.moment:%Y%m%d%H%M}" == f"{JOUR:%Y%m%d}{heure}"


def _km(ecran: Ecran, nombre: str) -> None:
    ecran.touche(K.Key_Tab)
    ecran.touche(K.Key_Tab)
    ecran.taper(nombre)
    ecran.attendre()


def _signer(ecran: Ecran) -> None:
    ecran.touche(K.Key_F10)
    assert "sécurisée" in ecran.page.feuille.bandeau.phrase


def _tournee(feuille: Actes) -> list[str]:
    return [feuille.tournee.item(rang).text() for rang in range(feuille.tournee.count())]


def _actes(feuille: Actes) -> list[tuple[str, ...]]:
    """Act, coefficient, complement, base, rate: the visible columns."""
    return [(ligne[0], ligne[4], ligne[2], ligne[6], ligne[7]) for ligne in lignes(feuille.tableau)]


def _du_jour(poste: Poste) -> list[Resume]:
    """Invoices of the round, oldest first."""
    return sorted(poste.registre.lister(Filtre(depuis=JOUR)), key=lambda r: r.numero)


def _montants(r: Resume) -> tuple[str, int, int, int]:
    return r.patient, r.total_centimes, r.amo_centimes, r.assure_centimes
