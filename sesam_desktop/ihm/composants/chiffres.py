"""The figures of the day and of the month: how many invoices, and what each party pays."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QGridLayout, QWidget

from .texte import Texte

if TYPE_CHECKING:
    from sesam_desktop.factures.depot import Resume
    from sesam_desktop.poste.poste import Poste

_COLONNES = ("Factures", "Total", "AMO", "AMC", "Patients")
_RANGEES = ("Aujourd'hui", "Ce mois-ci")


class Somme(NamedTuple):
    """Sums over a list of invoices, in centimes."""

    nombre: int = 0
    total: int = 0
    amo: int = 0
    amc: int = 0
    assure: int = 0


def relever(poste: Poste, jour: date) -> tuple[Somme, Somme]:
    """Sums of the day and of the month so far. Runs on a worker."""
    from sesam_desktop.factures.depot import Filtre

    mois = poste.registre.lister(Filtre(depuis=jour.replace(day=1), jusqu_a=jour))
    return sommer([r for r in mois if r.date_soins == jour]), sommer(mois)


def sommer(resumes: list[Resume]) -> Somme:
    """Sums of `resumes`."""
    return Somme(
        len(resumes), sum(r.total_centimes for r in resumes), sum(r.amo_centimes for r in resumes),
        sum(r.amc_centimes for r in resumes), sum(r.assure_centimes for r in resumes),
    )


class Chiffres(QWidget):
    """Two rows of right-aligned figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Chiffres du jour et du mois")
        grille = QGridLayout(self)
        grille.setContentsMargins(0, 0, 0, 0)
        grille.setHorizontalSpacing(self.fontMetrics().height() * 2)
        for rang, titre in enumerate(_COLONNES, 1):
            grille.addWidget(Texte(titre, a_droite=True), 0, rang)
        self._valeurs = [[_valeur() for _ in _COLONNES] for _ in _RANGEES]
        for rang, (titre, valeurs) in enumerate(zip(_RANGEES, self._valeurs, strict=True), 1):
            grille.addWidget(Texte(titre), rang, 0)
            for colonne, valeur in enumerate(valeurs, 1):
                grille.addWidget(valeur, rang, colonne)
        grille.setColumnStretch(len(_COLONNES) + 1, 1)

    def montrer(self, sommes: tuple[Somme, Somme]) -> None:
        """Show the sums of the day and of the month."""
        from sesam_desktop.noyau import montants

        for somme, valeurs in zip(sommes, self._valeurs, strict=True):
            argent = [montants.formater(m, unite="€") for m in (somme.total, somme.amo, somme.amc, somme.assure)]
            for etiquette, texte in zip(valeurs, [str(somme.nombre), *argent], strict=True):
                etiquette.setText(texte)


def _valeur() -> Texte:
    return Texte("–", facteur=1.25, reserve="0 000,00 €", a_droite=True)
