"""Composing, pricing, checking and securing an invoice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sesam_desktop.factures.cycle import Etat, etat_de
from sesam_desktop.factures.dre import DocumentSecurise
from sesam_desktop.factures.facture import (
    Alerte,
    Executant,
    Facture,
    FactureTarifee,
    Niveau,
    Patient,
    Prescription,
    Tarification,
)
from sesam_desktop.noyau.erreurs import ErreurConnue

from .changements import Changements
from .kilometres import Kilometres
from .tarification import SourcesTarifs, Tarificateur

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sesam_desktop.cartes.ps import CartePS, Situation
    from sesam_desktop.factures.depot import Factures
    from sesam_desktop.factures.depot_dre import Demandes

    from .aide_ccam import AideCcam
    from .configuration import Configuration
    from .droits import ServiceDroits
    from .lecteurs import ServiceLecteurs


RECENTES = 200  # invoices looked at to propose a prescriber
_SOUS_LE_MEME_NUMERO = (Etat.REJETEE, Etat.REFUSEE)


class ServiceFacturation:
    """What Facturer does, with or without a window."""

    def __init__(
        self,
        factures: Factures,
        demandes: Demandes,
        sources: SourcesTarifs,
        droits: ServiceDroits,
        lecteurs: ServiceLecteurs,
        changements: Changements,
        configuration: Callable[[], Configuration],
    ) -> None:
        self._factures = factures
        self._demandes = demandes
        self._kilometres = Kilometres(factures, lambda: self.preparees())  # noqa: PLW0108 - it is given later
        self._tarifs = Tarificateur(sources, self._kilometres.deja_factures)
        self._droits = droits
        self._lecteurs = lecteurs
        self._changements = changements
        self._configuration = configuration
        self.preparees: Callable[[], Iterable[FactureTarifee]] = tuple  # numbered, and not signed by all cards yet
        self._brouillon: int | None = None
        self._prescriptions: dict[str, Prescription | None] = {}

    def executant(self, rang: int | None = None) -> Executant:
        """The professional whose CPS is in, in the situation of logical number `rang`, by default the one chosen.

        Raises PS_ABSENT without a read card, SITUATION_A_CHOISIR, SITUATION_INCONNUE, SITUATION_ABSENTE.
        """
        from .situations import exiger_lue, retenue

        carte = exiger_lue(self._lecteurs.ps, code_verifie=self._lecteurs.session_ouverte)
        choisie = self._lecteurs.situation
        if rang is None and choisie is not None:
            rang = choisie.rang
        return executant_de(carte, retenue(carte, rang), self._configuration())

    def tarifer(self, facture: Facture) -> Tarification:
        """Price it: amounts with the rules that gave them. Nothing is kept."""
        return self._tarifs.tarifer(facture)

    def controler(self, facture: Facture, aujourd_hui: date | None = None) -> tuple[Alerte, ...]:
        """Every remark on what is asked, blocking ones first."""
        jour = aujourd_hui or date.today()  # noqa: DTZ011 - the counter's own calendar day
        return self._tarifs.controler(facture, jour)

    def verifier(self, facture: Facture) -> tuple[Alerte, ...]:
        """The controls and what pricing itself would refuse or warn about, blocking ones first."""
        return self._tarifs.verifier(facture, date.today())  # noqa: DTZ011

    def aider(self, facture: Facture, rang: int) -> AideCcam:
        """Modifiers and association codes proposed for the CCAM act of line `rang`."""
        return self._tarifs.aider(facture, rang)

    def securiser(self, facture: Facture, niveau: Niveau, *, remplace: str = "") -> DocumentSecurise:
        """Check, price, number, sign and keep one invoice, and what its insurer is asked apart; its draft disappears.

        All or nothing. Answers the FSE, or the DRE alone when the fund has nothing to pay.
        """
        from .signature_dre import signer

        jour = date.today()  # noqa: DTZ011
        self.exiger_facturable(facture, niveau, jour)
        with self._lecteurs.signataires(facture, niveau) as signataires:
            tarifee = self._tarifee(facture, niveau, jour, remplace)
            signes = signer(tarifee, self._demandes, self._factures.prochain_numero, signataires)
        # What is only memory comes first: once the invoice is kept, nothing may fail and have it billed again.
        self._factures.patients.retenir(facture.beneficiaire, datetime.now(UTC))
        signes.garder(self._demandes, self._brouillon)
        self._brouillon = None
        self._changements.annoncer("factures")
        return signes.principal

    def preparer(self, facture: Facture, niveau: Niveau, jour: date) -> FactureTarifee:
        """Check as on `jour`, price and number an invoice whose cards will sign later. Nothing is kept here."""
        self.exiger_facturable(facture, niveau, jour)
        return self._tarifee(facture, niveau, jour)

    def patients(self, texte: str) -> list[Patient]:
        """Patients seen before, by name or NIR: a tour or a degraded invoice starts without the card."""
        return self._factures.patients.chercher(texte)

    def prescripteurs(self, texte: str) -> list[Prescription]:
        """Prescribers of recent invoices whose name or number holds `texte`, last used first."""
        from sesam_desktop.factures.depot import Filtre

        connus: dict[str, Prescription] = {}
        for resume in self._factures.lister(Filtre(limite=RECENTES)):
            prescription = self._prescription(resume.numero)
            if prescription is not None and prescription.prescripteur:
                connus.setdefault(prescription.prescripteur, prescription)
        voulu = texte.casefold()
        return [p for p in connus.values() if voulu in f"{p.nom} {p.prenom} {p.prescripteur}".casefold()]

    def _prescription(self, numero: str) -> Prescription | None:
        """Remembered: this is asked at each key typed, and a kept invoice never changes."""
        if numero not in self._prescriptions:
            self._prescriptions[numero] = self._factures.charger(numero).facture.demande.prescription
        return self._prescriptions[numero]

    def brouillon(self) -> Facture | None:
        """The invoice left unfinished, if there is one: a crash loses nothing."""
        from sesam_desktop.factures.document import valeur_depuis_json

        gardes = self._factures.brouillons.lister()
        if not gardes:
            return None
        self._brouillon = gardes[0].identifiant
        return valeur_depuis_json(Facture, gardes[0].contenu)

    def garder_brouillon(self, facture: Facture) -> None:
        """Keep what is being composed, in place of what was kept before."""
        from sesam_desktop.factures.document import valeur_en_json

        self._brouillon = self._factures.brouillons.enregistrer(valeur_en_json(facture), self._brouillon)

    def effacer_brouillon(self) -> None:
        """Give it up."""
        if self._brouillon is not None:
            self._factures.brouillons.effacer(self._brouillon)
            self._brouillon = None

    def brouillons(self) -> list[tuple[int, Facture]]:
        """Invoices put aside to be signed later, last changed first, without the one being composed."""
        from sesam_desktop.factures.document import valeur_depuis_json

        gardes = [b for b in self._factures.brouillons.lister() if b.identifiant != self._brouillon]
        return [(b.identifiant, valeur_depuis_json(Facture, b.contenu)) for b in gardes]

    def mettre_de_cote(self) -> None:
        """Leave the current draft for later: the next one does not take its place."""
        self._brouillon = None

    def reprendre_brouillon(self, identifiant: int) -> None:
        """Make a draft put aside the current one again."""
        self._factures.brouillons.lire(identifiant)
        self._brouillon = identifiant

    def _tarifee(self, facture: Facture, niveau: Niveau, jour: date, remplace: str = "") -> FactureTarifee:
        """Priced and numbered; the number comes last, so that a refusal leaves no hole."""
        from sesam_desktop.factures.amc import en_gestion_unique

        from .signature_dre import exiger_ecrivable

        facture = en_gestion_unique(facture)
        patient = facture.beneficiaire
        sans_numero = FactureTarifee(
            numero="",
            elaboree_le=jour,
            demande=facture,
            tarification=self.tarifer(facture),
            destinataire=self._droits.destinataire(patient.regime, patient.caisse, patient.centre),
            niveau=niveau,
            situation_ps=facture.executant.situation,
            remplace=remplace,
            numero_flux=self._numero_conserve(remplace),
        )
        exiger_ecrivable(sans_numero)
        return replace(sans_numero, numero=self._factures.prochain_numero())

    def _numero_conserve(self, remplace: str) -> str:
        """Number under which a correction is sent when the settings keep the one of what was refused; "" otherwise.

        What was paid, even in part, is never sent again under its number.
        """
        if not remplace or self._configuration().transmission.renumeroter:
            return ""
        etat = etat_de(e.nom for e in self._factures.historique(remplace))
        return self._factures.charger(remplace).facture.numero_transmis if etat in _SOUS_LE_MEME_NUMERO else ""

    def exiger_facturable(self, facture: Facture, niveau: Niveau, jour: date) -> None:
        """Refuse, with its first reason, an invoice that may not be secured on `jour`."""
        bloquantes = [a for a in self.controler(facture, jour) if a.gravite == "bloquante"]
        if bloquantes:
            premiere = bloquantes[0]
            raise ErreurConnue(premiere.message, code=premiere.code, ou=premiere.champ)
        if niveau is Niveau.SECURISEE:
            self._droits.exiger_vitale_signable(facture, self._lecteurs.vitale, jour)


def executant_de(carte: CartePS, situation: Situation, reglages: Configuration) -> Executant:
    """The invoice's executant from a CPS and one of its situations; what no card says comes from the settings."""
    identite, remplacant = carte.identification, situation.remplacant
    profession = profession_de(situation.specialite)
    return Executant(
        profession=profession,
        specialite=situation.specialite,
        convention=situation.convention,
        zone_tarifaire=situation.zone_tarifaire,
        zone_ik=situation.zone_ik,
        departement=reglages.departement,
        option_tarifaire=reglages.option_tarifaire if profession == "medecin" else "",
        numero_facturation=situation.numero_facturation,
        cle=situation.cle,
        rpps=identite.numero + identite.cle if identite.type == "8" else "",
        nom=carte.nom,
        prenom=carte.prenom,
        structure=situation.structure.numero,
        raison_sociale=situation.structure.raison_sociale,
        situation=situation.rang,
        remplacant=remplacant.numero + remplacant.cle if remplacant else "",
    )


def profession_de(specialite: str) -> str:
    """Trade of a speciality code, "" when this program does not know it."""
    from sesam_desktop.referentiels import tables

    ligne = tables.charger("specialites").trouver(date.today(), code=specialite)  # noqa: DTZ011
    return ligne["profession"] if ligne else ""
