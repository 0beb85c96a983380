"""What cannot leave goes on paper: files, events and the mail given up, together or not at all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from sesam_desktop.base.modeles import Lot, Message, Piece, Tentative
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.flux import noemie
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission.comptes import Comptes
from sesam_desktop.teletransmission.depot import Lots
from sesam_desktop.teletransmission.depot_corbeille import Corbeille, Essai
from sesam_desktop.teletransmission.depot_messages import compter_revenus
from sesam_desktop.teletransmission.papier import Feuilles, Papier, feuilles_avec_leurs_lots

from .atelier import Atelier
from .fabrique import INSTANT, PARIS
from .test_pieces_scor import joindre, partir
from .test_rapprochement import importer
from .test_rapprochement_suites import assure, facture, part, retour, virement


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    return tmp_path / "papier"


@pytest.fixture
def papier(atelier: Atelier) -> Papier:
    return Papier(atelier.base, atelier.factures, lambda: INSTANT)


def code(papier: Papier, numeros: list[str], dossier: Path) -> str:
    with pytest.raises(ErreurConnue) as refus:
        papier.envoyer(numeros, dossier)
    assert not dossier.exists()
    return refus.value.code


def test_un_bordereau_par_caisse_et_un_duplicata_par_facture(
    atelier: Atelier, papier: Papier, dossier: Path
) -> None:
    numeros = [atelier.signer(d).facture.numero for d in (PARIS, PARIS)] + [atelier.signer().facture.numero]
    envois = papier.envoyer(numeros, dossier)
    assert [(e.fonds, e.libelle, e.factures) for e in envois] == [
        ("01 721 721", "CPAM Sarthe", ("000000003",)), ("01 751 755", "CPAM Paris", ("000000001", "000000002"))
    ]
    ecrits = {chemin.name for chemin in dossier.iterdir()}
    assert ecrits == {
        "bordereau-papier-01721721-20260302-000000003.pdf", "bordereau-papier-01751755-20260302-000000001.pdf",
        *(f"duplicata-{numero}.pdf" for numero in numeros),
    }
    assert atelier.factures.par_etat() == {Etat.PAPIER: 3}
    dernier = atelier.factures.historique("000000003")[-1]
    assert (dernier.nom, dernier.donnees["bordereau"]) == ("papier", envois[0].bordereau.name)
    assert atelier.preparation.preparer().lots == []


def test_ce_qui_est_deja_parti_ne_part_pas_sur_papier(atelier: Atelier, papier: Papier, dossier: Path) -> None:
    bonne, partie = atelier.signer().facture.numero, atelier.signer().facture.numero
    for evenement in (Etat.EN_LOT, Etat.TRANSMISE):
        atelier.factures.ajouter_evenement(partie, evenement)
    assert code(papier, [bonne, partie], dossier) == "PAPIER_IMPOSSIBLE"
    assert code(papier, ["000000099"], dossier) == "FACTURE_INCONNUE"
    assert code(papier, [], dossier) == "FACTURE_INCONNUE"
    assert atelier.factures.par_etat()[Etat.SIGNEE_PS] == 1


def test_un_lot_qui_peut_encore_partir(atelier: Atelier, papier: Papier, dossier: Path) -> None:
    numero = atelier.signer().facture.numero
    atelier.preparation.preparer()
    assert code(papier, [numero], dossier) == "PAPIER_IMPOSSIBLE"


def test_un_lot_en_quarantaine_part_tout_entier(atelier: Atelier, papier: Papier, dossier: Path) -> None:
    """Its mail was refused for good by the server: it is given up in the same transaction, and cannot be relaunched."""
    numeros = [atelier.signer().facture.numero for _ in range(2)]
    atelier.preparation.preparer()
    Message.update(etat="en_quarantaine").execute()
    assert code(papier, numeros[:1], dossier) == "PAPIER_IMPOSSIBLE"
    papier.envoyer(numeros, dossier)
    assert atelier.factures.par_etat() == {Etat.PAPIER: 2}
    assert (Message.get().etat, Lot.get().etat) == ("refusee", "refuse")
    assert not Corbeille(atelier.base).relancer(Message.get().message_id)


def test_un_lot_rendu_par_un_serveur_plus_loin(atelier: Atelier, papier: Papier, dossier: Path) -> None:
    """Its invoices were « transmises » on the 250; the report of failure puts the mail aside: they may go on paper."""
    numero = atelier.signer().facture.numero
    atelier.preparation.preparer()
    corbeille, message = Corbeille(atelier.base), Message.get()
    pris = corbeille.prendre(message.id)
    essai = Essai("2026-03-02T10:00:00+00:00", 5, "remise", "250 ok")
    with atelier.base.transaction():
        lots = corbeille.remettre(pris, essai, essai.instant)
        atelier.factures.faire_avancer(lots[0].documents, Etat.TRANSMISE)
    assert code(papier, [numero], dossier) == "PAPIER_IMPOSSIBLE"
    assert compter_revenus() == 0
    corbeille.noter_avis(message.message_id, Essai(essai.instant, 0, "en_quarantaine", "550 inconnu"))
    assert compter_revenus() == 1
    papier.envoyer([numero], dossier)
    assert compter_revenus() == 0
    assert atelier.factures.par_etat() == {Etat.PAPIER: 1}
    assert not corbeille.relancer(message.message_id)
    assert corbeille.dus(["RSV"], None) == []


def test_une_facture_entraine_le_lot_que_le_serveur_n_a_pas_pris(
    atelier: Atelier, papier: Papier, dossier: Path
) -> None:
    premiere, seconde = (atelier.signer(PARIS).facture.numero for _ in range(2))
    assert feuilles_avec_leurs_lots([premiere]) == Feuilles((premiere,), (), (premiere,))
    atelier.preparation.preparer()
    Message.update(etat="en_quarantaine").execute()
    a_part = atelier.signer().facture.numero
    feuilles = feuilles_avec_leurs_lots([seconde, a_part])
    assert feuilles == Feuilles((a_part, premiere, seconde), (Lot.get().numero,), (a_part,))
    assert code(papier, [seconde], dossier) == "PAPIER_IMPOSSIBLE"
    papier.envoyer(feuilles.factures, dossier)
    assert atelier.factures.par_etat() == {Etat.PAPIER: 3}


@pytest.mark.parametrize("doute", ["incertain", "interrompu"])
def test_un_envoi_dont_on_ne_sait_rien_se_confirme(
    atelier: Atelier, papier: Papier, dossier: Path, doute: str
) -> None:
    """The fund may have the first copy: the sheet would be asked twice."""
    numero = atelier.signer().facture.numero
    atelier.preparation.preparer()
    for resultat in (doute, "en_quarantaine"):
        Tentative.create(
            message=1, instant="2026-03-02T10:00:00+00:00", duree_ms=5, resultat=resultat, reponse="coupé"
        )
    Message.update(etat="en_quarantaine").execute()
    assert code(papier, [numero], dossier) == "PAPIER_A_CONFIRMER"
    assert atelier.factures.par_etat() == {Etat.EN_LOT: 1}
    papier.envoyer([numero], dossier, non_recues=True)
    assert atelier.factures.par_etat() == {Etat.PAPIER: 1}


@pytest.mark.parametrize("entre_temps", ["prepare", "relance", "envoi"])
def test_ce_qui_change_pendant_que_les_pdf_s_ecrivent(
    atelier: Atelier, papier: Papier, dossier: Path, monkeypatch: pytest.MonkeyPatch, entre_temps: str
) -> None:
    """An invoice is never both on paper and in a mail that may leave, whoever was faster."""
    numero = atelier.signer().facture.numero
    if entre_temps != "prepare":
        atelier.preparation.preparer()
        Message.update(etat="en_quarantaine").execute()
    imprimer = papier._imprimer

    def changer(*arguments):
        if entre_temps == "prepare":
            atelier.preparation.preparer()
        else:
            assert Corbeille(atelier.base).relancer(Message.get().message_id)
        if entre_temps == "envoi":
            assert Corbeille(atelier.base).prendre(Message.get().id)
        return imprimer(*arguments)

    monkeypatch.setattr(papier, "_imprimer", changer)
    with pytest.raises(ErreurConnue) as refus:
        papier.envoyer([numero], dossier)
    assert refus.value.code == "PAPIER_IMPOSSIBLE"
    assert atelier.factures.par_etat() == {Etat.EN_LOT: 1}
    assert Message.get().etat in ("prete", "en_envoi") and Lot.get().etat == "constitue"


def test_une_preparation_qui_arrive_apres_ne_prend_pas_la_facture(
    atelier: Atelier, papier: Papier, dossier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had chosen the invoice before; nothing of its lot is kept."""
    numero = atelier.signer().facture.numero
    garder = atelier.preparation._garder

    def papier_d_abord(*arguments):
        papier.envoyer([numero], dossier)
        garder(*arguments)

    monkeypatch.setattr(atelier.preparation, "_garder", papier_d_abord)
    bilan = atelier.preparation.preparer()
    assert (bilan.lots, [(r.facture, r.code) for r in bilan.refus]) == ([], [(numero, "FACTURE_CHANGEE")])
    assert atelier.factures.par_etat() == {Etat.PAPIER: 1}
    assert Message.select().count() == Lot.select().count() == 0


