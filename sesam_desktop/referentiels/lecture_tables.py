"""Text of a table file → `Table`, every rule of its form checked (see `tables`)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide

from .cellules import TYPES
from .table import Ligne, Table

_COLONNES_FIXES = ("date_debut", "date_fin", "source", "certitude")
_CERTITUDES = frozenset("SDMP")


def reunir(nom: str, parts: list[Table]) -> Table:
    """One table of several files, which must have the same keys and answer for different ones."""
    if len(parts) == 1:
        return parts[0]
    lignes = [ligne for part in parts for ligne in part.toutes()]
    if len({(part.cles, part.colonnes()) for part in parts}) > 1:
        raise FormatInvalide("Les parties de cette table n'ont pas les mêmes colonnes.", fichier=nom)
    _verifier_suites(nom, parts[0].cles, lignes)
    return Table(nom, max(part.version for part in parts), parts[0].cles, lignes, parts[0].types)


def lire(nom: str, texte: str, fichier: str = "") -> Table:
    """Parse and check the text of a table file."""
    fichier = fichier or f"{nom}.csv"
    entete = dict(re.findall(r"^# (\w+): *(.*?) *$", texte, re.MULTILINE))
    version, cles = entete.get("version", ""), tuple(entete.get("cles", "").split())
    if not version or not cles:
        raise FormatInvalide("L'en-tête doit donner « # version: » et « # cles: ».", fichier=fichier, ligne=1)
    lignes = list(_lire_lignes(nom, version, texte, fichier))
    _verifier_suites(fichier, cles, lignes)
    return Table(nom, version, cles, lignes, _types(texte))


def _types(texte: str) -> dict[str, str]:
    """Declared type of each column, of a text already checked."""
    entete = next(t for t in texte.splitlines() if t.strip() and not t.startswith("#"))
    return {nom: genre or "texte" for nom, _, genre in (colonne.partition(":") for colonne in entete.split(";"))}


def _lire_lignes(nom: str, version: str, texte: str, fichier: str) -> Iterator[Ligne]:
    utiles = [(n, t) for n, t in enumerate(texte.splitlines(), 1) if t.strip() and not t.startswith("#")]
    if not utiles:
        raise FormatInvalide("La table est vide.", fichier=fichier)
    numero_entete, ligne_entete = utiles[0]
    colonnes = _colonnes(ligne_entete, fichier, numero_entete)
    for numero, ligne in utiles[1:]:
        try:
            yield _une_ligne(nom, version, numero, colonnes, ligne.split(";"))
        except (ValueError, EntreeInvalide) as erreur:
            raise FormatInvalide(f"Ligne refusée : {erreur}.", fichier=fichier, ligne=numero) from None


def _colonnes(ligne: str, fichier: str, numero: int) -> list[tuple[str, Callable[[str], Any]]]:
    noms = [(*colonne.split(":"), "texte")[:2] for colonne in ligne.split(";")]
    inconnus = [t for _, t in noms if t not in TYPES]
    if inconnus or tuple(n for n, _ in noms[-4:]) != _COLONNES_FIXES:
        raise FormatInvalide(
            "Les colonnes doivent finir par date_debut;date_fin;source;certitude et porter des types connus.",
            fichier=fichier, ligne=numero,
        )
    return [(n, TYPES[t]) for n, t in noms]


def _une_ligne(
    nom: str, version: str, numero: int, colonnes: list[tuple[str, Callable[[str], Any]]], cellules: list[str]
) -> Ligne:
    if len(cellules) != len(colonnes):
        raise ValueError(f"{len(colonnes)} colonnes attendues, {len(cellules)} lues")
    valeurs = {n: lire_cellule(c.strip()) for (n, lire_cellule), c in zip(colonnes, cellules, strict=True)}
    debut, fin, source, certitude = (valeurs.pop(n) for n in _COLONNES_FIXES)
    debut = dates.lire_iso(debut)
    fin = dates.lire_iso(fin) if fin else None
    if fin and fin < debut:
        raise ValueError("la date de fin précède la date de début")
    if not source or certitude not in _CERTITUDES:
        raise ValueError("source absente, ou certitude autre que S, D, M, P")
    return Ligne(valeurs, debut, fin, source, certitude, nom, version, numero)


def _verifier_suites(fichier: str, cles: tuple[str, ...], lignes: list[Ligne]) -> None:
    """Rows of one key must follow each other day after day."""
    suites: dict[tuple[str, ...], list[Ligne]] = {}
    for ligne in lignes:
        if any(c not in ligne.valeurs for c in cles):
            raise FormatInvalide("Une clé déclarée n'est pas une colonne.", fichier=fichier, ligne=1)
        suites.setdefault(tuple(str(ligne[c]) for c in cles), []).append(ligne)
    for suite in suites.values():
        suite.sort(key=lambda ligne: ligne.debut)
        for avant, apres in itertools.pairwise(suite):
            _verifier_jonction(fichier, avant, apres)


def _verifier_jonction(fichier: str, avant: Ligne, apres: Ligne) -> None:
    if avant.fin is None or avant.fin >= apres.debut:
        raise FormatInvalide(
            f"Deux périodes se chevauchent (voir ligne {avant.numero}).", fichier=fichier, ligne=apres.numero
        )
    if avant.fin + timedelta(1) != apres.debut:
        raise FormatInvalide(
            f"Il manque des jours depuis la ligne {avant.numero}.", fichier=fichier, ligne=apres.numero
        )
