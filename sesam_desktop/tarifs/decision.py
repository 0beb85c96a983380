"""What decides the rate of a line, and what is decided."""

from __future__ import annotations

from dataclasses import dataclass

from sesam_desktop.factures.facture import Facture, Regle
from sesam_desktop.noyau.montants import Taux
from sesam_desktop.referentiels.tables import Ligne

from .contexte import Consultation
from .cotation import Cotation


@dataclass(frozen=True, slots=True)
class Decision:
    """`penalisable`: a majoration hors parcours may still reduce this rate. `etat`: the State pays the line (AME).

    `qualificatif`: what the rule makes of the line, empty when it keeps its own.
    """

    taux: Taux
    exoneration: str
    regle: Regle
    penalisable: bool = False
    qualificatif: str = ""
    etat: bool = False


@dataclass(frozen=True, slots=True)
class Cas:
    """What a rule looks at. `regime`, `particularites`: rows of the patient's; `seuil`: what the threshold gives."""

    cotation: Cotation
    facture: Facture
    tables: Consultation
    regime: Ligne
    particularites: tuple[Ligne, ...] = ()
    seuil: str = ""

    def particularite(self, code: str) -> Ligne | None:
        return next((ligne for ligne in self.particularites if ligne["code"] == code), None)

    def de_rang(self, rang: int) -> Ligne | None:
        """The particularité of this place in the order, when it covers the nature of the line."""
        lignes = (ligne for ligne in self.particularites if ligne["rang"] == rang)
        return next((ligne for ligne in lignes if self.cotation.nature not in ligne["hors"]), None)
