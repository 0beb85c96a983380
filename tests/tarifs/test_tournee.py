"""One travel for a family under one roof, one a visit in an establishment: who bears it, what the others bill."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.factures.facture import Facture, LigneSaisie
from sesam_desktop.referentiels import tables
from sesam_desktop.tarifs.moteur import tarifer
from sesam_desktop.tarifs.tournee import Partage, Visite, partages

from .outils import JOUR, contexte, facture, ligne

VEILLE = date(2026, 3, 1)


def soin(*lignes: LigneSaisie) -> Facture:
    return facture("infirmier", list(lignes))


def ami(**champs: object) -> LigneSaisie:
    return ligne(acte="AMI", coefficient=Decimal(4), **champs)


def sans_deplacement(demandee: Facture, partage: Partage) -> Facture:
    """What the professional who follows the proposal asks for: the lines of the visit say that its travel is shared."""
    return replace(demandee, lignes=tuple(
        replace(li, ik_km=0, deplacement_partage=li.acte != "MCI") if li.passage == partage.passage else li
        for li in demandee.lignes
    ))


def suivre(visites: list[Visite]) -> list[Facture]:
    """The invoices of the tour once every proposal is followed."""
    factures = [visite.facture for visite in visites]
    for partage in partages(visites, tables):
        for rang in partage.dispenses:
            factures[rang] = sans_deplacement(factures[rang], partage)
    return factures


def factures_de(visites: list[Visite]) -> list[list[str]]:
    """Codes billed by each invoice of the tour once shared travels are taken off."""
    return [[f"{li.acte} {li.complement}".strip() for li in tarifer(f, contexte()).lignes] for f in suivre(visites)]


def test_un_couple_paie_un_seul_deplacement() -> None:
    """12,60 + 2,75 for the first, 12,60 for the second."""
    couple = [Visite(soin(ami(domicile=True)), "3 rue A", "DURAND")] * 2
    assert partages(couple, tables) == [Partage(JOUR, 0, "3 rue A", "DURAND", 0, (1,))]
    assert factures_de(couple) == [["AMI", "IFA"], ["AMI"]]


def test_deux_familles_du_meme_immeuble_ont_chacune_le_leur() -> None:
    voisins = [Visite(soin(ami(domicile=True)), "3 rue A", nom) for nom in ("DURAND", "MARTIN")]
    assert partages(voisins, tables) == []
    assert factures_de(voisins) == [["AMI", "IFA"], ["AMI", "IFA"]]


def test_un_etablissement_paie_un_deplacement_par_visite() -> None:
    """Three residents in the morning, two of them in the evening: one travel each time (NGAP art. 13.1)."""
    matin, soir = ami(domicile=True, passage=1), ami(domicile=True, passage=2)
    residents = [Visite(soin(*lignes), "EHPAD") for lignes in ((matin, soir), (matin,), (matin, soir))]
    assert partages(residents, tables) == [
        Partage(JOUR, 1, "EHPAD", "", 0, (1, 2)), Partage(JOUR, 2, "EHPAD", "", 0, (2,)),
    ]
    assert factures_de(residents) == [["AMI", "IFA", "AMI", "IFA"], ["AMI"], ["AMI", "AMI"]]


def test_le_trajet_le_plus_long_porte_les_kilometres() -> None:
    famille = [Visite(soin(ami(domicile=True)), "ferme", "F"), Visite(soin(ami(ik_km=30)), "ferme", "F")]
    assert [p.porteur for p in partages(famille, tables)] == [1]
    assert factures_de(famille) == [["AMI"], ["AMI", "IFA", "IK"]]


def test_un_deplacement_demande_par_son_nom_se_retire_et_la_mci_reste() -> None:
    autre = soin(ami(), ligne(acte="IFD"), ligne(acte="MCI"))
    famille = [Visite(soin(ami(domicile=True)), "ferme"), Visite(autre, "ferme")]
    assert factures_de(famille) == [["AMI", "IFA"], ["AMI", "MCI"]]


def test_un_couple_au_forfait_le_soir_de_nuit() -> None:
    """Both have their day forfait and, each, the night of the evening visit; the second one has no travel."""
    soir = ligne(acte="IFI", passage=2, complement="N", ik_km=12)
    couple = [Visite(soin(ligne(acte="BSC", domicile=True, passage=1), soir), "ferme", "D")] * 2
    assert factures_de(couple) == [["BSC", "IFI", "IFI", "IK", "BSC N"], ["BSC", "BSC N"]]


def test_un_autre_jour_et_un_soin_au_cabinet_ne_partagent_rien() -> None:
    visites = [
        Visite(soin(ami(domicile=True)), "ferme"), Visite(soin(ami(domicile=True, date=VEILLE)), "ferme"),
        Visite(soin(ami()), "ferme"),
    ]  # fmt: skip
    assert partages(visites, tables) == []


def test_une_visite_deja_dispensee_ne_l_est_pas_deux_fois() -> None:
    visites = [
        Visite(soin(ami(domicile=True, deplacement_partage=True)), "ferme"), Visite(soin(ami(domicile=True)), "ferme"),
    ]  # fmt: skip
    assert partages(visites, tables) == []


def test_un_acte_inconnu_n_est_pas_un_deplacement() -> None:
    visites = [Visite(soin(ami(domicile=True)), "ferme"), Visite(soin(ligne(acte="XYZ")), "ferme")]
    assert partages(visites, tables) == []


@st.composite
def visites(draw: st.DrawFn) -> Visite:
    lignes = draw(st.lists(st.builds(
        ami, domicile=st.booleans(), ik_km=st.integers(0, 30), passage=st.sampled_from([1, 2]),
    ), min_size=1, max_size=3))
    return Visite(soin(*lignes), draw(st.sampled_from(["A", "B"])), draw(st.sampled_from(["", "X"])))


@given(st.lists(visites(), min_size=1, max_size=5))
def test_apres_partage_chaque_lieu_a_un_deplacement_par_visite(tour: list[Visite]) -> None:
    """Nobody is left without care, nobody shares twice, and a travel asked for is borne by exactly one invoice."""
    apres = [Visite(f, v.lieu, v.foyer) for f, v in zip(suivre(tour), tour, strict=True)]
    assert partages(apres, tables) == []
    demandes = {(v.lieu, v.foyer, li.passage) for v in tour for li in v.facture.lignes if li.domicile or li.ik_km}
    factures = [(v.lieu, v.foyer, passage) for v in apres for passage in _passages_payes(v.facture)]
    assert sorted(factures) == sorted(demandes)


def _passages_payes(demandee: Facture) -> list[int]:
    lignes = tarifer(demandee, contexte()).lignes
    return [demandee.lignes[li.saisie].passage for li in lignes if li.acte == "IFA"]


@pytest.mark.parametrize("passage", [1, 2])
def test_un_partage_dit_son_passage(passage: int) -> None:
    tour = [Visite(soin(ami(domicile=True, passage=passage)), "A"),
            Visite(soin(ami(domicile=True, passage=1), ami(domicile=True, passage=2)), "A")]
    assert partages(tour, tables) == [Partage(JOUR, passage, "A", "", 0, (1,))]
