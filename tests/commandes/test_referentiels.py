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
    assert "41 lignes gardées, 0 rejetée." in ligne("referentiels", "importer", "demonstration")[1]
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
        (("importer", "conventions", "/tmp", "--version", "2026-01-01"), "VERSION_SANS_OBJET"),
        (("importer", "conventions", "absent.csv"), "FORMAT_INVALIDE"),
        (("importer", "bdpm", "absent"), "FICHIER_ABSENT"),
        (("importer", "demonstration", "--version", "hier"), "DATE_INVALIDE"),
        (("chercher", "doliprane"), "REFERENTIEL_ABSENT"),
        (("chercher", "doliprane", "--date", "01/02/2026"), "DATE_INVALIDE"),
    ],
)
def test_refus(arguments: tuple[str, ...], code: str, ligne: Ligne) -> None:
    assert f"[{code}]" in ligne.refus("referentiels", *arguments)


def test_une_source_inconnue_dit_celles_qui_s_importent(ligne: Ligne) -> None:
    refus = ligne.refus("referentiels", "importer", "tips", "/tmp")
    assert "conventions (conventions et formules des complémentaires)" in refus


def test_les_conventions_du_professionnel(ligne: Ligne, tmp_path: Path) -> None:
    from tests.referentiels.test_conventions_amc import CONVENTIONS

    table = tmp_path / "mutuelles.csv"
    table.write_text(CONVENTIONS, encoding="utf-8")
    sortie = ligne("referentiels", "importer", "conventions", table)[1]
    assert "conventions, version du 2026.05 : 1 ligne gardée, 0 rejetée." in sortie


def test_les_premiers_rejets_sont_montres(ligne: Ligne, tmp_path: Path) -> None:
    from tests.referentiels.conftest import PRESENTATIONS, Dossier

    dossier = Dossier(tmp_path)
    chemin = dossier.ecrire(presentations=PRESENTATIONS + "x\ty\n" * 25)
    _, sortie, _ = ligne("referentiels", "importer", "bdpm", chemin, "--version", "2026-07-24")
    assert "CIS_CIP_bdpm.txt, ligne 5 : nombre de colonnes : 2 au lieu de 12 au moins" in sortie
    assert "et 5 autres (option --json pour tout lire)" in sortie
    assert len(ligne.json("referentiels", "importer", "bdpm", chemin)["rejets"]) == 25


def test_la_vraie_table(ligne: Ligne, donnees_partagees: Path) -> None:
    bilan = ligne.json("referentiels", "importer", "bdpm", donnees_partagees / "bdpm", "--version", "2026-07-24")
    assert (bilan["lignes"], bilan["rejets"]) == (47648, [])  # 198 lines of the hybrid groups
    assert ligne.json("referentiels", "chercher", "doliprane 1000")[0]["cip13"] == "3400935955838"


@pytest.fixture
def lpp(tmp_path: Path) -> Path:
    from tests.referentiels.test_lpp import IR, NT

    (tmp_path / "NT_LPP.csv").write_text(NT + "1100040;PPC FORFAIT;;0;S;O\n1100041;FAUX;;0;A;N\n", encoding="utf-8")
    (tmp_path / "IR_LPP_V.csv").write_text(IR + "1100040;12NOV2013:00:00:00;21.00;0.00\n", encoding="utf-8")
    return tmp_path


def test_importer_et_chercher_la_lpp(ligne: Ligne, lpp: Path) -> None:
    bilan = ligne.json("referentiels", "importer", "lpp", lpp, "--version", "2026-01-01")
    assert (bilan["source"], bilan["version"], bilan["lignes"], len(bilan["rejets"])) == ("lpp", "2026-01-01", 1, 1)
    (article,) = ligne.json("referentiels", "chercher", "1100040", "--date", "2026-03-02")
    assert (article["source"], article["tarif_centimes"], article["date_tarif"]) == ("lpp", 2100, "2013-11-12")
    assert ligne.json("referentiels", "chercher", "ppc", "--source", "lpp")[0]["code"] == "1100040"
    assert ligne("referentiels", "chercher", "ppc", "--source", "lpp")[1] == (
        "1100040  PPC FORFAIT : 21,00\u00a0€ depuis le 12/11/2013 · service\nTable lpp, version du 2026-01-01.\n"
    )
    assert ligne("referentiels", "chercher", "zzz", "--source", "lpp")[1] == "Rien trouvé dans cette table.\n"


def test_chercher_dans_une_table_absente(ligne: Ligne) -> None:
    assert "[REFERENTIEL_ABSENT]" in ligne.refus("referentiels", "chercher", "1104")
    assert "[SOURCE_INCONNUE]" in ligne.refus("referentiels", "chercher", "ppc", "--source", "tips")


