"""Rewrite `galss.ini` when slots moved: decide first (`planifier`, changes nothing), then write once (`appliquer`).

Two other programs may write this file in turn, each undoing the other: past two rewritings in half an hour (told by the
copies kept beside it) the program stops and says so.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sesam_desktop.base.fichiers import remplacement, remplacer, traduire
from sesam_desktop.lecteurs.canal import Fente
from sesam_desktop.noyau.erreurs import ErreurConnue

from . import galss_ini, recomposition
from .affectation import affecter, utilisables
from .anomalie import graves
from .galss_ini import FichierGalss
from .ini import FichierIni

REECRITURES_MAX = 2
PERIODE = timedelta(minutes=30)
_MODE_NOUVEAU = 0o644
_INSTANT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Changement:
    """One value changed; "" before: added, "" after: taken out. Without `cle`, a whole section taken out."""

    section: str
    cle: str
    avant: str = ""
    apres: str = ""

    def phrase(self) -> str:
        if not self.cle:
            return f"[{self.section}] : section retirée"
        return f"[{self.section}] {self.cle} : « {self.avant} » devient « {self.apres} »"


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be written. `refus`: nothing may be, and why. `avant` is None when there was no file."""

    changements: tuple[Changement, ...] = ()
    refus: ErreurConnue | None = None
    avant: bytes | None = None
    apres: bytes | None = None

    @property
    def aligne(self) -> bool:
        """Nothing to do."""
        return self.refus is None and self.apres == self.avant


@dataclass(frozen=True, slots=True)
class Bilan:
    """What was done. `sauvegarde` is the copy of the former file."""

    ecrit: bool
    sauvegarde: Path | None = None
    changements: tuple[Changement, ...] = ()


def realigner(
    chemin: Path, fentes: Sequence[Fente], maintenant: datetime, *, simuler: bool = False, creer: bool = False
) -> Bilan:
    """Read, plan and write `chemin`. Raises ErreurConnue, with the file as it was."""
    octets = _lire(chemin)
    fichier = None if octets is None else galss_ini.lire(octets)
    plan = planifier(fichier, fentes, creer=creer)
    if plan.refus is not None:
        plan.refus.ou = plan.refus.ou or str(chemin)
        raise plan.refus
    return Bilan(False, None, plan.changements) if simuler else appliquer(plan, chemin, maintenant)


def planifier(
    fichier: FichierGalss | None, fentes: Sequence[Fente], *, creer: bool = False, plateforme: str = sys.platform
) -> Plan:
    """What the file must become for these slots. An absent or empty file is made only when asked (`creer`)."""
    avant = None if fichier is None else fichier.ini.octets()
    try:
        apres = _contenu(fichier, fentes, creer, plateforme)
        _exiger_sain(apres, {fente.lecteur for fente in utilisables(fentes)})
    except ErreurConnue as refus:
        return Plan(refus=refus, avant=avant, apres=avant)
    changements = _comparer(FichierIni(avant or b""), apres)
    return Plan(tuple(changements), None, avant, apres.octets())


def appliquer(plan: Plan, chemin: Path, maintenant: datetime) -> Bilan:
    """Write the plan in one step, the former file kept beside it. Raises ErreurConnue, with the file as it was."""
    if plan.refus is not None:
        raise plan.refus
    if plan.apres is None or plan.aligne:
        return Bilan(False)
    chemin = chemin.resolve()
    if _lire(chemin) != plan.avant:
        raise ErreurConnue(
            "galss.ini a été modifié par un autre programme pendant l'opération.",
            code="GALSS_MODIFIE",
            action="Recommencez.",
            ou=str(chemin),
        )
    _exiger_mesure(chemin, maintenant)
    _exiger_inscriptible(chemin)
    sauvegarde = _sauvegarder(chemin, plan.avant, maintenant)
    _ecrire(chemin, plan.apres)
    return Bilan(True, sauvegarde, plan.changements)


def reecritures(chemin: Path, maintenant: datetime) -> list[datetime]:
    """When this file was rewritten within the period, told by the copies kept beside it."""
    nom = re.compile(re.escape(chemin.name) + r"\.([0-9]{8}T[0-9]{6}Z)(?:-[0-9]+)?\.bak")
    try:
        trouvees = [nom.fullmatch(voisin.name) for voisin in chemin.parent.iterdir()]
    except OSError as erreur:
        raise traduire(erreur, chemin) from erreur
    instants = (_instant(trouvee[1]) for trouvee in trouvees if trouvee)
    return sorted(i for i in instants if i is not None and abs(maintenant.astimezone(UTC) - i) < PERIODE)


