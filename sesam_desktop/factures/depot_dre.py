"""Where DRE are kept: documents as invoices are, each beside the FSE whose AMC part it asks for.

What is to be done of one that is given up or corrected is told by `suite_dre`; here it is kept, in one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sesam_desktop.base import evenements
from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Document, Lot, LotDocument
from sesam_desktop.base.recherche import contenant, plier
from sesam_desktop.noyau.erreurs import ErreurConnue

from . import document
from .carnet import cle_patient
from .cycle import DRE, LIBELLES_DRE, MOTS, Etat
from .depot import Factures, maintenant
from .depot_documents import contenu_de, exiger_numero_libre, inserer, ligne_de, naitre, vecus
from .dre import DemandeAmc, DemandeSecurisee, NatureDre
from .enregistrements_dre import organisme_de
from .facture import FactureSecurisee
from .fiches import Evenement
from .suite_dre import FINIES, EnVigueur

NOTE = "demande_amc"  # what the history of the FSE keeps


@dataclass(frozen=True, slots=True)
class FiltreDre:
    """Which DRE to list; an empty criterion keeps all. `amc`: number of the insurer; `fse`: the invoice."""

    texte: str = ""
    etats: tuple[Etat, ...] = ()
    amc: str = ""
    fse: str = ""
    limite: int = 0


@dataclass(frozen=True, slots=True)
class ResumeDre:
    """One DRE as listed. `attendu_centimes`: what the insurer is to pay for it, nothing for a cancellation."""

    numero: str
    etat: Etat
    cree_le: datetime
    date_soins: date
    patient: str
    amc: str
    niveau: str
    attendu_centimes: int
    fse: str
    remplace: str

    @property
    def nature(self) -> NatureDre:
        """Only a cancellation asks nothing, only an initial one names no other."""
        if not self.remplace:
            return NatureDre.INITIALE
        return NatureDre.RECTIFICATIVE if self.attendu_centimes else NatureDre.ANNULATION

    @property
    def mot(self) -> str:
        """One of the five words."""
        return MOTS[self.etat]

    @property
    def libelle(self) -> str:
        return LIBELLES_DRE[self.etat]


class Demandes:
    """The DRE of the open `base`. Each method is one transaction, or joins the one that is open."""

    def __init__(self, base: Base, factures: Factures, horloge: Callable[[], datetime] = maintenant) -> None:
        self._base = base
        self._factures = factures
        self._horloge = horloge

    def enregistrer(self, ds: DemandeSecurisee) -> None:
        """Keep one DRE with the events of its birth; the one it cancels or corrects is closed in the same transaction.

        Raises FACTURE_EXISTANTE when the number is taken, TRANSITION_INTERDITE when the other may not be replaced.
        """
        contenu = document.demande_en_octets(ds)
        demande = ds.demande
        with self._base.transaction():
            exiger_numero_libre(demande.numero)
            empreinte = hashlib.sha256(contenu).hexdigest()
            inserer(_ligne(ds, empreinte, self._horloge()), contenu)
            naitre(demande.numero, demande.niveau, ds.signatures, empreinte, self._horloge())
            if demande.facture.numero:
                note = {"demande": demande.numero, "nature": demande.nature.value, "montant_centimes": demande.montant}
                self._factures.ajouter_evenement(demande.facture.numero, NOTE, note)
            if demande.remplacee is not None:
                self._clore(demande.remplacee.numero, demande)

    def enregistrer_avec(
        self, fs: FactureSecurisee | None, demandes: Iterable[DemandeSecurisee], *, brouillon: int | None = None,
        abandonnees: Iterable[str] = (), composee_le: datetime | None = None,
    ) -> None:
        """The FSE and its DRE: one fact. `abandonnees`: DRE that never left and that these take the place of."""
        with self._base.transaction():
            if fs is not None:
                self._factures.enregistrer(fs, brouillon=brouillon, composee_le=composee_le)
            elif brouillon is not None:
                self._factures.brouillons.effacer(brouillon)
            for numero in abandonnees:
                self.abandonner(numero)
            for ds in demandes:
                self.enregistrer(ds)
                self._recycler(ds.demande)

    def abandonner(self, numero: str) -> None:
        """Give up one that its insurer does not hold. Raises FACTURE_INCONNUE, TRANSITION_INTERDITE, and DRE_EN_LOT for
        one that was put in a lot meanwhile."""
        with self._base.transaction():
            if self._lot_admis(numero) is not None:
                raise ErreurConnue(
                    f"La demande {numero} vient d'être mise dans un lot.", code="DRE_EN_LOT",
                    action="Recommencez : elle sera annulée ou rectifiée par une autre demande.",
                )
            self._factures.ajouter_evenement(numero, Etat.ANNULEE, {})

    def charger(self, numero: str) -> DemandeSecurisee:
        """The document as signed. Raises FACTURE_INCONNUE, DOCUMENT_ALTERE."""
        return document.demande_depuis_octets(contenu_de(numero, DRE))

    def lister(self, filtre: FiltreDre = FiltreDre()) -> list[ResumeDre]:
        """Newest number first."""
        requete = Document.select(*_COLONNES).where(*_conditions(filtre)).order_by(Document.numero.desc())
        return [_resume(ligne) for ligne in _tuples(requete.limit(filtre.limite or None))]

    def de_la_facture(self, fse: str) -> list[ResumeDre]:
        """The DRE of one invoice, oldest first."""
        return self.lister(FiltreDre(fse=fse))[::-1]

    def par_etat(self) -> dict[Etat, int]:
        """How many stand in each state; states without any are absent."""
        from peewee import fn

        requete = Document.select(Document.etat, fn.COUNT(Document.numero)).where(Document.genre == DRE)
        return {Etat(etat): nombre for etat, nombre in _tuples(requete.group_by(Document.etat))}

    def etat(self, numero: str) -> Etat:
        """Where one stands. Raises FACTURE_INCONNUE."""
        return Etat(ligne_de(numero, Document.etat).etat)

    def suivies(self, numero: str) -> tuple[str, str]:
        """Numbers of the FSE and of the DRE that must leave before this one, "" for none. Raises FACTURE_INCONNUE."""
        ligne = ligne_de(numero, Document.liee, Document.remplace)
        return ligne.liee, ligne.remplace

    def historique(self, numero: str) -> list[Evenement]:
        """Its events, oldest first."""
        return self._factures.historique(numero)

    def en_vigueur(self, fse: str) -> EnVigueur | None:
        """The DRE that stands for this invoice, None when there is none or when it was cancelled."""
        debout = [r for r in self.lister(FiltreDre(fse=fse)) if r.etat not in FINIES] if fse else []
        lues = (self.charger(resume.numero).demande for resume in debout)
        return next((self.situer(d) for d in lues if d.nature is not NatureDre.ANNULATION), None)

    def situer(self, demande: DemandeAmc) -> EnVigueur:
        """This one, with the one its insurer holds: itself once in a lot, else the one it was to correct."""
        tenue: DemandeAmc | None = demande
        while tenue is not None:
            if (lot := self._lot_admis(tenue.numero)) is not None:
                return EnVigueur(demande, tenue, lot.numero, date.fromisoformat(lot.date_constitution))
            tenue = self.charger(tenue.remplacee.numero).demande if tenue.remplacee else None
        return EnVigueur(demande)

    def _recycler(self, demande: DemandeAmc) -> None:
        """The invoice that a DRE without FSE corrects. With an FSE, that one has done it."""
        corrigee = demande.facture.remplace
        if corrigee and not demande.facture.numero and self.etat(corrigee) not in FINIES:
            self._factures.ajouter_evenement(corrigee, Etat.RECYCLEE, {"par": demande.numero})

    def _lot_admis(self, numero: str) -> Any:
        """The last lot of a DRE that its insurer neither refused nor rejected."""
        if self.etat(numero) in (Etat.REJETEE, Etat.REFUSEE):
            return None
        requete = Lot.select(Lot.numero, Lot.date_constitution).join(LotDocument)
        return requete.where((LotDocument.document == numero) & (Lot.etat != "refuse")).order_by(Lot.id.desc()).first()

    def _clore(self, numero: str, par: DemandeAmc) -> None:
        """Cancelled or corrected, unless a correction that never left had closed it before."""
        if self.etat(numero) not in FINIES:
            etat = Etat.ANNULEE if par.nature is NatureDre.ANNULATION else Etat.RECYCLEE
            self._factures.ajouter_evenement(numero, etat, {"par": par.numero})


def _ligne(ds: DemandeSecurisee, empreinte: str, instant: datetime) -> dict[str, Any]:
    """The row: what it asks is its total; nothing in it is for the AMO nor for the patient."""
    demande: DemandeAmc = ds.demande
    patient = demande.facture.demande.beneficiaire
    nom = f"{patient.nom} {patient.prenom}".strip()
    return {
        "numero": demande.numero, "genre": DRE, "empreinte": empreinte,
        "cree_le": evenements.ecrire_instant(instant), "date_soins": demande.facture.demande.date_soins.isoformat(),
        "patient": nom, "patient_cle": cle_patient(patient), "destinataire": organisme_de(demande).numero.zfill(10),
        "niveau": demande.niveau.value, "total_centimes": demande.attendu, "amo_centimes": 0,
        "amc_centimes": demande.attendu, "assure_centimes": 0,
        "remplace": demande.remplacee.numero if demande.remplacee else "",
        "etat": vecus(demande.numero, demande.niveau, ds.signatures)[-1].value,
        "recherche": plier(f"{demande.numero} {nom} {patient.nir}"), "liee": demande.facture.numero,
    }


_COLONNES = (
    Document.numero, Document.etat, Document.cree_le, Document.date_soins, Document.patient, Document.destinataire,
    Document.niveau, Document.amc_centimes, Document.liee, Document.remplace,
)


def _resume(ligne: tuple[Any, ...]) -> ResumeDre:
    numero, etat, cree_le, date_soins, *reste = ligne
    return ResumeDre(numero, Etat(etat), datetime.fromisoformat(cree_le), date.fromisoformat(date_soins), *reste)


def _tuples(requete: Any) -> Iterable[tuple[Any, ...]]:
    return requete.tuples()


def _conditions(filtre: FiltreDre) -> list[Any]:
    conditions = [Document.genre == DRE, *contenant(Document.recherche, filtre.texte)]
    if filtre.etats:
        conditions.append(Document.etat.in_([str(etat) for etat in filtre.etats]))
    if filtre.amc:
        conditions.append(Document.destinataire == filtre.amc.zfill(10))
    if filtre.fse:
        conditions.append(Document.liee == filtre.fse)
    return conditions
