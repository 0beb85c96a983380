"""Clients of the frontal made of the standard library only, and a stand-in for its judgement."""

from __future__ import annotations

import poplib
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sesam_desktop.frontal.recus import Arrivee, Conclusion, Envoi, LotRecu
from sesam_desktop.frontal.serveurs import MOT_DE_PASSE, UTILISATEUR, Frontal

ADRESSE = "01422@422.01.rss.fr"


class JugeEcho:
    """Accepts every message as a lot of its own and answers one mail."""

    def __init__(self, registre: object, scenario: object, cles: object) -> None:
        del registre, scenario, cles

    def juger(self, arrivee: Arrivee) -> Conclusion:
        lot = LotRecu("FSE", "01", "422", "00000", f"{arrivee.numero:03d}", "261122", arrivee.empreinte)
        return Conclusion("traite", lot=lot, reponses=(Envoi(b"Subject: re\r\n\r\n.point\r\nfin\r\n"),))


def message(identifiant: str = "<1@test.invalid>", corps: str = "bonjour") -> bytes:
    entete = f"From: poste@test.invalid\r\nTo: {ADRESSE}\r\nMessage-ID: {identifiant}\r\nSubject: essai\r\n\r\n"
    return (entete + corps + "\r\n").encode()


def contexte(frontal: Frontal) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(frontal.certificat_tls))


@contextmanager
def smtp(frontal: Frontal, mot_de_passe: str | None = MOT_DE_PASSE) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", frontal.smtp_port, timeout=10) as client:
        client.starttls(context=contexte(frontal))
        if mot_de_passe is not None:
            client.login(UTILISATEUR, mot_de_passe)
        yield client


@contextmanager
def pop(frontal: Frontal, mot_de_passe: str = MOT_DE_PASSE) -> Iterator[poplib.POP3_SSL]:
    client = poplib.POP3_SSL("127.0.0.1", frontal.pop_port, context=contexte(frontal), timeout=10)
    try:
        client.user(UTILISATEUR)
        client.pass_(mot_de_passe)
        yield client
    finally:
        client.close()


def envoyer(frontal: Frontal, octets: bytes) -> None:
    with smtp(frontal) as client:
        client.sendmail("poste@test.invalid", [ADRESSE], octets)


def boite(frontal: Frontal) -> list[bytes]:
    """Mails of the mailbox, left there."""
    with pop(frontal) as client:
        nombre = client.stat()[0]
        return [b"\r\n".join(client.retr(rang)[1]) + b"\r\n" for rang in range(1, nombre + 1)]


def attendre(condition: Callable[[], bool], delai: float = 10) -> None:
    fin = time.monotonic() + delai
    while not condition():
        assert time.monotonic() < fin, "délai dépassé"
        time.sleep(0.01)
