"""The signing half of a virtual chip: MSE SET, PSO HASH (last round done by the card), PSO CDS.

Sequence and tags are those of the CPS3; the references of key and algorithm are the project's own (`profil_projet`).
"""

from __future__ import annotations

from collections.abc import Callable

from sesam_desktop.cartes import tlv
from sesam_desktop.cartes.tlv import Tlv
from sesam_desktop.noyau.erreurs import FormatInvalide

from . import condensat, profil_projet
from .emulation import FAIT, HORS_SEQUENCE, PARAMETRES, REFERENCE_INCONNUE, Commande

Signer = Callable[[bytes], bytes]
"""32-byte SHA-256 digest → RSA PKCS#1 v1.5 signature (DigestInfo SHA-256) of that digest."""

_ENVIRONNEMENT = tlv.ecrire(
    [Tlv(0x80, bytes([profil_projet.RSA_PKCS1_SHA256])), Tlv(0x84, bytes([profil_projet.CLE_SIGNATURE]))]
)


class SignatureVirtuelle:
    """State of the signature in progress. `signer` None: this chip has no key."""

    def __init__(self, signer: Signer | None) -> None:
        self._signer = signer
        self.reset()

    def reset(self) -> None:
        self._prete = False
        self._condensat = b""

    def preparer(self, commande: Commande) -> bytes:
        """MSE SET 41 B6."""
        self.reset()
        if commande.p1p2 != 0x41B6:
            return PARAMETRES
        if self._signer is None or commande.donnees != _ENVIRONNEMENT:
            return REFERENCE_INCONNUE
        self._prete = True
        return FAIT

    def condenser(self, commande: Commande) -> bytes:
        """PSO HASH: intermediate hash and bit count (or nothing), then the last block."""
        try:
            objets = tlv.lire(commande.donnees)
        except FormatInvalide:
            return PARAMETRES
        etat, reste = tlv.trouver(objets, 0x90) or b"", tlv.trouver(objets, 0x80)
        if reste is None or len(reste) > condensat.BLOC or len(etat) not in (0, 40):
            return PARAMETRES
        self._condensat = condensat.terminer(etat[:32], int.from_bytes(etat[32:], "big"), reste)
        return FAIT

    def signer(self) -> bytes | None:
        """PSO CDS: the signature, None when nothing was prepared or hashed. One hash gives one signature."""
        if not self._prete or not self._condensat or self._signer is None:
            return None
        condense, self._condensat = self._condensat, b""
        return self._signer(condense)

    def executer(self, commande: Commande, differer: Callable[[bytes], bytes]) -> bytes:
        """MSE and PSO commands."""
        if commande.ins == 0x22:
            return self.preparer(commande)
        if commande.p1p2 == 0x90A0:
            return self.condenser(commande)
        if commande.p1p2 != 0x9E9A:
            return PARAMETRES
        signature = self.signer()
        return HORS_SEQUENCE if signature is None else differer(signature)
