"""Pièces: prescriptions to scan, attached by button, scanner or drag and drop, with a verdict on their quality."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QSplitter,
    QTabWidget,
)

from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.apercu_pdf import rendre
from ..composants.apercu_piece import ApercuPiece
from ..composants.avancement import Avancement
from ..composants.page_vide import PageVide
from ..composants.pieces_refusees import PiecesRefusees
from ..composants.tableau import Tableau
from ..modeles.pieces import GENRES, colonnes_a_numeriser, colonnes_pieces
from ..modeles.table import ModeleTable
from .page import Page

_NUMERISEUR = "pieces/numeriseur"
FILTRE = "Images et PDF (*.png *.jpg *.jpeg *.tif *.tiff *.bmp *.pdf)"


class Pieces(Page):
    """At the left what is missing and what is kept, at the right the page itself and what is thought of it."""

    cle, titre = "pieces", "Pièces"
    ecoute = ("pieces", "factures")

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self._dossier = tempfile.TemporaryDirectory(prefix="sesam-pieces-", ignore_cleanup_errors=True)
        self._numero = 0
        self.setAcceptDrops(True)
        self._faire_widgets()
        self._refusees = PiecesRefusees(self)
        self._numeriser = self.ajouter_action("&Numériser", "F7", self.numeriser, icone="pieces")
        self.ajouter_action("&Joindre un fichier…", "F10", self.choisir, icone="ajouter", principale=True,
                            indice="joindre")
        self._disposer()

    def rafraichir(self) -> None:
        """Both lists, by a worker."""
        self.atelier.taches.lancer(
            "pieces", lambda _: self._lister(), resultat=lambda lu: self._montrer(*lu),
            erreur=self.bandeau.dire_erreur, proprietaire=self, remplace="pieces",
        )

    def montrer(self, argument: object) -> None:
        """The prescriptions to scan."""
        self.listes.setCurrentIndex(0)
        self.manquantes.setFocus(Qt.FocusReason.OtherFocusReason)

    def choisir(self) -> None:
        """F10: files for the invoices chosen."""
        if self._numeros() is not None:
            chemins, _ = QFileDialog.getOpenFileNames(self, "Joindre une ordonnance", "", FILTRE)
            self.joindre([Path(c) for c in chemins])

    def joindre(self, chemins: list[Path]) -> None:
        """Measure the files, then attach them to the invoices chosen; what is wrong is said beside them."""
        numeros = self._numeros()
        if not chemins or numeros is None:
            return
        genre = self.genre.currentData()
        self.atelier.taches.lancer(
            "pieces", lambda _: self._ajouter(numeros, chemins, genre), resultat=self._jointe,
            erreur=lambda e: self.verdict.dire_erreur(e, suite="Autre fichier", action=self.choisir),
            proprietaire=self,
        )

    def numeriser(self) -> None:
        """F7: one page from the scanner, then attach it."""
        if self._numeros() is None or self.avancement.actif:
            return
        tache = self.atelier.taches.lancer(
            "scanner", lambda _: self._chercher_numeriseurs(), resultat=self._choisir_numeriseur,
            erreur=self._non_numerisee, proprietaire=self,
        )
        self.avancement.suivre(tache, "Recherche des numériseurs")

    def dragEnterEvent(self, evenement: QDragEnterEvent) -> None:
        if evenement.mimeData().hasUrls():
            evenement.acceptProposedAction()

    def dropEvent(self, evenement: QDropEvent) -> None:
        self.joindre([Path(url.toLocalFile()) for url in evenement.mimeData().urls() if url.isLocalFile()])

    def _faire_widgets(self) -> None:
        reglages = self.atelier.reglages
        self.manquantes = Tableau(
            "a_numeriser", "Ordonnances à numériser", ModeleTable(colonnes_a_numeriser()), reglages
        )
        self.gardees = Tableau("pieces", "Pièces gardées", ModeleTable(colonnes_pieces()), reglages)
        self.gardees.choisie.connect(self._montrer_piece)
        self.apercu, self.avancement = ApercuPiece(), Avancement()
        self.verdict = self.apercu.verdict
        self.numeriseur = QComboBox()
        self.numeriseur.setAccessibleName("Numériseur")
        self.numeriseur.hide()
        self.numeriseur.activated.connect(lambda _: reglages.setValue(_NUMERISEUR, self.numeriseur.currentData()))
        self.genre = QComboBox()
        self.genre.setAccessibleName("Genre de pièce")
        for code, titre in GENRES:
            self.genre.addItem(titre, code)

    def _disposer(self) -> None:
        self.listes = QTabWidget()
        self.listes.setAccessibleName("Listes")
        self.listes.addTab(self.manquantes, "À n&umériser")
        self.listes.addTab(self.gardees, "&Gardées")
        self._partage = QSplitter(Qt.Orientation.Horizontal)
        self._partage.addWidget(self.listes)
        self._partage.addWidget(self.apercu)
        lettre = self.fontMetrics().averageCharWidth()
        self._partage.setSizes([lettre * 110, lettre * 70])
        self.vide = PageVide(
            "Les ordonnances des factures signées se joignent ici, puis partent à la caisse. Rien n'est à numériser."
        )
        self.colonne.addWidget(self.bandeau)
        self.colonne.addWidget(self._partage, 1)
        self.colonne.addWidget(self.vide, 1)
        self.colonne.addWidget(self.avancement)
        self.colonne.addLayout(self.pied(self.genre, self.bouton(self._numeriser), self.numeriseur))
        self._vider(True)

    def _lister(self) -> tuple[list[Any], list[Any]]:
        service = self.atelier.poste.pieces
        return list(service.a_numeriser()), list(service.lister())

    def _montrer(self, manquantes: list[Any], gardees: list[Any]) -> None:
        self.manquantes.remplacer(manquantes, cle=lambda r: r.numero)
        self.gardees.remplacer(gardees, cle=lambda p: p.id)
        self._refusees.suivre(self.gardees.courante)
        self.listes.setTabText(0, f"À n&umériser ({len(manquantes)})")
        self.listes.setTabText(1, f"&Gardées ({len(gardees)})")
        if manquantes and self.manquantes.courante is None:
            self.manquantes.aller(0)
        self._vider(not manquantes and not gardees)

    def _vider(self, vide: bool) -> None:
        self.vide.setVisible(vide)
        self._partage.setVisible(not vide)
        for action in (self._numeriser, self.principale):
            action.setEnabled(not vide)  # type: ignore[union-attr]

    def _numeros(self) -> list[str] | None:
        """Invoices the piece goes with, or None with the sentence that says what is missing."""
        numeros = [r.numero for r in self.manquantes.selection]
        if self.listes.currentIndex() != 0 or not numeros:
            self.listes.setCurrentIndex(0)
            self.bandeau.dire("Choisissez d'abord la ou les factures de cette ordonnance.")
            return None
        self.bandeau.taire()
        return numeros

    def _ajouter(self, numeros: list[str], chemins: list[Path], genre: str) -> tuple[Any, Any, list[QImage]]:
        service = self.atelier.poste.pieces
        qualite = service.verifier(chemins[0])
        piece = service.ajouter(numeros, chemins, genre)
        return piece, qualite, rendre(self._chemin(piece.id))

    def _chemin(self, identifiant: int) -> Path:
        """The PDF of a piece, on this machine while the page lives."""
        chemin = Path(self._dossier.name) / f"{identifiant}.pdf"
        chemin.write_bytes(self.atelier.poste.pieces.contenu(identifiant))
        return chemin

    def _relire(self, identifiant: int) -> tuple[list[QImage], Any]:
        chemin = self._chemin(identifiant)
        return rendre(chemin), self.atelier.poste.pieces.verifier(chemin)

    def _jointe(self, fait: tuple[Any, Any, list[QImage]]) -> None:
        piece, qualite, images = fait
        self.apercu.montrer(images, qualite, f"Pièce jointe à la facture {', '.join(piece.factures)}. ")

    def _montrer_piece(self, piece: Any) -> None:
        self._refusees.suivre(piece)
        if piece is None:
            return
        self.verdict.taire()
        self.atelier.taches.lancer(
            "pieces", lambda _: self._relire(piece.id), resultat=lambda lu: self.apercu.montrer(*lu),
            erreur=self.verdict.dire_erreur, proprietaire=self, remplace="aperçu",
        )

    def _chercher_numeriseurs(self) -> list[Any]:
        trouves = list(self.atelier.poste.pieces.numeriseurs())
        if not trouves:
            raise ErreurConnue("Aucun numériseur n'est branché sur ce poste.", code="NUMERISEUR_ABSENT",
                               action="Branchez-le et allumez-le, ou joignez un fichier.")
        return trouves

    def _choisir_numeriseur(self, trouves: list[Any]) -> None:
        """Scan at once with the only scanner, or the one used last; otherwise ask which one."""
        self.avancement.finir()
        voulu = self.numeriseur.currentData() or self.atelier.reglages.value(_NUMERISEUR)
        self.numeriseur.clear()
        for numeriseur in trouves:
            self.numeriseur.addItem(numeriseur.libelle, numeriseur.nom)
        self.numeriseur.setVisible(len(trouves) > 1)
        connu = self.numeriseur.findData(voulu)
        self.numeriseur.setCurrentIndex(max(0, connu))
        if len(trouves) > 1 and connu < 0:
            self.verdict.dire("Plusieurs numériseurs sont branchés : choisissez le vôtre en bas, puis F7.")
            self.numeriseur.setFocus()
            self.atelier.reglages.setValue(_NUMERISEUR, self.numeriseur.currentData())
            return
        self._lancer_numerisation(self.numeriseur.currentData())

    def _lancer_numerisation(self, nom: str) -> None:
        self._numero += 1
        chemin = Path(self._dossier.name) / f"page-{self._numero}.png"
        tache = self.atelier.taches.lancer(
            "scanner", lambda t: self.atelier.poste.pieces.numeriser(nom, chemin, t.annulee),
            resultat=self._numerisee, erreur=self._non_numerisee, proprietaire=self,
        )
        self.avancement.suivre(tache, "Numérisation en cours")

    def _numerisee(self, chemin: Path) -> None:
        self.avancement.finir()
        self.joindre([chemin])

    def _non_numerisee(self, erreur: ErreurConnue) -> None:
        self.avancement.finir()
        self.verdict.dire_erreur(erreur, suite="Réessayer", action=self.numeriser)
