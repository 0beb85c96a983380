"""An invoice that came back: why, corrected in one screen, sent on paper, or contested."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtWidgets import QFileDialog

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Evenement
from sesam_desktop.factures.depot_dre import ResumeDre
from sesam_desktop.factures.facture import Niveau
from sesam_desktop.ihm.composants.confirmation import Confirmation
from sesam_desktop.ihm.modeles.correction import lire_correction
from sesam_desktop.ihm.registre.rectification import Rectification

from .faux_poste import carte_vitale

ALD = ("0009", "ALD INCONNUE", None)


@pytest.fixture
def rejetee(poste):
    """One invoice of two boxes, rejected."""
    poste.registre.remplir(poste.facturation, [Etat.REJETEE])
    return "000000001"


def test_la_cause_se_lit_avec_la_facture(aller, poste, rejetee) -> None:
    poste.recyclage.motifs = [ALD]
    page = aller("factures")
    assert page.recyclage.cause.isVisible()
    assert page.recyclage.cause.accessibleName().startswith(
        "L'exonération demandée (ALD ou autre) n'est pas connue de la caisse. Relisez la carte Vitale"
    )
    assert page.corriger.isEnabled()


def test_une_facture_payee_n_a_ni_cause_ni_remede(aller, poste) -> None:
    poste.registre.remplir(poste.facturation, [Etat.PAYEE])
    page = aller("factures")
    assert not page.recyclage.cause.isVisible()
    remedes = (page.recyclage.corriger, page.recyclage.papier, page.recyclage.contester)
    assert [action.isEnabled() for action in remedes] == [False, False, False]


def test_corriger_remplit_la_page_et_dit_pourquoi(aller, poste, rejetee, repos, fenetre) -> None:
    poste.recyclage.motifs = [ALD]
    page = aller("factures")
    page.corriger.trigger()
    repos()
    assert fenetre.page.cle == "facturer"
    feuille = fenetre.page.feuille
    assert feuille.saisie.actuelle.remplace == rejetee
    assert len(feuille.saisie.actuelle.lignes) == 2
    assert feuille.bandeau.phrase.startswith("Attention : Correction de la facture 000000001. L'exonération demandée")
    assert "[0009]" in feuille.bandeau._texte.text()
    assert fenetre.focusWidget() is feuille.sans_carte
    feuille.bandeau._agir()
    repos()
    assert fenetre.page.cle == "factures"


def test_la_carte_du_patient_deja_inseree_securise_la_correction(aller, poste, repos, fenetre) -> None:
    poste.registre.remplir(poste.facturation, [Etat.PAYEE, Etat.PAYEE, Etat.REJETEE])
    poste.lecteurs.inserer(carte_vitale())
    page = aller("factures")
    page.montrer("000000003")
    repos()
    page.corriger.trigger()
    repos()
    composition = fenetre.page.feuille.saisie.actuelle
    assert (composition.niveau, composition.remplace) == (Niveau.SECURISEE, "000000003")
    assert len(composition.lignes) == 2


@pytest.mark.parametrize("motif, champ", [
    (("0101", "PRESCRIPTEUR INCONNU", None), "prescription"),
    (("0102", "ACCIDENT DU TRAVAIL INCONNU", None), "situation"),
    (("0103", "TARIF INCORRECT", 1), "editeur"),
    (("0104", "FORCLUSION", None), "entree"),
])
def test_le_clavier_va_au_champ_en_cause(aller, poste, rejetee, repos, fenetre, motif, champ) -> None:
    poste.recyclage.motifs = [motif]
    aller("factures").corriger.trigger()
    repos()
    feuille = fenetre.page.feuille
    zone = feuille.prescription if champ == "prescription" else getattr(feuille, champ)
    actif = fenetre.focusWidget()
    assert zone is actif or zone.isAncestorOf(actif)
    if champ == "editeur":
        assert feuille.editeur.rang == 1


def test_sans_motif_les_montants_parlent(poste, rejetee) -> None:
    donnees = {"attendu_amo_centimes": 1000, "paye_amo_centimes": 800, "attendu_amc_centimes": 0,
               "paye_amc_centimes": 0, "motifs": []}
    [vecu] = poste.registre.historique(rejetee)[:1]
    poste.registre.historique = lambda numero: [Evenement("anomalie", vecu.instant, donnees)]
    [motif] = lire_correction(poste, rejetee).motifs
    assert motif.phrase == "Part AMO payée 8,00\u00a0€ au lieu de 10,00\u00a0€."


def test_une_facture_part_sur_papier_une_fois_confirmee(aller, poste, rejetee, repos, dialogue, monkeypatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/tmp/papier")
    page = aller("factures")
    page.recyclage.papier.trigger()
    repos()
    assert dialogue(Confirmation).faire.text() == "Envoyer la facture 000000001 sur &papier"
    dialogue(Confirmation).faire.click()
    repos()
    assert poste.recyclage.faits == [("papier", rejetee)]
    assert page.bandeau.phrase == (
        "Fait : 1 duplicata et 1 bordereau dans /tmp/papier : imprimez-les, signez-les et postez-les."
    )


def test_une_facture_que_la_caisse_a_peut_etre_se_confirme(
    aller, poste, rejetee, repos, dialogue, monkeypatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/tmp/papier")
    poste.recyclage.douteuse = True
    page = aller("factures")
    page.recyclage.papier.trigger()
    repos()
    dialogue(Confirmation).faire.click()
    repos()
    assert poste.recyclage.faits == []
    dialogue(Confirmation).faire.click()
    repos()
    assert poste.recyclage.faits == [("papier", rejetee)]


@pytest.mark.parametrize("lot, choisies, verbe, parties", [
    (("003", ("000000001", "000000002")), 1, "Envoyer les 2 factures du lot 003 sur &papier", 2),
    (("003", ("000000001", "000000002")), 3, "Envoyer les 3 factures sur &papier", 3),
    (("", ()), 3, "Envoyer les 3 factures sur &papier", 3),
])
def test_un_lot_ou_une_selection_part_sur_papier_en_une_fois(
    aller, poste, repos, dialogue, monkeypatch, lot, choisies, verbe, parties
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/tmp/papier")
    poste.registre.remplir(poste.facturation, [Etat.EN_LOT] * 3)
    poste.recyclage.lot = lot
    page = aller("factures")
    page.tableau.aller([r.numero for r in page.tableau.modele.rangees].index("000000001"))
    if choisies == 3:
        page.tableau.selectAll()
    repos()
    page.recyclage.papier.trigger()
    repos()
    assert dialogue(Confirmation).faire.text() == verbe
    dialogue(Confirmation).faire.click()
    repos()
    [(geste, *numeros)] = poste.recyclage.faits
    assert (geste, sorted(numeros)) == ("papier", [f"00000000{n}" for n in range(1, parties + 1)])


def test_un_rejet_a_tort_se_note_et_se_liste_avec_son_montant(aller, poste, rejetee, repos, dialogue) -> None:
    page = aller("factures")
    page.recyclage.contester.trigger()
    confirmation = dialogue(Confirmation)
    confirmation.champ.setText("droits ouverts ce jour-là")
    confirmation.faire.click()
    repos()
    assert poste.recyclage.faits == [("tort", rejetee, "droits ouverts ce jour-là")]
    page.etat.setCurrentIndex(page.etat.findText("Rejets à tort"))
    page.rafraichir()
    repos()
    assert page.pile.currentWidget() is page.rejets
    assert page.nombre.text() == "1 rejet à tort, 12,50\u00a0€ réclamés : CPAM Sarthe 12,50\u00a0€"
    [rejet] = page.rejets.modele.rangees
    page.rejets.ouverte.emit(rejet)
    repos()
    assert page.tableau.courante.numero == rejetee


def test_la_carte_d_un_autre_ne_refait_pas_sa_facture(aller, poste, rejetee, repos, fenetre) -> None:
    page = aller("factures")
    poste.configuration = replace(poste.configuration, profession="infirmier")      # of another number
    page.corriger.trigger()
    repos()
    assert fenetre.page.cle == "factures"
    assert "est celle de MARTIN Claire" in page.bandeau.phrase
    assert "Insérez sa carte" in page.bandeau.phrase


def test_le_numero_d_une_demande_mene_a_sa_facture(aller, poste, repos) -> None:
    poste.registre.remplir(poste.facturation, [Etat.PAYEE, Etat.PAYEE])
    poste.demandes.gardees = [ResumeDre("000000800", Etat.ACQUITTEE, poste.registre.historique("000000001")[0].instant,
                                        date(2026, 11, 2), "DURAND PAUL", "0099999997", "S", 1250, "000000001", "")]
    page = aller("factures")
    page.montrer("000000800")
    repos()
    assert [r.numero for r in page.tableau.modele.rangees] == ["000000001"]
    page.montrer("000000999")
    repos()
    assert page.nombre.text() == "Aucune facture ne correspond"


def test_une_demande_a_la_complementaire_se_voit_et_s_annule(aller, poste, repos, dialogue) -> None:
    poste.registre.remplir(poste.facturation, [Etat.PAYEE, Etat.PAYEE])
    maintenant = poste.registre.historique("000000001")[0].instant
    poste.demandes.gardees = [ResumeDre("000000800", Etat.ACQUITTEE, maintenant, date(2026, 11, 2), "DURAND PAUL",
                                        "0099999997", "S", 1250, "000000001", "")]
    page = aller("factures")
    assert not page.onglets.isTabVisible(3)
    page.montrer("000000001")
    repos()
    assert page.onglets.isTabVisible(3)
    assert page.demandes.tableau.texte("|").splitlines()[1].split("|")[3:] == ["Initiale", "0099999997", "", "12,50"]
    page.demandes.annuler.trigger()
    dialogue(Confirmation).faire.click()
    repos()
    assert poste.demandes.annulees == ["000000800"]
    assert page.bandeau.phrase == (
        "Fait : Annulation 000000900 de la demande 000000800 signée : elle partira avec le prochain lot."
    )


def test_les_demandes_se_listent_se_cherchent_et_menent_a_leur_facture(aller, poste, repos) -> None:
    """One of them has no invoice: nothing else in the window would show it."""
    poste.registre.remplir(poste.facturation, [Etat.PAYEE, Etat.PAYEE])
    instant, jour = poste.registre.historique("000000001")[0].instant, date(2026, 11, 2)
    poste.demandes.gardees = [
        ResumeDre("000000801", Etat.REJETEE, instant, jour, "MARTIN LEA", "0099000004", "S", 500, "", ""),
        ResumeDre("000000800", Etat.ACQUITTEE, instant, jour, "DURAND PAUL", "0099000002", "S", 1250, "000000001", ""),
    ]
    page = aller("factures")
    page.montrer("000000801")
    repos()
    assert page.tableau.modele.rangees == []          # not every invoice
    page.recherche.clear()
    page.etat.setCurrentIndex(page.etat.findText("Demandes aux complémentaires"))
    page.rafraichir()
    repos()
    assert page.pile.currentWidget() is page.demandes.toutes and page.nombre.text() == "2 demandes"
    assert page.demandes.toutes.texte("|").splitlines()[1].split("|")[3:6] == ["MARTIN LEA", "02/11/2026", "Initiale"]
    assert page.demandes.annuler.isEnabled() and not page.corriger.isEnabled()
    page.recherche.setText("000000001")
    page.rafraichir()
    repos()
    [trouvee] = page.demandes.toutes.modele.rangees
    page.demandes.toutes.ouverte.emit(trouvee)
    repos()
    assert [r.numero for r in page.tableau.modele.rangees] == ["000000001"]


def test_une_demande_se_rectifie_depuis_la_liste(aller, poste, repos, dialogue) -> None:
    instant = datetime(2026, 11, 22, 9, tzinfo=UTC)
    poste.demandes.gardees = [
        ResumeDre("000000801", Etat.REJETEE, instant, date(2026, 11, 2), "MARTIN LEA", "0099000004", "S", 500, "", ""),
    ]
    page = aller("factures")
    page.etat.setCurrentIndex(page.etat.findText("Demandes aux complémentaires"))
    page.rafraichir()
    repos()
    page.demandes.rectifier.trigger()
    repos()
    fenetre = dialogue(Rectification)
    assert not fenetre.faire.isEnabled()              # nothing differs yet
    fenetre.champs["adherent"].setText("ADH2")
    fenetre.champs["numero"].setText("")
    assert not fenetre.faire.isEnabled()              # an insurer must be named
    fenetre.champs["numero"].setText("0099000006")
    fenetre.faire.click()
    repos()
    [(numero, contrat)] = poste.demandes.rectifiees
    assert (numero, contrat.numero, contrat.adherent) == ("000000801", "0099000006", "ADH2")
    assert page.bandeau.phrase == (
        "Fait : Demande 000000801 rectifiée par la demande 000000901, à envoyer avec le prochain lot."
    )


def test_une_facture_pas_encore_partie_se_corrige_sans_motif(aller, poste, repos, fenetre) -> None:
    """The lots may have left it aside: nobody at the fund has said anything of it."""
    poste.registre.remplir(poste.facturation, [Etat.SIGNEE_PS])
    page = aller("factures")
    assert page.corriger.isEnabled() and not page.recyclage.cause.isVisible()
    page.corriger.trigger()
    repos()
    assert (fenetre.page.cle, fenetre.page.feuille.saisie.actuelle.remplace) == ("facturer", "000000001")
    assert "aucun motif" not in fenetre.page.feuille.bandeau.phrase
