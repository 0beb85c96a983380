"""`facture verifier`: every remark on one invoice: the controls, and what pricing it would refuse or warn about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sesam_desktop.noyau.erreurs import EntreeInvalide

from .contexte import Contexte, passer
from .nombres import compter

if TYPE_CHECKING:
    from sesam_desktop.factures.facture import Alerte, Facture

TAILLE_MAX = 5_000_000


@click.group()
def facture() -> None:
    """Une facture donnée en JSON."""


@facture.command()
@click.argument("fichier", type=click.Path(path_type=Path))
@passer
def verifier(contexte: Contexte, fichier: Path) -> None:
    """Contrôle la facture FICHIER : tout ce qui la bloque ou demande attention."""
    try:
        lue = lire_facture(fichier)
    except EntreeInvalide as erreur:
        if contexte.json and erreur.code not in ("FICHIER_ILLISIBLE", "JSON_INVALIDE"):
            contexte.repondre({"erreurs": [_erreur_de_lecture(erreur)]})
        raise
    with contexte.poste() as poste:
        alertes = poste.facturation.verifier(lue)
    contexte.repondre({"erreurs": [en_dict(a) for a in alertes]}, lambda: texte_des(alertes) or "Aucune remarque.")
    exiger_sans_bloquante(alertes)


def lire_facture(fichier: Path) -> Facture:
    """The invoice of a JSON file."""
    from sesam_desktop.factures.lecture_json import lire

    try:
        if fichier.stat().st_size > TAILLE_MAX:
            raise EntreeInvalide("Ce fichier est trop gros.", code="FICHIER_ILLISIBLE", ou=str(fichier))
        return lire(fichier.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        raise EntreeInvalide(
            "Ce fichier ne peut pas être lu.", code="FICHIER_ILLISIBLE", ou=str(fichier),
            action="Vérifiez son nom et son encodage (UTF-8).",
        ) from None


def exiger_sans_bloquante(alertes: tuple[Alerte, ...]) -> None:
    """Raise the first blocking remark, if there is one."""
    bloquantes = [a for a in alertes if a.gravite == "bloquante"]
    if bloquantes:
        autres = f" (et {compter(len(bloquantes) - 1, 'autre remarque bloquante')})" if len(bloquantes) > 1 else ""
        premiere = bloquantes[0]
        raise EntreeInvalide(premiere.message + autres, code=premiere.code, ou=premiere.champ)


def en_dict(alerte: Alerte) -> dict[str, Any]:
    """JSON of one remark."""
    return {"code": alerte.code, "gravite": alerte.gravite, "message": alerte.message, "champ": alerte.champ}


def texte_des(alertes: tuple[Alerte, ...]) -> str:
    """One line a remark, for people."""
    return "\n".join(f"[{a.gravite}] {a.champ or 'facture'} : {a.message}" for a in alertes)


def _erreur_de_lecture(erreur: EntreeInvalide) -> dict[str, Any]:
    return {"code": erreur.code, "gravite": "bloquante", "message": erreur.message, "champ": erreur.ou}
