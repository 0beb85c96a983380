"""What the notes of the CCAM pay an act for: ages and teeth are checked, the rest is told.

Outside of them, the act may only be billed as not reimbursed.
"""

from __future__ import annotations

from collections.abc import Iterator

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels.cellules import dans
from sesam_desktop.referentiels.tables import Ligne

from .actes_ccam import Examen, LigneCcam
from .dossier import avertir, bloquer
from .facture import Alerte
from .parcours import age_du_patient

_AILLEURS = "Sinon, facturez-le avec le qualificatif N."


def verifier(examen: Examen) -> Iterator[Alerte]:
    """Every act asked for a patient, or a tooth, that its notes leave out."""
    table = examen.tables.charger("limites_ccam")
    for ligne in examen.lignes:
        limite = table.trouver(ligne.jour, code=ligne.acte.code)
        if limite is None or not ligne.remboursable:
            continue
        if limite["ages"]:
            yield from _age(examen, ligne, limite)
            yield from _dents(ligne, limite)
        else:
            yield avertir("CCAM_LIMITE", _message(ligne, limite), f"{ligne.champ}.code")


def _age(examen: Examen, ligne: LigneCcam, limite: Ligne) -> Iterator[Alerte]:
    try:
        age = age_du_patient(examen.facture, ligne.jour)
    except ErreurConnue as erreur:
        yield bloquer(erreur.code, erreur.message, erreur.ou)
        return
    if not dans(limite["ages"], age):
        yield bloquer("CCAM_AGE", f"{_message(ligne, limite)} {_AILLEURS}", f"{ligne.champ}.code")


def _dents(ligne: LigneCcam, limite: Ligne) -> Iterator[Alerte]:
    for rang, dent in enumerate(ligne.saisie.dents):
        if limite["dents"] and dent not in limite["dents"]:
            yield bloquer("CCAM_DENT", f"{_message(ligne, limite)} {_AILLEURS}", f"{ligne.champ}.dents[{rang}]")


def _message(ligne: LigneCcam, limite: Ligne) -> str:
    return f"{ligne.acte.code} n'est pris en charge que pour : {limite['libelle']}."
