"""Teeth of a dental act: places that exist, as many as the title of the act says, of the right dentition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from sesam_desktop.referentiels.tables import Ligne

from .actes_ccam import PANIERS_PLAFONNES, Examen, LigneCcam
from .dossier import avertir, bloquer
from .facture import Alerte

MAXIMUM = 16  # places of record 4M
_UNE = r"(?:1|une) (?:incisive|canine|prémolaire|première prémolaire|deuxième prémolaire|molaire|dent)\b"
_NOMBRE = re.compile(r"(?:\b(?:de|sur|comportant)\s*|d['’]\s*)([0-9]{1,2})\s+(?:dents?\b|à\s+[0-9]{1,2}\s+dents?\b)")
_SANS_NOMBRE = re.compile(r"\bsecteurs?\s+(?:distincts\s+)?de\s+[0-9]|\bmoins de [0-9]|\bsurnuméraires?\b")
_UNE_DENT = re.compile(
    rf"(?:\bsur |\bde |d['’]\s*){_UNE}"
    r"|\bcouronne dentaire (?:dentoportée|transitoire)|\binfrastructure coronoradiculaire"
)
Places = Sequence[Ligne | None]  # rows of the teeth written; None: unknown
_DENTURES = {"permanente": re.compile(r"\bpermanentes?\b"), "temporaire": re.compile(r"\btemporaires?\b")}


def verifier(examen: Examen) -> Iterator[Alerte]:
    """Every remark on the teeth of the invoice."""
    table = examen.tables.charger("dents")
    for ligne in examen.lignes:
        places = [table.trouver(ligne.jour, code=dent) for dent in ligne.saisie.dents]
        yield from _places(ligne, places)
        if ligne.dentaire:
            yield from _nombre(ligne, places)
            yield from _denture(ligne, places)
    yield from _meme_dent(examen)


@lru_cache(maxsize=512)
def minimum(libelle: str) -> int:
    """How many teeth the title of a dental act names at least; 0 when it does not say."""
    if _SANS_NOMBRE.search(libelle):
        return 0
    if trouve := _NOMBRE.search(libelle):
        return int(trouve.group(1))
    return 1 if _UNE_DENT.search(libelle) else 0


@lru_cache(maxsize=512)
def denture(libelle: str) -> str:
    """permanente or temporaire when the title says so, else empty."""
    trouvees = [nom for nom, motif in _DENTURES.items() if motif.search(libelle)]
    return trouvees[0] if len(trouvees) == 1 else ""


def _places(ligne: LigneCcam, places: Places) -> Iterator[Alerte]:
    for rang, (dent, place) in enumerate(zip(ligne.saisie.dents, places, strict=True)):
        if place is None:
            message = f"« {dent} » n'est ni une dent, ni un quadrant, ni un sextant, ni une arcade."
            yield bloquer("DENT_INCONNUE", message, f"{ligne.champ}.dents[{rang}]")
        elif dent in ligne.saisie.dents[:rang]:
            yield bloquer("DENT_EN_DOUBLE", f"La dent {dent} est écrite deux fois.", f"{ligne.champ}.dents[{rang}]")
    if len(places) > MAXIMUM:
        message = "Seize numéros de dent au plus tiennent sur une ligne."
        yield bloquer("DENTS_TROP_NOMBREUSES", message, f"{ligne.champ}.dents")
    elif places and not ligne.dentaire:
        message = f"{ligne.acte.code} n'est pas un acte dentaire : vérifiez ses numéros de dent."
        yield avertir("DENTS_SANS_OBJET", message, f"{ligne.champ}.dents")


def _nombre(ligne: LigneCcam, places: Places) -> Iterator[Alerte]:
    if ligne.accessoire:
        return
    voulues = min(minimum(ligne.acte.libelle), MAXIMUM)
    if sum(place is not None and place["genre"] == "dent" for place in places) < voulues:
        combien = "le numéro de la dent" if voulues == 1 else f"{voulues} numéros de dent"
        yield bloquer("DENTS_MANQUANTES", f"{ligne.acte.code} demande {combien}.", f"{ligne.champ}.dents")


def _denture(ligne: LigneCcam, places: Places) -> Iterator[Alerte]:
    voulue = denture(ligne.acte.libelle)
    for rang, (dent, place) in enumerate(zip(ligne.saisie.dents, places, strict=True)):
        if voulue and place is not None and place["denture"] not in ("", voulue):
            message = f"{ligne.acte.code} concerne une dent {voulue}, la dent {dent} ne l'est pas."
            yield bloquer("DENT_DENTURE", message, f"{ligne.champ}.dents[{rang}]")


def _meme_dent(examen: Examen) -> Iterator[Alerte]:
    """Two prostheses of the baskets 0 and 1 on one tooth: told, not refused (control R43)."""
    vues: set[tuple[str, str]] = set()
    for ligne in examen.lignes:
        places = {(ligne.panier, dent) for dent in ligne.saisie.dents if ligne.panier in PANIERS_PLAFONNES}
        if places & vues:
            message = "Cette dent porte déjà un acte du même panier dans la facture."
            yield avertir("DENT_MEME_PANIER", message, f"{ligne.champ}.dents")
        vues |= places
