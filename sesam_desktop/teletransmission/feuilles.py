"""What the accountant receives, as sheets: invoices, payments, transfers, movements, dues. Pure values.

No name nor NIR: an accountant needs the number of an invoice, not the patient's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sesam_desktop.factures.cycle import LIBELLES, Etat

from .comptes import Du
from .depot_comptes import FactureVue, MouvementVu, ReglementVu, VirementVu

_REGLEMENT = {"P": "payé", "R": "rejeté", "D": "différé", "": "non traité"}
_VIREMENT = {
    "attendu": "attendu", "recu": "reçu", "ecart": "reçu, montant différent", "sans_versement": "sans versement",
}
_MOUVEMENT = {"retenue": "Retenue", "indu": "Indu", "forfait": "Forfait", "rappel": "Rappel"}


class Genre(StrEnum):
    """How a column is written: amounts are centimes, dates are dates."""

    TEXTE = "texte"
    MONTANT = "montant"
    DATE = "date"
    NOMBRE = "nombre"


@dataclass(frozen=True, slots=True)
class Colonne:
    """Title, kind and width in characters."""

    titre: str
    genre: Genre = Genre.TEXTE
    largeur: int = 14


@dataclass(frozen=True, slots=True)
class Feuille:
    """One subject. A value is a text, centimes, a number, a date or None."""

    nom: str
    titre: str
    colonnes: tuple[Colonne, ...]
    lignes: tuple[tuple[Any, ...], ...]


def _montant(titre: str) -> Colonne:
    return Colonne(titre, Genre.MONTANT, 13)


def _jour(titre: str) -> Colonne:
    return Colonne(titre, Genre.DATE, 12)


_FACTURES = (
    Colonne("Facture"), Colonne("Genre", largeur=7), _jour("Soins"), Colonne("Destinataire"),
    Colonne("État", largeur=22), _montant("Total €"), _montant("AMO demandé €"), _montant("AMC demandé €"),
    _montant("Assuré €"), _montant("AMO réglé €"), _montant("AMC réglé €"), Colonne("Remplace"),
)
_REGLEMENTS = (
    _jour("Paiement"), Colonne("Facture"), Colonne("Part", largeur=6), Colonne("Réponse", largeur=12),
    _montant("Demandé €"), _montant("Payé €"), Colonne("Virement", Genre.NOMBRE, 9),
)
_VIREMENTS = (
    Colonne("Virement", Genre.NOMBRE, 9), _jour("Date"), Colonne("Payeur", largeur=16), Colonne("Libellé", largeur=34),
    Colonne("Factures", Genre.NOMBRE, 9), _montant("Règlements €"), _montant("Retenues, forfaits €"),
    _montant("Montant €"), Colonne("État", largeur=22), _montant("Reçu en banque €"),
)
_MOUVEMENTS = (
    _jour("Date"), Colonne("Genre", largeur=10), Colonne("Référence"), Colonne("Nature", largeur=10),
    Colonne("Libellé", largeur=34), _montant("Montant €"), _montant("Solde de la dette €"), Colonne("Facture"),
    Colonne("Virement", Genre.NOMBRE, 9),
)
_DUS = (
    Colonne("Débiteur", largeur=12), Colonne("Genre", largeur=7), Colonne("Facture"), Colonne("Part", largeur=6),
    _jour("Soins"), _jour("Envoi"), Colonne("Jours", Genre.NOMBRE, 7), _montant("Demandé €"), _montant("Réglé €"),
    _montant("Dû €"), _jour("Relance"),
)


def factures(vues: Sequence[FactureVue], periode: str) -> Feuille:
    """Documents by date of care. `periode` goes in the title."""
    lignes = tuple(
        (v.numero, v.genre, v.date_soins, v.destinataire, LIBELLES[Etat(v.etat)], v.total_centimes,
         v.amo_centimes, v.amc_centimes, v.assure_centimes, v.regle_amo_centimes, v.regle_amc_centimes, v.remplace)
        for v in vues
    )  # fmt: skip
    return Feuille("factures", f"Factures, soins {periode}", _FACTURES, lignes)


def reglements(vus: Sequence[ReglementVu], periode: str) -> Feuille:
    """What returns said of each part, by date of payment."""
    lignes = tuple(
        (_date(r.date), r.facture or "inconnue", r.part, _REGLEMENT[r.etat], r.demande_centimes, r.paye_centimes,
         r.virement)
        for r in vus
    )  # fmt: skip
    return Feuille("reglements", f"Règlements {periode}", _REGLEMENTS, lignes)


def virements(vus: Sequence[VirementVu], periode: str) -> Feuille:
    """Payments announced: what invoices bring, what retentions take, what the bank received."""
    lignes = tuple(
        (v.id, v.date, v.organisme, v.libelle, v.factures, v.reglements_centimes, v.mouvements_centimes,
         v.montant_centimes, _VIREMENT[v.etat], v.recu_centimes)
        for v in vus
    )  # fmt: skip
    return Feuille("virements", f"Virements {periode}", _VIREMENTS, lignes)


def mouvements(vus: Sequence[tuple[date, MouvementVu]], periode: str) -> Feuille:
    """Retentions, undue sums, lump payments, each with the date of its payment."""
    lignes = tuple(
        (jour, _MOUVEMENT[m.genre], m.reference, m.nature, m.libelle, m.montant_centimes, m.solde_centimes,
         m.facture, m.virement)
        for jour, m in vus
    )  # fmt: skip
    return Feuille("mouvements", f"Retenues et forfaits {periode}", _MOUVEMENTS, lignes)


def dus(vus: Sequence[Du], jour: date) -> Feuille:
    """What is due, oldest sending first."""
    lignes = tuple(
        (du.debiteur.code, du.debiteur.genre, du.facture, du.part, du.date_soins, du.envoyee_le, du.jours,
         du.attendu_centimes, du.regle_centimes, du.du_centimes, du.relancee_le)
        for du in vus
    )  # fmt: skip
    return Feuille("dus", f"Dû au {jour.strftime('%d/%m/%Y')}", _DUS, lignes)


def _date(texte: str) -> date | None:
    return date.fromisoformat(texte) if texte else None
