"""Threshold and flat share on quotations made by hand: what cannot be asked from an invoice alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from sesam_desktop.tarifs import depassements, seuil
from sesam_desktop.tarifs.contexte import Consultation
from sesam_desktop.tarifs.cotation import Cotation, Seuil

from .outils import EXECUTANTS, JOUR, contexte

K = Cotation("K", "Acte d'essai", "medecin", JOUR, 0, 192, coefficient=Decimal(30), seuil=Seuil("K"))


def exonerations(*cotations: Cotation) -> list[str]:
    return seuil.exonerations(cotations, Consultation(contexte(), EXECUTANTS["specialiste"]))


def test_les_coefficients_du_jour_se_cumulent() -> None:
    """30 + 30 = 60 on one day; 30 + 29 = 59; 2 × 30 on one line; 30 a day on two days."""
    assert exonerations(K, K) == ["1", "1"]
    assert exonerations(K, replace(K, coefficient=Decimal(29))) == ["", ""]
    assert exonerations(replace(K, quantite=2)) == ["1"]
    assert exonerations(K, replace(K, jour=date(2026, 3, 3))) == ["", ""]


def test_une_ligne_non_remboursable_ne_compte_pas() -> None:
    assert exonerations(K, replace(K, qualificatif="N")) == ["", ""]


def test_un_coefficient_dont_le_module_ne_dit_rien_compte_seul() -> None:
    """AMI 30 twice: no sum; the acts of the table without a coefficient never."""
    ami = replace(K, acte="AMI", nature="auxiliaire", seuil=None)
    assert exonerations(ami, ami) == ["", ""]
    assert exonerations(replace(ami, coefficient=Decimal(60)), ami) == ["1", ""]
    assert exonerations(replace(ami, acte="G", coefficient=Decimal(60))) == [""]


def test_l_assiette_du_seuil_n_est_pas_la_base() -> None:
    """Money modifiers count in the base, not in the threshold."""
    acte = replace(K, coefficient=Decimal(1), prix=15000, seuil=Seuil("1", 11999))
    assert exonerations(acte) == [""]
    assert exonerations(replace(acte, seuil=Seuil("1", 12000))) == ["C"]
    assert exonerations(replace(acte, seuil=Seuil("1-7", 12000))) == ["C"]
    assert exonerations(replace(acte, seuil=Seuil("", 12000))) == [""]


@pytest.mark.parametrize(
    ("base", "quantite", "attendu"),
    [
        (2650, 1, 500),      # 26,50 × 17,5 % = 4,6375
        (4000, 1, 700),      # 40,00 × 17,5 % = 7,00 exactly
        (4001, 1, 800),      # 7,00175
        (5300, 2, 1000),     # two acts of 26,50
        (0, 1, 0),
    ],
)
def test_plafond_du_depassement_autorise(base: int, quantite: int, attendu: int) -> None:
    assert depassements.plafond(base, quantite, 1750) == attendu
