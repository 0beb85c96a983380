"""A complementary (DUO) card in memory: one application, one file, the project's own format (`cartes.duo`)."""

from __future__ import annotations

from sesam_desktop.cartes import duo
from sesam_desktop.cartes.atr import ATR_DUO
from sesam_desktop.cartes.duo import CarteDuo

from . import profil_projet, puces
from .emulation import SANS_FID, Dossier, Fichier, PuceVirtuelle, remplir

TAILLE = 1024


class DuoVirtuelle(PuceVirtuelle):
    """Read only, nothing protected."""

    def __init__(self, contenu: bytes, *, atr: bytes = bytes.fromhex(ATR_DUO), latence: float = 0.0) -> None:
        fichier = Fichier(profil_projet.EF_DUO, remplir(contenu, TAILLE), sfi=profil_projet.SFI_DUO)
        application = Dossier(SANS_FID, profil_projet.APPLICATION_DUO, [fichier])
        super().__init__(atr, [Dossier(puces.MF), application], latence)

    @classmethod
    def depuis(cls, carte: CarteDuo, *, latence: float = 0.0) -> DuoVirtuelle:
        """The chip of this card."""
        return cls(duo.ecrire(carte), latence=latence)
