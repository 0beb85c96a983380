"""« Pourquoi ? »: the chain of rules that gave the amounts of one line, with their sources."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QTextBrowser, QWidget

from sesam_desktop.factures.facture import LigneTarifee
from sesam_desktop.noyau import montants


class Pourquoi(QTextBrowser):
    """Shown beside the table by F8; follows the current line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Pourquoi ce montant ?")
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 36)
        self.hide()

    def montrer(self, ligne: LigneTarifee | None) -> None:
        """Explain `ligne`."""
        if ligne is None:
            self.setHtml("<p>Choisissez une ligne de la facture : ses règles s'affichent ici.</p>")
            return
        self.setHtml(_entete(ligne) + "<ol>" + "".join(_regle(r) for r in ligne.regles) + "</ol>")


def _entete(ligne: LigneTarifee) -> str:
    parts = [("Base", ligne.base_centimes), ("AMO", ligne.amo_centimes), ("AMC", ligne.amc_centimes),
             ("Patient", ligne.assure_centimes)]
    montants_lus = "  ·  ".join(f"{nom} {montants.formater(valeur, unite='€')}" for nom, valeur in parts)
    return f"<p><b>{escape(ligne.libelle)}</b><br>Taux {montants.formater_taux(ligne.taux)}  ·  {montants_lus}</p>"


def _regle(regle) -> str:
    source = " · ".join(m for m in (regle.source, regle.version) if m)
    return f"<li>{escape(regle.texte)}<br><small>{escape(source)} [{escape(regle.code)}]</small></li>"
