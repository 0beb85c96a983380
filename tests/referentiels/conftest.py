"""A tiny BDPM in the shapes of the real one, and the real one imported once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.importation import Bilan, importer

# Facts of the public table: ANASTROZOLE ACCORD 30 and 90, CIP and prices of 24/07/2026.
SPECIALITES = (
    "60002283\tANASTROZOLE ACCORD 1 mg, comprimé pelliculé\tcomprimé pelliculé\torale\tAutorisation active"
    "\tProcédure décentralisée\tCommercialisée\t26/11/2010\t\t\t ACCORD HEALTHCARE FRANCE\tNon\r\n"
    "63368332\tDOLIPRANE 500 mg, comprimé\tcomprimé\torale\tAutorisation active\tProcédure nationale"
    "\tCommercialisée\t02/07/1992\t\t\t SANOFI\tNon\r\n"
)
PRESENTATIONS = (
    "60002283\t4949729\tplaquette(s) de 30 comprimé(s)\tPrésentation active\tDéclaration de commercialisation"
    "\t16/03/2011\t3400949497294\toui\t100%\t24,34\t25,36\t1,02\t\n"
    "60002283\t4949770\tplaquette(s) de 90 comprimé(s)\tPrésentation active\tDéclaration de commercialisation"
    "\t19/09/2011\t3400949497706\toui\t100 %\t68,68\t71,44\t2,76\t\n"
    "63368332\t3232018\tplaquette(s) de 16 comprimé(s)\tPrésentation active\tDéclaration de commercialisation"
    "\t02/07/1992\t3400932320189\toui\t65%\t1,16\t2,18\t1,02\t\n"
    "63368332\t5547335\t10 plaquette(s) de 10 comprimé(s)\tPrésentation active\tDéclaration de commercialisation"
    "\t02/07/1992\t3400955473350\toui\t\t\t\t\t\n"
)
GENERIQUES = (
    "659\tANASTROZOLE 1 mg - ARIMIDEX 1 mg, comprimé pelliculé.\t60002283\t1\t12\t\r\n"
    "1\tCIMETIDINE 200 mg - TAGAMET 200 mg\t65383183\t0\t1\t\r\n"
)


@dataclass
class Dossier:
    """Where the three files are; each can be rewritten."""

    chemin: Path

    def ecrire(self, specialites: str = SPECIALITES, presentations: str = PRESENTATIONS, generiques: str = GENERIQUES):
        (self.chemin / "CIS_bdpm.txt").write_bytes(specialites.encode("cp1252"))
        (self.chemin / "CIS_CIP_bdpm.txt").write_bytes(presentations.encode("utf-8"))
        (self.chemin / "CIS_GENER_bdpm.txt").write_bytes(generiques.encode("cp1252"))
        return self.chemin


@pytest.fixture
def petite_bdpm(tmp_path: Path) -> Dossier:
    dossier = Dossier(tmp_path / "bdpm")
    dossier.chemin.mkdir()
    dossier.ecrire()
    return dossier


@pytest.fixture
def base(tmp_path: Path) -> Iterator[BaseReferentiels]:
    base = BaseReferentiels(tmp_path / "referentiels.db")
    yield base
    base.fermer()


@dataclass
class Reelle:
    """The real table, what its import said and how long it took."""

    base: BaseReferentiels
    bilan: Bilan
    duree_s: float
    avancees: list[tuple[int, int]]


@pytest.fixture(scope="session")
def bdpm_reelle(donnees_partagees: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reelle]:
    base = BaseReferentiels(tmp_path_factory.mktemp("reelle") / "referentiels.db")
    avancees: list[tuple[int, int]] = []
    debut = time.perf_counter()
    bilan = importer(
        "bdpm", donnees_partagees / "bdpm", base, lambda fait, total: avancees.append((fait, total)),
        version="2026-07-24",
    )
    yield Reelle(base, bilan, time.perf_counter() - debut, avancees)
    base.fermer()


@pytest.fixture(scope="session")
def ccam_reelle(donnees_partagees: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reelle]:
    base = BaseReferentiels(tmp_path_factory.mktemp("ccam") / "referentiels.db")
    debut = time.perf_counter()
    bilan = importer("ccam", donnees_partagees / "ccam", base)
    yield Reelle(base, bilan, time.perf_counter() - debut, [])
    base.fermer()
