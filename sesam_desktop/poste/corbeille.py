"""The outbox of the workstation: what waits in it, the log of each message, mailboxes put on hold."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.bilan import BilanEnvoi
    from sesam_desktop.teletransmission.depot_corbeille import Essai
    from sesam_desktop.teletransmission.depot_messages import MessageVu
    from sesam_desktop.teletransmission.depot_retours import CourrierVu
    from sesam_desktop.teletransmission.depot_suspensions import Suspension

    from .poste import Poste


def _jamais() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class EtatBoite:
    """One mailbox that has an account of its own. `plages`: hours when its mail leaves by itself, "" for any time."""

    boite: str
    a_partir: int
    suspension: Suspension | None
    plages: str


class ServiceCorbeille:
    """Over the room `teletransmission`; sending itself is `transmission.envoyer`."""

    def __init__(self, poste: Poste) -> None:
        self._poste = poste

    def etat(self) -> list[EtatBoite]:
        """Each mailbox that has an account of its own: what waits in it, its hold, its hours. Opens no connection."""
        from sesam_desktop.teletransmission.depot_corbeille import Corbeille
        from sesam_desktop.teletransmission.depot_suspensions import Suspensions

        corbeille, tenues = Corbeille(self._poste.base), {s.boite: s for s in Suspensions(self._poste.base).lister()}
        plages = self._poste.configuration.transmission.plages
        return [
            EtatBoite(nom, len(corbeille.dus(servies, None)), tenues.get(nom), plages)
            for nom, servies in self._boites_servies().items()
        ]

    def messages(self, etats: Collection[str] = ()) -> list[MessageVu]:
        """Messages in these states, all of them when none is named, latest first."""
        from sesam_desktop.teletransmission.depot_messages import lister_messages

        return lister_messages(etats)

    def journal(self, message_id: str) -> list[Essai]:
        """Every try of a message, and what servers said of it afterwards, oldest first."""
        from sesam_desktop.teletransmission.depot_corbeille import Corbeille

        return Corbeille(self._poste.base).journal(message_id)

    def existe(self, message_id: str) -> bool:
        """Whether a message of that name, exactly, was ever put in the outbox."""
        from sesam_desktop.teletransmission.depot_messages import message_connu

        return message_connu(message_id)

    def avis(self) -> list[CourrierVu]:
        """What mail servers said of our messages (not delivered, late…), latest first."""
        from sesam_desktop.teletransmission.depot_retours import Courriers

        return Courriers(self._poste.base).de_service()

    def compter_revenus(self) -> int:
        """Messages that a server had taken and could not deliver: somebody sends them again or gives them up."""
        from sesam_desktop.teletransmission.depot_messages import compter_revenus

        return compter_revenus()

    def suspendre(self, boite: str, motif: str) -> None:
        """Hold a mailbox, and those that use its account: their mail waits until `reprendre`."""
        from sesam_desktop.base.evenements import ecrire_instant
        from sesam_desktop.teletransmission.depot_suspensions import Suspension, Suspensions

        suspension = Suspension(boite, motif, _utilisateur(), ecrire_instant(datetime.now(UTC)))
        Suspensions(self._poste.base).suspendre(suspension)
        self._poste.changements.annoncer("lots")

    def reprendre(self, boite: str) -> bool:
        """Let a mailbox go. False when it was not on hold."""
        from sesam_desktop.teletransmission.depot_suspensions import Suspensions

        reprise = Suspensions(self._poste.base).reprendre(boite, _utilisateur())
        self._poste.changements.annoncer("lots")
        return reprise

    def relancer(self, message_id: str) -> bool:
        """Put a message back from quarantine. False when it was not there."""
        return self._poste.transmission.relancer(message_id)

    def a_envoyer_maintenant(self) -> int:
        """How many messages would leave by themselves now: due, in their hours, not on hold."""
        return self._poste.transmission.a_envoyer()

    def envoyer_planifie(self, annule: Callable[[], bool] = _jamais) -> BilanEnvoi:
        """Send what leaves by itself now; nobody asked."""
        return self._poste.transmission.envoyer(annule=annule, planifie=True)

    def _boites_servies(self) -> dict[str, list[str]]:
        """Mailboxes with an account, each with those that use it."""
        configuration = self._poste.configuration
        propres = {"RSV": True, "OCT": configuration.courrier_oct.reglee, "SCOR": configuration.courrier_scor.reglee}
        servies = {nom: [nom] for nom, propre in propres.items() if propre}
        servies["RSV"] += [nom for nom, propre in propres.items() if not propre]
        return servies


def _utilisateur() -> str:
    """Session of the system, so that somebody else knows whom to ask; "" when it has no name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
