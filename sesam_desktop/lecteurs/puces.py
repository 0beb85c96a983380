"""Public layout of the chips: application names, file identifiers, commands. Sources in `docs/cartes.md`."""

from __future__ import annotations

MF = 0x3F00

MF_VITALE = bytes.fromhex("D2500000024D465F564954414C45")
APPLICATION_VITALE = bytes.fromhex("D250000002564954414C45")
APPLICATION_IAS_VITALE = bytes.fromhex("E828BD080FD2500000044164E86C65")
EF_PLAN = 0x2001
EF_DIR = 0x2F00
EF_PAN = 0x2F02
SFI_VITALE = 2

APPLICATION_CHIPDOC = bytes.fromhex("80250000 01FF0100")  # the CPS4's own; at power-up it behaves as a CPS3
APPLICATION_CPS_CONTACT = bytes.fromhex("E828BD080F8025000001FF0010")
EF_NUMERO_SERIE = 0xD003
EF_ACTUALISATION = 0xD010
DF_SITUATIONS = 0x0001
EF_SITUATION = 0xD120  # D120 to D12F: sixteen situations, under the code porteur
EF_CONTACT = 0x7001  # readable in contact mode only
EMETTEUR_CPS = bytes.fromhex("8025000001")
PAS_CPS = 0xE7  # bytes a CPS3 gives at most in one reading

ESSAIS_MAXIMUM, ESSAIS_RESTANTS = 0x9A, 0x9B  # tags of the counters in the answer (IAS-ECC; not published for the CPS)
ACTUALISATION, DEBUT_ACTUALISATION, FIN_ACTUALISATION = 0xEC, 0x81, 0x82
DATES_ACTUALISATION = (DEBUT_ACTUALISATION, FIN_ACTUALISATION)


def demande_essais(reference: int) -> bytes:
    """GET DATA asking a CPS3 how many tries a code has left (sent from the master file)."""
    return bytes.fromhex("00CB3FFF0A4D087006BF81") + bytes([reference]) + bytes.fromhex("02A080")
