"""One exchange session of the SGD: reserved, filled by a SIS function, read group by group, always released.

The groups come in the order of the zone, which is its only hierarchy. A field is read into a zeroed buffer, whose size
is given again at each call.
"""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sesam_desktop.cartes import ps_zones, vitale_groupes
from sesam_desktop.cartes.zones import TAILLE_MAXIMALE, Groupe
from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide

from .ssv_prototypes import Fonctions

journal = logging.getLogger(__name__)

FIN_DES_GROUPES, TAMPON_TROP_PETIT = 0xF80B, 0xF800
CHAMP_INEXISTANT = frozenset((0xF805, 0xF802))  # the second: "invalid parameter", for a field number too large
_TAILLE_SESSION = 5000  # of the zone we would write: used in the field for readings, where nothing is written
_TAILLE_CHAMP, _TAILLE_CHAMP_MAXIMALE = 2048, 1 << 17
_GROUPES_MAXIMUM, _CHAMPS_MAXIMUM = 20_000, 255

# Published number of fields of each group; what a newer library would add after them is not asked for. Any other group
# (unknown, or 41 of the 1.31 form, whose periods are counted) is read until a field does not exist.
NOMBRE_DE_CHAMPS = {1: 7, 2: 21, 40: 9, 60: 3, 61: 9, 62: 6, 63: 4, 64: 3, **vitale_groupes.CHAMPS}
_OCTET = (ps_zones.SITUATION, 1)  # the logical number of a situation: one byte, which may be anything


def erreur_ssv(code: int, ou: str = "") -> ErreurConnue:
    """The sentence of a return code."""
    from sesam_desktop.lecteurs.galss.codes import erreur

    return erreur(code, ou)


@contextmanager
def session(fonctions: Fonctions) -> Iterator[int]:
    """Number of a reserved session, released whatever happens."""
    numero = ctypes.c_ushort()
    _exiger(fonctions["SGD_ReserverSession"](_TAILLE_SESSION, ctypes.byref(numero)), "SGD_ReserverSession")
    try:
        yield numero.value
    finally:
        if code := fonctions["SGD_LibererSession"](numero):
            journal.info("session SGD non libérée : %04X", code)


def lire_groupes(fonctions: Fonctions, numero: int) -> list[Groupe]:
    """Every group of the session, in order."""
    groupes, taille = [], 0
    for identifiant, occurrence in _parcourir(fonctions, numero):
        groupes.append(Groupe(identifiant, tuple(_champs(fonctions, numero, identifiant, occurrence))))
        taille += sum(map(len, groupes[-1].champs))
        if taille > TAILLE_MAXIMALE:
            raise _incoherent("une zone plus grande qu'une carte")
    return groupes


def _parcourir(fonctions: Fonctions, numero: int) -> Iterator[tuple[int, int]]:
    """(identifier, occurrence) of each group. A library that turns in circles is refused."""
    identifiant, occurrence = ctypes.c_ushort(0), ctypes.c_ushort(0)
    vus: set[tuple[int, int]] = set()
    while True:
        code = fonctions["SGD_LireGroupeSuivant"](
            numero, identifiant.value, occurrence.value, ctypes.byref(identifiant), ctypes.byref(occurrence)
        )
        if code == FIN_DES_GROUPES:
            return
        _exiger(code, "SGD_LireGroupeSuivant")
        courant = (identifiant.value, occurrence.value)
        if courant in vus or len(vus) >= _GROUPES_MAXIMUM:
            raise _incoherent("une suite de groupes sans fin")
        vus.add(courant)
        yield courant


def _champs(fonctions: Fonctions, numero: int, identifiant: int, occurrence: int) -> Iterator[bytes]:
    """The published fields. One that does not exist ends the group: the decoder tells a group that is too short."""
    lire = fonctions["SGD_LireChamp"]
    for champ in range(1, NOMBRE_DE_CHAMPS.get(identifiant, _CHAMPS_MAXIMUM) + 1):
        lu = _champ(lambda *tampon, n=champ: lire(numero, identifiant, occurrence, n, *tampon))
        if lu is None:
            return
        yield lu[:1] if (identifiant, champ) == _OCTET else lu.split(b"\0", 1)[0]


def _champ(lire: Callable[..., int]) -> bytes | None:
    """One field, raw, with a larger buffer when it is too small; None when there is no such field."""
    taille = _TAILLE_CHAMP
    while taille <= _TAILLE_CHAMP_MAXIMALE:
        tampon, longueur = ctypes.create_string_buffer(taille + 1), ctypes.c_size_t(taille)
        code = lire(tampon, ctypes.byref(longueur))
        if code in CHAMP_INEXISTANT:
            return None
        if code == TAMPON_TROP_PETIT:
            taille *= 4
            continue
        _exiger(code, "SGD_LireChamp")
        if longueur.value > taille:
            raise _incoherent("un champ plus long que son tampon")
        return tampon.raw[: longueur.value]
    raise _incoherent("un champ démesuré")


def _exiger(code: int, ou: str) -> None:
    if code:
        raise erreur_ssv(code, ou)


def _incoherent(quoi: str) -> FormatInvalide:
    return FormatInvalide(
        f"Les bibliothèques SSV annoncent {quoi}.", code="SSV_INCOHERENTE",
        action="Retirez puis réinsérez la carte ; si cela persiste, réinstallez les FSV.",
    )
