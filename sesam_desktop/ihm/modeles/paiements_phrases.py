"""Accounts in sentences: what is due, announced, retained or late, and what was done of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.noyau import montants

from .bilans import Avis, compter

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.banque import BilanReleve
    from sesam_desktop.teletransmission.comptes import Relance
    from sesam_desktop.teletransmission.depot_comptes import MouvementVu

    from .paiements import BalanceVue, RelanceVue


def resume_dus(balances: Sequence[BalanceVue]) -> str:
    """All that is due, in one sentence."""
    if not balances:
        return "Rien n'est dû : tout ce qui est parti a été payé ou rejeté."
    total = sum(vue.balance.total_centimes for vue in balances)
    organismes = compter(len(balances), "organisme", "organismes")
    return f"{montants.formater(total, unite='€')} dus aujourd'hui par {organismes}"


def resume_virements(nombre: int, a_rapprocher: int, ecarts: int) -> str:
    """What waits for somebody between the returns and the bank."""
    phrase = compter(nombre, "virement annoncé sur la période", "virements annoncés sur la période")
    attentes = [compter(a_rapprocher, "ligne de banque à rapprocher", "lignes de banque à rapprocher")]
    attentes += [compter(ecarts, "virement d'un autre montant", "virements d'un autre montant")] if ecarts else []
    return f"{phrase} ; {', '.join(attentes)}" if a_rapprocher or ecarts else f"{phrase} ; rien n'attend"


def resume_mouvements(mouvements: Sequence[MouvementVu]) -> str:
    """Retentions on one side, lump sums on the other."""
    retenu = sum(m.montant_centimes for m in mouvements if m.montant_centimes < 0)
    verse = sum(m.montant_centimes for m in mouvements if m.montant_centimes > 0)
    return (f"{compter(len(mouvements), 'mouvement', 'mouvements')} :"
            f" {montants.formater(-retenu, unite='€')} retenus, {montants.formater(verse, unite='€')} versés")


def resume_relances(relances: Sequence[RelanceVue]) -> str:
    """What is late, all debtors together."""
    total = sum(vue.relance.total_centimes for vue in relances)
    organismes = compter(len(relances), "organisme", "organismes")
    return f"{montants.formater(total, unite='€')} en retard aujourd'hui chez {organismes}" if relances else ""


def importe(bilan: BilanReleve) -> Avis:
    """A statement read."""
    phrase = (f"{compter(bilan.nouvelles, 'nouvelle ligne', 'nouvelles lignes')} sur {bilan.lignes}, dont"
              f" {compter(bilan.rapprochees, 'rapprochée', 'rapprochées')}")
    if bilan.ambigues:
        return Avis(f"{phrase} ; {compter(bilan.ambigues, 'ligne peut', 'lignes peuvent')} correspondre à plusieurs"
                    " virements : rapprochez-les à la main.", "avertissement")
    return Avis(f"{phrase}.", "succes" if bilan.nouvelles else "information")


def relance_ecrite(chemin: Path, relance: Relance) -> Avis:
    """A list to send, and the note kept on each invoice."""
    return Avis(f"{compter(len(relance.dus), 'part', 'parts')} de facture à réclamer, dans {chemin}.")


def exporte(chemins: Sequence[Path]) -> Avis:
    """Files for the accountant."""
    if len(chemins) == 1:
        return Avis(f"Comptes écrits dans {chemins[0]}.")
    return Avis(f"Comptes écrits : {compter(len(chemins), 'fichier', 'fichiers')} dans {chemins[0].parent}.")
