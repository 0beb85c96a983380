"""Commands of a PSS reader, as the public Cryptolib sends them through GALSS: bytes ⇄ values.

Asked: ``00 LAD command…``; answered: status, state of the card, counter of the card's stay, then ATR or data and SW.
Project profile: commands and statuses taken as hexadecimal, the fourth byte of « power off » (0: the card stays), and
what goes to the software of a reader (LAD 0) behind the same first two bytes, and comes back behind the same three.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from sesam_desktop.lecteurs.canal import carte_absente, carte_changee, carte_muette
from sesam_desktop.lecteurs.galss import codes
from sesam_desktop.noyau.erreurs import ErreurConnue

LOGICIEL, CARTE_PS, CARTE_VITALE = 0, 1, 2
_SOUS_TENSION, _HORS_TENSION, _PRESENCE = 0x14, 0x15, 0x16
_ENTRANTE, _SORTANTE, _DOUBLE = 0x00, 0x01, 0x02
_ENTETE = 3
_ABANDON, _INCOHERENT = 0x0040, 0xF0FF
_INCONNUES = (0x01, 0x02)


class EtatCarte(IntEnum):
    """The card, as its reader sees it."""

    ABSENTE = 0
    HORS_TENSION = 1
    SOUS_TENSION = 3


class Statut(IntEnum):
    """First byte of an answer. Others exist, without a public meaning."""

    FAIT = 0x00
    REFUSEE = 0x03
    REINITIALISE = 0x04
    NON_GEREE = 0x10
    MUETTE = 0x11
    COMPTEUR = 0x16
    ABSENTE = 0x17


@dataclass(frozen=True, slots=True)
class Reponse:
    """An answer of the reader. `compteur` changes each time another card, or the same one again, comes in."""

    statut: int
    etat: EtatCarte
    compteur: int
    donnees: bytes


def mettre_sous_tension(lad: int) -> bytes:
    """Power the card of this slot on: its ATR is answered."""
    return bytes([0, lad, _SOUS_TENSION])


def mettre_hors_tension(lad: int) -> bytes:
    """Power the card off, without asking for its withdrawal."""
    return bytes([0, lad, _HORS_TENSION, 0])


def presence(lad: int) -> bytes:
    """State of the slot; never disturbs the card."""
    return bytes([0, lad, _PRESENCE])


def apdu(lad: int, compteur: int, commande: bytes) -> bytes:
    """A command to the card that came in under this counter."""
    return bytes([0, lad, _sens(commande), compteur]) + commande


def logiciel(message: bytes) -> bytes:
    """A message to the software of the reader."""
    return bytes([0, LOGICIEL]) + message


def lire_reponse(octets: bytes, ou: str) -> Reponse:
    """Raises SSV_F0FF when it is none."""
    if len(octets) < _ENTETE or octets[1] not in tuple(EtatCarte):
        raise codes.erreur(_INCOHERENT, ou)
    return Reponse(octets[0], EtatCarte(octets[1]), octets[2], octets[_ENTETE:])


def lire_apdu(reponse: Reponse, compteur: int, ou: str) -> tuple[bytes, int]:
    """Data and status word of the card that came in under `compteur`. Raises ErreurConnue."""
    exiger(reponse, ou)
    if reponse.compteur != compteur:
        raise carte_changee(ou)
    if len(reponse.donnees) < 2:
        raise codes.erreur(_INCOHERENT, ou)
    return reponse.donnees[:-2], int.from_bytes(reponse.donnees[-2:], "big")


def exiger(reponse: Reponse, ou: str) -> None:
    """Raise the sentence of a status that is not « done »."""
    if reponse.statut != Statut.FAIT:
        raise _REFUS.get(reponse.statut, _refusee)(ou)


def est_presente(reponse: Reponse, ou: str) -> bool:
    """Whether a card is there, from an answer to `presence`; a slot that the reader refuses has none. Raises."""
    if reponse.statut in (Statut.ABSENTE, Statut.REFUSEE, *_INCONNUES):
        return False
    exiger(reponse, ou)
    return reponse.etat is not EtatCarte.ABSENTE


def est_muette(reponse: Reponse) -> bool:
    """The card was powered on and gave no ATR that this reader understands."""
    return reponse.statut in (Statut.MUETTE, Statut.NON_GEREE)


def _sens(commande: bytes) -> int:
    """Whether the command brings data, expects some, or both (ISO 7816-3 cases 1 to 4, short)."""
    if len(commande) == 5:
        return _SORTANTE
    if len(commande) > 5 and len(commande) == commande[4] + 6:
        return _DOUBLE
    return _ENTRANTE


def _refusee(ou: str) -> ErreurConnue:
    return ErreurConnue(
        "Le lecteur refuse ce qui lui est demandé.",
        code="LECTEUR_REFUSE",
        action="Éteignez et rallumez le lecteur, puis recommencez ; si le refus persiste, mettez son logiciel à jour.",
        ou=ou,
    )


def _en_panne(ou: str) -> ErreurConnue:
    return ErreurConnue(
        "Le lecteur signale une panne matérielle.",
        code="LECTEUR_EN_PANNE",
        action="Débranchez-le, attendez dix secondes et rebranchez-le ; si la panne revient, il est à remplacer.",
        ou=ou,
    )


def _abandonne(ou: str) -> ErreurConnue:
    return codes.erreur(_ABANDON, ou)


def _incoherente(ou: str) -> ErreurConnue:
    return codes.erreur(_INCOHERENT, ou)


_REFUS: dict[int, Callable[[str], ErreurConnue]] = {
    Statut.REINITIALISE: _abandonne,
    0x05: _abandonne,
    0x06: _abandonne,
    0x07: _abandonne,
    0x08: _en_panne,
    Statut.NON_GEREE: carte_muette,
    Statut.MUETTE: carte_muette,
    0x13: _incoherente,
    Statut.COMPTEUR: carte_changee,
    Statut.ABSENTE: carte_absente,
}
