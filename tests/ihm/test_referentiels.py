"""Référentiels: what is loaded, what changed, what the tables say, imports."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QDate
from PySide6.QtGui import QGuiApplication

from sesam_desktop.ihm.modeles.changements import changements_de
from sesam_desktop.ihm.modeles.referentiels import jour
from sesam_desktop.ihm.modeles.tarifs import filtrer, toutes_les_lignes
from sesam_desktop.poste.recherche_referentiels import Trouvaille
from sesam_desktop.referentiels.differences import Champ, Difference, Differences

from .faux_services import PARACETAMOL


def test_un_import_avance_et_s_interrompt(aller, poste, repos, qtbot) -> None:
    page = aller("referentiels")
    page.importer("bdpm", Path("bdpm"))
    repos()
    assert page.bandeau.phrase == "Fait : Version 2026-11-22 importée : 3 lignes, 1 lignes écartées."
    poste.referentiels.pas.clear()
    page.importer("bdpm", Path("bdpm"))
    qtbot.waitUntil(lambda: page.avancement.actif and page.avancement._barre.value() == 1)
    page.avancement.interrompre()
    poste.referentiels.pas.set()
    repos()
    assert "rien n'a été modifié" in page.bandeau.phrase
    page.importer("tod", Path("tod.csv"))
    repos()
    assert "tod.csv" in page.bandeau.phrase


def test_les_tables_disent_leur_version_ou_leur_absence(aller) -> None:
    page = aller("referentiels")
    lignes = [li.split("|") for li in page.sources.texte("|").splitlines()]
    vues = [dict(zip(lignes[0], li, strict=True)) for li in lignes[1:]]
    assert [v["Table"] for v in vues] == [
        "Médicaments (BDPM)", "Actes médicaux (CCAM)", "Tarifs du programme (2 tables)",
        "Organismes destinataires (TOD)", "Liste d'opposition (LOE)",
    ]
    assert (vues[0]["En vigueur, du"], vues[0]["Lignes"], vues[0]["Écartées"]) == ("20/11/2026", "20\u202f902", "6")
    assert (vues[1]["État"], vues[1]["En vigueur, du"]) == ("à faire", "à importer")
    assert vues[2]["Lignes"] == "150"


def test_ce_qui_a_change_entre_deux_versions(aller, poste, repos) -> None:
    page = aller("referentiels")
    page.onglets.setCurrentWidget(page.changements)
    repos()
    onglet = page.changements
    assert poste.referentiels.comparees == [("bdpm", "2026-07-24", "2026-11-20")]
    assert onglet.bilan.text() == "1 ajoutée  ·  1 retirée  ·  1 modifiée"
    lignes = [li.split("|") for li in onglet.tableau.texte("|").splitlines()[1:]]
    assert [li[0] for li in lignes] == ["ajouté", "retiré", "modifié", "modifié", "modifié"]
    assert [li[3:] for li in lignes[2:]] == [
        ["taux", "65\u00a0%", "30\u00a0%"], ["prix", "–", "1,16\u00a0€"], ["commercialisé", "oui", "non"],
    ]
    onglet.filtre.setText("paracetamol taux")
    repos()
    assert len(onglet.tableau.modele.rangees) == 1
    onglet.tableau.copier()
    assert PARACETAMOL in QGuiApplication.clipboard().text()
    onglet.avant.setCurrentIndex(0)
    onglet.avant.activated.emit(0)
    repos()
    assert "deux versions différentes" in page.bandeau.phrase


@pytest.mark.parametrize(("rang", "dit"), [(1, "F10 pour l'importer"), (3, "ne garde que sa version")])
def test_une_table_sans_deux_versions_le_dit(aller, repos, rang: int, dit: str) -> None:
    page = aller("referentiels")
    page.onglets.setCurrentWidget(page.changements)
    page.sources.aller(rang)
    repos()
    assert dit in page.changements.bilan.text()
    assert page.changements.tableau.isHidden()


def test_une_table_choisie_est_celle_qu_on_importe_et_qu_on_cherche(aller, repos) -> None:
    page = aller("referentiels")
    page.sources.aller(1)
    assert page.table.currentText().startswith("Actes médicaux (CCAM)")
    assert page.consultation.source.currentData() == "ccam"
    page.montrer("lpp")
    assert page.table.currentText().startswith("Produits et prestations (LPP)")
    assert "n'est pas sur ce poste" in page.bandeau.phrase


def test_on_cherche_par_mots_ou_par_code_a_une_date(aller, poste, repos) -> None:
    demandes: list[tuple[str, date]] = []
    chercher = poste.referentiels.chercher_dans

    def noter(source, terme, jour, limite=50):
        demandes.append((source, jour))
        return chercher(source, terme, jour, limite)

    poste.referentiels.chercher_dans = noter
    acte = Trouvaille("ccam", "DEQP003", "Électrocardiographie", "14,26 €", "2026-01-01", True, None)
    poste.referentiels.importees["ccam"] = [acte]
    page = aller("referentiels")
    page.aller_chercher()
    onglet = page.consultation
    onglet.recherche.setText("amox")
    repos()
    assert onglet.nombre.text() == "1 résultat"
    onglet.jour.setDate(QDate(2024, 3, 2))
    onglet.recherche.setText("deqp003")
    repos()
    assert onglet.source.currentData() == "ccam"            # written as a code of the CCAM
    assert demandes[-1] == ("ccam", date(2024, 3, 2))
    assert onglet.resultats.texte("|").splitlines()[1].endswith("version postérieure")
    onglet.recherche.setText("zzzz")
    repos()
    assert onglet.nombre.text() == "Rien ne correspond"
    onglet.choisir("lpp")
    repos()
    assert "n'est pas installée" in page.bandeau.phrase
    onglet.recherche.setText("a")
    repos()
    assert onglet.resultats.modele.rangees == []


def test_les_tarifs_du_programme_disent_ce_qui_est_a_confirmer(aller, repos) -> None:
    """AMI is 3,15 € since 01/01/2026 « valeur maintenue en attente » (table prix): to be confirmed."""
    page = aller("referentiels")
    page.sources.aller(2)
    repos()
    onglet = page.tarifs
    assert page.onglets.currentWidget() is onglet
    onglet.table.setCurrentIndex(onglet.table.findData("prix"))
    onglet.filtre.setText("AMI metro")
    onglet.a_confirmer.setChecked(True)
    onglet.en_vigueur.setChecked(False)
    repos()
    (ligne,) = onglet.tableau.modele.rangees
    assert (ligne.cle, ligne.valeurs.replace("\u00a0", " ")) == ("AMI metro", "prix 3,15 €")
    assert (ligne.debut, ligne.fin, ligne.certitude) == (date(2026, 1, 1), None, "décision du projet")
    assert "maintenue en attente" in ligne.source
    assert onglet.nombre.text() == "1 ligne"
    assert not ligne.en_vigueur(date(2025, 12, 31))


def test_toutes_les_tables_se_lisent_et_se_filtrent() -> None:
    lignes = toutes_les_lignes()
    assert len({li.table for li in lignes}) > 20
    taux = filtrer(lignes, "taux", "", date(2026, 3, 2), False)
    assert any("taux 60\u00a0%" in li.valeurs for li in taux)
    assert filtrer(lignes, "", "mot-qui-n-existe-pas", None, False) == []


def test_un_tarif_date_s_ecrit_en_mots() -> None:
    """Articles of the LPP hold their dated tariffs as a list."""
    avant = [{"debut": "2020-01-01", "tarif": 250, "entente": None}]
    lus = changements_de(Differences("lpp", "2020-01-01", "2021-01-01", 0, 0, 1, (
        Difference("modification", "article", "1234567", "Compresses", (
            Champ("periodes", avant, []), Champ("entente", True, False), Champ("type", "A", None),
            Champ("rang", 1, 2),
        )),
    )))
    assert [(c.champ, c.avant.replace("\u00a0", " "), c.apres) for c in lus] == [
        ("tarifs datés", "debut 2020-01-01, tarif 2,50 €", "–"), ("entente", "oui", "non"), ("type", "A", "–"),
        ("rang", "1", "2"),
    ]


def test_une_date_illisible_reste_telle_quelle() -> None:
    assert jour("2026-11-21T08:00:00+00:00") == "21/11/2026"
    assert jour("v81") == "v81"
