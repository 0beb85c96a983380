"""The cards a PKCS#11 module shows (its "tokens"): which one to use, what its code allows, its refusals as sentences.

The number of tries left is not in PKCS#11: only its last steps are, as flags of the token. They are read before a code
is presented, which costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sesam_desktop.noyau.erreurs import ErreurConnue

_ABSENTE = "Insérez la carte du professionnel, puis recommencez."


@dataclass(frozen=True, slots=True)
class EtatCode:
    """What a card tells of its code porteur. `essais`: 0 locked, 1 last try, None when it does not tell.

    `entame`: a wrong code was presented since the last good one.
    """

    essais: int | None
    entame: bool

    def phrase(self) -> str:
        """One sentence for the user, "" when there is nothing to say."""
        if self.essais == 0:
            return "Le code porteur de la carte est bloqué."
        if self.essais == 1:
            return "Il ne reste qu'un essai : un code faux bloquera la carte."
        return "Un code faux a déjà été présenté à cette carte." if self.entame else ""


@dataclass(frozen=True, slots=True)
class Jeton:
    """One card seen by the module."""

    etiquette: str
    numero_serie: str
    modele: str
    fabricant: str
    code: EtatCode


def lister(bibliotheque: Any) -> list[Jeton]:
    """Every usable card."""
    return [_decrire(jeton) for jeton in _jetons(bibliotheque)]


def choisir(bibliotheque: Any, etiquette: str = "", numero_serie: str = "") -> Any:
    """The token with this label and serial number ("" for any). Raises CARTE_ABSENTE or PLUSIEURS_CPS.

    One card may be shown as several tokens: they have the same serial number, and the first one is taken.
    """
    trouves = [
        jeton
        for jeton in _jetons(bibliotheque)
        if etiquette in ("", jeton.label) and numero_serie in ("", _serie(jeton))
    ]
    if not trouves:
        raise ErreurConnue(
            "Aucune carte de professionnel n'est présente dans les lecteurs.", code="CARTE_ABSENTE", action=_ABSENTE
        )
    if len({_serie(jeton) for jeton in trouves}) > 1:
        raise ErreurConnue(
            "Plusieurs cartes de professionnel sont présentes dans les lecteurs.", code="PLUSIEURS_CPS",
            action="N'en laissez qu'une, puis recommencez.",
        )
    return trouves[0]


def etat_code(jeton: Any) -> EtatCode:
    """Read from the card now. A card that left meanwhile raises CARTE_RETIREE."""
    with traduire(jeton):
        return _etat(jeton.slot.get_token().flags)


def exiger_code_presentable(jeton: Any) -> None:
    """Refuse to present a code to a locked card: CODE_BLOQUE."""
    if etat_code(jeton).essais == 0:
        raise _bloque()


@contextmanager
def traduire(jeton: Any) -> Iterator[None]:
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
        raise _bloque() from None
    except e.UserAlreadyLoggedIn:  # the code was not looked at: it must not be believed
        raise ErreurConnue(
            "La carte du professionnel est déjà ouverte par ce programme.", code="CARTE_DEJA_OUVERTE",
            action="Fermez la session du professionnel, puis recommencez.",
        ) from None
    except (e.TokenNotPresent, e.DeviceRemoved, e.SessionHandleInvalid, e.SessionClosed, e.UserNotLoggedIn):
        raise _retiree() from None
    except e.PKCS11Error as erreur:
        if not _present(jeton):  # modules have many words for a card that left
            raise _retiree() from None
        raise ErreurConnue(
            f"La carte du professionnel n'a pas répondu comme prévu ({type(erreur).__name__}).", code="CARTE_EN_ERREUR",
            action="Retirez puis réinsérez la carte, et recommencez.",
        ) from None


def _jetons(bibliotheque: Any) -> Iterator[Any]:
    """Every card the module sees; one that leaves meanwhile or that it cannot read does not hide the others."""
    from pkcs11 import TokenFlag
    from pkcs11.exceptions import PKCS11Error

    for lecteur in _lecteurs(bibliotheque):
        with suppress(PKCS11Error):
            jeton = lecteur.get_token()
            if TokenFlag.TOKEN_INITIALIZED in jeton.flags:
                yield jeton


def _lecteurs(bibliotheque: Any) -> Any:
    """Slots with a card. A module upset by a reader or a service that went away is started afresh, once."""
    from pkcs11.exceptions import PKCS11Error

    with suppress(PKCS11Error):
        return bibliotheque.get_slots(token_present=True)
    with suppress(PKCS11Error):
        bibliotheque.finalize()
    try:
        bibliotheque.initialize()
        return bibliotheque.get_slots(token_present=True)
    except PKCS11Error as erreur:
        raise ErreurConnue(
            f"Le module de la carte du professionnel est en erreur ({type(erreur).__name__}).",
            code="MODULE_PKCS11_EN_ERREUR", action="Vérifiez que le lecteur est branché, puis redémarrez le programme.",
        ) from None


def _decrire(jeton: Any) -> Jeton:
    return Jeton(jeton.label, _serie(jeton), jeton.model, jeton.manufacturer_id, _etat(jeton.flags))


def _serie(jeton: Any) -> str:
    return str(jeton.serial.decode("ascii", "replace")).strip(" \0")


def _etat(drapeaux: Any) -> EtatCode:
    from pkcs11 import TokenFlag

    entame = TokenFlag.USER_PIN_COUNT_LOW in drapeaux
    if TokenFlag.USER_PIN_LOCKED in drapeaux:
        return EtatCode(0, True)
    return EtatCode(1, True) if TokenFlag.USER_PIN_FINAL_TRY in drapeaux else EtatCode(None, entame)


def _reste(jeton: Any) -> str:
    """After a wrong code: what the card says of the next one."""
    try:
        essais = etat_code(jeton).essais
    except ErreurConnue:
        return ""
    if essais is None:
        return ""
    return " Il ne reste qu'un essai." if essais else " La carte est maintenant bloquée."


def _present(jeton: Any) -> bool:
    """The same card is still in this slot."""
    from pkcs11.exceptions import PKCS11Error

    try:
        return bool(jeton.slot.get_token().serial == jeton.serial)
    except PKCS11Error:
        return False


def _bloque() -> ErreurConnue:
    return ErreurConnue(
        "Le code porteur de la carte est bloqué.", code="CODE_BLOQUE",
        action="Débloquez la carte avec son code de déblocage.",
    )


def _retiree() -> ErreurConnue:
    return ErreurConnue("La carte du professionnel a été retirée.", code="CARTE_RETIREE", action=_ABSENTE)
