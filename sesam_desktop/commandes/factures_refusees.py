"""What `factures recycler|papier|a-tort` says to people, to scripts and to spreadsheets."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sesam_desktop.noyau.dates import formater as formater_date
from sesam_desktop.noyau.montants import formater

from .nombres import compter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sesam_desktop.teletransmission.a_tort import RejetATort
    from sesam_desktop.teletransmission.papier import EnvoiPapier
    from sesam_desktop.teletransmission.recyclage import Correction


def correction_en_dict(dossier: Correction) -> dict[str, Any]:
    """The reasons and what was asked, in the canonical JSON of documents."""
    from sesam_desktop.factures.document import valeur_en_json

    return {
        "facture": dossier.ancien,
        "etat": dossier.etat.value,
        "niveau": dossier.niveau.value,
        "motifs": [asdict(motif) for motif in dossier.motifs],
        "lignes": list(dossier.lignes),
        "conseil": dossier.conseil,
        "demande_amc": dossier.dre,
        "demande": json.loads(valeur_en_json(dossier.demande)),
    }


def dire_correction(dossier: Correction) -> str:
    lignes = [f"Facture {dossier.ancien} : {compter(len(dossier.motifs), 'motif')}."]
    for motif in dossier.motifs:
        ou = f", ligne {motif.ligne + 1}" if motif.ligne is not None else ""
        lignes.append(f"  [{motif.code}{ou}] {motif.libelle}\n    {motif.cause.phrase} {motif.cause.a_faire}")
    if dossier.dre:
        lignes.append(f"  Une demande à la complémentaire y est liée : {dossier.dre}.")
    return "\n".join(lignes)


def envoi_en_dict(envoi: EnvoiPapier) -> dict[str, Any]:
    return {
        "fonds": envoi.fonds,
        "libelle": envoi.libelle,
        "bordereau": str(envoi.bordereau),
        "duplicatas": [str(chemin) for chemin in envoi.duplicatas],
        "factures": list(envoi.factures),
    }


def dire_envoi(envoi: EnvoiPapier) -> str:
    fonds = f"{envoi.fonds} {envoi.libelle}".strip()
    return f"{fonds} : {compter(len(envoi.factures), 'feuille')} à poster avec {envoi.bordereau}"


def rejets_en_dict(rejets: Sequence[RejetATort]) -> dict[str, Any]:
    from sesam_desktop.teletransmission.a_tort import par_fonds

    return {"rejets": [_rejet(rejet) for rejet in rejets], "par_fonds": [asdict(total) for total in par_fonds(rejets)]}


def dire_rejets(rejets: Sequence[RejetATort]) -> str:
    from sesam_desktop.teletransmission.a_tort import par_fonds

    if not rejets:
        return "Aucun rejet n'est contesté."
    lignes = [
        f"{r.facture}  {formater_date(r.date_soins)}  {formater(r.reclame_centimes, unite='€'):>12}  {r.raison}"
        for r in rejets
    ]
    lignes += [
        f"{t.fonds} {t.libelle} : {compter(t.nombre, 'rejet')}, {formater(t.reclame_centimes, unite='€')} réclamés"
        for t in par_fonds(rejets)
    ]
    return "\n".join(lignes)


def ecrire_csv(rejets: Sequence[RejetATort], chemin: Path) -> None:
    """For a French spreadsheet."""
    from sesam_desktop.base.fichiers import remplacer
    from sesam_desktop.teletransmission import a_tort, exports

    remplacer(chemin, exports.en_csv(a_tort.feuille(rejets)))


def _rejet(rejet: RejetATort) -> dict[str, Any]:
    return {
        "facture": rejet.facture,
        "fonds": rejet.fonds,
        "date_soins": rejet.date_soins.isoformat(),
        "rejete_le": rejet.jour_du_rejet.isoformat(),
        "motifs": list(rejet.motifs),
        "raison": rejet.raison,
        "amo_centimes": rejet.amo_centimes,
        "amc_centimes": rejet.amc_centimes,
        "etat": rejet.etat.value,
    }
