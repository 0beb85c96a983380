"""What holds for every invoice: parts add up, nothing is negative, order does not matter, more is never less."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sesam_desktop.factures.facture import Facture, LigneSaisie, Tarification
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.tarifs.moteur import tarifer

from .outils import facture
from .strategies import LIGNES, contexte_commun, factures

# What is drawn at random may have no published rate, contradict itself, or ask an overrun that is not allowed.
A_QUINZE_POUR_CENT = ("PH2", "HD2", "HG2", "PM2")  # the AME does not pay them
REFUS_ADMIS = {
    "SNCF_NON_COUVERT", "REGIME_NON_COUVERT", "SITUATION_CONTRADICTOIRE", "ACTE_SECTEUR_2", "DEPASSEMENT_C2S",
}


UNE_FOIS = {"MAJORATION_NON_DUE", "HONORAIRE_NON_DU", "CUMUL_INTERDIT"}  # what is billed once is asked twice


def tarif(demandee: Facture, admis: set[str] = REFUS_ADMIS) -> Tarification:
    """The answer; a situation that is refused for a known reason is left aside."""
    try:
        return tarifer(demandee, contexte_commun())
    except ErreurConnue as refus:
        assert refus.code in admis, refus.code
        assert refus.ou
        assume(False)
        raise


@given(factures())
def test_les_parts_font_le_montant(demandee: Facture) -> None:
    reponse = tarif(demandee)
    for li in reponse.lignes:
        parts = (li.amo_centimes, li.amc_centimes, li.assure_centimes)
        assert sum(parts) == li.montant_centimes
        assert min(parts) >= 0
        assert li.amo_centimes <= li.base_centimes <= li.montant_centimes
        assert not demandee.beneficiaire.c2s or li.amo_centimes + li.amc_centimes <= li.base_centimes
        assert 0 <= li.participation_centimes <= li.base_centimes - li.amo_centimes
    totaux = reponse.totaux
    assert totaux.amo_centimes + totaux.amc_centimes + totaux.assure_centimes == totaux.facture_centimes
    assert totaux.facture_centimes == sum(li.montant_centimes for li in reponse.lignes)


@given(factures())
def test_une_exoneration_va_avec_cent_pour_cent(demandee: Facture) -> None:
    for li in tarif(demandee).lignes:
        assert li.exoneration in ("0", "9") or li.taux == 10_000


@given(factures())
def test_chaque_montant_a_sa_regle(demandee: Facture) -> None:
    for li in tarif(demandee).lignes:
        explique = {regle.sur for regle in li.regles}
        assert {"base", "taux", "amo", "assure"} <= explique
        assert ("amc" in explique) or not li.amc_centimes


@given(factures())
def test_une_participation_par_jour(demandee: Facture) -> None:
    jours = [li.date for li in tarif(demandee).lignes if li.participation_centimes]
    assert len(jours) == len(set(jours))


@given(factures())
def test_l_etat_paie_toute_la_base_de_l_ame(demandee: Facture) -> None:
    reponse = tarif(demandee)
    if "AME" in demandee.beneficiaire.particularites:
        assert reponse.totaux.amo_centimes == 0
        couvertes = [li for li in reponse.lignes if li.acte not in A_QUINZE_POUR_CENT]
        assert reponse.totaux.amc_centimes == sum(li.base_centimes for li in couvertes)
        assert all(li.qualificatif in ("N", "G") for li in reponse.lignes)


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
    assume(lignes[rang].qualificatif is None and lignes[rang].acte != "CCAM")  # a CCAM act is billed once a line
    assume(not lignes[rang].passage)  # and an act of a visit that is told apart, too
    lignes[rang] = replace(lignes[rang], quantite=lignes[rang].quantite + 1)
    plus = tarif(replace(demandee, lignes=tuple(lignes)), REFUS_ADMIS | UNE_FOIS)
    assert sans_mau(plus) >= sans_mau(tarif(demandee))


def sans_mau(reponse: Tarification) -> int:
    """What is charged but the majoration of an act done alone, which one act more takes away."""
    return sum(li.montant_centimes for li in reponse.lignes if li.acte != "MAU")


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
        reponse = tarifer(facture(metier, [ligne]), contexte_commun())
    except ErreurConnue as refus:
        assert refus.ou
        return
    assert reponse.totaux.facture_centimes >= 0
