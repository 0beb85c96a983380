"""What an active diagnostic does with the cards and the SSV libraries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_ps_de_demonstration
from sesam_desktop.factures.facture import Niveau as Facturation
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.controles import lectures
from sesam_desktop.poste.controles.examen import Examen
from sesam_desktop.poste.demonstration import CODE_PORTEUR
from sesam_desktop.poste.diagnostic import Constat, Niveau, diagnostiquer, prudemment
from sesam_desktop.poste.poste import Poste
from tests.poste.controles.outils import JOUR, MIDI, Ordinateur, declenche
from tests.poste.controles.postes import codes, examen, neuf
from tests.poste.test_lecteurs import facture_de

__all__ = ["examen", "neuf"]


def test_une_cps_qui_ne_repond_pas_est_ko(examen: Examen, monkeypatch: pytest.MonkeyPatch) -> None:
    def muette(*_: object) -> None:
        raise ErreurConnue("La carte ne répond pas.", code="CARTE_MUETTE", action="Retirez-la.", ou="Lecteur 1")

    monkeypatch.setattr(examen.poste.lecteurs.gestionnaire, "employer", muette)
    (constat,) = lectures.essai(examen)
    assert (constat.code, constat.niveau) == ("CARTE_MUETTE", Niveau.KO)
    assert (constat.titre, constat.action) == ("Lecteur 1 : La carte ne répond pas.", "Retirez-la.")
    derniere = examen.poste.lecteurs.temoin.derniere("cps")
    assert derniere is not None and derniere.code == "CARTE_MUETTE"


@declenche("CARTE_NON_LUE", "CPS_LUE")
def test_une_carte_d_une_ancienne_generation_n_accuse_pas_le_poste(
    examen: Examen, monkeypatch: pytest.MonkeyPatch
) -> Iterable[Constat]:
    def employer(role: str, _: object) -> None:
        if role == "vitale":
            raise ErreurConnue("Vitale 1.", code="CARTE_NON_LUE", action="Réglez les bibliothèques.", ou="Lecteur 1")

    examen.poste.environnement.inserer_vitale("assure")
    monkeypatch.setattr(examen.poste.lecteurs.gestionnaire, "employer", employer)
    trouves = list(lectures.essai(examen))
    assert codes(trouves, Niveau.INFO) == codes(trouves)
    assert examen.poste.lecteurs.temoin.derniere("vitale") is None
    return trouves


def test_la_carte_d_un_autre_patient_a_la_signature(poste: Poste) -> None:
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    poste.environnement.inserer_vitale("assure")
    poste.lecteurs.lire_vitale()
    facture = facture_de(poste)
    poste.environnement.inserer_vitale("ald")
    with pytest.raises(ErreurConnue), poste.lecteurs.signataires(facture, Facturation.SECURISEE):
        pass
    assert "MAUVAISE_VITALE" in codes(diagnostiquer(poste, passif=True), Niveau.WARN)
    poste.lecteurs.lire_vitale()
    assert "MAUVAISE_VITALE" not in codes(diagnostiquer(poste, passif=True))


@declenche("CARTES_TEST_ET_REELLE")
def test_une_vitale_de_test_avec_une_cps_reelle(examen: Examen, monkeypatch: pytest.MonkeyPatch) -> Iterable[Constat]:
    vitale = dict(cartes_de_demonstration())["assure"]
    ps = dict(cartes_ps_de_demonstration())["pharmacien"]
    assert list(lectures.natures(examen)) == []
    examen.poste.lecteurs.vitale, examen.poste.lecteurs.ps = replace(vitale, type="S"), replace(ps, type_carte="80")
    trouves = list(lectures.natures(examen))
    examen.poste.lecteurs.vitale = vitale
    assert list(lectures.natures(examen)) == []  # both are for tests
    return trouves


@declenche("PONT_SSV")
def test_bibliotheques_ssv_qui_s_ouvrent(examen: Examen, monkeypatch: pytest.MonkeyPatch) -> Iterable[Constat]:
    assert list(lectures.pont(examen)) == []  # none is set
    monkeypatch.setattr(type(examen.poste.lecteurs), "pont", object())
    return lectures.pont(examen)


def test_bibliotheques_ssv_qui_ne_s_ouvrent_pas(neuf: Poste) -> None:
    neuf.configuration = replace(neuf.configuration, bibliotheques_ssv=str(neuf.profil / "nulle-part"))
    (constat,) = prudemment(lectures.pont, Examen(neuf, Ordinateur(), JOUR, MIDI))
    assert constat.niveau is Niveau.KO
    assert constat.code == "BIBLIOTHEQUE_ABSENTE"


@declenche("CPS_LUE", "VITALE_LUE")
def test_l_essai_de_lecture_ne_garde_rien_du_patient(examen: Examen) -> Iterable[Constat]:
    examen.poste.environnement.inserer_vitale("assure")
    yield from lectures.essai(examen)
    assert examen.poste.lecteurs.vitale is None


def test_sans_carte_rien_n_est_essaye(examen: Examen) -> None:
    examen.poste.environnement.inserer_ps(None)
    assert list(lectures.essai(examen)) == []
