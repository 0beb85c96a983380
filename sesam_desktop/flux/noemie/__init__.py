"""NOEMIE returns of the funds: what was paid, rejected, deferred or remarked, invoice by invoice."""

from ..entites import Entete
from .controle import verifier, verifier_flux
from .ecriture import composer, entite, fichier
from .facture_lue import DANS_FACTURE
from .lecture import enregistrements, lire, parcourir, rassembler
from .mouvements import (
    Archivage,
    Commentaire,
    DetailForfait,
    EntiteInconnue,
    Forfait,
    Journee,
    LotRetour,
    Organisme,
    Retenue,
)
from .personne import Personne
from .recompte import Ecart
from .valeurs import Evenement, FactureRetour, Fin, LigneRetour, Rejet, RetourNoemie

__all__ = [
    "DANS_FACTURE",
    "Archivage",
    "Commentaire",
    "DetailForfait",
    "Ecart",
    "Entete",
    "EntiteInconnue",
    "Evenement",
    "FactureRetour",
    "Fin",
    "Forfait",
    "Journee",
    "LigneRetour",
    "LotRetour",
    "Organisme",
    "Personne",
    "Rejet",
    "Retenue",
    "RetourNoemie",
    "composer",
    "enregistrements",
    "entite",
    "fichier",
    "lire",
    "parcourir",
    "rassembler",
    "verifier",
    "verifier_flux",
]
