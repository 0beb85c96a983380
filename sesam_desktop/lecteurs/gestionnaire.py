"""All readers behind one door: slots of every channel, a card found by its role, and who came in or went out.

Each reader has one worker, and every wait on it is bounded: a reader that hangs costs a sentence, never the program,
and the others go on. Cards are told by their ATR, again at each look, never by the name or the rank of the slot.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from sesam_desktop.noyau.erreurs import ErreurConnue

from .canal import (
    Canal,
    CanalPartage,
    CanalProgrammable,
    Etat,
    Fente,
    Logiciel,
    SessionCarte,
    carte_occupee,
    carte_prise_ici,
    lecteur_absent,
    lecteur_sans_reponse,
    lecteurs_sans_reponse,
)
from .emploi import PAUSE_OCCUPEE, Emploi, Ouverture
from .ouvrier import Ouvrier, Tache, garder
from .roles import ROLES, Role, choisir
from .sessions import SessionTenue
from .trace import Trace
from .veille import Abonne, Evenement, Genre, Veille

__all__ = ["DELAI", "Evenement", "Genre", "Gestionnaire"]

DELAI = 5.0
_MARGE = 2 * PAUSE_OCCUPEE  # an opening that insists refuses by itself, a little after its delay
_REPRISE_CANAL = 30.0
_CARTE, _LOGICIEL, _CANAL = "carte", "logiciel", "canal"
_Cle = tuple[str, str, str]

T = TypeVar("T")
C = TypeVar("C", bound=Canal)


class Gestionnaire:
    """Owner of the channels. The watch starts with the first subscriber; without one, slots are read on demand."""

    def __init__(self, canaux: Sequence[Canal], delai: float = DELAI) -> None:
        self._canaux = {canal.nom: canal for canal in canaux}
        self._delai = delai
        self._veille = Veille(canaux)
        self._ouvriers: dict[_Cle, Ouvrier] = {}
        self._verrou = threading.Lock()
        self._ferme = False
        self._trace: Trace | None = None

    def abonner(self, recepteur: Abonne) -> Callable[[], None]:
        """Call `recepteur`, on a watching thread, at each event; the first subscriber is told the cards already in.

        Returns the function that ends the subscription.
        """
        return self._veille.abonner(recepteur)

    def tracer(self, trace: Trace | None) -> None:
        """Note every exchange from now on, or no more (None). The trace stays the caller's to close."""
        self._trace = trace

    def fentes(self) -> list[Fente]:
        """Slots of every channel, now; a channel that fails is one slot ABSENTE. Raises when there is no other slot."""
        fentes, pannes = self._relever()
        if pannes and all(fente.etat is Etat.ABSENTE for fente in fentes):
            raise pannes[0]
        return fentes

    def trouver(self, role: str) -> Fente:
        """The slot that holds the card of this role (a key of ``ROLES``). Raises ErreurConnue."""
        fentes, pannes = self._relever()
        return choisir(ROLES[role], fentes, pannes)

    def employer(
        self, role_ou_fente: str | Fente, travail: Callable[[SessionCarte], T], delai: float | None = None
    ) -> T:
        """Open, let `travail` talk to the card, close, all on the reader's own thread; returns what it returns.

        `delai` is the longest time without a sign of the card (opening, one exchange). Raises ErreurConnue:
        CARTE_OCCUPEE when the card is not let go in time, CARTE_SANS_REPONSE when it never answers; nothing more is
        sent to it then. A slot given as it was seen refuses another stay (CARTE_CHANGEE). The first reading after an
        insertion may fail as the card wakes up: `travail` is then called once more, if only readings were sent.
        """
        fente, role = self._viser(role_ou_fente)
        delai = self._delai if delai is None else delai
        ouverture = Ouverture(self._canaux[fente.canal], fente, role, delai)
        ouvrier, prise = self._prendre(fente, delai)
        try:
            resultat = self._faire_avec_reprise(ouvrier, ouverture, travail)
        finally:
            prise.release()
        ouvrier.passage_lu = fente.passage
        return resultat

    def ouvrir(self, role_ou_fente: str | Fente) -> SessionCarte:
        """A held session, each exchange bounded. Raises ErreurConnue; CARTE_OCCUPEE when it is not let go in time."""
        fente, role = self._viser(role_ou_fente)
        ouverture = Ouverture(self._canaux[fente.canal], fente, role, self._delai)
        ouvrier, prise = self._prendre(fente, self._delai)
        try:
            session = self._faire(ouvrier, ouverture, ouverture, SessionCarte.fermer)
        except BaseException:
            prise.release()
            raise
        return SessionTenue(session, ouvrier, prise, self._delai, lambda: self._trace)

    def logiciels(self) -> list[Logiciel]:
        """Readers whose own software answers (portable terminals, PSS readers). Raises when no such channel answers."""
        canaux = [canal for canal in self._canaux.values() if isinstance(canal, CanalProgrammable)]
        reponses, pannes = self._demander(canaux, lambda canal: canal.logiciels())
        if pannes and not reponses:
            raise pannes[0][1]
        return [Logiciel(canal.nom, lecteur) for canal, lecteurs in reponses for lecteur in lecteurs]

    def dialoguer(self, logiciel: Logiciel, message: bytes, delai: float) -> bytes:
        """One message to the software of a reader → its answer, within `delai` seconds. Raises ErreurConnue."""
        canal = self._canaux[logiciel.canal]
        if not isinstance(canal, CanalProgrammable):
            raise lecteur_absent(logiciel.lecteur)
        tache = Tache(
            lambda _: canal.dialoguer(logiciel.lecteur, message, delai),
            lambda: lecteur_sans_reponse(logiciel.lecteur),
        )
        return self._ouvrier((logiciel.canal, logiciel.lecteur, _LOGICIEL)).faire(tache, delai + _MARGE)

    def fermer(self) -> None:
        """Stop watching, end the workers; bounded, may be called twice and from a subscriber."""
        for canal in self._canaux.values():
            canal.fermer()
        self._veille.fermer(self._delai)
        with self._verrou:
            self._ferme = True
            ouvriers = list(self._ouvriers.values())
        for ouvrier in ouvriers:
            ouvrier.terminer()
        for ouvrier in ouvriers:
            ouvrier.attendre_fin(self._delai)

    def _viser(self, role_ou_fente: str | Fente) -> tuple[Fente, Role | None]:
        if isinstance(role_ou_fente, Fente):
            return role_ou_fente, None
        return self.trouver(role_ou_fente), ROLES[role_ou_fente]

    def _prendre(self, fente: Fente, delai: float) -> tuple[Ouvrier, threading.Lock]:
        """The worker of this reader, and its card taken for one use. Raises at once while it is stuck."""
        ouvrier = self._ouvrier((fente.canal, fente.lecteur, _CARTE), fente.passage)
        ouvrier.exiger_libre()
        prise = ouvrier.prendre(fente.passage, delai)
        if prise is None:
            raise carte_prise_ici(fente.lecteur)
        return ouvrier, prise

    def _faire_avec_reprise(self, ouvrier: Ouvrier, ouverture: Ouverture, travail: Callable[[SessionCarte], T]) -> T:
        premier = Emploi(ouverture, travail, self._trace)
        try:
            return self._faire(ouvrier, ouverture, premier)
        except ErreurConnue as erreur:
            if ouvrier.passage_lu == ouverture.fente.passage or not premier.peut_reprendre(erreur):
                raise
        return self._faire(ouvrier, ouverture, Emploi(ouverture, travail, self._trace))

    def _faire(
        self,
        ouvrier: Ouvrier,
        ouverture: Ouverture,
        travail: Callable[[Tache[T]], T],
        defaire: Callable[[T], object] = garder,
    ) -> T:
        tache = Tache(travail, lambda: self._occupee(ouverture), defaire)
        try:
            return ouvrier.faire(tache, ouverture.delai + _MARGE)
        except ErreurConnue as erreur:
            if erreur.code == "CARTE_OCCUPEE" and not tache.abandonnee:
                raise self._occupee(ouverture) from None
            raise

    def _occupee(self, ouverture: Ouverture) -> ErreurConnue:
        canal, lecteur = ouverture.canal, ouverture.fente.lecteur
        return carte_occupee(lecteur, canal.detenteurs(lecteur) if isinstance(canal, CanalPartage) else ())

    def _relever(self) -> tuple[list[Fente], list[ErreurConnue]]:
        """Every channel is asked at once: a slow one does not add to the others."""
        reponses, pannes = self._demander(list(self._canaux.values()), lambda canal: canal.fentes())
        lues = {canal.nom: fentes for canal, fentes in reponses}
        fentes = [f for nom in self._canaux for f in lues.get(nom, [Fente(nom, "", Etat.ABSENTE)])]
        return fentes, [erreur for _, erreur in pannes]

    def _demander(
        self, canaux: Sequence[C], question: Callable[[C], T]
    ) -> tuple[list[tuple[C, T]], list[tuple[C, ErreurConnue]]]:
        """The answer of each channel, or what it failed with."""
        reponses: list[tuple[C, T]] = []
        pannes: list[tuple[C, ErreurConnue]] = []
        for canal, attendre in [(canal, self._poser(canal, question)) for canal in canaux]:
            try:
                reponses.append((canal, attendre()))
            except ErreurConnue as erreur:
                pannes.append((canal, erreur))
        return reponses, pannes

    def _poser(self, canal: C, question: Callable[[C], T]) -> Callable[[], T]:
        """Ask a channel, on its own worker; the function returned waits for the answer."""
        ouvrier = self._ouvrier((canal.nom, "", _CANAL))
        tache = Tache(lambda _: question(canal), lambda: lecteurs_sans_reponse(canal.nom))
        if not ouvrier.bloque:
            ouvrier.deposer(tache)
            return lambda: ouvrier.attendre(tache, self._delai)
        return lambda: ouvrier.faire(tache, self._delai)

    def _ouvrier(self, cle: _Cle, passage: int | None = None) -> Ouvrier:
        """The worker of this reader. One that is stuck is left to its fate once the card it was stuck on is gone."""
        with self._verrou:
            ouvrier = self._ouvriers.get(cle)
            if ouvrier is None or _perdu(ouvrier, passage):
                if ouvrier is not None:
                    ouvrier.terminer()
                ouvrier = self._ouvriers[cle] = Ouvrier("lecteurs-" + "-".join(filter(None, cle)))
                if self._ferme:
                    ouvrier.terminer()
            return ouvrier


def _perdu(ouvrier: Ouvrier, passage: int | None) -> bool:
    """True when what the worker is stuck on has no chance left to matter."""
    if passage is None:
        return ouvrier.bloque_depuis > _REPRISE_CANAL
    return ouvrier.bloque and ouvrier.passage < passage
