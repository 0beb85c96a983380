"""The target of `fuzz_flux` under hypothesis, then the attacks one thinks of by hand, with their memory bounded."""

from __future__ import annotations

import base64
import gzip
import io
import os
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sesam_desktop.flux import arl, b2, enveloppe, message, noemie, scor
from sesam_desktop.noyau.erreurs import ErreurConnue
from tests.flux.fabrique import ENTETE, EXEMPLE_CP, corps_noemie, demande, fichier, fichier_dre
from tests.flux.test_arl import NEGATIF
from tests.flux.test_enveloppe import SIMPLE
from tests.flux.test_scor import LOT

from .fuzz_flux import DECODEURS, TestOneInput, decoder

TestOneInput.__test__ = False  # type: ignore[attr-defined] - a function for atheris, not a class of tests
KO, MO = 1 << 10, 1 << 20
EXEMPLES = int(os.environ.get("SESAM_FUZZ_EXEMPLES", "25"))
ADRESSAGE = message.Adressage(
    "a@exemple.invalid", "b@exemple.invalid", message.sujet("999000011", "2026030210203000001", 1), "1@exemple.invalid",
    datetime(2026, 3, 2, 10, 20, tzinfo=UTC),
)
BONNES = [
    EXEMPLE_CP.read_bytes(),
    b2.ecrire(fichier()),
    b2.ecrire(fichier_dre(demande())),
    noemie.composer(ENTETE, corps_noemie()),
    arl.ecrire(NEGATIF),
    message.composer("FSE", b2.ecrire(fichier()), ADRESSAGE, securite=enveloppe.en_octets(SIMPLE)),
    enveloppe.en_octets(SIMPLE),
    scor.composer(LOT),
]


@pytest.mark.parametrize("rang", range(len(DECODEURS)), ids=list(DECODEURS))
@settings(max_examples=EXEMPLES)
@given(octets=st.binary(max_size=400))
def test_n_importe_quels_octets(rang: int, octets: bytes) -> None:
    TestOneInput(bytes([rang]) + octets)


@pytest.mark.parametrize("nom", DECODEURS)
@settings(max_examples=EXEMPLES)
@given(data=st.data())
def test_bonnes_donnees_abimees(nom: str, data: st.DataObject) -> None:
    """Cut, prolonged, one byte changed: what lies is closer to the truth than noise."""
    octets = bytearray(data.draw(st.sampled_from(BONNES)))
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    coupe = len(octets) - data.draw(st.integers(0, 3)) * data.draw(st.integers(0, 130))
    decoder(nom, bytes(octets[: max(coupe, 0)]) + data.draw(st.binary(max_size=8)))


@settings(max_examples=EXEMPLES)
@given(data=st.data())
def test_enregistrements_dans_le_desordre(data: st.DataObject) -> None:
    """Right records of any file, repeated, forgotten, mixed."""
    tous = [octets[d : d + 128] for octets in BONNES[:3] for d in range(0, len(octets), 128)]
    octets = b"".join(data.draw(st.lists(st.sampled_from(tous), max_size=30)))
    for nom in ("b2", "b2 cp", "b2 ps", "dre", "reconnaissance"):
        decoder(nom, octets)


def test_entites_d_un_retour_dans_un_arl() -> None:
    """Found by fuzzing: codes that a return knows and an ARL does not."""
    retour, accuse = BONNES[3], BONNES[4]
    octets = accuse[:128] + retour[128:-128] + b"16001" + b"1" * 17 + b"@" + accuse[-128:]
    for nom in DECODEURS:
        decoder(nom, octets)
    assert "TYPE_INCONNU" in {trouvee.code for trouvee in arl.verifier(octets)}
    phrases = decoder("lecture en français", octets)
    assert any("ne connaît pas" in phrase.texte for phrase in phrases)  # type: ignore[attr-defined]


def _archive(entrees: int, contenu: bytes) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        for rang in range(entrees):
            archive.writestr(f"{rang:04d}.pdf" if rang else "index.json", contenu)
    return tampon.getvalue()


def _courriel(corps: bytes, description: bytes = b"SESAM/NOEMIE/Z") -> bytes:
    entetes = b"Content-Type: application/EDI-consent\r\nContent-Transfer-Encoding: base64\r\nContent-Description: "
    return entetes + description + b"\r\n\r\n" + base64.encodebytes(corps)


