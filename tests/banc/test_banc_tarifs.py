"""Pricing against the same arithmetic done by a bare loop over the rows of the tables, in the same run.

The invoices ask for ten lines; medicines come from the imported table (SQLite), as at the counter. A tour is answered
by thirty lines (act, travel and kilometres of ten days): it is held to ten lines a millisecond.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from sesam_desktop.factures.facture import Facture, LigneSaisie, LigneTarifee
from sesam_desktop.referentiels import demonstration, tables
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.importation import importer
from sesam_desktop.referentiels.medicaments import Medicaments
from sesam_desktop.tarifs.contexte import Contexte
from sesam_desktop.tarifs.moteur import tarifer
from tests.tarifs.outils import JOUR, facture

FACTURES, SERIES = 5, 200
LIMITE_S = 0.001
LIGNES = 10


@dataclass(frozen=True)
class Rangee:
    """A row of a table, as a bare program would hold it."""

    cle: str
    specialite: str
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
        LigneSaisie("AMI", date=date(2026, 3, 2 + rang), coefficient=Decimal(4)) for rang in range(LIGNES)
    ])


def _tournee(medicaments: Medicaments) -> Facture:
    demandee = _infirmier(medicaments)
    return replace(demandee, lignes=tuple(replace(li, domicile=True, ik_km=12) for li in demandee.lignes))


@pytest.mark.banc
@pytest.mark.parametrize(("composer", "limite"), [
    (_officine, LIMITE_S), (_infirmier, LIMITE_S), (_tournee, 3 * LIMITE_S),
])
def test_dix_lignes(composer: Callable[[Medicaments], Facture], limite: float, medicaments: Medicaments) -> None:
    demandee, donnees = composer(medicaments), Contexte(tables, medicaments)
    for nom in tables.noms():
        tables.charger(nom)
    reponse = tarifer(demandee, donnees).lignes
    taux, prix = _rangees("taux", "nature", "taux"), _rangees("prix", "code", "prix")
    specialite = demandee.executant.specialite
    nu = partial(_nu, specialite, prix, taux)
    assert [nu(li) for li in reponse] == [(li.amo_centimes, li.assure_centimes) for li in reponse]
    moteur = _duree(lambda: tarifer(demandee, donnees))
    nue = _duree(lambda: [nu(li) for li in reponse])
    print(
        f"\n{composer.__name__[1:]} : dix lignes demandées, {len(reponse)} rendues, {moteur * 1000:.2f} ms, soit"
        f" {1 / moteur:.0f} factures/s ; {moteur / nue:.1f} fois la boucle nue sur les rangées"
    )
    assert moteur < limite


def _rangees(table: str, cle: str, valeur: str) -> list[Rangee]:
    lues = tables.charger(table).toutes()
    return [Rangee(li[cle], li.valeurs.get("specialite", "*"), li[valeur], li.debut, li.fin) for li in lues]


def _nu(specialite: str, prix: list[Rangee], taux: list[Rangee], li: LigneTarifee) -> tuple[int, int]:
    """AMO and patient of one line: scan the rows for its price and rate, multiply, round half up."""
    unitaire = _chercher(prix, li.acte, specialite, li.date)
    if unitaire is None:
        unitaire = li.prix_unitaire_centimes
    base = unitaire * li.quantite * li.coefficient
    base = int(base + Decimal("0.5"))
    lu = _chercher(taux, li.acte, specialite, li.date)
    amo = (base * (li.taux if lu is None else lu) + 5_000) // 10_000
    return amo, base - amo


def _chercher(rangees: list[Rangee], cle: str, specialite: str, jour: date) -> int | None:
    for rangee in rangees:
        if rangee.cle != cle or rangee.specialite not in ("*", specialite):
            continue
        if rangee.debut <= jour and (rangee.fin is None or jour <= rangee.fin):
            return rangee.valeur
    return None


def _duree(une_facture: Callable[[], object]) -> float:
    """Seconds of one invoice, after warm-up: the best of several series, the machine does other things."""
    return min(timeit.repeat(une_facture, repeat=SERIES, number=FACTURES)) / FACTURES
