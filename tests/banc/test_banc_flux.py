"""Measures of the B2 codecs, as ratios taken in the same run.

Two yardsticks on the same 128 bytes and the same values (text without padding, integers): `struct` cutting and joining
them, with the plain loop that any program using it needs; and `construct`, compiled. The bare `struct.unpack`, which
gives pieces of bytes and no value, is printed beside for what it is.
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


def _champ(longueur: int, entier: bool) -> Any:
    """One typed field of construct, as its manual makes them."""
    import construct

    brut = construct.Bytes(longueur)
    if entier:
        return construct.ExprAdapter(brut, lambda o, _: int(o), lambda nombre, _: b"%0*d" % (longueur, nombre))
    return construct.ExprAdapter(
        brut, lambda o, _: o.decode("ascii").rstrip(), lambda texte, _: texte.ljust(longueur).encode("ascii")
    )


class ParConstruct:
    """The same layout in construct, compiled: with typed fields; then at its best, raw fields and the plain loop."""

    def __init__(self) -> None:
        import construct

        self.type = construct.Struct(*(nom / _champ(longueur, entier) for nom, longueur, entier in CHAMPS)).compile()
        self.brut = construct.Struct(*(nom / construct.Bytes(longueur) for nom, longueur, _ in CHAMPS)).compile()

    def lire(self, octets: bytes) -> dict[str, Any]:
        lus = self.brut.parse(octets)
        return {nom: int(lus[nom]) if entier else lus[nom].decode("ascii").rstrip() for nom, _, entier in CHAMPS}

    def ecrire(self, valeurs: dict[str, Any]) -> bytes:
        champs = {
            nom: (b"%0*d" % (longueur, valeurs[nom])) if entier else valeurs[nom].ljust(longueur).encode("ascii")
            for nom, longueur, entier in CHAMPS
        }
        return bytes(self.brut.build(champs))


@pytest.fixture(scope="module")
def construit() -> ParConstruct:
    return ParConstruct()


def durees(*appels: Callable[[], object], nombre: int = 2_000, tours: int = 40) -> list[float]:
    """Best of the turns of each, in microseconds a call: one after another, so that all meet the same machine."""
    temps = [[timeit.timeit(appel, number=nombre) for appel in appels] for _ in range(tours)]
    return [min(colonne) / nombre * 1e6 for colonne in zip(*temps, strict=True)]


@pytest.fixture(scope="module")
def rapport(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    lignes: list[str] = []
    yield lignes
    print("\n" + "\n".join(lignes))


def test_decoder(rapport: list[str], construit: ParConstruct) -> None:
    octets = ACTE.octets
    type_ = {nom: valeur for nom, valeur in construit.type.parse(octets).items() if nom != "_io"}
    assert LAYOUT.lire(octets) == lire_par_struct(octets) == construit.lire(octets) == type_
    nous, reference, autre, mieux, nu = durees(
        lambda: LAYOUT.lire(octets),
        lambda: lire_par_struct(octets),
        lambda: construit.type.parse(octets),
        lambda: construit.lire(octets),
        lambda: STRUCT.unpack(octets),
    )
    rapport.append(f"B2 décoder ÷ struct : {nous / reference:.2f} (≤ 4) ; {nous:.2f} µs, unpack seul {nu:.2f} µs")
    rapport.append(f"construct compilé ÷ B2 décoder : {autre / nous:.1f} (≥ 2) ; au mieux {mieux / nous:.1f}")
    assert nous / reference <= 4
    assert autre / nous >= 2


def test_encoder(rapport: list[str], construit: ParConstruct) -> None:
    valeurs = ACTE.zones
    attendus = ecrire_par_struct(valeurs)
    assert LAYOUT.ecrire(valeurs) == attendus == construit.ecrire(valeurs) == construit.type.build(valeurs)
    nous, reference, autre, mieux = durees(
        lambda: LAYOUT.ecrire(valeurs),
        lambda: ecrire_par_struct(valeurs),
        lambda: construit.type.build(valeurs),
        lambda: construit.ecrire(valeurs),
    )
    rapport.append(f"B2 encoder ÷ struct : {nous / reference:.2f} (≤ 4) ; {nous:.2f} µs")
    rapport.append(f"construct compilé ÷ B2 encoder : {autre / nous:.1f} (≥ 2) ; au mieux {mieux / nous:.1f}")
    assert nous / reference <= 4
    assert autre / nous >= 2


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
