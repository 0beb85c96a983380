"""`--quitter-apres-ouverture`: proves a usable program, then leaves. Installers and benches look at what it prints.

Two lines on the standard error, each as it happens: `PEINTE` once the first page is painted and the window takes
what is typed, `REMPLIE` once the workstation is open and that page shows its data. Status 0 then; 1 with a sentence
instead when the workstation cannot be opened or the page cannot be filled.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtWidgets import QApplication

from sesam_desktop.noyau.erreurs import ErreurConnue

from .fenetre import Fenetre

PEINTE, REMPLIE = "page peinte", "données affichées"


def eprouver(application: QApplication, fenetre: Fenetre, profil: Path | None, demonstration: bool) -> None:
    """Called by the event loop right after the first paint."""
    from .lancement import ouvrir_poste

    _dire(PEINTE)

    def finir(erreur: ErreurConnue | None) -> None:
        _dire(REMPLIE if erreur is None else erreur.phrase())
        application.exit(0 if erreur is None else 1)

    def defaut(genre: type[BaseException], bogue: BaseException, trace: TracebackType | None) -> None:
        from sesam_desktop.poste.journal import rapporter_bogue

        _dire(rapporter_bogue(bogue))
        application.exit(1)

    sys.excepthook = defaut
    fenetre.page.remplie.connect(finir)
    ouvrir_poste(fenetre, profil, demonstration).echec.connect(finir)


def _dire(ligne: str) -> None:
    print(ligne, file=sys.stderr, flush=True)
