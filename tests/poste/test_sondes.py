"""The real probes of this computer, and those of a Mac."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from sesam_desktop.poste import sondes_macos, sondes_reelles
from sesam_desktop.poste.sondes import (
    LINUX,
    MACOS,
    WINDOWS,
    Processus,
    Service,
    Systeme,
    SystemeSimule,
    Usb,
)
from sesam_desktop.poste.sondes_linux import SystemeLinux, developper
from sesam_desktop.poste.sondes_macos import SystemeMacos, appareils
from sesam_desktop.poste.sondes_reelles import inscriptible, lire, lister, nom_court, reseau_prive, systeme_reel


def test_le_poste_de_demonstration_n_a_rien_autour(tmp_path: Path) -> None:
    simule: Systeme = SystemeSimule()
    (tmp_path / "f").write_bytes(b"x")
    assert (simule.processus(), simule.ecoutes(), simule.usb(), simule.lecteurs_declares()) == ([], [], None, None)
    assert (simule.service("cartes"), simule.installes(), simule.reglage("vpn")) == (None, [], None)
    assert (simule.emplacements("galss"), simule.lire(tmp_path / "f"), simule.lister(tmp_path)) == ([], b"x", ["f"])
    assert simule.inscriptible(tmp_path)


def test_un_dossier_ou_windows_refuse_d_ecrire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuser(**_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(tempfile, "TemporaryFile", refuser)
    assert os.access(tmp_path, os.W_OK)
    assert not inscriptible(tmp_path)


def test_fichiers(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x")
    assert lire(tmp_path / "absent") is lire(tmp_path) is lire(tmp_path / "f" / "g") is None
    assert lister(tmp_path / "absent") is lister(tmp_path / "f") is None
    assert not inscriptible(tmp_path / "absent")
    assert nom_court("JFSE.EXE") == "jfse"


def test_emplacements_a_motif(tmp_path: Path) -> None:
    for version in ("1.40.13", "1.40.14"):
        (tmp_path / version / "conf").mkdir(parents=True)
        (tmp_path / version / "conf" / "sesam.ini").touch()
    fixe = tmp_path / "sesam.ini"
    trouves = developper((f"{tmp_path}/*/conf/sesam.ini", str(fixe)))
    assert [chemin.parent.parent.name for chemin in trouves[:2]] == ["1.40.13", "1.40.14"]
    assert trouves[2] == fixe


@pytest.mark.skipif(sys.platform != "linux", reason="this computer's own answers")
def test_ce_poste_repond() -> None:
    systeme = systeme_reel()
    assert systeme.nom == LINUX
    assert os.getpid() in {p.pid for p in systeme.processus()}
    assert all(0 < ecoute.port < 65536 for ecoute in systeme.ecoutes())
    assert systeme.reglage("compte") == psutil.Process().username()
    assert systeme.reglage("horloge") in (None, "oui", "non")
    assert systeme.reglage("sac") is None
    assert systeme.emplacements("galss") == [Path("/usr/local/galss/galss.ini")]
    assert systeme.service("certprop") is None
    assert systeme.usb() is None or isinstance(systeme.usb(), list)
    declares = systeme.lecteurs_declares()
    assert declares is None or isinstance(declares, list)


def test_le_bus_d_un_linux(tmp_path: Path) -> None:
    """As sysfs shows a hub and a CCID reader: the class is the interface's."""
    for chemin, texte in {
        "usb1/idVendor": "1d6b", "usb1/idProduct": "0002", "usb1/product": "xHCI Host Controller",
        "1-2/idVendor": "2947", "1-2/idProduct": "0101", "1-2/product": "KAP-LINK",
        "1-2:1.0/bInterfaceClass": "0b", "usb1:1.0/bInterfaceClass": "09",
    }.items():
        (tmp_path / chemin).parent.mkdir(exist_ok=True)
        (tmp_path / chemin).write_text(f"{texte}\n")
    assert SystemeLinux(tmp_path).usb() == [
        Usb("2947", "0101", "kap-link", carte_a_puce=True), Usb("1d6b", "0002", "xhci host controller"),
    ]
    assert SystemeLinux(tmp_path / "absent").usb() is None


