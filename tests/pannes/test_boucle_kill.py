"""The whole loop killed -9 at fifty random instants (ten by default), played again each time on the same profile.

Both sides die together (the frontal lives in the demonstration's process), so each must keep its word: what got a 250
is not lost, what was received twice is recognised, what was answered is fetched once.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from sesam_desktop.base import evenements
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Filtre
from sesam_desktop.poste import demonstration
from tests.pannes.mesure import compte

MORTS = compte(50)
PAR_VIE = 2
FINAUX = {Etat.PAYEE, Etat.REJETEE, Etat.ANOMALIE, Etat.PAYEE_PARTIELLEMENT}


def _jouer(profil: Path, factures: int, delai: float | None) -> str:
    """One life of the program; killed after `delai` seconds unless it ends before. Its standard output."""
    commande = [
        sys.executable, "-m", "sesam_desktop", "--json", "--profil", str(profil), "demo", "--sans-fenetre", "--garder",
        "--factures", str(factures),
    ]
    processus = subprocess.Popen(commande, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        sortie, erreurs = processus.communicate(timeout=delai)
    except subprocess.TimeoutExpired:
        processus.send_signal(signal.SIGKILL)
        processus.communicate()
        return ""
    assert processus.returncode == 0, erreurs
    return sortie


@pytest.mark.lent
@pytest.mark.timeout(400)
def test_nothing_is_lost_nor_received_twice(profil: Path):
    hasard = random.Random(20261122)
    _jouer(profil, 1, None)
    for vie in range(1, MORTS + 1):
        _jouer(profil, 1 + vie * PAR_VIE, hasard.uniform(0.25, 1.9))
    attendues = 1 + MORTS * PAR_VIE
    bilan = json.loads(_jouer(profil, attendues, None))
    assert bilan["factures"] == attendues == bilan["payees"] + bilan["rejetees"] + bilan["anomalies"]
    assert bilan["lots"] == bilan["arl_positifs"] + bilan["arl_negatifs"]
    assert bilan["arl_negatifs"] == 0
    assert bilan["total_centimes"] == sum(
        bilan[cle] for cle in ("total_amo_centimes", "total_amc_centimes", "total_assure_centimes")
    )
    _comparer(profil)


def _comparer(profil: Path) -> None:
    """What the frontal took against what the workstation kept, invoice by invoice."""
    poste = demonstration.ouvrir(profil)
    try:
        assert evenements.verifier_chaine() is None
        envoyees = {r.numero: (r.total_centimes, r.amo_centimes) for r in poste.registre.lister(Filtre())}
        demandees = {d.numero: d.attendu_centimes for d in poste.demandes.lister()}
        assert {r.etat for r in (*poste.registre.lister(Filtre()), *poste.demandes.lister())} <= FINAUX
        acceptes = [lot for lot in poste.environnement.frontal.recus() if not lot.verdict]
    finally:
        poste.fermer()
    recues = [facture for lot in acceptes for facture in lot.factures]
    assert max(Counter(f.numero for f in recues).values()) == 1
    assert {f.numero: (f.total_centimes, f.amo_centimes) for f in recues if f.numero not in demandees} == envoyees
    assert {f.numero: f.amc_centimes for f in recues if f.numero in demandees} == demandees
    assert max(Counter(lot.empreinte for lot in acceptes).values()) == 1
    references = Counter((x.genre, x.regime, x.organisme, x.emetteur, x.numero, x.date) for x in acceptes)
    assert max(references.values()) == 1
