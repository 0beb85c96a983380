"""`tarifer`: the price of one invoice given as JSON, alone or against a hypothesis."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .contexte import Contexte, passer
from .facture import exiger_sans_bloquante, lire_facture, texte_des

if TYPE_CHECKING:
    from sesam_desktop.factures.facture import Facture, Tarification
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.tarifs.comparaison import Comparaison, EcartLigne


@click.command()
@click.argument("fichier", type=click.Path(path_type=Path))
@click.option("--et-si", "hypotheses", multiple=True, metavar="CHEMIN=VALEUR",
              help="Compare avec la même facture où ce champ vaut autre chose. Se répète.")
@passer
def tarifer(contexte: Contexte, fichier: Path, hypotheses: tuple[str, ...]) -> None:
    """Tarife la facture FICHIER : chaque ligne avec la règle qui donne son montant.

    Avec --et-si, la même facture est tarifée une seconde fois, et les deux réponses sont comparées :
    --et-si date_soins=2024-12-01 (les dates des lignes et de l'ordonnance suivent), --et-si beneficiaire.c2s=true.
    """
    from sesam_desktop.factures.lecture_json import tarification_en_dict

    facture = lire_facture(fichier)
    supposee = _supposer(facture, hypotheses)
    with contexte.poste() as poste:
        exiger_sans_bloquante(poste.facturation.controler(facture))
        complete = _tarifer(poste, facture)
        autre = _tarifer(poste, supposee) if hypotheses else None
    if autre is None:
        contexte.repondre(tarification_en_dict(complete), lambda: texte_de(complete))
        return
    from sesam_desktop.tarifs.comparaison import comparer

    comparaison = comparer(complete, autre)
    contexte.repondre(comparaison_en_dict(comparaison), lambda: texte_de_la_comparaison(comparaison))


def _supposer(facture: Facture, hypotheses: tuple[str, ...]) -> Facture:
    from sesam_desktop.factures.hypotheses import lire_hypothese, supposer
    from sesam_desktop.tarifs.comparaison import a_la_date

    for hypothese in hypotheses:
        chemin, valeur = lire_hypothese(hypothese)
        supposee = supposer(facture, chemin, valeur)
        facture = a_la_date(facture, supposee.date_soins) if chemin == "date_soins" else supposee
    return facture


def _tarifer(poste: Poste, facture: Facture) -> Tarification:
    """Priced, its alerts after the remarks of the controls; a hypothesis may break a control and still have a price."""
    tarification = poste.facturation.tarifer(facture)
    return replace(tarification, alertes=poste.facturation.controler(facture) + tarification.alertes)


def comparaison_en_dict(comparaison: Comparaison) -> dict[str, Any]:
    """The two answers, then what differs: totals, and the lines that changed."""
    from sesam_desktop.factures.lecture_json import tarification_en_dict

    return {
        "reference": tarification_en_dict(comparaison.reference),
        "hypothese": tarification_en_dict(comparaison.hypothese),
        "differences": {
            "totaux": asdict(comparaison.totaux),
            "lignes": [_ecart_en_dict(ecart) for ecart in comparaison.lignes if ecart.change],
        },
    }


def _ecart_en_dict(ecart: EcartLigne) -> dict[str, Any]:
    from sesam_desktop.tarifs.comparaison import MONTANTS

    ligne = ecart.ligne
    return {
        "saisie": ligne.saisie, "acte": ligne.acte, "complement": ligne.complement, "detail": ligne.detail,
        "avant": _montants(ecart.avant), "apres": _montants(ecart.apres),
        "ecarts": {champ: ecart.ecart(champ) for champ in MONTANTS},
        "regles_retirees": [asdict(regle) for regle in ecart.retirees],
        "regles_ajoutees": [asdict(regle) for regle in ecart.ajoutees],
    }


def _montants(ligne: Any) -> dict[str, Any] | None:
    from sesam_desktop.tarifs.comparaison import MONTANTS

    if ligne is None:
        return None
    return {"acte": ligne.acte, "taux": ligne.taux} | {champ: getattr(ligne, champ) for champ in MONTANTS}


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


def texte_de_la_comparaison(comparaison: Comparaison) -> str:
    """For people: the invoice, the hypothesis, then what changes and why."""
    changees = [ecart for ecart in comparaison.lignes if ecart.change]
    differences = [ligne for ecart in changees for ligne in _texte_de_l_ecart(ecart)]
    return "\n".join([
        "Facture", texte_de(comparaison.reference), "", "Hypothèse", texte_de(comparaison.hypothese), "",
        "Différences", *(differences or ["Aucune."]), _texte_des_totaux(comparaison),
    ])


def _texte_de_l_ecart(ecart: EcartLigne) -> list[str]:
    ligne = ecart.ligne
    presence = "  (ligne absente de la facture)" if ecart.avant is None else (
        "  (ligne absente de l'hypothèse)" if ecart.apres is None else ""
    )
    tete = (
        f"{f'{ligne.acte} {ligne.complement}'.strip():<8} {_signe(ecart.ecart('montant_centimes')):>12}"
        f"          AMO {_signe(ecart.ecart('amo_centimes')):>10}  AMC {_signe(ecart.ecart('amc_centimes')):>10}"
        f"  patient {_signe(ecart.ecart('assure_centimes')):>10}{presence}"
    )
    return [tete, *(f"    − {r.texte}" for r in ecart.retirees), *(f"    + {r.texte}" for r in ecart.ajoutees)]


def _texte_des_totaux(comparaison: Comparaison) -> str:
    totaux = comparaison.totaux
    return (
        f"Total {_signe(totaux.facture_centimes)} € : AMO {_signe(totaux.amo_centimes)} €,"
        f" AMC {_signe(totaux.amc_centimes)} €, patient {_signe(totaux.assure_centimes)} €"
    )


def _signe(centimes: int) -> str:
    from sesam_desktop.noyau.montants import formater

    return f"+{formater(centimes)}" if centimes > 0 else formater(centimes)
