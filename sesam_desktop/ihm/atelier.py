"""What every page shares: the workstation, the queues, the remembered layout, and the news of what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSettings, Signal

from .taches import Taches

if TYPE_CHECKING:
    from sesam_desktop.poste.poste import Poste


class Atelier(QObject):
    """One per window. Pages talk to each other through its signals only."""

    pret = Signal()                     # the workstation is open
    change = Signal(str)                # what changed, on the main thread
    page_demandee = Signal(str, object)  # go to a page, with what to show there (or None)
    avis = Signal(str, str)             # kind (succes, erreur…) and sentence, shown under the page

    def __init__(self, reglages: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reglages = reglages
        self.taches = Taches(self)
        self._poste: Poste | None = None
        self._desabonner: Any = None

    @property
    def ouvert(self) -> bool:
        """True once the workstation is there."""
        return self._poste is not None

    @property
    def poste(self) -> Poste:
        """The workstation. Pages are told by `pret` when it may be used."""
        if self._poste is None:
            raise RuntimeError("the workstation is not open yet")
        return self._poste

    def brancher(self, poste: Poste) -> None:
        """Receive the workstation, opened by a worker; news then come from its threads, queued to this one."""
        self._poste = poste
        self._desabonner = poste.changements.abonner(self._annoncer)
        self.pret.emit()

    def demander(self, page: str, argument: object = None) -> None:
        """Ask the window to show `page`."""
        self.page_demandee.emit(page, argument)

    def fermer(self) -> None:
        """Stop the queues, then close the workstation."""
        if self._desabonner is not None:
            self._desabonner()
        self.taches.fermer()
        if self._poste is not None:
            self._poste.fermer()
            self._poste = None

    def _annoncer(self, quoi: str) -> None:
        self.change.emit(quoi)
