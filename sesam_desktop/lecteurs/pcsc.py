"""PC/SC readers, through pyscard's plain functions: no monitor, no shared context, nothing that dies in silence.

`surveiller` polls with SCardGetStatusChange on a context of its own; whatever fails ends it with a sentence, and the
manager calls it again on a fresh context: that is how a stopped service, an unplugged reader or a hung driver is left.
Slots on contactless interfaces and the system's own virtual readers (Windows Hello…) are no place for these cards.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from smartcard import scard

from sesam_desktop.noyau.erreurs import ErreurConnue

from .canal import (
    Etat,
    Fente,
    Recepteur,
    carte_absente,
    carte_muette,
    carte_occupee,
    carte_retiree,
    fente_avec_carte,
    lecteur_absent,
)

PERIODE_MS = 250
ESSAIS = 4
_PAUSE = 0.05
_EXCLUS = re.compile(
    r"(?i)windows hello|virtual smart ?card|uicc|contactless|sans contact|\bnfc\b|picc|(?<![a-z])cl(?![a-z])"
)
_LECTURES = frozenset((0xA4, 0xB0, 0xCA, 0xCB))  # commands that may be sent twice without harm
_RETIREE = frozenset((scard.SCARD_W_REMOVED_CARD, scard.SCARD_E_NO_SMARTCARD, scard.SCARD_W_RESET_CARD))
_MUETTE = frozenset((scard.SCARD_W_UNRESPONSIVE_CARD, scard.SCARD_W_UNPOWERED_CARD, scard.SCARD_E_PROTO_MISMATCH))
_HOQUET = frozenset((scard.SCARD_E_NOT_TRANSACTED, scard.SCARD_F_COMM_ERROR, scard.SCARD_E_NOT_READY))
_LECTEUR = frozenset((scard.SCARD_E_UNKNOWN_READER, scard.SCARD_E_READER_UNAVAILABLE))


class CanalPcsc:
    """Every usable PC/SC slot of the machine."""

    nom = "pcsc"

    def __init__(self) -> None:
        self._arret = threading.Event()

    def fentes(self) -> list[Fente]:
        with _contexte() as contexte:
            return _fentes(_etats(contexte, _lecteurs(contexte)))

    def connecter(self, lecteur: str) -> SessionPcsc:
        if self._arret.is_set():
            raise lecteur_absent(lecteur)
        code, contexte = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        _exiger(code, lecteur)
        try:
            return SessionPcsc(contexte, lecteur)
        except BaseException:
            scard.SCardReleaseContext(contexte)
            raise

    def surveiller(self, recepteur: Recepteur) -> None:
        with _contexte() as contexte:
            etats: list[Any] = []
            vues: list[Fente] | None = None
            while not self._arret.is_set():
                etats = self._attendre(contexte, etats)
                actuelles = _fentes(etats)
                if actuelles != vues:
                    recepteur(actuelles)
                    vues = actuelles

    def fermer(self) -> None:
        self._arret.set()

    def _attendre(self, contexte: Any, etats: list[Any]) -> list[Any]:
        """States once something changed or a period went by; the list of readers is asked again each time."""
        lecteurs = _lecteurs(contexte)
        if not lecteurs:
            self._arret.wait(PERIODE_MS / 1000)
            return []
        if [etat[0] for etat in etats] != lecteurs:
            return _etats(contexte, lecteurs)
        demandes = [(nom, courant) for nom, courant, _ in etats]
        code, nouveaux = scard.SCardGetStatusChange(contexte, PERIODE_MS, demandes)
        return etats if code == scard.SCARD_E_TIMEOUT else _etats_lus(code, nouveaux)


class SessionPcsc:
    """One card, connected, reset when let go, with the transaction held from start to end."""

    def __init__(self, contexte: Any, lecteur: str) -> None:
        self._contexte = contexte
        self._verrou = threading.Lock()
        etats = _etats(contexte, [lecteur])
        self.fente = _fentes(etats)[0]
        if self.fente.etat is Etat.VIDE:
            raise carte_absente(lecteur)
        self._carte, self._protocole = _connecter(contexte, lecteur)
        self._ouverte = True
        try:
            self._prendre()
        except BaseException:
            scard.SCardDisconnect(self._carte, scard.SCARD_LEAVE_CARD)
            raise

    def __enter__(self) -> SessionPcsc:
        return self

    def __exit__(self, *_: object) -> None:
        self.fermer()

    def transmettre(self, apdu: bytes) -> tuple[bytes, int]:
        if not self._ouverte:
            raise carte_retiree(self.fente.lecteur)
        essais = ESSAIS if apdu[1] in _LECTURES else 1
        for _ in range(essais):
            code, reponse = scard.SCardTransmit(self._carte, self._protocole, list(apdu))
            if code == scard.SCARD_S_SUCCESS and len(reponse) >= 2:
                return bytes(reponse[:-2]), reponse[-2] << 8 | reponse[-1]
            if code not in _HOQUET:
                break
            time.sleep(_PAUSE)
        raise _erreur(code, self.fente.lecteur, en_cours=True)

    def fermer(self) -> None:
        with self._verrou:
            if not self._ouverte:
                return
            self._ouverte = False
        scard.SCardEndTransaction(self._carte, scard.SCARD_LEAVE_CARD)
        scard.SCardDisconnect(self._carte, scard.SCARD_RESET_CARD)
        scard.SCardReleaseContext(self._contexte)

    def _prendre(self) -> None:
        """May wait for another program's transaction: the manager bounds this wait."""
        code = scard.SCardBeginTransaction(self._carte)
        if code == scard.SCARD_W_RESET_CARD:  # the program before us reset it when it left
            code, self._protocole = scard.SCardReconnect(
                self._carte, scard.SCARD_SHARE_SHARED, _protocoles(), scard.SCARD_LEAVE_CARD
            )
            code = code or scard.SCardBeginTransaction(self._carte)
        _exiger(code, self.fente.lecteur)


