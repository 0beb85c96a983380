"""Two thousand invoices through a line that cuts, delays and truncates, the workstation killed a hundred times.

Two hundred invoices and eight deaths by default; all with ``SESAM_PANNES=complet``. Invoices are signed as the lives
go, so that each death finds something on its way: signing, lots, mails leaving, returns coming. In the end each invoice
was received once, by its content, each return is matched, and both sides count the same money.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import verifier_chaine
from sesam_desktop.base.modeles import Courrier, Document, Evenement, Lot, LotDocument, Message, Reglement, Retour
from sesam_desktop.frontal.serveurs import Frontal
from tests.pannes.mandataire import Mandataire
from tests.pannes.mesure import COMPLET
from tests.pannes.poste_en_panne import AMO, BASE

FACTURES, MORTS = (2_000, 100) if COMPLET else (200, 8)
RACINE = Path(__file__).resolve().parents[2]
# What an invoice lives, once each: the rest of its life is in the returns.
VIE = ["composee", "tarifee", "signee_vitale", "signee_ps", "en_lot", "transmise", "acquittee", "payee"]


@pytest.fixture
def frontal(tmp_path: Path) -> Iterator[Frontal]:
    frontal = Frontal(tmp_path / "frontal", scenario="tout_paye", autorite=tmp_path / "autorite")
    frontal.demarrer()
    yield frontal
    frontal.arreter()


class Vies:
    """The workstation, life after life, behind both relays."""

    def __init__(self, profil: Path, frontal: Frontal, smtp: Mandataire, pop: Mandataire) -> None:
        self._arguments = [str(profil), str(profil.parent / "autorite"), str(smtp.port), str(pop.port)]
        self._arguments.append(str(frontal.certificat_tls))

    def naitre(self, factures: int) -> subprocess.Popen[bytes]:
        """At work when this returns."""
        commande = [sys.executable, "-m", "tests.pannes.poste_en_panne", *self._arguments, str(factures)]
        processus = subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert processus.stdout and processus.stdout.readline() == b"au travail\n", processus.communicate()[1].decode()
        return processus

    def mourir(self, processus: subprocess.Popen[bytes], signee: bool, delai: float) -> bool:
        """True when the kill found it at work. `signee`: not before its mail begins."""
        if signee:
            assert processus.stdout and processus.stdout.readline() == b"en route\n"
        time.sleep(delai)
        os.kill(processus.pid, signal.SIGKILL)
        _, erreurs = processus.communicate(timeout=10)
        assert processus.returncode in (0, -signal.SIGKILL), erreurs.decode()
        return processus.returncode != 0

    def finir(self, factures: int) -> None:
        processus = self.naitre(factures)
        _, erreurs = processus.communicate(timeout=300)
        assert processus.returncode == 0, erreurs.decode()


@pytest.mark.lent
@pytest.mark.timeout(1200)
def test_rien_n_est_perdu_ni_recu_deux_fois(profil: Path, frontal: Frontal) -> None:
    hasard, morts = random.Random(20261122), 0
    with Mandataire(frontal.smtp_port, 1) as smtp, Mandataire(frontal.pop_port, 2) as pop:
        vies = Vies(profil, frontal, smtp, pop)
        while morts < MORTS:
            processus = vies.naitre(FACTURES * (morts + 1) // MORTS)
            morts += vies.mourir(processus, morts % 4 > 0, hasard.uniform(0, 1.5))
        vies.finir(FACTURES)
        print(f"\n{morts} morts ; SMTP {dict(smtp.sorts)} ; POP {dict(pop.sorts)} ; doublons : {frontal.doublons()}")
    with Base(profil / "sesam.db"):
        assert verifier_chaine() is None
        verifier_contenu(frontal)
        verifier_poste()
        verifier_argent(frontal)


def verifier_contenu(frontal: Frontal) -> None:
    """At the fund: every invoice once with what it asked, every lot as written here, nothing that could not be read."""
    recus = frontal.recus()
    assert [lot.verdict for lot in recus if lot.verdict] == []
    assert (frontal.quarantaine(), frontal.en_attente(), frontal.a_relever()) == ([], 0, 0)
    recues = [(f.numero, f.total_centimes, f.amo_centimes, f.amc_centimes) for lot in recus for f in lot.factures]
    signees = [(d.numero, BASE, AMO, int(d.numero) % (BASE - AMO)) for d in Document.select(Document.numero)]
    assert sorted(recues) == sorted(signees)
    assert len(signees) == FACTURES
    ecrits = Counter(hashlib.sha256(lot.contenu).hexdigest() for lot in Lot.select())
    assert Counter(lot.empreinte for lot in recus) == ecrits


def verifier_poste() -> None:
    """Here: every mail and every invoice at its end, every return read and matched, no step lived twice."""
    assert {m.etat for m in Message.select(Message.etat)} == {"acquittee"}
    assert {lot.etat for lot in Lot.select(Lot.etat)} == {"acquitte"}
    assert {c.etat for c in Courrier.select(Courrier.etat)} == {"lu"}
    assert Retour.select().where(Retour.lot.is_null()).count() == 0
    assert LotDocument.select().count() == FACTURES
    assert {d.etat for d in Document.select(Document.etat)} == {"payee"}
    vecus = Counter((e.document, e.nom) for e in Evenement.select(Evenement.document, Evenement.nom) if e.document)
    attendus = {(d.numero, nom) for d in Document.select(Document.numero) for nom in VIE}
    assert vecus.keys() <= attendus, "a step nobody expected"
    assert max(vecus.values()) == 1
    assert {e for e in attendus if e[1] in ("en_lot", "payee")} <= vecus.keys()


def verifier_argent(frontal: Frontal) -> None:
    """What the returns pay is what was asked, part by part, each once."""
    reglements = [(r.document, r.part, r.paye_centimes) for r in Reglement.select() if r.paye_centimes]
    numeros = [d.numero for d in Document.select(Document.numero)]
    attendus = [(n, "AMO", AMO) for n in numeros]
    attendus += [(n, "AMC", amc) for n in numeros if (amc := int(n) % (BASE - AMO))]
    assert sorted(reglements) == sorted(attendus)
    totaux = Counter()
    for lot in frontal.recus():
        for f in lot.factures:
            totaux += Counter(AMO=f.amo_centimes, AMC=f.amc_centimes)
    payes = Counter()
    for _, part, paye in reglements:
        payes[part] += paye
    assert payes == totaux
