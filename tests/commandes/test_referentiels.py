from __future__ import annotations

from pathlib import Path

import pytest

from .ligne import Ligne


def test_importer_puis_chercher_la_demonstration(ligne: Ligne) -> None:
    bilan = ligne.json("referentiels", "importer", "demonstration")
    assert (bilan["source"], bilan["version"], bilan["rejets"]) == ("demonstration", "2026-07-24", [])
    assert bilan["lignes"] >= 25
    (trouve,) = ligne.json("referentiels", "chercher", "3400949497294", "--date", "2026-08-01")
    assert (trouve["cip7"], trouve["taux"], trouve["prix_centimes"], trouve["honoraire_centimes"]) == (
        "4949729", 10000, 2434, 102,
    )
    assert (trouve["remboursable"], trouve["hors_periode"], trouve["version"]) == (True, False, "2026-07-24")
    assert ligne.json("referentiels", "chercher", "anastrozole", "--date", "2026-01-01")[0]["hors_periode"]


def test_reponses_pour_une_personne(ligne: Ligne) -> None:
    assert "41 lignes gardées, 0 rejetées" in ligne("referentiels", "importer", "demonstration")[1]
    statut, sortie, _ = ligne("referentiels", "chercher", "nurofen", "--date", "2026-01-01")
    assert statut == 0
    assert "prix libre, non remboursé — table postérieure à la date demandée" in sortie
    assert "24,34\u00a0€, 100\u00a0%" in ligne("referentiels", "chercher", "anastrozole 30", "--date", "2026-08-01")[1]
    assert ligne("referentiels", "chercher", "zzz")[1] == "Aucun médicament trouvé.\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("importer", "tips", "/tmp"), "SOURCE_INCONNUE"),
        (("importer", "bdpm"), "CHEMIN_ABSENT"),
        (("importer", "bdpm", "absent"), "FICHIER_ABSENT"),
        (("importer", "demonstration", "--version", "hier"), "DATE_INVALIDE"),
        (("chercher", "doliprane"), "REFERENTIEL_ABSENT"),
        (("chercher", "doliprane", "--date", "01/02/2026"), "DATE_INVALIDE"),
    ],
)
def test_refus(arguments: tuple[str, ...], code: str, ligne: Ligne) -> None:
    assert f"[{code}]" in ligne.refus("referentiels", *arguments)


def test_les_premiers_rejets_sont_montres(ligne: Ligne, tmp_path: Path) -> None:
    from tests.referentiels.conftest import PRESENTATIONS, Dossier

    dossier = Dossier(tmp_path)
    chemin = dossier.ecrire(presentations=PRESENTATIONS + "x\ty\n" * 25)
    _, sortie, _ = ligne("referentiels", "importer", "bdpm", chemin, "--version", "2026-07-24")
    assert "CIS_CIP_bdpm.txt, ligne 5 : 2 colonnes au lieu de 12 au moins" in sortie
    assert "et 5 autres (option --json pour tout lire)" in sortie
    assert len(ligne.json("referentiels", "importer", "bdpm", chemin)["rejets"]) == 25


def test_la_vraie_table(ligne: Ligne, donnees_partagees: Path) -> None:
    bilan = ligne.json("referentiels", "importer", "bdpm", donnees_partagees / "bdpm", "--version", "2026-07-24")
    assert (bilan["lignes"], bilan["rejets"]) == (47450, [])
    assert ligne.json("referentiels", "chercher", "doliprane 1000")[0]["cip13"] == "3400935955838"
