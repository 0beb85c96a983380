"""The cards read through the manager, over a pseudo-terminal, from a reader that has code of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.lecteurs.canal import Etat
from sesam_desktop.lecteurs.gestionnaire import Gestionnaire
from sesam_desktop.lecteurs.lecture import essais_restants, lire_puce_cps, lire_puce_vitale, verifier_code
from sesam_desktop.lecteurs.serie.canal import CanalSerie
from sesam_desktop.lecteurs.serie.port import PortSerie
from sesam_desktop.lecteurs.serie.temps import Chrono
from tests.lecteurs.doubles import cps, vitale
from tests.outils.lecteur_pss import LecteurPss

VIF = Chrono(bwt=0.4, bgt=0.0, ext=3.0, cwt=0.02, octet=0.0)


@pytest.fixture
def lecteur(tmp_path: Path) -> Iterator[LecteurPss]:
    with LecteurPss(tmp_path / "COM3", {2: {1: cps(), 2: vitale()}}) as branche:
        yield branche


@pytest.fixture
def canal(lecteur: LecteurPss) -> Iterator[CanalSerie]:
    canal = CanalSerie("COM3", lambda: PortSerie(str(lecteur.chemin)), chrono=VIF, periode=0.05, repos=0.1)
    yield canal
    canal.fermer()


@pytest.fixture
def gestionnaire(canal: CanalSerie) -> Iterator[Gestionnaire]:
    gestionnaire = Gestionnaire([canal])
    yield gestionnaire
    gestionnaire.fermer()


def test_les_deux_cartes_se_lisent(gestionnaire: Gestionnaire) -> None:
    fentes = gestionnaire.fentes()
    assert [(f.canal, f.lecteur, f.etat) for f in fentes] == [
        ("serie:COM3", "COM3 PAD2 [fente 1]", Etat.PRESENTE),
        ("serie:COM3", "COM3 PAD2 [fente 2]", Etat.PRESENTE),
    ]
    puce_cps = gestionnaire.employer("cps", lire_puce_cps)
    puce = gestionnaire.employer("vitale", lire_puce_vitale)
    assert puce_cps.numero_serie == "0000000001"
    assert [(i.nom, i.prenom) for i in puce.identites] == [("DURAND", "PAUL")]


def test_le_code_porteur_est_presente_une_fois(gestionnaire: Gestionnaire) -> None:
    with gestionnaire.ouvrir("cps") as session:
        verifier_code(session, "1234")
        assert essais_restants(session) == 3
