"""Long work off the main thread: one queue and one thread per outside thing (reader, mailbox, scanner, database).

A task ends on the main thread as `resultat=` or `erreur=` (ErreurConnue only). Any other exception is a bug: it is
raised again on the main thread, where the crash dialog takes it. Tasks of one queue run in order, so two jobs never
talk to the same reader or mailbox at once; queues run side by side.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from sesam_desktop.noyau.erreurs import Annulation, ErreurConnue

Travail = Callable[["Tache"], Any]
Progression = Callable[[int, int, str], None]


class Tache:
    """One piece of work. `travail` receives the task itself, to report progress and to look at `annulee`."""

    def __init__(
        self,
        travail: Travail,
        resultat: Callable[[Any], None] | None,
        erreur: Callable[[ErreurConnue], None] | None,
        suivi: Progression | None,
        proprietaire: QObject | None,
        remplace: str,
    ) -> None:
        self.travail, self.resultat, self.erreur, self.suivi = travail, resultat, erreur, suivi
        self.proprietaire, self.remplace = proprietaire, remplace
        self.transmettre: Progression | None = None
        self._arret = threading.Event()

    def annuler(self) -> None:
        """Ask the work to stop; its end comes as an `Annulation`."""
        self._arret.set()

    def annulee(self) -> bool:
        """What the work asks between two steps."""
        return self._arret.is_set()

    def avancer(self, fait: int, total: int = 0, texte: str = "") -> None:
        """Report progress, from the working thread."""
        if self.transmettre is not None:
            self.transmettre(fait, total, texte)

    def vivante(self) -> bool:
        """False once the widget that asked is gone: nobody is left to answer."""
        return self.proprietaire is None or isValid(self.proprietaire)


class _File:
    """The thread of one outside thing. Waiting tasks can be replaced by a newer one of the same name."""

    def __init__(self, nom: str, executer: Callable[[Tache], None]) -> None:
        self._executer = executer
        self._attente: deque[Tache] = deque()
        self._condition = threading.Condition()
        self.courante: Tache | None = None
        self._ouverte = True
        self.fil = threading.Thread(target=self._tourner, name=f"sesam-{nom}", daemon=True)
        self.fil.start()

    def ajouter(self, tache: Tache) -> list[Tache]:
        """Queue `tache`; the answer is the waiting tasks it took the place of."""
        with self._condition:
            abandonnees = [t for t in self._attente if tache.remplace and t.remplace == tache.remplace]
            self._attente = deque(t for t in self._attente if t not in abandonnees)
            self._attente.append(tache)
            self._condition.notify()
        return abandonnees

    def fermer(self) -> None:
        with self._condition:
            self._ouverte = False
            self._attente.clear()
            if self.courante is not None:
                self.courante.annuler()
            self._condition.notify()

    def _suivante(self) -> Tache | None:
        with self._condition:
            self.courante = None
            self._condition.wait_for(lambda: self._attente or not self._ouverte)
            self.courante = self._attente.popleft() if self._attente else None
            return self.courante

    def _tourner(self) -> None:
        while (tache := self._suivante()) is not None:
            self._executer(tache)


class Taches(QObject):
    """All the queues of one window."""

    _livraison = Signal(object)
    sans_reponse = Signal(object)  # an ErreurConnue nobody asked to be told of

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: dict[str, _File] = {}
        self._en_cours: set[Tache] = set()
        self._livraison.connect(self._livrer, Qt.ConnectionType.QueuedConnection)

    @property
    def repos(self) -> bool:
        """True when every task asked has been answered."""
        return not self._en_cours

    def lancer(
        self,
        file: str,
        travail: Travail,
        *,
        resultat: Callable[[Any], None] | None = None,
        erreur: Callable[[ErreurConnue], None] | None = None,
        progression: Progression | None = None,
        proprietaire: QObject | None = None,
        remplace: str = "",
    ) -> Tache:
        """Queue `travail` on `file`. A waiting task with the same `remplace` name is dropped for this one."""
        tache = Tache(travail, resultat, erreur, progression, proprietaire, remplace)
        tache.transmettre = partial(self._transmettre, tache)
        if file not in self._files:
            self._files[file] = _File(file, self._executer)
        self._en_cours.add(tache)
        self._en_cours.difference_update(self._files[file].ajouter(tache))
        return tache

    def fermer(self, delai: float = 5.0) -> None:
        """Cancel what runs, forget what waits, and wait at most `delai` seconds for each thread."""
        for file in self._files.values():
            file.fermer()
        for file in self._files.values():
            file.fil.join(delai)
        self._files.clear()
        self._en_cours.clear()

    def _executer(self, tache: Tache) -> None:
        try:
            if tache.annulee():
                raise Annulation()
            valeur = tache.travail(tache)
        except ErreurConnue as echec:
            self._emettre(tache, partial(self._echouer, tache, echec))
        except BaseException as bogue:  # noqa: BLE001 - carried to the main thread, where the crash dialog is
            self._emettre(tache, partial(self._lever, bogue))
        else:
            self._emettre(tache, lambda: self._reussir(tache, valeur))

    def _emettre(self, tache: Tache, livraison: Callable[[], None]) -> None:
        def terminer() -> None:
            self._en_cours.discard(tache)
            livraison()

        if isValid(self):
            self._livraison.emit(terminer)

    @Slot(object)
    def _livrer(self, livraison: Callable[[], None]) -> None:
        livraison()

    def _transmettre(self, tache: Tache, fait: int, total: int, texte: str) -> None:
        self._livraison.emit(partial(self._suivre, tache, fait, total, texte))

    def _suivre(self, tache: Tache, fait: int, total: int, texte: str) -> None:
        if tache.suivi is not None and tache.vivante():
            tache.suivi(fait, total, texte)

    def _reussir(self, tache: Tache, valeur: Any) -> None:
        if tache.resultat is not None and tache.vivante():
            tache.resultat(valeur)

    def _echouer(self, tache: Tache, echec: ErreurConnue) -> None:
        if not tache.vivante():
            return
        if tache.erreur is not None:
            tache.erreur(echec)
        else:
            self.sans_reponse.emit(echec)

    def _lever(self, bogue: BaseException) -> None:
        raise bogue
