"""Opening: arguments, whole process, crash dialog."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from sesam_desktop.__main__ import fenetre_demandee
from sesam_desktop.ihm import plantage
from sesam_desktop.ihm.epreuve import PEINTE, REMPLIE
from sesam_desktop.noyau.erreurs import ErreurConnue


@pytest.mark.parametrize("arguments, demande", [
    ([], ("", False, False)),
    (["--demo"], ("", True, False)),
    (["--profil", "P", "--quitter-apres-ouverture"], ("P", False, True)),
    (["--profil", "P", "lots", "envoyer"], None),
    (["--profil"], None),
    (["--json"], None),
    (["--help"], None),
    (["demo", "--sans-fenetre"], None),
])
def test_la_fenetre_ou_la_ligne_de_commande(arguments: list[str], demande: tuple[str, bool, bool] | None) -> None:
    assert fenetre_demandee(arguments) == demande


def _lancer(*arguments: str) -> subprocess.CompletedProcess[str]:
    environnement = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    commande = [sys.executable, "-m", "sesam_desktop", *arguments]
    return subprocess.run(commande, env=environnement, capture_output=True, text=True, timeout=60, check=False)


def _etapes(fini: subprocess.CompletedProcess[str]) -> list[str]:
    return [ligne for ligne in fini.stderr.splitlines() if ligne in (PEINTE, REMPLIE)]


def test_quitter_apres_ouverture_prouve_un_poste_ouvert(profil: Path) -> None:
    fini = _lancer("--profil", str(profil), "--quitter-apres-ouverture")
    assert fini.returncode == 0
    assert (fini.stdout, _etapes(fini)) == ("", [PEINTE, REMPLIE])


def test_un_poste_qui_ne_s_ouvre_pas_se_dit(profil: Path) -> None:
    profil.mkdir(exist_ok=True)
    (profil / "poste.toml").write_text("profession = [", encoding="utf-8")
    fini = _lancer("--profil", str(profil), "--quitter-apres-ouverture")
    assert fini.returncode == 1
    assert (fini.stdout, _etapes(fini)) == ("", [PEINTE])
    assert "poste.toml" in fini.stderr
    assert "Traceback" not in fini.stderr


def test_un_fichier_n_est_pas_un_profil(tmp_path: Path) -> None:
    fichier = tmp_path / "fichier"
    fichier.write_text("")
    fini = _lancer("--profil", str(fichier))
    assert fini.returncode == 2
    assert "attend un dossier" in fini.stderr


@pytest.fixture
def boites(qapp, monkeypatch) -> list[QMessageBox]:
    montrees: list[QMessageBox] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda boite: montrees.append(boite))
    return montrees


def test_un_bogue_donne_un_rapport_masque(boites) -> None:
    plantage.montrer(RuntimeError, RuntimeError("NIR 1 80 19 75 000 001 73"), None)
    assert "a rencontré un défaut" in boites[0].text()
    rapport = Path(boites[0].informativeText().rsplit(" : ", 1)[1])
    assert "000 001" not in rapport.read_text("utf-8")
    rapport.unlink()


def test_une_erreur_connue_se_dit_en_ses_mots(boites) -> None:
    erreur = ErreurConnue("Le disque est plein.", action="Libérez de la place.")
    plantage.montrer(ErreurConnue, erreur, None)
    assert boites[0].text() == "Le disque est plein. Libérez de la place."


def test_des_signaux_sans_nombre_ne_tuent_pas_le_programme() -> None:
    """Far more than True has references at start: without `garder_vrai` the process aborts."""
    programme = """
from PySide6.QtCore import QObject, Signal
from sesam_desktop.ihm.lancement import creer_application, garder_vrai
class Source(QObject):
    dit = Signal(object)
application = creer_application(["essai"])
garder_vrai()
source = Source()
for rang in range(100_000):
    source.dit.emit(rang)
print("vivant")
"""
    environnement = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    fini = subprocess.run([sys.executable, "-c", programme], env=environnement, capture_output=True, text=True,
                          timeout=60, check=False)
    assert (fini.returncode, fini.stdout) == (0, "vivant\n")
