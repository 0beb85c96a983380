"""Random lines that look up an imported table: products of the LPP, examinations of the NABM."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from sesam_desktop.factures.facture import LigneSaisie

_OUTRE_MER = {"971": "1.3", "974": "1.4"}
LPP: dict[str, dict[str, Any]] = {
    "1314976": {"nature": "PAN", "tarif_centimes": 510, "majorations": _OUTRE_MER},
    "2104637": {"nature": "DVO", "tarif_centimes": 7_921, "majorations": _OUTRE_MER},
    "1302996": {"nature": "PAN", "tarif_centimes": 2_550, "prix_max_centimes": 2_550, "majorations": _OUTRE_MER},
    "1111701": {"nature": "MAD", "tarif_centimes": 1_174, "type_prestation": "L", "majorations": _OUTRE_MER},
    "4222803": {"nature": "VEH", "tarif_centimes": 63_117, "majorations": _OUTRE_MER},
}
NABM: dict[str, dict[str, Any]] = {
    "1104": {"coefficient": "25"}, "0996": {"coefficient": "19"}, "0552": {"coefficient": "5"},
    "9005": {"coefficient": "17"}, "0040": {"coefficient": "850"},
}
_SUPPLEMENT_DU_JOUR = "9005"
_LOCATION, _PLAFONNE = "1111701", "1302996"
_QUALIFICATIFS = st.sampled_from([None, None, None, "G", "N"])


@st.composite
def ligne_lpp(draw: st.DrawFn) -> LigneSaisie:
    """At the tariff, below it or above it: a unit price, so that it divides."""
    code = draw(st.sampled_from(sorted(LPP)))
    qualificatif, maximum = draw(_QUALIFICATIFS), LPP[code]["tarif_centimes"] * (1 if code == _PLAFONNE else 2)
    periode = {"debut": date(2025, 3, 1), "fin": date(2025, 3, 7)} if code == _LOCATION else {}
    return LigneSaisie(
        "LPP", draw(st.integers(1, 6)), code=code, ald=draw(st.booleans()), qualificatif=qualificatif, accord="4",
        prix_centimes=None if qualificatif == "G" else draw(st.none() | st.integers(1, maximum)), **periode,
    )


@st.composite
def lignes_nabm(draw: st.DrawFn) -> list[LigneSaisie]:
    """Examinations of one day, the daily supplement once."""
    codes = draw(st.lists(st.sampled_from(sorted(NABM)), min_size=1, max_size=5, unique=True))
    return [
        LigneSaisie(
            "NABM", 1 if code == _SUPPLEMENT_DU_JOUR else draw(st.integers(1, 3)), code=code, ald=draw(st.booleans()),
            qualificatif=draw(_QUALIFICATIFS), motif_exoneration=draw(st.sampled_from(["", "", "STERILITE", "IVG"])),
        )
        for code in codes
    ]
