"""kill -9 while invoices are being kept: nothing half written, nothing confirmed lost, no number given twice."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from sesam_desktop.base import verification
from sesam_desktop.base.connexion import Base
from sesam_desktop.factures.depot import Factures, Filtre

MORTS = 20
RACINE = Path(__file__).resolve().parents[2]

# Says what it was given and what was confirmed to it, before and after each invoice.
PROGRAMME = """
import sys
from pathlib import Path
from sesam_desktop.base.connexion import Base
from sesam_desktop.factures.depot import Factures
from tests.factures.exemples import facture_securisee

factures = Factures(Base(Path(sys.argv[1])))
while True:
    numero = factures.prochain_numero()
    print("donne", numero, flush=True)
    factures.enregistrer(facture_securisee(numero), brouillon=factures.brouillons.enregistrer("{}"))
    print("gardee", numero, flush=True)
    factures.ajouter_evenement(numero, "en_lot")
    print("en_lot", numero, flush=True)
"""


def _travailler_puis_mourir(chemin: Path, delai: float) -> list[tuple[str, str]]:
    """What the child said before it was killed, `delai` seconds after its first word."""
    commande = [sys.executable, "-c", PROGRAMME, str(chemin)]
    with subprocess.Popen(commande, stdout=subprocess.PIPE, text=True, cwd=RACINE) as enfant:
        assert enfant.stdout
        dit = [enfant.stdout.readline()]
        time.sleep(delai)
        enfant.kill()
        dit += enfant.stdout.readlines()
    return [(mots[0], mots[1]) for ligne in dit if ligne.endswith("\n") and (mots := ligne.split())]


def test_vingt_morts_brutales(tmp_path: Path) -> None:
    chemin, hasard = tmp_path / "sesam.db", random.Random(20260302)
    donnes: list[str] = []
    gardees: set[str] = set()
    for _ in range(MORTS):
        dit = _travailler_puis_mourir(chemin, hasard.uniform(0.0, 0.12))
        donnes += [numero for quoi, numero in dit if quoi == "donne"]
        gardees |= {numero for quoi, numero in dit if quoi == "gardee"}
        _verifier(chemin, donnes, gardees, {numero for quoi, numero in dit if quoi == "en_lot"})
    assert len(gardees) > MORTS


def _verifier(chemin: Path, donnes: list[str], gardees: set[str], en_lot: set[str]) -> None:
    with Base(chemin) as base:
        factures = Factures(base)
        presentes = {resume.numero: resume.etat for resume in factures.lister()}
        compositions = base.connexion().execute("SELECT document FROM evenement WHERE nom = 'composee'").fetchall()
        assert verification.controler(base.connexion()).rupture is None
        assert factures.incoherence() is None
        assert sorted(presentes) == sorted(numero for (numero,) in compositions)
        assert gardees <= set(presentes)
        assert en_lot <= {resume.numero for resume in factures.lister(Filtre(etats=("en_lot",)))}
        assert len(donnes) == len(set(donnes))
        suivant = factures.prochain_numero()
        assert suivant > max([*donnes, *presentes])
        donnes.append(suivant)
        assert len(factures.brouillons.lister()) <= MORTS  # at most the one being signed at each death
