"""What was asked apart from an insurer (DRE), as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sesam_desktop.factures.cycle import Etat

from .table import Colonne, argent

if TYPE_CHECKING:
    from sesam_desktop.factures.depot_dre import ResumeDre

NATURES = {"I": "Initiale", "A": "Annulation", "R": "Rectificative"}
_FINIES = (Etat.ANNULEE, Etat.RECYCLEE)


def annulable(demande: ResumeDre) -> bool:
    """A cancellation is not taken back, nor what was given up or made again; the service says what else keeps it."""
    return demande.nature != "A" and demande.etat not in _FINIES


def annulee(numero: str, annulation: str | None) -> str:
    """`annulation`: the number of the one signed, None when it was enough to give the demand up."""
    if annulation is None:
        return f"Demande {numero} abandonnée : la complémentaire ne l'avait pas reçue."
    return f"Annulation {annulation} de la demande {numero} signée : elle partira avec le prochain lot."


def colonnes_demandes() -> list[Colonne]:
    """Of `ResumeDre`."""
    return [
        Colonne("numero", "Demande", lambda d: d.numero, "code", 10),
        Colonne("mot", "État", lambda d: d.mot, "etat", 11),
        Colonne("libelle", "Où elle en est", lambda d: d.libelle, largeur=30),
        Colonne("nature", "Nature", lambda d: NATURES[d.nature], largeur=14),
        Colonne("amc", "Complémentaire", lambda d: d.amc, "code", 12),
        Colonne("remplace", "Remplace", lambda d: d.remplace, "code", 10, accessoire=True),
        argent("montant", "Demandé €", lambda d: d.attendu_centimes),
    ]
