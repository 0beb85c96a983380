"""What a rewriting changes in an ini file, value by value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .ini import FichierIni


@dataclass(frozen=True, slots=True)
class Changement:
    """One value changed; "" before: added. Without `cle`, a whole section taken out."""

    section: str
    cle: str
    avant: str = ""
    apres: str = ""

    def phrase(self) -> str:
        if not self.cle:
            return f"[{self.section}] : section retirée"
        if not self.avant:
            return f"[{self.section}] {self.cle} : « {self.apres} » ajouté"
        return f"[{self.section}] {self.cle} : « {self.avant} » devient « {self.apres} »"

    def en_dict(self) -> dict[str, Any]:
        return {"section": self.section, "cle": self.cle, "avant": self.avant, "apres": self.apres}


def comparer(avant: FichierIni, apres: FichierIni) -> Iterator[Changement]:
    """Sections taken out, then values of the new file that the old one did not give."""
    restantes = {section.casefold() for section in apres.sections()}
    for section in avant.sections():
        if section.casefold() not in restantes:
            yield Changement(section, "")
    for section in apres.sections():
        for cle, valeur in apres.cles(section).items():
            ancienne = avant.valeur(section, cle) or ""
            if ancienne != valeur:
                yield Changement(section, cle, ancienne, valeur)
