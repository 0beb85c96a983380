"""Opposition lists: serial numbers of Vitale cards that must not secure an invoice.

The real file format is not public. Project profile: a complete list (C) or an increment (I) is a text file

    E;LOI;<list number>;<base list>;<AAAAMMJJ>;<I|C>
    A;<serial number>   added          S;<serial number>   taken out
    F;<number of A and S lines>;<SHA-256, in hex, of those lines, each ended by LF>

Numbers are stored only as HMAC-SHA256 under a key of this workstation's profile, and are never put in a message.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sesam_desktop.base.fichiers import traduire
from sesam_desktop.noyau.dates import formater, lire_aaaammjj, lire_iso
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue, FormatInvalide

from .depot import BaseDroits, EtatListe
from .tod import VersionTable

_NOM = "oppositions"
_TEMOIN = b"temoin de la cle"
_ENTETE = re.compile(rb"E;LOI;([0-9]{1,9});([0-9]{1,9});([0-9]{8});([IC])")
_MOUVEMENT = re.compile(rb"([AS]);([0-9A-Z]{1,20})")
_FIN = re.compile(rb"F;([0-9]{1,9});([0-9a-f]{64})")
_PAQUET = 5000


@dataclass(frozen=True, slots=True)
class Opposition:
    """The card is on the list."""

    motif: str
    version: str
    date: str


@dataclass(frozen=True, slots=True)
class Entete:
    """First line of a list."""

    numero: int
    base: int
    date: str
    complete: bool


class Oppositions:
    """The list of this workstation. `cle` hashes the numbers; changing it makes the stored list unreadable."""

    def __init__(self, base: BaseDroits, cle: bytes) -> None:
        if len(cle) < 16:
            raise ValueError("the key must hold at least 16 bytes")
        self._base = base
        self._cle = cle

    def importer(self, chemin: Path) -> VersionTable:
        """Replace the whole list by a complete one (LOE)."""
        return self._lire(chemin, complete=True)

    def appliquer(self, chemin: Path) -> VersionTable:
        """Apply an increment (LOI); refused when its base list is not the one installed."""
        return self._lire(chemin, complete=False)

    def version(self) -> VersionTable | None:
        """The list in use, None before the first import."""
        etat = self._base.etat(_NOM)
        return VersionTable(etat.version, etat.date, etat.effectif) if etat else None

    def verifier(self, numero_serie: str) -> Opposition | None:
        """The opposition on this card, None when it has none or when no list is installed (see `version`)."""
        brut = numero_serie.strip().upper().encode("ascii", "replace")
        if not re.fullmatch(rb"[0-9A-Z]{1,20}", brut):
            raise EntreeInvalide("Le numéro de série de la carte est illisible.", code="NUMERO_SERIE_INVALIDE")
        etat = self._base.etat(_NOM)
        if etat is None:
            return None
        self._exiger_cle(etat)
        if not self._base.est_oppose(self._condensat(brut)):
            return None
        jour = formater(lire_iso(etat.date))
        return Opposition(
            f"Carte inscrite sur la liste d'opposition n° {etat.version} du {jour}.", etat.version, etat.date
        )

    def _lire(self, chemin: Path, *, complete: bool) -> VersionTable:
        try:
            with chemin.open("rb") as flux:
                lignes = _lignes(flux)
                entete = _entete(next(lignes, (1, b""))[1], chemin.name)
                etat = self._base.etat(_NOM)
                self._exiger_suite(entete, etat, complete, chemin.name)
                with self._base.transaction():
                    if complete:
                        self._base.vider_oppositions()
                    for ajouts, retraits in _paquets(lignes, chemin.name):
                        self._base.opposer((self._condensat(n),) for n in ajouts)
                        self._base.lever((self._condensat(n),) for n in retraits)
                    table = VersionTable(str(entete.numero), entete.date, self._base.compter_oppositions())
                    self._base.noter(_NOM, EtatListe(table.version, table.date, table.effectif, self._temoin()))
        except OSError as erreur:
            raise traduire(erreur, chemin) from erreur
        return table

    def _exiger_suite(self, entete: Entete, etat: EtatListe | None, complete: bool, fichier: str) -> None:
        if entete.complete != complete:
            attendu = "« loe appliquer »" if complete else "« loe importer »"
            genre = "complète" if entete.complete else "incrémentale"
            raise _refus(f"Cette liste d'opposition est {genre}.", fichier, 1, action=f"Utilisez {attendu}.")
        if complete:
            return
        if etat is None or entete.base != int(etat.version) or entete.numero <= entete.base:
            installee = f"la liste n° {etat.version} est installée" if etat else "aucune liste n'est installée"
            raise _refus(
                f"Cet incrément part de la liste n° {entete.base}, or {installee}.",
                fichier,
                1,
                code="LISTE_NON_CONSECUTIVE",
                action="Appliquez les incréments manquants dans l'ordre, ou importez une liste complète.",
            )
        self._exiger_cle(etat)

    def _exiger_cle(self, etat: EtatListe) -> None:
        if not hmac.compare_digest(etat.temoin or b"", self._temoin()):
            raise ErreurConnue(
                "La liste d'opposition a été enregistrée avec une autre clé : elle ne peut plus être consultée.",
                code="CLE_OPPOSITIONS",
                action="Importez de nouveau une liste complète.",
            )

    def _temoin(self) -> bytes:
        return hmac.digest(self._cle, _TEMOIN, "sha256")

    def _condensat(self, numero: bytes) -> bytes:
        """Leading zeros do not count: cards write the number on 8 or 9 characters."""
        return hmac.digest(self._cle, numero.lstrip(b"0"), "sha256")


def _lignes(flux: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    for rang, ligne in enumerate(flux, 1):
        yield rang, ligne.rstrip(b"\r\n")


def _entete(ligne: bytes, fichier: str) -> Entete:
    trouve = _ENTETE.fullmatch(ligne)
    jour = lire_aaaammjj(trouve[3].decode()) if trouve else None
    if not trouve or jour is None:
        raise _refus("La première ligne n'est pas celle d'une liste d'opposition.", fichier, 1)
    return Entete(int(trouve[1]), int(trouve[2]), jour.isoformat(), trouve[4] == b"C")


def _paquets(lignes: Iterator[tuple[int, bytes]], fichier: str) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """Numbers to add and to take out, by packets that keep the order of the file; checks count and hash at the end."""
    controle = hashlib.sha256()
    paquet: dict[bytes, bytes] = {}
    for rang, ligne in lignes:
        if fin := _FIN.fullmatch(ligne):
            _exiger_fin(fin, rang - 2, controle.hexdigest(), fichier, rang)
            _exiger_rien_apres(lignes, fichier)
            yield _separer(paquet)
            return
        mouvement = _MOUVEMENT.fullmatch(ligne)
        if not mouvement:
            raise _refus("Cette ligne n'est ni un ajout, ni une suppression, ni la fin de la liste.", fichier, rang)
        controle.update(ligne + b"\n")
        paquet[mouvement[2].lstrip(b"0")] = mouvement[1]
        if len(paquet) >= _PAQUET:
            yield _separer(paquet)
            paquet = {}
    raise _refus("La ligne de fin manque : le fichier est incomplet.", fichier)


def _separer(paquet: dict[bytes, bytes]) -> tuple[list[bytes], list[bytes]]:
    return [n for n, sens in paquet.items() if sens == b"A"], [n for n, sens in paquet.items() if sens == b"S"]


def _exiger_fin(fin: re.Match[bytes], nombre: int, empreinte: str, fichier: str, rang: int) -> None:
    if int(fin[1]) != nombre:
        raise _refus(f"La liste annonce {int(fin[1])} lignes et en contient {nombre}.", fichier, rang)
    if fin[2].decode() != empreinte:
        raise _refus("Le contrôle SHA-256 ne correspond pas : le fichier a été altéré.", fichier, rang)


def _exiger_rien_apres(lignes: Iterator[tuple[int, bytes]], fichier: str) -> None:
    for rang, ligne in lignes:
        if ligne:
            raise _refus("Il y a du texte après la ligne de fin.", fichier, rang)


def _refus(
    message: str, fichier: str, ligne: int = 0, *, code: str = "LISTE_OPPOSITION_INVALIDE", action: str = ""
) -> FormatInvalide:
    suite = action or "Téléchargez-la de nouveau ; la liste en service n'a pas été modifiée."
    return FormatInvalide(message, code=code, fichier=fichier, ligne=ligne, action=suite)
