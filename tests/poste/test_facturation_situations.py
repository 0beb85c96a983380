"""Several situations on one card: nothing is billed before one is chosen, and each bills under its own number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sesam_desktop.factures.facture import Executant, Facture, FactureSecurisee, LigneSaisie, Niveau, Prescription
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.demonstration import CODE_PORTEUR
from sesam_desktop.poste.poste import Poste

JOUR = date.today()  # noqa: DTZ011 - invoices of the day


@pytest.fixture
def remplacante(poste: Poste) -> Poste:
    """The nurse with two places of her own (1 and 4) and one where she stands in for somebody (9)."""
    poste.environnement.inserer_ps("infirmiere-remplacante")
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    poste.environnement.inserer_vitale("assure")
    return poste


def facturer(poste: Poste, rang: int) -> FactureSecurisee:
    poste.lecteurs.choisir_situation(rang)
    lu = poste.droits.patient(poste.lecteurs.lire_vitale(), 0, JOUR)
    prescription = Prescription(JOUR, "10001234565", "01", "T", "LEROY", "ANNE")
    facture = Facture(JOUR, poste.facturation.executant(), lu.patient, (LigneSaisie("AMI"),), prescription=prescription)
    return poste.facturation.securiser(facture, Niveau.DEGRADEE)


def test_rien_avant_d_avoir_choisi(remplacante: Poste) -> None:
    with pytest.raises(ErreurConnue) as refus:
        remplacante.facturation.executant()
    assert refus.value.code == "SITUATION_A_CHOISIR"
    with pytest.raises(ErreurConnue) as refus:
        remplacante.facturation.executant(2)  # logical numbers do not follow: there is no second
    assert refus.value.code == "SITUATION_INCONNUE"


def test_une_seule_situation_n_est_pas_demandee(poste: Poste) -> None:
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    assert poste.facturation.executant().situation == 1


def test_l_executant_est_celui_de_la_situation(remplacante: Poste) -> None:
    def numero(executant: Executant) -> tuple[str, str, int, str]:
        return executant.numero_facturation, executant.cle, executant.situation, executant.remplacant

    assert numero(remplacante.facturation.executant(4)) == ("72600052", "4", 4, "")
    remplacante.lecteurs.choisir_situation(9)
    executant = remplacante.facturation.executant()
    assert numero(executant) == ("72600063", "1", 9, "726000417")  # billed for another, done by herself
    assert (executant.nom, executant.raison_sociale) == ("NOEL", "CABINET DE LA GARE")


def test_le_numero_logique_est_dans_la_facture(remplacante: Poste) -> None:
    securisee = facturer(remplacante, 4)
    assert securisee.facture.situation_ps == 4
    assert remplacante.registre.charger(securisee.facture.numero) == securisee


def test_un_lot_par_numero_de_facturation(remplacante: Poste) -> None:
    """The stand-in does not sign lots: hers wait for the card of the one she stands in for."""
    numeros = {rang: facturer(remplacante, rang).facture.numero for rang in (1, 4, 9)}
    bilan = remplacante.transmission.preparer()
    assert [lot.nombre for lot in bilan.lots] == [1, 1]
    assert [(refus.facture, refus.code) for refus in bilan.refus] == [(numeros[9], "SIGNATURE_NON_HABILITEE")]


def test_un_preparateur_facture_et_ne_signe_pas_les_lots(poste: Poste) -> None:
    """A CPE bills under the number of the pharmacy: the pharmacist's card signs the lot."""
    poste.environnement.inserer_ps("preparateur")
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    poste.environnement.inserer_vitale("assure")
    lu = poste.droits.patient(poste.lecteurs.lire_vitale(), 0, JOUR)
    executant = poste.facturation.executant()
    boite = (LigneSaisie("MEDICAMENT", cip13="3400935955838"),)
    poste.facturation.securiser(Facture(JOUR, executant, lu.patient, boite), Niveau.SECURISEE)
    assert [refus.code for refus in poste.transmission.preparer().refus] == ["SIGNATURE_NON_HABILITEE"]
    poste.lecteurs.fermer_session()
    poste.environnement.inserer_ps("pharmacien")
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    assert [lot.nombre for lot in poste.transmission.preparer().lots] == [1]


def test_on_ne_signe_pas_dans_une_situation_qui_ne_le_permet_pas(remplacante: Poste) -> None:
    """Same number, another situation that may sign: the one worked in decides."""
    lecteurs = remplacante.lecteurs
    muette = replace(lecteurs.ps.situations[0], rang=2, signe_facture=False)
    lecteurs.ps = replace(lecteurs.ps, situations=(*lecteurs.ps.situations, muette))
    assert facturer(remplacante, 1).facture.situation_ps == 1
    with pytest.raises(ErreurConnue) as refus:
        facturer(remplacante, 2)
    assert refus.value.code == "SIGNATURE_NON_HABILITEE"
