"""Opens the window: the frame at once, then the workstation by a worker.

Start-up is measured against a bare Qt window, so nothing is imported here that the first paint does not need.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QSettings, QTimer, QTranslator
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from . import icones, plantage
from .atelier import Atelier
from .fenetre import Fenetre

if TYPE_CHECKING:
    from .liaison import Liaison

_TAILLE_BASE = 10.5          # points, on a screen that has no room to spare; Ctrl++ and Ctrl+- change it
_TAILLE_GRAND_ECRAN = 12.6   # read at one metre
_GRAND_ECRAN = 1000          # logical pixels of height
_REFERENCES = sys.maxsize >> 2    # of True: more than any process gives back, far from an overflow


def ouvrir(
    profil: Path | None, demonstration: bool = False, quitter: bool = False, scenario: str = "nominal"
) -> int:
    """Show the window and run until it closes. `quitter`: leave as soon as the first page shows its data."""
    application = creer_application(sys.argv)
    if not quitter:
        plantage.installer()
    icones.attendre()
    atelier = Atelier(reglages_de(profil))
    agrandir(application, atelier.reglages)
    fenetre = Fenetre(atelier)
    suite: Callable[[], object] = partial(ouvrir_poste, fenetre, profil, demonstration, scenario)
    if quitter:
        from .epreuve import eprouver

        suite = partial(eprouver, application, fenetre, profil, demonstration)
    fenetre.peinte.connect(lambda: QTimer.singleShot(0, suite))
    fenetre.show()
    try:
        return application.exec()
    finally:
        atelier.fermer()


def demarrer(profil: str = "", demonstration: bool = False, quitter: bool = False) -> int:
    """The window straight from the program's arguments. An existing file is no profile folder: status 2."""
    if profil and Path(profil).is_file():
        print(f"« {profil} » est un fichier : --profil attend un dossier.", file=sys.stderr)
        return 2
    return ouvrir(Path(profil) if profil else None, demonstration, quitter)


def creer_application(arguments: list[str]) -> QApplication:
    """The Qt application in French, with tabular digits, light or dark as the system says."""
    application = QApplication(arguments)
    preparer(application)
    return application


def preparer(application: QApplication) -> None:
    """Look and language, on an application that exists."""
    application.setApplicationName("Sesam Desktop")
    application.setStyle("Fusion")
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    traduction = QTranslator(application)
    if traduction.load("qtbase_fr", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(traduction)
    police = application.font()
    police.setFeature(QFont.Tag("tnum"), 1)
    police.setPointSizeF(taille_de_base(application))
    application.setFont(police)


def garder_vrai() -> None:
    """Each `Signal.emit` of PySide6 6.12 gives back one reference to True too many: within a day of work none is left
    and the process aborts. True never dies from Python 3.12 on; before, it is given more references than can be lost.

    An object of CPython begins with its count, as wide as a `Py_ssize_t`. Once is enough; twice does not overflow.
    """
    if sys.version_info < (3, 12):
        import ctypes

        ctypes.c_ssize_t.from_address(id(True)).value += _REFERENCES


def agrandir(application: QApplication, reglages: QSettings, pas: int = 0) -> None:
    """Larger or smaller text, everything follows: `pas` steps more than what is remembered (0: put it as it was)."""
    taille = max(-2, min(8, int(str(reglages.value("fenetre/taille", 0))) + pas))
    reglages.setValue("fenetre/taille", taille)
    police = application.font()
    police.setPointSizeF(taille_de_base(application) + taille)
    application.setFont(police)


def taille_de_base(application: QApplication) -> float:
    """Points of the plain text: larger where the screen has room for it."""
    haut = application.primaryScreen().geometry().height() >= _GRAND_ECRAN
    return _TAILLE_GRAND_ECRAN if haut else _TAILLE_BASE


def reglages_de(profil: Path | None) -> QSettings:
    """Where the window remembers its layout: in the profile, or at the platform's own place."""
    if profil is not None:
        return QSettings(str(profil / "fenetre.ini"), QSettings.Format.IniFormat)
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "sesam-desktop", "fenetre")


def ouvrir_poste(
    fenetre: Fenetre, profil: Path | None, demonstration: bool, scenario: str = "nominal"
) -> Liaison:
    """The first paint is done: draw the icons, then open the workstation on a worker and give it to the window."""
    from .liaison import Liaison

    garder_vrai()
    icones.dessiner()
    liaison = Liaison(fenetre)
    liaison.ouvrir(profil, demonstration, scenario)
    return liaison
