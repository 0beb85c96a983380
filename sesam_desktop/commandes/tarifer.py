"""`tarifer`: the price of one invoice given as JSON."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .contexte import Contexte, passer
from .facture import exiger_sans_bloquante, lire_facture, texte_des

if TYPE_CHECKING:
    from sesam_desktop.factures.facture import Tarification


@click.command()
@click.argument("fichier", type=click.Path(path_type=Path))
@passer
def tarifer(contexte: Contexte, fichier: Path) -> None:
    """Tarife la facture FICHIER : chaque ligne avec la règle qui donne son montant."""
    from sesam_desktop.factures.lecture_json import tarification_en_dict

    facture = lire_facture(fichier)
    with contexte.poste() as poste:
        remarques = poste.facturation.controler(facture)
        exiger_sans_bloquante(remarques)
        tarification = poste.facturation.tarifer(facture)
    complete = replace(tarification, alertes=remarques + tarification.alertes)
    contexte.repondre(tarification_en_dict(complete), lambda: texte_de(complete))


def texte_de(tarification: Tarification) -> str:
    """The invoice for people: lines, totals, remarks."""
    from sesam_desktop.noyau.montants import formater, formater_taux

    lignes = [
        f"{f'{ligne.acte} {ligne.complement}'.strip():<8} {ligne.quantite:>4} {formater(ligne.montant_centimes):>12}"
        f"  {formater_taux(ligne.taux):>6}  AMO {formater(ligne.amo_centimes):>10}"
        f"  AMC {formater(ligne.amc_centimes):>10}  patient {formater(ligne.assure_centimes):>10}"
        for ligne in tarification.lignes
    ]
    totaux = tarification.totaux
    lignes.append(
        f"Total {formater(totaux.facture_centimes, unite='€')} : AMO {formater(totaux.amo_centimes, unite='€')},"
        f" AMC {formater(totaux.amc_centimes, unite='€')}, patient {formater(totaux.assure_centimes, unite='€')}"
    )
    remarques = texte_des(tarification.alertes)
    return "\n".join([*lignes, remarques] if remarques else lignes)
