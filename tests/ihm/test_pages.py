"""Factures, Paramètres, tables over a workstation in memory."""

from __future__ import annotations

import threading
from datetime import timedelta

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.ihm.composants.apercu_pdf import imprimer_sur, rendre
from sesam_desktop.ihm.composants.chiffres import Somme, sommer
from sesam_desktop.ihm.composants.tableau import Tableau
from sesam_desktop.ihm.modeles.factures import colonnes_factures
from sesam_desktop.ihm.modeles.table import ModeleTable
from sesam_desktop.ihm.modeles.teletransmission import age

from .faux_services import pdf

ETATS = [Etat.SIGNEE_PS, Etat.REJETEE, Etat.PAYEE, Etat.TRANSMISE]


def test_la_liste_se_filtre_et_montre_une_facture(aller, poste, repos) -> None:
    poste.registre.remplir(poste.facturation, ETATS)
    page = aller("factures")
    assert page.nombre.text() == "4 factures"
    page.etat.setCurrentIndex(page.etat.findData("à corriger"))
    page.rafraichir()
    repos()
    assert [r.numero for r in page.tableau.modele.rangees] == ["000000002"]
    assert "Rejetée" in page.entete.text()
    assert len(page.lignes.modele.rangees) == 4
    assert page.historique.texte("|").splitlines()[-1].split("|")[1] == "Signée par le professionnel"
    assert page.corriger.isEnabled()


def test_le_duplicata_se_voit_et_s_imprime(aller, poste, repos, tmp_path, monkeypatch) -> None:
    poste.registre.remplir(poste.facturation, [Etat.PAYEE])
    page = aller("factures")
    page.montrer_duplicata()
    repos()
    assert page.apercu.nombre_pages == 1
    demandes = []
    monkeypatch.setattr("sesam_desktop.ihm.pages.factures.imprimer", lambda chemin, titre, _: demandes.append(titre))
    page.imprimer()
    assert demandes == ["Duplicata 000000001"]
    imprimante = QPrinter()
    imprimante.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    imprimante.setOutputFileName(str(tmp_path / "imprime.pdf"))
    chemin = tmp_path / "source.pdf"
    chemin.write_bytes(pdf("Bonjour"))
    imprimer_sur(imprimante, rendre(chemin) * 2)
    assert len(rendre(tmp_path / "imprime.pdf")) == 2


def test_une_liste_vide_dit_a_quoi_elle_sert(aller) -> None:
    page = aller("factures")
    assert page.pile.currentIndex() == 0


def test_l_age_se_lit() -> None:
    assert age(timedelta(seconds=5)) == "à l'instant"
    assert age(timedelta(minutes=59)) == "il y a 59 min"
    assert age(timedelta(hours=23)) == "il y a 23 h"
    assert age(timedelta(days=2, hours=1)) == "depuis 2 jours"


def test_les_parametres_se_gardent_ou_se_refusent(aller, poste, repos) -> None:
    page = aller("parametres")
    page.champs["departement"].setText("")
    page.messageries.fiches["RSV"].secret.setText("secret-de-test")
    page.enregistrer()
    repos()
    assert "département" in page.bandeau.phrase
    assert poste.secrets == []
    page.champs["departement"].setText("35")
    page.champs["option_tarifaire"].setCurrentIndex(page.champs["option_tarifaire"].findData("optam"))
    page.champs["courrier.smtp_port"].setValue(2525)
    page.messageries.fiches["RSV"].secret.setText("secret-de-test")
    page.enregistrer()
    repos()
    assert (poste.configuration.departement, poste.configuration.courrier.smtp_port) == ("35", 2525)
    assert poste.configuration.option_tarifaire == "optam"
    assert poste.secrets == [("RSV", "secret-de-test")]
    assert page.messageries.fiches["RSV"].secret.text() == ""


