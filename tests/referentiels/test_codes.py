"""UCD and prestation codes: their official files, and their look-ups."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.importation import importer
from sesam_desktop.referentiels.prestations import Prestations
from sesam_desktop.referentiels.ucd import CodesUcd

from .fichiers_dbf import ecrire

JOUR = date(2026, 9, 10)
UCD = "UCD_UCD_COD;UCD_LAB_NOM;UCD_DSN_LIB;UCD_CND_LIB\n"
TOTAL = [("CODE_UCD", "C", 7), ("LISTE", "C", 1), ("NOM_COURT", "C", 40), ("LABO_EXP", "C", 20)]
NAT = "PRS_NAT;PRS_NAT_CB2;PRS_NAT_LIB\n"


def test_les_ucd_du_snds(tmp_path: Path, base: BaseReferentiels) -> None:
    (tmp_path / "NU_UCD_R.csv").write_text(
        UCD + "0000009231824;SHIRE;CEPROTIN 500 UI;poudre\n0000009231825;SHIRE;X;y\n0000009231824;SHIRE;Z;y\n",
        encoding="utf-8",
    )
    bilan = importer("ucd", tmp_path, base, version="2020-12-01")
    assert [(r.ligne, r.motif) for r in bilan.rejets] == [
        (3, "code UCD « 9231825 » faux"), (4, "code 9231824 déjà lu à la ligne 2"),
    ]
    ucd = CodesUcd(base).ucd("9231824", JOUR)
    assert ucd is not None
    assert (ucd.libelle, ucd.laboratoire, ucd.listes) == ("CEPROTIN 500 UI poudre", "SHIRE", ())
    assert CodesUcd(base).chercher("ceprotin", JOUR) == [ucd]


def test_les_ucd_de_la_cnam(tmp_path: Path, base: BaseReferentiels) -> None:
    """One row a list: a code on two lists is one article, the same list twice is a rejection."""
    rangees = [
        {"CODE_UCD": "9231824", "LISTE": liste, "NOM_COURT": "CEPROTIN", "LABO_EXP": "SHIRE"} for liste in "RMMX"
    ]
    (tmp_path / "ucd_total_00802_20260907.dbf").write_bytes(ecrire(TOTAL, rangees))
    bilan = importer("ucd", tmp_path, base)
    assert (bilan.version, bilan.lignes) == ("2026-09-07", 1)
    assert [(r.ligne, r.motif) for r in bilan.rejets] == [
        (3, "code 9231824 déjà lu à la ligne 1"), (4, "liste « X » inconnue"),
    ]
    assert CodesUcd(base).ucd("9231824", JOUR).listes == ("R", "M")


def test_les_codes_prestation_de_la_cnam(tmp_path: Path, base: BaseReferentiels) -> None:
    (tmp_path / "codes_prestation_2025-04.csv").write_text(
        "code,description\nAMI,Acte infirmier\nami,Acte\nAMI,Encore\nPAN,\n", encoding="utf-8"
    )
    bilan = importer("ngap", tmp_path, base, version="2025-04-01")
    assert [(r.ligne, r.motif) for r in bilan.rejets] == [
        (3, "code prestation « ami » illisible"), (4, "code AMI déjà lu à la ligne 2"), (5, "libellé absent"),
    ]
    assert Prestations(base).prestation("AMI", JOUR).libelle == "Acte infirmier"


def test_les_natures_du_snds(tmp_path: Path, base: BaseReferentiels) -> None:
    (tmp_path / "IR_NAT_V.csv").write_text(
        NAT + "3111;AMI;ACTES EN AMI\n0;;SANS OBJET\n3112;AMI;ACTES EN AMI BIS\nx;AIS;ACTES\n", encoding="utf-8"
    )
    bilan = importer("ngap", tmp_path, base, version="2020-12-01")
    assert [(r.ligne, r.motif) for r in bilan.rejets] == [
        (3, "la nature 0 n'a pas de code prestation"), (5, "nature « x » illisible"),
    ]
    (prestation,) = Prestations(base).chercher("ami", JOUR)
    assert (prestation.libelle, prestation.natures) == ("ACTES EN AMI", ("3111", "3112"))


@pytest.mark.parametrize(("source", "nom"), [("ucd", "NU_UCD_R.csv"), ("ngap", "IR_NAT_V.csv")])
def test_un_fichier_sans_ses_colonnes_est_refuse(source: str, nom: str, tmp_path: Path, base) -> None:
    (tmp_path / nom).write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(ErreurConnue) as refus:
        importer(source, tmp_path, base)
    assert refus.value.code == "TABLE_ILLISIBLE"


def test_les_vraies_tables(donnees_partagees: Path, base: BaseReferentiels) -> None:
    ucd = importer("ucd", donnees_partagees / "snds", base, version="2020-12-01")
    assert (ucd.lignes, ucd.rejets) == (1812, [])
    cnam = importer("ngap", donnees_partagees / "ccam", base, version="2025-04-01")
    assert (cnam.lignes, cnam.rejets) == (422, [])
    snds = importer("ngap", donnees_partagees / "snds", base, version="2020-12-01")
    assert (snds.lignes, len(snds.rejets)) == (1077, 223)
    assert Prestations(base).prestation("AMI", JOUR).natures == ()
    assert Prestations(base).prestation("AMI", date(2021, 1, 1)).natures == ("3111",)
