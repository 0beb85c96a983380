"""Import of an official table into the workstation's reference file: parse everything, then one transaction."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sesam_desktop.noyau.dates import lire_iso
from sesam_desktop.noyau.erreurs import Annulation, EntreeInvalide, ErreurConnue

from . import bdpm, demonstration
from .base_referentiels import BaseReferentiels, Compte
from .bdpm import Generique, Presentation, Rejet, Specialite

SOURCES = {"bdpm": "base publique des médicaments", "demonstration": "petite table livrée avec le programme"}
Progression = Callable[[int, int], None]
PAS = 1000
Ligne = TypeVar("Ligne", Specialite, Presentation, Generique)


@dataclass(frozen=True, slots=True)
class Bilan:
    """What an import did. `lignes` were kept; `rejets` were not; `remarques` were kept but deserve a look."""

    source: str
    version: str
    lignes: int
    rejets: list[Rejet]
    remarques: list[Rejet] = field(default_factory=list)
    fichiers: list[Compte] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Medicaments:
    """Rows ready to be written, with their line numbers where they matter."""

    version: str
    specialites: dict[str, Specialite]
    presentations: list[tuple[int, Presentation]]
    generiques: list[Generique]
    comptes: list[Compte]
    rejets: list[Rejet]


class Suivi:
    """Counts what is done, tells it every `PAS` rows, and stops the import when asked to."""

    def __init__(self, total: int, progression: Progression | None, annuler: Callable[[], bool] | None) -> None:
        self._total, self._fait = total, 0
        self._progression, self._annuler = progression, annuler

    def avancer(self, nombre: int = 1) -> None:
        """`nombre` more rows are done."""
        avant, self._fait = self._fait, self._fait + nombre
        if self._fait // PAS == avant // PAS and self._fait != self._total:
            return
        if self._annuler and self._annuler():
            raise Annulation
        if self._progression:
            self._progression(min(self._fait, self._total), self._total)

    def terminer(self) -> None:
        """Everything is done, rejected rows included."""
        if self._progression and self._fait != self._total:
            self._progression(self._total, self._total)


def importer(
    source: str,
    chemin: Path,
    base: BaseReferentiels,
    progression: Progression | None = None,
    *,
    annuler: Callable[[], bool] | None = None,
    version: str = "",
) -> Bilan:
    """Read the table of `source` at `chemin` and keep it as one dated version.

    version      AAAA-MM-JJ from which it is used; by default the date written in the file or, failing that, its own
    progression  called with (done, total) rows; annuler is asked regularly and stops everything when it answers True
    Raises SOURCE_INCONNUE, FICHIER_ABSENT, TABLE_ILLISIBLE, Annulation; the base is then as it was.
    """
    if source not in SOURCES:
        prises_en_charge = ", ".join(f"{nom} ({quoi})" for nom, quoi in SOURCES.items())
        raise EntreeInvalide(
            f"La source « {source} » n'est pas prise en charge.",
            code="SOURCE_INCONNUE",
            action=f"Sources prises en charge : {prises_en_charge}.",
        )
    if version:
        lire_iso(version, "version")
    lecteur = _lire_bdpm if source == "bdpm" else _lire_demonstration
    tables, suivi = lecteur(chemin, version, progression, annuler)
    _ecrire(base, source, tables, suivi)
    suivi.terminer()
    remarques = list(bdpm.remarques(tables.presentations, tables.specialites))
    gardees = sum(c.gardees for c in tables.comptes)
    return Bilan(source, tables.version, gardees, tables.rejets, remarques, tables.comptes)


def _lire_bdpm(
    chemin: Path, version: str, progression: Progression | None, annuler: Callable[[], bool] | None
) -> tuple[Medicaments, Suivi]:
    noms = (bdpm.SPECIALITES, bdpm.PRESENTATIONS, bdpm.GENERIQUES)
    contenus = {nom: _octets(chemin / nom) for nom in noms}
    lignes_lues = sum(octets.count(b"\n") for octets in contenus.values())
    suivi = Suivi(2 * lignes_lues, progression, annuler)
    rejets: list[Rejet] = []
    comptes: list[Compte] = []

    def lire(nom: str, analyser: Callable[[list[str]], Ligne], cle: Callable[[Ligne], Any]) -> list[tuple[int, Ligne]]:
        gardees, refus = _trier(nom, _suivre(bdpm.lignes(contenus[nom]), suivi), analyser, cle)
        comptes.append(Compte(nom, len(gardees) + len(refus), len(gardees)))
        rejets.extend(refus)
        if not gardees:
            raise _illisible(chemin / nom, refus)
        return gardees

    specialites = lire(bdpm.SPECIALITES, bdpm.specialite, lambda s: s.cis)
    presentations = lire(bdpm.PRESENTATIONS, bdpm.presentation, lambda p: p.cip13)
    generiques = lire(bdpm.GENERIQUES, bdpm.generique, lambda g: (g.cis, g.groupe))
    datee = version or _date_des_fichiers(chemin / nom for nom in noms)
    return (
        Medicaments(
            datee, {s.cis: s for _, s in specialites}, presentations, [g for _, g in generiques], comptes, rejets
        ),
        suivi,
    )


def _lire_demonstration(
    chemin: Path, version: str, progression: Progression | None, annuler: Callable[[], bool] | None
) -> tuple[Medicaments, Suivi]:
    table = demonstration.lire(_octets(chemin), chemin.name)
    compte = Compte(chemin.name, len(table.presentations), len(table.presentations))
    suivi = Suivi(len(table.presentations), progression, annuler)
    datee = version or table.date
    return Medicaments(datee, table.specialites, table.presentations, table.generiques, [compte], []), suivi


def _suivre(lignes: Iterable[tuple[int, list[str]]], suivi: Suivi) -> Iterator[tuple[int, list[str]]]:
    for ligne in lignes:
        suivi.avancer()
        yield ligne


def _trier(
    fichier: str,
    lignes: Iterable[tuple[int, list[str]]],
    analyser: Callable[[list[str]], Ligne],
    cle: Callable[[Ligne], Any],
) -> tuple[list[tuple[int, Ligne]], list[Rejet]]:
    """Each line kept, or rejected with its reason; the second row of one key is a rejection."""
    gardees: list[tuple[int, Ligne]] = []
    rejets: list[Rejet] = []
    vues: dict[Any, int] = {}
    for numero, colonnes in lignes:
        try:
            ligne = analyser(colonnes)
        except EntreeInvalide as erreur:
            rejets.append(Rejet(fichier, numero, erreur.message))
            continue
        premiere = vues.setdefault(cle(ligne), numero)
        if premiere != numero:
            rejets.append(Rejet(fichier, numero, f"déjà lue à la ligne {premiere}"))
        else:
            gardees.append((numero, ligne))
    return gardees, rejets


def _ecrire(base: BaseReferentiels, source: str, tables: Medicaments, suivi: Suivi) -> None:
    with base.nouvelle_version(source, tables.version, tables.comptes) as version:
        base.ecrire_lot(
            "INSERT INTO specialite VALUES (?, ?, ?, ?, ?, ?, ?)", ((version, *s) for s in tables.specialites.values())
        )
        suivi.avancer(len(tables.specialites))
        base.ecrire_lot("INSERT INTO generique VALUES (?, ?, ?, ?, ?, ?)", ((version, *g) for g in tables.generiques))
        suivi.avancer(len(tables.generiques))
        rangees = sorted(_rangees(tables, version), key=_ordre_d_affichage)
        for debut in range(0, len(rangees), PAS):
            base.ecrire_lot(
                "INSERT INTO presentation (version, cip13, cip7, cis, libelle, presentation, taux, prix,"
                " prix_avec_honoraire, honoraire, commercialise) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rangees[debut : debut + PAS],
            )
            suivi.avancer(len(rangees[debut : debut + PAS]))
        base.indexer(version)


def _rangees(tables: Medicaments, version: int) -> Iterator[tuple[Any, ...]]:
    for _, p in tables.presentations:
        specialite = tables.specialites.get(p.cis)
        nom = specialite.libelle if specialite else p.libelle
        yield (version, p.cip13, p.cip7, p.cis, nom, p.libelle, p.taux, p.prix_centimes,
               p.prix_avec_honoraire_centimes, p.honoraire_centimes, p.commercialise)  # fmt: skip


def _ordre_d_affichage(rangee: tuple[Any, ...]) -> tuple[Any, ...]:
    """Boxes on sale first, then by name without accents, those with a public price first: the order of a search."""
    *_, commercialise = rangee
    return not commercialise, _sans_accents(rangee[4]), rangee[7] is None, _sans_accents(rangee[5]), rangee[1]


def _sans_accents(texte: str) -> str:
    return unicodedata.normalize("NFKD", texte).encode("ascii", "ignore").decode("ascii").upper()


def _octets(chemin: Path) -> bytes:
    try:
        return chemin.read_bytes()
    except OSError as erreur:
        raise ErreurConnue(
            "Ce fichier est absent ou illisible.",
            code="FICHIER_ABSENT",
            ou=str(chemin),
            action=f"Indiquez le dossier qui contient {bdpm.SPECIALITES}, {bdpm.PRESENTATIONS} et {bdpm.GENERIQUES}.",
        ) from erreur


def _illisible(chemin: Path, refus: list[Rejet]) -> ErreurConnue:
    premier = f" (ligne {refus[0].ligne} : {refus[0].motif})" if refus else ""
    return ErreurConnue(
        f"Aucune ligne de ce fichier n'est lisible{premier} : rien n'a été modifié.",
        code="TABLE_ILLISIBLE",
        ou=str(chemin),
        action="Téléchargez de nouveau le fichier sur le site de la base publique des médicaments.",
    )


def _date_des_fichiers(chemins: Iterable[Path]) -> str:
    return datetime.fromtimestamp(max(c.stat().st_mtime for c in chemins), UTC).date().isoformat()
