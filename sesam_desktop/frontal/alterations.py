"""Answers spoiled on purpose: a return or an ARL that says wrong, or that cannot be read to its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sesam_desktop.flux.enregistrement import Enregistrement
from sesam_desktop.flux.entites import decouper

from .regle import Alteration

INCONNUE = b"77705ENTITE QU AUCUNE TABLE NE DECRIT@"
LOT_INCONNU, FACTURE_INCONNUE, FICHIER_INCONNU = "998", "999999998", "ZZZZZZ"
_CHANGEMENTS: dict[Alteration, dict[str, dict[str, str]]] = {
    Alteration.LOT_INCONNU: {
        "000": {"identification_fichier": FICHIER_INCONNU}, "999": {"identification_fichier": FICHIER_INCONNU},
        "080": {"numero_lot": LOT_INCONNU}, "102": {"numero_lot": LOT_INCONNU},
        "295": {"commentaire": "MESSAGE INCONNU"},
    },
    Alteration.FACTURE_INCONNUE: {"102": {"numero_facture": FACTURE_INCONNUE}},
}


def alterer(contenu: bytes, variante: str, alteration: Alteration) -> bytes:
    """The file with that fault."""
    if alteration is Alteration.AUCUNE:
        return contenu
    if alteration is Alteration.TRONQUE:
        return contenu[: len(contenu) * 2 // 3]
    if alteration is Alteration.ILLISIBLE:
        return contenu[::-1]
    return b"".join(_entites(decouper(contenu, variante), alteration))


def _entites(entites: Iterator[Enregistrement], alteration: Alteration) -> Iterator[bytes]:
    ajoutees = 0
    for entite in entites:
        yield _changee(entite, _valeurs(entite, alteration, ajoutees))
        if alteration is Alteration.ENTITE_INCONNUE and entite.type == "103" and not ajoutees:
            ajoutees += 1
            yield INCONNUE


def _changee(entite: Enregistrement, valeurs: dict[str, Any]) -> bytes:
    if not valeurs:
        return entite.octets
    return Enregistrement.composer(entite.variante, entite.type, {**entite.zones, **valeurs}).octets


def _valeurs(entite: Enregistrement, alteration: Alteration, ajoutees: int) -> dict[str, Any]:
    """Zones to write otherwise; an entity added is counted, so that nothing else is wrong."""
    nombre = {"990": "nombre_entites", "999": "nombre_enregistrements"}.get(entite.type)
    if nombre and alteration is Alteration.TOTAUX:
        return {"cumul": entite.zones["cumul"] + 100, nombre: entite.zones[nombre] + 1}
    if nombre and ajoutees:
        return {nombre: entite.zones[nombre] + ajoutees}
    if alteration is Alteration.CLE_NIR and entite.type == "103":
        return {"cle": f"{int(entite.zones['cle']) % 97 + 1:02d}"}
    return dict(_CHANGEMENTS.get(alteration, {}).get(entite.type, {}))