def _poupees(profondeur: int) -> bytes:
    return b"Content-Type: message/rfc822\r\n\r\n" * profondeur + b"fin"


def _boites(profondeur: int) -> bytes:
    niveaux = (b"Content-Type: multipart/mixed; bo=1; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(profondeur))
    return b"".join(niveaux)


CP_OUVERTE = BONNES[0][: 4 * 128]  # header, lot, 2 and 2S of the published example
RETOUR_OUVERT = BONNES[3][:128]
BOMBES: dict[str, Callable[[], bytes]] = {
    "fins de ligne": lambda: b"\r\n" * (12 * KO),
    "un caractère sans fin": lambda: b"x" * (64 * KO),
    "enregistrements inconnus": lambda: BONNES[0][:256] + (b"4" + b"0" * 34 + b"D" + b"0" * 92) * 500,
    "factures sans nombre": lambda: BONNES[0][:256] + BONNES[0][256:512] * 120,
    "lignes sans nombre": lambda: CP_OUVERTE + BONNES[0][512:768] * 100,
    "affinés sans nombre": lambda: b2.ecrire(fichier()[:8]) + fichier()[7].octets * 200,
    "octets nuls": lambda: BONNES[0] + bytes(64 * KO),
    "entité sans fin": lambda: RETOUR_OUVERT + b"10201" + b"9" * (256 * KO),
    "entités vides": lambda: RETOUR_OUVERT + b"555@" * KO,
    "arobases": lambda: RETOUR_OUVERT + b"@" * (32 * KO),
    "commentaires sans nombre": lambda: BONNES[3][:-128] + (b"29599A" + b"X" * 128 + b"@") * 400 + BONNES[3][-128:],
    "gzip de 70 Mo": lambda: _courriel(gzip.compress(bytes(70 * MO), 6)),
    "gzip dans un gzip": lambda: _courriel(gzip.compress(gzip.compress(bytes(15 * MO)))),
    "base64 d'un mégaoctet": lambda: _courriel(bytes(MO), b"SESAM/FSE"),
    "poupées": lambda: _poupees(4000),
    "boîtes": lambda: _boites(4000),
    "en-tête de 128 Ko": lambda: b"Subject: " + b"x" * (128 * KO) + b"\r\n" + _courriel(b"abc"),
    "en-têtes sans nombre": lambda: b"X: y\r\n" * (2 * KO) + _courriel(b"abc"),
    "suites d'en-tête": lambda: b"Subject: a" + b"\r\n b" * (8 * KO),
    "crochets": lambda: b"[" * (64 * KO),
    "accolades": lambda: b'{"a":' * (16 * KO),
    "nombre sans fin": lambda: b'{"version":' + b"9" * (128 * KO) + b"}",
    "texte de 256 Ko": lambda: b'{"version":1,"empreinte_fichier":"' + b"a" * (256 * KO) + b'"}',
    "zip de 20 Mo": lambda: _archive(1, bytes(20 * MO)),
    "zip aux 1000 entrées": lambda: _archive(1000, b"x"),
    "index profond": lambda: _archive(1, b'{"version":' * 40_000),
}


# What a decoder may inflate before it refuses: its own limit, held twice while it grows.
PROMIS = {"message": message.TAILLE_MAX}


@pytest.mark.parametrize("bombe", BOMBES)
def test_bombes(bombe: str) -> None:
    """Refused or read by each decoder, in a memory that stays bounded whatever the bomb promises."""
    octets = BOMBES[bombe]()
    sommets = {nom: _sommet(nom, octets) for nom in DECODEURS}
    bornes = {nom: 10 * len(octets) + 5 * MO + 2 * PROMIS.get(nom, 0) for nom in DECODEURS}
    assert {nom: sommet // MO for nom, sommet in sommets.items() if sommet > bornes[nom]} == {}


def _sommet(nom: str, octets: bytes) -> int:
    tracemalloc.start()
    try:
        decoder(nom, octets)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("bombe", ["gzip de 70 Mo", "zip de 20 Mo", "crochets", "nombre sans fin", "poupées"])
def test_ce_qui_promet_trop_est_refuse(bombe: str) -> None:
    octets = BOMBES[bombe]()
    for nom in ("message", "enveloppe", "scor"):
        assert isinstance(decoder(nom, octets), ErreurConnue)
