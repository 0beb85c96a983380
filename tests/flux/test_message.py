"""MIME messages: composed as the profile says, read back, and every hostile shape refused within bounds."""

from __future__ import annotations

import base64
import contextlib
import gzip
import tracemalloc
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.flux import message
from sesam_desktop.noyau.erreurs import FormatInvalide
from tests.outils.exemples import exemples

STAMP = "2026030210203000001"
ADRESSAGE = message.Adressage(
    de="cabinet@poste.exemple",
    a="01721@721.01.rss.exemple",
    sujet=message.sujet("999000011", STAMP, 2),
    message_id=f"{STAMP}@poste.exemple",
    date=datetime(2026, 3, 2, 10, 20, 30, tzinfo=UTC),
)


def test_sujet() -> None:
    assert ADRESSAGE.sujet == f"SV/00000999000011/{STAMP}/00002"
    assert message.lire_sujet(f" {ADRESSAGE.sujet}\r\n") == ("00000999000011", STAMP, 2)


def test_sujet_iris() -> None:
    """IR, version, 14, 19 and 5 digits; one of the two known senders leaves the version out."""
    ecrit = message.sujet("999000011", STAMP, 2, "IRIS")
    assert ecrit == f"IR100500/00000999000011/{STAMP}/00002"
    for lu in (ecrit, ecrit.replace("100500", "")):
        assert message.lire_sujet(lu) == ("00000999000011", STAMP, 2)


@pytest.mark.parametrize("faux", ["", "SV/1/2/3", "XX/00000999000011/2026030210203000001/00002"])
def test_sujet_illisible(faux: str) -> None:
    with pytest.raises(FormatInvalide):
        message.lire_sujet(faux)


@pytest.mark.parametrize(("emetteur", "stamp", "nombre"), [("x", STAMP, 1), ("1", "20", 1), ("1", STAMP, 100_000)])
def test_sujet_impossible(emetteur: str, stamp: str, nombre: int) -> None:
    with pytest.raises(FormatInvalide):
        message.sujet(emetteur, stamp, nombre)


def test_entetes_du_profil() -> None:
    octets = message.composer("FSE", b"000", ADRESSAGE, securite=b"{}", test=True)
    entetes, _, corps = octets.partition(b"\r\n\r\n")
    assert f"Message-ID: <{STAMP}@poste.exemple>".encode() in entetes
    assert f"Subject: SV/00000999000011/{STAMP}/00002".encode() in entetes
    assert b"Date: Mon, 02 Mar 2026 10:20:30 +0000" in entetes
    assert b"Content-Type: multipart/mixed" in entetes
    assert corps.count(b"Content-Type: application/EDI-consent") == 1
    assert corps.count(b"Content-Type: application/x-sesam-securisation") == 1
    assert b"Content-Description: SESAMTEST/FSE/Z" in corps


@pytest.mark.parametrize(
    ("genre", "test", "comprime", "description"),
    [
        ("FSE", False, True, b"SESAM/FSE/Z"),
        ("FSE", False, False, b"SESAM/FSE\r\n"),
        ("DRE", True, True, b"SESAMTEST/DRE/Z"),
        ("ARL", False, False, b"SESAM/ARL\r\n"),
        ("NOEMIE", False, True, b"SESAM/NOEMIE/Z"),
        ("SCOR", False, True, b"SCOR/PJ/Z"),
        ("SCOR", True, True, b"SCORTEST/PJ/Z"),
        ("IRIS", False, False, b"IRIS/B2\r\n"),
        ("IRIS", False, True, b"IRIS/B2/Z"),
        ("IRIS", True, True, b"IRISTEST/B2/Z"),
    ],
)
def test_chaque_genre_se_relit(genre: str, test: bool, comprime: bool, description: bytes) -> None:
    octets = message.composer(genre, b"contenu" * 50, ADRESSAGE, test=test, comprime=comprime)
    assert b"Content-Description: " + description in octets
    lu = message.lire(octets)
    assert (lu.genre, lu.test, lu.contenu, lu.securite) == (genre, test, b"contenu" * 50, None)
    assert (lu.sujet, lu.message_id, lu.date, lu.de) == (
        ADRESSAGE.sujet, ADRESSAGE.message_id, ADRESSAGE.date, ADRESSAGE.de,
    )


def test_composer_est_reproductible_et_a_lignes_crlf() -> None:
    octets = message.composer("FSE", b"\x00" * 10_000, ADRESSAGE, securite=b"{}")
    assert octets == message.composer("FSE", b"\x00" * 10_000, ADRESSAGE, securite=b"{}")
    assert octets.count(b"\n") == octets.count(b"\r\n")
    assert max(map(len, octets.split(b"\r\n"))) < 998


@given(contenu=st.binary(max_size=500), securite=st.none() | st.binary(max_size=200), comprime=st.booleans())
def test_aller_retour(contenu: bytes, securite: bytes | None, comprime: bool) -> None:
    lu = message.lire(message.composer("FSE", contenu, ADRESSAGE, securite=securite, comprime=comprime))
    assert (lu.contenu, lu.securite) == (contenu, securite)


