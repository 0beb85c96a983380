"""Configuration files as they are met on workstations, typed by hand; `fin` chooses their line endings."""

from __future__ import annotations

FINS = {"crlf": "\r\n", "lf": "\n", "cr": "\r"}
LECTEUR = "Identive CLOUD 2700 R Smart Card Reader"

PCSC = f"""\
; configuration PC/SC, lecteur à deux fentes
[CONFIG]
NbCanaux=2

[PROTOCOLE0]
Config=1000,20,15000
TempoInit=1,200,1000
NomLib=PSSINW64.DLL

[PROTOCOLE1]
Config=0
NomLib=PCSCW64.DLL
ListeCanaux=1,2

; --- carte du professionnel
[CANAL1]
TCanal=3
Index=1
Protocole=1
Caracteristiques={LECTEUR} 1
NbPAD=1
[CANAL1.PAD1]
PAD=0
NbLAD=1
[CANAL1.PAD1.LAD1]
LAD=1
NomLAD=CPS
NbAlias=1
NomAlias1=TRANSPA1

; --- carte du patient
[CANAL2]
Tcanal = 3
index=2
Protocole=1
Caracteristiques={LECTEUR} 0
NbPAD=1
[CANAL2.PAD1]
PAD=0
NbLAD=1
[CANAL2.PAD1.LAD1]
LAD=1
NomLAD=Vitale
NbAlias=1
NomAlias1=TRANSPA2
"""

SERIE = """\
; lecteur bi-fente sur port série, hérité de l'ancien logiciel
[CONFIG]
NbCanaux=1
[PROTOCOLE0]
Config=1000,20,15000
NomLib=PSSINW32.DLL
[CANAL1]
TCanal=1
Index=3
Protocole=0
Caracteristiques=9600,1,8,0,0
NbPAD=1
[CANAL1.PAD1]
PAD=2
NbLAD=3
[CANAL1.PAD1.LAD1]
LAD=1
NomLAD=CPS
NbAlias=1
NomAlias1=TRANSPA1
[CANAL1.PAD1.LAD2]
LAD=2
NomLAD=Vitale
NbAlias=1
NomAlias1=TRANSPA2
[CANAL1.PAD1.LAD3]
LAD=0
NomLAD=Log_SV
NbAlias=0
"""

FANTOMES = """
; --- ancien lecteur, débranché
[CANAL3]
TCanal=3
Index=3
Protocole=1
Caracteristiques=Gemplus GCR410 0
NbPAD=1
[CANAL3.PAD1]
PAD=0
NbLAD=1
[CANAL3.PAD1.LAD1]
LAD=1
NomLAD=CPS1
NbAlias=0
[CANAL4]
TCanal=3
Index=4
Protocole=1
Caracteristiques=Windows Hello for Business 1
NbPAD=1
[CANAL4.PAD1]
PAD=0
NbLAD=1
[CANAL4.PAD1.LAD1]
LAD=1
NomLAD=Vitale1
NbAlias=0
"""

IO_COMM = """\
; ports du poste
[MAP_DEVICE]
COM1=/dev/ttyS0
COM3=/dev/ttyUSB0
"""


def octets(texte: str, fin: str = "\r\n") -> bytes:
    """As an old component writes it."""
    return texte.replace("\n", fin).encode("cp1252")


def a_quatre_canaux() -> str:
    """The PC/SC file, with two channels left on a reader that is gone."""
    return PCSC.replace("NbCanaux=2", "NbCanaux=4").replace("ListeCanaux=1,2", "ListeCanaux=1,2,3,4") + FANTOMES
