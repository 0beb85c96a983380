"""What one does of an invoice that came back: correct it, send it on paper, contest the reject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from sesam_desktop.factures.cycle import A_METTRE_EN_LOT, Etat
from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.confirmation import confirmer
from ..modeles import rejets as modele
from ..modeles.correction import REVENUES, ACorriger, MotifVu, a_refaire, lire_correction
from ..pages.page import Page
from .cause import Cause

if TYPE_CHECKING:
    from sesam_desktop.factures.depot import Resume
    from sesam_desktop.teletransmission.papier import Feuilles

_FILE = "registre"
# A sheet on paper replaces an electronic one that did not leave, that a server gave back, or that was not accepted.
_SUR_PAPIER = (Etat.TARIFEE, Etat.SIGNEE_PS, Etat.EN_LOT, Etat.TRANSMISE, Etat.REFUSEE, Etat.REJETEE)


class Recyclage(QObject):
    """Three actions of the page Factures, and the panel that says why the invoice chosen came back."""

    def __init__(self, atelier: Atelier, page: Page, selection: Callable[[], list[Resume]]) -> None:
        super().__init__(page)
        self._atelier, self._page, self._selection = atelier, page, selection
        self._resume: Resume | None = None
        self.cause = Cause()
        ajouter = page.ajouter_action
        self.corriger = ajouter("Co&rriger", "F6", self.refaire, icone="annuler", indice="corriger")
        self.papier = ajouter("Envoyer sur &papier…", "F8", self.envoyer_sur_papier, icone="imprimer",
                              indice="sur papier")
        self.contester = ajouter("Rejet à tort…", "F9", self.dire_a_tort, icone="question", indice="à tort")
        self.cause.proposer(page.bouton(self.papier), page.bouton(self.contester))

    def suivre(self, resume: Resume | None) -> None:
        """Another invoice is chosen."""
        self._resume = resume
        self.cause.montrer(())
        revenue = resume is not None and resume.etat in REVENUES
        self.corriger.setEnabled(revenue or (resume is not None and resume.etat in A_METTRE_EN_LOT))
        self.contester.setEnabled(revenue)
        self.papier.setEnabled(resume is not None and resume.etat in _SUR_PAPIER)
        if resume is not None and revenue:
            self._atelier.taches.lancer(
                _FILE, lambda _: lire_correction(self._atelier.poste, resume.numero),
                resultat=lambda lue: self._expliquer(resume, lue.motifs), erreur=self._page.bandeau.dire_erreur,
                proprietaire=self, remplace="cause",
            )

    def refaire(self) -> None:
        """F6: the same request, to be corrected and secured, the reason said beside."""
        resume = self._resume
        if resume is not None:
            self._atelier.taches.lancer(
                _FILE, lambda _: a_refaire(self._atelier.poste, resume.numero), resultat=self._reprendre,
                erreur=self._page.bandeau.dire_erreur, proprietaire=self,
            )

    def envoyer_sur_papier(self) -> None:
        """F8: duplicatas and bordereaux of the selected invoices, and of the rest of a lot that no server took."""
        if self._resume is None:
            return
        numeros = [resume.numero for resume in self._selection()] or [self._resume.numero]
        self._atelier.taches.lancer(
            _FILE, lambda _: self._atelier.poste.recyclage.feuilles(numeros), resultat=self._demander_papier,
            erreur=self._page.bandeau.dire_erreur, proprietaire=self, remplace="papier",
        )

    def _demander_papier(self, feuilles: Feuilles) -> None:
        """Asked first, as it is not undone."""
        phrase, verbe = modele.question_papier(feuilles)
        confirmer(self._page, "Envoyer sur papier", phrase, verbe, lambda _: self._choisir_dossier(feuilles.factures))

    def dire_a_tort(self) -> None:
        """F9: contest the reject, with the reason that goes with the claim."""
        resume = self._resume
        if resume is not None:
            confirmer(
                self._page, "Rejet à tort",
                f"La facture {resume.numero} rejoindra la liste des rejets à tort, avec ce qui est réclamé.",
                "&Contester le rejet", lambda raison: self._contester(resume.numero, raison),
                champ="&Pourquoi ce rejet est à tort", minimum=3,
            )

    def _choisir_dossier(self, numeros: Sequence[str]) -> None:
        dossier = QFileDialog.getExistingDirectory(self._page, "Dossier des duplicatas et du bordereau")
        if dossier:
            self._imprimer(numeros, Path(dossier))

    def _imprimer(self, numeros: Sequence[str], dossier: Path, *, non_recues: bool = False) -> None:
        def refuse(erreur: ErreurConnue) -> None:
            if erreur.code == "PAPIER_A_CONFIRMER":
                confirmer(
                    self._page, "Envoyer sur papier", erreur.phrase(), "La caisse n'a &rien reçu : imprimer",
                    lambda _: self._imprimer(numeros, dossier, non_recues=True),
                )
            else:
                self._page.bandeau.dire_erreur(erreur)

        self._lancer(
            lambda: self._atelier.poste.recyclage.sur_papier(numeros, dossier, non_recues=non_recues),
            lambda envois: modele.sur_papier(envois, dossier), refuse,
        )

    def _contester(self, numero: str, raison: str) -> None:
        self._lancer(lambda: self._atelier.poste.recyclage.contester(numero, raison), lambda _: modele.conteste(numero))

    def _lancer(self, geste: Any, dire: Any, refuse: Any = None) -> None:
        def finir(fait: Any) -> None:
            avis = dire(fait)
            self._page.bandeau.dire(avis.phrase, avis.genre)

        self._atelier.taches.lancer(_FILE, lambda _: geste(), resultat=finir,
                                    erreur=refuse or self._page.bandeau.dire_erreur, proprietaire=self)

    def _expliquer(self, resume: Resume, motifs: tuple[MotifVu, ...]) -> None:
        if self._resume is resume:
            self.cause.montrer(motifs)

    def _reprendre(self, correction: ACorriger) -> None:
        self._atelier.demander("facturer", correction)
