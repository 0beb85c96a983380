"""`factures recycler|papier|a-tort`, `lots renvoyer|delais` and `certificats` as scripts use them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Lot
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.securisation.autorite import creer_autorite, creer_certificat
from tests.teletransmission.atelier import Atelier
from tests.teletransmission.fabrique import PARIS, SARTHE, courrier, securisee

from .ligne import Ligne

MOTIF = {"code": "0012", "libelle": "PRESCRIPTEUR INCONNU", "ligne": 1}


@pytest.fixture
def rejetee(ligne: Ligne) -> str:
    """A rejected invoice: 17,50 € and nothing else were expected."""
    with Base(ligne.profil / "sesam.db") as base:
        factures = Factures(base)
        factures.enregistrer(securisee("000000001"))
        factures.ajouter_evenement("000000001", Etat.EN_LOT)
        attendu = {"attendu_amo_centimes": 1750, "attendu_amc_centimes": 0, "motifs": [MOTIF]}
        factures.ajouter_evenement("000000001", Etat.REJETEE, attendu)
    return "000000001"


def test_recycler_explique(ligne: Ligne, rejetee: str) -> None:
    reponse = ligne.json("factures", "recycler", "1")
    assert (reponse["facture"], reponse["etat"], reponse["lignes"]) == (rejetee, "rejetee", [0])
    assert reponse["motifs"][0]["cause"]["famille"] == "prescripteur"
    assert reponse["demande"]["beneficiaire"]["nom"] == "DURAND"
    statut, sortie, _ = ligne("factures", "recycler", "1")
    assert statut == 0
    assert "[0012, ligne 1] PRESCRIPTEUR INCONNU" in sortie
    assert "Vérifiez son numéro" in sortie


def test_recycler_ce_qui_n_est_pas_refuse(ligne: Ligne) -> None:
    statut, _, erreurs = ligne("factures", "recycler", "99")
    assert statut == 1 and "FACTURE_INCONNUE" in erreurs


def test_papier(ligne: Ligne, rejetee: str, tmp_path: Path) -> None:
    (envoi,) = ligne.json("factures", "papier", "1", "--dossier", str(tmp_path / "poste"))
    assert (envoi["fonds"], envoi["factures"]) == ("01 721 721", [rejetee])
    assert Path(envoi["bordereau"]).exists() and Path(envoi["duplicatas"][0]).exists()
    assert ligne.json("factures", "lister")[0]["libelle"] == "Envoyée sur papier"
    statut, _, erreurs = ligne("factures", "papier", "1", "--dossier", str(tmp_path / "encore"))
    assert statut == 1 and "PAPIER_IMPOSSIBLE" in erreurs


def test_rejets_a_tort(ligne: Ligne, rejetee: str, tmp_path: Path) -> None:
    assert ligne("factures", "a-tort")[1] == "Aucun rejet n'est contesté.\n"
    tableur = tmp_path / "a_tort.csv"
    reponse = ligne.json("factures", "a-tort", "1", "--raison", "=Droits ouverts", "--csv", str(tableur))
    assert [(r["facture"], r["amo_centimes"]) for r in reponse["rejets"]] == [(rejetee, 1750)]
    assert reponse["par_fonds"] == [
        {"fonds": "01 721 721", "libelle": "CPAM Sarthe", "nombre": 1, "reclame_centimes": 1750}
    ]
    lignes = tableur.read_text(encoding="utf-8-sig").splitlines()
    assert lignes[0].startswith("Caisse;Facture;Soins du") and "'=Droits ouverts;17,50;0,00;Rejetée" in lignes[1]
    assert "17,50 € réclamés" in ligne("factures", "a-tort")[1].replace("\u202f", " ").replace("\xa0", " ")
    statut, _, erreurs = ligne("factures", "a-tort", "1")
    assert statut == 1 and "RAISON_ABSENTE" in erreurs


def test_delais(ligne: Ligne) -> None:
    assert ligne("lots", "delais")[1] == "Toutes les factures sont parties.\n"
    with Base(ligne.profil / "sesam.db") as base:
        Factures(base).enregistrer(securisee("000000001"))
    (echeance,) = ligne.json("lots", "delais")
    assert (echeance["facture"], echeance["limite"], echeance["situation"]) == ("000000001", "2026-03-12", "depasse")
    assert "à envoyer au plus tard le 12/03/2026 (délai dépassé)" in ligne("lots", "delais")[1]


def test_renvoyer_un_lot_inconnu(ligne: Ligne) -> None:
    statut, _, erreurs = ligne("lots", "renvoyer", "7")
    assert statut == 1 and "LOT_INCONNU" in erreurs


@pytest.fixture
def atelier(ligne: Ligne, tmp_path: Path) -> Iterator[Atelier]:
    """This profile, with true signatures and certificates."""
    atelier = Atelier(ligne.profil, tmp_path / "cles", courrier())
    yield atelier
    atelier.fermer()


def test_a_blanc_dit_aussi_ce_qu_il_faudra(ligne: Ligne, atelier: Atelier) -> None:
    """Cards, deadlines, and what the check module remarks."""
    atelier.signer()
    atelier.fermer()
    reponse = ligne.json("lots", "preparer", "--a-blanc")
    assert [lot["verdict"] for lot in reponse["lots"]] in (["accepte"], ["avertissement"])
    assert reponse["prevision"]["cartes"] == [{"emetteur": "721001006", "nom": "MARTIN CLAIRE", "lots": 1}]
    assert [e["situation"] for e in reponse["prevision"]["echeances"]] == ["depasse"]
    sortie = ligne("lots", "preparer", "--a-blanc")[1]
    assert "carte à insérer : MARTIN CLAIRE (n° 721001006), 1 lot\n" in sortie
    assert "facture 000000001 : à envoyer au plus tard le 12/03/2026 (délai dépassé)" in sortie


def test_deux_caisses_ont_un_lot_du_meme_numero(ligne: Ligne, atelier: Atelier) -> None:
    for destinataire in (SARTHE, PARIS):
        atelier.signer(destinataire)
    atelier.preparation.preparer()
    Lot.update(etat="refuse").execute()
    for numero in ("000000001", "000000002"):
        atelier.factures.ajouter_evenement(numero, Etat.REFUSEE, {"motifs": []})
    atelier.fermer()
    assert "LOT_AMBIGU" in ligne("lots", "renvoyer", "1")[2]
    statut, _, erreurs = ligne("lots", "renvoyer", "1", "--organisme", "751")
    assert statut == 1 and "LOT_AMBIGU" not in erreurs  # found; no card is in to sign it


def test_certificats(ligne: Ligne, tmp_path: Path) -> None:
    """Imported by the address in its name, then recognised, or not, once an authority is declared."""
    assert ligne("certificats", "lister")[1] == "Aucun certificat n'est gardé sur ce poste.\n"
    organisme = creer_certificat(tmp_path / "cles", "organisme", SARTHE.adresse)
    (garde,) = ligne.json("certificats", "importer", str(organisme.chemin_certificat))
    assert garde["adresse"] == SARTHE.adresse
    assert ligne.json("certificats", "lister")["certificats"][0]["etat"] == "valable"
    autre = creer_autorite(tmp_path / "autre").chemin_certificat
    ligne.json("certificats", "importer", str(autre), "--autorite")
    lus = ligne.json("certificats", "lister")
    assert (lus["certificats"][0]["etat"], len(lus["autorites"])) == ("non_reconnu", 1)
    assert "non reconnu" in ligne("certificats", "lister")[1]


def test_chercher_demande_une_autorite_quand_rien_ne_protege(ligne: Ligne) -> None:
    statut, _, erreurs = ligne("certificats", "chercher", SARTHE.adresse)
    assert statut == 1 and "AUTORITE_NON_DECLAREE" in erreurs


def test_certificat_illisible(ligne: Ligne, tmp_path: Path) -> None:
    (tmp_path / "faux.pem").write_bytes(b"rien")
    for chemin, code in ((tmp_path / "faux.pem", "CERTIFICAT_ILLISIBLE"), (tmp_path / "absent.pem", "FICHIER_ABSENT")):
        statut, _, erreurs = ligne("certificats", "importer", str(chemin), "--adresse", SARTHE.adresse)
        assert statut == 1 and code in erreurs
