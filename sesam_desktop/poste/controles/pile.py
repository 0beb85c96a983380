"""The GIE's and the ANS's software on this computer: versions, tables of both architectures, Cryptolib."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sesam_desktop.poste.diagnostic_constats import Constat, constat
from sesam_desktop.poste.sondes import Systeme

from .examen import Controle, Examen
from .tiers import ANTIVIRUS, produits

_VERSION = re.compile(r"(?:fsv-)?([0-9]+(?:\.[0-9]+)+)", re.IGNORECASE)
_GALSS = re.compile(rb"(?im)^\s*filiere\s*=\s*[\"']?galss")
_ARCHITECTURES = ("x86", "x64")
_OBLIGATOIRES, _FACULTATIVES = ("ssv", "sts"), ("srt",)
_PROFONDEUR = 3

Version = tuple[int, ...]


def version(texte: str) -> Version | None:
    """``1.40.14`` → (1, 40, 14): compared as numbers, 1.40.9 comes before 1.40.14. None for anything else."""
    lue = _VERSION.fullmatch(texte)
    return tuple(int(nombre) for nombre in lue[1].split(".")) if lue else None


def fournitures(examen: Examen) -> Iterator[Constat]:
    """The FSV: those that are installed, the one that the settings name."""
    installees = sorted({une for arch in _ARCHITECTURES for une in versions(examen.systeme, arch)})
    if installees:
        yield constat("FSV", versions=", ".join(_ecrire(une) for une in installees))
    reglage = examen.poste.configuration.bibliotheques_ssv
    if not reglage:
        return
    if not examen.systeme.lister(Path(reglage)):
        yield constat("FSV_ABSENT", objet=reglage)
    utilisees = [une for une in (version(partie) for partie in re.split(r"[\\/]", reglage)) if une]
    if utilisees and installees and utilisees[-1] < installees[-1]:
        yield constat("FSV_VERSION_ANCIENNE", utilisee=_ecrire(utilisees[-1]), recente=_ecrire(installees[-1]))


def tables_fsv(examen: Examen) -> Iterator[Constat]:
    """Tables of the newest FSV: there, not empty, the same in both architectures."""
    systeme = examen.systeme
    tables = {arch: une for arch in _ARCHITECTURES if (une := _tables(systeme, arch)) is not None}
    if not tables:
        return
    trouves = [*_absentes(tables), *_incompletes(tables)]
    yield from trouves
    if not any(une.get("srt") for une in tables.values()):
        yield constat("TABLES_SRT_VIDES")
    antivirus = produits(examen.programmes, ANTIVIRUS)
    if trouves and antivirus:
        yield constat("ANTIVIRUS_TABLES", objet=", ".join(antivirus))


def cryptolib(examen: Examen) -> Iterator[Constat]:
    """A Cryptolib set for the GALSS; several of them."""
    for chemin in examen.systeme.emplacements("cryptolib"):
        if _GALSS.search(examen.systeme.lire(chemin) or b""):
            yield constat("CRYPTOLIB_GALSS", objet=str(chemin))
    yield from cryptolibs(examen)


def cryptolibs(examen: Examen) -> Iterator[Constat]:
    """Several versions of the Cryptolib in the system's list of programs."""
    vues = {une.version for une in examen.systeme.installes() if "cryptolib" in une.nom.casefold()}
    if len(vues) > 1:
        yield constat("CRYPTOLIB_PLUSIEURS", objet=", ".join(sorted(vues, key=lambda une: version(une) or ())))


def versions(systeme: Systeme, arch: str) -> dict[Version, Path]:
    """Versions of the FSV of this architecture, and their folders."""
    vues: dict[Version, Path] = {}
    for dossier in systeme.emplacements(f"fsv_{arch}"):
        for nom in systeme.lister(dossier) or []:
            lue = version(nom)
            if lue is not None:
                vues[lue] = dossier / nom
    return vues


def _tables(systeme: Systeme, arch: str) -> dict[str, frozenset[str]] | None:
    """Names of the files of each table folder of the newest version; None without FSV."""
    vues = versions(systeme, arch)
    if not vues:
        return None
    voulus = {*_OBLIGATOIRES, *_FACULTATIVES}
    trouves = dict(_chercher(systeme, vues[max(vues)], voulus, _PROFONDEUR))
    return {nom: frozenset(fichier.casefold() for fichier in trouves.get(nom, [])) for nom in voulus}


def _chercher(systeme: Systeme, dossier: Path, voulus: set[str], reste: int) -> Iterator[tuple[str, list[str]]]:
    """Folders of these names below `dossier`, with what they hold."""
    for nom in systeme.lister(dossier) or []:
        if nom.casefold() in voulus:
            yield nom.casefold(), systeme.lister(dossier / nom) or []
        elif reste and "." not in nom:
            yield from _chercher(systeme, dossier / nom, voulus, reste - 1)


def _absentes(tables: dict[str, dict[str, frozenset[str]]]) -> Iterator[Constat]:
    for nom in _OBLIGATOIRES:
        if not any(une[nom] for une in tables.values()):
            yield constat("TABLES_FSV_ABSENTES", objet=nom)


def _incompletes(tables: dict[str, dict[str, frozenset[str]]]) -> Iterator[Constat]:
    """File by file: each architecture must have what the other has."""
    if len(tables) < 2:
        return
    for nom in _OBLIGATOIRES:
        x86, x64 = tables["x86"][nom], tables["x64"][nom]
        for arch, manquants in (("x86", x64 - x86), ("x64", x86 - x64)):
            if manquants:
                yield constat("TABLES_FSV_INCOMPLETES", objet=f"{nom} ({arch})", nombre=len(manquants))


def _ecrire(une: Version) -> str:
    return ".".join(str(nombre) for nombre in une)


CONTROLES: tuple[Controle, ...] = (fournitures, tables_fsv, cryptolib)
