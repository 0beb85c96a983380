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
_CONSTAT_MS = 600  # pcscd looks at its slots every 400 ms
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
        _exiger_service(code)
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
        return _changement(contexte, etats, PERIODE_MS)


class SessionPcsc:
    """One card, connected, reset when let go, with the transaction held from start to end."""

    def __init__(self, contexte: Any, lecteur: str) -> None:
        self._contexte = contexte
        self._verrou = threading.Lock()
        etats = _etats(contexte, [lecteur])
        if not etats:
            raise lecteur_absent(lecteur)
        self.fente = _fentes(etats)[0]
        self._carte, self._protocole = _connecter(contexte, lecteur)
        self._ouverte = True
        self._partie = False  # once the card left, another one may be there: it is not ours to reset
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
        for _ in range(ESSAIS if apdu[1] in _LECTURES else 1):
            code, reponse = scard.SCardTransmit(self._carte, self._protocole, list(apdu))
            if code == scard.SCARD_S_SUCCESS and len(reponse) >= 2:
                return bytes(reponse[:-2]), reponse[-2] << 8 | reponse[-1]
            if code not in _HOQUET and code != scard.SCARD_S_SUCCESS:  # success without answer: torn out, or a hiccup
                break
            time.sleep(_PAUSE)
        erreur = self._raison(code)
        self._partie = erreur.code == "CARTE_RETIREE"
        raise erreur

    def fermer(self) -> None:
        with self._verrou:
            if not self._ouverte:
                return
            self._ouverte = False
        comment = scard.SCARD_LEAVE_CARD if self._partie else scard.SCARD_RESET_CARD
        scard.SCardEndTransaction(self._carte, scard.SCARD_LEAVE_CARD)
        scard.SCardDisconnect(self._carte, comment)
        scard.SCardReleaseContext(self._contexte)

    def _raison(self, code: int) -> ErreurConnue:
        """Why the card stopped answering. Readers say little about it: the slot is watched for an instant."""
        lecteur = self.fente.lecteur
        if code in _RETIREE:
            return carte_retiree(lecteur)
        try:
            etats = _etats(self._contexte, [lecteur])
            if etats and _fentes(etats)[0].passage == self.fente.passage:
                etats = _changement(self._contexte, etats, _CONSTAT_MS)
        except ErreurConnue as service:
            return service
        if not etats:
            return lecteur_absent(lecteur)
        partie = _fentes(etats)[0].passage != self.fente.passage
        return carte_retiree(lecteur) if partie else carte_muette(lecteur)

    def _prendre(self) -> None:
        """May wait for another program's transaction: the manager bounds this wait."""
        code = scard.SCardBeginTransaction(self._carte)
        if code == scard.SCARD_W_RESET_CARD:  # the program before us reset it when it left
            code, self._protocole = scard.SCardReconnect(
                self._carte, scard.SCARD_SHARE_SHARED, _protocoles(), scard.SCARD_LEAVE_CARD
            )
            code = code or scard.SCardBeginTransaction(self._carte)
        _exiger_carte(code, self.fente.lecteur)


@contextmanager
def _contexte() -> Iterator[Any]:
    code, contexte = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _exiger_service(code)
    try:
        yield contexte
    finally:
        scard.SCardReleaseContext(contexte)


def _protocoles() -> int:
    return scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1


def _connecter(contexte: Any, lecteur: str) -> tuple[Any, int]:
    """Connect, again when the card hiccups as they do just after insertion."""
    for _ in range(ESSAIS):
        code, carte, protocole = scard.SCardConnect(contexte, lecteur, scard.SCARD_SHARE_SHARED, _protocoles())
        if code not in _HOQUET | _MUETTE:
            break
        time.sleep(_PAUSE)
    _exiger_carte(code, lecteur)
    return carte, protocole


def _lecteurs(contexte: Any) -> list[str]:
    code, lecteurs = scard.SCardListReaders(contexte, [])
    if code == scard.SCARD_E_NO_READERS_AVAILABLE:
        return []
    _exiger_service(code)
    return [nom for nom in lecteurs if not _EXCLUS.search(nom)]


def _etats(contexte: Any, lecteurs: list[str]) -> list[Any]:
    """Present state of these slots, at once: (name, state, ATR)."""
    if not lecteurs:
        return []
    demandes = [(nom, scard.SCARD_STATE_UNAWARE) for nom in lecteurs]
    code, etats = scard.SCardGetStatusChange(contexte, 0, demandes)
    return _etats_lus(code, etats)


def _changement(contexte: Any, etats: list[Any], delai_ms: int) -> list[Any]:
    """States after a change, or the same ones when nothing changed in time."""
    code, nouveaux = scard.SCardGetStatusChange(contexte, delai_ms, [(nom, etat) for nom, etat, _ in etats])
    return etats if code == scard.SCARD_E_TIMEOUT else _etats_lus(code, nouveaux)


def _etats_lus(code: int, etats: list[Any]) -> list[Any]:
    if code in _LECTEUR:
        return []
    _exiger_service(code)
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


def _exiger_service(code: int) -> None:
    """Outside a card, any refusal means that the service does not work."""
    if code != scard.SCARD_S_SUCCESS:
        raise ErreurConnue(
            f"Le service des cartes à puce ne répond pas (PC/SC {code & 0xFFFFFFFF:08X}).",
            code="SERVICE_CARTES_ARRETE",
            action="Vérifiez que le lecteur est branché et que le service des cartes à puce est démarré ;"
            " le programme reprendra de lui-même.",
        )


def _exiger_carte(code: int, lecteur: str) -> None:
    """Raise the sentence of what went wrong while reaching for a card."""
    for codes, phrase in _CAS:
        if code in codes:
            raise phrase(lecteur)
    _exiger_service(code)


_CAS: tuple[tuple[frozenset[int], Callable[[str], ErreurConnue]], ...] = (
    (_RETIREE, carte_absente),
    (_MUETTE | _HOQUET, carte_muette),
    (_LECTEUR, lecteur_absent),
    (frozenset([scard.SCARD_E_SHARING_VIOLATION]), carte_occupee),
)
