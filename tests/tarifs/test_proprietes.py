"""What holds for every invoice: parts add up, nothing is negative, order does not matter, more is never less."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sesam_desktop.factures.facture import Facture, LigneSaisie, Tarification
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.tarifs.contexte import Contexte
from sesam_desktop.tarifs.moteur import tarifer

from .outils import boites, contexte, facture

BOITES = boites({
    f"34009000000{rang:02d}": {"taux": taux, "prix": 137 + 611 * rang, "honoraire": (102, 276, 0)[rang % 3]}
    for rang, taux in enumerate([10000, 6500, 3000, 1500, 6500, 6500, None])
})
OUVERTURE = date(2025, 1, 1)
JOURS = st.dates(OUVERTURE, date(2026, 11, 22))
QUALIFICATIFS = st.sampled_from([None, None, None, "G", "N"])


@st.composite
def lignes_medicament(draw: st.DrawFn) -> LigneSaisie:
    cip = draw(st.sampled_from(sorted(BOITES.connues)))
    libre = BOITES.connues[cip].taux is None
    return LigneSaisie(
        "MEDICAMENT", draw(st.integers(1, 20)), cip13=cip, ald=draw(st.booleans()), qualificatif=draw(QUALIFICATIFS),
        prix_centimes=draw(st.integers(0, 5000)) if libre else None,
    )


@st.composite
def lignes_infirmier(draw: st.DrawFn) -> LigneSaisie:
    acte = draw(st.sampled_from(["AMI", "AMI", "AIS", "AMX", "DI"]))
    code = draw(st.sampled_from(["", "", "PERFUSION", "DIABETE", "PANSEMENT_LOURD"])) if acte == "AMI" else ""
    return LigneSaisie(
        acte, draw(st.integers(1, 4)), coefficient=draw(st.integers(4, 60)) / Decimal(4), code=code,
        ald=draw(st.booleans()), domicile=draw(st.booleans()), ik_km=draw(st.integers(0, 40)),
        qualificatif=draw(QUALIFICATIFS),
    )


@st.composite
def lignes_medecin(draw: st.DrawFn) -> LigneSaisie:
    qualificatif = draw(QUALIFICATIFS)
    return LigneSaisie(
        draw(st.sampled_from(["G", "VG", "C", "V"])), draw(st.integers(1, 4)), ald=draw(st.booleans()),
        complement=draw(st.sampled_from(["", "F", "N"])), qualificatif=qualificatif,
        depassement_centimes=0 if qualificatif == "G" else draw(st.sampled_from([0, 0, 700])),
    )


LIGNES = {"pharmacien": lignes_medicament(), "infirmier": lignes_infirmier(), "medecin": lignes_medecin()}


@st.composite
def factures(draw: st.DrawFn) -> Facture:
    metier = draw(st.sampled_from(sorted(LIGNES)))
    lignes = draw(st.lists(LIGNES[metier], min_size=1, max_size=6))
    patient = {
        "date_naissance": draw(st.sampled_from(["19400000", "19801232", "20200615", "20120101"])),
        "regime": draw(st.sampled_from(["01", "02", "07", "91"])), "c2s": draw(st.booleans()),
        "regime_local": draw(st.booleans()),
    }
    return facture(
        metier, lignes, draw(JOURS), patient=patient, parcours=draw(st.sampled_from(["", "T", "S", "U"])),
        nature_assurance=draw(st.sampled_from(["maladie", "maladie", "maternite", "at"])),
        tiers_payant={"amo": draw(st.booleans()), "amc": draw(st.booleans())}, amc={"numero": "75000001"},
    )


def tarif(demandee: Facture) -> Tarification:
    return tarifer(demandee, _contexte())


def _contexte() -> Contexte:
    return contexte(BOITES)


@given(factures())
def test_les_parts_font_le_montant(demandee: Facture) -> None:
    reponse = tarif(demandee)
    for li in reponse.lignes:
        parts = (li.amo_centimes, li.amc_centimes, li.assure_centimes)
        assert sum(parts) == li.montant_centimes
        assert min(parts) >= 0
        assert li.amo_centimes + li.amc_centimes <= li.base_centimes <= li.montant_centimes
    totaux = reponse.totaux
    assert totaux.amo_centimes + totaux.amc_centimes + totaux.assure_centimes == totaux.facture_centimes
    assert totaux.facture_centimes == sum(li.montant_centimes for li in reponse.lignes)


@given(factures())
def test_une_exoneration_va_avec_cent_pour_cent(demandee: Facture) -> None:
    for li in tarif(demandee).lignes:
        assert li.exoneration == "0" or li.taux == 10_000


@given(factures())
def test_la_meme_facture_donne_la_meme_reponse(demandee: Facture) -> None:
    assert tarif(demandee) == tarif(demandee)


@given(factures(), st.randoms(use_true_random=False))
def test_l_ordre_des_lignes_ne_change_rien(demandee: Facture, hasard: object) -> None:
    melangees = list(demandee.lignes)
    hasard.shuffle(melangees)  # type: ignore[attr-defined]
    autre = tarif(replace(demandee, lignes=tuple(melangees)))
    assert autre.totaux == tarif(demandee).totaux


@given(factures(), st.data())
def test_une_quantite_de_plus_ne_coute_jamais_moins(demandee: Facture, donnees: st.DataObject) -> None:
    rang = donnees.draw(st.integers(0, len(demandee.lignes) - 1))
    lignes = list(demandee.lignes)
    assume(lignes[rang].qualificatif is None)
    lignes[rang] = replace(lignes[rang], quantite=lignes[rang].quantite + 1)
    plus = tarif(replace(demandee, lignes=tuple(lignes)))
    assert plus.totaux.facture_centimes > tarif(demandee).totaux.facture_centimes - 1


@given(factures())
def test_le_tiers_payant_amo_ne_change_aucun_montant(demandee: Facture) -> None:
    inverse = replace(demandee, tiers_payant=replace(demandee.tiers_payant, amo=not demandee.tiers_payant.amo))
    assert tarif(inverse) == tarif(demandee)


@settings(max_examples=200)
@given(
    st.sampled_from(sorted(LIGNES)), st.text("ABCDEGHIKMNRSUVX0123456789", max_size=6), st.integers(-3, 2000),
    st.decimals("-1", "999", places=2), st.text(max_size=3), st.text(max_size=3), st.integers(-5, 500),
)
def test_une_ligne_quelconque_est_tarifee_ou_refusee(
    metier: str, acte: str, quantite: int, coefficient: Decimal, complement: str, qualificatif: str, km: int
) -> None:
    ligne = LigneSaisie(acte, quantite, coefficient=coefficient, complement=complement, qualificatif=qualificatif,
                        ik_km=km)
    try:
        reponse = tarif(facture(metier, [ligne]))
    except ErreurConnue as refus:
        assert refus.ou
        return
    assert reponse.totaux.facture_centimes >= 0
