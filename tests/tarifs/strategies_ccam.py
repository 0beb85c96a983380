"""Random CCAM lines that may stand on one invoice: their association codes are those the engine proposes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from sesam_desktop.factures import actes_ccam, associations_ccam
from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.referentiels import tables

from .outils import LECTEURS, facture

LIBRES = ["6", "B", "D", "J", "L", "R"]  # modifiers open to every speciality, whatever the age
JOURS = st.dates(date(2026, 1, 1), date(2026, 11, 22))  # those of the table of modifiers
TECHNIQUES: dict[str, dict[str, Any]] = {
    "ZZQY001-1-0": {"tarif_1": 10450, "exonerations": ["1"], "regroupement": "ADC", "modificateurs": LIBRES},
    "ZZQY002-1-0": {"tarif_1": 6731, "tarif_2": 5900, "exonerations": ["2"], "modificateurs": LIBRES},
    "ZZQY003-1-0": {"tarif_1": 30003, "tarif_2": 27935, "exonerations": ["1"], "regroupement": "ADC"},
    "ZZQY004-1-0": {"tarif_1": 10450, "exonerations": ["5"], "modificateurs": LIBRES},
    "ZZQZ001-1-0": {"tarif_1": 1929, "exonerations": ["2"], "regroupement": "ADI", "chapitre": "19.02.03"},
    "ZZQZ002-1-0": {"tarif_1": 1814, "exonerations": ["1"], "chapitre": "18.02.07.03"},
}
DENTAIRES: dict[str, dict[str, Any]] = {
    "ZZQD001-1-0": {"tarif_1": 3047, "exonerations": ["5", "7"], "regroupement": "SDE", "chapitre": "07.02.02.05"},
    "ZZQD002-1-0": {"tarif_1": 798, "exonerations": ["2", "7"], "regroupement": "AID", "chapitre": "07.01.04.01"},
    "ZZQD003-1-0": {"tarif_1": 13210, "exonerations": ["1", "7"], "regroupement": "TDS", "chapitre": "07.02.05.01"},
    "ZZQZ003-1-0": {"tarif_1": 2000, "exonerations": ["1", "7"], "regroupement": "ASC", "chapitre": "19.02.11"},
}


@st.composite
def associees(draw: st.DrawFn, metier: str, actes: dict[str, dict[str, Any]]) -> list[LigneSaisie]:
    """Acts of one day by one professional, each at most once; supplements may be repeated."""
    codes = draw(st.lists(st.sampled_from(sorted(actes)), min_size=1, max_size=4, unique=True).filter(_un_acte))
    jour = draw(JOURS)
    lignes = [replace(draw(_ligne(code[:7], actes[code])), date=jour) for code in codes]
    demandee = facture(metier, lignes)
    examen, _ = actes_ccam.lire(demandee, tables, LECTEURS["ccam"](actes))
    proposes = associations_ccam.proposer([ligne for ligne in examen.lignes if ligne.remboursable])
    return [
        replace(ligne, association=proposes.get(rang) or None)
        for rang, ligne in enumerate(lignes) if rang in proposes or ligne.qualificatif
    ]


def _un_acte(codes: list[str]) -> bool:
    """True when something else than gestures and supplements is there."""
    return any(not code.startswith("ZZQZ") for code in codes)


@st.composite
def _ligne(draw: st.DrawFn, code: str, acte: dict[str, Any]) -> LigneSaisie:
    qualificatif = draw(st.sampled_from([None, None, None, "G", "N"]))
    admis = acte.get("modificateurs", [])
    modificateurs = draw(st.lists(st.sampled_from(admis), max_size=4, unique=True)) if admis else []
    return LigneSaisie(
        "CCAM", draw(st.integers(1, 3)) if acte.get("chapitre", "").startswith("19.02") else 1, code=code,
        ald=draw(st.booleans()), modificateurs=tuple(modificateurs), qualificatif=qualificatif,
        depassement_centimes=0 if qualificatif == "G" else draw(st.sampled_from([0, 0, 1500])),
    )
