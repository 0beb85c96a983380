"""`certificats`: those of the organismes, to which mails are encrypted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .contexte import Contexte, passer

if TYPE_CHECKING:
    from sesam_desktop.securisation.certificats import Certificat

_FICHIER = click.Path(dir_okay=False, path_type=Path)


@click.group()
def certificats() -> None:
    """Certificats des organismes."""


@certificats.command()
@passer
def lister(contexte: Contexte) -> None:
    """Liste les certificats gardés, avec leur état et leur fin."""
    with contexte.poste() as poste:
        magasin = poste.certificats.magasin
        vus = [(certificat, str(magasin.etat(certificat))) for certificat in magasin.lister()]
        autorites = magasin.autorites()
    reponse = {
        "certificats": [_en_dict(certificat) | {"etat": etat} for certificat, etat in vus],
        "autorites": [_en_dict(autorite) for autorite in autorites],
    }
    contexte.repondre(reponse, lambda: _tableau(vus, autorites))


@certificats.command()
@click.argument("fichier", type=_FICHIER)
@click.option("--adresse", default="", help="Adresse de l'organisme, si le certificat ne la dit pas.")
@click.option("--autorite", is_flag=True, help="Déclare l'autorité : seuls ses certificats serviront désormais.")
@passer
def importer(contexte: Contexte, fichier: Path, adresse: str, autorite: bool) -> None:
    """Garde les certificats du FICHIER (PEM ou DER), à côté de ceux déjà gardés."""
    with contexte.poste() as poste:
        service = poste.certificats
        gardes = [service.declarer_autorite(fichier)] if autorite else service.importer(fichier, adresse)
    contexte.repondre([_en_dict(certificat) for certificat in gardes], lambda: "\n".join(map(_dire, gardes)))


@certificats.command()
@click.argument("adresse")
@passer
def chercher(contexte: Contexte, adresse: str) -> None:
    """Cherche dans l'annuaire le certificat de l'ADRESSE d'un organisme, et le garde."""
    with contexte.poste() as poste:
        certificat = poste.certificats.chercher(adresse)
    contexte.repondre(_en_dict(certificat), lambda: _dire(certificat))


def _en_dict(certificat: Certificat) -> dict[str, Any]:
    return {
        "adresse": certificat.adresse,
        "sujet": certificat.sujet,
        "emetteur": certificat.emetteur,
        "debut": certificat.debut.date().isoformat(),
        "fin": certificat.fin.date().isoformat(),
    }


def _dire(certificat: Certificat) -> str:
    return f"{certificat.adresse or certificat.sujet} : valable jusqu'au {certificat.fin:%d/%m/%Y}."


def _tableau(vus: list[tuple[Certificat, str]], autorites: list[Certificat]) -> str:
    lignes = [f"{c.adresse:<34} {c.fin:%d/%m/%Y}  {etat.replace('_', ' ')}" for c, etat in vus]
    lignes += [f"autorité : {a.sujet}, jusqu'au {a.fin:%d/%m/%Y}" for a in autorites]
    return "\n".join(lignes) or "Aucun certificat n'est gardé sur ce poste."
