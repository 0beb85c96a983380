"""A chip in memory: files in folders, SELECT, READ BINARY, GET RESPONSE, and the habits of T=0.

Data never comes with a command that carried some: the card answers ``61xx`` and keeps it for GET RESPONSE; a wrong
expected length is answered ``6Cxx``; reading at the end of a file is ``6B00``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sesam_desktop.cartes import tlv
from sesam_desktop.cartes.tlv import Tlv

FAIT = b"\x90\x00"
FICHIER_INTROUVABLE, CONDITIONS, LONGUEUR_FAUSSE = b"\x6a\x82", b"\x69\x82", b"\x67\x00"
PARAMETRES, SANS_FICHIER, INCONNUE, AU_DELA = b"\x6a\x86", b"\x69\x86", b"\x6d\x00", b"\x6b\x00"
HORS_SEQUENCE, REFERENCE_INCONNUE = b"\x69\x85", b"\x6a\x88"


@dataclass
class Fichier:
    """One elementary file. `protege`: needs the code porteur; `lisible` False: refused to everybody."""

    fid: int
    contenu: bytes = b""
    sfi: int | None = None
    protege: bool = False
    lisible: bool = True


SANS_FID = -1


@dataclass
class Dossier:
    """The master file, a folder or an application (selected by its AID alone: SANS_FID)."""

    fid: int
    aid: bytes = b""
    fichiers: list[Fichier] = field(default_factory=list)


@dataclass(frozen=True)
class Commande:
    """A command cut in its parts. `le` is None when no length was expected."""

    cla: int
    ins: int
    p1: int
    p2: int
    donnees: bytes = b""
    le: int | None = None

    @property
    def p1p2(self) -> int:
        return self.p1 << 8 | self.p2


def lire_commande(apdu: bytes) -> Commande | None:
    """None when the bytes are no short command."""
    if len(apdu) < 4:
        return None
    cla, ins, p1, p2 = apdu[:4]
    if len(apdu) <= 5:
        return Commande(cla, ins, p1, p2, le=(apdu[4] or 256) if len(apdu) == 5 else None)
    fin = 5 + apdu[4]
    if not apdu[4] or len(apdu) not in (fin, fin + 1):
        return None
    return Commande(cla, ins, p1, p2, apdu[5:fin], (apdu[fin] or 256) if len(apdu) > fin else None)


class PuceVirtuelle:
    """Base of both cards. `latence` is the time, in seconds, a real chip would take for each command."""

    def __init__(self, atr: bytes, dossiers: list[Dossier], latence: float = 0.0) -> None:
        self.atr = atr
        self.latence = latence
        self._dossiers = dossiers
        self.reset()

    def reset(self) -> None:
        """Power cut: master file selected, nothing pending."""
        self._dossier = self._dossiers[0]
        self._fichier: Fichier | None = None
        self._attente = b""

    def traiter(self, apdu: bytes) -> bytes:
        """Answer one command. Never raises, whatever the bytes."""
        if self.latence:
            time.sleep(self.latence)
        commande = lire_commande(apdu)
        if commande is None:
            return LONGUEUR_FAUSSE
        if commande.ins == 0xC0:
            return self._suite(commande)
        self._attente = b""
        return self._executer(commande)

    def _executer(self, commande: Commande) -> bytes:
        if commande.ins == 0xA4:
            return self._choisir(commande)
        if commande.ins == 0xB0:
            return self._lire(commande)
        return INCONNUE

    def _autorise(self, fichier: Fichier) -> bool:
        return fichier.lisible and not fichier.protege

    def _differer(self, donnees: bytes) -> bytes:
        """Keep `donnees` for GET RESPONSE."""
        self._attente = donnees
        return bytes([0x61, len(donnees) & 0xFF]) if donnees else FAIT

    def _suite(self, commande: Commande) -> bytes:
        morceau = self._attente[: commande.le or 256]
        self._attente = self._attente[len(morceau) :]
        if not morceau:
            return HORS_SEQUENCE
        return morceau + (bytes([0x61, min(len(self._attente), 255)]) if self._attente else FAIT)

    def _choisir(self, commande: Commande) -> bytes:
        if commande.p1 == 0x04:
            return self._choisir_dossier(lambda d: bool(d.aid) and d.aid == commande.donnees)
        if commande.p1 in (0x00, 0x02) and len(commande.donnees) in (0, 2):
            return self._choisir_fid(int.from_bytes(commande.donnees or b"\x3f\x00", "big"))
        if commande.p1 in (0x08, 0x09) and commande.donnees and len(commande.donnees) % 2 == 0:
            return self._choisir_chemin(commande)
        return PARAMETRES

    def _choisir_chemin(self, commande: Commande) -> bytes:
        depart = (self._dossier, self._fichier)
        if commande.p1 == 0x08:
            self._dossier = self._dossiers[0]
        reponse = FAIT
        for i in range(0, len(commande.donnees), 2):
            reponse = self._choisir_fid(int.from_bytes(commande.donnees[i : i + 2], "big"))
            if reponse == FICHIER_INTROUVABLE:
                self._dossier, self._fichier = depart
                return reponse
        return reponse

    def _choisir_fid(self, fid: int) -> bytes:
        for fichier in self._dossier.fichiers:
            if fichier.fid == fid:
                self._fichier = fichier
                champs = [Tlv(0x80, len(fichier.contenu).to_bytes(2, "big")), Tlv(0x83, fid.to_bytes(2, "big"))]
                return self._differer(tlv.ecrire([Tlv(0x62, tlv.ecrire(champs))]))
        return self._choisir_dossier(lambda dossier: dossier.fid == fid)

    def _choisir_dossier(self, critere: Callable[[Dossier], bool]) -> bytes:
        for dossier in self._dossiers:
            if critere(dossier):
                self._dossier, self._fichier = dossier, None
                nom = Tlv(0x84, dossier.aid) if dossier.aid else Tlv(0x83, dossier.fid.to_bytes(2, "big"))
                return self._differer(tlv.ecrire([Tlv(0x6F, tlv.ecrire([nom]))]))
        return FICHIER_INTROUVABLE

    def _lire(self, commande: Commande) -> bytes:
        decalage = commande.p1p2
        if commande.p1 & 0x80:
            sfi, decalage = commande.p1 & 0x1F, commande.p2
            self._fichier = next((f for f in self._dossier.fichiers if f.sfi == sfi), None)
            if self._fichier is None:
                return FICHIER_INTROUVABLE
        if self._fichier is None:
            return SANS_FICHIER
        if not self._autorise(self._fichier):
            return CONDITIONS
        return self._servir(self._fichier.contenu[decalage:], commande.le or 256)

    @staticmethod
    def _servir(reste: bytes, le: int) -> bytes:
        if not reste:
            return AU_DELA
        return reste[:le] + FAIT if len(reste) >= le else bytes([0x6C, len(reste)])


def remplir(octets: bytes, taille: int) -> bytes:
    """Zero padding up to the fixed size of the file."""
    return octets.ljust(taille, b"\0")
