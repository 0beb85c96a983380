"""NABM: the three forms it exists in, several dated coefficients a code, the one of the day of care."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide
from sesam_desktop.referentiels import nabm_lecture
from sesam_desktop.referentiels.articles import Fichier
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.importation import importer
from sesam_desktop.referentiels.nabm import Nabm

from .fichiers_dbf import ecrire

FICHE = [
    ("CODE_NABM", "C", 4), ("NOM_COURT", "C", 30), ("NOM_LONG", "C", 80), ("DATE_DEBUT", "D", 8), ("DATE_FIN", "D", 8),
    ("ARBO1", "N", 2),
]
HISTO = [
    ("CODE_NABM", "C", 4), ("DATE_EFFET", "D", 8), ("ENTENTE", "C", 1), ("MAX_FACTU", "N", 3), ("CODE_REGLE", "C", 2),
    ("MAX_REGLE", "N", 2), ("LC1", "C", 3), ("COEF1", "N", 7), ("LC2", "C", 3), ("COEF2", "N", 7),
]
FICHES = [
    {"CODE_NABM": "9005", "NOM_COURT": "FORFAIT", "NOM_LONG": "FORFAIT PREANALYTIQUE", "DATE_DEBUT": "20081230"},
    {"CODE_NABM": "0322", "NOM_COURT": "AG HBS", "DATE_DEBUT": "19960101", "DATE_FIN": "20190201", "ARBO1": "7"},
]
COTATIONS = [
    {"CODE_NABM": "9005", "DATE_EFFET": "20190401", "MAX_FACTU": "1", "LC1": "B", "COEF1": "17"},
    {"CODE_NABM": "9005", "DATE_EFFET": "20160420", "MAX_FACTU": "1", "LC1": "B", "COEF1": "16.00"},
    {"CODE_NABM": "0322", "DATE_EFFET": "20170401", "ENTENTE": "O", "CODE_REGLE": "3", "MAX_REGLE": "3", "LC1": "B",
     "COEF1": "50", "LC2": "P", "COEF2": "40"},
]  # fmt: skip
BIO = (
    "BIO_PRS_IDE;BIO_INF_LIB;BIO_CRE_DAT;BIO_SUP_DAT;BIO_ARB_CHA;BIO_ENP_TOP;BIO_MAX_EXE;BIO_SPE_REG;BIO_MAX_REG\n"
    "9005;FORFAIT   PREANALYTIQUE;30DEC2008:00:00:00;;0;;1;;0\n"
    "322;HEPATITE B;01JAN1996:00:00:00;01FEB2019:00:00:00;7;1;1;3;3\n"
    "0;ACTE NON CODIFIE;;;;;;;\n"
)
BTF = (
    "BTF_PRS_IDE__BTF_HIS_DTD;BTF_PRS_IDE;BTF_HIS_DTD;BTF_TAR_NAT;BTF_HIS_DTF;BTF_TAR_COF\n"
    "x;9005;01APR2019:00:00:00;B;31DEC9999:00:00:00;17\n"
    "x;9005;20APR2016:00:00:00;B;31MAR2019:00:00:00;16\n"
    "x;322;01APR2017:00:00:00;B;01FEB2019:00:00:00;50\n"
)
TABLE = "code,libelle,date_creation,date_suppression,lettre,coef,date_coef,chapitre,entente_prealable\n"


@pytest.fixture
def dbase(tmp_path: Path) -> Path:
    (tmp_path / "NABM_FICHE_TOT105.dbf").write_bytes(ecrire(FICHE, FICHES))
    (tmp_path / "NABM_HISTO_TOT105.dbf").write_bytes(ecrire(HISTO, COTATIONS))
    return tmp_path


@pytest.fixture
def snds(tmp_path: Path) -> Path:
    (tmp_path / "IR_BIO_R.csv").write_text(BIO, encoding="utf-8")
    (tmp_path / "IR_BTF_R.csv").write_text(BTF, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("forme", ["dbase", "snds"])
def test_le_coefficient_est_celui_du_jour(forme: str, base: BaseReferentiels, request: pytest.FixtureRequest) -> None:
    bilan = importer("nabm", request.getfixturevalue(forme), base)
    assert bilan.rejets == []
    nabm = Nabm(base)
    jours = (date(2016, 4, 19), date(2016, 4, 20), date(2019, 3, 31), date(2019, 4, 1), date(2026, 9, 10))
    actes = [nabm.acte("9005", jour) for jour in jours]
    assert [a and a.coefficient for a in actes] == [None, Decimal(16), Decimal(16), Decimal(17), Decimal(17)]
    assert [a and a.lettre for a in actes] == ["", "B", "B", "B", "B"]
    assert [a and a.hors_periode for a in actes] == [True, False, False, False, False]


@pytest.mark.parametrize("forme", ["dbase", "snds"])
def test_ce_que_dit_un_acte(forme: str, base: BaseReferentiels, request: pytest.FixtureRequest) -> None:
    importer("nabm", request.getfixturevalue(forme), base)
    acte = Nabm(base).acte("0322", date(2018, 1, 1))
    assert acte is not None
    assert (acte.coefficient, acte.entente, acte.chapitre) == (Decimal(50), True, "7")
    assert (acte.debut, acte.fin, acte.regle, acte.maximum_regle) == (date(1996, 1, 1), date(2019, 2, 1), "3", 3)
    assert acte.autres == (("P",) if forme == "dbase" else ())


def test_les_versions_sont_datees(dbase: Path, tmp_path: Path, base: BaseReferentiels) -> None:
    """dBase: the day of its header; SNDS: its last change of coefficient."""
    assert importer("nabm", dbase, base).version == "2026-09-07"
    (tmp_path / "snds").mkdir()
    (tmp_path / "snds" / "IR_BIO_R.csv").write_text(BIO, encoding="utf-8")
    (tmp_path / "snds" / "IR_BTF_R.csv").write_text(BTF, encoding="utf-8")
    assert importer("nabm", tmp_path / "snds", base).version == "2019-04-01"


def test_le_libelle_long_passe_avant_le_court(dbase: Path, base: BaseReferentiels) -> None:
    importer("nabm", dbase, base)
    nabm = Nabm(base)
    assert [a.libelle for a in nabm.chercher("forfait", date(2026, 9, 10))] == ["FORFAIT PREANALYTIQUE"]
    assert [a.code for a in nabm.chercher("hbs", date(2026, 9, 10))] == ["0322"]


def test_la_table_derivee(tmp_path: Path, base: BaseReferentiels) -> None:
    (tmp_path / "nabm_2020.csv").write_text(
        TABLE + "0000,NON CODIFIE,,,,,,,\n9005,FORFAIT,2008-12-30,,B,17,2019-04-01,0,\n", encoding="utf-8"
    )
    assert importer("nabm", tmp_path, base).version == "2019-04-01"
    nabm = Nabm(base)
    assert nabm.acte("9005", date(2020, 1, 1)).coefficient == Decimal(17)
    assert nabm.acte("0000", date(2020, 1, 1)).coefficient is None


def test_chaque_ligne_refusee_dit_pourquoi(tmp_path: Path, base: BaseReferentiels) -> None:
    (tmp_path / "IR_BIO_R.csv").write_text(
        BIO + "12345;X;;;0;;1;;0\n552;X;;;0;Z;1;;0\n553;X;;;0;;x;;0\n554;X;;;0;;1;****;0\n", encoding="utf-8"
    )
    (tmp_path / "IR_BTF_R.csv").write_text(
        BTF + "x;9005;01APR2020:00:00:00;B9;31DEC9999:00:00:00;17\nx;9005;01APR2021:00:00:00;B;31DEC9999:00:00:00;-1\n"
        "x;28;09MAY2019:00:00:00;P;31DEC9999:00:00:00;47\n", encoding="utf-8",
    )  # fmt: skip
    bilan = importer("nabm", tmp_path, base)
    assert {(r.fichier, r.ligne): r.motif for r in bilan.rejets} == {
        ("IR_BIO_R.csv", 5): "code NABM « 12345 » faux",
        ("IR_BIO_R.csv", 6): "indicateur « Z » inconnu",
        ("IR_BIO_R.csv", 7): "maximum facturable « x » illisible",
        ("IR_BIO_R.csv", 8): "code de règle « **** » illisible",
        ("IR_BTF_R.csv", 5): "lettre-clé « B9 » illisible",
        ("IR_BTF_R.csv", 6): "coefficient « -1 » illisible",
        ("IR_BTF_R.csv", 7): "code 0028 absent de la liste des codes",
    }


def test_sans_import_la_table_manque(base: BaseReferentiels) -> None:
    with pytest.raises(ErreurConnue) as refus:
        Nabm(base).acte("9005", date(2020, 1, 1))
    assert refus.value.code == "REFERENTIEL_ABSENT"


@given(st.text(max_size=80), st.text(max_size=80))
def test_des_lignes_quelconques_sont_gardees_ou_rejetees(une: str, autre: str) -> None:
    fichiers = [Fichier("IR_BIO_R.csv", (BIO + une).encode()), Fichier("IR_BTF_R.csv", (BTF + autre).encode())]
    try:
        lecture = nabm_lecture.lire(fichiers, iter)
    except FormatInvalide as refus:
        assert refus.code == "TABLE_ILLISIBLE"
    else:
        assert sum(lecture.lues.values()) == len(lecture.rejets) + sum(c.gardees for c in lecture.comptes())


def test_la_vraie_nabm(donnees_partagees: Path, base: BaseReferentiels) -> None:
    """Coefficients of the pre-analytic fee as they were published: 16 B until 31/03/2019, 17 B since."""
    bilan = importer("nabm", donnees_partagees / "snds", base)
    assert (bilan.lignes, len(bilan.rejets), bilan.version) == (1076, 30, "2020-03-09")
    assert {r.motif[-27:] for r in bilan.rejets} == {"absent de la liste des codes"[-27:]}
    nabm = Nabm(base)
    assert [nabm.acte("9005", jour).coefficient for jour in (date(2019, 3, 31), date(2019, 4, 1))] == [16, 17]
    assert nabm.acte("0322", date(2018, 1, 1)).maximum_regle == 3


@pytest.mark.parametrize(("ecrite", "lue"), [("", ""), ("0", ""), ("00", ""), ("1", "1"), ("10", "10"), ("A0", "A0")])
def test_le_groupe_d_examens_garde_ses_zeros(ecrite: str, lue: str, tmp_path: Path, base: BaseReferentiels) -> None:
    """Groups 1 and 10 are two groups; zeros alone are none."""
    (tmp_path / "IR_BIO_R.csv").write_text(BIO.replace(";3;3\n", f";{ecrite};3\n"), encoding="utf-8")
    (tmp_path / "IR_BTF_R.csv").write_text(BTF, encoding="utf-8")
    importer("nabm", tmp_path, base)
    acte = Nabm(base).acte("0322", date(2018, 1, 1))
    assert acte is not None
    assert acte.regle == lue
