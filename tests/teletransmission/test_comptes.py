"""What is due, how old it is, what is late, what payments group. Amounts by hand: a G at 25,00 €, 17,50 € of AMO."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sesam_desktop.base.modeles import Courrier, Document, Lot, Message, Mouvement, Reglement, Virement
from sesam_desktop.flux import noemie
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission.comptes import Balance, Comptes, Debiteur, Relance
from sesam_desktop.teletransmission.depot_corbeille import Corbeille, Essai
from sesam_desktop.teletransmission.depot_delais import attentes, attentes_par_lot
from sesam_desktop.teletransmission.depot_retours import Courriers

from .atelier import Atelier
from .fabrique import PARIS, SARTHE
from .retours_composes import dernier_lot, paiement
from .test_rapprochement import importer, lot_de, vie

CAISSE = Debiteur("AMO", "01721721")
ENVOI = date(2026, 3, 2)


@pytest.fixture
def comptes(atelier: Atelier) -> Comptes:
    return Comptes(atelier.base, atelier.factures)


def envoyer(atelier: Atelier, combien: int = 1, jour: date = ENVOI, destinataire: Any = SARTHE) -> list[str]:
    """A lot that left on `jour`; its invoices."""
    numeros = lot_de(atelier, combien, destinataire)
    atelier.factures.faire_avancer(numeros, "transmise")
    message = Message.id == dernier_lot().message
    Message.update(remis_le=f"{jour}T12:00:00.000000+00:00", etat="remise").where(message).execute()
    Lot.update(etat="transmis").where(Lot.id == dernier_lot().id).execute()
    return numeros


def payer(atelier: Atelier, *factures: dict[str, Any], jour: date = date(2026, 3, 9)) -> None:
    importer(atelier, paiement(dernier_lot(), factures, jour))


@pytest.mark.parametrize(("jours", "tranche"), [(0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3), (400, 3)])
def test_anciennete(atelier: Atelier, comptes: Comptes, jours: int, tranche: int) -> None:
    envoyer(atelier)
    attendues = [0, 0, 0, 0]
    attendues[tranche] = 1750
    jour = ENVOI + timedelta(jours)
    assert comptes.balances(jour) == [Balance(CAISSE, 1, 1750, tuple(attendues))]
    (du,) = comptes.dus(jour)
    assert (du.jours, du.attendu_centimes, du.regle_centimes, du.du_centimes) == (jours, 1750, 0, 1750)


def test_ce_qui_n_est_pas_parti_n_est_pas_du(atelier: Atelier, comptes: Comptes) -> None:
    lot_de(atelier)
    assert comptes.dus(ENVOI) == []


def test_ce_qu_un_serveur_rend_apres_l_avoir_pris_n_est_du_de_personne(atelier: Atelier, comptes: Comptes) -> None:
    """Due, then given back: to send again and its deadline runs; sent again, it is due."""
    (numero,) = envoyer(atelier)
    (autre,) = envoyer(atelier)
    assert attentes() == []
    tard, ligne = ENVOI + timedelta(400), Message.get()
    Corbeille(atelier.base).noter_avis(ligne.message_id, Essai(f"{tard}", 0, "en_quarantaine", "550 5.1.1 inconnu"))
    assert Document.get_by_id(numero).etat == "transmise"
    assert [d.facture for d in comptes.dus(tard)] == [autre]
    assert [d.facture for r in comptes.relances(tard) for d in r.dus] == [autre]
    assert comptes.rendus() == [a.facture for a in attentes()] == [numero]
    assert [[a.facture for a in lues] for lues in attentes_par_lot().values()] == [[numero]]
    Corbeille(atelier.base).relancer(ligne.message_id)
    assert (comptes.rendus(), [d.facture for d in comptes.dus(tard)]) == ([numero], [autre])
    Lot.update(etat="transmis").execute()
    assert (comptes.rendus(), attentes()) == ([], [])
    assert [d.facture for d in comptes.dus(tard)] == [numero, autre]


@pytest.mark.parametrize("etat", ["papier", "payee_partiellement", "anomalie"])
def test_ce_que_la_caisse_a_recu_autrement_reste_du(atelier: Atelier, comptes: Comptes, etat: str) -> None:
    """Its mail came back, but it went on paper, or the fund answered all the same."""
    (numero,) = envoyer(atelier)
    Lot.update(etat="constitue").execute()
    Document.update(etat=etat).execute()
    assert [d.facture for d in comptes.dus(ENVOI)] == [numero]
    assert (comptes.rendus(), attentes()) == ([], [])


@pytest.mark.parametrize(
    ("paye", "etat"),
    [
        (None, "transmise"),
        (0, "payee"),
        (1750, "anomalie"),  # the patient gave 25,00 € already: somebody must give the 17,50 € back
    ],
)
def test_ce_que_le_patient_a_tout_paye_n_est_du_de_personne(
    atelier: Atelier, comptes: Comptes, paye: int | None, etat: str
) -> None:
    """25,00 € without tiers payant: the fund pays its 17,50 € to the insured, whatever it says here."""
    numero = atelier.signer(tiers_payant=False).facture.numero
    atelier.preparation.preparer()
    atelier.factures.faire_avancer([numero], "transmise")
    if paye is not None:
        payer(atelier, {"numero": numero, "paye": paye})
    assert comptes.dus(ENVOI + timedelta(400)) == []
    assert comptes.relances(ENVOI + timedelta(400)) == []
    assert Document.get_by_id(numero).etat == etat
    (vue,) = comptes._depot.factures(ENVOI, ENVOI)
    assert (vue.total_centimes, vue.amo_centimes, vue.amc_centimes, vue.assure_centimes) == (2500, 0, 0, 2500)


def test_par_caisse_la_plus_forte_d_abord(atelier: Atelier, comptes: Comptes) -> None:
    envoyer(atelier, 2)
    envoyer(atelier, 3, destinataire=PARIS)
    balances = comptes.balances(ENVOI)
    assert [(b.debiteur.code, b.nombre, b.total_centimes) for b in balances] == [
        ("01751755", 3, 5250), ("01721721", 2, 3500),
    ]


@pytest.mark.parametrize(
    ("reponses", "du"),
    [
        ([{}], 0),
        ([{"paye": 1000}], 750),
        ([{"paye": 2000}], 0),
        ([{"etat": "R", "paye": 0}], 0),
        ([{"etat": "D", "paye": 0}], 1750),
        ([{}, {"paye": -1750}], 1750),
        ([{}, {"paye": -1750}, {"paye": 1750, "motif": ("0009", "REGULARISATION")}], 0),
    ],
)
def test_ce_qui_reste_du_apres_les_retours(
    atelier: Atelier, comptes: Comptes, reponses: list[dict[str, Any]], du: int
) -> None:
    (numero,) = envoyer(atelier)
    for rang, reponse in enumerate(reponses):
        payer(atelier, {"numero": numero, **reponse}, jour=date(2026, 3, 9 + rang))
    assert sum(d.du_centimes for d in comptes.dus(ENVOI)) == du


def test_part_amc_en_gestion_unique_due_par_la_caisse(atelier: Atelier, comptes: Comptes) -> None:
    """AMO 17,50 € rejected, AMC 7,50 € not spoken of: only the latter is still due, by the fund that pays both."""
    (numero,) = envoyer(atelier)
    Document.update(amc_centimes=750).execute()
    payer(atelier, {"numero": numero})
    assert [(d.debiteur, d.part, d.du_centimes) for d in comptes.dus(ENVOI)] == [(CAISSE, "AMC", 750)]


def test_demande_due_par_sa_complementaire(atelier: Atelier, comptes: Comptes) -> None:
    envoyer(atelier)
    Document.update(genre="DRE", amo_centimes=0, amc_centimes=750, destinataire="0099999997").execute()
    assert [b.debiteur for b in comptes.balances(ENVOI)] == [Debiteur("AMC", "0099999997")]


def test_relances(atelier: Atelier, comptes: Comptes) -> None:
    """Late from the 31st day; asked again, it waits thirty days more."""
    (numero,) = envoyer(atelier)
    assert comptes.relances(ENVOI + timedelta(30)) == []
    (relance,) = comptes.relances(ENVOI + timedelta(31))
    assert (relance.debiteur, relance.total_centimes, [d.facture for d in relance.dus]) == (CAISSE, 1750, [numero])
    comptes.marquer_relancees(relance)
    assert vie(atelier, numero) == ["en_lot", "transmise", "relance"]
    donnees = atelier.factures.historique(numero)[-1].donnees
    assert donnees == {"debiteur": "01721721", "part": "AMO", "du_centimes": 1750}
    aujourd_hui = datetime.now(UTC).astimezone().date()
    assert comptes.relances(aujourd_hui + timedelta(29)) == []
    assert len(comptes.relances(aujourd_hui + timedelta(30))) == 1
    assert comptes.dus(ENVOI)[0].relancee_le == aujourd_hui


def test_une_relance_se_relit_avant_de_partir(atelier: Atelier, comptes: Comptes) -> None:
    """Two invoices were late when it was listed; one is paid meanwhile, then the other is asked again: nothing left."""
    payee, due = envoyer(atelier, 2)
    (relance,) = comptes.relances(ENVOI + timedelta(31))
    payer(atelier, {"numero": payee})
    relue = comptes.actualiser(relance)
    assert [du.facture for du in relue.dus] == [due]
    comptes.marquer_relancees(relue)
    for vide in (relance, Relance(CAISSE, ()), Relance(Debiteur("AMO", "01999999"), relance.dus)):
        with pytest.raises(ErreurConnue) as refus:
            comptes.actualiser(vide)
        assert refus.value.code == "RELANCE_VIDE"


def test_un_virement_regroupe_factures_retenue_et_forfait(atelier: Atelier, comptes: Comptes) -> None:
    """Two invoices paid 17,50 €, one rejected, 6,00 € of undue money held back, 140,00 € of lump payment: 169,00 €."""
    premiere, deuxieme, rejetee = envoyer(atelier, 3)
    lot = dernier_lot()
    date_lot = date.fromisoformat(lot.date_constitution).strftime("%y%m%d")
    corps = [noemie.entite("071", date_comptable="260309", libelle_virement_1="CPAM 72", organisme_payeur="721")]
    for numero, etat, paye in ((premiere, "P", 1750), (deuxieme, "P", 1750), (rejetee, "R", 0)):
        corps += [
            noemie.entite("102", numero_facture=numero, numero_lot=lot.numero, date_lot=date_lot, type_facture="F"),
            noemie.entite("198", montant_demande=1750, etat=etat, montant_paye=paye, signe="P"),
        ]
    corps += [
        noemie.entite("081", code="05"),
        noemie.entite("250", numero_ligne="01", reference_dette="DETTE1", date_dette="260115", nature_dette="IND",
                      nature_recuperation="RPR", montant=600, signe="N", solde_dette=400),
        noemie.entite("081", code="03"),
        noemie.entite("261", code="00123", montant=14000),
    ]  # fmt: skip
    entete = noemie.Entete("0576", "00000001000721", "0" * 14, "RETOUR", date(2026, 3, 9))
    bilan = importer(atelier, noemie.composer(entete, corps))
    assert (bilan.virements, bilan.mouvements, bilan.payees, bilan.rejetees) == (1, 2, 2, 1)
    (vu,) = comptes.virements()
    assert (vu.montant_centimes, vu.reglements_centimes, vu.mouvements_centimes) == (16900, 3500, 13400)
    assert (vu.date, vu.organisme, vu.libelle, vu.factures) == (date(2026, 3, 9), "721", "CPAM 72", 2)
    jours = [(date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 4, 30))]
    assert [[m.montant_centimes for m in comptes.mouvements(*mois)] for mois in jours] == [[-600, 14000], []]
    assert [[ligne[5] for ligne in comptes.feuilles(*mois)[3].lignes] for mois in jours] == [[-600, 14000], []]
    assert comptes.ecarts() == 0
    detail = comptes.virement(vu.id)
    assert [(r.facture, r.paye_centimes) for r in detail.reglements] == [(premiere, 1750), (deuxieme, 1750)]
    assert [(m.genre, m.reference, m.nature, m.montant_centimes, m.solde_centimes) for m in detail.mouvements] == [
        ("indu", "DETTE1", "IND RPR", -600, 400), ("forfait", "00123", "", 14000, 0),
    ]
    assert importer(atelier, noemie.composer(entete, corps)).doublons == 1
    assert (Virement.select().count(), Reglement.select().count(), Mouvement.select().count()) == (1, 3, 2)


def test_virement_negatif_sans_versement(atelier: Atelier, comptes: Comptes) -> None:
    (numero,) = envoyer(atelier)
    payer(atelier, {"numero": numero})
    payer(atelier, {"numero": numero, "paye": -1750}, jour=date(2026, 3, 12))
    reprise, versement = comptes.virements()
    assert (reprise.montant_centimes, reprise.etat) == (-1750, "sans_versement")
    assert (versement.montant_centimes, versement.etat) == (1750, "attendu")
    assert comptes.virements(date(2026, 3, 10), date(2026, 3, 12)) == [reprise]


def test_virement_inconnu(comptes: Comptes) -> None:
    with pytest.raises(ErreurConnue) as refus:
        comptes.virement(9)
    assert refus.value.code == "VIREMENT_INCONNU"


def test_sans_message_l_envoi_est_la_date_du_lot(atelier: Atelier, comptes: Comptes) -> None:
    envoyer(atelier)
    Lot.update(message=None).execute()
    (du,) = comptes.dus(ENVOI)
    assert du.envoyee_le == date.fromisoformat(dernier_lot().date_constitution)


@pytest.fixture
def a_paris(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as contexte:
        contexte.setenv("TZ", "Europe/Paris")
        time.tzset()
        yield
    time.tzset()


def test_un_paiement_sans_date_est_du_jour_du_poste(atelier: Atelier, comptes: Comptes, a_paris: None) -> None:
    """Received at half past midnight on 1 January in Paris: an accountant counts it in the new year."""
    (numero,) = envoyer(atelier)
    lot = dernier_lot()
    date_lot = date.fromisoformat(lot.date_constitution).strftime("%y%m%d")
    corps = [
        noemie.entite("102", numero_facture=numero, numero_lot=lot.numero, date_lot=date_lot, type_facture="F"),
        noemie.entite("198", montant_demande=1750, etat="P", montant_paye=1750, signe="P"),
    ]
    importer(atelier, noemie.composer(noemie.Entete("0576", "00000001000721", "0" * 14, "RETOUR", ENVOI), corps))
    Courrier.update(recu_le="2025-12-31T23:30:00.000000+00:00").execute()
    (vu,) = comptes.virements()
    assert vu.date == date(2026, 1, 1)
    reglements = comptes.feuilles(date(2026, 1, 1), date(2026, 1, 1))[1]
    assert [ligne[0] for ligne in reglements.lignes] == [date(2026, 1, 1)]


def test_classer_un_courrier_ne_retire_pas_ce_qu_il_a_paye(atelier: Atelier, comptes: Comptes) -> None:
    """One of its two invoices is unknown; dismissing it leaves the payment of the other in the accounts."""
    (numero,) = envoyer(atelier)
    payer(atelier, {"numero": numero}, {"numero": "000000777"})
    Courriers(atelier.base).classer(1, "")
    assert [v.montant_centimes for v in comptes.virements()] == [3500]
    payer(atelier, {"numero": "000000888"})
    Courriers(atelier.base).classer(2, "")
    assert [v.courrier for v in comptes.virements()] == [1]
