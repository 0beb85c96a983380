"""What complementary insurers were asked apart: search, history, cancellation, correction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import EntreeInvalide

if TYPE_CHECKING:
    from sesam_desktop.factures.depot_dre import FiltreDre, ResumeDre
    from sesam_desktop.factures.dre import DemandeAmc, DemandeSecurisee
    from sesam_desktop.factures.facture import FactureTarifee, OrganismeAmc
    from sesam_desktop.factures.fiches import Evenement
    from sesam_desktop.factures.suite_dre import EnVigueur, Suite

    from .poste import Poste


class ServiceDemandes:
    """A DRE leaves with the lots, like invoices; here is what one asks of an old one."""

    def __init__(self, poste: Poste) -> None:
        self._poste = poste
        self._demandes = poste.demandes_amc

    def lister(self, filtre: FiltreDre | None = None) -> list[ResumeDre]:
        """DRE that match, newest first."""
        return self._demandes.lister(*([filtre] if filtre else []))

    def de_la_facture(self, fse: str) -> list[ResumeDre]:
        """Those of one invoice, oldest first."""
        return self._demandes.de_la_facture(fse)

    def charger(self, numero: str) -> DemandeSecurisee:
        """The signed document. Raises FACTURE_INCONNUE."""
        return self._demandes.charger(numero)

    def historique(self, numero: str) -> list[Evenement]:
        """Its events, oldest first."""
        return self._demandes.historique(numero)

    def contrat(self, numero: str) -> OrganismeAmc:
        """The contract it was asked under, to be corrected. Raises FACTURE_INCONNUE."""
        from sesam_desktop.factures.enregistrements_dre import organisme_de

        return organisme_de(self._demandes.charger(numero).demande)

    def suite(self, fse: str) -> Suite:
        """What making this invoice again, still with a part for its insurer, will do of its DRE."""
        from sesam_desktop.factures.suite_dre import suite

        return suite(self._demandes.en_vigueur(fse), a_demander=True)

    def annuler(self, numero: str) -> str | None:
        """Take one back: a cancellation signed by the professional, whose number is answered.

        None when it was enough to give it up: its insurer does not hold it. Raises FACTURE_INCONNUE, DRE_CLOSE, and
        what the professional's card refuses.
        """
        faites = self._remplacer(self._en_vigueur(numero), None)
        return faites[0] if faites else None

    def rectifier(self, numero: str, amc: OrganismeAmc) -> tuple[str, ...]:
        """Ask the same under another contract: number, formula, adherent. Answers the DRE made, in order.

        Raises DRE_CLOSE for a cancellation; DRE_PART_OBLIGATOIRE when the AMO part would change: that is for the
        invoice to be made again; DRE_SANS_MONTANT when the insurer would pay nothing; and as `annuler`.
        """
        from sesam_desktop.factures.dre import NatureDre
        from sesam_desktop.factures.suite_dre import close

        ancienne = self._en_vigueur(numero)
        if ancienne.demande.nature is NatureDre.ANNULATION:
            raise close(numero)
        return self._remplacer(ancienne, self._refaite(ancienne.demande, self._sous_convention(ancienne.demande, amc)))

    def _en_vigueur(self, numero: str) -> EnVigueur:
        from sesam_desktop.factures.suite_dre import exiger_en_vigueur

        situee = self._demandes.situer(self._demandes.charger(numero).demande)
        exiger_en_vigueur(situee, self._demandes.etat(numero))
        return situee

    def _sous_convention(self, demande: DemandeAmc, amc: OrganismeAmc) -> OrganismeAmc:
        """Another insurer has a convention of its own."""
        from sesam_desktop.factures.amc import normaliser
        from sesam_desktop.factures.enregistrements_dre import organisme_de

        from .complementaires import sous_convention

        if normaliser(amc.numero) == normaliser(organisme_de(demande).numero):
            return amc
        facture = demande.facture.demande
        return sous_convention(amc, facture.date_soins, facture.executant.profession, self._poste.tables_du_poste)

    def _refaite(self, demande: DemandeAmc, amc: OrganismeAmc) -> FactureTarifee:
        """What the insurer is asked under this contract, to be signed by the professional alone."""
        from sesam_desktop.factures.dre import partager
        from sesam_desktop.factures.enregistrements_dre import organisme_de
        from sesam_desktop.factures.suite_dre import sans_patient

        from .signature_dre import exiger_ecrivable

        ancienne = demande.facture
        voulue = replace(ancienne.demande, amc=amc)
        tarifee = replace(ancienne, demande=voulue, tarification=self._poste.facturation.tarifer(voulue))
        part = partager(replace(tarifee, niveau=sans_patient(demande.niveau))).amc
        amo = part.tarification.totaux.amo_centimes if part else 0
        if amc.gestion != organisme_de(demande).gestion or (part and amo != ancienne.tarification.totaux.amo_centimes):
            raise EntreeInvalide(
                "Cette correction changerait aussi la facture de la caisse.", code="DRE_PART_OBLIGATOIRE",
                action="Refaites la facture : sa demande suivra.", ou="amc",
            )
        if part is None:
            raise EntreeInvalide(
                "Sous ce contrat, la complémentaire ne paierait rien.", code="DRE_SANS_MONTANT",
                action="Annulez la demande si elle ne doit plus être payée.", ou="amc",
            )
        exiger_ecrivable(part)
        return part

    def _remplacer(self, ancienne: EnVigueur, part: FactureTarifee | None) -> tuple[str, ...]:
        """Sign what takes the place of `ancienne`, if anything must, and keep it."""
        from sesam_desktop.factures.suite_dre import sans_patient

        from .signature_dre import Signes, corriger

        demande, jour = ancienne.demande, date.today()  # noqa: DTZ011 - the counter's own calendar day
        faites: tuple[DemandeSecurisee, ...] = ()
        if part is not None or ancienne.tenue is not None:
            niveau = sans_patient(demande.niveau)
            with self._poste.lecteurs.signataires(demande.facture.demande, niveau) as signataires:
                faites = corriger(ancienne, part, self._poste.factures.prochain_numero, jour, signataires)
        Signes(None, faites, (ancienne.abandonnee,) if ancienne.abandonnee else ()).garder(self._demandes)
        self._poste.changements.annoncer("factures")
        return tuple(ds.demande.numero for ds in faites)
