"""Labels of rejection learnt from what funds send, and their explanation.

No official table of the codes is public: the words that come with a code are kept with who said them, how often and
when. What they mean is recognised from these words (`flux.causes`, project table).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sesam_desktop.flux.causes import Cause, explication
from sesam_desktop.flux.noemie import Rejet

from . import depot_libelles
from .depot_libelles import LibelleConnu

__all__ = ["Cause", "CodeConnu", "LibelleConnu", "LibellesAppris", "explication"]


@dataclass(frozen=True, slots=True)
class CodeConnu:
    """One code as all funds together use it: its most heard words first."""

    code: str
    libelles: tuple[LibelleConnu, ...]
    cause: Cause

    @property
    def nombre(self) -> int:
        return sum(libelle.nombre for libelle in self.libelles)


class LibellesAppris:
    """The dictionary that returns fill."""

    def apprendre(self, motifs: Iterable[Rejet], organisme: str, instant: str) -> None:
        """Count each code and label, inside the transaction that applies the return. `instant`: ISO 8601, UTC."""
        entendus = Counter((motif.code, motif.libelle) for motif in motifs if motif.code and motif.libelle)
        for (code, libelle), nombre in entendus.items():
            depot_libelles.compter(code, libelle, organisme, instant, nombre)

    def libelle(self, code: str, organisme: str = "") -> str:
        """The words heard most for this code, from that fund if it ever said it; "" when never heard."""
        connus = depot_libelles.de_code(code)
        du_meme = [c for c in connus if c.organisme == organisme]
        return next((c.libelle for c in (*du_meme, *connus)), "")

    def lister(self) -> list[CodeConnu]:
        """Every code heard, the most frequent first."""
        par_code: dict[str, list[LibelleConnu]] = {}
        for connu in depot_libelles.tous():
            par_code.setdefault(connu.code, []).append(connu)
        codes = [CodeConnu(code, tuple(c), explication(code, c[0].libelle)) for code, c in par_code.items()]
        return sorted(codes, key=lambda c: (-c.nombre, c.code))
