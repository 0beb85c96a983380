"""Scanned prescriptions: attach them to invoices, know what is missing, look at their quality."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.factures.depot import Factures, Resume
    from sesam_desktop.pieces.depot import PieceConnue, Pieces
    from sesam_desktop.pieces.numerisation import Numeriseur
    from sesam_desktop.pieces.qualite import Qualite

    from .changements import Changements


RECENTES = 200  # older invoices without a piece are found one by one, in the register


class ServicePieces:
    """The room `pieces` over this workstation's invoices."""

    def __init__(self, pieces: Pieces, factures: Factures, changements: Changements) -> None:
        self._pieces = pieces
        self._factures = factures
        self._changements = changements

    def a_numeriser(self) -> list[Resume]:
        """Signed invoices with a prescription and no piece yet, newest first."""
        from sesam_desktop.factures.depot import Filtre

        voulues = self._pieces.a_joindre(RECENTES)
        return [r for r in self._factures.lister(Filtre(limite=RECENTES)) if r.numero in voulues]

    def compter_a_numeriser(self) -> int:
        """How many of them."""
        return len(self._pieces.a_joindre(RECENTES))

    def lister(self, etat: str = "") -> list[PieceConnue]:
        """Pieces kept, newest first."""
        return self._pieces.lister(etat)

    def verifier(self, chemin: Path) -> Qualite:
        """Resolution, size and sharpness of a file."""
        from sesam_desktop.pieces.qualite import mesurer

        return mesurer(chemin)

    def ajouter(self, numeros: Sequence[str], chemins: Sequence[Path], genre: str = "ORD") -> PieceConnue:
        """Make one PDF of the files and attach it to these invoices."""
        piece = self._pieces.ajouter(numeros, chemins, genre)
        self._changements.annoncer("pieces")
        return piece

    def renvoyer(self, identifiant: int) -> None:
        """Send a refused piece again as it is, with the next lots."""
        self._pieces.renvoyer(identifiant)
        self._changements.annoncer("pieces", "lots")

    def classer(self, identifiant: int) -> None:
        """Give a refused piece up: its lot wants nobody any more, its invoices may have another piece."""
        self._pieces.classer(identifiant)
        self._changements.annoncer("pieces", "lots")

    def contenu(self, identifiant: int) -> bytes:
        """The PDF of one piece."""
        return self._pieces.contenu(identifiant)

    def numeriseurs(self) -> list[Numeriseur]:
        """Scanners this machine reaches."""
        from sesam_desktop.pieces.numerisation import lister

        return lister()

    def numeriser(self, peripherique: str, chemin: Path, annule: Callable[[], bool] | None = None) -> Path:
        """Scan one page into `chemin` (PNG)."""
        from sesam_desktop.pieces.numerisation import numeriser

        return numeriser(peripherique, chemin, annuler=annule)
