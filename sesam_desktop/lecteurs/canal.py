"""A channel reaches readers (PC/SC, virtual…); a slot (`Fente`) is one place where a card goes; a session talks to it.

A channel runs no thread of its own: the manager lends it one, for as long as `surveiller` stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from sesam_desktop.cartes.atr import GenreCarte, reconnaitre
from sesam_desktop.noyau.erreurs import ErreurConnue


class Etat(StrEnum):
    """State of a slot. ABSENTE: the channel itself does not answer (service stopped)."""

    VIDE = "vide"
    PRESENTE = "presente"
    MUETTE = "muette"
    INCONNUE = "inconnue"
    OCCUPEE = "occupee"
    ABSENTE = "absente"


@dataclass(frozen=True, slots=True)
class Fente:
    """One slot. `passage` counts insertions and removals: it betrays a card swapped between two looks.

    It never goes back while the program runs, even when the reader is unplugged or its service starts again.
    """

    canal: str
    lecteur: str
    etat: Etat
    atr: bytes = b""
    carte: GenreCarte = GenreCarte.INCONNUE
    passage: int = 0


class SessionCarte(AbstractContextManager["SessionCarte"], Protocol):
    """Exclusive talk with one card. When the card leaves, every later call fails, even with another card in."""

    @property
    def fente(self) -> Fente:
        """The slot as it was when the session opened."""

    def transmettre(self, apdu: bytes) -> tuple[bytes, int]:
        """One command as it is → data and status word. Raises ErreurConnue when the card does not answer."""

    def fermer(self) -> None:
        """Reset the card and let it go. Never raises, may be called twice."""


Recepteur = Callable[[list[Fente]], None]


class Canal(Protocol):
    """What the manager needs of a channel. Every failure is an ErreurConnue."""

    nom: str

    def fentes(self) -> list[Fente]:
        """Slots of this channel, now."""

    def connecter(self, lecteur: str) -> SessionCarte:
        """Open a session on the card of this slot. Raises CARTE_OCCUPEE at once when somebody else holds it."""

    def surveiller(self, recepteur: Recepteur) -> None:
        """Stay until `fermer`: call `recepteur` with all slots at once, then after each change (at most 0.5 s late)."""

    def fermer(self) -> None:
        """End `surveiller`; no session may be opened afterwards."""


@runtime_checkable
class CanalProgrammable(Canal, Protocol):
    """A channel that also reaches the software of its readers (resource LAD 0): portable terminals, PSS readers."""

    def logiciels(self) -> list[str]:
        """Names of the readers whose software answers here, now."""

    def dialoguer(self, lecteur: str, message: bytes, delai: float) -> bytes:
        """One message to the software of this reader → its answer, within `delai` seconds. Raises ErreurConnue."""


@runtime_checkable
class CanalPartage(Canal, Protocol):
    """A channel that other programs of the machine use too."""

    def detenteurs(self, lecteur: str) -> list[str]:
        """Names of the programs that may hold this reader, when the platform tells. Bounded in time, never raises."""


@dataclass(frozen=True, slots=True)
class Logiciel:
    """The software of a reader (LAD 0), reached by its channel."""

    canal: str
    lecteur: str


def fente_avec_carte(canal: str, lecteur: str, atr: bytes, passage: int, *, occupee: bool = False) -> Fente:
    """A slot that holds a card with this ATR; no ATR means a mute card."""
    genre = reconnaitre(atr)
    if not atr:
        etat = Etat.MUETTE
    elif occupee:
        etat = Etat.OCCUPEE
    else:
        etat = Etat.INCONNUE if genre is GenreCarte.INCONNUE else Etat.PRESENTE
    return Fente(canal, lecteur, etat, atr, genre, passage)


def carte_retiree(lecteur: str) -> ErreurConnue:
    """The card left during an exchange."""
    return ErreurConnue(
        "La carte a été retirée pendant la lecture.",
        code="CARTE_RETIREE",
        action="Réinsérez-la et laissez-la dans le lecteur jusqu'à la fin.",
        ou=lecteur,
    )


def carte_absente(lecteur: str) -> ErreurConnue:
    """Nothing in the slot."""
    return ErreurConnue(
        "Il n'y a pas de carte dans ce lecteur.", code="CARTE_ABSENTE", action="Insérez la carte.", ou=lecteur
    )


def carte_muette(lecteur: str) -> ErreurConnue:
    """A card that does not answer: upside down, dirty or dead."""
    return ErreurConnue(
        "La carte ne répond pas.",
        code="CARTE_MUETTE",
        action="Retirez-la, vérifiez son sens, essuyez la puce et réinsérez-la.",
        ou=lecteur,
    )


def carte_sans_reponse(lecteur: str) -> ErreurConnue:
    """The card took a command and never answered: its reader refuses everything until it comes back."""
    return ErreurConnue(
        "La carte ne répond plus à ce qui lui a été demandé.",
        code="CARTE_SANS_REPONSE",
        action="Retirez-la, attendez un instant et réinsérez-la ; au besoin, débranchez et rebranchez le lecteur.",
        ou=lecteur,
    )


def carte_occupee(lecteur: str, programmes: Sequence[str] = ()) -> ErreurConnue:
    """Held by another program; `programmes` are those that may be the one, when the platform tells."""
    phrase, action = "par un autre logiciel.", "Fermez l'autre logiciel qui lit les cartes, puis recommencez."
    if len(programmes) == 1:
        phrase, action = f"par {programmes[0]}.", "Fermez ce logiciel, puis recommencez."
    elif programmes:
        phrase = f"par un autre logiciel, sans doute {' ou '.join(programmes)}."
    return ErreurConnue(f"La carte est utilisée {phrase}", code="CARTE_OCCUPEE", action=action, ou=lecteur)


def carte_prise_ici(lecteur: str) -> ErreurConnue:
    """Held by another task of this program."""
    return ErreurConnue(
        "La carte est déjà utilisée par une autre tâche de ce logiciel.",
        code="CARTE_OCCUPEE",
        action="Attendez la fin de l'opération en cours, puis recommencez.",
        ou=lecteur,
    )


def carte_changee(lecteur: str) -> ErreurConnue:
    """Another card, or the same one put back, is where the one that was asked for was seen."""
    return ErreurConnue(
        "La carte a été changée depuis qu'elle a été vue.",
        code="CARTE_CHANGEE",
        action="Vérifiez la carte insérée, puis recommencez.",
        ou=lecteur,
    )


def lecteur_absent(lecteur: str) -> ErreurConnue:
    """The reader was unplugged."""
    return ErreurConnue(
        "Le lecteur de cartes n'est plus branché.",
        code="LECTEUR_ABSENT",
        action="Rebranchez-le directement sur l'ordinateur, au besoin avec un autre câble.",
        ou=lecteur,
    )


def lecteur_sans_reponse(lecteur: str) -> ErreurConnue:
    """The software of the reader does not answer."""
    return ErreurConnue(
        "Le lecteur ne répond pas.",
        code="LECTEUR_SANS_REPONSE",
        action="Vérifiez qu'il est allumé et branché, puis recommencez.",
        ou=lecteur,
    )


def lecteurs_sans_reponse(canal: str) -> ErreurConnue:
    """A whole channel does not answer."""
    return ErreurConnue(
        f"Les lecteurs de cartes ({canal}) ne répondent pas.",
        code="LECTEURS_SANS_REPONSE",
        action="Retirez les cartes, débranchez et rebranchez le lecteur, puis réinsérez-les.",
    )
