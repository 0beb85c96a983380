"""Random invoices for the properties of pricing. A trade joins by adding its strategy of lines to `LIGNES`.

`LIGNES`: trade of `outils.EXECUTANTS` → list of lines that this trade may bill together. `ARTICLES`: what its lines
look up (CCAM, LPP, NABM), as the cases write them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from sesam_desktop.factures.facture import Facture, LigneSaisie
from sesam_desktop.referentiels import tables
from sesam_desktop.tarifs.contexte import Contexte

from .outils import LECTEURS, boites, contexte, facture
from .strategies_articles import LPP, NABM, ligne_lpp, lignes_nabm
from .strategies_auxiliaires import ACTES, forfait_et_passages, lignes_auxiliaire, passages_infirmiers
from .strategies_ccam import DENTAIRES, TECHNIQUES, associees
from .strategies_medecin import ACTES as ACTES_SPECIALISTES
from .strategies_medecin import ligne_sage_femme, ligne_specialiste, visite_regulee
from .strategies_officine import (
    GROUPES,
    OUVERTURE,
    TFR,
    boite_de_groupe,
    honoraires_de_l_ordonnance,
    preparation_ou_service,
)

BOITES = boites({
    f"34009000000{rang:02d}": {"taux": taux, "prix": 137 + 611 * rang, "honoraire": (102, 276, 0)[rang % 3]}
    for rang, taux in enumerate([10000, 6500, 3000, 1500, 6500, 6500, None])
} | GROUPES)
ARTICLES: dict[str, dict[str, dict[str, Any]]] = {
    "ccam": {
        "ZZQX001-1-0": {"tarif_1": 15000, "exonerations": ["1"], "regroupement": "ADC"},
        "ZZQX002-1-0": {"tarif_1": 12000, "exonerations": ["2"]},
        "ZZQX003-1-0": {"tarif_1": 2000, "exonerations": ["3"]},
        "ZZQX005-1-0": {"tarif_1": 20000, "exonerations": ["5"]},
        "ZZQX006-1-0": {"tarif_1": 11999, "exonerations": ["1", "7"]},
        "ZZQX007-1-0": {"tarif_1": 15000, "exonerations": ["1"], "regroupement": "ADI"},
    } | TECHNIQUES | DENTAIRES,
    "tfr": TFR, "lpp": LPP, "nabm": NABM,
}
JOURS = st.dates(OUVERTURE, date(2026, 11, 22))
QUALIFICATIFS = st.sampled_from([None, None, None, "G", "N"])
MOTIFS = st.sampled_from(["", "", "", "PREVENTION", "STERILITE", "IVG"])


@st.composite
def ligne_medicament(draw: st.DrawFn) -> LigneSaisie:
    cip = draw(st.sampled_from(sorted(set(BOITES.connues) - set(GROUPES))))
    libre = BOITES.connues[cip].taux is None
    return LigneSaisie(
        "MEDICAMENT", draw(st.integers(1, 20)), cip13=cip, ald=draw(st.booleans()), qualificatif=draw(QUALIFICATIFS),
        prix_centimes=draw(st.integers(0, 5000)) if libre else None,
    )


@st.composite
def ligne_infirmier(draw: st.DrawFn) -> LigneSaisie:
    acte = draw(st.sampled_from(["AMI", "AMI", "AIS", "AMX", "DI"]))
    code = draw(st.sampled_from(["", "", "PERFUSION", "DIABETE", "PANSEMENT_LOURD"])) if acte == "AMI" else ""
    return LigneSaisie(
        acte, draw(st.integers(1, 4)), coefficient=draw(st.integers(4, 280)) / Decimal(4), code=code,
        ald=draw(st.booleans()), domicile=draw(st.booleans()), ik_km=draw(st.integers(0, 40)),
        qualificatif=draw(QUALIFICATIFS),
    )


@st.composite
def ligne_medecin(draw: st.DrawFn) -> LigneSaisie:
    qualificatif = draw(QUALIFICATIFS)
    return LigneSaisie(
        draw(st.sampled_from(["G", "VG", "C", "V"])), draw(st.integers(1, 4)), ald=draw(st.booleans()),
        complement=draw(st.sampled_from(["", "F", "N"])), qualificatif=qualificatif,
        depassement_centimes=0 if qualificatif == "G" else draw(st.sampled_from([0, 0, 700])),
        motif_exoneration=draw(MOTIFS),
    )


@st.composite
def ligne_ccam(draw: st.DrawFn) -> LigneSaisie:
    code = draw(st.sampled_from(sorted(c for c in ARTICLES["ccam"] if c.startswith("ZZQX"))))[:7]
    return LigneSaisie(
        "CCAM", code=code, activite="1", phase="0", ald=draw(st.booleans()), qualificatif=draw(QUALIFICATIFS),
        date=draw(JOURS), motif_exoneration="PREVENTION" if code == "ZZQX006" and draw(st.booleans()) else "",
    )


LIGNES: dict[str, st.SearchStrategy[list[LigneSaisie]]] = {
    "pharmacien": st.lists(
        ligne_medicament() | boite_de_groupe() | preparation_ou_service() | ligne_lpp(), min_size=1, max_size=6
    ) | honoraires_de_l_ordonnance(),
    "fournisseur": st.lists(ligne_lpp(), min_size=1, max_size=5),
    "laboratoire": lignes_nabm(),
    "infirmier": st.lists(ligne_infirmier(), min_size=1, max_size=6) | passages_infirmiers() | forfait_et_passages(),
    **{metier: lignes_auxiliaire(metier) for metier in ACTES},
    "medecin": st.lists(ligne_medecin(), min_size=1, max_size=6) | visite_regulee(),
    "specialiste": st.lists(ligne_ccam(), min_size=1, max_size=4, unique_by=lambda li: li.date)
    | associees("specialiste", TECHNIQUES) | st.lists(ligne_specialiste(), min_size=1, max_size=4),
    "sage_femme": st.lists(ligne_sage_femme(), min_size=1, max_size=5),
    "dentiste": associees("dentiste", DENTAIRES)
    | st.lists(st.builds(LigneSaisie, st.sampled_from(["CD"]), ald=st.booleans()), min_size=1, max_size=2),
}
INDEPENDANTES_DU_LIEU = ("fournisseur", "laboratoire", "masseur_kinesitherapeute", "infirmier")
ASSUREURS = ["75000001", *(f"9900000{rang}" for rang in range(1, 9)), "99000101"]


@st.composite
def patients(draw: st.DrawFn) -> dict[str, Any]:
    """Every régime, with particularités that its fund may give."""
    regime = draw(st.sampled_from([ligne["code"] for ligne in tables.charger("regimes").lignes(OUVERTURE)]))
    ouvertes = [
        ligne["code"] for ligne in tables.charger("particularites").lignes(OUVERTURE)
        if ligne["regime"] in ("*", regime)
    ]
    return {
        "date_naissance": draw(st.sampled_from(["19400000", "19801232", "20200615", "20120101"])), "regime": regime,
        "c2s": draw(st.booleans()), "regime_local": draw(st.booleans()),
        "qualite": draw(st.sampled_from(["0", "0", "2", "6"])), "ald": "4",
        "particularites": tuple(draw(st.lists(st.sampled_from(ouvertes), max_size=3, unique=True))),
    }


@st.composite
def executants(draw: st.DrawFn, metier: str) -> dict[str, Any]:
    """Speciality, sector and option of a doctor; overseas for the trades whose tables have every price there."""
    champs: dict[str, Any] = {}
    if metier == "specialiste":
        champs["specialite"] = draw(st.sampled_from(["03", *ACTES_SPECIALISTES]))
    if metier in ("medecin", "specialiste"):
        champs |= {
            "zone_ik": "1",
            "convention": draw(st.sampled_from(["1", "1", "2", "3"])),
            "option_tarifaire": draw(st.sampled_from(["", "optam", "optam_aco"])),
        }
    if metier in INDEPENDANTES_DU_LIEU:
        champs["departement"] = draw(st.sampled_from(["72", "67", "971", "974"]))
    return champs


@st.composite
def factures(draw: st.DrawFn) -> Facture:
    """An invoice that may contradict itself: `tarifer` then refuses it."""
    metier = draw(st.sampled_from(sorted(LIGNES)))
    lignes, executant = draw(LIGNES[metier]), draw(executants(metier))
    if metier == "specialiste" and executant["specialite"] != "03":
        lignes = draw(st.lists(ligne_specialiste(executant["specialite"]), min_size=1, max_size=4))
    return facture(
        metier, lignes, draw(JOURS), patient=draw(patients()), executant=executant,
        parcours=draw(st.sampled_from(["", "T", "S", "U"])),
        nature_assurance=draw(st.sampled_from(["maladie", "maladie", "maternite", "at", "prevention"])),
        tiers_payant={"amo": draw(st.booleans()), "amc": draw(st.booleans())},
        amc={"numero": draw(st.sampled_from(ASSUREURS)), "gestion": draw(st.sampled_from(["unique", "separee"]))},
    )


def contexte_commun() -> Contexte:
    return contexte(BOITES, **{nom: LECTEURS[nom](articles) for nom, articles in ARTICLES.items()})
