"""Signing with the professional's card through its PKCS#11 module (`cps3_pkcs11`, or SoftHSM2 in tests).

One session is opened with the code and kept; the code is presented once and never again by itself: three wrong tries
lock a card for good. The module's path is a setting of the workstation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sesam_desktop.noyau.erreurs import ErreurConnue

from .signature import PS

_LIBELLE_SIGNATURE = "Signature"  # a CPS holds two certificates; the one of signature says so in its label
_ABSENTE = "Insérez la carte du professionnel, puis recommencez."


class SignatairePkcs11:
    """The card found by `module`, logged in with `code`. `etiquette` chooses a token when several are present."""

    porteur = PS

    def __init__(self, module: Path, code: str, *, etiquette: str = "") -> None:
        jeton = _jeton(_charger(module), etiquette)
        with _traduire(jeton):
            self._session = jeton.open(user_pin=code)
        try:
            with _traduire(jeton):
                self._cle, self._certificat = _choisir(self._session)
        except BaseException:
            self._session.close()
            raise
        self._jeton = jeton

    def certificat(self) -> bytes:
        return self._certificat

    def signer(self, octets: bytes) -> bytes:
        from pkcs11 import Mechanism

        with _traduire(self._jeton):
            return self._cle.sign(octets, mechanism=Mechanism.SHA256_RSA_PKCS)

    def fermer(self) -> None:
        """Log out. Harmless when the card is already gone."""
        from pkcs11.exceptions import PKCS11Error

        try:
            self._session.close()
        except PKCS11Error:
            return

    def __repr__(self) -> str:
        return "<SignatairePkcs11>"


def _charger(module: Path) -> Any:
    import pkcs11

    try:
        return pkcs11.lib(str(module))
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as erreur:
        raise ErreurConnue(
            "Le module de la carte du professionnel n'a pas pu être chargé.", code="MODULE_PKCS11_ABSENT",
            ou=str(module), action="Installez la Cryptolib CPS, ou corrigez son chemin dans Paramètres.",
        ) from erreur


def _jeton(bibliotheque: Any, etiquette: str) -> Any:
    from pkcs11 import TokenFlag

    for jeton in _jetons(bibliotheque):
        if TokenFlag.TOKEN_INITIALIZED in jeton.flags and etiquette in ("", jeton.label):
            return jeton
    raise ErreurConnue(
        "Aucune carte de professionnel n'est présente dans les lecteurs.", code="CARTE_ABSENTE", action=_ABSENTE
    )


def _jetons(bibliotheque: Any) -> Iterator[Any]:
    """Every card the module sees; one that leaves meanwhile or that it cannot read does not hide the others."""
    from pkcs11.exceptions import PKCS11Error

    for lecteur in bibliotheque.get_slots(token_present=True):
        with suppress(PKCS11Error):
            yield lecteur.get_token()


def _choisir(session: Any) -> tuple[Any, bytes]:
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


@contextmanager
def _traduire(jeton: Any) -> Iterator[None]:
    """What the module refuses, as sentences. The code is in none of them."""
    from pkcs11 import exceptions as e

    try:
        yield
    except (e.PinIncorrect, e.PinInvalid, e.PinLenRange):
        raise ErreurConnue(
            f"Le code porteur est faux.{_reste(jeton)}", code="CODE_FAUX",
            action="Vérifiez votre code avant de le saisir de nouveau.",
        ) from None
    except (e.PinLocked, e.PinExpired):
        raise ErreurConnue(
            "Le code porteur de la carte est bloqué.", code="CODE_BLOQUE",
            action="Débloquez la carte avec son code de déblocage.",
        ) from None
    except (e.TokenNotPresent, e.DeviceRemoved, e.SessionHandleInvalid, e.SessionClosed, e.UserNotLoggedIn):
        raise ErreurConnue("La carte du professionnel a été retirée.", code="CARTE_RETIREE", action=_ABSENTE) from None
    except e.PKCS11Error as erreur:
        raise ErreurConnue(
            f"La carte du professionnel n'a pas répondu comme prévu ({type(erreur).__name__}).", code="CARTE_EN_ERREUR",
            action="Retirez puis réinsérez la carte, et recommencez.",
        ) from None


def _reste(jeton: Any) -> str:
    """The number of tries left is not in PKCS#11; only its last steps are flags of the token."""
    from pkcs11 import TokenFlag
    from pkcs11.exceptions import PKCS11Error

    try:
        drapeaux = jeton.slot.get_token().flags
    except PKCS11Error:
        return ""
    if TokenFlag.USER_PIN_LOCKED in drapeaux:
        return " La carte est maintenant bloquée."
    return " Il ne reste qu'un essai." if TokenFlag.USER_PIN_FINAL_TRY in drapeaux else ""
