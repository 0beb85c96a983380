"""PC/SC readers, through pyscard's plain functions: no monitor, nothing that dies in silence.

`surveiller` waits in SCardGetStatusChange on a context of its own, and is told of cards and readers as PC/SC knows of
them. Whatever fails ends it with a sentence, and the manager calls it again on a fresh context: that is how a stopped
service, an unplugged reader or a hung driver is left.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any

from smartcard import scard

from sesam_desktop.noyau.erreurs import ErreurConnue

from . import pcsc_etats
from .canal import Fente, Recepteur, lecteur_absent
from .pcsc_session import SessionPcsc

ATTENTE_MS = 2000  # the list of readers is asked again at least this often
PERIODE_MS = 250  # and this often where PC/SC does not tell that a reader was plugged
_RAPPEL = 0.05
_RAPPELS = 100
_ESSAIS_LISTE = 3
_SERVICE = ""


class CanalPcsc:
    """Every usable PC/SC slot of the machine."""

    nom = pcsc_etats.CANAL

    def __init__(self) -> None:
        self._arret = threading.Event()
        self._epoques: Counter[str] = Counter()
        self._veille: Any = None  # the context that waits
        self._liste: Any = None  # the context that looks, one look at a time
        self._verrou = threading.Lock()

    def fentes(self) -> list[Fente]:
        """On a context that is kept from one look to the next, and made anew as soon as it fails."""
        with self._verrou:
            try:
                return self._lister()
            except ErreurConnue:
                self._lacher_liste()
                return self._lister()

    def connecter(self, lecteur: str) -> SessionPcsc:
        if self._arret.is_set():
            raise lecteur_absent(lecteur)
        contexte = pcsc_etats.ouvrir_contexte()
        try:
            return SessionPcsc(contexte, lecteur, self._epoque(lecteur))
        except BaseException:
            scard.SCardReleaseContext(contexte)
            raise

    def detenteurs(self, lecteur: str) -> list[str]:
        from . import detenteur

        return detenteur.noms(lecteur)

    def surveiller(self, recepteur: Recepteur) -> None:
        try:
            with pcsc_etats.contexte() as self._veille:
                self._guetter(self._veille, recepteur)
        except ErreurConnue:
            self._epoques[_SERVICE] += 1
            raise
        finally:
            self._veille = None

    def fermer(self) -> None:
        """Wake up who waits and let the contexts go, apart: a service that hangs would hang this call too."""
        self._arret.set()
        if self._veille is not None or self._liste is not None:
            threading.Thread(target=self._finir, name="lecteurs-fin", daemon=True).start()

    def _lister(self) -> list[Fente]:
        if self._liste is None:
            self._liste = pcsc_etats.ouvrir_contexte()
        for _ in range(_ESSAIS_LISTE):
            noms = pcsc_etats.lecteurs(self._liste)
            etats = pcsc_etats.etats(self._liste, noms)
            if len(etats) == len(noms):
                break
        return self._fentes(etats)

    def _lacher_liste(self) -> None:
        contexte, self._liste = self._liste, None
        if contexte is not None:
            scard.SCardReleaseContext(contexte)

    def _guetter(self, contexte: Any, recepteur: Recepteur) -> None:
        connus: list[Any] = []
        vues: list[Fente] | None = None
        branchement = pcsc_etats.branchement(contexte)
        while not self._arret.is_set():
            nouveaux = self._attendre(contexte, connus, branchement)
            self._compter_departs(connus, nouveaux)
            connus = nouveaux
            actuelles = self._fentes(connus)
            if actuelles != vues and not self._arret.is_set():
                recepteur(actuelles)
                vues = actuelles

    def _attendre(self, contexte: Any, connus: list[Any], branchement: list[Any]) -> list[Any]:
        """States once something changed or a period went by; the list of readers is asked again each time."""
        lecteurs = pcsc_etats.lecteurs(contexte)
        if [etat[0] for etat in connus] != lecteurs:
            etats = pcsc_etats.etats(contexte, lecteurs)
        elif branchement or lecteurs:
            delai = ATTENTE_MS if branchement else PERIODE_MS
            etats = pcsc_etats.changement(contexte, branchement, connus, delai)
        else:
            self._arret.wait(PERIODE_MS / 1000)
            return []
        if len(etats) == len(lecteurs):
            return etats
        self._arret.wait(_RAPPEL)  # a reader went between the two questions: those that stay are as they were
        return connus

    def _compter_departs(self, avant: list[Any], apres: list[Any]) -> None:
        """PC/SC counts the stays of a slot from zero each time its reader is plugged in."""
        presents = {etat[0] for etat in apres if not pcsc_etats.parti(etat)}
        for lecteur in {etat[0] for etat in avant if not pcsc_etats.parti(etat)} - presents:
            self._epoques[lecteur] += 1

    def _epoque(self, lecteur: str) -> int:
        """Grows each time PC/SC starts to count again: two stays never look the same."""
        return self._epoques[_SERVICE] + self._epoques[lecteur]

    def _finir(self) -> None:
        self._reveiller()
        with self._verrou:
            self._lacher_liste()

    def _reveiller(self) -> None:
        for _ in range(_RAPPELS):  # asked before it waits, a cancellation is lost
            contexte = self._veille
            if contexte is None:
                return
            scard.SCardCancel(contexte)
            time.sleep(_RAPPEL)

    def _fentes(self, etats: list[Any]) -> list[Fente]:
        return [pcsc_etats.fente(etat, self._epoque(etat[0])) for etat in etats if not pcsc_etats.parti(etat)]
