"""What a return says of invoices. Amounts are signed centimes; a date is None when the return leaves it empty.

`virement` is the rank, in `RetourNoemie.journees`, of the accounting day an amount belongs to: all that carry the same
rank are paid together. `ligne` is the rank of an entity in its file, from 1. Texts are empty when not given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ..entites import Entete
from .mouvements import Archivage, Commentaire, EntiteInconnue, Forfait, Journee, LotRetour, Organisme, Retenue
from .personne import PERSONNE, Personne
from .recompte import Ecart

PAYE, REJETE, DIFFERE, NON_TRAITE = "P", "R", "D", ""


@dataclass(frozen=True, slots=True)
class Rejet:
    """A reason of rejection or a remark. `niveau`: F invoice, L line, A detail. `part`: O AMO or both, C AMC."""

    code: str
    libelle: str
    niveau: str = "F"
    part: str = "O"
    ligne: int = 0
    nature: str = ""
    date_soins: date | None = None
    information: str = ""
    executant: str = ""
    rang: int = 0


@dataclass(frozen=True, slots=True)
class LigneRetour:
    """One act as the fund paid it (entities 210 and 220). Rates and coefficients are integers as on the wire.

    What only one of the two entities carries is empty in the other: `date_prescription` in 220, the two last in 210.
    """

    ligne: int
    nature: str
    complement: str
    quantite: int
    base_centimes: int
    taux: int
    rembourse_centimes: int
    depense_centimes: int
    amc_centimes: int
    qualificatif: str
    date_soins: date | None
    entite: str = "210"
    date_fin: date | None = None
    date_prescription: date | None = None
    code_gestion: str = ""
    exoneration: str = ""
    mode_traitement: str = ""
    discipline: str = ""
    prix_unitaire_centimes: int = 0
    coefficient: int = 0
    denombrement: int = 0
    taux_alsace_moselle: int = 0
    alsace_moselle_centimes: int = 0
    taux_amc: int = 0
    base_amc_centimes: int = 0
    coefficient_hospitalisation: int = 0
    code_forfait: str = ""


@dataclass(frozen=True, slots=True)
class FactureRetour:
    """One invoice of a return. `etat_*`: P paid, R rejected, D deferred, "" not treated.

    `amc` is the complementary body of entity 010 (number and key), `numero_amc` the one of the AMC part (199).
    """

    numero: str
    lot: str = ""
    date_lot: date | None = None
    type: str = ""
    nature_assurance: str = ""
    date_paiement: date | None = None
    etat_amo: str = NON_TRAITE
    demande_amo: int = 0
    paye_amo: int = 0
    etat_amc: str = NON_TRAITE
    demande_amc: int = 0
    paye_amc: int = 0
    numero_amc: str = ""
    rejets: tuple[Rejet, ...] = ()
    signalements: tuple[Rejet, ...] = ()
    lignes: tuple[LigneRetour, ...] = ()
    complement: str = ""
    date_facture: date | None = None
    traitement_amc: str = ""
    numero_adherent: str = ""
    assure: Personne = PERSONNE
    beneficiaire: Personne = PERSONNE
    archivage: str = ""
    commentaires: tuple[Commentaire, ...] = ()
    virement: int | None = None
    organisme_payeur: str = ""
    type_retour: str = ""
    lieu_execution: str = ""
    mandataire: str = ""
    destinataire_reglement: str = ""
    amc: str = ""
    ligne: int = field(default=0, compare=False)

    @property
    def motifs(self) -> tuple[Rejet, ...]:
        """Rejections, then remarks."""
        return (*self.rejets, *self.signalements)


@dataclass(frozen=True, slots=True)
class Fin:
    """End of the file (999): what it announces, the number of entities read, and what 990 and 999 say wrongly."""

    total_centimes: int
    entites: int
    ecarts: tuple[Ecart, ...] = ()


Evenement = (
    Entete | Organisme | Journee | LotRetour | FactureRetour | Retenue | Forfait | Rejet | Commentaire | Archivage
    | EntiteInconnue | Fin
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RetourNoemie:
    """A whole return; `total_centimes` is what its last entity announces.

    `motifs`, `commentaires` and `archivages` are those that belong to no invoice. `inconnues` are kept raw.
    """

    entete: Entete
    journees: tuple[Journee, ...]
    lots: tuple[LotRetour, ...]
    factures: tuple[FactureRetour, ...]
    retenues: tuple[Retenue, ...]
    forfaits: tuple[Forfait, ...]
    total_centimes: int
    organismes: tuple[Organisme, ...] = ()
    motifs: tuple[Rejet, ...] = ()
    commentaires: tuple[Commentaire, ...] = ()
    archivages: tuple[Archivage, ...] = ()
    inconnues: tuple[EntiteInconnue, ...] = ()
    entites: int = 0

    @property
    def reference(self) -> str:
        return self.entete.reference
