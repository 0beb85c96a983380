"""Which cards may meet on an invoice of a terminal, when both are never here together."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue

from .habilitation import AUTRE_EMETTEUR

if TYPE_CHECKING:
    from sesam_desktop.cartes.nature import Nature
    from sesam_desktop.cartes.ps import CartePS
    from sesam_desktop.factures.facture import Executant

    from .poste import Poste


def exiger_meme_nature(poste: Poste, vitale: Nature) -> None:
    """Raises F026 when one of the Vitale, which is not here, and the CPS that is, is a test card."""
    from sesam_desktop.cartes import nature
    from sesam_desktop.securisation.certificats import decrire

    carte, session = poste.lecteurs.ps, poste.lecteurs.session
    emetteur = decrire(session.certificat()).emetteur if session is not None else ""
    if carte is not None:
        nature.exiger_meme_nature(vitale, nature.de_ps(carte, emetteur))


def nature_de_certificat(certificat: bytes) -> Nature:
    from sesam_desktop.cartes import nature
    from sesam_desktop.securisation.certificats import decrire

    return nature.de_certificat(decrire(certificat).emetteur)


def exiger_meme_ps(executant: Executant, carte: CartePS | None) -> None:
    """The one who prepared, in person: a colleague of the same place bills under the same number."""
    identite = carte.identification if carte else None
    if executant.rpps and identite is not None and identite.numero + identite.cle != executant.rpps:
        raise ErreurConnue(
            "Cette facture a été préparée par un autre professionnel, qui doit la signer lui-même.",
            code=AUTRE_EMETTEUR, action="Insérez sa carte et saisissez son code porteur.",
        )


def exiger_vitale_valable(certificat: bytes, jour: date) -> None:
    """Raises CERTIFICAT_EXPIRE when the Vitale will no longer be valid on `jour`: its signature would be of no use."""
    from sesam_desktop.securisation.certificats import decrire

    if decrire(certificat).fin < datetime.combine(jour, time.min, UTC):
        raise ErreurConnue(
            "La carte Vitale de ce patient ne sera plus valide le jour des soins : sa signature serait refusée.",
            code="CERTIFICAT_EXPIRE", action="Faites-la remplacer, ou facturez sans le terminal.",
        )
