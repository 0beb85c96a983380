from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import peewee
import pytest

from sesam_desktop.base import evenements
from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Evenement

INSTANT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def _trois(base: Base) -> None:
    for rang in range(3):
        evenements.ajouter("000000001", "essai", {"rang": rang}, INSTANT)


def _forcer(base: Base, sql: str, *gardes: str) -> None:
    """Tamper as somebody who owns the file could."""
    for garde in gardes:
        base.connexion().execute(f"DROP TRIGGER {garde}")
    base.connexion().execute(sql)


def test_journal_vide(base: Base) -> None:
    assert evenements.verifier_chaine() is None


def test_l_empreinte_est_celle_de_la_definition(base: Base) -> None:
    """SHA-256 of the JSON array [precedente, id, document, nom, instant, donnees], written out by hand."""
    assert evenements.ajouter("000000007", "composee", {"b": 1, "a": "é"}, INSTANT) == 1
    attendu = (
        '["' + "0" * 64 + '", 1, "000000007", "composee", "2026-03-02T09:30:00.000000+00:00",'
        ' "{\\"a\\": \\"é\\", \\"b\\": 1}"]'
    )
    assert Evenement.get().empreinte == hashlib.sha256(attendu.encode()).hexdigest()


def test_les_evenements_se_suivent(base: Base) -> None:
    _trois(base)
    lignes = list(Evenement.select().order_by(Evenement.id))
    assert [ligne.id for ligne in lignes] == [1, 2, 3]
    assert [json.loads(ligne.donnees)["rang"] for ligne in lignes] == [0, 1, 2]
    assert lignes[1].precedente == lignes[0].empreinte
    assert evenements.verifier_chaine() is None


@pytest.mark.parametrize("colonne", ["document", "nom", "instant", "donnees"])
def test_une_modification_se_voit(base: Base, colonne: str) -> None:
    _trois(base)
    _forcer(base, f"UPDATE evenement SET {colonne} = 'x' WHERE id = 2", "evenement_fige")
    rupture = evenements.verifier_chaine()
    assert rupture == evenements.Rupture(2, "son contenu a été modifié")
    assert rupture.phrase() == "Le journal est rompu à l'événement 2 : son contenu a été modifié."


def test_un_evenement_refait_avec_son_empreinte_se_voit_au_suivant(base: Base) -> None:
    _trois(base)
    refait = ["0" * 64, 1, "000000001", "autre", "2026-03-02T09:30:00.000000+00:00", "{}"]
    empreinte = hashlib.sha256(json.dumps(refait).encode()).hexdigest()
    _forcer(
        base,
        f"UPDATE evenement SET nom = 'autre', donnees = '{{}}', empreinte = '{empreinte}' WHERE id = 1",
        "evenement_fige",
    )
    assert evenements.verifier_chaine() == evenements.Rupture(2, "il ne suit pas le précédent")


def test_une_suppression_se_voit(base: Base) -> None:
    _trois(base)
    _forcer(base, "DELETE FROM evenement WHERE id = 2", "evenement_garde")
    assert evenements.verifier_chaine() == evenements.Rupture(2, "un événement manque")


@pytest.mark.parametrize("sql", ["UPDATE evenement SET nom = 'x'", "DELETE FROM evenement"])
def test_sqlite_refuse_de_changer_le_journal(base: Base, sql: str) -> None:
    _trois(base)
    with pytest.raises(peewee.IntegrityError, match="immuable"):
        Evenement._meta.database.execute_sql(sql)
    assert evenements.verifier_chaine() is None


def test_les_instants_sont_en_temps_universel() -> None:
    paris = datetime(2026, 3, 2, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    assert evenements.ecrire_instant(paris) == "2026-03-02T09:30:00.000000+00:00"
