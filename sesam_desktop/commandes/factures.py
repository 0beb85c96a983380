"""`factures`: look up the invoices kept by this workstation, print a copy of one, deal with a refused one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sesam_desktop.noyau.dates import formater as formater_date
from sesam_desktop.noyau.dates import lire_iso
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.montants import formater

from .contexte import Contexte, passer

if TYPE_CHECKING:
    from sesam_desktop.factures.depot import Resume


@click.group()
def factures() -> None:
    """Factures gardées par ce poste."""


@factures.command()
@click.option("--etat", metavar="E", help="Seulement les factures dans cet état (payee, rejetee, en_lot…).")
@click.option("--depuis", metavar="AAAA-MM-JJ", help="Soins à partir de ce jour.")
@click.option("--jusqu-a", metavar="AAAA-MM-JJ", help="Soins jusqu'à ce jour compris.")
@passer
def lister(contexte: Contexte, etat: str | None, depuis: str | None, jusqu_a: str | None) -> None:
    """Liste les factures, la plus récente en tête."""
    from sesam_desktop.factures.depot import Filtre

    filtre = Filtre(
        etats=(_etat(etat),) if etat else (), depuis=_jour(depuis, "--depuis"), jusqu_a=_jour(jusqu_a, "--jusqu-a")
    )
    with contexte.poste() as poste:
        trouvees = poste.registre.lister(filtre)
    contexte.repondre([_en_dict(f) for f in trouvees], lambda: _tableau(trouvees))


@factures.command()
@click.argument("numero")
@click.option("--pdf", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Fichier à écrire.")
@passer
def duplicata(contexte: Contexte, numero: str, pdf: Path) -> None:
    """Écrit le duplicata de la facture NUMERO."""
    with contexte.poste() as poste:
        chemin = poste.registre.duplicata(numero.zfill(9), pdf)
    contexte.repondre({"numero": numero.zfill(9), "pdf": str(chemin)}, f"Duplicata écrit : {chemin}")


@factures.command()
@click.argument("numero")
@passer
def recycler(contexte: Contexte, numero: str) -> None:
    """Dit pourquoi la facture NUMERO a été refusée, quoi faire, et (avec --json) la demande à corriger."""
    from .factures_refusees import correction_en_dict, dire_correction

    with contexte.poste() as poste:
        dossier = poste.recyclage.dossier(numero.zfill(9))
    contexte.repondre(correction_en_dict(dossier), lambda: dire_correction(dossier))


@factures.command()
@click.argument("numeros", nargs=-1, required=True)
@click.option("--dossier", required=True, type=click.Path(file_okay=False, path_type=Path), help="Où écrire les PDF.")
@click.option("--non-recues", is_flag=True, help="La caisse, interrogée, dit n'avoir reçu aucune de ces factures.")
@passer
def papier(contexte: Contexte, numeros: tuple[str, ...], dossier: Path, non_recues: bool) -> None:
    """Envoie sur papier les factures NUMEROS : un duplicata de chacune, un bordereau par caisse."""
    from .factures_refusees import dire_envoi, envoi_en_dict

    with contexte.poste() as poste:
        envois = poste.recyclage.sur_papier(
            [numero.zfill(9) for numero in numeros], dossier, non_recues=non_recues
        )
    contexte.repondre([envoi_en_dict(e) for e in envois], lambda: "\n".join(map(dire_envoi, envois)))


@factures.command("a-tort")
@click.argument("numero", required=False)
@click.option("--raison", default="", help="Pourquoi le rejet de la facture NUMERO est à tort.")
@click.option("--csv", "fichier", type=click.Path(dir_okay=False, path_type=Path), help="Fichier pour un tableur.")
@passer
def a_tort(contexte: Contexte, numero: str | None, raison: str, fichier: Path | None) -> None:
    """Conteste le rejet de la facture NUMERO ; puis liste les rejets à tort et ce que chaque caisse doit encore."""
    from .factures_refusees import dire_rejets, ecrire_csv, rejets_en_dict

    with contexte.poste() as poste:
        if numero is not None:
            poste.recyclage.contester(numero.zfill(9), raison)
        rejets = poste.recyclage.rejets_a_tort()
    if fichier is not None:
        ecrire_csv(rejets, fichier)
    contexte.repondre(rejets_en_dict(rejets), lambda: dire_rejets(rejets))


def _etat(texte: str) -> str:
    from sesam_desktop.factures.cycle import Etat

    try:
        return Etat(texte).value
    except ValueError:
        connus = ", ".join(Etat)
        raise EntreeInvalide(
            f"L'état « {texte} » n'existe pas.", code="ETAT_INCONNU", ou="--etat", action=f"États : {connus}."
        ) from None


def _jour(texte: str | None, champ: str) -> date | None:
    return lire_iso(texte, champ) if texte else None


def _en_dict(f: Resume) -> dict[str, Any]:
    return {
        "numero": f.numero,
        "etat": f.etat.value,
        "libelle": f.libelle,
        "date_soins": f.date_soins.isoformat(),
        "patient": f.patient,
        "destinataire": f.destinataire,
        "niveau": f.niveau,
        "facture_centimes": f.total_centimes,
        "amo_centimes": f.amo_centimes,
        "amc_centimes": f.amc_centimes,
        "assure_centimes": f.assure_centimes,
        "remplace": f.remplace,
    }


def _tableau(trouvees: list[Resume]) -> str:
    if not trouvees:
        return "Aucune facture ne correspond."
    return "\n".join(
        f"{f.numero}  {formater_date(f.date_soins)}  {formater(f.total_centimes, unite='€'):>14}  {f.libelle:<24}"
        f"  {f.patient}".rstrip()
        for f in trouvees
    )
