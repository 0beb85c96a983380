"""The cap on each question asked of this computer: one that hangs holds nobody, and is a finding."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from sesam_desktop.noyau.erreurs import ErreurConnue

from .sondes import Ecoute, Installe, Processus, Service, Systeme, Usb

journal = logging.getLogger(__name__)
T = TypeVar("T")


class SystemeBorne:
    """Each question of `systeme` within `delai_s` seconds, all of them within `total_s`.

    A question that hangs or fails raises SONDE_SANS_REPONSE, at once when it is asked again; an answer is kept, so that
    every check of one diagnostic sees the same computer.
    """

    def __init__(self, systeme: Systeme, delai_s: float, total_s: float) -> None:
        self.nom = systeme.nom
        self._systeme = systeme
        self._delai_s = delai_s
        self._reste_s = total_s
        self._reponses: dict[tuple[object, ...], object] = {}
        self._muettes: set[str] = set()

    def processus(self) -> list[Processus]:
        return self._demander("processus", self._systeme.processus)

    def ecoutes(self) -> list[Ecoute]:
        return self._demander("ports", self._systeme.ecoutes)

    def usb(self) -> list[Usb] | None:
        return self._demander("USB", self._systeme.usb)

    def lecteurs_declares(self) -> list[str] | None:
        return self._demander("lecteurs", self._systeme.lecteurs_declares)

    def service(self, nom: str) -> Service | None:
        return self._demander("services", lambda: self._systeme.service(nom), nom)

    def installes(self) -> list[Installe]:
        return self._demander("logiciels installés", self._systeme.installes)

    def reglage(self, nom: str) -> str | None:
        return self._demander(f"réglage {nom}", lambda: self._systeme.reglage(nom))

    def emplacements(self, nom: str) -> list[Path]:
        return self._demander(f"dossiers {nom}", lambda: self._systeme.emplacements(nom))

    def lire(self, chemin: Path) -> bytes | None:
        return self._demander("fichiers", lambda: self._systeme.lire(chemin), "lire", chemin)

    def lister(self, dossier: Path) -> list[str] | None:
        return self._demander("fichiers", lambda: self._systeme.lister(dossier), "lister", dossier)

    def inscriptible(self, chemin: Path) -> bool:
        return self._demander("fichiers", lambda: self._systeme.inscriptible(chemin), "ecrire", chemin)

    def _demander(self, sonde: str, question: Callable[[], T], *precisions: object) -> T:
        cle = (sonde, *precisions)
        if cle not in self._reponses:
            self._reponses[cle] = self._poser(sonde, question)
        return self._reponses[cle]  # type: ignore[return-value]

    def _poser(self, sonde: str, question: Callable[[], T]) -> T:
        if sonde in self._muettes or self._reste_s <= 0:
            raise sans_reponse(sonde)
        debut = time.monotonic()
        try:
            return a_part(sonde, question, min(self._delai_s, self._reste_s))
        except ErreurConnue:
            self._muettes.add(sonde)
            raise
        finally:
            self._reste_s -= time.monotonic() - debut  # only what probes take: reading cards is no probe


_perdues: dict[str, threading.Thread] = {}  # questions that hung, in this or in an earlier diagnostic


def a_part(sonde: str, question: Callable[[], T], delai_s: float) -> T:
    """The answer of `question`, on a thread of its own that may hang without holding anybody.

    Raises what it expected (ErreurConnue), else SONDE_SANS_REPONSE: a probe may fail in any way (a foreign tool, a
    driver, another language), and that is a finding. While one hangs it is not asked again: threads do not pile up.
    """
    perdue = _perdues.get(sonde)
    if perdue is not None and perdue.is_alive():
        raise sans_reponse(sonde)
    fil, issue = _lancer(question)
    try:
        return issue.result(delai_s)
    except ErreurConnue:
        raise
    except Exception as erreur:
        journal.info("la sonde « %s » n'a pas répondu (%s)", sonde, type(erreur).__name__)
        _perdues[sonde] = fil
        raise sans_reponse(sonde) from erreur


def _lancer(question: Callable[[], T]) -> tuple[threading.Thread, Future[T]]:
    issue: Future[T] = Future()

    def courir() -> None:
        try:
            issue.set_result(question())
        except BaseException as erreur:  # noqa: BLE001 - carried to the waiting thread as it is
            issue.set_exception(erreur)

    fil = threading.Thread(target=courir, name="diagnostic-sonde", daemon=True)
    fil.start()
    return fil, issue


def sans_reponse(sonde: str) -> ErreurConnue:
    """The sentence of a probe that hangs or fails."""
    return ErreurConnue(
        "Un examen du poste n'a pas répondu à temps, ses constats manquent.",
        code="SONDE_SANS_REPONSE",
        ou=sonde,
        action="Redémarrez le poste si cela se reproduit.",
    )
