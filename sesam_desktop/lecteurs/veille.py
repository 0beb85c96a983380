"""The watch of the channels: what came in, what went out, which service stopped, told to the subscribers.

One thread a channel, supervised: when the channel fails, subscribers are told once, and the watch is taken up again on
a fresh footing until it answers. In each slot, a card that comes in and a card that leaves alternate strictly.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sesam_desktop.noyau.erreurs import ErreurConnue

from .canal import Canal, Etat, Fente, lecteurs_sans_reponse

journal = logging.getLogger(__name__)

_REPRISE = 0.3


class Genre(StrEnum):
    """What happened."""

    INSEREE = "inseree"
    RETIREE = "retiree"
    MUETTE = "muette"
    INCONNUE = "inconnue"
    LECTEUR_BRANCHE = "lecteur-branche"
    LECTEUR_DEBRANCHE = "lecteur-debranche"
    SERVICE_ARRETE = "service-arrete"
    SERVICE_REVENU = "service-revenu"


@dataclass(frozen=True, slots=True)
class Evenement:
    """One change. `fente` is None when the whole channel is concerned; `erreur` says why it stopped."""

    genre: Genre
    canal: str
    fente: Fente | None = None
    erreur: ErreurConnue | None = None


Abonne = Callable[[Evenement], None]


class Veille:
    """Starts with the first subscriber, who is told the cards already in; ends with `fermer`, for good."""

    def __init__(self, canaux: Sequence[Canal]) -> None:
        self._canaux = canaux
        self._abonnes: list[Abonne] = []
        self._vues: dict[str, list[Fente] | None] = {}
        self._fils: list[threading.Thread] = []
        self._arret = threading.Event()
        self._verrou = threading.Lock()

    def abonner(self, recepteur: Abonne) -> Callable[[], None]:
        """Call `recepteur` on a watching thread at each event. Returns what ends that, which may be called twice."""
        with self._verrou:
            self._abonnes.append(recepteur)
            if not self._fils and not self._arret.is_set():
                self._demarrer()
        return lambda: self._desabonner(recepteur)

    def fermer(self, delai: float) -> None:
        """The channels are closed first, by their owner; bounded, may be called twice and from a subscriber."""
        self._arret.set()
        for fil in self._fils:
            if fil is not threading.current_thread():
                fil.join(delai)

    def _demarrer(self) -> None:
        for canal in self._canaux:
            fil = threading.Thread(target=self._veiller, args=(canal,), name=f"lecteurs-{canal.nom}", daemon=True)
            self._fils.append(fil)
            fil.start()

    def _desabonner(self, recepteur: Abonne) -> None:
        with self._verrou:
            if recepteur in self._abonnes:
                self._abonnes.remove(recepteur)

    def _veiller(self, canal: Canal) -> None:
        while not self._arret.is_set():
            try:
                canal.surveiller(lambda fentes: self._recevoir(canal, fentes))
            except ErreurConnue as erreur:
                self._tomber(canal, erreur)
            except Exception:  # noqa: BLE001 - a bug of one channel must not end the watch
                journal.exception("la surveillance des lecteurs « %s » a échoué, elle reprend", canal.nom)
                self._tomber(canal, lecteurs_sans_reponse(canal.nom))
            self._arret.wait(_REPRISE)

    def _recevoir(self, canal: Canal, fentes: list[Fente]) -> None:
        premiere = canal.nom not in self._vues
        avant = self._vues.get(canal.nom)
        self._vues[canal.nom] = fentes
        if avant is None and not premiere:
            self._annoncer(Evenement(Genre.SERVICE_REVENU, canal.nom))
        for genre, fente in _changements(avant, fentes):
            self._annoncer(Evenement(genre, canal.nom, fente))

    def _tomber(self, canal: Canal, erreur: ErreurConnue) -> None:
        """Told once: cards of this channel count as gone until it answers again."""
        premiere = canal.nom not in self._vues
        avant = self._vues.get(canal.nom)
        self._vues[canal.nom] = None
        for fente in avant or []:
            if fente.etat is not Etat.VIDE:
                self._annoncer(Evenement(Genre.RETIREE, canal.nom, fente))
        if (avant is not None or premiere) and not self._arret.is_set():
            self._annoncer(Evenement(Genre.SERVICE_ARRETE, canal.nom, erreur=erreur))

    def _annoncer(self, evenement: Evenement) -> None:
        for abonne in tuple(self._abonnes):
            try:
                abonne(evenement)
            except Exception:  # noqa: BLE001 - one subscriber's bug must not silence the others
                journal.exception("un abonné des lecteurs a échoué sur « %s »", evenement.genre)


def _changements(avant: list[Fente] | None, apres: list[Fente]) -> Iterator[tuple[Genre, Fente]]:
    """Removals first. A slot whose count of passages moved has seen its card leave, even if one is there again."""
    anciennes = {f.lecteur: f for f in avant or []}
    nouvelles = {f.lecteur: f for f in apres}
    for lecteur, ancienne in anciennes.items():
        if ancienne.etat is not Etat.VIDE and not _meme_carte(ancienne, nouvelles.get(lecteur)):
            yield Genre.RETIREE, ancienne
        if lecteur not in nouvelles:
            yield Genre.LECTEUR_DEBRANCHE, ancienne
    for lecteur, nouvelle in nouvelles.items():
        if avant is not None and lecteur not in anciennes:
            yield Genre.LECTEUR_BRANCHE, nouvelle
        if nouvelle.etat is not Etat.VIDE and not _meme_carte(anciennes.get(lecteur), nouvelle):
            yield _ENTREES.get(nouvelle.etat, Genre.INSEREE), nouvelle


_ENTREES = {Etat.MUETTE: Genre.MUETTE, Etat.INCONNUE: Genre.INCONNUE}


def _meme_carte(une: Fente | None, autre: Fente | None) -> bool:
    """The same stay of the same card; being used by another program changes nothing to that."""
    return une is not None and autre is not None and (une.atr, une.passage) == (autre.atr, autre.passage)
