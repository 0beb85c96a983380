"""How the official tables write dates, amounts and flags. Each function raises EntreeInvalide with the reason."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from sesam_desktop.noyau.erreurs import EntreeInvalide

_MOIS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_FORMES = (
    re.compile(r"(?P<a>[0-9]{4})-(?P<m>[0-9]{2})-(?P<j>[0-9]{2})"),
    re.compile(r"(?P<a>[0-9]{4})(?P<m>[0-9]{2})(?P<j>[0-9]{2})"),
    re.compile(r"(?P<j>[0-9]{2})(?P<m>[A-Z]{3})(?P<a>[0-9]{4}):00:00:00"),
)
_SANS_FIN = 9999  # year written for "no end"


def jour(texte: str) -> str | None:
    """``2019-04-01`` from itself, ``20190401`` (dBase) or ``01APR2019:00:00:00`` (SNDS); None: blank or endless."""
    if not texte.strip("0"):
        return None
    for forme in _FORMES:
        if trouve := forme.fullmatch(texte):
            return _iso(texte, trouve["a"], trouve["m"], trouve["j"])
    raise EntreeInvalide(f"date « {texte[:20]} » illisible")


def _iso(texte: str, annee: str, mois: str, quantieme: str) -> str | None:
    if int(annee) == _SANS_FIN:
        return None
    try:
        numero = int(mois) if mois.isdigit() else _MOIS.index(mois) + 1
        return date(int(annee), numero, int(quantieme)).isoformat()
    except ValueError:
        raise EntreeInvalide(f"date « {texte[:20]} » impossible") from None


def exiger_jour(texte: str) -> str:
    """Same, a blank date is refused."""
    if (lu := jour(texte)) is None:
        raise EntreeInvalide("date absente")
    return lu


def centimes(texte: str) -> int:
    """Centimes of ``102.50``, ``304.9``, ``8`` or ``14.43000``; a fraction of a centime is refused."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2}0*)?", texte):
        raise EntreeInvalide(f"montant « {texte[:20]} » illisible")
    return int(Decimal(texte) * 100)


def plafond(texte: str) -> int | None:
    """Centimes of a price ceiling; these tables write zero when there is none."""
    return (centimes(texte) if texte else 0) or None


def entier(texte: str, quoi: str) -> int:
    """A count; blank is zero."""
    if not re.fullmatch(r"[0-9]{0,6}", texte):
        raise EntreeInvalide(f"{quoi} « {texte[:20]} » illisible")
    return int(texte or "0")


def coefficient(texte: str) -> str:
    """A coefficient as exact text, without useless zeros: ``17`` from ``17.00``, ``1.3`` from ``1.300``."""
    if not re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,6})?", texte):
        raise EntreeInvalide(f"coefficient « {texte[:20]} » illisible")
    return f"{Decimal(texte).normalize():f}"


def drapeau(texte: str) -> bool:
    """``O``/``1`` and ``N``/``0``/blank."""
    if texte not in ("O", "N", "1", "0", ""):
        raise EntreeInvalide(f"indicateur « {texte[:20]} » inconnu")
    return texte in ("O", "1")


def libelle(texte: str) -> str:
    """A label, its runs of spaces made single. Blank is refused; lost letters are not: the code is what is billed."""
    propre = " ".join(texte.split())
    if not propre:
        raise EntreeInvalide("libellé absent")
    return propre


def abime(libelle: str) -> bool:
    """True when letters of this label were lost before it was published."""
    return "\N{REPLACEMENT CHARACTER}" in libelle
