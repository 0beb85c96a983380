"""What B2 says of an exemption: code of the invoice and of its lines, flat share of the insured, accident.

A code that every line shares is written once, on the invoice, but for those of the threshold, which stay on their lines
(annex A1 against the general rule: column ``reste_en_ligne`` of the table ``exonerations`` is the switch).
"""

from __future__ import annotations

from sesam_desktop.noyau.dates import aammjj
from sesam_desktop.referentiels import tables

from . import situation
from .facture import Facture, FactureTarifee, LigneTarifee

SANS_EXONERATION = "0"
_MINES = "07"
_CODE_MINES, _CODE_ALD, _CODE_ASPA = "6", "4", "9"
_REGLE_PARTICIPATION = "PARTICIPATION_"


def codes(ft: FactureTarifee) -> tuple[str, list[str]]:
    """Code of the invoice, then of each line; blank on a line when the invoice says it for all."""
    lus = [ligne.exoneration or SANS_EXONERATION for ligne in ft.tarification.lignes]
    if ft.demande.beneficiaire.regime == _MINES:
        return _mines(lus)
    if _par_seuil(ft, lus):
        return _avec_seuil(ft.demande, lus)
    if len(set(lus)) == 1:
        return lus[0], [""] * len(lus)
    return SANS_EXONERATION, lus


def _mines(lus: list[str]) -> tuple[str, list[str]]:
    """All acts ALD: invoice 4; otherwise invoice 6, the lines of the ALD 4."""
    if len(set(lus)) == 1:
        return lus[0], [SANS_EXONERATION] * len(lus)
    return _CODE_MINES, [code if code == _CODE_ALD else SANS_EXONERATION for code in lus]


def _par_seuil(ft: FactureTarifee, lus: list[str]) -> bool:
    table, jour = tables.charger("exonerations"), ft.demande.date_soins
    return any(table.a_la_date(jour, code=code)["reste_en_ligne"] for code in set(lus))


def _avec_seuil(demande: Facture, lus: list[str]) -> tuple[str, list[str]]:
    """1 or C stays on its line; the invoice of an ASPA patient says 9, their other lines 0."""
    if _CODE_ASPA in lus or situation.ASPA in situation.codes(demande.beneficiaire):
        return _CODE_ASPA, [SANS_EXONERATION if code == _CODE_ASPA else code for code in lus]
    return (lus[0] if len(set(lus)) == 1 else SANS_EXONERATION), lus


def participation(ligne: LigneTarifee) -> str:
    """Who pays the flat share: A the patient or who pays for them, R the régime, L the régime local; else blank."""
    code = next((r.code for r in ligne.regles if r.code.startswith(_REGLE_PARTICIPATION)), "")
    return code.removeprefix(_REGLE_PARTICIPATION)


def accident(demande: Facture) -> str:
    """Number of the work accident, or 000 and the date of the accident; blank without one."""
    if demande.accident_numero:
        return demande.accident_numero
    return f"000{aammjj(demande.accident_date)}" if demande.accident_date else ""
