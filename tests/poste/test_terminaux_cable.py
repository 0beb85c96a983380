"""Loading and unloading a terminal, interrupted or not, and the terminal itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sesam_desktop.factures.facture import Facture, LigneSaisie
from sesam_desktop.lecteurs.emulation_tla import TerminalVirtuel
from sesam_desktop.lecteurs.tla.documents import (
    ActeNote,
    ecrire_document,
)
from sesam_desktop.lecteurs.tla.messages import Commande
from sesam_desktop.lecteurs.tla.terminal import GenreTerminal
from sesam_desktop.poste.poste import Poste
from tests.outils.essai_tla import HORS_SUJET, Essai, code, complet, en_attente, reduit
from tests.outils.terminal_tla import (
    JOUR,
    SOCLE,
    visite,
    zones_de,
)

__all__ = ["complet", "en_attente", "reduit"]


@pytest.mark.parametrize("messages", range(8))
def test_coupe_n_importe_ou_rien_n_est_perdu_ni_double(complet: Essai, messages: int):
    """Identify, list twice, read and acknowledge each of two documents, identify."""
    complet.charger("assure", "ald")
    for numero, nom in (("000000001", "assure"), ("000000002", "ald")):
        complet.signer_au_domicile(numero, nom)
    ici = complet.ici
    complet.virtuel.pannes.muet_apres = messages
    assert code(lambda: complet.service.decharger(ici)) == "TLA_SANS_REPONSE"
    complet.virtuel.pannes.muet_apres = None
    gardes = {a.numero for a in complet.service.a_signer()}
    assert len(gardes) + complet.ici.identite.documents >= 2
    bilan = complet.service.decharger(complet.ici)
    assert {a.numero for a in bilan.a_signer} == {"000000001", "000000002"}
    assert complet.service.signer().signees == ("000000001", "000000002")
    assert complet.service._depot.non_acquittes("TLA0000001") == []


def test_un_acquittement_sans_reponse_ne_double_rien(complet: Essai):
    complet.charger("assure")
    complet.signer_au_domicile("000000001", "assure")
    octets = next(iter(complet.virtuel._memoire.documents.values()))
    complet.virtuel.pannes.reponses_perdues = [Commande.ACQUITTER]
    assert code(lambda: complet.service.decharger(complet.ici)) == "TLA_SANS_REPONSE"
    assert complet.service._depot.non_acquittes("TLA0000001") != []
    bilan = complet.service.decharger(complet.ici)
    assert (bilan.recus, bilan.deja_connus, len(bilan.a_signer)) == (0, 0, 1)
    assert complet.service._depot.non_acquittes("TLA0000001") == []
    complet.virtuel.deposer(octets)  # a terminal that gives it again under another name
    bilan = complet.service.decharger(complet.ici)
    assert (bilan.recus, bilan.deja_connus, len(bilan.a_signer)) == (0, 1, 1)
    assert complet.ici.identite.documents == 0


def test_une_empreinte_fausse_n_efface_rien(complet: Essai):
    complet.charger("assure")
    complet.signer_au_domicile("000000001", "assure")
    complet.virtuel.pannes.empreinte_fausse = True
    for recus in (1, 0):
        bilan = complet.service.decharger(complet.ici)
        assert (bilan.recus, [r.code for r in bilan.refuses]) == (recus, ["TLA_DOCUMENT_ALTERE"])
        assert (bilan.a_signer, complet.ici.identite.documents) == ((), 1)
        assert len(complet.service._depot.non_acquittes("TLA0000001")) == 1
    assert complet.service.signer().signees == ()
    complet.virtuel.pannes.empreinte_fausse = False
    bilan = complet.service.decharger(complet.ici)
    assert (bilan.refuses, len(bilan.a_signer), complet.ici.identite.documents) == ((), 1, 0)
    assert complet.service.signer().signees == ("000000001",)


def test_memoire_pleine_les_brouillons_le_restent(poste: Poste):
    """What no draft held is not made one: whoever asked will ask again, and it would be billed twice."""
    essai = Essai(poste, TerminalVirtuel(capacite=700))
    poste.facturation.garder_brouillon(visite(poste, "assure"))
    poste.facturation.mettre_de_cote()
    assert code(lambda: essai.service.charger(essai.ici, tournee=JOUR)) == "TLA_MEMOIRE_PLEINE"
    assert code(lambda: essai.charger("ald")) == "TLA_MEMOIRE_PLEINE"
    ((_, facture),) = poste.facturation.brouillons()
    assert facture == visite(poste, "assure")
    assert (essai.virtuel.factures(), essai.service.prets()) == ([], [])
    assert essai.service.charger(essai.ici, patients=[]).factures == ()


def test_un_chargement_coupe_se_reprend_sans_rien_numeroter_deux_fois(complet: Essai):
    ici = complet.ici
    complet.virtuel.pannes.muet_apres = 2
    assert code(lambda: complet.service.charger(ici, factures=[visite(complet.poste, "assure")])) == "TLA_SANS_REPONSE"
    complet.virtuel.pannes.muet_apres = None
    assert complet.service.charger(complet.ici).factures == ("000000001",)
    assert [f.numero for f in complet.virtuel.factures()] == ["000000001"]


def test_ce_qui_ne_peut_pas_etre_prete(complet: Essai):
    jamais_lu = visite(complet.poste, "assure")
    jamais_lu = replace(jamais_lu, beneficiaire=replace(jamais_lu.beneficiaire, numero_serie_vitale=""))
    inconnue = replace(jamais_lu, beneficiaire=replace(jamais_lu.beneficiaire, numero_serie_vitale="800000099"))
    opposee = visite(complet.poste, "opposition")
    bilan = complet.service.charger(complet.ici, factures=[jamais_lu, inconnue, opposee])
    assert [r.code for r in bilan.refuses] == ["VITALE_JAMAIS_LUE", "CERTIFICAT_CARTE_ABSENT", "CARTE_OPPOSEE"]
    assert bilan.factures == ()
    assert complet.poste.factures.prochain_numero() == "000000001"  # a refusal spends no number


def test_un_terminal_reduit_ne_prend_pas_de_factures(reduit: Essai):
    assert code(lambda: reduit.charger("assure")) == "TLA_REDUIT"
    assert reduit.poste.factures.prochain_numero() == "000000001"


def test_les_kilometres_pretes_comptent_pour_le_plafond_du_jour(complet: Essai):
    """60 − 4 km a visit (plaine): lent ones count before they are signed, once after."""
    ik = (LigneSaisie("AMI", domicile=True, date=JOUR), LigneSaisie("IK", ik_km=60, domicile=True, date=JOUR))
    facture: Facture = visite(complet.poste, "ald", lignes=ik)
    complet.charger("ald", lignes=ik)
    assert complet.poste.facturation._kilometres.deja_factures(facture) == {JOUR: 56}
    complet.signer_au_domicile("000000001", "ald")
    complet.service.decharger(complet.ici)
    assert complet.poste.facturation._kilometres.deja_factures(facture) == {JOUR: 56}
    complet.service.signer()
    assert complet.poste.facturation._kilometres.deja_factures(facture) == {JOUR: 56}


def test_vider_rend_les_brouillons(complet: Essai):
    complet.charger("assure", "ald")
    complet.signer_au_domicile("000000001", "assure")
    ici = complet.ici
    assert code(lambda: complet.service.vider(ici, HORS_SUJET)) == "TLA_CONFIRMATION"
    assert code(lambda: complet.service.vider(ici, ici.numero_serie)) == "TLA_NON_DECHARGE"
    assert len(complet.virtuel.factures()) == 1
    complet.service.decharger(ici)
    complet.service.vider(ici, ici.numero_serie)
    assert complet.virtuel.factures() == []
    assert [f.beneficiaire.nom for _, f in complet.poste.facturation.brouillons()] == ["PETIT"]
    assert complet.service.signer().signees == ("000000001",)


def test_une_signature_qui_arrive_apres_que_la_facture_a_ete_rendue(complet: Essai):
    complet.charger("assure")
    signee = ecrire_document(complet.signature_vraie("000000001", "assure"))
    complet.service.vider(complet.ici, "TLA0000001")
    assert complet.refus_de(signee) == "TLA_PREPARATION_REPRISE"


def test_trouver_le_bon_terminal(complet: Essai):
    autre = TerminalVirtuel(numero_serie=HORS_SUJET)
    complet.canal.poser("Autre socle", autre.traiter)
    complet.canal.poser("Lecteur PSS", lambda _: b"pas un terminal")
    assert {t.numero_serie for t in complet.service.lister()} == {"TLA0000001", HORS_SUJET}
    assert code(complet.service.trouver) == "PLUSIEURS_TERMINAUX"
    assert complet.service.trouver(HORS_SUJET).logiciel.lecteur == "Autre socle"
    assert code(lambda: complet.service.trouver("TLA9")) == "TLA_ABSENT"
    ici = complet.service.trouver("TLA0000001")
    complet.canal.poser(SOCLE, autre.traiter)
    assert code(lambda: complet.service.decharger(ici)) == "TLA_CHANGE"
    for socle in (SOCLE, "Autre socle", "Lecteur PSS"):
        complet.canal.enlever(socle)
    assert code(complet.service.trouver) == "TLA_ABSENT"


def test_sans_aucun_terminal_sur_son_socle(poste: Poste):
    poste.environnement.socle.enlever()
    assert poste.terminaux.lister() == []


def test_ce_qui_change_est_annonce(complet: Essai):
    entendu: list[str] = []
    complet.poste.changements.abonner(entendu.append)
    complet.charger("assure")
    assert set(entendu) == {"terminaux", "factures"}


def test_sans_carte_lue_rien_n_est_compose(poste: Poste):
    essai = Essai(poste, TerminalVirtuel(GenreTerminal.REDUIT, "TLR0000001"))
    essai.virtuel.noter(zones_de("assure"), 0, [ActeNote("AMI")])
    essai.service.decharger(essai.ici)
    poste.lecteurs.fermer_session()
    poste.lecteurs.ps = None
    assert [r.code for r in essai.service.signer().refuses] == ["PS_ABSENT"]
    assert len(essai.service.a_signer()) == 1
