"""The rules of the window that can be checked: names, keys, palette, sizes, languages, contrast."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

import sesam_desktop.ihm
from sesam_desktop.factures.facture import Alerte, LigneSaisie
from sesam_desktop.ihm import icones, teintes
from sesam_desktop.ihm.composants.bandeau import phrase
from sesam_desktop.ihm.fenetre import PAGES
from sesam_desktop.ihm.pages.parametres import RUBRIQUES
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.noyau.ressources import ressource

from .faux_poste import carte_vitale

SOURCES = sorted(Path(sesam_desktop.ihm.__file__).parent.rglob("*.py"))
CONTROLES = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QTextEdit)
_INTERNES = re.compile("^qt_|^ScrollBar|^ScrollLeft|^ScrollRight")


def nom_de(controle: QWidget) -> str:
    """What a screen reader says: the accessible name, the text, or the label that points here."""
    if controle.accessibleName():
        return controle.accessibleName()
    if isinstance(controle, QAbstractButton) and controle.text():
        return controle.text()
    amis = controle.window().findChildren(QLabel)
    return next((a.text() for a in amis if a.buddy() is controle), "")


def interne(controle: QWidget) -> bool:
    """Made by Qt inside one of its own controls."""
    parent = controle.parentWidget()
    return bool(_INTERNES.match(controle.objectName())) or (
        (parent is not None and type(parent).__module__.startswith("PySide6") and isinstance(parent, CONTROLES))
        or type(parent).__name__ in ("Tableau", "ChampRecherche", "QDateEdit", "QDateTimeEdit", "QSpinBox", "QTabBar")
    )


@pytest.mark.parametrize("cle", PAGES)
@pytest.mark.parametrize("profession", ["pharmacien", "infirmier"])
def test_chaque_controle_a_un_nom(fenetre, poste, repos, cle: str, profession: str) -> None:
    poste.lecteurs.ps = None
    poste.changer_profession(profession)
    fenetre.aller(cle)
    repos()
    anonymes = [c for c in fenetre.findChildren(QWidget)
                if isinstance(c, CONTROLES) and c.isVisible() and not interne(c) and not nom_de(c)]
    assert anonymes == []


@pytest.mark.parametrize("cle", PAGES)
def test_les_touches_d_une_page_ne_se_disputent_pas(fenetre, repos, cle: str) -> None:
    fenetre.aller(cle)
    repos()
    actions = [*fenetre.page.actions(), *fenetre.actions()]
    touches = [t.toString() for a in actions for t in a.shortcuts() if not t.isEmpty()]
    assert sorted(touches) == sorted(set(touches))
    assert all(QKeySequence(t).count() == 1 for t in touches)


def _disputees(fenetre: QWidget) -> dict[str, list[str]]:
    """Letters that several controls on screen answer to."""
    vus = _mnemoniques(fenetre)
    textes = {touche: [texte for t, texte in vus if t == touche] for touche, _ in vus}
    return {touche: siens for touche, siens in textes.items() if len(siens) > 1}


def _mnemoniques(fenetre: QWidget) -> list[tuple[str, str]]:
    """Letter and text of everything on screen that answers to Alt and a letter."""
    textes = [b.text() for b in fenetre.findChildren(QAbstractButton) if b.isVisible()]
    textes += [e.text() for e in fenetre.findChildren(QLabel) if e.isVisible() and e.buddy() is not None]
    for onglets in fenetre.findChildren(QTabBar):
        textes += [onglets.tabText(rang) for rang in range(onglets.count()) if onglets.isVisible()]
    touches = ((QKeySequence.mnemonic(texte).toString(), texte) for texte in textes)
    return [(touche, texte) for touche, texte in touches if touche]


@pytest.mark.parametrize("profession", ["pharmacien", "infirmier", "medecin", "dentiste", "fournisseur"])
@pytest.mark.parametrize("cle", PAGES)
def test_une_lettre_ne_mene_qu_a_un_endroit(fenetre, poste, repos, cle: str, profession: str) -> None:
    """Two controls under one Alt+letter: neither answers, the keyboard goes from one to the other."""
    poste.lecteurs.ps = None
    poste.changer_profession(profession)
    fenetre.aller(cle)
    repos()
    assert _disputees(fenetre) == {}
    poste.lecteurs.inserer(carte_vitale())
    repos()
    assert _disputees(fenetre) == {}


def test_les_onglets_des_reglages_suivent_les_regles(fenetre, repos) -> None:
    """Each subject: names, one control a letter, and it fits in a screen at 200 %."""
    for sujet in RUBRIQUES:
        fenetre.aller("parametres", sujet)
        repos()
        assert _disputees(fenetre) == {}, sujet
        assert [c for c in fenetre.findChildren(QWidget)
                if isinstance(c, CONTROLES) and c.isVisible() and not interne(c) and not nom_de(c)] == [], sujet
    fenetre.resize(960, 540)
    repos()
    assert (fenetre.width(), fenetre.height()) == (960, 540)


@pytest.mark.parametrize("cle", PAGES)
def test_une_action_principale_en_f10(fenetre, repos, cle: str) -> None:
    fenetre.aller(cle)
    repos()
    page = fenetre.page
    principales = [a for a in page.actions() if QKeySequence("F10") in a.shortcuts()]
    assert len(principales) == 1
    assert principales[0] is page.principale


@pytest.mark.parametrize("cle", PAGES)
def test_la_tabulation_fait_le_tour_de_la_page(fenetre, repos, cle: str) -> None:
    fenetre.aller(cle)
    repos()
    vus: list[QWidget] = []
    for _ in range(80):
        fenetre.focusNextChild()
        courant = QApplication.focusWidget()
        if courant in vus:
            break
        vus.append(courant)
    dans_la_page = [w for w in vus if fenetre.page.isAncestorOf(w)]
    assert len(dans_la_page) >= 1
    assert len(vus) < 80


@pytest.mark.parametrize("profession", ["pharmacien", "infirmier"])
@pytest.mark.parametrize("cle", PAGES)
def test_la_page_tient_dans_un_ecran_a_200_pour_cent(fenetre, poste, repos, cle: str, profession: str) -> None:
    """1920 × 1080 at 200 % is 960 × 540 in the window's units."""
    poste.lecteurs.ps = None
    poste.changer_profession(profession)
    fenetre.aller(cle)
    poste.lecteurs.inserer(carte_vitale())
    repos()
    fenetre.resize(960, 540)
    repos()
    assert (fenetre.width(), fenetre.height()) == (960, 540)


