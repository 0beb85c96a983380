"""Random days of a workstation with three slots: whatever happens, a card only ever answers for itself.

Over PC/SC in memory: cards in and out, cards that hang, readers unplugged, a service that dies, sessions held on.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sesam_desktop.lecteurs import pcsc_session
from sesam_desktop.lecteurs.canal import SessionCarte
from sesam_desktop.lecteurs.gestionnaire import Gestionnaire
from sesam_desktop.lecteurs.lecture import lire_puce_cps, lire_puce_vitale
from sesam_desktop.lecteurs.pcsc import CanalPcsc
from sesam_desktop.noyau.erreurs import ErreurConnue

from .doubles import PS, VITALES, cps, vitale
from .doubles_canaux import CarteBloquee, Journal
from .pcsc_simule import PcscSimule

LECTEURS = ("FEI Smart Card CPS 0", "FEI Smart Card CV1 0", "FEI Smart Card CV2 0")
IDENTITES = {
    "assure": VITALES["assure"].assure.nir,
    "ald": VITALES["ald"].assure.nir,
    "pharmacien": PS["pharmacien"].numero_serie,
}
ROLES = {"vitale": ("assure", "ald"), "cps": ("pharmacien",)}
DELAI = 0.05
PATIENCE = 3.0
EN_RETARD = frozenset(("CARTE_SANS_REPONSE", "CARTE_OCCUPEE", "SERVICE_CARTES_ARRETE"))


def _nir(session: SessionCarte) -> str:
    return lire_puce_vitale(session).identites[0].nir


def _numero(session: SessionCarte) -> str:
    return lire_puce_cps(session).numero_serie


LIRE: dict[str, Callable[[SessionCarte], str]] = {"vitale": _nir, "cps": _numero}


class Journee(RuleBasedStateMachine):
    """What truly is in the slots, against what the manager says of them."""

    def __init__(self) -> None:
        super().__init__()
        self._patch = pytest.MonkeyPatch()
        self._patch.setattr(pcsc_session, "PAUSE", 0.001)
        self._patch.setattr(pcsc_session, "CONSTAT_MS", 5)
        self.pcsc = PcscSimule(*LECTEURS).installer(self._patch)
        self.cartes = {
            "assure": CarteBloquee(vitale("assure")),
            "ald": CarteBloquee(vitale("ald")),
            "pharmacien": CarteBloquee(cps()),
        }
        self.fentes: dict[str, str | None] = dict.fromkeys(LECTEURS)  # plugged readers, and the card in each
        self.sejours = dict.fromkeys(LECTEURS, 0)
        self.service = True
        self.tenue: tuple[SessionCarte, str, int] | None = None
        self.journal = Journal()
        self.gestionnaire = Gestionnaire([CanalPcsc()], delai=DELAI)
        self.gestionnaire.abonner(self.journal)
        self.inserer(LECTEURS[0], "pharmacien")
        self.inserer(LECTEURS[1], "assure")

    @rule(lecteur=st.sampled_from(LECTEURS), carte=st.sampled_from(sorted(IDENTITES)))
    def inserer(self, lecteur: str, carte: str) -> None:
        """Swaps the card of this slot for that one, wherever it was."""
        if lecteur not in self.fentes or self.fentes[lecteur] == carte:
            return
        for ancien, occupant in self.fentes.items():
            if occupant == carte:
                self.retirer(ancien)
        self.pcsc.inserer(lecteur, self.cartes[carte])
        self.fentes[lecteur] = carte
        self.sejours[lecteur] += 1

    @rule(lecteur=st.sampled_from(LECTEURS))
    def retirer(self, lecteur: str) -> None:
        if self.fentes.get(lecteur):
            self.pcsc.retirer(lecteur)
            self.fentes[lecteur] = None
            self.sejours[lecteur] += 1

    @rule(lecteur=st.sampled_from(LECTEURS))
    def debrancher_ou_rebrancher(self, lecteur: str) -> None:
        self.sejours[lecteur] += 1
        if lecteur in self.fentes:
            del self.fentes[lecteur]
            self.pcsc.debrancher(lecteur)
        else:
            self.fentes[lecteur] = None
            self.pcsc.brancher(lecteur)

    @rule(carte=st.sampled_from(sorted(IDENTITES)))
    def bloquer_ou_reveiller(self, carte: str) -> None:
        puce = self.cartes[carte]
        puce.bloquer = not puce.bloquer
        if not puce.bloquer:
            puce.reveil.set()
            puce.reveil.clear()

    @rule()
    def arreter_ou_relancer(self) -> None:
        self.service = not self.service
        for lecteur in LECTEURS:
            self.sejours[lecteur] += 1
        if self.service:
            self.pcsc.relancer()
        else:
            self.pcsc.arreter()

    @rule(role=st.sampled_from(sorted(ROLES)))
    def lire(self, role: str) -> None:
        presentes = [c for c in self.fentes.values() if c in ROLES[role]] if self.service else []
        fin = time.monotonic() + PATIENCE
        while True:
            code = self._essayer(role, presentes)
            libre = len(presentes) == 1 and not self.cartes[presentes[0]].bloquer and self.tenue is None
            if not libre or not code:
                return
            assert code in EN_RETARD, code
            assert time.monotonic() < fin, f"{role} ne se lit plus : {code}"
            time.sleep(0.005)

    @rule(role=st.sampled_from(sorted(ROLES)))
    @precondition(lambda self: self.tenue is None)
    def tenir(self, role: str) -> None:
        try:
            session = self.gestionnaire.ouvrir(role)
        except ErreurConnue:
            return
        self.tenue = session, role, self.sejours[session.fente.lecteur]

    @rule()
    @precondition(lambda self: self.tenue is not None)
    def se_servir(self) -> None:
        session, role, sejour = self.tenue  # type: ignore[misc]
        lecteur = session.fente.lecteur
        try:
            lue = LIRE[role](session)
        except ErreurConnue:
            return
        assert self.service
        assert self.sejours[lecteur] == sejour, "une session a survécu à sa carte"
        assert lue == IDENTITES[self.fentes[lecteur] or ""]

    @rule()
    @precondition(lambda self: self.tenue is not None)
    def rendre(self) -> None:
        session, _, _ = self.tenue  # type: ignore[misc]
        session.fermer()
        self.tenue = None

    @invariant()
    def les_evenements_alternent(self) -> None:
        assert self.journal.fautes == []

    def teardown(self) -> None:
        try:
            if not self.service:
                self.arreter_ou_relancer()
            self.journal.attendre({lecteur for lecteur, carte in self.fentes.items() if carte}, PATIENCE)
            assert self.journal.fautes == []
        finally:
            for carte in self.cartes.values():
                carte.bloquer = False
                carte.reveil.set()
            if self.tenue is not None:
                self.tenue[0].fermer()
            self.gestionnaire.fermer()
            self._patch.undo()

    def _essayer(self, role: str, presentes: list[str]) -> str:
        """The code it was refused with; what is read can only be the one card of this role."""
        debut = time.monotonic()
        try:
            lue = self.gestionnaire.employer(role, LIRE[role])
        except ErreurConnue as erreur:
            assert time.monotonic() - debut < PATIENCE, "une attente sans fin"
            return erreur.code
        assert [lue] == [IDENTITES[carte] for carte in presentes]
        return ""


TestJournee = Journee.TestCase
TestJournee.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
