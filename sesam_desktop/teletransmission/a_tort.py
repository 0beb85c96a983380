"""Rejects "à tort": those the professional contests, with what each fund still owes for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sesam_desktop.factures.cycle import LIBELLES, Etat, etat_de
from sesam_desktop.factures.depot import Factures
from sesam_desktop.factures.fiches import Evenement
from sesam_desktop.noyau.dates import jour_de
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from .depot_recyclage import contestees
from .feuilles import Colonne, Feuille, Genre

A_TORT = "rejet_a_tort"
CONTESTABLES = (Etat.REJETEE, Etat.ANOMALIE, Etat.PAYEE_PARTIELLEMENT)
_COLONNES = (
    Colonne("Caisse", largeur=28), Colonne("Facture"), Colonne("Soins du", Genre.DATE),
    Colonne("Rejetée le", Genre.DATE), Colonne("Motifs de la caisse", largeur=40),
    Colonne("Pourquoi à tort", largeur=40), Colonne("Réclamé AMO", Genre.MONTANT),
    Colonne("Réclamé AMC", Genre.MONTANT), Colonne("État", largeur=20),
)


@dataclass(frozen=True, slots=True)
class RejetATort:
    """One contest. Amounts still claimed, in centimes: zero once paid."""

    facture: str
    fonds: str
    libelle_fonds: str
    date_soins: date
    rejete_le: datetime
    motifs: tuple[str, ...]
    raison: str
    amo_centimes: int
    amc_centimes: int
    etat: Etat

    @property
    def jour_du_rejet(self) -> date:
        """The workstation's calendar day."""
        return jour_de(self.rejete_le)

    @property
    def reclame_centimes(self) -> int:
        return self.amo_centimes + self.amc_centimes


@dataclass(frozen=True, slots=True)
class ReclamationFonds:
    """What one fund owes for the rejects it is said to have made wrongly."""

    fonds: str
    libelle: str
    nombre: int
    reclame_centimes: int


def marquer(factures: Factures, numero: str, raison: str) -> None:
    """Contest the last answer of the fund. Raises FACTURE_INCONNUE, RAISON_ABSENTE, REJET_ABSENT."""
    if not raison.strip():
        raise EntreeInvalide(
            "Il faut dire pourquoi ce rejet est à tort.", code="RAISON_ABSENTE",
            action="Donnez la raison en quelques mots : elle accompagnera la réclamation.",
        )
    etat = etat_de(e.nom for e in factures.historique(factures.charger(numero).facture.numero))
    if etat not in CONTESTABLES:
        raise ErreurConnue(
            f"La facture {numero} n'a pas été rejetée : il n'y a rien à contester.", code="REJET_ABSENT",
            action="Consultez l'historique de la facture.",
        )
    factures.ajouter_evenement(numero, A_TORT, {"raison": raison.strip()})


def lister(factures: Factures) -> list[RejetATort]:
    """By fund, then by number."""
    return sorted((_lire(factures, numero) for numero in contestees()), key=lambda r: (r.fonds, r.facture))


def par_fonds(rejets: Iterable[RejetATort]) -> list[ReclamationFonds]:
    """One line a fund that still owes something, the largest claim first."""
    groupes: dict[str, list[RejetATort]] = {}
    for rejet in rejets:
        if rejet.reclame_centimes:
            groupes.setdefault(rejet.fonds, []).append(rejet)
    totaux = [
        ReclamationFonds(fonds, g[0].libelle_fonds, len(g), sum(r.reclame_centimes for r in g))
        for fonds, g in groupes.items()
    ]
    return sorted(totaux, key=lambda t: (-t.reclame_centimes, t.fonds))


def feuille(rejets: Iterable[RejetATort]) -> Feuille:
    """What is joined to a claim, for a spreadsheet."""
    lignes = tuple(
        (
            f"{r.fonds} {r.libelle_fonds}".strip(), r.facture, r.date_soins, r.jour_du_rejet, " ; ".join(r.motifs),
            r.raison, r.amo_centimes, r.amc_centimes, LIBELLES[r.etat],
        )
        for r in rejets
    )
    return Feuille("a_tort", "Rejets à tort", _COLONNES, lignes)


def _lire(factures: Factures, numero: str) -> RejetATort:
    facture, vecus = factures.charger(numero).facture, factures.historique(numero)
    etat, d = etat_de(e.nom for e in vecus), facture.destinataire
    amo, amc = _reclame(etat, vecus)
    rejet = next((e for e in reversed(vecus) if e.nom in CONTESTABLES), vecus[-1])
    return RejetATort(
        numero, f"{d.regime} {d.organisme} {d.centre_informatique}", d.libelle, facture.demande.date_soins,
        rejet.instant, tuple(f"{m['code']} {m['libelle']}".strip() for m in rejet.donnees.get("motifs", ())),
        [e for e in vecus if e.nom == A_TORT][-1].donnees["raison"], amo, amc, Etat(etat or ""),
    )


def _reclame(etat: Etat | None, vecus: Sequence[Evenement]) -> tuple[int, int]:
    """What was expected less what is paid so far. Nothing of an invoice paid, or made again."""
    retours = [e.donnees for e in vecus if "attendu_amo_centimes" in e.donnees]
    if etat not in CONTESTABLES or not retours:
        return 0, 0
    return _reste(retours[-1], "amo"), _reste(retours[-1], "amc")


def _reste(retour: Mapping[str, Any], part: str) -> int:
    """`regle`: all returns together; `paye`, what earlier versions kept of one return."""
    regle = retour.get(f"regle_{part}_centimes", retour.get(f"paye_{part}_centimes", 0))
    return max(0, retour[f"attendu_{part}_centimes"] - regle)
