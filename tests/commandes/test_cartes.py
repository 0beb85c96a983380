"""`lecteurs` and `carte` as scripts use them, over virtual readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from sesam_desktop.lecteurs.emulation_cps import CpsVirtuelle
from sesam_desktop.lecteurs.virtuel import CanalVirtuel, CarteVirtuelle
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.environnement import EnvironnementReel
from tests.lecteurs.doubles import PS, VITALES, cps, deposer_cartes, vitale

from .ligne import Ligne

Fentes = dict[str, CarteVirtuelle | None]


@pytest.fixture
def fentes(monkeypatch: pytest.MonkeyPatch, profil: Path) -> Fentes:
    """Two empty virtual slots instead of PC/SC, and the cartes virtuelles of the demonstration in the profile."""
    fentes: Fentes = {"gauche": None, "droite": None}
    monkeypatch.setattr(EnvironnementReel, "canaux", lambda _: [CanalVirtuel(fentes)])
    (profil / "cartes").mkdir()
    deposer_cartes(profil / "cartes")
    return fentes


def test_lister(ligne: Ligne, fentes: Fentes) -> None:
    fentes["droite"] = vitale()
    assert ligne.json("lecteurs", "lister") == [
        {"canal": "virtuel", "lecteur": "gauche", "etat": "vide", "atr": "", "carte": None},
        {
            "canal": "virtuel",
            "lecteur": "droite",
            "etat": "presente",
            "atr": "3B751300004409EA9000",
            "carte": "vitale2",
        },
    ]
    statut, texte, _ = ligne("lecteurs", "lister")
    assert statut == 0
    assert "Vitale 2 (ATR 3B 75 13 00 00 44 09 EA 90 00)" in texte


def test_lister_sans_lecteur(ligne: Ligne, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EnvironnementReel, "canaux", lambda _: [CanalVirtuel({})])
    assert ligne.json("lecteurs", "lister") == []
    assert "Aucun lecteur" in ligne("lecteurs", "lister")[1]


def test_lister_sans_service(ligne: Ligne, monkeypatch: pytest.MonkeyPatch) -> None:
    canal = CanalVirtuel({})

    def refuser() -> None:
        raise ErreurConnue("Le service est arrêté.", code="SERVICE_CARTES_ARRETE")

    monkeypatch.setattr(canal, "fentes", refuser)
    monkeypatch.setattr(EnvironnementReel, "canaux", lambda _: [canal])
    assert "SERVICE_CARTES_ARRETE" in ligne.refus("lecteurs", "lister")


def test_lire_les_deux_cartes(ligne: Ligne, fentes: Fentes, monkeypatch: pytest.MonkeyPatch) -> None:
    fentes |= {"gauche": vitale("famille"), "droite": cps("infirmier")}
    monkeypatch.setenv("CODE_ESSAI", "1234")
    lues = ligne.json("lecteurs", "lire", "--code-porteur-env", "CODE_ESSAI")
    assert [b["prenom"] for b in lues["vitale"]["beneficiaires"]] == ["JULIE", "MARC", "ZOE"]
    assert lues["vitale"]["assure"]["nir"] == "2801972000003"
    assert lues["ps"]["identification"] == {"type": "8", "numero": "1000000002", "cle": "5"}
    assert [s["specialite"] for s in lues["ps"]["situations"]] == ["24", "24"]
    texte = ligne("lecteurs", "lire")[1]
    assert "ZOE LEROY" in texte
    assert "HUGO LEFEBVRE" in texte


def test_sans_code_pas_de_situations(ligne: Ligne, fentes: Fentes) -> None:
    fentes |= {"gauche": vitale(), "droite": cps()}
    assert ligne.json("lecteurs", "lire")["ps"]["situations"] == []


def test_une_seule_carte(ligne: Ligne, fentes: Fentes) -> None:
    fentes["gauche"] = vitale()
    assert ligne.json("lecteurs", "lire")["ps"] is None
    statut, _, erreurs = ligne("lecteurs", "lire")
    assert statut == 0
    assert "Il n'y a pas de carte CPS" in erreurs


def test_aucune_carte(ligne: Ligne, fentes: Fentes) -> None:
    assert "CPS_ABSENTE" in ligne.refus("lecteurs", "lire")


def test_code_faux_dit_les_essais_et_ne_recommence_pas(
    ligne: Ligne, fentes: Fentes, monkeypatch: pytest.MonkeyPatch
) -> None:
    carte: CpsVirtuelle = cps()
    fentes |= {"gauche": carte, "droite": vitale()}
    monkeypatch.setenv("CODE_ESSAI", "9999")
    refus = ligne.refus("lecteurs", "lire", "--code-porteur-env", "CODE_ESSAI")
    assert "il reste 2 essais" in refus
    assert "9999" not in refus
    assert carte.essais == 2


def test_variable_vide(ligne: Ligne, fentes: Fentes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CODE_ESSAI", raising=False)
    assert "CODE_ABSENT" in ligne.refus("lecteurs", "lire", "--code-porteur-env", "CODE_ESSAI")


def test_decoder_une_vitale(ligne: Ligne, tmp_path: Path) -> None:
    deposer_cartes(tmp_path)
    decodee = ligne.json("carte", "decoder", tmp_path / "vitale-c2s.ssv")["vitale"]
    assert decodee["numero_serie"] == VITALES["c2s"].numero_serie
    assert decodee["beneficiaires"][0]["service_amo"] == {"code": "01", "debut": "2020-01-01", "fin": "2099-12-31"}
    assert "INES BERNARD" in ligne("carte", "decoder", tmp_path / "vitale-c2s.ssv")[1]


def test_decoder_une_cps(ligne: Ligne, tmp_path: Path) -> None:
    deposer_cartes(tmp_path)
    fichier = tmp_path / "cps-pharmacien-0000000001.ssv"
    assert ligne.json("carte", "decoder", fichier)["ps"]["numero_serie"] == PS["pharmacien"].numero_serie
    assert "1 situation de" in ligne("carte", "decoder", fichier)[1]


@pytest.mark.parametrize(
    ("octets", "code"),
    [(b"", "PAS_UNE_VITALE"), (b"\x00\x65\x7f", "ZONE_INVALIDE"), (b"bonjour", "ZONE_INVALIDE")],
)
def test_decoder_refuse_autre_chose(ligne: Ligne, tmp_path: Path, octets: bytes, code: str) -> None:
    fichier = tmp_path / "essai.ssv"
    fichier.write_bytes(octets)
    refus = ligne.refus("carte", "decoder", fichier)
    assert refus.startswith("essai.ssv")
    assert code in refus


def test_decoder_un_fichier_absent(ligne: Ligne, tmp_path: Path) -> None:
    assert "FICHIER_ABSENT" in ligne.refus("carte", "decoder", tmp_path / "rien.ssv")
    assert "FICHIER_ILLISIBLE" in ligne.refus("carte", "decoder", tmp_path)


def test_essayer(ligne: Ligne, fentes: Fentes) -> None:
    fentes["gauche"], fentes["droite"] = cps(), vitale()
    reponse = ligne.json("lecteurs", "essayer")
    assert reponse["reussi"] is True
    lues = [(carte["role"], carte["lue"], carte["code"]) for carte in reponse["cartes"]]
    assert lues == [("cps", True, None), ("vitale", True, None)]
    assert reponse["ssv"] is None


def test_essayer_sans_vitale_dit_laquelle_et_finit_en_1(ligne: Ligne, fentes: Fentes) -> None:
    fentes["gauche"] = cps()
    statut, texte, _ = ligne("lecteurs", "essayer")
    assert statut == 1
    assert "Carte CPS : lue en" in texte
    assert "Carte Vitale : Il n'y a pas de carte Vitale dans les lecteurs." in texte
