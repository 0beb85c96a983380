"""What is still due, by whom and since when; what is late; what each payment groups.

Due: the parts of invoices that have left, that were asked and that returns have neither paid nor rejected. The fund
owes both parts when it pays for the insurer (gestion unique); a DRE is owed by its insurer. Age counts from sending.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sesam_desktop.base.connexion import Base
from sesam_desktop.factures.depot import Factures
from sesam_desktop.noyau.dates import jour_de
from sesam_desktop.noyau.erreurs import EntreeInvalide

from .depot_comptes import JOUR, DepotComptes, DetailVirement, Envoyee, MouvementVu, VirementVu
from .issue import Issue, Part
from .lu import AMC, AMO
from .reglages_comptes import Reglages, reglages

if TYPE_CHECKING:
    from .feuilles import Feuille

RELANCE = "relance"
_DRE = "DRE"


@dataclass(frozen=True, slots=True)
class Debiteur:
    """Who owes: `genre` AMO and its régime, organisme and centre informatique, or AMC and its number."""

    genre: str
    code: str


@dataclass(frozen=True, slots=True)
class Du:
    """What is due of one part of one invoice, in centimes. `jours` since `envoyee_le`."""

    facture: str
    debiteur: Debiteur
    part: str
    date_soins: date
    envoyee_le: date
    jours: int
    attendu_centimes: int
    regle_centimes: int
    du_centimes: int
    relancee_le: date | None


@dataclass(frozen=True, slots=True)
class Balance:
    """What one debtor owes, oldest last: one amount for each slice of age. `nombre` counts parts of invoices."""

    debiteur: Debiteur
    nombre: int
    total_centimes: int
    tranches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Relance:
    """What is late at one debtor, oldest first."""

    debiteur: Debiteur
    dus: tuple[Du, ...]

    @property
    def total_centimes(self) -> int:
        return sum(du.du_centimes for du in self.dus)


class Comptes:
    """The accounts of the open base."""

    def __init__(self, base: Base, factures: Factures, regles: Reglages | None = None) -> None:
        self._base = base
        self._factures = factures
        self._depot = DepotComptes(base)
        self._regles = regles or reglages()

    def dus(self, jour: date | None = None) -> list[Du]:
        """Everything due at `jour`, oldest sending first."""
        aujourd_hui = jour or jour_de(datetime.now(UTC))
        parts = self._depot.parts()
        relances = self._depot.relances()
        dus = [
            du
            for envoyee in self._depot.envoyees()
            for du in _dus(envoyee, parts.get(envoyee.numero, {}), aujourd_hui, relances.get(envoyee.numero))
        ]
        return sorted(dus, key=lambda du: (du.envoyee_le, du.facture, du.part))

    def rendus(self) -> list[str]:
        """Documents that a mail server gave back after it had taken them: due by nobody, to send again."""
        return self._depot.rendus()

    def balances(self, jour: date | None = None) -> list[Balance]:
        """By debtor, the greatest first."""
        par_debiteur = _par_debiteur(self.dus(jour))
        balances = [self._balance(debiteur, dus) for debiteur, dus in par_debiteur.items()]
        return sorted(balances, key=lambda b: (-b.total_centimes, b.debiteur.code))

    def relances(self, jour: date | None = None) -> list[Relance]:
        """What is late by debtor: past its delay, and not asked again since the delay between two reminders."""
        aujourd_hui = jour or jour_de(datetime.now(UTC))
        recentes = aujourd_hui - timedelta(self._regles.repeter)
        en_retard = [
            du
            for du in self.dus(aujourd_hui)
            if du.jours > self._regles.relance[du.debiteur.genre] and (du.relancee_le or date.min) <= recentes
        ]
        return [Relance(debiteur, tuple(dus)) for debiteur, dus in _par_debiteur(en_retard).items()]

    def actualiser(self, relance: Relance, jour: date | None = None) -> Relance:
        """What of it is still due at `jour` and was not asked again that day: a payment or another reminder may have
        come since it was listed. Raises RELANCE_VIDE."""
        aujourd_hui = jour or jour_de(datetime.now(UTC))
        demandes = {(du.facture, du.part) for du in relance.dus}
        restants = tuple(
            du for du in self.dus(aujourd_hui)
            if (du.facture, du.part) in demandes and du.debiteur == relance.debiteur and du.relancee_le != aujourd_hui
        )  # fmt: skip
        if not restants:
            raise EntreeInvalide(
                "Rien n'est plus à relancer chez cet organisme.", code="RELANCE_VIDE",
                action="La liste de ce qui est en retard dit ce qui reste dû.",
            )
        return Relance(relance.debiteur, restants)

    def marquer_relancees(self, relance: Relance) -> None:
        """Note on each invoice that it was asked again, for how much and to whom."""
        self._factures.ajouter_evenements(
            [
                (du.facture, RELANCE, {"debiteur": du.debiteur.code, "part": du.part, "du_centimes": du.du_centimes})
                for du in relance.dus
            ]
        )

    def virements(self, debut: date | None = None, fin: date | None = None) -> list[VirementVu]:
        """Payments that returns announce, newest first."""
        return self._depot.virements(debut, fin)

    def ecarts(self) -> int:
        """How many payments the bank received for another amount."""
        return self._depot.compter_ecarts()

    def virement(self, identifiant: int) -> DetailVirement:
        """What one groups: payments, then retentions and lump sums. Raises VIREMENT_INCONNU."""
        return self._depot.virement(identifiant)

    def mouvements(self, debut: date, fin: date) -> list[MouvementVu]:
        """Retentions, undue sums and lump sums of the payments of a period."""
        virements = {v.id for v in self.virements(debut, fin)}
        return [m for m in self._depot.mouvements() if m.virement in virements]

    def feuilles(self, debut: date, fin: date) -> list[Feuille]:
        """What the accountant receives for a period, both days included, and what is due today.

        Invoices by date of care, the rest by date of payment. Raises PERIODE_INVALIDE.
        """
        from . import feuilles

        if fin < debut:
            raise EntreeInvalide("La période se termine avant de commencer.", code="PERIODE_INVALIDE")
        periode = f"du {debut:%d/%m/%Y} au {fin:%d/%m/%Y}"
        virements = self.virements(debut, fin)
        dates = {v.id: v.date for v in virements}
        mouvements = [(dates[m.virement], m) for m in self._depot.mouvements() if m.virement in dates]
        reglements = list(self._depot.reglements(f"{JOUR} BETWEEN ? AND ?", debut.isoformat(), fin.isoformat()))
        return [
            feuilles.factures(list(self._depot.factures(debut, fin)), periode),
            feuilles.reglements(reglements, periode),
            feuilles.virements(virements, periode),
            feuilles.mouvements(mouvements, periode),
            feuilles.dus(self.dus(), jour_de(datetime.now(UTC))),
        ]

    def _balance(self, debiteur: Debiteur, dus: list[Du]) -> Balance:
        tranches = [0] * (len(self._regles.tranches) + 1)
        for du in dus:
            tranches[sum(du.jours > limite for limite in self._regles.tranches)] += du.du_centimes
        return Balance(debiteur, len(dus), sum(tranches), tuple(tranches))


def _dus(envoyee: Envoyee, dits: dict[str, tuple[int, set[str]]], jour: date, relancee_le: date | None) -> Iterator[Du]:
    demande = envoyee.genre == _DRE
    debiteur = Debiteur(AMC if demande else AMO, envoyee.destinataire)
    for nom, attendu in ((AMO, envoyee.amo_centimes), (AMC, envoyee.amc_centimes)):
        part = Part(attendu, *dits.get(nom, (0, set())))
        reste = attendu - part.net
        if reste > 0 and part.issue is not Issue.REJETEE:
            jours = (jour - envoyee.envoyee_le).days
            yield Du(
                envoyee.numero, debiteur, nom, envoyee.date_soins, envoyee.envoyee_le, jours, attendu, part.net, reste,
                relancee_le,
            )


def _par_debiteur(dus: Iterable[Du]) -> dict[Debiteur, list[Du]]:
    par_debiteur: dict[Debiteur, list[Du]] = {}
    for du in dus:
        par_debiteur.setdefault(du.debiteur, []).append(du)
    return par_debiteur
