"""galss.ini against the readers that are really there: ours (`profil/galss.ini`) and the one other software reads.

The program finds cards by themselves: when it reads through PC/SC these are warnings, however wrong the file is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sesam_desktop.lecteurs.appareils import appareil, hors_usage
from sesam_desktop.lecteurs.canal import Etat, Fente
from sesam_desktop.lecteurs.galss import io_comm
from sesam_desktop.lecteurs.galss.anomalie import graves
from sesam_desktop.lecteurs.galss.galss_ini import Canal, FichierGalss, lire
from sesam_desktop.lecteurs.galss.releve import est_tronque
from sesam_desktop.lecteurs.roles import ROLES
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.diagnostic_constats import Constat, Niveau, Reparation, constat
from sesam_desktop.poste.galss import GALSS_INI, IO_COMM_INI
from sesam_desktop.poste.sondes import WINDOWS

from .examen import Controle, Examen

_DIRECTS = ("pcsc", "virtuel")
_RESSOURCES = {"cps": "cps", "vitale": "vitale"}
_NOM_MIN = 3
_CANAUX_UTILES = 2


def galss(examen: Examen) -> Iterator[Constat]:
    """Each galss.ini there is; the missing one when a program that runs needs it."""
    presents = fichiers(examen)
    for chemin in presents:
        niveau = _niveau(examen, chemin)
        trouves = list(_fichier(examen, chemin, niveau))
        yield from trouves
        reparables = any(un.reparation is Reparation.AUTO for un in trouves)
        if reparables and not all(examen.systeme.inscriptible(un) for un in (chemin, chemin.parent)):
            yield constat("GALSS_NON_INSCRIPTIBLE", objet=str(chemin))
    communs = examen.systeme.emplacements("galss")
    consommateurs = sorted({un.produit for un in examen.programmes if un.galss})
    if communs and consommateurs and not any(un in presents for un in communs):
        yield constat("GALSS_ABSENT", objet=str(communs[0]), consommateur=", ".join(consommateurs))


def ports_serie(examen: Examen) -> Iterator[Constat]:
    """io_comm.ini of the profile: each COM of our galss.ini must have its device (macOS, Linux)."""
    profil, lire_fichier = examen.poste.profil, examen.systeme.lire
    octets, notre = lire_fichier(profil / IO_COMM_INI), lire_fichier(profil / GALSS_INI)
    lu = io_comm.lire(octets) if octets is not None else None
    anomalies = graves(lu.anomalies) if lu else []
    if notre is not None and examen.systeme.nom != WINDOWS:
        anomalies += io_comm.manquants(lire(notre), lu)
    for anomalie in anomalies:
        niveau = _niveau(examen, profil / IO_COMM_INI)
        yield constat("IO_COMM_ANOMALIE", niveau=niveau, objet=anomalie.ou, detail=anomalie.phrase())


def fichiers(examen: Examen) -> list[Path]:
    """The galss.ini that exist: ours first."""
    voulus = [examen.poste.profil / GALSS_INI, *examen.systeme.emplacements("galss")]
    return [chemin for chemin in voulus if examen.systeme.lire(chemin) is not None]


def _niveau(examen: Examen, chemin: Path) -> Niveau:
    """Ours is what serial readers are found by: without any slot read directly, an error in it stops work."""
    directe = any(fente.canal in _DIRECTS for fente in examen.fentes_connues())
    return Niveau.WARN if directe or chemin.parent != examen.poste.profil else Niveau.KO


def _fichier(examen: Examen, chemin: Path, niveau: Niveau) -> Iterator[Constat]:
    octets = examen.systeme.lire(chemin) or b""
    if est_tronque(octets):
        yield constat("GALSS_VIDE", niveau=niveau, objet=str(chemin))
        return
    try:
        fichier = lire(octets)
    except ErreurConnue as erreur:
        yield constat("GALSS_ILLISIBLE", niveau=niveau, objet=str(chemin), detail=erreur.message)
        return
    if fichier.ini.fin_de_ligne == "\r":
        yield constat("GALSS_FINS_DE_LIGNE", objet=str(chemin))
    for anomalie in graves(fichier.anomalies):
        yield constat("GALSS_ANOMALIE", niveau=niveau, objet=f"{chemin} {anomalie.ou}", detail=anomalie.phrase())
    fentes = examen.fentes_connues()
    if fentes:
        yield from _serie(fichier, chemin, fentes)
        yield from _noms(fichier, fentes)
        yield from _roles(_attendus(fichier), fentes)


def _serie(fichier: FichierGalss, chemin: Path, fentes: list[Fente]) -> Iterator[Constat]:
    """A single serial channel, inherited, while the reader is in PC/SC."""
    herite = len(fichier.decrits) == 1 and fichier.decrits[0].est_serie
    if herite and all(fente.canal in _DIRECTS for fente in fentes):
        yield constat("GALSS_SERIE", objet=str(chemin))


def _noms(fichier: FichierGalss, fentes: list[Fente]) -> Iterator[Constat]:
    """Names of readers that cannot be those of the slots."""
    connus = {fente.lecteur for fente in fentes}
    appareils = {appareil(nom) for nom in connus}
    absents = [canal for canal in fichier.decrits if canal.est_pcsc and canal.caracteristiques not in connus]
    fantomes = [canal for canal in absents if canal.rang > _CANAUX_UTILES]
    if fantomes:
        yield constat("GALSS_CANAL_FANTOME", nombre=len(fantomes))
    for canal in absents:
        nom = canal.caracteristiques
        if canal in fantomes or appareil(nom) in appareils:
            continue  # the same device, renumbered: told with its card
        if len(nom) < _NOM_MIN:
            yield constat("GALSS_NOM_INVALIDE", objet=nom)
        elif hors_usage(nom):
            yield constat("GALSS_SANS_CONTACT", objet=nom)
        else:
            yield constat("GALSS_AUTRE_LECTEUR", objet=nom)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the file puts a card, and where it is."""

    role: str
    attendu: str
    fente: Fente


