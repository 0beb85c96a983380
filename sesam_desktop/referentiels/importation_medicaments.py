"""Import of the medicines: the public database (BDPM), or the small table shipped with the program."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from . import bdpm, demonstration, fichiers, hybrides
from .base_referentiels import BaseReferentiels, Compte
from .bdpm import Generique, Presentation, Rejet, Specialite
from .hybrides import GroupeHybride, SpecialiteHybride
from .suivi import Bilan, Progression, Suivi

Ligne = TypeVar("Ligne", Specialite, Presentation, Generique, GroupeHybride, SpecialiteHybride)
_FICHIERS = (bdpm.SPECIALITES, bdpm.PRESENTATIONS, bdpm.GENERIQUES)
_HYBRIDES = (hybrides.GROUPES, hybrides.SPECIALITES)  # read when they are there, both or none
_OU = f"Indiquez le dossier qui contient {bdpm.SPECIALITES}, {bdpm.PRESENTATIONS} et {bdpm.GENERIQUES}."
_RETELECHARGER = "Téléchargez de nouveau le fichier sur le site de la base publique des médicaments."


@dataclass(slots=True)
class Medicaments:
    """Rows ready to be written, with their line numbers where they matter. `hybrides`: cis, group, type, label."""

    version: str
    specialites: dict[str, Specialite]
    presentations: list[tuple[int, Presentation]]
    generiques: list[Generique]
    comptes: list[Compte]
    rejets: list[Rejet]
    hybrides: list[tuple[str, str, str, str]] = field(default_factory=list)


def importer(
    source: str,
    chemin: Path,
    base: BaseReferentiels,
    version: str,
    progression: Progression | None,
    annuler: Callable[[], bool] | None,
) -> Bilan:
    """See `importation.importer`."""
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
    dossier = _dossier(chemin)
    noms = [*_FICHIERS, *(_HYBRIDES if any(os.path.isfile(dossier / nom) for nom in _HYBRIDES) else ())]  # noqa: PTH113
    contenus = {nom: fichiers.octets(dossier / nom, _OU) for nom in noms}
    suivi = Suivi(2 * sum(octets.count(b"\n") for octets in contenus.values()), progression, annuler)
    lecteur = _Lecteur(dossier, contenus, suivi)
    specialites = lecteur.lire(bdpm.SPECIALITES, bdpm.specialite, lambda s: s.cis)
    presentations = lecteur.lire(bdpm.PRESENTATIONS, bdpm.presentation, lambda p: p.cip13)
    generiques = lecteur.lire(bdpm.GENERIQUES, bdpm.generique, lambda g: (g.cis, g.groupe))
    tables = Medicaments(
        version or fichiers.date_des_fichiers(dossier / nom for nom in noms), {s.cis: s for _, s in specialites},
        presentations, [g for _, g in generiques], lecteur.comptes, lecteur.rejets,
    )  # fmt: skip
    if hybrides.GROUPES in contenus:
        libelles = {g.groupe: g.libelle for _, g in lecteur.lire(hybrides.GROUPES, hybrides.groupe, lambda g: g.groupe)}
        lues = lecteur.lire(hybrides.SPECIALITES, hybrides.specialite, lambda s: (s.cis, s.groupe))
        tables.hybrides = [(s.cis, s.groupe, s.type, libelles.get(s.groupe, "")) for _, s in lues]
    return tables, suivi


def _dossier(chemin: Path) -> Path:
    """The folder itself, or that of one of the files."""
    if chemin.name in (*_FICHIERS, *_HYBRIDES):
        return chemin.parent
    if os.path.isfile(chemin):  # noqa: PTH113 - Path.is_file raises on a name too long
        raise ErreurConnue(
            "Ce fichier n'est pas de la base publique des médicaments.", code="FICHIER_ABSENT", ou=str(chemin),
            action=_OU,
        )  # fmt: skip
    return chemin


class _Lecteur:
    """Reads the files of a folder one after the other; counts the rows and gathers the rejections."""

    def __init__(self, chemin: Path, contenus: dict[str, bytes], suivi: Suivi) -> None:
        self._chemin, self._contenus, self._suivi = chemin, contenus, suivi
        self.comptes: list[Compte] = []
        self.rejets: list[Rejet] = []

    def lire(
        self, nom: str, analyser: Callable[[list[str]], Ligne], cle: Callable[[Ligne], Any]
    ) -> list[tuple[int, Ligne]]:
        """The rows kept, with their line numbers. Raises TABLE_ILLISIBLE when there is none."""
        gardees, refus = _trier(nom, self._suivi.suivre(bdpm.lignes(self._contenus[nom])), analyser, cle)
        self.comptes.append(Compte(nom, len(gardees) + len(refus), len(gardees)))
        self.rejets.extend(refus)
        if not gardees:
            raise fichiers.illisible(self._chemin / nom, refus, _RETELECHARGER)
        return gardees


def _lire_demonstration(
    chemin: Path, version: str, progression: Progression | None, annuler: Callable[[], bool] | None
) -> tuple[Medicaments, Suivi]:
    table = demonstration.lire(fichiers.octets(chemin, _OU), chemin.name)
    compte = Compte(chemin.name, len(table.presentations), len(table.presentations))
    suivi = Suivi(len(table.presentations), progression, annuler)
    datee = version or table.date
    return Medicaments(datee, table.specialites, table.presentations, table.generiques, [compte], []), suivi


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
        base.ecrire_lot("INSERT INTO hybride VALUES (?, ?, ?, ?, ?)", ((version, *h) for h in tables.hybrides))
        suivi.avancer(len(tables.generiques) + len(tables.hybrides))
        for lot in suivi.par_lots(sorted(_rangees(tables, version), key=_ordre_d_affichage)):
            base.ecrire_lot(
                "INSERT INTO presentation (version, cip13, cip7, cis, libelle, presentation, taux, prix,"
                " prix_avec_honoraire, honoraire, commercialise) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                lot,
            )
        base.indexer_presentations(version)


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
