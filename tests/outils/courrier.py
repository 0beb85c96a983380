"""A real mail server for tests: Debian's exim4 (submission) and dovecot (POP3 and IMAP), in a temporary folder.

Every recipient has a mailbox named after its local part; `UTILISATEUR` sends, any mailbox is read with `MOT_DE_PASSE`.
"""

from __future__ import annotations

import os
import poplib
import pwd
import shutil
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.outils import certificat

ICI = Path(__file__).parent
UTILISATEUR = "poste"
MOT_DE_PASSE = "mot-de-passe-de-test"
COMPTE = "vmail"
_PROGRAMMES = ("exim4", "dovecot", "useradd")


@dataclass
class ServeurCourrier:
    """The running pair. `certificat` is the self-signed authority clients must trust."""

    dossier: Path
    smtp_port: int
    pop_port: int
    lmtp_port: int
    smtps_port: int                # TLS from the first byte, as `pop_port` and `imap_port`
    pop_clair_port: int            # STLS
    imap_port: int
    imap_clair_port: int           # STARTTLS
    processus: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def certificat(self) -> Path:
        return self.dossier / "certificat.pem"

    def deposer(self, boite: str, octets: bytes) -> None:
        """Put a message in `boite`, through the submission server."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=10) as smtp:
            smtp.starttls(context=ssl.create_default_context(cafile=str(self.certificat)))
            smtp.login(UTILISATEUR, MOT_DE_PASSE)
            smtp.sendmail("frontal@caisse.test", [f"{boite}@poste.test"], octets)

    def contenu(self, boite: str, attendus: int, delai: float = 10.0) -> list[bytes]:
        """Messages of `boite`, waiting until at least `attendus` are there (delivery is asynchronous)."""
        fin = time.monotonic() + delai
        while len(messages := self._lire(boite)) < attendus and time.monotonic() < fin:
            time.sleep(0.1)
        return messages

    def vider(self, *boites: str) -> None:
        """Delete every message of these mailboxes."""
        for boite in boites:
            with self._pop(boite) as pop:
                for rang in range(1, pop.stat()[0] + 1):
                    pop.dele(rang)

    def _lire(self, boite: str) -> list[bytes]:
        with self._pop(boite) as pop:
            return [b"\r\n".join(pop.retr(rang)[1]) + b"\r\n" for rang in range(1, pop.stat()[0] + 1)]

    def _pop(self, boite: str) -> _Pop:
        contexte = ssl.create_default_context(cafile=str(self.certificat))
        pop = _Pop("127.0.0.1", self.pop_port, context=contexte, timeout=10)
        pop.user(boite)
        pop.pass_(MOT_DE_PASSE)
        return pop


class _Pop(poplib.POP3_SSL):
    """Leaves with QUIT, so that deletions count."""

    def __enter__(self) -> _Pop:
        return self

    def __exit__(self, *_: object) -> None:
        self.quit()


def demarrer() -> ServeurCourrier:
    """Start both daemons and wait until they answer."""
    dossier = Path(tempfile.mkdtemp(prefix="sesam-courrier-"))
    serveur = ServeurCourrier(dossier, *_ports(7))
    try:
        _preparer(serveur)
        _lancer(serveur, "dovecot", "-F", "-c", str(dossier / "dovecot.conf"))
        _lancer(serveur, "exim4", "-C", str(dossier / "exim.conf"), "-bdf", "-q1m")
        for port in (serveur.pop_port, serveur.imap_port, serveur.lmtp_port, serveur.smtp_port):
            _attendre(serveur, port)
    except BaseException:
        arreter(serveur)
        raise
    return serveur


def arreter(serveur: ServeurCourrier) -> None:
    """Stop what was started and remove its folder."""
    for processus in reversed(serveur.processus):
        processus.terminate()
        try:
            processus.wait(10)
        except subprocess.TimeoutExpired:
            processus.kill()
            processus.wait()
    shutil.rmtree(serveur.dossier, ignore_errors=True)


@pytest.fixture(scope="session")
def serveur_courrier() -> Iterator[ServeurCourrier]:
    """One mail server for the whole session; skipped where it cannot run."""
    if raison := _empechement():
        pytest.skip(raison)
    serveur = demarrer()
    yield serveur
    arreter(serveur)


def _empechement() -> str:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "exim4 et dovecot ne se lancent ici qu'en root"
    manquants = [nom for nom in _PROGRAMMES if _programme(nom) is None]
    return f"programmes absents : {', '.join(manquants)}" if manquants else ""


def _programme(nom: str) -> str | None:
    return shutil.which(nom, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def _preparer(serveur: ServeurCourrier) -> None:
    dossier = serveur.dossier
    _compte()
    dossier.chmod(0o755)
    for nom in ("exim/spool", "exim/log", "dovecot/run", "dovecot/etat", "boites"):
        (dossier / nom).mkdir(parents=True)
    shutil.chown(dossier / "boites", COMPTE, COMPTE)
    if _existe("Debian-exim"):
        for nom in ("exim", "exim/spool", "exim/log"):
            shutil.chown(dossier / nom, "Debian-exim", "Debian-exim")
    _certificat(dossier)
    _configurer(serveur, "exim.conf")
    _configurer(serveur, "dovecot.conf")


def _compte() -> None:
    if not _existe(COMPTE):
        subprocess.run([_programme("useradd"), "--system", "--no-create-home", "--user-group", COMPTE], check=True)


def _existe(compte: str) -> bool:
    return any(entree.pw_name == compte for entree in pwd.getpwall())


def _certificat(dossier: Path) -> None:
    _, cle = certificat.ecrire(dossier)
    if _existe("Debian-exim"):
        shutil.chown(cle, "Debian-exim", "Debian-exim")


def _configurer(serveur: ServeurCourrier, nom: str) -> None:
    valeurs = {
        "DOSSIER": str(serveur.dossier),
        "PORT_SMTP": str(serveur.smtp_port),
        "PORT_POP": str(serveur.pop_port),
        "PORT_LMTP": str(serveur.lmtp_port),
        "PORT_SMTPS": str(serveur.smtps_port),
        "PORT_POP_CLAIR": str(serveur.pop_clair_port),
        "PORT_IMAP": str(serveur.imap_port),
        "PORT_IMAP_CLAIR": str(serveur.imap_clair_port),
        "UTILISATEUR": UTILISATEUR,
        "MOT_DE_PASSE": MOT_DE_PASSE,
        "COMPTE": COMPTE,
    }
    texte = (ICI / nom).read_text(encoding="utf-8")
    for cle, valeur in valeurs.items():
        texte = texte.replace(f"@{cle}@", valeur)
    (serveur.dossier / nom).write_text(texte, encoding="utf-8")


def _lancer(serveur: ServeurCourrier, nom: str, *arguments: str) -> None:
    sortie = (serveur.dossier / f"{nom}.sortie").open("wb")
    with sortie:
        commande = [str(_programme(nom)), *arguments]
        serveur.processus.append(subprocess.Popen(commande, stdout=sortie, stderr=subprocess.STDOUT))


def _ports(combien: int) -> list[int]:
    prises = [socket.create_server(("127.0.0.1", 0)) for _ in range(combien)]
    ports = [prise.getsockname()[1] for prise in prises]
    for prise in prises:
        prise.close()
    return ports


def _attendre(serveur: ServeurCourrier, port: int, delai: float = 15.0) -> None:
    fin = time.monotonic() + delai
    while time.monotonic() < fin:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    journaux = [f.read_text(errors="replace")[-500:] for f in serveur.dossier.glob("*.sortie")]
    raise RuntimeError(f"le serveur de courrier ne répond pas sur le port {port} : {journaux}")
