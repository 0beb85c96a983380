"""The FSV and the Cryptolib: versions compared as numbers, tables file by file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.poste.controles.pile import cryptolib, fournitures, tables_fsv, version
from sesam_desktop.poste.diagnostic_constats import Constat
from sesam_desktop.poste.sondes import WINDOWS, Installe

from .outils import Ordinateur, declenche, examen

SSV = [f"table{n}.ssv" for n in range(22)]
STS = [f"table{n}.sts" for n in range(45)]
SRT = ["tablebin.srt"]


def installer(racine: Path, **tables: list[str]) -> None:
    for nom, fichiers in tables.items():
        dossier = racine / "tables" / nom
        dossier.mkdir(parents=True, exist_ok=True)
        for fichier in fichiers:
            (dossier / fichier).touch()


def ordinateur(tmp_path: Path, *architectures: str, **reste: object) -> Ordinateur:
    places = {f"fsv_{arch}": [tmp_path / arch] for arch in architectures}
    return Ordinateur(nom=WINDOWS, places=places, **reste)  # type: ignore[arg-type]


@pytest.mark.parametrize(("texte", "attendu"), [
    ("1.40.14", (1, 40, 14)), ("fsv-1.40.1413", (1, 40, 1413)), ("FSV-1.40", (1, 40)), ("5", None), ("conf", None),
    ("1.40.14b", None), ("1..2", None), ("", None),
])
def test_version(texte: str, attendu: object) -> None:
    assert version(texte) == attendu


def test_1_40_9_vient_avant_1_40_14() -> None:
    neuf, quatorze = version("1.40.9"), version("1.40.14")
    assert neuf is not None and quatorze is not None and neuf < quatorze


@given(st.text(max_size=30))
def test_n_importe_quel_nom_de_dossier(texte: str) -> None:
    lue = version(texte)
    assert lue is None or len(lue) >= 2


@declenche("FSV")
def test_versions_installees(tmp_path: Path) -> Iterable[Constat]:
    for nom in ("1.40.14", "1.40.9", "temp"):
        (tmp_path / "x64" / nom).mkdir(parents=True)
    (constat,) = trouves = list(fournitures(examen(tmp_path, ordinateur(tmp_path, "x64"))))
    assert constat.titre == "Versions des FSV installées : 1.40.9, 1.40.14."
    return trouves


@declenche("FSV", "FSV_VERSION_ANCIENNE")
def test_version_reglee_ancienne(tmp_path: Path) -> Iterable[Constat]:
    for nom in ("1.40.14", "1.40.9"):
        (tmp_path / "x64" / nom / "lib").mkdir(parents=True)
        (tmp_path / "x64" / nom / "lib" / "ssvw64.dll").touch()
    reglage = str(tmp_path / "x64" / "1.40.9" / "lib")
    trouves = list(fournitures(examen(tmp_path, ordinateur(tmp_path, "x64"), bibliotheques_ssv=reglage)))
    assert "La version 1.40.9 des FSV est réglée alors que la 1.40.14" in trouves[1].titre
    return trouves


@declenche("FSV_ABSENT")
def test_reglees_mais_absentes(tmp_path: Path) -> Iterable[Constat]:
    return fournitures(examen(tmp_path, bibliotheques_ssv=str(tmp_path / "nulle-part")))


def test_sans_fsv_rien_a_dire(tmp_path: Path) -> None:
    assert [*fournitures(examen(tmp_path)), *tables_fsv(examen(tmp_path)), *cryptolib(examen(tmp_path))] == []


def test_tables_completes(tmp_path: Path) -> None:
    for arch in ("x86", "x64"):
        installer(tmp_path / arch / "1.40.14", ssv=SSV, sts=STS, srt=SRT)
    assert list(tables_fsv(examen(tmp_path, ordinateur(tmp_path, "x86", "x64")))) == []


@declenche("TABLES_FSV_ABSENTES")
def test_tables_absentes(tmp_path: Path) -> Iterable[Constat]:
    installer(tmp_path / "x64" / "1.40.14", ssv=[], srt=SRT)
    trouves = list(tables_fsv(examen(tmp_path, ordinateur(tmp_path, "x64"))))
    assert [un.objet for un in trouves] == ["ssv", "sts"]
    return trouves


@declenche("TABLES_SRT_VIDES")
def test_tables_srt_vides(tmp_path: Path) -> Iterable[Constat]:
    installer(tmp_path / "x64" / "1.40.14", ssv=SSV, sts=STS, srt=[])
    return tables_fsv(examen(tmp_path, ordinateur(tmp_path, "x64")))


@declenche("TABLES_FSV_INCOMPLETES")
def test_tables_incompletes_d_une_architecture(tmp_path: Path) -> Iterable[Constat]:
    """The case met: 18 of 22 in ssv, 3 of 45 in sts, on the 32-bit side."""
    installer(tmp_path / "x64" / "1.40.14", ssv=SSV, sts=STS, srt=SRT)
    installer(tmp_path / "x86" / "1.40.14", ssv=[nom.upper() for nom in SSV[:18]], sts=STS[:3], srt=SRT)
    trouves = list(tables_fsv(examen(tmp_path, ordinateur(tmp_path, "x86", "x64"))))
    assert [(un.objet, un.titre.split()[2]) for un in trouves] == [("ssv (x86)", "4"), ("sts (x86)", "42")]
    return trouves


@declenche("TABLES_FSV_ABSENTES", "ANTIVIRUS_TABLES")
def test_tables_absentes_et_antivirus(tmp_path: Path) -> Iterable[Constat]:
    installer(tmp_path / "x64" / "1.40.14", ssv=SSV, srt=SRT)
    return tables_fsv(examen(tmp_path, ordinateur(tmp_path, "x64", programmes=["ekrn"])))


@pytest.mark.parametrize("contenu", [b"filiere=galss\r\n", b"[x]\n Filiere = \"GALSS\"\n"])
def test_cryptolib_pour_le_galss(tmp_path: Path, contenu: bytes) -> None:
    @declenche("CRYPTOLIB_GALSS")
    def essai() -> Iterable[Constat]:
        (tmp_path / "cps3_pkcs11.conf").write_bytes(contenu)
        return cryptolib(examen(tmp_path, Ordinateur(places={"cryptolib": [tmp_path / "cps3_pkcs11.conf"]})))

    essai()


@pytest.mark.parametrize("contenu", [b"filiere=pcsc\r\n", b"; filiere=galss\r\n", b"\xff\x00"])
def test_cryptolib_en_pcsc(tmp_path: Path, contenu: bytes) -> None:
    (tmp_path / "cps3_pkcs11.conf").write_bytes(contenu)
    places = {"cryptolib": [tmp_path / "cps3_pkcs11.conf", tmp_path / "absent.conf"]}
    assert list(cryptolib(examen(tmp_path, Ordinateur(places=places)))) == []


@declenche("CRYPTOLIB_PLUSIEURS")
def test_plusieurs_cryptolib(tmp_path: Path) -> Iterable[Constat]:
    logiciels = [Installe("Cryptolib CPS (x86)", "5.2.6"), Installe("Cryptolib CPS", "5.10.1"), Installe("Word", "1")]
    (constat,) = trouves = list(cryptolib(examen(tmp_path, Ordinateur(logiciels=logiciels))))
    assert constat.objet == "5.2.6, 5.10.1"
    return trouves


def test_une_cryptolib_des_deux_architectures(tmp_path: Path) -> None:
    logiciels = [Installe("Cryptolib CPS (x86)", "5.2.6"), Installe("Cryptolib CPS (x64)", "5.2.6")]
    assert list(cryptolib(examen(tmp_path, Ordinateur(logiciels=logiciels)))) == []
