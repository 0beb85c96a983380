"""Whole workstations for the checks: a demonstration one under examination, and a real one at its first opening."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from sesam_desktop.lecteurs.canal import Etat, Fente
from sesam_desktop.poste.controles.examen import Examen
from sesam_desktop.poste.diagnostic import Constat, Diagnostic, Niveau
from sesam_desktop.poste.poste import Poste
from tests.poste.controles.outils import JOUR, MIDI, Ordinateur


def codes(constats: Iterable[Constat] | Diagnostic, niveau: Niveau | None = None) -> set[str]:
    tous = constats.constats if isinstance(constats, Diagnostic) else constats
    return {c.code for c in tous if niveau in (None, c.niveau)}


@pytest.fixture
def examen(poste: Poste) -> Examen:
    return Examen(poste, Ordinateur(), JOUR, MIDI, passif=False)


@pytest.fixture
def neuf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Poste]:
    """A real workstation at its first opening, without any reader."""
    poste = Poste.ouvrir(tmp_path / "neuf")
    monkeypatch.setattr(poste.lecteurs, "fentes", lambda: [Fente("pcsc", "", Etat.ABSENTE)])
    yield poste
    poste.fermer()
