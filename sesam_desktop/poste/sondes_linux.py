"""Questions that only Linux answers this way."""

from __future__ import annotations

from pathlib import Path

from .sondes import LINUX, Service, Usb
from .sondes_reelles import SystemeCommun, executer, lire, lister

_BUS = Path("/sys/bus/usb/devices")
_UNITES = {"cartes": ("pcscd.service", "pcscd.socket")}
_CLASSE_CARTE_A_PUCE = "0b"
_EMPLACEMENTS = {
    "fsv_x64": ("/opt/santesocial/fsv",),
    "cryptolib": ("/etc/opt/santesocial/CPS/cps3_pkcs11.conf", "/etc/cps3_pkcs11.conf"),
}


class SystemeLinux(SystemeCommun):
    """Linux: the bus by sysfs, services by their process or by systemd."""

    nom, plateforme = LINUX, "linux"

    def __init__(self, bus: Path = _BUS) -> None:
        self._bus = bus

    def usb(self) -> list[Usb] | None:
        noms = lister(self._bus)
        if noms is None:
            return None
        appareils = [nom for nom in noms if ":" not in nom and _texte(self._bus / nom / "idVendor")]
        return [self._appareil(nom, noms) for nom in appareils]

    def service(self, nom: str) -> Service | None:
        if nom not in _UNITES:
            return None
        if any(p.nom == "pcscd" for p in self.processus()):
            return Service(en_marche=True)
        try:
            etats = executer("systemctl", "is-active", *_UNITES[nom]).split()
        except OSError:
            return None  # no systemd: nobody can tell
        return Service(en_marche="active" in etats) if set(etats) & {"active", "inactive", "failed"} else None

    def reglage(self, nom: str) -> str | None:
        if nom == "horloge":
            return _horloge()
        return super().reglage(nom)

    def emplacements(self, nom: str) -> list[Path]:
        return developper(_EMPLACEMENTS[nom]) if nom in _EMPLACEMENTS else super().emplacements(nom)

    def _appareil(self, nom: str, noms: list[str]) -> Usb:
        dossier = self._bus / nom
        interfaces = [self._bus / autre / "bInterfaceClass" for autre in noms if autre.startswith(f"{nom}:")]
        carte = any(_texte(interface) == _CLASSE_CARTE_A_PUCE for interface in interfaces)
        return Usb(_texte(dossier / "idVendor"), _texte(dossier / "idProduct"), _texte(dossier / "product"), carte)


def developper(motifs: tuple[str, ...]) -> list[Path]:
    """Paths of these patterns; a pattern without ``*`` is kept even when nothing is there."""
    chemins: list[Path] = []
    for motif in motifs:
        modele = Path(motif)
        if "*" in motif:
            chemins += sorted(Path(modele.anchor).glob(str(modele.relative_to(modele.anchor))))
        else:
            chemins.append(modele)
    return chemins


def _texte(chemin: Path) -> str:
    return (lire(chemin) or b"").decode(errors="replace").strip().lower()


def _horloge() -> str | None:
    try:
        reponse = executer("timedatectl", "show", "--property=NTP", "--value").strip()
    except OSError:
        return None
    return {"yes": "oui", "no": "non"}.get(reponse)
