"""B2: fixed records of 128 characters, written one after another. Reader, writer, checker, file builder."""

from ..enregistrement import Enregistrement
from ..enregistrement import assembler as ecrire
from .controle import verifier
from .fichier import Emetteur, Lot, Recepteur, RecepteurAmc, fichier, numero_partenaire
from .lecture import LONGUEUR, lire
from .zones_sensibles import masquer_zones, restaurer_zones

__all__ = [
    "LONGUEUR",
    "Emetteur",
    "Enregistrement",
    "Lot",
    "Recepteur",
    "RecepteurAmc",
    "ecrire",
    "fichier",
    "lire",
    "masquer_zones",
    "numero_partenaire",
    "restaurer_zones",
    "verifier",
]
