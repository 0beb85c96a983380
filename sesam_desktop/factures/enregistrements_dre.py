"""The B2 records of one DRE: those of its invoice under the number of the DRE, and record 2D. Profile ``dre_ps_140``.

The AMC zones carry what is asked to the insurer, whatever the FSE says of them; the AMO zones tell what the fund pays.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sesam_desktop.flux import b2
from sesam_desktop.noyau.dates import aammjj
from sesam_desktop.noyau.erreurs import FormatInvalide

from . import enregistrements
from .dre import DemandeAmc
from .facture import FactureTarifee, OrganismeAmc
from .ligne_b2 import libelle_de_zone, refuser

VARIANTE = "dre_ps_140"
_COMMUNES = ("numero_partenaire", "nir_assure", "cle_nir_assure", "numero_facture", "rang_beneficiaire")


def de_demande(demande: DemandeAmc) -> list[b2.Enregistrement]:
    """Records 2, 2S, 2D, the lines, 5, 5S. Raises EntreeInvalide when the DRE cannot be written."""
    vue = _vue(demande)
    entete, supplement, *reste = enregistrements.de_facture(vue)
    communes = {nom: entete.zones[nom] for nom in _COMMUNES}
    try:
        propre = b2.Enregistrement.composer(VARIANTE, "2D", communes | _zones_2d(demande))
    except FormatInvalide as erreur:
        zone = libelle_de_zone(erreur.zone, "2", VARIANTE)
        message = f"La zone « {zone} » de la demande à la complémentaire ne peut pas être écrite."
        raise refuser(vue, "HORS_FORMAT", message, "Vérifiez le contrat de la complémentaire.", "amc") from None
    return [replace(e, variante=VARIANTE) for e in (entete, supplement, propre, *reste)]


def octets_canoniques(demande: DemandeAmc) -> bytes:
    """The clear records one after another: what the cards sign."""
    return b2.ecrire(de_demande(demande))


def organisme_de(demande: DemandeAmc) -> OrganismeAmc:
    """The insurer asked. Raises EntreeInvalide when the invoice names none."""
    organisme = demande.facture.demande.amc
    if organisme is None:
        raise refuser(demande.facture, "AMC_ABSENTE", "Cette demande ne nomme aucune complémentaire.", "", "amc")
    return organisme


def _vue(demande: DemandeAmc) -> FactureTarifee:
    """The invoice as the insurer reads it: under this number, its own part not left out."""
    demandee = replace(demande.facture.demande, amc=replace(organisme_de(demande), gestion="unique"))
    return replace(demande.facture, numero=demande.numero, numero_flux="", niveau=demande.niveau, demande=demandee)


def _zones_2d(demande: DemandeAmc) -> dict[str, Any]:
    organisme, remplacee = organisme_de(demande), demande.remplacee
    return {
        "sequence": "01",
        "nature": demande.nature.value,
        "numero_amc": organisme.numero.zfill(10),
        "adherent": organisme.adherent,
        "type_contrat": organisme.type_contrat,
        "convention": organisme.convention,
        "aiguillage": organisme.aiguillage,
        "indicateur": organisme.indicateur,
        "numero_fse": demande.facture.numero_transmis,
        "date_fse": aammjj(demande.facture.elaboree_le) if demande.facture.numero else "",
        "demande_remplacee": remplacee.numero if remplacee else "",
        "lot_remplace": remplacee.lot if remplacee else "",
        "date_lot_remplace": aammjj(remplacee.date_lot) if remplacee else "",
    }
