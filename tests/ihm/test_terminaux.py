"""Terminaux: what is on the cradle, one key that does the next right thing, what came back, erasing."""

from __future__ import annotations

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QLabel

from sesam_desktop.ihm.composants.confirmation import Confirmation
from sesam_desktop.noyau.erreurs import ErreurConnue

from .faux_terminaux import pretee, terminal_pose, visite


def test_sans_terminal_la_page_dit_quoi_poser(aller, poste, repos) -> None:
    poste.terminaux.refuses = list
    page = aller("terminaux")
    assert page.vide.isVisible()
    assert page.principale.text() == "Chercher les terminaux"
    poste.terminaux.poses = [terminal_pose("TLA0001")]
    page.suivant()
    repos()
    assert not page.vide.isVisible()


def test_une_touche_fait_la_suite(aller, poste, repos) -> None:
    poste.terminaux.poses = [terminal_pose("TLA0002"), terminal_pose("TLA0001", 2)]
    page = aller("terminaux")
    textes = []
    for _ in range(3):
        textes.append(page.principale.text())
        page.suivant()
        repos()
        phrase = page.bandeau.phrase
        if len(textes) == 1:
            assert phrase == ("Fait : 2 visites déchargées, 2 à signer ou à compléter. L'horloge du terminal avait"
                              " 185 s d'écart : les heures ont été redressées.")
        if len(textes) == 2:
            assert phrase == "Fait : 1 facture signée, 1 visite à compléter dans Facturer."
    assert textes == ["Décharger TLA0001", "Signer et compléter (2)", "Charger la tournée"]
    assert [fait.split()[0] for fait in poste.terminaux.faits] == ["decharger", "signer", "charger"]


def test_la_tournee_se_charge_pour_un_jour(aller, poste, repos) -> None:
    poste.terminaux.poses = [terminal_pose("TLA0001")]
    page = aller("terminaux")
    page.jour.setDate(QDate(2026, 11, 23))
    page.charger()
    repos()
    assert poste.terminaux.faits == ["charger TLA0001 23/11"]
    assert page.bandeau.phrase == (
        "Attention : 12 patients chargés, 1 facture à faire signer à domicile. Refusé, 000000002 : Mémoire pleine."
    )
    assert page.terminaux.texte("|").splitlines()[1].split("|")[:2] == ["fait", "TLA0001"]


def test_ce_qui_revient_se_montre_avec_ses_motifs(aller, poste) -> None:
    poste.terminaux.attente = [visite("000000001"), visite("")]
    page = aller("terminaux")
    lignes = [ligne.split("|") for ligne in page.attente.tableau.texte("|").splitlines()[1:]]
    assert [ligne[0] for ligne in lignes] == ["à faire", "à faire", "bloqué"]
    assert lignes[0][1:3] == ["DURAND PAUL", "21/11/2026"]
    assert lignes[1][3] == "Visite notée, à compléter"
    assert lignes[2][3] == "La signature de la Vitale ne se vérifie pas. [TLA_SIGNATURE]"


def lignes(page) -> list[list[str]]:
    return [ligne.split("|") for ligne in page.attente.tableau.texte("|").splitlines()[1:]]


def test_une_seule_table_dit_tout_ce_qui_attend(aller, poste) -> None:
    poste.terminaux.attente = [visite("000000001"), visite("000000002", "carte Vitale mise en opposition")]
    poste.terminaux.prets_dehors = [pretee("000000003")]
    page = aller("terminaux")
    assert [(ligne[0], ligne[3]) for ligne in lignes(page)] == [
        ("à faire", "Signée par la Vitale, attend votre carte"),
        ("à corriger", "À vérifier avant de signer : carte Vitale mise en opposition"),
        ("bloqué", "La signature de la Vitale ne se vérifie pas. [TLA_SIGNATURE]"),
        ("en cours", "Prêtée au terminal, attend la Vitale du patient"),
    ]
    page.attente.tableau.aller(2)
    assert page.attente.detail.text() == "La signature de la Vitale ne se vérifie pas. [TLA_SIGNATURE]"


