"""``flux lire`` and ``flux verifier``: decode or check a B2, DRE, ARL or NOEMIE file, whatever its size."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from sesam_desktop.noyau.erreurs import FormatInvalide

from .contexte import Contexte, passer
from .nombres import compter

if TYPE_CHECKING:
    from sesam_desktop.flux.enregistrement import Enregistrement
    from sesam_desktop.flux.reconnaissance import Reconnu

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

    with _ouvert(fichier) as octets:
        _, enregistrements = reconnaissance.lire(octets)
        for e in enregistrements:  # a first pass: nothing is shown of a file that cannot be read to its end
            _ = e.zones
        octets.seek(0)
        ecrire = _en_json if contexte.json else _en_texte
        for morceau in ecrire(*reconnaissance.lire(octets)):
            click.echo(morceau, nl=False)


@flux.command()
@_FICHIER
@passer
def verifier(contexte: Contexte, fichier: Path) -> None:
    """Contrôle structure, séquences, totaux et valeurs de FICHIER. Statut 1 s'il n'est pas valide."""
    from sesam_desktop.flux import reconnaissance
    from sesam_desktop.flux.anomalie import valide

    with _ouvert(fichier) as octets:
        anomalies = reconnaissance.verifier(octets)
    correct = valide(anomalies)
    donnees = {"valide": correct, "erreurs": [a.en_dict() for a in anomalies]}
    contexte.repondre(donnees, lambda: _anomalies_en_texte(donnees))
    if not correct:
        nombre = sum(not a.avertissement for a in anomalies)
        click.echo(f"{fichier.name} : {compter(nombre, 'anomalie')}, le fichier n'est pas valide.", err=True)
        raise click.exceptions.Exit(1)


@contextmanager
def _ouvert(fichier: Path) -> Iterator[BinaryIO]:
    """The file open in binary; refusals of its content name it."""
    try:
        with fichier.open("rb") as octets:
            yield octets
    except FormatInvalide as erreur:
        raise _dans(fichier, erreur) from None
    except BrokenPipeError:  # not the file: whoever reads our answer has gone
        raise
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


def _en_json(reconnu: Reconnu, enregistrements: Iterator[Enregistrement]) -> Iterator[str]:
    """One JSON document, a record a line, written as it is read."""
    tete = {"norme": reconnu.norme.value, "reference": reconnu.reference}
    yield json.dumps(tete, ensure_ascii=False)[:-1] + ', "enregistrements": ['
    separateur = "\n"
    for e in enregistrements:
        decode = {"type": e.type, "ligne": e.ligne, "zones": _zones_utiles(e.zones)}
        yield separateur + json.dumps(decode, ensure_ascii=False)
        separateur = ",\n"
    yield "\n]}\n"


def _en_texte(reconnu: Reconnu, enregistrements: Iterator[Enregistrement]) -> Iterator[str]:
    yield f"{reconnu.norme.value} {reconnu.reference}\n"
    for e in enregistrements:
        remplies = (f"{nom}={valeur}" for nom, valeur in _zones_utiles(e.zones).items() if valeur not in ("", None))
        yield f"{e.ligne:>5} {e.type:<3} " + " ".join(remplies) + "\n"


def _anomalies_en_texte(donnees: dict[str, Any]) -> str:
    lignes = [f"{_lieu(e)} : {e['message']} [{e['code']}]" for e in donnees["erreurs"]]
    return "\n".join([*lignes, "Fichier valide." if donnees["valide"] else "Fichier non valide."])


def _lieu(erreur: dict[str, Any]) -> str:
    """Where it stands: the whole file, one record, or a position in it."""
    if not erreur["ligne"]:
        return "fichier"
    position = f", position {erreur['position']}" if erreur["position"] else ""
    return f"enregistrement {erreur['ligne']}{position}"
