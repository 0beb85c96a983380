"""What helps to code a CCAM act: the modifiers this professional may add to it, the association codes of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sesam_desktop.factures.actes_ccam import Examen, LigneCcam, lire
from sesam_desktop.factures.associations_ccam import proposer
from sesam_desktop.factures.facture import Facture
from sesam_desktop.factures.modificateurs_ccam import permis
from sesam_desktop.referentiels import tables

if TYPE_CHECKING:
    from sesam_desktop.referentiels.ccam import Ccam


@dataclass(frozen=True, slots=True)
class AideCcam:
    """`modificateurs`: (code, words) allowed on the line asked; `associations`: rank of a line → its code, "" for none.

    A line of `facture` without a rank there is left as it is; `a_changer` tells those whose code is another.
    """

    libelle: str = ""
    modificateurs: tuple[tuple[str, str], ...] = ()
    associations: tuple[tuple[int, str], ...] = ()
    a_changer: bool = False


def aider(facture: Facture, rang: int, ccam: Ccam) -> AideCcam:
    """For line `rang`. An act that the CCAM does not know gives an empty help: the controls say why."""
    examen, _ = lire(facture, tables, ccam)
    ligne = next((li for li in examen.lignes if li.rang == rang), None)
    if ligne is None:
        return AideCcam()
    codes = _associations(examen)
    ecrits = {li.rang: li.saisie.association or "" for li in examen.lignes}
    changer = any(ecrits[rang] != code for rang, code in codes.items())
    return AideCcam(ligne.acte.libelle, _modificateurs(examen, ligne), tuple(sorted(codes.items())), changer)


def _modificateurs(examen: Examen, ligne: LigneCcam) -> tuple[tuple[str, str], ...]:
    return tuple((rangee["code"], str(rangee["libelle"])) for rangee in permis(examen, ligne))


def _associations(examen: Examen) -> dict[int, str]:
    """Of every day; beside a consultation no code is written."""
    codes: dict[int, str] = {}
    for lignes in examen.du_jour():
        comptees = [ligne for ligne in lignes if ligne.remboursable]
        seules = lignes[0].jour in examen.cliniques
        codes |= {ligne.rang: "" for ligne in comptees} if seules else proposer(comptees)
    return codes
