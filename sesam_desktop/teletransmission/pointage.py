"""Which bank line is which payment: exact amount, close dates, and words that name who pays. Pure.

A line may group several payments of one payer, a payment may come in two lines. Only what is certain is put together:
when two answers fit as well, none is chosen and somebody decides. Rules of the project: no norm says them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import combinations

from sesam_desktop.base.recherche import plier

from .reglages_comptes import Reglages, payeurs

_CREUX = frozenset({"VIR", "VIREMENT", "SEPA", "RECU", "DE", "DU", "LA", "LE", "REF", "MOTIF", "INST", "EMIS"})
_EMETTEUR = 14  # digits of a fund's number in the header of a return: 000000, régime, centre, organisme


@dataclass(frozen=True, slots=True)
class Annonce:
    """A payment that a return announces and that no bank line shows yet."""

    id: int
    date: date
    libelle: str
    organisme: str
    montant_centimes: int


@dataclass(frozen=True, slots=True)
class Credit:
    """A bank line that is not explained yet."""

    id: int
    date: date
    libelle: str
    montant_centimes: int


@dataclass(frozen=True, slots=True)
class Groupe:
    """Lines and payments that are the same money."""

    lignes: tuple[int, ...]
    virements: tuple[int, ...]


@dataclass(slots=True)
class Resultat:
    """`ambigues`: lines that several payments explain as well."""

    groupes: list[Groupe] = field(default_factory=list)
    ambigues: list[int] = field(default_factory=list)


def pointer(credits: Sequence[Credit], annonces: Sequence[Annonce], regles: Reglages) -> Resultat:
    """Put together what is certain: as many equal lines as equal payments, one to one, then several payments in a line,
    then a payment in two lines."""
    return _Pointage(credits, annonces, regles).resultat()


class _Pointage:
    def __init__(self, credits: Sequence[Credit], annonces: Sequence[Annonce], regles: Reglages) -> None:
        self._credits = {c.id: c for c in sorted(credits, key=lambda c: (c.date, c.id))}
        self._annonces = {a.id: a for a in sorted(annonces, key=lambda a: (a.date, a.id))}
        self._regles = regles
        self._resultat = Resultat()

    def resultat(self) -> Resultat:
        for montant in sorted({c.montant_centimes for c in self._credits.values()}):
            self._serie(montant)
        for credit in list(self._credits.values()):
            self._un_pour_un(credit)
        for credit in list(self._credits.values()):
            self._plusieurs_virements(credit)
        for annonce in list(self._annonces.values()):
            self._deux_lignes(annonce)
        self._resultat.ambigues = [ligne for ligne in self._resultat.ambigues if ligne in self._credits]
        return self._resultat

    def _serie(self, montant: int) -> None:
        """As many lines as payments of this amount that nothing else tells apart: in the order of their dates. The
        nearest date would be wrong: a bank shows each of them a day or two later."""
        credits = [c for c in self._credits.values() if c.montant_centimes == montant]
        annonces = [a for a in self._annonces.values() if a.montant_centimes == montant]
        paires = list(zip(credits, annonces, strict=False))
        egales = len(credits) == len(annonces) and all(self._proche(c, a) for c, a in paires)
        affinites = {affinite(c, a) for c in credits for a in annonces} if egales else {0}
        if len(affinites) == 1 and 0 not in affinites and len({a.organisme for a in annonces}) == 1:
            for credit, annonce in paires:
                self._retenir([credit], [annonce])

    def _un_pour_un(self, credit: Credit) -> None:
        """The payment of this amount that its words and its date name best, and better than any other."""
        possibles = [a for a in self._proches(credit) if a.montant_centimes == credit.montant_centimes]
        classees = sorted(possibles, key=lambda a: _rang(credit, a))
        if len(classees) > 1 and _rang(credit, classees[0]) == _rang(credit, classees[1]):
            self._resultat.ambigues.append(credit.id)
        elif classees:
            self._retenir([credit], classees[:1])

    def _plusieurs_virements(self, credit: Credit) -> None:
        par_payeur: dict[str, list[Annonce]] = {}
        for annonce in self._proches(credit):
            par_payeur.setdefault(annonce.organisme, []).append(annonce)
        sommes = [s for annonces in par_payeur.values() for s in self._sommes(annonces, credit.montant_centimes)]
        if len(sommes) == 1:
            self._retenir([credit], sommes[0])
        elif sommes:
            self._resultat.ambigues.append(credit.id)

    def _sommes(self, annonces: Sequence[Annonce], montant: int) -> Iterator[tuple[Annonce, ...]]:
        """Sets of at least two payments that make this amount; too many payments are left to somebody."""
        if len(annonces) <= self._regles.virements_ensemble:
            for taille in range(2, len(annonces) + 1):
                for ensemble in combinations(annonces, taille):
                    if sum(a.montant_centimes for a in ensemble) == montant:
                        yield ensemble

    def _deux_lignes(self, annonce: Annonce) -> None:
        proches = [c for c in self._credits.values() if self._proche(c, annonce) and affinite(c, annonce)]
        paires = [p for p in combinations(proches, 2) if sum(c.montant_centimes for c in p) == annonce.montant_centimes]
        if len(paires) == 1:
            self._retenir(paires[0], [annonce])

    def _proches(self, credit: Credit) -> list[Annonce]:
        """Payments of about this day whose payer the line may name."""
        return [a for a in self._annonces.values() if self._proche(credit, a) and affinite(credit, a)]

    def _proche(self, credit: Credit, annonce: Annonce) -> bool:
        return -self._regles.jours_avant <= (credit.date - annonce.date).days <= self._regles.jours_apres

    def _retenir(self, credits: Sequence[Credit], annonces: Sequence[Annonce]) -> None:
        self._resultat.groupes.append(Groupe(tuple(c.id for c in credits), tuple(a.id for a in annonces)))
        for credit in credits:
            del self._credits[credit.id]
        for annonce in annonces:
            del self._annonces[annonce.id]


def _rang(credit: Credit, annonce: Annonce) -> tuple[int, int]:
    return -affinite(credit, annonce), abs((credit.date - annonce.date).days)


def affinite(credit: Credit, annonce: Annonce) -> int:
    """How well a bank label names the payer: words of the transfer count more than those of the whole régime."""
    mots = _mots(credit.libelle)
    communs = mots & (_mots(annonce.libelle) | _codes(annonce.organisme))
    texte = f" {' '.join(_decouper(credit.libelle))} "
    attendus = payeurs().get(_regime(annonce.organisme), payeurs()[""])
    return 2 * len(communs) + any(f" {mot} " in texte for mot in attendus)


def _mots(texte: str) -> set[str]:
    return {mot for mot in _decouper(texte) if len(mot) > 2} - _CREUX


@lru_cache(maxsize=4096)
def _decouper(texte: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[A-Z0-9]+", plier(texte)))


def _regime(organisme: str) -> str:
    return organisme[6:8] if len(organisme) == _EMETTEUR else ""


def _codes(organisme: str) -> set[str]:
    """What of a payer's number a bank label may carry: its organisme, or the number itself."""
    return {organisme[11:14]} if len(organisme) == _EMETTEUR else {organisme, organisme.lstrip("0")} - {""}
