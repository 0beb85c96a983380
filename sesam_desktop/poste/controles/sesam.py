"""sesam.ini: which copy is read, and whether what it says exists. The program never writes it: it is another's file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sesam_desktop.lecteurs.galss.anomalie import Anomalie
from sesam_desktop.lecteurs.galss.ini import FichierIni
from sesam_desktop.lecteurs.galss.releve import est_tronque
from sesam_desktop.lecteurs.galss.sesam_ini import Disque, SesamIni, autre_architecture, lire
from sesam_desktop.noyau.erreurs import FormatInvalide
from sesam_desktop.poste.diagnostic_constats import Constat, constat
from sesam_desktop.poste.sondes import Systeme

from .examen import Controle, Examen
from .pile import versions

_CLES = ("RepertoireTravail", "RepertoireTable", "RepertoireConfigTrace")
_ATTENTES = (
    ("tempoexclusivite", "repetitionexclusivite"), ("tempoexclusivitePCSC", "repetitionexclusivitePCSC"),
    ("tempoaccesfichier", "repetitionaccesfichier"),
)


def sesam(examen: Examen) -> Iterator[Constat]:
    """The copy that the FSV read, key by key."""
    chemin = fichier_lu(examen)
    if chemin is None:
        if any(versions(examen.systeme, arch) for arch in ("x86", "x64")):
            yield constat("SESAM_ABSENT", objet="aucun exemplaire sur ce poste")
        return
    octets = examen.systeme.lire(chemin)
    if octets is None:
        yield constat("SESAM_ABSENT", objet=str(chemin))
        return
    if est_tronque(octets):
        yield constat("SESAM_VIDE", objet=str(chemin))
        return
    yield from _copies(examen, chemin, octets)
    try:
        lu = lire(octets, _DisqueSonde(examen.systeme))
    except FormatInvalide as erreur:
        yield constat("SESAM_ILLISIBLE", objet=str(chemin), detail=erreur.message)
        return
    yield from _classer(examen.systeme, lu)


def fichier_lu(examen: Examen) -> Path | None:
    """The one of the settings; else that of the latest FSV, which they prefer to the old common place."""
    if examen.poste.configuration.sesam_ini:
        return Path(examen.poste.configuration.sesam_ini)
    return next((un for un in examen.systeme.emplacements("sesam") if examen.systeme.lire(un) is not None), None)


def attente_s(examen: Examen) -> float:
    """The longest wait sesam.ini asks for on something absent, in seconds; 0 without sesam.ini."""
    chemin = fichier_lu(examen)
    octets = examen.systeme.lire(chemin) if chemin else None
    if not octets:
        return 0
    try:
        ini = FichierIni(octets)
    except FormatInvalide:
        return 0
    return max(_entier(ini, tempo) * _entier(ini, fois) for tempo, fois in _ATTENTES) / 1000


def _entier(ini: FichierIni, cle: str) -> int:
    valeur = ini.valeur("SSV", cle) or "0"
    return int(valeur) if valeur.isascii() and valeur.isdigit() and len(valeur) < 9 else 0


def _copies(examen: Examen, lu: Path, octets: bytes) -> Iterator[Constat]:
    """Several copies are usual; they matter when they differ, because people edit the wrong one."""
    copies = {un: examen.systeme.lire(un) for un in examen.systeme.emplacements("sesam")}
    autres = [un for un, contenu in copies.items() if contenu is not None and un != lu and contenu != octets]
    if autres:
        yield constat("SESAM_PLUSIEURS", objet=str(lu), nombre=len(autres) + 1)


def _classer(systeme: Systeme, lu: SesamIni) -> Iterator[Constat]:
    """Each anomaly of the file, by what it means to a person."""
    for anomalie in lu.anomalies:
        valeur = lu.ini.valeur(anomalie.section, anomalie.cle) or ""
        if not anomalie.grave and not valeur:
            continue  # an optional key
        code = _code(systeme, anomalie, valeur)
        yield constat(code, objet=valeur or f"[{anomalie.section}] {anomalie.cle}", detail=anomalie.phrase())


def _code(systeme: Systeme, anomalie: Anomalie, valeur: str) -> str:
    if "%" in valeur:
        return "SESAM_VARIABLE"
    if anomalie.cle not in _CLES:
        return "SESAM_ANOMALIE"
    if not valeur and anomalie.cle == "RepertoireTable":
        return "SESAM_TABLES_NON_DITES"
    if anomalie.cle == "RepertoireConfigTrace":
        return "SESAM_MGC_ABSENTE"
    if anomalie.cle == "RepertoireTravail":
        return "SESAM_TRAVAIL_NON_INSCRIPTIBLE"
    ailleurs = autre_architecture(valeur)
    ici = ailleurs is not None and systeme.lister(Path(ailleurs)) is not None
    return "SESAM_AUTRE_ARCHITECTURE" if ici else "SESAM_CHEMIN_ABSENT"


class _DisqueSonde(Disque):
    """The disk as the probes see it: each question is capped."""

    def __init__(self, systeme: Systeme) -> None:
        self._systeme = systeme

    def est_dossier(self, chemin: str) -> bool:
        return self._systeme.lister(Path(chemin)) is not None

    def est_fichier(self, chemin: str) -> bool:
        return self._systeme.lire(Path(chemin)) is not None

    def est_inscriptible(self, chemin: str) -> bool:
        return self._systeme.inscriptible(Path(chemin))


CONTROLES: tuple[Controle, ...] = (sesam,)
