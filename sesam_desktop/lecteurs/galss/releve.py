"""Values taken from an ini file one by one, each refusal noted with its place."""

from __future__ import annotations

import re

from .anomalie import Anomalie
from .ini import FichierIni

TAILLE_MIN = 50
_ENTIER = re.compile(r"[0-9]{1,9}")


class Releve:
    """What was read of `ini`, and what is wrong in it."""

    def __init__(self, ini: FichierIni) -> None:
        self.ini = ini
        self.anomalies: list[Anomalie] = []

    def noter(self, section: str, cle: str, message: str, code: int = 0, *, grave: bool = True) -> None:
        """One more anomaly, on the line of the key, else of its section."""
        ligne = self.ini.ligne(section, cle) or self.ini.ligne(section)
        self.anomalies.append(Anomalie(section, cle, ligne.numero if ligne else 0, message, code, grave))

    def texte(self, section: str, cle: str, code: int) -> str:
        """The value of a key that must be there, "" when it is not."""
        valeur = self.ini.valeur(section, cle)
        if not valeur:
            self.noter(section, cle, f"La clé {cle} est absente ou vide.", code)
        return valeur or ""

    def entier(self, section: str, cle: str, bornes: tuple[int, int], code: int) -> int | None:
        """The value of a key that must be a number within these bounds."""
        valeur = self.texte(section, cle, code)
        if not valeur:
            return None
        nombre = entier(valeur)
        if nombre is None or not bornes[0] <= nombre <= bornes[1]:
            self.noter(section, cle, f"{cle} vaut « {valeur} » : il faut un nombre de {bornes[0]} à {bornes[1]}.", code)
            return None
        return nombre

    def liste(self, section: str, cle: str, code: int) -> tuple[int, ...]:
        """Numbers separated by commas, () when one of them is not a number."""
        valeur = self.texte(section, cle, code)
        nombres = entiers(valeur)
        if valeur and not nombres:
            self.noter(section, cle, f"{cle} vaut « {valeur} » : il faut des nombres séparés par des virgules.", code)
        return nombres

    def noter_la_forme(self) -> None:
        """What old components may not read as we do, without being wrong."""
        if not self.ini.est_cp1252:
            self.noter("", "", "Le fichier commence par une marque d'encodage : il doit être en CP1252.", grave=False)
        if self.ini.a_des_nuls:
            self.noter("", "", "Le fichier contient des octets nuls.", grave=False)
        for ligne in self.ini.doublons():
            quoi = "cette section" if ligne.entete else f"la clé {ligne.cle}"
            self._sur(ligne.numero, ligne.section, ligne.cle, f"Une autre ligne donne déjà {quoi} : elle seule compte.")
        for ligne in self.ini.incomprises():
            self._sur(ligne.numero, ligne.section, "", "Ni une section, ni une clé, ni un commentaire.")

    def _sur(self, numero: int, section: str, cle: str, message: str) -> None:
        self.anomalies.append(Anomalie(section, cle, numero, message, grave=False))


def est_tronque(octets: bytes) -> bool:
    """Emptied by a tool that failed, or by a crash, which leaves NULs: as good as absent."""
    return len(octets.strip(b"\0 \t\r\n")) < TAILLE_MIN


def entier(texte: str) -> int | None:
    """A plain decimal number."""
    return int(texte) if _ENTIER.fullmatch(texte) else None


def entiers(texte: str) -> tuple[int, ...]:
    """``1,2`` → (1, 2); () when anything else is there."""
    nombres = [entier(morceau.strip()) for morceau in texte.split(",")]
    return tuple(n for n in nombres if n is not None) if None not in nombres else ()
