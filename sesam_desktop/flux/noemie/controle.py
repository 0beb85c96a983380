"""Checker of a return: entities, levels of rupture, 990 totals (project rule, see `ecriture`), 999 counters and total.

A 990 is recounted from the last entity of the code it says it closes, whatever the level: project reading, since the
norm's own rule is not public. It closes with it the levels that were opened inside.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from sesam_desktop.noyau.erreurs import FormatInvalide

from ..anomalie import LIMITE, Anomalie, borner
from ..controle_zones import anomalie, controler
from ..enregistrement import Enregistrement
from ..entites import cumul, decouper_flux, signe_applique
from .ecriture import NIVEAUX_PUBLIES, OUVRANTES
from .lecture import VARIANTE


def verifier(octets: bytes, variante: str = VARIANTE, *, limite: int = LIMITE) -> list[Anomalie]:
    """Anomalies in file order, `borner` says how many. Never raises on malformed content."""
    return verifier_flux(io.BytesIO(octets), variante, limite=limite)


def verifier_flux(flux: BinaryIO, variante: str = VARIANTE, *, limite: int = LIMITE) -> list[Anomalie]:
    """The same for a file open in binary, in constant memory."""
    return borner(_Controle(variante).anomalies(flux), limite)


@dataclass
class _Controle:
    """Running counters; `ouvertures` holds their value (entities, centimes) where each level still open began."""

    variante: str
    lus: int = 0
    lots: int = 0
    entites: int = 0
    montant: int = 0
    precedent: str = ""
    ouvertures: dict[str, tuple[int, int]] = field(default_factory=dict)
    fermes: set[str] = field(default_factory=set)

    def anomalies(self, flux: BinaryIO) -> Iterator[Anomalie]:
        try:
            for e in decouper_flux(flux, self.variante):
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
        if not fautes:
            yield from self._niveau(e)
            if e.type == "990":
                yield from self._controle_990(e)
            elif e.type == "999":
                yield from self._controle_999(e)
        self.precedent = e.type

    def _compter(self, e: Enregistrement) -> None:
        self.lus += 1
        self.lots += e.type == "080"
        self.entites += e.type != "990"
        self.montant += _montant(e)
        if e.type in OUVRANTES:
            self.ouvertures.pop(e.type, None)  # the last opened is the last of the dict
            self.ouvertures[e.type] = (self.entites, self.montant)
            self.fermes.discard(e.type)

    def _niveau(self, e: Enregistrement) -> Iterator[Anomalie]:
        publie = NIVEAUX_PUBLIES.get(e.type)
        if publie is not None and e.zones["niveau"] != publie:
            message = f"L'entité {e.type} est d'ordinaire de niveau {publie}."
            yield anomalie(e, "niveau", "NIVEAU", message, avertissement=True)

    def _controle_990(self, e: Enregistrement) -> Iterator[Anomalie]:
        clos = e.zones["niveau_clos"]
        if clos in self.fermes:
            yield anomalie(e, "niveau_clos", "SEQUENCE", f"Le niveau {clos} est déjà clos.")
        elif clos in self.ouvertures:
            entites, montant = self.ouvertures[clos]
            regle = f" depuis l'entité {clos} (comptage du projet)"
            yield from _comparer(e, "nombre_entites", e.zones["nombre_entites"], self.entites - entites, regle)
            yield from _comparer(e, "cumul", signe_applique(e.zones, "cumul"), self.montant - montant, regle)
            self._clore(clos)
        elif clos in OUVRANTES:
            yield anomalie(e, "niveau_clos", "SEQUENCE", f"Aucune entité {clos} n'a ouvert le niveau clos.")
        else:
            message = "Le niveau clos n'est pas de ceux que ce programme sait recompter : total non contrôlé."
            yield anomalie(e, "niveau_clos", "NON_CONTROLE", message, avertissement=True)

    def _clore(self, clos: str) -> None:
        ouvertes = list(self.ouvertures)
        for code in ouvertes[ouvertes.index(clos) :]:
            del self.ouvertures[code]
            self.fermes.add(code)

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


def _comparer(e: Enregistrement, zone: str, annonce: int, recompte: int, regle: str = "") -> Iterator[Anomalie]:
    if annonce != recompte:
        yield anomalie(e, zone, "TOTAL", f"Le total annoncé est {annonce}, le total recalculé {recompte}{regle}.")
