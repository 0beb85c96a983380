from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from PIL import Image

from sesam_desktop.noyau.erreurs import Annulation, ErreurConnue
from sesam_desktop.pieces import numerisation
from sesam_desktop.pieces.numerisation import Numeriseur, lister, numeriser

avec_sane = pytest.mark.skipif(shutil.which("scanimage") is None, reason="sane-utils absent")


@avec_sane
def test_numeriser_avec_le_peripherique_d_essai_de_sane(tmp_path: Path) -> None:
    chemin = tmp_path / "page.png"
    assert numeriser("test", chemin, options=("--test-picture", "Grid")) == chemin
    with Image.open(chemin) as image:
        assert image.mode == "L"
        assert round(image.info["dpi"][0]) == 200


@avec_sane
def test_un_peripherique_absent_est_une_phrase(tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue) as vu:
        numeriser("inconnu:0", tmp_path / "page.png")
    assert vu.value.code == "NUMERISEUR_ABSENT"
    assert list(tmp_path.iterdir()) == []


@avec_sane
def test_une_option_refusee_par_le_peripherique(tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue) as vu:
        numeriser("test", tmp_path / "page.png", options=("--inconnue",))
    assert vu.value.code == "NUMERISATION_ECHOUEE"


def test_le_programme_absent_est_une_phrase(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(numerisation, "PROGRAMME", "scanimage-absent")
    for action in (lister, lambda: numeriser("test", tmp_path / "page.png")):
        with pytest.raises(ErreurConnue) as vu:
            action()
        assert (vu.value.code, "sane-utils" in vu.value.action) == ("NUMERISEUR_ABSENT", True)


@pytest.fixture
def faux_programme(monkeypatch, tmp_path: Path):
    """A shell script in the place of scanimage."""

    def installer(corps: str) -> None:
        script = tmp_path / "scanimage"
        script.write_text(f"#!/bin/sh\n{corps}\n")
        script.chmod(0o700)
        monkeypatch.setattr(numerisation, "PROGRAMME", str(script))

    return installer


def test_un_numeriseur_muet_est_abandonne(faux_programme, tmp_path: Path) -> None:
    faux_programme("exec sleep 60")
    debut = time.monotonic()
    with pytest.raises(ErreurConnue) as vu:
        numeriser("test", tmp_path / "page.png", delai_s=0.3)
    assert vu.value.code == "NUMERISATION_TROP_LONGUE"
    assert time.monotonic() - debut < 10


def test_annuler_arrete_le_programme(faux_programme, tmp_path: Path) -> None:
    faux_programme("exec sleep 60")
    debut = time.monotonic()
    with pytest.raises(Annulation):
        numeriser("test", tmp_path / "page.png", annuler=lambda: True)
    assert time.monotonic() - debut < 10
    assert not (tmp_path / "page.png").exists()


def test_lister_les_numeriseurs(faux_programme) -> None:
    faux_programme("printf 'epson2:libusb:001:004\\tEpson GT-1500\\nbruit\\n'")
    assert lister() == [Numeriseur("epson2:libusb:001:004", "Epson GT-1500")]


def test_aucun_numeriseur(faux_programme) -> None:
    faux_programme("exit 0")
    assert lister() == []
