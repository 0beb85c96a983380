"""Factures: find one, see its life, print a duplicata, correct what was rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from sesam_desktop.factures.depot import Filtre, Resume
from sesam_desktop.factures.facture import FactureSecurisee

from ..atelier import Atelier
from ..composants.apercu_pdf import imprimer
from ..composants.page_vide import PageVide
from ..composants.tableau import Tableau
from ..facturation import lignes
from ..modeles.factures import colonnes_factures, colonnes_historique, lister
from ..modeles.rejets import colonnes_rejets
from ..modeles.rejets import resume as resumer_rejets
from ..modeles.table import ModeleTable
from ..registre.demandes import Demandes
from ..registre.duplicata import Duplicata
from ..registre.etats import A_TORT, AUX_COMPLEMENTAIRES, ChoixEtat
from ..registre.recyclage import Recyclage
from .page import Page

if TYPE_CHECKING:
    from sesam_desktop.factures.depot_dre import ResumeDre
    from sesam_desktop.teletransmission.a_tort import RejetATort

LIMITE = 2000
_FILE, _DEMANDES = "registre", 3      # rank of the tab that says what was asked apart


class Factures(Page):
    """The list at the left, the invoice at the right: its lines, its history, its duplicata."""

    cle, titre = "factures", "Factures"
    ecoute = ("factures", "lots", "retours")

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self._voulue = ""
        self._faire_widgets()
        self._faire_actions()
        self._disposer()

    def rafraichir(self) -> None:
        """List again, by a worker."""
        filtre = self.filtre()
        autre = {A_TORT: self._lister_rejets, AUX_COMPLEMENTAIRES: self._lister_demandes}
        if lister_autre := autre.get(self.etat.currentData()):
            lister_autre()
            return
        self.atelier.taches.lancer(
            _FILE, lambda _: lister(self.atelier.poste, filtre), resultat=self._montrer_liste,
            erreur=self.bandeau.dire_erreur, proprietaire=self, remplace="factures",
        )

    def _lister_rejets(self) -> None:
        self.atelier.taches.lancer(
            _FILE, lambda _: self.atelier.poste.recyclage.rejets_a_tort(), resultat=self._montrer_rejets,
            erreur=self.bandeau.dire_erreur, proprietaire=self, remplace="factures",
        )

    def _montrer_rejets(self, rejets: list[RejetATort]) -> None:
        self.pile.setCurrentWidget(self.rejets)
        self.rejets.remplacer(rejets, cle=lambda r: r.facture)
        self.nombre.setText(resumer_rejets(rejets))
        self._choisir(None)

    def _lister_demandes(self) -> None:
        self.demandes.lister(self.recherche.text().strip(), LIMITE, self._montrer_demandes)

    def _montrer_demandes(self, nombre: int) -> None:
        self._choisir(None)
        self.pile.setCurrentWidget(self.demandes.toutes)
        self.nombre.setText(f"{nombre} demande{'s' if nombre > 1 else ''}" if nombre else "Aucune demande")

    def _ouvrir_facture_de(self, demande: ResumeDre) -> None:
        if demande.fse:
            self.montrer(demande.fse)

    def filtre(self) -> Filtre:
        """What the fields ask for."""
        return Filtre(texte=self.recherche.text().strip(), etats=self.etat.etats(), limite=LIMITE)

    def montrer(self, argument: object) -> None:
        """A number or a name to look for, every invoice that wants somebody, or the rejects contested."""
        self._voulue = "" if self.etat.montrer(argument) else str(argument)
        self.recherche.setText(self._voulue)
        self.rafraichir()

    def _faire_widgets(self) -> None:
        self.recherche = QLineEdit(placeholderText="Nom, numéro de facture ou de sécurité sociale")
        self.recherche.setAccessibleName("Rechercher une facture")
        self.recherche.setClearButtonEnabled(True)
        self._delai = QTimer(self, singleShot=True, interval=150)
        self._delai.timeout.connect(self._au_besoin)
        self.recherche.textChanged.connect(lambda _: self._delai.start())
        self.etat = ChoixEtat()
        self.etat.activated.connect(lambda _: self.rafraichir())
        reglages = self.atelier.reglages
        self.tableau = Tableau("factures", "Factures", ModeleTable(colonnes_factures()), reglages)
        self.tableau.choisie.connect(self._choisir)
        self.lignes = Tableau(
            "facture", "Lignes de la facture", ModeleTable(lignes.colonnes_officine()), reglages, triable=False
        )
        self.historique = Tableau(
            "historique", "Historique de la facture", ModeleTable(colonnes_historique()), reglages, triable=False
        )
        self.duplicata = Duplicata(self.atelier, self)
        self.rejets = Tableau("rejets", "Rejets à tort", ModeleTable(colonnes_rejets()), reglages)
        self.rejets.ouverte.connect(lambda rejet: self.montrer(rejet.facture))
        self.apercu = self.duplicata.apercu
        self.entete = QLabel(wordWrap=True)
        self.nombre = QLabel()

    def _faire_actions(self) -> None:
        self.ajouter_action("&Chercher", "F3|Ctrl+F", self.recherche.setFocus)
        self.recyclage = Recyclage(self.atelier, self, lambda: self.tableau.selection)
        self.corriger, self.demandes = self.recyclage.corriger, Demandes(self.atelier, self)
        self.voir = self.ajouter_action("&Duplicata", "F7", self.montrer_duplicata, icone="facturer")
        self.ajouter_action("&Imprimer le duplicata", "F10", self.imprimer, icone="imprimer", principale=True,
                            indice="imprimer")
        self.ajouter_action("Facturer", "F2", lambda: self.atelier.demander("facturer"))

    def _disposer(self) -> None:
        filtres = QHBoxLayout()
        for titre, champ, poids in (("C&hercher", self.recherche, 3), ("É&tat", self.etat, 1)):
            etiquette = QLabel(titre)
            etiquette.setBuddy(champ)
            filtres.addWidget(etiquette)
            filtres.addWidget(champ, poids)
        self.onglets = QTabWidget()
        self.onglets.setAccessibleName("Facture choisie")
        for titre, onglet in (("&Lignes", self.lignes), ("Hi&storique", self.historique), ("Dupli&cata", self.apercu),
                              ("Co&mplémentaire", self.demandes.tableau)):
            self.onglets.addTab(onglet, titre)
        self.demandes.lues.connect(lambda presentes: self.onglets.setTabVisible(_DEMANDES, presentes))
        self.onglets.currentChanged.connect(lambda rang: self._preparer_duplicata() if rang == 2 else None)
        vide = PageVide("Les factures sécurisées se retrouvent ici, avec leur état jusqu'au paiement.",
                        self.actions()[-1])
        self.pile = QStackedWidget()
        self.pile.addWidget(vide)
        self.pile.addWidget(self._partage())
        self.pile.addWidget(self.rejets)
        self.pile.addWidget(self.demandes.toutes)
        self.demandes.toutes.ouverte.connect(self._ouvrir_facture_de)
        self.colonne.addLayout(filtres)
        self.colonne.addWidget(self.bandeau)
        self.colonne.addWidget(self.pile, 1)
        self.colonne.addLayout(self.pied(self.nombre, droite=self.bouton(self.corriger)))
        self._choisir(None)

    def _partage(self) -> QSplitter:
        partage = QSplitter(Qt.Orientation.Vertical)
        detail = QWidget()
        colonne = QVBoxLayout(detail)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.addWidget(self.entete)
        colonne.addWidget(self.recyclage.cause)
        colonne.addWidget(self.onglets, 1)
        partage.addWidget(self.tableau)
        partage.addWidget(detail)
        partage.setStretchFactor(0, 3)
        partage.setStretchFactor(1, 2)
        return partage

    def _au_besoin(self) -> None:
        if self.atelier.ouvert:
            self.rafraichir()

    def _montrer_liste(self, resumes: list[Resume]) -> None:
        filtre = self.filtre()
        self.pile.setCurrentIndex(1 if resumes or filtre.texte or filtre.etats else 0)
        self.tableau.remplacer(resumes, cle=lambda r: r.numero)
        pluriel = "s" if len(resumes) > 1 else ""
        limite = ", les plus récentes" if len(resumes) == LIMITE else ""
        self.nombre.setText(f"{len(resumes)} facture{pluriel}{limite}" if resumes else "Aucune facture ne correspond")
        if resumes and (self.tableau.courante is None or self._voulue):
            self._voulue = ""
            self.tableau.aller(0)
        elif not resumes:
            self._choisir(None)

    def _choisir(self, resume: Resume | None) -> None:
        for action in (self.voir, self.principale):
            action.setEnabled(resume is not None)  # type: ignore[union-attr]
        self.duplicata.oublier()
        self.recyclage.suivre(resume)
        self.demandes.suivre(resume)
        if resume is None:
            self.entete.clear()
            self.lignes.remplacer([])
            self.historique.remplacer([])
            return
        self.atelier.taches.lancer(
            _FILE, lambda _: self._ouvrir(resume.numero), resultat=lambda lu: self._montrer_facture(resume, *lu),
            erreur=self.bandeau.dire_erreur, proprietaire=self, remplace="facture",
        )

    def _ouvrir(self, numero: str) -> tuple[FactureSecurisee, list[Any]]:
        registre = self.atelier.poste.registre
        return registre.charger(numero), list(registre.historique(numero))

    def _montrer_facture(self, resume: Resume, securisee: FactureSecurisee, evenements: list[Any]) -> None:
        if self.tableau.courante is None or self.tableau.courante.numero != resume.numero:
            return
        facture = securisee.facture
        p = facture.demande.prescription
        prescrit = f"  ·  prescrite par {p.nom or p.prescripteur} le {p.date:%d/%m/%Y}" if p else ""
        vers = facture.destinataire.libelle or facture.destinataire.organisme
        self.entete.setText(f"Facture {resume.numero}  ·  {resume.patient}  ·  {vers}{prescrit}  ·  {resume.libelle}")
        self.lignes.remplacer(lignes.rangees(facture.demande.lignes, facture.tarification))
        self.historique.remplacer(evenements)
        if self.onglets.currentIndex() == 2:
            self._preparer_duplicata()

    # -- duplicata -------------------------------------------------------------------------------------------------

    def montrer_duplicata(self) -> None:
        """F7: the pages as they will be printed."""
        self.onglets.setCurrentIndex(2)

    def imprimer(self) -> None:
        """F10: to the printer, once the document is made."""
        if (resume := self.tableau.courante) is not None:
            self.duplicata.preparer(
                resume.numero, lambda chemin: imprimer(chemin, f"Duplicata {chemin.stem}", self)
            )

    def _preparer_duplicata(self) -> None:
        if (resume := self.tableau.courante) is not None:
            self.duplicata.preparer(resume.numero)
