"""Making a rejected invoice again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission.recyclage import a_corriger

from .fabrique import securisee


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


@pytest.mark.parametrize("evenements", [(), (Etat.EN_LOT,), (Etat.EN_LOT, Etat.PAYEE)])
def test_une_facture_qui_suit_son_cours_ne_se_refait_pas(factures: Factures, evenements: tuple[Etat, ...]) -> None:
    with pytest.raises(ErreurConnue) as refus:
        a_corriger(factures, facture_en(factures, *evenements))
    assert refus.value.code == "RECYCLAGE_IMPOSSIBLE"


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
