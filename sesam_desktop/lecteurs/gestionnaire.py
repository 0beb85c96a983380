"""All readers behind one door: slots of every channel, a card found by its role, and who came in or went out.

One worker a channel watches it and is supervised: when the channel fails, subscribers are told, and the watch is taken
up again on a fresh footing until it answers. Waits are bounded: a reader that hangs costs a sentence, not the program.
Cards are told by their ATR, again at each look, never by the name or the rank of the slot.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sesam_desktop.noyau.erreurs import ErreurConnue

from .attente import borner
from .canal import Canal, Etat, Fente, SessionCarte, carte_occupee
from .roles import ROLES, Role, choisir

journal = logging.getLogger(__name__)

DELAI = 5.0
_REPRISE = 0.3
_PAUSE_OCCUPEE = 0.1


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


class Gestionnaire:
    """Owner of the channels. Workers start with the first subscriber; without one, slots are read on demand."""

    def __init__(self, canaux: Sequence[Canal], delai: float = DELAI) -> None:
        self._canaux = {canal.nom: canal for canal in canaux}
        self._delai = delai
        self._abonnes: list[Abonne] = []
        self._vues: dict[str, list[Fente] | None] = {}
        self._ouvriers: list[threading.Thread] = []
        self._arret = threading.Event()
        self._verrou = threading.Lock()

    def abonner(self, recepteur: Abonne) -> None:
        """Call `recepteur`, on a worker's thread, at each event; the first subscriber is told the cards already in."""
        with self._verrou:
            self._abonnes.append(recepteur)
            if self._ouvriers or self._arret.is_set():
                return
            for canal in self._canaux.values():
                nom = f"lecteurs-{canal.nom}"
                self._ouvriers.append(threading.Thread(target=self._veiller, args=(canal,), name=nom, daemon=True))
                self._ouvriers[-1].start()

    def fentes(self) -> list[Fente]:
        """Slots of every channel, now; a channel that fails is one slot ABSENTE. Raises when none answers."""
        fentes, pannes = self._relever()
        if pannes and len(pannes) == len(self._canaux):
            raise pannes[0]
        return fentes

    def trouver(self, role: str) -> Fente:
        """The slot that holds the card of this role (``cps`` or ``vitale``). Raises ErreurConnue."""
        fentes, pannes = self._relever()
        return choisir(ROLES[role], fentes, pannes)

    def ouvrir(self, role: str) -> SessionCarte:
        """A session on the card of this role. Raises ErreurConnue; CARTE_OCCUPEE when it is not let go in time."""
        fente = self.trouver(role)
        canal, echeance = self._canaux[fente.canal], time.monotonic() + self._delai
        session = borner(
            lambda: _insister(canal, fente.lecteur, echeance),
            self._delai + 2 * _PAUSE_OCCUPEE,
            carte_occupee(fente.lecteur),
            lambda tardive: tardive.fermer(),
        )
        return _exiger_role(session, ROLES[role])

    def fermer(self) -> None:
        """Stop watching; bounded, may be called twice and from a subscriber."""
        self._arret.set()
        for canal in self._canaux.values():
            canal.fermer()
        for ouvrier in self._ouvriers:
            if ouvrier is not threading.current_thread():
                ouvrier.join(self._delai)

    def _relever(self) -> tuple[list[Fente], list[ErreurConnue]]:
        fentes: list[Fente] = []
        pannes: list[ErreurConnue] = []
        for canal in self._canaux.values():
            try:
                fentes += borner(canal.fentes, self._delai, _sans_reponse(canal))
            except ErreurConnue as erreur:
                pannes.append(erreur)
                fentes.append(Fente(canal.nom, "", Etat.ABSENTE))
        return fentes, pannes

    def _veiller(self, canal: Canal) -> None:
        while not self._arret.is_set():
            try:
                canal.surveiller(lambda fentes: self._recevoir(canal, fentes))
            except ErreurConnue as erreur:
                self._tomber(canal, erreur)
            except Exception:  # noqa: BLE001 - a bug of one channel must not end the watch
                journal.exception("la surveillance des lecteurs « %s » a échoué, elle reprend", canal.nom)
                self._tomber(canal, _sans_reponse(canal))
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


def _insister(canal: Canal, lecteur: str, echeance: float) -> SessionCarte:
    """Connect, again while another program holds the card and there is time."""
    while True:
        try:
            return canal.connecter(lecteur)
        except ErreurConnue as erreur:
            if erreur.code != "CARTE_OCCUPEE" or time.monotonic() >= echeance:
                raise
        time.sleep(_PAUSE_OCCUPEE)


def _exiger_role(session: SessionCarte, role: Role) -> SessionCarte:
    """The card may have been swapped between the look and the connection."""
    if not role.convient(session.fente.carte):
        session.fermer()
        raise ErreurConnue(
            "La carte a été changée pendant l'ouverture.",
            code="CARTE_CHANGEE",
            action=role.action,
            ou=session.fente.lecteur,
        )
    return session


def _sans_reponse(canal: Canal) -> ErreurConnue:
    return ErreurConnue(
        f"Les lecteurs de cartes ({canal.nom}) ne répondent pas.",
        code="LECTEURS_SANS_REPONSE",
        action="Retirez les cartes, débranchez et rebranchez le lecteur, puis réinsérez-les.",
    )
