"""An invoice that came back, corrected in one screen: why, what to do, and the keyboard on the field at fault."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from ..modeles.correction import ACorriger
from .saisie import depuis_facture

if TYPE_CHECKING:
    from .feuille import Feuille

_LIGNE = re.compile(r"lignes\[([0-9]+)\]")


def reprendre(feuille: Feuille, correction: ACorriger) -> None:
    """The page filled with the request; the link to the old invoice is kept by the composition."""
    feuille.reprendre(depuis_facture(correction.facture, correction.remplace))
    feuille.choix.retrouver_la_carte()
    motifs = " ".join(f"{m.phrase} {m.a_faire}" for m in correction.motifs)
    code = next((m.code for m in correction.motifs if m.code), "")
    feuille.bandeau.dire(
        f"Correction de la facture {correction.remplace}. {motifs}".strip(), "avertissement", code=code,
        suite="Voir l'ancienne facture", action=lambda: feuille.atelier.demander("factures", correction.remplace),
    )
    QTimer.singleShot(0, feuille, lambda: viser(feuille, correction.champ))


def viser(feuille: Feuille, champ: str) -> None:
    """The keyboard to the field that `champ` names; to the entry of lines when it names none."""
    ligne = _LIGNE.match(champ)
    if ligne and int(ligne[1]) < len(feuille.saisie.actuelle.lignes):
        feuille.panneau.ouvrir(int(ligne[1]))
    elif champ.startswith("prescription"):
        feuille.prescription.champ.setFocus()
    elif champ.startswith(("nature_assurance", "accident", "maternite")):
        feuille.situation.show()
        feuille.situation.nature.setFocus()
    elif champ.startswith(("beneficiaire", "tiers_payant", "amc")):
        (feuille.patient.amc if champ == "amc" and feuille.patient.amc.isVisible() else feuille.sans_carte).setFocus()
    else:
        feuille.aller_a_la_saisie()
