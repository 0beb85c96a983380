"""The outbox and the accounts of the workstation, as both front ends see them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.poste import boucle, demonstration
from sesam_desktop.poste.coffre import CoffreMemoire
from sesam_desktop.poste.configuration import Configuration, Courrier, Transmission
from sesam_desktop.poste.environnement import parametres_courriers
from sesam_desktop.poste.poste import Poste

RSV = Courrier("ps@cabinet.test", "ps", "smtp.cabinet.test", 465, "tls", "imap.cabinet.test", 993, "imap")
OCT = Courrier(
    "ps@oct.test", "oct", "smtp.oct.test", certificat_client="/c.pem", cle_client="/k.pem", taille_maximale_ko=500
)
COFFRE = CoffreMemoire(courrier="un", courrier_oct="deux")


def test_comptes_des_trois_boites() -> None:
    """SCOR has none of its own: it goes by RSV's, with its name, its password, its limits."""
    configuration = Configuration(courrier=RSV, courrier_oct=OCT, transmission=Transmission(plages="12:00-14:00"))
    comptes = parametres_courriers(configuration, COFFRE)
    assert list(comptes) == ["RSV", "OCT", "SCOR"]
    assert comptes["SCOR"] is comptes["RSV"]
    rsv, oct_ = comptes["RSV"], comptes["OCT"]
    assert (rsv.nom, rsv.mot_de_passe(), rsv.smtp_protection, rsv.retrait, rsv.pop_port) == (
        "RSV", "un", "tls", "imap", 993
    )
    assert (oct_.nom, oct_.mot_de_passe(), oct_.taille_maximale) == ("OCT", "deux", 500_000)
    assert (oct_.certificat_client, oct_.cle_client, rsv.certificat_client) == (Path("/c.pem"), Path("/k.pem"), None)
    assert len(rsv.plages.bornes) == 1


def test_plages_mal_ecrites() -> None:
    with pytest.raises(EntreeInvalide) as refus:
        parametres_courriers(Configuration(transmission=Transmission(plages="midi")), COFFRE)
    assert refus.value.code == "PLAGES_INVALIDES"


def test_suspendre_puis_reprendre_une_boite(poste: Poste) -> None:
    corbeille = poste.corbeille
    assert [(e.boite, e.a_partir, e.suspension) for e in corbeille.etat()] == [("RSV", 0, None)]
    corbeille.suspendre("RSV", "vacances du serveur")
    [etat] = corbeille.etat()
    assert etat.suspension is not None
    assert (etat.suspension.motif, bool(etat.suspension.depuis)) == ("vacances du serveur", True)
    assert corbeille.envoyer_planifie().suspendues == ["RSV", "OCT", "SCOR"]
    assert corbeille.reprendre("RSV")
    assert not corbeille.reprendre("RSV")
    assert corbeille.etat()[0].suspension is None


def test_une_boite_de_plus_est_montree_quand_elle_a_un_compte(poste: Poste) -> None:
    poste.enregistrer_configuration(replace(poste.configuration, courrier_oct=replace(RSV, adresse="ps@oct.test")))
    assert [etat.boite for etat in poste.corbeille.etat()] == ["RSV", "OCT"]


def test_messages_et_journal_apres_une_boucle(poste: Poste) -> None:
    poste.lecteurs.ouvrir_session(demonstration.CODE_PORTEUR)
    boucle.jouer(poste, 1)
    corbeille = poste.corbeille
    *_, message = corbeille.messages(("acquittee",))  # the latest first, scanned pieces among them
    assert [(lot.genre, lot.nombre) for lot in message.lots] == [("FSE", 1)]
    assert [e.resultat for e in corbeille.journal(message.message_id)] == ["remise"]
    assert (corbeille.a_envoyer_maintenant(), corbeille.avis(), corbeille.relancer("inconnu")) == (0, [], False)
