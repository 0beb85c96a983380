"""What changed between two versions of a table: one row a cell, before and after as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sesam_desktop.base.recherche import plier
from sesam_desktop.noyau import montants

from .table import Colonne


@dataclass(frozen=True)
class Changement:
    """One cell that changed, or a whole row that came or went. `index`: its text as it is searched."""

    genre: str
    code: str
    libelle: str
    champ: str = ""
    avant: str = ""
    apres: str = ""

    @cached_property
    def index(self) -> str:
        return plier(" ".join((self.genre, self.code, self.libelle, self.champ, self.avant, self.apres)))


_RIEN = "–"
_GENRES = {"ajout": "ajouté", "retrait": "retiré", "modification": "modifié"}
_CHAMPS = {
    "taux": "taux", "prix": "prix", "prix_avec_honoraire": "prix honoraire compris", "honoraire": "honoraire",
    "commercialise": "commercialisé", "libelle": "libellé", "presentation": "présentation",
    "tarif_1": "tarif secteur 1", "tarif_2": "tarif secteur 2", "periodes": "tarifs datés",
    "accord_prealable": "accord préalable", "exonerations": "exonération",
}
_MONTANTS = ("prix", "prix_avec_honoraire", "honoraire", "tarif_1", "tarif_2", "tarif", "prix_max")
_DRAPEAUX = ("commercialise",)


def changements_de(differences: Any) -> list[Changement]:
    """One row a cell of `Differences`. Runs on a worker."""
    lus = []
    for d in differences.lignes:
        genre = _GENRES[d.genre]
        if not d.champs:
            lus.append(Changement(genre, d.code, d.libelle))
        lus += [
            Changement(genre, d.code, d.libelle, _CHAMPS.get(c.nom, c.nom.replace("_", " ")), _valeur(c.nom, c.avant),
                       _valeur(c.nom, c.apres))
            for c in d.champs
        ]
    return lus


def colonnes_changements() -> list[Colonne]:
    """Of `Changement`."""
    return [
        Colonne("genre", "Changement", lambda c: c.genre, largeur=9),
        Colonne("code", "Code", lambda c: c.code, "code", 13),
        Colonne("libelle", "Libellé", lambda c: c.libelle, largeur=36, bulle=lambda c: c.libelle),
        Colonne("champ", "Champ", lambda c: c.champ, largeur=14),
        Colonne("avant", "Avant", lambda c: c.avant, largeur=12, bulle=lambda c: c.avant),
        Colonne("apres", "Après", lambda c: c.apres, largeur=12, bulle=lambda c: c.apres),
    ]


def _valeur(nom: str, valeur: Any) -> str:
    """Cells of the base hold centimes, rates and flags as numbers; articles hold lists of dated tariffs."""
    if valeur is None or valeur == "":
        return _RIEN
    if isinstance(valeur, dict):
        return ", ".join(f"{cle} {_valeur(cle, v)}" for cle, v in valeur.items() if v not in (None, ""))
    if isinstance(valeur, list):
        return ", ".join(_valeur("", v) for v in valeur) or _RIEN
    return _nombre(nom, valeur) if isinstance(valeur, int) else str(valeur)


def _nombre(nom: str, valeur: int) -> str:
    if isinstance(valeur, bool) or nom in _DRAPEAUX:
        return "oui" if valeur else "non"
    if nom == "taux":
        return montants.formater_taux(valeur)
    return montants.formater(valeur, unite="€") if nom in _MONTANTS else str(valeur)
