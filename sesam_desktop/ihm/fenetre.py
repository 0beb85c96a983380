"""The window: a thin frame over pages. It knows their names, makes them at first show, and carries the news."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from . import icones
from .atelier import Atelier
from .composants.bande_etat import BandeEtat
from .composants.bandeau import Bandeau
from .composants.barre_touches import BarreTouches
from .composants.navigation import Navigation
from .composants.texte import Texte

if TYPE_CHECKING:
    from .etat_poste import EtatPoste
    from .pages.page import Page

PAGES = {
    "accueil": ("Accueil", "accueil:Accueil"),
    "facturer": ("Facturer", "facturer:Facturer"),
    "factures": ("Factures", "factures:Factures"),
    "teletransmission": ("Télétransmission", "teletransmission:Teletransmission"),
    "paiements": ("Paiements", "paiements:Paiements"),
    "pieces": ("Pièces", "pieces:Pieces"),
    "referentiels": ("Référentiels", "referentiels:Referentiels"),
    "tableau": ("Tableau", "tableau:PageTableau"),
    "lecteurs": ("Lecteurs", "lecteurs:Lecteurs"),
    "terminaux": ("Terminaux", "terminaux:Terminaux"),
    "diagnostic": ("Diagnostic", "diagnostic:PageDiagnostic"),
    "parametres": ("Paramètres", "parametres:Parametres"),
}
SANS_TOURNEE = ("pharmacien", "fournisseur", "laboratoire")    # shown Terminaux once they went there, by Ctrl+K

_LARGE = 165     # letters: below, the navigation gives its room to the page


class Fenetre(QMainWindow):
    """State strip, navigation, pages, key bar."""

    peinte = Signal()      # the first page is on screen

    def __init__(self, atelier: Atelier) -> None:
        super().__init__()
        self.atelier = atelier
        self._courante = ""
        self._pages: dict[str, Page] = {}
        self._peinte = False
        self.setWindowTitle("Sesam Desktop")
        self.bande = BandeEtat()
        self.navigation = Navigation([(cle, titre) for cle, (titre, _) in PAGES.items()])
        self.pile = QStackedWidget()
        self.bandeau = Bandeau()
        self.touches = BarreTouches()
        self._disposer()
        self._relier()
        self.aller("accueil")

    @property
    def page(self) -> Page:
        """The page shown."""
        return self._pages[self._courante]

    def aller(self, cle: str, argument: object = None) -> None:
        """Show page `cle`, made now if it never was."""
        page = self._pages.get(cle) or self._creer(cle)
        self._courante = cle
        self.pile.setCurrentWidget(page)
        self.navigation.proposer(cle, True)
        self.navigation.choisir(cle)
        self.bande.titre.setText(page.titre)
        self.touches.montrer(page.actions())
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        if argument is not None:
            page.montrer(argument)

    def montrer_etat(self, etat: EtatPoste) -> None:
        """Cards, lists and counts, read by a worker."""
        self.bande.montrer(etat)
        self._situation.setEnabled(len(etat.situations) > 1)
        self.navigation.compter(etat.comptes)
        self.navigation.proposer("terminaux", etat.profession not in SANS_TOURNEE or "terminaux" in self._pages)
        self.touches.annoncer(etat.lots_a_envoyer)

    def paintEvent(self, evenement: QPaintEvent) -> None:
        super().paintEvent(evenement)
        if not self._peinte:
            self._peinte = True
            self.peinte.emit()

    def resizeEvent(self, evenement: QResizeEvent) -> None:
        self.navigation.serrer(self.width() < self.fontMetrics().averageCharWidth() * _LARGE)
        super().resizeEvent(evenement)

    def changeEvent(self, evenement: QEvent) -> None:
        if evenement.type() == QEvent.Type.PaletteChange:
            icones.recolorer()
        super().changeEvent(evenement)

    def closeEvent(self, evenement: QCloseEvent) -> None:
        self.atelier.reglages.setValue("fenetre/geometrie", self.saveGeometry())
        super().closeEvent(evenement)

    def choisir_situation(self) -> None:
        """Ask in which situation de facturation one works; harmless when there is nothing to choose."""
        from .composants.choix_situation import choisir_situation

        if self.atelier.ouvert:
            choisir_situation(self.atelier, self)

    def chercher(self) -> None:
        """Open the command palette."""
        from .commandes_palette import ouvrir_palette

        ouvrir_palette(self)

    def _creer(self, cle: str) -> Page:
        module, classe = PAGES[cle][1].split(":")
        page = getattr(import_module(f".pages.{module}", __package__), classe)(self.atelier)
        self._pages[cle] = page
        self.pile.addWidget(page)
        page.actions_changees.connect(lambda: self._actions_changees(page))
        return page

    def _actions_changees(self, page: Page) -> None:
        if self._pages.get(self._courante) is page:
            self.touches.montrer(page.actions())

    def _disposer(self) -> None:
        centre = QWidget()
        grille = QGridLayout(centre)
        grille.setContentsMargins(0, 0, 0, 0)
        grille.setSpacing(0)
        milieu = QVBoxLayout()
        milieu.setSpacing(0)
        milieu.addWidget(self.bandeau)
        milieu.addWidget(self.pile, 1)
        grille.addWidget(self.bande, 0, 0, 1, 3)
        grille.addWidget(_filet(QFrame.Shape.HLine), 1, 0, 1, 3)
        grille.addWidget(self.navigation, 2, 0)
        grille.addWidget(_filet(QFrame.Shape.VLine), 2, 1)
        grille.addLayout(milieu, 2, 2)
        grille.addWidget(_filet(QFrame.Shape.HLine), 3, 0, 1, 3)
        grille.addWidget(self.touches, 4, 0, 1, 3)
        grille.setColumnStretch(2, 1)
        grille.setRowStretch(2, 1)
        self.setCentralWidget(centre)
        lettre = self.fontMetrics()
        self.resize(lettre.averageCharWidth() * 190, lettre.height() * 54)
        if geometrie := self.atelier.reglages.value("fenetre/geometrie"):
            self.restoreGeometry(geometrie)

    def _relier(self) -> None:
        self.navigation.demandee.connect(self.aller)
        self.bande.recherche.connect(self.chercher)
        self.bande.situation_demandee.connect(self.choisir_situation)
        self.atelier.page_demandee.connect(self.aller)
        self.atelier.avis.connect(lambda genre, phrase: self.bandeau.dire(phrase, genre))
        self.atelier.taches.sans_reponse.connect(self.bandeau.dire_erreur)
        recherche = QAction("&Rechercher", self, shortcut=QKeySequence("Ctrl+K"))
        recherche.triggered.connect(self.chercher)
        quitter = QAction("&Quitter", self, shortcut=QKeySequence("Ctrl+Q"))
        quitter.triggered.connect(self.close)
        self._situation = QAction("Changer de situation de facturation…", self, enabled=False)
        self._situation.setData("professionnel")
        self._situation.triggered.connect(self.choisir_situation)
        self.addActions([recherche, quitter, self._situation])
        for texte, touche, pas in (("Texte plus &grand", "Ctrl++", 1), ("Texte plus peti&t", "Ctrl+-", -1)):
            action = QAction(texte, self, shortcut=QKeySequence(touche))
            action.triggered.connect(partial(self._agrandir, pas))
            self.addAction(action)

    def _agrandir(self, pas: int) -> None:
        from .lancement import agrandir

        application = QApplication.instance()
        if isinstance(application, QApplication):
            agrandir(application, self.atelier.reglages, pas)
            icones.recolorer()
            for texte in self.findChildren(Texte):
                texte.mesurer()


def _filet(forme: QFrame.Shape) -> QFrame:
    return QFrame(frameShape=forme, frameShadow=QFrame.Shadow.Sunken)
