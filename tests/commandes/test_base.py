"""`base verifier`, `sauvegarder`, `restaurer`."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.factures.depot import Factures
from tests.factures.exemples import facture_securisee

from .ligne import Ligne


@pytest.fixture
def remplie(ligne: Ligne) -> Ligne:
    """The command line on a profile with one invoice."""
    with Base(ligne.profil / "sesam.db") as base:
        Factures(base).enregistrer(facture_securisee())
    return ligne


def test_base_intacte(remplie: Ligne) -> None:
    assert remplie.json("base", "verifier") == {"integre": True, "factures": 1, "evenements": 4, "rupture": None}
    assert remplie("base", "verifier") == (0, "Base contrôlée. Factures : 1 ; événements : 4.\n", "")


@pytest.mark.parametrize(
    ("sql", "phrase"),
    [
        ("DROP TRIGGER evenement_fige; UPDATE evenement SET nom = 'payee' WHERE id = 4", "événement 4"),
        ("UPDATE document SET etat = 'payee'", "L'état de la facture 000000001"),
    ],
)
def test_base_rompue(remplie: Ligne, sql: str, phrase: str) -> None:
    with Base(remplie.profil / "sesam.db") as base:
        base.connexion().executescript(sql)
    statut, sortie, erreurs = remplie("--json", "base", "verifier")
    reponse = json.loads(sortie)
    assert (statut, reponse["integre"], erreurs.count("\n")) == (1, False, 1)
    assert phrase in reponse["rupture"]
    assert phrase in erreurs


def test_sauvegarder_puis_restaurer_ailleurs(remplie: Ligne, tmp_path: Path) -> None:
    sauvegarde = tmp_path / "s.zip"
    faite = remplie.json("sauvegarder", sauvegarde)
    assert (faite["factures"], faite["evenements"], faite["fichier"]) == (1, 4, str(sauvegarde))
    remplie.profil = tmp_path / "ailleurs"
    assert remplie.json("restaurer", sauvegarde)["sha256"] == faite["sha256"]
    assert remplie.json("base", "verifier")["factures"] == 1


def test_restaurer_un_autre_fichier(remplie: Ligne, tmp_path: Path) -> None:
    (tmp_path / "autre.zip").write_bytes(b"autre chose")
    assert remplie.refus("restaurer", tmp_path / "autre.zip") == (
        "autre.zip : Ce fichier n'est pas une sauvegarde de Sesam Desktop."
        " Rien n'a été remplacé. Choisissez une autre sauvegarde. [SAUVEGARDE_INVALIDE]\n"
    )
    assert remplie.json("base", "verifier")["integre"]


def test_restaurer_sur_une_base_qui_ne_s_ouvre_plus(remplie: Ligne, tmp_path: Path) -> None:
    remplie.json("sauvegarder", tmp_path / "s.zip")
    (remplie.profil / "sesam.db").write_bytes(b"x" * 5000)
    assert "[BASE_ABIMEE]" in remplie.refus("base", "verifier")
    statut, sortie, _ = remplie("restaurer", tmp_path / "s.zip")
    assert statut == 0
    assert sortie == "Base restaurée, l'ancienne est gardée à côté. Factures : 1 ; événements : 4.\n"
    assert remplie.json("base", "verifier")["integre"]


def test_restaurer_pendant_qu_un_autre_programme_travaille(remplie: Ligne, tmp_path: Path) -> None:
    remplie.json("sauvegarder", tmp_path / "s.zip")
    with closing(sqlite3.connect(remplie.profil / "sesam.db")) as autre:
        autre.execute("SELECT count(*) FROM document").fetchone()
        assert "[BASE_OCCUPEE]" in remplie.refus("restaurer", tmp_path / "s.zip")


@pytest.mark.parametrize("graine", range(12))
def test_base_abimee_au_hasard(remplie: Ligne, graine: int) -> None:
    """Whatever is damaged, the answer is whole, or a sentence: never an internal error."""
    chemin, hasard = remplie.profil / "sesam.db", Random(graine)
    octets = bytearray(chemin.read_bytes())
    for _ in range(hasard.choice([5, 50, 400])):
        octets[hasard.randrange(100, len(octets))] ^= hasard.randrange(1, 256)
    chemin.write_bytes(octets)
    statut, _, erreur = remplie("base", "verifier")
    assert statut in (0, 1)
    assert "interne" not in erreur
    assert (statut == 1) == bool(erreur)
