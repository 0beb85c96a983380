"""What a courrier is, whatever carried it: a mail, or the bare file somebody was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import FormatInvalide

if TYPE_CHECKING:
    from sesam_desktop.flux.arl import Arl


@dataclass(frozen=True, slots=True)
class Lecture:
    """One of the two, never both. `genre`: ARL, NOEMIE, or SCOR for the ARL of pieces.

    A payment return is left as bytes, to be read event by event: it may hold many invoices.
    """

    genre: str
    arl: Arl | None = None
    noemie: bytes | None = None


def decoder(octets: bytes) -> Lecture:
    """Read a courrier. Raises FormatInvalide when it is no return, or a malformed one."""
    from sesam_desktop.flux import arl, message
    from sesam_desktop.flux.reconnaissance import Norme, reconnaitre

    fichier = octets if octets.lstrip(b"\r\n").startswith(b"000") else message.lire(octets).contenu
    norme = reconnaitre(fichier).norme
    if norme is Norme.ARL:
        lu = arl.lire(fichier)
        return Lecture("SCOR" if lu.genre == "SCOR" else "ARL", arl=lu)
    if norme is Norme.NOEMIE:
        return Lecture("NOEMIE", noemie=fichier)
    raise FormatInvalide(
        "Ce fichier est une facturation, pas un retour.",
        code="PAS_UN_RETOUR",
        action="Importez un ARL ou un retour NOEMIE.",
    )
