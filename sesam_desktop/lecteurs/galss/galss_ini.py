"""`galss.ini` read into `galss_modele`, with everything that is wrong in it.

Bounds and codes are those of the GIE's reference guide and of files met in the field; see `docs/galss.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from .galss_controles import controler
from .galss_modele import (
    CONFIG,
    PCSC,
    PSS,
    TYPE_PCSC,
    TYPE_SERIE,
    Canal,
    FichierGalss,
    Lad,
    Liaison,
    Pad,
    Protocole,
    liaison,
)
from .ini import FichierIni
from .releve import Releve, est_tronque

__all__ = [
    "CONFIG", "PCSC", "PSS", "TYPE_PCSC", "TYPE_SERIE",
    "Canal", "FichierGalss", "Lad", "Liaison", "Pad", "Protocole", "liaison", "lire",
]

CANAUX_MAX = 255
LONGUEUR_NOM = 8
_CANAL = re.compile(r"(?i)canal([0-9]{1,3})")
_TYPES = {TYPE_SERIE: PSS, TYPE_PCSC: PCSC}


def lire(octets: bytes) -> FichierGalss:
    """Read and check a whole file. Raises FormatInvalide (INI_TROP_GROS) only: the rest is in `anomalies`."""
    releve = Releve(FichierIni(octets))
    if est_tronque(octets):
        releve.noter("", "", "Le fichier galss.ini est vide ou tronqué.", 0x8001)
        return FichierGalss(releve.ini, None, (), {}, tuple(releve.anomalies))
    nb_canaux = _nb_canaux(releve)
    canaux = tuple(_canal(releve, rang) for rang in _rangs(releve.ini))
    protocoles = {p.numero: p for p in _protocoles(releve, canaux)}
    controler(releve, nb_canaux, canaux, protocoles)
    releve.noter_la_forme()
    return FichierGalss(releve.ini, nb_canaux, canaux, protocoles, tuple(releve.anomalies))


def _rangs(ini: FichierIni) -> list[int]:
    """Numbers of the [CANALn] sections, ascending."""
    trouves = (_CANAL.fullmatch(section) for section in ini.sections())
    return sorted({n for n in (int(t[1]) for t in trouves if t) if 1 <= n <= CANAUX_MAX})


def _nb_canaux(releve: Releve) -> int | None:
    if releve.ini.valeur(CONFIG, "NbCanaux") == "0":
        releve.noter(CONFIG, "NbCanaux", "NbCanaux est nul.", 0x8003)
        return None
    absent = releve.ini.ligne(CONFIG, "NbCanaux") is None
    return releve.entier(CONFIG, "NbCanaux", (1, CANAUX_MAX), 0x800D if absent else 0x8003)


def _canal(releve: Releve, rang: int) -> Canal:
    section = f"CANAL{rang}"
    type_canal = _type_canal(releve, section)
    serie = type_canal == TYPE_SERIE
    index = releve.entier(section, "Index", (1, 63) if serie else (0, CANAUX_MAX), 0x8007)
    protocole = _numero_protocole(releve, section, type_canal)
    caracteristiques = releve.texte(section, "Caracteristiques", 0x8008)
    if serie and caracteristiques and liaison(caracteristiques) is None:
        attendu = "vitesse de 9600 à 19200, 1, bits, parité, arrêt (par exemple 9600,1,8,0,0)"
        releve.noter(section, "Caracteristiques", f"« {caracteristiques} » : il faut {attendu}.", 0x8008)
    return Canal(rang, type_canal, index or 0, protocole, caracteristiques, tuple(_pads(releve, section)))


def _type_canal(releve: Releve, section: str) -> int:
    valeur = releve.entier(section, "TCanal", (TYPE_SERIE, TYPE_PCSC), 0x8007)
    if valeur is not None and valeur not in _TYPES:
        releve.noter(section, "TCanal", f"TCanal vaut {valeur} : il faut 1 (série) ou 3 (PC/SC).", 0x8007)
    return valeur or 0


def _numero_protocole(releve: Releve, section: str, type_canal: int) -> int:
    absent = releve.ini.valeur(section, "Protocole") is None
    valeur = releve.entier(section, "Protocole", (PSS, PCSC), 0x8004 if absent else 0x8005)
    if valeur is None:
        return -1
    if _TYPES.get(type_canal, valeur) != valeur:
        releve.noter(section, "TCanal", f"TCanal {type_canal} et Protocole {valeur} ne vont pas ensemble.", 0x8007)
    return valeur


def _pads(releve: Releve, section: str) -> Iterator[Pad]:
    nombre = releve.entier(section, "NbPAD", (1, 15), 0x800F) or 0
    _suite(releve, section, "NbPAD", nombre)
    adresses: set[int] = set()
    for rang in range(1, nombre + 1):
        sous = f"{section}.PAD{rang}"
        adresse = releve.entier(sous, "PAD", (0, 14), 0x800F)
        if adresse in adresses:
            releve.noter(sous, "PAD", f"Deux lecteurs de ce canal ont l'adresse {adresse}.", 0x800F)
        adresses.add(-1 if adresse is None else adresse)
        yield Pad(-1 if adresse is None else adresse, tuple(_lads(releve, sous)), sous)


def _lads(releve: Releve, section: str) -> Iterator[Lad]:
    nombre = releve.entier(section, "NbLAD", (1, 3), 0x8010) or 0
    _suite(releve, section, "NbLAD", nombre)
    numeros: set[int] = set()
    for rang in range(1, nombre + 1):
        sous = f"{section}.LAD{rang}"
        numero = releve.entier(sous, "LAD", (0, 2), 0x8010)
        if numero in numeros:
            releve.noter(sous, "LAD", f"Deux ressources de ce lecteur ont l'adresse {numero}.", 0x8010)
        numeros.add(-1 if numero is None else numero)
        yield Lad(-1 if numero is None else numero, _nom(releve, sous, "NomLAD"), _alias(releve, sous), sous)


def _suite(releve: Releve, section: str, cle: str, nombre: int) -> None:
    """Tell the section that follows those announced: it is ignored."""
    suivante = f"{section}.{cle.removeprefix('Nb')}{nombre + 1}"
    if nombre and releve.ini.ligne(suivante) is not None:
        releve.noter(section, cle, f"{cle} vaut {nombre} : la section [{suivante}] est ignorée.", grave=False)


def _alias(releve: Releve, section: str) -> tuple[str, ...]:
    sans_alias = releve.ini.valeur(section, "NbAlias") is None
    nombre = 0 if sans_alias else releve.entier(section, "NbAlias", (0, 255), 0x8011)
    if nombre is None:
        return ()
    if releve.ini.valeur(section, f"NomAlias{nombre + 1}") is not None:
        releve.noter(section, "NbAlias", f"NbAlias annonce {nombre} alias, d'autres suivent.", grave=False)
    noms = (_nom(releve, section, f"NomAlias{rang}") for rang in range(1, nombre + 1))
    return tuple(takewhile(bool, noms))  # the first one that is missing tells it


def _nom(releve: Releve, section: str, cle: str) -> str:
    nom = releve.texte(section, cle, 0x8011)
    if len(nom) > LONGUEUR_NOM:
        releve.noter(section, cle, f"« {nom} » dépasse {LONGUEUR_NOM} caractères.", 0x8011)
    return nom


def _protocoles(releve: Releve, canaux: tuple[Canal, ...]) -> Iterator[Protocole]:
    """The protocols described, and those that a channel asks for."""
    for numero, lire_un in ((PSS, _pss), (PCSC, _pcsc)):
        section = f"PROTOCOLE{numero}"
        if releve.ini.ligne(section) is not None:
            yield lire_un(releve, section)
        elif any(canal.protocole == numero for canal in canaux):
            releve.noter(section, "", f"La section [{section}] manque.", 0x8006)


def _pss(releve: Releve, section: str) -> Protocole:
    nom_lib = releve.texte(section, "NomLib", 0x8006)
    config = releve.liste(section, "Config", 0x8009)
    if config and not _delais_pss(config):
        message = "Config doit valoir BWT (500 à 15000), BGT (15 à 100), EXT (de BWT à 32500)."
        releve.noter(section, "Config", message, 0x8009)
        config = ()
    sans_cwt = releve.ini.valeur(section, "CWT") is None
    cwt = None if sans_cwt else releve.entier(section, "CWT", (1, 32500), 0x8009)
    return Protocole(PSS, nom_lib, config, cwt)


def _delais_pss(config: tuple[int, ...]) -> bool:
    if len(config) != 3:
        return False
    bwt, bgt, ext = config
    return 500 <= bwt <= 15000 and 15 <= bgt <= 100 and bwt <= ext <= 32500


def _pcsc(releve: Releve, section: str) -> Protocole:
    nom_lib = releve.texte(section, "NomLib", 0x8006)
    config = releve.liste(section, "Config", 0x8009)
    canaux = releve.liste(section, "ListeCanaux", 0x8009)
    if any(not 1 <= rang <= 14 for rang in canaux):
        releve.noter(section, "ListeCanaux", "ListeCanaux ne nomme que les canaux 1 à 14.", 0x8009)
    return Protocole(PCSC, nom_lib, config, canaux=canaux)
