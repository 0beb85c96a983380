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
