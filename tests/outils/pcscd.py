"""The real pcscd for tests: started only when none answers, stopped only when started here, one user at a time.

There is one pcscd a machine and vpcd's two ports are fixed, so a file lock keeps parallel runs apart. Import the
fixture (`from tests.outils.pcscd import pcscd`) and mark the module with ``pytest.mark.pcsc``.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_VERROU = Path(tempfile.gettempdir()) / "sesam-desktop-pcscd.verrou"
_DELAI_VERROU = 100.0
_DELAI_SERVICE = 10.0


class ServicePcscd:
    """The service of this machine. `a_nous` is True when it may be stopped by the tests."""

    def __init__(self) -> None:
        self._processus: subprocess.Popen[bytes] | None = None
        if not repond():
            self.demarrer()

    @property
    def a_nous(self) -> bool:
        return self._processus is not None

    @property
    def pid(self) -> int | None:
        return self._processus.pid if self._processus is not None else None

    def demarrer(self, *options: str) -> None:
        programme = shutil.which("pcscd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if programme is None:
            pytest.skip("pcscd n'est pas installé")
        self._processus = subprocess.Popen(
            [programme, "--foreground", "--error", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        attendre(lambda: repond() or self._mort(), _DELAI_SERVICE, "pcscd ne répond pas")
        if self._mort():
            pytest.skip("pcscd ne peut pas démarrer ici (droits insuffisants ?)")

    def tuer(self) -> None:
        """As a crash would: nothing is closed, nothing is cleaned."""
        assert self._processus is not None
        self._processus.kill()
        self._processus.wait(10)
        self._processus = None

    def arreter(self) -> None:
        """Stop it, when it was started here."""
        if self._processus is not None:
            self._processus.terminate()
            self._processus.wait(10)
            self._processus = None

    def _mort(self) -> bool:
        return self._processus is not None and self._processus.poll() is not None


def repond() -> bool:
    """True when a pcscd answers."""
    from smartcard import scard

    code, contexte = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if code != scard.SCARD_S_SUCCESS:
        return False
    scard.SCardReleaseContext(contexte)
    return True


def attendre(condition: Callable[[], object], delai: float, sinon: str) -> float:
    """Seconds until `condition` holds; the test fails with `sinon` after `delai`."""
    debut = time.monotonic()
    while not condition():
        if time.monotonic() - debut > delai:
            pytest.fail(f"{sinon} (attendu {delai:g} s)")
        time.sleep(0.01)
    return time.monotonic() - debut


@contextmanager
def _seul() -> Iterator[None]:
    if not _VERROU.exists():
        _VERROU.touch()
    # Reading is enough to lock: the file may be another user's.
    with _VERROU.open() as verrou:
        attendre(lambda: _prendre(verrou.fileno()), _DELAI_VERROU, "les lecteurs virtuels restent pris")
        yield


def _prendre(descripteur: int) -> bool:
    try:
        fcntl.flock(descripteur, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@pytest.fixture(scope="module")
def pcscd() -> Iterator[ServicePcscd]:
    """pcscd with vpcd's two empty slots, for this module alone."""
    if not Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so").exists():
        pytest.skip("vsmartcard-vpcd n'est pas installé")
    with _seul():
        service = ServicePcscd()
        try:
            yield service
        finally:
            service.arreter()
