"""Scenarios: every shipped file loads, shares hold over a hundred numbers, a bad file is refused with a sentence."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from sesam_desktop.frontal import scenario
from sesam_desktop.frontal.regle import Genre, IncidentReponse, Issue
from sesam_desktop.noyau.erreurs import EntreeInvalide


@pytest.mark.parametrize("nom", scenario.noms())
def test_chaque_scenario_livre_se_charge(nom: str) -> None:
    charge = scenario.charger(nom)
    assert charge.nom == nom
    assert charge.libelle


def test_les_scenarios_promis_sont_livres() -> None:
    promis = {"nominal", "tout_paye", "arl_negatif", "rejets", "silence", "noemie_double", "lent"}
    assert promis <= set(scenario.noms())


@pytest.mark.parametrize("debut", [1, 4242])
def test_les_parts_du_nominal_sont_exactes_sur_cent_numeros(debut: int) -> None:
    nominal = scenario.charger("nominal")
    comptes = Counter(nominal.issue(f"{numero:09d}") for numero in range(debut, debut + 100))
    assert comptes == {Issue.PAYEE: 90, Issue.REJET: 4, Issue.SIGNALEMENT: 3, Issue.MONTANT_DIFFERENT: 3}


@pytest.mark.parametrize(
    ("numero", "attendue"),  # rank = number × 37 modulo 100; 0–3 rejected, 4–6 signalled, 7–9 paid short
    [
        ("000000100", Issue.REJET),              # 3700 → 0
        ("000000019", Issue.REJET),              # 703 → 3
        ("000000092", Issue.SIGNALEMENT),        # 3404 → 4
        ("000000038", Issue.SIGNALEMENT),        # 1406 → 6
        ("000000011", Issue.MONTANT_DIFFERENT),  # 407 → 7
        ("000000057", Issue.MONTANT_DIFFERENT),  # 2109 → 9
        ("000000001", Issue.PAYEE),              # 37
    ],
)
def test_l_issue_ne_depend_que_du_numero(numero: str, attendue: Issue) -> None:
    assert scenario.charger("nominal").issue(numero) is attendue


def test_extremes() -> None:
    assert scenario.charger("rejets").issue("000000001") is Issue.REJET
    assert scenario.charger("tout_paye").issue("000000100") is Issue.PAYEE


def test_un_fichier_donne_par_son_chemin(tmp_path: Path) -> None:
    fichier = tmp_path / "mien.toml"
    texte = 'libelle = "essai"\n[[reponses]]\ngenre = "NOEMIE"\nenvois = 3\n'
    fichier.write_text(texte, encoding="utf-8")
    assert scenario.charger(str(fichier)).reponses == (IncidentReponse(genre=Genre.NOEMIE, envois=3),)


@pytest.mark.parametrize(
    ("contenu", "mot"),
    [
        ("libelle = ", "illisible"),
        ('libelle = "x"\ninconnue = 1\n', "inconnue"),
        ("repondre = true\n", "libelle"),
        ('libelle = "x"\nretenue_centimes = "2"\n', "retenue_centimes"),
        ('libelle = "x"\nretenue_centimes = true\n', "retenue_centimes"),
        ('libelle = "x"\ndelai_traitement_s = -1\n', "delai_traitement_s"),
        ('libelle = "x"\ntls = "mauvais"\n', "tls"),
        ('libelle = "x"\nsmtp = 3\n', "[[smtp]]"),
        ('libelle = "x"\n[smtp]\netape = "contenu"\n', "[[smtp]]"),
        ('libelle = "x"\n[[smtp]]\netape = "contenu"\n', "soit un code"),
        ('libelle = "x"\n[[smtp]]\netape = "contenu"\ncode = 250\n', "250"),
        ('libelle = "x"\n[[smtp]]\netape = "accueil"\ncode = 421\ntexte = "occupé"\n', "accent"),
        ('libelle = "x"\n[[smtp]]\netape = "accueil"\ncoupure = "avant"\n', "coupure"),
        ('libelle = "x"\n[[reponses]]\nenvois = 2\n', "genre"),
        ('libelle = "x"\npartielles_sur_cent = 1\n', "motif_rejet"),
        ('libelle = "x"\n[motif_rejet]\ncode = "12345678901"\nlibelle = "x"\n', "trop long"),
        ('libelle = "x"\nmotif_rejet = "P001"\n', "motif_rejet"),
        ('libelle = "x"\nmontants_differents_sur_cent = 101\n', "dépassent"),
        ('libelle = "x"\n[arl_force]\ncode = "ZZZ"\nlibelle = "x"\n', "ZZZ"),
        ('libelle = "x"\nrejets_sur_cent = 5\n', "motif_rejet"),
        ('libelle = "x"\nsignalements_sur_cent = 5\n', "motif_signalement"),
        ('libelle = "x"\n[motif_rejet]\nkode = "1"\n', "kode"),
    ],
)
def test_un_fichier_fautif_est_refuse(tmp_path: Path, contenu: str, mot: str) -> None:
    fichier = tmp_path / "faux.toml"
    fichier.write_text(contenu, encoding="utf-8")
    with pytest.raises(EntreeInvalide) as refus:
        scenario.charger(str(fichier))
    assert refus.value.code == "SCENARIO_ILLISIBLE"
    assert mot in refus.value.message


def test_un_nom_inconnu_donne_la_liste() -> None:
    with pytest.raises(EntreeInvalide) as refus:
        scenario.charger("absent")
    assert refus.value.code == "SCENARIO_INCONNU"
    assert "nominal" in refus.value.action
