"""`paiements`: what is due, payments announced, the bank statement, reminders, and the accountant's files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sesam_desktop.noyau.dates import formater as formater_date
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.montants import formater

from . import periode
from .contexte import Contexte, passer
from .nombres import compter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.teletransmission.comptes import Balance, Du, Relance
    from sesam_desktop.teletransmission.depot_banque import LigneVue
    from sesam_desktop.teletransmission.depot_comptes import MouvementVu, VirementVu

_DOSSIER = click.Path(file_okay=False, path_type=Path)


@click.group()
def paiements() -> None:
    """Ce qui est dû, ce qui est payé, et le relevé de la banque."""


@paiements.command()
@click.option("--detail", is_flag=True, help="Aussi facture par facture.")
@passer
def dus(contexte: Contexte, detail: bool) -> None:
    """Dit ce que chaque caisse et chaque complémentaire doit, par ancienneté."""
    from sesam_desktop.teletransmission.reglages_comptes import reglages

    with contexte.poste() as poste:
        balances = [(poste.paiements.nom(b.debiteur), b) for b in poste.paiements.balances()]
        parts = poste.paiements.dus() if detail else []
        rendus = poste.paiements.rendus()
    reponse: dict[str, Any] = {
        "total_centimes": sum(b.total_centimes for _, b in balances),
        "tranches_jours": list(reglages().tranches),
        "organismes": [_balance(nom, b) for nom, b in balances],
        "a_renvoyer": rendus,
    }
    phrases = [*(_phrase_balance(nom, b) for nom, b in balances), *map(_phrase_du, parts), *_phrase_rendus(rendus)]
    contexte.repondre(reponse | ({"factures": [_du(d) for d in parts]} if detail else {}),
                      "\n".join(phrases) or "Rien n'est dû.")


@paiements.command()
@periode.options
@passer
def virements(contexte: Contexte, depuis: str | None, jusqu_a: str | None) -> None:
    """Liste les virements annoncés par les retours de la période, et toutes les lignes du relevé."""
    debut, fin = periode.lire(depuis, jusqu_a)
    with contexte.poste() as poste:
        annonces = [(poste.paiements.payeur(v.organisme), v) for v in poste.paiements.virements(debut, fin)]
        lignes = poste.paiements.lignes()
    reponse = {"virements": [{**_iso(asdict(v)), "payeur": payeur} for payeur, v in annonces],
               "lignes": [_iso(asdict(li)) for li in lignes]}
    phrases = [*(_phrase_virement(*annonce) for annonce in annonces), *map(_phrase_ligne, lignes)]
    contexte.repondre(reponse, "\n".join(phrases) or "Aucun virement ni aucune ligne de relevé.")


@paiements.command()
@periode.options
@passer
def mouvements(contexte: Contexte, depuis: str | None, jusqu_a: str | None) -> None:
    """Liste les retenues, les indus et les forfaits que les retours de la période annoncent."""
    debut, fin = periode.lire(depuis, jusqu_a)
    with contexte.poste() as poste:
        lus = poste.paiements.mouvements(debut, fin)
    contexte.repondre([asdict(m) for m in lus], lambda: "\n".join(map(_phrase_mouvement, lus)) or "Aucun mouvement.")


@paiements.command()
@click.option("--ligne", "lignes", type=int, multiple=True, required=True, help="Ligne du relevé, répétable.")
@click.option("--virement", "virements", type=int, multiple=True, required=True, help="Virement annoncé, répétable.")
@passer
def lier(contexte: Contexte, lignes: tuple[int, ...], virements: tuple[int, ...]) -> None:
    """Rapproche à la main des lignes du relevé et des virements annoncés."""
    with contexte.poste() as poste:
        poste.paiements.lier(lignes, virements)
    contexte.repondre({"lignes": list(lignes), "virements": list(virements)}, "Lignes rapprochées.")


@paiements.command()
@click.argument("ligne", type=int)
@passer
def delier(contexte: Contexte, ligne: int) -> None:
    """Défait le rapprochement de LIGNE ; une ligne classée revient à rapprocher."""
    with contexte.poste() as poste:
        poste.paiements.delier(ligne)
    contexte.repondre({"ligne": ligne, "etat": "a_rapprocher"}, "Rapprochement défait.")


@paiements.command()
@click.argument("ligne", type=int)
@passer
def classer(contexte: Contexte, ligne: int) -> None:
    """Classe LIGNE : cet argent ne vient ni d'une caisse ni d'une complémentaire."""
    with contexte.poste() as poste:
        poste.paiements.classer_ligne(ligne)
    contexte.repondre({"ligne": ligne, "etat": "classee"}, "Ligne classée.")


@paiements.command()
@click.argument("fichier", type=click.Path(path_type=Path))
@passer
def releve(contexte: Contexte, fichier: Path) -> None:
    """Importe le relevé bancaire FICHIER (CSV, OFX) et rapproche ce qui peut l'être."""
    with contexte.poste() as poste:
        bilan = poste.paiements.importer_releve(fichier)
    contexte.repondre(asdict(bilan), (
        f"{compter(bilan.lignes, 'ligne lue')}, {compter(bilan.nouvelles, 'nouvelle')},"
        f" {compter(bilan.rapprochees, 'rapprochée')}, {bilan.ambigues} à rapprocher à la main ;"
        f" {compter(bilan.debits, 'débit laissé')} de côté."
    ))


