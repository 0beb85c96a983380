"""The worker: order kept, a bad message put aside, a database in trouble tried again, a stop that loses nothing."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.frontal import traitement
from sesam_desktop.frontal.recus import Arrivee, Conclusion
from sesam_desktop.frontal.registre import Registre
from sesam_desktop.frontal.traitement import Ouvrier

from .outils import attendre, message


@pytest.fixture
def registre(tmp_path: Path) -> Iterator[Registre]:
    ouvert = Registre(tmp_path / "frontal.db")
    yield ouvert
    ouvert.fermer()


def _recevoir(registre: Registre, nombre: int) -> None:
    for rang in range(nombre):
        registre.recevoir(message(f"<{rang}@test.invalid>"), f"<{rang}@test.invalid>", "", "")


def test_ce_qui_attendait_est_traite_dans_l_ordre(registre: Registre) -> None:
    _recevoir(registre, 3)
    vus: list[str] = []

    def juger(arrivee: Arrivee) -> Conclusion:
        vus.append(arrivee.message_id)
        return Conclusion("traite")

    ouvrier = Ouvrier(registre, juger)
    ouvrier.start()
    attendre(lambda: registre.compter("traite") == 3)
    _recevoir(registre, 1)
    ouvrier.reveiller()
    attendre(lambda: registre.compter("traite") == 4)
    ouvrier.arreter()
    assert vus == ["<0@test.invalid>", "<1@test.invalid>", "<2@test.invalid>", "<0@test.invalid>"]
    assert not ouvrier.is_alive()


@pytest.mark.journal_attendu
def test_un_message_qui_casse_le_controle_est_mis_de_cote(
    registre: Registre, caplog: pytest.LogCaptureFixture
) -> None:
    _recevoir(registre, 2)

    def juger(arrivee: Arrivee) -> Conclusion:
        if arrivee.numero == 1:
            raise ZeroDivisionError("1801975000001")
        return Conclusion("traite")

    ouvrier = Ouvrier(registre, juger)
    with caplog.at_level(logging.ERROR):
        ouvrier.start()
        attendre(lambda: registre.compter("traite") == 1)
    ouvrier.arreter()
    assert registre.mis_de_cote()[0].motif == "INTERNE ZeroDivisionError"
    assert "1801975000001" not in caplog.text


@pytest.mark.journal_attendu
def test_une_base_en_erreur_est_reessayee(registre: Registre, monkeypatch: pytest.MonkeyPatch) -> None:
    _recevoir(registre, 1)
    monkeypatch.setattr(traitement, "_REPRISE_S", 0.01)
    vraie, pannes = registre.conclure, [sqlite3.OperationalError("database or disk is full")]

    def conclure(arrivee: Arrivee, conclusion: Conclusion) -> None:
        if pannes:
            raise pannes.pop()
        vraie(arrivee, conclusion)

    monkeypatch.setattr(registre, "conclure", conclure)
    ouvrier = Ouvrier(registre, lambda _: Conclusion("traite"))
    ouvrier.start()
    attendre(lambda: registre.compter("traite") == 1)
    ouvrier.arreter()
    assert not pannes
    assert registre.mis_de_cote() == []


def test_un_arret_pendant_le_delai_laisse_le_message_a_traiter(registre: Registre) -> None:
    _recevoir(registre, 1)
    ouvrier = Ouvrier(registre, lambda _: Conclusion("traite"), delai_s=60)
    ouvrier.start()
    ouvrier.arreter()
    assert registre.compter("a_traiter") == 1


def test_arreter_sans_avoir_demarre(registre: Registre) -> None:
    ouvrier = Ouvrier(registre, lambda _: Conclusion("traite"))
    ouvrier.arreter()
    ouvrier.arreter()
    assert not ouvrier.is_alive()
