"""Nothing billed twice, nothing lost for good: loans taken back, documents filed away, visits billed here meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from sesam_desktop.factures.depot import Filtre
from sesam_desktop.lecteurs.tla.depot import EtatDocument
from sesam_desktop.lecteurs.tla.documents import ActeNote, ecrire_document
from tests.outils.essai_tla import Essai, code, complet, en_attente, reduit
from tests.outils.terminal_tla import JOUR, SOCLE, deja_vu, visite, zones_de

__all__ = ["complet", "en_attente", "reduit"]

PERDU = "terminal volé"


def brouillons(essai: Essai) -> list[str]:
    return sorted(f.beneficiaire.nom for _, f in essai.poste.facturation.brouillons())


# ---- not billed twice ------------------------------------------------------------------------------------------------


def test_la_meme_demande_refaite_ne_prete_pas_deux_fois(complet: Essai):
    assert complet.charger("assure") == ("000000001",)
    bilan = complet.service.charger(complet.ici, factures=[visite(complet.poste, n) for n in ("assure", "ald")])
    assert (bilan.factures, [r.code for r in bilan.refuses]) == (("000000001", "000000002"), ["TLA_DEJA_PRETEE"])
    assert len(complet.virtuel.factures()) == 2


def test_deux_visites_demandees_ensemble_sont_deux_visites(complet: Essai):
    assert complet.charger("assure", "assure") == ("000000001", "000000002")


def test_un_brouillon_qui_n_est_plus_la_n_est_pas_prete(complet: Essai, monkeypatch: pytest.MonkeyPatch):
    """Another program signed it, or lent it, between the list and the loan."""
    facturation = complet.poste.facturation
    facturation.garder_brouillon(visite(complet.poste, "assure"))
    facturation.mettre_de_cote()
    vus = facturation.brouillons()
    complet.poste.factures.brouillons.effacer(vus[0][0])
    monkeypatch.setattr(facturation, "brouillons", lambda: vus)
    bilan = complet.service.charger(complet.ici, tournee=JOUR)
    assert (bilan.factures, [r.code for r in bilan.refuses]) == ((), ["BROUILLON_INCONNU"])
    assert complet.poste.factures.prochain_numero() == "000000001"


def test_une_visite_refaite_ici_entre_temps_attend_qu_on_confirme(en_attente: Essai):
    deja_vu(en_attente.poste, "assure")
    (attente,) = en_attente.service.a_signer()
    assert attente.remarque == "déjà facturée ici sous le n° 000000002 ?"
    assert [r.code for r in en_attente.service.signer().refuses] == ["TLA_DEJA_FACTUREE"]
    assert en_attente.service.signer(malgre_doublon=True).signees == ("000000001",)
    assert len(en_attente.poste.registre.lister(Filtre())) == 2


def test_une_facture_d_un_autre_patient_ou_d_avant_le_pret_n_est_pas_un_doublon(complet: Essai):
    deja_vu(complet.poste, "assure")
    complet.avance = timedelta(seconds=2)
    assert complet.charger("assure") == ("000000002",)
    complet.signer_au_domicile("000000002", "assure")
    complet.service.decharger(complet.ici)
    deja_vu(complet.poste, "ald")
    assert complet.service.a_signer()[0].remarque == ""
    assert complet.service.signer().signees == ("000000002",)


def test_une_lecture_deja_facturee_n_est_pas_composee(reduit: Essai):
    reduit.avance = -timedelta(hours=1)
    reduit.virtuel.noter(zones_de("assure"), 0, [ActeNote("AMI", Decimal("2"))])
    reduit.avance = timedelta()
    deja_vu(reduit.poste, "assure")
    reduit.service.decharger(reduit.ici)
    assert [r.code for r in reduit.service.signer().refuses] == ["TLA_DEJA_FACTUREE"]
    assert brouillons(reduit) == []
    assert reduit.service.signer(malgre_doublon=True).composees == 1


def test_une_lecture_composee_par_un_autre_programme_ne_l_est_pas_deux_fois(
    reduit: Essai, monkeypatch: pytest.MonkeyPatch
):
    reduit.virtuel.noter(zones_de("assure"), 0, [ActeNote("AMI")])
    reduit.service.decharger(reduit.ici)
    vus = reduit.service._en_attente()
    assert reduit.service.signer().composees == 1
    monkeypatch.setattr(reduit.service, "_en_attente", lambda: vus)
    assert [r.code for r in reduit.service.signer().refuses] == ["TLA_DEJA_TRAITE"]
    assert brouillons(reduit) == ["DURAND"]


def test_un_numero_que_rien_n_attend_est_refuse(en_attente: Essai):
    assert code(lambda: en_attente.service.signer(["000000001", "000000099"])) == "TLA_RIEN_A_SIGNER"
    assert len(en_attente.service.a_signer()) == 1


# ---- the terminal does not come back ---------------------------------------------------------------------------------


def test_un_terminal_perdu_n_emporte_pas_ses_factures(complet: Essai):
    complet.charger("assure", "ald")
    signee = ecrire_document(complet.signature_vraie("000000001", "assure"))
    complet.poste.environnement.socle.enlever()
    pret, _ = complet.service.prets()
    assert (pret.numero, pret.patient, pret.date_soins) == ("000000001", "DURAND PAUL", JOUR)
    assert (pret.total_centimes, pret.terminal) == (630, "TLA0000001")
    assert code(lambda: complet.service.reprendre(["000000001", "000000009"])) == "TLA_PAS_PRETEE"
    assert (len(complet.service.prets()), brouillons(complet)) == (2, [])
    complet.service.reprendre(["000000001"])
    assert ([p.numero for p in complet.service.prets()], brouillons(complet)) == (["000000002"], ["DURAND"])
    complet.canal.poser(SOCLE, complet.virtuel.traiter)
    assert complet.refus_de(signee) == "TLA_PREPARATION_REPRISE"


def test_une_facture_revenue_ne_se_reprend_pas(en_attente: Essai):
    assert code(lambda: en_attente.service.reprendre(["000000001"])) == "TLA_PAS_PRETEE"
    assert en_attente.service.prets() == []


# ---- filed away ------------------------------------------------------------------------------------------------------


def test_classer_un_refus_le_retire_de_la_liste_et_rend_la_facture(complet: Essai):
    complet.charger("assure")
    complet.virtuel.pannes.sans_controle = True
    complet.signer_au_domicile("000000001", "ald")
    (refus,) = complet.service.decharger(complet.ici).refuses
    assert (refus.code, brouillons(complet)) == ("MAUVAISE_VITALE", [])
    for reference, motif, attendu in (
        (refus.empreinte, " ", "TLA_MOTIF_ABSENT"), (refus.empreinte[:7], PERDU, "TLA_DOCUMENT_INCONNU"),
        ("0" * 64, PERDU, "TLA_DOCUMENT_INCONNU"),
    ):
        assert code(lambda r=reference, m=motif: complet.service.classer(r, m)) == attendu
    classe = complet.service.classer(refus.empreinte[:8].upper(), "refaite au cabinet")
    assert classe.motif == f"{refus.motif} [refaite au cabinet]"
    assert (complet.service.refuses(), complet.service.prets(), brouillons(complet)) == ([], [], ["DURAND"])
    (garde,) = complet.service._depot.documents(EtatDocument.CLASSEE)
    assert (garde.empreinte, garde.verdict.code) == (refus.empreinte, "MAUVAISE_VITALE")
    assert code(lambda: complet.service.classer(refus.empreinte, PERDU)) == "TLA_DEJA_TRAITE"


def test_classer_ce_qui_attend_rend_un_brouillon_et_ne_se_signe_plus(
    en_attente: Essai, monkeypatch: pytest.MonkeyPatch
):
    """The card was opposed since: told at unloading, refused at signing, done again without the fund's third party."""
    monkeypatch.setattr(en_attente.poste.droits.oppositions, "verifier", lambda _: object())
    (attente,) = en_attente.service.a_signer()
    assert attente.remarque == "carte Vitale mise en opposition"
    en_attente.service.classer(attente.empreinte, "carte en opposition")
    assert (en_attente.service.a_signer(), brouillons(en_attente)) == ([], ["DURAND"])
    assert en_attente.service.signer().signees == ()
    assert en_attente.poste.registre.lister(Filtre()) == []


