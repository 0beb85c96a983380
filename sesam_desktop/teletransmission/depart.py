"""The durable outbox: what leaves, when it is tried again, and what is recorded when the server answers.

States of a message: ``prete → en_envoi → remise → acquittee | refusee``, with ``en_attente`` (tried again later, by
exponential back-off) and ``en_quarantaine`` (refused for good, shown until somebody decides). A message found
``en_envoi`` at the start of a run was being sent when the program died: nobody knows whether the server has it, so it
is sent again with the same Message-ID, which the other side recognises.

Each mailbox (RSV, OCT, SCOR) is a queue of its own, with its lock and its hold; the mailboxes that share an account
share its connection. What stops one account does not stop the others.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.noyau.erreurs import ErreurConnue

from .bilan import Panne
from .depot_corbeille import INCERTAIN, Corbeille, Essai, MessageEnAttente
from .depot_suspensions import Suspensions
from .file_envoi import FileEnvoi, Fini
from .parametres import ParametresCourrier
from .smtp import SessionSmtp, Sort, Verdict
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
    """Counts of one run. `restants`: still to leave, back-off not elapsed, on hold, or cancelled before."""

    remis: int = 0
    reportes: int = 0
    refuses: int = 0
    restants: int = 0
    annule: bool = False
    pannes: list[Panne] = field(default_factory=list)
    suspendues: list[str] = field(default_factory=list)

    @property
    def tentes(self) -> int:
        """Messages handed to a server, whatever it said."""
        return self.remis + self.reportes + self.refuses


@dataclass(slots=True)
class _Suivi:
    """What the caller sees of a run over every queue."""

    bilan: BilanEnvoi
    progression: Progression
    annule: Annule
    total: int
    fait: int = 0

    def continuer(self) -> bool:
        """Tell where the run is; False when the caller wants it to stop."""
        if self.bilan.annule:
            return False
        self.progression(self.fait, self.total)
        self.bilan.annule = self.fait < self.total and self.annule()
        return not self.bilan.annule


class Depart:
    """Sends what is ready: one run at a time for each mailbox of the workstation. `comptes`: an account a mailbox."""

    def __init__(
        self,
        base: Base,
        factures: Factures,
        comptes: Mapping[str, ParametresCourrier],
        horloge: Callable[[], datetime] = lambda: datetime.now(UTC),
        hasard: Callable[[], float] = random.random,
    ) -> None:
        self._base = base
        self._factures = factures
        self._comptes = comptes
        self._corbeille = Corbeille(base)
        self._suspensions = Suspensions(base)
        self._horloge = horloge
        self._hasard = hasard

    def envoyer(
        self,
        *,
        maintenant: bool = False,
        planifie: bool = False,
        boites: Collection[str] | None = None,
        progression: Progression = sans_suite,
        annule: Annule = jamais,
    ) -> BilanEnvoi:
        """Send every due message, over one connection an account; `maintenant` ignores the back-off.

        `planifie`: nobody asked, so an account leaves only in its hours. Mailboxes on hold stay. An account that
        cannot be used is told in `pannes`; raises ErreurConnue when nothing could be tried because of one.
        """
        bilan, erreurs = BilanEnvoi(suspendues=self._tenues(boites)), []
        with ExitStack() as verrous:
            files = []
            for compte, noms in self._comptes_ouverts(boites, planifie):
                try:
                    files.append(self._ouvrir(compte, noms, maintenant, verrous))
                except ErreurConnue as erreur:
                    erreurs.append(_constater(bilan, compte, erreur))
            suivi = _Suivi(bilan, progression, annule, sum(len(file.dus) for file in files))
            for file in files:
                try:
                    self._vider(file, suivi)
                except ErreurConnue as erreur:
                    erreurs.append(_constater(bilan, file.compte, erreur))
        if erreurs and not bilan.tentes:
            raise erreurs[0]
        bilan.restants = len(self._corbeille.dus(list(self._comptes), None))
        return bilan

    def a_envoyer(self) -> int:
        """How many messages would leave by themselves now: due, in the hours of their account, not on hold."""
        instant = self._instant()
        return sum(len(self._corbeille.dus(noms, instant)) for _, noms in self._comptes_ouverts(None, True))

    def relancer(self, message_id: str) -> bool:
        """Put a message back from quarantine, as if new. False when it was not there."""
        return self._corbeille.relancer(message_id)

    def _tenues(self, boites: Collection[str] | None) -> list[str]:
        """Mailboxes on hold, themselves or by the account they use, among `boites`."""
        tenues = {suspension.boite for suspension in self._suspensions.lister()}
        return [
            nom
            for nom, compte in self._comptes.items()
            if (nom in tenues or compte.nom in tenues) and (boites is None or nom in boites)
        ]

    def _comptes_ouverts(
        self, boites: Collection[str] | None, planifie: bool
    ) -> list[tuple[ParametresCourrier, list[str]]]:
        """Accounts, each with the mailboxes it serves that are not on hold."""
        tenues = self._tenues(boites)
        groupes: dict[str, list[str]] = {}
        for nom, compte in self._comptes.items():
            if nom not in tenues and (boites is None or nom in boites):
                groupes.setdefault(compte.nom, []).append(nom)
        ouverts = [(self._comptes[noms[0]], noms) for noms in groupes.values()]
        instant = self._horloge()
        return [(compte, noms) for compte, noms in ouverts if not planifie or compte.plages.ouvertes(instant)]

    def _ouvrir(self, compte: ParametresCourrier, noms: list[str], maintenant: bool, verrous: ExitStack) -> FileEnvoi:
        compte.exiger_envoi()
        for nom in noms:
            verrous.enter_context(seul(self._base.chemin, f"envoi-{nom}", "Un envoi est déjà en cours sur ce poste."))
        self._corbeille.reprendre(noms, self._instant())
        return FileEnvoi(compte, self._corbeille.dus(noms, None if maintenant else self._instant()))

    def _vider(self, file: FileEnvoi, suivi: _Suivi) -> None:
        """While one message is handed over, what the server said of the one before is recorded, and the next taken.

        A message is marked ``en_envoi``, on the disk, before its first word leaves: at most two are in doubt when the
        program dies, the one in the server's hands and the one it has just answered for.
        """
        dus, fini = iter(file.dus), None
        message = self._prendre(dus, suivi) if suivi.continuer() else None
        with SessionSmtp(file.compte) as session, ThreadPoolExecutor(1, "envoi") as fil:
            while message is not None:
                envoi = fil.submit(self._essayer, session, message)
                suivant = self._enregistrer(fini, file.compte, dus, suivi)
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
            self._enregistrer(fini, file.compte, iter(()), suivi)

    def _enregistrer(
        self, fini: Fini | None, compte: ParametresCourrier, dus: Iterator[int], suivi: _Suivi
    ) -> MessageEnAttente | None:
        """One transaction: what became of a message, and that the next one is leaving."""
        with self._base.transaction():
            if fini is not None:
                self._conclure(fini, compte)
            suivant = self._prendre(dus, suivi)
        if fini is not None:
            _compter(suivi.bilan, fini.verdict)
        return suivant

    def _prendre(self, dus: Iterator[int], suivi: _Suivi) -> MessageEnAttente | None:
        """The next message that nobody changed meanwhile, None at the end."""
        for identifiant in dus:
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


def _constater(bilan: BilanEnvoi, compte: ParametresCourrier, erreur: ErreurConnue) -> ErreurConnue:
    bilan.pannes.append(Panne(compte.nom, erreur.code, erreur.phrase()))
    return erreur
