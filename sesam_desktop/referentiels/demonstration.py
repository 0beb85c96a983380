"""The small table of medicines shipped with the program, for the demonstration and the training.

Facts typed by us from the public medicines database (its date is the column `version`); `;` separated, UTF-8.
The file is ours: one wrong line refuses it whole.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from sesam_desktop.noyau.dates import lire_iso
from sesam_desktop.noyau.erreurs import EntreeInvalide, TexteInvalide
from sesam_desktop.noyau.ressources import ressource

from . import bdpm
from .bdpm import Generique, Presentation, Specialite

COLONNES = (
    "version", "cis", "cip13", "cip7", "denomination", "presentation", "taux", "prix", "prix_avec_honoraire",
    "honoraire", "groupe", "type", "libelle_groupe",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """The content of the file. `date` is the newest date of its rows."""

    date: str
    specialites: dict[str, Specialite]
    presentations: list[tuple[int, Presentation]]
    generiques: list[Generique]


def chemin_livre() -> Path:
    """Where the shipped table is."""
    return ressource("demonstration", "medicaments.csv")


def lire(octets: bytes, fichier: str) -> Table:
    """Raises TexteInvalide with the line of the first mistake."""
    rangees = _rangees(octets, fichier)
    specialites: dict[str, Specialite] = {}
    generiques: dict[tuple[str, str], Generique] = {}
    presentations = []
    for ligne, rangee in rangees:
        try:
            lire_iso(rangee["version"], "version")
            presentation = _presentation(rangee)
        except EntreeInvalide as erreur:
            raise TexteInvalide(f"{erreur.message}.", code="TABLE_ILLISIBLE", fichier=fichier, ligne=ligne) from None
        presentations.append((ligne, presentation))
        cis = presentation.cis
        specialites[cis] = Specialite(cis, rangee["denomination"], "", "", True, "")
        if rangee["groupe"]:
            generiques[cis, rangee["groupe"]] = Generique(
                cis, rangee["groupe"], rangee["type"], rangee["libelle_groupe"], "1"
            )
    return Table(max(r["version"] for _, r in rangees), specialites, presentations, list(generiques.values()))


def _rangees(octets: bytes, fichier: str) -> list[tuple[int, dict[str, str]]]:
    try:
        lecteur = csv.reader(io.StringIO(octets.decode("utf-8-sig"), newline=""), delimiter=";", strict=True)
        lignes = [(lecteur.line_num, ligne) for ligne in lecteur if ligne]
    except (UnicodeDecodeError, csv.Error):
        raise TexteInvalide("La table n'est pas un CSV en UTF-8.", code="TABLE_ILLISIBLE", fichier=fichier) from None
    if len(lignes) < 2 or tuple(lignes[0][1]) != COLONNES:
        texte = f"La première ligne doit nommer les colonnes {';'.join(COLONNES)}, suivies des médicaments."
        raise TexteInvalide(texte, code="TABLE_ILLISIBLE", fichier=fichier)
    for numero, ligne in lignes[1:]:
        if len(ligne) != len(COLONNES):
            texte = f"Nombre de colonnes : {len(ligne)} au lieu de {len(COLONNES)}."
            raise TexteInvalide(texte, code="TABLE_ILLISIBLE", fichier=fichier, ligne=numero)
    return [(numero, dict(zip(COLONNES, ligne, strict=True))) for numero, ligne in lignes[1:]]


def _presentation(rangee: dict[str, str]) -> Presentation:
    colonnes = [
        rangee["cis"], rangee["cip7"], rangee["presentation"], "Présentation active",
        "Déclaration de commercialisation", "", rangee["cip13"], "", rangee["taux"], rangee["prix"],
        rangee["prix_avec_honoraire"], rangee["honoraire"],
    ]  # fmt: skip
    return bdpm.presentation(colonnes)
