"""The serial port of the machine: the only module that knows pyserial.

A port is taken for this program alone. Modem lines that are not there (virtual ports, cheap adapters) are no failure.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sesam_desktop.lecteurs.canal import lecteur_absent
from sesam_desktop.lecteurs.galss.galss_ini import Liaison
from sesam_desktop.noyau.erreurs import ErreurConnue

from .occupation import serveurs_galss

LIAISON = Liaison(vitesse=9600, start=1, bits=8, parite=0, stop=0)
_PARITES = {0: "N", 1: "O", 2: "E"}
_ARRETS = {0: 1.0, 1: 1.5, 2: 2.0}  # as Windows numbers them; galss.ini documents 0 only
_ECRITURE = 5.0  # a full buffer that does not empty: nobody is at the other end
_PRIS = frozenset((errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK))
_INTERDIT = frozenset((errno.EACCES, errno.EPERM))
_REFUSE = frozenset((errno.EINVAL, errno.ENOTTY))


@dataclass(frozen=True, slots=True)
class PortVu:
    """A serial port that the system lists. `vid` and `pid` are None when it is no USB device."""

    nom: str
    vid: int | None = None
    pid: int | None = None


class PortSerie:
    """An open port. Any failure of the system means that the reader is gone."""

    def __init__(self, nom: str, liaison: Liaison = LIAISON) -> None:
        self._nom = nom
        self._serie = _ouvrir(nom, liaison)

    def ecrire(self, octets: bytes) -> None:
        try:
            self._serie.write(octets)
        except _perdu() as erreur:
            raise lecteur_absent(self._nom) from erreur

    def lire(self, nombre: int, delai: float) -> bytes:
        try:
            self._serie.timeout = delai
            octets: bytes = self._serie.read(1)
            if octets and nombre > 1:
                octets += self._serie.read(min(nombre - 1, self._serie.in_waiting))
        except _perdu() as erreur:
            raise lecteur_absent(self._nom) from erreur
        return octets

    def fermer(self) -> None:
        _exclusivite(self._serie, "TIOCNXCL")
        with contextlib.suppress(*_perdu()):
            self._serie.close()


def ports_vus() -> list[PortVu]:
    """Serial ports of the machine, now. An inventory that fails is an empty one."""
    from serial.tools import list_ports

    try:
        return [PortVu(p.device, p.vid, p.pid) for p in list_ports.comports()]
    except OSError:
        return []


def _ouvrir(nom: str, liaison: Liaison) -> Any:
    import serial

    try:
        serie = serial.Serial(
            nom,
            liaison.vitesse,
            bytesize=liaison.bits,
            parity=_PARITES[liaison.parite],
            stopbits=_ARRETS[liaison.stop],
            timeout=0,
            write_timeout=_ECRITURE,
            exclusive=True,
        )
    except _echecs() as erreur:
        raise _refus(nom, erreur) from erreur
    _exclusivite(serie, "TIOCEXCL")
    tenu_par = serveurs_galss(nom)
    if tenu_par:  # it opened the port without locking it: two programs on one line understand nothing
        serie.close()
        raise port_occupe(nom, tenu_par)
    return serie


def _exclusivite(serie: Any, ordre: str) -> None:
    """pyserial's own lock is heeded by those who ask for it only; this one is the system's. Windows needs none."""
    if os.name == "posix":
        import fcntl
        import termios

        with contextlib.suppress(*_perdu()):
            fcntl.ioctl(serie.fileno(), getattr(termios, ordre))


def _perdu() -> tuple[type[Exception], ...]:
    """What pyserial raises when a port fails: its own errors, the system's, and what a closed port makes of both."""
    import serial

    return serial.SerialException, OSError, TypeError


def _echecs() -> tuple[type[Exception], ...]:
    """What an opening may fail with; a setting out of bounds is a ValueError."""
    return (*_perdu(), ValueError)


def _refus(nom: str, erreur: Exception) -> ErreurConnue:
    """Why the port does not open. Windows gives no number, only the name of the error in the text."""
    numero = getattr(erreur, "errno", None)
    if numero in _PRIS or (os.name == "nt" and "PermissionError" in str(erreur)):
        return port_occupe(nom, serveurs_galss())
    if numero in _INTERDIT:
        return _interdit(nom)
    if numero in _REFUSE or isinstance(erreur, ValueError):
        return _reglages_refuses(nom)
    return lecteur_absent(nom)


def port_occupe(nom: str, serveurs: Sequence[str] = ()) -> ErreurConnue:
    """`serveurs`: the GALSS servers that run, which keep their port all the time."""
    par = " ou ".join(f"{s} (serveur GALSS)" for s in serveurs) or "un autre logiciel, souvent un serveur GALSS"
    return ErreurConnue(
        f"Le port du lecteur est déjà tenu par {par}.",
        code="PORT_OCCUPE",
        action="Fermez ce logiciel ; la lecture reprendra d'elle-même. Si le serveur GALSS (galsv) reste chargé,"
        " redémarrez l'ordinateur.",
        ou=nom,
    )


def _interdit(nom: str) -> ErreurConnue:
    return ErreurConnue(
        "Votre compte n'a pas le droit d'utiliser le port du lecteur.",
        code="PORT_INTERDIT",
        action="Demandez à l'administrateur d'autoriser votre compte sur ce port (groupe dialout sous Linux).",
        ou=nom,
    )


def _reglages_refuses(nom: str) -> ErreurConnue:
    return ErreurConnue(
        "Le port du lecteur refuse les réglages de galss.ini.",
        code="PORT_REGLAGES",
        action="Corrigez la clé Caracteristiques du canal ; pour presque tous les lecteurs, c'est 9600,1,8,0,0.",
        ou=nom,
    )
