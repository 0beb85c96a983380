"""`lots`: make lots of what is signed, send what is ready, send a refused lot again, tell the deadlines."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import click

from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from . import code_porteur
from .contexte import Contexte, passer
from .lots_phrases import bilan_en_dict, dire_bilan, dire_echeances, echeance_en_dict
from .nombres import compter

if TYPE_CHECKING:
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.teletransmission.bilan import BilanEnvoi
    from sesam_desktop.teletransmission.lots import BilanLots


@click.group()
def lots() -> None:
    """Lots de factures : préparation et envoi."""


@lots.command()
@click.option("--a-blanc", is_flag=True, help="Dit ce qui serait fait et refusé, sans rien écrire ni signer.")
@click.option("--refusees", is_flag=True, help="Renvoie aussi, telles quelles, les factures des lots refusés.")
@click.option("--code-porteur-env", metavar="VAR", help="Variable d'environnement qui contient le code porteur.")
@passer
def preparer(contexte: Contexte, a_blanc: bool, refusees: bool, code_porteur_env: str | None) -> None:
    """Groupe par caisse les factures signées et les pièces dont les factures sont parties. Statut 1 si une reste."""
    from sesam_desktop.teletransmission.tableau import par_etat

    with contexte.poste() as poste:
        if code_porteur_env and not a_blanc:
            poste.lecteurs.ouvrir_session(code_porteur.lire(code_porteur_env))
        with contexte.etapes() as avancer:
            avancer_lots = partial(avancer, "Lots")
            bilan = poste.transmission.preparer(a_blanc, avancer_lots, refusees=refusees)
        etats = par_etat(poste.factures)
    contexte.repondre({**bilan_en_dict(bilan), "etats": etats}, lambda: dire_bilan(bilan))
    if not a_blanc:
        _exiger_sans_refus(bilan)


@lots.command()
@click.option("--maintenant", is_flag=True, help="Sans attendre la fin du délai des messages reportés.")
@click.option("--planifie", is_flag=True, help="Seulement dans les plages d'envoi des paramètres (tâche planifiée).")
@passer
def envoyer(contexte: Contexte, maintenant: bool, planifie: bool) -> None:
    """Envoie les messages prêts et ceux dont l'attente est finie. Statut 1 si le serveur n'en prend pas un."""
    from sesam_desktop.teletransmission.tableau import par_etat

    with contexte.poste() as poste, contexte.etapes() as avancer:
        bilan = poste.transmission.envoyer(partial(avancer, "Envoi"), maintenant=maintenant, planifie=planifie)
        etats, motifs = par_etat(poste.factures), _motifs(poste)
    contexte.repondre({**asdict(bilan), "etats": etats}, lambda: _dire_envoi(bilan))
    if bilan.reportes or bilan.refuses:
        raise _non_pris(bilan, motifs)
    if bilan.pannes:
        raise ErreurConnue(bilan.pannes[0].message, code=bilan.pannes[0].code, ou=f"Boîte {bilan.pannes[0].boite}")


@lots.command()
@click.argument("numero")
@click.option("--date", metavar="AAAA-MM-JJ", default="", help="Jour du lot, quand plusieurs portent ce numéro.")
@click.option("--organisme", metavar="CCC", default="", help="Organisme destinataire, ou numéro de la complémentaire.")
@click.option("--tout", is_flag=True, help="Renvoie aussi les factures que l'accusé de réception désigne.")
@click.option("--code-porteur-env", metavar="VAR", help="Variable d'environnement qui contient le code porteur.")
@passer
def renvoyer(
    contexte: Contexte, numero: str, date: str, organisme: str, tout: bool, code_porteur_env: str | None
) -> None:
    """Remet dans un nouveau lot les factures du lot refusé NUMERO, sauf celles qui sont à corriger."""
    with contexte.poste() as poste:
        if code_porteur_env:
            poste.lecteurs.ouvrir_session(code_porteur.lire(code_porteur_env))
        with contexte.etapes() as avancer:
            lot = _trouver(poste, numero.zfill(3), date, organisme)
            bilan = poste.recyclage.renvoyer_lot(lot, tout=tout, progression=partial(avancer, "Lots"))
    contexte.repondre(bilan_en_dict(bilan), lambda: dire_bilan(bilan))
    _exiger_sans_refus(bilan)


@lots.command()
@passer
def delais(contexte: Contexte) -> None:
    """Dit jusqu'à quand chaque facture qui n'est pas partie peut être envoyée à temps."""
    with contexte.poste() as poste:
        echeances = poste.recyclage.delais()
    contexte.repondre([echeance_en_dict(e) for e in echeances], lambda: dire_echeances(echeances))


def _trouver(poste: Poste, numero: str, date: str, organisme: str) -> int:
    trouves = poste.recyclage.trouver_lots(numero, date, organisme)
    if not trouves:
        raise EntreeInvalide(
            f"Aucun lot refusé ne porte le numéro {numero}.", code="LOT_INCONNU",
            action="Vérifiez le numéro dans la page Télétransmission.",
        )
    if len(trouves) > 1:
        raise EntreeInvalide(
            f"Plusieurs lots refusés portent le numéro {numero}.", code="LOT_AMBIGU",
            action="Ajoutez --date et --organisme.",
        )
    return trouves[0]


def _exiger_sans_refus(bilan: BilanLots) -> None:
    if bilan.refus:
        premier = bilan.refus[0]
        autres = f" (et {compter(len(bilan.refus) - 1, 'autre facture laissée')} de côté)" if bilan.refus[1:] else ""
        raise ErreurConnue(premier.message + autres, code=premier.code, ou=f"Facture {premier.facture}")


def _motifs(poste: Poste) -> list[str]:
    """What the server said of the messages it did not take."""
    tableau = poste.transmission.tableau()
    return [lot.motif for lot in (*tableau.a_traiter, *tableau.a_envoyer) if lot.motif]


def _non_pris(bilan: BilanEnvoi, motifs: list[str]) -> ErreurConnue:
    motif = f" {motifs[0].removesuffix('.')}." if motifs else ""
    if bilan.refuses:
        return ErreurConnue(
            f"{compter(bilan.refuses, 'message refusé')} par le serveur de messagerie.{motif}", code="MESSAGES_REFUSES",
            action="Corrigez la cause, puis relancez le lot depuis la page Télétransmission.",
        )
    return ErreurConnue(
        f"{compter(bilan.reportes, 'message reporté')} par le serveur de messagerie.{motif}", code="MESSAGES_REPORTES",
        action="Recommencez plus tard : rien n'est perdu.",
    )


def _dire_envoi(bilan: BilanEnvoi) -> str:
    suspendues = f" En pause : {', '.join(bilan.suspendues)}." if bilan.suspendues else ""
    return (
        f"{compter(bilan.remis, 'message remis')}, {compter(bilan.reportes, 'reporté')},"
        f" {compter(bilan.refuses, 'refusé')} par le serveur ;"
        f" {bilan.restants} {'restent' if bilan.restants > 1 else 'reste'} à envoyer.{suspendues}"
    )
