"""Look-up of medicines: by CIP13, CIP7, scan or words, at a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sesam_desktop.noyau import identifiants
from sesam_desktop.noyau.erreurs import ErreurConnue

from . import recherche
from .base_referentiels import BaseReferentiels, EnVigueur
from .groupes import GENERIQUE, HYBRIDE, GroupeGenerique, groupes
from .memoire import Memoire

_COLONNES = """
    SELECT p.cip13, p.cip7, p.cis, p.libelle, p.presentation, p.taux, p.prix, p.prix_avec_honoraire, p.honoraire,
           p.commercialise, coalesce(g.groupe, ''), coalesce(g.type, '')
    FROM presentation p LEFT JOIN generique g ON g.version = p.version AND g.cis = p.cis AND g.groupe = (
        SELECT groupe FROM generique WHERE version = p.version AND cis = p.cis ORDER BY type, groupe LIMIT 1)"""
_PAR_CIP13 = f"{_COLONNES} WHERE p.version = ? AND p.cip13 = ?"
_PAR_CIP7 = f"{_COLONNES} WHERE p.version = ? AND p.cip7 = ?"
SOURCES = ("bdpm", "demonstration")
RETENUS, GROUPES_RETENUS = 4096, 256  # boxes and groups remembered until the next import


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
        self._boites = Memoire(base, self._version, self._chercher_un, RETENUS)
        self._groupes = Memoire(base, self._version, self._chercher_groupes, GROUPES_RETENUS)

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
        requete = recherche.requete(mots)
        if not requete:
            return []
        return self._base.a_jour(lambda: self._chercher(requete, self._version(jour), limite))

    def trouver(self, terme: str, jour: date, limite: int = 20) -> list[Medicament]:
        """By code when `terme` is one, by words otherwise."""
        try:
            trouve = self.par_scan(terme, jour)
        except ErreurConnue as erreur:
            if erreur.code != "CIP_INVALIDE":
                raise
            return self.chercher(terme, jour, limite)
        return [trouve] if trouve else []

    def groupe(self, cip13: str, jour: date) -> GroupeGenerique | None:
        """The generic group that `par_cip13` names, with every presentation it holds."""
        trouves = self.groupes(cip13, jour)
        return trouves[0] if trouves else None

    def groupes(self, cip13: str, jour: date) -> tuple[GroupeGenerique, ...]:
        """Every generic group of this presentation: its speciality may be in several."""
        return self._groupes.lire(jour, cip13, GENERIQUE)

    def groupe_hybride(self, cip13: str, jour: date) -> GroupeGenerique | None:
        """The hybrid group of this presentation, when the register of the ANSM was imported with the table."""
        trouves = self._groupes.lire(jour, cip13, HYBRIDE)
        return trouves[0] if trouves else None

    def _chercher(self, requete: str, version: EnVigueur, limite: int) -> list[Medicament]:
        # Rows of a version are written in the order they are shown, so that `id` is the order.
        lignes = recherche.rangees(self._base, version.id, requete, limite, _COLONNES, "p.id")
        return [_medicament(ligne, version) for ligne in lignes]

    def _un(self, sql: str, code: str, jour: date) -> Medicament | None:
        return self._boites.lire(jour, sql, code) if code.isascii() and code.isdigit() else None

    def _chercher_un(self, version: EnVigueur, sql: str, code: str) -> Medicament | None:
        lignes = self._base.lire(sql, (version.id, code))
        return _medicament(lignes[0], version) if lignes else None

    def _chercher_groupes(self, version: EnVigueur, cip13: str, registre: str) -> tuple[GroupeGenerique, ...]:
        return groupes(self._base, version, cip13, registre) if cip13.isascii() else ()

    def _version(self, jour: date) -> EnVigueur:
        version = self._base.en_vigueur(SOURCES, jour)
        if version is None:
            raise ErreurConnue(
                "Aucune table des médicaments n'est installée sur ce poste.",
                code="REFERENTIEL_ABSENT",
                action="Importez la base publique des médicaments depuis la page Référentiels.",
            )
        return version


def _medicament(ligne: tuple[Any, ...], version: EnVigueur) -> Medicament:
    valeurs = (*ligne[:9], bool(ligne[9]), *ligne[10:], version.date, version.hors_periode)
    return Medicament(*valeurs)
