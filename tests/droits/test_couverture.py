from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sesam_desktop.cartes.vitale import Beneficiaire, Couverture, Periode, ServiceAmo
from sesam_desktop.droits.couverture import droits_du_jour

JOUR = date(2026, 3, 2)
BASE = Beneficiaire(
    nom_usuel="DURAND", nom_patronymique="DURAND", prenom="ALINE",
    droits=(Periode(date(2025, 1, 1), date(2026, 12, 31)),),
    couvertures=(Couverture(date(2025, 1, 1), date(2026, 3, 2), "4", "0100"),
                 Couverture(date(2026, 3, 3), None, "0", "0102")),
)


def test_droits_ouverts_avec_ald_et_situation_telles_que_lues() -> None:
    droits = droits_du_jour(BASE, JOUR)
    assert (droits.ouverts, droits.fin, droits.ald, droits.situation) == (True, date(2026, 12, 31), "4", "0100")
    assert not droits.c2s
    assert not droits.regime_local
    assert droits.motifs == ()


def test_la_couverture_change_avec_le_jour_et_donne_le_regime_local_du_profil() -> None:
    droits = droits_du_jour(BASE, date(2026, 3, 3))
    assert (droits.ald, droits.situation, droits.regime_local) == ("0", "0102", True)
    assert droits.motifs == ("Régime local déduit de la situation 0102 : à confirmer (table du projet).",)


@pytest.mark.parametrize(
    ("periodes", "phrase"),
    [
        ((), "La carte ne donne aucune période de droits."),
        ((Periode(None, date(2025, 6, 30)), Periode(None, date(2019, 1, 1))), "fermés depuis le 30/06/2025"),
        ((Periode(date(2026, 4, 1), None), Periode(date(2026, 5, 1), None)), "qu'à partir du 01/04/2026"),
    ],
)
def test_droits_fermes_disent_pourquoi(periodes: tuple[Periode, ...], phrase: str) -> None:
    droits = droits_du_jour(replace(BASE, droits=periodes), JOUR)
    assert not droits.ouverts
    assert droits.fin is None
    assert phrase in droits.motifs[0]


def test_bornes_comprises_et_fin_ouverte() -> None:
    assert droits_du_jour(replace(BASE, droits=(Periode(JOUR, JOUR),)), JOUR).ouverts
    ouverts = droits_du_jour(replace(BASE, droits=(Periode(None, None),)), JOUR)
    assert (ouverts.ouverts, ouverts.fin) == (True, None)


def test_sans_couverture_rien_n_est_invente() -> None:
    droits = droits_du_jour(replace(BASE, couvertures=()), JOUR)
    assert (droits.ald, droits.situation) == ("0", "")
    assert "02/03/2026" in droits.motifs[0]


@pytest.mark.parametrize(
    ("code", "attendu"),
    [("00", False), ("0", False), ("1", True), ("01", True), ("02", True), ("3", True), ("03", True), ("10", False),
     ("", False), ("X", False)],
)
def test_c2s_selon_le_service_amo(code: str, attendu: bool) -> None:
    service = ServiceAmo(code, date(2026, 1, 1), date(2026, 12, 31))
    assert droits_du_jour(replace(BASE, service_amo=service), JOUR).c2s is attendu


def test_c2s_hors_de_sa_periode_ou_de_la_famille() -> None:
    service = ServiceAmo("01", date(2025, 1, 1), date(2026, 3, 1))
    assert not droits_du_jour(replace(BASE, service_amo=service), JOUR).c2s
    assert droits_du_jour(BASE, JOUR, service_famille=ServiceAmo("02")).c2s
