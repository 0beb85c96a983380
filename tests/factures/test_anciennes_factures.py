"""Invoices written by an earlier version of the program: still read, and their B2 still what the cards signed.

The sample holds documents of fictitious patients (boxes, nurse acts, consultations) with the SHA-256 of their records.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from sesam_desktop.factures import document
from sesam_desktop.factures.enregistrements import octets_canoniques

ECHANTILLON = Path(__file__).parent / "echantillons" / "factures_2026_11.json"
ANCIENNES: list[dict[str, Any]] = json.loads(ECHANTILLON.read_text(encoding="utf-8"))


def test_l_echantillon_couvre_les_metiers() -> None:
    metiers = {a["document"]["document"]["facture"]["demande"]["executant"]["profession"] for a in ANCIENNES}
    assert metiers == {"pharmacien", "infirmier", "medecin"}


@pytest.mark.parametrize("ancienne", ANCIENNES, ids=lambda a: a["nom"])
def test_les_octets_signes_ne_changent_pas(ancienne: dict[str, Any]) -> None:
    relue = document.depuis_octets(json.dumps(ancienne["document"]).encode())
    assert hashlib.sha256(octets_canoniques(relue.facture)).hexdigest() == ancienne["octets_sha256"]
