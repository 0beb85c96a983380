"""Readers on one serial port, as the manager wants them: slots (LAD 1, 2) and software (LAD 0) of each reader (PAD).

Everything shares the port through one line: presence is looked at between two commands of a session.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from sesam_desktop.lecteurs.canal import Fente, Recepteur, lecteur_absent
from sesam_desktop.lecteurs.galss import codes
from sesam_desktop.lecteurs.galss.galss_ini import PSS, Canal, FichierGalss, Liaison
from sesam_desktop.lecteurs.galss.io_comm import IoComm
from sesam_desktop.noyau.erreurs import ErreurConnue

from . import commandes
from .lecteur import REPOS, Declaration, LecteurSerie
from .ligne import Ligne
from .port import LIAISON, PortSerie
from .ports import detectes
from .session import SessionSerie
from .temps import BITS, Chrono
from .voie import Port

PERIODE = 2.0  # the field's own minimum between two looks at a PSS reader (tpc_polling_time)
USB = "usb"
_SANS_PERIPHERIQUE = 0x800B
_CARTES = (commandes.CARTE_PS, commandes.CARTE_VITALE)

T = TypeVar("T")


class CanalSerie:
    """`port` is the name shown (COM3), `ouvrir` opens it. `facultatif`: not declared, its absence is no failure."""

    def __init__(
        self,
        port: str,
        ouvrir: Callable[[], Port],
        lecteurs: Sequence[Declaration] = (Declaration(),),
        chrono: Chrono | None = None,
        *,
        facultatif: bool = False,
        periode: float = PERIODE,
        repos: float = REPOS,
    ) -> None:
        self.nom = f"serie:{port}"
        self._facultatif, self._periode = facultatif, periode
        self._arret, self._reveil = threading.Event(), threading.Event()
        noms = {declaration.pad: f"{port} PAD{declaration.pad}" for declaration in lecteurs}
        self._ligne = Ligne(ouvrir, noms, chrono or Chrono())
        self._lecteurs = [
            LecteurSerie(self.nom, noms[d.pad], d, self._ligne, self._reveil.set, repos) for d in lecteurs
        ]
        self._pause = 0.0

    def fentes(self) -> list[Fente]:
        """A reader that does not answer has no slot. Raises when none answers, unless the channel is optional."""
        return [fente for fentes in self._interroger(self._lecteurs, LecteurSerie.fentes) for fente in fentes]

    def connecter(self, lecteur: str) -> SessionSerie:
        for candidat in self._lecteurs:
            for place in candidat.places:
                if place.nom == lecteur:
                    return candidat.connecter(place)
        raise lecteur_absent(lecteur)

    def surveiller(self, recepteur: Recepteur) -> None:
        """As of any channel, but every two seconds: these readers are not to be asked more often.

        Called again after a silence, it starts by waiting as long.
        """
        self._arret.wait(self._pause)
        vues: list[Fente] | None = None
        while not self._arret.is_set():
            try:
                actuelles = self.fentes()
            except ErreurConnue as erreur:
                if self._arret.is_set():
                    return
                self._pause = 0.0 if erreur.code == "LECTEUR_ABSENT" else self._periode
                raise
            self._pause = 0.0
            if actuelles != vues:
                recepteur(actuelles)
                vues = actuelles
            self._reveil.wait(self._periode)
            self._reveil.clear()

    def fermer(self) -> None:
        self._arret.set()
        self._reveil.set()
        self._ligne.fermer()

    def logiciels(self) -> list[str]:
        avec = [lecteur for lecteur in self._lecteurs if lecteur.a_un_logiciel]
        presents = self._interroger(avec, lambda lecteur: (lecteur.nom, lecteur.logiciel_present()))
        return [nom for nom, present in presents if present]

    def dialoguer(self, lecteur: str, message: bytes, delai: float) -> bytes:
        for candidat in self._lecteurs:
            if candidat.nom == lecteur and candidat.a_un_logiciel:
                return candidat.dialoguer(message, delai)
        raise lecteur_absent(lecteur)

    def _interroger(self, lecteurs: Sequence[LecteurSerie], question: Callable[[LecteurSerie], T]) -> list[T]:
        """Answers of the readers that give one. Raises when none does, unless the channel is optional."""
        reponses: list[T] = []
        pannes: list[ErreurConnue] = []
        for lecteur in lecteurs:
            try:
                reponses.append(question(lecteur))
            except ErreurConnue as erreur:
                pannes.append(erreur)
        if pannes and not reponses and not self._facultatif:
            raise pannes[0]
        return reponses


def canaux_depuis(fichier: FichierGalss, io_comm: IoComm | None = None, systeme: str = os.name) -> list[CanalSerie]:
    """The serial channels that galss.ini declares without a fault.

    Windows names its ports COM1, COM2…; elsewhere io_comm.ini says which device each one is.
    """
    return [
        _canal(canal, _peripherique(canal.index, io_comm, systeme), _chrono(fichier, canal.liaison or LIAISON))
        for canal in fichier.canaux
        if canal.est_serie
    ]


def canal_usb(deja: Iterable[str] = ()) -> CanalSerie:
    """The first USB reader of the list that is plugged, found again after each replug, on none of the ports `deja`."""
    declares = tuple(deja)

    def ouvrir() -> Port:
        pris = {_meme_nom(port) for port in declares}
        for trouve in detectes():
            if trouve.appareil.automatique and _meme_nom(trouve.port) not in pris:
                return PortSerie(trouve.port)
        raise lecteur_absent(USB)

    return CanalSerie(USB, ouvrir, facultatif=True)


def canaux_du_poste(
    fichier: FichierGalss | None, io_comm: IoComm | None = None, systeme: str = os.name
) -> list[CanalSerie]:
    """The declared serial channels, and the one of USB readers, which leaves them their ports."""
    declares = canaux_depuis(fichier, io_comm, systeme) if fichier else []
    ports = (_peripherique(c.index, io_comm, systeme) for c in fichier.canaux if c.est_serie) if fichier else ()
    return [*declares, canal_usb(port for port in ports if port)]


def _meme_nom(port: str) -> str:
    """One name for one port: links followed, case ignored as Windows does."""
    return os.path.realpath(port).casefold() if port.startswith("/") else port.casefold()


def _canal(canal: Canal, peripherique: str | None, chrono: Chrono) -> CanalSerie:
    nom = f"COM{canal.index}"

    def ouvrir() -> Port:
        if peripherique is None:
            raise codes.erreur(_SANS_PERIPHERIQUE, nom)
        return PortSerie(peripherique, canal.liaison or LIAISON)

    return CanalSerie(nom, ouvrir, _declarations(canal), chrono)


def _chrono(fichier: FichierGalss, liaison: Liaison) -> Chrono:
    """Times of [PROTOCOLE0], or the shipped ones when the section is absent or out of its bounds."""
    protocole = fichier.protocoles.get(PSS)
    fautif = any(a.grave and a.section.casefold() == f"protocole{PSS}" for a in fichier.anomalies)
    if protocole is None or fautif:
        return Chrono(octet=BITS / liaison.vitesse)
    bwt, bgt, ext = protocole.config
    return Chrono.en_ms(bwt, bgt, ext, protocole.cwt, vitesse=liaison.vitesse)


def _declarations(canal: Canal) -> list[Declaration]:
    return [
        Declaration(
            pad.adresse,
            tuple(lad.numero for lad in pad.lads if lad.numero in _CARTES),
            any(lad.numero == commandes.LOGICIEL for lad in pad.lads),
        )
        for pad in canal.pads
    ]


def _peripherique(index: int, io_comm: IoComm | None, systeme: str) -> str | None:
    if systeme == "nt":
        return f"COM{index}"
    return io_comm.ports.get(index) if io_comm else None
