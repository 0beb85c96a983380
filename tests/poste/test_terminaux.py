"""Portable terminals, from the office: the whole way, and what is refused and kept.

AMI 3,15 × 2 = 6,30 at 60 %: 630 centimes an invoice, 378 for the fund (ALD: all of it).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from sesam_desktop.base.evenements import verifier_chaine
from sesam_desktop.cartes.vitale import Amc, Mutuelle, Periode
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Filtre
from sesam_desktop.factures.facture import LigneSaisie, Niveau
from sesam_desktop.lecteurs.tla.documents import (
    ActeNote,
    Lecture,
    ecrire_document,
)
from tests.outils.essai_tla import Essai, code, complet, reduit
from tests.outils.terminal_tla import (
    JOUR,
    VITALES,
    deja_vu,
    visite,
    zones_de,
)

__all__ = ["complet", "reduit"]


def test_la_vitale_signe_au_domicile_et_la_cps_au_cabinet(complet: Essai):
    poste, service = complet.poste, complet.service
    assert complet.charger("assure", "ald") == ("000000001", "000000002")
    complet.signer_au_domicile("000000001", "assure")
    complet.avance = timedelta(hours=5)
    bilan = service.decharger(complet.ici)
    assert (bilan.recus, bilan.deja_connus, bilan.refuses, bilan.ecart_s) == (1, 0, (), 0)
    (attente,) = bilan.a_signer
    assert (attente.numero, attente.patient, attente.date_soins) == ("000000001", "DURAND PAUL", JOUR)
    assert (attente.total_centimes, attente.professionnel, attente.terminal) == (630, "HUGO LEFEBVRE", "TLA0000001")
    assert poste.registre.lister(Filtre()) == []
    assert service.signer().signees == ("000000001",)
    assert (service.a_signer(), service.refuses()) == ([], [])


def test_la_facture_desynchronisee_est_une_facture_securisee_comme_les_autres(complet: Essai):
    complet.charger("assure")
    complet.signer_au_domicile("000000001", "assure")
    complet.avance = timedelta(hours=5)
    complet.service.decharger(complet.ici)
    complet.service.signer()
    fs = complet.poste.registre.charger("000000001")
    assert (fs.facture.niveau, [s.porteur for s in fs.signatures]) == (Niveau.SECURISEE, ["vitale", "ps"])
    visite_, cabinet = (s.signe_le for s in fs.signatures)
    assert cabinet - visite_ == timedelta(hours=5)
    historique = complet.poste.registre.historique("000000001")
    assert [e.nom for e in historique] == ["composee", "tarifee", "signee_vitale", "signee_ps"]
    assert [e.instant for e in historique[2:]] == [visite_, cabinet]
    assert historique[0].instant == visite_
    assert complet.poste.registre.par_etat() == {Etat.SIGNEE_PS: 1}
    assert complet.poste.transmission.preparer(a_blanc=True).factures == 1
    assert verifier_chaine() is None
    assert complet.poste.facturation.patients("durand")


def test_seules_les_factures_designees_sont_signees(complet: Essai):
    complet.charger("assure", "ald")
    for numero, nom in (("000000001", "assure"), ("000000002", "ald")):
        complet.signer_au_domicile(numero, nom)
    complet.service.decharger(complet.ici)
    assert complet.service.signer(["000000002"]).signees == ("000000002",)
    assert [a.numero for a in complet.service.a_signer()] == ["000000001"]


def test_la_tournee_emporte_les_patients_et_les_brouillons_du_jour(complet: Essai):
    poste, service = complet.poste, complet.service
    deja_vu(poste, "famille")
    for nom, jour in (("assure", JOUR), ("ald", JOUR + timedelta(1)), ("droits-expires", JOUR)):
        poste.facturation.garder_brouillon(visite(poste, nom, jour))
        poste.facturation.mettre_de_cote()
    bilan = service.charger(complet.ici, tournee=JOUR)
    assert (bilan.patients, bilan.factures) == (3, ("000000002",))
    assert [(r.quoi, r.code) for r in bilan.refuses] == [("SIMON NADIA", "DROITS_FERMES")]
    assert {p.nom for p in complet.virtuel.patients()} == {"LEROY", "DURAND", "SIMON"}
    assert [f.total_centimes for f in complet.virtuel.factures()] == [630]
    assert {f.beneficiaire.nom for _, f in poste.facturation.brouillons()} == {"PETIT", "SIMON"}
    assert service.charger(complet.ici, tournee=JOUR + timedelta(1)).factures == ("000000002", "000000003")
    assert len(complet.virtuel.factures()) == 2  # the invoice already out stays with the new one


def test_le_reduit_note_et_le_cabinet_compose(reduit: Essai):
    poste, service = reduit.poste, reduit.service
    deja_vu(poste, "ald")
    poste.facturation.garder_brouillon(visite(poste, "assure"))
    poste.facturation.mettre_de_cote()
    bilan = service.charger(reduit.ici, tournee=JOUR)
    assert (bilan.patients, bilan.factures, bilan.refuses) == (2, (), ())
    reduit.virtuel.noter(zones_de("ald"), 0, [ActeNote("AMI", Decimal("4"), domicile=True, ik_km=12, ald=True)])
    bilan_retour = service.decharger(reduit.ici)
    (attente,) = bilan_retour.a_signer
    assert (attente.genre, attente.numero, attente.patient) == ("lecture", "", "PETIT HENRI")
    resultat = service.signer()
    assert (resultat.signees, resultat.composees, resultat.refuses) == ((), 1, ())
    facture = next(f for _, f in poste.facturation.brouillons() if f.beneficiaire.nom == "PETIT")
    assert facture.lignes == (
        LigneSaisie("AMI", coefficient=Decimal("4"), date=JOUR, domicile=True, ik_km=12, ald=True),
    )
    assert facture.prescription is not None
    assert facture.prescription.prescripteur == "10001234565"
    assert facture.executant.numero_facturation == "72600002"
    assert service.signer().composees == 0
    assert len(poste.facturation.brouillons()) == 2


def test_la_carte_d_un_autre_patient_a_signe(complet: Essai):
    complet.charger("assure")
    complet.virtuel.pannes.sans_controle = True
    signee = complet.signature_vraie("000000001", "famille")
    assert complet.refus_de(ecrire_document(signee)) == "MAUVAISE_VITALE"


def test_une_signature_fausse(complet: Essai):
    complet.charger("assure")
    signee = complet.signature_vraie("000000001", "assure")
    fausse = signee.signature[:-1] + bytes([signee.signature[-1] ^ 1])
    assert complet.refus_de(ecrire_document(replace(signee, signature=fausse))) == "SIGNATURE_FAUSSE"


def test_un_autre_contenu_a_ete_signe(complet: Essai):
    complet.charger("assure")
    signee = complet.signature_vraie("000000001", "assure")
    autre = ecrire_document(replace(signee, empreinte=bytes(32)))
    assert complet.refus_de(autre, restent=1) == "TLA_CONTENU_DIFFERENT"


def test_une_facture_qui_n_a_pas_ete_preparee_ici(complet: Essai):
    complet.charger("assure")
    signee = complet.signature_vraie("000000001", "assure")
    ailleurs = ecrire_document(replace(signee, numero="000000099"))
    assert complet.refus_de(ailleurs, restent=1) == "TLA_PREPARATION_INCONNUE"  # for the workstation that lent it


def test_un_document_illisible_est_garde(complet: Essai):
    assert complet.refus_de(b"\x01n'importe quoi") == "TLA_ILLISIBLE"


def test_une_seconde_signature_de_la_meme_facture_ne_compte_pas(complet: Essai):
    complet.charger("assure")
    signee = complet.signature_vraie("000000001", "assure")
    for document in (signee, replace(signee, signee_le=signee.signee_le + timedelta(seconds=1))):
        complet.virtuel.deposer(ecrire_document(document))
    bilan = complet.service.decharger(complet.ici)
    assert (bilan.recus, [r.code for r in bilan.refuses]) == (2, ["TLA_DEJA_DECHARGEE"])
    assert complet.service.signer().signees == ("000000001",)


def test_la_vitale_a_signe_avant_le_jour_des_soins(complet: Essai):
    """Tomorrow's tour may be prepared today, not signed today."""
    demain = JOUR + timedelta(1)
    facture = visite(complet.poste, "assure", demain)
    assert complet.service.charger(complet.ici, factures=[facture]).factures == ("000000001",)
    assert code(lambda: complet.signer_au_domicile("000000001", "assure")) == "TLA_AVANT_SOINS"  # told at home
    complet.virtuel.pannes.sans_controle = True
    signee = complet.signature_vraie("000000001", "assure")
    assert complet.refus_de(ecrire_document(signee)) == "TLA_SIGNATURE_AVANT_SOINS"


