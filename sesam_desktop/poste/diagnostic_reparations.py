"""Repairs. Those done by the program touch its own profile and galss.ini (kept aside before); all others are told.

Nothing of another software is stopped, removed or reconfigured.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from sesam_desktop.base.fichiers import dossier_prive, traduire
from sesam_desktop.noyau.erreurs import ErreurConnue

from .diagnostic_constats import Constat, Reparation, catalogue, constat

if TYPE_CHECKING:
    from pathlib import Path

    from .poste import Poste

journal = logging.getLogger(__name__)
_A_CREER = ("GALSS_ABSENT", "GALSS_VIDE")  # repaired by a whole new file


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
    journal.info("réparation %s : %s", "faite" if fait else "inutile", trouve.code)
    return constat("REPARATION_FAITE", objet=fait) if fait else constat("REPARATION_INUTILE", objet=trouve.code)


def fichiers_communs(poste: Poste, trouve: Constat) -> list[Path]:
    """Files outside the profile, which other software reads, that this repair may write: to be agreed to first."""
    if _reparation(trouve) is None or trouve.code in _PROPRES:
        return []
    return [chemin for chemin in _galss_ini(poste, trouve.code) if chemin.parent != poste.profil]


def _reparation(trouve: Constat) -> Callable[[Poste], str] | None:
    """What the program does about this code, None when a person must."""
    modele = catalogue().get(trouve.code)
    if modele is None or modele.reparation is not Reparation.AUTO:
        return None
    return _PROPRES.get(modele.code, partial(realigner, code=modele.code))


def realigner(poste: Poste, code: str) -> str:
    """Put each galss.ini in agreement with the readers; the old one is kept beside. What was written, "" for nothing.

    A file that is refused does not keep the others from being realigned; then its refusal is raised.
    """
    from sesam_desktop.lecteurs.galss import realignement

    fentes, ecrits, refus = poste.lecteurs.fentes(), [], []
    for chemin in _galss_ini(poste, code):
        try:
            bilan = realignement.realigner(chemin, fentes, datetime.now(UTC), creer=code in _A_CREER)
        except ErreurConnue as erreur:
            refus.append(erreur)
        else:
            ecrits += [str(chemin)] if bilan.ecrit else []
    if refus:
        raise refus[0]
    return f"galss.ini suit les lecteurs branchés ({', '.join(ecrits)})" if ecrits else ""


def _galss_ini(poste: Poste, code: str) -> list[Path]:
    """Those that exist, ours first; the computer's too when its absence is what is repaired."""
    from .diagnostic import systeme_de
    from .galss import GALSS_INI

    systeme = systeme_de(poste)
    communs = systeme.emplacements("galss")
    presents = [un for un in (poste.profil / GALSS_INI, *communs) if systeme.lire(un) is not None]
    manquants = communs[:1] if code == "GALSS_ABSENT" else []
    return presents + [un for un in manquants if un not in presents]


def recreer_dossiers(poste: Poste) -> str:
    """Make again the folders of the profile that are gone."""
    from .controles.poste import DOSSIERS

    for nom in DOSSIERS:
        try:
            dossier_prive(poste.profil / nom)
        except OSError as erreur:
            raise traduire(erreur, poste.profil / nom) from erreur
    return "les dossiers du poste sont là"


def supprimer_abandonnes(poste: Poste) -> str:
    """Remove temporary files that nobody owns any more."""
    from .controles.poste import fichiers_abandonnes

    for chemin in fichiers_abandonnes(poste.profil, datetime.now(UTC)):
        with suppress(FileNotFoundError):
            try:
                chemin.unlink()
            except PermissionError as erreur:
                raise traduire(erreur, chemin) from erreur
    return "les fichiers provisoires abandonnés sont supprimés"


_PROPRES: dict[str, Callable[[Poste], str]] = {
    "PROFIL_DOSSIER_ABSENT": recreer_dossiers,
    "FICHIERS_ABANDONNES": supprimer_abandonnes,
}
