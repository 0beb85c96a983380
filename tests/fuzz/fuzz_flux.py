"""Every decoder of files and mails against bytes made to break it: one entry point, `TestOneInput`, driven two ways.

CI drives it through hypothesis (`test_fuzz_flux.py`). With atheris, from the root of the sources:

    python -m venv /tmp/atheris && /tmp/atheris/bin/pip install atheris
    /tmp/atheris/bin/python -m tests.fuzz.atheris_flux b2 -max_total_time=300 -max_len=8192

What is asked: a typed refusal or a value, nothing else; a refusal is a sentence that quotes no byte of what was
received; what a checker calls right, its reader reads; what was read is written again as it was.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from sesam_desktop.flux import arl, b2, enveloppe, lecture_francaise, message, noemie, reconnaissance, scor, service
from sesam_desktop.flux.anomalie import Anomalie, valide
from sesam_desktop.flux.enregistrement import Enregistrement
from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide


def _b2(variante: str) -> Callable[[bytes], object]:
    """`variante` empty lets the header say."""

    def essayer(octets: bytes) -> object:
        anomalies = _phrases(b2.verifier(octets, variante))
        lus = list(b2.lire(octets, variante))
        assert b2.ecrire(lus) == octets.translate(None, b"\r\n")
        _tous_lisibles(lus, anomalies)
        masques, retires = b2.masquer_zones(lus)
        assert b2.ecrire(b2.restaurer_zones(masques, retires)) == b2.ecrire(lus)
        return lus

    return essayer


def _noemie(octets: bytes) -> object:
    anomalies = _phrases(noemie.verifier(octets))
    evenements = list(noemie.parcourir(io.BytesIO(octets)))
    retour = noemie.lire(octets)
    _tous_lisibles(list(noemie.enregistrements(octets)), anomalies)
    return evenements, retour


def _arl(octets: bytes) -> object:
    _phrases(arl.verifier(octets))
    return arl.lire(octets)


def _reconnu(octets: bytes) -> object:
    _phrases(reconnaissance.verifier(octets))
    reconnu, enregistrements = reconnaissance.lire(octets)
    return reconnu, [e.zones for e in enregistrements]


def _message(octets: bytes) -> object:
    _essayer(message.lire_adressage, octets)
    recu = message.lire(octets)
    _essayer(lambda _: message.lire_sujet(recu.sujet), octets)
    return recu


def _enveloppe(octets: bytes) -> object:
    lue = enveloppe.depuis_octets(octets)
    assert enveloppe.en_octets(lue) == octets
    return lue


def _scor(octets: bytes) -> object:
    lot = scor.lire(octets)
    assert scor.lire(scor.composer(lot)) == lot
    return lot


def _tous_lisibles(lus: list[Enregistrement], anomalies: list[Anomalie]) -> None:
    """A file without error has no record that cannot be decoded."""
    for e in lus:
        try:
            _ = e.zones
        except FormatInvalide as refus:
            assert refus.ligne == e.ligne
            assert not valide(anomalies)


def _phrases(anomalies: list[Anomalie]) -> list[Anomalie]:
    for trouvee in anomalies:
        assert trouvee.message.isprintable()
        assert len(trouvee.message) < 400
    return anomalies


DECODEURS: dict[str, Callable[[bytes], object]] = {
    "b2": _b2(""),
    "b2 cp": _b2("b2_cp_2005e"),
    "b2 ps": _b2("b2_ps_140"),
    "dre": _b2("dre_ps_140"),
    "noemie": _noemie,
    "arl": _arl,
    "lecture en français": lecture_francaise.expliquer,
    "reconnaissance": _reconnu,
    "message": _message,
    "service": service.lire,
    "enveloppe": _enveloppe,
    "scor": _scor,
}


def decoder(nom: str, octets: bytes) -> object:
    """What this decoder makes of `octets`: its value, or the typed refusal."""
    return _essayer(DECODEURS[nom], octets)


def _essayer(lire: Callable[[bytes], object], octets: bytes) -> object:
    try:
        return lire(octets)
    except ErreurConnue as refus:
        phrase = refus.phrase()
        assert phrase.isprintable(), "un octet reçu est dans la phrase"
        assert len(phrase) < 400
        return refus


def TestOneInput(octets: bytes) -> None:
    """The first byte chooses the decoder, the others are what it is given."""
    if octets:
        noms = list(DECODEURS)
        decoder(noms[octets[0] % len(noms)], octets[1:])
