"""From a reject to the corrected invoice: what was asked, why it was refused, in French, and which lines are concerned.

A correction is a new document that points at the old one: what was signed never changes. The old invoice becomes
``recyclee`` in the transaction that keeps the new one (`factures.depot.Factures.enregistrer`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sesam_desktop.factures.cycle import LIBELLES, Etat, etat_apres, etat_de
from sesam_desktop.factures.depot import Factures
from sesam_desktop.factures.facture import Facture, FactureTarifee, Niveau
from sesam_desktop.factures.fiches import Evenement
from sesam_desktop.flux.causes import Cause, explication
from sesam_desktop.noyau.erreurs import ErreurConnue

from . import depot_recyclage
from .libelles import LibellesAppris

_PORTEURS_DE_MOTIFS = (Etat.REJETEE, Etat.ANOMALIE, Etat.PAYEE_PARTIELLEMENT, Etat.REFUSEE)


@dataclass(frozen=True, slots=True)
class MotifExplique:
    """What the fund said, and what it means. `ligne`: rank in `Facture.lignes` of the line it names, None for all."""

    code: str
    libelle: str
    cause: Cause
    ligne: int | None


@dataclass(frozen=True, slots=True)
class Correction:
    """All it takes to correct an invoice on one screen. `dre`: number of the demand to its insurer, "" when none."""

    ancien: str
    etat: Etat
    niveau: Niveau
    demande: Facture
    motifs: tuple[MotifExplique, ...]
    dre: str

    @property
    def lignes(self) -> tuple[int, ...]:
        """Ranks in `demande.lignes` of the lines that a reason names."""
        return tuple(sorted({motif.ligne for motif in self.motifs if motif.ligne is not None}))

    @property
    def conseil(self) -> str:
        """What to do, each advice once."""
        return " ".join(dict.fromkeys(motif.cause.a_faire for motif in self.motifs))


def a_corriger(factures: Factures, numero: str) -> Facture:
    """What was asked on invoice `numero`, to be corrected. Raises FACTURE_INCONNUE, RECYCLAGE_IMPOSSIBLE."""
    return dossier_de_correction(factures, numero).demande


def dossier_de_correction(factures: Factures, numero: str) -> Correction:
    """The same with the reasons. Raises FACTURE_INCONNUE, RECYCLAGE_IMPOSSIBLE."""
    facture, vecus = factures.charger(numero).facture, factures.historique(numero)
    etat = _exiger_recyclable(numero, etat_de(evenement.nom for evenement in vecus))
    return Correction(
        numero, etat, facture.niveau, facture.demande, _motifs(facture, vecus), depot_recyclage.demande_liee(numero)
    )


def _exiger_recyclable(numero: str, etat: Etat | None) -> Etat:
    try:
        etat_apres(etat, Etat.RECYCLEE)
    except ErreurConnue:
        raise ErreurConnue(
            f"La facture {numero} ({LIBELLES[etat] if etat else 'sans historique'}) ne peut pas être refaite.",
            code="RECYCLAGE_IMPOSSIBLE",
            action="Seule une facture qui n'est pas encore dans un lot, rejetée, refusée ou payée d'un autre montant se"
            " refait.",
        ) from None
    return Etat(etat or "")


def _motifs(facture: FactureTarifee, vecus: Sequence[Evenement]) -> tuple[MotifExplique, ...]:
    """Of the last answer that gave any: an ARL names records of its file, a payment return lines of the invoice."""
    portes = [e for e in vecus if e.nom in _PORTEURS_DE_MOTIFS and e.donnees.get("motifs")]
    if not portes:
        return ()
    dernier = portes[-1]
    if dernier.nom == Etat.REFUSEE:
        return tuple(_expliquer(motif, None) for motif in _du_lot(facture.numero, dernier.donnees["motifs"]))
    return tuple(_expliquer(motif, _ligne(facture, motif.get("ligne"))) for motif in dernier.donnees["motifs"])


def _du_lot(numero: str, motifs: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those that blame this invoice or the whole lot; all of them when they blame others only."""
    motifs, fautives = list(motifs), depot_recyclage.fautives_de(numero, motifs)
    concernes = [motif for motif, fautive in zip(motifs, fautives, strict=True) if fautive in ("", numero)]
    return concernes or motifs


def _expliquer(motif: Mapping[str, Any], ligne: int | None) -> MotifExplique:
    code = str(motif.get("code", ""))
    libelle = str(motif.get("libelle", "")) or LibellesAppris().libelle(code)  # a code alone: words heard before
    return MotifExplique(code, libelle, explication(code, libelle), ligne)


def _ligne(facture: FactureTarifee, rang: Any) -> int | None:
    """The line asked that brought the priced line `rang` (from 1, as the return counts)."""
    lignes = facture.tarification.lignes
    return lignes[rang - 1].saisie if isinstance(rang, int) and 1 <= rang <= len(lignes) else None
