"""Bordereau of a lot: the invoices it carries, for the professional's own files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.base.fichiers import remplacer
from sesam_desktop.noyau.dates import formater

from .feuille import HAUTEUR, LARGEUR, MARGE, Colonne, Feuille, euros

if TYPE_CHECKING:
    from sesam_desktop.factures.depot import Resume

COLONNES = (
    Colonne("N° facture", 66),
    Colonne("Soins du", 58),
    Colonne("Patient", 150),
    Colonne("État", 79),
    Colonne("Montant", 58, True),
    Colonne("Part AMO", 58, True),
    Colonne("Part AMC", 54, True),
)
_HAUT, _PAS = 124.0, 14.0
_PAR_PAGE = 45


@dataclass(frozen=True, slots=True)
class LotAImprimer:
    """What heads a bordereau. `destinataire` is shown as it is."""

    numero: str
    date_constitution: date
    destinataire: str
    genre: str = "FSE"


def ecrire(lot: LotAImprimer, factures: Sequence[Resume], chemin: Path) -> Path:
    """Write the PDF at `chemin`, whole or not at all, and return it."""
    remplacer(chemin, composer(lot, factures))
    return chemin


def composer(lot: LotAImprimer, factures: Sequence[Resume]) -> bytes:
    """The PDF: invoices in the order given, totals at the end."""
    feuille = Feuille(f"Bordereau du lot {lot.numero}")
    paquets = [factures[debut : debut + _PAR_PAGE] for debut in range(0, len(factures), _PAR_PAGE)] or [()]
    for rang, paquet in enumerate(paquets, 1):
        _page(feuille, lot, len(factures), paquet)
        if rang == len(paquets):
            _totaux(feuille, factures, _HAUT + 4 + len(paquet) * _PAS)
        feuille.texte_a_droite(LARGEUR - MARGE, HAUTEUR - 28, f"Page {rang} / {len(paquets)}", 7)
        feuille.page_suivante()
    return feuille.octets()


def _page(feuille: Feuille, lot: LotAImprimer, nombre: int, factures: Sequence[Resume]) -> None:
    feuille.texte(MARGE, 52, f"BORDEREAU DU LOT {lot.numero}", 16, gras=True)
    pluriel = "s" if nombre > 1 else ""
    feuille.texte(
        MARGE, 72, f"{lot.genre} — constitué le {formater(lot.date_constitution)} — {nombre} facture{pluriel}", 9
    )
    feuille.texte(MARGE, 86, f"Destinataire : {lot.destinataire}", 9)
    feuille.rangee(_HAUT - 14, COLONNES, [c.titre for c in COLONNES], 7, gras=True)
    feuille.trait(_HAUT - 10)
    for rang, facture in enumerate(factures):
        feuille.rangee(_HAUT + 2 + rang * _PAS, COLONNES, _valeurs(facture), 7.5)


def _valeurs(facture: Resume) -> list[str]:
    return [
        facture.numero,
        formater(facture.date_soins),
        facture.patient,
        facture.libelle,
        euros(facture.total_centimes),
        euros(facture.amo_centimes),
        euros(facture.amc_centimes),
    ]


def _totaux(feuille: Feuille, factures: Sequence[Resume], y: float) -> None:
    feuille.trait(y, 1)
    totaux = (
        sum(f.total_centimes for f in factures),
        sum(f.amo_centimes for f in factures),
        sum(f.amc_centimes for f in factures),
    )
    feuille.rangee(y + 12, COLONNES, ["Totaux (€)", "", "", "", *map(euros, totaux)], 7.5, gras=True)
