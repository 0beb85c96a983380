"""Health dates: lunar birth dates kept as text, ages, French holidays.

A birth date travels as the eight characters written on the card (``AAAAMMJJ``): month and day may be impossible
("lunar" dates). It becomes a real date only to compute an age, as 1 January when it cannot be read
(source: GIE rights specification).
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from .erreurs import EntreeInvalide

_DIMANCHE = 6


def lire_iso(texte: str, champ: str = "") -> date:
    """``AAAA-MM-JJ`` → date. Raises EntreeInvalide naming `champ`."""
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", texte):
            raise ValueError
        return date.fromisoformat(texte)
    except (ValueError, TypeError):
        raise EntreeInvalide(
            f"« {texte} » n'est pas une date.", code="DATE_INVALIDE", ou=champ, action="Format attendu : AAAA-MM-JJ."
        ) from None


def jour_de(instant: datetime) -> date:
    """The workstation's calendar day at `instant`."""
    return instant.astimezone().date()


def lire_aaaammjj(texte: str) -> date | None:
    """Strict ``AAAAMMJJ`` (a trailing hour is ignored) → date, or None for zeros, blanks and impossible dates."""
    if not re.fullmatch(r"[0-9]{8}([0-9]{4})?", texte) or not texte.strip("0"):
        return None
    try:
        return date(int(texte[:4]), int(texte[4:6]), int(texte[6:8]))
    except ValueError:
        return None


def aammjj(jour: date | None) -> str:
    """B2 writing of a date, ``000000`` when absent."""
    return jour.strftime("%y%m%d") if jour else "000000"


def depuis_aammjj(texte: str, pivot: date) -> date | None:
    """Date of a six-digit B2 zone: the century that puts it at most 20 years after `pivot`. None for zeros."""
    if not re.fullmatch(r"[0-9]{6}", texte) or texte == "000000":
        return None
    siecle = pivot.year - pivot.year % 100
    annee = siecle + int(texte[:2])
    annee -= 100 if annee > pivot.year + 20 else 0
    try:
        return date(annee, int(texte[2:4]), int(texte[4:]))
    except ValueError:
        return None


def naissance_pour_age(texte: str) -> date:
    """Real date used for ages; a lunar month or day counts from 1 January of its year."""
    if not re.fullmatch(r"[0-9]{8}", texte[:8]):
        raise EntreeInvalide("La date de naissance doit être écrite AAAAMMJJ.", code="NAISSANCE_INVALIDE")
    exacte = lire_aaaammjj(texte[:8])
    if exacte is not None:
        return exacte
    annee = int(texte[:4])
    if annee == 0:
        raise EntreeInvalide("L'année de naissance est absente.", code="NAISSANCE_INVALIDE")
    return date(annee, 1, 1)


def age(naissance: str, jour: date) -> int:
    """Whole years between a card birth date (maybe lunar) and `jour`."""
    ne_le = naissance_pour_age(naissance)
    return jour.year - ne_le.year - ((jour.month, jour.day) < (ne_le.month, ne_le.day))


def formater(jour: date | None) -> str:
    """JJ/MM/AAAA, empty when absent."""
    return jour.strftime("%d/%m/%Y") if jour else ""


def formater_naissance(texte: str) -> str:
    """JJ/MM/AAAA of a card birth date, impossible months and days shown as they are."""
    return f"{texte[6:8]}/{texte[4:6]}/{texte[:4]}" if re.fullmatch(r"[0-9]{8}", texte[:8]) else texte


def paques(annee: int) -> date:
    """Easter Sunday (Gregorian, Meeus/Jones/Butcher)."""
    a, (b, c) = annee % 19, divmod(annee, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    mois, jour = divmod(h + m - 7 * n + 114, 31)
    return date(annee, mois, jour + 1)


@lru_cache(maxsize=32)
def jours_feries(annee: int, alsace_moselle: bool = False) -> frozenset[date]:
    """Legal holidays (Code du travail L3133-1), plus Good Friday and 26 December in Alsace-Moselle (L3134-13)."""
    fixes = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
    dimanche = paques(annee)
    jours = [date(annee, m, j) for m, j in fixes] + [dimanche + timedelta(n) for n in (1, 39, 50)]
    if alsace_moselle:
        jours += [dimanche - timedelta(2), date(annee, 12, 26)]
    return frozenset(jours)


def est_dimanche_ou_ferie(jour: date, alsace_moselle: bool = False) -> bool:
    """True on Sundays and legal holidays."""
    return jour.weekday() == _DIMANCHE or jour in jours_feries(jour.year, alsace_moselle)
