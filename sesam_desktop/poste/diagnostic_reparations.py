"""Repairs. Those done by the program touch its own profile and galss.ini (kept aside before); all others are told.

Nothing of another software is stopped, removed or reconfigured.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sesam_desktop.base.fichiers import dossier_prive, traduire
from sesam_desktop.noyau.erreurs import ErreurConnue

from .diagnostic_constats import Constat, Reparation, catalogue, constat

if TYPE_CHECKING:
    from .poste import Poste

journal = logging.getLogger(__name__)


def reparer(poste: Poste, trouve: Constat) -> Constat:
    """Repair what `trouve` says, when that is safe: REPARATION_FAITE, REPARATION_REFUSEE with why, or the steps."""
    faire = _reparation(trouve)
    if faire is None:
        etapes = trouve.etapes or (trouve.action,)
        guide = constat("REPARATION_GUIDEE", objet=trouve.titre)
        return replace(guide, action=trouve.action, etapes=tuple(filter(None, etapes)))
    journal.info("réparation demandée : %s", trouve.code)
    try:
        fait = faire(poste)
    except ErreurConnue as erreur:
        journal.info("réparation refusée : %s (%s)", trouve.code, erreur.code)
        return constat("REPARATION_REFUSEE", objet=trouve.code, detail=erreur.phrase())
    journal.info("réparation faite : %s", trouve.code)
    return constat("REPARATION_FAITE", objet=fait)


def _reparation(trouve: Constat) -> Callable[[Poste], str] | None:
    """What the program does about this code, None when a person must."""
    modele = catalogue().get(trouve.code)
    if modele is None or modele.reparation is not Reparation.AUTO:
        return None
    return _PROPRES.get(modele.code, realigner)


def realigner(poste: Poste) -> str:
    """Put each galss.ini in agreement with the readers; the old one is kept beside. Raises what forbids it."""
    from sesam_desktop.lecteurs.galss import realignement

    from .diagnostic import systeme_de
    from .galss import GALSS_INI

    systeme, fentes = systeme_de(poste), poste.lecteurs.fentes()
    communs = systeme.emplacements("galss")
    presents = [un for un in (poste.profil / GALSS_INI, *communs) if systeme.lire(un) is not None]
    for chemin in presents or communs:
        realignement.realigner(chemin, fentes, datetime.now(UTC), creer=not presents)
    return "galss.ini suit les lecteurs branchés."


def recreer_dossiers(poste: Poste) -> str:
    """Make again the folders of the profile that are gone."""
    from .controles.poste import DOSSIERS

    for nom in DOSSIERS:
        try:
            dossier_prive(poste.profil / nom)
        except OSError as erreur:
            raise traduire(erreur, poste.profil / nom) from erreur
    return "les dossiers du poste sont là."


def supprimer_abandonnes(poste: Poste) -> str:
    """Remove temporary files that nobody owns any more."""
    from .controles.poste import fichiers_abandonnes

    for chemin in fichiers_abandonnes(poste.profil, datetime.now(UTC)):
        with suppress(FileNotFoundError):
            try:
                chemin.unlink()
            except PermissionError as erreur:
                raise traduire(erreur, chemin) from erreur
    return "les fichiers provisoires abandonnés sont supprimés."


_PROPRES: dict[str, Callable[[Poste], str]] = {
    "PROFIL_DOSSIER_ABSENT": recreer_dossiers,
    "FICHIERS_ABANDONNES": supprimer_abandonnes,
}