def _attendus(fichier: FichierGalss) -> dict[str, str]:
    """Role → name of the reader that the file gives it."""
    def role_de(canal: Canal) -> str | None:
        noms = {nom.casefold() for lad in canal.lads for nom in (lad.nom, *lad.alias)}
        return next((role for nom, role in _RESSOURCES.items() if nom in noms), None)

    return {role: canal.caracteristiques for canal in fichier.decrits if canal.est_pcsc and (role := role_de(canal))}


def _roles(attendus: dict[str, str], fentes: list[Fente]) -> Iterator[Constat]:
    """Cards that are elsewhere than where the file puts them."""
    places = [_Place(role, nom, fente) for role, nom in attendus.items() if (fente := _seule(role, fentes))]
    deplacees = [place for place in places if place.attendu != place.fente.lecteur]
    reelles = {place.role: place.fente.lecteur for place in places}
    if len(deplacees) == 2 and attendus["cps"] == reelles["vitale"] and attendus["vitale"] == reelles["cps"]:
        yield constat("ROLES_INVERSES")
        return
    vides = {fente.lecteur for fente in fentes if fente.etat is Etat.VIDE}
    for place in deplacees:
        if place.role == "vitale" and place.attendu in vides:
            yield constat("VITALE_FENTE_VIDE", objet=place.fente.lecteur, attendu=place.attendu)
        elif appareil(place.attendu) == appareil(place.fente.lecteur):
            carte = ROLES[place.role].carte
            yield constat("LECTEUR_RENOMME", objet=place.fente.lecteur, attendu=place.attendu, carte=carte)


def _seule(role: str, fentes: list[Fente]) -> Fente | None:
    """The only slot with this card."""
    trouvees = [fente for fente in fentes if fente.atr and ROLES[role].convient(fente.carte)]
    return trouvees[0] if len(trouvees) == 1 else None


CONTROLES: tuple[Controle, ...] = (galss, ports_serie)