def _contenu(fichier: FichierGalss | None, fentes: Sequence[Fente], creer: bool, plateforme: str) -> FichierIni:
    if fichier is None or len(fichier.ini.octets()) < galss_ini.TAILLE_MIN:
        if not creer:
            raise _absent()
        return recomposition.creer(affecter(fentes, {}), plateforme)
    lecteurs = [fente.lecteur for fente in utilisables(fentes)]
    recomposition.exiger_forme(fichier, lecteurs)
    choix = affecter(fentes, recomposition.actuelles(fichier))
    return recomposition.realigner(fichier, choix, lecteurs)


def _absent() -> ErreurConnue:
    return ErreurConnue(
        "Le fichier galss.ini est absent ou vide.",
        code="GALSS_8001",
        action="Ne le créez que si un composant de ce poste en a besoin ; demandez alors sa création.",
    )


def _exiger_sain(ini: FichierIni, lecteurs: set[str]) -> None:
    """The last look before writing: only names that PC/SC really gave, and a file GALSS would take."""
    compose = galss_ini.lire(ini.octets())
    for canal in compose.decrits[:2]:
        if canal.caracteristiques not in lecteurs or len(canal.caracteristiques.strip()) < 2:
            raise recomposition.inconnue(f"« {canal.caracteristiques} » n'est pas un lecteur de ce poste")
    for anomalie in graves(compose.anomalies):
        raise recomposition.inconnue(anomalie.phrase())


def _comparer(avant: FichierIni, apres: FichierIni) -> Iterator[Changement]:
    restantes = {section.casefold() for section in apres.sections()}
    for section in avant.sections():
        if section.casefold() not in restantes:
            yield Changement(section, "")
    for section in apres.sections():
        for cle, valeur in apres.cles(section).items():
            ancienne = avant.valeur(section, cle) or ""
            if ancienne != valeur:
                yield Changement(section, cle, ancienne, valeur)


def _exiger_mesure(chemin: Path, maintenant: datetime) -> None:
    if len(reecritures(chemin, maintenant)) >= REECRITURES_MAX:
        raise ErreurConnue(
            f"galss.ini a déjà été réécrit {REECRITURES_MAX} fois en {PERIODE.seconds // 60} minutes.",
            code="GALSS_REECRITURES",
            action="Un autre logiciel le remet sans doute dans son état : fermez-le, ou laissez le fichier tel quel.",
            ou=str(chemin),
        )


def _exiger_inscriptible(chemin: Path) -> None:
    """A file its owner protected is not replaced, even where the folder would allow it."""
    if not os.access(chemin if chemin.exists() else chemin.parent, os.W_OK):
        raise ErreurConnue(
            "Votre compte n'a pas le droit d'écrire galss.ini.",
            code="GALSS_NON_INSCRIPTIBLE",
            action="Relancez cette opération depuis un compte administrateur.",
            ou=str(chemin),
        )


def _sauvegarder(chemin: Path, octets: bytes | None, maintenant: datetime) -> Path | None:
    if octets is None:
        return None
    base = f"{chemin.name}.{maintenant.astimezone(UTC).strftime(_INSTANT)}"
    noms = [f"{base}.bak", *(f"{base}-{rang}.bak" for rang in range(2, REECRITURES_MAX + 1))]  # never more a period
    libre = next(chemin.parent / nom for nom in noms if not (chemin.parent / nom).exists())
    remplacer(libre, octets, stat.S_IMODE(chemin.stat().st_mode))
    return libre


def _ecrire(chemin: Path, octets: bytes) -> None:
    """Same permissions and owner as the file replaced."""
    ancien = chemin.stat() if chemin.exists() else None
    with remplacement(chemin, stat.S_IMODE(ancien.st_mode) if ancien else _MODE_NOUVEAU) as flux:
        if ancien is not None and os.name != "nt":
            with contextlib.suppress(PermissionError):  # only an administrator may give a file away
                os.fchown(flux.fileno(), ancien.st_uid, ancien.st_gid)
        flux.write(octets)


def _lire(chemin: Path) -> bytes | None:
    try:
        return chemin.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as erreur:
        raise traduire(erreur, chemin) from erreur


def _instant(texte: str) -> datetime | None:
    try:
        return datetime.strptime(texte, _INSTANT).replace(tzinfo=UTC)
    except ValueError:
        return None
