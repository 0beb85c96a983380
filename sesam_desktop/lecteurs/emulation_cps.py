"""A CPS3 or a CPS4 in memory, over the public layout: serial number, update, situations under the code, signature.

Our inventions, labelled in `profil_projet`: the references of the code, of the key and of the algorithm, the content of
a situation (the SSV group 2; a real card holds ASN.1), the form of the answer on remaining tries, and a CPS4 that keeps
the files of a CPS3 (what is published is that it behaves as one at power-up).
"""

from __future__ import annotations

from sesam_desktop.cartes import ps_zones, tlv, zones
from sesam_desktop.cartes.atr import GenreCarte
from sesam_desktop.cartes.ps import CartePS
from sesam_desktop.cartes.tlv import Tlv

from . import profil_projet, puces
from .emulation import (
    CONDITIONS,
    FAIT,
    LONGUEUR_FAUSSE,
    PARAMETRES,
    REFERENCE_INCONNUE,
    SANS_FID,
    Commande,
    Dossier,
    Fichier,
    PuceVirtuelle,
    lire_commande,
)
from .emulation_signature import SignatureVirtuelle, Signer

ATR_CPS3 = bytes.fromhex("3BAC00402A 00122500648000031000 9000")
ATR_CPS4 = bytes.fromhex("3BDC18FF0000 12250064800004 01009000")
ATR = {GenreCarte.CPS3: ATR_CPS3, GenreCarte.CPS4: ATR_CPS4}
ESSAIS = 3
_BLOQUE = b"\x69\x83"
_LONGUEUR_CODE = 4
_CHIFFRES_SERIE = 10


class CpsVirtuelle(PuceVirtuelle):
    """Locks after three wrong codes, and stays locked when the power comes back."""

    def __init__(
        self,
        numero_serie: str,
        situations: dict[int, bytes],
        *,
        code: str = "1234",
        signer: Signer | None = None,
        atr: bytes = ATR_CPS3,
        latence: float = 0.0,
    ) -> None:
        self._code = code.encode("ascii")
        self.essais = ESSAIS
        self._signature = SignatureVirtuelle(signer)
        super().__init__(atr, _dossiers(numero_serie, situations), latence)

    @classmethod
    def depuis(
        cls,
        carte: CartePS,
        code: str = "1234",
        signer: Signer | None = None,
        *,
        atr: bytes = ATR_CPS3,
        latence: float = 0.0,
    ) -> CpsVirtuelle:
        """The chip of this card."""
        _, *groupes = ps_zones.groupes_de(carte)
        situations = {s.rang: zones.ecrire([g]) for s, g in zip(carte.situations, groupes, strict=True)}
        return cls(carte.numero_serie, situations, code=code, signer=signer, atr=atr, latence=latence)

    def reset(self) -> None:
        super().reset()
        self._verifie = False
        self._signature.reset()

    def _autorise(self, fichier: Fichier) -> bool:
        return super()._autorise(fichier) or (fichier.protege and self._verifie)

    def _executer(self, commande: Commande) -> bytes:
        if commande.ins == 0x20:
            return self._verifier(commande)
        if commande.ins == 0xCB:
            return self._dire_essais(commande)
        if commande.ins not in (0x22, 0x2A):
            return super()._executer(commande)
        return self._signature.executer(commande, self._differer) if self._verifie else CONDITIONS

    def _verifier(self, commande: Commande) -> bytes:
        """Without data: how many tries are left. A code of the wrong length costs no try."""
        if commande.p1p2 != profil_projet.CODE_PORTEUR:
            return REFERENCE_INCONNUE
        if not self.essais:
            return _BLOQUE
        if not commande.donnees:
            return FAIT if self._verifie else self._reste()
        if len(commande.donnees) != _LONGUEUR_CODE:
            return LONGUEUR_FAUSSE
        self._verifie = commande.donnees == self._code
        self.essais = ESSAIS if self._verifie else self.essais - 1
        return FAIT if self._verifie else self._reste()

    def _reste(self) -> bytes:
        return bytes([0x63, 0xC0 | self.essais]) if self.essais else _BLOQUE

    def _dire_essais(self, commande: Commande) -> bytes:
        if lire_commande(puces.demande_essais(profil_projet.CODE_PORTEUR)) != commande:
            return PARAMETRES
        maximum, reste = Tlv(puces.ESSAIS_MAXIMUM, bytes([ESSAIS])), Tlv(puces.ESSAIS_RESTANTS, bytes([self.essais]))
        compteurs = Tlv(0xA0, tlv.ecrire([maximum, reste]))
        code = Tlv(0xBF8100 | profil_projet.CODE_PORTEUR, tlv.ecrire([compteurs]))
        return self._differer(tlv.ecrire([Tlv(0x70, tlv.ecrire([code]))]))


def _dossiers(numero_serie: str, situations: dict[int, bytes]) -> list[Dossier]:
    serie = bytes.fromhex(numero_serie.rjust(_CHIFFRES_SERIE, "0"))
    actualisation = [Tlv(puces.DEBUT_ACTUALISATION, b"20250101"), Tlv(puces.FIN_ACTUALISATION, b"20250101")]
    maitre = [
        Fichier(puces.EF_NUMERO_SERIE, b"\x5a\x0a" + puces.EMETTEUR_CPS + serie),
        Fichier(puces.EF_ACTUALISATION, tlv.ecrire([Tlv(puces.ACTUALISATION, tlv.ecrire(actualisation))])),
    ]
    exercice = [Fichier(puces.EF_SITUATION + rang - 1, octets, protege=True) for rang, octets in situations.items()]
    return [
        Dossier(puces.MF, b"", maitre),
        Dossier(puces.DF_SITUATIONS, b"", [*exercice, Fichier(puces.EF_CONTACT, b"\x01")]),
        Dossier(SANS_FID, puces.APPLICATION_CPS_CONTACT),
    ]
