"""Lines of auxiliaires médicaux grouped by session.

A line that names its visit (`passage` 1 to 24) is in the session of this visit. Without visits, the lines of one day
are one session, and a quantity of n on a line means that the session took place n times that day with this act:
quantities 2 and 1 make two sessions, the second one without the other line. The two ways do not mix on one day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .contexte import refuser
from .cotation import Demande

DEPLACEMENTS = ("deplacement", "kilometrique")  # kinds of lines that ask for a travel by its name
SUPPLEMENTS = (*DEPLACEMENTS, "majoration")


@dataclass(frozen=True, slots=True)
class Seance:
    """`nombre` identical sessions of one day: their acts, and the supplements asked for by name.

    `premiere`: the first sessions of the day that hold each of their lines.
    """

    jour: date
    nombre: int
    premiere: bool
    actes: tuple[Demande, ...]
    supplements: tuple[Demande, ...]

    @property
    def lignes(self) -> tuple[Demande, ...]:
        return self.actes + self.supplements

    @property
    def partagee(self) -> bool:
        """True when another patient under the same roof bears the travel of this visit."""
        return any(d.saisie.deplacement_partage for d in self.lignes)

    @property
    def au_domicile(self) -> bool:
        """True when the professional came to the patient, whoever bears the travel."""
        demande = any(d.genre in DEPLACEMENTS for d in self.supplements)
        return demande or self.partagee or any(d.saisie.domicile or d.saisie.ik_km for d in self.lignes)

    def demande(self, code: str) -> bool:
        """True when the supplement `code` was asked for by name."""
        return any(d.saisie.acte == code for d in self.supplements)


def seances(demandes: Iterable[Demande]) -> list[Seance]:
    """Sessions in the order of their days, then of their visits. Raises EntreeInvalide (PASSAGE_CONTRADICTOIRE)."""
    par_jour: dict[date, list[Demande]] = {}
    for demande in demandes:
        par_jour.setdefault(demande.jour, []).append(demande)
    return [seance for jour in sorted(par_jour) for seance in _du_jour(jour, par_jour[jour])]


def _du_jour(jour: date, lignes: list[Demande]) -> list[Seance]:
    if any(d.saisie.passage for d in lignes):
        return _par_passages(jour, lignes)
    resultat, faites = [], 0
    for palier in sorted({d.saisie.quantite for d in lignes}):
        presentes = [d for d in lignes if d.saisie.quantite >= palier]
        resultat.append(_seance(jour, presentes, palier - faites, premiere=not faites))
        faites = palier
    return resultat


def _par_passages(jour: date, lignes: list[Demande]) -> list[Seance]:
    for demande in lignes:
        _verifier_passage(demande)
    passages = sorted({d.saisie.passage for d in lignes})
    return [_seance(jour, [d for d in lignes if d.saisie.passage == passage]) for passage in passages]


def _verifier_passage(demande: Demande) -> None:
    if not demande.saisie.passage:
        raise refuser(
            "PASSAGE_CONTRADICTOIRE", "D'autres lignes de ce jour disent leur passage, celle-ci non.",
            f"{demande.champ}.passage", "Donnez un passage à toutes les lignes du jour, ou à aucune.",
        )
    if demande.saisie.quantite > 1:
        raise refuser(
            "PASSAGE_CONTRADICTOIRE", "Une ligne qui dit son passage a eu lieu une fois.",
            f"{demande.champ}.quantite", "Écrivez une ligne par passage, de quantité 1.",
        )


def _seance(jour: date, lignes: list[Demande], nombre: int = 1, *, premiere: bool = True) -> Seance:
    actes = tuple(d for d in lignes if d.genre not in SUPPLEMENTS)
    return Seance(jour, nombre, premiere, actes, tuple(d for d in lignes if d.genre in SUPPLEMENTS))
