"""Other programs: exact names, a guard list that nothing passes, never anything to remove."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.poste.controles.tiers import en_marche, garde, logiciels_tiers, motifs
from sesam_desktop.poste.diagnostic_constats import Constat
from sesam_desktop.poste.sondes import Processus

from .outils import Ordinateur, declenche, examen


@declenche("LOGICIEL_TIERS_LECTEUR")
def test_ancien_logiciel(tmp_path: Path) -> Iterable[Constat]:
    trouves = list(logiciels_tiers(examen(tmp_path, Ordinateur(programmes=["pyxvital", "notepad", "pyxvital"]))))
    assert [un.objet for un in trouves] == ["Pyxvital"]
    assert "le programme n'y touche pas" in trouves[0].action
    return trouves


@declenche("BASE_TIERCE")
def test_base_d_un_autre_logiciel(tmp_path: Path) -> Iterable[Constat]:
    return logiciels_tiers(examen(tmp_path, Ordinateur(programmes=["postgres"])))


@declenche("CONNECTEURS")
def test_connecteurs(tmp_path: Path) -> Iterable[Constat]:
    return logiciels_tiers(examen(tmp_path, Ordinateur(programmes=["juxtalink", "galsvw32", "galsvw32"])))


@declenche("CONNECTEURS", "CONNECTEUR_EN_DOUBLE")
def test_connecteur_lance_deux_fois(tmp_path: Path) -> Iterable[Constat]:
    trouves = list(logiciels_tiers(examen(tmp_path, Ordinateur(programmes=["dmpconnect-js2"] * 2))))
    assert trouves[1].titre == "DMP Connect (iCanopée) est lancé 2 fois."
    return trouves


def test_rien_de_connu(tmp_path: Path) -> None:
    assert list(logiciels_tiers(examen(tmp_path, Ordinateur(programmes=["java", "firefox", "synchro"])))) == []


@pytest.mark.parametrize(("chemin", "vu"), [
    (r"C:\Program Files\jFSE\jre\bin\java.exe", True),
    ("/opt/jfse/bin/java", True),
    (r"C:\Program Files\Java\bin\java.exe", False),
    (r"C:\jfse-notes\java.exe", False),
    ("", False),
])
def test_java_seul_n_accuse_personne(chemin: str, vu: bool) -> None:
    assert bool(en_marche([Processus(1, "java", chemin)])) is vu


def test_la_liste_de_garde_et_les_motifs_s_excluent() -> None:
    assert {motif.processus for motif in motifs()} & garde() == set()
    assert {"svchost", "acrobat", "teamviewer", "anydesk", "mstsc"} <= garde()


@pytest.mark.parametrize("nom", sorted(garde()))
def test_rien_de_garde_n_est_jamais_nomme(nom: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from sesam_desktop.poste.controles import tiers

    monkeypatch.setattr(tiers, "motifs", lambda: (tiers.Motif(nom, "", "lecteur", "Erreur de liste"),))
    assert en_marche([Processus(1, nom, f"/opt/{nom}")]) == []


@given(st.sampled_from([motif.processus for motif in motifs()]), st.sampled_from(["2", "-helper", "x", " "]))
def test_un_voisin_n_est_pas_reconnu(nom: str, suffixe: str) -> None:
    connus = {motif.processus for motif in motifs()}
    voisin = nom + suffixe
    assert bool(en_marche([Processus(1, voisin, "")])) is (voisin in connus)
