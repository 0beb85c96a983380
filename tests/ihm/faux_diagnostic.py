"""A diagnostic for the window's tests: it answers the constats it is given, judged and compared as the real ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.diagnostic import Diagnostic
from sesam_desktop.poste.diagnostic_constats import Constat, Niveau, Reparation

BASE_INTEGRE = Constat("BASE", Niveau.INFO, "Base intègre.")


class Examen:
    """`constats` is what the next look finds; what was asked is kept in `demandes`."""

    def __init__(self) -> None:
        self.constats: list[Constat] = [BASE_INTEGRE]
        self.refus: ErreurConnue | None = None
        self.demandes: list[str] = []
        self.repares: list[Constat] = []
        self.communs: list[Path] = []

    def installer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for nom in ("diagnostiquer", "fichiers_communs", "reparer", "rapport"):
            monkeypatch.setattr(f"sesam_desktop.poste.diagnostic.{nom}", getattr(self, nom))

    def diagnostiquer(self, _poste: Any, *, passif: bool = False) -> Diagnostic:
        self.demandes.append("passif" if passif else "complet")
        if self.refus is not None:
            raise self.refus
        return Diagnostic(tuple(self.constats))

    def fichiers_communs(self, _poste: Any, _constat: Constat) -> list[Path]:
        return list(self.communs)

    def reparer(self, _poste: Any, constat: Constat) -> Constat:
        if self.refus is not None:
            raise self.refus
        self.repares.append(constat)
        self.constats = [c for c in self.constats if c is not constat]
        return Constat(constat.code, Niveau.INFO, "C'est réparé.")

    def rapport(self, _poste: Any, diagnostic: Diagnostic) -> str:
        return "\n".join(c.titre for c in diagnostic.constats)


def a_reparer(code: str, titre: str = "Le service des cartes est arrêté.") -> Constat:
    """A constat that the program repairs when asked."""
    return Constat(code, Niveau.KO, titre, "Démarrez-le.", Reparation.AUTO)


def a_guider(code: str, *etapes: str) -> Constat:
    """A constat that a person repairs, step by step."""
    return Constat(code, Niveau.WARN, f"Constat {code}.", "Suivez les étapes.", Reparation.GUIDE, etapes=etapes)
