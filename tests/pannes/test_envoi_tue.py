"""kill -9 at fifty random instants of the loop (ten by default): nothing is lost, nothing is received twice."""

from __future__ import annotations

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
from sesam_desktop.base.modeles import Courrier, Document, Lot, LotDocument, Message
from sesam_desktop.frontal.serveurs import Frontal
from tests.pannes.mesure import compte

COUPS = compte(50)
RACINE = Path(__file__).resolve().parents[2]


@pytest.fixture
def frontal(tmp_path: Path) -> Iterator[Frontal]:
    frontal = Frontal(tmp_path / "frontal", autorite=tmp_path / "autorite")
    frontal.demarrer()
    yield frontal
    frontal.arreter()


def lancer(mode: str, profil: Path, frontal: Frontal) -> subprocess.Popen[bytes]:
    """The workstation, at work when this returns."""
    arguments = [profil, profil.parent / "autorite", frontal.smtp_port, frontal.pop_port, frontal.certificat_tls]
    commande = [sys.executable, "-m", "tests.pannes.poste_a_tuer", mode, *map(str, arguments)]
    processus = subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert processus.stdout and processus.stdout.readline() == b"au travail\n", processus.communicate()[1].decode()
    return processus


def tuer(processus: subprocess.Popen[bytes], delai: float) -> None:
    time.sleep(delai)
    os.kill(processus.pid, signal.SIGKILL)
    _, erreurs = processus.communicate(timeout=10)
    assert processus.returncode == -signal.SIGKILL, erreurs.decode()


@pytest.mark.lent
@pytest.mark.timeout(400)
def test_tue_a_des_instants_quelconques(profil: Path, frontal: Frontal) -> None:
    hasard = random.Random(20260302)
    for _ in range(COUPS):
        tuer(lancer("sans-fin", profil, frontal), hasard.uniform(0, 0.5))
    dernier = lancer("finir", profil, frontal)
    _, erreurs = dernier.communicate(timeout=40)
    assert dernier.returncode == 0, erreurs.decode()
    verifier_poste_et_caisse(profil, frontal)


def verifier_poste_et_caisse(profil: Path, frontal: Frontal) -> None:
    with Base(profil / "sesam.db"):
        assert verifier_chaine() is None
        signees = {d.numero for d in Document.select(Document.numero)}
        attendus = {d.numero: d.amo_centimes for d in Document.select(Document.numero, Document.amo_centimes)}
        assert len(signees) >= COUPS
        # At the fund: each invoice once, no lot twice, none refused, nothing it could not read.
        recus = frontal.recus()
        assert [lot.verdict for lot in recus if lot.verdict] == []
        assert frontal.quarantaine() == []
        assert Counter(f.numero for lot in recus for f in lot.factures) == Counter(signees)
        assert {f.numero: f.amo_centimes for lot in recus for f in lot.factures} == attendus
        assert len({lot.empreinte for lot in recus}) == len({lot.cle for lot in recus}) == len(recus)
        # At the workstation: as many lots as the fund has, each answered, each invoice in one lot only.
        assert len(recus) == Lot.select().count() == Message.select().count()
        assert {lot.etat for lot in Lot.select(Lot.etat)} == {"acquitte"}
        assert {m.etat for m in Message.select(Message.etat)} == {"acquittee"}
        assert Counter(lien.document_id for lien in LotDocument.select()) == Counter(signees)
        assert {c.etat for c in Courrier.select(Courrier.etat)} == {"lu"}
