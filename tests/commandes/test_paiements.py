"""`paiements` and `tableau` as scripts use them, over two invoices sent and one of them paid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Courrier, Lot, LotDocument, Message, Reglement, Retour, Virement
from sesam_desktop.factures.depot import Factures
from tests.teletransmission.fabrique import securisee

from .ligne import Ligne

PAYE_LE = datetime.now(UTC).date() - timedelta(days=30)
SOINS = securisee("000000001").facture.demande.date_soins
PERIODE = ("--depuis", (SOINS - timedelta(days=1)).isoformat())


@pytest.fixture
def comptes(ligne: Ligne) -> tuple[int, int]:
    """AMO and AMC parts expected of each of two invoices sent ninety days ago; the first one's AMO part is paid."""
    envoi = (datetime.now(UTC) - timedelta(days=90)).isoformat(timespec="seconds")
    with Base(ligne.profil / "sesam.db") as base:
        factures = Factures(base)
        for numero in ("000000001", "000000002"):
            factures.enregistrer(securisee(numero))
            factures.ajouter_evenement(numero, "en_lot", {})
            factures.ajouter_evenement(numero, "transmise", {})
        with base.transaction():
            message = Message.create(message_id="1@x", boite="RSV", destinataire="c@x", etat="remise",
                                     cree_le=envoi, remis_le=envoi)
            lot = Lot.create(genre="FSE", regime="01", organisme="721", centre_informatique="001", numero="001",
                             date_constitution=envoi[:10], identification="ABC123", etat="transmis", nombre=2,
                             total_centimes=0, amo_centimes=0, message=message)
            for rang, numero in enumerate(("000000001", "000000002")):
                LotDocument.create(lot=lot, document=numero, rang=rang)
        totaux = factures.charger("000000001").facture.tarification.totaux
        return totaux.amo_centimes, totaux.amc_centimes


def _payer(ligne: Ligne, montant: int) -> None:
    """The fund's return, and the payment it announces."""
    with Base(ligne.profil / "sesam.db") as base, base.transaction():
        courrier = Courrier.create(empreinte="a" * 64, octets=b"", recu_le="2026-11-01T00:00:00+00:00", etat="lu")
        retour = Retour.create(courrier=courrier, genre="NOEMIE", recu_le="2026-11-01T00:00:00+00:00",
                               empreinte="b" * 64)
        virement = Virement.create(courrier=courrier, date=PAYE_LE.isoformat(), libelle="VIR 1", rang=1,
                                   organisme="00000001000721",
                                   montant_centimes=montant, etat="attendu")
        Reglement.create(courrier=courrier, retour=retour, virement=virement, document="000000001", part="AMO",
                         etat="P", demande_centimes=montant, paye_centimes=montant, date=PAYE_LE.isoformat())


def test_ce_qui_est_du_par_anciennete(ligne: Ligne, comptes: tuple[int, int]) -> None:
    amo, amc = comptes
    reponse = ligne.json("paiements", "dus", "--detail")
    [fonds] = reponse["organismes"]
    assert reponse["total_centimes"] == 2 * (amo + amc)
    assert reponse["tranches_jours"] == [30, 60, 90]
    assert (fonds["genre"], fonds["tranches_centimes"][2]) == ("AMO", 2 * (amo + amc))
    assert {(d["facture"], d["jours"]) for d in reponse["factures"]} == {("000000001", 90), ("000000002", 90)}
    assert "dus  [" in ligne("paiements", "dus")[1]
    _payer(ligne, amo)
    assert ligne.json("paiements", "dus")["total_centimes"] == amo + 2 * amc


def test_ce_qu_un_serveur_a_rendu_est_a_renvoyer(ligne: Ligne, comptes: tuple[int, int]) -> None:
    with Base(ligne.profil / "sesam.db"):
        Lot.update(etat="constitue").execute()
    rendues = ligne.json("paiements", "dus")
    assert (rendues["total_centimes"], rendues["a_renvoyer"]) == (0, ["000000001", "000000002"])
    assert ligne("paiements", "dus")[1].startswith("À renvoyer, rendues par un serveur de messagerie")
    assert ligne.json("paiements", "relancer") == []


def test_rien_n_est_du_a_un_poste_neuf(ligne: Ligne) -> None:
    assert ligne("paiements", "dus")[1] == "Rien n'est dû.\n"
    assert ligne("paiements", "relancer")[1] == "Rien n'est en retard.\n"
    assert ligne("paiements", "virements")[1] == "Aucun virement ni aucune ligne de relevé.\n"