@pytest.mark.parametrize("profession", ["pharmacien", "medecin", "infirmier"])
def test_une_facture_chargee_tient_dans_un_ecran_a_200_pour_cent(fenetre, poste, repos, profession: str) -> None:
    """Situation, fields of a line and remarks all open at once: the window does not grow, they scroll."""
    poste.lecteurs.ps = None
    poste.changer_profession(profession)
    fenetre.aller("facturer")
    poste.lecteurs.inserer(carte_vitale())
    repos()
    fenetre.resize(960, 540)
    feuille = fenetre.page.feuille
    poste.facturation.alertes = tuple(
        Alerte(f"A{n}", "avertissement", f"Remarque {n} d'une longueur qui demande sa place sur la page.", champ)
        for n, champ in enumerate(("beneficiaire.ald", "prescription", "parcours", "date_soins", "lignes[0]", "", ""))
    )
    feuille.saisie.modifier(
        lignes=(LigneSaisie("CCAM", code="DEQP003"),), nature_assurance="at", accident_numero="123456789"
    )
    feuille.tableau.aller(0)
    feuille.panneau.modifier()
    feuille.panneau.basculer_pourquoi()
    repos()
    assert feuille.editeur.isVisible()
    assert (fenetre.width(), fenetre.height()) == (960, 540)


