"""Régime 04: rates that the fund publishes by contract. What it does not publish is refused, with what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from sesam_desktop.factures.facture import Facture
from sesam_desktop.referentiels.tables import Ligne

from .contexte import Consultation, refuser
from .cotation import Cotation

ACTIF, AUTRE = "actif", "autre"
LIBELLES = {ACTIF: "agent en activité, hors médecine SNCF", AUTRE: "pensionné ou ayant droit"}
_ASSURE = "0"


def taux(c: Cotation, facture: Facture, particularites: Sequence[Ligne], tables: Consultation) -> Ligne:
    """The row of the table ``sncf`` for this line. Raises EntreeInvalide (SNCF_NON_COUVERT)."""
    situation = _situation(facture, {ligne["code"] for ligne in particularites})
    nature = "ccam" if c.seuil is not None and c.seuil.regle != "K" else c.nature
    ligne = tables.trouver("sncf", c.jour, situation=situation, nature=nature)
    if ligne is None:
        raise _refuser(f"La SNCF ne publie pas le taux de {c.acte} pour « {LIBELLES[situation]} ».", c.champ)
    return ligne


def _situation(facture: Facture, codes: set[str]) -> str:
    """Who the patient is for their fund. Only the cadre permanent has published rates."""
    if "SNCF_CP" not in codes:
        raise _refuser("Le contrat SNCF du patient est absent, ou ses taux ne sont pas publics.")
    if facture.beneficiaire.qualite != _ASSURE or "SNCF_NON_ACTIF" in codes or "SNCF_ORPHELIN" in codes:
        return AUTRE
    if "SNCF_ACTIF" in codes and "SNCF_HORS_ZONE" not in codes:
        return ACTIF
    raise _refuser("L'activité du patient SNCF n'est pas connue, ou ses taux hors zone médicale ne sont pas publics.")


def _refuser(message: str, ou: str = "beneficiaire.particularites") -> Exception:
    action = "Indiquez SNCF_CP avec SNCF_ACTIF ou SNCF_NON_ACTIF, SNCF_MEDECIN si un médecin SNCF a prescrit."
    return refuser("SNCF_NON_COUVERT", message, ou, action)
