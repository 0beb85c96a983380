"""What `lots` says to people and to scripts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sesam_desktop.noyau.dates import formater as formater_date
from sesam_desktop.noyau.montants import formater

from .nombres import accorder, compter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sesam_desktop.teletransmission.controle import Remarque
    from sesam_desktop.teletransmission.delais import Echeance
    from sesam_desktop.teletransmission.lots import BilanLots, LotPrepare
    from sesam_desktop.teletransmission.prevision import Prevision

_CONTENUS = {"FSE": "facture", "DRE": "demande", "SCOR": "pièce"}
_SITUATIONS = {"a_temps": "à temps", "proche": "échéance proche", "depasse": "délai dépassé"}


def bilan_en_dict(bilan: BilanLots) -> dict[str, Any]:
    """Counts, lots with the verdict of the check, refusals, and what a lot à blanc foresees."""
    return {
        "a_blanc": bilan.a_blanc,
        "nombre_lots": len(bilan.lots),
        "factures": bilan.factures,
        "lots": [asdict(lot) for lot in bilan.lots],
        "refus": [asdict(refus) for refus in bilan.refus],
        "prevision": _prevision_en_dict(bilan.prevision) if bilan.prevision else None,
    }


def echeance_en_dict(echeance: Echeance) -> dict[str, Any]:
    return {
        "facture": echeance.facture,
        "completee_le": echeance.completee_le.isoformat(),
        "tiers_payant": echeance.tiers_payant,
        "limite": echeance.limite.isoformat(),
        "jours_restants": echeance.jours_restants,
        "situation": echeance.situation.value,
    }


def dire_bilan(bilan: BilanLots) -> str:
    """One line a lot, then what stays behind, then what is foreseen."""
    nombre = len(bilan.lots)
    serait = ("seraient " if nombre > 1 else "serait ") if bilan.a_blanc else ""
    lignes = [
        f"{compter(nombre, 'lot')} {serait}{accorder(nombre, 'préparé')}, {compter(bilan.factures, 'facture')} ;"
        f" {compter(len(bilan.refus), 'facture écartée')}."
    ]
    for lot in bilan.lots:
        lignes += _dire_lot(lot)
    lignes += [f"  facture {refus.facture} : {refus.message} [{refus.code}]" for refus in bilan.refus]
    if bilan.prevision:
        lignes += _dire_prevision(bilan.prevision)
    return "\n".join(lignes)


def dire_echeances(echeances: Sequence[Echeance]) -> str:
    if not echeances:
        return "Toutes les factures sont parties."
    return "\n".join(map(_dire_echeance, echeances))


def _dire_lot(lot: LotPrepare) -> list[str]:
    numero = f"lot {lot.numero}, " if lot.numero else ""
    montant = f", {formater(lot.total_centimes, unite='€')}" if lot.total_centimes else ""
    entete = f"  {lot.genre} {lot.fonds} : {numero}{compter(lot.nombre, _CONTENUS[lot.genre])}{montant}"
    return [entete, *map(_dire_remarque, lot.remarques)]


def _dire_remarque(remarque: Remarque) -> str:
    qui = f"facture {remarque.facture} : " if remarque.facture else ""
    return f"    {qui}{remarque.libelle} [{remarque.code}]"


def _dire_prevision(prevision: Prevision) -> list[str]:
    lignes = [f"  carte à insérer : {c.nom} (n° {c.emetteur}), {compter(c.lots, 'lot')}" for c in prevision.cartes]
    lignes += [f"  certificat de {c.adresse} : expire dans {compter(c.jours, 'jour')}" for c in prevision.certificats]
    return lignes + [f"  {_dire_echeance(e)}" for e in prevision.echeances]


def _dire_echeance(echeance: Echeance) -> str:
    situation = _SITUATIONS[echeance.situation]
    return f"facture {echeance.facture} : à envoyer au plus tard le {formater_date(echeance.limite)} ({situation})"


def _prevision_en_dict(prevision: Prevision) -> dict[str, Any]:
    return {
        "cartes": [asdict(carte) for carte in prevision.cartes],
        "certificats": [
            {"adresse": c.adresse, "fin": c.fin.date().isoformat(), "jours": c.jours} for c in prevision.certificats
        ],
        "echeances": [echeance_en_dict(echeance) for echeance in prevision.echeances],
    }
