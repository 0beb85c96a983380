"""Identifiers of the field and their check digits: NIR, RPPS, AM number, CIP, LPP, CCAM.

Check functions return a bool; `exiger_*` functions raise EntreeInvalide with a French sentence.
Sources: key formulas of the GIE specifications, and the public BDPM / LPP tables on which they hold.
"""

from __future__ import annotations

import re

from .erreurs import EntreeInvalide

_CORSE = {"2A": "19", "2B": "18"}
_CIP7_SANS_CLE = ("30", "49", "55")  # newer ranges were issued without the CIP7 key
GS = "\x1d"


def cle_nir(nir: str) -> str:
    """Two-digit key of a 13-character NIR (Corsica: 2A→19, 2B→18 before the modulo)."""
    numerique = nir[:5] + _CORSE.get(nir[5:7].upper(), nir[5:7]) + nir[7:]
    if len(nir) != 13 or not numerique.isascii() or not numerique.isdigit():
        raise EntreeInvalide(
            "Le numéro de sécurité sociale doit compter 13 caractères.",
            code="NIR_INVALIDE",
            action="Vérifiez la saisie (2A et 2B sont admis pour la Corse).",
        )
    return f"{97 - int(numerique) % 97:02d}"


def exiger_nir(nir: str, cle: str) -> None:
    """Refuse a NIR whose key does not match. The NIR itself is never put in the message."""
    if cle_nir(nir) != cle:
        raise EntreeInvalide(
            "La clé du numéro de sécurité sociale ne correspond pas.",
            code="NIR_CLE_FAUSSE",
            action="Ressaisissez le numéro et sa clé tels qu'ils figurent sur la carte ou l'attestation.",
        )


def formater_nir(nir: str, cle: str = "") -> str:
    """Spaced as people read it: ``1 80 01 75 000 001 32``."""
    if len(nir) != 13:
        return nir
    groupes = [nir[0], nir[1:3], nir[3:5], nir[5:7], nir[7:10], nir[10:13]]
    return " ".join([*groupes, cle] if cle else groupes)


def luhn(chiffres: str) -> bool:
    """Luhn control over all digits, key included."""
    if not chiffres.isascii() or not chiffres.isdigit():
        return False
    total = 0
    for rang, c in enumerate(reversed(chiffres)):
        valeur = int(c) * (2 if rang % 2 else 1)
        total += valeur - 9 if valeur > 9 else valeur
    return total % 10 == 0


def rpps_valide(numero: str) -> bool:
    """11 digits, Luhn."""
    return len(numero) == 11 and luhn(numero)


def numero_am_valide(numero: str) -> bool:
    """AM / ADELI number: 8 digits and a Luhn key."""
    return len(numero) == 9 and luhn(numero)


def _cle_ponderee(corps: str) -> int:
    return sum(poids * int(c) for poids, c in zip(range(2, 8), corps, strict=True)) % 11


def cip7_valide(code: str) -> bool:
    """7 digits; the mod 11 key is checked only in the ranges where it was issued."""
    if not re.fullmatch(r"[0-9]{7}", code):
        return False
    return code.startswith(_CIP7_SANS_CLE) or _cle_ponderee(code[:6]) == int(code[6])


def ucd_valide(code: str) -> bool:
    """7 digits from 9000000 on, with the mod 11 key of the CIP7."""
    return bool(re.fullmatch(r"9[0-9]{6}", code)) and _cle_ponderee(code[:6]) == int(code[6])


def lpp_valide(code: str) -> bool:
    """7 digits, weights 2..7 modulo 11, remainder 10 → key 0."""
    return bool(re.fullmatch(r"[0-9]{7}", code)) and _cle_ponderee(code[:6]) % 10 == int(code[6])


def nabm_valide(code: str) -> bool:
    """Four digits, no key."""
    return bool(re.fullmatch(r"[0-9]{4}", code))


def cle_ean13(douze: str) -> str:
    """EAN-13 key of 12 digits."""
    somme = sum(int(c) * (3 if rang % 2 else 1) for rang, c in enumerate(douze))
    return str(-somme % 10)


def cip13_valide(code: str) -> bool:
    """``34009`` + 7 digits + EAN key."""
    return bool(re.fullmatch(r"34009[0-9]{8}", code)) and cle_ean13(code[:12]) == code[12]


def cip13_depuis_cip7(cip7: str) -> str:
    """``34009`` + CIP7 + EAN key."""
    if not re.fullmatch(r"[0-9]{7}", cip7):
        raise EntreeInvalide("Un code CIP7 compte 7 chiffres.", code="CIP_INVALIDE")
    corps = "34009" + cip7
    return corps + cle_ean13(corps)


def ccam_valide(code: str) -> bool:
    """Four letters and three digits."""
    return bool(re.fullmatch(r"[A-Z]{4}[0-9]{3}", code))


def cip13_depuis_scan(lecture: str) -> str:
    """CIP13 from what a scanner types: a CIP13, a CIP7, or a GS1 DataMatrix ``01`` + GTIN14 + ….

    Raises EntreeInvalide (code CIP_INVALIDE) when nothing in it is a valid medicine code.
    """
    brut = lecture.strip().removeprefix("]d2").lstrip(GS)
    if trouve := re.match(r"(?:\(01\)|01)0([0-9]{13})", brut):
        brut = trouve.group(1)
    elif re.fullmatch(r"[0-9]{7}", brut) and cip7_valide(brut):
        brut = cip13_depuis_cip7(brut)
    if not cip13_valide(brut):
        raise EntreeInvalide(
            f"Le code « {lecture.strip()[:40]} » n'est pas un code CIP de médicament.",
            code="CIP_INVALIDE",
            action="Scannez le code DataMatrix de la boîte ou saisissez les 13 chiffres du CIP.",
        )
    return brut
