"""Labels learnt from the funds: counted, found again, explained."""

from __future__ import annotations

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.flux.noemie import Rejet
from sesam_desktop.teletransmission.libelles import LibellesAppris
from sesam_desktop.teletransmission.recyclage import dossier_de_correction

from .fabrique import securisee

MARDI, MERCREDI = "2026-03-10T08:00:00Z", "2026-03-11T08:00:00Z"


@pytest.fixture
def libelles(base: Base) -> LibellesAppris:
    """721 said three times one thing, 931 another with the same code."""
    appris = LibellesAppris()
    with base.transaction():
        appris.apprendre([Rejet("0009", "ALD INCONNUE"), Rejet("0450", "CONTRAT CLOS")], "01721", MARDI)
        appris.apprendre([Rejet("0009", "ALD INCONNUE")] * 2, "01721", MERCREDI)
        appris.apprendre([Rejet("0009", "ALD NON OUVERTE")], "01931", MERCREDI)
    return appris


def test_compte_et_dates(libelles: LibellesAppris) -> None:
    ald, contrat = libelles.lister()
    assert [(c.code, c.nombre, c.cause.famille) for c in (ald, contrat)] == [("0009", 4, "ald"), ("0450", 1, "amc")]
    premier = ald.libelles[0]
    assert (premier.libelle, premier.organisme, premier.nombre) == ("ALD INCONNUE", "01721", 3)
    assert (premier.premier_le, premier.dernier_le) == (MARDI, MERCREDI)


def test_le_libelle_est_celui_de_l_organisme_sinon_le_plus_frequent(libelles: LibellesAppris) -> None:
    assert libelles.libelle("0009", "01931") == "ALD NON OUVERTE"
    assert libelles.libelle("0009", "02000") == "ALD INCONNUE"
    assert libelles.libelle("7777") == ""


def test_un_motif_sans_code_ou_sans_mots_n_apprend_rien(base: Base) -> None:
    appris = LibellesAppris()
    with base.transaction():
        appris.apprendre([Rejet("", "MOTS"), Rejet("0009", "")], "01721", MARDI)
    assert appris.lister() == []


def test_ce_qui_n_est_pas_valide_n_est_pas_appris(base: Base) -> None:
    appris = LibellesAppris()
    with pytest.raises(ZeroDivisionError), base.transaction():
        appris.apprendre([Rejet("0009", "ALD INCONNUE")], "01721", MARDI)
        raise ZeroDivisionError
    assert appris.lister() == []


def test_un_rejet_sans_mots_reprend_ceux_deja_entendus(libelles: LibellesAppris, factures: Factures) -> None:
    factures.enregistrer(securisee("000000001"))
    factures.ajouter_evenement("000000001", Etat.EN_LOT, {})
    factures.ajouter_evenement("000000001", Etat.REJETEE, {"motifs": [{"code": "0009", "libelle": "", "ligne": 0}]})
    (motif,) = dossier_de_correction(factures, "000000001").motifs
    assert (motif.libelle, motif.cause.famille) == ("ALD INCONNUE", "ald")
