"""The security part that travels beside a B2 file. Project format: the norm's own is not public.

It carries what securing adds to the clear file and nothing else: for each invoice its level, hash, signatures and
encrypted zones; for the file the wrapped session key and the lot signature, made over the SHA-256 of the clear file.
Written as canonical JSON (sorted keys, no blank, base64 for bytes), so that equal values give equal bytes.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, TypeVar

from sesam_desktop.noyau.erreurs import FormatInvalide

_T = TypeVar("_T")
VERSION = 1
TAILLE_MAX = 8_000_000
NIVEAUX = ("S", "V", "D", "N")
PORTEURS = ("vitale", "ps")


@dataclass(frozen=True, slots=True)
class SignatureJointe:
    """A signature and the certificate (DER) that verifies it. `signe_le` carries its UTC offset."""

    porteur: str
    algorithme: str
    valeur: bytes
    certificat: bytes
    signe_le: datetime


@dataclass(frozen=True, slots=True)
class FactureProtegee:
    """One invoice: `empreinte` is the SHA-256 (hex) of its clear records, `zones` its encrypted sensitive values."""

    numero: str
    niveau: str
    empreinte: str
    signatures: tuple[SignatureJointe, ...] = ()
    zones: bytes = b""


@dataclass(frozen=True, slots=True)
class CleEnveloppee:
    """The session key, wrapped for the organisme, and the profile of the zone encryption."""

    profil: str
    valeur: bytes


@dataclass(frozen=True, slots=True)
class Enveloppe:
    """`empreinte_fichier` is the SHA-256 (hex) of the whole clear B2 file."""

    empreinte_fichier: str
    factures: tuple[FactureProtegee, ...]
    cle: CleEnveloppee | None = None
    signature_lot: SignatureJointe | None = None
    version: int = VERSION


def en_octets(enveloppe: Enveloppe) -> bytes:
    """Canonical JSON."""
    brut = {
        "version": enveloppe.version,
        "empreinte_fichier": enveloppe.empreinte_fichier,
        "cle": {"profil": enveloppe.cle.profil, "valeur": _b64(enveloppe.cle.valeur)} if enveloppe.cle else None,
        "signature_lot": _signature_en_dict(enveloppe.signature_lot) if enveloppe.signature_lot else None,
        "factures": [_facture_en_dict(f) for f in enveloppe.factures],
    }
    return _canonique(brut)


def _canonique(brut: Any) -> bytes:
    return json.dumps(brut, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")


def _b64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")


def _facture_en_dict(facture: FactureProtegee) -> dict[str, Any]:
    return {
        "numero": facture.numero,
        "niveau": facture.niveau,
        "empreinte": facture.empreinte,
        "signatures": [_signature_en_dict(s) for s in facture.signatures],
        "zones": _b64(facture.zones),
    }


def _signature_en_dict(signature: SignatureJointe) -> dict[str, Any]:
    if signature.signe_le.tzinfo is None:
        _refuser("signe_le", "ne porte pas son fuseau")
    return {
        "porteur": signature.porteur,
        "algorithme": signature.algorithme,
        "valeur": _b64(signature.valeur),
        "certificat": _b64(signature.certificat),
        "signe_le": signature.signe_le.isoformat(),
    }


def depuis_octets(octets: bytes) -> Enveloppe:
    """Strict reading: unknown, missing or badly typed fields, and any other writing of the same JSON, are refused."""
    if len(octets) > TAILLE_MAX:
        _refuser("", "dépasse la taille admise", "TROP_GROS")
    brut = _Champs(_json(octets), "")
    if brut.entier("version") != VERSION:
        _refuser("version", "n'est pas une version connue", "VERSION")
    enveloppe = Enveloppe(
        empreinte_fichier=brut.texte("empreinte_fichier", _SHA256),
        factures=tuple(_facture(c) for c in brut.liste("factures")),
        cle=_facultatif(brut, "cle", _cle),
        signature_lot=_facultatif(brut, "signature_lot", _signature),
    )
    if en_octets(enveloppe) != octets:
        _refuser("", "n'est pas écrite sous sa forme canonique ou contient un champ inconnu", "NON_CANONIQUE")
    return enveloppe


_SHA256 = re.compile(r"[0-9a-f]{64}")
_NUMERO = re.compile(r"[0-9]{9}")
_COURT = re.compile(r"[A-Za-z0-9._-]{1,40}")


def _json(octets: bytes) -> Any:
    try:
        return json.loads(octets.decode("ascii"))
    except (ValueError, RecursionError):
        _refuser("", "n'est pas un document JSON lisible", "JSON")


def _refuser(champ: str, defaut: str, code: str = "CHAMP") -> NoReturn:
    sujet = f"Le champ de sécurisation « {champ} »" if champ else "La partie sécurisation du message"
    raise FormatInvalide(f"{sujet} {defaut}.", code=f"ENVELOPPE_{code}")


class _Champs:
    """Typed access to one JSON object; `chemin` names it in refusals."""

    def __init__(self, brut: Any, chemin: str) -> None:
        if not isinstance(brut, dict):
            _refuser(chemin, "n'est pas un objet")
        self.brut, self.chemin = brut, chemin

    def _prendre(self, nom: str, genre: type) -> Any:
        valeur = self.brut.get(nom)
        if type(valeur) is not genre:
            _refuser(self._ou(nom), "est absent ou n'a pas le type attendu")
        return valeur

    def _ou(self, nom: str) -> str:
        return f"{self.chemin}.{nom}" if self.chemin else nom

    def entier(self, nom: str) -> int:
        return self._prendre(nom, int)

    def texte(self, nom: str, motif: re.Pattern[str]) -> str:
        valeur = self._prendre(nom, str)
        if not motif.fullmatch(valeur):
            _refuser(self._ou(nom), "n'a pas la forme attendue")
        return valeur

    def parmi(self, nom: str, valeurs: tuple[str, ...]) -> str:
        valeur = self._prendre(nom, str)
        if valeur not in valeurs:
            _refuser(self._ou(nom), "n'a pas une valeur admise")
        return valeur

    def octets(self, nom: str) -> bytes:
        try:
            return base64.b64decode(self._prendre(nom, str), validate=True)
        except (binascii.Error, ValueError):
            _refuser(self._ou(nom), "n'est pas du base64")

    def instant(self, nom: str) -> datetime:
        try:
            instant = datetime.fromisoformat(self._prendre(nom, str))
        except ValueError:
            _refuser(self._ou(nom), "n'est pas un instant ISO 8601")
        if instant.tzinfo is None:
            _refuser(self._ou(nom), "ne porte pas son fuseau")
        return instant

    def objet(self, nom: str) -> _Champs:
        return _Champs(self.brut.get(nom), self._ou(nom))

    def liste(self, nom: str) -> list[_Champs]:
        return [_Champs(v, f"{self._ou(nom)}[{i}]") for i, v in enumerate(self._prendre(nom, list))]


def _facultatif(brut: _Champs, nom: str, lire: Callable[[_Champs], _T]) -> _T | None:
    return None if brut.brut.get(nom) is None else lire(brut.objet(nom))


def _cle(champs: _Champs) -> CleEnveloppee:
    return CleEnveloppee(champs.texte("profil", _COURT), champs.octets("valeur"))


def _signature(champs: _Champs) -> SignatureJointe:
    return SignatureJointe(
        porteur=champs.parmi("porteur", PORTEURS),
        algorithme=champs.texte("algorithme", _COURT),
        valeur=champs.octets("valeur"),
        certificat=champs.octets("certificat"),
        signe_le=champs.instant("signe_le"),
    )


def _facture(champs: _Champs) -> FactureProtegee:
    return FactureProtegee(
        numero=champs.texte("numero", _NUMERO),
        niveau=champs.parmi("niveau", NIVEAUX),
        empreinte=champs.texte("empreinte", _SHA256),
        signatures=tuple(_signature(s) for s in champs.liste("signatures")),
        zones=champs.octets("zones"),
    )
