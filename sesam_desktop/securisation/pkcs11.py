"""Signing with the professional's card through its PKCS#11 module (`cps3_pkcs11`, or SoftHSM2 in tests).

One session is opened with the code and kept; the code is presented once and never again by itself: three wrong tries
lock a card for good. The module's path is a setting of the workstation.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sesam_desktop.noyau.erreurs import ErreurConnue

from .pkcs11_jetons import EtatCode, Jeton, choisir, etat_code, exiger_code_presentable, lister, traduire
from .pkcs11_module import DELAI, ModulePkcs11
from .signature import PS

journal = logging.getLogger(__name__)

_LIBELLE_SIGNATURE = "Signature"  # a CPS holds two certificates; the one of signature says so in its label
_DELAI_FERMETURE = 5.0


@dataclass(frozen=True, slots=True)
class ObjetPublic:
    """A data object readable without the code (``CPS_NAME_PS``, ``CPS_INFO_PS``…), with the card's own raw ASN.1."""

    libelle: str
    contenu: bytes = field(repr=False)  # names and numbers: never printed

    @property
    def taille(self) -> int:
        """Bytes of the content."""
        return len(self.contenu)


class SignatairePkcs11:
    """The card found by `module`, logged in with `code`. `etiquette` and `numero_serie` choose among several."""

    porteur = PS

    def __init__(
        self, module: Path, code: str, *, etiquette: str = "", numero_serie: str = "", delai: float = DELAI
    ) -> None:
        self._module = ModulePkcs11(module, delai)
        self._jeton, self._session, self._cle, self._certificat = self._module.faire(
            lambda bibliotheque: _ouvrir(choisir(bibliotheque, etiquette, numero_serie), code),
            defaire=lambda ouvert: _fermer(ouvert[1]),
        )

    def certificat(self) -> bytes:
        return self._certificat

    def signer(self, octets: bytes) -> bytes:
        return self._module.faire(lambda _: self._signer(octets))

    def fermer(self) -> None:
        """Log out, as soon as the module answers again if it does not. Harmless when the card is already gone."""
        try:
            self._module.finir(lambda: _fermer(self._session), _DELAI_FERMETURE)
        except ErreurConnue as erreur:
            journal.info("la carte du professionnel n'a pas été fermée : %s", erreur.code)

    def _signer(self, octets: bytes) -> bytes:
        from pkcs11 import Mechanism

        with traduire(self._jeton):
            return bytes(self._cle.sign(octets, mechanism=Mechanism.SHA256_RSA_PKCS))

    def __repr__(self) -> str:
        return "<SignatairePkcs11>"


def jetons(module: Path) -> list[Jeton]:
    """The cards `module` sees, with what each tells of its code: no code is needed, no try is lost."""
    return ModulePkcs11(module).faire(lister)


def etat_du_code(module: Path, *, etiquette: str = "", numero_serie: str = "") -> EtatCode:
    """What the card tells of its code porteur, before it is typed."""
    return ModulePkcs11(module).faire(lambda lib: etat_code(choisir(lib, etiquette, numero_serie)))


def objets_publics(module: Path, *, etiquette: str = "", numero_serie: str = "") -> list[ObjetPublic]:
    """The data objects of the card that need no code, in the order of the card."""
    return ModulePkcs11(module).faire(lambda lib: _lire_publics(choisir(lib, etiquette, numero_serie)))


def _ouvrir(jeton: Any, code: str) -> tuple[Any, Any, Any, bytes]:
    """Log in, then find the key. A card without any is logged out again."""
    exiger_code_presentable(jeton)
    with traduire(jeton):
        session = jeton.open(user_pin=code)
    try:
        with traduire(jeton):
            return jeton, session, *_choisir_cle(session)
    except BaseException:
        _fermer(session)
        raise


def _fermer(session: Any) -> None:
    from pkcs11.exceptions import PKCS11Error

    try:
        session.close()
    except PKCS11Error:
        return


def _choisir_cle(session: Any) -> tuple[Any, bytes]:
    """The signature key and its certificate: two objects with the same identifier."""
    from pkcs11 import Attribute, ObjectClass

    certificats = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}))
    certificats.sort(key=lambda c: _LIBELLE_SIGNATURE not in c[Attribute.LABEL])
    for certificat in certificats:
        cles = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: certificat[Attribute.ID]})
        for cle in cles:
            return cle, bytes(certificat[Attribute.VALUE])
    raise ErreurConnue(
        "La carte du professionnel ne contient pas de clé de signature.", code="CARTE_SANS_SIGNATURE",
        action="Utilisez une carte CPS en état de signer.",
    )


def _lire_publics(jeton: Any) -> list[ObjetPublic]:
    from pkcs11 import Attribute, ObjectClass

    voulus = {Attribute.CLASS: ObjectClass.DATA, Attribute.PRIVATE: False}
    with traduire(jeton):
        session = jeton.open()
        try:
            trouves = list(session.get_objects(voulus))
            return [ObjetPublic(objet[Attribute.LABEL], bytes(objet[Attribute.VALUE])) for objet in trouves]
        finally:
            _fermer(session)
