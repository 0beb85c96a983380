"""The bridge to the SSV on this workstation: opened when the settings name the libraries, asked for rights, situations.

The chip's own public part is still read by the program: it tells whose card it is before the libraries speak, and it is
all that can be shown while the code porteur has not been given.
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
    from sesam_desktop.lecteurs.canal import Fente, SessionCarte
    from sesam_desktop.lecteurs.gestionnaire import Gestionnaire
    from sesam_desktop.lecteurs.lecture import PuceCps, PuceVitale, SourceCartes
    from sesam_desktop.securisation.session_ps import SessionPS
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


def confier_de(session: SessionPS, exiger_sa_carte: Callable[[], None]) -> Confier:
    """Gives the code of this session, for the card it was opened on: the libraries would present it to any other."""

    def confier(travail: Callable[[str], T]) -> T:
        def sur_sa_carte(code: str) -> T:
            exiger_sa_carte()
            return travail(code)

        return session.confier_code(sur_sa_carte)

    return confier


class SourceSsv:
    """Rights and situations as the libraries read them, with the code of the open session (`confier`)."""

    def __init__(self, pont: PontSsv, confier: Confier, publique: SourceCartes) -> None:
        self._pont = pont
        self._confier = confier
        self._publique = publique

    def pour_vitale(self, puce: PuceVitale) -> CarteVitale:
        """The card with its rights of today. Raises CARTE_CHANGEE when it is not the card of this chip.

        A test card may say anything else than its chip: the libraries put a carte virtuelle in its place ([TESTSSV]).
        """
        from sesam_desktop.cartes.nature import Nature, de_vitale
        from sesam_desktop.lecteurs.cartes_fichiers import correspond

        carte = self.sans_puce()
        if de_vitale(carte) is not Nature.TEST and not correspond(puce, carte):
            raise carte_changee_pendant_la_lecture()
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


def carte_changee_pendant_la_lecture() -> ErreurConnue:
    """The card read is not the one that was seen."""
    return ErreurConnue(
        "La carte Vitale a été changée pendant la lecture.", code="CARTE_CHANGEE",
        action="Laissez la carte du patient dans le lecteur et recommencez.",
    )


def sans_puce(source: SourceCartes) -> CarteVitale:
    """An old Vitale, which needs the libraries and the code. Raises SESSION_PS_FERMEE without it."""
    if isinstance(source, SourceSsv):
        return source.sans_puce()
    raise ErreurConnue(
        "Cette carte Vitale de première génération ne se lit qu'avec votre carte et votre code porteur.",
        code="SESSION_PS_FERMEE", action="Insérez votre carte et saisissez votre code porteur.",
    )


def puce_vitale(gestionnaire: Gestionnaire, *, avec_pont: bool) -> tuple[Fente, PuceVitale | None]:
    """The slot and what the chip says; None for an old chip, which only the libraries (`avec_pont`) can read."""
    from sesam_desktop.cartes.atr import GenreCarte
    from sesam_desktop.lecteurs.lecture import lire_puce_vitale

    if avec_pont:
        fente = gestionnaire.trouver("vitale")
        if fente.carte is GenreCarte.VITALE1:
            return fente, None
    return gestionnaire.employer("vitale", lambda session: (session.fente, lire_puce_vitale(session)))


def puce_cps(session: SessionCarte, source: SourceCartes, code: str | None) -> tuple[Fente, PuceCps]:
    """The slot and what the chip says. `code` is presented, unless the libraries do it themselves: never twice.

    An old chip says nothing: with the libraries, its serial number stays unknown.
    """
    from sesam_desktop.cartes.atr import GenreCarte
    from sesam_desktop.lecteurs.lecture import PuceCps, lire_puce_cps, verifier_code

    par_bibliotheques = isinstance(source, SourceSsv)
    if par_bibliotheques and session.fente.carte is GenreCarte.CPS2TER:
        return session.fente, PuceCps("")
    puce = lire_puce_cps(session)
    if code is not None and not par_bibliotheques:
        verifier_code(session, code)
    return session.fente, puce


def source_des_cartes(
    dossier: Path, obtenir: Callable[[], PontSsv | None], confier: Confier | None
) -> SourceCartes:
    """Who completes what the chips say. The libraries need the code porteur: without it, they are not even opened."""
    from sesam_desktop.lecteurs.cartes_fichiers import DossierCartes

    publique = DossierCartes(dossier)
    pont = obtenir() if confier is not None else None
    return SourceSsv(pont, confier, publique) if pont is not None and confier is not None else publique


def exiger_restee(gestionnaire: Gestionnaire, role: str, fente: Fente) -> None:
    """The libraries find the cards by themselves: they must be those seen before they spoke. Raises CARTE_CHANGEE."""
    from sesam_desktop.lecteurs.canal import carte_changee

    if not meme_passage(gestionnaire.trouver(role), fente):
        raise carte_changee_pendant_la_lecture() if role == "vitale" else carte_changee(fente.lecteur)


def meme_passage(une: Fente, autre: Fente | None) -> bool:
    """True when both looks saw the same stay of the same card."""
    return autre is not None and (une.canal, une.lecteur, une.passage) == (autre.canal, autre.lecteur, autre.passage)