def test_la_piece_d_une_facture_sur_papier_part_avec_elle(atelier: Atelier, papier: Papier, dossier: Path) -> None:
    """Alone, it is put away; shared with an invoice that left, it follows that one and names it alone."""
    seule, commune, partie = (atelier.signer().facture.numero for _ in range(3))
    rangee, partagee = joindre(seule), joindre(commune, partie, contenu=b"%PDF-1.4 commune")
    papier.envoyer([seule, commune], dossier)
    assert (Piece.get_by_id(rangee).etat, Piece.get_by_id(partagee).etat) == ("classee", "prete")
    atelier.preparation.preparer()
    partir(atelier)
    (pret,) = Lots(atelier.base).pieces_pretes()
    assert (pret.id, [facture for facture, _ in pret.lots]) == (partagee, [partie])


def test_un_dossier_ou_l_on_ne_peut_pas_ecrire(atelier: Atelier, papier: Papier, dossier: Path) -> None:
    numero = atelier.signer().facture.numero
    dossier.write_bytes(b"")
    with pytest.raises(ErreurConnue):
        papier.envoyer([numero], dossier)
    assert atelier.factures.par_etat() == {Etat.SIGNEE_PS: 1}


def test_ce_que_la_caisse_paie_sur_papier_paie_la_facture(atelier: Atelier, papier: Papier, dossier: Path) -> None:
    """A return of paper sheets (081 02) names no lot: the number and the insured tell the invoice."""
    numero = atelier.signer().facture.numero
    papier.envoyer([numero], dossier)
    corps = (virement(), noemie.entite("081", code="02"), facture(numero, type_facture="P"), assure(), part())
    assert importer(atelier, retour(*corps)).payees == 1
    assert atelier.factures.par_etat() == {Etat.PAYEE: 1}


def test_une_feuille_sur_papier_est_due_depuis_son_envoi(atelier: Atelier, papier: Papier, dossier: Path) -> None:
    """17,50 € of AMO; it was in no lot: its age counts from the day it went on paper."""
    papier.envoyer([atelier.signer().facture.numero], dossier)
    envoi = atelier.factures.historique("000000001")[-1].instant.astimezone().date()
    (du,) = Comptes(atelier.base, atelier.factures).dus(envoi + timedelta(days=40))
    assert (du.facture, du.envoyee_le, du.jours, du.du_centimes) == ("000000001", envoi, 40, 1750)
