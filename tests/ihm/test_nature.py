"""The nature of insurance that the rules call for is offered with its reason, and taken in one click."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from sesam_desktop.factures.facture import LigneSaisie, Patient
from sesam_desktop.ihm.facturation.saisie import Composition
from sesam_desktop.ihm.facturation.situation import LigneSituation

JOUR = date(2026, 3, 2)
ENFANT = Patient("1801975000001", "20260225", qualite="6")
EXAMEN = Composition(JOUR, patient=ENFANT, lignes=(LigneSaisie("COE"),))


@pytest.fixture
def ligne(qtbot: QtBot) -> LigneSituation:
    widget = LigneSituation(JOUR)
    qtbot.addWidget(widget)
    return widget


def test_une_autre_nature_est_proposee_et_prise(ligne: LigneSituation, qtbot: QtBot) -> None:
    ligne.montrer(EXAMEN)
    assert not ligne.isHidden() and not ligne.proposee.isHidden()
    assert ligne.proposee.text() == "Prendre « Maternité »"
    assert "douze premiers jours" in ligne.proposee.toolTip()
    with qtbot.waitSignal(ligne.change) as change:
        ligne.proposee.click()
    assert change.args[0]["nature_assurance"] == "maternite"
    ligne.montrer(replace(EXAMEN, nature_assurance="maternite"))
    assert ligne.proposee.isHidden()


def test_rien_n_est_propose_sans_raison(ligne: LigneSituation) -> None:
    ligne.montrer(Composition(JOUR))
    assert ligne.isHidden() and ligne.proposee.isHidden()
    ligne.montrer(replace(EXAMEN, lignes=(LigneSaisie("G"),)))
    assert ligne.isHidden() and ligne.proposee.isHidden()


def test_l_accident_de_la_carte(ligne: LigneSituation, qtbot: QtBot) -> None:
    ligne.accidents = ("123456782",)
    ligne.montrer(replace(EXAMEN, lignes=()))
    with qtbot.waitSignal(ligne.change) as change:
        ligne.proposee.click()
    assert (change.args[0]["nature_assurance"], change.args[0]["accident_numero"]) == ("at", "123456782")
