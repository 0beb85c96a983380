"""One asked line of the invoice JSON: every field typed and bounded."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from .demande import LigneSaisie
from .lecture_objet import ObjetLu, refus

QUANTITE_MAX = 999
MONTANT_MAX = 9_999_999  # seven digits in B2
KM_MAX = 9_999
COEFFICIENT_MAX = Decimal("999.99")


def ligne(objet: ObjetLu) -> LigneSaisie:
    """One line; which fields make sense for its act is checked later, with the tables."""
    return LigneSaisie(
        acte=objet.texte("acte", None, r"[A-Z0-9]{1,12}", "un code acte en majuscules est attendu"),
        quantite=objet.entier("quantite", 1, 1, QUANTITE_MAX),
        date=objet.jour("date"),
        coefficient=objet.decimal("coefficient", Decimal(1), COEFFICIENT_MAX),
        code=objet.texte("code", "", r"[A-Z0-9_]{1,20}", "un code en majuscules est attendu"),
        complement=objet.texte("complement", "", r"[A-Z]", "une lettre majuscule est attendue"),
        ald=objet.booleen("ald", False),
        prix_centimes=objet.entier_ou_rien("prix_centimes", 0, MONTANT_MAX),
        depassement_centimes=objet.entier("depassement_centimes", 0, 0, MONTANT_MAX),
        montant_facture_centimes=objet.entier_ou_rien("montant_facture_centimes", 0, MONTANT_MAX),
        qualificatif=_texte_ou_rien(objet, "qualificatif"),
        accord=objet.texte("accord", "", r"[0-9]", "un chiffre est attendu"),
        accord_date=objet.jour("accord_date"),
        motif_exoneration=objet.texte("motif_exoneration", "", r"[A-Z0-9_]{1,30}", "un code en majuscules est attendu"),
        debut=objet.jour("debut"),
        fin=objet.jour("fin"),
        **_technique(objet),
        **_delivrance(objet),
        **_deplacement(objet),
    )


def _technique(objet: ObjetLu) -> dict[str, Any]:
    """Fields of a CCAM act."""
    return {
        "activite": objet.texte("activite", "", r"[0-9]", "un chiffre est attendu"),
        "phase": objet.texte("phase", "", r"[0-9]", "un chiffre est attendu"),
        "modificateurs": textes(objet, "modificateurs", 4, r"[A-Z0-9]", "un modificateur d'un caractère est attendu"),
        "association": _texte_ou_rien(objet, "association"),
        "dents": textes(objet, "dents", 32, r"[0-9]{2}", "un numéro de dent de deux chiffres est attendu"),
    }


def _delivrance(objet: ObjetLu) -> dict[str, Any]:
    """Fields of a medicine."""
    return {
        "cip13": objet.texte("cip13", "", r"[0-9]{13}", "treize chiffres sont attendus"),
        "substitution": _texte_ou_rien(objet, "substitution"),
        "renouvellement": objet.entier("renouvellement", 0, 0, 99),
        "duree_jours": objet.entier("duree_jours", 0, 0, 999),
        "unites": objet.entier("unites", 0, 0, 9_999),
        "unites_boite": objet.entier("unites_boite", 0, 0, 9_999),
    }


def _deplacement(objet: ObjetLu) -> dict[str, Any]:
    """Where the act is done, and what the visit brings."""
    return {
        "domicile": objet.booleen("domicile", False),
        "ik_km": objet.entier("ik_km", 0, 0, KM_MAX),
        "passage": objet.entier("passage", 0, 0, 24),
        "deplacement_partage": objet.booleen("deplacement_partage", False),
    }


def _texte_ou_rien(objet: ObjetLu, nom: str) -> str | None:
    return objet.texte(nom, "", r"[A-Z0-9]{1,5}", "un code court en majuscules est attendu") or None


def textes(objet: ObjetLu, nom: str, combien: int, motif: str, attendu: str) -> tuple[str, ...]:
    """A short list of codes, each matching `motif`."""
    lus = []
    for valeur, chemin in objet.liste(nom, combien):
        if not isinstance(valeur, str) or not re.fullmatch(motif, valeur, re.ASCII):
            raise refus(attendu, chemin)
        lus.append(valeur)
    return tuple(lus)
