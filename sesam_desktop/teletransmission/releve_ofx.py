"""The transactions of an OFX statement, 1.x (SGML, tags left open) or 2.x (XML): the few tags a line needs. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sesam_desktop.noyau.erreurs import TexteInvalide

_OPERATION = re.compile(r"<STMTTRN>(.*?)(?=</STMTTRN>|<STMTTRN>|</BANKTRANLIST>)", re.IGNORECASE | re.DOTALL)
_BALISE = re.compile(r"<(DTPOSTED|TRNAMT|FITID|NAME|MEMO)>([^<\r\n]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OperationOfx:
    """Texts of one transaction, and the line it starts at. `date` is AAAAMMJJ."""

    date: str
    libelle: str
    montant: str
    reference: str
    ligne: int


def est_ofx(texte: str) -> bool:
    """Whether this text says it is OFX."""
    debut = texte[:2_000].upper()
    return debut.lstrip().startswith("OFXHEADER") or "<OFX>" in debut


def lire_ofx(texte: str) -> Iterator[OperationOfx]:
    """In file order. Raises TexteInvalide (RELEVE_ILLISIBLE) when the file is cut or an operation says too little."""
    if "</OFX>" not in texte.upper():
        raise _refus("Le fichier OFX est incomplet.", 0)
    for trouve in _OPERATION.finditer(texte):
        ligne = texte.count("\n", 0, trouve.start()) + 1
        balises = {nom.upper(): html.unescape(valeur).strip() for nom, valeur in _BALISE.findall(trouve.group(1))}
        if not balises.get("DTPOSTED") or not balises.get("TRNAMT"):
            raise _refus("Une opération n'a pas de date ou de montant.", ligne)
        libelle = " ".join(f"{balises.get('NAME', '')} {balises.get('MEMO', '')}".split())
        yield OperationOfx(balises["DTPOSTED"][:8], libelle, balises["TRNAMT"], balises.get("FITID", ""), ligne)


def _refus(message: str, ligne: int) -> TexteInvalide:
    return TexteInvalide(
        message, code="RELEVE_ILLISIBLE", ligne=ligne,
        action="Rien n'a été importé. Téléchargez de nouveau le relevé sur le site de votre banque.",
    )
