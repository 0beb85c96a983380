"""Codes of the card and of the rights service → particularités, as published (droits 7.1 to 7.3)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sesam_desktop.cartes.vitale import Assure, Beneficiaire
from sesam_desktop.droits.couverture import droits_du_jour
from sesam_desktop.droits.particularites import de_la_gestion, du_service

from .test_couverture import JOUR

NIR = "1801975000001"


@pytest.mark.parametrize(
    ("nir", "regime", "gestion", "attendues"),
    [
        (NIR, "01", "10", ()),
        (NIR, "01", "65", ("DETENU",)),
        (NIR, "02", "65", ()),
        (NIR, "01", "70", ("COORDONNE_PERMANENT",)),
        (NIR, "02", "70", ()),
        ("5" + NIR[1:], "01", "", ("COORDONNE_PASSAGE",)),
        ("6" + NIR[1:], "01", "70", ("COORDONNE_PERMANENT", "COORDONNE_PASSAGE")),
    ],
)
def test_donnees_de_gestion(nir: str, regime: str, gestion: str, attendues: tuple[str, ...]) -> None:
    assert de_la_gestion(nir, regime, gestion) == attendues
    assure = Assure(nir, "31", regime, "721", "0000", gestion)
    beneficiaire = Beneficiaire("DURAND", "DURAND", "ALINE")
    assert droits_du_jour(beneficiaire, JOUR, assure=assure).particularites == attendues
    assert droits_du_jour(replace(beneficiaire), JOUR).particularites == ()


@pytest.mark.parametrize(
    ("listes", "attendues"),
    [
        ({"etm": "1"}, ("PENSION_MILITAIRE",)),
        ({"etm": "6"}, ("MATERNITE",)),
        *[({"etm": code}, ("ALD",)) for code in ("8", "9", "13", "16")],
        ({"etm": "14"}, ("INVALIDITE",)),
        *[({"etm": code}, ("SOINS_PARTICULIERS",)) for code in ("17", "18")],
        ({"mtm": "6"}, ("RENTE_AT",)),
        ({"mtm": "7"}, ("FRONTALIER",)),
        ({"mtm": "8"}, ("ASPA",)),
        ({"mtm": "9"}, ("REGIME_LOCAL",)),
        ({"situations": "10"}, ("AME",)),
        ({"contrats": "18"}, ("SNCF_CP",)),
        ({"contrats": "21"}, ("SNCF_CMAL",)),
        ({"etm": "99", "mtm": "1", "situations": "1", "contrats": "0"}, ()),
    ],
)
def test_codes_du_service(listes: dict[str, str], attendues: tuple[str, ...]) -> None:
    assert du_service(**{nom: (code,) for nom, code in listes.items()}) == attendues


def test_plusieurs_codes_et_deux_pour_la_meme_chose() -> None:
    assert du_service(etm=("8", "16", "1"), mtm=("8",)) == ("ALD", "PENSION_MILITAIRE", "ASPA")
    assert du_service(contrats=("18", "22", "24")) == ("SNCF_CP", "SNCF_ACTIF", "SNCF_HORS_ZONE")


def test_un_subsistant_n_a_pas_d_autre_donnee_sncf() -> None:
    assert du_service(mtm=("6",), contrats=("20", "22", "25")) == ("RENTE_AT", "SNCF_SUBSISTANT")
