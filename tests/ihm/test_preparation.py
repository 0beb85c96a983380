"""What is read ahead of the first invoice: after it, the window's own thread reads no table to show a line."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QThread

from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.ihm import preparation
from sesam_desktop.ihm.facturation.champs_ligne import champs_de
from sesam_desktop.ihm.facturation.situation import LigneSituation
from sesam_desktop.noyau.ressources import ressource
from sesam_desktop.referentiels import lecture_tables, tables
from sesam_desktop.referentiels.tables import DossierTables, Table

from .faux_poste import JOUR


def test_plus_aucune_table_n_est_lue_a_la_premiere_facture(qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = DossierTables(ressource("tarifs"))
    monkeypatch.setattr(tables, "charger", dossier.charger)      # nothing read by another test
    preparation.preparer()

    lues: list[str] = []

    def lire(nom: str, *reste: str) -> Table:
        lues.append(nom)
        return lecture_tables.lire(nom, *reste)

    monkeypatch.setattr(tables, "lire", lire)
    qtbot.addWidget(LigneSituation(JOUR))
    for ligne in (LigneSaisie("MEDICAMENT", cip13="3400930000000"), LigneSaisie("AMI"), LigneSaisie("CCAM")):
        for champ in champs_de(ligne, JOUR):
            champ.choix(JOUR)
    assert lues == []


def test_elle_suit_l_ouverture_du_poste(fenetre, qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    fils: list[bool] = []                # `fenetre` has just been given its workstation
    monkeypatch.setattr(preparation, "preparer", lambda: fils.append(QThread.isMainThread()))
    qtbot.waitUntil(lambda: bool(fils))
    assert fils == [False]
