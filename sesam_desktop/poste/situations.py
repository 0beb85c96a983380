"""In which situation de facturation a professional works now, and what the card they hold lets them sign. Pure.

Several situations on a card are several employers, places or billing numbers: the program never picks one by itself.
The rights of a situation are fields 20 and 21 of its group; those of a kind of card are `resources/cartes`
(`types_carte_ps.csv`), where certitude P marks a choice of the project.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sesam_desktop.cartes.nature import genre_de_carte
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.noyau.ressources import ressource

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import CartePS, Situation

REMPLACANT = "4"
_JAMAIS = "jamais"


@dataclass(frozen=True, slots=True)
class TypeCarte:
    """What one kind of professional's card is called and may sign, whatever its situations say."""

    code: str
    libelle: str
    signe_facture: bool
    signe_lot: bool
    source: str
    certitude: str


def proposees(carte: CartePS) -> tuple[Situation, ...]:
    """The situations one may bill in, by logical number: those that carry a billing number."""
    return tuple(sorted((s for s in carte.situations if s.numero_facturation), key=lambda s: s.rang))


def par_defaut(carte: CartePS) -> Situation | None:
    """The only situation one may bill in; None when there is none, or a choice to ask."""
    choix = proposees(carte)
    return choix[0] if len(choix) == 1 else None


def exiger_lue(carte: CartePS | None, *, code_verifie: bool = False) -> CartePS:
    """The card, once its situations were read. Raises PS_ABSENT; SITUATION_ABSENTE when it has none (as SSV's F004),
    SITUATION_ILLISIBLE when nothing on this workstation tells what is on it."""
    if carte is not None and not carte.situations and code_verifie:
        if not carte.identification.numero:
            raise _illisibles()
        raise _sans_situation("Cette carte ne donne aucune situation de facturation.")
    if carte is None or not carte.situations:
        raise ErreurConnue(
            "La carte du professionnel n'a pas été lue.",
            code="PS_ABSENT",
            action="Insérez la CPS et saisissez son code porteur.",
        )
    return carte


def retenue(carte: CartePS, rang: int | None) -> Situation:
    """The situation of logical number `rang`; without one, the only situation there is.

    Raises SITUATION_ABSENTE (a card one does not bill with), SITUATION_A_CHOISIR, SITUATION_INCONNUE.
    """
    choix = proposees(carte)
    if not choix:
        raise _sans_situation("Aucune situation de cette carte ne porte de numéro de facturation.")
    trouvee = par_defaut(carte) if rang is None else next((s for s in choix if s.rang == rang), None)
    if trouvee is None:
        raise _a_choisir() if rang is None else _inconnue(rang)
    return trouvee


def libelle(situation: Situation) -> str:
    """One line a professional recognises: where, how, under which number, and what they may not sign there."""
    lieu = situation.structure.raison_sociale or f"Structure {situation.structure.numero}".rstrip()
    morceaux = [lieu, mode(situation), f"n° {situation.numero_facturation}{situation.cle}"]
    if not situation.signe_facture:
        morceaux.append("ne signe pas les factures")
    elif not situation.signe_lot:
        morceaux.append("ne signe pas les lots")
    return " — ".join(morceaux)


def mode(situation: Situation) -> str:
    """How they work there; ``mode 09`` when the published list does not know it."""
    return _modes().get(_court(situation.mode_exercice), f"mode {situation.mode_exercice}".rstrip())


def est_remplacant(situation: Situation) -> bool:
    """True when the acts of this situation are billed for somebody else."""
    return _court(situation.mode_exercice) == REMPLACANT


def type_carte(carte: CartePS) -> TypeCarte:
    """The kind of card; one that the list does not know may sign what its situations say."""
    code = genre_de_carte(carte.type_carte)
    return _types().get(code, TypeCarte(code, "carte de type inconnu", True, True, "", ""))


def _sans_situation(message: str) -> ErreurConnue:
    return ErreurConnue(
        message,
        code="SITUATION_ABSENTE",
        action="Utilisez la carte du professionnel qui facture, ou faites mettre celle-ci à jour.",
    )


def _illisibles() -> ErreurConnue:
    return ErreurConnue(
        "Les situations de facturation de cette carte ne peuvent pas être lues sur ce poste.",
        code="SITUATION_ILLISIBLE",
        action="Réglez dans Paramètres les bibliothèques SSV du GIE SESAM-Vitale.",
    )


def _a_choisir() -> ErreurConnue:
    return ErreurConnue(
        "Cette carte porte plusieurs situations de facturation.",
        code="SITUATION_A_CHOISIR",
        action="Choisissez celle dans laquelle vous travaillez maintenant.",
    )


def _inconnue(rang: int) -> ErreurConnue:
    return EntreeInvalide(
        f"La situation de facturation n° {rang} n'est pas sur la carte lue.",
        code="SITUATION_INCONNUE",
        action="Choisissez une des situations proposées.",
    )


def _court(code: str) -> str:
    """Cards write ``4`` or ``04``."""
    return code.lstrip("0") or "0"


@cache
def _types() -> dict[str, TypeCarte]:
    return {
        ligne["code"]: TypeCarte(
            ligne["code"],
            ligne["libelle"],
            ligne["signe_facture"] != _JAMAIS,
            ligne["signe_lot"] != _JAMAIS,
            ligne["source"],
            ligne["certitude"],
        )
        for ligne in _lignes("types_carte_ps.csv")
    }


@cache
def _modes() -> dict[str, str]:
    return {ligne["code"]: ligne["libelle"] for ligne in _lignes("modes_exercice.csv")}


def _lignes(nom: str) -> list[dict[str, str]]:
    with ressource("cartes", nom).open(encoding="utf-8", newline="") as flux:
        return list(csv.DictReader(flux, delimiter=";"))
