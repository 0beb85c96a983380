"""The mail account, what waits to leave, what the other side answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from sesam_desktop.poste.coffre import CoffreMemoire
from sesam_desktop.poste.configuration import Courrier
from sesam_desktop.poste.controles import distant, messagerie
from sesam_desktop.poste.controles.examen import Examen
from sesam_desktop.poste.diagnostic import Constat, Niveau, prudemment
from sesam_desktop.poste.poste import Poste
from tests.poste.controles.outils import JOUR, MIDI, Ordinateur, declenche
from tests.poste.controles.postes import examen, neuf

__all__ = ["examen", "neuf"]


@declenche("COURRIER")
def test_messagerie_reglee(examen: Examen) -> Iterable[Constat]:
    return messagerie.messagerie(examen)


@declenche("MOT_DE_PASSE_ABSENT")
def test_mot_de_passe_absent_est_un_avertissement(examen: Examen) -> Iterable[Constat]:
    examen.poste.environnement.coffre = CoffreMemoire()
    (constat,) = trouves = list(messagerie.messagerie(examen))
    assert constat.niveau is Niveau.WARN
    return trouves


@declenche("SMTP", "POP")
def test_serveurs_qui_acceptent(examen: Examen) -> Iterable[Constat]:
    return messagerie.serveurs(examen)


def test_serveurs_injoignables_et_mauvais_mot_de_passe(examen: Examen) -> None:
    poste = examen.poste
    poste.environnement.coffre = CoffreMemoire(courrier="faux")
    bilan = list(prudemment(messagerie.serveurs, examen))
    assert [(c.code, c.niveau) for c in bilan] == [("IDENTIFICATION_REFUSEE", Niveau.KO)] * 2
    poste.environnement.frontal.arreter()
    bilan = list(prudemment(messagerie.serveurs, examen))
    assert len(bilan) == 2
    assert all(c.niveau is Niveau.KO for c in bilan)


@declenche("COURRIER_NON_CONFIGURE")
def test_messagerie_non_reglee_n_est_dite_qu_une_fois(neuf: Poste) -> Iterable[Constat]:
    neuf.configuration = replace(neuf.configuration, courrier=Courrier())
    examen = Examen(neuf, Ordinateur(), JOUR, MIDI)
    assert list(messagerie.serveurs(examen)) == []
    return messagerie.messagerie(examen)


def tableau(**colonnes: tuple[object, ...]) -> SimpleNamespace:
    return SimpleNamespace(**{
        "a_envoyer": (), "en_attente": (), "a_traiter": (), "courriers": (), "non_rapproches": (), **colonnes,
    })


def fiche(motif: str = "", refuse: bool = False) -> SimpleNamespace:
    return SimpleNamespace(motif=motif, refuse=refuse)


@declenche("CORBEILLES")
def test_corbeilles_vides(examen: Examen) -> Iterable[Constat]:
    return distant.corbeilles(examen)


@declenche("LOTS_A_ENVOYER", "ARL_EN_RETARD", "RETOURS_A_TRAITER")
def test_corbeilles(examen: Examen, monkeypatch: pytest.MonkeyPatch) -> Iterable[Constat]:
    plein = tableau(a_envoyer=(1, 2), en_attente=(fiche("retard"), fiche()), a_traiter=(3,), courriers=(4, 5))
    monkeypatch.setattr(examen.poste.transmission, "tableau", lambda: plein)
    trouves = list(distant.corbeilles(examen))
    assert next(c.titre for c in trouves if c.code == "RETOURS_A_TRAITER").endswith(": 3.")
    return trouves


@declenche("REJET_SERVEUR", "SERVICE_INDISPONIBLE", "FACTURE_INCONNUE_DU_SERVEUR")
def test_ce_que_l_autre_cote_refuse(examen: Examen, monkeypatch: pytest.MonkeyPatch) -> Iterable[Constat]:
    plein = tableau(
        a_envoyer=(fiche("Reporté par le serveur de messagerie : 450"), fiche()),
        a_traiter=(fiche("Lot refusé par la caisse.", refuse=True), fiche("retard")), non_rapproches=(1,),
    )
    monkeypatch.setattr(examen.poste.transmission, "tableau", lambda: plein)
    trouves = list(distant.services_distants(examen))
    assert all(c.niveau is Niveau.WARN for c in trouves)
    return trouves
