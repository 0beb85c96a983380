"""The real computer, as psutil and its files tell it; each platform adds its own questions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sesam_desktop.noyau.erreurs import ErreurConnue

from .sondes import Ecoute, Installe, Processus, Service, Systeme, Usb

_IPV4 = 2  # of every platform
DUREE_COMMANDE_S = 8  # less than a probe's cap, so that the command is killed and not left behind


class SystemeCommun:
    """What is asked the same way everywhere. Platforms refine the rest."""

    nom = ""
    plateforme = ""  # as sys.platform writes it

    def processus(self) -> list[Processus]:
        import psutil

        vus = psutil.process_iter(("pid", "name", "exe"))
        return [Processus(p.info["pid"], nom_court(p.info["name"] or ""), p.info["exe"] or "") for p in vus]

    def ecoutes(self) -> list[Ecoute]:
        """Without the right to look at every program, only this account's own ports are seen (macOS)."""
        import psutil

        try:
            connexions = psutil.net_connections("tcp")
        except psutil.AccessDenied:
            return []
        noms = {p.pid: p.nom for p in self.processus()}
        vues = {(c.laddr.port, noms.get(c.pid or 0, "")) for c in connexions if c.status == psutil.CONN_LISTEN}
        return [Ecoute(port, programme) for port, programme in sorted(vues)]

    def usb(self) -> list[Usb] | None:
        return None

    def lecteurs_declares(self) -> list[str] | None:
        from sesam_desktop.lecteurs import pcsc_etats

        try:
            return pcsc_etats.declares()
        except ErreurConnue:
            return None  # the service is stopped: its own check says so

    def service(self, nom: str) -> Service | None:
        return None

    def installes(self) -> list[Installe]:
        return []

    def reglage(self, nom: str) -> str | None:
        if nom == "vpn":
            return reseau_prive()
        if nom == "compte":
            import psutil

            return psutil.Process().username()
        return None

    def emplacements(self, nom: str) -> list[Path]:
        from sesam_desktop.lecteurs.galss import emplacements

        if nom == "galss":
            return [emplacements.galss_ini(self.plateforme)]
        return emplacements.sesam_ini(self.plateforme) if nom == "sesam" else []

    def lire(self, chemin: Path) -> bytes | None:
        return lire(chemin)

    def lister(self, dossier: Path) -> list[str] | None:
        return lister(dossier)

    def inscriptible(self, chemin: Path) -> bool:
        return inscriptible(chemin)


def systeme_reel() -> Systeme:
    """This computer."""
    if sys.platform == "win32":
        from .sondes_windows import SystemeWindows

        return SystemeWindows()
    if sys.platform == "darwin":
        from .sondes_macos import SystemeMacos

        return SystemeMacos()
    from .sondes_linux import SystemeLinux

    return SystemeLinux()


def nom_court(nom: str) -> str:
    """``JFSE.EXE`` → ``jfse``."""
    return nom.lower().removesuffix(".exe")


def executer(*commande: str) -> str:
    """What a command of the system prints, whatever its status. Raises OSError or SubprocessError."""
    fait = subprocess.run(  # noqa: S603 - fixed commands of the system, no word of the user
        commande, capture_output=True, timeout=DUREE_COMMANDE_S, check=False, stdin=subprocess.DEVNULL
    )
    return (fait.stdout + fait.stderr).decode(errors="replace")


def reseau_prive() -> str:
    """Name of an open virtual private network (with an IPv4 address), "" when none is."""
    import psutil

    prefixes = ("tun", "tap", "wg", "ppp", "utun", "wireguard", "openvpn", "tailscale", "nordlynx")
    adresses = psutil.net_if_addrs()
    for nom, etat in psutil.net_if_stats().items():
        ouvert = etat.isup and any(int(a.family) == _IPV4 for a in adresses.get(nom, []))
        if ouvert and nom.lower().startswith(prefixes):
            return nom
    return ""


def lire(chemin: Path) -> bytes | None:
    try:
        return chemin.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def lister(dossier: Path) -> list[str] | None:
    try:
        return sorted(entree.name for entree in dossier.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return None


def inscriptible(chemin: Path) -> bool:
    """A folder by writing in it: Windows calls any folder writable."""
    from sesam_desktop.lecteurs.galss.sesam_ini import Disque

    return Disque().est_inscriptible(str(chemin)) if chemin.is_dir() else os.access(chemin, os.W_OK)
