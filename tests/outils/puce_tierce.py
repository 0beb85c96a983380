"""A Vitale 2 and a CPS3 by another maker: written from the public layout alone, with nothing of `sesam_desktop`.

Where ISO 7816-4 or the public layout leaves a choice, `Habitudes` takes another one than our own virtual cards: a
reader that only works with ours fails here. Nothing in it signs or checks a code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

ATR_VITALE = bytes.fromhex("3B7513000047 09EA 9000")
ATR_CPS = bytes.fromhex("3BAC00402A 00122500648000031000 9000")
NOM_DU_MAITRE = b"\xd2\x50\x00\x00\x02MF_VITALE"
NOM_VITALE = b"\xd2\x50\x00\x00\x02VITALE"
INTROUVABLE, INTERDIT, HORS_FICHIER = 0x6A82, 0x6982, 0x6B00


@dataclass(frozen=True)
class Habitudes:
    """One maker's choices.

    trop_demande    a reading beyond what is given at once: ``6C`` (T=0), ``court`` (fewer bytes, T=1), ``6700``
    apres_la_fin    status of a reading past the last byte
    chemins         how a file is selected: ``pas`` (identifiers only), ``09`` or ``08`` (paths only, P1)
    gabarit         a SELECT announces its template (``61``) or gives nothing (``rien``)
    select          status of a SELECT that worked: 9000, or a warning
    longueurs       bytes of a length at least: 1, 2 (``81 xx``) or 3 (``82 xx xx``)
    """

    lecture_max: int = 256
    trop_demande: str = "6C"
    fin_annoncee: bool = False
    apres_la_fin: int = HORS_FICHIER
    chemins: str = "pas"
    gabarit: str = "61"
    select: int = 0x9000
    longueurs: int = 1
    bourrage: bytes = b"\0"
    maitre_par_nom: bool = False


@dataclass
class Noeud:
    """A file, a folder or an application."""

    fid: int = 0
    contenu: bytes = b""
    sfi: int = 0
    nom: bytes = b""
    enfants: list[Noeud] = field(default_factory=list)
    interdit: bool = False


class PuceTierce:
    """Answers commands over a tree of nodes; `commandes` keeps what it was sent."""

    def __init__(self, atr: bytes, racines: Sequence[Noeud], habitudes: Habitudes) -> None:
        self.atr = atr
        self.commandes: list[bytes] = []
        self._racines = racines
        self._h = habitudes
        self.reset()

    def reset(self) -> None:
        self._dossier: Noeud = self._racines[0]
        self._fichier: Noeud | None = None
        self._gabarit = b""

    def traiter(self, apdu: bytes) -> bytes:
        self.commandes.append(apdu)
        ins = apdu[1] if len(apdu) > 1 else 0
        traitement = {0xA4: self._select, 0xB0: self._read, 0xC0: self._get_response}.get(ins)
        donnees, sw = traitement(apdu) if traitement else (b"", 0x6D00)
        return donnees + sw.to_bytes(2, "big")

    def _select(self, apdu: bytes) -> tuple[bytes, int]:
        p1, nom = apdu[2], apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b""
        cible = self._par_nom(nom) if p1 == 0x04 else self._par_chemin(p1, nom)
        if cible is None:
            return b"", INTROUVABLE
        if cible.enfants or cible in self._racines:
            self._dossier, self._fichier = cible, None
        else:
            self._fichier = cible
        if self._h.gabarit == "rien":
            return b"", self._h.select
        self._gabarit = bytes([0x6F, 4, 0x83, 2]) + cible.fid.to_bytes(2, "big")
        return b"", 0x6100 | len(self._gabarit)

    def _get_response(self, apdu: bytes) -> tuple[bytes, int]:
        donnees, self._gabarit = self._gabarit[: apdu[4] or 256], b""
        return (donnees, self._h.select) if donnees else (b"", 0x6985)

    def _par_nom(self, nom: bytes) -> Noeud | None:
        return next((racine for racine in self._racines if racine.nom and racine.nom == nom), None)

    def _par_chemin(self, p1: int, nom: bytes) -> Noeud | None:
        pas = [int.from_bytes(nom[i : i + 2], "big") for i in range(0, len(nom), 2)]
        if self._h.chemins == "pas" or self._seul_le_maitre(pas):
            return self._enfant(self._dossier, pas[0]) if p1 in (0x00, 0x02) and len(pas) == 1 else None
        if p1 != int(self._h.chemins, 16) or not pas:
            return None
        depart = pas[1:] if p1 == 0x09 and pas[0] == 0x3F00 else pas
        noeud: Noeud | None = self._racines[0]
        for fid in depart:
            noeud = self._enfant(noeud, fid) if noeud is not None else None
        return noeud

    @staticmethod
    def _seul_le_maitre(pas: list[int]) -> bool:
        return pas == [0x3F00]

    def _enfant(self, dossier: Noeud, fid: int) -> Noeud | None:
        if fid == 0x3F00:
            return None if self._h.maitre_par_nom else self._racines[0]
        return next((enfant for enfant in dossier.enfants if enfant.fid == fid), None)

    def _read(self, apdu: bytes) -> tuple[bytes, int]:
        position, demande = int.from_bytes(apdu[2:4], "big"), (apdu[4] or 256) if len(apdu) == 5 else 0
        if apdu[2] & 0x80:
            position = apdu[3]
            self._fichier = next((e for e in self._dossier.enfants if e.sfi == apdu[2] & 0x1F), None)
        if self._fichier is None:
            return b"", INTROUVABLE
        if self._fichier.interdit:
            return b"", INTERDIT
        return self._donner(self._fichier.contenu[position:], demande)

    def _donner(self, reste: bytes, demande: int) -> tuple[bytes, int]:
        if not reste:
            return b"", self._h.apres_la_fin
        possible = min(len(reste), self._h.lecture_max)
        if demande <= possible:
            return reste[:demande], 0x9000
        if self._h.fin_annoncee and len(reste) <= self._h.lecture_max:
            return reste, 0x6282
        if self._h.trop_demande == "court":
            return reste[:possible], 0x9000
        return b"", 0x6700 if self._h.trop_demande == "6700" else 0x6C00 | (possible & 0xFF)


def tlv(etiquette: int, valeur: bytes, longueurs: int = 1) -> bytes:
    """One object, its length written on `longueurs` bytes at least."""
    tete = etiquette.to_bytes(2 if etiquette > 0xFF else 1, "big")
    if longueurs == 1 and len(valeur) < 0x80:
        return tete + bytes([len(valeur)]) + valeur
    suite = max(longueurs - 1, (len(valeur).bit_length() + 7) // 8)
    return tete + bytes([0x80 | suite]) + len(valeur).to_bytes(suite, "big") + valeur


@dataclass(frozen=True)
class Titulaire:
    """One person on the card."""

    nom: str
    prenom: str
    naissance: str
    nir: str
    pays: str = "FRA"


def vitale(
    titulaires: Sequence[Titulaire], habitudes: Habitudes | None = None, *, ensemble: int = 99, nirs_ensemble: int = 99
) -> PuceTierce:
    """A Vitale 2; the first `ensemble` holders are behind the short identifier, the others in a file of the map."""
    h = habitudes or Habitudes()
    certificat = tlv(0x7F21, tlv(0x5F37, bytes(range(1, 60)), h.longueurs) + tlv(0x5F38, b"\x11" * 20), h.longueurs)
    carte = tlv(0x66, tlv(0x80, b"20230615", h.longueurs), h.longueurs)
    personnes = [_identite(t, h) for t in titulaires]
    nirs = [tlv(0x65, tlv(0x93, t.nir.encode("latin-1"), h.longueurs), h.longueurs) for t in titulaires]
    remplir = h.bourrage * 37
    maitre = Noeud(0x3F00, nom=NOM_DU_MAITRE)
    maitre.enfants = [
        Noeud(0x2F00, tlv(0x61, tlv(0x4F, NOM_VITALE))),
        Noeud(0x2F02, tlv(0x5A, b"\x12\x34")),
        Noeud(0x0C01, carte + certificat + b"".join(personnes[:ensemble]) + remplir, sfi=2),
        Noeud(0x0C02, b"".join(personnes[ensemble:]) + remplir),
        Noeud(0x0C03, b"\xff\xd8\xff\xe0 une photo n'est pas du TLV", interdit=False),
        Noeud(0x0C04, interdit=True),
        Noeud(0x0C05, b"\x04\x00\x55\x55"),
    ]
    application = Noeud(nom=NOM_VITALE)
    application.enfants = [
        Noeud(0x0D07, b"".join(nirs[:nirs_ensemble]) + certificat + remplir, sfi=2),
        Noeud(0x0D08, b"".join(nirs[nirs_ensemble:])),
        Noeud(0x2001, _plan(maitre, application, h) + remplir),
    ]
    return PuceTierce(ATR_VITALE, [maitre, application], h)


def cps(numero: bytes, habitudes: Habitudes | None = None, *, actualisation: bytes | None = None) -> PuceTierce:
    """A CPS3 in clear: serial number, date of update (end written before the start), one situation nobody can read."""
    h = habitudes or Habitudes()
    dates = tlv(0x82, b"20250902", h.longueurs) + tlv(0x81, b"20250901", h.longueurs)
    actua = tlv(0xEC, dates, h.longueurs) + h.bourrage * 9 if actualisation is None else actualisation
    situations = Noeud(0x0001, enfants=[Noeud(0xD121, interdit=True), Noeud(0x7001, b"\x01")])
    serie = bytes.fromhex("5A0A8025000001") + numero + h.bourrage * 4
    enfants = [Noeud(0xD010, actua), situations, Noeud(0xD003, serie)]
    return PuceTierce(ATR_CPS, [Noeud(0x3F00, enfants=enfants)], h)


def _identite(t: Titulaire, h: Habitudes) -> bytes:
    """Fields in another order than ours, names filled with blanks, one object nobody published."""
    champs = (
        (0x82, t.naissance.encode("ascii")),
        (0x90, t.pays.encode("ascii")),
        (0x9A, b"\x00\xff"),
        (0x81, t.prenom.encode("latin-1").ljust(25)),
        (0x80, t.nom.encode("latin-1").ljust(25)),
    )
    return tlv(0x65, b"".join(tlv(etiquette, valeur, h.longueurs) for etiquette, valeur in champs), h.longueurs)


def _plan(maitre: Noeud, application: Noeud, h: Habitudes) -> bytes:
    """Entries numbered from the end, a file listed twice."""
    entrees = {b"\x00\x09": application, b"\x00\x04": maitre}
    noms = b"".join(tlv(0x82, numero + b"\xa5\xa5" + noeud.nom) for numero, noeud in entrees.items())
    fichiers = [(b"\x00\x04", f) for f in (0x0C01, 0x0C02, 0x0C03, 0x0C04, 0x0C05, 0x0C02)]
    fichiers += [(b"\x00\x09", f) for f in (0x0D07, 0x0D08)]
    corps = [
        tlv(0x80, f"F{rang}".encode().ljust(8) + entree + fid.to_bytes(2, "big"), h.longueurs)
        for rang, (entree, fid) in enumerate(fichiers)
    ]
    return tlv(0xE0, tlv(0xA0, noms, h.longueurs) + b"".join(corps), h.longueurs)
