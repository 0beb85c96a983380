"""Measures of the B2 codecs, as ratios taken in the same run.

The yardstick is `struct` cutting and joining the same 128 bytes, with the plain loop that any program using it needs
to get the same values (text without padding, integers) from the fields and back.
"""

from __future__ import annotations

import struct
import timeit
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from sesam_desktop.factures import enregistrements
from sesam_desktop.flux import b2, zones

from ..factures.test_enregistrements import AMI, BOITE, facture

pytestmark = pytest.mark.banc

LIGNE = facture(AMI)
ACTE = next(e for e in enregistrements.de_facture(LIGNE) if e.type == "4")
DEMANDE = replace(LIGNE.demande, executant=replace(LIGNE.demande.executant, rpps="10001234565"))  # its key is right
LAYOUT = zones.exiger("b2_ps_140", "4")
STRUCT = struct.Struct("".join(f"{zone.longueur}s" for zone in LAYOUT.zones))


CHAMPS = [(zone.nom, zone.longueur, zone.type in ("M", "C")) for zone in LAYOUT.zones]


def lire_par_struct(octets: bytes) -> dict[str, Any]:
    champs = zip(CHAMPS, STRUCT.unpack(octets), strict=True)
    return {nom: int(c) if entier else c.decode("ascii").rstrip() for (nom, _, entier), c in champs}


def ecrire_par_struct(valeurs: dict[str, Any]) -> bytes:
    return STRUCT.pack(
        *[
            (b"%0*d" % (longueur, valeurs[nom])) if entier else valeurs[nom].ljust(longueur).encode("ascii")
            for nom, longueur, entier in CHAMPS
        ]
    )


def duree(appel: Callable[[], object], nombre: int = 20_000) -> float:
    """Best of five, in microseconds a call."""
    return min(timeit.repeat(appel, number=nombre, repeat=5)) / nombre * 1e6


@pytest.fixture(scope="module")
def rapport(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    lignes: list[str] = []
    yield lignes
    print("\n" + "\n".join(lignes))


def test_decoder(rapport: list[str]) -> None:
    octets = ACTE.octets
    assert LAYOUT.lire(octets) == lire_par_struct(octets)
    nous, reference = duree(lambda: LAYOUT.lire(octets)), duree(lambda: lire_par_struct(octets))
    nu = duree(lambda: STRUCT.unpack(octets))
    rapport.append(f"B2 décoder ÷ struct : {nous / reference:.2f} (≤ 4) ; {nous:.2f} µs ; unpack seul {nu:.2f} µs")
    assert nous / reference <= 4


def test_encoder(rapport: list[str]) -> None:
    valeurs = ACTE.zones
    assert LAYOUT.ecrire(valeurs) == ecrire_par_struct(valeurs)
    nous, reference = duree(lambda: LAYOUT.ecrire(valeurs)), duree(lambda: ecrire_par_struct(valeurs))
    rapport.append(f"B2 encoder ÷ struct : {nous / reference:.2f} (≤ 4) ; {nous:.2f} µs")
    assert nous / reference <= 4


def _factures(nombre: int) -> Iterator[Any]:
    lignes = (BOITE, replace(BOITE, acte="HD7", detail=""), replace(BOITE, saisie=0), AMI)
    for numero in range(1, nombre + 1):
        yield replace(facture(*lignes), numero=f"{numero:09d}", demande=DEMANDE)


def test_mille_factures(rapport: list[str]) -> None:
    tarifees = list(_factures(1000))

    def aller_retour() -> bool:
        octets = b2.ecrire(e for ft in tarifees for e in enregistrements.de_facture(ft))
        lus = list(b2.lire(octets))
        relus = (b2.Enregistrement.composer(e.variante, e.type, e.zones) for e in lus)
        return b2.ecrire(relus) == octets

    assert aller_retour()
    secondes = min(timeit.repeat(aller_retour, number=1, repeat=3))
    rapport.append(f"1 000 factures de 4 lignes vers B2 et retour identique : {secondes:.2f} s (< 1 s)")
    assert secondes < 1


def test_verifier_mille_factures(rapport: list[str]) -> None:
    factures = [enregistrements.de_facture(ft) for ft in _factures(900)]
    emetteur, destinataire = b2.Emetteur("999000011", "ESSAI"), b2.Recepteur("01", "721", "001")
    octets = b2.ecrire(b2.fichier(emetteur, destinataire, b2.Lot("001", AMI.date), factures, "A", AMI.date))
    assert {a.code for a in b2.verifier(octets)} == {"LIMITE"}  # more records than senders put in a file
    secondes = min(timeit.repeat(lambda: b2.verifier(octets), number=1, repeat=2))
    rapport.append(f"contrôle de 900 factures ({len(octets) // 128} enregistrements) : {secondes:.2f} s")
