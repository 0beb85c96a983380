"""The hands of the demonstration: put cards in and out of its readers, play incidents, from a menu of the strip."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from .fenetre import Fenetre


def ajouter_cartes(fenetre: Fenetre) -> None:
    """A menu under Ctrl+D: cards of each kind, then what may go wrong. The palette reaches them too."""
    environnement: Any = fenetre.atelier.poste.environnement
    menu = QMenu("Cartes de &démonstration", fenetre)
    for titre, nom, cartes, inserer in (
        ("Carte &Vitale", "la Vitale", environnement.cartes_vitale(), environnement.inserer_vitale),
        ("Carte &professionnelle", "la CPS", environnement.cartes_ps(), environnement.inserer_ps),
        ("Carte &complémentaire (DUO)", "la carte complémentaire", environnement.cartes_duo(),
         environnement.inserer_duo),
    ):
        _ajouter_genre(fenetre, _sous_menu(menu, titre), nom, cartes, inserer)
    _ajouter_incidents(fenetre, _sous_menu(menu, "&Incidents"), environnement.incidents)
    _ajouter_terminal(fenetre, _sous_menu(menu, "&Terminal portable"), environnement.socle)
    _ajouter_caisses(fenetre, _sous_menu(menu, "&Caisses"), environnement)
    fenetre.bande.proposer_cartes(menu)
    ouvrir = QAction("Cartes de démonstration", fenetre)
    ouvrir.setShortcut(QKeySequence("Ctrl+D"))
    ouvrir.triggered.connect(fenetre.bande.ouvrir_cartes)
    fenetre.addAction(ouvrir)


def _ajouter_genre(
    fenetre: Fenetre, menu: QMenu, nom: str, cartes: dict[str, str], inserer: Callable[[str | None], None]
) -> None:
    for cle, titulaire in cartes.items():
        _ajouter(fenetre, menu, f"Insérer {nom} de {titulaire}", partial(inserer, cle))
    menu.addSeparator()
    _ajouter(fenetre, menu, f"Retirer {nom}", partial(inserer, None))


def _ajouter_incidents(fenetre: Fenetre, menu: QMenu, incidents: Any) -> None:
    for cle, texte in incidents.proposes().items():
        _ajouter(fenetre, menu, texte, partial(incidents.simuler, cle))


def _ajouter_terminal(fenetre: Fenetre, menu: QMenu, socle: Any) -> None:
    """The tour played at home. A cradle says nothing by itself: the pages are told."""
    annoncer = fenetre.atelier.poste.changements.annoncer
    for texte, geste in (
        ("Faire la tournée : la Vitale de chaque patient signe à son domicile", socle.visiter),
        ("Enlever le terminal de son socle", socle.enlever),
        ("Poser le terminal sur son socle", socle.poser),
    ):
        _ajouter(fenetre, menu, texte, partial(_jouer, geste, annoncer))


def _ajouter_caisses(fenetre: Fenetre, menu: QMenu, environnement: Any) -> None:
    """How the funds behave from now on; their scenarios are read by a worker."""
    groupe = QActionGroup(fenetre)

    def proposer(libelles: dict[str, str]) -> None:
        for nom, libelle in libelles.items():
            action = _ajouter(fenetre, menu, f"Caisses : {libelle}", partial(environnement.jouer, nom),
                              file="messagerie")
            action.setCheckable(True)
            action.setChecked(nom == environnement.scenario)
            groupe.addAction(action)

    fenetre.atelier.taches.lancer("base", lambda _: environnement.scenarios(), resultat=proposer, proprietaire=menu)


def _jouer(geste: Callable[[], object], annoncer: Callable[[str], None]) -> None:
    geste()
    annoncer("terminaux")


def _sous_menu(menu: QMenu, titre: str) -> QMenu:
    sous_menu = QMenu(titre, menu)
    menu.addMenu(sous_menu)
    return sous_menu


def _ajouter(
    fenetre: Fenetre, menu: QMenu, texte: str, geste: Callable[[], object], *, file: str = "lecteurs"
) -> QAction:
    action = QAction(texte, fenetre)
    action.triggered.connect(lambda: fenetre.atelier.taches.lancer(file, lambda _: geste()))
    menu.addAction(action)
    fenetre.addAction(action)
    return action
