"""Look-ups of the CCAM: at the date of care, by code, by words; and the facts of the published table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.ccam import ActeCcam, Ccam
from sesam_desktop.referentiels.importation import importer

from .ccam import ccam
from .conftest import Reelle

JOUR = date(2027, 3, 1)


@pytest.fixture
def fichier(tmp_path: Path) -> Path:
    chemin = tmp_path / "ccam_petite.csv"
    chemin.write_text(ccam(), encoding="utf-8")
    return chemin


@pytest.fixture
def petite(fichier: Path, base: BaseReferentiels) -> Ccam:
    importer("ccam", fichier, base)
    return Ccam(base)


ANESTHESIE = ActeCcam(
    code="AAAA002", activite="4", phase="0", libelle="Acte à deux activités – anesthésie", tarif_1=4000, tarif_2=4000,
    sous_conditions=False, accord_prealable=False, exonerations=("5", "7"), regroupement="ADA",
    modificateurs=("A", "7"), complementaires=("GGGG001", "GGGG002"), incompatibles=("ZZZZ009",), chapitre="01.01",
    notes=(), version="2027-02-01",
)  # fmt: skip


def test_une_activite_d_un_acte(petite: Ccam) -> None:
    assert petite.acte("AAAA002", "4", "0", JOUR) == ANESTHESIE
    assert [a.activite for a in petite.activites("AAAA002", JOUR)] == ["1", "4"]
    assert [(a.phase, a.tarif_1) for a in petite.activites("AAAA003", JOUR)] == [("1", 24815), ("2", None)]


@pytest.mark.parametrize(
    ("code", "activite", "phase"),
    [
        ("AAAA009", "1", "0"), ("AAAA002", "2", "0"), ("AAAA002", "4", "1"), ("", "", ""), ("AAAA002-4", "0", ""),
        ("chapitre", "01", "0"), ("modificateur", "U", "1"), ("AAA\ud800001", "1", "0"), ("AAAA002", "\ud800", "0"),
    ],
)  # fmt: skip
def test_ce_qui_n_est_pas_un_acte(code: str, activite: str, phase: str, petite: Ccam) -> None:
    assert petite.acte(code, activite, phase, JOUR) is None


def test_les_activites_d_un_code_inconnu(petite: Ccam) -> None:
    assert petite.activites("AAAA009", JOUR) == petite.activites("modificateur", JOUR) == []


@pytest.mark.parametrize(
    ("mots", "codes"),
    [
        ("coeur imagin", ["AAAA001"]),
        ("CŒUR", ["AAAA001"]),
        ("acte", ["AAAA002", "AAAA003"]),
        ("aaaa", ["AAAA001", "AAAA002", "AAAA003"]),
        ("aaaa003 temps", ["AAAA003"]),
        ("anesthesie", []),
        ("modificateurs", []),
        ("", []),
    ],
)
def test_chercher_donne_chaque_code_une_fois(mots: str, codes: list[str], petite: Ccam) -> None:
    assert [a.code for a in petite.chercher(mots, JOUR)] == codes


def test_la_limite_d_une_recherche(petite: Ccam) -> None:
    assert [a.code for a in petite.chercher("a", JOUR, limite=2)] == ["AAAA001", "AAAA002"]


def test_un_chapitre_et_les_modificateurs(petite: Ccam) -> None:
    chapitre = petite.chapitre("1", JOUR)
    assert chapitre is not None
    assert (chapitre.numero, chapitre.libelle, chapitre.notes) == (
        "1", "SYSTÈME FICTIF", ("À l'exclusion de : ce qui est réel",),
    )  # fmt: skip
    assert petite.chapitre("99", JOUR) is None
    assert [(m.code, m.rang, m.montant_1, m.taux_1, m.taux_2) for m in petite.modificateurs(JOUR)] == [
        ("B", 1, None, 4900, 4900), ("E", 1, None, 4900, 4900), ("T", 1, None, 2150, 650),
        ("U", 1, 2515, None, None), ("U", 2, 5000, None, None),
    ]  # fmt: skip


def test_le_tarif_est_celui_de_la_date_des_soins(fichier: Path, base: BaseReferentiels) -> None:
    importer("ccam", fichier, base)
    fichier.write_text(ccam().replace("10.50,9.00", "11.00,9.50").replace("01/02/2027", "15/06/2027"))
    importer("ccam", fichier, base)
    table = Ccam(base)

    def vu(jour: date) -> tuple[int | None, str, bool]:
        acte = table.acte("AAAA001", "1", "0", jour)
        assert acte is not None
        return acte.tarif_1, acte.version, acte.hors_periode

    assert vu(date(2027, 6, 15)) == (1100, "2027-06-15", False)
    assert vu(date(2027, 6, 14)) == (1050, "2027-02-01", False)
    assert vu(date(2026, 1, 1)) == (1050, "2027-02-01", True)
    assert [v.lignes for v in base.versions("ccam")] == [13, 13]


def test_sans_ccam_une_phrase_dit_quoi_importer(base: BaseReferentiels) -> None:
    with pytest.raises(ErreurConnue) as vu:
        Ccam(base).acte("AAAA001", "1", "0", JOUR)
    assert vu.value.code == "REFERENTIEL_ABSENT"
    assert "« ccam »" in vu.value.action


@given(st.text(max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tout_texte_cherche_repond_des_actes(petite: Ccam, texte: str) -> None:
    assert all(isinstance(acte, ActeCcam) for acte in petite.chercher(texte, JOUR))


# --- The published table, version 81 of 01/01/2026 -------------------------------------------------------------------

SOINS = date(2026, 3, 2)


@pytest.fixture
def publiee(ccam_reelle: Reelle) -> Ccam:
    return Ccam(ccam_reelle.base)


def test_chaque_ligne_de_la_table_publiee(ccam_reelle: Reelle) -> None:
    """8,257 codes (the note that comes with the file); one activity is written twice in it."""
    bilan = ccam_reelle.bilan
    assert (bilan.source, bilan.version) == ("ccam", "2026-01-01")
    assert [(c.lues, c.gardees) for c in bilan.fichiers] == [(30776, 30775)]
    assert [(r.ligne, r.motif) for r in bilan.rejets] == [(3028, "code BELA129-1-0 déjà lu à la ligne 3016")]
    assert {r.motif for r in bilan.remarques} == {
        "une note et une activité sur la même ligne : gardées toutes les deux",
        "code complémentaire « YYY603 » illisible : laissé de côté",
        "« 0.49 » et « +49% » : lus comme deux pourcentages",
    }
    ((codes,),) = ccam_reelle.base.lire(
        "SELECT count(DISTINCT substr(code, 1, 7)) FROM article WHERE code GLOB '[A-Z][A-Z][A-Z][A-Z]*'"
    )
    assert codes == 8257
    assert ccam_reelle.duree_s < 10


@pytest.mark.parametrize(
    ("code", "activite", "tarif_1", "tarif_2", "exonerations", "regroupement"),
    [
        ("DEQP003", "1", 1477, 1381, ("2",), "ATM"),
        ("HBLD038", "1", 12000, 12000, ("5",), "CM0"),
        ("ZZLP025", "1", 0, 0, ("1",), "ADA"),
        ("ZZLP025", "4", 4800, 4800, ("1",), "ADA"),
        ("NFFC003", "1", 28156, 26864, ("1",), "ADC"),
        ("NFFC003", "4", 10502, 10502, ("1",), "ADA"),
        ("AHQP001", "1", None, None, ("2",), "ATM"),
        ("ADGA724", "1", 24815, 24815, ("1",), "ADC"),
    ],
)
def test_les_tarifs_publies(code, activite, tarif_1, tarif_2, exonerations, regroupement, publiee: Ccam) -> None:
    acte = publiee.acte(code, activite, "0", SOINS)
    assert acte is not None
    assert (acte.tarif_1, acte.tarif_2, acte.exonerations, acte.regroupement) == (
        tarif_1, tarif_2, exonerations, regroupement,
    )  # fmt: skip
    assert not acte.hors_periode


def test_l_electrocardiogramme_publie(publiee: Ccam) -> None:
    acte = publiee.acte("DEQP003", "1", "0", SOINS)
    assert acte is not None
    assert acte.libelle == "Électrocardiographie sur au moins 12 dérivations"
    assert (acte.modificateurs, acte.complementaires) == (("F", "P", "S", "U"), ("YYYY490",))
    assert (acte.incompatibles, acte.a_verifier) == (("YYYY015", "YYYY020"), ())
    assert acte.chapitre == "04.01.01.01"


def test_accords_prealables_et_conditions_publies(ccam_reelle: Reelle) -> None:
    """The file has 90 « AP » and 252 « RC »; two RC stand on acts without tariff, of three activities each: 250 + 6."""
    ((accords, conditions),) = ccam_reelle.base.lire(
        "SELECT sum(json_extract(donnees, '$.accord_prealable')), sum(json_extract(donnees, '$.sous_conditions'))"
        " FROM article WHERE code GLOB '[A-Z][A-Z][A-Z][A-Z]*'"
    )
    assert (accords, conditions) == (90, 256)


def test_les_valeurs_publiees_des_modificateurs(publiee: Ccam) -> None:
    """Chapter 19.03 of the file: 30 modifiers, several values for F, K, P, S, U and 3."""
    valeurs = {(m.code, m.rang): (m.montant_1, m.montant_2, m.taux_1, m.taux_2) for m in publiee.modificateurs(SOINS)}
    assert valeurs["U", 1] == (2515, 2515, None, None)
    assert valeurs["U", 2] == (5000, 5000, None, None)
    assert valeurs["F", 1] == (1906, 1906, None, None)
    assert valeurs["K", 2] == (None, None, 3000, 2500)
    assert valeurs["T", 1] == (None, None, 2150, 1650)
    assert valeurs["N", 1] == (None, None, 1570, 1570)
    assert valeurs["3", 2] == (None, None, 800, 800)
    assert {code for code, rang in valeurs if rang > 1} == set("FKPSU3")
    assert "".join(sorted({code for code, _ in valeurs})) == "3456789ABDEFGHJKLMNOPQRSTUVWYZ"


def test_ce_que_les_notes_publiees_interdisent(ccam_reelle: Reelle) -> None:
    """Counted once on the file, so that a change of the reading shows."""
    ((actes, codes),) = ccam_reelle.base.lire(
        "SELECT count(DISTINCT substr(a.code, 1, 7)), count(DISTINCT substr(a.code, 1, 7) || j.value)"
        " FROM article a, json_each(a.donnees, '$.incompatibles') j WHERE a.code GLOB '[A-Z][A-Z][A-Z][A-Z]*'"
    )
    assert (actes, codes) == (146, 209)


def test_un_chapitre_publie(publiee: Ccam) -> None:
    gestes = publiee.chapitre("18.02", SOINS)
    assert gestes is not None
    assert gestes.libelle == "GESTES COMPLÉMENTAIRES"
    assert publiee.chercher("appendic coelio", SOINS)[0].code == "HHFA016"
