"""Portable terminals, from the office: what leaves, what comes back, what is signed, and what never is."""

from __future__ import annotations

import pytest

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.facture import Niveau
from sesam_desktop.lecteurs.emulation_tla import TerminalVirtuel
from sesam_desktop.poste.poste import Poste
from tests.outils.terminal_tla import JOUR, brancher, ouvrir_session, visite, vitale


@pytest.fixture
def terminal(poste: Poste) -> TerminalVirtuel:
    """A complet terminal on the cradle; the nurse's session is open."""
    terminal = TerminalVirtuel()
    brancher(poste, terminal)
    ouvrir_session(poste)
    return terminal


def test_la_vitale_signe_au_domicile_et_la_cps_au_cabinet(poste: Poste, terminal: TerminalVirtuel):
    service = poste.terminaux
    ici = service.trouver()
    bilan = service.charger(ici, factures=[visite(poste, "assure"), visite(poste, "ald")])
    assert bilan.factures == ("000000001", "000000002")
    terminal.signer("000000001", vitale(poste.environnement, "assure"))
    decharge = service.decharger(ici)
    assert (decharge.recus, decharge.deja_connus, decharge.refuses) == (1, 0, ())
    assert [(a.numero, a.patient, a.date_soins) for a in decharge.a_signer] == [("000000001", "DURAND PAUL", JOUR)]
    assert service.signer().signees == ("000000001",)
    fs = poste.registre.charger("000000001")
    assert (fs.facture.niveau, [s.porteur for s in fs.signatures]) == (Niveau.SECURISEE, ["vitale", "ps"])
    noms = [e.nom for e in poste.registre.historique("000000001")]
    assert noms == ["composee", "tarifee", "signee_vitale", "signee_ps"]
    assert poste.registre.par_etat() == {Etat.SIGNEE_PS: 1}
    assert service.a_signer() == []
