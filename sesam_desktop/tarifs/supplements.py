"""What a session adds to its acts: travel, majorations, night and Sunday.

They follow the first act of the session: same exoneration, same qualifier. A supplement asked for by name must be due.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sesam_desktop.factures.facture import Facture, LigneTarifee
from sesam_desktop.referentiels.tables import Ligne, SourceTables

from . import deplacements, infirmier
from .contexte import Consultation, refuser
from .cotation import Cotation
from .seances import Seance


def coter(
    facture: Facture, seance: Seance, principal: Cotation, km: dict[date, int], tables: Consultation
) -> list[Cotation]:
    """Supplements of `nombre` identical sessions. `km` holds the kilometres of each day and is brought up to date."""
    trouves = deplacements.coter(seance, principal, km, tables)
    codes = infirmier.majorations(facture, seance, tables)
    trouves += [deplacements.supplement(principal, code, tables) for code in codes]
    _verifier_demandes(seance, trouves)
    trouves += _complement(seance, principal)
    if not seance.actes and not trouves:
        raise refuser(
            "PASSAGE_SANS_MONTANT", "Ce passage n'a rien à facturer : son déplacement est porté par un autre patient.",
            f"{seance.supplements[0].champ}.acte", "Retirez cette ligne.",
        )
    return trouves


def km_factures(facturees: Iterable[LigneTarifee], jour: date, tables: SourceTables) -> int:
    """Kilometres that priced lines bill on `jour`, allowance taken off: what the daily ceiling counts."""
    indemnites = {ligne["acte"] for ligne in tables.charger("kilometres").lignes(jour)}
    return sum(ligne.quantite for ligne in facturees if ligne.date == jour and ligne.acte in indemnites)


def prix_du_complement(profession: str, complement: str, jour: date, rang: int, tables: Consultation) -> Ligne:
    """Row of a night or Sunday supplement."""
    champ = f"lignes[{rang}].complement"
    return tables.lire(
        "complements", jour, champ, profession=profession, complement=complement, zone=tables.zone
    )


def _complement(seance: Seance, principal: Cotation) -> list[Cotation]:
    lettre = next((d.saisie.complement for d in seance.lignes if d.saisie.complement), "")
    if not lettre:
        return []
    return [replace(principal, complement=lettre, coefficient=Decimal(1), depassement=0, regles=())]


def _verifier_demandes(seance: Seance, trouves: list[Cotation]) -> None:
    """Refuse a supplement asked for by name that the rules do not give, or asked for twice."""
    dus = {c.acte for c in trouves}
    for demande in (d for d in seance.supplements if not d.saisie.deplacement_partage):
        if demande.saisie.acte not in dus:
            raise refuser(
                "MAJORATION_NON_DUE", f"{demande.saisie.acte} n'est pas dû pour cette séance.", f"{demande.champ}.acte",
                "Retirez la ligne : les suppléments dus s'ajoutent d'eux-mêmes.",
            )
        dus.discard(demande.saisie.acte)
