"""The public directory of the organismes' certificates, asked by LDAP: anonymous, bounded in time and in answers.

Published for establishments [S4]: the certificate of an address stands under its common name, attribute
``userCertificate``, below ``ou=AC-FACTURATION,ou=AC-SESAM-VITALE-2034,o=sesam-vitale,c=fr``; at most ten answers; a
branch ``-TEST`` besides. How the two names of that branch are written is a reading of the project: it is a setting.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sesam_desktop.noyau.erreurs import ErreurConnue

if TYPE_CHECKING:
    from ldap3 import Connection

REPONSES_MAXIMUM = 10
BASE = "ou=AC-FACTURATION,ou=AC-SESAM-VITALE-2034,o=sesam-vitale,c=fr"
BASE_TEST = "ou=AC-FACTURATION-TEST,ou=AC-SESAM-VITALE-2034-TEST,o=sesam-vitale,c=fr"
LDAPS, SANS = "ldaps", "aucune"
_MAL_ECRIT = (ValueError, TypeError, KeyError, IndexError, AttributeError)  # what a damaged answer gives the library
_ATTRIBUT = "userCertificate;binary"
_OCTETS_MAXIMUM = 1_000_000  # of all that one look-up reads: ten entries weigh some tens of kilobytes
_TROUVES = {0, 3, 4, 32}  # success, time or size limit with part of the answer, no such object


@dataclass(frozen=True, slots=True)
class ParametresAnnuaire:
    """Where the directory is. `ca` None trusts the system's authorities; it matters to LDAPS alone."""

    hote: str = "annuaire.sesam-vitale.fr"
    port: int = 389
    protection: str = SANS
    base: str = BASE
    ca: Path | None = None
    delai_s: int = 15              # longest silence, and longest look-up once connected, in whole seconds


class AnnuaireLdap:
    """One look-up, one connection. `connexion` builds it (a directory in memory, in tests)."""

    def __init__(self, parametres: ParametresAnnuaire, connexion: Callable[[], Connection] | None = None) -> None:
        self._parametres = parametres
        self._connexion = connexion or self._ouvrir

    @property
    def protege(self) -> bool:
        """Whether what it answers was read through a server whose certificate was checked."""
        return self._parametres.protection == LDAPS

    def chercher(self, adresse: str) -> list[bytes]:
        """DER certificates published for `adresse`, none when it is not there.

        Raises ANNUAIRE_INJOIGNABLE, ANNUAIRE_REFUS.
        """
        connexion = self._connexion()
        try:
            with _anciens_usages():
                _borner(connexion, self._parametres.delai_s)
                connexion.bind()
            return self._lire(connexion, adresse)
        except (_ldap3().core.exceptions.LDAPException, OSError, *_MAL_ECRIT) as erreur:
            raise ErreurConnue(
                "L'annuaire des organismes ne répond pas.", code="ANNUAIRE_INJOIGNABLE",
                ou=f"{self._parametres.hote}:{self._parametres.port}",
                action="Vérifiez la connexion à Internet et les réglages de l'annuaire, ou importez le certificat"
                " depuis un fichier.",
            ) from erreur
        finally:
            _fermer(connexion)

    def _lire(self, connexion: Connection, adresse: str) -> list[bytes]:
        ldap3 = _ldap3()
        filtre = f"(cn={ldap3.utils.conv.escape_filter_chars(adresse)})"
        connexion.search(
            self._parametres.base, filtre, ldap3.SUBTREE, attributes=[_ATTRIBUT],
            size_limit=REPONSES_MAXIMUM, time_limit=self._parametres.delai_s,
        )
        if connexion.result["result"] not in _TROUVES:
            raise ErreurConnue(
                f"L'annuaire des organismes refuse la recherche ({connexion.result['description']}).",
                code="ANNUAIRE_REFUS", action="Vérifiez la base de recherche dans les réglages de l'annuaire.",
            )
        return [octets for entree in connexion.response[:REPONSES_MAXIMUM] for octets in _certificats(entree)]

    def _ouvrir(self) -> Connection:
        import ssl

        ldap3, p = _ldap3(), self._parametres
        ca = str(p.ca) if p.ca else None
        tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=ca, version=ssl.PROTOCOL_TLS_CLIENT)
        serveur = ldap3.Server(
            p.hote, p.port, use_ssl=self.protege, tls=tls if self.protege else None, get_info=ldap3.NONE,
            connect_timeout=p.delai_s,
        )
        return ldap3.Connection(
            serveur, client_strategy=ldap3.SYNC, read_only=True, receive_timeout=p.delai_s,
            auto_referrals=False,
        )


class _PriseBornee:
    """The socket of a look-up, that gives up on a directory which never ends its answer."""

    def __init__(self, prise: Any, delai_s: int) -> None:
        self._prise, self._reste = prise, _OCTETS_MAXIMUM
        self._fin = time.monotonic() + delai_s

    def recv(self, taille: int) -> bytes:
        octets: bytes = self._prise.recv(taille)
        self._reste -= len(octets)
        if not octets or self._reste < 0 or time.monotonic() > self._fin:
            raise ConnectionError("answer cut, or without end")
        return octets

    def __getattr__(self, nom: str) -> Any:
        return getattr(self._prise, nom)


def _borner(connexion: Connection, delai_s: int) -> None:
    connexion.open()
    if connexion.socket is not None:
        connexion.socket = _PriseBornee(connexion.socket, delai_s)


def _fermer(connexion: Connection) -> None:
    """Also the socket of a connection that did not open, which the library leaves; whatever was answered before."""
    with suppress(Exception):
        connexion.unbind()
    if connexion.socket is not None:
        connexion.socket.close()


def _ldap3() -> Any:
    """The library, imported when it is needed."""
    with _anciens_usages():
        import ldap3.core.exceptions
        import ldap3.utils.conv
    return ldap3


@contextmanager
def _anciens_usages() -> Iterator[None]:
    """It uses names that pyasn1 and ssl have deprecated: it has its own where Python has them no more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def _certificats(entree: dict[str, Any]) -> list[bytes]:
    """Values of the attribute, with or without its option in the name."""
    bruts = entree.get("raw_attributes", {})
    return [octets for nom, valeurs in bruts.items() if nom.lower().startswith("usercertificate") for octets in valeurs]
