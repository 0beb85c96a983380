"""Paiements: what is due by age, payments beside bank lines, movements, what is late, exports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtWidgets import QFileDialog

from sesam_desktop.ihm.composants.confirmation import Confirmation
from sesam_desktop.ihm.modeles.paiements import annonces

from .faux_paiements import CAISSE, FORFAIT, LIGNE, MUTUELLE, RETENUE, VIREMENT, du


@pytest.fixture
def dossier(monkeypatch, tmp_path):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    return tmp_path


@pytest.fixture
def onglet(aller, repos):
    """The page on one of its tabs, filled."""

    def montrer(nom: str):
        page = aller("paiements")
        page.montrer(nom)
        repos()
        return page

    return montrer


def test_ce_qui_est_du_se_lit_par_organisme_et_par_age(poste, onglet, fenetre, repos) -> None:
    poste.paiements.creances = [du("000000001", 82, 1000), du("000000002", 40, 250), du("000000003", 40, 99, MUTUELLE)]
    page = onglet("dus")
    assert page.resume.text() == "13,49\u00a0€ dus aujourd'hui par 2 organismes"
    assert page.dus.groupes.texte("|").splitlines()[:2] == [
        "Organisme|Part|Parts|0–30 j €|30–60 j €|60–90 j €|+ 90 j €|Total dû €",
        "CPAM Sarthe|AMO|2|0,00|12,50|0,00|0,00|12,50",
    ]
    assert [d.facture for d in page.dus.lignes.modele.rangees] == ["000000001", "000000002"]
    page.dus.groupes.aller(1)
    assert [d.facture for d in page.dus.lignes.modele.rangees] == ["000000003"]
    page.dus.lignes.aller(0)
    page.dus.lignes.ouverte.emit(page.dus.lignes.courante)
    repos()
    assert (fenetre.page.cle, fenetre.page.recherche.text()) == ("factures", "000000003")


def test_sans_creance_la_page_dit_a_quoi_elle_sert(onglet) -> None:
    page = onglet("dus")
    assert page.dus.pile.currentIndex() == 1
    assert page.resume.text().startswith("Rien n'est dû")


def test_un_virement_se_rapproche_du_releve_et_se_defait(poste, onglet, repos) -> None:
    poste.paiements.annonces, poste.paiements.banque = [VIREMENT], [LIGNE]
    page = onglet("virements")
    vues = page.virements
    assert page.resume.text() == (
        "1 virement annoncé sur la période ; 1 ligne de banque à rapprocher"
    )
    assert vues.virements.modele.rangees[0].organisme == "CPAM Sarthe"
    assert vues.details.texte("|").splitlines()[1:] == [
        "Part AMO|000000123|payée|7,56", "Forfait||Forfait informatique 00042|50,00",
        "Retenue|000000125|INDRPR DETTE1|-2,00",
    ]
    assert not page._lier.isEnabled()
    vues.lignes.selectRow(0)
    vues.virements.selectRow(0)
    assert page._lier.isEnabled()
    page._lier.trigger()
    repos()
    assert poste.paiements.faits == [("lier", [7], [1])]
    assert page.resume.text() == "1 virement annoncé sur la période ; rien n'attend"
    assert [vues.virements.modele.colonnes[0].texte(v) for v in vues.virements.modele.rangees] == ["fait"]
    assert (page._lier.isEnabled(), page._delier.isEnabled()) == (False, True)
    page._delier.trigger()
    repos()
    assert poste.paiements.faits[-1] == ("delier", 7)
    vues.lignes.selectRow(0)
    page._classer.trigger()
    repos()
    assert poste.paiements.faits[-1] == ("classer", 7)


def test_un_releve_importe_dit_ce_qui_reste_a_faire(aller, poste, repos, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "releve.csv"), ""))
    page = aller("paiements")
    page.principale.trigger()
    repos()
    assert page.bandeau.phrase == (
        "Attention : 1 nouvelle ligne sur 3, dont 0 rapprochée ; 1 ligne peut correspondre à plusieurs virements :"
        " rapprochez-les à la main."
    )
    assert page.virements.lignes.modele.rangees == [LIGNE]


def test_les_mouvements_disent_ce_qui_est_retenu_et_verse(poste, onglet) -> None:
    poste.paiements.retenues = [FORFAIT, RETENUE]
    page = onglet("mouvements")
    assert page.resume.text() == "2 mouvements : 2,00\u00a0€ retenus, 50,00\u00a0€ versés"
    assert page.mouvements.texte("|").splitlines()[2] == "Retenue|10/11/2026|INDRPR|DETTE1|000000125|-2,00|10,00"


def test_une_periode_jusqu_a_aujourd_hui_montre_ce_qui_est_annonce_pour_demain() -> None:
    hier, demain = date.today() - timedelta(days=1), date.today() + timedelta(days=1)  # noqa: DTZ011
    assert annonces(hier, hier) == (hier, hier)
    assert annonces(hier, demain - timedelta(days=1))[1] > demain


def test_une_ligne_d_un_autre_montant_reste_a_corriger(poste, onglet) -> None:
    poste.paiements.annonces = [replace(VIREMENT, etat="ecart", recu_centimes=5406)]
    poste.paiements.banque = [replace(LIGNE, etat="rapprochee", virements=(1,), ecart_centimes=-150)]
    page = onglet("virements")
    assert page.virements.lignes.texte("|").splitlines()[1].split("|")[0] == "à corriger"
    assert page.virements.virements.texte("|").splitlines()[1].split("|")[0] == "à corriger"


def test_un_organisme_en_retard_se_relance_une_fois_confirme(poste, onglet, repos, dialogue, dossier) -> None:
    poste.paiements.creances = [du("000000001", 82, 1000), du("000000002", 12, 250)]
    page = onglet("relances")
    assert page.resume.text() == "10,00\u00a0€ en retard aujourd'hui chez 1 organisme"
    assert [d.facture for d in page.relances.lignes.modele.rangees] == ["000000001"]
    page._relancer.trigger()
    dialogue(Confirmation).faire.click()
    repos()
    assert poste.paiements.faits == [("relancer", CAISSE)]
    assert page.bandeau.phrase == f"Fait : 1 part de facture à réclamer, dans {dossier / 'relance.xlsx'}."


def test_la_periode_s_exporte_en_classeur_et_en_csv(aller, poste, repos, dossier) -> None:
    page = aller("paiements")
    page.exporter()
    repos()
    assert poste.paiements.faits == [("exporter", True), ("exporter", False)]
    assert page.bandeau.phrase == f"Fait : Comptes écrits : 2 fichiers dans {dossier}."


@pytest.mark.parametrize("nom", ["dus", "virements", "mouvements", "relances"])
def test_chaque_onglet_suit_les_regles(poste, onglet, fenetre, repos, nom: str) -> None:
    from .test_regles import _disputees

    poste.paiements.creances = [du("000000001", 82, 1000)]
    poste.paiements.annonces, poste.paiements.banque = [VIREMENT], [LIGNE]
    poste.paiements.retenues = [FORFAIT]
    onglet(nom)
    assert _disputees(fenetre) == {}
    fenetre.resize(960, 540)
    repos()
    assert (fenetre.width(), fenetre.height()) == (960, 540)
