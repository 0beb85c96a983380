"""Bank statements as their lines: CSV of French banks, whatever their columns, and OFX 1 or 2. Pure.

The columns of a CSV are recognised by their titles (project table): a date, a label, and either a signed amount or
a debit and a credit. Anything else is refused with its line: a statement is read whole, or not at all.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn

from sesam_desktop.base.recherche import plier
from sesam_desktop.noyau.erreurs import TexteInvalide

from .reglages_comptes import titres_releve
from .releve_ofx import est_ofx, lire_ofx

__all__ = ["LigneReleve", "lire"]
TAILLE_MAXIMALE = 20_000_000
_SEPARATEURS = ";\t,|"
_DATES = ("%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d-%m-%Y", "%Y%m%d", "%d.%m.%Y")
_LIGNES_AVANT_TITRES = 30
_NOMBRE = re.compile(r"[+-]?[0-9]+([.,][0-9]{1,2})?")
_MILLIERS = re.compile(r"[+-]?[0-9]{1,3}(?P<m>[.,])[0-9]{3}(?:(?P=m)[0-9]{3})*(?!(?P=m))[.,][0-9]{2}")


@dataclass(frozen=True, slots=True)
class LigneReleve:
    """One movement of the account, in centimes, credits positive. `reference`: the bank's own, when it gives one."""

    date: date
    libelle: str
    montant_centimes: int
    reference: str = ""


def lire(octets: bytes) -> list[LigneReleve]:
    """The movements, in file order. Raises TexteInvalide (RELEVE_ILLISIBLE), naming the line."""
    if len(octets) > TAILLE_MAXIMALE:
        _refuser("Ce fichier est trop gros pour un relevé de compte.")
    texte = _texte(octets)
    if est_ofx(texte):
        return [LigneReleve(_date(o.date, o.ligne), o.libelle, _montant(o.montant, o.ligne), o.reference)
                for o in lire_ofx(texte)]  # fmt: skip
    return list(_lire_csv(texte))


def _texte(octets: bytes) -> str:
    for codage in ("utf-8-sig", "cp1252"):
        try:
            texte = octets.decode(codage)
        except UnicodeDecodeError:
            continue
        if "\0" not in texte:
            return texte
    _refuser("Ce fichier n'est pas un texte.")


def _lire_csv(texte: str) -> Iterator[LigneReleve]:
    rangees, colonnes = _tableau(texte)
    for ligne, rangee in rangees:
        cases = {nom: rangee[rang].strip() if rang < len(rangee) else "" for nom, rang in colonnes.items()}
        if any(cases[nom] for nom in cases if nom != "libelle"):  # a line without date nor amount is a comment
            libelle = " ".join(cases["libelle"].split())
            yield LigneReleve(_date(cases["date"], ligne), libelle, _montant_de(cases, ligne))


def _tableau(texte: str) -> tuple[list[tuple[int, list[str]]], dict[str, int]]:
    """Rows after the titles with their line number, and the rank of each column: the separator is the one that makes
    the titles known."""
    for separateur in _SEPARATEURS:
        rangees = list(_rangees("\n".join(texte.splitlines()[:_LIGNES_AVANT_TITRES]), separateur, strict=False))
        for rang, (_, rangee) in enumerate(rangees):
            colonnes = _colonnes(rangee)
            montants = "montant" in colonnes or {"debit", "credit"} <= colonnes.keys()
            if montants and {"date", "libelle"} <= colonnes.keys():
                return list(_rangees(texte, separateur, strict=True))[rang + 1 :], colonnes
    _refuser("Les colonnes date, libellé et montant (ou débit et crédit) ne sont pas reconnues.")


def _rangees(texte: str, separateur: str, *, strict: bool) -> Iterator[tuple[int, list[str]]]:
    lecteur = csv.reader(io.StringIO(texte), delimiter=separateur, strict=strict)
    try:
        for rangee in lecteur:
            yield lecteur.line_num, rangee
    except csv.Error as erreur:
        _refuser(f"Le fichier n'est pas un tableau CSV bien formé ({erreur}).")


def _colonnes(rangee: Sequence[str]) -> dict[str, int]:
    """The first column of each kind: an operation's date comes before its value date."""
    colonnes: dict[str, int] = {}
    for rang, titre in enumerate(rangee):
        propre = " ".join(re.sub(r"[^A-Z0-9]", " ", plier(titre)).split())
        if nom := titres_releve().get(propre):
            colonnes.setdefault(nom, rang)
    return colonnes


def _montant_de(cases: dict[str, str], ligne: int) -> int:
    if cases.get("montant"):
        return _montant(cases["montant"], ligne)
    debit, credit = cases.get("debit", ""), cases.get("credit", "")
    if not debit and not credit:
        _refuser("Le montant est vide.", ligne)
    return (_montant(credit, ligne) if credit else 0) - abs(_montant(debit, ligne) if debit else 0)


def _montant(texte: str, ligne: int) -> int:
    """Centimes. A lone separator before three digits would be guessed: it is refused."""
    propre = re.sub(r"\s|€|EUR", "", texte)
    if _MILLIERS.fullmatch(propre):
        propre = re.sub(r"[.,](?=[0-9]{3})", "", propre)
    if not _NOMBRE.fullmatch(propre):
        _refuser(f"« {texte} » n'est pas un montant.", ligne)
    entier, _, decimales = propre.replace(",", ".").partition(".")
    signe = -1 if entier.startswith("-") else 1
    return signe * (abs(int(entier)) * 100 + int(decimales.ljust(2, "0")))


def _date(texte: str, ligne: int) -> date:
    for forme in _DATES:
        try:
            return datetime.strptime(texte, forme).date()  # noqa: DTZ007 - a calendar day
        except ValueError:
            continue
    _refuser(f"« {texte} » n'est pas une date.", ligne)


def _refuser(message: str, ligne: int = 0) -> NoReturn:
    raise TexteInvalide(
        message, code="RELEVE_ILLISIBLE", ligne=ligne,
        action="Rien n'a été importé. Demandez à votre banque un relevé au format CSV ou OFX.",
    ) from None
