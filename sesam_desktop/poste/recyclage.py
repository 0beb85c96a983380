"""What a refusal calls for: the invoice corrected, the lot sent again, the sheets on paper, the reject contested."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.a_tort import RejetATort
    from sesam_desktop.teletransmission.delais import Echeance
    from sesam_desktop.teletransmission.depot_recyclage import LotRefuse
    from sesam_desktop.teletransmission.lots import BilanLots
    from sesam_desktop.teletransmission.papier import EnvoiPapier, Feuilles
    from sesam_desktop.teletransmission.recyclage import Correction

    from .poste import Poste

Progression = Callable[[int, int], None]
Annule = Callable[[], bool]


class ServiceRecyclage:
    """Over the invoices and lots of one workstation."""

    def __init__(self, poste: Poste) -> None:
        self._poste = poste

    def dossier(self, numero: str) -> Correction:
        """What was asked on a refused invoice, why it was refused and which lines are concerned.

        Raises FACTURE_INCONNUE, RECYCLAGE_IMPOSSIBLE.
        """
        from sesam_desktop.teletransmission.recyclage import dossier_de_correction

        return dossier_de_correction(self._poste.factures, numero)

    def lot_refuse(self, lot: int) -> LotRefuse:
        """What is left to send again of a refused lot. Raises LOT_INCONNU, LOT_NON_REFUSE."""
        from sesam_desktop.teletransmission.depot_recyclage import lot_refuse

        return lot_refuse(lot)

    def trouver_lots(self, numero: str, date: str = "", organisme: str = "") -> list[int]:
        """Refused lots of that number, the latest first; of that date (ISO), for that organisme, when given."""
        from sesam_desktop.teletransmission.depot_recyclage import trouver_lots

        return trouver_lots(numero, date, organisme)

    def renvoyer_lot(
        self, lot: int, *, tout: bool = False, progression: Progression | None = None, annule: Annule | None = None
    ) -> BilanLots:
        """Put the invoices of a refused lot in a new one, as they are, but those the refusal blames unless `tout`.

        Raises LOT_INCONNU, LOT_NON_REFUSE, LOT_A_CORRIGER when nothing but invoices to correct is left.
        """
        from sesam_desktop.noyau.erreurs import ErreurConnue

        refuse = self.lot_refuse(lot)
        numeros = (*refuse.autres, *refuse.fautives) if tout else refuse.autres
        if not numeros:
            raise ErreurConnue(
                f"Le lot {refuse.lot.numero} n'a plus de facture à renvoyer telle quelle.", code="LOT_A_CORRIGER",
                action="Corrigez les factures que l'accusé de réception désigne : elles repartiront d'elles-mêmes.",
            )
        return self._poste.transmission.renvoyer(numeros, progression, annule)

    def feuilles(self, numeros: Sequence[str]) -> Feuilles:
        """These invoices and, for those in a lot that no server took, the rest of the lot: what `sur_papier` wants."""
        from sesam_desktop.teletransmission.papier import feuilles_avec_leurs_lots

        return feuilles_avec_leurs_lots(numeros)

    def sur_papier(
        self, numeros: Sequence[str], dossier: Path, *, non_recues: bool = False
    ) -> list[EnvoiPapier]:
        """Duplicates and a bordereau a fund in `dossier`; the invoices are then « Envoyée sur papier ».

        `non_recues`: the fund says that it has none of them. Raises FACTURE_INCONNUE, PAPIER_IMPOSSIBLE,
        PAPIER_A_CONFIRMER when it may have them and was not asked.
        """
        from sesam_desktop.teletransmission.papier import Papier

        envois = Papier(self._poste.base, self._poste.factures).envoyer(numeros, dossier, non_recues=non_recues)
        self._poste.changements.annoncer("lots", "factures")
        return envois

    def contester(self, numero: str, raison: str) -> None:
        """Say that a reject is wrong. Raises FACTURE_INCONNUE, RAISON_ABSENTE, REJET_ABSENT."""
        from sesam_desktop.teletransmission import a_tort

        a_tort.marquer(self._poste.factures, numero, raison)
        self._poste.changements.annoncer("factures")

    def rejets_a_tort(self) -> list[RejetATort]:
        """Rejects said to be wrong, by fund, with what is still claimed (`a_tort.par_fonds`, `a_tort.feuille`)."""
        from sesam_desktop.teletransmission import a_tort

        return a_tort.lister(self._poste.factures)

    def delais(self) -> list[Echeance]:
        """When each invoice that has not left must have, the most urgent first."""
        from datetime import date

        from sesam_desktop.teletransmission.delais import echeances, en_alsace_moselle
        from sesam_desktop.teletransmission.depot_delais import attentes

        ici = en_alsace_moselle(self._poste.configuration.departement)
        return echeances(attentes(), date.today(), ici)  # noqa: DTZ011 - the workstation's own calendar day
