"""Every decoder of cards against bytes made to break it: one entry point, `TestOneInput`, driven two ways.

CI drives it through hypothesis (`test_fuzz_cartes.py`). With atheris, which follows the branches taken, from the root
of the sources (atheris is no dependency of the project):

    python -m venv /tmp/atheris && /tmp/atheris/bin/pip install atheris
    /tmp/atheris/bin/python -m tests.fuzz.fuzz_cartes -max_total_time=300 -max_len=8192

What is asked: a typed refusal or a value, nothing else; a refusal quotes no byte of the card.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from sesam_desktop.cartes import atr, duo, ps_zones, puce_vitale, tlv, vitale_131, vitale_zones, zones
from sesam_desktop.cartes.json_cartes import ps_en_dict, vitale_en_dict
from sesam_desktop.lecteurs import lecture
from sesam_desktop.lecteurs.canal import Fente, SessionCarte, fente_avec_carte
from sesam_desktop.lecteurs.emulation_cps import ATR_CPS3, CpsVirtuelle
from sesam_desktop.lecteurs.emulation_vitale import ATR_VITALE2, VitaleVirtuelle
from sesam_desktop.noyau.erreurs import ErreurConnue

PROFONDEUR = 40


class SessionHostile:
    """A card that answers what it is told to: one byte of length (255: 256 bytes), data, status, and so on."""

    def __init__(self, reponses: bytes, atr_carte: bytes) -> None:
        self._reponses = reponses
        self.fente: Fente = fente_avec_carte("fuzz", "lecteur", atr_carte, 0)
        self.envois = 0

    def transmettre(self, apdu: bytes) -> tuple[bytes, int]:
        """When nothing is left to say, the last answer again: a card may go on for ever."""
        self.envois += 1
        longueur = 2 + (self._reponses[0] + (self._reponses[0] == 255) if self._reponses else 0)
        reponse = self._reponses[1 : 1 + longueur]
        if len(self._reponses) > longueur + 1:
            self._reponses = self._reponses[1 + longueur :]
        if len(reponse) < 2:
            return b"", 0x6F00
        return reponse[:-2], int.from_bytes(reponse[-2:], "big")

    def __enter__(self) -> SessionCarte:
        return self

    def __exit__(self, *_: object) -> None:
        self.fermer()

    def fermer(self) -> None:
        """Nothing is held."""


def arbre(octets: bytes) -> int:
    """Objects of a TLV file, read to the bottom; how many there are."""
    nombre, niveau = 0, [octets]
    for _ in range(PROFONDEUR):
        objets = [objet for morceau in niveau for objet in _lus(morceau)]
        nombre += len(objets)
        niveau = [objet.valeur for objet in objets]
    return nombre


def _lus(octets: bytes) -> list[tlv.Tlv]:
    try:
        return tlv.lire(octets)
    except ErreurConnue:
        return []


def _deux_fichiers(octets: bytes) -> object:
    moitie = octets[0] if octets else 0
    return puce_vitale.identites(octets[1 : 1 + moitie], octets[1 + moitie :])


def _vitale(octets: bytes) -> object:
    groupes = zones.lire(octets)
    carte = vitale_zones.carte_depuis(groupes)
    vitale_en_dict(carte)
    assert vitale_zones.carte_depuis(vitale_zones.groupes_de(carte)) == carte
    return carte


def _ps(octets: bytes) -> object:
    carte = ps_zones.carte_depuis(zones.lire(octets))
    ps_en_dict(carte)
    assert ps_zones.carte_depuis(ps_zones.groupes_de(carte)) == carte
    return carte


def _puce(puce: VitaleVirtuelle | CpsVirtuelle, octets: bytes) -> None:
    """Commands of any form, one after another: a chip always answers, with a status."""
    while octets:
        longueur = 1 + octets[0] % 64
        assert len(puce.traiter(octets[1 : 1 + longueur])) >= 2
        octets = octets[1 + longueur :]


def _session(lire: Callable[[SessionCarte], object], atr_carte: bytes) -> Callable[[bytes], object]:
    def essayer(octets: bytes) -> object:
        session = SessionHostile(octets, atr_carte)
        try:
            return lire(session)
        finally:
            assert session.envois < 20_000

    return essayer


DECODEURS: dict[str, Callable[[bytes], object]] = {
    "tlv": arbre,
    "zones": zones.lire,
    "vitale": _vitale,
    "vitale 1.31": lambda octets: vitale_131.carte_depuis(zones.lire(octets)),
    "ps": _ps,
    "plan": puce_vitale.fichiers,
    "identites": _deux_fichiers,
    "debut de validite": puce_vitale.debut_validite,
    "duo": duo.lire,
    "atr": atr.reconnaitre,
    "lecture vitale": _session(lecture.lire_puce_vitale, ATR_VITALE2),
    "lecture cps": _session(lecture.lire_puce_cps, ATR_CPS3),
    "lecture duo": _session(lecture.lire_duo, bytes.fromhex(atr.ATR_DUO)),
    "essais": _session(lecture.essais_restants, ATR_CPS3),
    "code": _session(lambda session: lecture.verifier_code(session, "1234"), ATR_CPS3),
    "puce vitale": lambda octets: _puce(VitaleVirtuelle([], "1"), octets),
    "puce cps": lambda octets: _puce(CpsVirtuelle("1", {}), octets),
}
_RANGS = list(DECODEURS.values())


def decoder(nom: str, octets: bytes) -> object:
    """What this decoder makes of `octets`: its value, or the typed refusal."""
    try:
        return DECODEURS[nom](octets)
    except ErreurConnue as refus:
        _exiger_une_phrase(refus)
        return refus


def TestOneInput(octets: bytes) -> None:
    """The first byte chooses the decoder, the others are what it is given."""
    if octets:
        noms = list(DECODEURS)
        decoder(noms[octets[0] % len(noms)], octets[1:])


def _exiger_une_phrase(refus: ErreurConnue) -> None:
    phrase = refus.phrase()
    assert phrase.isprintable(), "un octet de la carte est dans la phrase"
    assert len(phrase) < 400


def main() -> None:
    """Run under atheris until told to stop."""
    import atheris

    atheris.instrument_all()
    atheris.Setup(sys.argv, TestOneInput)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
