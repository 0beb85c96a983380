"""The bank beside the returns: statements imported, their lines put together with the payments announced."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.base.fichiers import traduire
from sesam_desktop.noyau.erreurs import EntreeInvalide

from . import releve_bancaire
from .depot_banque import DepotBanque, LigneVue
from .pointage import Groupe, pointer
from .reglages_comptes import reglages
from .releve_bancaire import LigneReleve


@dataclass(frozen=True, slots=True)
class BilanReleve:
    """What an import brought. `debits`: lines left aside, funds do not take from an account. Then what was matched:
    lines put with payments, and lines that several payments explain as well."""

    lignes: int
    nouvelles: int
    debits: int
    rapprochees: int
    ambigues: int


class Banque:
    """The account of the open base."""

    def __init__(self, base: Base, horloge: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._base = base
        self._horloge = horloge
        self._depot = DepotBanque(base)

    def importer(self, chemin: Path) -> BilanReleve:
        """Read a statement whole and match it. Raises FICHIER_ABSENT…, RELEVE_ILLISIBLE, having imported nothing."""
        try:
            lues = releve_bancaire.lire(chemin.read_bytes())
        except OSError as erreur:
            raise traduire(erreur, chemin) from erreur
        credits = [ligne for ligne in lues if ligne.montant_centimes > 0]
        with self._base.transaction():
            nouvelles = self._depot.ajouter(_avec_empreintes(credits), ecrire_instant(self._horloge()))
            rapprochees, ambigues = self._rapprocher()
        return BilanReleve(len(lues), nouvelles, len(lues) - len(credits), rapprochees, ambigues)

    def rapprocher(self) -> tuple[int, int]:
        """Try again what is left, after new returns: lines matched, lines that stay ambiguous."""
        with self._base.transaction():
            return self._rapprocher()

    def lignes(self, etat: str = "") -> list[LigneVue]:
        """Newest first; `etat`: a_rapprocher, rapprochee, classee."""
        return self._depot.lignes(etat)

    def lier(self, lignes: Sequence[int], virements: Sequence[int]) -> None:
        """Put together by hand, whatever the amounts: the difference is told. Raises POINTAGE_VIDE and the depot's."""
        if not lignes or not virements:
            raise EntreeInvalide(
                "Choisissez au moins une ligne du relevé et un virement annoncé.", code="POINTAGE_VIDE"
            )
        self._depot.lier(Groupe(tuple(dict.fromkeys(lignes)), tuple(dict.fromkeys(virements))))

    def delier(self, ligne: int) -> None:
        """Undo the whole group of a line."""
        self._depot.delier(ligne)

    def classer(self, ligne: int) -> None:
        """A line that is no fund's money."""
        self._depot.classer(ligne)

    def _rapprocher(self) -> tuple[int, int]:
        resultat = pointer(self._depot.credits(), self._depot.annonces(), reglages())
        for groupe in resultat.groupes:
            self._depot.lier(groupe)
        return sum(len(groupe.lignes) for groupe in resultat.groupes), len(resultat.ambigues)


def _avec_empreintes(lignes: Sequence[LigneReleve]) -> Iterator[tuple[str, date, str, int]]:
    """Lines with what recognises them in another statement: two that look the same in one statement are two."""
    vues: Counter[str] = Counter()
    for ligne in lignes:
        texte = "|".join((ligne.date.isoformat(), ligne.libelle, str(ligne.montant_centimes), ligne.reference))
        vues[texte] += 1
        condensat = hashlib.sha256(f"{texte}|{vues[texte]}".encode())
        yield condensat.hexdigest(), ligne.date, ligne.libelle, ligne.montant_centimes
