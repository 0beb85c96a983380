"""Versions and ages of the reference tables; a pharmacy may not work without medicines nor opposition list.

The tables of a demonstration are shipped with the program: nobody has fresher ones, and their age says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sesam_desktop.poste.diagnostic_constats import Constat, Niveau, constat

from .examen import Controle, Examen, seuils

_MEDICAMENTS = ("bdpm", "demonstration")


def tables(examen: Examen) -> Iterator[Constat]:
    """Each table: absent, too old, or its date."""
    referentiels, limite = examen.poste.referentiels, _ages(examen)
    officine = examen.poste.configuration.profession == "pharmacien"
    tod, oppositions = referentiels.version_tod(), referentiels.version_oppositions()
    yield _table("TOD", tod.date if tod else "", examen.jour, limite["tod"])
    yield _table(
        "LOE", oppositions.date if oppositions else "", examen.jour, limite["oppositions"],
        Niveau.KO if officine else None,
    )
    if officine:
        dates = [version.date for version in referentiels.versions() if version.source in _MEDICAMENTS]
        yield _table("MEDICAMENTS", max(dates, default=""), examen.jour, limite["medicaments"])


def _ages(examen: Examen) -> dict[str, int | None]:
    """Greatest age of each table in days, None when it does not count."""
    noms = ("tod", "oppositions", "medicaments")
    if examen.poste.configuration.demonstration:
        return dict.fromkeys(noms)
    return {nom: seuils()[f"age_{nom}_jours"] for nom in noms}


def _table(code: str, du: str, jour: date, limite: int | None, si_absente: Niveau | None = None) -> Constat:
    if not du:
        return constat(f"{code}_ABSENTE", niveau=si_absente)
    age = (jour - date.fromisoformat(du)).days
    if limite is not None and age > limite:
        return constat(f"{code}_ANCIENNE", age=age, limite=limite)
    return constat(code, date=f"{date.fromisoformat(du):%d/%m/%Y}")


CONTROLES: tuple[Controle, ...] = (tables,)
