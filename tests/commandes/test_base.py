"""`base verifier`, `sauvegarder`, `restaurer`: the command line contract, run as a script would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.commandes import lancer
from sesam_desktop.factures.depot import Factures
from tests.factures.exemples import facture_securisee


def _lancer(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as sortie:
        lancer([str(a) for a in arguments])
    lu = capsys.readouterr()
    return int(sortie.value.code or 0), lu.out, lu.err


def _json(capsys: pytest.CaptureFixture[str], profil: Path, *arguments: object) -> Any:
    statut, sortie, _ = _lancer(capsys, "--profil", profil, "--json", *arguments)
    assert statut == 0
    return json.loads(sortie)


@pytest.fixture
def rempli(profil: Path) -> Path:
    """A profile with one invoice."""
    with Base(profil / "sesam.db") as base:
        Factures(base).enregistrer(facture_securisee())
    return profil


def test_base_intacte(rempli: Path, capsys: pytest.CaptureFixture[str]) -> None:
    attendu = {"integre": True, "factures": 1, "evenements": 4, "rupture": None}
    assert _json(capsys, rempli, "base", "verifier") == attendu
    statut, sortie, _ = _lancer(capsys, "--profil", rempli, "base", "verifier")
    assert (statut, sortie) == (0, "Base contrôlée. Factures : 1 ; événements : 4.\n")


@pytest.mark.parametrize(
    ("sql", "phrase"),
    [
        ("DROP TRIGGER evenement_fige; UPDATE evenement SET nom = 'payee' WHERE id = 4", "événement 4"),
        ("UPDATE document SET etat = 'payee'", "L'état de la facture 000000001"),
    ],
)
def test_base_rompue(rempli: Path, capsys: pytest.CaptureFixture[str], sql: str, phrase: str) -> None:
    with Base(rempli / "sesam.db") as base:
        base.connexion().executescript(sql)
    statut, sortie, erreur = _lancer(capsys, "--profil", rempli, "--json", "base", "verifier")
    reponse = json.loads(sortie)
    assert (statut, reponse["integre"]) == (1, False)
    assert phrase in reponse["rupture"]
    assert phrase in erreur
    assert erreur.count("\n") == 1


def test_sauvegarder_puis_restaurer_ailleurs(rempli: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sauvegarde, ailleurs = tmp_path / "s.zip", tmp_path / "ailleurs"
    faite = _json(capsys, rempli, "sauvegarder", sauvegarde)
    assert (faite["factures"], faite["evenements"], faite["fichier"]) == (1, 4, str(sauvegarde))
    assert _json(capsys, ailleurs, "restaurer", sauvegarde)["sha256"] == faite["sha256"]
    assert _json(capsys, ailleurs, "base", "verifier")["factures"] == 1


def test_restaurer_un_autre_fichier(rempli: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "autre.zip").write_bytes(b"autre chose")
    statut, sortie, erreur = _lancer(capsys, "--profil", rempli, "restaurer", tmp_path / "autre.zip")
    assert (statut, sortie) == (1, "")
    assert erreur == (
        "autre.zip : Ce fichier n'est pas une sauvegarde de Sesam Desktop."
        " Rien n'a été remplacé. Choisissez une autre sauvegarde. [SAUVEGARDE_INVALIDE]\n"
    )
    assert _json(capsys, rempli, "base", "verifier")["integre"]


def test_restaurer_sur_une_base_qui_ne_s_ouvre_plus(
    rempli: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _json(capsys, rempli, "sauvegarder", tmp_path / "s.zip")
    (rempli / "sesam.db").write_bytes(b"x" * 5000)
    statut, _, erreur = _lancer(capsys, "--profil", rempli, "base", "verifier")
    assert statut == 1
    assert "[BASE_ABIMEE]" in erreur
    statut, sortie, _ = _lancer(capsys, "--profil", rempli, "restaurer", tmp_path / "s.zip")
    assert statut == 0
    assert sortie == "Base restaurée, l'ancienne est gardée à côté. Factures : 1 ; événements : 4.\n"
    assert _json(capsys, rempli, "base", "verifier")["integre"]
