"""A reader on a pseudo-terminal with both cards in, and the channel that reaches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sesam_desktop.lecteurs.gestionnaire import Gestionnaire
from sesam_desktop.lecteurs.serie.canal import CanalSerie
from sesam_desktop.lecteurs.serie.port import PortSerie
from sesam_desktop.lecteurs.serie.temps import Chrono
from tests.lecteurs.doubles import cps, vitale
from tests.outils.lecteur_pss import LecteurPss

VIF = Chrono(bwt=0.3, bgt=0.0, ext=5.0, cwt=0.02, octet=0.0)
NERVEUX = Chrono(bwt=0.06, bgt=0.0, ext=2.0, cwt=0.015, octet=0.0)

Ouvreur = Callable[..., CanalSerie]


@pytest.fixture(autouse=True)
def ports_cherches_a_chaque_regard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sesam_desktop.lecteurs.serie.lecteur.ABSENCE", 0.0)


@pytest.fixture
def lecteur(tmp_path: Path) -> Iterator[LecteurPss]:
    with LecteurPss(tmp_path / "COM3", {2: {1: cps(), 2: vitale()}}) as branche:
        yield branche


@pytest.fixture
def ouvrir_canal(lecteur: LecteurPss) -> Iterator[Ouvreur]:
    """Channels over the reader, closed at the end."""
    ouverts: list[CanalSerie] = []

    def ouvrir(*arguments: object, chrono: Chrono = VIF, periode: float = 0.05, repos: float = 0.1) -> CanalSerie:
        canal = CanalSerie(
            "COM3",
            lambda: PortSerie(str(lecteur.chemin)),
            *arguments,  # type: ignore[arg-type]
            chrono=chrono,
            periode=periode,
            repos=repos,
        )
        ouverts.append(canal)
        return canal

    yield ouvrir
    for canal in ouverts:
        canal.fermer()


@pytest.fixture
def canal(ouvrir_canal: Ouvreur) -> CanalSerie:
    return ouvrir_canal()


@pytest.fixture
def gestionnaire(canal: CanalSerie) -> Iterator[Gestionnaire]:
    gestionnaire = Gestionnaire([canal])
    yield gestionnaire
    gestionnaire.fermer()
