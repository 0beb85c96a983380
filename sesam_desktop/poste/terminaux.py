"""Portable terminals: what leaves with them, what they bring back, and what is signed afterwards.

Nothing unloaded is erased from a terminal before it is on this disk (`terminaux_dechargement`); an invoice that the
Vitale signed at home waits here for the professional (`terminaux_signature`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from .certificats_cartes import CertificatsCartes

if TYPE_CHECKING:
    from sesam_desktop.factures.facture import Facture, FactureTarifee, Patient
    from sesam_desktop.lecteurs.tla.depot import Decharge, DepotTla

    from .poste import Poste
    from .terminaux_bilans import ASigner, BilanChargement, BilanDechargement, BilanSignature, Prete, RefusTla, Terminal
    from .terminaux_chargement import Chargement
    from .terminaux_dechargement import Dechargement
    from .terminaux_examen import Examen
    from .terminaux_pret import Pret
    from .terminaux_reprise import Reprise
    from .terminaux_signature import Signature
    from .terminaux_socle import Socle

Progression = Callable[[int, int], None]


def _sans_suite(_fait: int, _total: int) -> None: ...


class ServiceTerminaux:
    """One operation at a time. `horloge` gives now, in UTC. What it works with is made at the first use."""

    def __init__(self, poste: Poste, horloge: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._poste = poste
        self._verrou = threading.RLock()
        self._horloge = horloge
        poste.facturation.preparees = self._en_cours

    def lister(self) -> list[Terminal]:
        """Terminals that answer on any channel. Waits for the operation under way: it holds their line."""
        with self._verrou:
            return self._socle.lister()

    def trouver(self, numero_serie: str = "") -> Terminal:
        """That one, or the only one. Raises TLA_ABSENT, TLA_VERSION, PLUSIEURS_TERMINAUX."""
        from .terminaux_socle import exiger_un_seul

        with self._verrou:
            presents = [t for t in self._socle.lister() if numero_serie in ("", t.numero_serie)]
            if not presents:
                self._socle.exiger_compris()
        return exiger_un_seul(presents, numero_serie)

    def regler_date(self, terminal: Terminal) -> Terminal:
        """Set its clock. Refused (TLA_NON_DECHARGE) while documents dated by it wait there."""
        with self._operation(), self._socle.ouvert(terminal) as (client, identite):
            if identite.documents:
                raise ErreurConnue(
                    "Des visites datées par l'horloge de ce terminal n'en ont pas encore été déchargées.",
                    code="TLA_NON_DECHARGE", action="Déchargez-le d'abord.",
                )
            client.regler_date(self._horloge())
            return replace(terminal, identite=client.identifier())

    def charger(
        self,
        terminal: Terminal,
        *,
        patients: Sequence[Patient] | None = None,
        factures: Iterable[Facture] = (),
        tournee: date | None = None,
        progression: Progression = _sans_suite,
    ) -> BilanChargement:
        """Load patients and invoices for the Vitale to sign, or else the tour of a day: its patients and its drafts.

        What is loaded takes the place of what the terminal had of the same kind; invoices already out on it stay
        with the new ones, and are not lent twice. Raises TLA_MEMOIRE_PLEINE…: its invoices are those it had, drafts
        are drafts again.
        """
        with self._operation("factures"):
            if tournee is not None:
                return self._chargement.charger_tournee(terminal, tournee, progression)
            a_preter = [(facture, None) for facture in factures]
            return self._chargement.charger(terminal, patients, a_preter, progression)

    def decharger(self, terminal: Terminal, progression: Progression = _sans_suite) -> BilanDechargement:
        """Bring back everything that waits. Run again after any interruption."""
        from .terminaux_bilans import BilanDechargement

        with self._operation():
            recus, deja, refuses, ecart_s = self._dechargement.decharger(terminal, progression)
            return BilanDechargement(recus, deja, tuple(refuses), tuple(self.a_signer()), ecart_s)

    def a_signer(self) -> list[ASigner]:
        """Invoices signed at home that wait for the professional, and readings to be composed."""
        return [self._signature.decrire(recu) for recu in self._en_attente()]

    def refuses(self) -> list[RefusTla]:
        """What came back and cannot be used, each with its reason, kept for ever."""
        from sesam_desktop.lecteurs.tla.depot import EtatDocument

        from .terminaux_bilans import RefusTla

        return [RefusTla.de(recu) for recu in self._depot.documents(EtatDocument.REFUSEE)]

    def signer(self, numeros: Sequence[str] = (), *, malgre_doublon: bool = False) -> BilanSignature:
        """Have the professional of the open session sign what waits (all, or these invoices), each on its own; make
        drafts of the readings. `malgre_doublon`: they are other visits than those billed here since.

        Raises SESSION_PS_FERMEE when an invoice waits and no session is open, TLA_RIEN_A_SIGNER.
        """
        with self._operation("factures"):
            self._dechargement.rejuger()
            recus = [recu for recu in self._en_attente() if not numeros or recu.verdict.numero in numeros]
            _exiger_tous(numeros, recus)
            return self._signature.traiter(recus, malgre_doublon=malgre_doublon)

    def classer(self, reference: str, motif: str) -> RefusTla:
        """File away a document refused, or that will not be signed, with the reason: it leaves the lists, its bytes
        stay, its invoice is a draft again. `reference`: the beginning of its digest, eight characters or more.

        Raises TLA_MOTIF_ABSENT, TLA_DOCUMENT_INCONNU, TLA_DEJA_TRAITE.
        """
        from .terminaux_bilans import RefusTla

        with self._operation("factures"):
            return RefusTla.de(self._reprise.classer(reference, motif))

    def prets(self) -> list[Prete]:
        """Invoices out on a terminal, wherever it is."""
        return self._reprise.prets()

    def reprendre(self, numeros: Sequence[str]) -> None:
        """Make drafts of invoices whose terminal is lost, broken or stolen. A signature that came later is refused.
        All or none. Raises TLA_PAS_PRETEE."""
        with self._operation("factures"):
            self._reprise.reprendre(numeros)

    def vider(self, terminal: Terminal, confirmation: str) -> None:
        """Erase its patients and invoices; those that no Vitale signed are drafts again.

        `confirmation` is its serial number, typed. Raises TLA_CONFIRMATION, TLA_NON_DECHARGE.
        """
        if confirmation != terminal.numero_serie:
            raise ErreurConnue(
                "Le numéro de série indiqué n'est pas celui du terminal : rien n'a été effacé.",
                code="TLA_CONFIRMATION", action="Recopiez le numéro de série affiché.",
            )
        with self._operation("factures"), self._socle.ouvert(terminal) as (client, _):
            client.vider(terminal.numero_serie)
            self._pret.rendre([p.numero for p in self._depot.pretees(terminal.numero_serie)])

    @contextmanager
    def _operation(self, *change: str) -> Iterator[None]:
        """Whatever happens, what was done before it is told."""
        with self._verrou:
            try:
                yield
            finally:
                self._poste.changements.annoncer("terminaux", *change)

    def _en_attente(self) -> list[Decharge]:
        from sesam_desktop.lecteurs.tla.depot import EtatDocument

        return self._depot.documents(EtatDocument.A_SIGNER, EtatDocument.A_COMPOSER)

    def _en_cours(self) -> list[FactureTarifee]:
        from .terminaux_examen import tarifee

        return [tarifee(preparee) for preparee in self._depot.en_cours()]

    @cached_property
    def _depot(self) -> DepotTla:
        from sesam_desktop.lecteurs.tla.depot import DepotTla

        return DepotTla(self._poste.base, self._horloge)

    @cached_property
    def _certificats(self) -> CertificatsCartes:
        return CertificatsCartes(self._poste.profil / "cartes")

    @cached_property
    def _socle(self) -> Socle:
        from .terminaux_socle import Socle

        return Socle(self._poste, self._horloge)

    @cached_property
    def _pret(self) -> Pret:
        from .terminaux_pret import Pret

        return Pret(self._poste, self._depot, self._certificats)

    @cached_property
    def _examen(self) -> Examen:
        from .terminaux_examen import Examen

        return Examen(self._depot, self._certificats, self._horloge)

    @cached_property
    def _chargement(self) -> Chargement:
        from .terminaux_chargement import Chargement

        return Chargement(self._socle, self._pret, self._depot)

    @cached_property
    def _dechargement(self) -> Dechargement:
        from .terminaux_dechargement import Dechargement

        return Dechargement(self._poste.base, self._socle, self._depot, self._examen)

    @cached_property
    def _signature(self) -> Signature:
        from .terminaux_doublons import Doublons
        from .terminaux_signature import Signature

        doublons = Doublons(self._poste, self._depot)
        return Signature(self._poste, self._depot, self._pret, self._examen, doublons, self._horloge)

    @cached_property
    def _reprise(self) -> Reprise:
        from .terminaux_reprise import Reprise

        return Reprise(self._poste.base, self._depot, self._pret)


def _exiger_tous(numeros: Sequence[str], recus: Sequence[Decharge]) -> None:
    """Raises TLA_RIEN_A_SIGNER for a number that nothing waits under."""
    absents = [numero for numero in numeros if numero not in {recu.verdict.numero for recu in recus}]
    if absents:
        raise EntreeInvalide(
            f"La facture {absents[0]} n'attend pas de signature : rien n'a été signé.", code="TLA_RIEN_A_SIGNER",
            action="Consultez la liste de ce qui attend.",
        )
