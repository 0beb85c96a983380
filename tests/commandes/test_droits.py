"""`tod` and `loe`."""

from __future__ import annotations

from pathlib import Path

from sesam_desktop.noyau.ressources import ressource

from .ligne import Ligne

TOD = ressource("demonstration", "tod.csv")
LOE, LOI = ressource("demonstration", "loe.txt"), ressource("demonstration", "loi.txt")


def test_tod_importer_puis_chercher(ligne: Ligne) -> None:
    assert ligne.json("tod", "importer", TOD)["effectif"] == 10
    trouve = ligne.json("tod", "chercher", "01", "721", "1234")
    assert {k: trouve[k] for k in ("organisme_destinataire", "centre_informatique", "adresse", "libelle")} == {
        "organisme_destinataire": "721", "centre_informatique": "013", "adresse": "01721@721.01.rss.fr",
        "libelle": "CPAM de démonstration",
    }
    assert trouve["version"]
    assert "CPAM de démonstration" in ligne("tod", "chercher", "01", "721", "0000")[1]
    assert "Absent de la table" in ligne("tod", "chercher", "02", "100", "0000")[1]
    assert "10 lignes" in ligne("tod", "importer", TOD)[1]


def test_tod_refus(ligne: Ligne, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("bonjour", encoding="utf-8")
    assert "[TOD_INVALIDE]" in ligne.refus("tod", "importer", tmp_path / "t.csv")
    assert "[FICHIER_ABSENT]" in ligne.refus("tod", "importer", tmp_path / "absent.csv")
    assert "[ORGANISME_INVALIDE]" in ligne.refus("tod", "chercher", "1", "721", "0000")


def test_loe_importer_appliquer_verifier(ligne: Ligne) -> None:
    assert "[LISTE_ABSENTE]" in ligne.refus("loe", "verifier", "900000001")
    assert ligne.json("loe", "importer", LOE) == {"version": "100", "date": "2026-11-01", "effectif": 5}
    assert "Liste n° 101 du 02/11/2026 installée : 5 cartes" in ligne("loe", "appliquer", LOI)[1]
    assert "[LISTE_NON_CONSECUTIVE]" in ligne.refus("loe", "appliquer", LOI)
    oppose, libre = ligne.json("loe", "verifier", "900000006", "900000002")
    assert oppose == {
        "numero": "900000006", "oppose": True,
        "motif": "Carte inscrite sur la liste d'opposition n° 101 du 02/11/2026.",
    }
    assert libre == {"numero": "900000002", "oppose": False, "motif": ""}
    assert "900000002 : pas en opposition" in ligne("loe", "verifier", "900000002")[1]


def test_loe_refus(ligne: Ligne) -> None:
    assert "[LISTE_OPPOSITION_INVALIDE]" in ligne.refus("loe", "importer", LOI)
    assert ligne("loe", "verifier")[0] == 2
