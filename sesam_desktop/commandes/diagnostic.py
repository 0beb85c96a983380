"""`diagnostic`: what is wrong with this workstation, what to do about it, what changed since the last time."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sesam_desktop.noyau.erreurs import ErreurConnue

from .contexte import Contexte, passer

if TYPE_CHECKING:
    from sesam_desktop.poste.diagnostic import Constat, Delta, Diagnostic
    from sesam_desktop.poste.poste import Poste

_TITRES = (("corriges", "Corrigé"), ("restants", "Reste"), ("nouveaux", "Nouveau"))


@click.command()
@click.option("--passif", is_flag=True, help="Ne parle ni aux cartes ni au réseau.")
@click.option("--reparer", is_flag=True, help="Fait les réparations que le programme sait faire sans risque.")
@click.option("--oui", is_flag=True, help="Avec --reparer : accepte d'avance de réécrire le galss.ini du poste.")
@click.option("--avant-apres", is_flag=True, help="Compare avec le diagnostic précédent.")
@click.option(
    "--rapport", type=click.Path(dir_okay=False, path_type=Path), metavar="FICHIER",
    help="Écrit un rapport sans rien de personnel, à envoyer au support.",
)
@passer
def diagnostic(
    contexte: Contexte, passif: bool, reparer: bool, oui: bool, avant_apres: bool, rapport: Path | None
) -> None:
    """Contrôle le poste : lecteurs, cartes, logiciels, tables, messagerie, base, disque, corbeilles."""
    from sesam_desktop.poste.diagnostic import Diagnostic, comparer, dernier, diagnostiquer, garder

    with contexte.poste() as poste:
        avant = dernier(poste.profil, passif=passif)
        bilan = diagnostiquer(poste, passif=passif)
        reparations: list[Constat] = []
        if reparer:
            avant, reparations = bilan, _reparer(poste, bilan, oui or _demander(contexte, poste, bilan))
            bilan = diagnostiquer(poste, passif=passif)
        with suppress(ErreurConnue):  # a disk that refuses is in the constats, and must not hide them
            garder(poste.profil, bilan, passif=passif)
        delta = comparer(avant or Diagnostic(()), bilan) if avant_apres or reparer else None
        if rapport is not None:
            _ecrire(poste, bilan, rapport)
    contexte.repondre(_document(bilan, delta, reparations, rapport), lambda: _texte(bilan, delta, reparations))


def _demander(contexte: Contexte, poste: Poste, bilan: Diagnostic) -> bool:
    """May files that other software reads be rewritten? A script cannot answer: its answer is no."""
    from sesam_desktop.poste.diagnostic import fichiers_communs

    chemins = sorted({str(chemin) for un in bilan.constats for chemin in fichiers_communs(poste, un)})
    if not chemins or contexte.json or not sys.stdin.isatty():
        return False
    return click.confirm(f"D'autres logiciels lisent {', '.join(chemins)}. Le réécrire (l'ancien est gardé à côté) ?")


def _reparer(poste: Poste, bilan: Diagnostic, communs_compris: bool) -> list[Constat]:
    """Each repair once: several constats may call for the same one."""
    from sesam_desktop.poste.diagnostic import Reparation, reparer, sans_doublon

    a_reparer = [un for un in bilan.constats if un.reparation is Reparation.AUTO]
    refuses = {} if communs_compris else {un.code: refus for un in a_reparer if (refus := _a_accepter(poste, un))}
    return sans_doublon(refuses.get(un.code) or reparer(poste, un) for un in a_reparer)


def _a_accepter(poste: Poste, trouve: Constat) -> Constat | None:
    """Why this repair is not done without an agreement."""
    from sesam_desktop.poste.diagnostic import constat, fichiers_communs

    chemins = fichiers_communs(poste, trouve)
    if not chemins:
        return None
    detail = f"d'autres logiciels lisent {chemins[0]}. Ajoutez --oui pour le réécrire, l'ancien est gardé à côté."
    return constat("REPARATION_REFUSEE", objet=trouve.code, detail=detail)


def _ecrire(poste: Poste, bilan: Diagnostic, chemin: Path) -> None:
    from sesam_desktop.base.fichiers import remplacer
    from sesam_desktop.poste.diagnostic import rapport

    remplacer(chemin, rapport(poste, bilan).encode("utf-8"))


def _document(
    bilan: Diagnostic, delta: Delta | None, reparations: list[Constat], rapport: Path | None
) -> dict[str, Any]:
    document = bilan.en_dict()
    if delta is not None:
        document["delta"] = delta.en_dict()
    if reparations:
        document["reparations"] = [une.en_dict() for une in reparations]
    if rapport is not None:
        document["rapport"] = str(rapport)
    return document


def _texte(bilan: Diagnostic, delta: Delta | None, reparations: list[Constat]) -> str:
    from sesam_desktop.poste.diagnostic import Niveau

    vu = bilan.en_dict()
    lignes = [f"{vu['verdict']} : {vu['phrase']}", *(f"Aussi : {titre}" for titre in vu["causes_secondaires"])]
    for un in sorted(bilan.constats, key=lambda un: list(Niveau).index(un.niveau)):  # the worst first
        lignes += [_ligne(un), *_etapes(un)]
    lignes += [f"Réparation : {_ligne(une)}" for une in reparations]
    if delta is not None:
        lignes += [f"{titre} : {un.en_dict()['titre']}" for nom, titre in _TITRES for un in getattr(delta, nom)]
        lignes += [] if any((delta.corriges, delta.restants, delta.nouveaux)) else ["Aucun problème, avant ni après."]
    return "\n".join(lignes)


def _etapes(constat: Constat) -> list[str]:
    """The steps of a guided repair, numbered."""
    return [f"     {rang}. {etape}" for rang, etape in enumerate(constat.en_dict()["etapes"], start=1)]


def _ligne(constat: Constat) -> str:
    vu = constat.en_dict()
    suite = f" {vu['action']}" if vu["action"] else ""
    commande = f" ({vu['commande']})" if vu["commande"] else ""
    return f"{vu['niveau']:4} {vu['titre']}{suite}{commande}"
