"""The bridge to the SSV on this workstation: opened when the settings name the libraries, asked for rights, situations.

The chip's own public part is still read by the program: it tells whose card it is before the libraries speak, and it is all that can be shown while the code porteur has not been given.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from sesam_desktop.noyau.erreurs import ErreurConnue

from .configuration import Configuration

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import CartePS
    from sesam_desktop.cartes.vitale import CarteVitale
    from sesam_desktop.lecteurs.lecture import PuceCps, PuceVitale, SourceCartes
    from sesam_desktop.securisation.ssv import PontSsv

T = TypeVar("T")


class PontDuPoste:
    """At most one bridge is open, the one the settings name now."""

    def __init__(self, configuration: Callable[[], Configuration]) -> None:
        self._configuration = configuration
        self._verrou = threading.Lock()
        self._pont: PontSsv | None = None
        self._ouvert: tuple[str, str] = ("", "")

    @property
    def regle(self) -> bool:
        """True when the settings name the libraries."""
        return bool(self._configuration().bibliotheques_ssv)

    def obtenir(self) -> PontSsv | None:
        """The bridge, opened at first use; None when the settings name no library. Raises what keeps it closed."""
        configuration = self._configuration()
        voulu = (configuration.bibliotheques_ssv, configuration.sesam_ini)
        with self._verrou:
            if voulu != self._ouvert:
                self._lacher()
                self._pont = _ouvrir(*voulu) if voulu[0] else None
                self._ouvert = voulu
            return self._pont

    def fermer(self) -> None:
        """Let the libraries go. Harmless twice."""
        with self._verrou:
            self._lacher()

    def _lacher(self) -> None:
        pont, self._pont, self._ouvert = self._pont, None, ("", "")
        if pont is not None:
            pont.fermer()


class Confier(Protocol):
    """Gives the code porteur to a job, for as long as the job lasts."""

    def __call__(self, travail: Callable[[str], T]) -> T: ...


class SourceSsv:
    """Rights and situations as the libraries read them, with the code of the open session (`confier`)."""

    def __init__(self, pont: PontSsv, confier: Confier, publique: SourceCartes) -> None:
        self._pont = pont
        self._confier = confier
        self._publique = publique

    def pour_vitale(self, puce: PuceVitale) -> CarteVitale:
        """The card with its rights of today. Raises CARTE_CHANGEE when the libraries read another card."""
        from sesam_desktop.lecteurs.cartes_fichiers import correspond

        carte = self.sans_puce()
        if not correspond(puce, carte):
            raise ErreurConnue(
                "La carte Vitale a été changée pendant la lecture.", code="CARTE_CHANGEE",
                action="Laissez la carte du patient dans le lecteur et recommencez.",
            )
        return carte

    def sans_puce(self) -> CarteVitale:
        """The card in the reader of the libraries, whatever its generation (a Vitale 1 is read by nothing else)."""
        jour = date.today()  # noqa: DTZ011 - the counter's own calendar day
        return self._confier(lambda code: self._pont.lire_droits_vitale(code, jour))

    def pour_ps(self, puce: PuceCps, *, situations: bool) -> CartePS:
        """The professional with their situations; without the code, what the workstation knows of that card."""
        if not situations:
            return self._publique.pour_ps(puce, situations=False)
        return replace(self._confier(self._pont.lire_carte_ps), numero_serie=puce.numero_serie)


def _ouvrir(bibliotheques: str, sesam_ini: str) -> PontSsv:
    from sesam_desktop.securisation.ssv import PontSsv

    return PontSsv.ouvrir(Path(bibliotheques), Path(sesam_ini) if sesam_ini else None)


def sans_puce(source: SourceCartes) -> CarteVitale:
    """An old Vitale, which needs the libraries and the code. Raises SESSION_PS_FERMEE without it."""
    if isinstance(source, SourceSsv):
        return source.sans_puce()
    raise ErreurConnue(
        "Cette carte Vitale de première génération ne se lit qu'avec votre carte et votre code porteur.",
        code="SESSION_PS_FERMEE", action="Insérez votre carte et saisissez votre code porteur.",
    )
