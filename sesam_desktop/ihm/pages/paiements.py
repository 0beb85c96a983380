"""Paiements: what is due and by whom, payments announced beside the bank's lines, movements, what is late."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QLabel, QStackedWidget, QTabWidget

from sesam_desktop.teletransmission.reglages_comptes import reglages as reglages_comptes

from ..atelier import Atelier
from ..composants.confirmation import confirmer
from ..composants.page_vide import PageVide
from ..composants.periode import Periode
from ..composants.tableau import Tableau
from ..comptes.groupes import Groupes
from ..comptes.virements import Virements
from ..modeles import paiements as modele
from ..modeles import paiements_phrases as phrases
from ..modeles.bilans import Avis
from ..modeles.table import Colonne, ModeleTable
from .travaux import PageTravaux

if TYPE_CHECKING:
    from datetime import date

    from sesam_desktop.teletransmission.depot_banque import LigneVue

DUS, VIREMENTS, MOUVEMENTS, RELANCES = ONGLETS = ("dus", "virements", "mouvements", "relances")
_TITRES = {DUS: "D&us", VIREMENTS: "&Virements", MOUVEMENTS: "&Mouvements", RELANCES: "&Relances"}


class Paiements(PageTravaux):
    """One tab a question; only the one shown is read."""

    cle, titre = "paiements", "Paiements"
    ecoute = ("retours", "factures", "paiements", "lots")
    file, interruptible = "comptes", False

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        ajouter = self.ajouter_action
        self._voir_dus = ajouter("Voir les dus", "F3", lambda: self.montrer(DUS))
        self._classer = ajouter("C&lasser la ligne", "F4", self.classer, icone="retirer", indice="classer la ligne")
        self._lier = ajouter("Ra&pprocher", "F5", self.lier, icone="fait")
        self._delier = ajouter("Défaire le rapprochement", "F6", self.delier, icone="annuler", indice="défaire")
        ajouter("E&xporter la période…", "F7", self.exporter, icone="exporter", indice="exporter")
        self._relancer = ajouter("Relancer l'organisme…", "F8", self.relancer, icone="envoyer", indice="relancer")
        ajouter("&Importer un relevé…", "F10", self.importer, icone="importer", principale=True,
                indice="importer un relevé")
        self._transmettre = ajouter("Télétransmettre", "F9", lambda: atelier.demander("teletransmission"))
        self._faire_widgets()
        self._disposer()
        self._suivre()

    # -- what is shown ---------------------------------------------------------------------------------------------

    def rafraichir(self) -> None:
        """The tab shown, by a worker."""
        lire, montrer = self._lectures[ONGLETS[self.onglets.currentIndex()]]
        bornes = self.periode.bornes      # fields are read here, not by the worker
        self.atelier.taches.lancer(
            self.file, lambda _: lire(bornes), resultat=montrer, erreur=self.bandeau.dire_erreur, proprietaire=self,
            remplace="paiements",
        )

    def montrer(self, argument: object) -> None:
        """One of the tabs, by its name."""
        if argument in ONGLETS:
            self.onglets.setCurrentIndex(ONGLETS.index(str(argument)))

    def _lire_virements(self, bornes: tuple[date, date]) -> tuple[list[Any], list[Any]]:
        poste = self.atelier.poste
        annonces = poste.paiements.virements(*modele.annonces(*bornes))
        return modele.virements_nommes(poste, annonces), poste.paiements.lignes()

    def _montrer_dus(self, lus: modele.Dus) -> None:
        self.resume.setText(phrases.resume_dus(lus.balances))
        self.dus.montrer(lus.balances, lambda v: v.balance.debiteur, lambda v: lus.par_debiteur[v.balance.debiteur])

    def _montrer_virements(self, lus: tuple[list[Any], list[Any]]) -> None:
        a_faire = sum(ligne.etat == "a_rapprocher" for ligne in lus[1])
        ecarts = sum(virement.etat == "ecart" for virement in lus[0])
        self.resume.setText(phrases.resume_virements(len(lus[0]), a_faire, ecarts))
        self.virements.montrer(*lus)

    def _montrer_mouvements(self, mouvements: list[Any]) -> None:
        self.resume.setText(phrases.resume_mouvements(mouvements))
        self.mouvements.remplacer(mouvements)
        self._pile_mouvements.setCurrentIndex(0 if mouvements else 1)

    def _montrer_relances(self, relances: list[modele.RelanceVue]) -> None:
        self.resume.setText(phrases.resume_relances(relances))
        self.relances.montrer(relances, lambda v: v.relance.debiteur, lambda v: list(v.relance.dus))

    def occuper(self) -> None:
        """What the tab and its rows allow."""
        self.principale.setEnabled(not self.avancement.actif)  # type: ignore[union-attr]
        self._suivre()

    def _suivre(self) -> None:
        onglet, libre = ONGLETS[self.onglets.currentIndex()], not self.avancement.actif
        ligne: LigneVue | None = self.virements.lignes.courante if onglet == VIREMENTS else None
        virement = self.virements.virements.courante if onglet == VIREMENTS else None
        libre_ici = libre and ligne is not None and ligne.etat == "a_rapprocher"
        self._lier.setEnabled(libre_ici and virement is not None)
        self._classer.setEnabled(libre_ici)
        self._delier.setEnabled(libre and ligne is not None and ligne.etat != "a_rapprocher")
        self._relancer.setEnabled(libre and onglet == RELANCES and self.relances.groupes.courante is not None)
        for action, bouton in self._boutons.items():
            bouton.setVisible((onglet == RELANCES) if action is self._relancer else onglet == VIREMENTS)

    # -- what is done ----------------------------------------------------------------------------------------------

    def importer(self) -> None:
        """F10: a statement of the bank; what can be matched is."""
        chemin, _ = QFileDialog.getOpenFileName(self, "Importer un relevé", "", "Relevés (*.csv *.ofx *.txt);;Tous (*)")
        if chemin:
            self.montrer(VIREMENTS)
            self._travailler("Lecture du relevé", lambda s: s.importer_releve(Path(chemin)), phrases.importe)

    def lier(self) -> None:
        """F5: the rows chosen on each side."""
        lignes = [ligne.id for ligne in self.virements.lignes.selection]
        virements = [virement.id for virement in self.virements.virements.selection]
        self._travailler("Rapprochement", lambda s: s.lier(lignes, virements), lambda _: Avis("Lignes rapprochées."))

    def delier(self) -> None:
        """F6: the whole group of the line chosen; a line dismissed comes back."""
        if (ligne := self.virements.lignes.courante) is not None:
            self._travailler("Séparation", lambda s: s.delier(ligne.id), lambda _: Avis("Rapprochement défait."))

    def classer(self) -> None:
        """F4: a line that is no fund's money; F6 brings it back."""
        if (ligne := self.virements.lignes.courante) is not None:
            self._travailler("Classement", lambda s: s.classer_ligne(ligne.id), lambda _: Avis("Ligne classée."))

    def relancer(self) -> None:
        """F8: the list to send to an organisme, and the note on each invoice."""
        vue = self.relances.groupes.courante
        if vue is not None:
            confirmer(
                self, "Relancer l'organisme",
                f"La liste de ce que {vue.nom} doit en retard sera écrite dans un dossier, et la relance notée sur"
                " chaque facture.", "&Relancer", lambda _: self._ecrire_relance(vue),
            )

    def exporter(self) -> None:
        """F7: invoices, payments, transfers, movements of the period, for the accountant."""
        debut, fin = self.periode.bornes
        dossier = QFileDialog.getExistingDirectory(self, "Dossier des comptes à écrire")
        if dossier:
            self._travailler("Export des comptes", lambda s: _exporter(s, Path(dossier), debut, fin), phrases.exporte)

    def _ecrire_relance(self, vue: modele.RelanceVue) -> None:
        dossier = QFileDialog.getExistingDirectory(self, "Dossier de la relance")
        if dossier:
            self._travailler("Relance", lambda s: s.relancer(vue.relance, Path(dossier)),
                             lambda chemin: phrases.relance_ecrite(chemin, vue.relance))

    def _travailler(self, titre: str, geste: Any, dire: Any) -> None:
        service = self.atelier.poste.paiements
        self.lancer(titre, lambda _: geste(service), dire)

    # -- building --------------------------------------------------------------------------------------------------

    def _faire_widgets(self) -> None:
        self.periode, self.resume = Periode("trimestre"), QLabel(wordWrap=True)
        self.periode.changee.connect(self._au_besoin)
        self.dus = Groupes(
            self._tableau("balances", "Ce que chaque organisme doit", modele.colonnes_balances(_tranches())),
            self._factures("dus", "Parts de facture dues"), "Fac&tures dues",
            PageVide("Ce que les caisses et les complémentaires doivent se lit ici, par ancienneté, dès le premier"
                     " envoi.", self._transmettre),
        )
        self.virements = Virements(self.atelier, PageVide(
            "Les virements annoncés par les retours se rapprochent ici des lignes de la banque.", self.principale))
        self.virements.change.connect(self._suivre)
        self.mouvements = self._factures("mouvements", "Mouvements", modele.colonnes_mouvements())
        self.relances = Groupes(
            self._tableau("relances", "Organismes en retard", modele.colonnes_relances()),
            self._factures("retards", "Parts de facture en retard"), "Fac&tures en retard",
            PageVide("Ce qui tarde à être payé se liste ici, organisme par organisme. Rien n'est en retard.",
                     self._voir_dus),
        )
        self.relances.choisi.connect(lambda _: self._suivre())

    def _tableau(self, nom: str, titre: str, colonnes: list[Colonne]) -> Tableau:
        return Tableau(nom, titre, ModeleTable(colonnes), self.atelier.reglages)

    def _factures(self, nom: str, titre: str, colonnes: list[Colonne] | None = None) -> Tableau:
        """A table of which Enter opens the invoice."""
        tableau = self._tableau(nom, titre, colonnes or modele.colonnes_dus())
        tableau.ouverte.connect(lambda r: self.atelier.demander("factures", r.facture) if r.facture else None)
        return tableau

    def _disposer(self) -> None:
        self._pile_mouvements = QStackedWidget()
        self._pile_mouvements.addWidget(self.mouvements)
        self._pile_mouvements.addWidget(PageVide(
            "Les retenues, les indus et les forfaits que les retours annoncent sans facture se lisent ici.",
            self._transmettre))
        vues = {DUS: self.dus, VIREMENTS: self.virements, MOUVEMENTS: self._pile_mouvements, RELANCES: self.relances}
        self._lectures: dict[str, tuple[Any, Any]] = {
            DUS: (lambda _: modele.lire_dus(self.atelier.poste), self._montrer_dus),
            VIREMENTS: (self._lire_virements, self._montrer_virements),
            MOUVEMENTS: (lambda bornes: self.atelier.poste.paiements.mouvements(*modele.annonces(*bornes)),
                         self._montrer_mouvements),
            RELANCES: (lambda _: modele.relances_vues(self.atelier.poste), self._montrer_relances),
        }
        self.onglets = QTabWidget()
        self.onglets.setAccessibleName("Paiements")
        for cle, vue in vues.items():
            self.onglets.addTab(vue, _TITRES[cle])
        self._boutons = {action: self.bouton(action) for action in (self._classer, self._lier, self._relancer)}
        self.onglets.currentChanged.connect(lambda _: self._au_besoin())
        for widget, part in ((self.periode, 0), (self.bandeau, 0), (self.resume, 0), (self.onglets, 1),
                             (self.avancement, 0)):
            self.colonne.addWidget(widget, part)
        self.colonne.addLayout(self.pied(*self._boutons.values()))

    def _au_besoin(self) -> None:
        self._suivre()
        if self.atelier.ouvert:
            self.rafraichir()


def _tranches() -> tuple[int, ...]:
    return reglages_comptes().tranches


def _exporter(service: Any, dossier: Path, debut: Any, fin: Any) -> list[Path]:
    """A workbook and, for those who have no spreadsheet, CSV files."""
    return [*service.exporter(dossier, debut, fin), *service.exporter(dossier, debut, fin, xlsx=False)]
