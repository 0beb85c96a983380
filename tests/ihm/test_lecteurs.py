"""Lecteurs: the picture of the poste live, in its place, empty, stopped; test reading, trace, realignment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from sesam_desktop.cartes.atr import GenreCarte
from sesam_desktop.ihm import teintes
from sesam_desktop.ihm.composants.realignement import Realignement
from sesam_desktop.ihm.lancement import agrandir
from sesam_desktop.ihm.modeles.lecteurs import VueAppareil, VueFente, fondre, relever
from sesam_desktop.ihm.modeles.lectures import secondes
from sesam_desktop.ihm.modeles.nouvelles import nom_du_canal
from sesam_desktop.lecteurs.canal import Etat
from sesam_desktop.lecteurs.gestionnaire import Genre
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.essai_lecture import EssaiCarte, EssaiLecture
from sesam_desktop.poste.inventaire_ssv import EssaiSsv
from sesam_desktop.poste.temoin_lectures import Lecture

from .faux_poste import carte_duo, carte_vitale, fente

DEUX_FENTES = ("Identive CLOUD 2700 R Smart Card Reader 0", "Identive CLOUD 2700 R Smart Card Reader 1")
ATR_CPS3 = "3B AC 00 40 2A 00 12 25 00 64 80 00 03 10 00 90 00"
ATR_VITALE2 = "3B 75 13 00 00 47 09 EA 90 00"
CPS = fente(DEUX_FENTES[1], Etat.PRESENTE, GenreCarte.CPS3, ATR_CPS3)
VITALE = fente(DEUX_FENTES[0], Etat.PRESENTE, GenreCarte.VITALE2, ATR_VITALE2)
ARRETE = ErreurConnue("Le service des cartes est arrêté.", code="SERVICE_CARTES_ARRETE", action="Démarrez-le.")


def ressource(nom: str, alias: str, lad: int, lecteur: str) -> SimpleNamespace:
    return SimpleNamespace(nom=nom, alias=alias, lad=lad, lecteur=lecteur)


@pytest.fixture
def lecteurs(poste):
    """A device with two slots: the professional's card in the second, nothing in the first."""
    poste.lecteurs.branchees = [fente(DEUX_FENTES[0]), CPS]
    poste.lecteurs.table = [
        ressource("CPS", "TRANSPA1", 1, DEUX_FENTES[1]), ressource("Log_SV", "", 0, DEUX_FENTES[1]),
        ressource("Vitale", "TRANSPA2", 1, DEUX_FENTES[0]), ressource("Vitale", "VIT", 1, DEUX_FENTES[0]),
    ]
    return poste.lecteurs


def cases(page) -> list[str]:
    return [case.accessibleName() for canal in page.image.canaux for a in canal.appareils for case in a.cases]


def test_l_image_montre_appareil_fentes_cartes_et_ressources(aller, lecteurs) -> None:
    page = aller("lecteurs")
    canal = page.image.canaux[0]
    assert canal.etat.accessibleName() == "fait : Service des cartes en marche"
    assert [a.accessibleName() for a in canal.appareils] == ["Lecteur Identive CLOUD 2700 R Smart Card Reader"]
    assert cases(page) == [
        "Fente 1, Vitale (TRANSPA2, VIT), à faire, Aucune carte",
        f"Fente 2, CPS (TRANSPA1), fait, CPS3, lue, MARTIN Claire, ATR {ATR_CPS3}",
    ]


def test_une_carte_change_des_mots_et_rien_ne_bouge(aller, lecteurs, repos) -> None:
    page = aller("lecteurs")
    avant = page.image.canaux[0].appareils[0].cases
    places = [case.geometry() for case in avant]
    lecteurs.vitale = carte_vitale()
    lecteurs.arriver(Genre.INSEREE, VITALE, CPS)
    repos()
    assert page.image.canaux[0].appareils[0].cases == avant
    assert [case.geometry() for case in avant] == places
    assert cases(page)[0] == f"Fente 1, Vitale (TRANSPA2, VIT), fait, Vitale 2, lue, DURAND Paul, ATR {ATR_VITALE2}"
    assert page.nouvelles.texte("|").splitlines()[1].split("|")[1:] == ["fait", "Vitale 2 insérée", DEUX_FENTES[0]]


