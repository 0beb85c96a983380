"""Cards and readers, as ratios taken in the same run: reading both cards, and hearing of an insertion."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from statistics import mean, median
from time import perf_counter, sleep
from typing import Any

import pytest
from smartcard import scard

from sesam_desktop.lecteurs import lecture
from sesam_desktop.lecteurs.canal import SessionCarte
from sesam_desktop.lecteurs.gestionnaire import Evenement, Genre, Gestionnaire
from sesam_desktop.lecteurs.pcsc import CanalPcsc
from tests.lecteurs.doubles import cps, vitale
from tests.outils.pcscd import ServicePcscd, attendre, pcscd
from tests.outils.vpcd import LECTEURS, PERIODE, brancher

pytestmark = [pytest.mark.banc, pytest.mark.pcsc]
__all__ = ["pcscd"]

LECTURES = 40
RONDES = 5
PAIRES = 100
INSERTIONS = 12
LATENCE = 0.002  # the ATR of a Vitale 2 sets 40 kbit/s: a chip takes 4 ms for the shortest command, 30 ms for 128 bytes


@contextmanager
def _cartes_a_part(latence: float) -> Iterator[None]:
    """The cards live in another process, as chips do: they take nothing from the program that is measured."""
    contexte = multiprocessing.get_context("spawn")
    fin = contexte.Event()
    processus = contexte.Process(target=_tenir_cartes, args=(fin, latence), daemon=True)
    processus.start()
    try:
        yield
    finally:
        fin.set()
        processus.join(10)


def _tenir_cartes(fin: Any, latence: float) -> None:
    patient, professionnel = vitale("famille"), cps()
    patient.latence = professionnel.latence = latence
    with brancher(patient, 0), brancher(professionnel, 1):
        fin.wait()


class Ecoute:
    """A session that keeps what goes through it."""

    def __init__(self, session: SessionCarte) -> None:
        self._session = session
        self.fente = session.fente
        self.apdus: list[list[int]] = []

    def transmettre(self, apdu: bytes) -> tuple[bytes, int]:
        self.apdus.append(list(apdu))
        return self._session.transmettre(apdu)


def _apdus(gestionnaire: Gestionnaire, role: str, lire: Callable[[SessionCarte], object]) -> list[list[int]]:
    def ecouter(session: SessionCarte) -> list[list[int]]:
        ecoute = Ecoute(session)
        lire(ecoute)  # type: ignore[arg-type]
        return ecoute.apdus

    return gestionnaire.employer(role, ecouter)


def _brut(lecteur: str, apdus: Sequence[list[int]]) -> None:
    """The shortest PC/SC program that sends these commands: same connection, same transaction, same reset."""
    _, contexte = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    partage, protocoles = scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
    _, carte, protocole = scard.SCardConnect(contexte, lecteur, partage, protocoles)
    scard.SCardBeginTransaction(carte)
    for apdu in apdus:
        scard.SCardTransmit(carte, protocole, apdu)
    scard.SCardEndTransaction(carte, scard.SCARD_LEAVE_CARD)
    scard.SCardDisconnect(carte, scard.SCARD_RESET_CARD)
    scard.SCardReleaseContext(contexte)


def _duree(*appels: Callable[[], object]) -> float:
    debut = perf_counter()
    for appel in appels:
        appel()
    return perf_counter() - debut


@dataclass
class Banc:
    """Both cards read in turn in three ways: bare commands, by the manager on known slots, by the manager by role."""

    gestionnaire: Gestionnaire
    lectures: dict[str, Callable[[SessionCarte], object]] = field(
        default_factory=lambda: {"vitale": lecture.lire_puce_vitale, "cps": lecture.lire_puce_cps}
    )

    def __post_init__(self) -> None:
        self.fentes = {role: self.gestionnaire.trouver(role) for role in self.lectures}
        self.apdus = {role: _apdus(self.gestionnaire, role, lire) for role, lire in self.lectures.items()}

    def nues(self) -> None:
        for role, fente in self.fentes.items():
            _brut(fente.lecteur, self.apdus[role])

    def par_fente(self) -> None:
        for role, fente in self.fentes.items():
            self.gestionnaire.employer(fente, self.lectures[role])

    def par_role(self) -> None:
        for role, lire in self.lectures.items():
            self.gestionnaire.employer(role, lire)

    def rapports(self, nombre: int) -> tuple[float, float, float]:
        """Seconds of a reading by role; medians of the ratios to the bare readings just before and just after."""
        appels = (self.nues, self.par_fente, self.par_role, self.nues)
        mesures = [tuple(_duree(appel) for appel in appels) for _ in range(nombre)]
        fente = median(2 * m[1] / (m[0] + m[3]) for m in mesures)
        role = median(2 * m[2] / (m[0] + m[3]) for m in mesures)
        return median(m[2] for m in mesures), fente, role


@contextmanager
def _banc(latence: float) -> Iterator[Banc]:
    gestionnaire = Gestionnaire([CanalPcsc()])
    with _cartes_a_part(latence):
        attendre(lambda: [str(f.etat) for f in gestionnaire.fentes()].count("presente") == 2, 10, "cartes non vues")
        yield Banc(gestionnaire)
    gestionnaire.fermer()


def test_lecture_des_deux_cartes(pcscd: ServicePcscd) -> None:
    """Find each card, open, read, let go; the bare program knows where they are. Chips that are fast for chips."""
    with _banc(LATENCE) as banc:
        duree, fente, role = banc.rapports(LECTURES)
    with _banc(0.0) as instantane:
        sans_puce, fente_sans_puce, role_sans_puce = instantane.rapports(4 * LECTURES)
    print(
        f"\nlecture des deux cartes, {sum(map(len, banc.apdus.values()))} commandes : {duree * 1000:.1f} ms,"
        f" {role:.3f} fois les mêmes commandes nues ({fente:.3f} sans chercher les cartes) ;"
        f" avec des puces qui répondraient sans délai : {sans_puce * 1000:.1f} ms, {role_sans_puce:.3f}"
        f" ({fente_sans_puce:.3f})"
    )
    assert role <= 1.10


def test_echanges_dans_une_meme_transaction(pcscd: ServicePcscd) -> None:
    """Nothing but the commands and what is made of them, on one connection, with chips that answer without delay.

    Where the system places the processes moves a whole round by a few hundredths (1.09 to 1.14 seen, either side of a
    loaded machine): the median of several rounds, each with its own, is what is asked to stay under the limit.
    """
    rapports = sorted(_ronde() for _ in range(RONDES))
    print(
        f"\néchanges des deux cartes, puces sans délai : {median(rapports):.3f} fois les mêmes commandes nues"
        f" (de {rapports[0]:.3f} à {rapports[-1]:.3f} en {RONDES} rondes)"
    )
    assert median(rapports) <= 1.15


def _ronde() -> float:
    with _banc(0.0) as banc:
        return mean(banc.gestionnaire.employer(role, partial(_comparer, lire)) for role, lire in banc.lectures.items())


def _comparer(lire: Callable[[SessionCarte], object], session: SessionCarte) -> float:
    """Median of the ratios of readings that follow each other, each side first in turn."""
    ecoute = Ecoute(session)
    lire(ecoute)  # type: ignore[arg-type]
    carte, protocole = session._session._carte, session._session._protocole  # type: ignore[attr-defined]

    def nues() -> None:
        for apdu in ecoute.apdus:
            scard.SCardTransmit(carte, protocole, apdu)

    rapports = []
    for _ in range(PAIRES):
        notre, nue = _duree(partial(lire, session)), _duree(nues)
        seconde_nue, seconde_notre = _duree(nues), _duree(partial(lire, session))
        rapports.append((notre + seconde_notre) / (nue + seconde_nue))
    return median(rapports)


class Temoin:
    """Blocked in a bare SCardGetStatusChange, as the shortest PC/SC program would be: when PC/SC itself tells."""

    def __init__(self, lecteur: str) -> None:
        self._lecteur = lecteur
        self._fil = threading.Thread(target=self._attendre)
        self.vu = 0.0

    def __enter__(self) -> Temoin:
        _, self._contexte = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        self._fil.start()
        sleep(0.05)  # blocked
        return self

    def __exit__(self, *_: object) -> None:
        self._fil.join(5)
        scard.SCardReleaseContext(self._contexte)

    def _attendre(self) -> None:
        etat = [(self._lecteur, scard.SCARD_STATE_EMPTY)]
        scard.SCardGetStatusChange(self._contexte, 5000, etat)
        self.vu = perf_counter()


def test_evenement_apres_l_insertion(pcscd: ServicePcscd) -> None:
    """How long after the insertion our subscriber hears of it, against PC/SC's own event of the same insertion."""
    gestionnaire = Gestionnaire([CanalPcsc()])
    entendu = threading.Event()
    instants: list[float] = []

    def recevoir(evenement: Evenement) -> None:
        if evenement.genre is Genre.INSEREE:
            instants.append(perf_counter())
            entendu.set()

    gestionnaire.abonner(recevoir)
    mesures = []
    for rang in range(INSERTIONS):
        entendu.clear()
        with Temoin(LECTEURS[0]) as temoin:
            sleep(rang / INSERTIONS * 0.4)  # pcscd looks at its slots every 400 ms: its phase must not choose for us
            debut = perf_counter()
            with brancher(vitale(), 0):
                assert entendu.wait(5)
        mesures.append((instants[-1] - debut, temoin.vu - debut))
        sleep(PERIODE)
    gestionnaire.fermer()
    rapport = median(notre / pcsc for notre, pcsc in mesures)
    notre, pcsc = (median(m[i] for m in mesures) * 1000 for i in (0, 1))
    print(f"\nentendre une insertion : {notre:.0f} ms, PC/SC {pcsc:.0f} ms, {rapport:.3f} fois")
    assert rapport <= 1.2
