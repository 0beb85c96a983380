"""Diagnostic: the verdict, the worst first, repairs, what changed since the last look, the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel

from sesam_desktop.ihm import teintes
from sesam_desktop.ihm.composants.confirmation import Confirmation
from sesam_desktop.ihm.composants.etats import MotEtat
from sesam_desktop.ihm.modeles.diagnostic import phrase_delta
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.diagnostic_constats import Constat, Niveau, Reparation
from sesam_desktop.poste.diagnostic_delta import Delta

from .faux_diagnostic import BASE_INTEGRE, a_guider, a_reparer

SERVICE = a_reparer("SERVICE_CARTES_ARRETE")
CLAVIER = a_guider("LECTEUR_CLAVIER", "Débranchez-le.", "Branchez-le sur l'ordinateur.")


def titres(page) -> list[str]:
    return [carte.accessibleName() for carte in page.constats.cartes]


def test_la_page_s_ouvre_sur_un_examen_sans_carte(aller, examen) -> None:
    examen.constats = [BASE_INTEGRE, CLAVIER, SERVICE]
    page = aller("diagnostic")
    assert examen.demandes == ["passif"]
    assert page.verdict.accessibleName().startswith("bloqué")
    assert titres(page) == [f"bloqué : {SERVICE.titre}", f"à corriger : {CLAVIER.titre}"]
    assert page.circonstances.text().startswith("Examen sans toucher aux cartes, aujourd'hui à ")
    assert "Depuis" not in page.circonstances.text()


def test_deux_examens_complets_se_comparent(aller, examen, repos) -> None:
    examen.constats = [BASE_INTEGRE, SERVICE, CLAVIER]
    page = aller("diagnostic")
    page.examiner("complet")
    repos()
    assert "Depuis" not in page.circonstances.text()      # a passive look is not compared with a whole one
    nouveau = a_guider("LOE_ANCIENNE", "Importez-la.")
    examen.constats = [BASE_INTEGRE, CLAVIER, nouveau]
    page.examiner("complet")
    repos()
    assert page.circonstances.text().endswith(
        "Depuis l'examen précédent : 1 point corrigé, 1 restant, 1 nouveau."
    )
    assert [carte.etat.accessibleName() for carte in page.constats.cartes] == [
        f"à corriger : {CLAVIER.titre}", f"à corriger : {nouveau.titre} (nouveau)"
    ]


def test_la_phrase_compte_bien() -> None:
    deux = (CLAVIER, SERVICE)
    assert phrase_delta(Delta(deux, (), deux)) == (
        "Depuis l'examen précédent : 2 points corrigés, aucun restant, 2 nouveaux."
    )


def test_une_reparation_se_confirme_puis_le_poste_est_reexamine(aller, examen, repos, dialogue) -> None:
    examen.constats = [BASE_INTEGRE, SERVICE]
    page = aller("diagnostic")
    page.constats.cartes[0].bouton.click()
    confirmation = dialogue(Confirmation)
    assert examen.repares == []
    assert confirmation.faire.text() == "&Réparer"
    confirmation.faire.click()
    repos()
    assert examen.repares == [SERVICE]
    assert examen.demandes == ["passif", "passif"]
    assert page.bandeau.phrase == "Fait : C'est réparé."
    assert titres(page) == []


def test_une_reparation_nomme_les_fichiers_communs(aller, examen, repos, dialogue) -> None:
    examen.constats = [SERVICE]
    page = aller("diagnostic")
    page.constats.cartes[0].bouton.click()
    confirmation = dialogue(Confirmation)
    assert "que d'autres logiciels lisent" not in texte(confirmation)
    confirmation.reject()
    examen.communs = [Path("/etc/galss.ini"), Path("/opt/galss/galss.ini")]
    page.constats.cartes[0].bouton.click()
    repos()
    dit = texte(dialogue(Confirmation))
    assert "que d'autres logiciels lisent" in dit
    assert dit.endswith("/etc/galss.ini\n/opt/galss/galss.ini")
    assert examen.repares == []


def texte(confirmation: Confirmation) -> str:
    return confirmation.findChildren(QLabel)[0].text()


def test_une_reparation_refusee_se_dit(aller, examen, repos, dialogue) -> None:
    examen.constats = [SERVICE]
    page = aller("diagnostic")
    page.constats.cartes[0].bouton.click()
    examen.refus = ErreurConnue("Il faut un compte administrateur.", code="DROITS_INSUFFISANTS")
    dialogue(Confirmation).faire.click()
    repos()
    assert "L'examen n'a pas abouti" in page.verdict.accessibleName()
    assert "administrateur" in page.bandeau.phrase
    examen.refus = None
    page.bandeau._agir()
    repos()
    assert titres(page) == [f"bloqué : {SERVICE.titre}"]


def test_les_etapes_se_deplient(aller, examen) -> None:
    examen.constats = [CLAVIER]
    carte = aller("diagnostic").constats.cartes[0]
    assert not carte.etapes.isVisible()
    carte.bouton.click()
    assert carte.etapes.isVisible()
    assert carte.etapes.text() == "1. Débranchez-le.\n2. Branchez-le sur l'ordinateur."


def test_le_rapport_s_enregistre(aller, examen, repos, tmp_path, monkeypatch) -> None:
    examen.constats = [CLAVIER]
    chemin = tmp_path / "rapport.txt"
    monkeypatch.setattr(
        "sesam_desktop.ihm.pages.diagnostic.QFileDialog.getSaveFileName", lambda *_: (str(chemin), "")
    )
    page = aller("diagnostic")
    page.choisir_fichier()
    repos()
    assert chemin.read_text("utf-8") == CLAVIER.titre
    assert "masqués" in page.bandeau.phrase
    page.enregistrer(page.diagnostic, Path(tmp_path / "absent" / "rapport.txt"))
    repos()
    assert page.bandeau.phrase.startswith("Erreur")


def test_sans_examen_il_n_y_a_pas_de_rapport(aller, examen, repos) -> None:
    examen.refus = ErreurConnue("La base est verrouillée.", code="BASE_OCCUPEE")
    page = aller("diagnostic")
    page.choisir_fichier()
    assert "Examinez d'abord" in page.bandeau.phrase


def test_une_demande_complete_l_emporte_sur_celle_de_l_ouverture(fenetre, examen, repos) -> None:
    fenetre.aller("diagnostic", "complet")
    repos()
    assert sorted(examen.demandes) == ["complet", "passif"]
    assert fenetre.page.circonstances.text().startswith("Examen complet")


def test_ce_qui_manque_sans_gravite_n_est_pas_dit_fait(aller, examen) -> None:
    examen.constats.append(Constat("VITALE_ABSENTE", Niveau.INFO, "Pas de Vitale.", reparation=Reparation.GUIDE))
    page = aller("diagnostic")
    dits = [ligne.accessibleName() for ligne in page.constats.findChildren(MotEtat)]
    assert "à faire : Pas de Vitale." in dits
    assert "fait : Base intègre." in dits


def test_un_examen_complet_qui_echoue_se_refait_complet(aller, examen, repos) -> None:
    page = aller("diagnostic")
    examen.refus = ErreurConnue("Le disque refuse.", code="DISQUE")
    page.examiner("complet")
    repos()
    examen.refus = None
    page.bandeau._agir()
    repos()
    assert examen.demandes == ["passif", "complet", "complet"]


@pytest.mark.parametrize("taille", [(960, 540), (1920, 1080)])
def test_de_longs_constats_tiennent_dans_le_noir(aller, examen, repos, fenetre, taille) -> None:
    long = "Un mot " * 60
    examen.constats = [
        Constat(f"CODE_{n}", Niveau.WARN, long, long, etapes=(long,)) for n in range(12)
    ] + [Constat(f"INFO_{n}", Niveau.INFO, long) for n in range(12)]
    page = aller("diagnostic")
    origine = QApplication.palette()
    sombre = QPalette(QColor(50, 50, 50), QColor(50, 50, 50))
    sombre.setColor(QPalette.ColorRole.Base, QColor(36, 36, 36))
    QApplication.setPalette(sombre)
    fenetre.resize(*taille)
    repos()
    texte = page.constats.cartes[0].etat._texte
    couleur = texte.palette().color(texte.foregroundRole())
    QApplication.setPalette(origine)
    repos()
    assert (fenetre.width(), fenetre.height()) == taille
    assert page.constats.widget().width() <= page.constats.viewport().width()
    assert teintes.contraste(couleur, QColor(36, 36, 36)) >= 4.5
