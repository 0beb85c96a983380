"""Shapes of the answers of the command line, written by hand, and the writing of amounts, rates and dates.

A dict names keys that must be there (more are welcome), a list gives the shape of each of its elements, of which there
must be one; None accepts any value.
"""

from __future__ import annotations

import re
from typing import Any


def cles(texte: str) -> dict[str, Any]:
    return dict.fromkeys(texte.replace(",", " ").split())


VITALE = cles("type numero_serie fin_validite at") | {
    "assure": cles("nir cle regime caisse centre code_gestion"),
    "beneficiaires": [
        cles("nom_usuel nom_patronymique prenom adresse nir_certifie cle date_naissance rang qualite mutuelle amc")
        | {
            "service_amo": cles("code debut fin"), "droits": [cles("debut fin")],
            "couvertures": [cles("debut fin ald situation")],
        }
    ],
}
PS = cles("type_carte civilite nom prenom") | {
    "identification": cles("type numero cle"),
    "situations": [
        cles(
            "rang mode_exercice secteur structure numero_facturation cle convention specialite zone_tarifaire zone_ik"
            " agrements remplace signe_facture signe_lot"
        )
    ],
}
LIGNE = cles(
    "acte libelle quantite base_centimes taux exoneration amo_centimes amc_centimes assure_centimes"
    " depassement_centimes"
)
TARIFICATION = {
    "lignes": [LIGNE | {"regles": [cles("code texte source version")]}],
    "totaux": cles("facture_centimes base_centimes amo_centimes amc_centimes assure_centimes"),
    "alertes": None,
}
ETATS = {"etats": cles("factures messages lots courriers")}
DEMO = cles(
    "factures lots messages arl_positifs arl_negatifs payees rejetees anomalies total_amo_centimes"
    " total_amc_centimes total_assure_centimes duplicata duree_s"
)
TOD = cles("organisme_destinataire centre_informatique adresse libelle version")
LISTE = cles("version date effectif")
FLUX = cles("norme reference") | {"enregistrements": [cles("type ligne zones")]}
QUALITE = cles("dpi largeur hauteur nettete conforme motifs")
DIAGNOSTIC = {"verdict": None, "constats": [cles("code niveau titre action reparation")]}


def exiger(valeur: Any, forme: Any, ou: str = "réponse") -> Any:
    """`valeur` has the shape `forme` and follows the writing of amounts, rates and dates. Answers it."""
    exiger_forme(valeur, forme, ou)
    _exiger_ecriture(valeur, ou)
    return valeur


def exiger_forme(valeur: Any, forme: Any, ou: str) -> None:
    """`valeur` has at least the shape `forme`."""
    if isinstance(forme, dict):
        assert isinstance(valeur, dict), ou
        assert forme.keys() <= valeur.keys(), f"{ou} : il manque {sorted(forme.keys() - valeur.keys())}"
        for cle, dessous in forme.items():
            exiger_forme(valeur[cle], dessous, f"{ou}.{cle}")
    elif isinstance(forme, list):
        assert isinstance(valeur, list), ou
        assert valeur, f"{ou} : vide"
        for rang, element in enumerate(valeur):
            exiger_forme(element, forme[0], f"{ou}[{rang}]")


def _exiger_ecriture(valeur: Any, ou: str) -> None:
    if isinstance(valeur, list):
        for rang, element in enumerate(valeur):
            _exiger_ecriture(element, f"{ou}[{rang}]")
    if isinstance(valeur, dict):
        for cle, element in valeur.items():
            _exiger_valeur(cle, element, f"{ou}.{cle}")
            _exiger_ecriture(element, f"{ou}.{cle}")


def _exiger_valeur(cle: str, valeur: Any, ou: str) -> None:
    if cle.endswith("_centimes"):
        assert valeur is None or type(valeur) is int, ou
    if cle == "taux":
        assert valeur is None or (type(valeur) is int and 0 <= valeur <= 10_000), ou
    if cle == "date_naissance":
        assert re.fullmatch(r"[0-9]{8}", valeur), ou
    elif cle in ("date", "date_soins", "debut", "fin", "fin_validite") and valeur is not None:
        assert re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", valeur), ou
