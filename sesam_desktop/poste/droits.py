"""May this patient be billed, and to whom: rights of the day, opposition list, destinataire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sesam_desktop.factures.facture import Alerte, Destinataire, OrganismeAmc, Patient
from sesam_desktop.noyau.dates import formater
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from . import complementaires

if TYPE_CHECKING:
    from collections.abc import Callable

    from sesam_desktop.cartes.duo import CarteDuo
    from sesam_desktop.cartes.vitale import Beneficiaire, CarteVitale
    from sesam_desktop.droits.couverture import DroitsDuJour
    from sesam_desktop.droits.oppositions import Opposition, Oppositions
    from sesam_desktop.droits.tod import OrganismeDestinataire, Tod
    from sesam_desktop.factures.facture import Facture
    from sesam_desktop.referentiels.tables import SourceTables


@dataclass(frozen=True, slots=True)
class PatientLu:
    """One beneficiary of the card, ready to be billed, with what the counter must know."""

    patient: Patient
    droits: DroitsDuJour
    destinataire: Destinataire
    opposition: Opposition | None
    alertes: tuple[Alerte, ...]
    amc: OrganismeAmc | None = None    # complementary insurer of the card, valid that day


class ServiceDroits:
    """Rights look-ups over the tables of this workstation. `profession` chooses among the conventions of `tables`."""

    def __init__(
        self, tod: Tod, oppositions: Oppositions, profession: Callable[[], str], tables: SourceTables
    ) -> None:
        self.tod = tod
        self.oppositions = oppositions
        self._profession = profession
        self._tables = tables

    def patient(self, carte: CarteVitale, rang: int, jour: date, duo: CarteDuo | None = None) -> PatientLu:
        """The `rang`-th beneficiary of the card (from 0) at `jour`, completed by their complementary card `duo`.

        Raises DUO_AUTRE_PATIENT, DUO_PERIMEE.
        """
        from sesam_desktop.cartes.duo import completer
        from sesam_desktop.droits.couverture import droits_du_jour

        if not 0 <= rang < len(carte.beneficiaires):
            raise EntreeInvalide("Ce bénéficiaire n'existe pas sur la carte.", code="BENEFICIAIRE_INCONNU")
        beneficiaire = carte.beneficiaires[rang]
        if duo is not None:
            beneficiaire = completer(beneficiaire, duo, jour)
        droits = droits_du_jour(beneficiaire, jour, carte.service_famille, carte.assure)
        opposition = self.oppositions.verifier(carte.numero_serie) if carte.numero_serie else None
        organisme = self.tod.chercher(carte.assure.regime, carte.assure.caisse, carte.assure.centre, jour)
        return PatientLu(
            patient=_patient(carte, beneficiaire, droits),
            droits=droits,
            destinataire=_destinataire(organisme),
            opposition=opposition,
            alertes=(
                *_alertes_carte(carte, jour),
                *_alertes(carte, droits, opposition),
                *_alertes_organisme(organisme),
            ),
            amc=self._organisme(carte, beneficiaire, jour, c2s=droits.c2s),
        )

    def _organisme(
        self, carte: CarteVitale, beneficiaire: Beneficiaire, jour: date, *, c2s: bool
    ) -> OrganismeAmc | None:
        """What completes the AMO on `jour`: the C2S goes before any contract."""
        if c2s:
            return complementaires.de_la_c2s(beneficiaire, carte.service_famille, jour)
        complementaire = beneficiaire.complementaire(jour)
        if complementaire is None:
            return None
        return complementaires.de_la_carte(complementaire, jour, self._profession(), self._tables)

    def exiger_vitale_signable(self, facture: Facture, carte: CarteVitale | None, jour: date) -> None:
        """Refuse a secured invoice that the patient's Vitale may not sign. Raises CARTE_OPPOSEE, CARTE_EXPIREE.

        `carte` is the one in the reader, if any. That an expired card signs nothing is a choice of the project.
        """
        serie = facture.beneficiaire.numero_serie_vitale
        if serie and facture.tiers_payant.amo and self.oppositions.verifier(serie) is not None:
            raise ErreurConnue(
                "Cette carte Vitale est en opposition.",
                code="CARTE_OPPOSEE",
                action="Facturez sans tiers payant, ou en mode dégradé avec une feuille de soins papier.",
            )
        if carte is not None and carte.numero_serie == serie and carte.expiree(jour):
            raise ErreurConnue(
                f"La carte Vitale n'est plus valable depuis le {formater(carte.fin_validite)}.",
                code="CARTE_EXPIREE",
                action="Facturez en mode dégradé ; le patient doit demander une nouvelle carte à sa caisse.",
            )

    def destinataire(self, regime: str, caisse: str, centre: str) -> Destinataire:
        """Where invoices of this fund go, by the TOD."""
        return _destinataire(self.tod.chercher(regime, caisse, centre))


def _destinataire(trouve: OrganismeDestinataire) -> Destinataire:
    return Destinataire(
        regime=trouve.regime,
        caisse=trouve.caisse,
        centre=trouve.centre,
        organisme=trouve.organisme_destinataire,
        centre_informatique=trouve.centre_informatique,
        adresse=trouve.adresse,
        libelle=trouve.libelle,
    )


def _patient(carte: CarteVitale, beneficiaire: Beneficiaire, droits: DroitsDuJour) -> Patient:
    assure = carte.assure
    return Patient(
        nir=assure.nir,
        cle=assure.cle,
        regime=assure.regime,
        caisse=assure.caisse,
        centre=assure.centre,
        code_gestion=assure.code_gestion,
        date_naissance=beneficiaire.date_naissance[:8],
        rang=beneficiaire.rang,
        qualite=beneficiaire.qualite,
        nom=beneficiaire.nom_usuel,
        prenom=beneficiaire.prenom,
        nir_individuel=beneficiaire.nir_certifie,
        cle_individuelle=beneficiaire.cle if beneficiaire.nir_certifie else "",
        ald=droits.ald,
        situation=droits.situation,
        c2s=droits.c2s,
        regime_local=droits.regime_local,
        numero_serie_vitale=carte.numero_serie,
        droits_ouverts=droits.ouverts or not carte.droits_lus,
        droits_fin=droits.fin,
        particularites=droits.particularites,
    )


def _alertes(carte: CarteVitale, droits: DroitsDuJour, opposition: Opposition | None) -> list[Alerte]:
    if not carte.droits_lus:
        texte = (
            "Seule l'identité a pu être lue sur la carte : vérifiez les droits du patient, sa qualité et, pour un"
            " jumeau, son rang de naissance avant de facturer."
        )
        alertes = [Alerte("DROITS_NON_LUS", "avertissement", texte, "beneficiaire")]
    elif not droits.ouverts:
        alertes = [Alerte("DROITS_FERMES", "avertissement", " ".join(droits.motifs), "beneficiaire")]
    else:
        alertes = [Alerte("DROITS_A_CONFIRMER", "avertissement", motif, "beneficiaire") for motif in droits.motifs]
    return [*alertes, *_alertes_opposition(carte, opposition)]


def _alertes_carte(carte: CarteVitale, jour: date) -> list[Alerte]:
    """What is said of the card itself; whether it still signs is told by `exiger_vitale_signable`."""
    alertes = []
    if carte.expiree(jour) and carte.fin_validite is not None:
        depuis = formater(carte.fin_validite)
        texte = f"La carte Vitale n'est plus valable depuis le {depuis} : elle ne signe plus, et elle est à remplacer."
        alertes.append(Alerte("CARTE_EXPIREE", "avertissement", texte, "beneficiaire"))
    if carte.inconnus:
        numeros = ", ".join(str(n) for n in sorted({groupe.id for groupe in carte.inconnus}))
        texte = f"La carte porte des données que ce programme ne connaît pas (groupe {numeros}) : elles sont ignorées."
        alertes.append(Alerte("GROUPES_INCONNUS", "avertissement", texte, "beneficiaire"))
    return alertes


def _alertes_opposition(carte: CarteVitale, opposition: Opposition | None) -> list[Alerte]:
    if opposition is not None:
        texte = "Cette carte Vitale est en opposition : pas de feuille de soins sécurisée en tiers payant."
        return [Alerte("CARTE_OPPOSEE", "bloquante", texte, "beneficiaire")]
    if carte.numero_serie:
        return []
    texte = "Le numéro de série de la carte n'a pas pu être lu : la liste d'opposition n'a pas été consultée."
    return [Alerte("OPPOSITION_NON_VERIFIEE", "avertissement", texte, "beneficiaire")]


def _alertes_organisme(organisme: OrganismeDestinataire) -> list[Alerte]:
    if not organisme.hors_table:
        return []
    texte = "La caisse du patient n'est pas dans la table des organismes destinataires : adresse à confirmer."
    return [Alerte("DESTINATAIRE_HORS_TABLE", "avertissement", texte, "beneficiaire.caisse")]
