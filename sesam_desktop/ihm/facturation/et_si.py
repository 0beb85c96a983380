"""« Et si ? »: the invoice beside the same one on another date or in another situation. Nothing of it is changed."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from sesam_desktop.factures.facture import Facture, Regle
from sesam_desktop.noyau.montants import ESPACE_FINE, formater
from sesam_desktop.tarifs.comparaison import Comparaison, comparer

from ..atelier import Atelier
from ..composants.bandeau import Bandeau
from ..composants.tableau import Tableau
from ..composants.texte import Texte
from ..modeles.comparaison import RangeeEcart, colonnes_comparaison, phrases, rangees, signe
from ..modeles.table import ModeleTable
from .choix_hypothese import ChoixHypothese
from .hypothese import Hypothese
from .saisie import Composition

_LETTRES = (150, 34)      # width and height of the dialog


class EtSi(QDialog):
    """Priced again at each change of the hypothesis, by a worker."""

    def __init__(self, atelier: Atelier, composition: Composition, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Et si ? La même facture dans une autre situation")
        self._atelier, self._composition = atelier, composition
        amc = composition.amc or (composition.lu.amc if composition.lu else None)
        self.choix = ChoixHypothese(composition, amc, atelier.poste.configuration)
        self.bandeau, self.bilan = Bandeau(), Texte(facteur=1.2, gras=True)
        self.tableau = Tableau(
            "et-si", "Facture et hypothèse", ModeleTable(colonnes_comparaison()), atelier.reglages, triable=False
        )
        self.raisons = QTextBrowser()
        self.raisons.setAccessibleName("Règles qui changent")
        self.raisons.setTabChangesFocus(True)
        self.comparaison: Comparaison | None = None
        self._disposer()
        self.choix.change.connect(self._demander)
        self.tableau.choisie.connect(self._expliquer)
        self._demander(self.choix.hypothese())

    def _disposer(self) -> None:
        partage = QSplitter(Qt.Orientation.Vertical)
        partage.addWidget(self.tableau)
        partage.addWidget(self.raisons)
        partage.setStretchFactor(0, 3)
        partage.setStretchFactor(1, 2)
        partage.setChildrenCollapsible(False)
        boutons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        revenir = boutons.addButton("&Comme la facture", QDialogButtonBox.ButtonRole.ResetRole)
        revenir.clicked.connect(self.choix.revenir)
        boutons.rejected.connect(self.reject)
        colonne = QVBoxLayout(self)
        for widget in (self.choix, self.bandeau, self.bilan, partage, boutons):
            colonne.addWidget(widget, int(widget is partage))
        largeur, hauteur = _LETTRES
        lettre = self.fontMetrics().averageCharWidth()
        ecran = self.screen().availableGeometry()
        self.resize(min(lettre * largeur, ecran.width()), min(self.fontMetrics().height() * hauteur, ecran.height()))

    def _demander(self, hypothese: Hypothese) -> None:
        self._atelier.taches.lancer(
            "tarif", lambda _: self._comparer(hypothese), resultat=self._montrer, erreur=self._refuser,
            proprietaire=self, remplace="et si",
        )

    def _comparer(self, hypothese: Hypothese) -> Comparaison:
        service = self._atelier.poste.facturation
        facture: Facture = self._composition.facture(service.executant())
        reference = service.tarifer(facture)
        return comparer(reference, service.tarifer(hypothese.appliquer(facture, self.choix.initiale)))

    def _montrer(self, comparaison: Comparaison) -> None:
        self.comparaison = comparaison
        self.bandeau.taire()
        self.tableau.remplacer(rangees(comparaison))
        totaux = comparaison.totaux
        self.bilan.setText(
            f"À payer {formater(comparaison.reference.totaux.assure_centimes, unite='€')} → "
            f"{formater(comparaison.hypothese.totaux.assure_centimes, unite='€')} ({signe(totaux.assure_centimes)} €)"
            f"  ·  AMO {signe(totaux.amo_centimes)} €  ·  AMC {signe(totaux.amc_centimes)} €"
        )
        self._expliquer(None)

    def _refuser(self, erreur) -> None:
        """The invoice has no price so: said, and the last comparison gone."""
        self.comparaison = None
        self.tableau.remplacer([])
        self.bilan.setText("")
        self.raisons.clear()
        self.bandeau.dire_erreur(erreur)

    def _expliquer(self, rangee: RangeeEcart | None) -> None:
        """Rules that change on the line chosen, of every line otherwise."""
        if self.comparaison is None:
            return
        seule = rangee.ecart if rangee is not None else None
        ecarts = [seule] if seule is not None else self.comparaison.lignes
        textes = [
            f"<p><b>{escape(e.ligne.acte)}  {escape(e.ligne.libelle)}</b></p>" + "".join(
                f"<p>{titre} :</p><ul>{''.join(map(_regle, regles))}</ul>" for titre, regles in phrases(e)
            )
            for e in ecarts if e.change
        ]
        html = "".join(textes) or "<p>Aucune règle ne change.</p>"
        self.raisons.setHtml(html.replace(ESPACE_FINE, "\u00a0"))    # Qt breaks lines at the narrow one


def _regle(regle: Regle) -> str:
    doute = " — <b>à confirmer</b>" if regle.a_confirmer else ""
    return f"<li>{escape(regle.texte)}{doute} <small>{escape(regle.source)} · {escape(regle.version)}</small></li>"
