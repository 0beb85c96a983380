"""What is paid and what is due: the accounts and the bank of this workstation, and what the accountant receives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.noyau.dates import jour_de

if TYPE_CHECKING:
    from sesam_desktop.editions.relance import Lettre
    from sesam_desktop.teletransmission.banque import Banque, BilanReleve
    from sesam_desktop.teletransmission.bilan import Bilan
    from sesam_desktop.teletransmission.comptes import Balance, Comptes, Debiteur, Du, Relance
    from sesam_desktop.teletransmission.depot_banque import LigneVue
    from sesam_desktop.teletransmission.depot_comptes import DetailVirement, MouvementVu, VirementVu

    from .poste import Poste

_AMO = "AMO"


class ServicePaiements:
    """Dues, payments announced, bank lines, reminders, exports."""

    def __init__(self, poste: Poste) -> None:
        self._poste = poste

    def balances(self, jour: date | None = None) -> list[Balance]:
        """What each debtor owes by age, the greatest first."""
        return self._comptes().balances(jour)

    def dus(self, debiteur: Debiteur | None = None, jour: date | None = None) -> list[Du]:
        """What is due invoice by invoice, oldest sending first."""
        return [du for du in self._comptes().dus(jour) if debiteur in (None, du.debiteur)]

    def rendus(self) -> list[str]:
        """Documents that a mail server gave back: due by nobody, to send again."""
        return self._comptes().rendus()

    def nom(self, debiteur: Debiteur) -> str:
        """Words for people: the fund's name in the table of organismes, or the insurer's number."""
        if debiteur.genre != _AMO:
            return f"Complémentaire {debiteur.code}"
        return self._poste.droits.tod.libelle(debiteur.code[:2], debiteur.code[2:5]) or f"Caisse {debiteur.code}"

    def payeur(self, numero: str) -> str:
        """Who made a payment, in words: a fund's number in a return is six zeros, régime, centre, organisme."""
        lu = re.fullmatch(r"0{6}([0-9]{2})[0-9]{3}([0-9]{3})", numero)
        nom = self._poste.droits.tod.libelle(lu[1], lu[2]) if lu else ""
        return nom or f"Organisme {numero.lstrip('0')}".strip()

    def virements(self, debut: date | None = None, fin: date | None = None) -> list[VirementVu]:
        """Payments that returns announced, newest first."""
        return self._comptes().virements(debut, fin)

    def compter_ecarts(self) -> int:
        """Payments of which the bank received another amount."""
        return self._comptes().ecarts()

    def virement(self, identifiant: int) -> DetailVirement:
        """What one is made of. Raises VIREMENT_INCONNU."""
        return self._comptes().virement(identifiant)

    def mouvements(self, debut: date, fin: date) -> list[MouvementVu]:
        """Retentions, undue sums and lump sums of the payments of a period, both days included."""
        return self._comptes().mouvements(debut, fin)

    def lignes(self, etat: str = "") -> list[LigneVue]:
        """Lines of the bank statements: all, or `a_rapprocher`, `rapprochee`, `classee`."""
        return self._banque().lignes(etat)

    def importer_releve(self, chemin: Path) -> BilanReleve:
        """Read a statement (CSV, OFX) and match it. Raises RELEVE_ILLISIBLE, having imported nothing."""
        bilan = self._banque().importer(chemin)
        self._poste.changements.annoncer("paiements")
        return bilan

    def rapprocher(self) -> tuple[int, int]:
        """Match again what is left of the bank: lines matched, lines that stay ambiguous."""
        resultat = self._banque().rapprocher()
        self._poste.changements.annoncer("paiements")
        return resultat

    def lier(self, lignes: Sequence[int], virements: Sequence[int]) -> None:
        """Put bank lines and payments together by hand."""
        self._banque().lier(lignes, virements)
        self._poste.changements.annoncer("paiements")

    def delier(self, ligne: int) -> None:
        """Undo what was put together with this line."""
        self._banque().delier(ligne)
        self._poste.changements.annoncer("paiements")

    def classer_ligne(self, ligne: int) -> None:
        """A bank line that is no fund's money."""
        self._banque().classer(ligne)
        self._poste.changements.annoncer("paiements")

    def relances(self, jour: date | None = None) -> list[Relance]:
        """What is late, by debtor."""
        return self._comptes().relances(jour)

    def relancer(self, relance: Relance, dossier: Path) -> Path:
        """Write the letter (PDF) and, beside it, the list (XLSX) to send to the debtor, then note on each invoice that
        it was asked again: what was paid since `relance` was listed is left out. Answers the list. Raises
        RELANCE_VIDE, having written nothing, ErreurConnue (disk)."""
        from sesam_desktop.editions import relance as edition
        from sesam_desktop.teletransmission import exports, feuilles

        jour = jour_de(datetime.now(UTC))
        relance = self._comptes().actualiser(relance, jour)
        nom = f"relance-{relance.debiteur.genre}-{relance.debiteur.code}-{jour:%Y%m%d}"
        edition.ecrire(self._lettre(relance, jour), dossier / f"{nom}.pdf")
        chemin = exports.ecrire_xlsx(dossier / f"{nom}.xlsx", [feuilles.dus(relance.dus, jour)])
        self._comptes().marquer_relancees(relance)
        self._poste.changements.annoncer("paiements", "factures")
        return chemin

    def exporter(self, dossier: Path, debut: date, fin: date, *, xlsx: bool = True) -> list[Path]:
        """Invoices, payments, transfers, movements of a period and dues of today, for the accountant: one workbook,
        or CSV files. Raises PERIODE_INVALIDE, ErreurConnue (disk)."""
        from sesam_desktop.teletransmission import exports

        feuilles = self._comptes().feuilles(debut, fin)
        if not xlsx:
            return exports.ecrire_csv(dossier, feuilles)
        return [exports.ecrire_xlsx(dossier / f"comptes-{debut:%Y%m%d}-{fin:%Y%m%d}.xlsx", feuilles)]

    def rapprocher_de_nouveau(self) -> Bilan:
        """Try again the returns that answered nothing of ours, after a restored backup for instance."""
        from sesam_desktop.teletransmission.rapprochement import Rapprochement

        bilan = Rapprochement(self._poste.base, self._poste.factures).rapprocher_de_nouveau()
        self._poste.changements.annoncer("retours", "factures", "paiements")
        return bilan

    def _lettre(self, relance: Relance, jour: date) -> Lettre:
        from sesam_desktop.editions.relance import Lettre, LigneRelance

        lignes = tuple(
            LigneRelance(du.facture, du.part, du.date_soins, du.envoyee_le, du.attendu_centimes, du.regle_centimes,
                         du.du_centimes)
            for du in relance.dus
        )  # fmt: skip
        expediteurs = dict.fromkeys(self._expediteur(du) for du in relance.dus)
        return Lettre(tuple(expediteurs), self.nom(relance.debiteur), jour, lignes)

    def _expediteur(self, du: Du) -> str:
        """The professional of an invoice, or of a DRE."""
        poste = self._poste
        if du.debiteur.genre == _AMO:
            executant = poste.factures.charger(du.facture).facture.demande.executant
        else:
            executant = poste.demandes_amc.charger(du.facture).demande.facture.demande.executant
        return f"{executant.nom} {executant.prenom}, n° {executant.numero_facturation}{executant.cle}".strip()

    def _comptes(self) -> Comptes:
        from sesam_desktop.teletransmission.comptes import Comptes

        return Comptes(self._poste.base, self._poste.factures)

    def _banque(self) -> Banque:
        from sesam_desktop.teletransmission.banque import Banque

        return Banque(self._poste.base)
