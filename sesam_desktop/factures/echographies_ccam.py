"""Echographies of one moment: one is billed, but for an abdominal or pelvic one with breast, thyroid or testicles.

Rule III-3 B 2 d of the CCAM. The guidance of an act is billed only with an act whose title asks for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .actes_ccam import AUTRE_MOMENT, Examen, LigneCcam
from .dossier import bloquer
from .facture import Alerte

_ECHOGRAPHIE = "ADE"
_GUIDAGE = "guidage"
_TITRE = "guidage échographique"


def verifier(examen: Examen) -> Iterator[Alerte]:
    """Every remark on the echographies of the invoice."""
    for lignes in examen.du_jour():
        comptees = [li for li in lignes if li.remboursable]
        yield from _guidages(examen, comptees)
        yield from _cumuls(examen, [li for li in comptees if li.saisie.association != AUTRE_MOMENT])


def _groupe(examen: Examen, ligne: LigneCcam) -> str:
    """abdomen, superficiel, guidage or autre; empty for what is not an echography of its own."""
    if ligne.acte.regroupement != _ECHOGRAPHIE or ligne.accessoire:
        return ""
    table = examen.tables.charger("echographies_ccam")
    rangee = table.trouver(ligne.jour, chapitre=ligne.acte.chapitre, code=ligne.acte.code)
    return str(rangee["groupe"]) if rangee is not None else "autre"


def _cumuls(examen: Examen, lignes: list[LigneCcam]) -> Iterator[Alerte]:
    groupes = {li.rang: _groupe(examen, li) for li in lignes}
    echographies = [li for li in lignes if groupes[li.rang] not in ("", _GUIDAGE)]
    compte = Counter(groupes[li.rang] for li in echographies)
    if len(echographies) < 2 or (compte["abdomen"] == 1 and not compte["autre"]):
        return
    message = (
        "Une seule échographie est tarifée dans le même temps, sauf abdomen ou pelvis avec sein, thyroïde ou "
        "testicules : gardez l'acte qui décrit le mieux l'examen."
    )
    yield bloquer("ECHOGRAPHIES_NON_CUMULABLES", message, f"{echographies[-1].champ}.code")


def _guidages(examen: Examen, lignes: list[LigneCcam]) -> Iterator[Alerte]:
    for ligne in lignes:
        if _groupe(examen, ligne) == _GUIDAGE and not any(
            _TITRE in autre.acte.libelle.lower() for autre in lignes if autre is not ligne
        ):
            message = f"{ligne.acte.code} accompagne un acte dont le libellé demande un guidage échographique."
            yield bloquer("GUIDAGE_SANS_ACTE", message, f"{ligne.champ}.code")
