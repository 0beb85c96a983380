"""What leaves with a terminal: patients, and invoices lent to it for the Vitale to sign at home."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue

from .terminaux_bilans import BilanChargement, RefusTla, Terminal
from .terminaux_pret import emporter_factures, emporter_patients

if TYPE_CHECKING:
    from sesam_desktop.factures.facture import Facture, Patient
    from sesam_desktop.lecteurs.tla.depot import DepotTla
    from sesam_desktop.lecteurs.tla.terminal import Identite, TerminalTla

    from .terminaux_pret import Pret
    from .terminaux_socle import Socle

Progression = Callable[[int, int], None]
APreter = Sequence[tuple["Facture", int | None]]
Nouvelle = tuple[str, bool]  # number, and whether a draft held it
_SANS_EFFET = frozenset(("TLA_MEMOIRE_PLEINE", "TLA_PILE_FAIBLE", "TLA_REFUSE"))


class Chargement:
    def __init__(self, socle: Socle, pret: Pret, depot: DepotTla) -> None:
        self._socle = socle
        self._pret = pret
        self._depot = depot

    def charger(
        self, terminal: Terminal, patients: Sequence[Patient] | None, factures: APreter, progression: Progression
    ) -> BilanChargement:
        """`patients` None leaves those that are there. Raises what the terminal says, TLA_REDUIT."""
        with self._socle.ouvert(terminal) as (client, identite):
            self._exiger_complet(identite, factures)
            self._socle.accorder(client, identite)
            if patients is not None:
                self._charger_patients(client, patients, progression)
            refuses = self._charger_factures(client, identite, factures, progression)
        numeros = tuple(p.numero for p in self._depot.pretees(terminal.numero_serie))
        return BilanChargement(len(patients or ()), numeros, tuple(refuses))

    def charger_tournee(self, terminal: Terminal, jour: date, progression: Progression) -> BilanChargement:
        """The patients of the professional and, on a complet terminal, their drafts of this day."""
        tournee = self._pret.tournee(jour)
        a_preter = [(facture, identifiant) for identifiant, facture in tournee.brouillons]
        return self.charger(terminal, tournee.patients, a_preter if complet(terminal.identite) else (), progression)

    def _exiger_complet(self, identite: Identite, factures: APreter) -> None:
        if factures and not complet(identite):
            raise ErreurConnue(
                "Un terminal réduit ne fait pas signer de factures : il note des visites.", code="TLA_REDUIT",
                action="Chargez-y les patients, ou utilisez un terminal complet.",
            )

    def _charger_patients(self, client: TerminalTla, patients: Iterable[Patient], progression: Progression) -> None:
        from sesam_desktop.lecteurs.tla.terminal import Contenu

        client.charger(Contenu.PATIENTS, emporter_patients(patients), progression)

    def _charger_factures(
        self, client: TerminalTla, identite: Identite, factures: APreter, progression: Progression
    ) -> list[RefusTla]:
        """Lend the new ones, then load all that is out on this terminal."""
        from sesam_desktop.lecteurs.tla.terminal import Contenu

        if not complet(identite):
            return []
        nouvelles, refuses = self._preter(factures, identite.numero_serie)
        octets = emporter_factures(self._depot.pretees(identite.numero_serie))
        try:
            client.charger(Contenu.FACTURES, octets, progression)
        except ErreurConnue as erreur:
            if erreur.code in _SANS_EFFET:  # refused before anything changed: no Vitale will ever see these
                self._reprendre(nouvelles)
            raise
        return refuses

    def _preter(self, factures: APreter, numero_serie: str) -> tuple[list[Nouvelle], list[RefusTla]]:
        pretees: list[Nouvelle] = []
        refuses: list[RefusTla] = []
        deja = self._pret.deja_pretees()
        for facture, brouillon in factures:
            try:
                _exiger_autre(facture, brouillon, deja)
                pretees.append((self._pret.preter(facture, numero_serie, brouillon), brouillon is not None))
            except ErreurConnue as erreur:
                patient, motif = facture.beneficiaire, f"{erreur.message} {erreur.action}".strip()  # not where: a field
                refuses.append(RefusTla(f"{patient.nom} {patient.prenom}".strip(), erreur.code, motif))
        return pretees, refuses

    def _reprendre(self, nouvelles: Sequence[Nouvelle]) -> None:
        """Drafts are drafts again; the others were never here but by this request."""
        self._pret.rendre([numero for numero, brouillon in nouvelles if brouillon])
        self._pret.oublier([numero for numero, brouillon in nouvelles if not brouillon])


def _exiger_autre(facture: Facture, brouillon: int | None, deja: list[Facture]) -> None:
    """Raises TLA_DEJA_PRETEE: a request made again after an interruption would have the same visit billed twice."""
    if brouillon is None and facture in deja:
        deja.remove(facture)
        raise ErreurConnue(
            "Cette facture est déjà prêtée à un terminal, ou en revient : elle ne l'est pas deux fois.",
            code="TLA_DEJA_PRETEE", action="Rien n'est à faire, sauf pour une autre visite : passez par un brouillon.",
        )


def complet(identite: Identite) -> bool:
    """True for a terminal that has invoices signed."""
    from sesam_desktop.lecteurs.tla.terminal import GenreTerminal

    return identite.genre is GenreTerminal.COMPLET
