"""Check digits and dates inside one record: what a zone says by itself beyond its shape. A zone at zeros says nothing.

Keys that a published control refuses (NIR, RPPS) are errors. The others only deserve a look: their formula comes from
another source, or the zone may carry an older form of the code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from sesam_desktop.noyau import identifiants
from sesam_desktop.noyau.erreurs import EntreeInvalide

from ..table_zones import date_plausible
from .cumuls import Ecart, Zones

_LETTRES = str.maketrans("ABCDEFGHI", "123456789")  # published for the RPPS: A counts 1, B counts 2…


@dataclass(frozen=True, slots=True)
class Cle:
    """How one zone is judged, and what is said when it is wrong."""

    zone: str
    code: str
    juste: Callable[[Zones, str], bool]
    quoi: str
    avertissement: bool = True


def ecarts(type_: str, zones: Zones) -> Iterator[Ecart]:
    """What is wrong with the keys and dates of one record."""
    for cle in _CLES.get(type_, ()):
        if not cle.juste(zones, cle.zone):
            yield Ecart(cle.zone, cle.code, f"La clé {cle.quoi} ne correspond pas.", cle.avertissement)
    if type_ in _DATES:
        yield from _DATES[type_](zones)


@lru_cache(maxsize=4096)
def _luhn(numero: str) -> bool:
    return not numero.strip("0") or identifiants.luhn(numero.translate(_LETTRES))


def _numero(zones: Zones, zone: str) -> bool:
    return _luhn(zones[zone] or "")


def _cle_de(nir: str) -> Callable[[Zones, str], bool]:
    """The zone must be the key of that NIR, Corsica included; a blank NIR has none."""

    def juger(zones: Zones, zone: str) -> bool:
        try:
            return not zones[nir] or identifiants.cle_nir(zones[nir]) == zones[zone]
        except EntreeInvalide:
            return False

    return juger


def _code(valide: Callable[[str], bool]) -> Callable[[Zones, str], bool]:
    return lambda zones, zone: not zones[zone].strip("0") or valide(zones[zone])


def _entete(zones: Zones) -> Iterator[Ecart]:
    """An accident is a number with its key, or three zeros and a date."""
    numero = zones["accident"] or ""
    if numero.startswith("000"):
        if not date_plausible(numero[3:]):
            yield Ecart("accident", "DATE", "La date d'accident n'est pas une date AAMMJJ.")
    elif not _luhn(numero):
        yield Ecart("accident", "CLE_ACCIDENT", "La clé du numéro d'accident ne correspond pas.", avertissement=True)
    yield from _apres(zones, "date_entree", "date_sortie")


def _sejour(zones: Zones) -> Iterator[Ecart]:
    yield from _apres(zones, "date_debut", "date_fin")


def _apres(zones: Zones, debut: str, fin: str) -> Iterator[Ecart]:
    """Two dates in order, zeros meaning none. The century is not on the wire, hence a mere warning."""
    avant, apres = zones[debut] or "", zones[fin] or ""
    if avant.strip("0") and apres.strip("0") and apres < avant:
        yield Ecart(fin, "DATES", "Cette date précède celle du début.", avertissement=True)


_LPP = Cle("code_lpp", "CLE_LPP", _code(identifiants.lpp_valide), "du code LPP")
_UCD = Cle("code_ucd", "CLE_UCD", _code(identifiants.ucd_valide), "du code UCD")
_PRESCRIPTEUR = Cle("prescripteur", "CLE_PRESCRIPTEUR", _numero, "du numéro du prescripteur")
_RPPS_PRESCRIPTEUR = Cle("rpps_prescripteur", "CLE_RPPS", _numero, "du RPPS du prescripteur", avertissement=False)
_CLES: dict[str, tuple[Cle, ...]] = {
    "2": (
        Cle("cle_nir_assure", "CLE_NIR", _cle_de("nir_assure"), "du NIR", avertissement=False),
        Cle("numero_partenaire", "CLE_PARTENAIRE", _numero, "du numéro de partenaire"),
    ),
    "2S": (Cle("cle_nir_individuel", "CLE_NIR", _cle_de("nir_individuel"), "du NIR individuel", avertissement=False),),
    "3E": (_RPPS_PRESCRIPTEUR,),
    "3F": (_LPP,),
    "3H": (_UCD,),
    "3S": (_PRESCRIPTEUR,),
    "4": (_PRESCRIPTEUR, Cle("executant", "CLE_EXECUTANT", _numero, "du numéro de l'exécutant")),
    "4E": (
        _RPPS_PRESCRIPTEUR,
        Cle("rpps_executant", "CLE_RPPS", _numero, "du RPPS de l'exécutant", avertissement=False),
    ),
    "4F": (_LPP,),
    "4H": (_UCD,),
    "4P": (Cle("code_cip13", "CLE_CIP", _code(identifiants.cip13_valide), "du code CIP"),),
}
_DATES: dict[str, Callable[[Zones], Iterator[Ecart]]] = {"2": _entete, "3": _sejour}
