"""`demo`: the whole loop on embedded readers, cards and frontal; or the demonstration window."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.montants import formater

from .contexte import Contexte, passer
from .nombres import accorder, compter

if TYPE_CHECKING:
    from sesam_desktop.poste.boucle import BilanBoucle


@click.command()
@click.option("--sans-fenetre", is_flag=True, help="Joue la boucle entière sans ouvrir la fenêtre.")
@click.option(
    "--factures", "nombre", type=click.IntRange(1, 100_000), default=20, show_default=True, help="Nombre de factures."
)
@click.option("--garder", is_flag=True, help="Garde le poste de démonstration dans le dossier de --profil.")
@click.option("--scenario", default="nominal", show_default=True, help="Ce que font les caisses (frontal scenarios).")
@click.option("--sortie", type=click.Path(file_okay=False, path_type=Path), help="Où laisser duplicatas et courriers.")
@passer
def demo(
    ctx: Contexte, sans_fenetre: bool, nombre: int, garder: bool, scenario: str, sortie: Path | None
) -> None:
    """Joue la boucle : cartes lues, factures sécurisées, lots envoyés, retours rapprochés, duplicatas imprimés."""
    from sesam_desktop.frontal.scenario import charger

    charger(scenario)  # refused now, not at the first mail
    if not sans_fenetre:
        from sesam_desktop.ihm.lancement import ouvrir

        raise SystemExit(ouvrir(ctx.profil, demonstration=True, scenario=scenario))
    with _profil(ctx, garder) as profil:
        _jouer(ctx, profil, nombre, scenario, sortie)


@contextmanager
def _profil(ctx: Contexte, garder: bool) -> Iterator[Path]:
    if not garder:
        with tempfile.TemporaryDirectory(prefix="sesam-demo-") as dossier:
            yield Path(dossier) / "profil"
        return
    if ctx.profil is None:
        raise EntreeInvalide(
            "Avec --garder, il faut dire où.", code="PROFIL_ABSENT", action="Ajoutez --profil DOSSIER avant « demo »."
        )
    yield ctx.profil


def _jouer(ctx: Contexte, profil: Path, nombre: int, scenario: str, sortie: Path | None) -> None:
    from sesam_desktop.poste import boucle, demonstration

    poste = demonstration.ouvrir(profil, scenario)
    try:
        with ctx.etapes() as progression:
            bilan = boucle.jouer(poste, nombre, sortie and sortie / "duplicatas", progression)
        if sortie is not None:
            boucle.exporter(poste, sortie / "courriers")
    finally:
        poste.fermer()
    ctx.repondre(bilan.en_dict(), lambda: _phrase(bilan))


def _phrase(bilan: BilanBoucle) -> str:
    total, amo, amc, patients = (
        formater(montant, unite="€")
        for montant in (
            bilan.total_centimes, bilan.total_amo_centimes, bilan.total_amc_centimes, bilan.total_assure_centimes
        )
    )
    return (
        f"{compter(bilan.factures, 'facture')} en {compter(bilan.lots, 'lot')},"
        f" {bilan.arl_positifs} ARL {accorder(bilan.arl_positifs, 'positif')} et"
        f" {compter(bilan.arl_negatifs, 'négatif')} ; {compter(bilan.payees, 'payée')},"
        f" {compter(bilan.rejetees, 'rejetée')}, {bilan.anomalies} à montant différent.\n"
        f"Total {total} : AMO {amo}, AMC {amc}, patients {patients}. {compter(bilan.duplicata, 'duplicata')}, "
        f"{compter(bilan.pieces, 'ordonnance numérisée')}. "
        f"{bilan.duree_s:.1f} s."
    )
