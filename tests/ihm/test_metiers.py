"""Each trade types its own acts: words, codes, fields of a line, situation, remarks beside their cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QAbstractButton

from sesam_desktop.cartes.vitale import AccidentTravail
from sesam_desktop.factures.actes import trouver_acte
from sesam_desktop.factures.facture import Alerte, LigneSaisie, Prescription
from sesam_desktop.ihm.facturation.alertes import motif_d_attente, repartir, uniques
from sesam_desktop.ihm.facturation.champs_ligne import champs_de
from sesam_desktop.ihm.facturation.entree_actes import lire_acte
from sesam_desktop.ihm.facturation.officine import lire_ligne
from sesam_desktop.ihm.modeles.professions import METIERS
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.poste.aide_ccam import AideCcam
from sesam_desktop.poste.configuration import PROFESSIONS
from sesam_desktop.poste.recherche_referentiels import Trouvaille
from sesam_desktop.referentiels import tables
from tests.tarifs.outils import LECTEURS

from .faux_poste import JOUR, PATIENTS, carte_vitale
from .faux_services import PARACETAMOL

ECG = LECTEURS["ccam"]({"DEQP003-1-0": {"tarif_1": 1426, "libelle": "ECG", "modificateurs": ["F", "U"]}})
COMPRESSE = LECTEURS["lpp"]({"1234567": {"libelle": "Compresses stériles", "tarif_centimes": 250}})


@pytest.fixture
def ouvrir(fenetre, poste, repos):
    """The billing page of a trade, with a patient."""

    def feuille(profession: str):
        poste.lecteurs.ps = None
        poste.changer_profession(profession)
        fenetre.aller("facturer")
        poste.lecteurs.inserer(carte_vitale())
        repos()
        return fenetre.page.feuille

    return feuille


def importer(poste, source: str, code: str, libelle: str, detail: str, valeur) -> None:
    poste.referentiels.importees[source] = [Trouvaille(source, code, libelle, detail, "2026-01-01", False, valeur)]


def chercher(feuille, texte: str, repos) -> list[str]:
    feuille.entree.setText(texte)
    feuille.entree.textEdited.emit(texte)
    repos()
    return [p.libelle.replace("\u00a0", " ") for p in feuille.entree.resultats]


@pytest.mark.parametrize("profession", PROFESSIONS)
def test_chaque_metier_a_sa_page(ouvrir, profession: str) -> None:
    feuille = ouvrir(profession)
    assert feuille.nom_tableau == ("officine" if profession in ("pharmacien", "fournisseur") else "actes")
    assert feuille.entree.placeholderText()


@pytest.mark.parametrize("profession", set(PROFESSIONS) - {"pharmacien", "fournisseur"})
def test_l_exemple_d_un_metier_est_un_acte_de_ce_metier(profession: str) -> None:
    acte = trouver_acte(tables, lire_acte(METIERS[profession].exemple.split(",")[0].rstrip("…")), JOUR)
    siennes = {li["code"] for li in tables.charger("specialites").lignes(JOUR) if li["profession"] == profession}
    assert acte is not None and siennes & set(acte["specialites"])


def test_un_acte_a_coefficient_l_attend(ouvrir, repos) -> None:
    """« AMK » alone would be billed for one unit."""
    feuille = ouvrir("masseur_kinesitherapeute")
    feuille.entree.valide.emit("amk")
    assert feuille.saisie.actuelle.lignes == ()
    assert feuille.entree.text() == "AMK "
    assert "AMK se cote avec un coefficient" in feuille.bandeau.phrase
    feuille.entree.valide.emit("AMK 1")
    repos()
    assert [(li.acte, li.coefficient) for li in feuille.saisie.actuelle.lignes] == [("AMK", Decimal(1))]
    assert feuille.bandeau.phrase == ""


def test_les_mots_proposent_les_actes_du_metier(ouvrir, repos) -> None:
    """AMI is 3,15 € in metropolitan France (ONSIL); the acts of doctors are not proposed to a nurse."""
    feuille = ouvrir("infirmier")
    trouves = chercher(feuille, "infirmier", repos)
    assert "AMI  Acte infirmier  ·  3,15 €" in trouves
    assert not any(t.startswith("G ") for t in trouves)
    ami = next(p for p in feuille.entree.resultats if p.suite == "AMI ")
    feuille.entree.choisi.emit(ami)
    assert feuille.entree.text() == "AMI "           # its coefficient is still to be typed
    assert feuille.saisie.actuelle.lignes == ()
    assert chercher(feuille, "ami 4", repos) == []   # what is typed whole is not proposed again
    assert chercher(feuille, "  ", repos) == []


def test_un_acte_sans_coefficient_s_ajoute_d_un_coup(ouvrir, repos) -> None:
    feuille = ouvrir("infirmier")
    chercher(feuille, "BSB", repos)
    feuille.entree.choisi.emit(feuille.entree.resultats[0])
    assert [li.acte for li in feuille.saisie.actuelle.lignes] == ["BSB"]
    assert feuille.entree.text() == ""


def test_une_table_absente_mene_a_son_import(ouvrir, fenetre, repos) -> None:
    feuille = ouvrir("laboratoire")
    assert chercher(feuille, "glucose", repos) == [
        "La nomenclature de biologie n'est pas importée sur ce poste : ouvrir Référentiels"
    ]
    feuille.entree.choisi.emit(feuille.entree.resultats[0])
    repos()
    assert fenetre.page.cle == "referentiels"


def test_un_acte_ccam_propose_ses_modificateurs_et_ses_associations(ouvrir, poste, repos) -> None:
    importer(poste, "ccam", "DEQP003", "Électrocardiographie", "14,26 €", ECG.connus["DEQP003-1-0"])
    poste.facturation.aide = AideCcam("ECG", (("F", "dimanche"), ("U", "nuit")), ((0, "1"), (1, "2")), True)
    feuille = ouvrir("medecin")
    assert "DEQP003  Électrocardiographie  ·  14,26 €" in chercher(feuille, "dEqp", repos)
    feuille.entree.choisi.emit(next(p for p in feuille.entree.resultats if p.ligne and p.ligne.acte == "CCAM"))
    repos()
    ligne = feuille.saisie.actuelle.lignes[0]
    assert (ligne.acte, ligne.code, ligne.activite, ligne.phase) == ("CCAM", "DEQP003", "1", "0")
    assert not feuille.editeur.isHidden()            # the modifiers are there without asking, the fields are not
    assert feuille.panneau.permis.isVisible()
    assert not feuille.editeur.champs["dents"].isVisible()
    feuille.panneau.modifier()
    assert feuille.editeur.champs["dents"].isVisible()
    assert set(feuille.panneau.permis.boutons) == {"F", "U"}
    feuille.panneau.permis.boutons["U"].click()
    assert feuille.saisie.actuelle.lignes[0].modificateurs == ("U",)
    feuille.entree.valide.emit("DEQP003 /1")
    repos()
    assert feuille.panneau.permis.associer.isVisible()
    feuille.panneau.permis.associer.click()
    assert [li.association for li in feuille.saisie.actuelle.lignes] == ["1", "2"]
    feuille.saisie.annuler()                         # both at once
    assert [li.association for li in feuille.saisie.actuelle.lignes] == [None, "1"]
    feuille.panneau.permis.boutons["U"].click()
    repos()
    assert feuille.tableau.texte("|").splitlines()[1].split("|")[0] == "DEQP003"


def test_un_acte_d_un_autre_genre_ne_prend_pas_les_champs_de_la_visite(ouvrir, repos) -> None:
    """A consultation takes no kilometres, an act of the CCAM neither night nor kilometres: its modifiers say it."""
    feuille = ouvrir("medecin")
    feuille.visite.domicile.setChecked(True)
    feuille.visite.km.setValue(10)
    for texte in ("G", "VG", "DEQP003"):
        feuille.entree.valide.emit(texte)
    assert [(li.acte, li.ik_km) for li in feuille.saisie.actuelle.lignes] == [("G", 0), ("VG", 10), ("CCAM", 0)]
    assert feuille.saisie.actuelle.lignes[2].complement == ""


def test_le_pharmacien_cherche_aussi_la_lpp(ouvrir, poste, repos) -> None:
    importer(poste, "lpp", "1234567", "Compresses stériles", "2,50 €", COMPRESSE.connus["1234567"])
    feuille = ouvrir("pharmacien")
    assert chercher(feuille, "compresse", repos) == ["1234567  Compresses stériles  ·  2,50 €"]
    feuille.entree.choisi.emit(feuille.entree.resultats[0])
    repos()
    assert feuille.saisie.actuelle.lignes == (LigneSaisie("LPP", code="1234567"),)


def test_un_code_prestation_manquant_se_dit_apres(ouvrir, poste, repos) -> None:
    """« LPP 1234567 » refused for want of its code; « MAD 1234567 » gives it, the price already typed stays."""
    feuille = ouvrir("pharmacien")
    feuille.ajouter_texte(PARACETAMOL)
    repos()
    poste.facturation.refus_tarif = EntreeInvalide("Code prestation absent.", code="LPP_CODE", ou="lignes[1].acte")
    feuille.ajouter_texte("LPP 1234567 15,00")
    repos()
    assert "Ligne 2 : Code prestation absent." in feuille.alertes.phrase
    poste.facturation.refus_tarif = None
    feuille.ajouter_texte("MAD 1234567")
    repos()
    assert feuille.saisie.actuelle.lignes[1:] == (
        LigneSaisie("MAD", code="1234567", montant_facture_centimes=1500),
    )
    feuille.ajouter_texte("MAD 1234567")             # nothing is missing any more: one article more
    repos()
    assert len(feuille.saisie.actuelle.lignes) == 3


@pytest.mark.parametrize(("texte", "profession", "acte"), [
    ("1234567 12,50", "pharmacien", "LPP"), ("lpp 2234567", "pharmacien", "LPP"), ("3400926", "fournisseur", "LPP"),
    ("VGP", "pharmacien", "VGP"), (PARACETAMOL, "pharmacien", "MEDICAMENT"),
])
def test_ce_que_tape_l_officine(texte: str, profession: str, acte: str) -> None:
    assert lire_ligne(texte, profession).acte == acte


@pytest.mark.parametrize("texte", ["PARACETAMOL", "amox"])
def test_un_produit_mal_tape_se_refuse(texte: str) -> None:
    """Four letters are an act when there is one of this name, the beginning of a medicine otherwise."""
    with pytest.raises(EntreeInvalide):
        lire_ligne(texte)


@pytest.mark.parametrize(("ligne", "presents", "absents"), [
    (LigneSaisie("MEDICAMENT"), {"substitution", "renouvellement", "duree_jours", "unites"}, {"coefficient", "dents"}),
    (LigneSaisie("AMI"), {"coefficient", "code", "accord", "passage", "deplacement_partage"}, {"substitution"}),
    (LigneSaisie("CCAM", code="DEQP003"), {"modificateurs", "association", "dents", "activite"}, {"code"}),
    (LigneSaisie("LPP", code="1234567"), {"montant_facture_centimes", "debut", "fin", "accord"}, {"code"}),
    (LigneSaisie("INCONNU"), {"quantite", "ald", "motif_exoneration"}, {"qualificatif"}),
])
def test_une_ligne_n_a_que_ses_champs(ligne: LigneSaisie, presents: set[str], absents: set[str]) -> None:
    noms = {champ.nom for champ in champs_de(ligne, JOUR)}
    assert presents <= noms
    assert not absents & noms


def test_les_champs_d_une_ligne_se_lisent(ouvrir, repos) -> None:
    feuille = ouvrir("infirmier")
    feuille.entree.valide.emit("AMI 4")
    repos()
    feuille.panneau.modifier()
    champs = feuille.editeur.champs
    assert champs["coefficient"].text() == "4"
    for nom, texte in (("coefficient", "1,5"), ("accord_date", "03/11/2026"), ("depassement_centimes", "2")):
        champs[nom].setText(texte)
        champs[nom].editingFinished.emit()
    champs["accord"].setCurrentIndex(champs["accord"].findData("4"))
    champs["accord"].activated.emit(champs["accord"].currentIndex())
    champs["code"].setCurrentIndex(champs["code"].findData("DIABETE"))
    champs["code"].activated.emit(champs["code"].currentIndex())
    champs["quantite"].setValue(2)
    champs["deplacement_partage"].setChecked(True)
    ligne = feuille.saisie.actuelle.lignes[0]
    assert (ligne.coefficient, ligne.accord, ligne.accord_date, ligne.depassement_centimes) == (
        Decimal("1.5"), "4", date(2026, 11, 3), 200)
    assert (ligne.code, ligne.quantite, ligne.deplacement_partage) == ("DIABETE", 2, True)
    for nom, texte, dit in (("coefficient", "zéro", "n'est pas un coefficient"),
                            ("accord_date", "31/02/2026", "n'est pas une date"), ("accord_date", "hier", "date"),
                            ("depassement_centimes", "deux", "n'est pas un montant")):
        champs[nom].setText(texte)
        champs[nom].editingFinished.emit()
        assert dit in feuille.editeur.motif.texte
    assert feuille.saisie.actuelle.lignes[0] == ligne
    feuille.saisie.annuler()
    repos()
    assert not champs["deplacement_partage"].isChecked()      # the fields follow what is undone
    while feuille.saisie.annulable:
        feuille.saisie.annuler()
    repos()
    assert feuille.editeur.isHidden()


def test_les_dents_et_les_modificateurs_se_tapent(ouvrir, repos) -> None:
    feuille = ouvrir("dentiste")
    feuille.entree.valide.emit("HBMD058 d16")
    repos()
    feuille.panneau.modifier()
    champs = feuille.editeur.champs
    for nom, texte in (("dents", "16, 17"), ("modificateurs", "u n")):
        champs[nom].setText(texte)
        champs[nom].editingFinished.emit()
    ligne = feuille.saisie.actuelle.lignes[0]
    assert (ligne.dents, ligne.modificateurs) == (("16", "17"), ("U", "N"))
    champs["dents"].setText("1é")
    champs["dents"].editingFinished.emit()
    assert "ne se lit pas" in feuille.editeur.motif.texte


def test_la_situation_se_montre_quand_elle_n_est_pas_usuelle(ouvrir, poste, repos) -> None:
    feuille = ouvrir("pharmacien")
    situation = feuille.situation
    assert situation.isHidden()
    feuille._basculer_situation()
    situation.nature.setCurrentIndex(situation.nature.findData("at"))
    situation.nature.activated.emit(situation.nature.currentIndex())
    situation.numero.setText("123456789")
    situation.numero.editingFinished.emit()
    composition = feuille.saisie.actuelle
    assert (composition.nature_assurance, composition.accident_numero) == ("at", "123456789")
    assert composition.accident_date == composition.date_soins
    facture = composition.facture(poste.facturation.executant())
    assert (facture.nature_assurance, facture.accident_numero) == ("at", "123456789")
    situation.nature.setCurrentIndex(situation.nature.findData("maternite"))
    situation.nature.activated.emit(situation.nature.currentIndex())
    composition = feuille.saisie.actuelle
    assert (composition.accident_numero, composition.accident_date) == ("", None)   # they belonged to the accident
    assert composition.maternite_date is not None
    situation._choix["ASPA"].setChecked(True)
    assert feuille.saisie.actuelle.patient.particularites == ("ASPA",)
    assert not situation._choix["SNCF_CP"].isVisible()          # of another régime
    assert situation.particularites.text() == "Allocation de solidarité aux personnes âgées"
    assert not situation.bizone.isEnabled()
    feuille.saisie.modifier(prescription=Prescription(JOUR, "10001234565"))
    situation.bizone.setChecked(True)
    situation.renouvellements.setValue(2)
    prescription = feuille.saisie.actuelle.prescription
    assert (prescription.bizone, prescription.renouvellements) == (True, 2)
    feuille.prescription.origine.setCurrentIndex(1)
    feuille.prescription.origine.activated.emit(1)
    assert feuille.saisie.actuelle.prescription.bizone          # another field of it leaves these alone


def test_l_accident_de_la_carte_est_propose_et_part_avec_son_patient(ouvrir, poste, repos) -> None:
    feuille = ouvrir("pharmacien")
    poste.lecteurs.vitale = replace(carte_vitale(), at=(AccidentTravail("01721", "1", "123456782"),))
    feuille.saisie.modifier(parcours="T")
    situation = feuille.situation
    situation.nature.setCurrentIndex(situation.nature.findData("at"))
    situation.nature.activated.emit(situation.nature.currentIndex())
    assert feuille.saisie.actuelle.accident_numero == "123456782"
    feuille.choix._poser_sans_carte(PATIENTS[1])
    composition = feuille.saisie.actuelle
    assert composition.patient == PATIENTS[1]
    assert (composition.nature_assurance, composition.accident_numero, composition.accident_date) == (
        "maladie", "", None)


def test_chaque_remarque_est_a_cote_de_sa_cause(ouvrir, poste, repos) -> None:
    feuille = ouvrir("medecin")
    poste.facturation.alertes = (
        Alerte("P", "avertissement", "Parcours absent.", "parcours"),
        Alerte("D", "bloquante", "Droits fermés.", "beneficiaire.droits_fin"),
        Alerte("L", "bloquante", "Quantité invalide.", "lignes[0].quantite"),
        Alerte("S", "avertissement", "Soins anciens.", "date_soins"),
        Alerte("X", "avertissement", "Valeurs à confirmer."),
    )
    feuille.entree.valide.emit("G")
    repos()
    remarques = {zone: r.texte for zone, r in feuille.remarques.items()}
    assert remarques == {"patient": "Droits fermés.", "situation": "", "prescription": "",
                         "parcours": "Parcours absent.", "visite": "Soins anciens."}
    assert feuille.alertes.phrase == "Erreur : Ligne 1 : Quantité invalide.\nValeurs à confirmer."
    rangee = feuille.tableau.modele.rangees[0]
    etat = next(c for c in feuille.tableau.modele.colonnes if c.cle == "etat")
    assert (etat.texte(rangee), etat.bulle(rangee)) == ("bloqué", "Quantité invalide.")
    assert not feuille.principale.isEnabled()
    assert feuille.niveau.toolTip() == "Sécuriser attend une correction : Droits fermés. (et 1 de plus)"
    feuille.tableau.aller(0)
    feuille.panneau.modifier()
    assert feuille.editeur.motif.texte == "Quantité invalide."
    poste.facturation.alertes = ()
    feuille.saisie.modifier(parcours="T")
    repos()
    assert feuille.principale.isEnabled()
    assert all(not r.texte for r in feuille.remarques.values())


def test_une_remarque_bloquante_se_voit_sur_un_petit_ecran(ouvrir, poste, repos) -> None:
    """Its row has scrolled out: it comes into sight, unless somebody is typing there."""
    feuille = ouvrir("medecin")
    feuille.window().resize(700, 400)
    poste.facturation.alertes = (Alerte("A", "bloquante", "Numéro faux.", "accident_numero"),)
    feuille.saisie.modifier(nature_assurance="at", accident_numero="123456789")
    feuille.entree.valide.emit("DEQP003")
    repos()
    feuille.entree.setFocus()
    feuille.saisie.modifier(parcours="T")
    repos()
    remarque = feuille.remarques["situation"]
    cadre = remarque.parentWidget().parentWidget()
    assert cadre.height() < remarque.parentWidget().height()
    assert remarque.texte == "Numéro faux."
    assert not remarque.visibleRegion().isEmpty()


def test_un_refus_du_moteur_est_une_remarque_de_la_ligne(ouvrir, poste, repos) -> None:
    feuille = ouvrir("pharmacien")
    poste.facturation.refus_tarif = EntreeInvalide("Acte interdit.", code="ACTE_INTERDIT", ou="lignes[0].acte",
                                                   action="Corrigez la ligne.")
    feuille.ajouter_texte(PARACETAMOL)
    repos()
    assert "Ligne 1 : Acte interdit. Corrigez la ligne." in feuille.alertes.phrase
    assert not feuille.principale.isEnabled()
    poste.facturation.refus_tarif = None
    feuille.saisie.modifier(parcours="O")
    repos()
    nom = feuille.tableau.modele.rangees[0].tarifee.libelle
    poste.facturation.refus_tarif = EntreeInvalide("Acte interdit.", ou="lignes[1].acte")
    feuille.ajouter_texte("VGP")
    repos()
    rangees = [li.split("|")[1] for li in feuille.tableau.texte("|").splitlines()[1:]]
    assert rangees[0] == nom                          # one reads which box, though nothing has a price
    poste.facturation.refus_tarif = ErreurConnue("La CCAM n'est pas installée.", code="REFERENTIEL_ABSENT")
    feuille.saisie.modifier(parcours="T")
    repos()
    assert "n'est pas installée" in feuille.alertes.phrase
    suite = next(b for b in feuille.alertes.findChildren(QAbstractButton) if b.text() == "Ouvrir Référentiels")
    suite.click()
    assert feuille.window().page.cle == "referentiels"


def test_le_bouton_dit_ce_qu_il_attend() -> None:
    assert "insérez la carte" in motif_d_attente(False, False, ())
    assert "ajoutez une ligne" in motif_d_attente(True, False, ())
    assert motif_d_attente(True, True, (Alerte("A", "avertissement", "Rien de grave."),)) == ""


def test_une_remarque_dite_deux_fois_se_lit_une_fois() -> None:
    deux = (Alerte("A", "bloquante", "Du moteur.", "lignes[0].acte"), Alerte("A", "bloquante", "Du contrôle.",
                                                                              "lignes[0].acte"))
    assert [a.message for a in uniques(deux)] == ["Du moteur."]
    ailleurs = Alerte("A", "bloquante", "Du moteur.", "lignes[0].code")
    assert uniques((deux[0], ailleurs)) in ([deux[0]], [ailleurs])
    assert len(uniques((deux[0], replace(ailleurs, champ="lignes[1].code")))) == 2      # another line
    reparties = repartir((*uniques(deux), Alerte("B", "avertissement", "Date.", "date_soins")), ("patient",))
    assert [a.code for a in reparties[""]] == ["A", "B"]
