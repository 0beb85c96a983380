"""One card in a PC/SC slot: connected, its transaction held from start to end, reset when it is let go."""

from __future__ import annotations

import threading
import time
from typing import Any

from smartcard import scard

from sesam_desktop.noyau.erreurs import ErreurConnue

from . import pcsc_etats
from .canal import Etat, Fente, carte_absente, carte_muette, carte_retiree, lecteur_absent
from .reprise import se_repete

ESSAIS = 4
PAUSE = 0.05
CONSTAT_MS = 600  # pcscd looks at its slots every 400 ms


class SessionPcsc:
    """Owns its context. A reading that hiccups is tried again; a code or a signature never is."""

    def __init__(self, contexte: Any, lecteur: str, epoque: int) -> None:
        self._contexte = contexte
        self._lecteur = lecteur
        self._epoque = epoque
        self._verrou = threading.Lock()
        self._carte, self._protocole = _connecter(contexte, lecteur)
        self._ouverte = True
        self._partie = False  # once the card left, another one may be there: it is not ours to reset
        try:
            self._prendre()
            self.fente = self._exiger_presente()
        except BaseException:
            scard.SCardDisconnect(self._carte, scard.SCARD_LEAVE_CARD)
            raise

    def __enter__(self) -> SessionPcsc:
        return self

    def __exit__(self, *_: object) -> None:
        self.fermer()

    def transmettre(self, apdu: bytes) -> tuple[bytes, int]:
        if not self._ouverte:
            raise carte_retiree(self._lecteur)
        code, reponse = scard.SCardTransmit(self._carte, self._protocole, list(apdu))
        essais = 1
        while code != scard.SCARD_S_SUCCESS or len(reponse) < 2:  # success without an answer: torn out, or a hiccup
            hoquet = code in pcsc_etats.HOQUET or code == scard.SCARD_S_SUCCESS
            if not hoquet or essais == ESSAIS or not se_repete(apdu):
                raise self._perdue(code)
            time.sleep(PAUSE)
            code, reponse = scard.SCardTransmit(self._carte, self._protocole, list(apdu))
            essais += 1
        return bytes(reponse[:-2]), reponse[-2] << 8 | reponse[-1]

    def fermer(self) -> None:
        with self._verrou:
            if not self._ouverte:
                return
            self._ouverte = False
        comment = scard.SCARD_LEAVE_CARD if self._partie else scard.SCARD_RESET_CARD
        scard.SCardEndTransaction(self._carte, scard.SCARD_LEAVE_CARD)
        scard.SCardDisconnect(self._carte, comment)
        scard.SCardReleaseContext(self._contexte)

    def _exiger_presente(self) -> Fente:
        """The slot once the card is ours: if the card has been swapped since, our handle is dead and reads nothing."""
        etats = pcsc_etats.etats(self._contexte, [self._lecteur])
        if not etats or pcsc_etats.parti(etats[0]):
            raise lecteur_absent(self._lecteur)
        fente = pcsc_etats.fente(etats[0], self._epoque)
        if fente.etat is Etat.VIDE:
            raise carte_absente(self._lecteur)
        return fente

    def _perdue(self, code: int) -> ErreurConnue:
        erreur = self._raison(code)
        self._partie = erreur.code == "CARTE_RETIREE"
        return erreur

    def _raison(self, code: int) -> ErreurConnue:
        """Why the card stopped answering. Readers say little about it: the slot is watched for an instant."""
        if code in pcsc_etats.RETIREE:
            return carte_retiree(self._lecteur)
        if code in pcsc_etats.LECTEUR:
            return lecteur_absent(self._lecteur)
        try:
            etats = pcsc_etats.etats(self._contexte, [self._lecteur])
            if etats and self._meme_passage(etats):
                etats = pcsc_etats.changement(self._contexte, [], etats, CONSTAT_MS)
        except ErreurConnue as service:
            return service
        if not etats or pcsc_etats.parti(etats[0]):
            return lecteur_absent(self._lecteur)
        if code == scard.SCARD_E_INVALID_HANDLE or not self._meme_passage(etats):
            return carte_retiree(self._lecteur)
        return carte_muette(self._lecteur)

    def _meme_passage(self, etats: list[Any]) -> bool:
        return pcsc_etats.fente(etats[0], self._epoque).passage == self.fente.passage

    def _prendre(self) -> None:
        """May wait for another program's transaction: the manager bounds this wait."""
        code = scard.SCardBeginTransaction(self._carte)
        if code == scard.SCARD_W_RESET_CARD:  # the program before us reset it when it left
            code, self._protocole = scard.SCardReconnect(
                self._carte, scard.SCARD_SHARE_SHARED, pcsc_etats.PROTOCOLES, scard.SCARD_LEAVE_CARD
            )
            code = code or scard.SCardBeginTransaction(self._carte)
        pcsc_etats.exiger_carte(code, self._lecteur)


def _connecter(contexte: Any, lecteur: str) -> tuple[Any, int]:
    """Connect, again when the card hiccups as they do just after insertion."""
    for _ in range(ESSAIS):
        code, carte, protocole = scard.SCardConnect(contexte, lecteur, scard.SCARD_SHARE_SHARED, pcsc_etats.PROTOCOLES)
        if code not in pcsc_etats.HOQUET | pcsc_etats.MUETTE:
            break
        time.sleep(PAUSE)
    pcsc_etats.exiger_carte(code, lecteur)
    return carte, protocole