@contextmanager
def _contexte() -> Iterator[Any]:
    code, contexte = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _exiger(code)
    try:
        yield contexte
    finally:
        scard.SCardReleaseContext(contexte)


def _protocoles() -> int:
    return scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1


def _connecter(contexte: Any, lecteur: str) -> tuple[Any, int]:
    """Connect, again when the card hiccups as they do just after insertion."""
    for essai in range(ESSAIS):
        code, carte, protocole = scard.SCardConnect(contexte, lecteur, scard.SCARD_SHARE_SHARED, _protocoles())
        if code == scard.SCARD_S_SUCCESS:
            return carte, protocole
        if code not in _HOQUET | _MUETTE or essai == ESSAIS - 1:
            break
        time.sleep(_PAUSE)
    raise _erreur(code, lecteur)


def _lecteurs(contexte: Any) -> list[str]:
    code, lecteurs = scard.SCardListReaders(contexte, [])
    if code == scard.SCARD_E_NO_READERS_AVAILABLE:
        return []
    _exiger(code)
    return [nom for nom in lecteurs if not _EXCLUS.search(nom)]


def _etats(contexte: Any, lecteurs: list[str]) -> list[Any]:
    """Present state of these slots, at once: (name, state, ATR)."""
    if not lecteurs:
        return []
    demandes = [(nom, scard.SCARD_STATE_UNAWARE) for nom in lecteurs]
    code, etats = scard.SCardGetStatusChange(contexte, 0, demandes)
    return _etats_lus(code, etats)


def _etats_lus(code: int, etats: list[Any]) -> list[Any]:
    if code in (scard.SCARD_E_UNKNOWN_READER, scard.SCARD_E_READER_UNAVAILABLE):
        return []
    _exiger(code)
    return [tuple(etat) for etat in etats]


def _fentes(etats: list[Any]) -> list[Fente]:
    return [_fente(nom, etat, bytes(atr)) for nom, etat, atr in etats]


def _fente(nom: str, etat: int, atr: bytes) -> Fente:
    passage = etat >> 16 & 0xFFFF
    if not etat & scard.SCARD_STATE_PRESENT:
        return Fente(CanalPcsc.nom, nom, Etat.VIDE, passage=passage)
    muette = bool(etat & scard.SCARD_STATE_MUTE)
    occupee = bool(etat & scard.SCARD_STATE_EXCLUSIVE)
    return fente_avec_carte(CanalPcsc.nom, nom, b"" if muette else atr, passage, occupee=occupee)


def _exiger(code: int, lecteur: str = "") -> None:
    if code != scard.SCARD_S_SUCCESS:
        raise _erreur(code, lecteur)


def _erreur(code: int, lecteur: str = "", *, en_cours: bool = False) -> ErreurConnue:
    """The sentence of a PC/SC status."""
    cas: list[tuple[frozenset[int], Callable[[str], ErreurConnue]]] = [
        (_RETIREE, carte_retiree if en_cours else carte_absente),
        (_MUETTE, carte_muette),
        (_HOQUET, carte_muette),
        (_LECTEUR, lecteur_absent),
        (frozenset([scard.SCARD_E_SHARING_VIOLATION]), carte_occupee),
    ]
    for codes, phrase in cas:
        if code in codes:
            return phrase(lecteur)
    return _service_arrete(code)


def _service_arrete(code: int) -> ErreurConnue:
    return ErreurConnue(
        f"Le service des cartes à puce ne répond pas (PC/SC {code & 0xFFFFFFFF:08X}).",
        code="SERVICE_CARTES_ARRETE",
        action="Démarrez le service de cartes à puce de l'ordinateur ; le programme reprendra de lui-même.",
    )
