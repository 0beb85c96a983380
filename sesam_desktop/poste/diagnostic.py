"""Is this workstation fit for work? Small checks, each giving constats; one verdict over them.

Nothing here changes anything, but the evidence that an active diagnostic adds by reading the cards. A passive one
neither talks to a card nor to the network. See docs/diagnostic.md.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sesam_desktop.base.connexion import FICHIER
from sesam_desktop.base.fichiers import traduire
from sesam_desktop.noyau.dates import jour_de
from sesam_desktop.noyau.erreurs import ErreurConnue

from .diagnostic_constats import Constat, Niveau, Origine, Reparation, constat, depuis
from .diagnostic_delta import Delta, comparer, dernier, garder
from .diagnostic_rapport import rapport
from .diagnostic_reparations import fichiers_communs, reparer
from .diagnostic_verdict import Jugement, Verdict, juger

if TYPE_CHECKING:
    from pathlib import Path

    from .controles.examen import Controle, Examen
    from .poste import Poste
    from .sondes import Systeme

__all__ = (
    "Constat", "Delta", "Diagnostic", "Niveau", "Origine", "Reparation", "Verdict", "comparer", "constat", "depuis",
    "dernier", "diagnostiquer", "etat_des_tables", "fichiers_communs", "garder", "prudemment", "rapport", "reparer",
    "seuils",
)
journal = logging.getLogger(__name__)
_GRAVITE = {Niveau.KO: 0, Niveau.WARN: 1, Niveau.INFO: 2}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Constats in the order of the checks."""

    constats: tuple[Constat, ...]

    @property
    def jugement(self) -> Jugement:
        """The verdict with its cause."""
        return juger(self.constats)

    @property
    def verdict(self) -> Verdict:
        return self.jugement.verdict

    def en_dict(self) -> dict[str, Any]:
        from sesam_desktop.noyau.masquage import masquer

        jugement = self.jugement
        return {
            "verdict": jugement.verdict.value, "motif": jugement.motif, "phrase": masquer(jugement.phrase),
            "causes_secondaires": [masquer(phrase) for phrase in jugement.secondaires],
            "constats": [un.en_dict() for un in self.constats],
        }


def diagnostiquer(
    poste: Poste, *, passif: bool = False, aujourd_hui: date | None = None, systeme: Systeme | None = None
) -> Diagnostic:
    """Run every check. `systeme`: the computer to look at, this one by default."""
    from .controles import controles

    examen = _examen(poste, passif, aujourd_hui, systeme)
    return Diagnostic(tuple(sans_doublon(_tous(controles(passif=passif), examen))))


def prudemment(controle: Controle, examen: Examen) -> Iterator[Constat]:
    """The constats of one check; the failure that stops it is one more."""
    try:
        yield from controle(examen)
    except ErreurConnue as erreur:
        yield depuis(erreur)
    except OSError as erreur:
        yield depuis(traduire(erreur, examen.poste.profil), Niveau.WARN)
    except Exception as erreur:  # noqa: BLE001
        # The last resort of somebody whose workstation is broken: a defect in one check must not hide the others.
        yield _interrompu(controle, erreur, examen.poste.profil / FICHIER)


def _interrompu(controle: Controle, erreur: Exception, base: Path) -> Constat:
    """What stopped a check that did not expect it: the base itself, or a defect of the program, kept in the log."""
    import sqlite3

    from sesam_desktop.base.erreurs_sqlite import traduire as traduire_sqlite

    traduite = traduire_sqlite(erreur, base) if isinstance(erreur, sqlite3.Error) else erreur
    if isinstance(traduite, ErreurConnue):
        return depuis(traduite)
    journal.error("le contrôle « %s » s'est interrompu", controle.__name__, exc_info=erreur)
    return constat("CONTROLE_INTERROMPU", objet=controle.__name__)


def sans_doublon(constats: Iterable[Constat]) -> list[Constat]:
    """One constat for a code and an object: the gravest, where the first one stood."""
    retenus: dict[tuple[str, str], Constat] = {}
    for un in constats:
        cle = (un.code, un.objet)
        if cle not in retenus or _GRAVITE[un.niveau] < _GRAVITE[retenus[cle].niveau]:
            retenus[cle] = un
    return list(retenus.values())


def etat_des_tables(poste: Poste, jour: date) -> list[Constat]:
    """The reference tables alone."""
    from .controles.tables import tables

    return list(prudemment(tables, _examen(poste, True, jour, None)))


def seuils() -> dict[str, int]:
    """Thresholds of the checks, shared with what shows the same things."""
    from .controles.examen import seuils as lus

    return lus()


def _tous(controles: Sequence[Controle], examen: Examen) -> Iterator[Constat]:
    for controle in controles:
        yield from prudemment(controle, examen)


def _examen(poste: Poste, passif: bool, jour: date | None, systeme: Systeme | None) -> Examen:
    from .controles.examen import Examen

    maintenant = datetime.now(UTC)
    borne = systeme_de(poste, systeme)
    return Examen(poste, borne, jour or jour_de(maintenant), maintenant, passif)


def systeme_de(poste: Poste, systeme: Systeme | None = None) -> Systeme:
    """The computer around this workstation, its questions capped; nothing surrounds a demonstration."""
    from .sondes import SystemeSimule
    from .sondes_bornees import SystemeBorne

    if systeme is None and poste.configuration.demonstration:
        systeme = SystemeSimule()
    if systeme is None:
        from .sondes_reelles import systeme_reel

        systeme = systeme_reel()
    return SystemeBorne(systeme, seuils()["sonde_s"], seuils()["sondes_s"])
