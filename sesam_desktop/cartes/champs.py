"""Fields of SSV groups ⇄ values: text, dates of twelve characters, small numbers. Shared by both cards."""

from __future__ import annotations

import re
from datetime import date

from sesam_desktop.noyau.dates import lire_aaaammjj
from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide

from .zones import Groupe

SANS_DATE = "000000000000"
_CONTROLE = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BINAIRES = frozenset(((2, 1), (111, 1)))  # logical number of a situation; free zone of the complementary
GROUPES_CONNUS = frozenset((1, 2, 40, 41, *range(101, 110), 111))


def est_inconnu(groupe: Groupe) -> bool:
    """True for a group of no card this program knows: it can be kept raw, for it moves nothing around it."""
    return groupe.id not in GROUPES_CONNUS


def exiger_champs(groupe: Groupe, nombre: int) -> None:
    """Refuse a group that has not its constant number of fields, or whose text holds no character of Latin-1."""
    if len(groupe.champs) != nombre:
        raise FormatInvalide(
            f"Le groupe {groupe.id} compte {len(groupe.champs)} champs au lieu de {nombre}.",
            code="GROUPE_INVALIDE",
            zone=f"groupe {groupe.id}",
        )
    for numero, champ in enumerate(groupe.champs, 1):
        if controle(champ.decode("latin-1")) and (groupe.id, numero) not in _BINAIRES:
            raise refus(groupe, numero, "du texte en Latin-1 est attendu")


def controle(lu: str) -> bool:
    """True when control characters are inside: no text of a card, and a terminal would obey them."""
    return _CONTROLE.search(lu) is not None


def refus(groupe: Groupe, champ: int, attendu: str) -> FormatInvalide:
    """The value itself is never quoted: it may be a name or a NIR."""
    return FormatInvalide(
        f"Valeur inattendue : {attendu}.", code="CHAMP_INVALIDE", zone=f"groupe {groupe.id}, champ {champ}"
    )


def lire_date(groupe: Groupe, champ: int) -> date | None:
    """``AAAAMMJJ`` with or without hour; None when empty or zeros. An impossible date is refused, never an open end."""
    texte = groupe.texte(champ)
    if not texte.strip("0 "):
        return None
    jour = lire_aaaammjj(texte)
    if jour is None:
        raise refus(groupe, champ, "une date AAAAMMJJ est attendue")
    return jour


def lire_naissance(groupe: Groupe, champ: int) -> str:
    """The eight characters of a birth date, lunar or not; "" when absent."""
    texte = groupe.texte(champ)
    if not texte.strip("0"):
        return ""
    if not re.fullmatch(r"[0-9]{8}([0-9]{4})?", texte):
        raise refus(groupe, champ, "une date de naissance AAAAMMJJ est attendue")
    return texte[:8]


def lire_chiffre(groupe: Groupe, champ: int) -> int:
    """A number of one or two digits."""
    texte = groupe.texte(champ)
    if not re.fullmatch(r"[0-9]{1,2}", texte):
        raise refus(groupe, champ, "un nombre est attendu")
    return int(texte)


def ecrire_date(jour: date | None) -> bytes:
    """Twelve characters, zeros when absent."""
    return f"{jour:%Y%m%d}0000".encode() if jour else SANS_DATE.encode()


def ecrire_fin(jour: date | None) -> bytes:
    """End of a period: empty when open."""
    return ecrire_date(jour) if jour else b""


def texte(valeur: str) -> bytes:
    """Latin-1 bytes of a text field. Raises EntreeInvalide on a character a card cannot hold."""
    try:
        return valeur.encode("latin-1")
    except UnicodeEncodeError as erreur:
        raise EntreeInvalide(
            f"Le caractère « {valeur[erreur.start]} » ne peut pas être écrit sur une carte.", code="CARACTERE_INVALIDE"
        ) from None
