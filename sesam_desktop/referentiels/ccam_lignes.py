"""Rows and cells of the official CCAM file. Pure: bytes in, named cells out; a wrong cell raises EntreeInvalide."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide

from . import tableau
from .articles import Fichier

NON_PRIS_EN_CHARGE = "Non pris en charge"
_COLONNES = 11
_ENTETE = (0, "Code"), (2, "Texte"), (3, "Activité"), (4, "Phase"), (10, "Regroupement")
_LIGNES_D_ENTETE = 20
_VERSION = re.compile(r"CCAM version [0-9]{1,4} applicable (?:au )?([0-9]{2})/([0-9]{2})/([0-9]{4})")
_TARIF = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{1,2}))?")
_POURCENTAGE = re.compile(r"\+?([0-9]{1,3})(?:,([0-9]{1,2}))?%")


class LigneCcam(NamedTuple):
    """One row. `numero` is its first line in the file."""

    numero: int
    code: str
    vide: str
    texte: str
    activite: str
    phase: str
    tarif_1: str
    tarif_2: str
    sous_conditions: str
    accord_prealable: str
    exonerations: str
    regroupement: str


def lire(fichier: Fichier) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """The day from which this version applies (AAAA-MM-JJ, "" when not said), and the rows under the header.

    Raises FormatInvalide (TABLE_ILLISIBLE) when the columns are not those of the official file.
    """
    texte = tableau.decoder(fichier.octets)
    rangees = tableau.rangees(fichier.nom, texte, _separateur(texte))
    version = ""
    for _, cellules in itertools.islice(rangees, _LIGNES_D_ENTETE):
        version = version or _version(" ".join(cellules))
        if len(cellules) == _COLONNES and all(cellules[rang] == titre for rang, titre in _ENTETE):
            return version, rangees
    raise FormatInvalide(
        "Les onze colonnes officielles (Code, Texte, Activité, Phase…) sont introuvables : rien n'a été modifié.",
        code="TABLE_ILLISIBLE", fichier=fichier.nom, action="Indiquez le fichier CSV officiel de la CCAM.",
    )  # fmt: skip


def exiger_colonnes(cellules: list[str]) -> None:
    """Cells beyond the official columns must be empty."""
    if any(cellules[_COLONNES:]):
        raise EntreeInvalide(f"nombre de colonnes : {len(cellules)} au lieu de {_COLONNES}")


def ligne(numero: int, cellules: list[str]) -> LigneCcam:
    """The row, its cells named; a cell that is missing is empty."""
    return LigneCcam(numero, *(cellules + [""] * _COLONNES)[:_COLONNES])


def tarif(texte: str) -> int | None:
    """Centimes of ``14.77`` (or ``248, 15``: hand-written cells exist); None when the act is not reimbursed."""
    if texte == NON_PRIS_EN_CHARGE:
        return None
    trouve = _TARIF.fullmatch("".join(texte.split()))
    if not trouve:
        raise EntreeInvalide(f"tarif « {texte[:20]} » illisible")
    return int(trouve[1]) * 100 + int((trouve[2] or "").ljust(2, "0"))


def conditions(lue: LigneCcam) -> dict[str, Any]:
    """What the columns RC, AP, Exo. TM and Regroupement say."""
    exonerations = re.split(r"\s*-\s*", lue.exonerations) if lue.exonerations else []
    if not all(re.fullmatch(r"[0-9]{1,2}", code) for code in exonerations):
        raise EntreeInvalide(f"exonération « {lue.exonerations[:20]} » illisible")
    if not re.fullmatch(r"[A-Z0-9]{0,3}", lue.regroupement):
        raise EntreeInvalide(f"code de regroupement « {lue.regroupement[:20]} » illisible")
    return {
        "sous_conditions": _coche(lue.sous_conditions, "RC"), "accord_prealable": _coche(lue.accord_prealable, "AP"),
        "exonerations": exonerations, "regroupement": lue.regroupement,
    }  # fmt: skip


def activite(lue: LigneCcam) -> str:
    """``1-0``: the activity and the phase of the row."""
    if not (re.fullmatch(r"[1-9]", lue.activite) and re.fullmatch(r"[0-9]", lue.phase)):
        raise EntreeInvalide(f"activité « {lue.activite[:5]} » ou phase « {lue.phase[:5]} » invalide")
    return f"{lue.activite}-{lue.phase}"


def majoration(lue: LigneCcam) -> dict[str, int | None]:
    """What a modifier adds, in each of both columns: an amount (centimes) or a rate (hundredths of a percent)."""
    textes = (lue.tarif_1, lue.tarif_2)
    taux = [_pourcentage(texte) for texte in textes]
    montants = [tarif(texte) if t is None else None for texte, t in zip(textes, taux, strict=True)]
    if (taux[0] is None) != (taux[1] is None):  # a spreadsheet wrote ``0.49`` beside ``+49%``: the same, as a fraction
        fraction = montants[0] if montants[0] is not None else montants[1]
        if fraction is None or fraction >= 100:
            raise EntreeInvalide(f"valeurs « {textes[0][:10]} » et « {textes[1][:10]} » de natures différentes")
        taux = [fraction * 100 if t is None else t for t in taux]
        montants = [None, None]
    return {"taux_1": taux[0], "taux_2": taux[1], "montant_1": montants[0], "montant_2": montants[1]}


def exiger_sans_valeur(lue: LigneCcam, *permises: str) -> None:
    """A row without activity must say nothing a tariff says; the file leaves zeros, which mean nothing."""
    trouvees = [texte for texte in lue[5:] if texte and texte not in ("0.00", "0,00", *permises)]
    if trouvees:
        raise EntreeInvalide(f"« {trouvees[0][:20]} » sans code d'activité")


def _separateur(texte: str) -> str:
    """The one that a row of the beginning holds most: the first rows are titles."""
    lignes = texte.split("\n", _LIGNES_D_ENTETE)[:_LIGNES_D_ENTETE]
    return max(",;\t", key=lambda separateur: max(ligne.count(separateur) for ligne in lignes))


def _version(texte: str) -> str:
    trouve = _VERSION.search(texte)
    if not trouve:
        return ""
    try:
        return date(int(trouve[3]), int(trouve[2]), int(trouve[1])).isoformat()
    except ValueError:
        return ""


def _pourcentage(texte: str) -> int | None:
    trouve = _POURCENTAGE.fullmatch(texte)
    return int(trouve[1]) * 100 + int((trouve[2] or "").ljust(2, "0")) if trouve else None


def _coche(texte: str, marque: str) -> bool:
    if texte not in ("", marque):
        raise EntreeInvalide(f"« {texte[:20]} » au lieu de {marque} ou rien")
    return bool(texte)
