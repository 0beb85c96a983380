"""The service of the figures: tables in French, drawings when there is something to draw."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.editions.graphiques import Style
from sesam_desktop.poste.indicateurs import (
    ServiceIndicateurs,
    TableauChiffres,
    _euros,
    nom_du_fonds,
    nom_du_mois,
    tableaux,
)
from tests.teletransmission.test_indicateurs import LUS

STYLE = Style("#101010", "#cccccc", ("#2060a0", "#c06020", "#408040"))


@pytest.fixture
def base(profil: Path) -> Iterator[Base]:
    with Base(profil / "sesam.db") as base:
        yield base


def tableau(titre: str) -> TableauChiffres:
    (trouve,) = [t for t in tableaux(LUS) if t.titre == titre]
    return trouve


def test_chaque_ligne_a_toutes_ses_colonnes() -> None:
    lus = tableaux(LUS)
    assert len(lus) == 7
    for t in lus:
        assert {len(ligne) for ligne in t.lignes} == {len(t.colonnes)}


def test_tableaux_de_la_periode() -> None:
    assert tableau("Sécurisation des factures").lignes[0] == ("Sécurisées", 4, 6, 6667)
    assert tableau("Montants par mois").lignes[0] == ("mars 2026", 3, 2, 6000, 3750, 2250)
    assert tableau("Évolution des taux").lignes == (
        ("mars 2026", 10000, 0, 6667), ("avr. 2026", 3333, 3333, 10000),
    )  # fmt: skip
    delais = tableau("Délais").lignes
    assert delais[0] == ("Tous", "Des soins à l'envoi", 6, 1, 10)
    assert delais[-1] == ("01 721 721", "De l'envoi au paiement", 1, 5, 5)
    rejets = tableau("Rejets par motif principal").lignes
    assert rejets[0] == ("Exonération", "0009", "ALD INCONNUE", 2, 3500)
    assert rejets[-1] == ("Total", "", "sur 5 factures et DRE répondues", 4, 4504)
    assert tableau("Accusés de réception").lignes == (
        ("Lots refusés", 2, 3, 6667), ("Motif SIG", 2, None, None), ("Motif LOT", 1, None, None),
    )  # fmt: skip
    assert tableau("Pièces (SCOR)").lignes[0] == ("Factures avec leurs pièces", 4, 6, 6667)


def test_dessins_de_la_periode(base: Base) -> None:
    service = ServiceIndicateurs(SimpleNamespace(base=base))  # type: ignore[arg-type]
    dessins = service.dessiner(LUS, STYLE)
    assert "Dégradées".encode() in dessins.securisation
    assert "Non sécurisées".encode() not in dessins.securisation
    assert "Reste à recevoir".encode() in dessins.montants
    assert "Exonération".encode() in dessins.rejets
    assert "20\u00a0jours".encode() in dessins.paiement
    assert "100\u00a0%".encode() in dessins.evolution


@pytest.mark.parametrize(
    ("centimes", "dit"),
    [
        (0, "0 €"), (50, "0,50 €"), (1000, "10 €"), (9999, "99,99 €"), (10_050, "101 €"), (123_449, "1 234 €"),
        (-150, "-1,50 €"),
    ],
)
def test_euros_d_un_graphique(centimes: int, dit: str) -> None:
    """Half an euro is no « 0 € »; from a hundred euros on, the nearest euro."""
    assert _euros(centimes).replace("\u00a0", " ").replace("\u202f", " ") == dit


def test_rien_sur_la_periode(base: Base) -> None:
    service = ServiceIndicateurs(SimpleNamespace(base=base))  # type: ignore[arg-type]
    lus = service.calculer(date(2026, 3, 1), date(2026, 3, 31))
    dessins = service.dessiner(lus, STYLE)
    assert {dessins.securisation, dessins.montants, dessins.rejets, dessins.paiement, dessins.evolution} == {b""}
    assert service.tableaux(lus) == tableaux(lus)


def test_export_en_classeur(base: Base, tmp_path: Path) -> None:
    """A sheet a table; centimes are written as euros."""
    from openpyxl import load_workbook

    service = ServiceIndicateurs(SimpleNamespace(base=base))  # type: ignore[arg-type]
    classeur = load_workbook(service.exporter(LUS, tmp_path / "chiffres.xlsx"))
    assert len(classeur.sheetnames) == 7
    valeurs = [[case.value for case in ligne] for ligne in classeur["Montants par mois"].iter_rows()]
    assert ["mars 2026", 3, 2, 60, 37.5, 22.5] in [ligne[:6] for ligne in valeurs]
    parts = [[case.value for case in ligne] for ligne in classeur["Sécurisation des factures"].iter_rows()]
    assert ["Sécurisées", 4, 6, 66.67] in [ligne[:4] for ligne in parts]


def test_noms() -> None:
    assert (nom_du_mois("2026-08"), nom_du_mois("2025-12")) == ("août 2026", "déc. 2025")
    assert (nom_du_fonds("01721721"), nom_du_fonds("0099999997"), nom_du_fonds("")) == (
        "01 721 721", "AMC 0099999997", "Tous",
    )  # fmt: skip
