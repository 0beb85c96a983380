"""Rewrite `galss.ini` when slots moved: decide first (`planifier`, changes nothing), then write once (`appliquer`)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sesam_desktop.lecteurs.canal import Etat, Fente
from sesam_desktop.noyau.erreurs import ErreurConnue

from . import galss_ini, recomposition
from .affectation import affecter, utilisables
from .anomalie import graves
from .changement import Changement, comparer
from .galss_modele import FichierGalss
from .ini import FichierIni
from .reecriture import Bilan, lire, reecrire

__all__ = ["Bilan", "Changement", "Plan", "appliquer", "planifier", "realigner"]


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


def realigner(
    chemin: Path, fentes: Sequence[Fente], maintenant: datetime, *, simuler: bool = False, creer: bool = False
) -> Bilan:
    """Read, plan and write `chemin`. Raises ErreurConnue, with the file as it was."""
    octets = lire(chemin)
    plan = planifier(None if octets is None else galss_ini.lire(octets), fentes, creer=creer)
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
    return Plan(tuple(comparer(FichierIni(avant or b""), apres)), None, avant, apres.octets())


def appliquer(plan: Plan, chemin: Path, maintenant: datetime) -> Bilan:
    """Write the plan in one step, the former file kept beside it. Raises ErreurConnue, with the file as it was."""
    if plan.refus is not None:
        raise plan.refus
    if plan.apres is None or plan.aligne:
        return Bilan(False)
    return Bilan(True, reecrire(chemin, plan.avant, plan.apres, maintenant), plan.changements)


def _contenu(fichier: FichierGalss | None, fentes: Sequence[Fente], creer: bool, plateforme: str) -> FichierIni:
    if fichier is None or fichier.est_tronque:
        if not creer:
            raise _absent()
        return recomposition.creer(affecter(fentes, {}), plateforme)
    lecteurs = [fente.lecteur for fente in utilisables(fentes)]
    recomposition.exiger_forme(fichier, lecteurs)
    _exiger_serie_inactive(fichier, fentes)
    choix = affecter(fentes, recomposition.actuelles(fichier))
    return recomposition.realigner(fichier, choix, lecteurs, plateforme)


def _exiger_serie_inactive(fichier: FichierGalss, fentes: Sequence[Fente]) -> None:
    """A serial reader that answers is not inherited, it is in use: converting the file would lose it."""
    actifs = {fente.canal for fente in fentes if fente.etat is not Etat.ABSENTE}
    for canal in fichier.decrits:
        if canal.est_serie and f"serie:COM{canal.index}" in actifs:
            raise ErreurConnue(
                f"Le lecteur série que galss.ini déclare (COM{canal.index}) répond : le fichier est laissé tel quel.",
                code="GALSS_SERIE_EN_USAGE",
                action="Débranchez ce lecteur avant de réaligner galss.ini, s'il ne sert plus.",
            )


def _absent() -> ErreurConnue:
    return ErreurConnue(
        "Le fichier galss.ini est absent ou vide.",
        code="GALSS_8001",
        action="Si un logiciel de ce poste en a besoin, le diagnostic le recrée ; sinon laissez-le absent.",
    )


def _exiger_sain(ini: FichierIni, lecteurs: set[str]) -> None:
    """The last look before writing: only names that PC/SC really gave, and a file GALSS would take."""
    compose = galss_ini.lire(ini.octets())
    for canal in compose.decrits[:2]:
        if canal.caracteristiques not in lecteurs or len(canal.caracteristiques) < 2:
            raise recomposition.inconnue(f"« {canal.caracteristiques} » n'est pas un lecteur de ce poste")
    for anomalie in graves(compose.anomalies):
        raise recomposition.inconnue(anomalie.phrase())
