"""The security envelope: canonical bytes, strict reading."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.flux import enveloppe
from sesam_desktop.noyau.erreurs import FormatInvalide
from tests.outils.exemples import exemples

SIGNATURE = enveloppe.SignatureJointe(
    "ps", "RSA-PKCS1v15-SHA256", b"\x01\xff", b"0\x00", datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
)
SIMPLE = enveloppe.Enveloppe(
    empreinte_fichier="ab" * 32,
    factures=(enveloppe.FactureProtegee("000000123", "D", "cd" * 32, (SIGNATURE,), b"chiffre"),),
    cle=enveloppe.CleEnveloppee("3DES-CBC", b"\x00\x01"),
    signature_lot=SIGNATURE,
)
SANS_RIEN = enveloppe.Enveloppe("ab" * 32, ())


def test_ecriture_canonique_a_la_main() -> None:
    assert enveloppe.en_octets(SANS_RIEN) == (
        b'{"cle":null,"empreinte_fichier":"' + b"ab" * 32 + b'","factures":[],"signature_lot":null,"version":1}'
    )


@pytest.mark.parametrize("valeur", [SIMPLE, SANS_RIEN, replace(SIMPLE, cle=None), replace(SIMPLE, signature_lot=None)])
def test_aller_retour(valeur: enveloppe.Enveloppe) -> None:
    assert enveloppe.depuis_octets(enveloppe.en_octets(valeur)) == valeur


signatures = st.builds(
    enveloppe.SignatureJointe,
    st.sampled_from(enveloppe.PORTEURS),
    st.from_regex(r"[A-Za-z0-9._-]{1,40}", fullmatch=True),
    st.binary(max_size=40),
    st.binary(max_size=40),
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))])),
)
factures = st.builds(
    enveloppe.FactureProtegee,
    st.from_regex(r"[0-9]{9}", fullmatch=True),
    st.sampled_from(enveloppe.NIVEAUX),
    st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    st.lists(signatures, max_size=2).map(tuple),
    st.binary(max_size=60),
)


@exemples(20)
@given(liste=st.lists(factures, max_size=3).map(tuple), lot=st.none() | signatures)
def test_aller_retour_quelconque(
    liste: tuple[enveloppe.FactureProtegee, ...], lot: enveloppe.SignatureJointe | None
) -> None:
    valeur = replace(SIMPLE, factures=liste, signature_lot=lot)
    assert enveloppe.depuis_octets(enveloppe.en_octets(valeur)) == valeur


def _brut() -> dict[str, Any]:
    return json.loads(enveloppe.en_octets(SIMPLE))


def _ecrire(brut: Any) -> bytes:
    return json.dumps(brut, sort_keys=True, separators=(",", ":")).encode()


def _avec(chemin: list[str | int], valeur: Any) -> bytes:
    brut = cible = _brut()
    for cle in chemin[:-1]:
        cible = cible[cle]  # type: ignore[index]
    cible[chemin[-1]] = valeur  # type: ignore[index]
    return _ecrire(brut)


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "JSON"),
        (b"\xff", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[]", "CHAMP"),
        (b"{}", "CHAMP"),
        (b" " * 8_000_001, "TROP_GROS"),
        (_avec(["version"], 2), "VERSION"),
        (_avec(["version"], "1"), "CHAMP"),
        (_avec(["empreinte_fichier"], "AB" * 32), "CHAMP"),
        (_avec(["autre"], 1), "NON_CANONIQUE"),
        (enveloppe.en_octets(SIMPLE) + b"\n", "NON_CANONIQUE"),
        (_avec(["factures"], {}), "CHAMP"),
        (_avec(["factures", 0], 3), "CHAMP"),
        (_avec(["factures", 0, "numero"], "12"), "CHAMP"),
        (_avec(["factures", 0, "niveau"], "Z"), "CHAMP"),
        (_avec(["factures", 0, "zones"], "é"), "CHAMP"),
        (_avec(["factures", 0, "zones"], "abc"), "CHAMP"),
        (_avec(["factures", 0, "zones"], "YR=="), "NON_CANONIQUE"),
        (_avec(["factures", 0, "signatures", 0, "porteur"], "tiers"), "CHAMP"),
        (_avec(["factures", 0, "signatures", 0, "signe_le"], "hier"), "CHAMP"),
        (_avec(["factures", 0, "signatures", 0, "signe_le"], "2026-03-02T10:00:00"), "CHAMP"),
        (_avec(["factures", 0, "signatures", 0, "signe_le"], "20260302T100000Z"), "NON_CANONIQUE"),
        (_avec(["cle"], []), "CHAMP"),
        (_avec(["cle", "profil"], "trop long " * 9), "CHAMP"),
        (_avec(["signature_lot"], False), "CHAMP"),
    ],
    ids=range(25),
)
def test_lecture_stricte(octets: bytes, code: str) -> None:
    with pytest.raises(FormatInvalide) as refus:
        enveloppe.depuis_octets(octets)
    assert refus.value.code == f"ENVELOPPE_{code}"


def test_le_refus_nomme_le_champ() -> None:
    with pytest.raises(FormatInvalide) as refus:
        enveloppe.depuis_octets(_avec(["factures", 0, "niveau"], "Z"))
    assert "factures[0].niveau" in refus.value.message


def test_un_instant_sans_fuseau_ne_s_ecrit_pas() -> None:
    with pytest.raises(FormatInvalide):
        enveloppe.en_octets(replace(SIMPLE, signature_lot=replace(SIGNATURE, signe_le=datetime(2026, 3, 2))))  # noqa: DTZ001


@given(donnees=st.data())
def test_enveloppe_mutee(donnees: st.DataObject) -> None:
    octets = bytearray(enveloppe.en_octets(SIMPLE))
    octets[donnees.draw(st.integers(0, len(octets) - 1))] = donnees.draw(st.integers(0, 255))
    try:
        relue = enveloppe.depuis_octets(bytes(octets))
    except FormatInvalide:
        return
    assert enveloppe.en_octets(relue) == bytes(octets)


json_quelconque = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda x: st.lists(x, max_size=3) | st.dictionaries(st.sampled_from(list(_brut())), x, max_size=5),
    max_leaves=10,
)


@exemples(30)
@given(brut=json_quelconque)
def test_json_quelconque(brut: Any) -> None:
    with pytest.raises(FormatInvalide):
        enveloppe.depuis_octets(_ecrire(brut))
