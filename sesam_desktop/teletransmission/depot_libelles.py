"""Rows of the learnt labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sesam_desktop.base.modeles import LibelleAppris


@dataclass(frozen=True, slots=True)
class LibelleConnu:
    """A code and the words one fund gave it; instants are ISO 8601."""

    code: str
    libelle: str
    organisme: str
    nombre: int
    premier_le: str
    dernier_le: str


def compter(code: str, libelle: str, organisme: str, instant: str, nombre: int = 1) -> None:
    """Heard so many times more. Inside the caller's transaction."""
    LibelleAppris.insert(
        code=code, libelle=libelle, organisme=organisme, nombre=nombre, premier_le=instant, dernier_le=instant
    ).on_conflict(
        conflict_target=[LibelleAppris.code, LibelleAppris.libelle, LibelleAppris.organisme],
        update={LibelleAppris.nombre: LibelleAppris.nombre + nombre, LibelleAppris.dernier_le: instant},
    ).execute()


def de_code(code: str) -> list[LibelleConnu]:
    """What was heard for one code, the most frequent first."""
    return list(_lire(LibelleAppris.code == code))


def tous() -> list[LibelleConnu]:
    """Everything heard, the most frequent first."""
    return list(_lire())


def _lire(*conditions: object) -> Iterator[LibelleConnu]:
    requete = LibelleAppris.select().order_by(LibelleAppris.nombre.desc(), LibelleAppris.libelle)
    for r in requete.where(*conditions) if conditions else requete:
        yield LibelleConnu(r.code, r.libelle, r.organisme, r.nombre, r.premier_le, r.dernier_le)