def test_un_tableau_se_copie_s_exporte_et_se_souvient(qtbot, qapp, poste, tmp_path, monkeypatch) -> None:
    poste.registre.remplir(poste.facturation, ETATS)
    from sesam_desktop.factures.depot import Filtre

    resumes = poste.registre.lister(Filtre())
    reglages = QSettings(str(tmp_path / "f.ini"), QSettings.Format.IniFormat)
    tableau = Tableau("essai", "Essai", ModeleTable(colonnes_factures()), reglages)
    qtbot.addWidget(tableau)
    tableau.remplacer(resumes, cle=lambda r: r.numero)
    tableau.selectRow(1)
    tableau.copier()
    copie = QGuiApplication.clipboard().text().splitlines()
    assert copie[0].split("\t")[:2] == ["Numéro", "État"]
    assert copie[1].split("\t")[:3] == ["000000003", "fait", "Payée"]
    chemin = tmp_path / "export.csv"
    monkeypatch.setattr(
        "sesam_desktop.ihm.composants.export_csv.QFileDialog.getSaveFileName", lambda *_: (str(chemin), "")
    )
    tableau.exporter()
    assert len(chemin.read_text("utf-8-sig").splitlines()) == 5
    tableau.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert tableau.texte(";").splitlines()[1].startswith("000000001")
    tableau._montrer_colonne(3, False)
    autre = Tableau("essai", "Essai", ModeleTable(colonnes_factures()), reglages)
    qtbot.addWidget(autre)
    assert autre.isColumnHidden(3)


def test_les_sommes_sont_celles_des_factures(poste) -> None:
    poste.registre.remplir(poste.facturation, ETATS[:1])
    from sesam_desktop.factures.depot import Filtre

    resumes = poste.registre.lister(Filtre())
    somme = sommer(resumes * 2)
    assert somme.nombre == 2
    assert somme.total == 2 * resumes[0].total_centimes == somme.amo + somme.amc + somme.assure
    assert sommer([]) == Somme()


def test_un_fichier_se_choisit_au_clavier(fenetre, aller, monkeypatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/etc/autorite.pem", ""))
    page = aller("parametres")
    page.montrer("messagerie")
    champ = page.champs["courrier.autorite_tls"]
    champ.setFocus()
    QTest.keyClick(champ, Qt.Key.Key_Down)
    assert champ.text() == "/etc/autorite.pem"


def test_les_parametres_menent_au_diagnostic(aller, fenetre, repos, examen) -> None:
    page = aller("parametres")
    next(a for a in page.actions() if a.shortcut().toString() == "F8").trigger()
    repos()
    assert fenetre.page.cle == "diagnostic"
    assert "complet" in examen.demandes


def test_les_colonnes_accessoires_cedent_la_place(qtbot, qapp, tmp_path) -> None:
    reglages = QSettings(str(tmp_path / "f.ini"), QSettings.Format.IniFormat)
    tableau = Tableau("etroit", "Essai", ModeleTable(colonnes_factures()), reglages)
    qtbot.addWidget(tableau)
    tableau.resize(tableau.fontMetrics().averageCharWidth() * 220, 300)
    tableau.show()
    assert not tableau.isColumnHidden(2)
    tableau.resize(tableau.fontMetrics().averageCharWidth() * 110, 300)
    qtbot.waitUntil(lambda: tableau.isColumnHidden(2))
    assert not any(tableau.isColumnHidden(rang) for rang in (0, 1, 3, 4, 5, 6, 7, 8))


def test_un_module_vide_dit_ce_qu_il_vaut(aller, poste, monkeypatch) -> None:
    """Looked for on the disk: never on the main thread."""
    fils: list[bool] = []

    def trouver(_configuration: object) -> str:
        fils.append(threading.current_thread() is threading.main_thread())
        return "/opt/cps/libcps3_pkcs11_lux.so"

    monkeypatch.setattr(poste.environnement, "module_pkcs11", trouver)
    page = aller("parametres")
    assert page.champs["module_pkcs11"].placeholderText() == "vide : /opt/cps/libcps3_pkcs11_lux.so"
    assert fils
    assert not any(fils)
