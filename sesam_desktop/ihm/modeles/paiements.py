"""Accounts as tables: what each debtor owes by age, payments announced, bank lines, movements, what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from sesam_desktop.noyau import dates, montants

from .table import Colonne, argent

if TYPE_CHECKING:
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.teletransmission.comptes import Balance, Debiteur, Du, Relance
    from sesam_desktop.teletransmission.depot_banque import LigneVue
    from sesam_desktop.teletransmission.depot_comptes import MouvementVu, VirementVu

# State of a payment, of a bank line → state word, and what it means.
VIREMENTS = {"attendu": ("en cours", "attendu"), "recu": ("fait", "reçu"), "ecart": ("à corriger", "reçu, écart"),
             "sans_versement": ("fait", "sans versement")}
LIGNES = {"a_rapprocher": ("à faire", "à rapprocher"), "rapprochee": ("fait", "rapprochée"),
          "classee": ("fait", "classée")}
MOUVEMENTS = {"retenue": "Retenue", "indu": "Indu", "forfait": "Forfait", "rappel": "Rappel"}


@dataclass(frozen=True)
class BalanceVue:
    """What one debtor owes, and its name."""

    nom: str
    balance: Balance


class Dus(NamedTuple):
    """Debtors, and the parts each owes."""

    balances: list[BalanceVue]
    par_debiteur: dict[Debiteur, list[Du]]


@dataclass(frozen=True)
class RelanceVue:
    """What is late at one debtor, and its name."""

    nom: str
    relance: Relance


def lire_dus(poste: Poste) -> Dus:
    """Runs on a worker."""
    par_debiteur: dict[Debiteur, list[Du]] = {}
    for du in poste.paiements.dus():
        par_debiteur.setdefault(du.debiteur, []).append(du)
    return Dus([BalanceVue(poste.paiements.nom(b.debiteur), b) for b in poste.paiements.balances()], par_debiteur)


def relances_vues(poste: Poste) -> list[RelanceVue]:
    """Runs on a worker."""
    return [RelanceVue(poste.paiements.nom(r.debiteur), r) for r in poste.paiements.relances()]


def annonces(debut: date, fin: date) -> tuple[date, date]:
    """A period that reaches today holds what is announced for the days to come."""
    return debut, date.max if fin >= date.today() else fin  # noqa: DTZ011 - the counter's own day


def colonnes_balances(tranches: Sequence[int]) -> list[Colonne]:
    """Of `BalanceVue`; one column a slice of age (limits in days)."""
    bornes = [0, *tranches]
    noms = [f"{de}–{a} j €" for de, a in zip(bornes, tranches, strict=False)] + [f"+ {tranches[-1]} j €"]
    return [
        Colonne("nom", "Organisme", lambda v: v.nom, largeur=30),
        Colonne("genre", "Part", lambda v: v.balance.debiteur.genre, "code", 5),
        Colonne("nombre", "Parts", lambda v: str(v.balance.nombre), "nombre", 6, tri=lambda v: v.balance.nombre),
        *(_tranche(rang, nom) for rang, nom in enumerate(noms)),
        argent("total", "Total dû €", lambda v: v.balance.total_centimes),
    ]


def colonnes_dus() -> list[Colonne]:
    """Of `Du`."""
    return [
        Colonne("facture", "Facture", lambda d: d.facture, "code", 10),
        Colonne("part", "Part", lambda d: d.part, "code", 5),
        _jour("soins", "Soins du", lambda d: d.date_soins),
        _jour("envoi", "Envoyée le", lambda d: d.envoyee_le),
        _jour("relance", "Relancée le", lambda d: d.relancee_le),
        Colonne("jours", "Jours", lambda d: str(d.jours), "nombre", 6, tri=lambda d: d.jours),
        argent("attendu", "Demandé €", lambda d: d.attendu_centimes),
        argent("regle", "Réglé €", lambda d: d.regle_centimes),
        argent("du", "Dû €", lambda d: d.du_centimes),
    ]


def colonnes_virements() -> list[Colonne]:
    """Of `VirementVu`."""
    return [
        Colonne("mot", "État", lambda v: VIREMENTS[v.etat][0], "etat", 11, bulle=lambda v: VIREMENTS[v.etat][1]),
        _jour("date", "Date", lambda v: v.date),
        Colonne("organisme", "Payé par", lambda v: v.organisme, largeur=26),
        Colonne("libelle", "Libellé", lambda v: v.libelle, largeur=18, bulle=lambda v: v.libelle, accessoire=True),
        argent("montant", "Annoncé €", lambda v: v.montant_centimes),
        Colonne("recu", "Reçu €", _recu, "montant", 9, tri=lambda v: v.recu_centimes or 0, accessoire=True),
        Colonne("factures", "Factures", lambda v: str(v.factures), "nombre", 6, tri=lambda v: v.factures,
                accessoire=True),
    ]


def colonnes_lignes() -> list[Colonne]:
    """Of `LigneVue`."""
    return [
        Colonne("mot", "État", lambda li: _dire(li)[0], "etat", 11, bulle=lambda li: _dire(li)[1]),
        _jour("date", "Date", lambda li: li.date),
        Colonne("libelle", "Libellé", lambda li: li.libelle, largeur=24, bulle=lambda li: li.libelle),
        argent("montant", "Montant €", lambda li: li.montant_centimes),
        Colonne("ecart", "Écart €", _ecart, "montant", 9, tri=lambda li: li.ecart_centimes, accessoire=True),
    ]


def colonnes_details() -> list[Colonne]:
    """Of `DetailLu`: what a payment groups."""
    return [
        Colonne("nature", "Nature", lambda d: d.nature, largeur=18),
        Colonne("facture", "Facture", lambda d: d.facture, "code", 10),
        Colonne("libelle", "Précision", lambda d: d.libelle, largeur=30, bulle=lambda d: d.libelle),
        argent("montant", "Montant €", lambda d: d.montant_centimes),
    ]


def colonnes_mouvements() -> list[Colonne]:
    """Of `MouvementVu`."""
    return [
        Colonne("genre", "Genre", lambda m: MOUVEMENTS[m.genre], largeur=10),
        _jour("date", "Date", lambda m: date.fromisoformat(m.date) if m.date else None),
        Colonne("libelle", "Libellé", lambda m: m.libelle or m.nature, largeur=30,
                bulle=lambda m: m.libelle or m.nature),
        Colonne("reference", "Référence", lambda m: m.reference, "code", 14),
        Colonne("facture", "Facture", lambda m: m.facture, "code", 10),
        argent("montant", "Montant €", lambda m: m.montant_centimes),
        argent("solde", "Reste à retenir €", lambda m: m.solde_centimes),
    ]


def colonnes_relances() -> list[Colonne]:
    """Of `RelanceVue`."""
    return [
        Colonne("nom", "Organisme", lambda v: v.nom, largeur=30),
        Colonne("genre", "Part", lambda v: v.relance.debiteur.genre, "code", 5),
        Colonne("nombre", "Parts", lambda v: str(len(v.relance.dus)), "nombre", 6, tri=lambda v: len(v.relance.dus)),
        Colonne("jours", "Plus ancienne (jours)", lambda v: str(v.relance.dus[0].jours), "nombre", 8,
                tri=lambda v: v.relance.dus[0].jours),
        argent("total", "En retard €", lambda v: v.relance.total_centimes),
    ]


@dataclass(frozen=True)
class DetailLu:
    """One line of what a payment groups."""

    nature: str
    facture: str
    libelle: str
    montant_centimes: int


def virements_nommes(poste: Poste, virements: Sequence[VirementVu]) -> list[VirementVu]:
    """Who pays, in words when the table of organismes knows it. Runs on a worker."""
    return [replace(v, organisme=poste.paiements.payeur(v.organisme)) for v in virements]


def details(poste: Poste, virement: VirementVu) -> list[DetailLu]:
    """What a payment groups: parts of invoices, then movements. Runs on a worker."""
    lu = poste.paiements.virement(virement.id)
    mots = {"P": "payée", "R": "rejetée", "D": "différée", "": "non traitée"}
    parts = [DetailLu(f"Part {r.part}", r.facture, mots[r.etat], r.paye_centimes) for r in lu.reglements]
    return parts + [_mouvement(m) for m in lu.mouvements]


def _mouvement(mouvement: MouvementVu) -> DetailLu:
    return DetailLu(MOUVEMENTS[mouvement.genre], mouvement.facture,
                    " ".join(filter(None, (mouvement.libelle or mouvement.nature, mouvement.reference))),
                    mouvement.montant_centimes)


def _tranche(rang: int, nom: str) -> Colonne:
    return argent(f"t{rang}", nom, lambda v: v.balance.tranches[rang])


def _recu(virement: VirementVu) -> str:
    return "" if virement.recu_centimes is None else montants.formater(virement.recu_centimes)


def _dire(ligne: LigneVue) -> tuple[str, str]:
    """State word of a line, and what it means: put with a payment of another amount, it wants somebody."""
    return ("à corriger", "rapprochée, écart") if ligne.ecart_centimes else LIGNES[ligne.etat]


def _ecart(ligne: LigneVue) -> str:
    return montants.formater(ligne.ecart_centimes) if ligne.ecart_centimes else ""


def _jour(cle: str, titre: str, lire: Any) -> Colonne:
    return Colonne(cle, titre, lambda v: dates.formater(lire(v)) if lire(v) else "", "date", 10,
                   tri=lambda v: (lire(v) or date.min).toordinal())
