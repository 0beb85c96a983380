from __future__ import annotations

from pathlib import Path

from sesam_desktop.base import compteurs
from sesam_desktop.base.connexion import Base


def test_chaque_compteur_part_de_un(base: Base) -> None:
    assert [compteurs.suivant("a"), compteurs.suivant("a"), compteurs.suivant("b")] == [1, 2, 1]
    assert (compteurs.courant("a"), compteurs.courant("inconnu")) == (2, 0)


def test_le_compteur_survit_a_la_fermeture(tmp_path: Path) -> None:
    for attendu in (1, 2):
        with Base(tmp_path / "sesam.db"):
            assert compteurs.suivant("a") == attendu
