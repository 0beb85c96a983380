"""Composing, pricing, checking and securing an invoice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sesam_desktop.factures.facture import (
    Alerte,
    Executant,
    Facture,
    FactureSecurisee,
    FactureTarifee,
    Niveau,
    Tarification,
)
from sesam_desktop.noyau.erreurs import ErreurConnue

from .changements import Changements

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import CartePS, Situation
    from sesam_desktop.factures.depot import Factures
    from sesam_desktop.tarifs.moteur import Contexte

    from .droits import ServiceDroits
    from .lecteurs import ServiceLecteurs

PROFESSIONS = {"50": "pharmacien", "51": "pharmacien", "24": "infirmier", "01": "medecin", "22": "medecin", "23": "medecin"}


class ServiceFacturation:
    """What Facturer does, with or without a window."""

    def __init__(
        self,
        factures: Factures,
        contexte: Callable[[], Contexte],
        droits: ServiceDroits,
        lecteurs: ServiceLecteurs,
        changements: Changements,
        departement: str = "",
    ) -> None:
        self._factures = factures
        self._contexte = contexte
        self._droits = droits
        self._lecteurs = lecteurs
        self._changements = changements
        self._departement = departement

    def executant(self, rang: int = 0) -> Executant:
        """The professional whose CPS is in, in its `rang`-th situation. Raises PS_ABSENT without a read card."""
        carte = self._lecteurs.ps
        if carte is None or rang >= len(carte.situations):
            raise ErreurConnue(
                "La carte du professionnel n'a pas été lue.",
                code="PS_ABSENT",
                action="Insérez la CPS et saisissez son code porteur.",
            )
        return executant_de(carte, carte.situations[rang], self._departement)

    def tarifer(self, facture: Facture) -> Tarification:
        """Price it: amounts with the rules that gave them. Nothing is kept."""
        from sesam_desktop.tarifs.moteur import tarifer

        return tarifer(facture, self._contexte())

    def controler(self, facture: Facture, aujourd_hui: date | None = None) -> tuple[Alerte, ...]:
        """Every remark on what is asked, blocking ones first."""
        from sesam_desktop.factures.controles import controler

        return controler(facture, aujourd_hui or date.today())  # noqa: DTZ011 - the counter's own calendar day

    def securiser(self, facture: Facture, niveau: Niveau, *, remplace: str = "") -> FactureSecurisee:
        """Check, price, number, sign and keep one invoice; its draft disappears. All or nothing."""
        from sesam_desktop.factures.enregistrements import octets_canoniques
        from sesam_desktop.securisation.securiser import securiser

        self._refuser(facture, niveau)
        tarifee = self._tarifee(facture, niveau, remplace)
        with self._lecteurs.signataires(facture.beneficiaire, niveau) as (vitale, ps):
            securisee = securiser(tarifee, octets_canoniques(tarifee), vitale, ps, datetime.now(UTC))
        self._factures.enregistrer(securisee)
        self._changements.annoncer("factures")
        return securisee

    def _tarifee(self, facture: Facture, niveau: Niveau, remplace: str) -> FactureTarifee:
        patient = facture.beneficiaire
        tarification = self.tarifer(facture)
        return FactureTarifee(
            numero=self._factures.prochain_numero(),
            elaboree_le=date.today(),  # noqa: DTZ011
            demande=facture,
            tarification=tarification,
            destinataire=self._droits.destinataire(patient.regime, patient.caisse, patient.centre),
            niveau=niveau,
            remplace=remplace,
        )

    def _refuser(self, facture: Facture, niveau: Niveau) -> None:
        bloquantes = [a for a in self.controler(facture) if a.gravite == "bloquante"]
        if bloquantes:
            premiere = bloquantes[0]
            raise ErreurConnue(premiere.message, code=premiere.code, ou=premiere.champ)
        serie = facture.beneficiaire.numero_serie_vitale
        oppose = serie and self._droits.oppositions.verifier(serie) is not None
        if oppose and niveau is Niveau.SECURISEE and facture.tiers_payant.amo:
            raise ErreurConnue(
                "Cette carte Vitale est en opposition.",
                code="CARTE_OPPOSEE",
                action="Facturez sans tiers payant, ou en mode dégradé avec une feuille de soins papier.",
            )


def executant_de(carte: CartePS, situation: Situation, departement: str) -> Executant:
    """The invoice's executant from a CPS and one of its situations."""
    identite = carte.identification
    return Executant(
        profession=PROFESSIONS.get(situation.specialite, ""),
        specialite=situation.specialite,
        convention=situation.convention,
        zone_tarifaire=situation.zone_tarifaire,
        zone_ik=situation.zone_ik,
        departement=departement,
        numero_facturation=situation.numero_facturation,
        cle=situation.cle,
        rpps=identite.numero + identite.cle if identite.type == "8" else "",
        nom=carte.nom,
        prenom=carte.prenom,
        structure=situation.structure.numero,
        raison_sociale=situation.structure.raison_sociale,
    )
