"""Emptying one queue over one connection: what is recorded, and when.

While one message is handed over, what the server said of the one before is recorded, and the next taken. A message is
marked ``en_envoi``, on the disk, before its first word leaves: at most two are in doubt when the program dies, the one
in the server's hands and the one it has just answered for.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.noyau.erreurs import ErreurConnue

from .bilan import BilanEnvoi
from .depot_corbeille import INCERTAIN, Corbeille, Essai, MessageEnAttente
from .depot_suspensions import Suspensions
from .file_envoi import FileEnvoi, Fini, Suivi
from .parametres import ParametresCourrier
from .smtp import SessionSmtp, Sort, Verdict


class Expedition:
    """Sends the messages of a queue that the caller holds the lock of. `hasard` draws the jitter of the back-off."""

    def __init__(
        self,
        base: Base,
        factures: Factures,
        horloge: Callable[[], datetime] = lambda: datetime.now(UTC),
        hasard: Callable[[], float] = random.random,
    ) -> None:
        self._base = base
        self._factures = factures
        self._corbeille = Corbeille(base)
        self._suspensions = Suspensions(base)
        self._horloge = horloge
        self._hasard = hasard

    def vider(self, file: FileEnvoi, suivi: Suivi) -> None:
        """Send what the queue holds. Raises ErreurConnue for what concerns the account: the rest stays as it was."""
        dus, fini = iter(file.dus), None
        message = self._prendre(file, dus, suivi) if suivi.continuer() else None
        with SessionSmtp(file.compte) as session, ThreadPoolExecutor(1, "envoi") as fil:
            while message is not None:
                envoi = fil.submit(self._essayer, session, message)
                suivant = self._enregistrer(fini, file, dus, suivi)
                try:
                    fini = envoi.result()
                except ErreurConnue:  # the session, not the messages: nothing was said of them
                    self._rendre(message, suivant)
                    raise
                suivi.fait += 1
                if not suivi.continuer():
                    self._rendre(suivant)
                    break
                message = suivant
            self._enregistrer(fini, file, iter(()), suivi)

    def _enregistrer(
        self, fini: Fini | None, file: FileEnvoi, dus: Iterator[int], suivi: Suivi
    ) -> MessageEnAttente | None:
        """One transaction: what became of a message, and that the next one is leaving."""
        with self._base.transaction():
            if fini is not None:
                self._conclure(fini, file.compte)
            suivant = self._prendre(file, dus, suivi)
        if fini is not None:
            _compter(suivi.bilan, fini.verdict)
        return suivant

    def _prendre(self, file: FileEnvoi, dus: Iterator[int], suivi: Suivi) -> MessageEnAttente | None:
        """The next message that nobody changed meanwhile; None at the end, or when somebody has just put a hold."""
        for identifiant in dus:
            if self._suspensions.une_de({*file.boites, file.compte.nom}):
                return None
            if (message := self._corbeille.prendre(identifiant)) is not None:
                return message
            suivi.fait += 1
        return None

    def _rendre(self, *messages: MessageEnAttente | None) -> None:
        for message in messages:
            if message is not None:
                self._corbeille.rendre(message)

    def _essayer(self, session: SessionSmtp, message: MessageEnAttente) -> Fini:
        """On the thread of the connection."""
        instant, debut = self._instant(), time.monotonic()
        verdict = session.envoyer(message.destinataire, message.octets)
        duree = round((time.monotonic() - debut) * 1000)
        resultat = INCERTAIN if verdict.incertain else verdict.sort.value
        return Fini(message, verdict, Essai(instant, duree, resultat, verdict.reponse))

    def _conclure(self, fini: Fini, compte: ParametresCourrier) -> None:
        message, essai = fini.message, fini.essai
        if fini.verdict.sort is Sort.REMISE:
            self._remettre(message, essai)
        elif fini.verdict.sort is Sort.REPORTEE:
            self._corbeille.reporter(message, essai, self._prochain_essai(compte, message.essais))
        else:
            self._corbeille.mettre_en_quarantaine(message, essai)

    def _remettre(self, message: MessageEnAttente, essai: Essai) -> None:
        """The 250, its lot and the events of its invoices: one fact."""
        for lot in self._corbeille.remettre(message, essai, self._instant()):
            # An invoice already answered has gone past this: a payment may come before this workstation knows.
            self._factures.faire_avancer(lot.documents, Etat.TRANSMISE, {"lot": lot.numero, "date": lot.date})

    def _prochain_essai(self, compte: ParametresCourrier, essais: int) -> str:
        """Doubled at each try up to the ceiling, ± 25 % so that workstations do not come back together."""
        attente = min(compte.premier_report_s * 2 ** min(essais - 1, 30), compte.report_maximal_s)
        secondes = int(attente * (0.75 + 0.5 * self._hasard()))
        return ecrire_instant(self._horloge() + timedelta(seconds=secondes))

    def _instant(self) -> str:
        return ecrire_instant(self._horloge())


def _compter(bilan: BilanEnvoi, verdict: Verdict) -> None:
    bilan.remis += verdict.sort is Sort.REMISE
    bilan.reportes += verdict.sort is Sort.REPORTEE
    bilan.refuses += verdict.sort is Sort.REFUSEE
