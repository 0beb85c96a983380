"""`lots` and `retours` as scripts use them."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Courrier, Retour
from sesam_desktop.commandes.retours import _dire
from sesam_desktop.factures.depot import Factures
from sesam_desktop.flux import noemie
from sesam_desktop.teletransmission.bilan import BilanRetours, Panne
from tests.flux.fabrique import ENTETE, corps_noemie
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
    assert sortie.startswith("0 lot serait préparé, 0 facture ; 1 facture écartée.\n  facture 000000001 : Aucun")


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
    assert sortie.startswith("Courriers reçus : 0, déjà connus : 1.")


def test_importer_un_fichier_absent(ligne: Ligne, tmp_path: Path) -> None:
    assert "FICHIER_ILLISIBLE" in ligne.refus("retours", "importer", tmp_path / "absent")


def test_usage(ligne: Ligne) -> None:
    statut, sortie, erreurs = ligne("retours", "importer")
    assert (statut, sortie) == (2, "")
    assert erreurs


def test_ce_qu_un_releve_a_laisse_se_dit() -> None:
    bilan = BilanRetours(recus=1, payees=2, laisses=3, avis=1, pannes=[Panne("OCT", "X", "Serveur muet.")])
    assert _dire(bilan).splitlines() == [
        "Courriers reçus : 1, déjà connus : 0. ARL positifs : 0, négatifs : 0. Factures payées : 2, rejetées : 0,"
        " à montant différent : 0.",
        "Messages laissés sur le serveur, qui ne sait pas les donner ou trop gros pour un retour : 3.",
        "Avis de serveurs de messagerie : 1.",
        "Boîte OCT : Serveur muet.",
    ]


def test_ce_qui_ne_correspond_a_rien_dit_sa_facture_et_le_jour_d_ici(
    ligne: Ligne, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Received at 23:30 UTC on the 21st of November: the 22nd in Paris."""
    (tmp_path / "retour").write_bytes(noemie.composer(ENTETE, corps_noemie()))
    assert ligne("retours", "importer", tmp_path / "retour")[0] == 0
    with Base(ligne.profil / "sesam.db"):
        Retour.update(recu_le="2026-11-21T23:30:00.000000+00:00").execute()
    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    try:
        dites = ligne("retours", "lister")[1].splitlines()
    finally:
        monkeypatch.undo()
        time.tzset()
    assert dites[0] == "courrier 1, reçu le 22/11/2026 : NOEMIE sans envoi correspondant (facture 000000123)"


def test_retours_lister_et_classer(ligne: Ligne, tmp_path: Path) -> None:
    (tmp_path / "inconnu").write_bytes(b"rien de connu")
    assert ligne("retours", "importer", tmp_path / "inconnu")[0] == 1
    ((illisible,), inconnus, a_verifier) = ligne.json("retours", "lister").values()
    assert (inconnus, a_verifier) == ([], [])
    assert ligne.json("retours", "reprendre")["non_rapproches"] == 0
    fait = ligne.json("retours", "classer", illisible["courrier"], "--motif", "publicité")
    assert (fait["etat"], fait["remarque_classee"]) == ("classe", False)
    assert ligne("retours", "lister")[1] == "Aucun retour n'attend.\n"
    assert "[COURRIER_SANS_SUITE]" in ligne.refus("retours", "classer", illisible["courrier"])
    assert "[COURRIER_INCONNU]" in ligne.refus("retours", "classer", 99)


def test_retours_classer_une_remarque(ligne: Ligne) -> None:
    with Base(ligne.profil / "sesam.db"):
        for rang in (1, 2):
            Courrier.create(empreinte=str(rang) * 64, octets=b"", recu_le="2026-11-01T00:00:00+00:00", etat="lu",
                            genre="NOEMIE", motif="Total faux.")
    assert ligne.json("retours", "classer", 1) == {"courrier": 1, "etat": "lu", "remarque_classee": True}
    assert ligne("retours", "classer", 2)[1] == "Courrier 2 : remarque classée, le retour reste appliqué.\n"
    assert ligne.json("retours", "lister")["a_verifier"] == []
