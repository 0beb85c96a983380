"""To whom the parcours de soins applies: doctors' acts, from an age on (context rule RG_CF640).

Not at Mayotte, nor with the AME, nor when insured abroad.
"""

from __future__ import annotations

from datetime import date

from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.referentiels.tables import SourceTables

from . import situation
from .facture import Facture

_CAISSE_MAYOTTE = "976"


def est_concernee(facture: Facture, jour: date, tables: SourceTables) -> bool:
    """True when `facture` carries an indicator for its care of `jour`; otherwise the zone stays blank."""
    if facture.executant.profession != "medecin" or facture.beneficiaire.caisse == _CAISSE_MAYOTTE:
        return False
    if not situation.suit_le_parcours(facture.beneficiaire, jour, tables):
        return False
    seuil = tables.charger("seuils").a_la_date(jour, code="PARCOURS_AGE")["valeur"]
    return age_du_patient(facture, jour) >= seuil


def age_du_patient(facture: Facture, jour: date) -> int:
    """Whole years on `jour`. Raises EntreeInvalide that names the field."""
    try:
        return dates.age(facture.beneficiaire.date_naissance, jour)
    except EntreeInvalide as erreur:
        erreur.ou = "beneficiaire.date_naissance"
        raise
