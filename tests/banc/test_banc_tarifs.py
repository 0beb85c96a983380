"""Pricing against the bare arithmetic of the same lines, in the same run."""

from __future__ import annotations

from time import perf_counter

import pytest

from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.noyau.montants import appliquer_taux
from sesam_desktop.tarifs.moteur import tarifer
from tests.tarifs.outils import boites, contexte, facture

FACTURES = 2_000
CIPS = ("3400949497294", "3400936963504", "3400949497706")


@pytest.mark.banc
def test_factures_tarifees_par_seconde() -> None:
    medicaments = boites({cip: {"taux": 6500, "prix": 1281, "honoraire": 102} for cip in CIPS})
    demandee = facture("pharmacien", [LigneSaisie("MEDICAMENT", 2, cip13=cip) for cip in CIPS])
    donnees = contexte(medicaments)
    lignes = [(li.base_centimes, li.taux) for li in tarifer(demandee, donnees).lignes]
    moteur = _duree(lambda: tarifer(demandee, donnees))
    nue = _duree(lambda: [(appliquer_taux(b, t), b - appliquer_taux(b, t)) for b, t in lignes])
    print(
        f"\ntarification : {FACTURES / moteur:.0f} factures/s de {len(lignes)} lignes,"
        f" {moteur / nue:.0f} fois le calcul nu"
    )
    assert FACTURES / moteur > 300


def _duree(une_facture) -> float:
    debut = perf_counter()
    for _ in range(FACTURES):
        une_facture()
    return perf_counter() - debut
