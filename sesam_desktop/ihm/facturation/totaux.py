"""The totals, readable at one metre: what is billed, what each pays, and what the patient pays now."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from sesam_desktop.factures.facture import Totaux
from sesam_desktop.noyau import montants

from ..composants.texte import Texte

_PARTS = (("Total", "facture_centimes"), ("AMO", "amo_centimes"), ("AMC", "amc_centimes"))
_PLACE = "000,00 €"


class LigneTotaux(QWidget):
    """Amounts under their names; « À payer » is the largest text of the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._valeurs = [Texte(facteur=1.35, reserve=_PLACE, a_droite=True) for _ in _PARTS]
        self._valeurs.append(Texte(facteur=1.8, gras=True, reserve=_PLACE, a_droite=True))
        grille = QGridLayout(self)
        grille.setContentsMargins(0, 0, 0, 0)
        grille.setVerticalSpacing(0)
        grille.setHorizontalSpacing(self.fontMetrics().height())
        for rang, nom in enumerate((*(n for n, _ in _PARTS), "À payer")):
            grille.addWidget(Texte(nom, a_droite=True), 0, rang)
            grille.addWidget(self._valeurs[rang], 1, rang)
        self.montrer(None)

    @property
    def a_payer(self) -> str:
        """What the patient pays, as written."""
        return self._valeurs[-1].text()

    def montrer(self, totaux: Totaux | None) -> None:
        """Show `totaux`; a dash while they are not known."""
        parts = [getattr(totaux, champ) for _, champ in _PARTS] + [totaux.assure_centimes] if totaux else [None] * 4
        for etiquette, centimes in zip(self._valeurs, parts, strict=True):
            etiquette.setText("–" if centimes is None else montants.formater(centimes, unite="€"))
        self.setAccessibleName(f"À payer {self.a_payer}" if totaux else "Totaux")
