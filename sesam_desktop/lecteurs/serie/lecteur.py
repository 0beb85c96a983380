"""One reader (PAD) of a serial line: its slots, which card each holds, its software; and its silences.

A reader that does not answer is left alone for a while, so that it slows nothing down; unplugged or switched off, it is
found again. Its cards count as gone meanwhile.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sesam_desktop.lecteurs.canal import Fente, carte_prise_ici
from sesam_desktop.lecteurs.galss import codes
from sesam_desktop.noyau.erreurs import ErreurConnue

from . import commandes
from .commandes import Reponse
from .ligne import Ligne, Repere
from .place import Place
from .session import SessionSerie

journal = logging.getLogger(__name__)

PAD_USINE = 2  # factory address of the bi-slot readers
REPOS = 10.0  # a reader that did not answer costs seconds to whoever asks
ABSENCE = 0.5
_ATTENTE = 0.5
_MONOPOLISE, _SANS_REPONSE = 0x0004, 0x0400
_OCCUPEE = codes.nom(_MONOPOLISE)
_A_REFAIRE = frozenset(("GALSS_0200", "GALSS_0040"))  # the reader was brought back in step: ask once more


@dataclass(frozen=True, slots=True)
class Declaration:
    """What galss.ini says of a reader: its address, its slots, whether its software is a resource."""

    pad: int = PAD_USINE
    lads: tuple[int, ...] = (commandes.CARTE_PS, commandes.CARTE_VITALE)
    logiciel: bool = True


class LecteurSerie:
    """`nom` shows the port and the PAD. `reveiller` is called when a session finds that its card left."""

    def __init__(
        self, canal: str, nom: str, declaration: Declaration, ligne: Ligne, reveiller: Callable[[], None], repos: float
    ) -> None:
        self.nom, self.a_un_logiciel = nom, declaration.logiciel
        self.places = [Place(canal, f"{nom} [fente {lad}]", declaration.pad, lad) for lad in declaration.lads]
        self._pad, self._ligne, self._reveiller, self._repos = declaration.pad, ligne, reveiller, repos
        self._regard = threading.Lock()
        self._repond = False
        self._panne = codes.erreur(_MONOPOLISE, nom)  # what is said until a first look ended
        self._reprise = 0.0

    def fentes(self) -> list[Fente]:
        """As they were last seen when somebody else is looking, or has the line for long. Raises when it is silent."""
        if not self.places:
            return []
        if self._regard.acquire(timeout=_ATTENTE):
            try:
                with self._suivi():
                    for place in self.places:
                        self._observer(place)
            except ErreurConnue as erreur:
                if erreur.code != _OCCUPEE:
                    raise
            finally:
                self._regard.release()
        if not self._repond:
            raise self._panne.with_traceback(None)
        return [place.fente() for place in self.places]

    def connecter(self, place: Place) -> SessionSerie:
        """Power the card of this slot on for one session. Raises ErreurConnue."""
        if not place.prise.acquire(blocking=False):
            raise carte_prise_ici(place.nom)
        try:
            demande = commandes.mettre_sous_tension(place.lad)
            reponse, repere = self._demander(demande, place.nom, self._ligne.chrono.ext)
            commandes.exiger(reponse, place.nom)
            fente = place.remplir(reponse.compteur, repere, reponse.donnees)
            return SessionSerie(
                self._ligne, place, fente, reponse.compteur, repere[0], lambda partie: self._rendre(place, partie)
            )
        except BaseException:
            place.prise.release()
            raise

    def logiciel_present(self) -> bool:
        """Whether its software answers. Raises when the reader itself is silent."""
        with self._suivi():
            reponse, _ = self._demander(commandes.presence(commandes.LOGICIEL), self.nom)
        return reponse.statut == commandes.Statut.FAIT

    def dialoguer(self, message: bytes, delai: float) -> bytes:
        """Never sent twice: it may write. The wait for the line counts in `delai`."""
        octets, _ = self._ligne.echanger(self._pad, commandes.logiciel(message), delai=delai, attente=delai)
        reponse = commandes.lire_reponse(octets, self.nom)
        if reponse.statut == commandes.Statut.ABSENTE:
            raise codes.erreur(_SANS_REPONSE, self.nom)
        commandes.exiger(reponse, self.nom)
        return reponse.donnees

    @contextmanager
    def _suivi(self) -> Iterator[None]:
        """Talk to the reader, unless it is left at rest after a silence; remember how that went."""
        if not self._repond and time.monotonic() < self._reprise:
            raise self._panne.with_traceback(None)
        try:
            yield
        except ErreurConnue as erreur:
            if erreur.code != _OCCUPEE:
                self._tomber(erreur)
            raise
        self._repond = True

    def _tomber(self, erreur: ErreurConnue) -> None:
        """A silence needs rest; an absent port is quick to say so, yet not to be looked for at each reading."""
        for place in self.places:
            place.vider()
        if erreur.code != self._panne.code:
            journal.info("%s : %s", self.nom, erreur.code)
        self._panne = erreur
        self._reprise = time.monotonic() + (self._repos if erreur.code.startswith("GALSS_") else ABSENCE)
        self._repond = False

    def _observer(self, place: Place) -> None:
        reponse, repere = self._demander(commandes.presence(place.lad), place.nom)
        if not commandes.est_presente(reponse, place.nom):
            place.vider()
        elif not place.tient(reponse.compteur, repere):
            place.vider()
            self._identifier(place)

    def _identifier(self, place: Place) -> None:
        """Wake the new card for its ATR, unless a session still holds the slot: the next look will do it."""
        if not place.prise.acquire(blocking=False):
            return
        try:
            reponse, repere = self._demander(commandes.mettre_sous_tension(place.lad), place.nom)
            if reponse.statut == commandes.Statut.ABSENTE:
                return
            atr = b""
            if not commandes.est_muette(reponse):
                commandes.exiger(reponse, place.nom)
                atr = reponse.donnees
                self._demander(commandes.mettre_hors_tension(place.lad), place.nom)
            place.remplir(reponse.compteur, repere, atr)
        finally:
            place.prise.release()

    def _rendre(self, place: Place, partie: bool) -> None:
        place.prise.release()
        if partie:
            self._reveiller()

    def _demander(self, message: bytes, ou: str, attente: float | None = None) -> tuple[Reponse, Repere]:
        """One command that may be sent twice without harm."""
        attente = _ATTENTE if attente is None else attente
        try:
            octets, repere = self._ligne.echanger(self._pad, message, attente=attente)
        except ErreurConnue as erreur:
            if erreur.code not in _A_REFAIRE:
                raise
            octets, repere = self._ligne.echanger(self._pad, message, attente=attente)
        return commandes.lire_reponse(octets, ou), repere
