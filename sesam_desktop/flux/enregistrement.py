"""One record of any norm: its bytes as they travel, decoded on demand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from . import caracteres
from .zones import Layout, Valeur, exiger
from .zones import layout as layout_de


@dataclass(frozen=True)
class Enregistrement:
    """`type` is the norm's name (``4S``, ``000``, ``102``); `ligne` its rank in the file, from 1 (0: not in a file).

    The bytes are the truth: a record read and written again is identical, even when its type is unknown here.
    """

    type: str
    octets: bytes
    variante: str
    ligne: int = 0

    @classmethod
    def composer(cls, variante: str, type: str, valeurs: Mapping[str, Valeur], ligne: int = 0) -> Enregistrement:
        """A record from its values. Raises FormatInvalide when they do not fit or the type does not exist."""
        return cls(type, exiger(variante, type).ecrire(valeurs, ligne), variante, ligne)

    @property
    def layout(self) -> Layout | None:
        return layout_de(self.variante, self.type)

    @cached_property
    def zones(self) -> dict[str, Any]:
        """Values by zone name; an unknown type gives its raw text. Raises FormatInvalide on malformed bytes."""
        if self.layout is None:
            return {"brut": self.octets.decode(caracteres.CODAGE)}
        return self.layout.lire(self.octets, self.ligne)

    def modifier(self, **valeurs: Valeur) -> Enregistrement:
        """A copy with some zones changed."""
        return Enregistrement.composer(self.variante, self.type, {**self.zones, **valeurs}, self.ligne)


def assembler(enregistrements: Iterable[Enregistrement]) -> bytes:
    """The bytes of records one after another, without separator."""
    return b"".join(e.octets for e in enregistrements)
