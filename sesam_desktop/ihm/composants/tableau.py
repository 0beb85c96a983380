"""The table of every page: columns chosen, sorted, sized and remembered; copy and export; keyboard first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSettings, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QSizePolicy,
    QTableView,
    QWidget,
)

from ..modeles.table import CHIFFRES, TRI, Colonne, ModeleTable
from .export_csv import delimiter, enregistrer
from .texte import police_de_code

_MARGES = 2      # characters around the text of a cell
_ICONE = 3       # characters that the icon of a state takes
_SERREE = 10     # characters that it never goes under: amounts beside it matter more than the end of a name
_ETIREE = 18     # characters that the stretched column keeps before the accessory ones give way


class Tableau(QTableView):
    """A view over a `ModeleTable`. `nom` is where its layout is remembered; `triable` False keeps the given order."""

    ouverte = Signal(object)     # a row was activated (Enter, double click)
    choisie = Signal(object)     # the current row changed (None: none)
    cellule = Signal(object, str)   # the current cell changed: row, key of its column
    cliquee = Signal(object, str)   # a cell was clicked

    def __init__(
        self, nom: str, titre: str, modele: ModeleTable, reglages: QSettings, *, triable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._cle, self._reglages, self.modele = f"tableaux/{nom}", reglages, modele
        self.setAccessibleName(titre)
        self._tri = QSortFilterProxyModel(self)
        self._tri.setSourceModel(modele)
        self._tri.setSortRole(TRI)
        self.setModel(self._tri)
        self._hauteur = self.fontMetrics().height()
        self._etiree = self._colonne = -1
        self._regler_vue(triable)
        self._regler_entete()
        self._poser_actions()
        self.activated.connect(lambda indice: self.ouverte.emit(self._rangee(indice)))
        self.selectionModel().currentRowChanged.connect(lambda indice, _: self.choisie.emit(self._rangee(indice)))
        self.selectionModel().currentChanged.connect(lambda indice, _: self.cellule.emit(*self._case(indice)))
        self.clicked.connect(lambda indice: self.cliquee.emit(*self._case(indice)))

    @property
    def courante(self) -> Any:
        """Value of the current row, or None."""
        return self._rangee(self.currentIndex())

    @property
    def colonne(self) -> str:
        """Key of the column where one is."""
        return self.modele.colonnes[self._colonne].cle if self._colonne >= 0 else ""

    @property
    def selection(self) -> list[Any]:
        """Values of the selected rows, in the order shown."""
        rangs = sorted(i.row() for i in self.selectionModel().selectedRows())
        return [self._rangee(self._tri.index(rang, 0)) for rang in rangs]

    def remplacer(self, rangees: list[Any], cle: Any = None) -> None:
        """Show `rangees`; the current row stays current when `cle(row)` is found again."""
        avant = cle(self.courante) if cle and self.courante is not None else None
        self.modele.remplacer(rangees)
        rang = next((i for i, r in enumerate(rangees) if cle and cle(r) == avant), -1) if avant is not None else -1
        if rang >= 0:
            self.aller(rang)

    def aller(self, rang: int) -> None:
        """Make row `rang` of the model current, in the column where one is."""
        colonne = max(0, self._colonne)
        self.setCurrentIndex(self._tri.mapFromSource(self.modele.index(rang, colonne)))

    def suivre_ses_rangees(self) -> None:
        """Be no higher than the rows there are."""
        self.setSizeAdjustPolicy(QAbstractItemView.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def texte(self, separateur: str, rangs: list[int] | None = None) -> str:
        """Headers and rows as delimited text, visible columns in their order on screen."""
        entete = self.horizontalHeader()
        ordre = sorted(range(len(self.modele.colonnes)), key=entete.visualIndex)
        ordre = [c for c in ordre if not entete.isSectionHidden(c)]
        montres = range(self._tri.rowCount()) if rangs is None else rangs
        return delimiter(
            [self.modele.colonnes[c].titre for c in ordre],
            ([self._tri.index(rang, c).data() or "" for c in ordre] for rang in montres), separateur,
        )

    def copier(self) -> None:
        """Selected rows to the clipboard, tab separated (every row when none is selected)."""
        rangs = sorted(i.row() for i in self.selectionModel().selectedRows()) or None
        QGuiApplication.clipboard().setText(self.texte("\t", rangs))

    def exporter(self) -> None:
        """Every row to a CSV file."""
        enregistrer(self, self.texte(";"))

    def retenir(self) -> None:
        """Remember order, widths, sorting and chosen columns."""
        self._reglages.setValue(self._cle, self.horizontalHeader().saveState())
        self._reglages.setValue(f"{self._cle}-police", self._hauteur)

    def _case(self, indice: QModelIndex) -> tuple[Any, str]:
        if indice.isValid():
            self._colonne = indice.column()
        return self._rangee(indice), self.modele.colonnes[indice.column()].cle if indice.isValid() else ""

    def _rangee(self, indice: QModelIndex) -> Any:
        return self.modele.rangees[self._tri.mapToSource(indice).row()] if indice.isValid() else None

    def _regler_vue(self, triable: bool) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSortingEnabled(triable)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)  # the order given, until a header is asked
        self.verticalHeader().hide()
        self._regler_rangees()

    def resizeEvent(self, evenement: QResizeEvent) -> None:
        super().resizeEvent(evenement)
        self._tenir()

    def _tenir(self) -> None:
        """Accessory columns are shown while they leave room for the others."""
        accessoires = [rang for rang, c in enumerate(self.modele.colonnes) if c.accessoire and c.visible]
        reste = self.viewport().width() - sum(
            self._place(rang) for rang in range(len(self.modele.colonnes))
            if rang not in accessoires and not self.isColumnHidden(rang)
        )
        for rang in accessoires:
            reste -= self._place(rang)
            self.setColumnHidden(rang, reste < 0)
        self._etirer()

    def _etirer(self) -> None:
        """The stretched column takes what is left, and keeps room for its text: below, the table scrolls."""
        autres = sum(self.columnWidth(rang) for rang in range(len(self.modele.colonnes)) if rang != self._etiree)
        minimum = self.fontMetrics().averageCharWidth() * _SERREE
        serree = self.viewport().width() - autres < minimum
        mode = QHeaderView.ResizeMode.Interactive if serree else QHeaderView.ResizeMode.Stretch
        self.horizontalHeader().setSectionResizeMode(self._etiree, mode)
        if serree:
            self.setColumnWidth(self._etiree, minimum)

    def _place(self, rang: int) -> int:
        if rang == self._etiree:
            return self.fontMetrics().averageCharWidth() * _ETIREE
        return self.columnWidth(rang) or self._largeur(self.modele.colonnes[rang])

    def _regler_rangees(self) -> None:
        self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * 1.7))

    def changeEvent(self, evenement: QEvent) -> None:
        super().changeEvent(evenement)
        if evenement.type() == QEvent.Type.FontChange and self.fontMetrics().height() != self._hauteur:
            self._suivre_la_police(self._hauteur)

    def _suivre_la_police(self, avant: int) -> None:
        """Columns as wide in letters as they were when the font was `avant` high."""
        self._hauteur = self.fontMetrics().height()
        self._regler_rangees()
        entete = self.horizontalHeader()
        for rang in range(entete.count()):
            if not entete.isSectionHidden(rang):
                entete.resizeSection(rang, round(entete.sectionSize(rang) * self._hauteur / avant))

    def _regler_entete(self) -> None:
        entete = self.horizontalHeader()
        entete.setSectionsMovable(True)
        entete.setHighlightSections(False)
        entete.setStretchLastSection(False)
        for rang, colonne in enumerate(self.modele.colonnes):
            self.setColumnWidth(rang, self._largeur(colonne))
            self.setColumnHidden(rang, not colonne.visible)
        self._restaurer(entete)
        entete.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        entete.customContextMenuRequested.connect(lambda point: self._menu(entete.mapToGlobal(point)))
        for signal in (entete.sectionMoved, entete.sectionResized, entete.sortIndicatorChanged):
            signal.connect(self.retenir)

    def _largeur(self, colonne: Colonne) -> int:
        """Room for the title, and for as many characters as declared."""
        lettre = self.fontMetrics().averageCharWidth()
        if colonne.genre == "code":
            signe = QFontMetrics(police_de_code()).horizontalAdvance("0")
        else:
            signe = self.fontMetrics().horizontalAdvance("0") if colonne.genre in CHIFFRES else lettre
        signes = _MARGES + (_ICONE if colonne.genre == "etat" else 0)
        titre = self.horizontalHeader().fontMetrics().horizontalAdvance(colonne.titre)
        return max(signe * colonne.largeur, titre) + signes * lettre

    def _restaurer(self, entete: QHeaderView) -> None:
        """What was chosen last time, in the font of today."""
        largeurs = [c.largeur if c.visible else 0 for c in self.modele.colonnes]
        self._etiree = largeurs.index(max(largeurs))
        memoire = self._reglages.value(self._cle)
        if not memoire or not entete.restoreState(memoire):
            self._etirer_la_plus_large(entete)
            return
        avant = int(str(self._reglages.value(f"{self._cle}-police", self._hauteur)))
        if avant != self._hauteur:
            self._suivre_la_police(avant)

    def _etirer_la_plus_large(self, entete: QHeaderView) -> None:
        entete.setSectionResizeMode(self._etiree, QHeaderView.ResizeMode.Stretch)

    def _poser_actions(self) -> None:
        copier = QAction("&Copier", self, shortcut=QKeySequence(QKeySequence.StandardKey.Copy))
        copier.triggered.connect(self.copier)
        exporter = QAction("&Exporter en CSV…", self, shortcut=QKeySequence("Ctrl+E"))
        exporter.triggered.connect(self.exporter)
        for action in (copier, exporter):
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self.addAction(action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda point: self._menu(self.viewport().mapToGlobal(point)))

    def _menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        menu.addActions(self.actions())
        colonnes = menu.addMenu("C&olonnes")
        for rang, colonne in enumerate(self.modele.colonnes):
            choix = colonnes.addAction(colonne.titre)
            choix.setCheckable(True)
            choix.setChecked(not self.isColumnHidden(rang))
            choix.toggled.connect(lambda vu, rang=rang: self._montrer_colonne(rang, vu))
        menu.exec(point)

    def _montrer_colonne(self, rang: int, vue: bool) -> None:
        self.setColumnHidden(rang, not vue)
        self.retenir()
