"""The funds of a demonstration behave by another scenario when they are asked to."""

from __future__ import annotations

from pathlib import Path

import pytest

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Filtre
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.poste import boucle
from sesam_desktop.poste.poste import Poste


def test_le_scenario_change_en_cours_de_demonstration(poste: Poste) -> None:
    environnement = poste.environnement
    assert environnement.scenario == "nominal"
    assert environnement.scenarios()["tls_perime"] == "Le certificat des serveurs est périmé"
    environnement.jouer("rejets")
    boucle.jouer(poste, 1)
    environnement.jouer("tout_paye")
    boucle.jouer(poste, 2)
    assert [r.etat for r in sorted(poste.registre.lister(Filtre()), key=lambda r: r.numero)] == [
        Etat.REJETEE, Etat.PAYEE,
    ]


def test_un_scenario_inconnu_ne_change_rien(poste: Poste) -> None:
    with pytest.raises(EntreeInvalide):
        poste.environnement.jouer("absent")
    assert poste.environnement.scenario == "nominal"


def test_une_demonstration_s_ouvre_sur_le_scenario_voulu(tmp_path: Path) -> None:
    poste = Poste.demonstration(tmp_path / "poste", "silence")
    assert poste.environnement.scenario == "silence"
    poste.fermer()
