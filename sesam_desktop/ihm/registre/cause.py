"""Why the invoice chosen came back: the cause in French, the fund's own words and code in small, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from .. import icones, teintes
from ..composants.bandeau import echapper
from ..composants.disposition import vider
from ..modeles.correction import MotifVu


class Cause(QFrame):
    """Hidden while nothing came back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._dessin = QLabel()
        self._motifs = QVBoxLayout()
        rangee = QHBoxLayout(self)
        rangee.addWidget(self._dessin, 0, Qt.AlignmentFlag.AlignTop)
        colonne, self._boutons = QVBoxLayout(), QHBoxLayout()
        colonne.addLayout(self._motifs)
        colonne.addLayout(self._boutons)
        rangee.addLayout(colonne, 1)
        self.hide()

    def proposer(self, *boutons: QWidget) -> None:
        """What else can be done of it, under the reasons."""
        for bouton in boutons:
            self._boutons.addWidget(bouton)
        self._boutons.addStretch(1)

    def montrer(self, motifs: Sequence[MotifVu]) -> None:
        """One paragraph a reason."""
        vider(self._motifs)
        for motif in motifs:
            texte = QLabel(_riche(motif), wordWrap=True, textFormat=Qt.TextFormat.RichText)
            texte.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            texte.setAccessibleName(f"{motif.phrase} {motif.a_faire}")
            self._motifs.addWidget(texte)
        self.setAccessibleName(" ".join(f"{m.phrase} {m.a_faire}" for m in motifs))
        self._peindre()
        self.setVisible(bool(motifs))

    def changeEvent(self, evenement: QEvent) -> None:
        if evenement.type() == QEvent.Type.PaletteChange:
            self._peindre()
        super().changeEvent(evenement)

    def _peindre(self) -> None:
        self._dessin.setPixmap(icones.dessin("a-corriger", teintes.couleur_etat("à corriger")))


def _riche(motif: MotifVu) -> str:
    mots = " ".join(morceau for morceau in (motif.mots, f"[{motif.code}]" if motif.code else "") if morceau)
    petit = f" <small>{echapper(mots)}</small>" if mots else ""
    return f"<b>{echapper(motif.phrase)}</b>{petit}<br>{echapper(motif.a_faire)}"
