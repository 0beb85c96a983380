"""The complementary insurer of a card, as an invoice uses it: rights, indicators, and the convention that applies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sesam_desktop.cartes.vitale import Mutuelle, Periode
from sesam_desktop.factures.amc import C2S, convention
from sesam_desktop.factures.facture import OrganismeAmc
from sesam_desktop.referentiels import tables as tables_livrees

if TYPE_CHECKING:
    from sesam_desktop.cartes.vitale import Amc, Beneficiaire, ServiceAmo
    from sesam_desktop.referentiels.tables import SourceTables

_C2S_PAR_AMC = 3  # service AMO: managed by an insurer, billed apart; 1 and 2 are paid with the AMO part (CDRi)
_C2S_CONTRAT = "89"


def de_la_carte(
    complementaire: Mutuelle | Amc, jour: date, profession: str, tables: SourceTables = tables_livrees
) -> OrganismeAmc:
    """Number, rights and indicators as the card writes them; management as the convention of `profession` says."""
    return sous_convention(_lu(complementaire, jour), jour, profession, tables)


def sous_convention(
    organisme: OrganismeAmc, jour: date, profession: str, tables: SourceTables = tables_livrees
) -> OrganismeAmc:
    """The same, managed as its convention with `profession` says; unchanged when it has none."""
    regles = convention(organisme, profession, jour, tables)
    if regles is None:
        return organisme
    return replace(organisme, gestion=regles["gestion"], convention=regles["convention"])


def de_la_c2s(beneficiaire: Beneficiaire, famille: ServiceAmo | None, jour: date) -> OrganismeAmc:
    """The C2S of the card: who manages it says how its part is billed."""
    services = [s for s in (beneficiaire.service_amo, famille) if s and Periode(s.debut, s.fin).contient(jour)]
    separee = any(s.code.isdecimal() and int(s.code) == _C2S_PAR_AMC for s in services)
    gestion = "separee" if separee else "unique"
    return OrganismeAmc(C2S[gestion], type_contrat=_C2S_CONTRAT, gestion=gestion)


def _lu(complementaire: Mutuelle | Amc, jour: date) -> OrganismeAmc:
    if isinstance(complementaire, Mutuelle):
        droits = _periode(complementaire.droits, jour)
        return OrganismeAmc(
            complementaire.identification, indicateur=complementaire.indicateur,
            aiguillage=complementaire.aiguillage_sts, debut=droits.debut, fin=droits.fin,
        )
    return OrganismeAmc(
        complementaire.numero_b2, adherent=complementaire.adherent, domaine=complementaire.domaine,
        indicateur=complementaire.indicateur, aiguillage=complementaire.aiguillage_sts, debut=complementaire.debut,
        fin=complementaire.fin,
    )


def _periode(droits: tuple[Periode, ...], jour: date) -> Periode:
    """The one of the day, else the last; a mutuelle without any has no limit."""
    return next((p for p in droits if p.contient(jour)), droits[-1] if droits else Periode())
