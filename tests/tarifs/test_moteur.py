"""The answer as a whole: doubts said once, rules and versions, injected tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels import tables
from sesam_desktop.referentiels.tables import lire
from sesam_desktop.tarifs.contexte import Contexte
from sesam_desktop.tarifs.moteur import tarifer, totaliser

from .outils import JOUR, Boites, boites, contexte, facture, ligne

UNE_BOITE = boites({"3400936963504": {"taux": 6500, "prix": 1281, "honoraire": 102}})


def test_les_valeurs_douteuses_sont_dites_une_fois() -> None:
    reponse = tarifer(facture("infirmier", [ligne(acte="AMI"), ligne(acte="AMI")]), contexte())
    doutes = [a for a in reponse.alertes if a.code == "TARIF_A_CONFIRMER"]
    assert [a.message for a in doutes] == [
        "Valeurs à confirmer auprès de la caisse : prix AMI, taux auxiliaires médicaux."
    ]
    assert doutes[0].gravite == "avertissement"


def test_un_doute_sur_les_honoraires_d_officine_se_dit_une_fois_en_clair() -> None:
    """HDR, HC and HDA of a patient of 78: one name for the three."""
    cips = [f"340090000007{n}" for n in range(5)]
    connues = boites({cip: {"taux": 6500, "prix": 200, "honoraire": 102} for cip in cips})
    demandee = facture("pharmacien", [ligne(cip13=cip) for cip in cips], patient={"date_naissance": "19480101"})
    assert [a.message for a in tarifer(demandee, contexte(connues)).alertes] == [
        "Valeurs à confirmer auprès de la caisse : taux honoraires d'ordonnance."
    ]


def test_une_valeur_publiee_n_a_pas_d_alerte() -> None:
    assert tarifer(facture("medecin", [ligne(acte="G")]), contexte()).alertes == ()


def test_les_regles_d_une_ligne_disent_chiffres_source_et_version() -> None:
    reponse = tarifer(facture("medecin", [ligne(acte="G")], parcours="S"), contexte())
    assert [(r.code, r.version) for r in reponse.lignes[0].regles] == [
        ("TARIF", "prix 2026.11"), ("TAUX", "taux 2026.11"), ("PART_AMO", "formules 2026.11"),
        ("MAJORATION_HORS_PARCOURS", "penalite 2026.11"), ("RESTE_ASSURE", "formules 2026.11"),
    ]
    assert [r.sur for r in reponse.lignes[0].regles] == ["base", "taux", "amo", "amo", "assure"]
    assert reponse.lignes[0].regles[0].texte == "G : 30,00\u00a0€."
    assert reponse.lignes[0].regles[2].texte == "30,00\u00a0€ × 70\u00a0% = 21,00\u00a0€."
    assert "plafond 10,60\u00a0€" in reponse.lignes[0].regles[3].texte
    assert reponse.lignes[0].regles[4].texte == (
        "Reste au patient 19,60\u00a0€ : ticket modérateur 9,00\u00a0€ + majoration hors parcours 10,60\u00a0€."
    )
    assert reponse.lignes[0].regles[3].source == "Spécification de valorisation GIE 12/2024"


def test_le_doute_d_un_regime_ne_vaut_que_pour_son_taux_de_base() -> None:
    """The RATP is given the rates of the general régime, by decision; what is exempt does not depend on them."""
    patient = {"regime": "05", "ald": "4"}
    ordinaire = tarifer(facture("medecin", [ligne(acte="G")], patient=patient), contexte())
    assert [a.message for a in ordinaire.alertes] == ["Valeurs à confirmer auprès de la caisse : régime 05."]
    assert tarifer(facture("medecin", [ligne(acte="G", ald=True)], patient=patient), contexte()).alertes == ()


@pytest.mark.parametrize(
    ("champs", "texte"),
    [
        ({}, "Reste au patient 9,00\u00a0€ : ticket modérateur 9,00\u00a0€."),
        ({"patient": {"c2s": True}},
         "Reste au patient 0,00\u00a0€ : ticket modérateur 9,00\u00a0€ − part complémentaire 9,00\u00a0€."),
        ({"patient": {"particularites": ("AME",)}},
         "Reste au patient 0,00\u00a0€ : part de l'État 30,00\u00a0€ − part complémentaire 30,00\u00a0€."),
        ({"nature_assurance": "at"}, "Il ne reste rien au patient."),
    ],
)
def test_le_reste_au_patient_est_explique(champs: dict[str, Any], texte: str) -> None:
    reponse = tarifer(facture("medecin", [ligne(acte="G")], **champs), contexte())
    assert [r.texte for r in reponse.lignes[0].regles if r.sur == "assure"] == [texte]


def test_une_boite_dit_la_version_de_la_base_des_medicaments() -> None:
    boite = tarifer(facture("pharmacien", [ligne(cip13="3400936963504")]), contexte(UNE_BOITE)).lignes[0]
    assert (boite.regles[0].source, boite.regles[0].version) == ("BDPM", "2026-07-24")
    assert (boite.detail, boite.saisie, boite.prix_unitaire_centimes) == ("3400936963504", 0, 1281)


def test_chaque_ligne_garde_la_date_de_son_acte() -> None:
    hier = date(2026, 3, 1)
    lignes = [ligne(acte="AMI", date=hier), ligne(acte="AMI")]
    reponse = tarifer(facture("infirmier", lignes), contexte())
    assert [(li.acte, li.date, li.saisie) for li in reponse.lignes] == [
        ("AMI", hier, 0), ("MAU", hier, 0), ("AMI", JOUR, 1), ("MAU", JOUR, 1),
    ]


def test_les_kilometres_d_un_jour_s_ajoutent_dans_la_facture() -> None:
    lignes = [ligne(acte="AMI", coefficient=4, ik_km=254, quantite=2)]
    ik = [li for li in tarifer(facture("infirmier", lignes), contexte()).lignes if li.acte == "IK"]
    # 500 km: 299 at 0,35 then 100 at half, no more than 99 a line; 99 × 0,175 = 17,325 and 0,175 round up
    plein, moitie = [(99, 3465), (99, 3465), (99, 3465), (2, 70)], [(99, 1733), (1, 18)]
    assert [(li.quantite, li.montant_centimes) for li in ik] == plein + moitie


def test_le_plafond_compte_chaque_passage_de_la_journee() -> None:
    """Two visits of 150 km with both acts, a third with one of them: 299 km full, 100 km at half, nothing beyond."""
    deux = ligne(acte="AMI", coefficient=4, ik_km=154, quantite=2)
    trois = ligne(acte="AMI", coefficient=2, ik_km=154, quantite=3)
    ik = [li for li in tarifer(facture("infirmier", [deux, trois]), contexte()).lignes if li.acte == "IK"]
    assert sum(li.quantite for li in ik if li.coefficient == 1) == 299
    assert sum(li.quantite for li in ik if li.coefficient != 1) == 100


def test_un_depassement_n_est_compte_qu_une_fois_quand_la_ligne_est_partagee() -> None:
    demandee = ligne(acte="AMI", coefficient=2, quantite=100, depassement_centimes=500, qualificatif="E")
    ami = [li for li in tarifer(facture("infirmier", [demandee]), contexte()).lignes if li.acte == "AMI"]
    assert [(li.quantite, li.depassement_centimes) for li in ami] == [(99, 500), (1, 0)]
    assert [li.montant_centimes for li in ami] == [62870, 630]  # 99 × 6,30 + 5,00, then 6,30


def test_un_honoraire_demande_revient_a_sa_ligne_les_autres_a_la_premiere_boite() -> None:
    connues = boites({"3400936963504": {"taux": 6500, "prix": 1281, "honoraire": 102}})
    demandees = [ligne(acte="HDE"), ligne(cip13="3400936963504")]
    reponse = tarifer(facture("pharmacien", demandees), contexte(connues))
    assert [(li.acte, li.saisie) for li in reponse.lignes] == [("PH7", 1), ("HD7", 1), ("HDR", 1), ("HDE", 0)]


def test_les_honoraires_et_les_prix_recoivent_le_coefficient_d_outre_mer() -> None:
    connues = boites({"3400936963504": {"taux": 6500, "prix": 1281, "honoraire": 102}})
    demandees = [ligne(cip13="3400936963504"), ligne(acte="HDE")]
    reponse = tarifer(facture("pharmacien", demandees, executant={"departement": "974"}), contexte(connues))
    # La Réunion, 1,264: 12,81 → 16,192; HD 1,02 → 1,289; HDR 0,61 → 0,771; HDE 3,57 → 4,512
    montants = [(li.acte, li.montant_centimes) for li in reponse.lignes]
    assert montants == [("PH7", 1619), ("HD7", 129), ("HDR", 77), ("HDE", 451)]
    assert not any("outre-mer" in a.message for a in reponse.alertes)


@pytest.mark.parametrize("naissance", ["19560303", "19550302", "20230302", "20240302"])
def test_l_age_limite_n_est_dit_que_l_annee_des_soixante_dix_ans(naissance: str) -> None:
    """69 years on 2 March 2026, then 71, 3 and 2: no doubt at these ages."""
    demandee = facture("pharmacien", [ligne(cip13="3400936963504")], patient={"date_naissance": naissance})
    assert "AGE_LIMITE" not in [a.code for a in tarifer(demandee, contexte(UNE_BOITE)).alertes]


def test_une_table_changee_change_le_prix() -> None:
    class Autres:
        """The shipped tables with another price list."""

        def charger(self, nom: str):
            if nom != "prix":
                return tables.charger(nom)
            return lire("prix", (
                "# version: essai\n# cles: code zone\ncode;zone;prix:centimes;date_debut;date_fin;source;certitude\n"
                "G;*;4000;2026-01-01;;essai;S\n"
            ))

    reponse = tarifer(facture("medecin", [ligne(acte="G")]), Contexte(Autres(), Boites()))
    assert reponse.totaux.amo_centimes == 2800
    assert reponse.lignes[0].regles[0].version == "prix essai"


def test_une_facture_vide_ne_coute_rien() -> None:
    assert totaliser([]).facture_centimes == 0


def test_une_naissance_illisible_est_refusee() -> None:
    demandee = facture("pharmacien", [ligne(cip13="3400936963504")], patient={"date_naissance": "00000000"})
    with pytest.raises(ErreurConnue) as refus:
        tarifer(demandee, contexte(UNE_BOITE))
    assert (refus.value.code, refus.value.ou) == ("NAISSANCE_INVALIDE", "beneficiaire.date_naissance")


def test_les_boites_reelles_a_vignette_sont_toutes_tarifees(donnees_partagees) -> None:
    """Price + fee of the public file is what we charge at its date, for every reimbursable row but the 35 % ones."""
    from sesam_desktop.noyau.montants import lire_montant, lire_taux

    jour, prix, toutes = date(2026, 7, 24), {}, {}
    texte = (donnees_partagees / "bdpm" / "CIS_CIP_bdpm.txt").read_text(encoding="utf-8", errors="replace")
    for rangee in texte.splitlines():
        champs = rangee.split("\t")
        if len(champs) < 12 or not champs[9] or lire_taux(champs[8]) == 3500:
            continue
        montants = [lire_montant(_sans_milliers(c)) for c in champs[9:12] if c]
        if len(montants) == 3:
            toutes[champs[6]] = {"taux": lire_taux(champs[8]), "prix": montants[0], "honoraire": montants[2]}
            prix[champs[6]] = montants[0] + montants[2]
    cips, reelles = sorted(toutes)[::13], contexte(boites(toutes))
    assert len(cips) > 1000
    for cip in cips:
        reponse = tarifer(facture("pharmacien", [ligne(cip13=cip)], jour, prescription=None), reelles)
        assert reponse.totaux.facture_centimes == prix[cip]


def _sans_milliers(texte: str) -> str:
    """``1,234,56`` of the public file → ``1234,56``."""
    entier, _, decimales = texte.rpartition(",")
    return f"{entier.replace(',', '')},{decimales}"
