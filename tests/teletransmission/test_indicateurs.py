"""Indicators: every expected figure counted by hand on the few rows written here."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import (
    Courrier,
    Document,
    Lot,
    LotDocument,
    Message,
    Piece,
    PieceDocument,
    Reglement,
    Retour,
)
from sesam_desktop.factures.depot import Factures
from sesam_desktop.factures.facture import Niveau
from sesam_desktop.teletransmission.chiffres import Delai, Part
from sesam_desktop.teletransmission.depot_indicateurs import DocumentLu, LotLu, PieceLue, ReglementLu, Releve
from sesam_desktop.teletransmission.indicateurs import calculer, indicateurs

from .fabrique import PARIS, securisee

DEBUT, FIN = date(2026, 3, 1), date(2026, 4, 30)
SARTHE, LILLE, AMC = "01721721", "01591591", "0099999997"
ALD, CLOS = (("0009", "ALD INCONNUE"),), (("0450", "CONTRAT CLOS"), ("0009", "ALD INCONNUE"))

RELEVE = Releve(
    documents=(
        DocumentLu("1", "FSE", "S", "2026-03-02", SARTHE, "payee", 1750),
        DocumentLu("2", "FSE", "S", "2026-03-05", SARTHE, "rejetee", 1750),
        DocumentLu("3", "FSE", "S", "2026-03-31", LILLE, "payee_partiellement", 2000, 500),
        DocumentLu("4", "FSE", "D", "2026-04-01", LILLE, "transmise", 1000),
        DocumentLu("5", "FSE", "V", "2026-04-02", SARTHE, "recyclee", 1750),
        DocumentLu("6", "FSE", "S", "2026-04-02", SARTHE, "signee_ps", 1750),
        DocumentLu("7", "DRE", "S", "2026-04-02", AMC, "rejetee", 0, 504),
    ),
    envois={
        "1": "2026-03-03T22:00:00+00:00", "2": "2026-03-06T08:00:00+00:00", "3": "2026-04-02T08:00:00+00:00",
        "4": "2026-04-01T18:00:00+00:00", "5": "2026-04-12T08:00:00+00:00", "7": "2026-04-03T08:00:00+00:00",
    },
    reglements=(
        ReglementLu("1", "AMO", "P", 1750, 1000, "2026-03-10", ()),
        ReglementLu("1", "AMO", "P", 750, 750, "2026-03-08", ()),
        ReglementLu("2", "AMO", "R", 1750, 0, "", ALD),
        ReglementLu("2", "AMO", "R", 1750, 0, "", ALD),
        ReglementLu("3", "AMO", "P", 2000, 2000, "2026-04-22", ()),
        ReglementLu("3", "AMC", "R", 500, 0, "", CLOS),
        ReglementLu("5", "AMO", "R", 1750, 0, "", ALD),
        ReglementLu("7", "AMC", "R", 504, 0, "", ()),
    ),
    lots=(LotLu("FSE", "acquitte", ()), LotLu("FSE", "refuse", ("SIG", "LOT")), LotLu("FSE", "refuse", ("SIG",)),
          LotLu("DRE", "constitue", ())),
    pieces=(PieceLue("acquittee", 200), PieceLue("rejetee", 300), PieceLue("emise", 200), PieceLue("prete", 240)),
    pieces_attendues=6,
    pieces_jointes=4,
)  # fmt: skip
LUS = calculer(RELEVE, DEBUT, FIN)


def test_securisation() -> None:
    """Six invoices: four secured, one without Vitale, one degraded; the DRE is none of them."""
    assert LUS.par_niveau == {"S": Part(4, 6), "V": Part(1, 6), "D": Part(1, 6), "N": Part(0, 6)}
    assert (LUS.par_niveau["S"].taux, LUS.par_niveau["D"].taux) == (6667, 1667)


def test_part_de_rien() -> None:
    assert Part(0, 0).taux is None
    assert Part(1, 3).taux == 3333


def test_delai_des_soins_a_l_envoi() -> None:
    """Days by invoice: 1, 1, 2, 0, 10, and 1 for the DRE; sorted 0 1 1 1 2 10: third, then sixth (9/10 of 6 is 5.4)."""
    tous, *par_fonds = LUS.envoi
    assert tous == Delai("", 6, 1, 10)
    assert par_fonds == [Delai(SARTHE, 3, 1, 10), Delai(LILLE, 2, 0, 2), Delai(AMC, 1, 1, 1)]


def test_delai_de_l_envoi_au_paiement() -> None:
    """The first payment counts: 8 March after the 3rd, 22 April after the 2nd."""
    assert LUS.paiement == (Delai("", 2, 5, 20), Delai(LILLE, 1, 20, 20), Delai(SARTHE, 1, 5, 5))


def test_rejets_par_cause() -> None:
    """Five documents answered (1, 2, 3, 5, 7), four rejected; the same rejection said twice counts once."""
    assert LUS.rejets == Part(4, 5)
    assert LUS.rejete_centimes == 1750 + 500 + 1750 + 504
    assert [(c.cause.famille, c.code, c.nombre, c.montant_centimes) for c in LUS.causes] == [
        ("ald", "0009", 2, 3500), ("autre", "", 1, 504), ("amc", "0450", 1, 500),
    ]  # fmt: skip


def test_un_rejet_que_le_patient_avait_paye_ne_coute_rien_au_professionnel() -> None:
    """25,00 € paid by the patient, 17,50 € asked of the fund for him, rejected: one rejection, no money of ours."""
    document = DocumentLu("8", "FSE", "S", "2026-03-03", SARTHE, "rejetee", 0)
    rejet = ReglementLu("8", "AMO", "R", 1750, 0, "", ALD)
    lus = calculer(
        replace(RELEVE, documents=(*RELEVE.documents, document), reglements=(*RELEVE.reglements, rejet)), DEBUT, FIN
    )
    assert (lus.rejets, lus.rejete_centimes) == (Part(5, 6), LUS.rejete_centimes)
    premiere = lus.causes[0]
    assert (premiere.code, premiere.nombre, premiere.montant_centimes) == ("0009", 3, 3500)


def test_montants_par_mois() -> None:
    """March: 6,000 asked, 1,750 and 2,000 paid, 1,750 and 500 left. April: the invoice made again asks for nothing."""
    mars, avril = LUS.mois
    assert (mars.mois, mars.demande_centimes, mars.paye_centimes, mars.reste_centimes) == ("2026-03", 6000, 3750, 2250)
    assert (mars.rejets, dict(mars.par_niveau)) == (Part(2, 3), {"S": 3})
    assert (avril.demande_centimes, avril.paye_centimes, avril.reste_centimes) == (1000 + 1750 + 504, 0, 3254)
    assert (avril.rejets, dict(avril.par_niveau)) == (Part(2, 2), {"D": 1, "V": 1, "S": 1})
    assert (mars.du_niveau("S"), avril.du_niveau("D")) == (Part(3, 3), Part(1, 3))


def test_une_part_trop_payee_ne_cache_pas_l_autre() -> None:
    """20,00 € of AMO paid 25,00 €, 5,00 € of AMC not paid: 5,00 € are still to come."""
    releve = replace(RELEVE, reglements=(ReglementLu("3", "AMO", "P", 2000, 2500, "2026-04-22", ()),))
    mars = calculer(replace(releve, documents=RELEVE.documents[2:3]), DEBUT, FIN).mois[0]
    assert (mars.demande_centimes, mars.paye_centimes, mars.reste_centimes) == (2500, 2500, 500)


@pytest.mark.parametrize(
    ("etat", "paye", "repondu"), [("", 0, 0), ("D", 0, 0), ("P", 0, 1), ("R", 0, 1), ("", 1750, 1), ("R", -1750, 1)]
)
def test_ce_qui_est_differe_ou_non_traite_n_est_pas_une_reponse(etat: str, paye: int, repondu: int) -> None:
    lus = calculer(replace(RELEVE, reglements=(ReglementLu("1", "AMO", etat, 1750, paye, "", ()),)), DEBUT, FIN)
    assert lus.rejets == Part(int(etat == "R"), repondu)


def test_un_mois_sans_soins_reste_a_sa_place() -> None:
    """December, then March: January and February are there, with nothing, and no rate."""
    documents = (
        DocumentLu("1", "FSE", "S", "2025-12-31", SARTHE, "payee", 1750),
        DocumentLu("2", "FSE", "S", "2026-03-01", SARTHE, "transmise", 1750),
    )
    mois = calculer(replace(RELEVE, documents=documents), date(2025, 12, 1), FIN).mois
    assert [m.mois for m in mois] == ["2025-12", "2026-01", "2026-02", "2026-03"]
    assert (mois[1].demande_centimes, mois[1].reste_centimes, mois[1].rejets.taux) == (0, 0, None)


def test_les_jours_sont_ceux_du_poste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cared for on the 2nd of March, sent at 00:30 on the 3rd in Paris (23:30 the day before in UTC): one day."""
    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    try:
        lus = calculer(replace(RELEVE, envois={"1": "2026-03-02T23:30:00+00:00"}), DEBUT, FIN)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert lus.envoi[0] == Delai("", 1, 1, 1)
    assert lus.paiement[0] == Delai("", 1, 5, 5)  # paid on the 8th


