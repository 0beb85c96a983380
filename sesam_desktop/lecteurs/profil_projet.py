"""What is not public and had to be chosen to play a whole invoice on virtual cards: the project's own profile.

None of these values is known to be true of a real card. A real CPS signs through its PKCS#11 library, which knows
them; a real Vitale signs through the GIE's components. Public layout lives in `puces`.
"""

from __future__ import annotations

CODE_PORTEUR = 0x01  # reference of the code porteur
CLE_SIGNATURE = 0x81  # reference of the signature key
RSA_PKCS1_SHA256 = 0x42  # reference of the signature algorithm

EF_IDENTITE_VITALE = 0x2002  # two-byte names behind the public short identifier 2
EF_NIR_VITALE = 0x2003
EF_DROITS_VITALE = 0x2005  # protected container, listed by the map, never readable here

APPLICATION_DUO = bytes.fromhex("F0") + b"DUOPROJET"  # F0: a name registered by nobody
EF_DUO = 0x0001
SFI_DUO = 1
