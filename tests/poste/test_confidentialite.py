"""Nothing personal leaves the workstation by its files' modes, its log, its reports or its answers."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.base import sauvegardes
from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_ps_de_demonstration
from sesam_desktop.commandes import lancer
from sesam_desktop.noyau import masquage
from sesam_desktop.poste import boucle, demonstration
from sesam_desktop.poste.demonstration import CODE_PORTEUR
from sesam_desktop.poste.journal import rapporter_bogue
from sesam_desktop.poste.poste import Poste


@pytest.fixture(params=[0o022, 0o000], ids=["022", "000"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    avant = os.umask(request.param)
    yield request.param
    os.umask(avant)


def est_un_certificat(chemin: Path) -> bool:
    return chemin.suffix == ".pem" and not chemin.name.endswith(".cle.pem")


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_every_file_of_a_profile_is_its_owners_only(umask: int, tmp_path: Path):
    """Folders too. Only certificates, which are public, may be read; a folder that nobody enters hides them."""
    poste = demonstration.ouvrir(tmp_path / "profil")
    logging.getLogger("sesam_desktop").error("pour qu'il y ait un journal")
    boucle.jouer(poste, 12)
    sauvegardes.sauvegarder(poste.base, tmp_path / "profil" / "copie.zip")
    ouverts = {
        str(chemin.relative_to(tmp_path)): oct(stat.S_IMODE(chemin.stat().st_mode))
        for chemin in (tmp_path / "profil", *(tmp_path / "profil").rglob("*"))
        if stat.S_IMODE(chemin.stat().st_mode) & 0o077 and not est_un_certificat(chemin)
    }
    poste.fermer()
    assert ouverts == {}
    assert (tmp_path / "profil" / "journaux" / "sesam.log").exists()


def secrets_de_la_demonstration() -> set[str]:
    """NIR, names and first names of every card (three letters at least), the code porteur between spaces."""
    vitales, ps = dict(cartes_de_demonstration()).values(), dict(cartes_ps_de_demonstration()).values()
    personnes = [personne for carte in vitales for personne in carte.beneficiaires]
    secrets = {carte.assure.nir for carte in vitales} | {p.nir_certifie for p in personnes if p.nir_certifie}
    secrets |= {nom for p in personnes for nom in (p.nom_usuel, p.nom_patronymique)}
    return secrets | {carte.nom for carte in ps} | {carte.identification.numero for carte in ps}


def exiger_sans_secret(texte: str, ou: str) -> None:
    trouves = [s for s in secrets_de_la_demonstration() if re.search(rf"\b{re.escape(s)}\b", texte, re.IGNORECASE)]
    assert trouves == [], ou
    assert not re.search(rf"(?<![0-9.,:]){CODE_PORTEUR}(?![0-9])", texte), ou
    assert "PRIVATE KEY" not in texte, ou
    assert not re.search(r"[A-Za-z0-9+/]{80}", texte), ou


def test_the_whole_loop_at_debug_level_tells_nothing(tmp_path: Path):
    """Every logger of the process, ours and the libraries', as the program's own log writes them."""
    from sesam_desktop.poste.journal import FormatMasque

    tampon = io.StringIO()
    sortie = logging.StreamHandler(tampon)
    sortie.setFormatter(FormatMasque("%(name)s %(message)s"))
    racine, niveau = logging.getLogger(), logging.getLogger().level
    racine.addHandler(sortie)
    racine.setLevel(logging.DEBUG)
    poste = demonstration.ouvrir(tmp_path / "profil")
    logging.getLogger("sesam_desktop").setLevel(logging.DEBUG)
    try:
        logging.getLogger("sesam_desktop.essai").debug("le journal est ouvert")
        boucle.jouer(poste, 20)
        journal = tmp_path / "profil" / "journaux" / "sesam.log"
        exiger_sans_secret(tampon.getvalue(), "journal de toutes les bibliothèques")
        exiger_sans_secret(journal.read_text(encoding="utf-8"), "journal du poste")
        assert "le journal est ouvert" in journal.read_text(encoding="utf-8")
    finally:
        poste.fermer()
        logging.getLogger("sesam_desktop").setLevel(logging.NOTSET)
        racine.setLevel(niveau)
        racine.removeHandler(sortie)


def test_a_crash_report_and_the_diagnostic_tell_nothing(
    poste: Poste, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    boucle.jouer(poste, 12)
    carte = dict(cartes_de_demonstration())["assure"]
    try:
        raise ValueError(carte, base64.b64encode(bytes(90)), f"code porteur : {CODE_PORTEUR}")
    except ValueError as erreur:
        rapporter_bogue(erreur)
    (rapport,) = tmp_path.glob("sesam-rapport-*")
    exiger_sans_secret(rapport.read_text(encoding="utf-8"), "rapport de panne")
    assert stat.S_IMODE(rapport.stat().st_mode) & 0o077 == 0
    profil = poste.profil
    poste.fermer()
    masquage.oublier()
    for arguments in (["diagnostic"], ["diagnostic", "--passif"], ["base", "verifier"]):
        with pytest.raises(SystemExit):
            lancer(["--profil", str(profil), "--json", *arguments])
        lu = capsys.readouterr()
        json.loads(lu.out)
        exiger_sans_secret(lu.out + lu.err, " ".join(arguments))
