"""Deadlines to send: worked by hand on the calendar of 2026 (CSS R161-47: 3 working days, 8 in tiers payant)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.factures.facture import TiersPayant
from sesam_desktop.securisation.certificats import Magasin
from sesam_desktop.teletransmission.delais import Situation, echeance, echeances, est_ouvre, limite
from sesam_desktop.teletransmission.depot import Lots
from sesam_desktop.teletransmission.depot_delais import AttenteEnvoi, attentes, attentes_par_lot
from sesam_desktop.teletransmission.prevision import prevoir

from .fabrique import JOUR, lot, securisee


@pytest.mark.parametrize(
    ("completee", "tiers_payant", "attendue"),
    [
        (date(2026, 3, 2), False, date(2026, 3, 5)),      # a Monday: Tuesday, Wednesday, Thursday
        (date(2026, 3, 2), True, date(2026, 3, 12)),      # four days that week, four the next
        (date(2026, 3, 6), False, date(2026, 3, 11)),     # a Friday: the week-end does not count
        (date(2026, 3, 7), False, date(2026, 3, 11)),     # completed on a Saturday
        (date(2026, 4, 30), False, date(2026, 5, 6)),     # 1 May is a holiday, then Monday 4, 5, 6
        (date(2026, 5, 7), True, date(2026, 5, 21)),      # 8 May and Ascension (14 May) are holidays
        (date(2026, 12, 24), False, date(2026, 12, 30)),  # 25 December, then 28, 29, 30
        (date(2026, 4, 2), False, date(2026, 4, 8)),      # Easter Monday is 6 April: 3, 7, 8
        (date(2026, 5, 12), False, date(2026, 5, 18)),    # Ascension is Thursday 14: 13, 15, 18
        (date(2026, 5, 22), False, date(2026, 5, 28)),    # Whit Monday is 25 May: 26, 27, 28
        (date(2028, 8, 11), False, date(2028, 8, 17)),    # Assumption is a Tuesday in 2028: 14, 16, 17
        (date(2026, 12, 24), True, date(2027, 1, 7)),     # without 25 December and 1 January: 28 to 31, 4 to 7
    ],
)
def test_limite(completee: date, tiers_payant: bool, attendue: date) -> None:
    assert limite(completee, tiers_payant) == attendue


def test_saint_etienne_en_alsace_moselle() -> None:
    """In 2025, 26 December was a Friday: a holiday there alone."""
    assert limite(date(2025, 12, 24), False) == date(2025, 12, 30)
    assert limite(date(2025, 12, 24), False, alsace_moselle=True) == date(2025, 12, 31)


def test_vendredi_saint_en_alsace_moselle() -> None:
    """3 April 2026 is Good Friday: 7, 8, 9 there, where the others have 3, 7, 8."""
    assert limite(date(2026, 4, 2), False, alsace_moselle=True) == date(2026, 4, 9)


@pytest.mark.parametrize(
    ("aujourd_hui", "restants", "situation"),
    [
        (date(2026, 3, 2), 3, Situation.A_TEMPS),
        (date(2026, 3, 3), 2, Situation.A_TEMPS),
        (date(2026, 3, 4), 1, Situation.PROCHE),
        (date(2026, 3, 5), 0, Situation.PROCHE),
        (date(2026, 3, 6), -1, Situation.DEPASSE),
        (date(2026, 3, 9), -2, Situation.DEPASSE),
    ],
)
def test_situation_d_un_paiement_direct(aujourd_hui: date, restants: int, situation: Situation) -> None:
    lue = echeance(AttenteEnvoi("000000001", date(2026, 3, 2), False), aujourd_hui)
    assert (lue.limite, lue.jours_restants, lue.situation) == (date(2026, 3, 5), restants, situation)


def test_passee_le_samedi_il_reste_zero_jour_et_c_est_depasse() -> None:
    """A limit on Thursday, looked at on Saturday: one working day late."""
    lue = echeance(AttenteEnvoi("000000001", date(2026, 3, 3), False), date(2026, 3, 7))
    assert (lue.limite, lue.jours_restants, lue.situation) == (date(2026, 3, 6), 0, Situation.DEPASSE)


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.booleans(), st.booleans())
def test_toujours_un_jour_ouvre_et_jamais_trop_tot(jour: date, tiers_payant: bool, alsace: bool) -> None:
    fin, jours = limite(jour, tiers_payant, alsace), 8 if tiers_payant else 3
    entre = [jour + timedelta(days=n) for n in range(1, (fin - jour).days + 1)]
    assert est_ouvre(fin, alsace)
    assert sum(est_ouvre(j, alsace) for j in entre) == jours


def test_les_plus_urgentes_d_abord() -> None:
    lues = echeances(
        [AttenteEnvoi("000000001", JOUR, True), AttenteEnvoi("000000002", JOUR, False)], JOUR
    )
    assert [e.facture for e in lues] == ["000000002", "000000001"]


def test_ce_qui_n_est_pas_parti(factures: Factures) -> None:
    """Kept, in a lot or in a refused lot: not sent; transmitted: sent. Paid directly or not, from the document."""
    for evenements in ((), (Etat.EN_LOT,), (Etat.EN_LOT, Etat.REFUSEE), (Etat.EN_LOT, Etat.TRANSMISE)):
        numero = factures.prochain_numero()
        fs = securisee(numero)
        tiers_payant = TiersPayant(amo=numero != "000000002", amc=False)
        demande = replace(fs.facture.demande, tiers_payant=tiers_payant)
        factures.enregistrer(replace(fs, facture=replace(fs.facture, demande=demande)))
        for evenement in evenements:
            factures.ajouter_evenement(numero, evenement)
    assert sorted(attentes(), key=lambda a: a.facture) == [
        AttenteEnvoi("000000001", JOUR, True),
        AttenteEnvoi("000000002", JOUR, False),
        AttenteEnvoi("000000003", JOUR, True),
    ]
    assert attentes(["000000004"]) == [AttenteEnvoi("000000004", JOUR, True)]


def test_par_lot_tant_qu_il_n_est_pas_parti(factures: Factures) -> None:
    for _ in range(3):
        factures.enregistrer(securisee(factures.prochain_numero()))
    lots = Lots(factures._base)
    with factures._base.transaction():
        lots.inserer(lot(("000000001", "000000002")), "2026-03-02T18:00:00+00:00")
    par_lot = attentes_par_lot()
    assert [[a.facture for a in lues] for lues in par_lot.values()] == [["000000001", "000000002"]]


@pytest.mark.parametrize(("alsace", "attendue"), [(False, date(2026, 4, 10)), (True, date(2026, 4, 13))])
def test_a_blanc_compte_les_jours_d_ici(factures: Factures, tmp_path: Path, alsace: bool, attendue: date) -> None:
    """Completed on 30 March 2026: 31 March, 1, 2, 3 (not in Alsace), 7, 8, 9, 10, there the 13th."""
    fs = securisee(factures.prochain_numero())
    factures.enregistrer(replace(fs, facture=replace(fs.facture, elaboree_le=date(2026, 3, 30))))
    prevision = prevoir([], Magasin(tmp_path), datetime(2026, 4, 9, 10, tzinfo=UTC), alsace)
    assert [e.limite for e in prevision.echeances] == [attendue]
