"""Evidence and slowness, from what the witness kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from sesam_desktop.poste.controles.examen import Examen
from sesam_desktop.poste.controles.lectures import preuves, regularite
from sesam_desktop.poste.diagnostic_constats import Constat
from sesam_desktop.poste.sondes import WINDOWS, Installe, Service

from .outils import ATR_VITALE, DEUX_CARTES, MIDI, VITALE, Ordinateur, carte, declenche, examen


def noter(
    fait: Examen, role: str, *, reussie: bool = True, minutes: float = 0, duree: float = 0.5, code: str = ""
) -> None:
    instant = MIDI + timedelta(minutes=minutes)
    fait.poste.lecteurs.temoin.noter(role, reussie=reussie, duree_s=duree, code=code, instant=instant)


@pytest.fixture
def fait(tmp_path: Path) -> Examen:
    return examen(tmp_path, fentes=DEUX_CARTES)


@declenche("LECTURES_PROUVEES")
def test_les_deux_lues(fait: Examen) -> Iterable[Constat]:
    noter(fait, "cps", minutes=-60)
    noter(fait, "vitale", minutes=-24 * 60)
    return preuves(fait)


@declenche("LECTURE_NON_PROUVEE")
def test_jamais_lues(fait: Examen) -> Iterable[Constat]:
    (constat,) = trouves = list(preuves(fait))
    assert "(manque : CPS et Vitale)" in constat.titre
    return trouves


@declenche("LECTURE_NON_PROUVEE")
def test_une_seule_lue_assez_recemment(fait: Examen) -> Iterable[Constat]:
    noter(fait, "cps")
    noter(fait, "vitale", minutes=-24 * 60 - 1)
    (constat,) = trouves = list(preuves(fait))
    assert "(manque : Vitale)" in constat.titre
    return trouves


@declenche("LECTURE_NON_PROUVEE")
def test_une_lecture_du_futur_ne_prouve_rien(fait: Examen) -> Iterable[Constat]:
    """Noted while the clock was a day ahead."""
    noter(fait, "cps", minutes=4)
    noter(fait, "vitale", minutes=24 * 60)
    (constat,) = trouves = list(preuves(fait))
    assert "(manque : Vitale)" in constat.titre
    return trouves


@declenche("LECTURE_EN_ERREUR")
def test_une_lecture_du_futur_ne_cache_pas_l_erreur_qui_suit(fait: Examen) -> Iterable[Constat]:
    noter(fait, "cps")
    noter(fait, "vitale", minutes=24 * 60)
    noter(fait, "vitale", minutes=1, reussie=False, code="CARTE_MUETTE")
    return preuves(fait)


@declenche("LECTURE_EN_ERREUR")
def test_la_derniere_en_erreur_annule_la_preuve(fait: Examen) -> Iterable[Constat]:
    noter(fait, "cps")
    noter(fait, "vitale", minutes=-2)
    noter(fait, "vitale", minutes=-1, reussie=False, code="CARTE_MUETTE")
    (constat,) = trouves = list(preuves(fait))
    assert (constat.objet, "CARTE_MUETTE" in constat.titre) == ("Vitale", True)
    return trouves


@declenche("LECTURES_PROUVEES")
def test_une_erreur_suivie_d_une_reussite_est_oubliee(fait: Examen) -> Iterable[Constat]:
    noter(fait, "cps")
    noter(fait, "vitale", minutes=-2, reussie=False, code="CARTE_MUETTE")
    noter(fait, "vitale", minutes=-1)
    return preuves(fait)


@pytest.mark.parametrize(("role", "code", "attendu"), [
    ("vitale", "MAUVAISE_VITALE", "MAUVAISE_VITALE"), ("vitale", "SSV_F023", "MAUVAISE_VITALE"),
    ("vitale", "CARTE_CHANGEE", "MAUVAISE_VITALE"), ("cps", "CARTE_CHANGEE", "LECTURE_EN_ERREUR"),
    ("vitale", "F026", "CARTES_TEST_ET_REELLE"), ("cps", "SSV_F026", "CARTES_TEST_ET_REELLE"),
    ("cps", "SSV_F001", "CPS_VUE_MAIS_REFUSEE"), ("cps", "CPS_INVALIDE", "LECTURE_EN_ERREUR"),
])
def test_ce_que_dit_le_dernier_refus(fait: Examen, role: str, code: str, attendu: str) -> None:
    noter(fait, role, reussie=False, code=code)
    declenche(attendu)(lambda: preuves(fait))()


@declenche("LECTURE_EN_ERREUR")
def test_cps_absente_pour_ssv_et_pour_nous(tmp_path: Path) -> Iterable[Constat]:
    fait = examen(tmp_path, fentes=[carte(VITALE, ATR_VITALE)])
    noter(fait, "cps", reussie=False, code="SSV_F001")
    return preuves(fait)


def test_regulier_et_rapide(fait: Examen) -> None:
    for role in ("cps", "vitale"):
        noter(fait, role, duree=2.9)
    assert list(regularite(fait)) == []


@declenche("PREMIERE_LECTURE_ECHOUEE")
def test_premiere_lecture_qui_echoue(fait: Examen) -> Iterable[Constat]:
    noter(fait, "vitale", minutes=-60, reussie=False, code="CARTE_MUETTE")  # before the start: does not count
    fait.poste.lecteurs.temoin.demarrer(MIDI - timedelta(minutes=30))
    noter(fait, "vitale", minutes=-20, reussie=False, code="CARTE_MUETTE")
    assert list(regularite(fait)) == []
    noter(fait, "vitale", minutes=-10)
    return regularite(fait)


def test_deux_echecs_ne_sont_pas_la_premiere_lecture(fait: Examen) -> None:
    for minutes, reussie in ((-3, False), (-2, True), (-1, False)):
        noter(fait, "vitale", minutes=minutes, reussie=reussie, code="" if reussie else "CARTE_MUETTE")
    assert list(regularite(fait)) == []


@declenche("LECTURES_LENTES")
def test_lectures_lentes_sans_cause_vue(fait: Examen) -> Iterable[Constat]:
    noter(fait, "vitale", duree=2)
    noter(fait, "vitale", duree=4)
    (constat,) = trouves = list(regularite(fait))
    assert constat.titre == "Les lectures de la carte Vitale durent 3,0 s en moyenne (au plus 3)."
    return trouves


@declenche(
    "LECTURES_LENTES", "CERTPROP_AUTOMATIQUE", "SESAM_ATTENTES", "CRYPTOLIB_PLUSIEURS", "VPN_ACTIF", "ANTIVIRUS_TIERS"
)
def test_lectures_lentes_avec_leurs_causes_dans_l_ordre(tmp_path: Path) -> Iterable[Constat]:
    chemin = tmp_path / "sesam.ini"
    chemin.write_bytes(b"[SSV]\r\ntempoexclusivite=500\r\nrepetitionexclusivite=40\r\n" + b"; " * 30)
    ordinateur = Ordinateur(
        nom=WINDOWS, programmes=["avp"], services={"certprop": Service(en_marche=True, automatique=True)},
        reglages={"vpn": "tun0"}, logiciels=[Installe("Cryptolib CPS", "5.1.7"), Installe("Cryptolib CPS", "5.2.6")],
    )
    fait = examen(tmp_path, ordinateur, DEUX_CARTES, sesam_ini=str(chemin))
    noter(fait, "cps", duree=8)
    trouves = list(regularite(fait))
    assert [un.code for un in trouves][1:3] == ["CERTPROP_AUTOMATIQUE", "SESAM_ATTENTES"]
    assert "20 s" in trouves[2].titre
    return trouves


def test_les_causes_ne_sont_pas_dites_quand_tout_va_vite(tmp_path: Path) -> None:
    ordinateur = Ordinateur(services={"certprop": Service(True, True)}, reglages={"vpn": "tun0"}, programmes=["avp"])
    fait = examen(tmp_path, ordinateur, DEUX_CARTES)
    noter(fait, "cps", duree=1)
    assert list(regularite(fait)) == []
