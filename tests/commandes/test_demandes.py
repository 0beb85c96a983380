"""`demandes`: what insurers were asked apart, taken back or corrected."""

from __future__ import annotations

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.factures.depot import Factures
from sesam_desktop.factures.depot_dre import Demandes
from tests.factures.exemples import facture_securisee
from tests.factures.exemples_dre import demande_securisee

from .ligne import Ligne


@pytest.fixture
def une(ligne: Ligne) -> Ligne:
    """The invoice 000000001 and its DRE 000000002, of 8,50 €, in no lot."""
    with Base(ligne.profil / "sesam.db") as base:
        Demandes(base, Factures(base)).enregistrer_avec(facture_securisee(), [demande_securisee()])
    return ligne


def test_poste_neuf(ligne: Ligne) -> None:
    assert ligne.json("demandes", "lister") == []
    assert ligne("demandes", "lister")[1] == "Aucune demande ne correspond.\n"


def test_lister(une: Ligne) -> None:
    [lue] = une.json("demandes", "lister", "--facture", "1", "--amc", "99000002", "--etat", "signee_ps")
    assert (lue["numero"], lue["nature"], lue["attendu_centimes"], lue["facture"]) == (
        "000000002", "I", 850, "000000001",
    )
    assert une.json("demandes", "lister", "--etat", "payee") == []
    assert "8,50\u00a0€  0099000002  Signée, à mettre en lot" in une("demandes", "lister")[1]
    assert "ETAT_INCONNU" in une.refus("demandes", "lister", "--etat", "perdue")


def test_historique(une: Ligne) -> None:
    assert [e["nom"] for e in une.json("demandes", "historique", "2")][-1] == "signee_ps"
    assert "Signée par la Vitale" in une("demandes", "historique", "2")[1]
    assert "FACTURE_INCONNUE" in une.refus("demandes", "historique", "1")


def test_annuler_ce_qui_n_est_pas_parti_ne_demande_aucune_carte(une: Ligne) -> None:
    assert une.json("demandes", "annuler", "2") == {"numero": "000000002", "annulation": None}
    assert une.json("demandes", "lister")[0]["etat"] == "annulee"
    assert "DRE_CLOSE" in une.refus("demandes", "annuler", "2")


def test_rectifier_demande_un_changement_et_une_carte(une: Ligne) -> None:
    assert "RIEN_A_RECTIFIER" in une.refus("demandes", "rectifier", "2")
    une.refus("demandes", "rectifier", "2", "--adherent", "ADH2")
    assert [d["etat"] for d in une.json("demandes", "lister")] == ["signee_ps"]
