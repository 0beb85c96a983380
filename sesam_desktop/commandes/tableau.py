"""`tableau`: figures of a period, as tables."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import periode
from .contexte import Contexte, passer

if TYPE_CHECKING:
    from sesam_desktop.poste.indicateurs import TableauChiffres
    from sesam_desktop.teletransmission.chiffres import Indicateurs, Part


@click.command()
@periode.options
@click.option("--classeur", type=click.Path(dir_okay=False, path_type=Path), help="Aussi dans ce fichier XLSX.")
@passer
def tableau(contexte: Contexte, depuis: str | None, jusqu_a: str | None, classeur: Path | None) -> None:
    """Chiffres des soins de la période : sécurisation, délais, rejets et causes, lots, pièces."""
    debut, fin = periode.lire(depuis, jusqu_a)
    with contexte.poste() as poste:
        lus = poste.indicateurs.calculer(debut, fin)
        tables = poste.indicateurs.tableaux(lus)
        if classeur is not None:
            poste.indicateurs.exporter(lus, classeur)
    contexte.repondre(_en_dict(lus), lambda: "\n\n".join(_texte(table) for table in tables))


def _en_dict(lus: Indicateurs) -> dict[str, Any]:
    donnees = asdict(replace(lus, mois=()))
    return donnees | {
        "debut": lus.debut.isoformat(), "fin": lus.fin.isoformat(),
        "par_niveau": {niveau: _part(part) for niveau, part in lus.par_niveau.items()},
        "rejets": _part(lus.rejets), "lots_refuses": _part(lus.lots_refuses),
        "mois": [{**asdict(replace(m, par_niveau={})), "par_niveau": dict(m.par_niveau)} for m in lus.mois],
        "codes_arl": dict(lus.codes_arl),
        "pieces": donnees["pieces"] | {"jointes": _part(lus.pieces.jointes)},
    }


def _part(part: Part) -> dict[str, int | None]:
    return {**asdict(part), "taux": part.taux}


def _texte(table: TableauChiffres) -> str:
    """Columns under their titles."""
    from sesam_desktop.poste.indicateurs import ecrire

    rangees = [table.colonnes, *([ecrire(v, t) for v, t in zip(ligne, table.colonnes, strict=True)]
                                 for ligne in table.lignes)]
    largeurs = [max(len(rangee[rang]) for rangee in rangees) for rang in range(len(table.colonnes))]
    lignes = ["  ".join(f"{c:<{largeurs[0]}}" if rang == 0 else f"{c:>{largeurs[rang]}}"
                        for rang, c in enumerate(rangee)) for rangee in rangees]
    return "\n".join([table.titre, *(ligne.rstrip() for ligne in lignes)])
