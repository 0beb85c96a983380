"""Bad input through both commands that read an invoice: one refusal, the path of the field, what is expected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .ligne import Ligne

PATIENT = {"nir": "1801975000001", "cle": "31", "date_naissance": "19800101"}
INFIRMIER: dict[str, Any] = {
    "date_soins": "2026-03-02",
    "executant": {"profession": "infirmier", "specialite": "24", "zone_ik": "1", "departement": "72"},
    "beneficiaire": PATIENT,
    "prescription": {"date": "2026-03-01", "prescripteur": "10001234565"},
    "lignes": [{"acte": "AMI", "coefficient": "4"}],
}
MEDECIN = INFIRMIER | {
    "executant": {"profession": "medecin", "specialite": "01", "departement": "72"}, "prescription": None,
    "parcours": "T", "lignes": [{"acte": "G"}],
}
PHARMACIEN = INFIRMIER | {"executant": {"profession": "pharmacien", "specialite": "50", "departement": "72"}}


def ami(**champs: Any) -> dict[str, Any]:
    return INFIRMIER | {"lignes": [{"acte": "AMI", **champs}]}


def consultation(**champs: Any) -> dict[str, Any]:
    return MEDECIN | {"lignes": [{"acte": "G", **champs}]}


def patient(facture: dict[str, Any] = MEDECIN, **champs: Any) -> dict[str, Any]:
    return facture | {"beneficiaire": PATIENT | champs}


# (what is asked, path, code, words of what is expected)
ACTES = [
    (INFIRMIER | {"lignes": [{"acte": "AMII"}]}, "lignes[0].acte", "ACTE_NON_COUVERT", "peut-être attendu : AMI"),
    (INFIRMIER | {"lignes": [{"acte": "QQQQ"}]}, "lignes[0].acte", "ACTE_NON_COUVERT", "page Référentiels"),
    (MEDECIN | {"lignes": [{"acte": "GS"}]}, "lignes[0].acte", "ACTE_NON_COUVERT", "au 21/12/2024"),
    (INFIRMIER | {"lignes": [{"acte": "G"}]}, "lignes[0].acte", "ACTE_INTERDIT", "attendues : 01, 22, 23."),
    (MEDECIN | {"lignes": [{"acte": "CS"}]}, "lignes[0].acte", "ACTE_INTERDIT", "attendues : 02, 03, 04"),
    (PHARMACIEN | {"lignes": [{"acte": "HDR"}]}, "lignes[0].acte", "ACTE_AJOUTE", "demandez l'acte"),
    (PHARMACIEN | {"lignes": [{"acte": "MEDICAMENT"}]}, "lignes[0].cip13", "CIP_INVALIDE", "CIP13"),
    (consultation(cip13="3400949497294"), "lignes[0].cip13", "CHAMP_SANS_OBJET", "retirez-le"),
    (consultation(remise=5), "lignes[0].remise", "CHAMP_INCONNU", "inconnu"),
    (INFIRMIER | {"lignes": []}, "lignes", "CHAMP_INVALIDE", "Au moins une ligne"),
    (consultation(qualificatif="Z"), "lignes[0].qualificatif", "QUALIFICATIF_REFUSE", "attendus : G, N, E"),
]
NOMBRES = [
    (ami(quantite=0), "lignes[0].quantite", "CHAMP_INVALIDE", "de 1 à 999"),
    (ami(quantite=10**9), "lignes[0].quantite", "CHAMP_INVALIDE", "de 1 à 999"),
    (ami(quantite=-1), "lignes[0].quantite", "CHAMP_INVALIDE", "de 1 à 999"),
    (ami(quantite=1.5), "lignes[0].quantite", "CHAMP_INVALIDE", "entier"),
    (ami(quantite="2"), "lignes[0].quantite", "CHAMP_INVALIDE", "entier"),
    (ami(coefficient="0"), "lignes[0].coefficient", "CHAMP_INVALIDE", "de 0,01 à 999,99"),
    (ami(coefficient="-4"), "lignes[0].coefficient", "CHAMP_INVALIDE", "de 0,01 à 999,99"),
    (ami(coefficient="1.005"), "lignes[0].coefficient", "CHAMP_INVALIDE", "deux décimales"),
    (ami(depassement_centimes=-1), "lignes[0].depassement_centimes", "CHAMP_INVALIDE", "de 0 à"),
    (ami(depassement_centimes=10**12), "lignes[0].depassement_centimes", "CHAMP_INVALIDE", "de 0 à"),
    (ami(ik_km=-5), "lignes[0].ik_km", "CHAMP_INVALIDE", "de 0 à"),
    (PHARMACIEN | {"lignes": [{"acte": "PHN", "prix_centimes": -1}]}, "lignes[0].prix_centimes", "CHAMP_INVALIDE",
     "de 0 à"),
    (consultation(qualificatif="G", depassement_centimes=500), "lignes[0].depassement_centimes", "CHAMP_SANS_OBJET",
     "0 est attendu"),
]
DATES = [
    (MEDECIN | {"date_soins": "1900-01-01"}, "date_soins", "DATE_HORS_TABLES", "depuis le 01/01/2005"),
    (consultation(date="2004-12-31"), "lignes[0].date", "DATE_HORS_TABLES", "depuis le 01/01/2005"),
    (MEDECIN | {"date_soins": "2999-01-01"}, "date_soins", "SOINS_FUTURS", "futur"),
    (MEDECIN | {"date_soins": "2026-02-31"}, "date_soins", "DATE_INVALIDE", "AAAA-MM-JJ"),
    (MEDECIN | {"date_soins": "02/03/2026"}, "date_soins", "DATE_INVALIDE", "AAAA-MM-JJ"),
    (patient(date_naissance="20270101"), "beneficiaire.date_naissance", "NAISSANCE_APRES_SOINS", "né après"),
]
SITUATIONS = [
    (patient(c2s=True, particularites=["AME"]), "beneficiaire.c2s", "SITUATION_CONTRADICTOIRE", "gardez l'une"),
    (patient(particularites=["AME", "DETENU"]), "beneficiaire.particularites[1]", "SITUATION_CONTRADICTOIRE",
     "gardez l'une"),
    (patient(particularites=["AUTRE"]), "beneficiaire.particularites[0]", "PARTICULARITE_INCONNUE", "ALD, AME, ASPA"),
    (patient(particularites=["SNCF_CP"]), "beneficiaire.particularites[0]", "PARTICULARITE_REGIME", "régime 01"),
    (patient(regime="66"), "beneficiaire.regime", "REGIME_INCONNU", "attendus : 01, 02"),
    (patient(regime="17"), "beneficiaire.regime", "REGIME_NON_COUVERT", "feuille de soins papier"),
    (patient(regime="10"), "beneficiaire.regime", "REGIME_NON_COUVERT", "autre outil"),
    (patient(regime="04"), "beneficiaire.particularites", "SNCF_NON_COUVERT", "SNCF_CP"),
    (patient(MEDECIN | {"nature_assurance": "at"}, qualite="2"), "beneficiaire.qualite", "AT_QUALITE", "assuré"),
    (patient(MEDECIN | {"nature_assurance": "prevention"}, particularites=["DETENU"]), "nature_assurance",
     "NATURE_DETENU", "attendue est « Maladie »"),
    (MEDECIN | {"nature_assurance": "autre"}, "nature_assurance", "CHAMP_INVALIDE", "maladie, maternite, at"),
    (MEDECIN | {"parcours": "Z"}, "parcours", "PARCOURS_INCONNU", "attendus : A, B, D"),
    (consultation(motif_exoneration="AUTRE"), "lignes[0].motif_exoneration", "MOTIF_INCONNU", "IVG"),
    (consultation(motif_exoneration="IST"), "lignes[0].motif_exoneration", "MOTIF_AGE", "avant 26 ans"),
]
PERSONNES = [
    (INFIRMIER | {"prescription": None}, "prescription", "PRESCRIPTION_MANQUANTE", "prescription"),
    (INFIRMIER | {"prescription": {"date": "2026-03-01"}}, "prescription.prescripteur", "PRESCRIPTEUR_MANQUANT",
     "obligatoire"),
    (INFIRMIER | {"prescription": {"date": "2026-03-01", "prescripteur": "1234"}}, "prescription.prescripteur",
     "CHAMP_INVALIDE", "Neuf ou onze chiffres"),
    (INFIRMIER | {"executant": INFIRMIER["executant"] | {"convention": "9"}}, "executant.convention",
     "CONVENTION_NON_COUVERTE", "1, 2 ou 3"),
    (INFIRMIER | {"executant": INFIRMIER["executant"] | {"profession": "medecin"}}, "executant.profession",
     "PROFESSION_INCOHERENTE", "« infirmier » est attendu"),
    (INFIRMIER | {"beneficiaire": None}, "beneficiaire", "CHAMP_MANQUANT", "obligatoire"),
    (patient(INFIRMIER, nir="123"), "beneficiaire.nir", "CHAMP_INVALIDE", "Treize caractères"),
    (patient(INFIRMIER, cle="32"), "beneficiaire.nir", "NIR_CLE_FAUSSE", "ressaisissez"),
]


@pytest.mark.parametrize(("demandee", "champ", "code", "attendu"), ACTES + NOMBRES + DATES + SITUATIONS + PERSONNES)
def test_une_entree_fautive_est_refusee(
    ligne: Ligne, tmp_path: Path, demandee: dict[str, Any], champ: str, code: str, attendu: str
) -> None:
    fichier = tmp_path / "facture.json"
    fichier.write_text(json.dumps(demandee), encoding="utf-8")
    for commande in (("tarifer",), ("facture", "verifier")):
        statut, _, phrase = ligne(*commande, fichier)
        assert statut == 1 and phrase.count("\n") == 1
        assert phrase.startswith(f"{champ} : ") and f"[{code}]" in phrase
        assert attendu in phrase
        assert PATIENT["nir"] not in phrase and "Traceback" not in phrase
