"""sesam.ini: which copy is read, and whether what it says exists. The program never writes it: it is another's file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sesam_desktop.lecteurs.galss.ini import FichierIni
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.diagnostic_constats import Constat, constat
from sesam_desktop.poste.sondes import Systeme

from .examen import Controle, Examen
from .pile import versions

_TAILLE_MIN = 50  # below: a file emptied by a tool that failed
_TABLES = ("COMMUN", "SSV")
_DOSSIERS = ("COMMUN", "SSV", "SRT", "STS")
_TRACES = "log4crc.xml"
_ATTENTES = (
    ("tempoexclusivite", "repetitionexclusivite"), ("tempoexclusivitePCSC", "repetitionexclusivitePCSC"),
    ("tempoaccesfichier", "repetitionaccesfichier"),
)
_DEUX_MONDES = ("Program Files (x86)", "Program Files")


def sesam(examen: Examen) -> Iterator[Constat]:
    """The copy that the FSV read, key by key."""
    chemin = fichier_lu(examen)
    if chemin is None:
        if any(versions(examen.systeme, arch) for arch in ("x86", "x64")):
            yield constat("SESAM_ABSENT", objet=", ".join(str(un) for un in examen.systeme.emplacements("sesam")))
        return
    octets = examen.systeme.lire(chemin)
    if octets is None:
        yield constat("SESAM_ABSENT", objet=str(chemin))
        return
    if len(octets.strip(b"\0 \r\n")) < _TAILLE_MIN:
        yield constat("SESAM_VIDE", objet=str(chemin))
        return
    yield from _copies(examen, chemin, octets)
    try:
        ini = FichierIni(octets)
    except ErreurConnue as erreur:
        yield constat("SESAM_ILLISIBLE", objet=str(chemin), detail=erreur.message)
        return
    yield from _cles(examen.systeme, ini)


def fichier_lu(examen: Examen) -> Path | None:
    """The one of the settings; else the newest version's own, which the FSV prefer to the old common place."""
    if examen.poste.configuration.sesam_ini:
        return Path(examen.poste.configuration.sesam_ini)
    presents = [un for un in examen.systeme.emplacements("sesam") if examen.systeme.lire(un) is not None]
    return max(presents, key=_rang, default=None)


def attente_s(examen: Examen) -> float:
    """The longest wait sesam.ini asks for on something absent, in seconds; 0 without sesam.ini."""
    chemin = fichier_lu(examen)
    octets = examen.systeme.lire(chemin) if chemin else None
    if not octets:
        return 0
    try:
        ini = FichierIni(octets)
    except ErreurConnue:
        return 0
    return max(_entier(ini, tempo) * _entier(ini, fois) for tempo, fois in _ATTENTES) / 1000


def _rang(chemin: Path) -> tuple[int, ...]:
    from .pile import version

    return next((lue for partie in reversed(chemin.parts) if (lue := version(partie))), ())


def _entier(ini: FichierIni, cle: str) -> int:
    valeur = ini.valeur("SSV", cle) or "0"
    return int(valeur) if valeur.isascii() and valeur.isdigit() and len(valeur) < 9 else 0


def _copies(examen: Examen, lu: Path, octets: bytes) -> Iterator[Constat]:
    """Several copies are usual; they matter when they differ, because people edit the wrong one."""
    copies = {un: examen.systeme.lire(un) for un in examen.systeme.emplacements("sesam")}
    autres = [un for un, contenu in copies.items() if contenu is not None and un != lu and contenu != octets]
    if autres:
        yield constat("SESAM_PLUSIEURS", objet=str(lu), nombre=len(autres) + 1)


def _cles(systeme: Systeme, ini: FichierIni) -> Iterator[Constat]:
    for section in _TABLES:
        if not ini.valeur(section, "RepertoireTable"):
            yield constat("SESAM_TABLES_NON_DITES", objet=section)
    for section in _DOSSIERS:
        valeur = ini.valeur(section, "RepertoireTable")
        if valeur:
            yield from _dossier(systeme, valeur)
    yield from _mgc(systeme, ini.valeur("MGC", "RepertoireConfigTrace") or "")
    travail = ini.valeur("COMMUN", "RepertoireTravail") or ""
    if not travail or systeme.lister(Path(travail)) is None or not systeme.inscriptible(Path(travail)):
        yield constat("SESAM_TRAVAIL_NON_INSCRIPTIBLE", objet=travail or "RepertoireTravail")


def _dossier(systeme: Systeme, valeur: str) -> Iterator[Constat]:
    if "%" in valeur:
        yield constat("SESAM_VARIABLE", objet=valeur)
    elif systeme.lister(Path(valeur)) is None:
        ailleurs = _jumeau(valeur)
        ici = ailleurs and systeme.lister(Path(ailleurs)) is not None
        yield constat("SESAM_AUTRE_ARCHITECTURE" if ici else "SESAM_CHEMIN_ABSENT", objet=valeur)


def _mgc(systeme: Systeme, valeur: str) -> Iterator[Constat]:
    if "%" in valeur:
        yield constat("SESAM_VARIABLE", objet=valeur)
    elif not valeur or _TRACES not in (systeme.lister(Path(valeur)) or []):
        yield constat("SESAM_MGC_ABSENTE")


def _jumeau(valeur: str) -> str:
    """The same path in the other « Program Files », "" when it is in neither."""
    x86, x64 = _DEUX_MONDES
    if x86 in valeur:
        return valeur.replace(x86, x64)
    return valeur.replace(x64, x86) if x64 in valeur else ""


CONTROLES: tuple[Controle, ...] = (sesam,)
