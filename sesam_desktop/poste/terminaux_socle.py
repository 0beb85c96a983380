"""Reaching one terminal through the readers' manager, and making sure that it is still the same."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue

from .terminaux_bilans import Terminal

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.canal import Logiciel
    from sesam_desktop.lecteurs.tla.terminal import Identite, TerminalTla

    from .poste import Poste

journal = logging.getLogger(__name__)

DELAI_S = 10.0      # for one message of at most 2 KiB, on a serial line
PRESENCE_S = 2.0    # for a reader that may not be a terminal at all
ECART_ADMIS_S = 60  # beyond, the clock is set


class Socle:
    def __init__(self, poste: Poste, horloge: Callable[[], datetime]) -> None:
        self._poste = poste
        self._horloge = horloge

    def lister(self) -> list[Terminal]:
        """Terminals that answer on any channel; a reader whose software is not a terminal's is left aside."""
        logiciels = self._poste.lecteurs.gestionnaire.logiciels()
        return [Terminal(lu, identite) for lu in logiciels if (identite := self._identite(lu))]

    def exiger_compris(self) -> None:
        """Raises TLA_VERSION when one answers in another version: it is there, and says so."""
        for logiciel in self._poste.lecteurs.gestionnaire.logiciels():
            try:
                self._client(logiciel, PRESENCE_S).identifier()
            except ErreurConnue as erreur:
                if erreur.code == "TLA_VERSION":
                    raise

    @contextmanager
    def ouvert(self, terminal: Terminal) -> Iterator[tuple[TerminalTla, Identite]]:
        """The terminal, found to be the one that was looked at. Raises TLA_CHANGE."""
        client = self._client(terminal.logiciel, DELAI_S)
        identite = client.identifier()
        if identite.numero_serie != terminal.numero_serie:
            raise ErreurConnue(
                "Le terminal posé sur le socle n'est plus le même.", code="TLA_CHANGE",
                action="Relancez l'opération avec celui-ci, ou reposez l'autre.",
            )
        yield client, identite

    def accorder(self, client: TerminalTla, identite: Identite) -> None:
        """Set a clock that is off, unless documents dated by it wait there: its error puts their instants right."""
        if not identite.documents and abs(identite.ecart_s) > ECART_ADMIS_S:
            client.regler_date(self._horloge())

    def _client(self, logiciel: Logiciel, delai: float) -> TerminalTla:
        from sesam_desktop.lecteurs.tla.terminal import TerminalTla

        gestionnaire = self._poste.lecteurs.gestionnaire
        return TerminalTla(lambda message: gestionnaire.dialoguer(logiciel, message, delai), self._horloge)

    def _identite(self, logiciel: Logiciel) -> Identite | None:
        try:
            return self._client(logiciel, PRESENCE_S).identifier()
        except ErreurConnue as erreur:
            journal.info("lecteur « %s » : pas de terminal portable (%s)", logiciel.lecteur, erreur.code)
            return None


def exiger_un_seul(presents: list[Terminal], numero_serie: str) -> Terminal:
    """Raises TLA_ABSENT, PLUSIEURS_TERMINAUX."""
    if not presents:
        raise ErreurConnue(
            "Ce terminal portable ne répond pas." if numero_serie else "Aucun terminal portable ne répond.",
            code="TLA_ABSENT", action="Posez-le sur son socle, allumez-le et vérifiez le câble.",
        )
    if len(presents) > 1:
        raise ErreurConnue(
            "Plusieurs terminaux portables répondent.", code="PLUSIEURS_TERMINAUX",
            action="Indiquez le numéro de série de celui qui est voulu, ou n'en laissez qu'un.",
        )
    return presents[0]
