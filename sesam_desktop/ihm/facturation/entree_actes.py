"""An act as one types it: « AMI 4 », « DEQP003 -4 +FU /2 », « HBMD058 d16 », « 0552 », « LPP 1234567 12,50 »."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.noyau import montants
from sesam_desktop.noyau.erreurs import EntreeInvalide

_NGAP = re.compile(r"([A-Z]{1,4}[0-9]?)\s*([0-9]{1,4}(?:[.,][0-9]{1,2})?)?(?:\s*[X×]\s*([0-9]{1,2}))?")
_CCAM = re.compile(r"([A-Z]{4}[0-9]{3})((?:\s*(?:-[1-5]|-[1-5]-[0-3]|\+[A-Z0-9]{1,4}|/[1-5]|D[0-9]{2}))*)")
_OPTION = re.compile(r"-([1-5])(?:-([0-3]))?|\+([A-Z0-9]+)|/([1-5])|D([0-9]{2})")
_LPP = re.compile(r"(?:([A-Z]{2,3})\s+)?([0-9]{7})(?:\s+([0-9]+(?:[.,][0-9]{1,2})?))?(?:\s*[X×]\s*([0-9]{1,2}))?")
_NABM = re.compile(r"(?:NABM\s+)?([0-9]{4})")


def lire_acte(texte: str) -> LigneSaisie:
    """The line that `texte` asks for. Raises EntreeInvalide ACTE_ILLISIBLE.

    CCAM: the code, then in any order `-activity-phase`, `+modifiers`, `/association`, `d` and a tooth.
    """
    propre = texte.strip().upper()
    for motif, lire in ((_CCAM, _ccam), (_NABM, _nabm), (_LPP, _lpp), (_NGAP, _ngap)):
        if (trouve := motif.fullmatch(propre)) is not None:
            return lire(trouve)
    raise EntreeInvalide(
        f"« {texte.strip()[:20]} » n'est pas un acte.", code="ACTE_ILLISIBLE",
        action="Écrivez par exemple AMI 4, BSB, G, DEQP003 +F /2 ou 0552, ou cherchez-le par ses mots.",
    )


def sans_coefficient(texte: str) -> bool:
    """True for « AMK » and « AMK x2 », False for « AMK 8,3 »."""
    trouve = _NGAP.fullmatch(texte.strip().upper())
    return trouve is not None and trouve.group(2) is None


def ecrire_acte(ligne: LigneSaisie) -> str:
    """The same, as one reads it on a chip."""
    fois = f" ×{ligne.quantite}" if ligne.quantite > 1 else ""
    if ligne.acte == "CCAM":
        return f"{ecrire_ccam(ligne)}{fois}"
    coefficient = f" {ligne.coefficient.normalize():f}".replace(".", ",") if ligne.coefficient != 1 else ""
    prix = f" {montants.formater(ligne.montant_facture_centimes)}" if ligne.montant_facture_centimes else ""
    return f"{_nom(ligne)}{coefficient}{prix}{fois}"


def _nom(ligne: LigneSaisie) -> str:
    if not ligne.code.isdigit():                          # a word there is a derogation, not the act
        return ligne.acte
    return ligne.code if ligne.acte in ("LPP", "NABM") else f"{ligne.acte} {ligne.code}"


def ecrire_ccam(ligne: LigneSaisie) -> str:
    """``DEQP003 -4 +FU /2 d16``: what is usual is not written."""
    phase = f"-{ligne.phase}" if ligne.phase not in ("", "0") else ""
    activite = f" -{ligne.activite}{phase}" if phase or ligne.activite not in ("", "1") else ""
    modificateurs = f" +{''.join(ligne.modificateurs)}" if ligne.modificateurs else ""
    association = f" /{ligne.association}" if ligne.association else ""
    dents = "".join(f" d{dent}" for dent in ligne.dents)
    return f"{ligne.code}{activite}{modificateurs}{association}{dents}"


def _ccam(trouve: re.Match[str]) -> LigneSaisie:
    code, options = trouve.groups()
    ligne = LigneSaisie("CCAM", code=code, activite="1", phase="0")
    for activite, phase, modificateurs, association, dent in _OPTION.findall(options):
        if activite:
            ligne = replace(ligne, activite=activite, phase=phase or "0")
        elif modificateurs:
            ligne = replace(ligne, modificateurs=tuple(dict.fromkeys((*ligne.modificateurs, *modificateurs))))
        elif association:
            ligne = replace(ligne, association=association)
        else:
            ligne = replace(ligne, dents=(*ligne.dents, dent))
    return ligne


def _nabm(trouve: re.Match[str]) -> LigneSaisie:
    return LigneSaisie("NABM", code=trouve.group(1))


def _lpp(trouve: re.Match[str]) -> LigneSaisie:
    """The prestation code (PAN, DVO…) is typed when the imported table does not give it."""
    prestation, code, prix, fois = trouve.groups()
    centimes = montants.lire_montant(prix) if prix else None
    return LigneSaisie(prestation or "LPP", quantite=int(fois or 1), code=code, montant_facture_centimes=centimes)


def _ngap(trouve: re.Match[str]) -> LigneSaisie:
    acte, coefficient, fois = trouve.groups()
    return LigneSaisie(
        acte, quantite=int(fois or 1), coefficient=Decimal((coefficient or "1").replace(",", "."))
    )