@pytest.mark.parametrize("genre", ["", "fse", "FSE/../X"])
def test_genre_impossible(genre: str) -> None:
    with pytest.raises(FormatInvalide) as refus:
        message.composer(genre, b"", ADRESSAGE)
    assert refus.value.code == "GENRE_INCONNU"


@pytest.mark.parametrize("sujet", ["a\r\nBcc: tiers@exemple", "é", "a\x00"])
def test_injection_d_entete_refusee(sujet: str) -> None:
    piege = message.Adressage("a@b", "c@d", sujet, "x@y", datetime(2026, 3, 2, tzinfo=UTC))
    with pytest.raises(FormatInvalide) as refus:
        message.composer("FSE", b"", piege)
    assert refus.value.code == "ENTETE"


def test_adressage_sans_date() -> None:
    with pytest.raises(FormatInvalide):
        message.lire_adressage(b"Subject: x\r\nDate: jamais\r\n\r\n")


def _partie(corps: bytes, description: str = "SESAM/ARL", codage: str = "base64") -> bytes:
    return (
        f"Content-Type: application/EDI-consent\r\nContent-Transfer-Encoding: {codage}\r\n"
        f"Content-Description: {description}\r\n\r\n"
    ).encode() + corps


def test_partie_unique_sans_multipart() -> None:
    lu = message.lire(_partie(base64.b64encode(b"000 arl")))
    assert (lu.genre, lu.contenu, lu.date, lu.message_id) == ("ARL", b"000 arl", None, "")


def _multipart(*parties: bytes) -> bytes:
    corps = b"".join(b"--a\r\n" + partie + b"\r\n" for partie in parties)
    return b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + corps + b"--a--\r\n"


_SECURISATION = b"Content-Type: application/x-sesam-securisation\r\nContent-Transfer-Encoding: base64\r\n\r\ne30="
BOMBE = zlib.compressobj(9, zlib.DEFLATED, 31)
_BOMBE = b"".join(BOMBE.compress(b"\x00" * 1_000_000) for _ in range(200)) + BOMBE.flush()


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "MIME_SANS_FICHIER"),
        (b"\x00\xff" * 50, "MIME_SANS_FICHIER"),
        (_partie(b"AAAA", "autre chose"), "MIME_SANS_FICHIER"),
        (_partie(b"AAAA", codage="8bit"), "MIME"),
        (_partie(b"A*AA"), "MIME"),
        (_partie(b"AAA"), "MIME"),
        (_partie(b"\xc3\xa9AAA"), "MIME"),
        (_partie(base64.b64encode(b"pas gzip"), "SESAM/ARL/Z"), "GZIP"),
        (_partie(base64.b64encode(gzip.compress(b"x" * 99)[:-5]), "SESAM/ARL/Z"), "GZIP"),
        (_partie(base64.b64encode(gzip.compress(b"x") + b"y"), "SESAM/ARL/Z"), "GZIP"),
        (_partie(base64.b64encode(_BOMBE), "SESAM/ARL/Z"), "TROP_GROS"),
        (b"x" * (message.TAILLE_MAX + 1), "TROP_GROS"),
        (b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" * 9, "MIME"),
        (_multipart(_partie(b"AAAA"), _partie(b"AAAA")), "MIME"),
        (_multipart(_partie(b"AAAA"), _SECURISATION, _SECURISATION), "MIME"),
        (b"Content-Type: message/rfc822\r\n\r\n" * 5000, "MIME"),
        (b"Subject: x\n\n" + b"\n" * 1_000_000, "TROP_GROS"),
        (b"Subject: x\n\n" + b"\r" * 1_000_001, "TROP_GROS"),
    ],
    ids=range(18),
)
def test_message_refuse(octets: bytes, code: str) -> None:
    with pytest.raises(FormatInvalide) as refus:
        message.lire(octets)
    assert refus.value.code == code


def test_une_bombe_gzip_ne_remplit_pas_la_memoire() -> None:
    octets = _partie(base64.b64encode(_BOMBE), "SESAM/ARL/Z")
    tracemalloc.start()
    with pytest.raises(FormatInvalide):
        message.lire(octets)
    _, sommet = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sommet < 3 * message.TAILLE_MAX


@exemples(40)
@given(donnees=st.data())
def test_message_mute(donnees: st.DataObject) -> None:
    octets = bytearray(message.composer("FSE", b"000" * 20, ADRESSAGE, securite=b"{}"))
    for _ in range(donnees.draw(st.integers(1, 8))):
        octets[donnees.draw(st.integers(0, len(octets) - 1))] = donnees.draw(st.integers(0, 255))
    with contextlib.suppress(FormatInvalide):
        assert len(message.lire(bytes(octets)).contenu) <= message.TAILLE_MAX


@given(
    entete=st.sampled_from(["Content-Type", "Content-Description", "Date", "Message-ID", "Content-Transfer-Encoding"]),
    valeur=st.text(max_size=60),
)
def test_entete_quelconque(entete: str, valeur: str) -> None:
    octets = entete.encode() + b": " + valeur.encode("utf-8", "surrogatepass") + b"\r\n" + _partie(b"AAAA")
    with contextlib.suppress(FormatInvalide):
        assert isinstance(message.lire(octets).contenu, bytes)
