"""Finding, checking, loading and initialising the libraries; each platform's names."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path

import pytest

from sesam_desktop.securisation import bibliotheque, ssv_prototypes

from .banc_ssv import CODE, Banc, refuse


def test_le_sesam_ini_du_reglage_est_celui_qui_est_lu(banc: Banc) -> None:
    sesam = banc.dossier / "sésam.ini"
    sesam.write_text("[COMMUN]\n")
    pont = banc.ouvrir(sesam_ini=sesam)
    assert banc.appels() == [f"SSV_InitLIB2 {sesam}"]
    assert pont.choisit_sesam_ini
    pont.fermer()


def test_une_ancienne_bibliotheque_choisit_elle_meme_son_sesam_ini(banc: Banc) -> None:
    banc.installer("ancienne")
    sesam = banc.dossier / "sesam.ini"
    sesam.write_text("[COMMUN]\n")
    pont = banc.ouvrir(sesam_ini=sesam)
    assert banc.appels() == ["SSV_InitLIB"]
    assert not pont.choisit_sesam_ini
    assert pont.lire_carte_ps(CODE).situations
    pont.fermer()


def test_un_sesam_ini_absent_est_dit_avant_de_charger(banc: Banc) -> None:
    refus = refuse(lambda: banc.ouvrir(sesam_ini=banc.dossier / "absent.ini"))
    assert (refus.code, (banc.dossier / "appels.txt").exists()) == ("SESAM_INI_ABSENT", False)


def test_deja_initialisee_est_terminee_puis_reprise(banc: Banc) -> None:
    (banc.dossier / "initialisee").touch()
    pont = banc.ouvrir()
    assert banc.appels() == ["SSV_InitLIB", "SSV_TermLIB", "SSV_InitLIB"]
    pont.fermer()


@pytest.mark.parametrize(("code", "attendu"), [("F680", "SSV_F680"), ("F610", "SSV_F610"), ("F6F1", "SSV_F6F1")])
def test_une_initialisation_refusee(banc: Banc, code: str, attendu: str) -> None:
    banc.repondre("SSV_InitLIB", code)
    assert refuse(banc.ouvrir).code == attendu


@pytest.mark.parametrize("absente", ["libsgdlux.so", "libssvlux.so"])
def test_bibliotheque_absente(banc: Banc, absente: str) -> None:
    (banc.dossier / absente).unlink()
    refus = refuse(banc.ouvrir)
    assert (refus.code, refus.ou) == ("BIBLIOTHEQUE_ABSENTE", str(banc.dossier / absente))


def test_bibliotheque_d_une_autre_architecture(banc: Banc) -> None:
    """A 32-bit library is refused by name before the system's loader is asked."""
    chemin = banc.dossier / "libssvlux.so"
    entete = bytearray(chemin.read_bytes())
    entete[4], entete[18:20] = 1, (3).to_bytes(2, "little")  # ELFCLASS32, EM_386
    chemin.write_bytes(entete)
    refus = refuse(banc.ouvrir)
    assert refus.code == "BIBLIOTHEQUE_AUTRE_ARCHITECTURE"
    assert "Linux x86 (32 bits)" in refus.message


def test_bibliotheque_sans_les_fonctions_publiees(banc: Banc) -> None:
    banc.installer("vide")
    refus = refuse(banc.ouvrir)
    assert refus.code == "BIBLIOTHEQUE_INCOMPLETE"
    assert "SIS_LireCartePS" in refus.message


def test_bibliotheque_que_le_systeme_refuse(banc: Banc) -> None:
    """A library whose own dependencies are not on the machine."""
    chemin = banc.dossier / "libssvlux.so"
    composant = Path(shutil.copy(banc.dossier / "libsgdlux.so", banc.dossier / "composant.so"))
    commande = ["gcc", "-shared", "-fPIC", "-Wl,--no-as-needed", "-o", str(chemin), str(composant)]
    subprocess.run(commande, check=True, capture_output=True)
    composant.unlink()
    assert refuse(banc.ouvrir).code == "BIBLIOTHEQUE_NON_CHARGEE"


@pytest.mark.parametrize(
    ("systeme", "bits", "noms"),
    [
        ("win32", 32, ["sgdw32.dll", "ssvw32.dll"]),
        ("win32", 64, ["sgdw64.dll", "ssvw64.dll"]),
        ("darwin", 64, ["sgdosx.framework/sgdosx", "ssvosx.framework/ssvosx"]),
        ("linux", 64, ["libsgdlux.so", "libssvlux.so"]),
        ("openbsd7", 64, ["libsgdlux.so", "libssvlux.so"]),
    ],
)
def test_les_noms_de_chaque_systeme(
    tmp_path: Path, systeme: str, bits: int, noms: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssv_prototypes.sys, "platform", systeme)
    monkeypatch.setattr(ssv_prototypes.ctypes, "sizeof", lambda _: bits // 8)
    monkeypatch.setattr(ssv_prototypes, "exiger_chargeable", lambda chemin, action: None)
    assert ssv_prototypes.trouver(tmp_path) == tuple(tmp_path / nom for nom in noms)


def test_la_bibliotheque_de_l_autre_taille_est_nommee(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FSV of 32 bits beside a 64-bit program: the usual case in the field."""
    monkeypatch.setattr(ssv_prototypes.sys, "platform", "win32")
    ici = bibliotheque.Binaire("Windows", frozenset({"x86_64"}))
    monkeypatch.setattr(bibliotheque, "ce_processus", lambda: ici)
    pe = b"MZ".ljust(0x3C, b"\0") + (0x40).to_bytes(4, "little") + b"PE\0\0" + (0x014C).to_bytes(2, "little")
    (tmp_path / "sgdw32.dll").write_bytes(pe)
    refus = refuse(lambda: ssv_prototypes.trouver(tmp_path))
    assert (refus.code, refus.ou) == ("BIBLIOTHEQUE_AUTRE_ARCHITECTURE", str(tmp_path / "sgdw32.dll"))
    assert "Windows x86 (32 bits)" in refus.message


def test_sous_windows_la_convention_est_stdcall(monkeypatch: pytest.MonkeyPatch) -> None:
    chargees = []
    monkeypatch.setattr(ssv_prototypes.sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "WinDLL", lambda nom, winmode: chargees.append((nom, winmode)), raising=False)
    ssv_prototypes._charger(Path("ssvw32.dll"))
    assert chargees == [("ssvw32.dll", 0x8)]
