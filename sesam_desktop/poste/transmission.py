"""Lots out, returns in: the room `teletransmission` over this workstation's mail account and cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from . import reglages_lots
from .controle_lots import controler

if TYPE_CHECKING:
    from sesam_desktop.securisation.certificats import Magasin
    from sesam_desktop.teletransmission.bilan import BilanEnvoi, BilanRetours
    from sesam_desktop.teletransmission.depart import Depart
    from sesam_desktop.teletransmission.depot_retours import RetourVu
    from sesam_desktop.teletransmission.depot_tableau import ChiffresTransmission
    from sesam_desktop.teletransmission.lots import BilanLots, Preparation
    from sesam_desktop.teletransmission.parametres import ParametresCourrier, ParametresLots
    from sesam_desktop.teletransmission.retour import Boite
    from sesam_desktop.teletransmission.tableau import Tableau

    from .poste import Poste

Progression = Callable[[int, int], None]
Annule = Callable[[], bool]


def _sans_suite(_fait: int, _total: int) -> None: ...


def _jamais() -> bool:
    return False


class ServiceTransmission:
    """One job at a time per outside thing: the room itself takes the locks."""

    def __init__(self, poste: Poste) -> None:
        self._poste = poste

    def preparer(
        self,
        a_blanc: bool = False,
        progression: Progression = _sans_suite,
        annule: Annule = _jamais,
        *,
        refusees: bool = False,
    ) -> BilanLots:
        """Make lots of what is signed (and SCOR lots of pieces whose invoices have left); `a_blanc` only says.

        `refusees`: also send again, as they are, the invoices of refused lots (wrong table, wrong certificate…).
        """
        numeros = self._refusees() if refusees else []
        bilan = self._preparation().preparer(
            a_blanc=a_blanc, refusees=numeros, progression=progression, annule=annule
        )
        if not a_blanc:
            self._poste.changements.annoncer("lots", "factures")
        return bilan

    def renvoyer(
        self, numeros: Sequence[str], progression: Progression | None = None, annule: Annule | None = None
    ) -> BilanLots:
        """Put these invoices of refused lots, and them alone, in new lots. Raises FACTURE_NON_REFUSEE."""
        bilan = self._preparation().preparer(
            refusees=numeros, seules=True, progression=progression or _sans_suite, annule=annule or _jamais
        )
        self._poste.changements.annoncer("lots", "factures")
        return bilan

    def envoyer(
        self,
        progression: Progression = _sans_suite,
        annule: Annule = _jamais,
        maintenant: bool = False,
        planifie: bool = False,
    ) -> BilanEnvoi:
        """Empty the outbox; `maintenant`: messages put off by the server are tried without waiting.

        `planifie`: nobody asked, mail leaves only in the hours of the settings.
        """
        try:
            return self._depart().envoyer(
                maintenant=maintenant, planifie=planifie, progression=progression, annule=annule
            )
        finally:
            self._poste.changements.annoncer("lots", "factures")

    def a_envoyer(self) -> int:
        """How many messages would leave by themselves now."""
        return self._depart().a_envoyer()

    def relever(self, progression: Progression = _sans_suite, annule: Annule = _jamais) -> BilanRetours:
        """Empty the mailbox and match what it holds."""
        try:
            return self._boite().relever(progression=progression, annule=annule)
        finally:
            self._poste.changements.annoncer("retours", "lots", "factures", "pieces")

    def importer(self, chemin: Path) -> BilanRetours:
        """Match a return kept in a file."""
        bilan = self._boite().importer(chemin)
        self._poste.changements.annoncer("retours", "lots", "factures", "pieces")
        return bilan

    def relancer(self, message_id: str) -> bool:
        """Put a message back from quarantine."""
        relance = self._depart().relancer(message_id)
        self._poste.changements.annoncer("lots")
        return relance

    def relire(self, courrier: int) -> BilanRetours:
        """Read a courrier in quarantine again."""
        bilan = self._boite().relire(courrier)
        self._poste.changements.annoncer("retours", "lots", "factures", "pieces")
        return bilan

    def classer(self, courrier: int, motif: str = "") -> str:
        """Dismiss a courrier that answers nothing of ours, or that stays unreadable, or the remark of one that was
        applied: it wants nobody any more. Answers its state, `classe`, or `lu` when only the remark went."""
        from sesam_desktop.teletransmission.depot_retours import Courriers

        etat = Courriers(self._poste.base).classer(courrier, motif)
        self._poste.changements.annoncer("retours")
        return etat

    def tableau(self) -> Tableau:
        """The board: lots to send, lots that wait for their ARL, and what wants somebody."""
        from sesam_desktop.teletransmission.delais import en_alsace_moselle
        from sesam_desktop.teletransmission.tableau import tableau

        ici = en_alsace_moselle(self._poste.configuration.departement)
        return tableau(self._poste.base, self._poste.factures, alsace_moselle=ici)

    def retours_du_lot(self, lot: int) -> list[RetourVu]:
        """What came back about one lot, oldest first."""
        from sesam_desktop.teletransmission.depot_retours import Retours

        return Retours().du_lot(lot)

    def contenu(self, courrier: int) -> bytes:
        """A courrier as it was received."""
        from sesam_desktop.teletransmission.depot_retours import Courriers

        return Courriers(self._poste.base).octets(courrier)

    def chiffres(self) -> ChiffresTransmission:
        """Lots, mails and answers since the beginning."""
        from sesam_desktop.teletransmission.depot_tableau import compter_depuis_le_debut

        return compter_depuis_le_debut()

    def magasin(self) -> Magasin:
        """Certificates of the organismes."""
        from sesam_desktop.securisation.certificats import Magasin

        return Magasin(self._poste.profil / "certificats")

    def parametres_lots(self) -> ParametresLots:
        """How lots are written."""
        return reglages_lots.parametres(self._poste.configuration)

    def _preparation(self) -> Preparation:
        from sesam_desktop.teletransmission.lots import Preparation

        poste = self._poste
        return Preparation(
            poste.base, poste.factures, self.magasin(), poste.lecteurs.signataire_de_lot, self.parametres_lots(),
            controle=controler if poste.configuration.transmission.controle_prealable else None,
            tables=poste.tables_du_poste,
        )

    def _refusees(self) -> list[str]:
        from sesam_desktop.factures.cycle import Etat
        from sesam_desktop.factures.depot import Filtre
        from sesam_desktop.factures.depot_dre import FiltreDre

        refusees, poste = (Etat.REFUSEE,), self._poste
        demandes = [resume.numero for resume in poste.demandes_amc.lister(FiltreDre(etats=refusees))]
        return [resume.numero for resume in poste.registre.lister(Filtre(etats=refusees))] + demandes

    def _comptes(self) -> dict[str, ParametresCourrier]:
        return self._poste.environnement.parametres_courriers(self._poste.configuration)

    def _depart(self) -> Depart:
        from sesam_desktop.teletransmission.depart import Depart

        return Depart(self._poste.base, self._poste.factures, self._comptes())

    def _boite(self) -> Boite:
        from sesam_desktop.teletransmission.rapprochement import Rapprochement
        from sesam_desktop.teletransmission.retour import Boite

        poste = self._poste
        return Boite(poste.base, Rapprochement(poste.base, poste.factures), self._comptes())
