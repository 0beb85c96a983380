"""Random lines of the auxiliaires médicaux: quantities, or visits of a day with their shared travels."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from sesam_desktop.factures.facture import LigneSaisie

ACTES = {
    "masseur_kinesitherapeute": ["AMK", "NMI", "RSM", "DRA"], "orthophoniste": ["AMO"], "orthoptiste": ["AMY"],
    "pedicure": ["POD", "AMP"],
}  # fmt: skip
_SANS_DEPLACEMENT = ("orthoptiste",)  # no published amount
_CODES = ["", "", "PERFUSION", "DIABETE", "PANSEMENT_LOURD", "PRELEVEMENT"]


@st.composite
def _ligne(draw: st.DrawFn, metier: str) -> LigneSaisie:
    au_domicile = metier not in _SANS_DEPLACEMENT
    qualificatif = draw(st.sampled_from([None, None, None, "G", "N"]))
    return LigneSaisie(
        draw(st.sampled_from(ACTES[metier])), draw(st.integers(1, 3)), ald=draw(st.booleans()),
        coefficient=draw(st.integers(2, 240)) / Decimal(4), domicile=au_domicile and draw(st.booleans()),
        ik_km=draw(st.integers(0, 40)) if au_domicile else 0, qualificatif=qualificatif,
        depassement_centimes=0 if qualificatif else draw(st.sampled_from([0, 0, 500])),
    )


def lignes_auxiliaire(metier: str) -> st.SearchStrategy[list[LigneSaisie]]:
    """Two acts a day at most: article 11B would refuse the overrun of a third one."""
    return st.lists(_ligne(metier), min_size=1, max_size=2)


@st.composite
def _acte_infirmier(draw: st.DrawFn, passage: int) -> LigneSaisie:
    acte = draw(st.sampled_from(["AMI", "AMI", "AIS", "AMX"]))
    return LigneSaisie(
        acte, coefficient=draw(st.integers(4, 60)) / Decimal(4), passage=passage, domicile=draw(st.booleans()),
        code=draw(st.sampled_from(_CODES)) if acte != "AIS" else "", ald=draw(st.booleans()),
        ik_km=draw(st.integers(0, 40)),
    )


@st.composite
def passages_infirmiers(draw: st.DrawFn) -> list[LigneSaisie]:
    """One to three visits of a day, some at night, some with their travel borne by another patient."""
    toutes: list[LigneSaisie] = []
    for passage in range(1, draw(st.integers(2, 4))):
        lignes = draw(st.lists(_acte_infirmier(passage), min_size=1, max_size=3))
        if draw(st.booleans()):
            lignes = [replace(ligne, ik_km=0, deplacement_partage=True) for ligne in lignes]
        lettre = draw(st.sampled_from(["", "", "N", "S", "F"]))
        toutes += [replace(lignes[0], complement=lettre), *lignes[1:]]
    return toutes


@st.composite
def forfait_et_passages(draw: st.DrawFn) -> list[LigneSaisie]:
    """A day forfait, then visits that are only a travel or have an act beside the forfait."""
    forfait = LigneSaisie(draw(st.sampled_from(["BSA", "BSB", "BSC"])), passage=1, ald=draw(st.booleans()))
    suite = [
        LigneSaisie("IFI", passage=passage, ik_km=draw(st.integers(0, 30))) if draw(st.booleans())
        else LigneSaisie("AMX", passage=passage, domicile=True, coefficient=Decimal(draw(st.integers(1, 14))))
        for passage in range(2, draw(st.integers(2, 5)))
    ]
    return [forfait, *suite]
