"""Messages a second out of the outbox, against a bare smtplib loop with one synced commit a message.

Same mails (40 kB, the lot of five invoices that weighs that much once signed and encrypted), same server, same TLS,
same disk, in blocks that alternate: the medians are compared, so that a busy machine counts for both. The outbox does
more: the state of the message before and after, its log, its lot, the event of each invoice.
"""

from __future__ import annotations

import base64
import random
import smtplib
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.base.modeles import Evenement, Message
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.teletransmission.bilan import BilanEnvoi
from sesam_desktop.teletransmission.depart import Depart
from sesam_desktop.teletransmission.depot import Lots, NouveauMessage
from tests.outils import certificat
from tests.outils.courrier import MOT_DE_PASSE, UTILISATEUR, ServeurCourrier
from tests.teletransmission.fabrique import INSTANT, SARTHE, courrier, lot, partout, securisee

pytestmark = pytest.mark.banc
MESSAGES, BLOC, FACTURES, TAILLE = 150, 25, 5, 40_000
RAPPORT_MINIMAL = 0.7


@pytest.fixture
def serveur(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """Port and certificate of a server in a process of its own, which stores and syncs before its 250 as any must."""
    pem, cle = certificat.ecrire(tmp_path)
    commande = [sys.executable, "-m", "tests.outils.smtp_scripte", str(pem), str(cle), str(tmp_path / "recus")]
    processus = subprocess.Popen(commande, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert processus.stdin is not None and processus.stdout is not None
    yield int(processus.stdout.readline()), pem
    processus.communicate(timeout=10)


def mail(rang: int) -> bytes:
    """As heavy as a real one, as little compressible, no two alike."""
    corps = base64.encodebytes(random.Random(rang).randbytes(TAILLE * 3 // 4)).replace(b"\n", b"\r\n")
    return b"Message-ID: <%05d@poste.test>\r\nSubject: lot\r\n\r\n" % rang + corps


def remplir(base: Base, factures: Factures) -> None:
    for rang in range(MESSAGES):
        numeros = tuple(factures.prochain_numero() for _ in range(FACTURES))
        with base.transaction():
            for numero in numeros:
                factures.enregistrer(securisee(numero))
            message = NouveauMessage(f"{rang:05d}@poste.test", "RSV", SARTHE.adresse, mail(rang))
            Lots(base).inserer(lot(numeros, f"{rang + 1:03d}", message=message), ecrire_instant(INSTANT))
            factures.faire_avancer(numeros, Etat.EN_LOT)
    Message.update(etat="acquittee").execute()  # each block is made ready in its turn


def boucle_nue(dossier: Path, port: int, ca: Path, mails: list[bytes]) -> float:
    """Seconds: connection, then `sendmail` and one synced commit a message."""
    debut = time.perf_counter()
    base = sqlite3.connect(dossier / "nue.db", isolation_level=None)
    base.executescript(
        "PRAGMA journal_mode=wal; PRAGMA synchronous=full; CREATE TABLE IF NOT EXISTS remis (n INTEGER, t TEXT)"
    )
    with smtplib.SMTP("127.0.0.1", port, local_hostname="[127.0.0.1]", timeout=10) as smtp:
        smtp.starttls(context=ssl.create_default_context(cafile=str(ca)))
        smtp.login(UTILISATEUR, MOT_DE_PASSE)
        assert smtp.sock is not None
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as ours: without it, 40 ms a message
        for rang, octets in enumerate(mails):
            smtp.sendmail("poste@poste.test", [SARTHE.adresse], octets)
            base.execute("INSERT INTO remis VALUES (?, datetime('now'))", (rang,))
    base.close()
    return time.perf_counter() - debut


def notre_boucle(depart: Depart, premier: int) -> float:
    """Seconds for the next block of messages."""
    Message.update(etat="prete").where(Message.id.between(premier + 1, premier + BLOC)).execute()
    debut = time.perf_counter()
    assert depart.envoyer() == BilanEnvoi(remis=BLOC)
    return time.perf_counter() - debut


def comparer(profil: Path, port: int, ca: Path) -> tuple[float, float]:
    """Messages a second, ours and bare: medians over blocks that alternate."""
    nues, notres = [], []
    with Base(profil / "sesam.db") as base:
        factures = Factures(base)
        remplir(base, factures)
        depart = Depart(base, factures, partout(courrier(port, ca=ca)))
        for premier in range(0, MESSAGES, BLOC):
            nues.append(boucle_nue(profil, port, ca, [mail(premier + rang) for rang in range(BLOC)]))
            notres.append(notre_boucle(depart, premier))
        assert Evenement.select().where(Evenement.nom == "transmise").count() == MESSAGES * FACTURES
    return BLOC / median(notres), BLOC / median(nues)


def dire(capsys: pytest.CaptureFixture[str], ou: str, notre: float, nue: float, jugement: str) -> None:
    with capsys.disabled():
        print(f"\ncorbeille, {ou} : {notre:.0f} messages/s ÷ boucle smtplib {nue:.0f} = {notre / nue:.2f} ({jugement})")


@pytest.mark.courrier
def test_contre_boucle_nue_vers_exim(
    profil: Path, serveur_courrier: ServeurCourrier, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is asked: a real submission server."""
    notre, nue = comparer(profil, serveur_courrier.smtp_port, serveur_courrier.certificat)
    dire(capsys, "vers exim4", notre, nue, f"≥ {RAPPORT_MINIMAL}")
    assert notre / nue >= RAPPORT_MINIMAL


def test_contre_boucle_nue_vers_un_puits(
    profil: Path, serveur: tuple[int, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """The hardest case, shown and not judged: a server that does nothing but store, on this disk, at no distance."""
    dire(capsys, "vers un puits local", *comparer(profil, *serveur), "montré, non jugé")
