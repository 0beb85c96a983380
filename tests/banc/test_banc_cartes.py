"""Reading both cards through our stack against the same commands sent raw by pyscard, in one run (goal: ≤ 1.15)."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from smartcard import scard

from sesam_desktop.lecteurs import lecture
from sesam_desktop.lecteurs.canal import SessionCarte
from sesam_desktop.lecteurs.pcsc import CanalPcsc
from tests.lecteurs.doubles import cps, vitale
from tests.outils.pcscd import ServicePcscd, attendre, pcscd
from tests.outils.vpcd import LECTEURS, brancher

pytestmark = [pytest.mark.banc, pytest.mark.pcsc]
__all__ = ["pcscd"]

LECTURES = 5
TRANCHES = 200


class Ecoute:
    """A session that keeps what goes through it."""

    def __init__(self, session: SessionCarte) -> None:
        self._session = session
        self.fente = session.fente
        self.apdus: list[list[int]] = []

    def transmettre(self, apdu: bytes) -> tuple[bytes, int]:
        self.apdus.append(list(apdu))
        return self._session.transmettre(apdu)


def _lire(session_vitale: SessionCarte, session_cps: SessionCarte) -> None:
    lecture.lire_puce_vitale(session_vitale)
    lecture.lire_puce_cps(session_cps)


def _duree(lire: Callable[[], object]) -> float:
    debut = perf_counter()
    for _ in range(LECTURES):
        lire()
    return perf_counter() - debut


@contextmanager
def _cartes_a_part() -> Iterator[None]:
    """The cards live in another process, as chips do: they take nothing from the program that is measured."""
    contexte = multiprocessing.get_context("spawn")
    fin = contexte.Event()
    processus = contexte.Process(target=_tenir_cartes, args=(fin,), daemon=True)
    processus.start()
    try:
        yield
    finally:
        fin.set()
        processus.join(10)


def _tenir_cartes(fin: Any) -> None:
    with brancher(vitale("famille"), 0), brancher(cps(), 1):
        fin.wait()


def test_lecture_des_deux_cartes(pcscd: ServicePcscd) -> None:
    """Short slices of both alternate, the median of their ratios counts: what else the machine does weighs little."""
    canal = CanalPcsc()
    with _cartes_a_part():
        attendre(lambda: [str(f.etat) for f in canal.fentes()].count("presente") == 2, 10, "cartes non vues")
        with canal.connecter(LECTEURS[0]) as une, canal.connecter(LECTEURS[1]) as autre:
            ecoutes = Ecoute(une), Ecoute(autre)
            _lire(*ecoutes)  # type: ignore[arg-type]
            brut = [(s._carte, s._protocole, a) for s, e in zip((une, autre), ecoutes, strict=True) for a in e.apdus]

            def envoyer_brut() -> None:
                for carte, protocole, apdu in brut:
                    scard.SCardTransmit(carte, protocole, apdu)

            mesures = [(_duree(lambda: _lire(une, autre)), _duree(envoyer_brut)) for _ in range(TRANCHES)]
    rapport = median(notre / nu for notre, nu in mesures)
    une_lecture = median(notre for notre, _ in mesures) / LECTURES * 1000
    print(f"\nlecture des deux cartes : {une_lecture:.2f} ms, {rapport:.2f} fois les mêmes commandes nues")
    assert rapport <= 1.15
