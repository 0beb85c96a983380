"""A right B2 file of any size, made as it is read: lots of 999 invoices of one line, every total worked out by hand."""

from __future__ import annotations

import io
from collections.abc import Iterator

from sesam_desktop.flux import b2

from .fabrique import facture, fichier

PAR_LOT = 999
_FACTURE = b2.ecrire(facture())          # eight records; honoraires 12,60, AMO 7,56, AMC 5,04
_MODELE = fichier()
PAR_FACTURE = len(_FACTURE) // 128


def morceaux(lots: int) -> Iterator[bytes]:
    """The file, lot after lot. `lots` stays under 1,000: record 999 counts them on three digits."""
    yield _MODELE[0].octets
    fin_de_lot = _MODELE[-2].modifier(
        nombre_factures=PAR_LOT, nombre_lignes=PAR_LOT, nombre_factures_2=PAR_LOT, nombre_factures_3=PAR_LOT,
        total_honoraires=1260 * PAR_LOT, total_amo=756 * PAR_LOT, total_amc=504 * PAR_LOT,
    ).octets
    for lot in range(lots):
        numeros = range(lot * PAR_LOT + 1, (lot + 1) * PAR_LOT + 1)
        factures = b"".join(_FACTURE.replace(b"000000123", b"%09d" % numero) for numero in numeros)
        yield _MODELE[1].octets + factures + fin_de_lot
    yield _MODELE[-1].modifier(nombre_enregistrements=enregistrements(lots), nombre_lots=lots).octets


def enregistrements(lots: int) -> int:
    """Records of the file: two for it, two for each lot, and those of the invoices."""
    return 2 + lots * (2 + PAR_LOT * PAR_FACTURE)


class Flux(io.RawIOBase):
    """These bytes as an open file, never held whole."""

    def __init__(self, lots: int) -> None:
        self._suite, self._reste = morceaux(lots), b""

    def read(self, taille: int = -1) -> bytes:
        while len(self._reste) < taille:
            suivant = next(self._suite, None)
            if suivant is None:
                break
            self._reste += suivant
        rendus, self._reste = self._reste[:taille], self._reste[taille:]
        return rendus
