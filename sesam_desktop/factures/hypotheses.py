"""« Et si … » : an invoice with one field changed, given as a path and a text (`beneficiaire.c2s=true`).

The text takes the type of the field; the changed invoice is then read as strictly as any other.
"""

from __future__ import annotations

import re
from dataclasses import is_dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from sesam_desktop.noyau.erreurs import EntreeInvalide

from .facture import Facture
from .lecture_json import facture_depuis, facture_en_dict

_MORCEAU = re.compile(r"([a-z][a-z0-9_]*)(?:\[([0-9]{1,3})\])?")
_OUI, _NON, _RIEN = ("true", "oui", "vrai"), ("false", "non", "faux"), ("", "null", "rien")


def lire_hypothese(texte: str) -> tuple[str, str]:
    """(path, value) of ``CHEMIN=VALEUR``."""
    chemin, egal, valeur = texte.partition("=")
    if not egal or not chemin.strip():
        raise EntreeInvalide(
            "Une hypothèse s'écrit CHEMIN=VALEUR.", code="HYPOTHESE_INVALIDE",
            action="Écrivez par exemple beneficiaire.c2s=true ou date_soins=2025-12-01.",
        )
    return chemin.strip(), valeur.strip()


def supposer(facture: Facture, chemin: str, valeur: str) -> Facture:
    """`facture` with the field `chemin` set to `valeur`. Raises EntreeInvalide with the path; nothing else changes."""
    donnees = facture_en_dict(facture)
    objet: dict[str, Any] = donnees
    genre: type = Facture
    *parents, dernier = chemin.split(".")
    for morceau in parents:
        objet, genre = _descendre(objet, genre, morceau, chemin)
    nom, rang = _lire_morceau(dernier, chemin)
    attendu = _type_du_champ(genre, nom, chemin)
    if rang is not None:
        raise _inconnu(chemin)
    objet[nom] = _convertir(valeur, attendu, chemin)
    return facture_depuis(donnees)


def _descendre(objet: dict[str, Any], genre: type, morceau: str, chemin: str) -> tuple[dict[str, Any], type]:
    """The nested object of one piece of the path, made when the invoice has none yet (`amc.numero=…`)."""
    nom, rang = _lire_morceau(morceau, chemin)
    champ = _type_du_champ(genre, nom, chemin)
    if get_origin(champ) is tuple:
        liste = objet[nom]
        if rang is None or rang >= len(liste) or not is_dataclass(element := get_args(champ)[0]):
            raise _inconnu(chemin)
        return liste[rang], element  # type: ignore[return-value]
    if rang is not None or not is_dataclass(champ):
        raise _inconnu(chemin)
    if objet[nom] is None:
        objet[nom] = {}
    return objet[nom], champ  # type: ignore[return-value]


def _lire_morceau(morceau: str, chemin: str) -> tuple[str, int | None]:
    lu = _MORCEAU.fullmatch(morceau)
    if lu is None:
        raise _inconnu(chemin)
    return lu.group(1), int(lu.group(2)) if lu.group(2) else None


def _type_du_champ(genre: type, nom: str, chemin: str) -> Any:
    """Type of the field, without its None."""
    champ = get_type_hints(genre).get(nom)
    if champ is None:
        raise _inconnu(chemin)
    if get_origin(champ) in (Union, UnionType):
        return next(t for t in get_args(champ) if t is not type(None))
    return champ


def _convertir(valeur: str, attendu: Any, chemin: str) -> Any:
    """JSON value of a text; what the field does not admit is refused when the invoice is read again."""
    if get_origin(attendu) is tuple:
        return [v.strip() for v in valeur.split(",") if v.strip()]
    if attendu is bool:
        return _booleen(valeur, chemin)
    if attendu is int and re.fullmatch(r"-?[0-9]{1,9}", valeur, re.ASCII):
        return int(valeur)
    if attendu is not str and valeur.lower() in _RIEN:
        return None
    return valeur


def _booleen(valeur: str, chemin: str) -> bool:
    if valeur.lower() in _OUI + _NON:
        return valeur.lower() in _OUI
    raise EntreeInvalide("oui ou non est attendu.", code="CHAMP_INVALIDE", ou=chemin, action="Corrigez l'hypothèse.")


def _inconnu(chemin: str) -> EntreeInvalide:
    return EntreeInvalide(
        "La facture n'a pas ce champ.", code="CHAMP_INCONNU", ou=chemin[:80], action="Corrigez l'hypothèse."
    )
