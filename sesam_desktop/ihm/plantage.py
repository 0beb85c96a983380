"""The last line of defence: a bug shows one calm dialog, and a masked report is written for support."""

from __future__ import annotations

import sys
from types import TracebackType

from PySide6.QtWidgets import QApplication, QMessageBox

from sesam_desktop.noyau.erreurs import ErreurConnue


def installer() -> None:
    """Take every exception nobody expected, slots and workers included."""
    sys.excepthook = montrer


def montrer(genre: type[BaseException], erreur: BaseException, trace: TracebackType | None) -> None:
    """One dialog a bug; an `ErreurConnue` that got here is told in its own words."""
    if isinstance(erreur, KeyboardInterrupt):
        QApplication.quit()
        return
    boite = QMessageBox(QApplication.activeWindow())
    boite.setWindowTitle("Sesam Desktop")
    if isinstance(erreur, ErreurConnue):
        boite.setIcon(QMessageBox.Icon.Warning)
        boite.setText(erreur.phrase())
    else:
        _raconter(boite, erreur)
    boite.exec()


def _raconter(boite: QMessageBox, erreur: BaseException) -> None:
    from sesam_desktop.poste.journal import rapporter_bogue

    boite.setIcon(QMessageBox.Icon.Critical)
    boite.setText("Le programme a rencontré un défaut. Vos factures signées et vos brouillons sont conservés.")
    detail = rapporter_bogue(erreur)
    boite.setInformativeText(detail[:1].upper() + detail[1:])
