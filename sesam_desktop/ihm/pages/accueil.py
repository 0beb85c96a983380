"""Accueil: what is to be done today, the cards, the age of the tables, the figures, and one key to each job."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.chiffres import Chiffres, Somme, relever
from ..composants.disposition import vider
from ..composants.etats import MotEtat
from ..composants.ligne_a_faire import LigneAFaire
from ..modeles.diagnostic import etat_de
from .page import A_REPRENDRE_DEMANDE, Page

if TYPE_CHECKING:
    from sesam_desktop.poste.diagnostic import Constat


class Tache(NamedTuple):
    """One line of the day: how many, of what, the verb of its button, and where it is done."""

    compteur: str
    singulier: str
    pluriel: str
    verbe: str
    page: str
    argument: object
    etat: str


class Releve(NamedTuple):
    """What a worker reads for this page."""

    compteurs: dict[str, int]
    sommes: tuple[Somme, Somme]
    tables: list[Constat]


A_FAIRE = (
    Tache("factures_a_corriger", "facture revenue à corriger", "factures revenues à corriger", "Reprendre", "factures",
          A_REPRENDRE_DEMANDE, "à corriger"),
    Tache("factures_a_mettre_en_lot", "facture signée à mettre en lot", "factures signées à mettre en lot",
          "Mettre en lot", "teletransmission", "a_envoyer", "à faire"),
    Tache("lots_a_envoyer", "lot prêt à envoyer", "lots prêts à envoyer", "Envoyer", "teletransmission", "a_envoyer",
          "à faire"),
    Tache("lots_en_attente", "lot envoyé, en attente d'accusé", "lots envoyés, en attente d'accusé", "Relever",
          "teletransmission", "en_attente", "en cours"),
    Tache("retours_a_traiter", "envoi ou retour à traiter", "envois ou retours à traiter", "Traiter",
          "teletransmission", "a_traiter", "à corriger"),
    Tache("courriers_revenus", "courrier revenu non remis", "courriers revenus non remis", "Voir", "teletransmission",
          "avis", "bloqué"),
    Tache("echeances_proches", "facture à transmettre sans tarder", "factures à transmettre sans tarder",
          "Transmettre", "teletransmission", "a_envoyer", "à corriger"),
    Tache("boites_suspendues", "boîte d'envoi suspendue", "boîtes d'envoi suspendues", "Voir", "teletransmission",
          "corbeille", "bloqué"),
    Tache("virements_en_ecart", "virement reçu d'un autre montant", "virements reçus d'un autre montant",
          "Rapprocher", "paiements", "virements", "à corriger"),
    Tache("pieces_a_numeriser", "ordonnance à numériser", "ordonnances à numériser", "Numériser", "pieces",
          "a_numeriser", "à faire"),
)


class Accueil(Page):
    """The first page: painted before the workstation is there, filled when it is."""

    cle, titre = "accueil", "Accueil"
    ecoute = ("cartes", "factures", "lots", "retours", "paiements", "pieces", "referentiels", "configuration")

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self.ajouter_action("&Facturer", "F10|F2", lambda: atelier.demander("facturer"), icone="facturer",
                            principale=True)
        self._code = self.ajouter_action("&Code porteur", "F4", self._ouvrir_session, icone="code")
        self.ajouter_action("&Télétransmettre", "F9", lambda: atelier.demander("teletransmission"),
                            icone="teletransmission")
        self._taches, self._tables = QVBoxLayout(), QVBoxLayout()
        self._cps, self._vitale = MotEtat(entier=True), MotEtat(entier=True)
        self.chiffres = Chiffres()
        self._disposer()

    def rafraichir(self) -> None:
        """Counts, figures and tables, by a worker; cards at once."""
        self.atelier.taches.lancer(
            "base", lambda _: self._relever(), resultat=self._montrer, proprietaire=self, erreur=self._echouer,
            remplace="accueil",
        )
        self._montrer_cartes()

    def _relever(self) -> Releve:
        from sesam_desktop.poste.diagnostic import etat_des_tables

        poste, jour = self.atelier.poste, date.today()  # noqa: DTZ011 - the counter's own day
        return Releve(poste.compteurs(), relever(poste, jour), etat_des_tables(poste, jour))

    def _montrer(self, releve: Releve) -> None:
        self._montrer_taches(releve.compteurs)
        self.chiffres.montrer(releve.sommes)
        vider(self._tables)
        for constat in releve.tables:
            etat = MotEtat(entier=True)
            etat.montrer(etat_de(constat), constat.titre)
            self._tables.addWidget(etat)
        self.remplie.emit(None)

    def _echouer(self, erreur: ErreurConnue) -> None:
        self.bandeau.dire_erreur(erreur, suite="Réessayer", action=self.rafraichir)
        self.remplie.emit(erreur)

    def _montrer_taches(self, compteurs: dict[str, int]) -> None:
        vider(self._taches)
        presentes = [t for t in A_FAIRE if compteurs.get(t.compteur)]
        for rang, tache in enumerate(presentes, 1):
            self._taches.addWidget(self._ligne(rang, tache, compteurs[tache.compteur]))
        if not presentes:
            self._taches.addWidget(QLabel("Rien n'attend. Insérez une carte Vitale ou appuyez sur F10 pour facturer.",
                                          wordWrap=True))

    def _ligne(self, rang: int, tache: Tache, nombre: int) -> LigneAFaire:
        mots = tache.singulier if nombre == 1 else tache.pluriel
        ligne = LigneAFaire(nombre, mots, tache.verbe, tache.etat, f"Ctrl+{rang}")
        ligne.clicked.connect(lambda: self.atelier.demander(tache.page, tache.argument))
        return ligne

    # -- building --------------------------------------------------------------------------------------------------

    def _disposer(self) -> None:
        contenu = QWidget()
        grille = QGridLayout(contenu)
        grille.setContentsMargins(0, 0, 0, 0)
        grille.setSpacing(self.fontMetrics().height())
        grille.addLayout(self._section("À faire aujourd'hui", self._taches), 0, 0, 2, 1)
        grille.addLayout(self._section("Cartes", self._cartes()), 0, 1)
        grille.addLayout(self._section("Tables", self._tables), 1, 1)
        activite = QVBoxLayout()
        activite.addWidget(self.chiffres)
        grille.addLayout(self._section("Activité", activite), 2, 0, 1, 2)
        grille.setColumnStretch(0, 3)
        grille.setColumnStretch(1, 2)
        grille.setRowStretch(3, 1)
        zone = QScrollArea(widgetResizable=True)
        zone.setFrameShape(QFrame.Shape.NoFrame)
        zone.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        zone.setAccessibleName("Tableau du jour")
        zone.setWidget(contenu)
        self.colonne.addWidget(self.bandeau)
        self.colonne.addWidget(zone, 1)
        self.colonne.addLayout(self.pied())

    def _section(self, titre: str, contenu: QVBoxLayout) -> QVBoxLayout:
        colonne = QVBoxLayout()
        for disposition in (colonne, contenu):
            disposition.setSpacing(round(self.fontMetrics().height() / 3))
        colonne.addWidget(self.titre_de(titre))
        colonne.addLayout(contenu)
        colonne.addStretch(1)
        return colonne

    def _cartes(self) -> QVBoxLayout:
        self._taches.addWidget(QLabel("Ouverture du poste de travail…"))
        colonne = QVBoxLayout()
        for carte in (self._cps, self._vitale):
            carte.montrer("en cours", "Recherche des lecteurs…")
            colonne.addWidget(carte)
        colonne.addWidget(self.bouton(self._code), 0, Qt.AlignmentFlag.AlignLeft)
        self._aide = QLabel(wordWrap=True)
        self._aide.hide()
        colonne.addWidget(self._aide)
        return colonne

    # -- cards -----------------------------------------------------------------------------------------------------

    def _aider(self) -> None:
        from sesam_desktop.poste.demonstration import CODE_PORTEUR

        self._aide.setText(
            f"Poste de démonstration : le code porteur est {CODE_PORTEUR} ; le menu Démo, en haut, insère et retire les"
            " cartes des patients et des professionnels."
        )
        self._aide.show()

    def _montrer_cartes(self) -> None:
        lecteurs = self.atelier.poste.lecteurs
        cps, vitale = lecteurs.ps, lecteurs.vitale
        self._code.setVisible(not lecteurs.session_ouverte)
        if self.atelier.poste.configuration.demonstration:
            self._aider()
        if cps is None:
            self._cps.montrer("à faire", "Carte professionnelle à insérer")
        else:
            suite = ("fait", "session ouverte") if lecteurs.session_ouverte else ("à faire", "code à saisir")
            self._cps.montrer(suite[0], f"{cps.nom} {cps.prenom.title()}, {suite[1]}")
        if vitale is None:
            self._vitale.montrer("à faire", "Aucune carte Vitale")
        else:
            nombre = len(vitale.beneficiaires)
            pluriel = "bénéficiaires" if nombre > 1 else "bénéficiaire"
            self._vitale.montrer("fait", f"Carte Vitale lue, {nombre} {pluriel}")

    def _ouvrir_session(self) -> None:
        from ..composants.code_porteur import avec_session

        if self.atelier.ouvert:
            avec_session(self.atelier, self, self.rafraichir)
