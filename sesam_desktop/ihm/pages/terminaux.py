"""Terminaux: the portable terminals on their cradle; load the tour, bring the visits back, have them signed.

What waits is one table: visits, documents refused, invoices still out on a terminal.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QDate
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sesam_desktop.noyau.erreurs import ErreurConnue

from ..atelier import Atelier
from ..composants.attente_terminaux import AttenteTerminaux
from ..composants.champ_date import ChampDate
from ..composants.code_porteur import avec_session
from ..composants.confirmation import confirmer
from ..composants.decisions_terminaux import confirmer_classement, confirmer_doublon, confirmer_reprise
from ..composants.disposition import titrer
from ..composants.page_vide import PageVide
from ..composants.tableau import Tableau
from ..modeles import terminaux as modele
from ..modeles.bilans import Avis
from ..modeles.table import ModeleTable
from .travaux import PageTravaux

if TYPE_CHECKING:
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.poste.terminaux_bilans import ASigner, BilanSignature, Prete, RefusTla, Terminal

_FILE_CARTES = "lecteurs"
_VIDE = (
    "Les terminaux portables se chargent et se déchargent ici. Posez le vôtre sur son socle, allumé, puis cherchez-le."
)
_REPRENDRE, _QUAND_MEME = "Reprendre la facture prêtée…", "Signer quand même…"


class Releve(NamedTuple):
    """What a worker reads for this page."""

    terminaux: list[Terminal]
    attente: list[ASigner]
    refuses: list[RefusTla]
    prets: list[Prete]


class Terminaux(PageTravaux):
    """F10 does the next right thing: unload what came back, have it signed, load the tour."""

    cle, titre = "terminaux", "Terminaux"
    ecoute = ("terminaux", "cartes")
    file, interruptible = "terminaux", False      # a long loading leaves the cards to be read meanwhile

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(atelier)
        self._releve = Releve([], [], [], [])
        self._retenues: dict[str, RefusTla] = {}     # what the last signature left aside, by digest
        self._chercher = self.ajouter_action("C&hercher les terminaux", "F3", self.rafraichir, indice="chercher")
        self._classer = self.ajouter_action("C&lasser…", "F4", self.classer, icone="retirer", indice="classer")
        self._charger = self.ajouter_action("&Charger la tournée", "F5", self.charger, icone="exporter",
                                            indice="charger la tournée")
        self._decharger = self.ajouter_action("&Décharger", "F6", self.decharger, icone="importer")
        self._signer = self.ajouter_action("&Signer", "F7", self.signer, icone="professionnel")
        self._remede = self.ajouter_action(_REPRENDRE, "F8", self.remedier, icone="actualiser", indice="reprendre")
        self._vider = self.ajouter_action("&Vider le terminal…", "F9", self.vider, icone="retirer", indice="vider")
        self.ajouter_action("Décharger", "F10", self.suivant, icone="terminaux", principale=True, indice="la suite")
        self._disposer()
        self.occuper()

    def rafraichir(self) -> None:
        """Ask every reader whether it is a terminal, and what waits here."""
        self.atelier.taches.lancer(
            self.file, lambda _: _relever(self.atelier.poste), resultat=self._montrer, erreur=self._muet,
            proprietaire=self, remplace="page-terminaux",
        )

    def suivant(self) -> None:
        """F10."""
        self._suite()

    def charger(self) -> None:
        """Its professional's patients, and their drafts of the day chosen."""
        terminal, qdate = self._terminal(), self.jour.date()
        jour = date(qdate.year(), qdate.month(), qdate.day())
        if terminal is not None:
            avec_session(self.atelier, self, lambda: self.lancer(
                "Chargement du terminal",
                lambda t: self.atelier.poste.terminaux.charger(terminal, tournee=jour, progression=t.avancer),
                modele.charge,
            ))

    def decharger(self) -> None:
        """Nothing is erased from the terminal before it is kept here."""
        self._decharger_de(self._terminal())

    def _decharger_de(self, terminal: Terminal | None) -> None:
        if terminal is not None:
            self.lancer(
                "Déchargement du terminal",
                lambda t: self.atelier.poste.terminaux.decharger(terminal, t.avancer), modele.decharge,
            )

    def signer(self) -> None:
        """The professional's card, on what the patients' cards signed at home."""
        self._faire_signer()

    def remedier(self) -> None:
        """F8: sign a visit that seems billed already, or take back what is out on a terminal; confirmed."""
        ligne = self.attente.courante
        if ligne is not None and ligne.doublon:
            confirmer_doublon(self, ligne, lambda: self._faire_signer(numeros=[ligne.numero], malgre_doublon=True))
        elif ligne is not None and ligne.pretee:
            pretees = self.attente.pretees or [ligne]
            numeros = [une.numero for une in pretees]
            confirmer_reprise(self, pretees, lambda: self.lancer(
                "Reprise des factures prêtées", lambda _: self.atelier.poste.terminaux.reprendre(numeros),
                lambda _: modele.reprises(numeros),
            ))

    def classer(self) -> None:
        """F4: a document of which nothing is to be done, with the reason."""
        ligne = self.attente.courante
        if ligne is not None and not ligne.pretee:
            confirmer_classement(self, ligne, lambda motif: self.lancer(
                "Classement", lambda _: self.atelier.poste.terminaux.classer(ligne.empreinte, motif), modele.classee
            ))

    def vider(self) -> None:
        """Erase a terminal, its number typed."""
        terminal = self._terminal()
        if terminal is not None:
            confirmer(
                self, "Vider le terminal",
                f"Patients et factures du terminal {terminal.numero_serie} seront effacés. Les factures qu'aucune carte"
                " Vitale n'a signées redeviendront des brouillons.",
                "&Vider le terminal", lambda numero: self.lancer(
                    "Effacement du terminal", lambda _: self.atelier.poste.terminaux.vider(terminal, numero),
                    lambda _: Avis(f"Terminal {terminal.numero_serie} vidé."),
                ),
                champ="Recopiez son &numéro de série",
            )

    # -- work ------------------------------------------------------------------------------------------------------

    def _faire_signer(self, **demande: Any) -> None:
        avec_session(self.atelier, self, lambda: self.lancer(
            "Signature des visites", lambda _: self.atelier.poste.terminaux.signer(**demande), self._signe,
            file=_FILE_CARTES,
        ))

    def _signe(self, bilan: BilanSignature) -> Avis:
        self._retenues.update((refus.empreinte, refus) for refus in bilan.refuses)
        return modele.signe(bilan)

    def _changer(self, quoi: str) -> None:
        """Another card may sign what the one before could not."""
        if quoi == "cartes":
            self._retenues.clear()
        super()._changer(quoi)

    def _muet(self, erreur: ErreurConnue) -> None:
        self.bandeau.dire_erreur(erreur, suite="Chercher encore", action=self.rafraichir)

    # -- what is shown ---------------------------------------------------------------------------------------------

    def _montrer(self, releve: Releve) -> None:
        self._releve = releve
        self.terminaux.remplacer(releve.terminaux, cle=lambda t: t.numero_serie)
        if releve.terminaux and self.terminaux.courante is None:
            self.terminaux.aller(0)
        lignes = modele.lignes_attente(releve.attente, releve.refuses, releve.prets, self._retenues)
        self.attente.montrer(lignes)
        vide = not any(releve)
        self.vide.setVisible(vide)
        self._partage.setVisible(not vide)
        self.occuper()
        self.remplie.emit(None)

    def occuper(self) -> None:
        """The next right thing, and what a job under way forbids."""
        releve, libre = self._releve, not self.avancement.actif
        signables = [a for a in releve.attente if a.empreinte not in self._retenues]
        premiere: QAction | None = None
        porteur = modele.a_decharger(releve.terminaux)
        if porteur is not None:
            self._suite, texte = lambda: self._decharger_de(porteur), f"Décharger {porteur.numero_serie}"
        elif signables:
            self._suite, texte, premiere = self.signer, f"Signer et compléter ({len(signables)})", self._signer
        elif releve.terminaux:
            self._suite, texte, premiere = self.charger, "Charger la tournée", self._charger
        else:
            self._suite, texte = self.rafraichir, "Chercher les terminaux"
        self.principale.setText(texte)  # type: ignore[union-attr]
        self.principale.setEnabled(libre)  # type: ignore[union-attr]
        for action in (self._charger, self._decharger, self._vider):
            action.setEnabled(libre and bool(releve.terminaux))
        self._signer.setEnabled(libre and bool(releve.attente))
        for action, bouton in self._seconds.items():     # the primary button is not said twice
            bouton.setVisible(action is not premiere)
        self._suivre_la_ligne()

    def _suivre_la_ligne(self) -> None:
        """What can be done of the row chosen."""
        ligne, libre = self.attente.courante, not self.avancement.actif
        doublon = ligne is not None and ligne.doublon
        self._remede.setText(_QUAND_MEME if doublon else _REPRENDRE)
        self._remede.setIconText("signer quand même" if doublon else "reprendre")
        self._remede.setEnabled(libre and ligne is not None and (doublon or ligne.pretee))
        self._bouton_remede.setVisible(self._remede.isEnabled())
        self._classer.setEnabled(libre and ligne is not None and not ligne.pretee)

    def _terminal(self) -> Terminal | None:
        """The one chosen, or the only one."""
        return self.terminaux.courante or (self._releve.terminaux[0] if self._releve.terminaux else None)

    # -- building --------------------------------------------------------------------------------------------------

    def _disposer(self) -> None:
        reglages = self.atelier.reglages
        self.terminaux = Tableau("terminaux", "Terminaux", ModeleTable(modele.colonnes_terminaux()), reglages)
        self.terminaux.suivre_ses_rangees()
        self.attente, self.jour = AttenteTerminaux(reglages), ChampDate()
        self.attente.choisie.connect(self._suivre_la_ligne)
        self._seconds = {action: self.bouton(action) for action in (self._charger, self._signer)}
        self._bouton_remede = self.bouton(self._remede)
        self.jour.setDate(QDate.currentDate())
        self.jour.setAccessibleName("Jour de la tournée à charger")
        self.vide = PageVide(_VIDE, self._chercher)
        self._partage = QWidget()
        partage = QVBoxLayout(self._partage)
        partage.setContentsMargins(0, 0, 0, 0)
        partage.addWidget(titrer("Terminau&x sur leur socle", self.terminaux))
        partage.addWidget(self.attente, 1)      # one terminal or two: what waits takes the room
        self._partage.hide()
        for widget, part in ((self.bandeau, 0), (self.vide, 1), (self._partage, 1), (self.avancement, 0)):
            self.colonne.addWidget(widget, part)
        self.colonne.addLayout(self.pied(
            self.titre_de("&Jour", self.jour), self.jour, *self._seconds.values(), droite=self._bouton_remede
        ))


def _relever(poste: Poste) -> Releve:
    """On a worker."""
    service = poste.terminaux
    return Releve(service.lister(), service.a_signer(), service.refuses(), service.prets())
