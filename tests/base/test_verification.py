from __future__ import annotations

import hashlib

import pytest

from sesam_desktop.base import evenements
from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import ContenuDocument, Document
from sesam_desktop.base.verification import Bilan, controler


def _document(numero: str = "000000001", contenu: bytes = b"{}", scellee: bytes = b"{}") -> None:
    colonnes = dict.fromkeys(("genre", "cree_le", "date_soins", "patient", "patient_cle", "destinataire", "etat"), "x")
    montants = dict.fromkeys(("total_centimes", "amo_centimes", "amc_centimes", "assure_centimes"), 0)
    empreinte = hashlib.sha256(contenu).hexdigest()
    Document.insert(numero=numero, empreinte=empreinte, niveau="S", **colonnes, **montants).execute()
    ContenuDocument.insert(document=numero, octets=contenu).execute()
    evenements.ajouter(numero, "composee", {"document": hashlib.sha256(scellee).hexdigest()})


def _forcer(base: Base, sql: str, garde: str) -> None:
    base.connexion().execute(f"DROP TRIGGER {garde}")
    base.connexion().execute(sql)


def test_base_intacte(base: Base) -> None:
    _document()
    assert controler(base.connexion()) == Bilan(1, 1, None)
    assert controler(base.connexion()).integre


@pytest.mark.parametrize(
    ("sql", "garde", "phrase"),
    [
        ("UPDATE contenu_document SET octets = x'00'", "contenu_document_fige",
         "Le contenu de la facture 000000001 a été modifié."),
        ("DELETE FROM contenu_document", "contenu_document_garde", "Le contenu de la facture 000000001 a été modifié."),
        ("UPDATE evenement SET nom = 'x'", "evenement_fige",
         "Le journal est rompu à l'événement 1 : son contenu a été modifié."),
        ("DELETE FROM evenement", "evenement_garde", "La facture 000000001 n'a pas d'histoire dans le journal."),
        ("INSERT INTO lot_document VALUES (1, '000000001', 1)", "evenement_garde",
         "Une ligne de la table « lot_document » désigne une ligne absente de « lot »."),
    ],
)
def test_ce_qui_est_rompu_est_nomme(base: Base, sql: str, garde: str, phrase: str) -> None:
    _document()
    base.connexion().execute("PRAGMA foreign_keys = 0")
    _forcer(base, sql, garde)
    bilan = controler(base.connexion())
    assert (bilan.integre, bilan.rupture) == (False, phrase)


def test_document_et_empreinte_remplaces_ensemble(base: Base) -> None:
    _document(contenu=b"autre", scellee=b"{}")
    assert controler(base.connexion()).rupture == (
        "La facture 000000001 n'est pas celle que le journal a enregistrée."
    )


def test_un_index_faux_se_voit(base: Base) -> None:
    _document()
    _forcer(base, "PRAGMA writable_schema = 1", "document_fige")
    base.connexion().execute("DELETE FROM sqlite_master WHERE name = 'evenement_nom'")
    base.connexion().execute("PRAGMA writable_schema = RESET")
    assert controler(base.connexion()).rupture == "Le fichier de la base est endommagé."
