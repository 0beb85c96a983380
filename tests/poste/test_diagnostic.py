"""The diagnostic of a whole workstation: its verdict, its evidence, and what a passive one must not do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.controles import controles, lectures, tables
from sesam_desktop.poste.controles.examen import Examen
from sesam_desktop.poste.diagnostic import Constat, Niveau, Verdict, depuis, diagnostiquer, prudemment, sans_doublon
from sesam_desktop.poste.poste import Poste
from tests.poste.controles.outils import JOUR, MIDI, Ordinateur, declenche
from tests.poste.controles.postes import codes, examen, neuf

__all__ = ["examen", "neuf"]


def test_les_deux_cartes_lues_un_poste_de_demonstration_est_pret(poste: Poste) -> None:
    poste.environnement.inserer_vitale("assure")
    bilan = diagnostiquer(poste)
    assert bilan.verdict is Verdict.OK, bilan.en_dict()
    attendus = {"DISQUE", "BASE", "TOD", "LOE", "MEDICAMENTS", "CPS_PRESENTE", "CPS_LUE", "VITALE_LUE", "SMTP", "POP"}
    assert codes(bilan) >= attendus
    assert diagnostiquer(poste, passif=True).verdict is Verdict.OK  # the evidence is kept


def test_sans_lecture_rien_ne_prouve_que_le_poste_marche(poste: Poste) -> None:
    bilan = diagnostiquer(poste, passif=True)
    assert (bilan.verdict, bilan.jugement.motif) == (Verdict.A_TESTER, "LECTURE")
    assert codes(bilan, Niveau.WARN) == {"LECTURE_NON_PROUVEE"}


def test_une_derniere_lecture_en_erreur_annule_la_preuve(poste: Poste) -> None:
    poste.environnement.inserer_vitale("assure")
    assert diagnostiquer(poste).verdict is Verdict.OK
    poste.lecteurs.temoin.noter("vitale", reussie=False, duree_s=1, code="CARTE_MUETTE")
    bilan = diagnostiquer(poste, passif=True)
    assert bilan.verdict is Verdict.A_TESTER
    assert "LECTURE_EN_ERREUR" in codes(bilan, Niveau.WARN)
    poste.lecteurs.temoin.demarrer(datetime.now(UTC) + timedelta(seconds=1))
    assert diagnostiquer(poste, passif=True).verdict is Verdict.OK  # an error from before the start is forgotten


def test_une_lecture_trop_ancienne_ne_prouve_plus_rien(poste: Poste) -> None:
    hier = datetime.now(UTC) - timedelta(hours=25)
    for role in ("cps", "vitale"):
        poste.lecteurs.temoin.noter(role, reussie=True, duree_s=1, instant=hier)
    assert diagnostiquer(poste, passif=True).verdict is Verdict.A_TESTER


class CanalInterdit:
    """Slots may be looked at; connecting to a card fails the test."""

    def __init__(self, canal: object) -> None:
        self._canal = canal
        self.nom = "virtuel"

    def __getattr__(self, nom: str) -> object:
        return getattr(self._canal, nom)

    def connecter(self, lecteur: str) -> None:
        raise AssertionError(f"a passive diagnostic must not touch the card in {lecteur}")


def test_passif_ne_parle_ni_aux_cartes_ni_au_reseau(poste: Poste, monkeypatch: pytest.MonkeyPatch) -> None:
    def interdit(*_: object, **__: object) -> None:
        raise AssertionError("a passive diagnostic must not do this")

    poste.environnement.inserer_vitale("assure")
    canal = CanalInterdit(poste.environnement.canal)
    monkeypatch.setattr(poste.lecteurs, "_creer_canaux", lambda: [canal])
    monkeypatch.setattr(poste.environnement, "parametres_courriers", interdit)
    monkeypatch.setattr("socket.socket.connect", interdit)
    bilan = diagnostiquer(poste, passif=True)
    assert codes(bilan) >= {"CPS_PRESENTE", "VITALE_PRESENTE"}
    assert not codes(bilan) & {"CPS_LUE", "VITALE_LUE", "SMTP", "POP", "CONTROLE_INTERROMPU"}
    with pytest.raises(AssertionError, match="must not touch the card"):
        list(lectures.essai(Examen(poste, Ordinateur(), JOUR, MIDI)))


def test_un_poste_neuf_dit_ce_qui_lui_manque(neuf: Poste) -> None:
    bilan = diagnostiquer(neuf, passif=True, aujourd_hui=JOUR, systeme=Ordinateur())
    assert (bilan.verdict, bilan.jugement.motif) == (Verdict.KO, "LECTEUR")
    assert codes(bilan, Niveau.KO) == {"LOE_ABSENTE", "MEDICAMENTS_ABSENTE", "COURRIER_NON_CONFIGURE", "LECTEUR_ABSENT"}
    assert codes(bilan, Niveau.WARN) == {"TOD_ABSENTE", "LECTURE_NON_PROUVEE"}
    assert all(c.action for c in bilan.constats if c.niveau is not Niveau.INFO)


@pytest.mark.parametrize("passif", [True, False])
def test_le_vrai_systeme_repond_sans_rien_casser(neuf: Poste, passif: bool) -> None:
    bilan = diagnostiquer(neuf, passif=passif)
    assert bilan.verdict is Verdict.KO
    assert not codes(bilan) & {"SONDE_SANS_REPONSE", "CONTROLE_INTERROMPU"}


def test_rien_de_personnel_ne_sort() -> None:
    constat = depuis(ErreurConnue("Le NIR 1 80 19 75 000 001 31 est faux.", code="X"))
    assert "75 000" not in json.dumps(constat.en_dict())


def test_le_plus_grave_d_un_meme_point_reste() -> None:
    avertissement = Constat("X", Niveau.WARN, "a", objet="L")
    panne = Constat("X", Niveau.KO, "b", objet="L")
    ailleurs = Constat("X", Niveau.INFO, "c", objet="M")
    assert sans_doublon([avertissement, panne, avertissement, ailleurs]) == [panne, ailleurs]


def test_un_controle_qui_refuse_est_un_constat(examen: Examen) -> None:
    def refuser(_: Examen) -> Iterator[Constat]:
        raise ErreurConnue("Non.", code="REFUS")
        yield

    def casser(_: Examen) -> Iterator[Constat]:
        raise PermissionError(13, "non")
        yield

    assert [c.code for c in prudemment(refuser, examen)] == ["REFUS"]
    assert [(c.code, c.niveau) for c in prudemment(casser, examen)] == [("ACCES_REFUSE", Niveau.WARN)]


@declenche("CONTROLE_INTERROMPU")
def test_un_defaut_d_un_controle_ne_cache_pas_les_autres(
    examen: Examen, caplog: pytest.LogCaptureFixture
) -> Iterable[Constat]:
    def imprevu(_: Examen) -> Iterator[Constat]:
        raise KeyError("imprévu")
        yield

    trouves = list(prudemment(imprevu, examen))
    assert [un.objet for un in trouves] == ["imprevu"]
    assert "KeyError" in caplog.text  # nothing of the defect is lost
    return trouves


def test_l_ordre_des_controles() -> None:
    """Evidence comes last: an active diagnostic makes it."""
    assert controles(passif=False)[-len(lectures.PREUVES):] == lectures.PREUVES
    assert set(controles(passif=True)) < set(controles(passif=False))
    assert tables.tables in controles(passif=True)
