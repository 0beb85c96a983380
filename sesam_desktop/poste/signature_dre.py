"""An invoice and its DRE signed in one session of the cards, and kept as one fact."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sesam_desktop.factures.dre import DocumentSecurise, Partage, partager
from sesam_desktop.noyau.erreurs import EntreeInvalide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sesam_desktop.factures.depot_dre import Demandes
    from sesam_desktop.factures.dre import DemandeAmc, DemandeSecurisee
    from sesam_desktop.factures.facture import FactureSecurisee, FactureTarifee, OrganismeAmc
    from sesam_desktop.factures.suite_dre import EnVigueur
    from sesam_desktop.securisation.signature import Signataire


NUMERO_D_ESSAI = "999999999"  # only to see that a document can be written


@dataclass(frozen=True, slots=True)
class Signes:
    """What was signed together. `abandonnees`: DRE that never left and that these take the place of."""

    fse: FactureSecurisee | None
    demandes: tuple[DemandeSecurisee, ...]
    abandonnees: tuple[str, ...] = ()

    @property
    def principal(self) -> DocumentSecurise:
        """The FSE, or the DRE of an invoice the fund has nothing to pay of."""
        return self.fse or self.demandes[-1]

    def garder(
        self, demandes: Demandes, brouillon: int | None = None, composee_le: datetime | None = None
    ) -> None:
        """One transaction, or the caller's."""
        demandes.enregistrer_avec(
            self.fse, self.demandes, brouillon=brouillon, abandonnees=self.abandonnees, composee_le=composee_le
        )


def signer(
    ft: FactureTarifee,
    demandes: Demandes,
    prochain_numero: Callable[[], str],
    signataires: tuple[Signataire | None, Signataire | None],
) -> Signes:
    """The FSE of `ft` and what its insurer is asked; when `ft` corrects an invoice, what becomes of that one's DRE."""
    from sesam_desktop.factures.enregistrements import octets_canoniques
    from sesam_desktop.securisation.securiser import securiser

    partage, part, numero, fse = partager(ft), None, prochain_numero, None
    if partage.fse is None:  # nothing for the fund: its number goes to the first DRE
        numero = _numeros(ft.numero, prochain_numero).__next__
        part = replace(ft, numero="")
    else:
        fse = securiser(partage.fse, octets_canoniques(partage.fse), *signataires, datetime.now(UTC))
        part = partage.amc
    ancienne = demandes.en_vigueur(ft.remplace)
    faites = corriger(ancienne, part, numero, ft.elaboree_le, signataires)
    return Signes(fse, faites, (ancienne.abandonnee,) if ancienne and ancienne.abandonnee else ())


def demander_sans_patient(
    ft: FactureTarifee, prochain_numero: Callable[[], str], ps: Signataire, jour: date
) -> tuple[DemandeSecurisee, ...]:
    """What the insurer of an invoice signed elsewhere by the Vitale is asked: the professional signs it alone."""
    from sesam_desktop.factures.amc import est_eclatee
    from sesam_desktop.factures.suite_dre import sans_patient

    part = partager(ft).amc if est_eclatee(ft.demande) else None
    if part is None:
        return ()
    return corriger(None, replace(part, niveau=sans_patient(part.niveau)), prochain_numero, jour, (None, ps))


def exiger_ecrivable(ft: FactureTarifee) -> None:
    """Refuse what its format could not write, before any number is given. Raises EntreeInvalide."""
    try:
        _ecrire(partager(replace(ft, numero=NUMERO_D_ESSAI)))
    except EntreeInvalide as refus:
        if NUMERO_D_ESSAI not in refus.ou:
            raise
        raise EntreeInvalide(refus.message, code=refus.code, action=refus.action) from None


def _ecrire(partage: Partage) -> None:
    from sesam_desktop.factures.dre import DemandeAmc, NatureDre
    from sesam_desktop.factures.enregistrements import de_facture
    from sesam_desktop.factures.enregistrements_dre import de_demande, organisme_de

    if partage.fse is not None:
        de_facture(partage.fse)
    if (part := partage.amc) is not None:
        demande = DemandeAmc(NUMERO_D_ESSAI, NatureDre.INITIALE, part.elaboree_le, part, part.niveau)
        _exiger_adherent(organisme_de(demande))
        de_demande(demande)


def _exiger_adherent(organisme: OrganismeAmc) -> None:
    """B2 turns the letters it lacks into others, or into nothing: a number that changes is another person's."""
    if not (organisme.adherent.isascii() and organisme.adherent.isprintable()):
        raise EntreeInvalide(
            "Le numéro d'adhérent contient un caractère qui ne peut pas être transmis.", code="ADHERENT_ILLISIBLE",
            action="Ressaisissez-le comme il est écrit sur la carte de mutuelle.", ou="amc.adherent",
        )


def _numeros(premier: str, suivant: Callable[[], str]) -> Iterator[str]:
    yield premier
    while True:
        yield suivant()


def corriger(
    ancienne: EnVigueur | None,
    part: FactureTarifee | None,
    prochain_numero: Callable[[], str],
    jour: date,
    signataires: tuple[Signataire | None, Signataire | None],
) -> tuple[DemandeSecurisee, ...]:
    """The DRE, signed, that make `part` what is asked in place of `ancienne`."""
    from sesam_desktop.factures.suite_dre import demandes as a_faire

    maintenant = datetime.now(UTC)
    return tuple(_signee(d, signataires, maintenant) for d in a_faire(ancienne, part, prochain_numero, jour))


def _signee(
    demande: DemandeAmc, signataires: tuple[Signataire | None, Signataire | None], maintenant: datetime
) -> DemandeSecurisee:
    from sesam_desktop.factures.enregistrements_dre import octets_canoniques
    from sesam_desktop.securisation.securiser import securiser_demande

    return securiser_demande(demande, octets_canoniques(demande), *signataires, maintenant)
