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

        recentes = self._factures.lister(Filtre(limite=RECENTES))
        return [r for r in recentes if not self._pieces.de_facture(r.numero) and self._prescrite(r.numero)]

    def _prescrite(self, numero: str) -> bool:
        return self._factures.charger(numero).facture.demande.prescription is not None

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
