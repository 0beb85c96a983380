"""The command: what it prints, compares, repairs and writes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from sesam_desktop.commandes.racine import racine
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste import diagnostic as module
from sesam_desktop.poste.poste import Poste
from tests.poste.controles.outils import DEUX_CARTES, Ordinateur
from tests.poste.controles.postes import neuf

__all__ = ["neuf"]


def lancer(profil: Path, *arguments: str) -> str:
    fait = CliRunner().invoke(racine, ["--profil", str(profil), *arguments])
    assert fait.exit_code == 0, fait.output
    return fait.output


def test_commande(poste: Poste) -> None:
    poste.fermer()
    document = json.loads(lancer(poste.profil, "--json", "diagnostic", "--passif"))
    assert document["verdict"] == "A_TESTER"
    assert document["constats"][0].keys() >= {"code", "niveau", "titre", "action", "reparation"}
    assert {un["reparation"] for un in document["constats"]} <= {"auto", "guide", "aucune"}
    texte = lancer(poste.profil, "diagnostic", "--passif")
    assert texte.startswith("A_TESTER : Rien ne bloque")
    assert "La base s'ouvre" in texte


def test_commande_dit_le_pire_d_abord_et_ses_etapes(neuf: Poste, monkeypatch: pytest.MonkeyPatch) -> None:
    neuf.fermer()
    monkeypatch.setattr(module, "systeme_de", lambda *_: Ordinateur())
    monkeypatch.setattr("sesam_desktop.poste.lecteurs.ServiceLecteurs.fentes", lambda _: [])
    lignes = lancer(neuf.profil, "diagnostic", "--passif").splitlines()
    niveaux = [ligne[:4].strip() for ligne in lignes if ligne[:4].strip() in ("KO", "WARN", "INFO")]
    assert niveaux == sorted(niveaux, key=["KO", "WARN", "INFO"].index)
    absent = next(rang for rang, un in enumerate(lignes) if rang and "Aucun lecteur de cartes" in un)
    assert lignes[absent + 1].startswith("     1. Branchez le lecteur sur une prise USB")


def test_commande_lecture_puis_avant_apres(poste: Poste) -> None:
    poste.fermer()
    profil = poste.profil
    premier = json.loads(lancer(profil, "--json", "diagnostic", "--passif", "--avant-apres"))
    assert [un["code"] for un in premier["delta"]["nouveaux"]] == ["LECTURE_NON_PROUVEE"]  # nothing was known before
    for role in ("cps", "vitale"):
        poste.lecteurs.temoin.noter(role, reussie=True, duree_s=1)
    second = json.loads(lancer(profil, "--json", "diagnostic", "--passif", "--avant-apres"))
    assert second["verdict"] == "OK"
    assert [un["code"] for un in second["delta"]["corriges"]] == ["LECTURE_NON_PROUVEE"]
    assert second["delta"]["restants"] == second["delta"]["nouveaux"] == []
    assert "Aucun problème, avant ni après." in lancer(profil, "diagnostic", "--passif", "--avant-apres")


def test_commande_reparer(poste: Poste) -> None:
    poste.fermer()
    shutil.rmtree(poste.profil / "certificats")
    document = json.loads(lancer(poste.profil, "--json", "diagnostic", "--passif", "--reparer"))
    assert [un["code"] for un in document["reparations"]] == ["REPARATION_FAITE"]
    assert (poste.profil / "certificats").is_dir()
    assert "PROFIL_DOSSIER_ABSENT" not in {un["code"] for un in document["constats"]}


@pytest.mark.parametrize(("reponse", "ecrit"), [((), False), (("--oui",), True)])
def test_commande_reparer_ne_reecrit_pas_un_fichier_commun_sans_accord(
    neuf: Poste, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reponse: tuple[str, ...], ecrit: bool
) -> None:
    commun = tmp_path / "commun" / "galss.ini"
    commun.parent.mkdir()
    neuf.fermer()
    systeme = Ordinateur(programmes=["dmpconnect-js2"], places={"galss": [commun]})
    monkeypatch.setattr(module, "systeme_de", lambda *_: systeme)
    monkeypatch.setattr("sesam_desktop.poste.lecteurs.ServiceLecteurs.fentes", lambda _: DEUX_CARTES)
    document = json.loads(lancer(neuf.profil, "--json", "diagnostic", "--passif", "--reparer", *reponse))
    faites = {un["code"]: un["titre"] for un in document["reparations"]}
    assert commun.exists() is ecrit
    assert ("--oui" in faites.get("REPARATION_REFUSEE", "")) is not ecrit
    assert (neuf.profil / "certificats").is_dir()  # what is ours was repaired either way


def test_commande_rapport(poste: Poste, tmp_path: Path) -> None:
    poste.fermer()
    chemin = tmp_path / "rapport.txt"
    document = json.loads(lancer(poste.profil, "--json", "diagnostic", "--passif", "--rapport", str(chemin)))
    assert document["rapport"] == str(chemin)
    assert "Verdict : A_TESTER" in chemin.read_text(encoding="utf-8")


def test_un_disque_qui_refuse_ne_cache_pas_le_diagnostic(poste: Poste, monkeypatch: pytest.MonkeyPatch) -> None:
    def plein(*_: object) -> None:
        raise ErreurConnue("Le disque est plein.", code="DISQUE_PLEIN")

    poste.fermer()
    monkeypatch.setattr("sesam_desktop.poste.diagnostic_delta.remplacer", plein)
    assert json.loads(lancer(poste.profil, "--json", "diagnostic", "--passif"))["constats"]
