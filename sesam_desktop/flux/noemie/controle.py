"""Checker of a return: entities, levels of rupture, totals of 990 (project rule: see `recompte`) and 999."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from sesam_desktop.noyau.erreurs import FormatInvalide

from ..anomalie import LIMITE, Anomalie, borner
from ..controle_zones import anomalie, controler
from ..enregistrement import Enregistrement
from ..entites import cumul, decouper_flux
from .ecriture import NIVEAUX_PUBLIES
from .lecture import VARIANTE
from .recompte import OUVRANTES, Ecart, Recompte


def verifier(octets: bytes, variante: str = VARIANTE, *, limite: int = LIMITE) -> list[Anomalie]:
    """Anomalies in file order, `borner` says how many. Never raises on malformed content."""
    return verifier_flux(io.BytesIO(octets), variante, limite=limite)


def verifier_flux(flux: BinaryIO, variante: str = VARIANTE, *, limite: int = LIMITE) -> list[Anomalie]:
    """The same for a file open in binary, in constant memory."""
    return borner(_Controle(variante).anomalies(flux), limite)


@dataclass
class _Controle:
    """One file, entity after entity."""

    variante: str
    precedent: str = ""
    recompte: Recompte = field(default_factory=Recompte)

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
        self.recompte.compter(e.type, _montant(e))
        if not fautes:
            yield from self._niveau(e)
            if e.type == "990":
                yield from self._controle_990(e)
            elif e.type == "999":
                yield from self._controle_999(e)
        self.precedent = e.type

    def _niveau(self, e: Enregistrement) -> Iterator[Anomalie]:
        publie = NIVEAUX_PUBLIES.get(e.type)
        if publie is not None and e.zones["niveau"] != publie:
            message = f"L'entité {e.type} est d'ordinaire de niveau {publie}."
            yield anomalie(e, "niveau", "NIVEAU", message, avertissement=True)

    def _controle_990(self, e: Enregistrement) -> Iterator[Anomalie]:
        clos = e.zones["niveau_clos"]
        if clos in self.recompte.fermes:
            yield anomalie(e, "niveau_clos", "SEQUENCE", f"Le niveau {clos} est déjà clos.")
        elif clos in self.recompte.ouvertures:
            regle = f" depuis l'entité {clos} (comptage du projet)"
            yield from (_total(e, ecart, regle) for ecart in self.recompte.clore(e.zones))
        elif clos in OUVRANTES:
            yield anomalie(e, "niveau_clos", "SEQUENCE", f"Aucune entité {clos} n'a ouvert le niveau clos.")
        else:
            message = "Le niveau clos n'est pas de ceux que ce programme sait recompter : total non contrôlé."
            yield anomalie(e, "niveau_clos", "NON_CONTROLE", message, avertissement=True)

    def _controle_999(self, e: Enregistrement) -> Iterator[Anomalie]:
        yield from (_total(e, ecart) for ecart in self.recompte.finir(e.zones))


def _montant(e: Enregistrement) -> int:
    """What the entity pays; nothing when it cannot be decoded, which already is an anomaly."""
    try:
        return cumul([e])
    except FormatInvalide:
        return 0


def _total(e: Enregistrement, ecart: Ecart, regle: str = "") -> Anomalie:
    message = f"Le total annoncé est {ecart.annonce}, le total recalculé {ecart.recompte}{regle}."
    return anomalie(e, ecart.zone, "TOTAL", message)
