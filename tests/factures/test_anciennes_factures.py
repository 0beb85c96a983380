"""Invoices written by an earlier version of the program: still read, and their B2 still what the cards signed.

The samples hold documents of fictitious patients (boxes, nurse acts, consultations; then every trade, and each way of
paying the complementary part, contradictory ones too) with the SHA-256 of the records as their version wrote them.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from sesam_desktop.factures import document
from sesam_desktop.factures.enregistrements import octets_canoniques

ECHANTILLONS = Path(__file__).parent / "echantillons"
ANCIENNES: list[dict[str, Any]] = [
    ancienne
    for nom in ("factures_2026_11.json", "factures_2026_11_metiers.json")
    for ancienne in json.loads((ECHANTILLONS / nom).read_text(encoding="utf-8"))
]


def test_l_echantillon_couvre_les_metiers_et_les_complementaires() -> None:
    demandes = [a["document"]["document"]["facture"]["demande"] for a in ANCIENNES]
    assert {d["executant"]["profession"] for d in demandes} == {
        "pharmacien", "infirmier", "medecin", "masseur_kinesitherapeute", "dentiste", "sage_femme", "laboratoire",
        "fournisseur", "orthophoniste",
    }
    assert {d["amc"]["gestion"] for d in demandes if d["amc"]} == {"unique", "separee"}
    assert {d["beneficiaire"]["c2s"] for d in demandes} == {False, True}
    assert any("AME" in d["beneficiaire"].get("particularites", ()) for d in demandes)


@pytest.mark.parametrize("ancienne", ANCIENNES, ids=lambda a: a["nom"])
def test_les_octets_signes_ne_changent_pas(ancienne: dict[str, Any]) -> None:
    relue = document.depuis_octets(json.dumps(ancienne["document"]).encode())
    assert hashlib.sha256(octets_canoniques(relue.facture)).hexdigest() == ancienne["octets_sha256"]
