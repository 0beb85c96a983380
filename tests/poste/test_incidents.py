"""Incidents of the demonstration: each is seen by the readers' service, and put right."""

from __future__ import annotations

import pytest

from sesam_desktop.lecteurs.canal import Etat
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.demonstration import LECTEUR_DUO, LECTEUR_VITALE, EnvironnementDemonstration
from sesam_desktop.poste.poste import Poste


@pytest.fixture
def environnement(poste: Poste) -> EnvironnementDemonstration:
    assert isinstance(poste.environnement, EnvironnementDemonstration)
    return poste.environnement


def etat(environnement: EnvironnementDemonstration, lecteur: str = LECTEUR_VITALE) -> Etat | None:
    return next((f.etat for f in environnement.canal.fentes() if f.lecteur == lecteur), None)


def test_une_carte_muette_puis_inconnue(environnement) -> None:
    environnement.incidents.simuler("carte-muette")
    assert etat(environnement) is Etat.MUETTE
    environnement.incidents.simuler("carte-inconnue")
    assert etat(environnement) is Etat.INCONNUE


def test_un_lecteur_se_debranche_et_se_rebranche(environnement) -> None:
    environnement.incidents.simuler("lecteur-debranche")
    assert etat(environnement) is None
    environnement.incidents.simuler("lecteur-rebranche")
    assert etat(environnement) is Etat.VIDE


def test_le_service_s_arrete_et_revient(environnement) -> None:
    environnement.incidents.simuler("service-arrete")
    with pytest.raises(ErreurConnue) as refus:
        environnement.canal.fentes()
    assert refus.value.code == "SERVICE_CARTES_ARRETE"
    environnement.incidents.simuler("service-relance")
    assert etat(environnement) is Etat.VIDE


def test_la_carte_complementaire_entre_et_sort(environnement) -> None:
    nom = next(iter(environnement.cartes_duo()))
    environnement.inserer_duo(nom)
    assert etat(environnement, LECTEUR_DUO) is Etat.PRESENTE
    environnement.inserer_duo(None)
    assert etat(environnement, LECTEUR_DUO) is Etat.VIDE


def test_un_incident_inconnu_se_refuse(environnement) -> None:
    assert len(environnement.incidents.proposes()) == 6
    with pytest.raises(ErreurConnue) as refus:
        environnement.incidents.simuler("panne")
    assert refus.value.code == "INCIDENT_INCONNU"
