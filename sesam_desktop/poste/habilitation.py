"""May the professional whose card is in sign this? The kind of card and its situation de facturation say so."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue

from .situations import type_carte

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import CartePS, Situation


class Acte(StrEnum):
    """What is signed, in the words of a sentence."""

    FACTURE = "une facture"
    LOT = "un lot"


AUTRE_EMETTEUR, NON_HABILITE = "CPS_D_UN_AUTRE", "SIGNATURE_NON_HABILITEE"


def exiger(carte: CartePS | None, emetteur: str, acte: Acte, rang: int | None = None) -> None:
    """`emetteur`: billing number and key as the records write them; `rang`: the situation worked in, when known.

    Raises CPS_D_UN_AUTRE, SIGNATURE_NON_HABILITEE. Another professional of the same place bills under the same
    number, and their card signs as well: the logical number is theirs, so it counts only on a card that has it.
    """
    situations = [s for s in (carte.situations if carte else ()) if _numero(s) == emetteur]
    if carte is None or not situations:
        raise ErreurConnue(
            f"La carte insérée n'est pas celle du professionnel de cette facturation (n° {emetteur}).",
            code=AUTRE_EMETTEUR, action="Insérez sa carte et saisissez son code porteur.",
        )
    genre = type_carte(carte)
    if not (genre.signe_facture if acte is Acte.FACTURE else genre.signe_lot):
        raise ErreurConnue(
            f"Une {genre.libelle} ne signe pas {acte}.",
            code=NON_HABILITE, action="Faites signer par un professionnel habilité de la structure.",
        )
    choisies = [s for s in situations if s.rang == rang] or situations
    if not any(s.signe_facture if acte is Acte.FACTURE else s.signe_lot for s in choisies):
        raise ErreurConnue(
            f"Cette carte n'est pas habilitée à signer {acte} pour le n° {emetteur}.",
            code=NON_HABILITE, action="Faites signer par un professionnel habilité de la structure.",
        )


def _numero(situation: Situation) -> str:
    from sesam_desktop.flux import b2

    return b2.numero_partenaire(situation.numero_facturation + situation.cle)
