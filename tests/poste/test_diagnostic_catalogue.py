"""The catalogue is whole: every row is triggered by a test, every known failure is answered for or set aside."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from sesam_desktop import poste as paquet
from sesam_desktop.noyau.ressources import ressource
from sesam_desktop.poste.diagnostic_constats import Niveau, Reparation, catalogue
from sesam_desktop.poste.diagnostic_tables import lire_table
from tests.poste import test_diagnostic, test_diagnostic_delta, test_sondes_bornees
from tests.poste.controles import (
    outils,
    test_enregistrement,
    test_envoi,
    test_essai,
    test_galss,
    test_lecteurs,
    test_lectures,
    test_pile,
    test_poste,
    test_sesam,
    test_tables,
    test_tiers,
)

SOURCES = Path(paquet.__file__).parent
DOCUMENT = ressource().parent / "docs" / "diagnostic.md"
PANNES = set(range(1, 73))
ESSAIS = (
    test_diagnostic, test_diagnostic_delta, test_sondes_bornees, test_galss, test_lectures, test_lecteurs, test_pile,
    test_poste, test_sesam, test_tiers, test_tables, test_enregistrement, test_essai, test_envoi,
)
# Codes given to `declenche` by a parametrised test, when it runs.
PARAMETRES = {
    "DISQUE", "DISQUE_PRESQUE_PLEIN", "DISQUE_PLEIN", "SAC_ACTIF", "SAC_EVALUATION", "VERSION_SYSTEME",
    "CRYPTOLIB_GALSS", "SESAM_AUTRE_ARCHITECTURE", "MAUVAISE_VITALE", "CARTES_TEST_ET_REELLE", "CPS_VUE_MAIS_REFUSEE",
}


def test_chaque_constat_a_un_essai_qui_le_declenche() -> None:
    assert ESSAIS
    assert set(catalogue()) == outils.DECLENCHES | PARAMETRES
    textes = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in ESSAIS)
    assert {code for code in PARAMETRES if f'"{code}"' not in textes} == set()


def test_chaque_panne_connue_est_couverte_ou_ecartee_avec_sa_raison() -> None:
    couvertes = {ligne for modele in catalogue().values() for ligne in modele.lignes}
    ecartees = {int(ligne["ligne"]) for ligne in lire_table("hors_perimetre.csv")}
    assert couvertes | ecartees == PANNES
    assert couvertes & ecartees == set()
    assert all(len(ligne["motif"]) > 30 for ligne in lire_table("hors_perimetre.csv"))


def test_chaque_regle_a_un_essai_qui_la_tient() -> None:
    """A known failure that this program itself might cause is held by a test, not by a sentence."""
    lignes = lire_table("hors_perimetre.csv")
    assert {ligne["nature"] for ligne in lignes} == {"ecartee", "regle"}
    assert all((ligne["nature"] == "regle") is bool(ligne["essai"]) for ligne in lignes)
    for ligne in lignes:
        module, _, essai = ligne["essai"].rpartition(".")
        assert not essai or callable(getattr(importlib.import_module(f"tests.{module}"), essai))


def test_chaque_ligne_est_bien_formee() -> None:
    lignes = lire_table("constats.csv")
    assert len({ligne["code"] for ligne in lignes}) == len(lignes)
    for modele in catalogue().values():
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", modele.code)
        assert modele.titre.endswith((".", "}")), modele.code
        assert set(modele.systeme.split()) <= {"tous", "windows", "macos", "linux"}, modele.code
        assert modele.source in ("S", "P"), modele.code
        assert modele.niveau is Niveau.INFO or modele.action or modele.reparation is Reparation.AUTO, modele.code
        assert (modele.reparation is Reparation.AUCUNE) <= (modele.etapes == ()), modele.code


def test_chaque_code_du_programme_est_au_catalogue() -> None:
    """Codes written in the checks; those composed from a table's name are seen by their own tests."""
    fichiers = (*SOURCES.glob("controles/*.py"), *SOURCES.glob("diagnostic_*.py"))
    textes = [fichier.read_text(encoding="utf-8") for fichier in fichiers]
    ecrits = {code for texte in textes for code in re.findall(r'constat\(\s*"([A-Z0-9_]+)"', texte)}
    assert len(ecrits) > 50
    assert ecrits <= set(catalogue())


def test_le_document_dit_tout_le_catalogue() -> None:
    texte = DOCUMENT.read_text(encoding="utf-8")
    assert {code for code in catalogue() if f"`{code}`" not in texte} == set()
    for ligne in lire_table("hors_perimetre.csv"):
        tenue = f"`{ligne['essai'].rpartition('.')[2]}`: " if ligne["essai"] else ""
        assert f"| {ligne['ligne']} | {ligne['panne']} | {tenue}{ligne['motif']} |" in texte
    for ligne in lire_table("verdicts.csv"):
        assert f"| {ligne['famille']} | {ligne['niveau']} | {ligne['verdict']} | {ligne['motif']} |" in texte
