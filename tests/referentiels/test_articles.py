"""The store shared by every official table: its files found, imported whole or not at all, and looked up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sesam_desktop.noyau.erreurs import Annulation, ErreurConnue
from sesam_desktop.referentiels import base_referentiels, sources, suivi
from sesam_desktop.referentiels.articles import Article, ArticleLu, Articles, Fichier, Lecture, Source
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.bdpm import Rejet
from sesam_desktop.referentiels.importation import importer

JOUR = date(2027, 3, 1)
RACINE = Path(__file__).resolve().parents[2]


def analyser(fichiers: Sequence[Fichier], suivre: Callable[[Any], Any]) -> Lecture:
    """One article a line, ``code=label``; a line without ``=`` is rejected."""
    lecture = Lecture()
    for nom, octets in fichiers:
        for numero, ligne in enumerate(suivre(octets.decode().splitlines()), 1):
            lecture.lire(nom)
            code, signe, libelle = ligne.partition("=")
            if not signe:
                lecture.rejeter(nom, numero, "signe = absent")
            else:
                lecture.garder(nom, numero, Article(code, libelle, {"longueur": len(libelle)}, libelle))
    return lecture


@pytest.fixture(autouse=True)
def source_jouet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sources.SOURCES, "jouet", Source("table d'essai", ("jouet*.txt",), analyser))
    monkeypatch.setattr("sesam_desktop.referentiels.importation.SOURCES", {"jouet": "table d'essai"})


@pytest.fixture
def fichier(tmp_path: Path) -> Path:
    dossier = tmp_path / "tables"
    dossier.mkdir()
    chemin = dossier / "Jouet_2027.TXT"
    chemin.write_text("B1=bille bleue\nA1=auto rouge\nA2=auto bleue\n")
    return chemin


@pytest.fixture
def table(fichier: Path, base: BaseReferentiels) -> Articles[ArticleLu]:
    importer("jouet", fichier, base, version="2027-01-01")
    return Articles(base, "jouet", "table d'essai", lambda lu: lu)


def codes(lus: list[ArticleLu]) -> list[str]:
    return [lu.code for lu in lus]


# --- Look-ups -------------------------------------------------------------------------------------------------------


def test_un_article(table: Articles[ArticleLu]) -> None:
    assert table.un("A1", JOUR) == ArticleLu("A1", "auto rouge", {"longueur": 10}, "2027-01-01", False)
    assert table.un("A1", date(2026, 1, 1)) == ArticleLu("A1", "auto rouge", {"longueur": 10}, "2027-01-01", True)
    assert table.un("Z9", JOUR) is None
    assert table.un("A\ud800", JOUR) is None


def test_par_debut_de_code_dans_l_ordre_des_codes(table: Articles[ArticleLu]) -> None:
    assert codes(table.commencant_par("", JOUR)) == ["A1", "A2", "B1"]
    assert codes(table.commencant_par("A", JOUR)) == ["A1", "A2"]
    assert codes(table.commencant_par("A", JOUR, limite=1)) == ["A1"]
    assert table.commencant_par("é", JOUR) == []


def test_par_mots_dans_l_ordre_du_fichier(table: Articles[ArticleLu]) -> None:
    assert codes(table.chercher("bleu", JOUR)) == ["B1", "A2"]
    assert codes(table.chercher("au BLEUE", JOUR)) == ["A2"]
    assert table.chercher("bleue", JOUR, limite=0) == []


def test_une_page_collee_dans_la_recherche_est_bornee(table: Articles[ArticleLu]) -> None:
    assert codes(table.chercher("bille bleue " * 10_000, JOUR)) == ["B1"]
    assert codes(table.chercher("bleue" + " b" * 100 + " absent", JOUR)) == ["B1", "A2"]  # cut after 200 characters
    assert table.chercher("absent " + "bleue " * 10_000, JOUR) == []


def test_une_valeur_deja_lue_ne_touche_plus_le_fichier(table: Articles[ArticleLu], base, monkeypatch) -> None:
    premier = table.un("A1", JOUR)
    monkeypatch.setattr(base, "lire", None)
    assert table.un("A1", JOUR) is premier


def test_un_import_fait_oublier_ce_qui_etait_retenu(table: Articles[ArticleLu], fichier: Path, base) -> None:
    assert table.un("A1", JOUR).libelle == "auto rouge"
    fichier.write_text("A1=auto verte\n")
    importer("jouet", fichier, base, version="2027-01-01")
    assert table.un("A1", JOUR).libelle == "auto verte"
    assert table.un("B1", JOUR) is None
    assert codes(table.chercher("bille", JOUR)) == []


def test_l_import_d_un_autre_processus_est_vu(table: Articles[ArticleLu], fichier: Path, base, monkeypatch) -> None:
    """At once for a code unknown until then, after `RELECTURE_S` for one that was known."""
    assert table.un("A1", JOUR).libelle == "auto rouge"
    fichier.write_text("A1=auto verte\nC1=camion\n")
    autre = BaseReferentiels(base._fichier.chemin)
    importer("jouet", fichier, autre, version="2027-02-01")
    autre.fermer()
    assert table.un("C1", JOUR).libelle == "camion"
    assert table.un("A1", JOUR).libelle == "auto verte"
    fichier.write_text("A1=auto noire\n")
    autre = BaseReferentiels(base._fichier.chemin)
    importer("jouet", fichier, autre, version="2027-02-01")
    autre.fermer()
    monkeypatch.setattr(base_referentiels.time, "monotonic", lambda: 1e9)
    assert table.un("A1", JOUR).libelle == "auto noire"


def test_sans_import_une_phrase_nomme_la_source(base: BaseReferentiels) -> None:
    table = Articles(base, "jouet", "table d'essai", lambda lu: lu)
    for chercher in (lambda: table.un("A1", JOUR), lambda: table.chercher("a", JOUR)):
        with pytest.raises(ErreurConnue) as vu:
            chercher()
        assert vu.value.code == "REFERENTIEL_ABSENT"
        assert "table d'essai" in vu.value.message
        assert "« jouet »" in vu.value.action


def test_plusieurs_fils_lisent_pendant_un_import(table: Articles[ArticleLu], fichier: Path, base, monkeypatch) -> None:
    monkeypatch.setattr(suivi, "PAS", 1)
    fichier.write_text("A1=auto verte\n" + "".join(f"X{n}=case {n}\n" for n in range(50)))
    vus: set[str] = set()

    def lire(*_: int) -> None:
        with ThreadPoolExecutor(2) as ailleurs:
            vus.update(lu.libelle for lu in ailleurs.map(lambda c: table.un(c, JOUR), ["A1", "A1"]))

    importer("jouet", fichier, base, lire, version="2027-01-01")
    assert vus == {"auto rouge"}
    lire()
    assert vus == {"auto rouge", "auto verte"}


# --- Import ---------------------------------------------------------------------------------------------------------


def test_chaque_ligne_est_gardee_ou_rejetee(fichier: Path, base: BaseReferentiels) -> None:
    fichier.write_text("A1=un\nfaux\nA1=deux\nA2=trois\n")
    bilan = importer("jouet", fichier, base, version="2027-01-01")
    nom = fichier.name
    assert bilan.lignes == 2
    assert bilan.rejets == [Rejet(nom, 2, "signe = absent"), Rejet(nom, 3, "code A1 déjà lu à la ligne 1")]
    assert [(c.fichier, c.lues, c.gardees) for c in bilan.fichiers] == [(nom, 4, 2)]
    assert [(v.source, v.date, v.lignes) for v in base.versions("jouet")] == [("jouet", "2027-01-01", 2)]


def test_une_ligne_rejetee_deux_fois_ne_compte_qu_une_fois() -> None:
    lecture = Lecture()
    lecture.lire("f")
    lecture.rejeter("f", 1, "a")
    lecture.rejeter("f", 1, "b")
    assert [(c.lues, c.gardees) for c in lecture.comptes()] == [(1, 0)]


def test_un_code_deja_lu_dans_un_autre_fichier_le_nomme() -> None:
    lecture = Lecture()
    assert lecture.garder("un.csv", 7, Article("A1", "un", {}))
    assert not lecture.garder("deux.csv", 7, Article("A1", "deux", {}))
    assert lecture.rejets == [Rejet("deux.csv", 7, "code A1 déjà lu à la ligne 7 de un.csv")]
    assert [a.libelle for a in lecture.articles] == ["un"]


def test_la_date_du_fichier_sert_a_defaut(fichier: Path, base: BaseReferentiels) -> None:
    os.utime(fichier, (1784894400, 1784894400))  # 2026-07-24 12:00 UTC
    assert importer("jouet", fichier.parent, base).version == "2026-07-24"


def test_dans_un_dossier_il_faut_un_seul_fichier(fichier: Path, base: BaseReferentiels) -> None:
    (fichier.parent / "autre.txt").write_text("A1=un\n")
    assert importer("jouet", fichier.parent, base, version="2027-01-01").fichiers[0].fichier == fichier.name
    (fichier.parent / "jouet_bis.txt").write_text("A1=un\n")
    for dossier, code in ((fichier.parent, "FICHIER_AMBIGU"), (fichier.parent.parent, "FICHIER_ABSENT")):
        with pytest.raises(ErreurConnue) as vu:
            importer("jouet", dossier, base)
        assert vu.value.code == code
        assert vu.value.ou == str(dossier)


def test_un_fichier_absent_ou_sans_ligne_lisible_ne_touche_rien(table, fichier: Path, base) -> None:
    with pytest.raises(ErreurConnue) as vu:
        importer("jouet", fichier.with_name("absent.txt"), base)
    assert vu.value.code == "FICHIER_ABSENT"
    for contenu in ("", "faux\n"):
        fichier.write_text(contenu)
        with pytest.raises(ErreurConnue) as vu:
            importer("jouet", fichier, base, version="2027-01-01")
        assert vu.value.code == "TABLE_ILLISIBLE"
    assert table.un("A1", JOUR).libelle == "auto rouge"


def test_un_article_qui_n_est_pas_du_json_ne_laisse_rien(table, fichier: Path, base, monkeypatch) -> None:
    """A fault of a parser is a bug: it goes up, and the transaction undoes everything."""

    def fautif(fichiers: Sequence[Fichier], suivre: Callable[[Any], Any]) -> Lecture:
        return Lecture(articles=[Article("A1", "vert", {}), Article("A2", "x", {"date": date(2027, 1, 1)})])

    monkeypatch.setitem(sources.SOURCES, "jouet", Source("table d'essai", ("jouet*.txt",), fautif))
    with pytest.raises(TypeError):
        importer("jouet", fichier, base, version="2027-01-01")
    assert codes(table.commencant_par("", JOUR)) == ["A1", "A2", "B1"]
    assert codes(table.chercher("rouge", JOUR)) == ["A1"]


@pytest.mark.parametrize("au_bout_de", [1, 2, 3, 4, 5])
def test_annuler_ne_laisse_rien_de_l_import(au_bout_de: int, table, fichier: Path, base, monkeypatch) -> None:
    monkeypatch.setattr(suivi, "PAS", 1)
    fichier.write_text("A1=auto verte\nA2=camion\nC1=char\n")
    appels = iter(range(1000))
    with pytest.raises(Annulation):
        importer("jouet", fichier, base, version="2027-01-01", annuler=lambda: next(appels) + 1 == au_bout_de)
    assert [(v.date, v.lignes) for v in base.versions()] == [("2027-01-01", 3)]
    assert codes(table.chercher("auto", JOUR)) == ["A1", "A2"]
    assert table.un("A1", JOUR).libelle == "auto rouge"


def test_la_progression_va_jusqu_au_total(fichier: Path, base, monkeypatch) -> None:
    monkeypatch.setattr(suivi, "PAS", 1)
    vues: list[tuple[int, int]] = []
    importer("jouet", fichier, base, lambda *vu: vues.append(vu), version="2027-01-01")
    assert vues == [(n, 6) for n in range(1, 7)]


_TUEUR = """
import os, signal, sys
from pathlib import Path
from sesam_desktop.referentiels import importation, suivi
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
suivi.PAS = 1
mort = int(sys.argv[3])
def progression(fait, total):
    if fait >= mort:
        os.kill(os.getpid(), signal.SIGKILL)
