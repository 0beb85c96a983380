"""Writing a return: entities with their level, closing 990 entities, header and end.

The norm's own rule for 990 is not public. Project profile: one closes each lot (080) and each accounting day
(070, 071); it counts the entities since the one it closes, other 990 excluded, and adds up their signed payments.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .. import zones
from ..enregistrement import Enregistrement, assembler
from ..entites import Entete, cumul, encadrer, signe
from .lecture import VARIANTE

NIVEAUX_PUBLIES = {"020": "01", "040": "02", "070": "02", "071": "02", "081": "02", "990": "99"}
NIVEAUX = NIVEAUX_PUBLIES | {"010": "01", "080": "03", "100": "04", "102": "04"}  # project profile: not public
_NIVEAU_DETAIL = "05"
JOURNEES = ("070", "071")
CLOSES = (*JOURNEES, "080")


def entite(code: str, /, **valeurs: zones.Valeur) -> Enregistrement:
    """One entity from its values, its level filled in."""
    return Enregistrement.composer(VARIANTE, code, {"niveau": NIVEAUX.get(code, _NIVEAU_DETAIL), **valeurs})


def fichier(entete: Entete, corps: Iterable[Enregistrement]) -> list[Enregistrement]:
    """The records of a return: `corps` in reading order, 990 entities, 000 and 999 added."""
    return encadrer(VARIANTE, entete, _avec_controles(corps))


def composer(entete: Entete, corps: Iterable[Enregistrement]) -> bytes:
    """The bytes of `fichier`."""
    return assembler(fichier(entete, corps))


def _avec_controles(corps: Iterable[Enregistrement]) -> list[Enregistrement]:
    ecrites: list[Enregistrement] = []
    ouvertes: dict[str, int] = {}
    for e in corps:
        if e.type in CLOSES:
            _clore(ecrites, ouvertes, CLOSES if e.type in JOURNEES else ("080",))
            ouvertes[e.type] = len(ecrites)
        ecrites.append(e)
    _clore(ecrites, ouvertes, CLOSES)
    return ecrites


def _clore(ecrites: list[Enregistrement], ouvertes: dict[str, int], codes: Sequence[str]) -> None:
    for code in reversed(codes):
        if code in ouvertes:
            ecrites.append(controle(code, ecrites[ouvertes.pop(code) + 1 :]))


def controle(code: str, contenu: Sequence[Enregistrement]) -> Enregistrement:
    """The 990 that closes entity `code` over what followed it."""
    total = cumul(contenu)
    valeurs: dict[str, zones.Valeur] = {
        "niveau": NIVEAUX["990"],
        "niveau_clos": code,
        "nombre_entites": sum(e.type != "990" for e in contenu),
        "cumul": abs(total),
        "signe": signe(total),
    }
    return Enregistrement.composer(VARIANTE, "990", valeurs)
