"""`retours`: fetch the mailbox, or read a return kept in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sesam_desktop.noyau.dates import formater, jour_de
from sesam_desktop.noyau.erreurs import ErreurConnue

from .contexte import Contexte, passer

if TYPE_CHECKING:
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.teletransmission.bilan import BilanRetours


@click.group()
def retours() -> None:
    """Retours des caisses : accusés de réception et paiements."""


@retours.command()
@passer
def relever(contexte: Contexte) -> None:
    """Relève la boîte aux lettres et rapproche ce qu'elle contient."""
    with contexte.poste() as poste, contexte.etapes() as avancer:
        bilan = poste.transmission.relever(progression=partial(avancer, "Relevé"))
        _repondre(contexte, poste, bilan)


@retours.command()
@click.argument("fichier", type=click.Path(path_type=Path))
@passer
def importer(contexte: Contexte, fichier: Path) -> None:
    """Rapproche le retour FICHIER (message ou fichier ARL, NOEMIE)."""
    with contexte.poste() as poste:
        _repondre(contexte, poste, poste.transmission.importer(fichier))


@retours.command()
@passer
def lister(contexte: Contexte) -> None:
    """Liste les courriers illisibles, ceux qui ne correspondent à rien d'envoyé par ce poste et ceux à vérifier."""
    with contexte.poste() as poste:
        tableau = poste.transmission.tableau()
    reponse = {
        "illisibles": [{"courrier": c.id, "recu_le": c.recu_le, "motif": c.motif} for c in tableau.courriers],
        "non_rapproches": [
            {"courrier": r.courrier, "genre": r.genre, "recu_le": r.recu_le, "donnees": dict(r.donnees)}
            for r in tableau.non_rapproches
        ],
        "a_verifier": [{"courrier": c.id, "recu_le": c.recu_le, "remarque": c.motif} for c in tableau.a_verifier],
    }
    lignes = [f"{_recu(c.id, c.recu_le)} : {c.motif}" for c in (*tableau.courriers, *tableau.a_verifier)]
    lignes += [
        f"{_recu(r.courrier, r.recu_le)} : {_sans_envoi(r.genre, r.donnees)}" for r in tableau.non_rapproches
    ]
    contexte.repondre(reponse, "\n".join(lignes) or "Aucun retour n'attend.")


def _recu(courrier: int, instant: str) -> str:
    """The day is the workstation's."""
    return f"courrier {courrier}, reçu le {formater(jour_de(datetime.fromisoformat(instant)))}"


def _sans_envoi(genre: str, donnees: Mapping[str, Any]) -> str:
    nomme = f" (facture {donnees['facture']})" if donnees.get("facture") else ""
    return f"{genre} sans envoi correspondant{nomme}"


@retours.command()
@passer
def reprendre(contexte: Contexte) -> None:
    """Rapproche de nouveau les retours qui ne correspondaient à rien, après une sauvegarde restaurée par exemple."""
    with contexte.poste() as poste:
        bilan = poste.paiements.rapprocher_de_nouveau()
    texte = (
        f"Factures payées : {bilan.payees}, rejetées : {bilan.rejetees}, à montant différent : {bilan.anomalies}."
        f" Retours qui ne correspondent toujours à rien : {bilan.non_rapproches}."
    )
    contexte.repondre(asdict(bilan), "\n".join([texte, *bilan.remarques]))


@retours.command()
@click.argument("courrier", type=int)
@click.option("--motif", default="", help="Pourquoi, gardé dans le journal.")
@passer
def classer(contexte: Contexte, courrier: int, motif: str) -> None:
    """Classe COURRIER sans suite, ou la remarque d'un retour appliqué : il reste gardé et n'attend plus personne."""
    with contexte.poste() as poste:
        etat = poste.transmission.classer(courrier, motif)
    remarque = etat == "lu"
    phrase = "remarque classée, le retour reste appliqué." if remarque else "classé sans suite."
    reponse = {"courrier": courrier, "etat": etat, "remarque_classee": remarque}
    contexte.repondre(reponse, f"Courrier {courrier} : {phrase}")


@retours.command()
@passer
def libelles(contexte: Contexte) -> None:
    """Liste les motifs de rejet appris des caisses, avec leur explication (aucune table officielle n'est publique)."""
    with contexte.poste() as poste:
        codes = poste.indicateurs.libelles()
    reponse = [
        {"code": c.code, "nombre": c.nombre, **asdict(c.cause), "libelles": [asdict(mots) for mots in c.libelles]}
        for c in codes
    ]
    lignes = [f"{c.code} ({c.nombre} fois) : {c.libelles[0].libelle}. {c.cause.phrase}" for c in codes]
    contexte.repondre(reponse, "\n".join(lignes) or "Aucun motif n'a encore été reçu.")


def _repondre(contexte: Contexte, poste: Poste, bilan: BilanRetours) -> None:
    """Say what was done; status 1 when a courrier could not be read."""
    from sesam_desktop.teletransmission.tableau import par_etat

    contexte.repondre({**asdict(bilan), "etats": par_etat(poste.factures)}, lambda: _dire(bilan))
    if bilan.quarantaine:
        raise ErreurConnue(
            f"Retours illisibles, gardés en quarantaine : {bilan.quarantaine}.", code="RETOUR_ILLISIBLE",
            action="Le motif est écrit sur la page Télétransmission et par « retours lister » : montrez-le au support.",
        )
    if bilan.pannes:
        raise ErreurConnue(bilan.pannes[0].message, code=bilan.pannes[0].code, ou=f"Boîte {bilan.pannes[0].boite}")


def _dire(bilan: BilanRetours) -> str:
    """One line for people, and what wants them."""
    lignes = [
        f"Courriers reçus : {bilan.recus}, déjà connus : {bilan.doublons}."
        f" ARL positifs : {bilan.arl_positifs}, négatifs : {bilan.arl_negatifs}."
        f" Factures payées : {bilan.payees}, rejetées : {bilan.rejetees}, à montant différent : {bilan.anomalies}."
    ]
    comptes = (
        (bilan.non_rapproches, "Retours qui ne correspondent à rien d'envoyé par ce poste"),
        (bilan.quarantaine, "Courriers illisibles mis en quarantaine"),
        (bilan.laisses, "Messages laissés sur le serveur, qui ne sait pas les donner ou trop gros pour un retour"),
        (bilan.avis, "Avis de serveurs de messagerie"),
    )
    lignes += [f"{quoi} : {nombre}." for nombre, quoi in comptes if nombre]
    lignes += [f"Boîte {panne.boite} : {panne.message}" for panne in bilan.pannes]
    return "\n".join([*lignes, *bilan.remarques])
