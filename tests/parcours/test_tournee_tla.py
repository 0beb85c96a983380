"""A nurse's tour with a portable terminal: prepared in the morning, signed at home, finished in the evening, paid.

Amounts, by hand, in centimes (AMI 3,15; IFA 2,75; IK 0,35 a kilometre beyond 4; base rate 60 %):

    DURAND, at home, 10 km        AMI 2 630 → 378; IFA 275 → 165; IK 6×35 = 210 → 126    total 1115, AMO  669
    PETIT, ALD, at home, 12 km    AMI 4 1260; IFA 275; IK 8×35 = 280, all covered        total 1815, AMO 1815
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from sesam_desktop.base.evenements import verifier_chaine
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Filtre
from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.poste import demonstration
from sesam_desktop.poste.poste import Poste
from tests.outils.terminal_tla import JOUR, ouvrir_session, visite

DELAI_S = 30.0


@pytest.fixture
def poste(modele: Path, tmp_path: Path) -> Iterator[Poste]:
    shutil.copytree(modele, tmp_path / "poste")
    poste = demonstration.ouvrir(tmp_path / "poste", scenario="tout_paye")
    yield poste
    poste.fermer()


def test_une_tournee(poste: Poste) -> None:
    _preparer(poste)
    _partir(poste)
    assert poste.environnement.socle.visiter() == 2
    _rentrer(poste)
    _signer_le_soir(poste)
    _transmettre(poste)
    _tout_est_paye(poste)


def _preparer(poste: Poste) -> None:
    """Both visits are composed and put aside, to be signed at home; no hour is noted, so Sundays count as any day."""
    ouvrir_session(poste)
    for nom, coefficient, km, ald in (("assure", "2", 10, False), ("ald", "4", 12, True)):
        acte = LigneSaisie("AMI", coefficient=Decimal(coefficient), date=JOUR, domicile=True, ald=ald, ik_km=km)
        poste.facturation.garder_brouillon(visite(poste, nom, lignes=(acte,)))
        poste.facturation.mettre_de_cote()


def _partir(poste: Poste) -> None:
    bilan = poste.terminaux.charger(poste.terminaux.trouver(), tournee=JOUR)
    assert (bilan.patients, len(bilan.factures), bilan.refuses) == (2, 2, ())
    assert poste.facturation.brouillons() == []
    emportees = {f.nom: (f.total_centimes, f.reste_centimes) for f in poste.environnement.socle.terminal.factures()}
    assert emportees == {"DURAND": (1115, 446), "PETIT": (1815, 0)}
    poste.environnement.socle.enlever()
    assert poste.terminaux.lister() == []


def _rentrer(poste: Poste) -> None:
    poste.environnement.socle.poser()
    bilan = poste.terminaux.decharger(poste.terminaux.trouver())
    assert (bilan.recus, bilan.refuses) == (2, ())
    assert {a.patient for a in bilan.a_signer} == {"DURAND PAUL", "PETIT HENRI"}
    assert poste.registre.lister(Filtre()) == []


def _signer_le_soir(poste: Poste) -> None:
    assert len(poste.terminaux.signer().signees) == 2
    poste.terminaux.vider(poste.terminaux.trouver(), "TLA0000001")
    assert poste.registre.par_etat() == {Etat.SIGNEE_PS: 2}


def _transmettre(poste: Poste) -> None:
    bilan = poste.transmission.preparer()
    assert (bilan.factures, bilan.refus) == (2, [])
    poste.transmission.envoyer()
    limite = time.monotonic() + DELAI_S
    while poste.registre.par_etat() != {Etat.PAYEE: 2} and time.monotonic() < limite:
        poste.transmission.relever()
        time.sleep(0.05)


def _tout_est_paye(poste: Poste) -> None:
    recus = poste.environnement.frontal.recus()
    assert {lot.verdict for lot in recus} == {""}
    assert sorted(f.numero for lot in recus for f in lot.factures) == ["000000001", "000000002"]
    assert {r.etat for r in poste.registre.lister(Filtre())} == {Etat.PAYEE}
    for resume in poste.registre.lister(Filtre()):
        noms = [e.nom for e in poste.registre.historique(resume.numero)]
        assert noms[:5] == ["composee", "tarifee", "signee_vitale", "signee_ps", "en_lot"]
        assert noms[-2:] == ["acquittee", "payee"]
    assert verifier_chaine() is None