def test_une_visite_qui_semble_deja_facturee_se_signe_quand_meme(aller, poste, repos, dialogue) -> None:
    poste.terminaux.attente = [visite("000000001"), visite("000000002")]
    poste.terminaux.doublons = [visite("000000002").empreinte]
    page = aller("terminaux")
    assert not page._remede.isEnabled()
    page.signer()
    repos()
    assert "La facture 000000007 porte un même acte." in page.bandeau.phrase
    assert lignes(page)[0][0] == "bloqué"
    assert page.attente.courante.numero == "000000002"
    assert page._remede.text() == "Signer quand même…"
    assert page.principale.text() == "Chercher les terminaux"     # F10 does not ask again what was refused
    page.remedier()
    confirmation = dialogue(Confirmation)
    assert poste.terminaux.faits == ["signer"]
    confirmation.faire.click()
    repos()
    assert poste.terminaux.faits == ["signer", "signer 000000002 malgré"]


def test_une_visite_notee_en_double_devient_un_brouillon_une_fois_confirmee(aller, poste, repos, dialogue) -> None:
    poste.terminaux.attente = [visite("")]
    poste.terminaux.doublons = [visite("").empreinte]
    page = aller("terminaux")
    page.signer()
    repos()
    page.remedier()
    confirmation = dialogue(Confirmation)
    assert "Toutes les visites notées" in confirmation.findChildren(QLabel)[0].text()
    confirmation.faire.click()
    repos()
    assert poste.terminaux.faits == ["signer", "signer  malgré"]


def test_la_ligne_courante_se_reprend_meme_sans_selection(aller, poste, repos, dialogue) -> None:
    poste.terminaux.refuses = list
    poste.terminaux.prets_dehors = [pretee("000000003")]
    page = aller("terminaux")
    page.attente.tableau.selectionModel().clearSelection()
    page.remedier()
    dialogue(Confirmation).faire.click()
    repos()
    assert poste.terminaux.faits == ["reprendre 000000003"]


def test_une_autre_carte_fait_oublier_les_refus_de_signature(aller, poste, repos) -> None:
    poste.terminaux.attente = [visite("000000002")]
    poste.terminaux.doublons = [visite("000000002").empreinte]
    page = aller("terminaux")
    page.signer()
    repos()
    poste.lecteurs.annoncer()
    repos()
    assert lignes(page)[0][0] == "à faire"
    assert page.principale.text() == "Signer et compléter (1)"


def test_classer_demande_un_motif(aller, poste, repos, dialogue) -> None:
    poste.terminaux.attente = [visite("000000001")]
    page = aller("terminaux")
    page.attente.tableau.aller(1)
    page.classer()
    confirmation = dialogue(Confirmation)
    confirmation.champ.setText(" x ")
    assert not confirmation.faire.isEnabled()
    confirmation.champ.setText("visite refaite")
    confirmation.faire.click()
    repos()
    assert poste.terminaux.faits == ["classer 9999 visite refaite"]
    assert page.bandeau.phrase == "Fait : Document TLA-9 classé : il n'attend plus personne."


def test_une_visite_en_attente_se_classe_aussi(aller, poste, repos, dialogue) -> None:
    poste.terminaux.attente = [visite("000000001")]
    page = aller("terminaux")
    page.classer()
    confirmation = dialogue(Confirmation)
    confirmation.champ.setText("doublon")
    confirmation.faire.click()
    repos()
    assert poste.terminaux.attente == []


def test_les_factures_pretees_se_reprennent(aller, poste, repos, dialogue) -> None:
    poste.terminaux.refuses = list
    poste.terminaux.prets_dehors = [pretee("000000003"), pretee("000000004")]
    page = aller("terminaux")
    assert (page._remede.text(), page._remede.isEnabled()) == ("Reprendre la facture prêtée…", True)
    assert not page._classer.isEnabled()
    page.attente.tableau.selectAll()
    page.remedier()
    dialogue(Confirmation).faire.click()
    repos()
    assert poste.terminaux.faits == ["reprendre 000000003 000000004"]
    assert page.bandeau.phrase == "Fait : 2 factures reprises parmi les brouillons."


