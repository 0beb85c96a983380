"""Formulas of complementary insurers: which rows apply to a line, and what each operator makes of it.

A closed set of operators, combined by rows (table ``formules_amc``): nothing is evaluated. In a block, what pays comes
first, never more than what the AMO leaves; then shares of what the AMO withholds; then limits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sesam_desktop.factures.facture import Executant, Regle
from sesam_desktop.factures.secteurs import tarif_opposable
from sesam_desktop.noyau.montants import Centimes, appliquer_taux, formater, formater_taux
from sesam_desktop.referentiels.conventions_amc import PLAFOND_FACTURE
from sesam_desktop.referentiels.tables import TOUS, Ligne

from .contexte import regle
from .parts import PartAmo

PENALITE = "penalite"
RIEN = "rien"
_OPTIONS = ("hors_optam", "optam")


@dataclass(frozen=True, slots=True)
class Situation:
    """The line seen by an operator; `reste`: what the AMO leaves, apart from what it withholds."""

    base: Centimes
    ticket: Centimes
    depassement: Centimes
    penalite: Centimes
    participation: Centimes
    quantite: int

    @property
    def reste(self) -> Centimes:
        return self.ticket + self.depassement

    @property
    def obligatoire(self) -> Centimes:
        return self.base - self.ticket


def situation(part: PartAmo) -> Situation:
    """`part` before any row."""
    c = part.cotation
    return Situation(c.base, part.ticket, max(0, c.montant - c.base), part.penalite, part.participation, c.quantite)


# Each gives what it pays, and the words for it; the amount is then kept within what remains.
Payer = Callable[[Situation, int], tuple[Centimes, str]]


def _ticket(s: Situation, valeur: int) -> tuple[Centimes, str]:
    return appliquer_taux(s.ticket, valeur), f"{formater_taux(valeur)} du ticket modérateur de {_euros(s.ticket)}"


def _base(s: Situation, valeur: int) -> tuple[Centimes, str]:
    garanti = appliquer_taux(s.base, valeur)
    moins = f"moins la part obligatoire de {_euros(s.obligatoire)}"
    return max(0, garanti - s.obligatoire), f"{formater_taux(valeur)} de la base de {_euros(s.base)} {moins}"


def _frais(s: Situation, valeur: int) -> tuple[Centimes, str]:
    return appliquer_taux(s.reste, valeur), f"{formater_taux(valeur)} des {_euros(s.reste)} qui restent"


def _depassement(s: Situation, valeur: int) -> tuple[Centimes, str]:
    """Above a base: what is not refundable at all has none."""
    if not s.base:
        return 0, "Acte sans base"
    return appliquer_taux(s.depassement, valeur), f"{formater_taux(valeur)} du dépassement de {_euros(s.depassement)}"


def _forfait(s: Situation, valeur: int) -> tuple[Centimes, str]:
    return valeur, f"Forfait de {_euros(valeur)}"


def _forfait_unite(s: Situation, valeur: int) -> tuple[Centimes, str]:
    return valeur * s.quantite, f"Forfait de {_euros(valeur)} × {s.quantite}"


def _penalite(s: Situation, valeur: int) -> tuple[Centimes, str]:
    return min(appliquer_taux(s.penalite, valeur), s.penalite), f"majoration hors parcours de {_euros(s.penalite)}"


def _participation(s: Situation, valeur: int) -> tuple[Centimes, str]:
    du = min(appliquer_taux(s.participation, valeur), s.participation)
    return du, f"participation de l'assuré de {_euros(s.participation)}"


PAYANTS: dict[str, Payer] = {
    "tm": _ticket, "base": _base, "frais": _frais, "depassement": _depassement, "forfait": _forfait,
    "forfait_unite": _forfait_unite,
}
RETENUES: dict[str, Payer] = {PENALITE: _penalite, "participation": _participation}
LIMITES: dict[str, Callable[[Centimes, int, int], Centimes]] = {  # paid so far, value, quantity: what is left of it
    "franchise": lambda paye, valeur, quantite: max(0, paye - valeur),
    "plafond_ligne": lambda paye, valeur, quantite: min(paye, valeur),
    "plafond_unite": lambda paye, valeur, quantite: min(paye, valeur * quantite),
    RIEN: lambda paye, valeur, quantite: 0,
}
_GENRES = dict.fromkeys(PAYANTS, 0) | dict.fromkeys(RETENUES, 1) | dict.fromkeys(LIMITES, 2)


def ouvertes(rangees: Sequence[Ligne], executant: Executant) -> list[Ligne]:
    """The rows for a professional of this option, ceilings included."""
    return [r for r in rangees if r["option"] in (TOUS, _OPTIONS[tarif_opposable(executant)])]


def bloc(rangees: Sequence[Ligne], acte: str, nature: str) -> list[Ligne]:
    """The open rows for such a line: those that name its code, else its nature, else all others; its option first."""
    for voulu in (acte, nature, TOUS):
        trouvees = [r for r in rangees if r["operateur"] != PLAFOND_FACTURE and voulu in r["natures"].split()]
        if propres := [r for r in trouvees if r["option"] != TOUS] or trouvees:
            return sorted(propres, key=lambda r: (_GENRES[r["operateur"]], r["rang"]))
    return []


def appliquer(rangees: Sequence[Ligne], s: Situation) -> tuple[Centimes, tuple[Regle, ...]]:
    """What the rows of one block give, and the rules of those that changed the amount."""
    regles, paye = [], 0
    for rangee in rangees:
        avant = paye
        paye, texte = _un(rangee, s, avant)
        if paye != avant or rangee["operateur"] == RIEN:
            regles.append(regle(f"AMC_{rangee['operateur'].upper()}", texte, rangee, "amc"))
    return paye, tuple(regles)


def _un(rangee: Ligne, s: Situation, paye: Centimes) -> tuple[Centimes, str]:
    """What is paid after this row, and the sentence that says it."""
    operateur, valeur, libelle = rangee["operateur"], rangee["valeur"], rangee["libelle"]
    if operateur in LIMITES:
        reduit = LIMITES[operateur](paye, valeur, s.quantite)
        return reduit, f"{libelle} : {_euros(reduit)}."
    if operateur in RETENUES:
        montant, texte = RETENUES[operateur](s, valeur)
        return paye + montant, f"{libelle}, {texte} : {_euros(montant)}."
    montant, texte = PAYANTS[operateur](s, valeur)
    libre = s.reste - paye
    limite = f", dans la limite de {_euros(libre)}" if montant > libre else ""
    pris = min(montant, libre)
    return paye + pris, f"{texte}{limite} : {_euros(pris)}."


def _euros(montant: Centimes) -> str:
    return formater(montant, unite="€")
