"""Finding and loading a module: missing, damaged, of another bitness, hung. No card is needed for that."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pkcs11 import _pkcs11

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation import pkcs11_module
from sesam_desktop.securisation.pkcs11 import SignatairePkcs11
from sesam_desktop.securisation.pkcs11_module import emplacements_usuels, trouver_module

CODE = "4731"


def _refus(module: Path, delai: float = 10.0) -> ErreurConnue:
    with pytest.raises(ErreurConnue) as refus:
        SignatairePkcs11(module, CODE, delai=delai)
    assert refus.value.action
    assert CODE not in refus.value.phrase()
    return refus.value


def test_module_absent(tmp_path: Path) -> None:
    refus = _refus(tmp_path / "absent.so")
    assert (refus.code, refus.ou) == ("MODULE_PKCS11_ABSENT", str(tmp_path / "absent.so"))


def test_ce_qui_n_est_pas_une_bibliotheque(tmp_path: Path) -> None:
    (tmp_path / "faux.so").write_bytes(b"rien")
    assert _refus(tmp_path / "faux.so").code == "BIBLIOTHEQUE_ILLISIBLE"


def test_une_bibliotheque_qui_n_est_pas_un_module_pkcs11(tmp_path: Path) -> None:
    autre = Path(shutil.copy(_pkcs11.__file__, tmp_path))
    assert _refus(autre).code == "MODULE_PKCS11_ABSENT"


def test_un_module_de_32_bits_est_nomme(tmp_path: Path) -> None:
    entete = bytearray(Path(_pkcs11.__file__).read_bytes()[:4096])
    entete[4], entete[18:20] = 1, (3).to_bytes(2, "little")  # ELFCLASS32, EM_386
    (tmp_path / "ancien.so").write_bytes(entete)
    refus = _refus(tmp_path / "ancien.so")
    assert refus.code == "BIBLIOTHEQUE_AUTRE_ARCHITECTURE"
    assert "x86 (32 bits)" in refus.message


@pytest.fixture
def lent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if shutil.which("gcc") is None:
        pytest.skip("pas de compilateur gcc sur cette machine")
    monkeypatch.setenv("PKCS11_LENT", "1500")
    source, module = Path(__file__).with_name("pkcs11_lent.c"), tmp_path / "lent.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", str(module), str(source)], check=True, capture_output=True)
    return module


def test_un_module_qui_ne_revient_pas_puis_qui_revient(lent: Path) -> None:
    debut = time.monotonic()
    assert _refus(lent, delai=0.2).code == "MODULE_PKCS11_SANS_REPONSE"
    assert _refus(lent).code == "MODULE_PKCS11_SANS_REPONSE"  # at once: the thread has not come back
    assert time.monotonic() - debut < 1.4
    while (code := _refus(lent).code) == "MODULE_PKCS11_SANS_REPONSE":
        assert time.monotonic() - debut < 10
        time.sleep(0.05)
    assert code == "MODULE_PKCS11_ABSENT"  # it answers, and refuses to start


def test_le_module_du_reglage_prime_meme_absent(tmp_path: Path) -> None:
    usuel = tmp_path / "usuel.so"
    usuel.touch()
    assert trouver_module(str(tmp_path / "regle.so"), [usuel]) == tmp_path / "regle.so"
    assert trouver_module("", [tmp_path / "absent.so", usuel]) == usuel
    assert trouver_module("", []) is None


@pytest.mark.parametrize(
    ("systeme", "bits", "attendu"),
    [
        ("win32", 64, "cps3_pkcs11_w64.dll"),
        ("win32", 32, "cps3_pkcs11_w32.dll"),
        ("darwin", 64, "/usr/local/lib/libcps3_pkcs11_osx.dylib"),
        ("linux", 64, "/usr/local/galss/libcps3_pkcs11_lux.so"),
    ],
)
def test_les_emplacements_usuels(systeme: str, bits: int, attendu: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", systeme)
    monkeypatch.setattr(pkcs11_module.struct, "calcsize", lambda _: bits // 8)
    assert str(emplacements_usuels()[0]).endswith(attendu)