def test_toutes_les_pages_ouvertes_tiennent_encore(fenetre, repos) -> None:
    """The stack is as wide as its widest page, even hidden."""
    for cle in PAGES:
        fenetre.aller(cle)
        repos()
    fenetre.resize(960, 540)
    repos()
    assert (fenetre.width(), fenetre.height()) == (960, 540)


def test_aucune_taille_en_pixels_ni_couleur_dans_les_sources() -> None:
    interdits = re.compile(
        r"setFixed|setStyleSheet|Qt\.GlobalColor\.(?!transparent)|QColor\((?!QPalette)[\"'0-9]|"
        r"setMinimum(Width|Height|Size)\([0-9]|setMaximum(Width|Height|Size)\([0-9]|time\.sleep|#[0-9a-fA-F]{6}"
    )
    fautes = [f"{s.name}:{n}" for s in SOURCES for n, ligne in enumerate(s.read_text("utf-8").splitlines(), 1)
              if interdits.search(ligne)]
    assert fautes == []


@pytest.mark.parametrize("gris", [239, 50])
def test_les_couleurs_d_etat_se_lisent(gris: int) -> None:
    palette = QPalette(QColor(gris, gris, gris))
    palette.setColor(QPalette.ColorRole.Base, QColor(255, 255, 255) if gris > 128 else QColor(36, 36, 36))
    for etat in ("fait", "en cours", "à corriger", "bloqué"):
        couleur = teintes.couleur_etat(etat, palette)
        for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Window):
            assert teintes.contraste(couleur, palette.color(role)) >= 4.5, (etat, role)
    for genre in ("erreur", "avertissement", "succes", "information"):
        fond = teintes.fond_avis(genre, palette)
        assert teintes.contraste(palette.color(QPalette.ColorRole.WindowText), fond) >= 4.5


def test_le_contraste_est_celui_de_wcag() -> None:
    """Black on white is 21:1, #767676 on white 4.54:1 (WCAG's own example)."""
    assert round(teintes.contraste(QColor("black"), QColor("white")), 2) == 21
    assert round(teintes.contraste(QColor(0x76, 0x76, 0x76), QColor("white")), 2) == 4.54


def test_les_icones_sont_d_un_seul_trait() -> None:
    dessins = list(ressource("icones").glob("*.svg"))
    assert len(dessins) > 20
    for dessin in dessins:
        texte = dessin.read_text("utf-8")
        assert 'stroke="currentColor"' in texte
        assert 'stroke-width="1.75"' in texte
        assert not icones.dessin(dessin.stem, QColor("black"), 32).isNull()


def test_les_icones_suivent_la_palette(fenetre) -> None:
    bouton = fenetre.navigation.findChildren(QAbstractButton)[0]
    avant = bouton.icon().pixmap(32).toImage()
    palette = QPalette(fenetre.palette())
    origine = QApplication.palette()
    palette.setColor(QPalette.ColorRole.WindowText, QColor(200, 30, 30))
    QApplication.setPalette(palette)
    QApplication.processEvents()
    apres = bouton.icon().pixmap(32).toImage()
    QApplication.setPalette(origine)
    QApplication.processEvents()
    assert avant != apres


def test_les_textes_de_qt_sont_en_francais(qapp) -> None:
    boutons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert boutons.button(QDialogButtonBox.StandardButton.Cancel).text() == "Annuler"


def test_le_lieu_d_une_erreur_est_dit_en_mots() -> None:
    assert phrase(ErreurConnue("Acte interdit.", ou="lignes[0].acte")) == "Ligne 1 : Acte interdit."
    assert phrase(ErreurConnue("Date future.", ou="prescription.date")) == "Date future."
    assert phrase(ErreurConnue("Illisible.", ou="loe.txt, ligne 3")) == "loe.txt, ligne 3 : Illisible."
