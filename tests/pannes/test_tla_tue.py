"""kill -9 while a portable terminal is unloaded, thirty times (six by default): no visit lost, none signed twice.

The terminal lives in another process and outlives the workstation; after each death, each visit is on the terminal or
on this disk.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import verifier_chaine
from sesam_desktop.factures.depot import Filtre
from sesam_desktop.lecteurs.tla.depot import DepotTla
from sesam_desktop.lecteurs.tla.terminal import TerminalTla
from sesam_desktop.poste import demonstration
from tests.outils.terminal_tla import SOCLE, ouvrir_session, visite
from tests.pannes.mesure import compte
from tests.pannes.terminal_a_part import PATIENT, VISITER, Cable

MORTS, VISITES = compte(30), compte(300)
RACINE = Path(__file__).resolve().parents[2]


@pytest.fixture
def poste_equipe(modele: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(modele, tmp_path / "poste"))


@pytest.fixture
def prise(poste_equipe: Path, tmp_path: Path) -> Iterator[str]:
    """Where the terminal answers, as long as the test lasts."""
    chemin = str(tmp_path / "cable")
    commande = [sys.executable, "-m", "tests.pannes.terminal_a_part", str(poste_equipe), chemin]
    with subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.PIPE) as terminal:
        assert terminal.stdout and terminal.stdout.readline() == b"sur son socle\n"
        yield chemin
        terminal.kill()


def charger(profil: Path, prise: str) -> set[str]:
    """Digests of the visits that the terminal brings back."""
    poste = demonstration.ouvrir(profil)
    cable = Cable(prise)
    poste.environnement.socle.canal.poser(SOCLE, cable)
    ouvrir_session(poste)
    service = poste.terminaux
    service.charger(service.trouver(), factures=[visite(poste, PATIENT)] * VISITES)
    assert cable(VISITER) == VISITER
    poste.fermer()
    return sur_le_terminal(prise)


def sur_le_terminal(prise: str) -> set[str]:
    return {entree.empreinte.hex() for entree in TerminalTla(Cable(prise)).lister()}


def mourir(profil: Path, prise: str, hasard: random.Random, vie: int) -> None:
    """Unload and die: one life in three at a random instant, the others around an acknowledgement."""
    quand = ("", "avant", "apres")[vie % 3]
    commande = [sys.executable, "-m", "tests.pannes.dechargement_a_tuer", str(profil), prise]
    commande += [quand, str(hasard.randint(1, 4))] if quand else []
    with subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as processus:
        assert processus.stdout and processus.stderr
        assert processus.stdout.readline() == b"au travail\n", processus.stderr.read().decode()
        if not quand:
            time.sleep(hasard.uniform(0.05, 0.3))
            os.kill(processus.pid, signal.SIGKILL)
        assert processus.wait(30) == -signal.SIGKILL, processus.stderr.read().decode()


@pytest.mark.lent
@pytest.mark.timeout(300)
def test_morts_pendant_le_dechargement(poste_equipe: Path, prise: str) -> None:
    hasard, entre_deux = random.Random(20261122), 0
    visites = charger(poste_equipe, prise)
    assert len(visites) == VISITES
    for vie in range(MORTS):
        mourir(poste_equipe, prise, hasard, vie)
        with Base(poste_equipe / "sesam.db") as base:
            gardes = {recu.empreinte for recu in DepotTla(base).documents()}
            assert verifier_chaine() is None
        restes = sur_le_terminal(prise)
        assert gardes | restes == visites
        entre_deux += bool(gardes & restes)
    assert entre_deux >= MORTS // 3  # kept here, and still on the terminal
    assert restes, "a slower terminal, or more visits, are needed for the last deaths to mean something"
    finir(poste_equipe, prise)


def finir(profil: Path, prise: str) -> None:
    """What remains is unloaded, everything is signed, each once."""
    poste = demonstration.ouvrir(profil)
    poste.environnement.socle.canal.poser(SOCLE, Cable(prise))
    ouvrir_session(poste)
    service = poste.terminaux
    bilan = service.decharger(service.trouver())
    assert (len(bilan.a_signer), bilan.refuses) == (VISITES, ())
    assert len(service.signer().signees) == VISITES
    numeros = [resume.numero for resume in poste.registre.lister(Filtre())]
    assert sorted(numeros) == [f"{rang:09d}" for rang in range(1, VISITES + 1)]
    assert DepotTla(poste.base).non_acquittes(service.trouver().numero_serie) == []
    assert sur_le_terminal(prise) == set()
    poste.fermer()