@pytest.mark.parametrize("vue, dit", [
    (fente(DEUX_FENTES[0], Etat.MUETTE), "à corriger, Carte qui ne répond pas"),
    (fente(DEUX_FENTES[0], Etat.INCONNUE, atr="3B 00"), "à corriger, Carte non reconnue"),
    (fente(DEUX_FENTES[0], Etat.OCCUPEE, GenreCarte.VITALE2, ATR_VITALE2), "en cours, Vitale 2, utilisée"),
    (VITALE, "à faire, Vitale 2, non lue"),
])
def test_chaque_etat_se_dit(aller, lecteurs, vue, dit: str) -> None:
    lecteurs.branchees = [vue, CPS]
    lecteurs.lire_vitale = lambda: None
    assert dit in cases(aller("lecteurs"))[0]


@pytest.mark.parametrize(("noms", "titres"), [
    (["FEI Smart Card CPS 0", "FEI Smart Card CV1 0", "FEI Smart Card CV2 0"], ["CPS", "CV1", "CV2"]),
    (["FEI Smart Card CPS 00 00", "FEI Smart Card CV1/CV2 00 01"], ["CPS", "CV1/CV2"]),
    (["FEI Smart Card CPS 0", "FEI Smart Card CPS 1"], ["Fente 1", "Fente 2"]),
    (list(DEUX_FENTES), ["Fente 1", "Fente 2"]),
    (["Gemplus GCR410 0"], ["Fente"]),
])
def test_une_fente_s_appelle_par_son_role_quand_son_nom_le_dit(noms: list[str], titres: list[str]) -> None:
    assert VueAppareil("", tuple(VueFente(nom, "à faire", "") for nom in noms)).titres == titres


def test_deux_cartes_d_un_genre_ne_prennent_pas_le_meme_nom(poste) -> None:
    poste.lecteurs.branchees = [
        fente("A 0", Etat.PRESENTE, GenreCarte.CPS3), fente("B 0", Etat.PRESENTE, GenreCarte.CPS4)
    ]
    vue = relever(poste)
    assert [f.detail for a in vue.canaux[0].appareils for f in a.fentes] == ["", ""]


def test_un_lecteur_debranche_garde_sa_place_puis_s_oublie(aller, lecteurs, repos, fenetre) -> None:
    autre = fente("FEI Smart Card CV1/CV2 0")
    lecteurs.branchees = [autre, *lecteurs.branchees]
    page = aller("lecteurs")
    lecteurs.arriver(Genre.LECTEUR_DEBRANCHE, CPS, fente(DEUX_FENTES[0]))
    repos()
    assert cases(page)[0] == "CV1/CV2, à corriger, Lecteur débranché, Rebranchez-le directement sur l'ordinateur."
    assert len(cases(page)) == 3
    fenetre.aller("accueil")
    page = aller("lecteurs")
    assert len(cases(page)) == 2


def test_le_service_arrete_laisse_l_image_et_le_dit(aller, lecteurs, poste, repos, fenetre) -> None:
    page = aller("lecteurs")
    lecteurs.panne = ARRETE
    poste.changements.annoncer("cartes")
    repos()
    canal = page.image.canaux[0]
    assert canal.etat.accessibleName() == "bloqué : Le service des cartes est arrêté. Démarrez-le."
    assert all("bloqué, Lecteur inaccessible" in case for case in cases(page))
    assert fenetre.bande.cps.accessibleName() == "bloqué : Lecteurs arrêtés"
    lecteurs.panne = None
    poste.changements.annoncer("cartes")
    repos()
    assert page.image.canaux[0].etat.accessibleName() == "fait : Service des cartes en marche"
    assert "MARTIN Claire" in cases(page)[1]


def test_un_canal_arrete_parmi_d_autres_dit_pourquoi(poste) -> None:
    poste.lecteurs.branchees = [CPS, fente("", Etat.ABSENTE, canal="serie")]
    poste.lecteurs.nouvelles = [SimpleNamespace(evenement=SimpleNamespace(canal="serie", erreur=ARRETE))]
    vue = relever(poste)
    assert [(c.nom, c.mot) for c in vue.canaux] == [("pcsc", "fait"), ("serie", "bloqué")]
    assert vue.canaux[1].phrase == ARRETE.phrase()


def test_le_service_arrete_des_l_ouverture_se_dit_seul(aller, lecteurs, poste, repos) -> None:
    lecteurs.panne = ARRETE
    page = aller("lecteurs")
    assert page.image.canaux[0].etat.accessibleName().startswith("bloqué")
    lecteurs.panne = None
    poste.changements.annoncer("cartes")
    repos()
    assert len(page.image.canaux) == 1
    assert len(cases(page)) == 2


