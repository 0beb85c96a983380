"""A bad day of the readers: cards in and out two hundred times while pcscd is killed ten times."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from sesam_desktop.lecteurs import lecture
from sesam_desktop.lecteurs.canal import SessionCarte
from sesam_desktop.lecteurs.gestionnaire import Genre, Gestionnaire
from sesam_desktop.lecteurs.pcsc import CanalPcsc
from sesam_desktop.noyau.erreurs import ErreurConnue
from tests.lecteurs.doubles import PS, VITALES, cps, vitale
from tests.lecteurs.doubles_canaux import Journal
from tests.outils.pcscd import ServicePcscd, attendre, pcscd
from tests.outils.vpcd import CarteBranchee

pytestmark = [pytest.mark.pcsc, pytest.mark.lent, pytest.mark.timeout(240)]
__all__ = ["pcscd"]

TOURS = 100  # of two cycles each: a CPS in one slot, a Vitale in the other
MORTS = 10
PATIENTS = ("assure", "ald", "famille")
SOIGNANTS = ("pharmacien", "infirmier")
BORNE_LECTURE = 6.0  # a bound on hangs for a loaded machine; what is measured is printed
ATTENDUES = frozenset((
    "SERVICE_CARTES_ARRETE", "CARTE_RETIREE", "CARTE_MUETTE", "CARTE_ABSENTE", "CPS_ABSENTE", "VITALE_ABSENTE",
    "LECTEUR_ABSENT", "CARTE_CHANGEE",
))  # fmt: skip


class Tempete:
    """One workstation; the rounds put two cards in, read them, and take them out."""

    def __init__(self, service: ServicePcscd, gestionnaire: Gestionnaire, journal: Journal) -> None:
        self._service = service
        self._gestionnaire = gestionnaire
        self._journal = journal
        self._lecteurs = ThreadPoolExecutor(2)
        self.durees: list[float] = []
        self.refus: dict[str, int] = {}

    def tour(self, rang: int, mort: str) -> None:
        patient, soignant = PATIENTS[rang % len(PATIENTS)], SOIGNANTS[rang % len(SOIGNANTS)]
        with ExitStack() as pile:
            if mort == "avant":
                self._service.tuer()
                self._service.demarrer()
            branchees = self._inserer(pile, rang, patient, soignant)
            if mort == "insertion":
                self._mourir(branchees)
                branchees = self._inserer(pile, rang, patient, soignant)
            if mort == "lecture":
                self._lire_pendant_la_mort(branchees, patient, soignant)
                branchees = self._inserer(pile, rang, patient, soignant)
            retour = time.monotonic()
            lectures = [
                self._lecteurs.submit(self._lire, "vitale", _nir, VITALES[patient].assure.nir, retour),
                self._lecteurs.submit(self._lire, "cps", _numero, PS[soignant].numero_serie, retour),
            ]
            for lue in lectures:
                self.durees.append(lue.result(3 * BORNE_LECTURE))
        self._journal.attendre(set(), BORNE_LECTURE)

    def fermer(self) -> None:
        self._lecteurs.shutdown()

    def _inserer(self, pile: ExitStack, rang: int, patient: str, soignant: str) -> list[CarteBranchee]:
        """The same roles are not always in the same slots."""
        branchees = [CarteBranchee(vitale(patient), rang % 2), CarteBranchee(cps(soignant), 1 - rang % 2)]
        for branchee in branchees:
            pile.callback(branchee.retirer)
        return branchees

    def _mourir(self, branchees: list[CarteBranchee]) -> None:
        time.sleep(random.random() * 0.4)
        self._service.tuer()
        for branchee in branchees:
            branchee.retirer()
        self._service.demarrer()

    def _lire_pendant_la_mort(self, branchees: list[CarteBranchee], patient: str, soignant: str) -> None:
        """Readings in a row until the service dies under one of them: each gives this patient, or a refusal."""
        fin = threading.Event()
        attentes = [
            self._lecteurs.submit(self._marteler, fin, "vitale", _nir, VITALES[patient].assure.nir),
            self._lecteurs.submit(self._marteler, fin, "cps", _numero, PS[soignant].numero_serie),
        ]
        time.sleep(0.5)
        self._mourir(branchees)
        fin.set()
        for attente in attentes:
            attente.result(3 * BORNE_LECTURE)

    def _marteler(self, fin: threading.Event, role: str, lire: Callable[[SessionCarte], str], attendu: str) -> None:
        while not fin.is_set():
            self._essayer(role, lire, attendu)

    def _lire(self, role: str, lire: Callable[[SessionCarte], str], attendu: str, retour: float) -> float:
        """Seconds from the moment the card is back to the end of its reading."""
        while not self._essayer(role, lire, attendu):
            assert time.monotonic() - retour < BORNE_LECTURE, f"{role} jamais relue : {self.refus}"
            time.sleep(0.02)
        return time.monotonic() - retour

    def _essayer(self, role: str, lire: Callable[[SessionCarte], str], attendu: str) -> bool:
        try:
            lu = self._gestionnaire.employer(role, lire)
        except ErreurConnue as erreur:
            self.refus[erreur.code] = self.refus.get(erreur.code, 0) + 1
            assert erreur.code in ATTENDUES, erreur.phrase()
            return False
        assert lu == attendu, "une autre carte a répondu"
        return True


def _nir(session: SessionCarte) -> str:
    return lecture.lire_puce_vitale(session).identites[0].nir


def _numero(session: SessionCarte) -> str:
    return lecture.lire_puce_cps(session).numero_serie


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def tempete(pcscd: ServicePcscd, journal: Journal) -> Iterator[Tempete]:
    if not pcscd.a_nous:
        pytest.skip("ce pcscd n'a pas été démarré par les essais")
    gestionnaire = Gestionnaire([CanalPcsc()])
    gestionnaire.abonner(journal)
    tempete = Tempete(pcscd, gestionnaire, journal)
    yield tempete
    tempete.fermer()
    gestionnaire.fermer()


def _ressources() -> tuple[int, int]:
    """Threads and open files of this process, as the system counts them."""
    return len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))  # noqa: PTH208


def test_deux_cents_cartes_et_dix_morts_du_service(tempete: Tempete, journal: Journal) -> None:
    random.seed(20261122)
    morts = dict(zip(random.sample(range(5, TOURS), MORTS), ("avant", "insertion", "lecture") * MORTS, strict=False))
    assert len({VITALES[patient].assure.nir for patient in PATIENTS}) == len(PATIENTS)
    for rang in range(3):
        tempete.tour(rang, "")
    avant = _ressources()
    tempete.durees.clear()
    debut = time.monotonic()
    for rang in range(TOURS):
        tempete.tour(rang, morts.get(rang, ""))
    duree = time.monotonic() - debut
    attendre(lambda: _ressources() <= avant, 5, f"des fils ou des fichiers restent : {avant} puis {_ressources()}")
    durees = sorted(tempete.durees)
    print(
        f"\n{len(durees)} cartes lues en {duree:.0f} s, {MORTS} morts du service, 0 autre carte ; de l'insertion à la"
        f" fin de la lecture : médiane {durees[len(durees) // 2]:.2f} s, pire {durees[-1]:.2f} s ;"
        f" refus : {tempete.refus}"
    )
    assert len(durees) == 2 * TOURS
    assert journal.fautes == []
    assert journal.genres.count(Genre.SERVICE_ARRETE) == journal.genres.count(Genre.SERVICE_REVENU) == MORTS
