"""Pharmacy beyond the cases: the public table, prescriptions older than a rule, sentences, properties of units."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.factures.facture import LigneSaisie, Prescription, Tarification
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.importation import importer
from sesam_desktop.referentiels.medicaments import Medicaments
from sesam_desktop.tarifs.moteur import tarifer

from .outils import JOUR, boites, contexte, facture, ligne, tfr
from .strategies_officine import GROUPES, MARQUE, TFR, boite_ouverte, preparation_ou_service

PUBLICATION = date(2026, 7, 24)
PRESCRIPTEUR = "10001234565"
# Price and price with its fee, as the public table prints them.
PUBLIEES = {
    "3400949497294": (2434, 2536), "3400949497706": (6868, 7144), "3400936963504": (1281, 1383),
    "3400934744198": (162, 264), "3400930065570": (159, 435), "3400935955838": (116, 218),
    "3400930986080": (214, 316), "3400933857042": (153, 255), "3400936513013": (3078, 3180),
    "3400937178044": (1643, 1919), "3400930042489": (38027, 38129), "3400934438738": (358, 460),
}  # fmt: skip


def tarif(lignes: list[LigneSaisie], **champs: object) -> Tarification:
    return tarifer(facture("pharmacien", lignes, **champs), contexte(boites(GROUPES), tfr=tfr(TFR)))


@pytest.fixture(scope="module")
def medicaments(donnees_partagees: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Medicaments]:
    base = BaseReferentiels(tmp_path_factory.mktemp("bdpm") / "referentiels.db")
    importer("bdpm", donnees_partagees / "bdpm", base, version=PUBLICATION.isoformat())
    yield Medicaments(base)
    base.fermer()


@pytest.mark.parametrize("cip13", PUBLIEES)
def test_prix_et_honoraire_publies(medicaments: Medicaments, cip13: str) -> None:
    reponse = tarifer(facture("pharmacien", [ligne(cip13=cip13)], PUBLICATION), contexte(medicaments))
    boite, honoraire = reponse.lignes[:2]
    assert (boite.montant_centimes, boite.montant_centimes + honoraire.montant_centimes) == PUBLIEES[cip13]


def test_la_valeur_publiee_a_cent_pour_cent(medicaments: Medicaments) -> None:
    """24,34 and 1,02 at 100 %."""
    reponse = tarifer(facture("pharmacien", [ligne(cip13="3400949497294")], PUBLICATION), contexte(medicaments))
    assert [(li.acte, li.amo_centimes, li.assure_centimes) for li in reponse.lignes[:2]] == [
        ("PH1", 2434, 0), ("HD1", 102, 0),
    ]


def test_chaque_boite_de_la_table_rend_son_prix_publie(medicaments: Medicaments, donnees_partagees: Path) -> None:
    """Price with fee of one row in nine; three rows of the table do not add up by themselves."""
    lues = ecarts = 0
    texte = (donnees_partagees / "bdpm" / "CIS_CIP_bdpm.txt").read_text(encoding="utf-8")
    for rangee in itertools.islice(texte.splitlines(), 0, None, 9):
        boite = medicaments.par_cip13(rangee.split("\t")[6], PUBLICATION)
        if boite is None or boite.taux is None or boite.prix_avec_honoraire_centimes is None:
            continue
        reponse = tarifer(facture("pharmacien", [ligne(cip13=boite.cip13)], PUBLICATION), contexte(medicaments))
        tout = sum(li.montant_centimes for li in reponse.lignes if li.acte not in ("HDR", "HDA"))
        lues += 1
        ecarts += tout != boite.prix_avec_honoraire_centimes
    assert lues > 1_400
    assert ecarts <= 3


def test_un_refus_reel_est_limite_au_generique_de_meme_contenance(medicaments: Medicaments) -> None:
    """LIPANTHYL 160 mg: boxes of 30 and 90 against 5,01 and 14,89; LYRICA 100 mg against 15,07."""
    bases = {"3400935537393": 501, "3400937178044": 1489, "3400936513013": 1507}
    for cip13, base in bases.items():
        demandee = facture("pharmacien", [ligne(cip13=cip13, substitution="6")], PUBLICATION)
        assert tarifer(demandee, contexte(medicaments)).lignes[0].base_centimes == base


def test_une_ordonnance_d_avant_2020_garde_le_prix_de_la_marque() -> None:
    """Written on 30 December 2019, dispensed on 6 January 2020: the base stays 30,78; written the day, 15,07."""
    refus, jour = ligne(cip13=MARQUE, substitution="6"), date(2020, 1, 6)
    ancienne = tarif([refus], jour=jour, prescription=Prescription(date(2019, 12, 30), PRESCRIPTEUR))
    assert ancienne.lignes[0].base_centimes == 3078
    assert tarif([refus], jour=jour).lignes[0].base_centimes == 1507


def test_un_motif_par_boite_exonere_les_honoraires_s_il_est_commun() -> None:
    exoneree = ligne(cip13=MARQUE, motif_exoneration="IVG")
    assert {li.exoneration for li in tarif([exoneree]).lignes} == {"3"}
    melangee = tarif([exoneree, ligne(cip13=MARQUE)])
    assert [(li.acte, li.exoneration) for li in melangee.lignes] == [
        ("PH7", "3"), ("HD7", "3"), ("PH7", "0"), ("HD7", "0"), ("HDR", "0"),
    ]


@pytest.mark.parametrize(("departement", "codes"), [
    ("72", {"MEDICAMENT_HORS_PERIODE", "TFR_HORS_PERIODE"}),
    ("978", {"MEDICAMENT_HORS_PERIODE", "TFR_HORS_PERIODE", "PRIX_DROM", "HONORAIRE_DROM"}),
])
def test_ce_qui_vaut_pour_toutes_les_boites_est_dit_une_fois(departement: str, codes: set[str]) -> None:
    tardives = boites({cip: {**boite, "hors_periode": True} for cip, boite in GROUPES.items()})
    tardifs = tfr({cip: {"prix": 100, "hors_periode": True} for cip in GROUPES})
    demandee = facture("pharmacien", [ligne(cip13=cip) for cip in GROUPES], executant={"departement": departement})
    alertes = [a for a in tarifer(demandee, contexte(tardives, tfr=tardifs)).alertes if a.code != "TARIF_A_CONFIRMER"]
    assert sorted(a.code for a in alertes) == sorted(codes)
    assert not any("2026-" in a.message for a in alertes)


@pytest.mark.parametrize(("version", "vue"), [("2025-02-01", True), ("2025-03-01", False)])
def test_une_base_des_medicaments_de_plus_d_un_an_est_dite_une_fois(version: str, vue: bool) -> None:
    """Care of 2 March 2026: thirteen months, then twelve."""
    vieilles = boites({cip: {**boite, "version": version} for cip, boite in GROUPES.items()})
    demandee = facture("pharmacien", [ligne(cip13=cip) for cip in GROUPES])
    codes = [a.code for a in tarifer(demandee, contexte(vieilles)).alertes]
    assert codes.count("TABLE_ANCIENNE") == int(vue)


def test_le_prix_d_un_service_se_choisit_parmi_ceux_qui_sont_publies() -> None:
    with pytest.raises(ErreurConnue) as refus:
        tarif([ligne(acte="TRD")])
    message = refus.value.message.replace("\u00a0", " ")
    assert "10,00 € (sans délivrance" in message
    assert "15,00 € (antibiotique" in message


def test_chaque_etape_du_prix_est_dite() -> None:
    refus = ligne(cip13=MARQUE, substitution="6", unites=10, unites_boite=30)
    boite = tarif([refus], executant={"departement": "974"}).lignes[0]
    textes = {r.code: r.texte.replace("\u00a0", " ") for r in boite.regles}
    assert textes["COEFFICIENT_DROM"] == "Coefficient La Réunion : 30,78 € × 1,264 = 38,91 €."
    assert textes["REFUS_GENERIQUE"].endswith("générique le plus cher, 15,07 €.")
    assert textes["DECONDITIONNEMENT"].endswith("10 × 38,91 € / 30 = 12,97 €.")


@given(boite_ouverte())
def test_des_unites_coutent_leur_part_de_la_boite(demandee: LigneSaisie) -> None:
    """Within half a centime of units × price / contents, and never more than the boxes opened."""
    boite, honoraire = tarif([demandee]).lignes[:2]
    prix = int(GROUPES[demandee.cip13]["prix"])  # type: ignore[call-overload]
    exact = prix * demandee.unites
    assert abs(2 * (boite.montant_centimes * demandee.unites_boite - exact)) <= demandee.unites_boite
    assert boite.montant_centimes <= prix * honoraire.quantite
    assert boite.base_centimes <= boite.montant_centimes


@given(boite_ouverte())
def test_une_unite_de_plus_ne_coute_jamais_moins(demandee: LigneSaisie) -> None:
    plus = tarif([replace(demandee, unites=demandee.unites + 1)])
    assert plus.totaux.facture_centimes >= tarif([demandee]).totaux.facture_centimes


@given(st.lists(preparation_ou_service(), min_size=1, max_size=4))
def test_services_et_preparations_se_partagent_au_centime(demandees: list[LigneSaisie]) -> None:
    for li in tarif(demandees).lignes:
        assert li.amo_centimes + li.amc_centimes + li.assure_centimes == li.montant_centimes


@given(
    st.sampled_from([*GROUPES, "", "3400999999999"]), st.integers(-2, 10**9), st.integers(-5, 200),
    st.integers(-5, 200), st.none() | st.integers(-100, 10**7), st.none() | st.text("0123456789EFGMTNSCI", max_size=5),
)
def test_une_boite_quelconque_est_tarifee_ou_refusee(
    cip13: str, quantite: int, unites: int, unites_boite: int, prix: int | None, substitution: str | None
) -> None:
    demandee = LigneSaisie(
        "MEDICAMENT", quantite, cip13=cip13, unites=unites, unites_boite=unites_boite, prix_centimes=prix,
        substitution=substitution,
    )
    try:
        reponse = tarif([demandee])
    except EntreeInvalide as refus:
        assert refus.ou.startswith("lignes[0].")
    except ErreurConnue as refus:
        assert (refus.code, refus.ou) == ("HORS_TABLE", "lignes[0].substitution")
    else:
        assert all(li.assure_centimes >= 0 for li in reponse.lignes)


def test_le_jour_par_defaut_est_couvert() -> None:
    assert tarif([ligne(cip13=MARQUE)], jour=JOUR).totaux.facture_centimes == 3078 + 102 + 61
