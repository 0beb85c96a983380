"""Refused lots: what they held goes again, in a new lot, when the cause is gone."""

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.poste import boucle, demonstration
from sesam_desktop.poste.poste import Poste


def test_invoices_of_a_refused_lot_are_sent_again_as_they_are(poste: Poste):
    poste.fermer()
    severe = demonstration.ouvrir(poste.profil, scenario="arl_negatif")
    boucle.jouer(severe, 2)
    assert severe.registre.par_etat() == {Etat.REFUSEE: 2}
    severe.fermer()
    clement = demonstration.ouvrir(poste.profil, scenario="tout_paye")
    clement.lecteurs.ouvrir_session(demonstration.CODE_PORTEUR)
    assert clement.transmission.preparer().factures == 0
    simulation = clement.transmission.preparer(a_blanc=True, refusees=True)
    assert simulation.factures == 2
    assert clement.registre.par_etat() == {Etat.REFUSEE: 2}
    clement.transmission.preparer(refusees=True)
    assert boucle.jouer(clement, 2).payees == 2
    noms = [e.nom for e in clement.registre.historique("000000001") if e.nom != "piece_jointe"]
    assert noms[-7:] == ["en_lot", "transmise", "refusee", "en_lot", "transmise", "acquittee", "payee"]
    clement.fermer()
