"""Room for what opens below the lines: all of it when the screen is high enough, scrolled when it is not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget


class Defilant(QScrollArea):
    """Never makes the window grow: its widgets ask for their whole height and accept `lignes` lines of text of it."""

    def __init__(self, *widgets: QWidget, lignes: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._contenu, self._lignes = QWidget(), lignes
        colonne = QVBoxLayout(self._contenu)
        colonne.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            colonne.addWidget(widget)
        self.setWidget(self._contenu)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._contenu.installEventFilter(self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._suivre)

    def sizeHint(self) -> QSize:
        largeur = self.viewport().width()
        voulue = self._contenu.sizeHint()
        if self._contenu.hasHeightForWidth():
            voulue.setHeight(self._contenu.heightForWidth(max(largeur, self._contenu.minimumSizeHint().width())))
        if self._contenu.minimumSizeHint().width() > largeur:
            voulue.setHeight(voulue.height() + self.horizontalScrollBar().sizeHint().height())
        return voulue

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(self.sizeHint().height(), self.fontMetrics().height() * self._lignes))

    def eventFilter(self, objet: QObject, evenement: QEvent) -> bool:
        if evenement.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.updateGeometry()
        return super().eventFilter(objet, evenement)

    def _suivre(self, _ancien: QWidget | None, nouveau: QWidget | None) -> None:
        """Whatever has the keyboard is seen, however it got it."""
        if nouveau is not None and self._contenu.isAncestorOf(nouveau):
            self.ensureWidgetVisible(nouveau)
