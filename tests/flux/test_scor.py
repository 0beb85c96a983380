"""SCOR lots: round trip, and an archive that lies is refused."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.flux import scor
from sesam_desktop.noyau.erreurs import FormatInvalide
from tests.outils.exemples import exemples

LIEE = scor.FactureLiee("000000123", "007", date(2026, 3, 3))
LOT = scor.LotScor(
    "999000011", "01", "721", "001", date(2026, 3, 4),
    (scor.Piece("ORD", (LIEE, replace(LIEE, numero="000000124")), 2, b"%PDF-un"), scor.Piece("FSP", (), 1, b"%PDF-2")),
)


def entrees(octets: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return {nom: archive.read(nom) for nom in archive.namelist()}


def archive(contenu: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", compression) as sortie:
        for nom, octets in contenu.items():
            sortie.writestr(nom, octets)
    return tampon.getvalue()


def avec_index(chemin: list[str | int], valeur: Any) -> bytes:
    contenu = entrees(scor.composer(LOT))
    index = cible = json.loads(contenu["index.json"])
    for cle in chemin[:-1]:
        cible = cible[cle]
    cible[chemin[-1]] = valeur
    return archive({**contenu, "index.json": json.dumps(index).encode()})


def test_contenu_de_l_archive() -> None:
    contenu = entrees(scor.composer(LOT))
    assert list(contenu) == ["index.json", "0001.pdf", "0002.pdf"]
    index = json.loads(contenu["index.json"])
    assert index["destinataire"] == {"regime": "01", "organisme": "721"}
    assert (index["version"], index["emetteur"]) == (1, "999000011")
    assert (index["lot_scor"], index["date"]) == ("001", "2026-03-04")
    assert index["pieces"][0] == {
        "rang": 1, "fichier": "0001.pdf", "type": "ORD", "nb_pages": 2,
        "factures": [
            {"n_facture": "000000123", "n_lot": "007", "date_lot": "2026-03-03"},
            {"n_facture": "000000124", "n_lot": "007", "date_lot": "2026-03-03"},
        ],
        # sha256sum of the seven bytes "%PDF-un", by the coreutils
        "sha256": "6b9dd096293fcf7d2d75b2b6dad3b5e2fae974d7f1c481975d035ca09ccf1f8e",
    }


def test_aller_retour_et_reproductible() -> None:
    assert scor.lire(scor.composer(LOT)) == LOT
    assert scor.composer(LOT) == scor.composer(LOT)


@exemples(15)
@given(contenus=st.lists(st.binary(max_size=300), max_size=4))
def test_aller_retour_quelconque(contenus: list[bytes]) -> None:
    lot = replace(LOT, pieces=tuple(scor.Piece("CERFA", (LIEE,), 1, c) for c in contenus))
    assert scor.lire(scor.composer(lot)) == lot


def test_piece_trop_grosse() -> None:
    with pytest.raises(FormatInvalide) as refus:
        scor.composer(replace(LOT, pieces=(replace(LOT.pieces[0], contenu=b"x" * 300_001),)))
    assert refus.value.code == "PIECE_TROP_GROSSE"


def test_lot_trop_gros() -> None:
    import random

    pieces = tuple(replace(LOT.pieces[0], contenu=random.Random(n).randbytes(300_000)) for n in range(17))
    with pytest.raises(FormatInvalide) as refus:
        scor.composer(replace(LOT, pieces=pieces))
    assert refus.value.code == "LOT_TROP_GROS"


BON = entrees(scor.composer(LOT))


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "ZIP"),
        (b"PK\x03\x04 rien", "ZIP"),
        (scor.composer(LOT)[:-10], "ZIP"),
        (b"x" * 5_000_001, "TAILLE"),
        (archive({"0001.pdf": b""}), "INDEX"),
        (archive({"index.json": b"{"}), "INDEX"),
        (archive({"index.json": b"[]"}), "INDEX"),
        (archive({"index.json": b"{}"}), "INDEX"),
        (archive({"index.json": b"[" * 100_000}), "INDEX"),
        (archive({**BON, "../../etc/cron": b"x"}), "NOMS"),
        (archive({k: v for k, v in BON.items() if k != "0002.pdf"}), "NOMS"),
        (archive({**BON, "0001.pdf": b"autre"}), "EMPREINTE"),
        (archive({**BON, "0001.pdf": b"\x00" * 50_000_000}), "TAILLE"),
        (archive({**BON, "index.json": b" " * 600_000}), "TAILLE"),
        (archive(BON, zipfile.ZIP_LZMA), "ZIP"),
        (avec_index(["version"], 2), "VERSION"),
        (avec_index(["emetteur"], "12"), "INDEX"),
        (avec_index(["emetteur"], 999000011), "INDEX"),
        (avec_index(["date"], "2026-02-30"), "INDEX"),
        (avec_index(["date"], None), "INDEX"),
        (avec_index(["pieces"], 3), "INDEX"),
        (avec_index(["pieces", 0], 3), "INDEX"),
        (avec_index(["pieces", 0, "rang"], 2), "INDEX"),
        (avec_index(["pieces", 0, "fichier"], "../1.pdf"), "INDEX"),
        (avec_index(["pieces", 0, "type"], "EXE"), "INDEX"),
        (avec_index(["pieces", 0, "nb_pages"], 0), "INDEX"),
        (avec_index(["pieces", 0, "nb_pages"], True), "INDEX"),
        (avec_index(["pieces", 0, "factures", 0, "n_lot"], "7"), "INDEX"),
    ],
    ids=range(28),
)
def test_lot_refuse(octets: bytes, code: str) -> None:
    with pytest.raises(FormatInvalide) as refus:
        scor.lire(octets)
    assert refus.value.code == f"SCOR_{code}"


def test_nom_repete() -> None:
    tampon = io.BytesIO(scor.composer(LOT))
    with zipfile.ZipFile(tampon, "a") as sortie, pytest.warns(UserWarning, match="Duplicate"):
        sortie.writestr("0001.pdf", b"second")
    with pytest.raises(FormatInvalide) as refus:
        scor.lire(tampon.getvalue())
    assert refus.value.code == "SCOR_NOMS"


@given(donnees=st.data())
def test_lot_mute(donnees: st.DataObject) -> None:
    octets = bytearray(scor.composer(LOT))
    for _ in range(donnees.draw(st.integers(1, 6))):
        octets[donnees.draw(st.integers(0, len(octets) - 1))] = donnees.draw(st.integers(0, 255))
    with contextlib.suppress(FormatInvalide):
        assert scor.lire(bytes(octets)).pieces
