"""The durable outbox: which messages leave now, by which accounts.

States of a message: ``prete → en_envoi → remise → acquittee | refusee``, with ``en_attente`` (tried again later, by
exponential back-off) and ``en_quarantaine`` (refused for good, shown until somebody decides). A message found
``en_envoi`` at the start of a run was being sent when the program died: nobody knows whether the server has it, so it
is sent again with the same Message-ID, which the other side recognises.

Each mailbox (RSV, OCT, SCOR) is a queue of its own, with its lock and its hold; the mailboxes that share an account
share its connection. What stops one account does not stop the others.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.factures.depot import Factures
from sesam_desktop.noyau.erreurs import ErreurConnue

from .avancement import Annule, Progression, jamais, sans_suite
from .bilan import BilanEnvoi, Panne
from .depot_corbeille import Corbeille
from .depot_suspensions import Suspension, Suspensions
from .expedition import Expedition
from .file_envoi import FileEnvoi, Suivi
from .parametres import ParametresCourrier
from .serveur import IDENTIFICATION_REFUSEE, envoi_suspendu
from .verrou import seul


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
        self._comptes = comptes
        self._corbeille = Corbeille(base)
        self._suspensions = Suspensions(base)
        self._expedition = Expedition(base, factures, horloge, hasard)
        self._horloge = horloge

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

        `planifie`: nobody asked, so an account leaves only in its hours, and one whose password is refused is put on
        hold. Mailboxes on hold stay. An account that cannot be used is told in `pannes`; raises ErreurConnue when
        nothing could be tried because of one.
        """
        bilan, erreurs = BilanEnvoi(), []
        with ExitStack() as verrous:
            files = []
            for compte, noms in self._comptes_ouverts(boites, planifie):
                try:
                    files.append(self._ouvrir(compte, noms, maintenant, verrous))
                except ErreurConnue as erreur:
                    erreurs.append(_constater(bilan, compte, erreur))
            suivi = Suivi(bilan, progression, annule, sum(len(file.dus) for file in files))
            for file in files:
                try:
                    self._expedition.vider(file, suivi)
                except ErreurConnue as erreur:
                    dite = self._suspendre(file.compte, erreur) if planifie else erreur
                    erreurs.append(_constater(bilan, file.compte, dite))
        if erreurs and not bilan.tentes:
            raise erreurs[0]
        bilan.suspendues = self._tenues(boites)
        bilan.restants = len(self._corbeille.dus(list(self._comptes), None))
        return bilan

    def a_envoyer(self) -> int:
        """How many messages would leave by themselves now: due, in the hours of their account, not on hold."""
        return sum(len(self._dus(compte, noms)) for compte, noms in self._comptes_ouverts(None, True))

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
        dus = self._corbeille.dus(noms, None) if maintenant else self._dus(compte, noms)
        return FileEnvoi(compte, tuple(noms), dus)

    def _dus(self, compte: ParametresCourrier, noms: list[str]) -> list[int]:
        """Whose back-off is over: twice the longest is beyond any that this clock has drawn."""
        lointain = self._horloge() + timedelta(seconds=2 * compte.report_maximal_s)
        return self._corbeille.dus(noms, self._instant(), ecrire_instant(lointain))

    def _suspendre(self, compte: ParametresCourrier, erreur: ErreurConnue) -> ErreurConnue:
        """Nobody is there to correct a password: tried again and again, the account would be locked by its server."""
        if erreur.code != IDENTIFICATION_REFUSEE:
            return erreur
        motif = f"identifiant ou mot de passe refusé par {compte.smtp_hote}, à corriger dans Paramètres"
        self._suspensions.suspendre(Suspension(compte.nom, motif, "envoi automatique", self._instant()))
        return envoi_suspendu(erreur)

    def _instant(self) -> str:
        return ecrire_instant(self._horloge())


def _constater(bilan: BilanEnvoi, compte: ParametresCourrier, erreur: ErreurConnue) -> ErreurConnue:
    bilan.pannes.append(Panne(compte.nom, erreur.code, erreur.phrase()))
    return erreur
