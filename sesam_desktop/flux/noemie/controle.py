"""Checker of a return: entities, 990 totals (project rule, see `ecriture`), 999 counters and total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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
    return list(islice(_Controle(variante).anomalies(octets), limite))


@dataclass
class _Controle:
    """Running counters; `ouvertures` holds their value (entities, centimes) where a level that 990 closes began."""

    variante: str
    lus: int = 0
    lots: int = 0
    entites: int = 0
    montant: int = 0
    precedent: str = ""
    ouvertures: dict[str, tuple[int, int]] = field(default_factory=dict)

    def anomalies(self, octets: bytes) -> Iterator[Anomalie]:
        try:
            for e in decouper(octets, self.variante):
                yield from self._entite(e)
        except FormatInvalide as erreur:
            yield Anomalie.depuis(erreur)
        if self.precedent != "999":
            yield Anomalie(0, 0, "", "SEQUENCE", "Le fichier ne se termine pas par une entité 999.")

    def _entite(self, e: Enregistrement) -> Iterator[Anomalie]:
        if self.precedent == "999":
            yield anomalie(e, "", "SEQUENCE", "Une entité suit la fin du fichier.")
        fautes = list(controler(e))
        yield from fautes
        self._compter(e)
        if not fautes and e.type == "990":
            yield from self._controle_990(e)
        elif not fautes and e.type == "999":
            yield from self._controle_999(e)
        self.precedent = e.type

    def _compter(self, e: Enregistrement) -> None:
        self.lus += 1
        self.lots += e.type == "080"
        self.entites += e.type != "990"
        self.montant += _montant(e)
        if e.type in CLOSES:
            self.ouvertures[e.type] = (self.entites, self.montant)

    def _controle_990(self, e: Enregistrement) -> Iterator[Anomalie]:
        clos = e.zones["niveau_clos"]
        if clos not in self.ouvertures:
            message = "Le niveau clos n'est pas de ceux que ce programme sait recompter : total non contrôlé."
            yield anomalie(e, "niveau_clos", "NON_CONTROLE", message, avertissement=True)
            return
        entites, montant = self.ouvertures[clos]
        yield from _comparer(e, "nombre_entites", e.zones["nombre_entites"], self.entites - entites)
        yield from _comparer(e, "cumul", signe_applique(e.zones, "cumul"), self.montant - montant)

    def _controle_999(self, e: Enregistrement) -> Iterator[Anomalie]:
        yield from _comparer(e, "nombre_enregistrements", e.zones["nombre_enregistrements"], self.lus)
        yield from _comparer(e, "nombre_lots", e.zones["nombre_lots"], self.lots)
        yield from _comparer(e, "cumul", signe_applique(e.zones, "cumul"), self.montant)


def _montant(e: Enregistrement) -> int:
    """What the entity pays; nothing when it cannot be decoded, which already is an anomaly."""
    try:
        return cumul([e])
    except FormatInvalide:
        return 0


def _comparer(e: Enregistrement, zone: str, annonce: int, recompte: int) -> Iterator[Anomalie]:
    if annonce != recompte:
        yield anomalie(e, zone, "TOTAL", f"Le total annoncé est {annonce}, le total recalculé {recompte}.")
