"""Portable terminals for the window's tests: what is on its cradle, what waits, and what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sesam_desktop.lecteurs.canal import Logiciel
from sesam_desktop.lecteurs.tla.terminal import GenreTerminal, Identite
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.terminaux_bilans import (
    ASigner,
    BilanChargement,
    BilanDechargement,
    BilanSignature,
    Prete,
    RefusTla,
    Terminal,
)


class Terminaux:
    """Terminals on their cradle, visits that wait; each job does what its name says, or raises `refus`."""

    def __init__(self, annoncer: Any) -> None:
        self._annoncer = annoncer
        self.poses: list[Terminal] = []
        self.attente: list[ASigner] = []
        self.refus: ErreurConnue | None = None
        self.prets_dehors: list[Prete] = []
        self.doublons: list[str] = []      # digests of visits that seem billed already
        self.faits: list[str] = []

    def lister(self) -> list[Terminal]:
        if self.refus is not None:
            raise self.refus
        return list(self.poses)

    def a_signer(self) -> list[ASigner]:
        return list(self.attente)

    def refuses(self) -> list[RefusTla]:
        return [RefusTla("TLA-9", "TLA_SIGNATURE", "La signature de la Vitale ne se vérifie pas.", "99" * 32)]

    def prets(self) -> list[Prete]:
        return list(self.prets_dehors)

    def charger(self, terminal: Terminal, *, tournee: date, progression: Any) -> BilanChargement:
        progression(1, 2)
        self.faits.append(f"charger {terminal.numero_serie} {tournee:%d/%m}")
        return BilanChargement(12, ("000000001",), (RefusTla("000000002", "TLA_MEMOIRE_PLEINE", "Mémoire pleine."),))

    def decharger(self, terminal: Terminal, progression: Any) -> BilanDechargement:
        self.faits.append(f"decharger {terminal.numero_serie}")
        self.poses = [terminal_pose(terminal.numero_serie)]
        self.attente = [visite("000000001"), visite("")]
        self._annoncer("terminaux")
        return BilanDechargement(2, 0, (), tuple(self.attente), 185)

    def signer(self, numeros: Sequence[str] = (), *, malgre_doublon: bool = False) -> BilanSignature:
        self.faits.append(" ".join(["signer", *numeros, *(["malgré"] if malgre_doublon else [])]))
        restent = [] if malgre_doublon else [a for a in self.attente if a.empreinte in self.doublons]
        self.attente = restent
        self._annoncer("terminaux")
        refus = (RefusTla(a.numero, "TLA_DEJA_FACTUREE", "La facture 000000007 porte un même acte.", a.empreinte)
                 for a in restent)
        return BilanSignature(("000000001",), 1, tuple(refus))

    def classer(self, reference: str, motif: str) -> RefusTla:
        self.faits.append(f"classer {reference[:4]} {motif}")
        self.attente = [a for a in self.attente if a.empreinte != reference]
        return RefusTla("TLA-9", "TLA_SIGNATURE", motif, reference)

    def reprendre(self, numeros: Sequence[str]) -> None:
        self.faits.append(f"reprendre {' '.join(numeros)}")
        self.prets_dehors = [p for p in self.prets_dehors if p.numero not in numeros]

    def vider(self, terminal: Terminal, confirmation: str) -> None:
        if confirmation != terminal.numero_serie:
            raise ErreurConnue("Ce n'est pas le numéro du terminal : rien n'a été effacé.", code="TLA_CONFIRMATION")
        self.faits.append(f"vider {confirmation}")


def terminal_pose(numero: str, documents: int = 0) -> Terminal:
    """A terminal on its cradle."""
    horloge = datetime(2026, 11, 22, 9, tzinfo=UTC)
    identite = Identite(GenreTerminal.COMPLET, numero, "1.0", 65536, 49152, 12, 1, documents, 80, horloge, -185)
    return Terminal(Logiciel("serie", "COM3"), identite)


def visite(numero: str, remarque: str = "") -> ASigner:
    """An invoice signed at home, or a reading to be completed when it has no number."""
    instant = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
    return ASigner(f"{int(numero or 99):064x}", "FSE", numero, "DURAND PAUL", date(2026, 11, 21), instant,
                   1550 if numero else 0, "722000011", "TLA0001", remarque)


def pretee(numero: str) -> Prete:
    """An invoice out on a terminal."""
    instant = datetime(2026, 11, 21, 8, tzinfo=UTC)
    return Prete(numero, "MARTIN JEANNE", date(2026, 11, 22), 840, "TLA0002", instant)
