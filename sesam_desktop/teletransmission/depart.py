"""The durable outbox: what leaves, when it is tried again, and what is recorded when the server answers.

States of a message: ``prete → en_envoi → remise → acquittee | refusee``, with ``en_attente`` (tried again later, by
exponential back-off) and ``en_quarantaine`` (refused for good, shown until somebody decides). A message found
``en_envoi`` at the start of a run was being sent when the program died: nobody knows whether the server has it, so it
is sent again with the same Message-ID, which the other side recognises.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures

from .depot import Corbeille, MessageEnAttente
from .parametres import ParametresCourrier
from .smtp import SessionSmtp, Sort, Verdict
from .suivi import ajouter_si_possible
from .verrou import seul

Progression = Callable[[int, int], None]
Annule = Callable[[], bool]


def jamais() -> bool:
    """The default cancel callback."""
    return False


def sans_suite(_fait: int, _total: int) -> None:
    """The default progress callback."""


@dataclass(slots=True)
class BilanEnvoi:
    """Counts of one run. `restants`: still to leave, back-off not elapsed or cancelled before."""

    remis: int = 0
    reportes: int = 0
    refuses: int = 0
    restants: int = 0
    annule: bool = False


class Depart:
    """Sends what is ready, one run at a time for the whole workstation."""

    def __init__(
        self,
        base: Base,
        factures: Factures,
        parametres: ParametresCourrier,
        horloge: Callable[[], datetime] = lambda: datetime.now(UTC),
        hasard: Callable[[], float] = random.random,
    ) -> None:
        self._base = base
        self._factures = factures
        self._parametres = parametres
        self._corbeille = Corbeille(base)
        self._horloge = horloge
        self._hasard = hasard

    def envoyer(
        self, *, maintenant: bool = False, progression: Progression = sans_suite, annule: Annule = jamais
    ) -> BilanEnvoi:
        """Send every due message over one connection; `maintenant` ignores the back-off.

        Raises ErreurConnue when the server cannot be used at all: messages stay as they were, what was already
        sent in this run is recorded.
        """
        self._parametres.exiger_envoi()
        with seul(self._base.chemin, "envoi", "Un envoi est déjà en cours sur ce poste."):
            self._corbeille.reprendre(self._instant())
            return self._envoyer(maintenant, progression, annule)

    def relancer(self, message_id: str) -> bool:
        """Put a message back from quarantine, as if new. False when it was not there."""
        return self._corbeille.relancer(message_id)

    def _envoyer(self, maintenant: bool, progression: Progression, annule: Annule) -> BilanEnvoi:
        bilan = BilanEnvoi()
        dus = self._corbeille.dus(None if maintenant else self._instant())
        with SessionSmtp(self._parametres) as session:
            for rang, identifiant in enumerate(dus):
                progression(rang, len(dus))
                if annule():
                    bilan.annule = True
                    break
                self._envoyer_un(session, identifiant, bilan)
            else:
                progression(len(dus), len(dus))
        bilan.restants = self._corbeille.a_partir()
        return bilan

    def _envoyer_un(self, session: SessionSmtp, identifiant: int, bilan: BilanEnvoi) -> None:
        message = self._corbeille.prendre(identifiant)
        if message is None:
            return
        try:
            verdict = session.envoyer(message.destinataire, message.octets)
        except BaseException:
            self._corbeille.rendre(message)
            raise
        self._conclure(message, verdict, bilan)

    def _conclure(self, message: MessageEnAttente, verdict: Verdict, bilan: BilanEnvoi) -> None:
        if verdict.sort is Sort.REMISE:
            self._remettre(message)
            bilan.remis += 1
        elif verdict.sort is Sort.REPORTEE:
            self._corbeille.reporter(message, self._prochain_essai(message.essais), verdict.reponse)
            bilan.reportes += 1
        else:
            self._corbeille.mettre_en_quarantaine(message, verdict.reponse)
            bilan.refuses += 1

    def _remettre(self, message: MessageEnAttente) -> None:
        """The 250, its lot and the events of its invoices: one fact, one transaction."""
        with self._base.transaction():
            for lot in self._corbeille.remettre(message, self._instant()):
                for numero in lot.documents:
                    donnees = {"lot": lot.numero, "date": lot.date}
                    ajouter_si_possible(self._factures, numero, Etat.TRANSMISE, donnees)

    def _prochain_essai(self, essais: int) -> str:
        """Doubled at each try up to the ceiling, ± 25 % so that workstations do not come back together."""
        p = self._parametres
        attente = min(p.premier_report_s * 2 ** min(essais - 1, 30), p.report_maximal_s)
        secondes = int(attente * (0.75 + 0.5 * self._hasard()))
        return ecrire_instant(self._horloge() + timedelta(seconds=secondes))

    def _instant(self) -> str:
        return ecrire_instant(self._horloge())
