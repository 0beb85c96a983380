"""`sesam.ini`: where SSV finds its tables and writes its work. What is wrong in it, and its repair.

Several FSV do not expand environment variables: paths must be absolute. The keys are those of FSV 1.40.1x.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from sesam_desktop.noyau.erreurs import EntreeInvalide

from .anomalie import Anomalie, graves
from .changement import Changement, comparer
from .ini import FichierIni
from .releve import Releve, entier, est_tronque

FICHIER_TRACES = "log4crc.xml"
_ILLISIBLE, _TRAVAIL, _SANS_TABLES, _TABLES = 0xF6F1, 0xF6F2, 0xF680, 0xF610
_DELAIS = ("tempoexclusivite", "repetitionexclusivite", "tempoaccesfichier", "repetitionaccesfichier")
_ARCHITECTURES = (r"\Program Files (x86)" + "\\", r"\Program Files" + "\\")


@dataclass(frozen=True, slots=True)
class Dossiers:
    """The folders of one FSV, absolute, as the platform writes them."""

    travail: str
    tables_ssv: str
    tables_srt: str
    tables_sts: str
    traces: str


@dataclass(frozen=True, slots=True)
class _Chemin:
    """A key that holds a folder: which of `Dossiers`, the codes of its absence and of a folder that is not there."""

    section: str
    cle: str
    dossier: str
    absent: int
    introuvable: int
    grave: bool = True


_CHEMINS = (
    _Chemin("COMMUN", "RepertoireTravail", "travail", _ILLISIBLE, _TRAVAIL),
    _Chemin("COMMUN", "RepertoireTable", "tables_ssv", _SANS_TABLES, _TABLES),
    _Chemin("SSV", "RepertoireTable", "tables_ssv", _SANS_TABLES, _TABLES),
    _Chemin("MGC", "RepertoireConfigTrace", "traces", 0, 0),
    _Chemin("SRT", "RepertoireTable", "tables_srt", 0, 0, grave=False),
    _Chemin("STS", "RepertoireTable", "tables_sts", 0, 0, grave=False),
)


class Disque:
    """What is on this machine; replaced by tests."""

    def est_dossier(self, chemin: str) -> bool:
        return Path(chemin).is_dir()

    def est_fichier(self, chemin: str) -> bool:
        return Path(chemin).is_file()

    def est_inscriptible(self, chemin: str) -> bool:
        """By writing: Windows calls any folder writable."""
        try:
            with tempfile.TemporaryFile(dir=chemin):
                return True
        except OSError:
            return False


@dataclass(frozen=True)
class SesamIni:
    """What the file says, and what is wrong in it."""

    ini: FichierIni
    anomalies: tuple[Anomalie, ...] = ()

    @property
    def valide(self) -> bool:
        return not graves(self.anomalies)


def lire(octets: bytes, disque: Disque | None = None) -> SesamIni:
    """Read and check a whole file, folders included. Raises FormatInvalide (INI_TROP_GROS) only."""
    releve = Releve(FichierIni(octets))
    if est_tronque(octets):
        releve.noter("", "", "Le fichier sesam.ini est vide ou tronqué.", _ILLISIBLE)
        return SesamIni(releve.ini, tuple(releve.anomalies))
    for chemin in _CHEMINS:
        _controler(releve, chemin, disque or Disque())
    _controler_nombres(releve)
    _controler_cartes_virtuelles(releve)
    releve.noter_la_forme()
    return SesamIni(releve.ini, tuple(releve.anomalies))


def reparer(octets: bytes, dossiers: Dossiers, disque: Disque | None = None) -> tuple[bytes, tuple[Changement, ...]]:
    """The file with every folder it needs, nothing else changed; made whole when it is empty. Raises EntreeInvalide.

    A folder that only exists under the other Program Files is taken there; `dossiers` answers for the rest.
    """
    _exiger_absolus(dossiers)
    disque = disque or Disque()
    avant = FichierIni(octets)
    apres = FichierIni(b"" if est_tronque(octets) else octets)
    if apres.a_des_nuls or not apres.est_cp1252:
        apres = apres.en_cp1252()
    for chemin in _CHEMINS:
        actuelle = apres.valeur(chemin.section, chemin.cle) or ""
        if not _convient(actuelle, disque):
            apres.poser(chemin.section, chemin.cle, _remplacant(actuelle, getattr(dossiers, chemin.dossier), disque))
    return apres.octets(), tuple(comparer(avant, apres))


def regenerer(dossiers: Dossiers) -> bytes:
    """A whole file for these folders. Raises EntreeInvalide for a path that is not absolute."""
    return reparer(b"", dossiers)[0]


def est_absolu(chemin: str) -> bool:
    """On the platform the path was written for."""
    return PureWindowsPath(chemin).is_absolute() or PurePosixPath(chemin).is_absolute()


def autre_architecture(chemin: str) -> str | None:
    """The same folder under the other Program Files, None when it is under neither."""
    for ici, ailleurs in (_ARCHITECTURES, _ARCHITECTURES[::-1]):
        position = chemin.casefold().find(ici.casefold())
        if position >= 0:
            return chemin[:position] + ailleurs + chemin[position + len(ici) :]
    return None


def _controler(releve: Releve, chemin: _Chemin, disque: Disque) -> None:
    valeur = releve.ini.valeur(chemin.section, chemin.cle)
    if not valeur:
        message = f"La clé {chemin.cle} est absente ou vide."
        releve.noter(chemin.section, chemin.cle, message, chemin.absent, grave=chemin.grave)
        return
    defaut = _defaut(valeur, disque)
    if defaut:
        releve.noter(chemin.section, chemin.cle, defaut, chemin.introuvable, grave=chemin.grave)
    elif chemin.dossier == "travail" and not disque.est_inscriptible(valeur):
        releve.noter(chemin.section, chemin.cle, f"Le dossier {valeur} n'est pas accessible en écriture.", _TRAVAIL)
    elif chemin.dossier == "traces" and not disque.est_fichier(_dans(valeur, FICHIER_TRACES)):
        releve.noter(chemin.section, chemin.cle, f"Le fichier {FICHIER_TRACES} manque dans {valeur}.")


def _defaut(valeur: str, disque: Disque) -> str:
    """What is wrong with this path, "" when nothing is."""
    if "%" in valeur:
        return f"« {valeur} » contient une variable d'environnement : il faut un chemin complet."
    if not est_absolu(valeur):
        return f"« {valeur} » n'est pas un chemin complet."
    if disque.est_dossier(valeur):
        return ""
    ailleurs = autre_architecture(valeur)
    if ailleurs and disque.est_dossier(ailleurs):
        return f"Le dossier {valeur} n'existe pas : il est sous {ailleurs} (autre architecture)."
    return f"Le dossier {valeur} n'existe pas."


def _convient(valeur: str, disque: Disque) -> bool:
    return bool(valeur) and not _defaut(valeur, disque)


def _remplacant(actuelle: str, prevu: str, disque: Disque) -> str:
    ailleurs = autre_architecture(actuelle)
    return ailleurs if ailleurs and _convient(ailleurs, disque) else prevu


def _controler_nombres(releve: Releve) -> None:
    for cle, valeur in releve.ini.cles("SSV").items():
        if cle.casefold().removesuffix("pcsc") in _DELAIS and entier(valeur) is None:
            releve.noter("SSV", cle, f"{cle} vaut « {valeur} » : il faut un nombre.", grave=False)


def _controler_cartes_virtuelles(releve: Releve) -> None:
    numero = releve.ini.valeur("TESTSSV", "NumeroFichierVitale")
    if numero and not releve.ini.valeur("TESTSSV", f"NomFichierVitale{numero}"):
        message = f"NumeroFichierVitale vaut {numero} : NomFichierVitale{numero} manque."
        releve.noter("TESTSSV", "NumeroFichierVitale", message, grave=False)


def _dans(dossier: str, fichier: str) -> str:
    return str((PureWindowsPath if re.match(r"[A-Za-z]:|\\\\", dossier) else PurePosixPath)(dossier) / fichier)


def _exiger_absolus(dossiers: Dossiers) -> None:
    for chemin in _CHEMINS:
        valeur = getattr(dossiers, chemin.dossier)
        if "%" in valeur or not est_absolu(valeur):
            raise EntreeInvalide(
                f"« {valeur} » n'est pas un chemin complet.",
                code="CHEMIN_INVALIDE",
                action="Indiquez des dossiers complets, sans variable d'environnement.",
                ou=f"[{chemin.section}] {chemin.cle}",
            )
