"""Contents of a box, and the generics that stand beside it in the public table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.factures import generiques
from sesam_desktop.factures.facture import Prescription
from sesam_desktop.referentiels import tables
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.importation import importer
from sesam_desktop.referentiels.medicaments import Medicaments

JOUR = date(2026, 7, 24)


@pytest.mark.parametrize(
    ("presentation", "attendue"),
    [
        ("plaquette(s) PVC-Aluminium de 84 gélule(s)", "84"),
        ("84 plaquette(s) PVC-Aluminium de 1 gélule(s)", "84"),
        ("plaquette(s) PVC-Aluminium de 84 gélule(s) (distributeur parallèle : BB Farma)", "84"),
        ("1 flacon(s) en verre brun de 40 ml avec mesurette graduée polyéthylène", "40"),
        ("1 flacon(s) en verre brun avec mesurette(s) graduée(s) polyéthylène de 40 ml", "40"),
        ("20 récipient(s) unidose(s) polyéthylène de 2 ml suremballée(s) par plaquette de 5 récipients", "40"),
        ("plaquette(s) PVC PVDC aluminium papier avec fermeture de sécurité enfant de 30 comprimé(s)", "30"),
        ("1 flacon(s) en verre de 1,182 g", "1.182"),
        ("30 sachet(s)", "30"),
        ("30 sachet(s) papier kraft aluminium polyéthylène de 3,76 g", "30"),  # SMECTA orange-vanille, BDPM
        ("1 flacon(s) en verre jaune(brun) de150 ml avec fermeture de sécurité enfant", "150"),  # AERIUS, BDPM
        ("1 flacon(s) en verre", "1"),
        ("", "1"),
    ],
)
def test_contenance(presentation: str, attendue: str) -> None:
    assert generiques.contenance(presentation) == Decimal(attendue)


@given(st.text(max_size=60))
def test_une_presentation_quelconque_a_une_contenance(presentation: str) -> None:
    assert generiques.contenance(presentation) >= 0


@pytest.mark.parametrize(
    ("code", "jour", "prescrite", "traitement", "tiers_payant"),
    [
        ("6", date(2019, 12, 31), date(2019, 12, 31), "prix", False),
        ("6", date(2020, 1, 1), date(2020, 1, 1), "generique", False),
        ("6", date(2020, 1, 1), date(2019, 12, 31), "prix", False),
        ("NS", date(2020, 1, 1), date(2019, 12, 31), "prix", True),
        ("NS", date(2020, 1, 1), None, "generique", False),
        ("MTE", date(2020, 1, 1), date(2019, 12, 31), "prix", True),
    ],
)
def test_la_regle_est_celle_du_jour_de_l_ordonnance(
    code: str, jour: date, prescrite: date | None, traitement: str, tiers_payant: bool
) -> None:
    prescription = Prescription(prescrite) if prescrite else None
    ligne = generiques.regle_de_substitution(tables, code, jour, prescription)
    assert ligne is not None
    assert (ligne["traitement"], ligne["tiers_payant"]) == (traitement, tiers_payant)


def test_aucun_code_aucune_regle() -> None:
    assert generiques.regle_de_substitution(tables, None, JOUR, None) is None
    assert generiques.regle_de_substitution(tables, "Z", JOUR, None) is None


@pytest.fixture(scope="module")
def medicaments(donnees_partagees: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Medicaments]:
    base = BaseReferentiels(tmp_path_factory.mktemp("bdpm") / "referentiels.db")
    importer("bdpm", donnees_partagees / "bdpm", base, version=JOUR.isoformat())
    yield Medicaments(base)
    base.fermer()


def test_generiques_de_la_table_publique(medicaments: Medicaments) -> None:
    """LYRICA 100 mg: every generic on sale at 15,07, whatever way its contents are written."""
    groupes = medicaments.groupes("3400936513013", JOUR)
    assert generiques.est_reference(groupes, "3400936513013")
    egaux = generiques.equivalents(groupes, "3400936513013")
    assert {m.prix_centimes for m in egaux} == {1507}
    assert {"3400930022771", "3400930032954"} <= {m.cip13 for m in egaux}
    assert generiques.plus_cher(groupes, "3400936513013") == 1507


def test_hors_de_tout_groupe() -> None:
    assert generiques.equivalents([], "3400936513013") == []
    assert generiques.plus_cher([], "3400936513013") is None
    assert not generiques.est_reference([], "3400936513013")
