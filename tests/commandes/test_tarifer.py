from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .ligne import Ligne

INFIRMIER: dict[str, Any] = {
    "date_soins": "2026-03-02",
    "executant": {"profession": "infirmier", "specialite": "24", "zone_ik": "1", "departement": "72"},
    "beneficiaire": {"nir": "1801975000001", "cle": "31", "date_naissance": "19800101"},
    "prescription": {"date": "2026-03-01", "prescripteur": "10001234565"},
    "lignes": [{"acte": "AMI", "coefficient": "4", "domicile": True, "ik_km": 12}],
}
OFFICINE = INFIRMIER | {
    "executant": {"profession": "pharmacien", "specialite": "50", "departement": "72"},
    "lignes": [{"acte": "MEDICAMENT", "cip13": "3400949497294", "quantite": 2}],
}


@pytest.fixture
def fichier(tmp_path: Path):
    def ecrire(facture: Any, **autres: Any) -> Path:
        chemin = tmp_path / "facture.json"
        chemin.write_text(json.dumps(facture | autres), encoding="utf-8")
        return chemin

    return ecrire


def test_tarifer_une_tournee(ligne: Ligne, fichier) -> None:
    """12,60 + 2,75 + 8 × 0,35 = 18,15; each line at 60 %: 7,56 + 1,65 + 1,68 = 10,89."""
    reponse = ligne.json("tarifer", fichier(INFIRMIER))
    assert [li["acte"] for li in reponse["lignes"]] == ["AMI", "IFA", "IK"]
    assert reponse["totaux"] == {
        "facture_centimes": 1815, "base_centimes": 1815, "amo_centimes": 1089, "amc_centimes": 0,
        "assure_centimes": 726,
    }
    assert [a["code"] for a in reponse["alertes"]] == ["TARIF_A_CONFIRMER"]
    champs = {"code", "texte", "source", "version", "sur", "a_confirmer"}
    assert all(set(r) == champs for li in reponse["lignes"] for r in li["regles"])


def test_tarifer_des_boites(ligne: Ligne, fichier) -> None:
    """2 × 24,34 and 2 × 1,02 at 100 %, HDR 0,61 at 70 %; the demonstration table is later than the care."""
    ligne.json("referentiels", "importer", "demonstration")
    reponse = ligne.json("tarifer", fichier(OFFICINE))
    assert [(li["acte"], li["base_centimes"], li["amo_centimes"]) for li in reponse["lignes"]] == [
        ("PH1", 4868, 4868), ("HD1", 204, 204), ("HDR", 61, 43),
    ]
    assert "MEDICAMENT_HORS_PERIODE" in [a["code"] for a in reponse["alertes"]]


def test_tarifer_pour_une_personne(ligne: Ligne, fichier) -> None:
    statut, sortie, _ = ligne("tarifer", fichier(INFIRMIER))
    assert statut == 0
    assert "Total 18,15\u00a0€ : AMO 10,89\u00a0€, AMC 0,00\u00a0€, patient 7,26\u00a0€" in sortie
    assert "[avertissement] facture : Valeurs à confirmer" in sortie


@pytest.mark.parametrize(
    ("autres", "phrase", "code"),
    [
        ({"beneficiaire": {**INFIRMIER["beneficiaire"], "cle": "32"}}, "beneficiaire.nir : ", "NIR_CLE_FAUSSE"),
        ({"prescription": {"date": "2999-01-01", "prescripteur": "10001234565"}}, "prescription.date : ",
         "PRESCRIPTION_FUTURE"),
        ({"lignes": [{"acte": "CCAM", "code": "DEQP003"}]}, "lignes[0].acte : ", "ACTE_INTERDIT"),
        ({"lignes": [{"acte": "ZZZ"}]}, "lignes[0].acte : ", "ACTE_NON_COUVERT"),
        ({"lignes": [{"acte": "AMI", "quantite": 10**9}]}, "lignes[0].quantite : ", "CHAMP_INVALIDE"),
        ({"lignes": [{"acte": "AMI"}, {"acte": "BSA"}]}, "lignes[0].acte : ", "CUMUL_INTERDIT"),
        ({"inconnu": 1}, "inconnu : ", "CHAMP_INCONNU"),
    ],
)
def test_refus(ligne: Ligne, fichier, autres: dict[str, Any], phrase: str, code: str) -> None:
    erreurs = ligne.refus("tarifer", fichier(INFIRMIER, **autres))
    assert erreurs.startswith(phrase) and f"[{code}]" in erreurs
    assert "1801975" not in erreurs


def test_cip_inconnu(ligne: Ligne, fichier) -> None:
    ligne.json("referentiels", "importer", "demonstration")
    inconnue = {"lignes": [{"acte": "MEDICAMENT", "cip13": "3400930000021"}]}
    assert "lignes[0].cip13 : " in ligne.refus("tarifer", fichier(OFFICINE, **inconnue))


def test_fichiers_illisibles(ligne: Ligne, tmp_path: Path) -> None:
    assert "[FICHIER_ILLISIBLE]" in ligne.refus("tarifer", tmp_path / "absent.json")
    (tmp_path / "latin.json").write_bytes("{é".encode("latin-1"))
    assert "[FICHIER_ILLISIBLE]" in ligne.refus("facture", "verifier", tmp_path / "latin.json")
    (tmp_path / "coupe.json").write_text("{", encoding="utf-8")
    assert "[JSON_INVALIDE]" in ligne.refus("facture", "verifier", tmp_path / "coupe.json")
    (tmp_path / "gros.json").write_bytes(b" " * 5_000_001)
    assert "[FICHIER_ILLISIBLE]" in ligne.refus("tarifer", tmp_path / "gros.json")


def test_verifier_sans_remarque(ligne: Ligne, fichier) -> None:
    assert ligne.json("facture", "verifier", fichier(INFIRMIER)) == {"erreurs": []}
    assert ligne("facture", "verifier", fichier(INFIRMIER))[1] == "Aucune remarque.\n"


def test_verifier_dit_toutes_les_remarques(ligne: Ligne, fichier) -> None:
    defauts = {"beneficiaire": {**INFIRMIER["beneficiaire"], "cle": "32"}, "lignes": INFIRMIER["lignes"] * 2}
    statut, sortie, erreurs = ligne("--json", "facture", "verifier", fichier(INFIRMIER, **defauts))
    assert statut == 1 and "[NIR_CLE_FAUSSE]" in erreurs
    assert [(e["code"], e["gravite"], e["champ"]) for e in json.loads(sortie)["erreurs"]] == [
        ("NIR_CLE_FAUSSE", "bloquante", "beneficiaire.nir"), ("LIGNE_EN_DOUBLE", "avertissement", "lignes[1]"),
    ]


def test_verifier_dit_un_champ_mal_ecrit(ligne: Ligne, fichier) -> None:
    statut, sortie, _ = ligne("--json", "facture", "verifier", fichier(INFIRMIER, parcours="t"))
    assert statut == 1
    assert [(e["code"], e["champ"]) for e in json.loads(sortie)["erreurs"]] == [("CHAMP_INVALIDE", "parcours")]


def test_plusieurs_remarques_bloquantes_sont_comptees(ligne: Ligne, fichier) -> None:
    defauts = {"beneficiaire": {**INFIRMIER["beneficiaire"], "cle": "32"}, "prescription": None}
    assert "(et 1 autre remarque bloquante)" in ligne.refus("tarifer", fichier(INFIRMIER, **defauts))
