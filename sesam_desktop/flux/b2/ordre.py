"""Which record may follow which, and how many: nesting of files, lots and invoices, ranks and dates of the details.

Orders and limits are those of the 2005-E establishment norm; the project profiles add their own records.
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import caracteres
from ..anomalie import Anomalie
from ..controle_zones import anomalie
from ..enregistrement import Enregistrement

_APRES_LIGNE = ("3", "4", "5")
_AFFINES_4 = ("4B", "4H", "4M", "4F", "4P")
SUITES: dict[str, tuple[str, ...]] = {
    "": ("000",),
    "000": ("1",),
    "1": ("2",),
    "2": ("2S",),
    "2S": ("3", "4"),
    "3": ("3S", *_APRES_LIGNE),
    "3S": ("3E", "3F", "3H", *_APRES_LIGNE),
    "3E": ("3F", "3H", *_APRES_LIGNE),
    "3F": ("3F", *_APRES_LIGNE),
    "3H": ("3H", *_APRES_LIGNE),
    "4": ("4S",),
    "4S": ("4E", *_AFFINES_4, *_APRES_LIGNE),
    "4E": (*_AFFINES_4, *_APRES_LIGNE),
    **{affine: (affine, *_APRES_LIGNE) for affine in _AFFINES_4},
    "5": ("2", "6"),
    "6": ("1", "999"),
    "999": (),
}
SUITES_PS = SUITES | {"5": ("5S",), "5S": ("2", "6")}
SUITES_DRE = SUITES_PS | {"2S": ("2D",), "2D": ("3", "4")}
_SUITES_PAR_VARIANTE = {"b2_ps_140": SUITES_PS, "dre_ps_140": SUITES_DRE}
_LIMITES_AFFINES = {"3F": 10, "3H": 10, "4B": 10, "4H": 10, "4M": 26, "4F": 10, "4P": 10}


class Ordre:
    """The record before, the rank of the last detail, the date of the last session."""

    def __init__(self) -> None:
        self.precedent = ""
        self._rang = 0
        self._seance = ""

    def suivre(self, e: Enregistrement) -> Iterator[Anomalie]:
        """What is wrong with this record coming now. Its type is known; its zones may be unreadable."""
        attendus = _SUITES_PAR_VARIANTE.get(e.variante, SUITES).get(self.precedent, ())
        if e.type not in attendus:
            attendu = " ou ".join(attendus) or "rien"
            apres = f"après l'enregistrement {self.precedent}" if self.precedent else "au début du fichier"
            yield anomalie(e, "type_enregistrement", "SEQUENCE", f"{attendu} attendu {apres}, trouvé {e.type}.")
        if e.type in _LIMITES_AFFINES:
            yield from self._affine(e)
        self.precedent = e.type

    def _affine(self, e: Enregistrement) -> Iterator[Anomalie]:
        lu = _brut(e, "sequence")
        rang = int(lu) if lu.isdigit() and lu.isascii() else 0
        if self.precedent != e.type:
            self._rang, self._seance = 0, ""
        if rang <= self._rang:
            yield anomalie(e, "sequence", "SEQUENCE", "Les numéros de séquence doivent croître à partir de 01.")
        if rang > _LIMITES_AFFINES[e.type]:
            message = f"Une ligne admet au plus {_LIMITES_AFFINES[e.type]} enregistrements {e.type}."
            yield anomalie(e, "sequence", "LIMITE", message)
        self._rang = rang
        if e.type == "4M":
            yield from self._dater(e)

    def _dater(self, e: Enregistrement) -> Iterator[Anomalie]:
        seance = _brut(e, "date_seance").strip()
        if seance < self._seance:
            yield anomalie(e, "date_seance", "SEQUENCE", "Les dates de séance doivent croître.")
        self._seance = seance


def _brut(e: Enregistrement, nom: str) -> str:
    """The characters of a zone, readable or not."""
    return e.layout.par_nom[nom].extrait(e.octets.decode(caracteres.CODAGE)) if e.layout else ""
