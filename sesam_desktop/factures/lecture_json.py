"""Invoice ⇄ JSON of the command line contract. Reading is strict: one refusal, with the path of the field in `ou`."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal
from typing import Any

from sesam_desktop.noyau.erreurs import EntreeInvalide

from .facture import (
    Executant,
    Facture,
    LigneSaisie,
    OrganismeAmc,
    Patient,
    Prescription,
    Tarification,
    TiersPayant,
)
from .lecture_lignes import ligne, textes
from .lecture_objet import ObjetLu, complet, refus

LIGNES_MAX = 999
_TEXTES_AMC = ("adherent", "type_contrat", "formule", "domaine", "indicateur", "aiguillage", "convention")
NATURES = ("maladie", "maternite", "at", "prevention")
_NATURES_ECRITES = {"at/mp": "at", "atmp": "at", "accident du travail": "at", "accident_travail": "at"}


def lire(texte: str) -> Facture:
    """The invoice of a JSON text. Raises EntreeInvalide; never anything else."""
    try:
        donnees = json.loads(
            texte, parse_float=Decimal, parse_constant=_constante_refusee, object_pairs_hook=_sans_doublon
        )
    except (ValueError, RecursionError) as erreur:
        lieu = f"ligne {erreur.lineno}" if isinstance(erreur, json.JSONDecodeError) else ""
        raise EntreeInvalide(
            "Ce fichier n'est pas un document JSON.", code="JSON_INVALIDE", ou=lieu,
            action="Vérifiez son contenu avec la documentation de la commande.",
        ) from None
    return facture_depuis(donnees)


def facture_depuis(donnees: Any) -> Facture:
    """The invoice of a decoded JSON object."""
    return complet(ObjetLu(donnees, ""), _facture)


def facture_en_dict(facture: Facture) -> dict[str, Any]:
    """JSON object that `facture_depuis` reads back to an equal invoice."""
    return _en_json(asdict(facture))


def tarification_en_dict(tarification: Tarification) -> dict[str, Any]:
    """JSON object of an answer: lines, totals, alerts."""
    return _en_json(asdict(tarification))


def _en_json(valeur: Any) -> Any:
    if isinstance(valeur, dict):
        return {nom: _en_json(v) for nom, v in valeur.items()}
    if isinstance(valeur, (list, tuple)):
        return [_en_json(v) for v in valeur]
    if isinstance(valeur, Decimal):
        return format(valeur, "f")
    return valeur.isoformat() if isinstance(valeur, date) else valeur


def _facture(objet: ObjetLu) -> Facture:
    return Facture(
        date_soins=objet.jour_requis("date_soins"),
        executant=objet.objet_requis("executant", _executant),
        beneficiaire=objet.objet_requis("beneficiaire", _patient),
        lignes=_lignes(objet),
        nature_assurance=_nature(objet),
        parcours=objet.texte("parcours", "", r"[A-Z]", "une lettre majuscule est attendue"),
        prescription=objet.objet("prescription", _prescription),
        tiers_payant=objet.objet("tiers_payant", _tiers_payant) or TiersPayant(),
        amc=objet.objet("amc", _amc),
        accident_numero=objet.texte("accident_numero", "", r"[0-9A-Z]{1,9}", "neuf caractères au plus sont attendus"),
        accident_date=objet.jour("accident_date"),
        maternite_date=objet.jour("maternite_date"),
    )


def _nature(objet: ObjetLu) -> str:
    """Accents and the usual spellings of AT/MP are admitted."""
    ecrite = objet.texte("nature_assurance", "maladie").lower()
    simple = "".join(c for c in unicodedata.normalize("NFD", ecrite) if not unicodedata.combining(c))
    nature = _NATURES_ECRITES.get(simple, simple)
    if nature not in NATURES:
        raise refus(f"une de ces valeurs est attendue : {', '.join(NATURES)}", objet.ou("nature_assurance"))
    return nature


def _executant(objet: ObjetLu) -> Executant:
    lus_a_part = ("profession", "specialite", "situation")
    textes = {f.name: objet.texte(f.name, "") for f in fields(Executant) if f.name not in lus_a_part}
    return Executant(
        profession=objet.texte("profession"),
        specialite=objet.texte("specialite", None, r"[0-9]{2}", "deux chiffres sont attendus"),
        situation=objet.entier("situation", 1, 0, 255),
        **{**textes, "convention": textes["convention"] or "1"},
    )


def _patient(objet: ObjetLu) -> Patient:
    deux = r"[0-9]{2}"
    return Patient(
        nir=objet.texte("nir", None, r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{6}", "treize caractères sont attendus"),
        date_naissance=objet.texte("date_naissance", None, r"[0-9]{8}", "une date AAAAMMJJ est attendue"),
        rang=objet.entier("rang", 1, 1, 9),
        qualite=objet.texte("qualite", "0", r"[0-9]", "un chiffre est attendu"),
        regime=objet.texte("regime", "01", deux, "deux chiffres sont attendus"),
        caisse=objet.texte("caisse", "", r"[0-9]{3}", "trois chiffres sont attendus"),
        centre=objet.texte("centre", "0000", r"[0-9]{4}", "quatre chiffres sont attendus"),
        cle=objet.texte("cle", "", deux, "deux chiffres sont attendus"),
        nom=objet.texte("nom", ""),
        prenom=objet.texte("prenom", ""),
        nir_individuel=objet.texte("nir_individuel", "", r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{6}",
                                   "treize caractères sont attendus"),
        cle_individuelle=objet.texte("cle_individuelle", "", deux, "deux chiffres sont attendus"),
        code_gestion=objet.texte("code_gestion", ""),
        ald=objet.texte("ald", "0", r"[0-9]", "un chiffre est attendu"),
        situation=objet.texte("situation", "0100", r"[0-9]{4}", "quatre chiffres sont attendus"),
        c2s=objet.booleen("c2s", False),
        regime_local=objet.booleen("regime_local", False),
        medecin_traitant_declare=objet.booleen("medecin_traitant_declare", False),
        numero_serie_vitale=objet.texte("numero_serie_vitale", ""),
        droits_ouverts=objet.booleen("droits_ouverts", True),
        droits_fin=objet.jour("droits_fin"),
        particularites=textes(objet, "particularites", 8, r"[A-Z0-9_]{1,30}", "un code en majuscules est attendu"),
    )


def _prescription(objet: ObjetLu) -> Prescription:
    return Prescription(
        date=objet.jour_requis("date"),
        prescripteur=objet.texte("prescripteur", "", r"[0-9]{9}|[0-9]{11}", "neuf ou onze chiffres sont attendus"),
        specialite=objet.texte("specialite", "", r"[0-9]{2}", "deux chiffres sont attendus"),
        origine=objet.texte("origine", "", r"[TOPS]", "une lettre T, O, P ou S est attendue"),
        nom=objet.texte("nom", ""),
        prenom=objet.texte("prenom", ""),
        condition=objet.texte("condition", "L", r"[LSB]", "une lettre L, S ou B est attendue"),
        renouvellements=objet.entier("renouvellements", 0, 0, 99),
        bizone=objet.booleen("bizone", False),
    )


def _tiers_payant(objet: ObjetLu) -> TiersPayant:
    return TiersPayant(amo=objet.booleen("amo", True), amc=objet.booleen("amc", False))


def _amc(objet: ObjetLu) -> OrganismeAmc:
    return OrganismeAmc(
        numero=objet.texte("numero", None, r"[0-9A-Z]{1,10}", "dix caractères au plus sont attendus"),
        gestion=objet.texte("gestion", "", "unique|separee", "« unique » ou « separee » est attendu") or "unique",
        debut=objet.jour("debut"),
        fin=objet.jour("fin"),
        **{nom: objet.texte(nom, "") for nom in _TEXTES_AMC},
    )


def _lignes(objet: ObjetLu) -> tuple[LigneSaisie, ...]:
    objet.brut("lignes", requis=True)
    lignes = tuple(complet(ObjetLu(v, chemin), ligne) for v, chemin in objet.liste("lignes", LIGNES_MAX))
    if not lignes:
        raise refus("au moins une ligne est attendue", objet.ou("lignes"))
    return lignes


def _sans_doublon(paires: list[tuple[str, Any]]) -> dict[str, Any]:
    objet = dict(paires)
    if len(objet) != len(paires):
        raise ValueError("duplicate key")
    return objet


def _constante_refusee(nom: str) -> Any:
    raise ValueError(nom)
