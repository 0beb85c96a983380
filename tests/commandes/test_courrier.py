"""`messages` and `corbeille` as scripts use them: the outbox seen, tried again, held."""

from __future__ import annotations

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import ContenuMessage, Lot, Message, Tentative

from .ligne import Ligne

NOM = "2026112209000000001@demo.invalid"
INSTANT = "2026-11-22T09:00:00+00:00"
REPONSE = "554 5.7.1 Rejected"


@pytest.fixture
def refuse(ligne: Ligne) -> str:
    """One message that the server refused for good, with its lot and its try."""
    with Base(ligne.profil / "sesam.db") as base, base.transaction():
        message = Message.create(
            message_id=NOM, boite="OCT", destinataire="oct@demo.invalid", etat="en_quarantaine",
            essais=1, derniere_erreur=REPONSE, cree_le=INSTANT,
        )
        ContenuMessage.insert(message=message, octets=b"courriel").execute()
        Lot.create(
            genre="DRE", regime="", organisme="", centre_informatique="", numero="007", date_constitution="2026-11-22",
            identification="ABC123", etat="constitue", nombre=3, total_centimes=5000, amo_centimes=0,
            message=message, amc="0099999997",
        )
        Tentative.create(message=message, instant=INSTANT, duree_ms=120, resultat="en_quarantaine", reponse=REPONSE)
    return NOM


def test_lister_dit_les_lots_et_ce_que_veut_dire_le_serveur(ligne: Ligne, refuse: str) -> None:
    [message] = ligne.json("messages", "lister", "--etat", "en_quarantaine")
    assert (message["message_id"], message["boite"], message["taille_octets"]) == (refuse, "OCT", 8)
    assert [(lot["genre"], lot["fonds"], lot["numero"], lot["total_centimes"]) for lot in message["lots"]] == [
        ("DRE", "0099999997", "007", 5000)
    ]
    assert message["explication"] == (
        "Le serveur refuse ce message par une règle à lui : voyez avec votre fournisseur."
    )
    assert ligne.json("messages", "lister", "--etat", "remise") == []
    assert "DRE 0099999997 n° 007  50,00\u00a0€" in ligne("messages", "lister")[1]


def test_journal_puis_relance_une_seule_fois(ligne: Ligne, refuse: str) -> None:
    assert ligne.json("messages", "journal", refuse) == [
        {"instant": INSTANT, "duree_ms": 120, "resultat": "en_quarantaine", "reponse": REPONSE}
    ]
    assert ligne.json("messages", "relancer", refuse) == {"message_id": refuse, "etat": "prete"}
    assert "[MESSAGE_NON_RETENU]" in ligne.refus("messages", "relancer", refuse)
    assert ligne.json("messages", "lister")[0]["etat"] == "prete"


def test_le_journal_d_un_message_inconnu_se_refuse(ligne: Ligne, refuse: str) -> None:
    erreurs = ligne.refus("messages", "journal", "inconnu@demo.invalid")
    assert "[MESSAGE_INCONNU]" in erreurs and "inconnu@demo.invalid" in erreurs


def test_un_etat_inconnu_se_dit(ligne: Ligne) -> None:
    assert "[ETAT_INCONNU]" in ligne.refus("messages", "lister", "--etat", "perdu")
    assert ligne("messages", "lister")[1] == "Aucun message.\n"


def test_une_boite_suspendue_le_reste_jusqu_a_sa_reprise(ligne: Ligne, refuse: str) -> None:
    assert ligne.json("corbeille", "suspendre", "RSV", "--motif", "panne annoncée")["suspendue"] is True
    [boite] = ligne.json("corbeille", "etat")
    assert (boite["boite"], boite["suspension"]["motif"]) == ("RSV", "panne annoncée")
    assert "suspendue : panne annoncée" in ligne("corbeille", "etat")[1]
    assert ligne.json("corbeille", "reprendre", "RSV")["changee"] is True
    assert ligne("corbeille", "reprendre", "RSV")[1] == "La boîte RSV n'était pas suspendue.\n"
    statut, _, erreurs = ligne("corbeille", "suspendre", "AUTRE", "--motif", "x")
    assert statut == 2
    assert "RSV ou OCT ou SCOR est attendu" in erreurs
