"""A nurse's workstation with a terminal on its cradle, for the tests of both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from sesam_desktop.factures.depot import Filtre
from sesam_desktop.lecteurs.canal_tla import CanalTla
from sesam_desktop.lecteurs.emulation_tla import TerminalVirtuel
from sesam_desktop.lecteurs.tla.documents import (
    FactureSignee,
    lire_document,
)
from sesam_desktop.lecteurs.tla.terminal import GenreTerminal
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.poste import Poste
from sesam_desktop.poste.terminaux import ServiceTerminaux
from sesam_desktop.poste.terminaux_bilans import Terminal
from tests.outils.terminal_tla import (
    brancher,
    ouvrir_session,
    visite,
    vitale,
)

HORS_SUJET = "TLA0000009"


class Essai:
    """A nurse's workstation with one terminal on its cradle, her session open, and a clock that is moved by hand."""

    def __init__(self, poste: Poste, terminal: TerminalVirtuel) -> None:
        self.avance = timedelta()
        self._depart = datetime.now(UTC).replace(microsecond=0)
        self.poste = poste
        self.virtuel = terminal
        terminal._horloge = self.maintenant
        self.canal: CanalTla = brancher(poste, terminal)
        ouvrir_session(poste)
        poste.terminaux = self.service = ServiceTerminaux(poste, self.maintenant)

    def maintenant(self) -> datetime:
        return self._depart + self.avance

    @property
    def ici(self) -> Terminal:
        return self.service.trouver()

    def charger(self, *noms: str, **autres: object) -> tuple[str, ...]:
        return self.service.charger(self.ici, factures=[visite(self.poste, nom, **autres) for nom in noms]).factures

    def signer_au_domicile(self, numero: str, nom: str) -> None:
        self.virtuel.signer(numero, vitale(self.poste.environnement, nom))

    def signature_vraie(self, numero: str, nom: str) -> FactureSignee:
        """What the terminal would bring, to be spoilt."""
        self.signer_au_domicile(numero, nom)
        _, octets = self.virtuel._memoire.documents.popitem()
        document = lire_document(octets)
        assert isinstance(document, FactureSignee)
        return document

    def refus_de(self, octets: bytes, restent: int = 0) -> str:
        """Code of the only refusal of unloading this document, which is kept and not signed; `restent`: documents
        that the terminal has not forgotten."""
        self.virtuel.deposer(octets)
        bilan = self.service.decharger(self.ici)
        (refus,) = bilan.refuses
        assert bilan.a_signer == ()
        assert self.ici.identite.documents == restent
        assert self.service.refuses()[-1] == refus
        assert self.service.signer().signees == ()
        assert self.poste.registre.lister(Filtre()) == []
        return refus.code


@pytest.fixture
def complet(poste: Poste) -> Essai:
    return Essai(poste, TerminalVirtuel())


@pytest.fixture
def reduit(poste: Poste) -> Essai:
    return Essai(poste, TerminalVirtuel(GenreTerminal.REDUIT, "TLR0000001"))


def code(action: Callable[[], object]) -> str:
    with pytest.raises(ErreurConnue) as erreur:
        action()
    return erreur.value.code


@pytest.fixture
def en_attente(complet: Essai) -> Essai:
    """One invoice signed at home, unloaded."""
    complet.charger("assure")
    complet.signer_au_domicile("000000001", "assure")
    complet.service.decharger(complet.ici)
    return complet
