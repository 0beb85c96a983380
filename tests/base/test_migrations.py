"""Old databases open for ever: `echantillons/` holds one of each schema that was ever released."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import peewee
import pytest

from sesam_desktop.base import evenements, migrations, verification
from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import ContenuDocument, DocumentTla, Reglement, Retour
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures, Filtre
from sesam_desktop.factures.facture import FactureSecurisee, Niveau
from sesam_desktop.lecteurs.tla.depot import DepotTla, EtatDocument
from sesam_desktop.lecteurs.tla.documents import FactureSignee, lire_document
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.terminaux_examen import tarifee
from sesam_desktop.teletransmission.comptes import Comptes
from sesam_desktop.teletransmission.depot_corbeille import Corbeille
from tests.factures.exemples import PATIENT, facture_securisee

ECHANTILLONS = Path(__file__).parent / "echantillons"
PATIENT_V1 = replace(PATIENT, cle="36")  # a sample is never written again: it keeps the wrong key of its day


def facture_v1(numero: str, niveau: Niveau = Niveau.SECURISEE) -> FactureSecurisee:
    securisee = facture_securisee(numero, niveau)
    demande = replace(securisee.facture.demande, beneficiaire=PATIENT_V1)
    return replace(securisee, facture=replace(securisee.facture, demande=demande))


@pytest.fixture
def ancienne(tmp_path: Path) -> Path:
    """A database of schema 1: three invoices, one of them paid, one patient, one draft."""
    return Path(shutil.copy(ECHANTILLONS / "sesam_v1.db", tmp_path / "sesam.db"))


def _schema(chemin: Path) -> set[tuple[str, str, str]]:
    """Columns, indexes and triggers, whatever the order in which they were created."""
    requete = (
        "SELECT m.name, c.name, c.type || c.\"notnull\" || c.pk FROM sqlite_master m, pragma_table_info(m.name) c"
        " WHERE m.type = 'table' UNION SELECT type, name, tbl_name FROM sqlite_master WHERE type <> 'table'"
    )
    with closing(sqlite3.connect(chemin)) as connexion:
        return set(connexion.execute(requete))


def _version(chemin: Path) -> int:
    with closing(sqlite3.connect(chemin)) as connexion:
        return connexion.execute("PRAGMA user_version").fetchone()[0]


@pytest.mark.parametrize("echantillon", ["sesam_v1.db", "sesam_v2.db", "sesam_v3.db", "sesam_v4.db"])
def test_une_base_migree_a_le_schema_d_une_base_neuve(echantillon: str, tmp_path: Path) -> None:
    migree = Path(shutil.copy(ECHANTILLONS / echantillon, tmp_path / "sesam.db"))
    Base(migree).fermer()
    Base(tmp_path / "neuve.db").fermer()
    assert _schema(migree) == _schema(tmp_path / "neuve.db")
    assert _version(migree) == _version(tmp_path / "neuve.db") == migrations.VERSION


def test_les_factures_de_la_version_2_s_ouvrent(tmp_path: Path) -> None:
    with Base(Path(shutil.copy(ECHANTILLONS / "sesam_v2.db", tmp_path / "sesam.db"))) as base:
        factures = Factures(base)
        assert factures.charger("000000001") == facture_securisee("000000001")
        assert factures.par_etat() == {Etat.PAYEE: 1, Etat.SIGNEE_PS: 1, Etat.TARIFEE: 1}
        assert factures.patients.chercher("elo 1801975") == [PATIENT]
        assert verification.controler(base.connexion()) == verification.Bilan(3, 13, None)


def test_ce_que_la_version_3_attend_des_terminaux_s_ouvre(tmp_path: Path) -> None:
    """Two invoices lent, one of them signed at home and unloaded; a document that nobody can read."""
    with Base(Path(shutil.copy(ECHANTILLONS / "sesam_v3.db", tmp_path / "sesam.db"))) as base:
        depot = DepotTla(base)
        assert [p.numero for p in depot.pretees("TLA0000001")] == ["000000005"]
        assert tarifee(depot.en_cours()[0]) == facture_securisee("000000004").facture
        a_signer, illisible = (depot.documents(etat)[0] for etat in (EtatDocument.A_SIGNER, EtatDocument.REFUSEE))
        assert (a_signer.verdict.numero, a_signer.acquitte) == ("000000004", False)
        assert (illisible.octets, illisible.verdict.code) == (b"\x01illisible", "TLA_ILLISIBLE")
        assert isinstance(lire_document(a_signer.octets), FactureSignee)
        with pytest.raises(peewee.IntegrityError, match="immuable"):
            DocumentTla.update(octets=b"autre").execute()
        assert verification.controler(base.connexion()) == verification.Bilan(3, 13, None)


@pytest.mark.parametrize("table", ["facture_preparee", "document_tla"])
def test_la_migration_garde_ce_qui_vient_des_terminaux(table: str, tmp_path: Path) -> None:
    with Base(Path(shutil.copy(ECHANTILLONS / "sesam_v2.db", tmp_path / "sesam.db"))) as base:
        requete = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
        gardes = base.connexion().execute(requete, (table,))
        assert {nom for (nom,) in gardes} == {f"{table}_fige", f"{table}_garde"}


def test_les_factures_de_la_version_1_s_ouvrent(ancienne: Path) -> None:
    with Base(ancienne) as base:
        factures = Factures(base)
        assert factures.charger("000000001") == facture_v1("000000001")
        assert factures.charger("000000003") == facture_v1("000000003", Niveau.NON_SECURISEE)
        assert factures.par_etat() == {Etat.PAYEE: 1, Etat.SIGNEE_PS: 1, Etat.TARIFEE: 1}
        assert factures.prochain_numero() == "000000004"
        assert len(factures.brouillons.lister()) == 1
        assert verification.controler(base.connexion()) == verification.Bilan(3, 13, None)


def test_la_migration_remplit_la_colonne_de_recherche(ancienne: Path) -> None:
    with Base(ancienne) as base:
        factures = Factures(base)
        assert [r.numero for r in factures.lister(Filtre(texte="elodie 000000002"))] == ["000000002"]
        assert factures.patients.chercher("elo 1801975") == [PATIENT_V1]


def test_la_migration_pose_les_gardes(ancienne: Path) -> None:
    with Base(ancienne), pytest.raises(peewee.IntegrityError, match="immuable"):
        ContenuDocument.update(octets=b"autre").execute()


def test_le_fichier_est_copie_avant_la_migration(ancienne: Path) -> None:
    Base(ancienne).fermer()
    copie = ancienne.with_name(f"sesam.db.avant-v{migrations.VERSION}")
    assert _version(copie) == 1
    assert _schema(copie) == _schema(ECHANTILLONS / "sesam_v1.db")


def test_une_migration_qui_echoue_ne_change_rien(ancienne: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def etape(connexion: sqlite3.Connection) -> None:
        connexion.execute("DROP TABLE brouillon")
        raise RuntimeError("panne")

    avant = _schema(ancienne)
    monkeypatch.setitem(migrations.ETAPES, 1, etape)
    with pytest.raises(RuntimeError, match="panne"):
        Base(ancienne)
    assert (_schema(ancienne), _version(ancienne)) == (avant, 1)
    monkeypatch.undo()
    with Base(ancienne):
        assert evenements.verifier_chaine() is None


def test_une_base_du_futur_est_refusee_sans_etre_touchee(tmp_path: Path) -> None:
    chemin = tmp_path / "sesam.db"
    with Base(chemin) as base:
        base.connexion().execute("PRAGMA user_version = 99")
    with pytest.raises(ErreurConnue, match="plus récente") as refus:
        Base(chemin)
    assert refus.value.code == "BASE_TROP_RECENTE"
    assert _version(chemin) == 99


def test_la_base_d_un_autre_programme_est_refusee(tmp_path: Path) -> None:
    chemin = tmp_path / "autre.db"
    with closing(sqlite3.connect(chemin)) as connexion:
        connexion.execute("CREATE TABLE t (a)")
    avant = chemin.read_bytes()
    with pytest.raises(ErreurConnue) as refus:
        Base(chemin)
    assert refus.value.code == "BASE_ETRANGERE"
    assert [(c.name, c.read_bytes()) for c in tmp_path.iterdir()] == [("autre.db", avant)]


def test_ce_que_la_version_4_sait_des_paiements_s_ouvre(tmp_path: Path) -> None:
    """A mail tried twice, its lot, a payment of 17,50 € less a retention of 1,00 €, found at the bank."""
    with Base(Path(shutil.copy(ECHANTILLONS / "sesam_v4.db", tmp_path / "sesam.db"))) as base:
        assert Factures(base).par_etat() == {Etat.PAYEE: 1, Etat.SIGNEE_PS: 1, Etat.TARIFEE: 1}
        assert Factures(base).charger("000000001") == facture_securisee("000000001")
        essais = [essai.resultat for essai in Corbeille(base).journal("1@poste.test")]
        [virement] = Comptes(base, Factures(base)).virements()
        assert (essais, virement.montant_centimes, virement.etat) == (["en_attente", "remise"], 1650, "recu")
        assert verification.controler(base.connexion()).integre


def test_les_paiements_deja_lus_deviennent_des_reglements(tmp_path: Path) -> None:
    """Before schema 4 a payment was only in the reading of its return: the accounts start with what it says."""
    chemin = Path(shutil.copy(ECHANTILLONS / "sesam_v3.db", tmp_path / "sesam.db"))
    lu = {"facture": "000000001", "etat_amo": "P", "paye_amo_centimes": 1750, "etat_amc": "R", "paye_amc_centimes": 0,
          "paiement": "2026-03-09"}  # fmt: skip
    with closing(sqlite3.connect(chemin)) as connexion, connexion:
        courrier = (
            "INSERT INTO courrier (id, empreinte, octets, recu_le, genre, etat, motif)"
            " VALUES (1, 'a', x'', '', '', 'lu', '')"
        )
        lot = (
            "INSERT INTO lot (id, genre, regime, organisme, centre_informatique, numero, date_constitution,"
            " identification, etat, nombre, total_centimes, amo_centimes, contenu)"
            " VALUES (1, 'FSE', '01', '721', '721', '001', '2026-03-02', 'ABC001', 'acquitte', 1, 0, 0, x'')"
        )
        connexion.execute(courrier)
        connexion.execute(lot)
        for rang, numero_lot in enumerate((1, None), 1):  # matched, then not
            valeurs = (rang, numero_lot, json.dumps(lu))
            connexion.execute("INSERT INTO retour VALUES (?, 1, 'NOEMIE', ?, '', ?)", valeurs)
    with Base(chemin):
        colonnes = (Reglement.retour, Reglement.document, Reglement.part, Reglement.etat, Reglement.paye_centimes)
        attendus = [(1, "000000001", "AMO", "P", 1750), (1, "000000001", "AMC", "R", 0)]
        assert list(Reglement.select(*colonnes).order_by(Reglement.id).tuples()) == attendus
        assert [r.document for r in Retour.select().order_by(Retour.id)] == ["000000001", ""]
