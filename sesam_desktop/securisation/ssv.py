"""The bridge to the SSV: both cards read through the GIE's own libraries, when a workstation has them.

Prototypes are the published ones; the real libraries were never at hand (see `docs/ssv.md`). Absent, they change
nothing and cost nothing. All calls are made on one thread and bounded in time.
"""

from __future__ import annotations

import ctypes
import logging
import os
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sesam_desktop.cartes import ps_zones, vitale_131, vitale_zones
from sesam_desktop.cartes.champs import texte
from sesam_desktop.cartes.zones import Groupe
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from .fil_dedie import FilDedie, fil_de
from .ssv_prototypes import Fonctions, lier, trouver
from .ssv_session import erreur_ssv, lire_groupes, session

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import CartePS
    from sesam_desktop.cartes.vitale import CarteVitale

journal = logging.getLogger(__name__)

T = TypeVar("T")

DELAI = 60.0  # seconds; an old reader takes ten to read a Vitale, and may be asked four times more
RESSOURCE_PS, RESSOURCE_LECTEUR = "CPS", "Log_SV"
_TRANSMISSION, _OCCUPEE, _DEJA_INITIALISEE = 0x0200, 0x0800, 0xF670
_REPRISES_PS, _REPRISES_VITALE, _REPRISES_OCCUPEE = 3, 4, 3
_PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Inventaire:
    """What the libraries say of the workstation: groups 60 to 64, raw. `erreur`: what kept a reader out of it."""

    groupes: tuple[Groupe, ...]
    erreur: ErreurConnue | None = None


