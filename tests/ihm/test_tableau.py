"""Tableau: figures of a period, charts with their tables, export; the usual periods."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QDate
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox

from sesam_desktop.ihm.composants.periode import Periode, usuelle
from sesam_desktop.ihm.composants.tableau import Tableau
from sesam_desktop.ihm.modeles.table import Colonne, ModeleTable
from sesam_desktop.teletransmission.depot_indicateurs import DocumentLu, ReglementLu, Releve

from .test_regles import _disputees


@pytest.fixture
def releve() -> Releve:
    """Three invoices of September: two secured and paid, one degraded and rejected."""
    documents = tuple(DocumentLu(f"00000000{n}", "FSE", niveau, "2026-09-01", "01721001", etat, 1000)
                      for n, niveau, etat in ((1, "S", "payee"), (2, "S", "payee"), (3, "D", "rejetee")))
    envois = {d.numero: "2026-09-02T08:00:00+00:00" for d in documents}
    reglements = (
        ReglementLu("000000001", "AMO", "P", 1000, 1000, "2026-09-06", ()),
        ReglementLu("000000002", "AMO", "P", 1000, 1000, "2026-09-08", ()),
        ReglementLu("000000003", "AMO", "R", 1000, 0, "", (("0816", "DROITS FERMES"),)),
    )
    return Releve(documents, envois, reglements, (), (), 0, 0)


def test_les_chiffres_se_lisent_et_chaque_dessin_a_son_tableau(aller, poste, releve) -> None:
    poste.indicateurs.releve = releve
    page = aller("tableau")
    assert page.pile.currentIndex() == 1
    dits = [valeur.accessibleName() for valeur, _, _ in page.chiffres._cases]
    assert dits[:4] == [
        "Factures sécurisées : 66,67\u00a0%, 2 sur 3", "Factures dégradées : 33,33\u00a0%, 1 sur 3",
        "De l'envoi au paiement : 4 j, neuf sur dix en 6 j au plus",
        "Rejets : 33,33\u00a0%, 1 sur 3, 10,00\u00a0€",
    ]
    assert page.tables[0].texte("|").splitlines()[1] == "Sécurisées|2|3|66,67"
    assert page.tables[1].texte("|").splitlines()[1] == "sept. 2026|3|1|30,00|20,00|10,00"
    assert [dessin is not None for dessin in page.dessins] == [True, True, True, True, False, False, True]


def test_un_dessin_s_agrandit_sans_se_deformer(qtbot, aller, poste, releve) -> None:
    poste.indicateurs.releve = releve
    dessin = aller("tableau").dessins[0]
    dessin.resize(600, 600)
    image = QImage(600, 600, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0, 0))
    dessin.render(image)
    lignes = [y for y in range(0, 600, 5) if any(image.pixelColor(x, y).alpha() == 255 for x in range(0, 600, 3))]
    assert dessin.accessibleName() == "Graphique : Sécurisation des factures, détaillé dans le tableau"
    assert lignes


def test_une_periode_sans_soin_dit_a_quoi_sert_la_page(aller) -> None:
    page = aller("tableau")
    assert page.pile.currentIndex() == 0


def test_les_chiffres_s_exportent(aller, poste, releve, repos, monkeypatch, tmp_path) -> None:
    chemin = tmp_path / "chiffres.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(chemin), ""))
    poste.indicateurs.releve = releve
    page = aller("tableau")
    page.principale.trigger()
    repos()
    assert poste.indicateurs.exportes == [chemin]
    assert page.bandeau.phrase == f"Fait : Chiffres écrits dans {chemin}."


def test_l_export_porte_les_dates_des_chiffres_montres(aller, poste, releve, repos, monkeypatch) -> None:
    """Another period is chosen, its figures are not read yet."""
    proposes: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda _p, _t, nom, _f: (proposes.append(nom), ("", ""))[1])
    poste.indicateurs.releve = releve
    page = aller("tableau")
    lus = page._lus.indicateurs
    page.periode.blockSignals(True)
    page.periode.proposer("mois_dernier")
    page.exporter()
    assert proposes == [f"indicateurs-{lus.debut:%Y%m%d}-{lus.fin:%Y%m%d}.xlsx"]
    assert page.periode.bornes != (lus.debut, lus.fin)


def test_chaque_sujet_suit_les_regles(aller, poste, releve, fenetre, repos) -> None:
    poste.indicateurs.releve = releve
    page = aller("tableau")
    for rang in range(page.onglets.count()):
        page.onglets.setCurrentIndex(rang)
        repos()
        assert _disputees(fenetre) == {}
    fenetre.resize(960, 540)
    repos()
    assert (fenetre.width(), fenetre.height()) == (960, 540)


@pytest.mark.parametrize("choix, debut, fin", [
    ("mois", date(2026, 11, 1), date(2026, 11, 22)), ("mois_dernier", date(2026, 10, 1), date(2026, 10, 31)),
    ("trimestre", date(2026, 10, 1), date(2026, 11, 22)), ("annee", date(2026, 1, 1), date(2026, 11, 22)),
    ("douze_mois", date(2025, 12, 1), date(2026, 11, 22)),
])
def test_les_periodes_usuelles(choix: str, debut: date, fin: date) -> None:
    assert usuelle(choix, date(2026, 11, 22)) == (debut, fin)


def test_une_periode_usuelle_suit_les_jours_qui_passent(qtbot, monkeypatch) -> None:
    class Demain(date):
        @classmethod
        def today(cls) -> date:
            return date(2031, 2, 1)

    periode = Periode("mois")
    qtbot.addWidget(periode)
    monkeypatch.setattr("sesam_desktop.ihm.composants.periode.date", Demain)    # the window stayed open
    assert periode.bornes == (date(2031, 2, 1), date(2031, 2, 1))


def test_des_dates_a_soi_sont_dans_leur_ordre(qtbot) -> None:
    periode = Periode()
    qtbot.addWidget(periode)
    with qtbot.waitSignal(periode.changee):
        periode.debut.setDate(QDate(2026, 3, 31))
    periode.fin.setDate(QDate(2026, 3, 1))
    assert periode.bornes == (date(2026, 3, 1), date(2026, 3, 31))
    assert periode.choix.currentData() == "autre"


def test_la_colonne_etiree_garde_sa_place_dans_une_table_etroite(qtbot, atelier) -> None:
    colonnes = [Colonne("mois", "Mois de soins", str, largeur=12),
                *(Colonne(f"n{rang}", "Reste à recevoir (€)", str, "montant", 8) for rang in range(5))]
    table = Tableau("essai", "Essai", ModeleTable(colonnes), atelier.reglages)
    qtbot.addWidget(table)
    table.resize(300, 200)
    table.show()
    assert table.columnWidth(0) == 10 * table.fontMetrics().averageCharWidth()
    table.resize(3000, 200)
    assert sum(table.columnWidth(rang) for rang in range(6)) == table.viewport().width()


def test_un_export_qui_ne_peut_s_ecrire_le_dit(qtbot, atelier, monkeypatch, tmp_path) -> None:
    dits: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "absent" / "a.csv"), ""))
    monkeypatch.setattr(QMessageBox, "warning", lambda _parent, _titre, phrase: dits.append(phrase))
    table = Tableau("export", "Export", ModeleTable([Colonne("nom", "Nom", str)]), atelier.reglages)
    qtbot.addWidget(table)
    table.remplacer(["=1+1", "-12,00", "-2+3", "\tx", "DURAND"])
    table.exporter()
    assert len(dits) == 1 and "n'existe pas" in dits[0]
    assert table.texte(";").splitlines()[1:] == ["'=1+1", "-12,00", "'-2+3", "'\tx", "DURAND"]
