"""The complementary part: its explanation, and what holds whatever the formula."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.factures.facture import Facture, LigneTarifee, OrganismeAmc, Tarification, TiersPayant
from sesam_desktop.noyau.montants import appliquer_taux
from sesam_desktop.referentiels import conventions_amc, tables
from sesam_desktop.tarifs import formules_amc
from sesam_desktop.tarifs.moteur import tarifer

from .outils import contexte, facture, ligne
from .strategies import factures
from .test_proprietes import tarif

JOUR = date(2026, 3, 2)
NUMEROS = [f"9900000{n}" for n in range(1, 7)]
TP = {"tiers_payant": {"amc": True}}
LIBRE = {"convention": "3"}


def regles(li: LigneTarifee) -> list[tuple[str, str]]:
    return [(r.code, r.texte.replace("\u00a0", " ")) for r in li.regles if r.sur == "amc"]


def demander(numero: str, *lignes: object, **champs: object) -> Tarification:
    return tarifer(facture("medecin", list(lignes), parcours="T", amc={"numero": numero}, **TP, **champs), contexte())


def test_la_part_dit_la_convention_et_son_calcul() -> None:
    reponse = demander("99000002", ligne(acte="C", depassement_centimes=2700), executant=LIBRE)
    assert regles(reponse.lignes[0]) == [
        ("AMC_CONVENTION", "Mutuelle de démonstration, dépassements : formule CONFORT, gestion unique."),
        ("AMC_BASE", "130 % de la base de 23,00 € moins la part obligatoire de 16,10 € : 13,80 €."),
    ]


def test_un_montant_limite_le_dit() -> None:
    assert regles(demander("99000002", ligne(acte="G")).lignes[0])[1][1].endswith("dans la limite de 9,00 € : 9,00 €.")


def test_deux_operateurs_une_regle_chacun() -> None:
    reponse = demander("99000004", ligne(acte="C", depassement_centimes=2700), executant=LIBRE)
    assert [code for code, _ in regles(reponse.lignes[0])] == ["AMC_CONVENTION", "AMC_TM", "AMC_FORFAIT"]
    assert regles(reponse.lignes[0])[2][1] == "Forfait de 10,00 € : 10,00 €."


def test_un_plafond_de_facture_s_ajoute_aux_regles() -> None:
    actes = [ligne(acte="APC", depassement_centimes=6000), ligne(acte="APC", depassement_centimes=6000)]
    reponse = demander("99000005", *actes, executant=LIBRE | {"specialite": "03", "option_tarifaire": "optam"})
    assert [li.amc_centimes for li in reponse.lignes] == [4000, 2000]
    assert regles(reponse.lignes[1])[-1] == (
        "AMC_PLAFOND_FACTURE", "60 € au plus par facture : 20,00 € restent pour cette ligne.",
    )


def test_la_c2s_dit_ce_qu_elle_prend() -> None:
    reponse = tarifer(facture("medecin", [ligne(acte="G")], parcours="S", patient={"c2s": True}), contexte())
    assert [code for code, _ in regles(reponse.lignes[0])] == ["AMC_CONVENTION", "AMC_TM", "AMC_PENALITE"]
    assert not any(r.a_confirmer for r in reponse.lignes[0].regles if r.sur == "amc")


def test_une_formule_du_projet_est_a_confirmer() -> None:
    reponse = demander("99000001", ligne(acte="G"))
    assert all(r.a_confirmer for r in reponse.lignes[0].regles if r.sur == "amc")
    [doute] = [a.message for a in reponse.alertes if a.code == "TARIF_A_CONFIRMER"]
    assert "convention complémentaire 99000001" in doute
    assert "formule complémentaire TM100" in doute


def test_sans_part_pas_de_regle() -> None:
    assert regles(demander("99000001", ligne(acte="G", ald=True)).lignes[0]) == []


def test_une_exclusion_se_dit() -> None:
    exclue = tables.lire(
        "formules_amc", "# version: 1\n# cles: formule natures option rang\n"
        "formule;natures;option;rang:entier;operateur;valeur:entier;libelle;date_debut;date_fin;source;certitude\n"
        "TM100;medecin;*;1;rien;0;Consultations exclues;2020-01-01;;essai;S\n",
    )

    class Tables:
        def charger(self, nom: str) -> tables.Table:
            return exclue if nom == "formules_amc" else tables.charger(nom)

    demandee = facture("medecin", [ligne(acte="G")], parcours="T", amc={"numero": "99000001"}, **TP)
    [li] = tarifer(demandee, replace(contexte(), tables=Tables())).lignes
    assert li.amc_centimes == 0
    assert regles(li)[1] == ("AMC_RIEN", "Consultations exclues : 0,00 €.")
    [sans_bloc] = tarifer(
        replace(demandee, lignes=(ligne(acte="SF"),), executant=replace(demandee.executant, specialite="21")),
        replace(contexte(), tables=Tables()),
    ).lignes
    assert sans_bloc.amc_centimes == 0


def test_une_penalite_reste_au_patient_meme_si_une_formule_la_promet() -> None:
    promise = tables.lire(
        "formules_amc", "# version: 1\n# cles: formule natures option rang\n"
        "formule;natures;option;rang:entier;operateur;valeur:entier;libelle;date_debut;date_fin;source;certitude\n"
        "TM100;*;*;1;penalite;10000;Majoration;2020-01-01;;essai;S\n",
    )

    class Tables:
        def charger(self, nom: str) -> tables.Table:
            return promise if nom == "formules_amc" else tables.charger(nom)

    demandee = facture("medecin", [ligne(acte="G")], parcours="S", amc={"numero": "99000001"}, **TP)
    [li] = tarifer(demandee, replace(contexte(), tables=Tables())).lignes
    assert (li.amc_centimes, li.assure_centimes) == (0, 1960)


def test_un_plafond_ne_vaut_que_pour_son_option() -> None:
    formule = tables.lire(
        "formules_amc", "# version: 1\n# cles: formule natures option rang\n"
        "formule;natures;option;rang:entier;operateur;valeur:entier;libelle;date_debut;date_fin;source;certitude\n"
        "TM100;*;*;1;base;20000;200 %;2020-01-01;;essai;S\n"
        "TM100;*;hors_optam;9;plafond_facture;1500;15 € en honoraires libres;2020-01-01;;essai;S\n",
    )

    class Tables:
        def charger(self, nom: str) -> tables.Table:
            return formule if nom == "formules_amc" else tables.charger(nom)

    acte = [ligne(acte="C", depassement_centimes=2700)]
    demandee = facture("specialiste", acte, parcours="O", amc={"numero": "99000001"}, executant=LIBRE, **TP)
    optam = replace(demandee, executant=replace(demandee.executant, option_tarifaire="optam"))
    # 200 % of 23,00 = 46,00 less 16,10 = 29,90
    ici = replace(contexte(), tables=Tables())
    assert [tarifer(f, ici).totaux.amc_centimes for f in (demandee, optam)] == [1500, 2990]


def test_les_operateurs_importables_sont_ceux_du_moteur() -> None:
    assert set(conventions_amc.PAYANTS) == set(formules_amc.PAYANTS)
    assert set(conventions_amc.RETENUES) == set(formules_amc.RETENUES)
    assert set(conventions_amc.LIMITES) == set(formules_amc.LIMITES)
    employes = {ligne["operateur"] for ligne in tables.charger("formules_amc").lignes(JOUR)}
    assert employes == set(conventions_amc.OPERATEURS)


def test_chaque_convention_a_sa_formule() -> None:
    connues = {ligne["formule"] for ligne in tables.charger("formules_amc").lignes(JOUR)}
    assert {ligne["formule"] for ligne in tables.charger("conventions_amc").lignes(JOUR)} <= connues


@pytest.mark.parametrize("nom", ["conventions_amc", "formules_amc"])
def test_ce_qui_n_est_pas_public_est_marque(nom: str) -> None:
    publiques = {"C2S", "AME"}
    for rangee in tables.charger(nom).toutes():
        assert rangee.certitude == ("S" if rangee["formule"] in publiques else "P")


@st.composite
def assurees(draw: st.DrawFn) -> Facture:
    """An invoice of any trade whose complementary part is paid by one of the formulas."""
    demandee = draw(factures())
    organisme = OrganismeAmc(draw(st.sampled_from(NUMEROS)), gestion=draw(st.sampled_from(["unique", "separee"])))
    return replace(demandee, amc=organisme, tiers_payant=TiersPayant(amc=True))


@given(assurees())
def test_une_part_ne_depasse_jamais_ce_que_laisse_l_amo(demandee: Facture) -> None:
    """Neither the AMO part nor, the C2S apart, the majoration hors parcours."""
    for li in tarif(demandee).lignes:
        assert li.amc_centimes >= 0
        assert li.amo_centimes + li.amc_centimes + li.assure_centimes == li.montant_centimes
        assert li.assure_centimes >= 0
        if not demandee.beneficiaire.c2s:
            laisse = li.montant_centimes - appliquer_taux(li.base_centimes, li.taux) + li.participation_centimes
            assert li.amc_centimes <= laisse


@given(assurees(), st.randoms(use_true_random=False))
def test_l_ordre_des_lignes_ne_change_aucune_part(demandee: Facture, hasard: object) -> None:
    melangees = list(demandee.lignes)
    hasard.shuffle(melangees)  # type: ignore[attr-defined]
    assert _parts(tarif(replace(demandee, lignes=tuple(melangees)))) == _parts(tarif(demandee))


def _parts(reponse: Tarification) -> Counter[tuple]:
    return Counter(
        (li.acte, li.detail, li.complement, li.date, li.montant_centimes, li.amc_centimes) for li in reponse.lignes
    )


@given(assurees())
def test_un_plafond_de_facture_n_est_jamais_depasse(demandee: Facture) -> None:
    patient = replace(demandee.beneficiaire, c2s=False, particularites=())
    plafonnee = replace(demandee, amc=OrganismeAmc("99000005"), beneficiaire=patient)
    assert tarif(plafonnee).totaux.amc_centimes <= 6000


@given(assurees())
def test_la_gestion_ne_change_aucun_montant(demandee: Facture) -> None:
    assert demandee.amc is not None
    autre = replace(demandee.amc, gestion="unique" if demandee.amc.gestion == "separee" else "separee")
    assert tarif(replace(demandee, amc=autre)).totaux == tarif(demandee).totaux


@given(factures())
def test_cent_pour_cent_du_ticket_ne_laisse_que_le_reste(demandee: Facture) -> None:
    patient = replace(demandee.beneficiaire, c2s=False, particularites=())
    seule = replace(demandee, amc=OrganismeAmc("99000001"), tiers_payant=TiersPayant(amc=True), beneficiaire=patient)
    for li in tarif(seule).lignes:
        assert li.amc_centimes == li.base_centimes - appliquer_taux(li.base_centimes, li.taux)


