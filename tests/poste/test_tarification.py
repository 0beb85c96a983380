"""What the workstation says of an invoice before it is signed: the controls, then pricing's own refusals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sesam_desktop.factures.facture import Alerte, Facture, LigneSaisie
from sesam_desktop.poste.tarification import SourcesTarifs, Tarificateur
from tests.tarifs.outils import Articles, boites, facture

JOUR = date(2026, 3, 2)
CIP = "3400949497294"


@pytest.fixture
def tarificateur() -> Tarificateur:
    medicaments: Any = boites({CIP: {"taux": 10000, "prix": 2434, "honoraire": 102}})
    vide: Any = Articles()
    return Tarificateur(SourcesTarifs(medicaments, vide, vide, vide), lambda _: {JOUR: 0})


def codes(alertes: tuple[Alerte, ...]) -> list[tuple[str, str]]:
    return [(a.code, a.gravite) for a in alertes]


def une(*lignes: LigneSaisie, **champs: Any) -> Facture:
    return facture("pharmacien", list(lignes), JOUR, **champs)


def test_le_prix_vient_des_sources_du_poste(tarificateur: Tarificateur) -> None:
    """24,34 and 1,02 at 100 %, HDR 0,61 (70 %: 0,43), BDPM of 24/07/2026."""
    totaux = tarificateur.tarifer(une(LigneSaisie("MEDICAMENT", cip13=CIP))).totaux
    assert (totaux.facture_centimes, totaux.amo_centimes) == (2434 + 102 + 61, 2434 + 102 + 43)


def test_une_remarque_bloquante_dispense_de_tarifer(tarificateur: Tarificateur) -> None:
    fautive = une(LigneSaisie("MEDICAMENT", cip13="3400949497295"))
    assert codes(tarificateur.verifier(fautive, JOUR))[0] == ("CIP_INVALIDE", "bloquante")
    assert tarificateur.verifier(fautive, JOUR) == tarificateur.controler(fautive, JOUR)


def test_un_refus_du_moteur_est_une_remarque_bloquante(tarificateur: Tarificateur) -> None:
    """The controls know nothing of regulated prices: pricing refuses this one."""
    demandee = une(LigneSaisie("MEDICAMENT", cip13=CIP, prix_centimes=100))
    bloquantes = [a for a in tarificateur.verifier(demandee, JOUR) if a.gravite == "bloquante"]
    assert [(a.code, a.champ) for a in bloquantes] == [("PRIX_REGLEMENTE", "lignes[0].prix_centimes")]


def test_les_valeurs_a_confirmer_ne_sont_pas_une_remarque(tarificateur: Tarificateur) -> None:
    demandee = une(LigneSaisie("MEDICAMENT", cip13=CIP))
    assert "TARIF_A_CONFIRMER" in [a.code for a in tarificateur.tarifer(demandee).alertes]
    assert "TARIF_A_CONFIRMER" not in [a.code for a in tarificateur.verifier(demandee, JOUR)]