@pytest.mark.parametrize(("programmes", "reponse", "attendu"), [
    (["pcscd"], "", Service(en_marche=True)),
    ([], "inactive\nactive\n", Service(en_marche=True)),
    ([], "inactive\ninactive\n", Service(en_marche=False)),
    ([], "System has not been booted with systemd", None),
])
def test_service_d_un_linux(
    monkeypatch: pytest.MonkeyPatch, programmes: list[str], reponse: str, attendu: Service | None
) -> None:
    systeme = SystemeLinux()
    monkeypatch.setattr(systeme, "processus", lambda: [Processus(1, nom) for nom in programmes])
    monkeypatch.setattr("sesam_desktop.poste.sondes_linux.executer", lambda *_: reponse)
    assert systeme.service("cartes") == attendu


def test_linux_sans_systemd(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: str) -> str:
        raise FileNotFoundError

    systeme = SystemeLinux()
    monkeypatch.setattr(systeme, "processus", lambda: [])
    monkeypatch.setattr("sesam_desktop.poste.sondes_linux.executer", absent)
    assert systeme.service("cartes") is None
    assert systeme.reglage("horloge") is None


@pytest.mark.parametrize(("reponse", "attendu"), [("yes\n", "oui"), ("no\n", "non"), ("Failed to connect", None)])
def test_horloge_d_un_linux(monkeypatch: pytest.MonkeyPatch, reponse: str, attendu: str | None) -> None:
    monkeypatch.setattr("sesam_desktop.poste.sondes_linux.executer", lambda *_: reponse)
    assert SystemeLinux().reglage("horloge") == attendu


def test_un_mac(monkeypatch: pytest.MonkeyPatch) -> None:
    arbre = [{"_name": "USB31Bus", "_items": [
        {"_name": "Hub", "vendor_id": "0x05e3  (Genesys)", "product_id": "0x0610", "_items": [
            {"_name": "KAP-LINK", "vendor_id": "0x2947", "product_id": "0x0101"},
        ]},
    ]}]
    reponses = {
        "system_profiler": json.dumps({"SPUSBDataType": arbre}), "spctl": "assessments disabled", "pgrep": "",
        "xattr": "com.apple.quarantine\n",
    }
    monkeypatch.setattr(sondes_macos, "executer", lambda *commande: reponses[commande[0]])
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    monkeypatch.setattr("platform.mac_ver", lambda: ("14.5", ("", "", ""), "arm64"))
    mac = SystemeMacos()
    assert mac.usb() == [Usb("05e3", "0610", "Hub"), Usb("2947", "0101", "KAP-LINK")]
    assert [mac.reglage(nom) for nom in ("gatekeeper", "rosetta", "quarantaine")] == ["non", "non", "oui"]
    assert mac.reglage("version") == "14.5"
    assert (mac.reglage("bureau") or "").endswith("Desktop")
    assert mac.reglage("sac") is None
    assert (mac.nom, mac.emplacements("galss")) == (MACOS, [Path("/Library/Preferences/galss.ini")])
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    assert mac.reglage("rosetta") is None
    assert list(appareils([])) == []


def test_le_systeme_de_chaque_plateforme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert systeme_reel().nom == MACOS
    monkeypatch.setattr(sys, "platform", "win32")
    if os.name != "nt":
        with pytest.raises(ImportError):  # its registry is not here
            systeme_reel()
    assert WINDOWS == "windows"


def test_ports_sans_le_droit_de_les_voir(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuser(_: str) -> None:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil, "net_connections", refuser)
    assert SystemeLinux().ecoutes() == []


def test_reseau_prive(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    etats = {nom: SimpleNamespace(isup=actif) for nom, actif in (("eth0", True), ("tun0", False), ("utun3", True),
                                                                 ("wg0", True))}
    adresses = {"eth0": [2], "tun0": [2], "utun3": [30], "wg0": [2]}
    monkeypatch.setattr(psutil, "net_if_stats", lambda: etats)
    monkeypatch.setattr(
        psutil, "net_if_addrs", lambda: {nom: [SimpleNamespace(family=f) for f in fs] for nom, fs in adresses.items()}
    )
    assert reseau_prive() == "wg0"  # tun0 is down, utun3 has no IPv4 address: macOS always has some
    del etats["wg0"]
    assert reseau_prive() == ""


def test_une_commande_du_systeme_est_bornee(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sondes_reelles.executer(sys.executable, "-c", "print('é')").strip() == "é"
    monkeypatch.setattr(sondes_reelles, "DUREE_COMMANDE_S", 0.2)
    with pytest.raises(subprocess.TimeoutExpired):
        sondes_reelles.executer(sys.executable, "-c", "import time; time.sleep(30)")
