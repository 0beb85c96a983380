"""Rejects said to be wrong, with what each fund still owes for them; what went on paper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.factures.cycle import LIBELLES, MOTS
from sesam_desktop.noyau import dates, montants

from .bilans import Avis, compter
from .table import Colonne, argent

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.a_tort import RejetATort
    from sesam_desktop.teletransmission.papier import EnvoiPapier, Feuilles


def question_papier(feuilles: Feuilles) -> tuple[str, str]:
    """What sending these invoices on paper will do, and the verb of the button."""
    factures, lots = feuilles.factures, ", ".join(feuilles.lots)
    if len(factures) == 1:
        return (
            f"La facture {factures[0]} ne partira plus par voie électronique : son duplicata et le bordereau"
            " seront écrits dans un dossier, à imprimer, signer et poster à la caisse.",
            f"Envoyer la facture {factures[0]} sur &papier",
        )
    entier = f"Un lot que le serveur n'a pas remis part sur papier tout entier (lot {lots}). " if lots else ""
    du_lot = f" du lot {lots}" if len(feuilles.lots) == 1 and not feuilles.seules else ""
    return (
        f"{entier}{len(factures)} factures ne partiront plus par voie électronique : leurs duplicatas et un bordereau"
        " par caisse seront écrits dans un dossier, à imprimer, signer et poster.",
        f"Envoyer les {len(factures)} factures{du_lot} sur &papier",
    )


def sur_papier(envois: Sequence[EnvoiPapier], dossier: Path) -> Avis:
    """Where the sheets are."""
    feuilles = sum(len(envoi.duplicatas) for envoi in envois)
    return Avis(
        f"{compter(feuilles, 'duplicata', 'duplicatas')} et {compter(len(envois), 'bordereau', 'bordereaux')} dans"
        f" {dossier} : imprimez-les, signez-les et postez-les."
    )


def conteste(numero: str) -> Avis:
    """A reject contested."""
    return Avis(f"Rejet de la facture {numero} noté à tort : il est dans la liste « Rejets à tort ».")


def resume(rejets: Sequence[RejetATort]) -> str:
    """How many, and what is claimed, by fund."""
    if not rejets:
        return "Aucun rejet n'est noté à tort."
    du_fonds: dict[str, int] = {}
    for rejet in rejets:
        nom = rejet.libelle_fonds or rejet.fonds
        du_fonds[nom] = du_fonds.get(nom, 0) + rejet.reclame_centimes
    total = montants.formater(sum(du_fonds.values()), unite="€")
    parts = ", ".join(f"{nom} {montants.formater(part, unite='€')}" for nom, part in du_fonds.items() if part)
    return f"{compter(len(rejets), 'rejet', 'rejets')} à tort, {total} réclamés" + (f" : {parts}" if parts else "")


def colonnes_rejets() -> list[Colonne]:
    """Of `RejetATort`."""
    return [
        Colonne("mot", "État", lambda r: MOTS[r.etat], "etat", 11, bulle=lambda r: LIBELLES[r.etat]),
        Colonne("facture", "Facture", lambda r: r.facture, "code", 10),
        Colonne("caisse", "Caisse", lambda r: r.libelle_fonds or r.fonds, largeur=20),
        Colonne("soins", "Soins du", lambda r: dates.formater(r.date_soins), "date", 10,
                tri=lambda r: r.date_soins.toordinal()),
        Colonne("rejete", "Rejetée le", lambda r: f"{r.rejete_le.astimezone():%d/%m/%Y}", "date", 10,
                tri=lambda r: r.rejete_le.timestamp()),
        Colonne("raison", "Pourquoi à tort", lambda r: r.raison, largeur=34, bulle=lambda r: r.raison),
        Colonne("motifs", "Motifs de la caisse", lambda r: " ; ".join(r.motifs), largeur=28,
                bulle=lambda r: "\n".join(r.motifs), accessoire=True),
        argent("amo", "AMO réclamé €", lambda r: r.amo_centimes),
        argent("amc", "AMC réclamé €", lambda r: r.amc_centimes),
    ]
