"""May the professional whose card is in sign this? Its situation de facturation says so, act by act."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import CartePS, Situation


class Acte(StrEnum):
    """What is signed, in the words of a sentence."""

    FACTURE = "une facture"
    LOT = "un lot"


AUTRE_EMETTEUR, NON_HABILITE = "CPS_D_UN_AUTRE", "SIGNATURE_NON_HABILITEE"


def exiger(carte: CartePS | None, emetteur: str, acte: Acte) -> None:
    """`emetteur`: billing number and key as the records write them. Raises CPS_D_UN_AUTRE, SIGNATURE_NON_HABILITEE.

    Another professional of the same place bills under the same number: their card signs as well.
    """
    situations = [s for s in (carte.situations if carte else ()) if _numero(s) == emetteur]
    if not situations:
        raise ErreurConnue(
            f"La carte insérée n'est pas celle du professionnel de cette facturation (n° {emetteur}).",
            code=AUTRE_EMETTEUR, action="Insérez sa carte et saisissez son code porteur.",
        )
    if not any(s.signe_facture if acte is Acte.FACTURE else s.signe_lot for s in situations):
        raise ErreurConnue(
            f"Cette carte n'est pas habilitée à signer {acte} pour le n° {emetteur}.",
            code=NON_HABILITE, action="Faites signer par un professionnel habilité de la structure.",
        )


def _numero(situation: Situation) -> str:
    from sesam_desktop.flux import b2

    return b2.numero_partenaire(situation.numero_facturation + situation.cle)
