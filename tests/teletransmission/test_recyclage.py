"""Making a rejected invoice again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sesam_desktop.base import modeles
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission import depot_recyclage
from sesam_desktop.teletransmission.recyclage import a_corriger, dossier_de_correction

from .atelier import Atelier
from .fabrique import PARIS, securisee


def facture_en(factures: Factures, *evenements: Etat) -> str:
    numero = factures.prochain_numero()
    factures.enregistrer(securisee(numero))
    for evenement in evenements:
        factures.ajouter_evenement(numero, evenement)
    return numero


@pytest.mark.parametrize("fin", [Etat.REJETEE, Etat.ANOMALIE, Etat.PAYEE_PARTIELLEMENT, Etat.REFUSEE])
def test_la_demande_revient_telle_quelle(factures: Factures, fin: Etat) -> None:
    numero = facture_en(factures, Etat.EN_LOT, fin)
    assert a_corriger(factures, numero) == securisee(numero).facture.demande


@pytest.mark.parametrize("evenements", [(Etat.EN_LOT,), (Etat.EN_LOT, Etat.TRANSMISE), (Etat.EN_LOT, Etat.PAYEE)])
def test_une_facture_qui_suit_son_cours_ne_se_refait_pas(factures: Factures, evenements: tuple[Etat, ...]) -> None:
    with pytest.raises(ErreurConnue) as refus:
        a_corriger(factures, facture_en(factures, *evenements))
    assert refus.value.code == "RECYCLAGE_IMPOSSIBLE"


def test_une_facture_pas_encore_en_lot_se_refait(factures: Factures) -> None:
    """What the lots leave aside tells people to make the invoice again; nobody has blamed it yet."""
    ancienne = facture_en(factures)
    dossier = dossier_de_correction(factures, ancienne)
    assert (dossier.etat, dossier.motifs, dossier.conseil) == (Etat.SIGNEE_PS, (), "")
    nouvelle = securisee(factures.prochain_numero())
    factures.enregistrer(replace(nouvelle, facture=replace(nouvelle.facture, remplace=ancienne)))
    assert factures.par_etat() == {Etat.RECYCLEE: 1, Etat.SIGNEE_PS: 1}


def test_une_facture_mise_en_lot_entre_temps_ne_se_refait_plus(factures: Factures) -> None:
    ancienne = facture_en(factures)
    nouvelle = securisee(factures.prochain_numero())
    factures.ajouter_evenement(ancienne, Etat.EN_LOT)
    with pytest.raises(ErreurConnue) as refus:
        factures.enregistrer(replace(nouvelle, facture=replace(nouvelle.facture, remplace=ancienne)))
    assert refus.value.code == "TRANSITION_INTERDITE"
    assert factures.par_etat() == {Etat.EN_LOT: 1}


def test_facture_inconnue(factures: Factures) -> None:
    with pytest.raises(ErreurConnue) as refus:
        a_corriger(factures, "000000042")
    assert refus.value.code == "FACTURE_INCONNUE"


def test_l_ancienne_devient_refaite_quand_la_nouvelle_est_gardee(factures: Factures) -> None:
    ancienne = facture_en(factures, Etat.EN_LOT, Etat.REJETEE)
    nouvelle = securisee(factures.prochain_numero())
    factures.enregistrer(replace(nouvelle, facture=replace(nouvelle.facture, remplace=ancienne)))
    dernier = factures.historique(ancienne)[-1]
    assert (dernier.nom, dernier.donnees) == ("recyclee", {"par": nouvelle.facture.numero})
    with pytest.raises(ErreurConnue):
        a_corriger(factures, ancienne)


def rejeter(factures: Factures, *motifs: dict[str, object]) -> str:
    numero = facture_en(factures, Etat.EN_LOT, Etat.TRANSMISE)
    factures.ajouter_evenement(numero, Etat.REJETEE, {"motifs": list(motifs)})
    return numero


def test_le_dossier_explique_et_montre_la_ligne(factures: Factures) -> None:
    numero = rejeter(
        factures,
        {"code": "0123", "libelle": "PRESCRIPTEUR INCONNU", "ligne": 1},
        {"code": "0124", "libelle": "PRESCRIPTEUR NON HABILITE", "ligne": 9},
    )
    dossier = dossier_de_correction(factures, numero)
    assert (dossier.ancien, dossier.etat, dossier.dre) == (numero, Etat.REJETEE, "")
    assert [(m.code, m.cause.famille, m.ligne) for m in dossier.motifs] == [
        ("0123", "prescripteur", 0), ("0124", "prescripteur", None)  # the invoice has no ninth line
    ]
    assert dossier.lignes == (0,)
    assert dossier.conseil.count("numéro") == 1 and dossier.conseil.startswith("Vérifiez")


def test_un_rejet_sans_motif_se_corrige_aussi(factures: Factures) -> None:
    dossier = dossier_de_correction(factures, facture_en(factures, Etat.EN_LOT, Etat.REJETEE))
    assert (dossier.motifs, dossier.lignes, dossier.conseil) == ((), (), "")


def refuser_le_lot(atelier: Atelier, *motifs: dict[str, object]) -> int:
    """Two invoices in a lot that its fund refuses."""
    atelier.signer()
    atelier.signer()
    atelier.preparation.preparer()
    lot = modeles.Lot.get()
    modeles.Lot.update(etat="refuse").execute()
    for numero in ("000000001", "000000002"):
        atelier.factures.ajouter_evenement(numero, Etat.REFUSEE, {"lot": lot.numero, "motifs": list(motifs)})
    return lot.id


def test_l_arl_designe_l_enregistrement_donc_la_facture(atelier: Atelier) -> None:
    """000, 1, then six records an invoice: the ninth record is the second invoice's first."""
    lot = refuser_le_lot(atelier, {"code": "CPT", "libelle": "Totaux faux", "ligne": 9})
    refuse = depot_recyclage.lot_refuse(lot)
    assert (refuse.fautives, refuse.autres) == (("000000002",), ("000000001",))
    assert [m.code for m in dossier_de_correction(atelier.factures, "000000002").motifs] == ["CPT"]


def test_un_motif_sans_ligne_n_accuse_personne(atelier: Atelier) -> None:
    lot = refuser_le_lot(atelier, {"code": "DST", "libelle": "Mauvais destinataire", "ligne": 0})
    assert depot_recyclage.lot_refuse(lot).autres == ("000000001", "000000002")
    assert depot_recyclage.trouver_lots("001") == [lot]
    assert depot_recyclage.trouver_lots("001", "2020-01-01") == []


def test_ce_qui_a_ete_refait_ne_se_renvoie_pas(atelier: Atelier) -> None:
    lot = refuser_le_lot(atelier)
    atelier.factures.ajouter_evenement("000000001", Etat.RECYCLEE)
    assert depot_recyclage.lot_refuse(lot).autres == ("000000002",)


def test_un_lot_qui_n_est_pas_refuse(atelier: Atelier) -> None:
    atelier.signer(PARIS)
    atelier.preparation.preparer()
    for identifiant, code in ((1, "LOT_NON_REFUSE"), (42, "LOT_INCONNU")):
        with pytest.raises(ErreurConnue) as refus:
            depot_recyclage.lot_refuse(identifiant)
        assert refus.value.code == code