def test_un_releve_se_rapproche_du_virement_annonce(ligne: Ligne, comptes: tuple[int, int], tmp_path: Path) -> None:
    amo, _ = comptes
    _payer(ligne, amo)
    montant = f"{amo // 100},{amo % 100:02d}"
    releve = tmp_path / "releve.csv"
    releve.write_text(f"Date;Libellé;Montant\n{PAYE_LE:%d/%m/%Y};VIR CPAM LE MANS;{montant}\n", encoding="utf-8")
    bilan = ligne.json("paiements", "releve", releve)
    assert (bilan["nouvelles"], bilan["rapprochees"]) == (1, 1)
    lus = ligne.json("paiements", "virements")
    assert [(v["etat"], v["montant_centimes"], v["recu_centimes"]) for v in lus["virements"]] == [("recu", amo, amo)]
    assert [(li["etat"], li["montant_centimes"]) for li in lus["lignes"]] == [("rapprochee", amo)]
    assert "virement 1" in ligne("paiements", "virements")[1]
    assert "illisible" in ligne.refus("paiements", "releve", Path(__file__)).lower()


def test_une_ligne_se_lie_se_delie_et_se_classe(ligne: Ligne, comptes: tuple[int, int], tmp_path: Path) -> None:
    _payer(ligne, 1000)
    releve = tmp_path / "releve.csv"
    releve.write_text(f"Date;Libellé;Montant\n{PAYE_LE:%d/%m/%Y};VIR CPAM LE MANS;9,50\n", encoding="utf-8")
    assert ligne.json("paiements", "releve", releve)["rapprochees"] == 0
    [virement], [vue] = (ligne.json("paiements", "virements")[cle] for cle in ("virements", "lignes"))
    ligne.json("paiements", "lier", "--ligne", vue["id"], "--virement", virement["id"])
    [vue] = ligne.json("paiements", "virements")["lignes"]
    assert (vue["etat"], vue["ecart_centimes"]) == ("rapprochee", -50)
    ligne.json("paiements", "delier", vue["id"])
    assert ligne.json("paiements", "classer", vue["id"]) == {"ligne": vue["id"], "etat": "classee"}
    assert [li["etat"] for li in ligne.json("paiements", "virements")["lignes"]] == ["classee"]
    assert ligne("paiements", "mouvements")[1] == "Aucun mouvement.\n"
    assert ligne.refus("paiements", "delier", 999)


def test_un_dossier_qui_manque_se_fait(ligne: Ligne, comptes: tuple[int, int], tmp_path: Path) -> None:
    dossier = tmp_path / "comptes" / "2026"
    [fichier] = ligne.json("paiements", "exporter", "--dossier", dossier)["fichiers"]
    assert Path(fichier).parent == dossier
    (tmp_path / "fichier").write_text("")
    assert ligne.refus("paiements", "exporter", "--dossier", tmp_path / "fichier" / "sous")


def test_une_relance_s_ecrit_une_fois(ligne: Ligne, comptes: tuple[int, int], tmp_path: Path) -> None:
    [retard] = ligne.json("paiements", "relancer")
    assert "[DOSSIER_ABSENT]" in ligne.refus("paiements", "relancer", retard["code"])
    fait = ligne.json("paiements", "relancer", retard["code"], "--dossier", tmp_path)
    assert Path(fait["fichier"]).read_bytes().startswith(b"PK")
    assert ligne.json("paiements", "relancer") == []
    assert "[RELANCE_VIDE]" in ligne.refus("paiements", "relancer", retard["code"], "--dossier", tmp_path)


def test_les_comptes_s_exportent(ligne: Ligne, comptes: tuple[int, int], tmp_path: Path) -> None:
    fait = ligne.json("paiements", "exporter", *PERIODE, "--dossier", tmp_path, "--csv")
    assert len(fait["fichiers"]) == 5
    assert "000000001" in Path(fait["fichiers"][0]).read_text("utf-8-sig")
    assert ligne.json("paiements", "exporter", "--dossier", tmp_path)["fichiers"][0].endswith(".xlsx")


def test_le_tableau_donne_les_chiffres(ligne: Ligne, comptes: tuple[int, int], tmp_path: Path) -> None:
    amo, _ = comptes
    _payer(ligne, amo)
    lus = ligne.json("tableau", *PERIODE, "--classeur", tmp_path / "chiffres.xlsx")
    assert lus["par_niveau"]["S"] == {"nombre": 2, "total": 2, "taux": 10000}
    assert lus["rejets"]["nombre"] == 0
    assert lus["paiement"][0]["mediane"] == 60
    assert (tmp_path / "chiffres.xlsx").read_bytes().startswith(b"PK")
    texte = ligne("tableau", *PERIODE)[1]
    assert "Sécurisation des factures" in texte
    assert "100,00" in texte


@pytest.mark.parametrize("bornes, code", [
    (("--depuis", "2026-02-30"), "DATE"), (("--depuis", "2026-03-01", "--jusqu-a", "2026-02-01"), "PERIODE_INVALIDE"),
])
def test_une_periode_impossible_se_dit(ligne: Ligne, bornes: tuple[str, ...], code: str) -> None:
    assert code in ligne.refus("tableau", *bornes)
