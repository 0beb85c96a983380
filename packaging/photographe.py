"""One window of one look (theme, screen scale), and what it takes to wait for its workers and save its picture."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

LARGEUR, HAUTEUR = 1920, 1080
DELAI_S = 20.0
_BRUIT = "This plugin does not support"   # what the offscreen platform says of itself


class Photographe:
    """`seulement`: pictures whose name does not hold it are not saved."""

    def __init__(self, profil: Path, sortie: Path, theme: str, echelle: int, seulement: str = "") -> None:
        from sesam_desktop.ihm.atelier import Atelier
        from sesam_desktop.ihm.fenetre import Fenetre
        from sesam_desktop.ihm.lancement import creer_application, garder_vrai, reglages_de
        from sesam_desktop.ihm.liaison import Liaison
        from sesam_desktop.poste import demonstration

        _taire_la_plateforme()
        self.application = creer_application(["captures"])
        garder_vrai()
        if theme == "sombre":
            self.application.setPalette(palette_sombre())
        self.sortie, self.suffixe, self.seulement = sortie, f"{theme}-{echelle}", seulement
        self.atelier = Atelier(reglages_de(sortie / f".{self.suffixe}"))
        self.fenetre = Fenetre(self.atelier)
        self.fenetre.resize(LARGEUR * 100 // echelle, HAUTEUR * 100 // echelle)
        self.fenetre.show()
        self.poste: Any = demonstration.ouvrir(profil)
        Liaison(self.fenetre).brancher(self.poste)
        self.attendre()

    def attendre(self, condition: Callable[[], bool] = lambda: True) -> None:
        """Until the workers are at rest and `condition` holds."""
        fin, calmes = time.monotonic() + DELAI_S, 0
        while calmes < 12:
            self.application.processEvents()
            self.application.sendPostedEvents(None, 52)  # deferred deletions
            time.sleep(0.02)
            calmes = calmes + 1 if self.atelier.taches.repos and condition() else 0
            if time.monotonic() > fin:
                raise TimeoutError("the window did not come to rest")

    def prendre(self, nom: str) -> None:
        """Save the window."""
        self.attendre()
        self._garder(nom, self.fenetre)

    def prendre_dialogue(self, nom: str) -> None:
        """Save the dialog that is open, then close it."""
        self.attendre()
        for dialogue in self.dialogues():
            self._garder(nom, dialogue)
            dialogue.reject()

    def dialogues(self) -> Iterator[Any]:
        """Dialogs on screen."""
        from PySide6.QtWidgets import QApplication, QDialog

        return (w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible())

    def fermer(self) -> None:
        """Let the workstation go."""
        self.fenetre.close()
        self.atelier.fermer()

    def _garder(self, nom: str, widget: Any) -> None:
        complet = f"{nom}-{self.suffixe}"
        if self.seulement in complet:
            widget.grab().save(str(self.sortie / f"{complet}.png"))


def palette_sombre() -> Any:
    """The dark palette a system would give: the offscreen platform has no dark mode of its own."""
    from PySide6.QtGui import QColor, QPalette

    sombre = QPalette(QColor(50, 50, 50), QColor(50, 50, 50))
    roles = {"Base": 36, "AlternateBase": 44, "WindowText": 240, "Text": 240, "ButtonText": 240, "ToolTipBase": 60,
             "ToolTipText": 240}
    for role, gris in roles.items():
        sombre.setColor(getattr(QPalette.ColorRole, role), QColor(gris, gris, gris))
    sombre.setColor(QPalette.ColorRole.PlaceholderText, QColor(160, 160, 160))
    for role in ("WindowText", "Text", "ButtonText"):
        sombre.setColor(QPalette.ColorGroup.Disabled, getattr(QPalette.ColorRole, role), QColor(140, 140, 140))
    sombre.setColor(QPalette.ColorRole.Highlight, QColor(48, 110, 160))
    sombre.setColor(QPalette.ColorRole.HighlightedText, QColor(255, 255, 255))
    return sombre


def _taire_la_plateforme() -> None:
    import sys

    from PySide6.QtCore import qInstallMessageHandler

    def dire(_genre: object, _contexte: object, message: str) -> None:
        if not message.startswith(_BRUIT):
            print(message, file=sys.stderr)

    qInstallMessageHandler(dire)
