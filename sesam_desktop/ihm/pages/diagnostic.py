"""Diagnostic: can this poste work? A verdict, what to correct and how, what changed since the last look."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel

from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.confirmation import confirmer
from ..composants.constats import Constats
from ..composants.etats import MotEtat
from ..modeles.diagnostic import VERDICTS, grouper, phrase_delta
from ..modeles.lectures import moment
from .page import Page

if TYPE_CHECKING:
    from sesam_desktop.poste.diagnostic import Constat, Delta, Diagnostic

    Examen = tuple[Diagnostic, Delta | None]

PASSIF, COMPLET = "passif", "complet"
_FILES = {PASSIF: "diagnostic", COMPLET: "lecteurs"}   # only a whole examination talks to the cards
_COMMUNS = "Ces fichiers, que d'autres logiciels lisent aussi, seront écrits ; ce qu'ils contenaient est gardé à côté :"
_GENRES = {PASSIF: "Examen sans toucher aux cartes", COMPLET: "Examen complet"}


class PageDiagnostic(Page):
    """Opens on an examination that touches no card; F10 looks at everything."""

    cle, titre = "diagnostic", "Diagnostic"

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self.diagnostic: Diagnostic | None = None
        self._etendue = self._demandee = PASSIF      # of the examination shown, of the last one asked
        self._enregistrer = self.ajouter_action(
            "Enregistrer le rapport pour l'&assistance…", "F6", self.choisir_fichier, icone="exporter",
            indice="enregistrer le rapport",
        )
        self._passif = self.ajouter_action(
            "Examiner &sans toucher aux cartes", "F5", lambda: self.examiner(PASSIF), indice="examiner sans cartes"
        )
        self.ajouter_action("E&xaminer le poste", "F10", lambda: self.examiner(COMPLET), icone="diagnostic",
                            principale=True, indice="examiner le poste")
        self._disposer()

    def rafraichir(self) -> None:
        """The first look at this page examines what can be without a card."""
        if self.diagnostic is None:
            self.examiner(PASSIF)

    def montrer(self, argument: object) -> None:
        """Asked from elsewhere: everything."""
        self.examiner(COMPLET)

    def examiner(self, etendue: str) -> None:
        """Look again; the constats shown stay until the answer. Two looks of one extent are compared."""
        if not self.atelier.ouvert:
            return
        self._travailler("Examen du poste…")
        self._demandee = etendue
        avant = self.diagnostic if etendue == self._etendue else None
        self.atelier.taches.lancer(
            _FILES[etendue], lambda _: self._examiner(avant, etendue), erreur=self._echouer,
            resultat=lambda lu: self._montrer(lu[0], lu[1], etendue), proprietaire=self, remplace="diagnostic",
        )

    def reparer(self, constat: Constat) -> None:
        """One repair, once confirmed with the files that other software reads too; then the poste is examined again."""
        from sesam_desktop.poste import diagnostic

        self.atelier.taches.lancer(
            "diagnostic", lambda _: diagnostic.fichiers_communs(self.atelier.poste, constat),
            resultat=lambda chemins: self._confirmer(constat, chemins), erreur=self.bandeau.dire_erreur,
            proprietaire=self, remplace="reparation",
        )

    def _confirmer(self, constat: Constat, chemins: list[Path]) -> None:
        phrase = f"{constat.titre}\n\n{constat.action}"
        if chemins:
            phrase += f"\n\n{_COMMUNS}\n" + "\n".join(str(chemin) for chemin in chemins)
        confirmer(self, "Réparer", phrase, "&Réparer", lambda _: self._reparer(constat))

    def choisir_fichier(self) -> None:
        """F6: where to write what may be sent to the support."""
        if self.diagnostic is None:
            self.bandeau.dire("Examinez d'abord le poste.")
            return
        nom = f"diagnostic-{datetime.now():%Y%m%d-%H%M}.txt"  # noqa: DTZ005 - the counter's own time
        chemin, _ = QFileDialog.getSaveFileName(self, "Enregistrer le rapport", nom, "Texte (*.txt)")
        if chemin:
            self.enregistrer(self.diagnostic, Path(chemin))

    def enregistrer(self, diagnostic: Diagnostic, chemin: Path) -> None:
        """Write the masked report."""
        self.atelier.taches.lancer(
            "diagnostic", lambda _: self._ecrire(diagnostic, chemin), erreur=self.bandeau.dire_erreur,
            resultat=lambda _: self.bandeau.dire(
                f"Rapport enregistré dans {chemin}. Noms, numéros et codes y sont masqués.", "succes"
            ),
            proprietaire=self,
        )

    # -- on a worker -----------------------------------------------------------------------------------------------

    def _examiner(self, avant: Diagnostic | None, etendue: str) -> Examen:
        from sesam_desktop.poste import diagnostic

        apres = diagnostic.diagnostiquer(self.atelier.poste, passif=etendue == PASSIF)
        return apres, diagnostic.comparer(avant, apres) if avant is not None else None

    def _ecrire(self, lu: Diagnostic, chemin: Path) -> None:
        from sesam_desktop.base.fichiers import remplacer
        from sesam_desktop.poste import diagnostic

        remplacer(chemin, diagnostic.rapport(self.atelier.poste, lu).encode("utf-8"))

    # -- what is shown ---------------------------------------------------------------------------------------------

    def _travailler(self, texte: str) -> None:
        self.bandeau.taire()
        self.verdict.montrer("en cours", texte)
        self._libre(False)

    def _montrer(self, lu: Diagnostic, delta: Delta | None, etendue: str) -> None:
        if etendue != self._demandee:    # another one was asked meanwhile
            return
        self._libre(True)
        self.diagnostic, self._etendue = lu, etendue
        jugement = lu.jugement
        self.verdict.montrer(VERDICTS[jugement.verdict.value], jugement.phrase)
        maintenant = datetime.now().astimezone()
        suite = f" {phrase_delta(delta)}" if delta is not None else ""
        self.circonstances.setText(f"{_GENRES[etendue]}, {moment(maintenant, maintenant.date())}.{suite}")
        self.secondaires.setText("\n".join(jugement.secondaires))
        self.secondaires.setVisible(bool(jugement.secondaires))
        self.constats.montrer(grouper(lu.constats, delta))
        self.remplie.emit(None)

    def _echouer(self, erreur: ErreurConnue) -> None:
        self._libre(True)
        self.verdict.montrer("à corriger", "L'examen n'a pas abouti.")
        self.bandeau.dire_erreur(erreur, suite="Réessayer", action=lambda: self.examiner(self._demandee))

    def _reparer(self, constat: Constat) -> None:
        from sesam_desktop.poste import diagnostic

        self._travailler("Réparation en cours…")
        self.atelier.taches.lancer(
            "lecteurs", lambda _: diagnostic.reparer(self.atelier.poste, constat), resultat=self._repare,
            erreur=self._non_repare, proprietaire=self,
        )

    def _repare(self, apres: Constat) -> None:
        self.examiner(self._etendue)
        self.bandeau.dire(f"{apres.titre} {apres.action}".strip(), _genre(apres), code=apres.code)

    def _non_repare(self, erreur: ErreurConnue) -> None:
        self.examiner(self._etendue)
        self.bandeau.dire_erreur(erreur)

    def _libre(self, libre: bool) -> None:
        for action in (self.principale, self._passif, self._enregistrer):
            action.setEnabled(libre)  # type: ignore[union-attr]
        self.constats.setEnabled(libre)

    def _disposer(self) -> None:
        self.verdict = MotEtat(entier=True, facteur=1.3)
        self.verdict.montrer("à faire", "F10 examine le poste : disque, base, tables, lecteurs, cartes, messagerie.")
        self.circonstances, self.constats = QLabel(wordWrap=True), Constats()
        self.secondaires = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.secondaires.hide()
        self.constats.reparer.connect(self.reparer)
        for widget in (self.verdict, self.secondaires, self.circonstances, self.bandeau):
            self.colonne.addWidget(widget)
        self.colonne.addWidget(self.constats, 1)
        self.colonne.addLayout(self.pied(self.bouton(self._enregistrer), droite=self.bouton(self._passif)))


def _genre(constat: Constat) -> str:
    return {"KO": "erreur", "WARN": "avertissement", "INFO": "succes"}[constat.niveau.value]
