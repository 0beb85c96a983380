"""`lecteurs`: which slots there are, what they hold, and what the cards say."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from .contexte import Contexte, passer

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import CartePS
    from sesam_desktop.cartes.vitale import CarteVitale
    from sesam_desktop.lecteurs.canal import Fente
    from sesam_desktop.poste.essai_lecture import EssaiLecture

ABSENTES = frozenset(("CPS_ABSENTE", "VITALE_ABSENTE"))


@click.group()
def lecteurs() -> None:
    """Lecteurs et cartes insérées."""


@lecteurs.command()
@passer
def lister(contexte: Contexte) -> None:
    """Toutes les fentes de tous les canaux, et la carte de chacune."""
    with contexte.poste() as poste:
        fentes = poste.lecteurs.fentes()
    contexte.repondre([_en_dict(fente) for fente in fentes], lambda: _tableau(fentes))


@lecteurs.command()
@click.option(
    "--code-porteur-env",
    metavar="VARIABLE",
    help="Variable d'environnement qui contient le code porteur de la CPS (jamais en argument).",
)
@passer
def lire(contexte: Contexte, code_porteur_env: str | None) -> None:
    """Lit la CPS et la Vitale, où qu'elles soient. Sans code porteur, les situations ne sont pas lues."""
    from sesam_desktop.cartes.json_cartes import ps_en_dict, vitale_en_dict

    code = _code(code_porteur_env)
    with contexte.poste() as poste:
        ps, sans_ps = _si_inseree(lambda: poste.lecteurs.lire_ps(code))
        vitale, sans_vitale = _si_inseree(poste.lecteurs.lire_vitale)
    if sans_ps is not None and sans_vitale is not None:
        raise sans_ps
    for absence in filter(None, (sans_ps, sans_vitale)):
        click.echo(absence.phrase(), err=True)
    reponse = {"ps": ps and ps_en_dict(ps), "vitale": vitale and vitale_en_dict(vitale)}
    contexte.repondre(reponse, lambda: "\n".join([*_lignes_ps(ps), *_lignes_vitale(vitale)]))


@lecteurs.command()
@passer
def essayer(contexte: Contexte) -> None:
    """Essaie de lire les deux cartes, et dit comment : durée, ou ce qui l'empêche. Statut 1 si l'une n'est pas lue."""
    with contexte.poste() as poste:
        essai = poste.lecteurs.essayer()
    contexte.repondre(_essai_en_dict(essai), lambda: "\n".join(_lignes_essai(essai)))
    if not essai.reussi:
        raise click.exceptions.Exit(1)


def _essai_en_dict(essai: EssaiLecture) -> dict[str, Any]:
    cartes = [
        {"role": c.role, "lue": c.erreur is None, "duree_s": round(c.duree_s, 3), "code": c.erreur and c.erreur.code}
        for c in essai.cartes
    ]
    ssv = essai.ssv
    vues = ssv and {"version": ssv.version, "lecteurs": list(ssv.lecteurs), "code": ssv.erreur and ssv.erreur.code}
    return {"reussi": essai.reussi, "cartes": cartes, "ssv": vues}


def _lignes_essai(essai: EssaiLecture) -> Iterator[str]:
    noms = {"cps": "Carte CPS", "vitale": "Carte Vitale"}
    for carte in essai.cartes:
        lue = f"lue en {carte.duree_s:.2f} s".replace(".", ",")
        yield f"{noms[carte.role]} : {carte.erreur.phrase() if carte.erreur else lue}"
    if essai.ssv is not None:
        vus = "; ".join(essai.ssv.lecteurs) or "aucun lecteur"
        yield f"Bibliothèques SSV {essai.ssv.version} : {essai.ssv.erreur.phrase() if essai.ssv.erreur else vus}"


def _code(variable: str | None) -> str | None:
    if variable is None:
        return None
    if not os.environ.get(variable):
        raise EntreeInvalide(
            f"La variable d'environnement {variable} est vide.",
            code="CODE_ABSENT",
            action="Mettez-y le code porteur, ou lisez les cartes sans code.",
        )
    return os.environ[variable]


def _si_inseree(lire: Callable[[], Any]) -> tuple[Any, ErreurConnue | None]:
    """The card, or the sentence that says it is not there; any other failure ends the command."""
    try:
        return lire(), None
    except ErreurConnue as erreur:
        if erreur.code not in ABSENTES:
            raise
        return None, erreur


def _en_dict(fente: Fente) -> dict[str, Any]:
    carte = str(fente.carte) if fente.atr else None
    atr = fente.atr.hex().upper()
    return {"canal": fente.canal, "lecteur": fente.lecteur, "etat": str(fente.etat), "atr": atr, "carte": carte}


def _tableau(fentes: list[Fente]) -> str:
    if not fentes:
        return "Aucun lecteur de cartes n'est branché."
    return "\n".join(_ligne(fente) for fente in fentes)


def _ligne(fente: Fente) -> str:
    carte = f"{fente.carte.libelle} (ATR {fente.atr.hex(' ').upper()})" if fente.atr else ""
    return f"{fente.canal:8} {fente.lecteur or '—':40} {fente.etat:10} {carte}".rstrip()


def _lignes_ps(carte: CartePS | None) -> list[str]:
    if carte is None:
        return []
    from sesam_desktop.poste.situations import libelle

    situations = [f"  situation {s.rang} : {libelle(s)}" for s in carte.situations]
    return [f"CPS n° {carte.numero_serie} : {carte.prenom} {carte.nom}".rstrip(), *situations]


def _lignes_vitale(carte: CarteVitale | None) -> list[str]:
    if carte is None:
        return []
    entete = "Carte Vitale" if carte.droits_lus else "Carte Vitale (droits non lus)"
    return [entete, *(f"  {b.prenom} {b.nom_usuel}" for b in carte.beneficiaires)]
