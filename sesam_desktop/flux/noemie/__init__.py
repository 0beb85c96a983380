"""NOEMIE returns of the funds: what was paid, rejected, deferred or remarked, invoice by invoice."""

from ..entites import Entete
from .controle import verifier
from .ecriture import composer, entite, fichier
from .lecture import enregistrements, lire
from .valeurs import FactureRetour, Forfait, Journee, LigneRetour, LotRetour, Rejet, Retenue, RetourNoemie

__all__ = [
    "Entete",
    "FactureRetour",
    "Forfait",
    "Journee",
    "LigneRetour",
    "LotRetour",
    "Rejet",
    "Retenue",
    "RetourNoemie",
    "composer",
    "enregistrements",
    "entite",
    "fichier",
    "lire",
    "verifier",
]
