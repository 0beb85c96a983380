"""Each question is capped; one that hangs or fails raises nothing else than its own sentence."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.controles.examen import Examen
from sesam_desktop.poste.diagnostic import prudemment, sans_doublon
from sesam_desktop.poste.diagnostic_constats import Constat, constat
from sesam_desktop.poste.sondes import (
    Ecoute,
    Processus,
    Service,
    SystemeSimule,
    Usb,
)
from sesam_desktop.poste.sondes_bornees import SystemeBorne
from tests.poste.controles.outils import Ordinateur, declenche, examen


@pytest.fixture
def retenue() -> Iterator[threading.Event]:
    """What hangs until the end of the test."""
    evenement = threading.Event()
    yield evenement
    evenement.set()
    for fil in threading.enumerate():
        if fil.name == "diagnostic-sonde":
            fil.join(5)


class Bloque(SystemeSimule):
    """A computer whose list of programs never comes."""

    def __init__(self, retenue: threading.Event) -> None:
        self.retenue = retenue
        self.demandes = 0

    def processus(self) -> list[Processus]:
        self.demandes += 1
        self.retenue.wait(30)
        return []


class Casse(SystemeSimule):
    def usb(self) -> list[Usb] | None:
        raise psutil.AccessDenied(1)

    def service(self, nom: str) -> Service | None:
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "réponse d'un outil étranger")


@declenche("SONDE_SANS_REPONSE")
def test_une_sonde_qui_se_bloque_est_un_constat(tmp_path: Path, retenue: threading.Event) -> Iterable[Constat]:
    systeme = Bloque(retenue)
    fait = replace(examen(tmp_path), systeme=SystemeBorne(systeme, 0.05, 1))

    def controle(examen: Examen) -> Iterator[Constat]:
        yield constat("BASE_TIERCE", objet=str(examen.programmes))

    debut = time.monotonic()
    trouves = [*prudemment(controle, fait), *prudemment(controle, fait)]
    assert time.monotonic() - debut < 1
    assert systeme.demandes == 1  # asked once: the second check does not wait again
    assert "processus" in trouves[0].titre
    return trouves


def test_toutes_les_sondes_ont_un_delai_commun(retenue: threading.Event) -> None:
    borne = SystemeBorne(Bloque(retenue), 10, 0.05)
    for question, nom in ((borne.processus, "processus"), (borne.usb, "USB")):
        with pytest.raises(ErreurConnue) as refus:
            question()
        assert refus.value.ou == nom


def test_le_temps_passe_hors_des_sondes_ne_compte_pas() -> None:
    borne = SystemeBorne(Ordinateur(programmes=["a"]), 10, 0.05)
    time.sleep(0.1)  # an active diagnostic reads cards meanwhile
    assert [p.nom for p in borne.processus()] == ["a"]


def test_une_sonde_suspendue_n_est_pas_reposee_par_le_diagnostic_suivant(retenue: threading.Event) -> None:
    systeme = Bloque(retenue)
    for _ in range(3):
        with pytest.raises(ErreurConnue):
            SystemeBorne(systeme, 0.05, 1).processus()
    assert systeme.demandes == 1
    assert sum(fil.name == "diagnostic-sonde" for fil in threading.enumerate()) == 1


def test_deux_sondes_muettes_sont_deux_constats(tmp_path: Path) -> None:
    fait = replace(examen(tmp_path), systeme=SystemeBorne(Casse(), 1, 5))
    controles = (lambda un: iter(un.systeme.usb()), lambda un: iter([un.systeme.service("cartes")]))
    trouves = sans_doublon(un for controle in controles for un in prudemment(controle, fait))
    assert {un.objet for un in trouves} == {"USB", "services"}


@pytest.mark.parametrize("question", [lambda s: s.usb(), lambda s: s.service("cartes")])
def test_une_sonde_qui_casse_est_un_constat(question: object) -> None:
    borne = SystemeBorne(Casse(), 1, 1)
    with pytest.raises(ErreurConnue) as refus:
        question(borne)  # type: ignore[operator]
    assert refus.value.code == "SONDE_SANS_REPONSE"


def test_une_reponse_est_gardee(tmp_path: Path) -> None:
    ordinateur = Ordinateur(programmes=["a"], ports=[Ecoute(1)], reglages={"vpn": ""}, places={"galss": [tmp_path]})
    borne = SystemeBorne(ordinateur, 1, 5)
    assert [p.nom for p in borne.processus()] == ["a"]
    ordinateur.programmes.append("b")
    assert [p.nom for p in borne.processus()] == ["a"]
    (tmp_path / "f").write_bytes(b"x")
    assert (borne.lire(tmp_path / "f"), borne.lister(tmp_path), borne.inscriptible(tmp_path)) == (b"x", ["f"], True)
    assert (borne.reglage("vpn"), borne.reglage("sac"), borne.service("cartes")) == ("", None, None)
    assert (borne.ecoutes(), borne.usb(), borne.lecteurs_declares(), borne.installes()) == ([Ecoute(1)], None, None, [])
    assert borne.emplacements("galss") == [tmp_path]
    assert borne.emplacements("sesam") == []