def test_classer_une_signature_en_trop_ne_touche_pas_la_bonne(complet: Essai):
    complet.charger("assure")
    signee = complet.signature_vraie("000000001", "assure")
    for document in (signee, replace(signee, signee_le=signee.signee_le + timedelta(seconds=1))):
        complet.virtuel.deposer(ecrire_document(document))
    (refus,) = complet.service.decharger(complet.ici).refuses
    complet.service.classer(refus.empreinte, "en double")
    assert brouillons(complet) == []
    assert complet.service.signer().signees == ("000000001",)


def test_classe_un_document_altere_quitte_le_terminal(complet: Essai):
    """Otherwise the terminal could never be emptied, nor its clock set."""
    complet.virtuel.deposer(b"document")
    complet.virtuel.pannes.empreinte_fausse = True
    (refus,) = complet.service.decharger(complet.ici).refuses
    assert complet.ici.identite.documents == 1
    complet.service.classer(refus.empreinte, "mémoire du terminal abîmée")
    bilan = complet.service.decharger(complet.ici)
    assert (bilan.recus, bilan.refuses, complet.ici.identite.documents) == (0, (), 0)
    assert complet.service._depot.non_acquittes("TLA0000001") == []


def test_un_document_d_un_autre_poste_reste_pour_lui_jusqu_a_ce_qu_on_le_classe(complet: Essai):
    complet.charger("assure")
    ailleurs = replace(complet.signature_vraie("000000001", "assure"), numero="000000099")
    complet.virtuel.deposer(ecrire_document(ailleurs))
    for recus in (1, 0):
        bilan = complet.service.decharger(complet.ici)
        assert (bilan.recus, [r.code for r in bilan.refuses]) == (recus, ["TLA_PREPARATION_INCONNUE"])
    assert complet.ici.identite.documents == 1
    complet.service.classer(bilan.refuses[0].empreinte, "poste remplacé")
    assert complet.service.decharger(complet.ici).refuses == ()
    assert complet.ici.identite.documents == 0
