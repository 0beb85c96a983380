"""« Pourquoi 11,29 € ? »: the rules behind the amounts of one line, amount by amount, each with its source."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from PySide6.QtWidgets import QTextBrowser, QWidget

from sesam_desktop.factures.facture import LigneTarifee, Regle
from sesam_desktop.noyau.montants import ESPACE_FINE, appliquer_taux, formater, formater_taux

# Column of the table → group of rules that explains it.
GROUPE_DE = {"montant": "base", "base": "base", "taux": "taux", "amo": "amo", "amc": "amc", "patient": "assure"}
_TITRES = {"base": "Base", "depassement": "Dépassement", "taux": "Taux", "amo": "Part AMO",
           "amc": "Part complémentaire", "assure": "À payer"}


class Pourquoi(QTextBrowser):
    """Shown beside the table by F8 or by a click on an amount; follows the cell that has the keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Pourquoi ce montant ?")
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 36)
        self.hide()

    def montrer(self, ligne: LigneTarifee | None, colonne: str = "") -> None:
        """Explain `ligne`, from the amount of `colonne` when it is one."""
        if ligne is None:
            self.setHtml("<p>Choisissez une ligne de la facture : ses règles s'affichent ici.</p>")
            return
        choisi = GROUPE_DE.get(colonne, "")
        html = _titre(ligne, choisi) + "".join(_groupe(ligne, nom, choisi) for nom in _groupes(ligne))
        self.setHtml(html.replace(ESPACE_FINE, "\u00a0"))    # Qt breaks lines at the narrow one
        self.setAccessibleName(question(ligne, choisi))
        if choisi:
            self.scrollToAnchor(choisi)


def question(ligne: LigneTarifee, groupe: str) -> str:
    """``Pourquoi 11,29 € ?``, with the amount of `groupe`."""
    if not groupe:
        return f"Pourquoi {ligne.acte} {formater(ligne.montant_centimes, unite='€')} ?"
    return f"Pourquoi {_valeur(ligne, groupe)} ?"


def _groupes(ligne: LigneTarifee) -> Iterator[str]:
    return (nom for nom in _TITRES if nom != "depassement" or ligne.depassement_centimes)


def _titre(ligne: LigneTarifee, choisi: str) -> str:
    confirmer = "<p><b>Une valeur au moins reste à confirmer.</b></p>" if any(
        r.a_confirmer for r in ligne.regles
    ) else ""
    return f"<h3>{question(ligne, choisi)}</h3><p>{escape(ligne.libelle)}</p>{confirmer}"


def _groupe(ligne: LigneTarifee, nom: str, choisi: str) -> str:
    titre = f"{_TITRES[nom]} : {_valeur(ligne, nom)}"
    tete = f"▸ <b>{titre}</b>" if nom == choisi else f"<b>{titre}</b>"
    regles = "".join(_regle(r) for r in ligne.regles if r.sur == nom or (nom == "base" and r.sur not in _TITRES))
    calcul = _calcul(ligne, nom)
    detail = f"</p><ul>{regles}</ul>" if regles else f"<br>{calcul}</p>" if calcul else "</p>"
    return f'<p><a name="{nom}"></a>{tete}{detail}'


def _valeur(ligne: LigneTarifee, groupe: str) -> str:
    if groupe == "taux":
        return formater_taux(ligne.taux)
    return _euros(getattr(ligne, f"{groupe}_centimes"))


def _calcul(ligne: LigneTarifee, groupe: str) -> str:
    """The arithmetic of a share that no rule explains, from the other amounts of the line."""
    if groupe == "amo":
        entiere = appliquer_taux(ligne.base_centimes, ligne.taux)
        moins = f", moins {_euros(entiere - ligne.amo_centimes)}" if entiere != ligne.amo_centimes else ""
        return f"{_euros(ligne.base_centimes)} × {formater_taux(ligne.taux)} = {_euros(entiere)}{moins}"
    if groupe == "assure":
        parts = (ligne.montant_centimes, ligne.amo_centimes, ligne.amc_centimes)
        return f"{' − '.join(_euros(part) for part in parts)} = {_euros(ligne.assure_centimes)}"
    return ""


def _regle(regle: Regle) -> str:
    source = " · ".join(m for m in (regle.source, regle.version) if m)
    doute = " — <b>à confirmer</b>" if regle.a_confirmer else ""
    return f"<li>{escape(regle.texte)}{doute}<br><small>{escape(source)} [{escape(regle.code)}]</small></li>"


def _euros(centimes: int) -> str:
    return formater(centimes, unite="€")
