"""Accueil: what is to be done today, the cards, the lists, and one key to each job."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from .. import icones
from ..atelier import Atelier
from ..composants import etats
from ..composants.chiffres import Chiffres, Somme, relever
from ..composants.disposition import vider
from ..composants.etats import MotEtat
from .page import Page


class Tache(NamedTuple):
    """One line of the day: how many, of what, and the page where it is done."""

    compteur: str
    singulier: str
    pluriel: str
    page: str
    etat: str


A_FAIRE = (
    Tache("factures_a_corriger", "facture rejetée à corriger", "factures rejetées à corriger", "factures",
          "à corriger"),
    Tache("factures_a_mettre_en_lot", "facture signée à mettre en lot", "factures signées à mettre en lot",
          "teletransmission", "à faire"),
    Tache("lots_a_envoyer", "lot prêt à envoyer", "lots prêts à envoyer", "teletransmission", "à faire"),
    Tache("lots_en_attente", "lot envoyé, en attente d'accusé", "lots envoyés, en attente d'accusé",
          "teletransmission", "en cours"),
    Tache("retours_a_traiter", "retour à traiter", "retours à traiter", "teletransmission", "à corriger"),
    Tache("pieces_a_numeriser", "ordonnance à numériser", "ordonnances à numériser", "pieces", "à faire"),
)


class Accueil(Page):
    """The first page: painted before the workstation is there, filled when it is."""

    cle, titre = "accueil", "Accueil"
    ecoute = ("cartes", "factures", "lots", "retours", "pieces", "referentiels", "configuration")

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self.ajouter_action("&Facturer", "F10|F2", lambda: atelier.demander("facturer"), icone="facturer",
                            principale=True)
        self._code = self.ajouter_action("&Code porteur", "F4", self._ouvrir_session, icone="code")
        self._envoi = self.ajouter_action("&Télétransmettre", "F9", lambda: atelier.demander("teletransmission"),
                                           icone="teletransmission")
        self._taches = QVBoxLayout()
        self._cps, self._vitale = MotEtat(), MotEtat()
        self._disposer()

    def rafraichir(self) -> None:
        """Counts and cards, by a worker."""
        self.atelier.taches.lancer(
            "base", lambda _: self._relever(), resultat=lambda lu: self._montrer(*lu), proprietaire=self,
            erreur=self.bandeau.dire_erreur, remplace="accueil",
        )
        self._montrer_cartes()

    def _disposer(self) -> None:
        self.colonne.addWidget(self.bandeau)
        self.colonne.addWidget(self.titre_de("À faire aujourd'hui"))
        self._attente = QLabel("Ouverture du poste de travail…")
        self._taches.addWidget(self._attente)
        self.colonne.addLayout(self._taches)
        self.colonne.addSpacing(self.fontMetrics().height())
        self.colonne.addWidget(self.titre_de("Cartes"))
        for carte in (self._cps, self._vitale):
            carte.montrer("en cours", "Recherche des lecteurs…")
            self.colonne.addWidget(carte, 0, Qt.AlignmentFlag.AlignLeft)
        rangee = QHBoxLayout()
        for action in (self._code, self._envoi):
            rangee.addWidget(self.bouton(action))
        rangee.addStretch(1)
        self.colonne.addLayout(rangee)
        self.colonne.addSpacing(self.fontMetrics().height())
        self.colonne.addWidget(self.titre_de("Activité"))
        self.chiffres = Chiffres()
        self.colonne.addWidget(self.chiffres)
        self.colonne.addStretch(1)
        self.colonne.addLayout(self.pied())

    def _relever(self) -> tuple[dict[str, int], tuple[Somme, Somme]]:
        poste = self.atelier.poste
        return poste.compteurs(), relever(poste, date.today())  # noqa: DTZ011 - the counter's own day

    def _montrer(self, compteurs: dict[str, int], sommes: tuple[Somme, Somme]) -> None:
        self._montrer_taches(compteurs)
        self.chiffres.montrer(sommes)

    def _montrer_taches(self, compteurs: dict[str, int]) -> None:
        vider(self._taches)
        presentes = [t for t in A_FAIRE if compteurs.get(t.compteur)]
        for tache in presentes:
            self._taches.addWidget(self._lien(tache, compteurs[tache.compteur]), 0, Qt.AlignmentFlag.AlignLeft)
        if not presentes:
            self._taches.addWidget(QLabel("Rien n'attend. Insérez une carte Vitale ou appuyez sur F10 pour facturer."))

    def _lien(self, tache: Tache, nombre: int) -> QPushButton:
        mot = tache.singulier if nombre == 1 else tache.pluriel
        bouton = QPushButton(etats.icone_etat(tache.etat), f"{nombre}  {mot}", flat=True)
        bouton.setIconSize(icones.taille_icone())
        bouton.setAccessibleName(f"{nombre} {mot}, {tache.etat}")
        bouton.clicked.connect(lambda: self.atelier.demander(tache.page))
        police = bouton.font()
        police.setPointSizeF(police.pointSizeF() * 1.15)
        bouton.setFont(police)
        return bouton

    def _montrer_cartes(self) -> None:
        lecteurs = self.atelier.poste.lecteurs
        cps, vitale = lecteurs.ps, lecteurs.vitale
        self._code.setVisible(not lecteurs.session_ouverte)
        if cps is None:
            self._cps.montrer("à faire", "Insérez votre carte professionnelle (CPS) dans le lecteur.")
        elif lecteurs.session_ouverte:
            self._cps.montrer("fait", f"Carte professionnelle de {cps.nom} {cps.prenom.title()}, session ouverte.")
        else:
            self._cps.montrer("à faire", f"Carte professionnelle de {cps.nom} {cps.prenom.title()}, code à saisir.")
        if vitale is None:
            self._vitale.montrer("à faire", "Aucune carte Vitale dans le lecteur.")
        else:
            nombre = len(vitale.beneficiaires)
            pluriel = "bénéficiaires" if nombre > 1 else "bénéficiaire"
            self._vitale.montrer("fait", f"Carte Vitale lue, {nombre} {pluriel}.")

    def _ouvrir_session(self) -> None:
        from ..composants.code_porteur import avec_session

        if self.atelier.ouvert:
            avec_session(self.atelier, self, self.rafraichir)
