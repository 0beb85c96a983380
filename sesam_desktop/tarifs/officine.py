"""Pharmacy: each kind of line is quoted by its part, then the fees of the prescription are added once."""

from __future__ import annotations

from collections.abc import Callable

from sesam_desktop.factures.facture import Facture

from . import officine_boites, officine_honoraires, officine_services
from .contexte import Consultation
from .cotation import Cotation, Demande

Coter = Callable[[Facture, Demande, Consultation], list[Cotation]]

_PAR_GENRE: dict[str, Coter] = {
    "medicament": officine_boites.coter,
    "preparation": officine_services.coter_preparation,
    "service_officine": officine_services.coter_service,
    "garde": officine_services.coter_garde,
}


def coter(facture: Facture, lues: list[Demande], tables: Consultation) -> list[Cotation]:
    """Boxes with their fees, preparations and services in the order asked, then the fees of the prescription."""
    officine_services.refuser_gardes_en_trop(lues)
    cotations: list[Cotation] = []
    for demande in lues:
        if (coter_ligne := _PAR_GENRE.get(demande.genre)) is not None:
            cotations += coter_ligne(facture, demande, tables)
    return cotations + officine_honoraires.de_l_ordonnance(facture, lues, cotations, tables)
