"""Look-up of medicines: by CIP13, CIP7, scan or words, at a date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from sesam_desktop.noyau import identifiants
from sesam_desktop.noyau.erreurs import ErreurConnue

from .base_referentiels import BaseReferentiels

_COLONNES = """
    SELECT p.cip13, p.cip7, p.cis, p.libelle, p.presentation, p.taux, p.prix, p.prix_avec_honoraire, p.honoraire,
           p.commercialise, coalesce(g.groupe, ''), coalesce(g.type, '')
    FROM presentation p LEFT JOIN generique g ON g.version = p.version AND g.cis = p.cis AND g.groupe = (
        SELECT groupe FROM generique WHERE version = p.version AND cis = p.cis ORDER BY type, groupe LIMIT 1)"""
_PAR_CIP13 = f"{_COLONNES} WHERE p.version = ? AND p.cip13 = ?"
_PAR_CIP7 = f"{_COLONNES} WHERE p.version = ? AND p.cip7 = ?"
# Rows of a version are contiguous and written in the order they are shown, so that `rowid` is the order.
_PAR_MOTS = f"""{_COLONNES} WHERE p.id IN (
    SELECT rowid FROM recherche WHERE recherche MATCH ?
    AND rowid BETWEEN (SELECT min(id) FROM presentation WHERE version = ?)
                  AND (SELECT max(id) FROM presentation WHERE version = ?)
    ORDER BY rowid LIMIT ?) ORDER BY p.id"""  # noqa: S608 - made of constants only
# The demonstration table answers only as long as no real one has been imported.
_VERSION = """
    SELECT id, date, date > ?1 FROM version
    ORDER BY source = 'demonstration', date > ?1, CASE WHEN date > ?1 THEN date END, date DESC LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Medicament:
    """One presentation (a box) as a dated table gives it. `taux` None: not reimbursed; prices None: free price.

    version      date of the table that answered
    hors_periode that table is later than the day asked (no older one is known): price and rate must be confirmed
    """

    cip13: str
    cip7: str
    cis: str
    libelle: str
    presentation: str
    taux: int | None
    prix_centimes: int | None
    prix_avec_honoraire_centimes: int | None
    honoraire_centimes: int | None
    commercialise: bool
    groupe_generique: str
    type_generique: str
    version: str
    hors_periode: bool = False

    @property
    def remboursable(self) -> bool:
        """True when the table gives a rate."""
        return self.taux is not None


class Medicaments:
    """Dated look-ups over the imported tables. Raises REFERENTIEL_ABSENT when none was imported."""

    def __init__(self, base: BaseReferentiels) -> None:
        self._base = base

    def par_cip13(self, cip13: str, jour: date) -> Medicament | None:
        """The box with this 13-digit code."""
        return self._un(_PAR_CIP13, cip13, jour)

    def par_cip7(self, cip7: str, jour: date) -> Medicament | None:
        """The box with this 7-digit code."""
        return self._un(_PAR_CIP7, cip7, jour)

    def par_scan(self, texte: str, jour: date) -> Medicament | None:
        """The box read by a scanner (DataMatrix, CIP13 or CIP7). Raises CIP_INVALIDE when it is no medicine code."""
        return self.par_cip13(identifiants.cip13_depuis_scan(texte), jour)

    def chercher(self, mots: str, jour: date, limite: int = 20) -> list[Medicament]:
        """Boxes whose name and presentation hold every word (its beginning is enough; accents and case ignored)."""
        morceaux = re.findall(r"[^\W_]+", mots)
        if not morceaux or limite <= 0:
            return []
        version = self._version(jour)
        requete = " ".join(f'"{m}"*' for m in morceaux)
        lignes = self._base.lire(_PAR_MOTS, (requete, version[0], version[0], limite))
        return [_medicament(ligne, version) for ligne in lignes]

    def trouver(self, terme: str, jour: date, limite: int = 20) -> list[Medicament]:
        """By code when `terme` is one, by words otherwise."""
        try:
            trouve = self.par_scan(terme, jour)
        except ErreurConnue as erreur:
            if erreur.code != "CIP_INVALIDE":
                raise
            return self.chercher(terme, jour, limite)
        return [trouve] if trouve else []

    def _un(self, sql: str, code: str, jour: date) -> Medicament | None:
        if not (code.isascii() and code.isdigit()):
            return None
        version = self._version(jour)
        lignes = self._base.lire(sql, (version[0], code))
        return _medicament(lignes[0], version) if lignes else None

    def _version(self, jour: date) -> tuple[int, str, bool]:
        lignes = self._base.lire(_VERSION, (jour.isoformat(),))
        if not lignes:
            raise ErreurConnue(
                "Aucune table des médicaments n'est installée sur ce poste.",
                code="REFERENTIEL_ABSENT",
                action="Importez la base publique des médicaments depuis la page Référentiels.",
            )
        identifiant, jour_version, posterieure = lignes[0]
        return identifiant, jour_version, bool(posterieure)


def _medicament(ligne: tuple[Any, ...], version: tuple[int, str, bool]) -> Medicament:
    valeurs = (*ligne[:9], bool(ligne[9]), *ligne[10:], *version[1:])
    return Medicament(*valeurs)
