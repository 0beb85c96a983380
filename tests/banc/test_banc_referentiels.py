"""Look-ups in the real public tables, all of them imported: against bare SQLite in the same run; and their memory."""

from __future__ import annotations

import random
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from sesam_desktop.base.recherche import plier
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.ccam import Ccam
from sesam_desktop.referentiels.differences import comparer
from sesam_desktop.referentiels.importation import importer
from sesam_desktop.referentiels.medicaments import Medicaments

JOUR = date(2026, 8, 1)
RACINE = Path(__file__).resolve().parents[2]
SOURCES = {"bdpm": "bdpm", "ccam": "ccam", "lpp": "snds", "nabm": "snds"}
VERSIONS_BDPM = ("2026-05-24", "2026-06-24", "2026-07-24")  # searches must not slow down as versions pile up


@pytest.fixture(scope="module")
def base(donnees_partagees: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseReferentiels]:
    chemin = tmp_path_factory.mktemp("banc") / "referentiels.db"
    base = BaseReferentiels(chemin)
    for source, dossier in SOURCES.items():
        for version in VERSIONS_BDPM if source == "bdpm" else VERSIONS_BDPM[:1]:
            importer(source, donnees_partagees / dossier, base, version=version)
    yield base
    base.fermer()


@pytest.fixture(scope="module")
def chemin(base: BaseReferentiels) -> Path:
    ((_, _, chemin),) = base.lire("PRAGMA database_list")
    return Path(chemin)


