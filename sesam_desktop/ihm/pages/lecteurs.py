"""Lecteurs: the poste as it is now, a test reading, the realignment of galss.ini, the trace of the exchanges."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.essai_vu import EssaiVu
from ..composants.etiquette import Etiquette
from ..composants.image_poste import ImagePoste
from ..composants.page_vide import PageVide
from ..composants.realignement import Realignement
from ..composants.tableau import Tableau
from ..composants.terminaux_vus import TerminauxVus
from ..modeles.lecteurs import VuePoste, fondre, relever
from ..modeles.lectures import CARTES
from ..modeles.nouvelles import colonnes_nouvelles
from ..modeles.ssv import avec_pont
from ..modeles.table import ModeleTable
from .page import Page

if TYPE_CHECKING:
    from pathlib import Path

    from sesam_desktop.poste.essai_lecture import EssaiLecture
    from sesam_desktop.poste.inventaire_ssv import EssaiSsv
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.poste.temoin_lectures import Lecture
    from sesam_desktop.poste.terminaux_bilans import Terminal

_FILE = "vue-lecteurs"      # never behind a reading that lasts
_LARGE = 150                # letters: below, the events go under the picture
_PARTS = {Qt.Orientation.Horizontal: [3000, 2000], Qt.Orientation.Vertical: [3000, 1000]}   # picture, events
_SANS_LECTEUR = (
    "Aucun lecteur de cartes n'est branché. Branchez le vôtre directement sur l'ordinateur, avec son propre câble :"
    " il apparaîtra ici de lui-même. S'il est déjà branché, le diagnostic dira ce qui manque."
)


class Releve(NamedTuple):
    """What a worker reads for this page."""

    vue: VuePoste
    lectures: dict[str, Lecture | None]
    trace: Path | None
    bibliotheques: str


class Lecteurs(Page):
    """Readers and cards keep their place while they come and go; nothing here waits for a card."""

    cle, titre = "lecteurs", "Lecteurs"
    ecoute = ("cartes", "configuration", "terminaux")

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self._vue: VuePoste | None = None
        self._essai_en_cours = False
        self._bibliotheques = ""              # folder of the SSV libraries, as set
        self._ssv: EssaiSsv | None = None     # what they last answered
        self._essayees: object = ()    # the cards that were in at the last test
        self._realigner = self.ajouter_action("&Réaligner galss.ini…", "F6", self.realigner, indice="réaligner")
        self._tracer = self.ajouter_action("Tr&acer les échanges", "F7", self.tracer, indice="tracer")
        self._diagnostic = self.ajouter_action(
            "Dia&gnostic", "F8", lambda: atelier.demander("diagnostic", "complet"), icone="diagnostic"
        )
        self.ajouter_action("Te&ster la lecture", "F10", self.essayer, icone="carte", principale=True,
                            indice="tester la lecture")
        self._disposer()

    def rafraichir(self) -> None:
        """Look at the readers again, by a worker."""
        self.atelier.taches.lancer(
            _FILE, lambda _: _relever(self.atelier.poste), resultat=self._montrer, erreur=self.bandeau.dire_erreur,
            proprietaire=self, remplace="vue",
        )
        self.atelier.taches.lancer(   # apart: a reader that is no terminal takes its time to say nothing
            "terminaux", lambda _: self.atelier.poste.terminaux.lister(), resultat=self._montrer_terminaux,
            erreur=lambda _: self._montrer_terminaux([]), proprietaire=self, remplace="terminaux",
        )

    def essayer(self) -> None:
        """F10: read both cards, say who, how long, or why not."""
        if self._essai_en_cours or not self.atelier.ouvert:
            return
        self._essai_en_cours = True
        self.principale.setEnabled(False)  # type: ignore[union-attr]
        self.bandeau.taire()
        self.essai.attendre()
        self.atelier.taches.lancer(
            "lecteurs", lambda _: self.atelier.poste.lecteurs.essayer(), resultat=self._essaye,
            erreur=self._essai_refuse, proprietaire=self,
        )

    def realigner(self) -> None:
        """F6: what would be written in galss.ini; nothing is before the button that says so."""
        if self.atelier.ouvert:
            dialogue = Realignement(self.atelier, self)
            dialogue.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialogue.fait.connect(lambda phrase: self.bandeau.dire(phrase, "succes"))
            dialogue.open()

    def tracer(self) -> None:
        """F7: start or stop the trace."""
        if self.atelier.ouvert:
            lecteurs = self.atelier.poste.lecteurs
            self.atelier.taches.lancer(
                _FILE, lambda _: lecteurs.tracer(lecteurs.trace is None), resultat=self._trace_changee,
                erreur=self.bandeau.dire_erreur, proprietaire=self,
            )

    def hideEvent(self, evenement: QHideEvent) -> None:
        """Readers that left are forgotten with the page; it looks again when it comes back."""
        super().hideEvent(evenement)
        if not evenement.spontaneous():
            self._vue, self._fraiche = None, False
            self.essai.oublier()

    def resizeEvent(self, evenement: QResizeEvent) -> None:
        super().resizeEvent(evenement)
        large = self.width() >= self.fontMetrics().averageCharWidth() * _LARGE
        sens = Qt.Orientation.Horizontal if large else Qt.Orientation.Vertical
        if sens != self._partage.orientation():
            self._partage.setOrientation(sens)
            self._partage.setSizes(_PARTS[sens])

    # -- what is shown ---------------------------------------------------------------------------------------------

    def _montrer(self, releve: Releve) -> None:
        if not self.isVisible():      # left meanwhile: it will look again
            return
        self._vue = fondre(self._vue, releve.vue)
        if releve.bibliotheques != self._bibliotheques:
            self._bibliotheques, self._ssv = releve.bibliotheques, None
        self._dessiner()
        self.nouvelles.remplacer(list(releve.vue.nouvelles), cle=lambda n: n)
        self._montrer_trace(releve.trace)
        if not self._essai_en_cours:
            if self._vue.cartes != self._essayees:    # the name of a patient goes with the card
                self.essai.oublier()
            self.essai.rappeler(releve.lectures)
        self.remplie.emit(None)

    def _dessiner(self) -> None:
        """The picture, or the sentence of an empty poste: a terminal alone is no empty one."""
        if self._vue is not None:
            vue = avec_pont(self._vue, bool(self._bibliotheques), self._ssv)
            self.image.montrer(vue)
            self._pile.setCurrentIndex(0 if vue.vide and self.terminaux.isHidden() else 1)

    def _montrer_terminaux(self, terminaux: list[Terminal]) -> None:
        self.terminaux.montrer(terminaux)
        self._dessiner()

    def _essaye(self, essai: EssaiLecture) -> None:
        self._essai_fini()
        self._essayees = self._vue.cartes if self._vue is not None else ()
        self.essai.montrer(essai)
        self._ssv = essai.ssv
        self._dessiner()

    def _essai_refuse(self, erreur: ErreurConnue) -> None:
        self._essai_fini()
        self.rafraichir()
        self.bandeau.dire_erreur(erreur, suite="Réessayer", action=self.essayer)

    def _essai_fini(self) -> None:
        self._essai_en_cours = False
        self.principale.setEnabled(True)  # type: ignore[union-attr]

    def _trace_changee(self, chemin: Path | None) -> None:
        self._montrer_trace(chemin)
        if chemin is None:     # the button says it
            self.bandeau.taire()
            return
        self.bandeau.dire(
            f"Trace en cours dans {chemin.name} : les commandes, leur durée, la réponse du lecteur. Aucune donnée des"
            " cartes n'y est écrite : ni nom, ni numéro, ni code.",
            suite="Ouvrir le dossier",
            action=lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(chemin.parent))),
        )

    def _montrer_trace(self, chemin: Path | None) -> None:
        self._tracer.setText("Arrêter l&a trace" if chemin else "Tr&acer les échanges")
        self._tracer.setIconText("arrêter la trace" if chemin else "tracer")
        self._trace.ecrire(f"Trace en cours : {chemin.name}" if chemin else "")

    # -- building --------------------------------------------------------------------------------------------------

    def _disposer(self) -> None:
        self.image, self.essai, self._trace = ImagePoste(), EssaiVu(), Etiquette()
        self.terminaux = TerminauxVus()
        self.terminaux.ouvrir.connect(lambda: self.atelier.demander("terminaux"))
        self.nouvelles = Tableau(
            "nouvelles_lecteurs", "Derniers événements", ModeleTable(colonnes_nouvelles()), self.atelier.reglages
        )
        self._partage = QSplitter(Qt.Orientation.Horizontal)
        self._partage.setChildrenCollapsible(False)
        self._partage.addWidget(_colonne(self.image, self.terminaux))
        self._partage.addWidget(_colonne(self.titre_de("Derniers é&vénements", self.nouvelles), self.nouvelles))
        self._partage.setStretchFactor(0, 3)
        self._partage.setStretchFactor(1, 2)
        self._partage.setSizes(_PARTS[Qt.Orientation.Horizontal])
        self._pile = QStackedWidget()
        self._pile.addWidget(PageVide(_SANS_LECTEUR, self._diagnostic))
        self._pile.addWidget(self._partage)
        self._pile.setCurrentIndex(1)
        self.colonne.addWidget(self.bandeau)
        self.colonne.addWidget(self._pile, 1)
        self.colonne.addWidget(self.titre_de("Lecture des cartes"))
        self.colonne.addWidget(self.essai)
        self.colonne.addLayout(self.pied(
            self.bouton(self._realigner), self.bouton(self._tracer), self._trace, droite=self.bouton(self._diagnostic)
        ))


def _colonne(*widgets: QWidget) -> QWidget:
    """Under each other; those that can grow take the room."""
    cadre = QWidget()
    colonne = QVBoxLayout(cadre)
    colonne.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        colonne.addWidget(widget, int(isinstance(widget, QAbstractScrollArea)))
    return cadre


def _relever(poste: Poste) -> Releve:
    """On a worker."""
    temoin = poste.lecteurs.temoin
    lectures = {role: temoin.derniere(role) for role in CARTES}
    return Releve(relever(poste), lectures, poste.lecteurs.trace, poste.configuration.bibliotheques_ssv)
