"""Virtual readers: what the manager does not show of them."""

from __future__ import annotations

import pytest

from sesam_desktop.lecteurs.canal import Etat
from sesam_desktop.lecteurs.emulation import PuceVirtuelle
from sesam_desktop.lecteurs.virtuel import CanalVirtuel
from sesam_desktop.noyau.erreurs import ErreurConnue

from .doubles import cps


def test_refus_de_connexion() -> None:
    canal = CanalVirtuel({"vide": None, "muette": PuceVirtuelle(b"", [None])})
    codes = {}
    for lecteur in ("vide", "muette", "ailleurs"):
        with pytest.raises(ErreurConnue) as refus:
            canal.connecter(lecteur)
        codes[lecteur] = refus.value.code
        assert refus.value.ou == lecteur
    assert codes == {"vide": "CARTE_ABSENTE", "muette": "CARTE_MUETTE", "ailleurs": "LECTEUR_ABSENT"}
    assert [f.etat for f in canal.fentes()] == [Etat.VIDE, Etat.MUETTE]


def test_fermer_une_session_deux_fois() -> None:
    canal = CanalVirtuel({"x": cps()})
    session = canal.connecter("x")
    session.fermer()
    session.fermer()
    with pytest.raises(ErreurConnue):
        session.transmettre(b"\x00\xb0\x00\x00\x00")


def test_la_carte_oublie_le_code_a_chaque_session() -> None:
    canal = CanalVirtuel({"x": cps()})
    with canal.connecter("x") as session:
        assert session.transmettre(bytes.fromhex("002000010431323334")) == (b"", 0x9000)
        assert session.transmettre(bytes.fromhex("00200001")) == (b"", 0x9000)
    with canal.connecter("x") as session:
        assert session.transmettre(bytes.fromhex("00200001")) == (b"", 0x63C3)


def test_un_lecteur_debranche_revient_vide_et_autre() -> None:
    canal = CanalVirtuel({"x": cps(), "y": None})
    avant = canal.fentes()[0].passage
    session = canal.connecter("x")
    canal.debrancher("x")
    canal.debrancher("x")
    assert [f.lecteur for f in canal.fentes()] == ["y"]
    with pytest.raises(ErreurConnue) as refus:
        session.transmettre(b"\x00\xb0\x00\x00\x00")
    assert refus.value.code == "CARTE_RETIREE"
    canal.brancher("x")
    canal.brancher("x")
    revenue = canal.fentes()[-1]
    assert (revenue.lecteur, revenue.etat) == ("x", Etat.VIDE)
    assert revenue.passage > avant


def test_le_service_arrete_refuse_tout_puis_revient() -> None:
    canal = CanalVirtuel({"x": cps()})
    panne = ErreurConnue("Le service est arrêté.", code="SERVICE_CARTES_ARRETE")
    session = canal.connecter("x")
    canal.arreter(panne)
    for appel in (canal.fentes, lambda: canal.connecter("x"), lambda: canal.surveiller(lambda _: None)):
        with pytest.raises(ErreurConnue) as refus:
            appel()
        assert refus.value is panne
    with pytest.raises(ErreurConnue) as refus:
        session.transmettre(b"\x00\xb0\x00\x00\x00")
    assert refus.value.code == "CARTE_RETIREE"
    canal.demarrer()
    assert canal.fentes()[0].etat is Etat.PRESENTE