def test_lots_et_pieces() -> None:
    assert LUS.lots_refuses == Part(2, 3)
    assert LUS.codes_arl == (("SIG", 2), ("LOT", 1))
    p = LUS.pieces
    assert (p.jointes, p.en_attente, p.emises, p.acceptees, p.refusees) == (Part(4, 6), 1, 1, 1, 1)
    assert (p.dpi_minimum, p.dpi_median) == (200, 200)


def test_periode_vide(base: Base) -> None:
    lus = indicateurs(base, DEBUT, FIN)
    assert (lus.envoi, lus.causes, lus.mois, lus.codes_arl) == ((), (), (), ())
    assert (lus.rejets, lus.par_niveau["S"], lus.pieces.jointes) == (Part(0, 0), Part(0, 0), Part(0, 0))


@pytest.fixture
def remplie(base: Base, factures: Factures) -> Base:
    """On the 2nd of March: one paid, one rejected with a piece, one degraded in no lot, one cancelled; one in May."""
    factures.enregistrer(securisee("000000001"))
    factures.enregistrer(securisee("000000002", destinataire=PARIS))
    factures.enregistrer(securisee("000000003", niveau=Niveau.DEGRADEE))
    for numero in ("000000004", "000000005"):
        factures.enregistrer(securisee(numero))
    Document.update(etat="annulee").where(Document.numero == "000000004").execute()
    Document.update(date_soins="2026-05-01").where(Document.numero == "000000005").execute()
    message = Message.create(message_id="m", boite="RSV", destinataire="a", etat="remise",
                             cree_le="2026-03-02T00:00:00+00:00", remis_le="2026-03-04T10:00:00+00:00")  # fmt: skip
    lot = Lot.create(genre="FSE", regime="01", organisme="721", centre_informatique="721", numero="001",
                     date_constitution="2026-03-03", identification="ABC123", etat="refuse", nombre=2,
                     total_centimes=5000, amo_centimes=3500, message=message)  # fmt: skip
    for rang, numero in enumerate(("000000001", "000000002")):
        LotDocument.create(lot=lot, document=numero, rang=rang)
    courrier = Courrier.create(empreinte="a", octets=b"", recu_le="2026-03-10", etat="lu")
    motif = {"motifs": [{"code": "SIG", "libelle": "SIGNATURE"}]}
    Retour.create(courrier=courrier, genre="ARL-", lot=lot, recu_le="", donnees=json.dumps(motif), empreinte="b")
    for numero, etat, paye, motifs in (("000000001", "P", 1750, ()), ("000000002", "R", 0, ALD)):
        donnees = json.dumps({"motifs": [{"code": c, "libelle": li} for c, li in motifs]})
        retour = Retour.create(courrier=courrier, genre="NOEMIE", lot=lot, recu_le="", donnees=donnees,
                               empreinte=numero, document=numero)  # fmt: skip
        Reglement.create(courrier=courrier, retour=retour, document=numero, part="AMO", etat=etat,
                         demande_centimes=1750, paye_centimes=paye, date="2026-03-14")  # fmt: skip
    piece = Piece.create(genre="FSP", contenu=b"", empreinte="c", pages=1, dpi=200, etat="acquittee", cree_le="")
    PieceDocument.create(piece=piece, document="000000003")
    return base


