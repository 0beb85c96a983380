"""Random lines of specialists and sages-femmes for the properties of pricing."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from sesam_desktop.factures.facture import LigneSaisie


@st.composite
def ligne_specialiste(draw: st.DrawFn) -> LigneSaisie:
    acte, complement = draw(st.sampled_from([("CS", ""), ("CS", "F"), ("C", ""), ("APC", ""), ("APU", "")]))
    depassement = draw(st.sampled_from([0, 0, 700, 5000]))
    return LigneSaisie(
        acte, draw(st.integers(1, 3)), ald=draw(st.booleans()), complement=complement,
        depassement_centimes=depassement, qualificatif="E" if depassement else draw(st.sampled_from([None, "G", "N"])),
    )


@st.composite
def ligne_sage_femme(draw: st.DrawFn) -> LigneSaisie:
    acte = draw(st.sampled_from(["SF", "SF", "SP", "C", "V"]))
    coefficient = draw(st.integers(2, 140)) / Decimal(2) if acte in ("SF", "SP") else Decimal(1)
    km = 0 if acte == "C" else draw(st.integers(0, 120))
    return LigneSaisie(
        acte, draw(st.integers(1, 3)), coefficient=coefficient, ald=draw(st.booleans()), ik_km=km,
        qualificatif=draw(st.sampled_from([None, None, "G", "N"])),
    )
