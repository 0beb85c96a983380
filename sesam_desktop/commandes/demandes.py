"""`demandes`: what complementary insurers were asked apart (DRE): list, history, cancellation, correction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from sesam_desktop.noyau.dates import formater as formater_date
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.montants import formater

from . import code_porteur
from .contexte import Contexte, passer

if TYPE_CHECKING:
    from sesam_desktop.factures.cycle import Etat
    from sesam_desktop.factures.depot_dre import ResumeDre
    from sesam_desktop.factures.fiches import Evenement

_CODE = click.option(
    "--code-porteur-env", metavar="VAR", help="Variable d'environnement qui contient le code porteur."
)


@click.group()
def demandes() -> None:
    """Demandes de remboursement aux complémentaires (DRE)."""


@demandes.command()
@click.option("--etat", metavar="E", help="Seulement les demandes dans cet état (payee, rejetee, en_lot…).")
@click.option("--facture", default="", metavar="N", help="Seulement celles de cette facture.")
@click.option("--amc", default="", metavar="N", help="Seulement celles de cette complémentaire.")
@passer
def lister(contexte: Contexte, etat: str | None, facture: str, amc: str) -> None:
    """Liste les demandes, la plus récente en tête."""
    from sesam_desktop.factures.depot_dre import FiltreDre

    filtre = FiltreDre(etats=_etats(etat), amc=amc, fse=facture and facture.zfill(9))
    with contexte.poste() as poste:
        trouvees = poste.demandes.lister(filtre)
    contexte.repondre([_en_dict(d) for d in trouvees], lambda: _tableau(trouvees))


@demandes.command()
@click.argument("numero")
@passer
def historique(contexte: Contexte, numero: str) -> None:
    """Dit ce que la demande NUMERO a vécu."""
    with contexte.poste() as poste:
        poste.demandes.charger(numero.zfill(9))
        vecus = poste.demandes.historique(numero.zfill(9))
    contexte.repondre(
        [{"nom": e.nom, "instant": e.instant.isoformat(), "donnees": dict(e.donnees)} for e in vecus],
        lambda: "\n".join(map(_dire_evenement, vecus)),
    )


@demandes.command()
@click.argument("numero")
@_CODE
@passer
def annuler(contexte: Contexte, numero: str, code_porteur_env: str | None) -> None:
    """Annule la demande NUMERO : par une autre demande si la complémentaire la tient, sinon sur ce poste."""
    with contexte.poste() as poste:
        if code_porteur_env:
            poste.lecteurs.ouvrir_session(code_porteur.lire(code_porteur_env))
        annulation = poste.demandes.annuler(numero.zfill(9))
    fait = f"annulée par la demande {annulation}, à mettre en lot" if annulation else "abandonnée : rien n'était parti"
    contexte.repondre({"numero": numero.zfill(9), "annulation": annulation}, f"Demande {numero.zfill(9)} {fait}.")


@demandes.command()
@click.argument("numero")
@click.option("--adherent", metavar="N", help="Numéro d'adhérent du contrat.")
@click.option("--amc", metavar="N", help="Numéro de la complémentaire.")
@click.option("--formule", metavar="F", help="Formule du contrat.")
@_CODE
@passer
def rectifier(
    contexte: Contexte, numero: str, adherent: str | None, amc: str | None, formule: str | None,
    code_porteur_env: str | None,
) -> None:
    """Demande la même chose que NUMERO sous un autre contrat."""
    if adherent is amc is formule is None:
        raise EntreeInvalide("Rien à rectifier : donnez --adherent, --amc ou --formule.", code="RIEN_A_RECTIFIER")
    with contexte.poste() as poste:
        if code_porteur_env:
            poste.lecteurs.ouvrir_session(code_porteur.lire(code_porteur_env))
        ancien = poste.demandes.contrat(numero.zfill(9))
        contrat = replace(
            ancien,
            numero=ancien.numero if amc is None else amc,
            formule=ancien.formule if formule is None else formule,
            adherent=ancien.adherent if adherent is None else adherent,
        )
        faites = poste.demandes.rectifier(numero.zfill(9), contrat)
    contexte.repondre(
        {"numero": numero.zfill(9), "demandes": list(faites)}, f"Demandes à mettre en lot : {', '.join(faites)}."
    )


def _etats(texte: str | None) -> tuple[Etat, ...]:
    from sesam_desktop.factures.cycle import Etat

    try:
        return (Etat(texte),) if texte else ()
    except ValueError:
        raise EntreeInvalide(
            f"L'état « {texte} » n'existe pas.", code="ETAT_INCONNU", ou="--etat", action=f"États : {', '.join(Etat)}."
        ) from None


def _en_dict(d: ResumeDre) -> dict[str, Any]:
    return {
        "numero": d.numero,
        "nature": d.nature.value,
        "etat": d.etat.value,
        "libelle": d.libelle,
        "date_soins": d.date_soins.isoformat(),
        "patient": d.patient,
        "amc": d.amc,
        "niveau": d.niveau,
        "attendu_centimes": d.attendu_centimes,
        "facture": d.fse,
        "remplace": d.remplace,
    }


def _tableau(trouvees: list[ResumeDre]) -> str:
    if not trouvees:
        return "Aucune demande ne correspond."
    return "\n".join(
        f"{d.numero}  {d.nature.value}  {formater_date(d.date_soins)}  {formater(d.attendu_centimes, unite='€'):>14}"
        f"  {d.amc}  {d.libelle:<28}  {d.patient}".rstrip()
        for d in trouvees
    )


def _dire_evenement(evenement: Evenement) -> str:
    from sesam_desktop.factures.cycle import LIBELLES_DRE, Etat

    connu = evenement.nom in set(Etat)
    libelle = LIBELLES_DRE[Etat(evenement.nom)] if connu else "Signalement de la complémentaire"
    return f"{evenement.instant.astimezone():%d/%m/%Y %H:%M}  {libelle}"