def test_lu_dans_la_base(remplie: Base) -> None:
    lus = indicateurs(remplie, DEBUT, FIN)
    assert (lus.par_niveau["S"], lus.par_niveau["D"]) == (Part(2, 3), Part(1, 3))
    assert lus.envoi[0] == Delai("", 2, 2, 2)
    assert lus.paiement == (Delai("", 1, 10, 10), Delai("01721721", 1, 10, 10))
    assert (lus.rejets, lus.rejete_centimes) == (Part(1, 2), 1750)
    assert [(c.code, c.cause.famille) for c in lus.causes] == [("0009", "ald")]
    (mars,) = lus.mois
    assert (mars.demande_centimes, mars.paye_centimes, mars.reste_centimes) == (5250, 1750, 3500)
    assert (lus.lots_refuses, lus.codes_arl) == (Part(1, 1), (("SIG", 1),))
    assert (lus.pieces.jointes, lus.pieces.acceptees, lus.pieces.dpi_minimum) == (Part(1, 1), 1, 200)


def test_un_message_abandonne_en_route_n_est_pas_un_envoi(remplie: Base) -> None:
    Message.update(etat="en_quarantaine").execute()
    lus = indicateurs(remplie, DEBUT, FIN)
    assert (lus.envoi, lus.paiement) == ((), ())


def test_hors_periode(remplie: Base) -> None:
    assert indicateurs(remplie, date(2026, 5, 1), date(2026, 5, 1)).par_niveau["S"] == Part(1, 1)


def test_rien_n_est_demande_pour_ce_que_le_patient_a_tout_paye(base: Base, factures: Factures) -> None:
    """Two invoices of 17,50 € of AMO: one is paid to the insured."""
    factures.enregistrer(securisee("000000001"))
    factures.enregistrer(securisee("000000002", tiers_payant=False))
    (mars,) = indicateurs(base, DEBUT, FIN).mois
    assert (mars.demande_centimes, mars.reste_centimes) == (1750, 1750)
