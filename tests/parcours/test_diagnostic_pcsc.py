"""The diagnostic of a real profile over real PC/SC slots: nothing is simulated but the chips."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.poste.diagnostic import diagnostiquer
from sesam_desktop.poste.poste import Poste
from tests.lecteurs.doubles import cps, vitale
from tests.outils.pcscd import ServicePcscd, attendre, pcscd
from tests.outils.vpcd import LECTEURS, brancher

pytestmark = pytest.mark.pcsc
__all__ = ["pcscd"]


@pytest.fixture
def poste(pcscd: ServicePcscd, tmp_path: Path) -> Iterator[Poste]:
    poste = Poste.ouvrir(tmp_path / "reel")
    yield poste
    poste.fermer()


def codes(poste: Poste, *, passif: bool) -> set[str]:
    return {constat.code for constat in diagnostiquer(poste, passif=passif).constats}


def presentes(poste: Poste) -> int:
    return sum(bool(fente.atr) for fente in poste.lecteurs.fentes() if fente.lecteur in LECTEURS)


def test_de_la_carte_absente_a_la_preuve(poste: Poste) -> None:
    attendre(lambda: presentes(poste) == 0, 5, "une carte reste dans un lecteur")
    assert {"LECTEURS", "CPS_ABSENTE", "VITALE_ABSENTE", "LECTURE_NON_PROUVEE"} <= codes(poste, passif=True)
    with brancher(vitale(), 0), brancher(cps(), 1):
        attendre(lambda: presentes(poste) == 2, 5, "les cartes ne sont pas vues")
        vus = codes(poste, passif=True)
        assert {"CPS_PRESENTE", "VITALE_PRESENTE", "LECTURE_NON_PROUVEE"} <= vus  # seen, not read
        lus = codes(poste, passif=False)
        assert {"CPS_LUE", "VITALE_LUE", "LECTURES_PROUVEES"} <= lus
        assert not lus & {"SONDE_SANS_REPONSE", "LECTEUR_ABSENT", "SERVICE_CARTES_ARRETE"}


def test_carte_muette(poste: Poste) -> None:
    with brancher(cps(), 1), brancher(vitale(), 0, muette=True):
        attendre(lambda: presentes(poste) == 1, 5, "les cartes ne sont pas vues")
        attendre(lambda: "CARTE_MUETTE" in codes(poste, passif=True), 5, "la carte n'est pas dite muette")


def test_service_arrete(poste: Poste, pcscd: ServicePcscd) -> None:
    if not pcscd.a_nous:
        pytest.skip("ce pcscd n'est pas le nôtre")
    pcscd.arreter()
    try:
        attendre(lambda: "SERVICE_CARTES_ARRETE" in codes(poste, passif=True), 5, "l'arrêt n'est pas vu")
    finally:
        pcscd.demarrer()
