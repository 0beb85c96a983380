"""Lending invoices to a terminal, and taking back those that no Vitale signed.

An invoice is priced and numbered when it is lent, because the Vitale signs its final bytes. One given back is a draft
again and its number is lost: a number is never given twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sesam_desktop.factures.facture import Facture, FactureTarifee, Niveau, Patient
from sesam_desktop.lecteurs.tla.depot import EtatPreparee, Preparee
from sesam_desktop.noyau.erreurs import ErreurConnue

from .terminaux_cartes import exiger_meme_nature, exiger_vitale_valable, nature_de_certificat
from .terminaux_examen import tarifee

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.tla.depot import DepotTla
    from sesam_desktop.lecteurs.tla.documents import FactureEmportee, PatientEmporte

    from .certificats_cartes import CertificatsCartes
    from .poste import Poste


@dataclass(frozen=True, slots=True)
class Tournee:
    """What leaves for one day: patients, and drafts to be signed at home with their identifiers."""

    patients: tuple[Patient, ...]
    brouillons: tuple[tuple[int, Facture], ...]


class Pret:
    def __init__(self, poste: Poste, depot: DepotTla, certificats: CertificatsCartes) -> None:
        self._poste = poste
        self._depot = depot
        self._certificats = certificats

    def tournee(self, jour: date) -> Tournee:
        """Patients treated lately by the professional whose card is in, and their drafts of this day."""
        from sesam_desktop.factures.carnet import cle_patient

        from .tournee import de_ce_professionnel, dernieres_visites

        brouillons = tuple(
            (identifiant, facture)
            for identifiant, facture in self._poste.facturation.brouillons()
            if facture.date_soins == jour and de_ce_professionnel(self._poste, facture)
        )
        visites = dernieres_visites(self._poste)
        connus = {cle_patient(f.beneficiaire): f.beneficiaire for f in (*visites, *(f for _, f in brouillons))}
        return Tournee(tuple(connus.values()), brouillons)

    def preter(self, facture: Facture, terminal: str, brouillon: int | None = None) -> str:
        """Number of the invoice, kept as lent in place of its draft: all or nothing. Raises what forbids it."""
        from sesam_desktop.factures.document import valeur_en_json
        from sesam_desktop.factures.enregistrements import octets_canoniques

        jour = max(date.today(), facture.date_soins)  # noqa: DTZ011 - tomorrow's tour is prepared the evening before
        self._exiger_vitale_utilisable(facture.beneficiaire, facture.date_soins)
        with self._poste.base.transaction():
            if brouillon is not None:
                self._poste.factures.brouillons.lire(brouillon)  # another program may have taken it since
            ft = self._poste.facturation.preparer(facture, Niveau.SECURISEE, jour)
            empreinte = hashlib.sha256(octets_canoniques(ft)).hexdigest()
            self._depot.preter(ft.numero, valeur_en_json(ft).encode(), empreinte, terminal)
            if brouillon is not None:
                self._poste.factures.brouillons.effacer(brouillon)
        return ft.numero

    def deja_pretees(self) -> list[Facture]:
        """What is out on a terminal, or waits for its second signature."""
        return [tarifee(preparee).demande for preparee in self._depot.en_cours()]

    def oublier(self, numeros: Sequence[str]) -> None:
        """Undo the loan of invoices that no draft held: whoever asked still has them."""
        self._depot.passer_preparees(numeros, EtatPreparee.RENDUE)

    def rendre(self, numeros: Sequence[str]) -> None:
        """Make drafts of invoices lent; a signature that came for one of them later would be refused."""
        from sesam_desktop.factures.document import valeur_en_json

        with self._poste.base.transaction():
            for numero in numeros:
                preparee = self._depot.preparee(numero)
                if preparee is not None and preparee.etat is EtatPreparee.PREPAREE:
                    self._poste.factures.brouillons.enregistrer(valeur_en_json(tarifee(preparee).demande))
                    self._depot.passer_preparees([numero], EtatPreparee.RENDUE)

    def _exiger_vitale_utilisable(self, patient: Patient, jour: date) -> None:
        """What would have its signature refused at the return is known before leaving."""
        if not patient.numero_serie_vitale:
            raise ErreurConnue(
                "La carte Vitale de ce patient n'a jamais été lue sur ce poste : sa signature ne pourrait pas être"
                " vérifiée.",
                code="VITALE_JAMAIS_LUE", action="Lisez sa carte ici une première fois, ou facturez sans le terminal.",
            )
        certificat = self._certificat(patient)
        exiger_vitale_valable(certificat, jour)
        exiger_meme_nature(self._poste, nature_de_certificat(certificat))

    def _certificat(self, patient: Patient) -> bytes:
        try:
            return self._certificats.de(patient.numero_serie_vitale)
        except ErreurConnue as erreur:
            raise ErreurConnue(
                "Le certificat de la carte Vitale de ce patient manque sur ce poste, ou ne se lit pas : sa signature ne"
                " pourrait pas être vérifiée.",
                code=erreur.code,
                action="Déposez-le dans le dossier « cartes » du profil, ou facturez sans le terminal.",
            ) from erreur


def emporter_patients(patients: Iterable[Patient]) -> bytes:
    """The content to load."""
    from sesam_desktop.lecteurs.tla.documents import ecrire_patients

    return ecrire_patients(_patient(p) for p in patients)


def emporter_factures(pretees: Iterable[Preparee]) -> bytes:
    """The content to load: every invoice that is out on this terminal."""
    from sesam_desktop.lecteurs.tla.documents import ecrire_factures

    return ecrire_factures(_facture(tarifee(preparee)) for preparee in pretees)


def _patient(p: Patient) -> PatientEmporte:
    from sesam_desktop.lecteurs.tla.documents import PatientEmporte

    return PatientEmporte(p.nom, p.prenom, p.date_naissance, p.nir, p.rang)


def _facture(ft: FactureTarifee) -> FactureEmportee:
    from sesam_desktop.factures.enregistrements import octets_canoniques
    from sesam_desktop.lecteurs.tla.documents import FactureEmportee

    patient, totaux = ft.demande.beneficiaire, ft.tarification.totaux
    return FactureEmportee(
        numero=ft.numero,
        nom=patient.nom,
        prenom=patient.prenom,
        naissance=patient.date_naissance,
        nirs=tuple(dict.fromkeys(nir for nir in (patient.nir, patient.nir_individuel) if nir)),
        date_soins=ft.demande.date_soins,
        total_centimes=totaux.facture_centimes,
        reste_centimes=totaux.assure_centimes,
        octets=octets_canoniques(ft),
    )
