"""Checker of a return: entities, 990 totals (project rule, see `ecriture`), 999 counters and total."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sesam_desktop.noyau.erreurs import FormatInvalide

from ..anomalie import LIMITE, Anomalie
from ..controle_zones import anomalie, controler
from ..enregistrement import Enregistrement
from ..entites import cumul, decouper, signe_applique
from .ecriture import CLOSES
from .lecture import VARIANTE


def verifier(octets: bytes, variante: str = VARIANTE, *, limite: int = LIMITE) -> list[Anomalie]:
    """Every anomaly in file order, `limite` at most. Never raises on malformed content."""
    return list(islice(_anomalies(octets, variante), limite))


def _anomalies(octets: bytes, variante: str) -> Iterator[Anomalie]:
    lus: list[Enregistrement] = []
    try:
        for e in decouper(octets, variante):
            lus.append(e)
            yield from _controler(e, lus)
    except FormatInvalide as erreur:
        yield Anomalie.depuis(erreur)
    if not lus or lus[-1].type != "999":
        yield Anomalie(0, 0, "", "SEQUENCE", "Le fichier ne se termine pas par une entité 999.")


def _controler(e: Enregistrement, lus: list[Enregistrement]) -> Iterator[Anomalie]:
    fautes = list(controler(e))
    yield from fautes
    if len(lus) > 1 and lus[-2].type == "999":
        yield anomalie(e, "", "SEQUENCE", "Une entité suit la fin du fichier.")
    if not fautes and e.type == "990":
        yield from _controle_990(e, lus)
    elif not fautes and e.type == "999":
        yield from _controle_999(e, lus)


def _controle_990(e: Enregistrement, lus: list[Enregistrement]) -> Iterator[Anomalie]:
    clos = e.zones["niveau_clos"]
    debut = next((i for i in range(len(lus) - 1, -1, -1) if lus[i].type == clos), None)
    if clos not in CLOSES or debut is None:
        message = "Le niveau clos n'est pas de ceux que ce programme sait recompter : total non contrôlé."
        yield anomalie(e, "niveau_clos", "NON_CONTROLE", message, avertissement=True)
        return
    contenu = [x for x in lus[debut + 1 : -1] if x.type != "990"]
    yield from _comparer(e, "nombre_entites", e.zones["nombre_entites"], len(contenu))
    yield from _comparer(e, "cumul", signe_applique(e.zones, "cumul"), _cumul_lisible(contenu))


def _controle_999(e: Enregistrement, lus: list[Enregistrement]) -> Iterator[Anomalie]:
    yield from _comparer(e, "nombre_enregistrements", e.zones["nombre_enregistrements"], len(lus))
    yield from _comparer(e, "nombre_lots", e.zones["nombre_lots"], sum(x.type == "080" for x in lus))
    yield from _comparer(e, "cumul", signe_applique(e.zones, "cumul"), _cumul_lisible(lus))


def _cumul_lisible(entites: list[Enregistrement]) -> int:
    """Total of the entities that can be decoded; the others already have their anomaly."""
    return sum(_cumul_ou_zero(e) for e in entites)


def _cumul_ou_zero(e: Enregistrement) -> int:
    try:
        return cumul([e])
    except FormatInvalide:
        return 0


def _comparer(e: Enregistrement, zone: str, annonce: int, recompte: int) -> Iterator[Anomalie]:
    if annonce != recompte:
        yield anomalie(e, zone, "TOTAL", f"Le total annoncé est {annonce}, le total recalculé {recompte}.")
