"""The reader commands of an exchange (power on and off, presence, APDU), played on a session of the manager.

Asked: ``00 LAD command…``; answered: status, state of the card, counter, then ATR or data and SW. The counter is that
of the card's stay: a command that carries another one is refused (status 16), so that a card put in the place of
another never answers for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sesam_desktop.lecteurs.apdu import envoyer
from sesam_desktop.lecteurs.canal import Etat, Fente, SessionCarte, lecteur_absent
from sesam_desktop.lecteurs.gestionnaire import Gestionnaire
from sesam_desktop.lecteurs.roles import ROLES
from sesam_desktop.lecteurs.serie.commandes import EtatCarte, Statut
from sesam_desktop.noyau.erreurs import ErreurConnue

from . import codes
from .ressources import Ressource

SOUS_TENSION, HORS_TENSION, PRESENCE = 0x14, 0x15, 0x16
ENTRANTE, SORTANTE, DOUBLE = 0x00, 0x01, 0x02
ENCORE_PRESENTE = 0x12
_PARAMETRE = 0x4000
_STATUTS = {
    "CARTE_MUETTE": Statut.MUETTE,
    "CARTE_INCONNUE": Statut.NON_GEREE,
    "CARTE_CHANGEE": Statut.COMPTEUR,
    "CARTE_ABSENTE": Statut.ABSENTE,
    "CARTE_RETIREE": Statut.ABSENTE,
    **{f"{role.upper()}_ABSENTE": Statut.ABSENTE for role in ROLES},
}


@dataclass(frozen=True, slots=True)
class _Constat:
    """What is known of the slot, as an answer says it."""

    etat: EtatCarte
    compteur: int


class PlaceCarte:
    """The card slot behind one resource. A session with the card lasts from power on to power off."""

    def __init__(self, gestionnaire: Gestionnaire, ressource: Ressource) -> None:
        self._gestionnaire = gestionnaire
        self._ressource = ressource
        self._session: SessionCarte | None = None

    def executer(self, message: bytes) -> bytes:
        """Answer one command. Raises ErreurConnue when the reader itself fails, GALSS_4000 for a short message."""
        if len(message) < 3:
            raise codes.erreur(_PARAMETRE)
        if message[0] != 0 or message[1] != self._ressource.lad or message[2] not in _COMMANDES:
            return self._reponse(Statut.REFUSEE, self._constater())
        try:
            return _COMMANDES[message[2]](self, message)
        except ErreurConnue as erreur:
            if erreur.code not in _STATUTS:
                raise
            return self._refus(_STATUTS[erreur.code])

    def fermer(self) -> None:
        """Let the card go."""
        session, self._session = self._session, None
        if session is not None:
            session.fermer()

    def _presence(self, _: bytes) -> bytes:
        return self._reponse(Statut.FAIT, self._constater())

    def _mettre_sous_tension(self, _: bytes) -> bytes:
        self.fermer()
        self._session = self._gestionnaire.ouvrir(self._ressource.role or self._fente())
        fente = self._session.fente
        return self._reponse(Statut.FAIT, _Constat(EtatCarte.SOUS_TENSION, _compteur(fente)), fente.atr)

    def _mettre_hors_tension(self, message: bytes) -> bytes:
        """A fourth byte that is not 0 asks for the card to be withdrawn: no slot of ours can eject it."""
        if len(message) != 4:
            raise codes.erreur(_PARAMETRE)
        self.fermer()
        constat = self._constater()
        reste = message[3] and constat.etat is not EtatCarte.ABSENTE
        return self._reponse(ENCORE_PRESENTE if reste else Statut.FAIT, constat)

    def _transmettre(self, message: bytes) -> bytes:
        if len(message) < 8:
            raise codes.erreur(_PARAMETRE)
        session = self._session
        if session is None:
            return self._reponse(Statut.REFUSEE, self._constater())
        if message[3] != _compteur(session.fente):
            return self._refus(Statut.COMPTEUR)
        echanger = envoyer if message[2] == DOUBLE else _transmettre
        donnees, sw = echanger(session, message[4:])
        constat = _Constat(EtatCarte.SOUS_TENSION, message[3])
        return self._reponse(Statut.FAIT, constat, donnees + sw.to_bytes(2, "big"))

    def _refus(self, statut: Statut) -> bytes:
        """The card is no longer trusted: it must be powered on again. Another one in its place is told as such."""
        ancienne = self._session.fente if self._session is not None else None
        self.fermer()
        constat = self._constater()
        if statut is Statut.ABSENTE and ancienne is not None and constat.etat is not EtatCarte.ABSENTE:
            statut = Statut.COMPTEUR
        return self._reponse(statut, constat)

    def _constater(self) -> _Constat:
        """The slot now. A card that must be found by its role may be nowhere, or mute, or another one."""
        try:
            fente = self._fente()
        except ErreurConnue as erreur:
            if erreur.code not in _STATUTS:
                raise
            absente = _STATUTS[erreur.code] is Statut.ABSENTE
            return _Constat(EtatCarte.ABSENTE if absente else EtatCarte.HORS_TENSION, 0)
        if fente.etat is Etat.VIDE:
            return _Constat(EtatCarte.ABSENTE, _compteur(fente))
        tenue = self._session is not None and self._session.fente.passage == fente.passage
        return _Constat(EtatCarte.SOUS_TENSION if tenue else EtatCarte.HORS_TENSION, _compteur(fente))

    def _fente(self) -> Fente:
        """The slot of this resource: the one of its open session, the one named, or the one that holds its card."""
        nom = self._session.fente.lecteur if self._session is not None else self._ressource.lecteur
        if self._session is None and self._ressource.role:
            return self._gestionnaire.trouver(self._ressource.role)
        for fente in self._gestionnaire.fentes():
            if fente.lecteur == nom:
                return fente
        raise lecteur_absent(nom)

    @staticmethod
    def _reponse(statut: int, constat: _Constat, donnees: bytes = b"") -> bytes:
        return bytes([statut, constat.etat, constat.compteur]) + donnees


def _compteur(fente: Fente) -> int:
    return fente.passage & 0xFF


def _transmettre(session: SessionCarte, apdu: bytes) -> tuple[bytes, int]:
    return session.transmettre(apdu)


_COMMANDES: dict[int, Callable[[PlaceCarte, bytes], bytes]] = {
    SOUS_TENSION: PlaceCarte._mettre_sous_tension,
    HORS_TENSION: PlaceCarte._mettre_hors_tension,
    PRESENCE: PlaceCarte._presence,
    ENTRANTE: PlaceCarte._transmettre,
    SORTANTE: PlaceCarte._transmettre,
    DOUBLE: PlaceCarte._transmettre,
}