@paiements.command()
@click.argument("code", required=False)
@click.option("--dossier", type=_DOSSIER, help="Où écrire la liste à envoyer.")
@passer
def relancer(contexte: Contexte, code: str | None, dossier: Path | None) -> None:
    """Sans CODE, liste les organismes en retard ; avec, écrit la liste à lui envoyer et note la relance."""
    with contexte.poste() as poste:
        if code is None:
            retards = [(poste.paiements.nom(r.debiteur), r) for r in poste.paiements.relances()]
            texte = "\n".join(_phrase_relance(nom, r) for nom, r in retards) or "Rien n'est en retard."
            contexte.repondre([_relance(nom, r) for nom, r in retards], texte)
            return
        relance = _trouver(poste, code)
        if dossier is None:
            raise EntreeInvalide("Il manque le dossier où écrire la relance.", code="DOSSIER_ABSENT", ou="--dossier")
        chemin = poste.paiements.relancer(relance, _pret(dossier))
        nom = poste.paiements.nom(relance.debiteur)
    contexte.repondre({**_relance(nom, relance), "fichier": str(chemin)}, f"Relance de {nom} écrite : {chemin}")


@paiements.command()
@periode.options
@click.option("--dossier", type=_DOSSIER, required=True, help="Où écrire.")
@click.option("--csv", "en_csv", is_flag=True, help="Des fichiers CSV plutôt qu'un classeur XLSX.")
@passer
def exporter(contexte: Contexte, depuis: str | None, jusqu_a: str | None, dossier: Path, en_csv: bool) -> None:
    """Écrit les comptes de la période pour le comptable, sans nom ni numéro de sécurité sociale."""
    debut, fin = periode.lire(depuis, jusqu_a)
    with contexte.poste() as poste:
        chemins = poste.paiements.exporter(_pret(dossier), debut, fin, xlsx=not en_csv)
    fichiers = [str(chemin) for chemin in chemins]
    contexte.repondre({"depuis": debut.isoformat(), "jusqu_a": fin.isoformat(), "fichiers": fichiers},
                      "\n".join(fichiers))


def _pret(dossier: Path) -> Path:
    """The folder asked for, made when it is not there."""
    from sesam_desktop.base.fichiers import traduire

    try:
        dossier.mkdir(parents=True, exist_ok=True)
    except OSError as erreur:
        raise traduire(erreur, dossier) from erreur
    return dossier


def _trouver(poste: Poste, code: str) -> Relance:
    for relance in poste.paiements.relances():
        if relance.debiteur.code == code:
            return relance
    raise EntreeInvalide(f"Rien n'est en retard chez l'organisme {code}.", code="RELANCE_VIDE",
                         action="« paiements relancer », sans code, donne les organismes en retard.")


def _balance(nom: str, balance: Balance) -> dict[str, Any]:
    return {**asdict(balance.debiteur), "nom": nom, "nombre": balance.nombre,
            "total_centimes": balance.total_centimes, "tranches_centimes": list(balance.tranches)}


def _du(du: Du) -> dict[str, Any]:
    return _iso({**asdict(du), **asdict(du.debiteur)} | {"debiteur": du.debiteur.code})


def _relance(nom: str, relance: Relance) -> dict[str, Any]:
    return {**asdict(relance.debiteur), "nom": nom, "total_centimes": relance.total_centimes,
            "factures": [_du(d) for d in relance.dus]}


def _iso(valeurs: dict[str, Any]) -> dict[str, Any]:
    """Dates as the contract writes them."""
    return {nom: v.isoformat() if hasattr(v, "isoformat") else list(v) if isinstance(v, tuple) else v
            for nom, v in valeurs.items()}


def _phrase_balance(nom: str, balance: Balance) -> str:
    tranches = "  ".join(formater(t) for t in balance.tranches)
    return f"{nom} ({balance.debiteur.code}) : {formater(balance.total_centimes, unite='€')} dus  [{tranches}]"


def _phrase_rendus(rendus: Sequence[str]) -> list[str]:
    if not rendus:
        return []
    return [f"À renvoyer, rendues par un serveur de messagerie, que personne n'a reçues : {', '.join(rendus)}."]


def _phrase_du(du: Du) -> str:
    return f"  {du.facture} {du.part}  {formater(du.du_centimes, unite='€'):>12}  depuis {du.jours} jours"


def _phrase_relance(nom: str, relance: Relance) -> str:
    montant = formater(relance.total_centimes, unite="€")
    return f"{relance.debiteur.code}  {nom} : {len(relance.dus)} parts de facture, {montant} en retard"


def _jour(jour: date | None) -> str:
    return formater_date(jour) if jour else ""


def _phrase_mouvement(mouvement: MouvementVu) -> str:
    mots = " ".join(filter(None, (mouvement.libelle or mouvement.nature, mouvement.reference, mouvement.facture)))
    montant = formater(mouvement.montant_centimes, unite="€")
    return f"{mouvement.genre:<8}  {mouvement.date}  {montant:>14}  {mots}"


def _phrase_virement(payeur: str, virement: VirementVu) -> str:
    montant = formater(virement.montant_centimes, unite="€")
    return f"virement {virement.id}  {_jour(virement.date)}  {montant:>14}  {virement.etat:<14}  {payeur}"


def _phrase_ligne(ligne: LigneVue) -> str:
    montant = formater(ligne.montant_centimes, unite="€")
    return f"ligne {ligne.id}  {_jour(ligne.date)}  {montant:>14}  {ligne.etat:<12}  {ligne.libelle}"