def test_un_certificat_absent_se_rattrape(complet: Essai):
    complet.charger("assure")
    complet.signer_au_domicile("000000001", "assure")
    certificat = complet.poste.profil / "cartes" / "800000001.pem"
    octets = certificat.read_bytes()
    certificat.unlink()
    (refus,) = complet.service.decharger(complet.ici).refuses
    assert refus.code == "CERTIFICAT_CARTE_ABSENT"
    assert complet.service.signer().signees == ()
    certificat.write_bytes(octets)
    assert complet.service.signer().signees == ("000000001",)


def test_une_lecture_inutilisable_est_gardee(reduit: Essai, monkeypatch: pytest.MonkeyPatch):
    """A mutuelle and an AMC at once; a beneficiary that the card does not have; zones cut; a visit in the future."""
    carte = VITALES["famille"]
    toujours = Periode(date(2020, 1, 1), None)
    deux = replace(
        carte.beneficiaires[0], mutuelle=Mutuelle("1", "O", "01", droits=(toujours,)),
        amc=Amc("1", "", "", "", date(2020, 1, 1), None),
    )
    monkeypatch.setitem(VITALES, "f0f0", replace(carte, beneficiaires=(deux,)))
    for zones, rang in ((zones_de("f0f0"), 0), (zones_de("famille"), 7), (b"\x00", 0)):
        reduit.virtuel.noter(zones, rang, [])
    demain = Lecture(reduit.maintenant() + timedelta(days=1), zones_de("famille"), 0, ())
    reduit.virtuel.deposer(ecrire_document(demain))
    bilan = reduit.service.decharger(reduit.ici)
    attendus = ["F0F0", "BENEFICIAIRE_INCONNU", "ZONE_INVALIDE", "TLA_DATE_INCOHERENTE"]
    assert [r.code for r in bilan.refuses] == attendus
    assert (bilan.recus, bilan.a_signer, reduit.ici.identite.documents) == (4, (), 0)
    assert reduit.service.signer().composees == 0


def test_une_vitale_reelle_et_une_cps_de_test_ne_se_melangent_pas(reduit: Essai, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(VITALES, "reelle", replace(VITALES["assure"], type="R"))
    reduit.poste.lecteurs.ps = replace(reduit.poste.lecteurs.ps, type_carte="80")
    reduit.virtuel.noter(zones_de("reelle"), 0, [ActeNote("AMI")])
    reduit.service.decharger(reduit.ici)
    assert [r.code for r in reduit.service.signer().refuses] == ["F026"]
    assert len(reduit.service.a_signer()) == 1
