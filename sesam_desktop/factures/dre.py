"""What is asked to a complementary insurer apart from the fund: the DRE, as values. Immutable, as invoices are.

A DRE has a number of its own, taken from the counter of the invoices. Its kinds (initial, cancellation, correction) are
published; everything else here, as its layout, is a profile of the project.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from . import amc
from .facture import FactureSecurisee, FactureTarifee, LigneTarifee, Niveau, Signature, Tarification, Totaux

NON_REMBOURSABLE = "PHN"  # prestation code of what the AMO never pays


class NatureDre(StrEnum):
    """Letters of record 2D (project profile)."""

    INITIALE = "I"
    ANNULATION = "A"
    RECTIFICATIVE = "R"


@dataclass(frozen=True, slots=True)
class Remplacee:
    """The DRE that another one cancels or corrects, and the lot it left in."""

    numero: str
    lot: str = ""
    date_lot: date | None = None


@dataclass(frozen=True, slots=True)
class DemandeAmc:
    """`facture`: the lines asked, under the number of their FSE ("" when no FSE was made). `niveau`: who signs."""

    numero: str
    nature: NatureDre
    elaboree_le: date
    facture: FactureTarifee
    niveau: Niveau
    remplacee: Remplacee | None = None

    @property
    def montant(self) -> int:
        """Centimes asked, or that a cancellation takes back."""
        return self.facture.tarification.totaux.amc_centimes

    @property
    def attendu(self) -> int:
        """Centimes that the insurer is to pay for this document."""
        return 0 if self.nature is NatureDre.ANNULATION else self.montant


@dataclass(frozen=True, slots=True)
class DemandeSecurisee:
    """The document that is kept. `empreinte` is the SHA-256 (hex) of its canonical bytes."""

    demande: DemandeAmc
    empreinte: str
    signatures: tuple[Signature, ...]

    @property
    def facture(self) -> FactureTarifee:
        """Its lines under its own number and level, as people are shown what they have just signed."""
        return replace(self.demande.facture, numero=self.demande.numero, numero_flux="", niveau=self.demande.niveau)


DocumentSecurise = FactureSecurisee | DemandeSecurisee


@dataclass(frozen=True, slots=True)
class Partage:
    """A priced invoice, shared between the fund (`fse`) and the insurer (`amc`); None: nothing for that one."""

    fse: FactureTarifee | None
    amc: FactureTarifee | None


def partager(ft: FactureTarifee) -> Partage:
    """Who receives which lines.

    Billed apart, the insurer sees every line; paid with the fund's part, only those the AMO never pays. Those leave the
    FSE when the insurer pays something of them: without any other line, there is no FSE.
    """
    organisme, lignes = amc.payeur(ft.demande), ft.tarification.lignes
    if organisme is None or amc.est_public(organisme):
        return Partage(ft, None)
    propres = [ligne for ligne in lignes if ligne.acte == NON_REMBOURSABLE and ligne.amc_centimes]
    a_la_caisse = [ligne for ligne in lignes if ligne not in propres]
    demandees = list(lignes) if organisme.gestion == "separee" else propres
    a_demander = any(ligne.amc_centimes for ligne in demandees)
    return Partage(
        _restreinte(ft, a_la_caisse) if a_la_caisse else None, _restreinte(ft, demandees) if a_demander else None
    )


def _restreinte(ft: FactureTarifee, lignes: list[LigneTarifee]) -> FactureTarifee:
    """The same invoice, of these lines only."""
    if len(lignes) == len(ft.tarification.lignes):
        return ft
    totaux = Totaux(
        facture_centimes=sum(ligne.montant_centimes for ligne in lignes),
        base_centimes=sum(ligne.base_centimes for ligne in lignes),
        amo_centimes=sum(ligne.amo_centimes for ligne in lignes),
        amc_centimes=sum(ligne.amc_centimes for ligne in lignes),
        assure_centimes=sum(ligne.assure_centimes for ligne in lignes),
    )
    return replace(ft, tarification=Tarification(tuple(lignes), totaux, ft.tarification.alertes))
