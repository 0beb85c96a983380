"""The same terminal at the end of a serial line, noise included."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.lecteurs.emulation_tla import TerminalVirtuel
from sesam_desktop.lecteurs.gestionnaire import Gestionnaire
from sesam_desktop.lecteurs.serie.canal import CanalSerie
from sesam_desktop.lecteurs.serie.port import PortSerie
from sesam_desktop.lecteurs.tla.documents import PatientEmporte, ecrire_patients
from sesam_desktop.lecteurs.tla.terminal import Contenu, TerminalTla
from tests.lecteurs.serie.conftest import VIF
from tests.outils import lecteur_pss as pss
from tests.outils.lecteur_pss import LecteurPss


@pytest.fixture
def lecteur(tmp_path: Path) -> Iterator[LecteurPss]:
    with LecteurPss(tmp_path / "COM3", {2: {}}) as lecteur:
        yield lecteur


@pytest.fixture
def gestionnaire(lecteur: LecteurPss) -> Iterator[Gestionnaire]:
    canal = CanalSerie("COM3", lambda: PortSerie(str(lecteur.chemin)), chrono=VIF, periode=0.05)
    gestionnaire = Gestionnaire([canal])
    yield gestionnaire
    gestionnaire.fermer()


@pytest.mark.parametrize("bruit", [False, True], ids=["calme", "bruit"])
def test_charger_et_decharger(lecteur: LecteurPss, gestionnaire: Gestionnaire, bruit: bool) -> None:
    virtuel, hasard = TerminalVirtuel(), random.Random(20261122)
    contenus = [hasard.randbytes(900) for _ in range(3)]
    noms = [virtuel.deposer(octets) for octets in contenus]
    with lecteur.arrete() as moteur:
        moteur.logiciel = virtuel.traiter
        if bruit:
            moteur.fautes.extend([None, pss.bruit_avant(b"\x00\x11"), None, pss.abimer(-1), pss.perdre(2), None] * 6)
    (logiciel,) = gestionnaire.logiciels()
    terminal = TerminalTla(lambda message: gestionnaire.dialoguer(logiciel, message, 5.0))
    patients = [PatientEmporte("DURAND", f"N{i}", "19800101", "1801975000001") for i in range(60)]
    terminal.charger(Contenu.PATIENTS, ecrire_patients(patients))
    assert virtuel.patients() == patients
    entrees = terminal.lister()
    assert [e.identifiant for e in entrees] == noms
    assert [terminal.lire(e) for e in entrees] == contenus
    for entree in entrees:
        terminal.acquitter(entree)
    assert terminal.identifier().documents == 0
    if bruit:
        with lecteur.arrete() as moteur:
            assert len(moteur.fautes) < 36
