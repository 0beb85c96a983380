"""The workstation itself: room on the disk, integrity of the base, rights on its folder, clock, system."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sesam_desktop.noyau.ressources import racine
from sesam_desktop.poste.diagnostic_constats import Constat, constat

from .examen import Controle, Examen, seuils

_MEGA = 1_000_000
DOSSIERS = ("cartes", "certificats", "journaux")
_SYNCHRONISES = {
    "onedrive": "OneDrive", "dropbox": "Dropbox", "google drive": "Google Drive", "icloud": "iCloud",
    "mobile documents": "iCloud",
}
_LIVRES = ("diagnostic", "flux", "tarifs")  # folders without which the program cannot work


def disque(examen: Examen) -> Iterator[Constat]:
    """Room left where the workstation keeps everything."""
    libre = shutil.disk_usage(examen.poste.profil).free // _MEGA
    if libre < seuils()["disque_ko_mo"]:
        yield constat("DISQUE_PLEIN", libre=libre)
    elif libre < seuils()["disque_warn_mo"]:
        yield constat("DISQUE_PRESQUE_PLEIN", libre=libre)
    else:
        yield constat("DISQUE", libre=libre // 1000)


def base(examen: Examen) -> Iterator[Constat]:
    """The file, the chain of events, each document: seconds on a large base, so a passive look only opens it."""
    from sesam_desktop.base.verification import controler

    if examen.passif:
        nombre = examen.poste.base.connexion().execute("SELECT count(*) FROM document").fetchone()[0]
        yield constat("BASE_OUVERTE", factures=nombre)
        return
    bilan = controler(examen.poste.base.connexion())
    if bilan.rupture:
        yield constat("BASE_ABIMEE", rupture=bilan.rupture)
    else:
        yield constat("BASE", factures=bilan.factures, evenements=bilan.evenements)


def profil(examen: Examen) -> Iterator[Constat]:
    """May this account write there, is anything missing or left over, is the folder copied elsewhere?"""
    dossier, systeme = examen.poste.profil, examen.systeme
    if not systeme.inscriptible(dossier):
        yield constat("PROFIL_NON_INSCRIPTIBLE", objet=str(dossier))
    for nom in DOSSIERS:
        if systeme.lister(dossier / nom) is None:
            yield constat("PROFIL_DOSSIER_ABSENT", objet=str(dossier / nom))
    abandonnes = fichiers_abandonnes(dossier, examen.maintenant)
    if abandonnes:
        yield constat("FICHIERS_ABANDONNES", nombre=len(abandonnes))
    produit = _synchronise(dossier)
    if produit:
        yield constat("PROFIL_SYNCHRONISE", objet=str(dossier), produit=produit)


def fichiers_abandonnes(dossier: Path, maintenant: datetime) -> list[Path]:
    """Temporary files that `base.fichiers` left when it was killed, old enough to belong to nobody."""
    limite = (maintenant - timedelta(hours=seuils()["provisoire_h"])).timestamp()
    vieux = []
    for fichier in sorted(dossier.glob("**/.*.tmp")):
        with suppress(OSError):  # whoever owns it may finish meanwhile
            if fichier.is_file() and fichier.stat().st_mtime < limite:
                vieux.append(fichier)
    return vieux


def programme(examen: Examen) -> Iterator[Constat]:
    """Is what was shipped still there, and in a place that lasts?"""
    manquants = [nom for nom in _LIVRES if not examen.systeme.lister(racine() / nom)]
    if manquants:
        yield constat("RESSOURCES_INCOMPLETES", objet=", ".join(manquants))
    provisoire = Path(tempfile.gettempdir()).resolve()
    executable = Path(sys.executable).resolve()
    if getattr(sys, "frozen", False) and provisoire in executable.parents:
        yield constat("PROGRAMME_PROVISOIRE", objet=str(executable.parent))


def horloge(examen: Examen) -> Iterator[Constat]:
    """The base remembers the future of a clock that was put back."""
    ligne = examen.poste.base.connexion().execute("SELECT max(instant) FROM evenement").fetchone()
    dernier = datetime.fromisoformat(ligne[0]) if ligne and ligne[0] else None
    if dernier and dernier - examen.maintenant > timedelta(seconds=seuils()["horloge_tolerance_s"]):
        yield constat("HORLOGE_RECULEE")
    if examen.systeme.reglage("horloge") == "non":
        yield constat("HORLOGE_NON_SYNCHRONISEE")


def session(examen: Examen) -> Iterator[Constat]:
    """Whose account, which desktop, how old a system."""
    systeme = examen.systeme
    compte, bureau = systeme.reglage("compte"), systeme.reglage("compte_bureau")
    if compte and bureau and compte.casefold() != bureau.casefold():
        yield constat("PROFIL_AUTRE_COMPTE")
    dossier = systeme.reglage("bureau")
    if dossier and _synchronise(Path(dossier)):
        yield constat("BUREAU_REDIRIGE", produit=_synchronise(Path(dossier)))
    version, minimale = systeme.reglage("version"), seuils().get(f"{systeme.nom}_minimal")
    majeure = re.match(r"[0-9]+", version or "")
    if majeure and minimale and int(majeure[0]) < minimale:
        yield constat("VERSION_SYSTEME", objet=f"{systeme.nom.capitalize()} {version}")


def protections(examen: Examen) -> Iterator[Constat]:
    """What the system itself may forbid to the components that read cards."""
    sac = examen.systeme.reglage("sac")
    if sac in ("1", "2"):
        yield constat("SAC_ACTIF" if sac == "1" else "SAC_EVALUATION")
    if examen.systeme.reglage("rosetta") == "non":
        yield constat("ROSETTA_ABSENTE")
    if examen.systeme.reglage("gatekeeper") == "non":
        yield constat("GATEKEEPER_INACTIF")
    if examen.systeme.reglage("quarantaine") == "oui":
        yield constat("QUARANTAINE", objet=sys.executable)


def _synchronise(dossier: Path) -> str:
    """Name of the product that copies this folder elsewhere, "" when none is known."""
    noms = [partie.casefold() for partie in re.split(r"[\\/]", str(dossier))]
    return next((produit for motif, produit in _SYNCHRONISES.items() if any(motif in nom for nom in noms)), "")


CONTROLES: tuple[Controle, ...] = (disque, base, profil, programme, horloge, session, protections)
