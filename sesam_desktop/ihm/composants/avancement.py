"""Progress of one long task: what is done, how much remains, and the button that cancels."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from ..taches import Tache


class Avancement(QWidget):
    """Hidden until `suivre`; hides itself with `finir`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texte = QLabel()
        self._barre = QProgressBar()
        self._barre.setAccessibleName("Avancement")
        self._annuler = QPushButton("&Interrompre")
        self._annuler.clicked.connect(self.interrompre)
        self._tache: Tache | None = None
        rangee = QHBoxLayout(self)
        rangee.setContentsMargins(0, 0, 0, 0)
        rangee.addWidget(self._texte)
        rangee.addWidget(self._barre, 1)
        rangee.addWidget(self._annuler)
        self.hide()

    @property
    def actif(self) -> bool:
        """True while a task is followed."""
        return self._tache is not None

    def suivre(self, tache: Tache, texte: str, *, interruptible: bool = True) -> None:
        """Follow `tache` from now on; without the button when it cannot stop half-way."""
        self._tache = tache
        self._texte.setText(texte)
        self._annuler.setEnabled(True)
        self._annuler.setVisible(interruptible)
        self._barre.setRange(0, 0)
        self.show()

    def avancer(self, fait: int, total: int, texte: str = "") -> None:
        """Progress as tasks report it; `total` 0 means unknown."""
        self._barre.setRange(0, total)
        self._barre.setValue(fait)
        if texte:
            self._texte.setText(texte)

    def interrompre(self) -> None:
        """Ask the followed task to stop; it answers by an `Annulation`."""
        if self._tache is not None:
            self._tache.annuler()
            self._annuler.setEnabled(False)
            self._texte.setText("Interruption…")

    def finir(self) -> None:
        """The task has answered."""
        self._tache = None
        self.hide()
