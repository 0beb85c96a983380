"""Pièces: attach, scan, choose the scanner, the verdict on quality."""

from __future__ import annotations

from types import SimpleNamespace

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.ihm.composants.confirmation import Confirmation
from sesam_desktop.noyau.erreurs import ErreurConnue

from .faux_services import pdf

ETATS = [Etat.SIGNEE_PS, Etat.REJETEE]


def test_une_piece_se_joint(aller, poste, repos, tmp_path) -> None:
    poste.registre.remplir(poste.facturation, ETATS)
    page = aller("pieces")
    image = tmp_path / "ordonnance.pdf"
    image.write_bytes(pdf("Ordonnance"))
    poste.pieces.conforme = False
    page.joindre([image])
    repos()
    assert "La page est floue." in page.verdict.phrase
    assert page.apercu.nombre_pages == 1
    assert poste.pieces.gardees[0].factures == ("000000002",)
    page.rafraichir()
    repos()
    assert page.listes.tabText(0) == "À n&umériser (1)"
    page.gardees.aller(0)
    repos()
    page.joindre([image])
    page.listes.setCurrentIndex(1)
    page.joindre([image])
    assert "Choisissez d'abord" in page.bandeau.phrase


def test_sans_numeriseur_on_le_dit(aller, poste, repos) -> None:
    poste.registre.remplir(poste.facturation, ETATS[:1])
    page = aller("pieces")
    page.numeriser()
    repos()
    assert "Aucun numériseur" in page.verdict.phrase
    assert not page.avancement.actif


def test_on_choisit_entre_plusieurs_numeriseurs(aller, poste, repos) -> None:
    poste.registre.remplir(poste.facturation, ETATS[:1])
    poste.pieces.branches = [SimpleNamespace(nom=nom, libelle=f"Scanner {nom}") for nom in "ab"]
    page = aller("pieces")
    page.numeriser()
    repos()
    assert "Plusieurs numériseurs" in page.verdict.phrase
    assert poste.pieces.gardees == []
    page.numeriseur.setCurrentIndex(1)
    page.numeriseur.activated.emit(1)
    page.numeriser()
    repos()
    assert poste.pieces.numerises == ["b"]
    assert poste.pieces.gardees[0].factures == ("000000001",)
    assert "Pièce jointe à la facture 000000001." in page.verdict.phrase


def test_une_piece_gardee_se_revoit_avec_son_verdict(aller, poste, repos, tmp_path) -> None:
    poste.registre.remplir(poste.facturation, ETATS)
    poste.pieces.ajouter(["000000001"], [], "ORD")
    page = aller("pieces")
    page.listes.setCurrentIndex(1)
    page.gardees.aller(0)
    repos()
    assert page.apercu.nombre_pages == 1
    assert page.verdict.phrase == "Fait : Pièce lisible, 300 ppp."


def test_un_numeriseur_en_panne_se_dit(aller, poste, repos) -> None:
    poste.registre.remplir(poste.facturation, ETATS[:1])
    poste.pieces.branches = [SimpleNamespace(nom="a", libelle="Scanner A")]
    poste.pieces.panne = ErreurConnue("Le numériseur ne répond plus.", code="NUMERISEUR_MUET")
    page = aller("pieces")
    page.numeriser()
    repos()
    assert "ne répond plus" in page.verdict.phrase
    assert not page.avancement.actif


def choisir_refusee(page, poste, repos):
    """The piece of invoice 1, refused by the fund, is the current one."""
    poste.registre.remplir(poste.facturation, ETATS)
    poste.pieces.ajouter(["000000001"], [], "ORD").etat = "rejetee"
    poste.changements.annoncer("pieces")
    repos()
    page.listes.setCurrentIndex(1)
    page.gardees.aller(0)
    repos()
    return page._refusees


def test_une_piece_refusee_se_renvoie(aller, poste, repos) -> None:
    page = aller("pieces")
    refusees = choisir_refusee(page, poste, repos)
    assert refusees.renvoyer.isEnabled()
    refusees.renvoyer.trigger()
    repos()
    assert poste.pieces.gardees[0].etat == "prete"
    assert "repartira" in page.bandeau.phrase


def test_une_piece_refusee_se_classe_apres_confirmation(aller, poste, repos, dialogue) -> None:
    page = aller("pieces")
    refusees = choisir_refusee(page, poste, repos)
    refusees.classer.trigger()
    confirmation = dialogue(Confirmation)
    assert poste.pieces.gardees[0].etat == "rejetee"
    assert confirmation.faire.text() == "&Classer la pièce"
    confirmation.faire.click()
    repos()
    assert poste.pieces.gardees[0].etat == "classee"
    assert page.gardees.texte("|").splitlines()[1].startswith("fait")


def test_une_piece_acceptee_n_a_rien_a_decider(aller, poste, repos) -> None:
    page = aller("pieces")
    refusees = choisir_refusee(page, poste, repos)
    poste.pieces._changer(1, "acquittee")
    repos()
    page.gardees.aller(0)
    repos()
    assert not refusees.classer.isEnabled() and not refusees.renvoyer.isEnabled()