def test_vider_demande_le_numero(aller, poste, repos, dialogue) -> None:
    poste.terminaux.poses = [terminal_pose("TLA0001")]
    page = aller("terminaux")
    page.vider()
    confirmation = dialogue(Confirmation)
    confirmation.champ.setText("AUTRE")
    confirmation.faire.click()
    repos()
    assert "rien n'a été effacé" in page.bandeau.phrase
    page.vider()
    confirmation = dialogue(Confirmation)
    confirmation.champ.setText("TLA0001")
    confirmation.faire.click()
    repos()
    assert poste.terminaux.faits == ["vider TLA0001"]


def test_un_terminal_qui_ne_repond_pas_se_dit(aller, poste, repos) -> None:
    poste.terminaux.refus = ErreurConnue("Le terminal ne répond pas.", code="TLA_SANS_REPONSE", action="Reposez-le.")
    page = aller("terminaux")
    assert "Reposez-le." in page.bandeau.phrase
    poste.terminaux.refus = None
    poste.terminaux.poses = [terminal_pose("TLA0001", 1)]
    page.bandeau._agir()
    repos()
    assert page.principale.text() == "Décharger TLA0001"


def test_reessayer_refait_ce_qui_a_echoue(aller, poste, repos) -> None:
    poste.terminaux.poses = [terminal_pose("TLA0001"), terminal_pose("TLA0002", 1)]
    page = aller("terminaux")
    charger, poste.terminaux.charger = poste.terminaux.charger, _refuser
    page.charger()
    repos()
    poste.terminaux.charger = charger
    assert page.principale.text() == "Décharger TLA0002"
    page.bandeau._agir()
    repos()
    assert [fait.split()[:2] for fait in poste.terminaux.faits] == [["charger", "TLA0001"]]


def _refuser(*_args, **_kwargs) -> None:
    raise ErreurConnue("Le terminal a été enlevé.", code="TLA_SANS_REPONSE")


def test_le_terminal_choisi_est_celui_qu_on_decharge(aller, poste, repos) -> None:
    poste.terminaux.poses = [terminal_pose("TLA0001", 2), terminal_pose("TLA0002", 1)]
    page = aller("terminaux")
    page.terminaux.aller(1)
    page.decharger()
    repos()
    assert poste.terminaux.faits == ["decharger TLA0002"]


def test_sans_visite_la_page_dit_ce_qui_viendra(aller, poste, repos) -> None:
    poste.terminaux.poses, poste.terminaux.refuses = [terminal_pose("TLA0001")], list
    page = aller("terminaux")
    assert not page.attente.tableau.isVisible()
    assert not page._seconds[page._charger].isVisible()     # F10 says it already
    poste.terminaux.attente = [visite("000000001")]
    page.rafraichir()
    repos()
    assert page.attente.tableau.isVisible()


def test_un_pharmacien_ne_voit_terminaux_qu_apres_y_etre_alle(fenetre, aller, poste, repos) -> None:
    repos()
    bouton = fenetre.navigation._boutons["terminaux"]
    assert not bouton.isVisible()
    aller("terminaux")
    aller("accueil")
    assert bouton.isVisible()


def test_un_infirmier_voit_terminaux(fenetre, poste, repos) -> None:
    poste.lecteurs.ps = None
    poste.changer_profession("infirmier")
    repos()
    assert fenetre.navigation._boutons["terminaux"].isVisible()


def test_les_terminaux_se_voient_parmi_les_lecteurs(aller, poste, repos, fenetre) -> None:
    poste.terminaux.poses = [terminal_pose("TLA0001", 3), terminal_pose("TLA0002")]
    page = aller("lecteurs")
    assert page.terminaux.isVisible()
    page.terminaux.bouton.click()
    repos()
    assert fenetre.page.cle == "terminaux"
    poste.terminaux.refus = ErreurConnue("Panne.")
    page = aller("lecteurs")
    assert not page.terminaux.isVisible()