@pytest.mark.banc
@pytest.mark.parametrize("table", ["medicaments", "ccam"])
def test_toute_recherche_par_mots_en_moins_de_10_ms(table: str, base: BaseReferentiels, chemin: Path) -> None:
    chercher = (Medicaments(base) if table == "medicaments" else Ccam(base)).chercher
    libelles = [libelle for (libelle,) in base.lire(
        "SELECT libelle || ' ' || presentation FROM presentation" if table == "medicaments"
        else "SELECT libelle FROM article WHERE code GLOB '[A-Z][A-Z][A-Z][A-Z]*'"
    )]  # fmt: skip
    durees = sorted(_durees(_requetes(libelles), lambda mots: chercher(mots, JOUR)))
    nue = median(_durees(["comprime", "radiographie"] * 100, _recherche_nue(chemin)))
    p50, p99, pire = median(durees), durees[len(durees) * 99 // 100], durees[-1]
    print(
        f"\nrecherche {table} : {len(durees)} requêtes, p50 {p50 * 1e3:.2f} ms, p99 {p99 * 1e3:.2f} ms,"
        f" pire {pire * 1e3:.2f} ms ; médiane {p50 / nue:.1f} fois une requête FTS5 nue"
    )
    assert p99 < 0.010
    assert p50 < 10 * nue


@pytest.mark.banc
def test_un_code_deja_vu_coute_moins_qu_une_requete(base: BaseReferentiels, chemin: Path) -> None:
    medicaments, ccam = Medicaments(base), Ccam(base)
    cips = [cip for (cip,) in base.lire("SELECT DISTINCT cip13 FROM presentation LIMIT 10")]
    with closing(sqlite3.connect(chemin)) as connexion:
        nue = min(_durees(cips * 200, lambda cip: connexion.execute(
            "SELECT * FROM presentation WHERE version = 1 AND cip13 = ?", (cip,)
        ).fetchone()))  # fmt: skip
    premiere = median(_durees(cips, lambda cip: medicaments.par_cip13(cip, JOUR)))
    retenue = median(_durees(cips * 200, lambda cip: medicaments.par_cip13(cip, JOUR)))
    acte = median(_durees(["DEQP003"] * 2000, lambda code: ccam.acte(code, "1", "0", JOUR)))
    print(
        f"\ncode : requête nue {nue * 1e6:.1f} µs, première lecture {premiere * 1e6:.0f} µs,"
        f" retenue {retenue * 1e6:.1f} µs ({nue / retenue:.1f} fois plus vite), acte CCAM {acte * 1e6:.1f} µs"
    )
    assert retenue < nue
    assert acte < nue


_MEMOIRE = """
import sys
from datetime import date
from pathlib import Path
def rss():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
from sesam_desktop.base import pilote
avant = rss()
from sesam_desktop.referentiels import tables
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.ccam import Ccam
from sesam_desktop.referentiels.lpp import Lpp
from sesam_desktop.referentiels.medicaments import Medicaments
from sesam_desktop.referentiels.nabm import Nabm
base, jour = BaseReferentiels(Path(sys.argv[1])), date(2026, 8, 1)
medicaments, ccam, lpp, nabm = Medicaments(base), Ccam(base), Lpp(base), Nabm(base)
for (cip,) in base.lire("SELECT DISTINCT cip13 FROM presentation"):
    medicaments.par_cip13(cip, jour)
    medicaments.groupe(cip, jour)
for source, code in base.lire("SELECT source, code FROM article JOIN version ON version.id = article.version"):
    if source == "ccam" and code[:4].isupper():
        ccam.acte(*code.split("-"), jour)
    elif source in ("lpp", "nabm"):
        (lpp.article if source == "lpp" else nabm.acte)(code, jour)
for mots in "a c comprime radiographie".split():
    medicaments.chercher(mots, jour, 50), ccam.chercher(mots, jour, 50)
for nom in sys.argv[2:]:
    tables.charger(nom)
print(rss() - avant)
"""


@pytest.mark.banc
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc est de Linux")
def test_toutes_les_tables_ensemble_tiennent_en_60_mo(chemin: Path) -> None:
    """Every code of every table looked up once, every search cache full, every tariff table loaded."""
    dossier = RACINE / "resources" / "tarifs"
    noms = sorted({str(c.relative_to(dossier).parts[0]).removesuffix(".csv") for c in dossier.rglob("*.csv")})
    arguments = [sys.executable, "-c", _MEMOIRE, str(chemin), *noms]
    sortie = subprocess.run(arguments, cwd=RACINE, check=True, capture_output=True, text=True).stdout
    print(f"\nmémoire de toutes les tables : {float(sortie):.1f} Mo")
    assert float(sortie) < 60


@pytest.mark.banc
def test_deux_versions_se_comparent_en_moins_de_2_s(base: BaseReferentiels, chemin: Path) -> None:
    """Against the bare reading of both versions of the boxes, compared as sets."""
    avant, apres = VERSIONS_BDPM[0], VERSIONS_BDPM[-1]
    debut = perf_counter()
    vues = comparer(base, "bdpm", avant, apres)
    duree = perf_counter() - debut
    debut = perf_counter()
    with closing(sqlite3.connect(chemin)) as nue:
        versions = [
            set(nue.execute(
                "SELECT cip13, libelle, presentation, taux, prix, honoraire, commercialise FROM presentation"
                " JOIN version ON version.id = presentation.version WHERE version.date = ?", (jour,),
            ))
            for jour in (avant, apres)
        ]  # fmt: skip
    ecarts = len(versions[0] ^ versions[1])
    bare = perf_counter() - debut
    print(f"\ncomparaison de deux BDPM : {duree:.2f} s, {duree / bare:.1f} fois deux lectures nues des seules boîtes")
    assert (vues.ajouts, vues.retraits, vues.modifications, ecarts) == (0, 0, 0, 0)
    assert duree < 2


def _requetes(libelles: list[str]) -> list[str]:
    """One letter, prefixes of two to six, whole words, two and three words; the most common words of the table."""
    hasard = random.Random(4)
    mots = [re.findall(r"[^\W_]+", plier(libelle)) for libelle in hasard.sample(libelles, 400)]
    frequents = sorted({m for suite in mots for m in suite}, key=lambda m: -sum(m in suite for suite in mots))[:20]
    lettres = [m[0] for m in frequents]
    requetes = [*frequents, *lettres, *(f"{a} {b}" for a in frequents[:10] for b in lettres[:10])]
    requetes += [hasard.choice(suite)[: hasard.randint(1, 6)] for suite in mots if suite]
    return requetes + [" ".join(hasard.sample(suite, min(3, len(suite)))) for suite in mots]


def _recherche_nue(chemin: Path) -> Callable[[str], object]:
    connexion = sqlite3.connect(chemin)
    return lambda mot: connexion.execute(
        "SELECT p.* FROM mots_3 m JOIN presentation p ON p.id = m.rowid WHERE mots_3 MATCH ? ORDER BY m.rowid LIMIT 20",
        (f'"{mot}"*',),
    ).fetchall()


def _durees(entrees: list[str], faire: Callable[[str], object]) -> list[float]:
    durees = []
    for entree in entrees:
        debut = perf_counter()
        faire(entree)
        durees.append(perf_counter() - debut)
    return durees
