"""Pricing against the same arithmetic done by a bare loop over the rows of the tables, in the same run.

The invoices have ten lines; medicines come from the imported table (SQLite), as at the counter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pytest

from sesam_desktop.factures.facture import Facture, LigneSaisie, LigneTarifee
from sesam_desktop.referentiels import demonstration, tables
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.importation import importer
from sesam_desktop.referentiels.medicaments import Medicaments
from sesam_desktop.tarifs.contexte import Contexte
from sesam_desktop.tarifs.moteur import tarifer
from tests.tarifs.outils import JOUR, facture

FACTURES = 1_000
LIMITE_S = 0.001
LIGNES = 10


@dataclass(frozen=True)
class Rangee:
    """A row of a table, as a bare program would hold it."""

    cle: str
    valeur: int
    debut: date
    fin: date | None


@pytest.fixture
def medicaments(tmp_path: Path) -> Medicaments:
    base = BaseReferentiels(tmp_path / "referentiels.db")
    importer("demonstration", demonstration.chemin_livre(), base)
    return Medicaments(base)


def _officine(medicaments: Medicaments) -> Facture:
    trouves = [m for m in medicaments.chercher("comprime", JOUR, 50) if m.remboursable]
    cips = [trouves[rang % len(trouves)].cip13 for rang in range(LIGNES)]
    return facture("pharmacien", [LigneSaisie("MEDICAMENT", 1 + rang, cip13=cip) for rang, cip in enumerate(cips)])


def _infirmier(_: Medicaments) -> Facture:
    return facture("infirmier", [
        LigneSaisie("AMI", date=date(2026, 3, 2 + rang), coefficient=Decimal(4), domicile=True, ik_km=12)
        for rang in range(LIGNES)
    ])


@pytest.mark.banc
@pytest.mark.parametrize("composer", [_officine, _infirmier])
def test_dix_lignes(composer: Callable[[Medicaments], Facture], medicaments: Medicaments) -> None:
    demandee, donnees = composer(medicaments), Contexte(tables, medicaments)
    for nom in tables.noms():
        tables.charger(nom)
    reponse = tarifer(demandee, donnees).lignes
    taux, prix = _rangees("taux", "nature", "taux"), _rangees("prix", "code", "prix")
    assert [_nu(li, prix, taux) for li in reponse] == [(li.amo_centimes, li.assure_centimes) for li in reponse]
    moteur = _duree(lambda: tarifer(demandee, donnees))
    nue = _duree(lambda: [_nu(li, prix, taux) for li in reponse])
    print(
        f"\n{composer.__name__[1:]} : dix lignes demandées, {len(reponse)} rendues, {moteur * 1000:.2f} ms, soit"
        f" {1 / moteur:.0f} factures/s ; {moteur / nue:.1f} fois la boucle nue sur les rangées"
    )
    assert moteur < LIMITE_S


def _rangees(table: str, cle: str, valeur: str) -> list[Rangee]:
    return [Rangee(li[cle], li[valeur], li.debut, li.fin) for li in tables.charger(table).toutes()]


def _nu(li: LigneTarifee, prix: list[Rangee], taux: list[Rangee]) -> tuple[int, int]:
    """AMO and patient of one line: scan the rows for its price and rate, multiply, round half up."""
    unitaire = _chercher(prix, li.acte, li.date)
    if unitaire is None:
        unitaire = li.prix_unitaire_centimes
    base = unitaire * li.quantite * li.coefficient
    base = int(base + Decimal("0.5"))
    lu = _chercher(taux, li.acte, li.date)
    amo = (base * (li.taux if lu is None else lu) + 5_000) // 10_000
    return amo, base - amo


def _chercher(rangees: list[Rangee], cle: str, jour: date) -> int | None:
    for rangee in rangees:
        if rangee.cle == cle and rangee.debut <= jour and (rangee.fin is None or jour <= rangee.fin):
            return rangee.valeur
    return None


def _duree(une_facture: Callable[[], object]) -> float:
    """Seconds of one invoice, after warm-up."""
    for _ in range(20):
        une_facture()
    debut = perf_counter()
    for _ in range(FACTURES):
        une_facture()
    return (perf_counter() - debut) / FACTURES
