"""Random lines of doctors of every speciality and of sages-femmes for the properties of pricing."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from sesam_desktop.factures.facture import LigneSaisie

# Acts that no age and no indicator closes, by speciality: those of one may not be billed by another.
ACTES = {
    "03": ["CS", "C", "APC", "APU"], "05": ["CS", "CDE", "C"], "12": ["CS", "APC"], "15": ["CS", "APU"],
    "33": ["CNP", "APY", "APU"], "32": ["CNP", "APY"], "07": ["CS", "C"],
}
# A bearer, and a supplement that it opens by itself.
REGULEES = [("G", "CRN"), ("G", "CRM"), ("G", "CRD"), ("VG", "MD"), ("VG", "MDN"), ("VG", "VRS"), ("V", "VRD")]
_QUALIFICATIFS = st.sampled_from([None, None, "G", "N"])


@st.composite
def ligne_specialiste(draw: st.DrawFn, specialite: str = "03") -> LigneSaisie:
    acte = draw(st.sampled_from(ACTES[specialite]))
    depassement = draw(st.sampled_from([0, 0, 700, 5000]))
    return LigneSaisie(
        acte, draw(st.integers(1, 3)), ald=draw(st.booleans()),
        complement=draw(st.sampled_from(["", "", "F"])) if acte == "CS" else "",
        depassement_centimes=depassement, qualificatif="E" if depassement else draw(_QUALIFICATIFS),
    )


@st.composite
def visite_regulee(draw: st.DrawFn) -> list[LigneSaisie]:
    """One act of a call that was regulated, with its supplement and its kilometres."""
    acte, majoration = draw(st.sampled_from(REGULEES))
    ald = draw(st.booleans())
    km = 0 if acte == "G" else draw(st.integers(0, 60))
    return [LigneSaisie(acte, ald=ald, ik_km=km), LigneSaisie(majoration, ald=ald)]


@st.composite
def ligne_sage_femme(draw: st.DrawFn) -> LigneSaisie:
    acte = draw(st.sampled_from(["SF", "SF", "SP", "C", "V"]))
    coefficient = draw(st.integers(2, 140)) / Decimal(2) if acte in ("SF", "SP") else Decimal(1)
    km = 0 if acte == "C" else draw(st.integers(0, 120))
    return LigneSaisie(
        acte, draw(st.integers(1, 3)), coefficient=coefficient, ald=draw(st.booleans()), ik_km=km,
        qualificatif=draw(_QUALIFICATIFS),
    )