def test_lister_les_versions(ligne: Ligne, lpp: Path) -> None:
    ligne("referentiels", "importer", "lpp", lpp, "--version", "2026-01-01")
    ligne("referentiels", "importer", "lpp", lpp, "--version", "2099-01-01")
    etats = {e["source"]: e for e in ligne.json("referentiels", "versions")}
    assert (etats["lpp"]["version"], etats["lpp"]["lignes"], etats["lpp"]["rejets"]) == ("2026-01-01", 1, 1)
    assert etats["lpp"]["suivante"] == "2099-01-01"
    assert [v["version"] for v in etats["lpp"]["versions"]] == ["2099-01-01", "2026-01-01"]
    assert etats["nabm"]["version"] == ""
    sortie = ligne("referentiels", "versions")[1]
    assert "version du 2026-01-01, 1 ligne, 1 rejetée ; suivante le 2099-01-01" in sortie
    assert "nomenclature des actes de biologie médicale : aucune version importée" in sortie


def test_comparer_deux_versions(ligne: Ligne, lpp: Path) -> None:
    ligne("referentiels", "importer", "lpp", lpp, "--version", "2026-01-01")
    lignes = "".join(f"{c};ARTICLE;;0;A;N\n" for c in ("1100028", "1100034")) + "1100040;PPC BIS;;0;S;O\n"
    from tests.referentiels.test_lpp import NT

    (lpp / "NT_LPP.csv").write_text(NT + lignes, encoding="utf-8")
    ligne("referentiels", "importer", "lpp", lpp, "--version", "2026-02-01")
    arguments = ("referentiels", "differences", "lpp", "2026-01-01", "2026-02-01")
    reponse = ligne.json(*arguments)
    assert (reponse["ajouts"], reponse["retraits"], reponse["modifications"]) == (2, 0, 1)
    assert reponse["lignes"][-1]["champs"] == [{"nom": "libelle", "avant": "PPC FORFAIT", "apres": "PPC BIS"}]
    sortie = ligne(*arguments)[1]
    assert "lpp, du 2026-01-01 au 2026-02-01 : 2 ajouts, 0 retrait, 1 modification." in sortie
    assert '1100040 PPC BIS : libelle "PPC FORFAIT" → "PPC BIS"' in sortie
    assert "[VERSION_INCONNUE]" in ligne.refus("referentiels", "differences", "lpp", "2026-01-01", "2026-03-01")


def test_une_version_inconnue_dit_celles_qui_existent(ligne: Ligne, lpp: Path) -> None:
    ligne("referentiels", "importer", "lpp", lpp, "--version", "2026-01-01")
    refus = ligne.refus("referentiels", "differences", "lpp", "2026-01-01", "2026-03-01")
    assert "n'a pas de version du 01/03/2026 sur ce poste. Choisissez deux de ses versions : 2026-01-01." in refus
    assert "Aucune n'a été importée." in ligne.refus("referentiels", "differences", "ccam", "2026-01-01", "2026-03-01")


def test_les_differences_se_lisent(ligne: Ligne, tmp_path: Path) -> None:
    """Amounts and rates as people write them, long cells cut, what is not shown counted."""
    from tests.referentiels.conftest import PRESENTATIONS, Dossier

    dossier = Dossier(tmp_path)
    ligne("referentiels", "importer", "bdpm", dossier.ecrire(), "--version", "2026-07-24")
    changees = PRESENTATIONS.replace("24,34\t25,36", "23,00\t24,02").replace("65%", "30%")
    longue = changees.replace("plaquette(s) de 90", "plaquette(s) " + "x" * 80 + " de 90")
    ligne("referentiels", "importer", "bdpm", dossier.ecrire(presentations=longue), "--version", "2026-08-24")
    sortie = ligne("referentiels", "differences", "bdpm", "2026-07-24", "2026-08-24")[1]
    assert "0 ajout, 0 retrait, 3 modifications." in sortie
    assert "prix 24,34\u00a0€ → 23,00\u00a0€, prix_avec_honoraire 25,36\u00a0€ → 24,02\u00a0€" in sortie
    assert "taux 65\u00a0% → 30\u00a0%" in sortie
    assert f'→ "plaquette(s) {"x" * 46}…' in sortie


def test_les_versions_d_avant_sont_dites(ligne: Ligne, lpp: Path) -> None:
    for version in ("2024-01-01", "2025-01-01", "2026-01-01"):
        ligne("referentiels", "importer", "lpp", lpp, "--version", version)
    assert "version du 2026-01-01, 1 ligne, 1 rejetée ; avant : 2025-01-01, 2024-01-01" in (
        ligne("referentiels", "versions")[1]
    )


def test_un_code_de_sept_chiffres_inconnu_montre_ou_chercher(ligne: Ligne) -> None:
    ligne("referentiels", "importer", "demonstration")
    assert "--source lpp" in ligne("referentiels", "chercher", "2140455")[1]
