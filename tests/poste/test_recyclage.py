"""What a refusal calls for, at the workstation: lot sent again alone, sheets on paper, deadlines, contested rejects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.facture import Niveau, Tarification
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste import boucle, demonstration
from sesam_desktop.poste.poste import Poste
from sesam_desktop.teletransmission.delais import Situation


def test_un_lot_refuse_est_renvoye_et_le_reste_part_sur_papier(poste: Poste) -> None:
    poste.fermer()
    severe = demonstration.ouvrir(poste.profil, scenario="arl_negatif")
    try:
        boucle.jouer(severe, 2)
        (lot,) = severe.recyclage.trouver_lots("001")
        assert severe.recyclage.lot_refuse(lot).autres == ("000000001", "000000002")
        assert [e.facture for e in severe.recyclage.delais()] == ["000000001", "000000002"]
        assert {e.situation for e in severe.recyclage.delais()} == {Situation.A_TEMPS}
        assert severe.recyclage.dossier("000000001").motifs[0].cause.a_faire
        (envoi,) = severe.recyclage.sur_papier(["000000001"], severe.profil / "papier")
        assert envoi.bordereau.exists() and envoi.duplicatas[0].exists()
        severe.lecteurs.ouvrir_session(demonstration.CODE_PORTEUR)
        bilan = severe.recyclage.renvoyer_lot(lot)
        assert [(prepare.nombre, prepare.verdict) for prepare in bilan.lots] == [(1, "accepte")]
        assert severe.registre.par_etat() == {Etat.PAPIER: 1, Etat.EN_LOT: 1}
        with pytest.raises(ErreurConnue) as refus:
            severe.recyclage.renvoyer_lot(lot)
        assert refus.value.code == "LOT_A_CORRIGER"
        with pytest.raises(ErreurConnue) as refus:
            severe.recyclage.contester("000000002", "Rien à reprocher")
        assert refus.value.code == "REJET_ABSENT"
        assert severe.recyclage.rejets_a_tort() == []
    finally:
        severe.fermer()


def test_une_correction_peut_garder_son_numero_au_gre_des_reglages(poste: Poste) -> None:
    """Of what was refused; what was paid, even in part, always takes a new one."""
    poste.fermer()
    severe = demonstration.ouvrir(poste.profil, scenario="arl_negatif")
    try:
        boucle.jouer(severe, 1)
        conserver = severe.facturation._numero_conserve
        assert (conserver(""), conserver("000000001")) == ("", "")
        severe.enregistrer_configuration(
            replace(severe.configuration, transmission=replace(severe.configuration.transmission, renumeroter=False))
        )
        assert (conserver(""), conserver("000000001")) == ("", "000000001")
        dossier = severe.recyclage.dossier("000000001")
        severe.lecteurs.ouvrir_session(demonstration.CODE_PORTEUR)
        nouvelle = severe.facturation.securiser(dossier.demande, Niveau.DEGRADEE, remplace=dossier.ancien)
        assert (nouvelle.facture.numero, nouvelle.facture.numero_transmis) == ("000000002", "000000001")
        assert severe.registre.par_etat() == {Etat.RECYCLEE: 1, Etat.SIGNEE_PS: 1}
        for evenement in (Etat.EN_LOT, Etat.PAYEE_PARTIELLEMENT):
            severe.factures.ajouter_evenement("000000002", evenement)
        assert conserver("000000002") == ""
    finally:
        severe.fermer()


def fausser(tarification: Tarification) -> Tarification:
    """The rate of the first line is ten points lower than the one its AMO part comes from: a fault that cards sign."""
    premiere, *autres = tarification.lignes
    fausse = replace(premiere, taux=premiere.taux - 1000)
    return replace(tarification, lignes=(fausse, *autres))


def test_une_facture_fautive_est_ecartee_puis_refaite(poste: Poste, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three invoices signed by virtual cards, the second is priced wrong: said à blanc, then truly; the lot
    leaves without it, and it is made again."""
    tarifer = poste.facturation.tarifer
    boucle.composer(poste, 1)
    monkeypatch.setattr(poste.facturation, "tarifer", lambda facture: fausser(tarifer(facture)))
    boucle.composer(poste, 2)
    monkeypatch.undo()
    boucle.composer(poste, 3)
    for a_blanc in (True, False):
        bilan = poste.transmission.preparer(a_blanc=a_blanc)
        assert [(r.facture, r.code) for r in bilan.refus] == [("000000002", "CONTROLE_REFUSE")]
        assert bilan.refus[0].message == "L'exonération 4 demande un taux de 100 %. [ENT]"
        assert sum(lot.nombre for lot in bilan.lots if lot.genre == "FSE") == 2
        assert {lot.verdict for lot in bilan.lots} == {"accepte"}
        assert poste.registre.par_etat() == ({Etat.SIGNEE_PS: 3} if a_blanc else {Etat.SIGNEE_PS: 1, Etat.EN_LOT: 2})
    dossier = poste.recyclage.dossier("000000002")
    assert dossier.motifs == ()
    refaite = poste.facturation.securiser(dossier.demande, Niveau.DEGRADEE, remplace="000000002")
    assert (refaite.facture.numero, refaite.facture.numero_transmis) == ("000000004", "000000004")
    assert poste.transmission.preparer().refus == []
    assert poste.registre.par_etat() == {Etat.RECYCLEE: 1, Etat.EN_LOT: 3}
