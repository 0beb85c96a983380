"""NOEMIE-like files (returns and ARL): a 000 and a 999 of 128 characters, between them entities ended by ``@``.

An entity starts with its code on three digits; each code has its own length. An unknown code is kept raw up to the
next ``@``, as readers in production do.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, BinaryIO

from sesam_desktop.noyau.dates import aammjj, depuis_aammjj
from sesam_desktop.noyau.erreurs import FormatInvalide

from . import zones
from .enregistrement import Enregistrement

_BORNES = ("000", "999")
_BLOC = 1 << 18
_CODE = re.compile("[0-9]{3}")
_TROP_GROS = "Le fichier de retour est trop volumineux."
_FINS_DE_LIGNE = re.compile(rb"[\r\n]+")
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


@dataclass(frozen=True, slots=True)
class Bornes:
    """How much a file may hold: a return that exceeds them is refused, whatever it says."""

    octets: int
    entites: int


EN_MEMOIRE = Bornes(16_000_000, 200_000)
EN_FLUX = Bornes(256_000_000, 4_000_000)
"""A return of 100,000 invoices of six entities weighs about 60 MB."""
ENTITE_MAX = 4_096
"""No known entity is longer than 153 bytes; an unknown one without end is not looked for further."""


def decouper(octets: bytes, variante: str) -> Iterator[Enregistrement]:
    """Entities in file order. Raises FormatInvalide when the file is not cut as the norm says."""
    if len(octets) > EN_MEMOIRE.octets:
        raise _refus(_TROP_GROS, "TROP_GROS")
    return decouper_flux(io.BytesIO(octets), variante, EN_MEMOIRE)


def decouper_flux(flux: BinaryIO, variante: str, bornes: Bornes = EN_FLUX) -> Iterator[Enregistrement]:
    """The same from a file open in binary, in constant memory."""
    fenetre, ligne, longueurs = _Fenetre(flux, bornes.octets), 0, _longueurs(variante)
    if not fenetre.avancer() or not fenetre.octets.startswith(b"000", fenetre.position):
        raise _refus("Le fichier ne commence pas par une entité 000.", "ENTETE_ABSENT", 1)
    while fenetre.avancer():
        ligne += 1
        if ligne > bornes.entites:
            raise _refus("Le fichier de retour compte trop d'entités.", "TROP_GROS", ligne)
        octets, debut = fenetre.octets, fenetre.position
        code, fin = _entite(octets, debut, ligne, longueurs)
        yield Enregistrement(code, octets[debut:fin], variante, ligne)
        fenetre.position = fin


class _Fenetre:
    """The part of the file under the eyes: always a whole entity after `position`, unless the file ends."""

    def __init__(self, flux: BinaryIO, maximum: int) -> None:
        self._flux, self._reste = flux, maximum
        self._fini = False
        self.octets, self.position = b"", 0

    def avancer(self) -> bool:
        """Past the ends of line, and more bytes when few are left; False at the end of the file."""
        while True:
            while not self._fini and len(self.octets) - self.position < ENTITE_MAX:
                self._garnir()
            if self.position >= len(self.octets):
                return False
            passees = _FINS_DE_LIGNE.match(self.octets, self.position)  # all at once: a file may hold nothing else
            if passees is None:
                return True
            self.position = passees.end()

    def _garnir(self) -> None:
        bloc = self._flux.read(_BLOC)
        self._fini = not bloc
        self._reste -= len(bloc)
        if self._reste < 0:
            raise _refus(_TROP_GROS, "TROP_GROS")
        self.octets, self.position = self.octets[self.position :] + bloc, 0


@lru_cache(maxsize=8)
def _longueurs(variante: str) -> dict[str, int]:
    return {code: zones.exiger(variante, code).longueur for code in zones.types(variante)}


def _entite(octets: bytes, debut: int, ligne: int, longueurs: dict[str, int]) -> tuple[str, int]:
    """Code of the entity that begins at `debut`, and where it ends: at its own length, else at the next ``@``."""
    code = octets[debut : debut + 3].decode("latin-1")
    fin = debut + longueurs.get(code, 0)
    if code in _BORNES:
        if fin > len(octets):
            raise _refus(f"L'entité {code} est tronquée.", "LONGUEUR", ligne)
        if code == "000" and ligne > 1:
            raise _refus("Une seconde entité 000 est présente.", "ENTITE", ligne)
        return code, fin
    if octets[fin - 1 : fin] == b"@" and fin > debut:
        return code, fin
    if not _CODE.fullmatch(code):
        raise _refus("Un code d'entité est attendu.", "ENTITE", ligne)
    fin = octets.find(b"@", debut, debut + ENTITE_MAX) + 1
    if not fin:
        raise _refus(f"L'entité {code} n'est pas terminée.", "LONGUEUR", ligne)
    return code, fin


def _refus(message: str, code: str, ligne: int = 0) -> FormatInvalide:
    return FormatInvalide(message, code=code, ligne=ligne)


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
    """Signed total of what the entities pay or hold back, in centimes. An ARL knows none of them."""
    return sum(signe_applique(e.zones, CUMULES[e.type]) for e in entites if e.type in CUMULES and e.layout)


def signe_applique(valeurs: dict[str, Any], zone: str) -> int:
    """Amount of `zone`, negative when the entity's sign is N; a blank amount counts for nothing."""
    montant = valeurs[zone] or 0
    return -montant if valeurs.get("signe") == "N" else montant


def signe(montant: int) -> str:
    """``P`` or ``N``, as the wire says it."""
    return "N" if montant < 0 else "P"


@lru_cache(maxsize=4096)
def jour(texte: str | None) -> date | None:
    """Date of an ``AAMMJJ`` zone; None for zeros, blanks and impossible days."""
    return depuis_aammjj(texte or "", _PIVOT)
