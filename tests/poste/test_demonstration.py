"""The demonstration workstation: provisioned once, refused on a real profile, cards put in by name."""

import logging
from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste import demonstration
from sesam_desktop.poste.poste import Poste


def test_second_opening_makes_nothing_again(modele: Path, poste: Poste):
    avant = {c: c.stat().st_mtime_ns for d in ("cartes", "certificats") for c in (poste.profil / d).iterdir()}
    poste.fermer()
    demonstration.ouvrir(poste.profil).fermer()
    assert {c: c.stat().st_mtime_ns for c in avant} == avant


def test_an_interrupted_provisioning_goes_on(poste: Poste):
    (poste.profil / "cartes" / "assure.ssv").unlink()
    poste.fermer()
    suite = demonstration.ouvrir(poste.profil)
    suite.environnement.inserer_vitale("assure")
    assert suite.lecteurs.lire_vitale().droits_lus
    suite.fermer()


def test_real_profile_is_refused(profil: Path):
    Poste.ouvrir(profil).fermer()
    with pytest.raises(ErreurConnue) as refus:
        demonstration.ouvrir(profil)
    assert refus.value.code == "PROFIL_REEL"


def test_the_profile_opens_as_a_demonstration_ever_after(poste: Poste):
    poste.fermer()
    rouvert = Poste.ouvrir(poste.profil)
    assert rouvert.lecteurs.ouvrir_session(demonstration.CODE_PORTEUR).nom == "MARTIN"
    rouvert.fermer()


def test_cards_by_name(poste: Poste):
    environnement = poste.environnement
    assert environnement.cartes_vitale()["assure"] == "DURAND PAUL"
    assert list(environnement.cartes_ps())[:3] == ["pharmacien", "infirmier", "medecin"]
    with pytest.raises(ErreurConnue, match="n'existe pas") as refus:
        environnement.inserer_vitale("martien")
    assert "assure" in refus.value.action
    environnement.inserer_vitale("ald")
    assert environnement.vitale_inseree == "ald"
    environnement.inserer_vitale(None)
    assert environnement.vitale_inseree is None


def test_profile_folder_is_private_and_its_failures_are_sentences(tmp_path: Path):
    fichier = tmp_path / "fichier"
    fichier.write_text("")
    with pytest.raises(ErreurConnue):
        Poste.ouvrir(fichier)
    Poste.ouvrir(tmp_path / "neuf").fermer()
    assert (tmp_path / "neuf").stat().st_mode & 0o077 == 0
    assert (tmp_path / "neuf" / "oppositions.cle").stat().st_mode & 0o077 == 0


def test_a_refused_opening_leaves_nothing_open(tmp_path: Path):
    """A database of the future; the log and the other files are let go."""
    with Base(tmp_path / "sesam.db") as base:
        base.connexion().execute("PRAGMA user_version = 99")
    avant = list(logging.getLogger("sesam_desktop").handlers)
    with pytest.raises(ErreurConnue) as refus:
        Poste.ouvrir(tmp_path)
    assert refus.value.code == "BASE_TROP_RECENTE"
    assert logging.getLogger("sesam_desktop").handlers == avant
