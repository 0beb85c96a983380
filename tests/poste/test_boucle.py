"""The whole loop in one process: totals, states, resumption, and what the funds really received."""

import json
from pathlib import Path

import pytest

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Filtre
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste import boucle, demonstration
from sesam_desktop.poste.paniers import paniers, repartir
from sesam_desktop.poste.poste import Poste


def test_twenty_invoices_reach_their_end(poste: Poste, tmp_path: Path):
    etapes: dict[str, tuple[int, int]] = {}
    bilan = boucle.jouer(poste, 20, tmp_path / "pdf", lambda e, f, t: etapes.__setitem__(e, (f, t)))
    assert bilan.factures == bilan.payees + bilan.rejetees + bilan.anomalies == 20
    assert bilan.lots == bilan.arl_positifs + bilan.arl_negatifs == bilan.messages
    assert bilan.total_centimes == bilan.total_amo_centimes + bilan.total_amc_centimes + bilan.total_assure_centimes
    assert bilan.duplicata == len(list((tmp_path / "pdf").glob("*.pdf"))) == 20
    assert bilan.pieces == 1
    assert etapes["factures"] == etapes["duplicatas"] == (20, 20)
    lots = poste.environnement.frontal.recus()
    recues = [f for lot in lots if lot.genre == "FSE" for f in lot.factures]
    assert sum(f.total_centimes for f in recues) == bilan.total_centimes
    # Two baskets of the twenty have an insurer apart, which pays what the fund leaves: 1,99 − 1,29 (65 %) = 0,70;
    # 1,02 − 0,66 (65 %) = 0,36; 0,61 − 0,43 (70 %) = 0,18; together 1,24 each.
    demandes = [f for lot in lots if lot.genre == "DRE" for f in lot.factures]
    assert [f.amc_centimes for f in demandes] == [124, 124]
    assert {f.numero for f in demandes} == {d.numero for d in poste.demandes.lister()}
    assert {d.etat for d in poste.demandes.lister()} <= {Etat.PAYEE, Etat.REJETEE, Etat.ANOMALIE}
    assert {r.etat for r in poste.registre.lister(Filtre())} <= {Etat.PAYEE, Etat.REJETEE, Etat.ANOMALIE}


def test_played_again_it_adds_only_what_is_missing(poste: Poste):
    boucle.jouer(poste, 3)
    assert boucle.jouer(poste, 3).factures == 3
    assert boucle.jouer(poste, 5).factures == 5


def test_silence_of_the_funds_is_told_and_loses_nothing(poste: Poste, monkeypatch: pytest.MonkeyPatch):
    poste.fermer()
    monkeypatch.setattr(boucle, "ATTENTE_S", 0.5)
    muet = demonstration.ouvrir(poste.profil, scenario="silence")
    with pytest.raises(ErreurConnue) as refus:
        boucle.jouer(muet, 2)
    assert refus.value.code == "BOUCLE_INACHEVEE"
    assert {r.etat for r in muet.registre.lister(Filtre())} == {Etat.TRANSMISE}
    muet.fermer()


def test_refused_lots_are_counted(poste: Poste):
    poste.fermer()
    severe = demonstration.ouvrir(poste.profil, scenario="arl_negatif")
    bilan = boucle.jouer(severe, 2)
    assert (bilan.arl_positifs, bilan.rejetees) == (0, 2)
    assert bilan.lots == bilan.arl_negatifs
    severe.fermer()


def test_only_on_a_demonstration_workstation(profil: Path):
    reel = Poste.ouvrir(profil)
    with pytest.raises(ErreurConnue, match="poste de démonstration"):
        boucle.jouer(reel, 1)
    reel.fermer()


def test_every_kind_of_basket_is_played_and_professionals_are_grouped():
    choisis = repartir(25)
    assert len(choisis) == 25
    assert all(panier in choisis for panier in paniers())
    ordre = [p.ps for p in choisis]
    assert ordre == sorted(ordre, key=["pharmacien", "infirmier", "medecin"].index)


def test_command_answers_one_json_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    from sesam_desktop.commandes import lancer

    with pytest.raises(SystemExit) as fin:
        lancer(["--json", "demo", "--sans-fenetre", "--factures", "3", "--sortie", str(tmp_path)])
    assert fin.value.code == 0
    sortie = capsys.readouterr()
    assert json.loads(sortie.out)["factures"] == 3
    assert len(list((tmp_path / "courriers").rglob("*.eml"))) >= 3
    assert sortie.err == ""


def test_keeping_needs_to_know_where(capsys: pytest.CaptureFixture[str]):
    from sesam_desktop.commandes import lancer

    with pytest.raises(SystemExit) as fin:
        lancer(["demo", "--sans-fenetre", "--garder"])
    assert fin.value.code == 1
    assert "--profil" in capsys.readouterr().err
