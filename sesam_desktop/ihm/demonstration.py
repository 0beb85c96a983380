"""The hands of the demonstration: put cards in and out of its readers, from a menu of the state strip."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from .fenetre import Fenetre


def ajouter_cartes(fenetre: Fenetre) -> None:
    """A menu under Ctrl+D: each card one may insert, and taking them out. The palette reaches them too."""
    environnement: Any = fenetre.atelier.poste.environnement
    menu = QMenu("Cartes de &démonstration", fenetre)
    for nom, titulaire in environnement.cartes_vitale().items():
        _ajouter(fenetre, menu, f"Insérer la Vitale de {titulaire}", partial(environnement.inserer_vitale, nom))
    _ajouter(fenetre, menu, "Retirer la Vitale", partial(environnement.inserer_vitale, None))
    menu.addSeparator()
    for nom, titulaire in environnement.cartes_ps().items():
        _ajouter(fenetre, menu, f"Insérer la CPS de {titulaire}", partial(environnement.inserer_ps, nom))
    _ajouter(fenetre, menu, "Retirer la CPS", partial(environnement.inserer_ps, None))
    fenetre.bande.proposer_cartes(menu)
    ouvrir = QAction("Cartes de démonstration", fenetre)
    ouvrir.setShortcut(QKeySequence("Ctrl+D"))
    ouvrir.triggered.connect(fenetre.bande.ouvrir_cartes)
    fenetre.addAction(ouvrir)


def _ajouter(fenetre: Fenetre, menu: QMenu, texte: str, geste: Any) -> None:
    action = QAction(texte, fenetre)
    action.triggered.connect(lambda: fenetre.atelier.taches.lancer("lecteurs", lambda _: geste()))
    menu.addAction(action)
    fenetre.addAction(action)
