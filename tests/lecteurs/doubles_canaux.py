"""Doubles of channels for the tests of the manager: cards that hang, readers that come and go, a service that stops."""

from __future__ import annotations

import threading
import time

from sesam_desktop.lecteurs.canal import Fente, Recepteur, SessionCarte, carte_occupee
from sesam_desktop.lecteurs.gestionnaire import Evenement, Genre
from sesam_desktop.lecteurs.virtuel import CanalVirtuel, CarteVirtuelle, _Passage
from sesam_desktop.noyau.erreurs import ErreurConnue

SERVICE = ErreurConnue("Le service est arrêté.", code="SERVICE_CARTES_ARRETE")


class Journal:
    """Every event, and what each slot holds according to them."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.occupees: set[str] = set()
        self.fautes: list[str] = []
        self.genres: list[Genre] = []

    def __call__(self, evenement: Evenement) -> None:
        with self._condition:
            self.genres.append(evenement.genre)
            if evenement.fente is not None:
                self._suivre(evenement.genre, evenement.fente.lecteur)
            self._condition.notify_all()

    def _suivre(self, genre: Genre, lecteur: str) -> None:
        if genre in (Genre.INSEREE, Genre.MUETTE, Genre.INCONNUE):
            self.fautes += [f"deux entrées dans {lecteur}"] if lecteur in self.occupees else []
            self.occupees.add(lecteur)
        elif genre is Genre.RETIREE:
            self.fautes += [] if lecteur in self.occupees else [f"deux sorties de {lecteur}"]
            self.occupees.discard(lecteur)

    def attendre(self, occupees: set[str], delai: float) -> None:
        with self._condition:
            fini = self._condition.wait_for(lambda: self.occupees == occupees, delai)
            assert fini, f"dits occupés : {self.occupees}, occupés : {occupees}"


class CarteBloquee:
    """A chip that may be told to take a command and keep silent until `reveil`."""

    def __init__(self, carte: CarteVirtuelle) -> None:
        self._carte = carte
        self.atr = carte.atr
        self.bloquer = False
        self.reveil = threading.Event()
        self.recus: list[bytes] = []

    def reset(self) -> None:
        self._carte.reset()

    def traiter(self, apdu: bytes) -> bytes:
        self.recus.append(apdu)
        if self.bloquer:
            self.reveil.wait(10)
        return self._carte.traiter(apdu)


class CanalCapricieux(CanalVirtuel):
    """Virtual readers that may be plugged, unplugged, made to hang at opening, and whose service may stop."""

    def __init__(self, lecteurs: dict[str, CarteVirtuelle | None]) -> None:
        super().__init__(lecteurs)
        self.panne: ErreurConnue | None = None
        self.occupee_par: list[str] | None = None
        self.ouverture_bloquee: threading.Event | None = None
        self._debranches: dict[str, int] = {}

    def fentes(self) -> list[Fente]:
        if self.panne is not None:
            raise self.panne
        return super().fentes()

    def connecter(self, lecteur: str) -> SessionCarte:
        if self.panne is not None:
            raise self.panne
        if self.ouverture_bloquee is not None:
            self.ouverture_bloquee.wait(10)
        if self.occupee_par is not None:
            raise carte_occupee(lecteur)
        return super().connecter(lecteur)

    def surveiller(self, recepteur: Recepteur) -> None:
        vues = None
        while not self._ferme:
            actuelles = self.fentes()
            if actuelles != vues:
                recepteur(actuelles)
                vues = actuelles
            time.sleep(0.002)

    def detenteurs(self, _lecteur: str) -> list[str]:
        return self.occupee_par or []

    def brancher(self, lecteur: str) -> None:
        """Plugged again, empty; its stays go on being counted."""
        with self._condition:
            self._passages[lecteur] = _Passage(None, self._debranches.pop(lecteur, 0) + 1)

    def debrancher(self, lecteur: str) -> None:
        with self._condition:
            self._debranches[lecteur] = self._passages.pop(lecteur).rang