importation.importer("ccam", Path(sys.argv[1]), BaseReferentiels(Path(sys.argv[2])), progression)
"""


@pytest.mark.parametrize("mort", [5, 24, 30, 37])
def test_tuer_pendant_l_import_laisse_l_ancienne_table(mort: int, tmp_path: Path, monkeypatch) -> None:
    from sesam_desktop.referentiels.ccam import Ccam

    from .ccam import ccam

    monkeypatch.undo()
    chemin, csv = tmp_path / "tuee.db", tmp_path / "ccam.csv"
    csv.write_text(ccam(), encoding="utf-8")
    base = BaseReferentiels(chemin)
    importer("ccam", csv, base)
    base.fermer()
    csv.write_text(ccam().replace("10.50,9.00", "11.00,9.50"), encoding="utf-8")
    arguments = [sys.executable, "-c", _TUEUR, str(csv), str(chemin), str(mort)]
    assert subprocess.run(arguments, cwd=RACINE, check=False).returncode == -signal.SIGKILL
    base = BaseReferentiels(chemin)
    assert [a.tarif_1 for a in Ccam(base).chercher("ponction", JOUR)] == [1050]
    importer("ccam", csv, base)
    assert [a.tarif_1 for a in Ccam(base).chercher("ponction", JOUR)] == [1100]
    base.fermer()


def test_une_recherche_voit_l_index_refait_par_un_autre_processus(
    table: Articles[ArticleLu], fichier: Path, base: BaseReferentiels, monkeypatch
) -> None:
    """Within the second when the change is not known yet, the index of words asked for is gone."""
    importer("jouet", fichier, base, version="2027-02-01")
    monkeypatch.setattr(base_referentiels, "RELECTURE_S", 3600.0)
    assert [a.code for a in table.chercher("bleue", date(2027, 1, 15))] == ["B1", "A2"]
    fichier.write_text("C1=craie bleue\n")
    autre = BaseReferentiels(base._fichier.chemin)
    importer("jouet", fichier, autre, version="2027-01-01")
    autre.fermer()
    assert [a.code for a in table.chercher("bleue", date(2027, 1, 15))] == ["C1"]
    assert [a.code for a in table.commencant_par("C", date(2027, 1, 15))] == ["C1"]


def test_une_panne_de_lecture_n_est_pas_cachee(table: Articles[ArticleLu], base: BaseReferentiels, monkeypatch) -> None:
    table.un("A1", JOUR)

    def panne(*_: object) -> None:
        raise ErreurConnue("Le disque n'a pas pu lire.", code="DISQUE_EN_ERREUR")

    monkeypatch.setattr(table, "_chercher", panne)
    with pytest.raises(ErreurConnue) as refus:
        table.chercher("bleue", JOUR)
    assert refus.value.code == "DISQUE_EN_ERREUR"
