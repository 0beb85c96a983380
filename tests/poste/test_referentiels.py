"""The reference tables as both front ends see them: what is loaded, look-ups in any table, differences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.changements import Changements
from sesam_desktop.poste.recherche_referentiels import source_du_code
from sesam_desktop.poste.referentiels import ServiceReferentiels
from sesam_desktop.referentiels import tables
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.conventions_amc import TablesDuPoste
from sesam_desktop.referentiels.medicaments import Medicaments
from tests.referentiels.test_lpp import IR, NT
from tests.referentiels.test_nabm import BIO, BTF

JOUR = date(2026, 3, 2)
LPP = NT + "1100040;PPC FORFAIT;;0;S;O\n2140455;ORTHESE POIGNET;02DEC2030:00:00:00;0;A;N\n1100041;FAUX;;0;A;N\n"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ServiceReferentiels]:
    base = BaseReferentiels(tmp_path / "referentiels.db")
    absente: Any = None
    conventions = TablesDuPoste(tmp_path / "tables")
    yield ServiceReferentiels(base, Medicaments(base), absente, absente, Changements(), conventions)
    base.fermer()


@pytest.fixture
def lpp(tmp_path: Path) -> Path:
    (tmp_path / "NT_LPP.csv").write_text(LPP, encoding="utf-8")
    (tmp_path / "IR_LPP_V.csv").write_text(IR + "1100040;12NOV2013:00:00:00;21.00;25.00\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def nabm(tmp_path: Path) -> Path:
    (tmp_path / "IR_BIO_R.csv").write_text(BIO, encoding="utf-8")
    (tmp_path / "IR_BTF_R.csv").write_text(BTF, encoding="utf-8")
    return tmp_path


def etat(service: ServiceReferentiels, source: str, jour: date = JOUR) -> Any:
    return next(e for e in service.sources(jour) if e.source == source)


def test_chaque_source_dit_son_etat(service: ServiceReferentiels, lpp: Path) -> None:
    vide = etat(service, "lpp")
    assert (vide.version, vide.depuis, vide.lignes, vide.versions) == ("", None, 0, ())
    service.importer("lpp", lpp, version="2026-01-01")
    plein = etat(service, "lpp")
    assert (plein.version, plein.depuis, plein.lignes, plein.rejets) == ("2026-01-01", date(2026, 1, 1), 2, 1)
    assert plein.importee_le
    assert (plein.suivante, len(plein.versions)) == ("", 1)
    assert {"bdpm", "ccam", "lpp", "nabm", "ucd", "ngap"} <= {e.source for e in service.sources()}


def test_une_version_a_venir_est_annoncee(service: ServiceReferentiels, lpp: Path) -> None:
    service.importer("lpp", lpp, version="2026-06-01")
    assert (etat(service, "lpp").version, etat(service, "lpp").suivante) == ("2026-06-01", "")
    service.importer("lpp", lpp, version="2026-01-01")
    assert (etat(service, "lpp").version, etat(service, "lpp").suivante) == ("2026-01-01", "2026-06-01")
    assert etat(service, "lpp", date(2026, 6, 1)).version == "2026-06-01"


def test_les_tables_livrees(service: ServiceReferentiels) -> None:
    trouvees = {e.nom: e for e in service.tables_livrees(JOUR)}
    assert set(trouvees) == set(tables.noms())
    prix = trouvees["prix"]
    assert prix.version
    assert prix.lignes > prix.en_vigueur > prix.a_confirmer > 0
    assert service.tables_livrees()


def test_chercher_dans_une_table(service: ServiceReferentiels, lpp: Path) -> None:
    service.importer("lpp", lpp, version="2026-01-01")
    (forfait,) = service.chercher_dans("lpp", "ppc", JOUR)
    assert (forfait.code, forfait.libelle) == ("1100040", "PPC FORFAIT")
    assert forfait.detail == "21,00\u00a0€ depuis le 12/11/2013 · prix limite 25,00\u00a0€ · service"
    (orthese,) = service.chercher_dans("lpp", "2140455", JOUR)
    assert orthese.detail == "tarif inconnu · achat · facturable jusqu'au 02/12/2030"
    assert service.chercher_dans("lpp", "rien", JOUR) == []


def test_chercher_un_examen(service: ServiceReferentiels, nabm: Path) -> None:
    service.importer("nabm", nabm, version="2026-01-01")
    (forfait,) = service.chercher_dans("nabm", "9005", JOUR)
    assert (forfait.detail, forfait.version, forfait.hors_periode) == ("B 17", "2026-01-01", False)
    details = [t.detail for t in service.chercher_dans("nabm", "hepatite", date(2018, 1, 1))]
    assert details == ["B 50 · entente préalable · facturable jusqu'au 01/02/2019"]
    assert service.chercher_dans("nabm", "non codifie", JOUR)[0].detail == "sans cotation"


def test_chercher_des_codes(service: ServiceReferentiels, tmp_path: Path) -> None:
    (tmp_path / "NU_UCD_R.csv").write_text(
        "UCD_UCD_COD;UCD_LAB_NOM;UCD_DSN_LIB;UCD_CND_LIB\n0000009231824;SHIRE;CEPROTIN;poudre\n", encoding="utf-8"
    )
    (tmp_path / "IR_NAT_V.csv").write_text("PRS_NAT;PRS_NAT_CB2;PRS_NAT_LIB\n3111;AMI;ACTES\n", encoding="utf-8")
    service.importer("ucd", tmp_path)
    service.importer("ngap", tmp_path)
    assert service.chercher_dans("ucd", "ceprotin", date.today())[0].detail == "SHIRE"  # noqa: DTZ011 - dated by its file
    assert service.chercher_dans("ngap", "AMI", JOUR)[0].detail == "nature 3111"


def test_chercher_un_medicament_par_la_meme_porte(service: ServiceReferentiels) -> None:
    from sesam_desktop.referentiels.demonstration import chemin_livre

    service.importer("demonstration", chemin_livre())
    trouve = service.chercher_dans("bdpm", "3400949497294", date(2026, 8, 1))[0]
    assert (trouve.source, trouve.code) == ("bdpm", "3400949497294")
    assert "24,34\u00a0€ · 100\u00a0%" in trouve.detail


def test_chercher_un_acte(service: ServiceReferentiels, donnees_partagees: Path) -> None:
    service.importer("ccam", donnees_partagees / "ccam")
    trouve = service.chercher_dans("ccam", "DEQP003", JOUR)[0]
    assert trouve.code == "DEQP003"
    assert trouve.detail == "14,77\u00a0€ · hors OPTAM 13,81\u00a0€ · ATM"
    assert "accord préalable" in " ".join(t.detail for t in service.chercher_dans("ccam", "gastroplastie", JOUR))


@pytest.mark.parametrize(("source", "code"), [("tips", "SOURCE_INCONNUE"), ("lpp", "REFERENTIEL_ABSENT")])
def test_une_table_absente_est_nommee(source: str, code: str, service: ServiceReferentiels) -> None:
    with pytest.raises(ErreurConnue) as refus:
        service.chercher_dans(source, "ppc", JOUR)
    assert refus.value.code == code


@pytest.mark.parametrize(
    ("terme", "source"),
    [
        ("DEQP003", "ccam"), (" deqp003 ", "ccam"), ("9005", "nabm"), ("1100040", "lpp"), ("3696350", ""),
        ("2140455", ""), ("doliprane", ""), ("1100041", ""), ("3400949497294", ""), ("", ""),
    ],
)
def test_la_table_d_un_code(terme: str, source: str, service: ServiceReferentiels) -> None:
    assert source_du_code(terme) == service.source_du_code(terme) == source


def test_differences_entre_deux_versions(service: ServiceReferentiels, lpp: Path) -> None:
    service.importer("lpp", lpp, version="2026-01-01")
    (lpp / "IR_LPP_V.csv").write_text(IR + "1100040;01FEB2026:00:00:00;20.00;25.00\n", encoding="utf-8")
    service.importer("lpp", lpp, version="2026-02-01")
    trouvees = service.differences("lpp", "2026-01-01", "2026-02-01")
    assert (trouvees.ajouts, trouvees.retraits, trouvees.modifications) == (0, 0, 1)
    with pytest.raises(ErreurConnue) as refus:
        service.differences("lpp", "2026-01-01", "2026-03-01")
    assert refus.value.code == "VERSION_INCONNUE"
