"""Checks over a whole `galss.ini`: counts, names, who shares what. A missing imposed name is told as SSV would."""

from __future__ import annotations

from collections.abc import Iterator

from .galss_modele import CONFIG, PCSC, PSS, Canal, Lad, Pad, Protocole
from .releve import Releve

IMPOSES = ("CPS", "Vitale")
ALIAS_API_LECTURE = {"CPS": "TRANSPA1", "Vitale": "TRANSPA2"}


def controler(
    releve: Releve, nb_canaux: int | None, canaux: tuple[Canal, ...], protocoles: dict[int, Protocole]
) -> None:
    """Note everything that no single key shows."""
    annonces = tuple(canal for canal in canaux if nb_canaux is None or canal.rang <= nb_canaux)
    _compter(releve, nb_canaux, canaux)
    _noms_uniques(releve, annonces)
    _noms_imposes(releve, annonces)
    _meme_lecteur(releve, annonces)
    _partages(releve, annonces)
    if PCSC in protocoles:
        _liste_des_canaux(releve, annonces, protocoles[PCSC])


def _compter(releve: Releve, nb_canaux: int | None, canaux: tuple[Canal, ...]) -> None:
    if nb_canaux is None:
        return
    presents = {canal.rang for canal in canaux}
    manquant = next((rang for rang in range(1, nb_canaux + 1) if rang not in presents), None)
    if manquant is not None:
        message = f"NbCanaux annonce {nb_canaux} canaux : la section [CANAL{manquant}] manque."
        releve.noter(CONFIG, "NbCanaux", message, 0x8004)
    for rang in sorted(presents):
        if rang > nb_canaux:
            releve.noter(f"CANAL{rang}", "", f"NbCanaux vaut {nb_canaux} : ce canal est ignoré.", grave=False)


def _noms_uniques(releve: Releve, canaux: tuple[Canal, ...]) -> None:
    vus: dict[str, str] = {}
    for _, _, lad in _ressources(canaux):
        cles = ["NomLAD", *(f"NomAlias{rang}" for rang in range(1, len(lad.alias) + 1))]
        for cle, nom in zip(cles, (lad.nom, *lad.alias), strict=True):
            if nom and nom.casefold() in vus:
                message = f"Le nom « {nom} » est déjà pris par [{vus[nom.casefold()]}]."
                releve.noter(lad.section, cle, message, 0x8011)
            vus.setdefault(nom.casefold(), lad.section)


def _noms_imposes(releve: Releve, canaux: tuple[Canal, ...]) -> None:
    connus = {nom.casefold() for _, _, lad in _ressources(canaux) for nom in (lad.nom, *lad.alias)}
    for nom in IMPOSES:
        alias = ALIAS_API_LECTURE[nom]
        if nom.casefold() not in connus:
            releve.noter("", "NomLAD", f"Aucune ressource ne s'appelle {nom}.", 0xF101)
        elif alias.casefold() not in connus:
            message = f"L'alias {alias} manque : l'API de lecture ne trouvera pas {nom}."
            releve.noter("", "NomAlias1", message, 0x2000, grave=False)
    if any(canal.protocole == PSS for canal in canaux) and "log_sv" not in connus:
        releve.noter("", "NomLAD", "Aucune ressource ne s'appelle Log_SV (logiciel du lecteur).", 0xF101, grave=False)


def _meme_lecteur(releve: Releve, canaux: tuple[Canal, ...]) -> None:
    """CPS and Log_SV (or CPS2 and Log_SV2) are used together: they must be on one reader."""
    lieux = {lad.nom.casefold(): (lad, pad) for _, pad, lad in _ressources(canaux)}
    for nom, ps in lieux.items():
        logiciel = lieux.get(nom.replace("cps", "log_sv")) if nom.startswith("cps") else None
        if logiciel and ps[1].section != logiciel[1].section:
            message = f"{ps[0].nom} et {logiciel[0].nom} ne sont pas sur le même lecteur (PAD)."
            releve.noter(logiciel[0].section, "NomLAD", message, 0xF101)


def _partages(releve: Releve, canaux: tuple[Canal, ...]) -> None:
    ports: dict[int, str] = {}
    lecteurs: dict[str, str] = {}
    for canal in canaux:
        if canal.est_serie and canal.index in ports:
            message = f"Le port {canal.index} est déjà celui de [{ports[canal.index]}]."
            releve.noter(canal.section, "Index", message, 0x800B)
        elif canal.est_serie:
            ports[canal.index] = canal.section
        elif canal.caracteristiques and canal.caracteristiques in lecteurs:
            message = f"Ce lecteur est déjà celui de [{lecteurs[canal.caracteristiques]}]."
            releve.noter(canal.section, "Caracteristiques", message, grave=False)
        else:
            lecteurs[canal.caracteristiques] = canal.section


def _liste_des_canaux(releve: Releve, canaux: tuple[Canal, ...], protocole: Protocole) -> None:
    if not protocole.canaux:
        return
    servis = {canal.rang for canal in canaux if canal.protocole == PCSC}
    for rang in sorted(servis - set(protocole.canaux)):
        message = f"ListeCanaux ne nomme pas le canal {rang}, qui est en PC/SC."
        releve.noter("PROTOCOLE1", "ListeCanaux", message, 0x800B)
    for rang in sorted(set(protocole.canaux) - servis):
        message = f"ListeCanaux nomme le canal {rang}, qui n'est pas un canal PC/SC de ce fichier."
        releve.noter("PROTOCOLE1", "ListeCanaux", message, 0x8009)


def _ressources(canaux: tuple[Canal, ...]) -> Iterator[tuple[Canal, Pad, Lad]]:
    return ((canal, pad, lad) for canal in canaux for pad in canal.pads for lad in pad.lads)