class PontSsv:
    """One opened set of libraries, initialised until `fermer`. One at a time in a process."""

    def __init__(
        self,
        fonctions: Fonctions,
        fil: FilDedie,
        ressources: tuple[bytes, bytes],
        delai: float,
        dormir: Callable[[float], None],
    ) -> None:
        self._fonctions, self._fil, self._delai, self._dormir = fonctions, fil, delai, dormir
        self._ressources = ressources

    @classmethod
    def ouvrir(
        cls,
        dossier: Path,
        sesam_ini: Path | None = None,
        *,
        ressource_ps: str = RESSOURCE_PS,
        ressource_lecteur: str = RESSOURCE_LECTEUR,
        delai: float = DELAI,
        dormir: Callable[[float], None] = time.sleep,
    ) -> PontSsv:
        """Find, check, load and initialise the libraries of `dossier`.

        Raises BIBLIOTHEQUE_* (absent, other bitness, incomplete), SESAM_INI_ABSENT, SSV_* (refusal of the library),
        SSV_SANS_REPONSE.
        """
        if sesam_ini is not None and not sesam_ini.is_file():
            raise ErreurConnue(
                "Le fichier sesam.ini indiqué n'existe pas.", code="SESAM_INI_ABSENT", ou=str(sesam_ini),
                action="Corrigez son chemin dans Paramètres, ou laissez ce réglage vide.",
            )
        chemins, ressources = trouver(dossier), (texte(ressource_ps), texte(ressource_lecteur))
        fil = fil_de(chemins[-1], "La bibliothèque SSV", "SSV_SANS_REPONSE")
        fonctions = fil.faire(lambda: _demarrer(chemins, sesam_ini), delai, lambda tardives: tardives["SSV_TermLIB"]())
        return cls(fonctions, fil, ressources, delai, dormir)

    @property
    def choisit_sesam_ini(self) -> bool:
        """False when these libraries are too old to be told which sesam.ini to read: they look for it themselves."""
        return "SSV_InitLIB2" in self._fonctions

    def inventaire(self) -> Inventaire:
        """Components and readers, even when one reader fails: those that answer are described, the others missing."""
        return self._faire(self._inventorier)

    def lire_config(self) -> list[Groupe]:
        """Groups 60 to 64, raw. Raises the error of the first reader that fails; `inventaire` gives what remains."""
        inventaire = self.inventaire()
        if inventaire.erreur is not None:
            raise inventaire.erreur
        return list(inventaire.groupes)

    def lire_carte_ps(self, code: str) -> CartePS:
        """The professional and all their situations, without serial number. Raises SSV_F003 on a wrong code."""
        return ps_zones.carte_depuis(self._lire("SIS_LireCartePS", code, (), _REPRISES_PS))

    def lire_droits_vitale(self, code: str, jour: date) -> CarteVitale:
        """The Vitale with its rights on `jour`, of any generation, by the professional whose code this is."""
        groupes = self._lire("SIS_LireDroitsVitale", code, (f"{jour:%Y%m%d}".encode(),), _REPRISES_VITALE)
        ancienne = bool(groupes) and groupes[0].id == vitale_131.CARTE
        return vitale_131.carte_depuis(groupes) if ancienne else vitale_zones.carte_depuis(groupes)

    def fermer(self) -> None:
        """Let the libraries go. Never raises, may be called twice."""
        try:
            code = self._faire(self._fonctions["SSV_TermLIB"])
        except ErreurConnue as erreur:
            journal.info("bibliothèque SSV non terminée : %s", erreur.code)
            return
        if code:
            journal.info("bibliothèque SSV non terminée : %04X", code)

    def _faire(self, travail: Callable[[], T]) -> T:
        return self._fil.faire(travail, self._delai)

    def _inventorier(self) -> Inventaire:
        with session(self._fonctions) as numero:
            code = self._insister("SIS_LireConfig", (numero,), _REPRISES_PS)
            if code == 0:
                return Inventaire(tuple(lire_groupes(self._fonctions, numero)))
            erreur = erreur_ssv(code)
            try:
                return Inventaire(tuple(lire_groupes(self._fonctions, numero)), erreur)
            except ErreurConnue:  # nothing was described: the first error is the one that matters
                return Inventaire((), erreur)

    def _lire(self, nom: str, code: str, suite: tuple[bytes, ...], reprises: int) -> list[Groupe]:
        """Groups that this SIS function brings. The copy of the code given to the library is wiped after the call."""
        porteur = _copier(code)

        def travail() -> list[Groupe]:
            try:
                with session(self._fonctions) as numero:
                    retour = self._insister(nom, (*self._ressources, porteur, *suite, numero), reprises)
                    if retour:
                        raise erreur_ssv(retour)
                    return lire_groupes(self._fonctions, numero)
            finally:
                ctypes.memset(porteur, 0, ctypes.sizeof(porteur))

        return self._faire(travail)

    def _insister(self, nom: str, arguments: tuple[object, ...], reprises: int) -> int:
        """Return code of a call, made again after a transmission error or while another program holds the reader.

        Nothing else is ever played again: a wrong code presented three times locks the card.
        """
        restantes = {_TRANSMISSION: reprises, _OCCUPEE: _REPRISES_OCCUPEE}
        while (code := self._fonctions[nom](*arguments)) in restantes and restantes[code]:
            restantes[code] -= 1
            journal.info("%s : %04X, nouvel essai", nom, code)
            self._dormir(_PAUSE)
        return code


def _copier(code: str) -> ctypes.Array[ctypes.c_char]:
    """The code as the library takes it. One that cannot be right is refused here: presenting it would cost a try."""
    if not re.fullmatch(r"[0-9]{4}", code):
        raise EntreeInvalide(
            "Le code porteur compte quatre chiffres.", code="CODE_INVALIDE",
            action="Ressaisissez-le : rien n'a été envoyé à la carte.",
        )
    return ctypes.create_string_buffer(code.encode())


def _demarrer(chemins: tuple[Path, ...], sesam_ini: Path | None) -> Fonctions:
    """Load and initialise. A library that a previous run left initialised is terminated first (F670)."""
    fonctions = lier(chemins)
    code = _initialiser(fonctions, sesam_ini)
    if code == _DEJA_INITIALISEE:
        fonctions["SSV_TermLIB"]()
        code = _initialiser(fonctions, sesam_ini)
    if code:
        raise erreur_ssv(code, str(fonctions.chemin))
    return fonctions


def _initialiser(fonctions: Fonctions, sesam_ini: Path | None) -> int:
    if sesam_ini is None or "SSV_InitLIB2" not in fonctions:
        return fonctions["SSV_InitLIB"]()
    chemin = str(sesam_ini.resolve())
    return fonctions["SSV_InitLIB2"](chemin.encode("mbcs") if sys.platform == "win32" else os.fsencode(chemin))
