"""Rows of the dated tables shipped with the program, each value written as people read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sesam_desktop.base.recherche import plier
from sesam_desktop.noyau import dates, montants
from sesam_desktop.referentiels import tables

from .table import Colonne

_CERTITUDES = {"S": "source publiée", "D": "vérifiée sur les fichiers", "M": "connue, sans source",
               "P": "décision du projet"}


@dataclass(frozen=True)
class LigneTarif:
    """One dated row. `index`: its text as it is searched."""

    table: str
    cle: str
    valeurs: str
    debut: date
    fin: date | None
    source: str
    certitude: str
    a_confirmer: bool
    index: str

    def en_vigueur(self, jour: date) -> bool:
        return self.debut <= jour and (self.fin is None or jour <= self.fin)


def toutes_les_lignes() -> list[LigneTarif]:
    """Every row of every table. Runs on a worker: reading them all takes a moment, once."""
    return [_vue(table, ligne) for table in map(tables.charger, tables.noms()) for ligne in table.toutes()]


def filtrer(
    lignes: Iterable[LigneTarif], table: str, texte: str, jour: date | None, a_confirmer: bool
) -> list[LigneTarif]:
    """Rows of `table` ("" for all) that hold every word, in force on `jour` when given."""
    mots = plier(texte).split()
    return [
        li for li in lignes
        if (not table or li.table == table) and (jour is None or li.en_vigueur(jour))
        and (li.a_confirmer or not a_confirmer) and all(mot in li.index for mot in mots)
    ]


def colonnes_tarifs() -> list[Colonne]:
    """Of `LigneTarif`."""
    return [
        Colonne("table", "Table", lambda li: li.table, largeur=14),
        Colonne("cle", "Pour", lambda li: li.cle, "code", 18, bulle=lambda li: li.cle),
        Colonne("valeurs", "Valeur", lambda li: li.valeurs, largeur=40, bulle=lambda li: li.valeurs),
        Colonne("debut", "Du", lambda li: dates.formater(li.debut), "date", 10, tri=lambda li: li.debut),
        Colonne("confirmer", "Remarque", lambda li: "à confirmer" if li.a_confirmer else "", largeur=11),
        Colonne("source", "Source", lambda li: li.source, largeur=24, bulle=lambda li: li.source, accessoire=True),
        Colonne("fin", "Au", lambda li: dates.formater(li.fin) if li.fin else "", "date", 10,
                tri=lambda li: li.fin or date.max, accessoire=True),
        Colonne("certitude", "Certitude", lambda li: li.certitude, largeur=20, accessoire=True),
    ]


def _vue(table: tables.Table, ligne: tables.Ligne) -> LigneTarif:
    cle = " ".join(str(ligne[nom]) for nom in table.cles if ligne[nom] != tables.TOUS)
    valeurs = "  ·  ".join(
        texte for nom, valeur in sorted(ligne.valeurs.items(), key=lambda cellule: cellule[0] == "libelle")
        if nom not in table.cles and (texte := _ecrire(nom, valeur, table.types.get(nom, "texte")))
    )
    certitude = _CERTITUDES[ligne.certitude]
    index = plier(f"{table.nom} {cle} {valeurs} {ligne.source} {certitude}")
    return LigneTarif(
        table.nom, cle or "tous", valeurs, ligne.debut, ligne.fin, ligne.source, certitude, ligne.a_confirmer, index
    )


def _ecrire(nom: str, valeur: Any, genre: str) -> str:
    """``prix 3,15 €``; a label stands alone, and what is empty is not written."""
    texte = _texte(valeur, genre)
    if not texte or texte == "non":
        return ""
    if texte == "oui":
        return nom.replace("_", " ")
    return texte if nom == "libelle" else f"{nom.replace('_', ' ')} {texte}"


def _texte(valeur: Any, genre: str) -> str:
    if genre == "centimes":
        return montants.formater(valeur, unite="€")
    if genre == "taux":
        return montants.formater_taux(valeur)
    if genre == "booleen":
        return "oui" if valeur else "non"
    if genre == "liste":
        return " ".join(valeur)
    if genre == "intervalles":
        return " ".join(f"{debut}-{fin}" for debut, fin in valeur)
    return str(valeur).replace(".", ",") if genre == "decimal" else str(valeur)
