"""``flux lire`` and ``flux verifier``: decode or check a B2, DRE, ARL or NOEMIE file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sesam_desktop.noyau.erreurs import FormatInvalide

from .contexte import Contexte, passer

_TAILLE_MAX = 64_000_000
_FICHIER = click.argument("fichier", type=click.Path(path_type=Path))


@click.group()
def flux() -> None:
    """Lire et contrôler les fichiers échangés avec les organismes."""


@flux.command()
@_FICHIER
@passer
def lire(contexte: Contexte, fichier: Path) -> None:
    """Reconnaît la norme de FICHIER et décode chaque enregistrement."""
    from sesam_desktop.flux import reconnaissance

    try:
        reconnu, enregistrements = reconnaissance.lire(_octets(fichier))
        decodes = [{"type": e.type, "ligne": e.ligne, "zones": _zones_utiles(e.zones)} for e in enregistrements]
    except FormatInvalide as erreur:
        raise _dans(fichier, erreur) from None
    donnees = {"norme": reconnu.norme.value, "reference": reconnu.reference, "enregistrements": decodes}
    contexte.repondre(donnees, lambda: _en_texte(donnees))


@flux.command()
@_FICHIER
@passer
def verifier(contexte: Contexte, fichier: Path) -> None:
    """Contrôle structure, séquences, totaux et valeurs de FICHIER. Statut 1 s'il n'est pas valide."""
    from sesam_desktop.flux import reconnaissance
    from sesam_desktop.flux.anomalie import valide

    try:
        anomalies = reconnaissance.verifier(_octets(fichier))
    except FormatInvalide as erreur:
        raise _dans(fichier, erreur) from None
    correct = valide(anomalies)
    donnees = {"valide": correct, "erreurs": [a.en_dict() for a in anomalies]}
    contexte.repondre(donnees, lambda: _anomalies_en_texte(donnees))
    if not correct:
        nombre = sum(not a.avertissement for a in anomalies)
        click.echo(f"{fichier.name} : {nombre} anomalie(s), le fichier n'est pas valide.", err=True)
        raise click.exceptions.Exit(1)


def _octets(fichier: Path) -> bytes:
    try:
        if fichier.stat().st_size > _TAILLE_MAX:
            raise FormatInvalide("Ce fichier est trop volumineux pour être un fichier échangé.", code="TROP_GROS")
        return fichier.read_bytes()
    except OSError:
        raise FormatInvalide(
            "Ce fichier ne peut pas être lu.", code="FICHIER_ILLISIBLE", action="Vérifiez son nom et vos droits."
        ) from None


def _dans(fichier: Path, erreur: FormatInvalide) -> FormatInvalide:
    """The same refusal, naming the file."""
    return FormatInvalide(
        erreur.message,
        code=erreur.code,
        fichier=fichier.name,
        ligne=erreur.ligne,
        position=erreur.position,
        zone=erreur.zone,
        action=erreur.action,
    )


def _zones_utiles(zones: dict[str, Any]) -> dict[str, Any]:
    """Zones without the empty fillers."""
    return {nom: valeur for nom, valeur in zones.items() if valeur != "" or not nom.startswith("blanc")}


def _en_texte(donnees: dict[str, Any]) -> str:
    lignes = [f"{donnees['norme']} {donnees['reference']}"]
    for e in donnees["enregistrements"]:
        remplies = (f"{nom}={valeur}" for nom, valeur in e["zones"].items() if valeur not in ("", None))
        lignes.append(f"{e['ligne']:>5} {e['type']:<3} " + " ".join(remplies))
    return "\n".join(lignes)


def _anomalies_en_texte(donnees: dict[str, Any]) -> str:
    lignes = [
        f"enregistrement {e['ligne']}, position {e['position']} : {e['message']} [{e['code']}]"
        for e in donnees["erreurs"]
    ]
    return "\n".join([*lignes, "Fichier valide." if donnees["valide"] else "Fichier non valide."])