def test_sans_lecteur_la_page_dit_quoi_brancher(aller, poste, repos, fenetre) -> None:
    page = aller("lecteurs")
    assert page._pile.currentIndex() == 0
    poste.lecteurs.arriver(Genre.LECTEUR_BRANCHE, fente(DEUX_FENTES[0]))
    repos()
    assert page._pile.currentIndex() == 1


def test_fondre_garde_l_ordre_vu(poste) -> None:
    poste.lecteurs.branchees = [fente("B 0"), fente("A 0")]
    avant = relever(poste)
    poste.lecteurs.branchees = [fente("A 0"), fente("C 0"), fente("B 0")]
    apres = fondre(avant, relever(poste))
    assert [a.nom for a in apres.canaux[0].appareils] == ["B", "A", "C"]
    assert apres.canaux[0].appareils[0].fentes == (VueFente("B 0", "à faire", "Aucune carte"),)


def test_un_canal_serie_se_dit_par_son_port() -> None:
    assert nom_du_canal("serie:COM3") == "Lecteur série COM3"
    assert nom_du_canal("pcsc") == "Lecteurs PC/SC"
    assert nom_du_canal("inconnu") == "inconnu"


# -- test reading ------------------------------------------------------------------------------------------------------


def test_l_essai_dit_qui_combien_de_temps_et_pourquoi(aller, lecteurs, repos) -> None:
    page = aller("lecteurs")
    absente = ErreurConnue("Il n'y a pas de carte Vitale.", code="VITALE_ABSENTE", action="Insérez-la.")
    lecteurs.essai = EssaiLecture((EssaiCarte("cps", "MARTIN Claire", 0.418), EssaiCarte("vitale", "", 0.01, absente)))
    page.essayer()
    assert not page.principale.isEnabled()
    repos()
    assert [ligne.accessibleName() for ligne in page.essai.lignes.values()] == [
        "fait : Carte CPS de MARTIN Claire lue en 0,42\u00a0s.",
        "à faire : Carte Vitale : Il n'y a pas de carte Vitale. Insérez-la. [VITALE_ABSENTE]",
    ]
    assert page.principale.isEnabled()


def test_un_essai_refuse_se_dit_et_se_refait(aller, lecteurs, repos) -> None:
    page = aller("lecteurs")
    lecteurs.essai = ARRETE
    page.essayer()
    repos()
    assert "Démarrez-le" in page.bandeau.phrase
    lecteurs.essai = EssaiLecture((EssaiCarte("cps", "MARTIN Claire", 0.4),))
    page.bandeau._agir()
    repos()
    assert page.essai.lignes["cps"].accessibleName().startswith("fait")


def test_le_nom_lu_a_l_essai_part_avec_la_carte(aller, lecteurs, repos) -> None:
    lecteurs.essai = EssaiLecture((EssaiCarte("cps", "MARTIN Claire", 0.4), EssaiCarte("vitale", "DURAND Paul", 0.3)))
    lecteurs.branchees = [VITALE, CPS]
    page = aller("lecteurs")
    page.essayer()
    repos()
    assert "DURAND Paul" in page.essai.lignes["vitale"].accessibleName()
    lecteurs.arriver(Genre.RETIREE, fente(DEUX_FENTES[0]), CPS)
    repos()
    dit = page.essai.lignes["vitale"].accessibleName()
    assert dit == "à faire : Carte Vitale : aucune lecture connue sur ce poste."


def test_les_lectures_passees_se_rappellent(aller, lecteurs) -> None:
    from datetime import UTC, datetime

    lecteurs.lectures["cps"] = Lecture("cps", datetime(2026, 3, 1, 12, 0, tzinfo=UTC), True, 0.4)
    lecteurs.lectures["vitale"] = Lecture("vitale", datetime(2026, 3, 1, 12, 0, tzinfo=UTC), False, 5.0, "CARTE_MUETTE")
    page = aller("lecteurs")
    dits = [ligne.accessibleName() for ligne in page.essai.lignes.values()]
    assert dits[0].startswith("fait : Carte CPS lue le 01/03/2026 à") and dits[0].endswith("en 0,40\u00a0s.")
    assert dits[1].startswith("à corriger : Carte Vitale : la lecture a échoué le 01/03/2026")


# -- the GIE's libraries -----------------------------------------------------------------------------------------------


def regler_ssv(poste, dossier: str) -> None:
    poste.enregistrer_configuration(replace(poste.configuration, bibliotheques_ssv=dossier))


