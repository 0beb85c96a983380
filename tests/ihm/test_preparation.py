"""What is read ahead of the first invoice: after it, the window's own thread reads no table to show a line."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QThread

from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.ihm import preparation
from sesam_desktop.ihm.facturation.champs_ligne import champs_de
from sesam_desktop.ihm.facturation.situation import LigneSituation
from sesam_desktop.noyau.ressources import ressource
from sesam_desktop.referentiels import tables
from sesam_desktop.referentiels.tables import DossierTables

from .faux_poste import JOUR


def test_plus_aucune_table_n_est_lue_a_la_premiere_facture(qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = DossierTables(ressource("tarifs"))
    monkeypatch.setattr(tables, "charger", dossier.charger)      # nothing read by another test
    preparation.preparer()

    def interdire(*_: object) -> None:
        raise AssertionError("a table is read while somebody waits")

    monkeypatch.setattr(tables, "lire", interdire)
    qtbot.addWidget(LigneSituation(JOUR))
    for ligne in (LigneSaisie("MEDICAMENT", cip13="3400930000000"), LigneSaisie("AMI"), LigneSaisie("CCAM")):
        for champ in champs_de(ligne, JOUR):
            champ.choix(JOUR)


def test_elle_suit_l_ouverture_du_poste(fenetre, qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    fils: list[bool] = []                # `fenetre` has just been given its workstation
    monkeypatch.setattr(preparation, "preparer", lambda: fils.append(QThread.isMainThread()))
    qtbot.waitUntil(lambda: bool(fils))
    assert fils == [False]
