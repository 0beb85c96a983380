"""« Et si ? »: two columns, what differs, which rules; the invoice composed is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QDate

from sesam_desktop.factures.facture import LigneSaisie, OrganismeAmc, Tarification
from sesam_desktop.ihm.facturation.et_si import EtSi
from sesam_desktop.ihm.facturation.hypothese import hypothese_de
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.montants import appliquer_taux
from tests.tarifs.outils import facture

from .faux_poste import carte_vitale
from .faux_services import PARACETAMOL

FACTURE = facture("medecin", [LigneSaisie("G"), LigneSaisie("MD", ald=True)], parcours="T")
AMC = OrganismeAmc("12345678")


def test_une_hypothese_sans_changement_rend_la_facture() -> None:
    depart = hypothese_de(FACTURE, AMC)
    assert depart.ald is None                        # the lines are not alike
    assert depart.appliquer(FACTURE, depart) == FACTURE


def test_chaque_supposition_change_son_champ() -> None:
    depart = hypothese_de(FACTURE, AMC)
    supposee = replace(
        depart, jour=date(2024, 3, 2), ald=True, c2s=True, regime_local=True, parcours="S", option="optam",
        nature="maternite", tiers_amc=True, particularites=("ASPA",),
    ).appliquer(FACTURE, depart)
    patient = supposee.beneficiaire
    assert supposee.date_soins == supposee.prescription.date == date(2024, 3, 2)
    assert [li.ald for li in supposee.lignes] == [True, True]
    assert (patient.c2s, patient.regime_local, patient.particularites) == (True, True, ("ASPA",))
    assert (supposee.parcours, supposee.nature_assurance) == ("S", "maternite")
    assert supposee.executant.option_tarifaire == "optam"
    assert (supposee.tiers_payant.amc, supposee.amc) == (True, AMC)
    retour = replace(depart, tiers_amc=False).appliquer(supposee, replace(depart, tiers_amc=True))
    assert (retour.tiers_payant.amc, retour.amc) == (False, None)


def tarifer_avec_ald(poste):
    """The double's prices, at 100 % for a line in ALD."""
    ordinaire = poste.facturation.tarifer

    def tarifer(demande) -> Tarification:
        if demande.date_soins.year < 2000:
            raise EntreeInvalide("Aucun tarif à cette date.", code="HORS_TABLE", ou="date_soins")
        tarification = ordinaire(demande)
        lignes = []
        for ligne in tarification.lignes:
            taux = 10000 if demande.lignes[ligne.saisie].ald else ligne.taux
            amo = appliquer_taux(ligne.base_centimes, taux)
            regles = tuple(r if r.sur != "taux" or taux != 10000 else replace(r, code="ALD", texte="ALD : 100 %.")
                           for r in ligne.regles)
            lignes.append(replace(ligne, taux=taux, amo_centimes=amo, assure_centimes=ligne.montant_centimes - amo,
                                  regles=regles))
        totaux = replace(tarification.totaux, amo_centimes=sum(li.amo_centimes for li in lignes),
                         assure_centimes=sum(li.assure_centimes for li in lignes))
        return Tarification(tuple(lignes), totaux)

    return tarifer


@pytest.fixture
def dialogue_ouvert(fenetre, poste, repos, dialogue, monkeypatch):
    """One box at 1,16 € and its fee at 1,02 €, 65 %."""
    monkeypatch.setattr(poste.facturation, "tarifer", tarifer_avec_ald(poste))
    fenetre.aller("facturer")
    poste.lecteurs.inserer(carte_vitale())
    repos()
    feuille = fenetre.page.feuille
    feuille.supposer()
    assert "au moins une ligne" in feuille.bandeau.phrase
    feuille.ajouter_texte(PARACETAMOL)
    repos()
    feuille.supposer()
    ouvert = dialogue(EtSi)
    repos()
    yield feuille, ouvert
    ouvert.reject()


def test_l_ald_se_compare_sans_toucher_la_facture(dialogue_ouvert, repos) -> None:
    """AMO 0,75 + 0,66 = 1,41 of 2,18 at 65 %; everything at 100 %: the patient pays 0,77 less."""
    feuille, etsi = dialogue_ouvert
    avant = feuille.saisie.actuelle
    assert "Aucune règle ne change." in etsi.raisons.toPlainText()
    etsi.choix.ald.click()
    repos()
    assert etsi.bilan.text().replace("\u00a0", " ").startswith("À payer 0,77 € → 0,00 € (-0,77 €)  ·  AMO +0,77 €")
    lignes = [li.split("|") for li in etsi.tableau.texte("|").splitlines()]
    titres = lignes[0]
    ligne = dict(zip(titres, lignes[1], strict=True))
    assert (ligne["AMO"], ligne["AMO si"], ligne["Écart patient €"]) == ("0,75", "1,16", "-0,41")
    taux = next(c for c in etsi.tableau.modele.colonnes if c.cle == "taux")
    lus = [taux.texte(r).replace("\u00a0", " ") for r in etsi.tableau.modele.rangees]
    assert (lus[0], lus[-1]) == ("65 % → 100 %", "")
    assert dict(zip(titres, lignes[-1], strict=True))["Libellé"] == "Total"
    texte = etsi.raisons.toPlainText()
    assert "Ne s'applique plus" in texte
    assert "ALD : 100 %." in texte
    etsi.tableau.aller(0)
    assert etsi.raisons.toPlainText().count("ALD : 100 %.") == 1      # of the line chosen only
    assert feuille.saisie.actuelle is avant
    etsi.choix.revenir()
    repos()
    assert "Aucune règle ne change." in etsi.raisons.toPlainText()


def test_une_hypothese_sans_tarif_le_dit(dialogue_ouvert, repos) -> None:
    _, etsi = dialogue_ouvert
    etsi.choix.jour.setDate(QDate(1990, 1, 5))
    repos()
    assert "Aucun tarif à cette date." in etsi.bandeau.phrase
    assert etsi.tableau.modele.rangees == []
    etsi._expliquer(None)
    etsi.choix.revenir()
    repos()
    assert etsi.bandeau.phrase == ""
    assert len(etsi.tableau.modele.rangees) == 3


def test_une_autre_situation_se_choisit(dialogue_ouvert, repos) -> None:
    _, etsi = dialogue_ouvert
    for liste, code in ((etsi.choix.nature, "maternite"), (etsi.choix.particularite, "ASPA")):
        liste.setCurrentIndex(liste.findData(code))
        liste.activated.emit(liste.currentIndex())
    etsi.choix.c2s.click()
    repos()
    hypothese = etsi.choix.hypothese()
    assert (hypothese.nature, hypothese.particularites, hypothese.c2s) == ("maternite", ("ASPA",), True)
    assert etsi.comparaison is not None