def test_sans_bibliotheques_rien_n_en_est_dit(aller, lecteurs, repos) -> None:
    page = aller("lecteurs")
    page.essayer()
    repos()
    assert not page.essai.ssv.isVisible()
    assert [c.accessibleName() for c in page.image.canaux] == ["Lecteurs PC/SC"]


def test_les_bibliotheques_ssv_sont_un_canal_et_une_ligne_de_l_essai(aller, lecteurs, poste, repos) -> None:
    regler_ssv(poste, "/opt/santesocial/fsv")
    page = aller("lecteurs")
    pont = page.image.canaux[-1]
    assert pont.accessibleName() == "Bibliothèques SSV (GIE)"
    assert pont.etat.accessibleName() == "à faire : Le test de lecture dira leur version et leurs lecteurs"
    lecteurs.essai = EssaiLecture((), EssaiSsv("0140", ("INGENICO TELIUM, SV 5.10",), 2.1))
    page.essayer()
    repos()
    assert page.essai.ssv.accessibleName() == (
        "fait : Bibliothèques SSV (GIE) : version 0140, 1 lecteur, en 2,10\u00a0s."
    )
    pont = page.image.canaux[-1]
    assert pont.etat.accessibleName() == "fait : version 0140, 1 lecteur"
    assert [a.accessibleName() for a in pont.appareils] == ["Lecteur INGENICO TELIUM, SV 5.10"]
    regler_ssv(poste, "")
    repos()
    assert len(page.image.canaux) == 1


def test_une_bibliotheque_qui_refuse_dit_pourquoi(aller, lecteurs, poste, repos) -> None:
    regler_ssv(poste, "/opt/absent")
    refus = ErreurConnue("Les bibliothèques sont absentes.", code="SSV_ABSENTE", action="Installez-les.")
    page = aller("lecteurs")
    for version, mot in (("", "bloqué"), ("0140", "à corriger")):
        lecteurs.essai = EssaiLecture((), EssaiSsv(version, (), 0.1, refus))
        page.essayer()
        repos()
        dit = "Les bibliothèques sont absentes. Installez-les. [SSV_ABSENTE]"
        assert page.essai.ssv.accessibleName() == f"{mot} : Bibliothèques SSV (GIE) : {dit}"
        assert page.image.canaux[-1].etat.accessibleName() == f"{mot} : {dit}"


def test_les_bibliotheques_sans_lecteur_ne_cachent_pas_un_poste_vide(aller, poste, repos) -> None:
    regler_ssv(poste, "/opt/santesocial/fsv")
    page = aller("lecteurs")
    assert page._pile.currentIndex() == 0
    poste.lecteurs.essai = EssaiLecture((), EssaiSsv("0140", ("INGENICO TELIUM",), 2.1))
    page.essayer()
    repos()
    assert page._pile.currentIndex() == 1


# -- trace and realignment ---------------------------------------------------------------------------------------------


def test_la_trace_dit_son_fichier_et_s_arrete(aller, lecteurs, repos) -> None:
    page = aller("lecteurs")
    page.tracer()
    repos()
    assert "lecteurs.log" in page.bandeau.phrase and "ni nom, ni numéro" in page.bandeau.phrase
    assert page._tracer.text() == "Arrêter l&a trace"
    assert page._trace.toolTip() == "Trace en cours : lecteurs.log"
    page.tracer()
    repos()
    assert lecteurs.trace is None and page._tracer.text() == "Tr&acer les échanges"
    assert page.bandeau.phrase == ""


def test_une_duree_se_dit_au_centieme() -> None:
    assert [secondes(duree) for duree in (0.418, 0.01, 0.004)] == ["0,42\u00a0s", "0,01\u00a0s", "moins de 0,01\u00a0s"]


def test_la_page_tient_a_200_pour_cent_pendant_une_trace(aller, lecteurs, repos, fenetre) -> None:
    page = aller("lecteurs")
    page.tracer()
    repos()
    page.bandeau.taire()
    fenetre.resize(960, 540)
    repos()
    assert (fenetre.width(), fenetre.height()) == (960, 540)


def bilan(*phrases: str, sauvegarde: Path | None = None) -> SimpleNamespace:
    changements = tuple(SimpleNamespace(phrase=lambda p=p: p) for p in phrases)
    return SimpleNamespace(ecrit=bool(phrases), sauvegarde=sauvegarde, changements=changements)


