"""How many invoices an hour the frontal judges on one core: mails opened, zones decrypted, signatures verified.

The lots are those of a pharmacy: a hundred invoices of level S, three lines each (two boxes and a fee) and two
signatures. Shown against the 400,000 an hour that are asked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sesam_desktop.factures import enregistrements
from sesam_desktop.frontal import scenario
from sesam_desktop.frontal.cles import Cles
from sesam_desktop.frontal.controle_prealable import Etat, controler
from sesam_desktop.frontal.jugement import Jugement
from sesam_desktop.frontal.registre import Registre
from tests.factures.test_enregistrements import BOITE, facture
from tests.frontal.emetteur import Emetteur, Envoi, autour
from tests.frontal.fichiers import fichier

pytestmark = pytest.mark.banc

DEMANDE_PAR_HEURE = 400_000
LOTS, PAR_LOT = 10, 100
LIGNES = (BOITE, replace(BOITE, acte="HD7", detail=""), replace(BOITE, saisie=0))


@pytest.fixture(scope="module")
def emetteur(tmp_path_factory: pytest.TempPathFactory) -> Emetteur:
    return Emetteur(tmp_path_factory.mktemp("autorite"))


@pytest.fixture(scope="module")
def envois(emetteur: Emetteur) -> list[Envoi]:
    return [_lot(emetteur, rang) for rang in range(LOTS)]


def _lot(emetteur: Emetteur, rang: int) -> Envoi:
    modele = facture(*LIGNES)
    numeros = range(rang * PAR_LOT + 1, (rang + 1) * PAR_LOT + 1)
    factures = [[e.octets for e in enregistrements.de_facture(replace(modele, numero=f"{n:09d}"))] for n in numeros]
    lignes = fichier(*factures, lot=f"{rang + 1:03d}", nombre_lignes=PAR_LOT * len(LIGNES))
    return autour(emetteur, lignes, f"{rang + 1:05d}")


def _par_heure(nombre: int, travail: Callable[[], None]) -> int:
    debut = time.perf_counter()
    travail()
    return round(nombre * 3600 / (time.perf_counter() - debut))


def _dire(quoi: str, par_heure: int) -> None:
    millions, rapport = par_heure / 1e6, par_heure / DEMANDE_PAR_HEURE
    print(f"\n{quoi} : {millions:.1f} millions de FSE à l'heure, {rapport:.1f} fois 400 000 (≥ 1)")


def test_de_l_arrivee_du_courriel_a_ses_reponses(tmp_path: Path, emetteur: Emetteur, envois: list[Envoi]) -> None:
    """Everything that a mail costs, kept: received, judged, answered (ARL and NOEMIE)."""
    courriels = [envoi.octets() for envoi in envois]
    registre = Registre(tmp_path / "frontal.db")
    juge = Jugement(registre, scenario.charger("nominal"), Cles(emetteur.autorite))

    def travail() -> None:
        for rang, octets in enumerate(courriels):
            registre.recevoir(octets, f"<{rang}@test.invalid>", "poste@test.invalid", "")
            arrivee = registre.suivante()
            assert arrivee is not None
            registre.conclure(arrivee, juge.juger(arrivee))

    par_heure = _par_heure(LOTS * PAR_LOT, travail)
    assert [(lot.verdict, len(lot.factures)) for lot in registre.lots()] == [("", PAR_LOT)] * LOTS
    registre.fermer()
    _dire("Frontal, courriel reçu, déchiffré, signatures vérifiées, jugé, répondu et gardé", par_heure)
    assert par_heure >= DEMANDE_PAR_HEURE


def test_controle_prealable(envois: list[Envoi]) -> None:
    """The check that runs before sending, on the clear file."""
    fichiers = [b"".join(envoi.enregistrements) for envoi in envois]
    verdicts: list[Etat] = []

    def travail() -> None:
        verdicts.extend(controler(octets, date(2026, 3, 3)).etat for octets in fichiers)

    par_heure = _par_heure(LOTS * PAR_LOT, travail)
    assert Etat.REFUSE not in verdicts
    _dire("Contrôle préalable d'un lot en clair", par_heure)
    assert par_heure >= DEMANDE_PAR_HEURE
