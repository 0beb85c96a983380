"""The board: three columns of lots, and what waits for somebody."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.base.modeles import Lot, Message
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.teletransmission.tableau import FicheLot, Tableau, par_etat, tableau

from .atelier import Atelier
from .fabrique import PARIS, SARTHE
from .retours_composes import accuse, dernier_lot, paiement

MIDI = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def vu(atelier: Atelier) -> Tableau:
    return tableau(atelier.base, atelier.factures, MIDI)


def numeros(fiches: tuple[FicheLot, ...]) -> list[str]:
    return [fiche.numero for fiche in fiches]


def dater(etat: str, message: str, *, remis: timedelta | None = None, cree: timedelta = timedelta(hours=3)) -> None:
    """Put the last lot in these states, made `cree` before noon and gone `remis` before noon."""
    lot = dernier_lot()
    Lot.update(etat=etat).where(Lot.id == lot.id).execute()
    Message.update(
        etat=message, cree_le=ecrire_instant(MIDI - cree), remis_le=ecrire_instant(MIDI - remis) if remis else ""
    ).where(Message.id == lot.message_id).execute()


def test_poste_neuf(atelier: Atelier) -> None:
    assert vu(atelier) == Tableau((), (), (), 0, 0, (), ())
    assert vu(atelier).actions == 0


def test_les_trois_colonnes(atelier: Atelier) -> None:
    atelier.signer(SARTHE)
    atelier.preparation.preparer()
    dater("constitue", "prete")
    atelier.signer(PARIS)
    atelier.preparation.preparer()
    dater("transmis", "remise", remis=timedelta(hours=1))
    atelier.signer(SARTHE)
    atelier.preparation.preparer()
    dater("transmis", "remise", remis=timedelta(days=3))
    atelier.signer(SARTHE)
    board = vu(atelier)
    (a_envoyer,), (en_attente,), (en_retard,) = board.a_envoyer, board.en_attente, board.a_traiter
    assert (a_envoyer.fonds, a_envoyer.numero, a_envoyer.age) == ("01 721 721", "001", timedelta(hours=3))
    assert (a_envoyer.nombre, a_envoyer.total_centimes, a_envoyer.amo_centimes) == (1, 2500, 1750)
    assert (en_attente.fonds, en_attente.adresse, en_attente.age) == ("01 751 755", PARIS.adresse, timedelta(hours=1))
    assert en_retard.motif.startswith("Aucun accusé de réception depuis 3 jours. Relevez les retours")
    assert en_retard.age == timedelta(days=3)
    assert (board.factures_a_mettre_en_lot, board.actions) == (1, 1)


def test_un_lot_reporte_par_le_serveur_dit_pourquoi(atelier: Atelier) -> None:
    atelier.signer()
    atelier.preparation.preparer()
    dater("constitue", "en_attente")
    Message.update(derniere_erreur="452 boîte pleine").execute()
    attendu = "Reporté par le serveur de messagerie : 452 boîte pleine. Le serveur manque de place pour le moment : le"
    assert [f.motif for f in vu(atelier).a_envoyer] == [f"{attendu} message repart seul, sans rien faire."]
    assert vu(atelier).actions == 0


def test_un_lot_reporte_depuis_plus_d_un_jour_est_dit(atelier: Atelier) -> None:
    """It goes on trying by itself; somebody is told, since the delay to send an invoice runs."""
    atelier.signer()
    atelier.preparation.preparer()
    dater("constitue", "en_attente", cree=timedelta(hours=25))
    Message.update(derniere_erreur="452 boîte pleine").execute()
    [fiche] = vu(atelier).a_traiter
    assert fiche.motif.startswith("Toujours pas parti après 1 jour : 452 boîte pleine. Il est encore essayé. Prévenez")


def test_refus_du_serveur_et_de_la_caisse(atelier: Atelier) -> None:
    atelier.signer()
    atelier.preparation.preparer()
    dater("constitue", "en_quarantaine")
    Message.update(derniere_erreur="550 inconnu").execute()
    assert [f.motif for f in vu(atelier).a_traiter] == [
        "Refusé par le serveur de messagerie : 550 inconnu. Le serveur refuse pour de bon : corrigez la cause, puis "
        "relancez le message."
    ]
    numero = atelier.signer().facture.numero
    atelier.preparation.preparer()
    dater("refuse", "refusee")
    assert numeros(vu(atelier).a_traiter) == ["001"]
    atelier.factures.ajouter_evenement(numero, Etat.REFUSEE)
    assert numeros(vu(atelier).a_traiter) == ["001", "002"]
    atelier.preparation.preparer(refusees=[numero])
    assert numeros(vu(atelier).a_traiter) == ["001"]


def test_lot_acquitte_quitte_le_tableau(atelier: Atelier) -> None:
    atelier.signer()
    atelier.preparation.preparer()
    dater("acquitte", "acquittee")
    board = vu(atelier)
    assert (board.a_envoyer, board.en_attente, board.a_traiter) == ((), (), ())


def test_retours_a_regarder(atelier: Atelier) -> None:
    numero = atelier.signer().facture.numero
    atelier.preparation.preparer()
    fichier = atelier.base.chemin.with_name("retour")
    for octets in (
        b"illisible",
        accuse(dernier_lot(), lot="777"),
        paiement(dernier_lot(), [{"numero": numero, "etat": "R", "paye": 0}]),
    ):
        fichier.write_bytes(octets)
        atelier.boite.importer(fichier)
    dater("acquitte", "acquittee")
    board = vu(atelier)
    assert (len(board.courriers), len(board.non_rapproches), board.factures_a_corriger) == (1, 1, 1)
    assert board.actions == 3
    assert par_etat(atelier.factures) == {
        "factures": {"rejetee": 1},
        "messages": {"acquittee": 1},
        "lots": {"acquitte": 1},
        "courriers": {"quarantaine": 1, "lu": 2},
    }


def test_un_lot_qui_attend_dit_son_echeance(atelier: Atelier) -> None:
    """Sheets of 2 March 2026 in tiers payant: 8 working days, so 12 March. Once gone, nothing is due."""
    atelier.signer()
    atelier.preparation.preparer()
    dater("constitue", "prete")
    (fiche,) = vu(atelier).a_envoyer
    assert fiche.echeance is not None
    assert (fiche.echeance.limite, fiche.echeance.jours_restants) == (date(2026, 3, 12), 7)
    dater("transmis", "remise", remis=timedelta(hours=1))
    assert [f.echeance for f in vu(atelier).en_attente] == [None]
