"""An act as one types it: « AMI 4 », « BSB », « G », « DEQP003 », « AMI 1,5 x2 »."""

from __future__ import annotations

import re
from decimal import Decimal

from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.identifiants import ccam_valide

_ACTE = re.compile(r"([A-Z]{1,4}[0-9]?)\s*([0-9]{1,4}(?:[.,][0-9]{1,2})?)?(?:\s*[X×]\s*([0-9]{1,2}))?")


def lire_acte(texte: str) -> LigneSaisie:
    """The line that `texte` asks for. Raises EntreeInvalide ACTE_ILLISIBLE."""
    propre = texte.strip().upper()
    if ccam_valide(propre):
        return LigneSaisie("CCAM", code=propre, activite="1", phase="0")
    trouve = _ACTE.fullmatch(propre)
    if trouve is None:
        raise EntreeInvalide(
            f"« {texte.strip()[:20]} » n'est pas un acte.", code="ACTE_ILLISIBLE",
            action="Écrivez par exemple AMI 4, BSB, G ou un code CCAM.",
        )
    acte, coefficient, fois = trouve.groups()
    return LigneSaisie(
        acte, quantite=int(fois or 1), coefficient=Decimal((coefficient or "1").replace(",", "."))
    )


def ecrire_acte(ligne: LigneSaisie) -> str:
    """The same, as one reads it on a chip."""
    coefficient = f" {ligne.coefficient.normalize():f}".replace(".", ",") if ligne.coefficient != 1 else ""
    fois = f" ×{ligne.quantite}" if ligne.quantite > 1 else ""
    return f"{ligne.code or ligne.acte}{coefficient}{fois}"
