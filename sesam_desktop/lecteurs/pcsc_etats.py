"""What PC/SC says, in our words: contexts, readers, states of the slots, and the sentence of each refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from smartcard import scard

from sesam_desktop.noyau.erreurs import ErreurConnue

from .appareils import hors_usage
from .canal import Etat, Fente, carte_absente, carte_muette, carte_occupee, fente_avec_carte, lecteur_absent

CANAL = "pcsc"
_BRANCHEMENT = "\\\\?PnP?\\Notification"  # the pseudo-reader that changes when a reader comes or goes
PROTOCOLES = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
RETIREE = frozenset((scard.SCARD_W_REMOVED_CARD, scard.SCARD_E_NO_SMARTCARD, scard.SCARD_W_RESET_CARD))
MUETTE = frozenset((scard.SCARD_W_UNRESPONSIVE_CARD, scard.SCARD_W_UNPOWERED_CARD, scard.SCARD_E_PROTO_MISMATCH))
HOQUET = frozenset((scard.SCARD_E_NOT_TRANSACTED, scard.SCARD_F_COMM_ERROR, scard.SCARD_E_NOT_READY))
LECTEUR = frozenset((scard.SCARD_E_UNKNOWN_READER, scard.SCARD_E_READER_UNAVAILABLE))
_RIEN = frozenset((scard.SCARD_E_TIMEOUT, scard.SCARD_E_CANCELLED))


@contextmanager
def contexte() -> Iterator[Any]:
    """A context of its own: nothing shared, nothing that dies in silence."""
    ouvert = ouvrir_contexte()
    try:
        yield ouvert
    finally:
        scard.SCardReleaseContext(ouvert)


def ouvrir_contexte() -> Any:
    """To be released by the caller."""
    code, ouvert = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    exiger_service(code)
    return ouvert


def lecteurs(ouvert: Any) -> list[str]:
    """Usable readers: contactless interfaces, security keys and the system's virtual readers are left out."""
    return [nom for nom in _tous(ouvert) if not hors_usage(nom)]


def declares() -> list[str]:
    """Every reader that PC/SC offers, those this program leaves out included."""
    with contexte() as ouvert:
        return _tous(ouvert)


def _tous(ouvert: Any) -> list[str]:
    code, noms = scard.SCardListReaders(ouvert, [])
    if code == scard.SCARD_E_NO_READERS_AVAILABLE:
        return []
    exiger_service(code)
    return list(noms)


def etats(ouvert: Any, noms: list[str]) -> list[Any]:
    """Present state of these slots, at once: (name, state, ATR). Empty when one of them is no longer plugged."""
    if not noms:
        return []
    return _lus(*scard.SCardGetStatusChange(ouvert, 0, [(nom, scard.SCARD_STATE_UNAWARE) for nom in noms]))


def changement(ouvert: Any, guet: list[Any], connus: list[Any], delai_ms: int) -> list[Any]:
    """States after a change, or the same ones when nothing changed in time. `guet`: see `branchement`."""
    code, nouveaux = scard.SCardGetStatusChange(ouvert, delai_ms, [(nom, etat) for nom, etat, _ in guet + connus])
    if code in _RIEN:
        return connus
    lus = _lus(code, nouveaux)
    guet[:] = lus[: len(guet)] or guet
    return lus[len(guet) :]


def branchement(ouvert: Any) -> list[Any]:
    """What to wait on besides the slots, to be told of readers plugged in; empty where PC/SC does not do it."""
    code, reponse = scard.SCardGetStatusChange(ouvert, 0, [(_BRANCHEMENT, scard.SCARD_STATE_UNAWARE)])
    if code not in (scard.SCARD_S_SUCCESS, scard.SCARD_E_TIMEOUT) or reponse[0][1] & scard.SCARD_STATE_UNKNOWN:
        return []
    return [(_BRANCHEMENT, scard.SCARD_STATE_UNAWARE, b"")]


def _lus(code: int, nouveaux: list[Any]) -> list[Any]:
    """States as PC/SC gave them; none when a reader has just gone."""
    if code in LECTEUR:
        return []
    exiger_service(code)
    return [tuple(etat) for etat in nouveaux]


def parti(lue: Any) -> bool:
    """True when the reader of this slot is no longer plugged."""
    return bool(lue[1] & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE))


def fente(lue: Any, epoque: int) -> Fente:
    """PC/SC counts insertions and removals, from zero again when its service restarts: `epoque` counts the services."""
    nom, etat, atr = lue
    passage = epoque << 16 | etat >> 16 & 0xFFFF
    if not etat & scard.SCARD_STATE_PRESENT:
        return Fente(CANAL, nom, Etat.VIDE, passage=passage)
    muette = bool(etat & scard.SCARD_STATE_MUTE)
    occupee = bool(etat & scard.SCARD_STATE_EXCLUSIVE)
    return fente_avec_carte(CANAL, nom, b"" if muette else bytes(atr), passage, occupee=occupee)


def exiger_service(code: int) -> None:
    """Outside a card, any refusal means that the service does not work."""
    if code != scard.SCARD_S_SUCCESS:
        raise ErreurConnue(
            f"Le service des cartes à puce ne répond pas (PC/SC {code & 0xFFFFFFFF:08X}).",
            code="SERVICE_CARTES_ARRETE",
            action="Vérifiez que le lecteur est branché et que le service des cartes à puce est démarré ;"
            " le programme reprendra de lui-même.",
        )


def exiger_carte(code: int, lecteur: str) -> None:
    """Raise the sentence of what went wrong while reaching for a card."""
    for codes, phrase in _CAS:
        if code in codes:
            raise phrase(lecteur)
    exiger_service(code)


_CAS: tuple[tuple[frozenset[int], Callable[[str], ErreurConnue]], ...] = (
    (RETIREE, carte_absente),
    (MUETTE | HOQUET, carte_muette),
    (LECTEUR, lecteur_absent),
    (frozenset([scard.SCARD_E_SHARING_VIOLATION]), carte_occupee),
)
