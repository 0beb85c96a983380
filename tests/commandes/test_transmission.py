"""`lots` and `retours` as scripts use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.factures.depot import Factures
from tests.teletransmission.fabrique import securisee

from .ligne import Ligne


@pytest.fixture
def facture(ligne: Ligne) -> str:
    """One signed invoice whose fund has no certificate here."""
    with Base(ligne.profil / "sesam.db") as base:
        Factures(base).enregistrer(securisee("000000001"))
    return "000000001"


def test_rien_a_preparer(ligne: Ligne) -> None:
    reponse = ligne.json("lots", "preparer")
    assert (reponse["nombre_lots"], reponse["factures"], reponse["refus"]) == (0, 0, [])
    assert reponse["etats"] == {"factures": {}, "messages": {}, "lots": {}, "courriers": {}}


@pytest.mark.parametrize("options, statut", [([], 1), (["--a-blanc"], 0)])
def test_facture_ecartee_avec_sa_raison(ligne: Ligne, facture: str, options: list[str], statut: int) -> None:
    """What stays behind is a failure, except for who only asked what would."""
    rendu, sortie, erreurs = ligne("--json", "lots", "preparer", *options)
    reponse = json.loads(sortie)
    assert (rendu, erreurs.count("\n")) == (statut, statut)
    assert erreurs.startswith(f"Facture {facture} : Aucun certificat" if statut else "")
    assert reponse["a_blanc"] is bool(options)
    assert [(r["facture"], r["code"]) for r in reponse["refus"]] == [(facture, "CERTIFICAT_ABSENT")]
    assert reponse["etats"]["factures"] == {"signee_ps": 1}


def test_texte_pour_les_gens(ligne: Ligne, facture: str) -> None:
    statut, sortie, _ = ligne("lots", "preparer", "--a-blanc")
    assert statut == 0
    assert sortie.startswith("0 lots seraient préparés, 0 factures ; 1 factures écartées.\n  facture 000000001 : Aucun")


def test_code_porteur_absent(ligne: Ligne, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CODE_DE_TEST", raising=False)
    assert "CODE_PORTEUR_ABSENT" in ligne.refus("lots", "preparer", "--code-porteur-env", "CODE_DE_TEST")


@pytest.mark.parametrize("commande", [("lots", "envoyer"), ("retours", "relever")])
def test_messagerie_non_reglee(ligne: Ligne, commande: tuple[str, str]) -> None:
    assert "La messagerie de ce poste n'est pas réglée." in ligne.refus(*commande)


def test_importer_un_fichier_illisible(ligne: Ligne, tmp_path: Path) -> None:
    fichier = tmp_path / "retour.txt"
    fichier.write_bytes(b"ceci n'est pas un retour")
    statut, sortie, erreurs = ligne("--json", "retours", "importer", fichier)
    reponse = json.loads(sortie)
    assert (statut, erreurs.count("\n")) == (1, 1)
    assert erreurs.endswith("[RETOUR_ILLISIBLE]\n")
    assert (reponse["recus"], reponse["quarantaine"], reponse["etats"]["courriers"]) == (1, 1, {"quarantaine": 1})
    _, sortie, _ = ligne("retours", "importer", fichier)
    assert sortie.startswith("0 courriers reçus (1 déjà connus)")


def test_importer_un_fichier_absent(ligne: Ligne, tmp_path: Path) -> None:
    assert "FICHIER_ILLISIBLE" in ligne.refus("retours", "importer", tmp_path / "absent")


def test_usage(ligne: Ligne) -> None:
    statut, sortie, erreurs = ligne("retours", "importer")
    assert (statut, sortie) == (2, "")
    assert erreurs


def test_retours_lister_et_classer(ligne: Ligne, tmp_path: Path) -> None:
    (tmp_path / "inconnu").write_bytes(b"rien de connu")
    assert ligne("retours", "importer", tmp_path / "inconnu")[0] == 1
    ((illisible,), inconnus, a_verifier) = ligne.json("retours", "lister").values()
    assert (inconnus, a_verifier) == ([], [])
    assert ligne.json("retours", "classer", illisible["courrier"], "--motif", "publicité")["etat"] == "classe"
    assert ligne("retours", "lister")[1] == "Aucun retour n'attend.\n"
    assert "[COURRIER_SANS_SUITE]" in ligne.refus("retours", "classer", illisible["courrier"])
    assert "[COURRIER_INCONNU]" in ligne.refus("retours", "classer", 99)
