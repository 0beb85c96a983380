"""PC/SC slots as a workstation shows them."""

from __future__ import annotations

from sesam_desktop.lecteurs.canal import Etat, Fente, fente_avec_carte

CPS = bytes.fromhex("3BAC00402A001225006480000310009000")  # CPS3 contact, public list of ATRs
VITALE = bytes.fromhex("3B751300004409EA9000")
BANCAIRE = bytes.fromhex("3B6500002063CB6A00")
SANS_CONTACT = bytes.fromhex("3B8F80010031B86404B0ECC1739401808290000E")


def vide(nom: str, canal: str = "pcsc") -> Fente:
    return Fente(canal, nom, Etat.VIDE)


def avec(nom: str, atr: bytes, canal: str = "pcsc") -> Fente:
    """A slot with a card; no ATR: a mute one."""
    return fente_avec_carte(canal, nom, atr, 1)
