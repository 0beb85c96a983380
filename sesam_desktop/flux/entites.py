"""NOEMIE-like files (returns and ARL): a 000 and a 999 of 128 characters, between them entities ended by ``@``.

An entity starts with its code on three digits; each code has its own length. An unknown code is kept raw up to the
next ``@``, as readers in production do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sesam_desktop.noyau.dates import aammjj, depuis_aammjj
from sesam_desktop.noyau.erreurs import FormatInvalide

from . import zones
from .enregistrement import Enregistrement

BORNE = 128
TAILLE_MAX = 16_000_000
NOMBRE_MAX = 200_000
_FINS_DE_LIGNE = b"\r\n"
_PIVOT = date(2080, 1, 1)  # every date of a return is of this century
CUMULES = {"198": "montant_paye", "199": "montant_paye", "250": "montant", "261": "montant"}


@dataclass(frozen=True, slots=True)
class Entete:
    """What 000 and 999 share. `reference` is four digits for a return (positions 62–65)."""

    reference: str
    emetteur: str
    destinataire: str
    identification: str
    cree_le: date | None
    type_emetteur: str = "CT"
    type_destinataire: str = "TP"
    type_flux: str = ""


def decouper(octets: bytes, variante: str) -> Iterator[Enregistrement]:
    """Entities in file order. Raises FormatInvalide when the file is not cut as the norm says."""
    _exiger(len(octets) <= TAILLE_MAX, "Le fichier de retour est trop volumineux.", "TROP_GROS")
    _exiger(octets[:3] == b"000", "Le fichier ne commence pas par une entité 000.", "ENTETE_ABSENT", 1)
    position, ligne = 0, 0
    while position < len(octets):
        if octets[position] in _FINS_DE_LIGNE:
            position += 1
            continue
        ligne += 1
        _exiger(ligne <= NOMBRE_MAX, "Le fichier de retour compte trop d'entités.", "TROP_GROS", ligne)
        code, fin = _entite(octets, position, ligne, variante)
        yield Enregistrement(code, octets[position:fin], variante, ligne)
        position = fin


def _entite(octets: bytes, debut: int, ligne: int, variante: str) -> tuple[str, int]:
    code = octets[debut : debut + 3].decode("latin-1")
    _exiger(code.isascii() and code.isdigit() and len(code) == 3, "Un code d'entité est attendu.", "ENTITE", ligne)
    _exiger(code != "000" or ligne == 1, "Une seconde entité 000 est présente.", "ENTITE", ligne)
    if code in ("000", "999"):
        fin = debut + BORNE
        _exiger(fin <= len(octets), f"L'entité {code} est tronquée.", "LONGUEUR", ligne)
        return code, fin
    connue = zones.layout(variante, code)
    if connue and octets[debut + connue.longueur - 1 : debut + connue.longueur] == b"@":
        return code, debut + connue.longueur
    fin = octets.find(b"@", debut) + 1
    _exiger(fin > 0, f"L'entité {code} n'est pas terminée.", "LONGUEUR", ligne)
    return code, fin


def _exiger(condition: bool, message: str, code: str, ligne: int = 0) -> None:
    if not condition:
        raise FormatInvalide(message, code=code, ligne=ligne)


def lire_entete(premiere: Enregistrement) -> Entete:
    """Values of the 000 entity."""
    z = premiere.zones
    return Entete(
        reference=z["reference"],
        emetteur=z["numero_emetteur"],
        destinataire=z["numero_destinataire"],
        identification=z["identification_fichier"],
        cree_le=jour(z["date_creation"]),
        type_emetteur=z["type_emetteur"],
        type_destinataire=z["type_destinataire"],
        type_flux=z["type_flux"],
    )


def encadrer(variante: str, entete: Entete, corps: Sequence[Enregistrement]) -> list[Enregistrement]:
    """000, the entities, and the 999 with its counters and signed total."""
    commun: dict[str, zones.Valeur] = {
        "type_emetteur": entete.type_emetteur,
        "numero_emetteur": entete.emetteur,
        "type_destinataire": entete.type_destinataire,
        "numero_destinataire": entete.destinataire,
        "application": "TR",
        "identification_fichier": entete.identification,
        "type_flux": entete.type_flux,
    }
    premiere = Enregistrement.composer(
        variante, "000", {**commun, "date_creation": aammjj(entete.cree_le), "reference": entete.reference}
    )
    total = cumul(corps)
    pied: dict[str, zones.Valeur] = {
        "nombre_enregistrements": len(corps) + 2,
        "nombre_lots": sum(e.type == "080" for e in corps),
        "cumul": abs(total),
        "signe": signe(total),
    }
    derniere = Enregistrement.composer(variante, "999", {**commun, **pied})
    return [replace(e, ligne=rang) for rang, e in enumerate((premiere, *corps, derniere), start=1)]


def cumul(entites: Iterable[Enregistrement]) -> int:
    """Signed total of what the entities pay or hold back, in centimes."""
    return sum(signe_applique(e.zones, CUMULES[e.type]) for e in entites if e.type in CUMULES)


def signe_applique(valeurs: dict[str, Any], zone: str) -> int:
    """Amount of `zone`, negative when the entity's sign is N; a blank amount counts for nothing."""
    montant = valeurs[zone] or 0
    return -montant if valeurs.get("signe") == "N" else montant


def signe(montant: int) -> str:
    """``P`` or ``N``, as the wire says it."""
    return "N" if montant < 0 else "P"


def jour(texte: str | None) -> date | None:
    """Date of an ``AAMMJJ`` zone; None for zeros, blanks and impossible days."""
    return depuis_aammjj(texte or "", _PIVOT)
