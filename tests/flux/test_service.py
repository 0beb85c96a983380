"""Service messages: bounces made by a real exim, reports written by hand from RFC 3464, automatic answers, fuzz."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.flux import service
from sesam_desktop.flux.service import Genre
from sesam_desktop.noyau.erreurs import FormatInvalide
from tests.outils.exemples import exemples

COURRIELS = Path(__file__).with_name("courriels_service")
ENVOYE = "2026030310153012345@poste.exemple"


def rapport(*destinataires: bytes, retour: bytes = b"Message-ID: <" + ENVOYE.encode() + b">\r\n") -> bytes:
    """A report as RFC 3464 gives it in its examples: words, report, headers of the message."""
    groupes = b"\r\n\r\n".join((b"Reporting-MTA: dns; relais.exemple", *destinataires))
    parties = (
        b"Content-Type: text/plain; charset=utf-8\r\n\r\nVotre message n'a pas \xc3\xa9t\xc3\xa9 remis.\r\n",
        b"Content-Type: message/delivery-status\r\n\r\n" + groupes + b"\r\n",
        b"Content-Type: text/rfc822-headers\r\n\r\n" + retour,
    )
    corps = b"".join(b"--limite\r\n" + p + b"\r\n" for p in parties) + b"--limite--\r\n"
    return (
        b"From: MAILER-DAEMON@relais.exemple\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=limite\r\n\r\n" + corps
    )


def destinataire(action: bytes, statut: bytes, *autres: bytes) -> bytes:
    return b"\r\n".join((b"Final-Recipient: rfc822; 01422@422.01.rss.fr", b"Action: " + action, b"Status: " + statut,
                         *autres))  # fmt: skip


REFUS = destinataire(b"failed", b"5.2.2", b"Diagnostic-Code: smtp; 552 5.2.2 Mailbox full")


@pytest.mark.parametrize(
    ("fichier", "genre", "adresse", "code", "mots"),
    [
        ("exim_echec", Genre.ECHEC, "inconnu@exemple", "5.1.1", "5.1.1 destinataire inconnu"),
        ("exim_retard", Genre.RETARD, "tard@exemple", "4.0.0", "This message was created automatically"),
    ],
)
def test_courriels_d_un_exim_reel(fichier: str, genre: Genre, adresse: str, code: str, mots: str) -> None:
    lu = service.lire((COURRIELS / f"{fichier}.eml").read_bytes())
    assert (lu.genre, lu.destinataire, lu.code, lu.message_id) == (genre, adresse, code, ENVOYE)
    assert lu.rapport
    assert lu.texte.startswith(mots)
    assert lu.de == "Mailer-Daemon@exemple"


def test_rapport_de_la_rfc() -> None:
    lu = service.lire(rapport(REFUS))
    assert lu == service.MessageService(
        Genre.ECHEC, ENVOYE, "01422@422.01.rss.fr", "5.2.2", "552 5.2.2 Mailbox full", "Undelivered",
        "MAILER-DAEMON@relais.exemple", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("action", "statut", "genre"),
    [
        (b"delayed", b"4.4.1", Genre.RETARD),
        (b"delivered", b"2.1.5", Genre.SUCCES),
        (b"Relayed", b"2.0.0", Genre.SUCCES),
        (b"FAILED", b"5.0.0", Genre.ECHEC),
    ],
)
def test_chaque_action(action: bytes, statut: bytes, genre: Genre) -> None:
    lu = service.lire(rapport(destinataire(action, statut)))
    assert (lu.genre, lu.code) == (genre, statut.decode())


def test_le_pire_des_destinataires() -> None:
    lu = service.lire(rapport(destinataire(b"delivered", b"2.1.5"), REFUS))
    assert (lu.genre, lu.code) == (Genre.ECHEC, "5.2.2")


def test_rapport_qui_ne_nomme_aucun_message() -> None:
    lu = service.lire(rapport(REFUS, retour=b"Subject: SV/1\r\n"))
    assert (lu.genre, lu.message_id, lu.code) == (Genre.ECHEC, "", "5.2.2")


def test_message_entier_rendu() -> None:
    rendu = rapport(REFUS).replace(b"text/rfc822-headers", b"message/rfc822")
    assert service.lire(rendu).message_id == ENVOYE
    assert service.lire(rendu + b"x" * 1_000_000).message_id == ENVOYE


def test_ancien_refus_sans_mime() -> None:
    """As exim and qmail wrote them: a header, or only the sender, and words."""
    lu = service.lire(
        b"From: Mail Delivery System <Mailer-Daemon@exemple>\r\nX-Failed-Recipients: a@exemple\r\n"
        b"Subject: Mail delivery failed\r\n\r\n  a@exemple\r\n    550 5.7.1 refus\xe9\r\n\r\n"
        b"Message-ID: <" + ENVOYE.encode() + b">\r\n"
    )
    assert (lu.genre, lu.destinataire, lu.code, lu.message_id) == (Genre.ECHEC, "a@exemple", "5.7.1", ENVOYE)
    assert not lu.rapport
    tard = service.lire(b"From: MAILER-DAEMON@exemple\r\nSubject: Warning: delayed 24 hours\r\n\r\nattente\r\n")
    assert (tard.genre, tard.message_id, tard.texte) == (Genre.RETARD, "", "attente")


def test_reponse_automatique() -> None:
    lu = service.lire(
        b"From: Accueil <accueil@exemple>\r\nAuto-Submitted: auto-replied (vacation)\r\nSubject: absent\r\n"
        b"References: <ancien@x> <" + ENVOYE.encode() + b">\r\n\r\nBureau ferm\xc3\xa9, voir 5.1.1.\r\n"
    )
    assert (lu.genre, lu.message_id, lu.code, lu.de) == (Genre.ABSENCE, ENVOYE, "", "accueil@exemple")
    assert lu.texte == "Bureau fermé, voir 5.1.1."


def test_courrier_de_quelqu_un() -> None:
    lu = service.lire(b"From: a@exemple\r\nContent-Type: text/plain; charset=inconnu\r\n\r\nbonjour\x07 \xe9\r\n")
    assert (lu.genre, lu.message_id, lu.destinataire, lu.texte) == (Genre.INCONNU, "", "", "bonjour é")
    assert service.lire(b"").genre is Genre.INCONNU


def test_rapport_sans_action_connue() -> None:
    lu = service.lire(rapport(destinataire(b"inventee", b"9.9.9")))
    assert (lu.genre, lu.message_id) == (Genre.ECHEC, ENVOYE)  # the robot's name remains


def test_trop_de_parties() -> None:
    with pytest.raises(FormatInvalide):
        service.lire(b"Content-Type: multipart/mixed; boundary=a\r\n" * 20)


@given(octets=st.binary(max_size=300))
def test_octets_quelconques(octets: bytes) -> None:
    assert service.lire(octets).genre in Genre


@exemples(40)
@given(donnees=st.data())
def test_rapport_mute(donnees: st.DataObject) -> None:
    octets = bytearray(rapport(REFUS))
    for _ in range(donnees.draw(st.integers(1, 12))):
        octets[donnees.draw(st.integers(0, len(octets) - 1))] = donnees.draw(st.integers(0, 255))
    with contextlib.suppress(FormatInvalide):
        assert service.lire(bytes(octets)).texte.isprintable()