def test_le_plan_se_voit_avant_d_etre_ecrit(aller, lecteurs, repos, dialogue) -> None:
    lecteurs.plan = bilan("[CANAL1] Caracteristiques : « A » devient « B »", sauvegarde=Path("galss.ini.1.bak"))
    page = aller("lecteurs")
    page.realigner()
    montre = dialogue(Realignement)
    repos()
    assert montre.plan.item(0).text().endswith("devient « B »")
    assert lecteurs.ecrits == []
    montre.ecrire.click()
    repos()
    assert lecteurs.ecrits == [None]
    assert "galss.ini.1.bak" in page.bandeau.phrase


def test_un_autre_fichier_se_choisit(aller, lecteurs, repos, dialogue, monkeypatch) -> None:
    lecteurs.plan = bilan("[CANAL2] Index : « 1 » devient « 2 »")
    monkeypatch.setattr(
        "sesam_desktop.ihm.composants.realignement.QFileDialog.getOpenFileName", lambda *_: ("/ailleurs/galss.ini", "")
    )
    aller("lecteurs").realigner()
    montre = dialogue(Realignement)
    repos()
    montre.choisir()
    repos()
    montre.ecrire.click()
    repos()
    assert lecteurs.ecrits == [Path("/ailleurs/galss.ini")]


@pytest.mark.parametrize("plan, dit", [
    (bilan(), "il n'y a rien à changer"),
    (ErreurConnue("Insérez les deux cartes.", code="GALSS_CARTES_ABSENTES"), "Insérez les deux cartes."),
])
def test_rien_a_ecrire_ou_un_refus_laisse_le_bouton_eteint(aller, lecteurs, repos, dialogue, plan, dit: str) -> None:
    lecteurs.plan = plan
    aller("lecteurs").realigner()
    montre = dialogue(Realignement)
    repos()
    assert dit in montre.bandeau.phrase
    assert not montre.ecrire.isEnabled()
    montre.reject()


def test_un_poste_sans_galss_ini_n_est_pas_en_faute(aller, lecteurs, repos, dialogue) -> None:
    lecteurs.plan = ErreurConnue("Le fichier galss.ini est absent ou vide.", code="GALSS_8001")
    aller("lecteurs").realigner()
    montre = dialogue(Realignement)
    repos()
    assert montre.bandeau.phrase.startswith("Information : Ce poste n'a pas de galss.ini")
    montre.reject()


# -- how it stands -----------------------------------------------------------------------------------------------------


def test_de_longs_noms_et_trois_fentes_tiennent(aller, poste, repos, fenetre) -> None:
    nom = "Ingenico Olaqin TL TELIUM SESAM-VITALE Reader with a very long name given by its driver {}"
    poste.lecteurs.branchees = [fente(nom.format(i), Etat.PRESENTE, GenreCarte.DUO, ATR_CPS3) for i in (1, 2)]
    poste.lecteurs.branchees.append(CPS)
    poste.lecteurs.duo = carte_duo()
    poste.lecteurs.ps = None
    page = aller("lecteurs")
    fenetre.resize(960, 540)
    repos()
    assert (fenetre.width(), fenetre.height()) == (960, 540)
    for cadre in page.image.canaux[0].appareils:
        assert cadre.width() <= page.image.viewport().width()


def test_le_texte_a_200_pour_cent_tient(qapp, aller, lecteurs, repos, fenetre, atelier) -> None:
    page = aller("lecteurs")
    agrandir(qapp, atelier.reglages, 8)
    repos()
    case = page.image.canaux[0].appareils[0].cases[1]
    fenetre._agrandir(0)
    repos()
    assert case.atr.height() >= case.atr.fontMetrics().height() * 2
    assert page.image.widget().width() <= page.image.viewport().width()
    agrandir(qapp, atelier.reglages, -8)


def test_les_couleurs_suivent_une_palette_sombre(aller, lecteurs, repos) -> None:
    page = aller("lecteurs")
    origine = QApplication.palette()
    sombre = QPalette(QColor(50, 50, 50), QColor(50, 50, 50))
    sombre.setColor(QPalette.ColorRole.Base, QColor(36, 36, 36))
    QApplication.setPalette(sombre)
    repos()
    texte = page.image.canaux[0].appareils[0].cases[1].etat._texte
    couleur = texte.palette().color(texte.foregroundRole())
    QApplication.setPalette(origine)
    repos()
    assert teintes.contraste(couleur, QColor(36, 36, 36)) >= 4.5
