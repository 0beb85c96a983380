"""From the bytes of a return to values: one event at a time, or whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from sesam_desktop.noyau.erreurs import FormatInvalide

from ..enregistrement import Enregistrement
from ..entites import Entete, decouper, decouper_flux
from .lecteur import Lecteur
from .mouvements import Archivage, Commentaire, EntiteInconnue, Forfait, Journee, LotRetour, Organisme, Retenue
from .valeurs import Evenement, FactureRetour, Fin, Rejet, RetourNoemie

VARIANTE = "noemie"


def enregistrements(octets: bytes) -> Iterator[Enregistrement]:
    """The raw entities, one at a time."""
    return decouper(octets, VARIANTE)


def parcourir(flux: BinaryIO) -> Iterator[Evenement]:
    """What a return says, in file order and constant memory, from a file open in binary.

    Raises FormatInvalide on the way when an entity is malformed, at the end when the file is not whole: whoever
    applies a return does so in one transaction.
    """
    return _parcourir(decouper_flux(flux, VARIANTE))


def lire(octets: bytes) -> RetourNoemie:
    """A whole return. Raises FormatInvalide when any entity it needs is malformed: nothing is half read."""
    return rassembler(_parcourir(enregistrements(octets)))


def rassembler(evenements: Iterator[Evenement]) -> RetourNoemie:
    """All the events of one return as one value."""
    listes: dict[type, list[Any]] = {genre: [] for genre in _CHAMPS}
    fin = Fin(0, 0)
    for evenement in evenements:
        if isinstance(evenement, Fin):
            fin = evenement
        else:
            listes[type(evenement)].append(evenement)
    (entete,) = listes.pop(Entete)
    valeurs = {_CHAMPS[genre]: tuple(lus) for genre, lus in listes.items()}
    return RetourNoemie(entete=entete, total_centimes=fin.total_centimes, entites=fin.entites, **valeurs)


_CHAMPS: dict[type, str] = {
    Entete: "entete",
    Organisme: "organismes",
    Journee: "journees",
    LotRetour: "lots",
    FactureRetour: "factures",
    Retenue: "retenues",
    Forfait: "forfaits",
    Rejet: "motifs",
    Commentaire: "commentaires",
    Archivage: "archivages",
    EntiteInconnue: "inconnues",
}


def _parcourir(entites: Iterator[Enregistrement]) -> Iterator[Evenement]:
    lecteur = Lecteur(VARIANTE)
    for entite in entites:
        if evenements := lecteur.accueillir(entite):
            yield from evenements
    if lecteur.fin is None:
        raise FormatInvalide("Le retour n'a pas d'entité 999 : il est incomplet.", code="TRONQUE")
    yield lecteur.fin
