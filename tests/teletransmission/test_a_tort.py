"""Rejects contested: what is still reclamationed, by fund."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission.a_tort import feuille, lister, marquer, par_fonds

from .fabrique import PARIS, SARTHE, securisee

ATTENDU = {"attendu_amo_centimes": 1750, "attendu_amc_centimes": 750}


def rejetee(factures: Factures, destinataire=SARTHE, etat: Etat = Etat.REJETEE, amo: int = 0) -> str:
    numero = factures.prochain_numero()
    factures.enregistrer(securisee(numero, destinataire))
    factures.ajouter_evenement(numero, Etat.EN_LOT)
    motifs = [{"code": "0009", "libelle": "ALD INCONNUE"}]
    donnees = ATTENDU | {"regle_amo_centimes": amo, "regle_amc_centimes": 0, "motifs": motifs}
    factures.ajouter_evenement(numero, etat, donnees)
    return numero


def test_ce_qui_est_conteste_et_ce_qui_reste_du(factures: Factures) -> None:
    """17,50 € and 7,50 € asked; of the second, 10,00 € were paid."""
    entier, partiel = rejetee(factures), rejetee(factures, PARIS, Etat.ANOMALIE, amo=1000)
    rejetee(factures)  # a reject that nobody contests
    marquer(factures, entier, " L'ALD est ouverte depuis 2024. ")
    marquer(factures, partiel, "Tarif mal lu")
    rejets = lister(factures)
    assert [(r.facture, r.fonds, r.amo_centimes, r.amc_centimes, r.raison) for r in rejets] == [
        (entier, "01 721 721", 1750, 750, "L'ALD est ouverte depuis 2024."),
        (partiel, "01 751 755", 750, 750, "Tarif mal lu"),
    ]
    assert [(f.fonds, f.libelle, f.nombre, f.reclame_centimes) for f in par_fonds(rejets)] == [
        ("01 721 721", "CPAM Sarthe", 1, 2500), ("01 751 755", "CPAM Paris", 1, 1500)
    ]
    assert rejets[0].motifs == ("0009 ALD INCONNUE",)


def test_payee_depuis_elle_n_est_plus_reclamee(factures: Factures) -> None:
    numero = rejetee(factures)
    marquer(factures, numero, "Droits ouverts")
    factures.ajouter_evenement(numero, Etat.PAYEE, ATTENDU | {"regle_amo_centimes": 1750, "regle_amc_centimes": 750})
    (rejet,) = lister(factures)
    assert (rejet.reclame_centimes, rejet.etat, par_fonds([rejet])) == (0, Etat.PAYEE, [])


def test_la_derniere_raison_compte(factures: Factures) -> None:
    numero = rejetee(factures)
    for raison in ("Erreur", "Droits ouverts"):
        marquer(factures, numero, raison)
    assert [r.raison for r in lister(factures)] == ["Droits ouverts"]


def test_un_retour_d_une_version_precedente(factures: Factures) -> None:
    """Before the payments were added up, an event told what its own return paid."""
    numero = factures.prochain_numero()
    factures.enregistrer(securisee(numero))
    factures.ajouter_evenement(numero, Etat.EN_LOT)
    factures.ajouter_evenement(
        numero, Etat.ANOMALIE, ATTENDU | {"paye_amo_centimes": 1000, "paye_amc_centimes": 750, "motifs": []}
    )
    marquer(factures, numero, "Tarif")
    assert lister(factures)[0].reclame_centimes == 750


@pytest.mark.parametrize(("raison", "code"), [("  ", "RAISON_ABSENTE"), ("Motif", "REJET_ABSENT")])
def test_refus(factures: Factures, raison: str, code: str) -> None:
    numero = factures.prochain_numero()
    factures.enregistrer(securisee(numero))
    with pytest.raises(ErreurConnue) as refus:
        marquer(factures, numero, raison)
    assert refus.value.code == code
    assert lister(factures) == []


def test_rangees_du_tableur(factures: Factures) -> None:
    marquer(factures, rejetee(factures), "Droits ouverts")
    reclamation = feuille(lister(factures))
    (rangee,) = reclamation.lignes
    assert len(rangee) == len(reclamation.colonnes)
    assert rangee[:3] == ("01 721 721 CPAM Sarthe", "000000001", date(2026, 3, 2))
    assert rangee[4:] == ("0009 ALD INCONNUE", "Droits ouverts", 1750, 750, "Rejetée")


def test_le_jour_du_rejet_est_celui_du_poste(factures: Factures, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past midnight in Paris is still the day before at Greenwich."""
    monkeypatch.setattr(factures, "_horloge", lambda: datetime(2026, 6, 9, 22, 30, tzinfo=UTC))
    marquer(factures, rejetee(factures), "Droits ouverts")
    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    try:
        (rejet,) = lister(factures)
        assert rejet.jour_du_rejet == feuille([rejet]).lignes[0][3] == date(2026, 6, 10)
    finally:
        monkeypatch.undo()
        time.tzset()
