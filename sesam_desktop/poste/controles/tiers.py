"""Other programs of this computer that may hold the readers: named, by exact names only, and never touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from sesam_desktop.poste.diagnostic_constats import Constat, constat
from sesam_desktop.poste.diagnostic_tables import lire_table
from sesam_desktop.poste.sondes import Processus

from .examen import Controle, Examen

LECTEUR, BASE, CONNECTEUR, ANTIVIRUS = "lecteur", "base", "connecteur", "antivirus"


@dataclass(frozen=True, slots=True)
class Motif:
    """A program to recognise: its exact name, and a folder of its path when the name alone is not enough.

    `galss`: it needs galss.ini.
    """

    processus: str
    dossier: str
    genre: str
    produit: str
    galss: bool = False

    def convient(self, processus: Processus) -> bool:
        if processus.nom != self.processus or processus.nom in garde():
            return False
        dossiers = processus.chemin.lower().replace("\\", "/").split("/")[:-1]
        return not self.dossier or self.dossier in dossiers


@dataclass(frozen=True, slots=True)
class Logiciel:
    """A known program, running."""

    produit: str
    genre: str
    processus: str
    galss: bool = False


@cache
def motifs() -> tuple[Motif, ...]:
    """From `resources/diagnostic/logiciels.csv`."""
    lignes = lire_table("logiciels.csv")
    return tuple(Motif(
            ligne["processus"], ligne["dossier"], ligne["genre"], ligne["produit"], ligne["galss"] == "oui"
        ) for ligne in lignes)


@cache
def garde() -> frozenset[str]:
    """Names never recognised, whatever else matches: the system, document readers, remote control."""
    return frozenset(ligne["processus"] for ligne in lire_table("garde.csv"))


def en_marche(processus: Iterable[Processus]) -> list[Logiciel]:
    """The known programs among these."""
    vus = list(processus)
    return [
        Logiciel(motif.produit, motif.genre, motif.processus, motif.galss)
        for motif in motifs() for un in vus if motif.convient(un)
    ]


def produits(logiciels: Iterable[Logiciel], *genres: str) -> list[str]:
    """Names of the products of these kinds, each once."""
    return sorted({logiciel.produit for logiciel in logiciels if logiciel.genre in genres})


def logiciels_tiers(examen: Examen) -> Iterator[Constat]:
    """Old software that may hold the reader; databases of other software; connectors."""
    for produit in produits(examen.programmes, LECTEUR):
        yield constat("LOGICIEL_TIERS_LECTEUR", objet=produit)
    for produit in produits(examen.programmes, BASE):
        yield constat("BASE_TIERCE", objet=produit)
    connecteurs = produits(examen.programmes, CONNECTEUR)
    if connecteurs:
        yield constat("CONNECTEURS", objet=", ".join(connecteurs))
    yield from _doubles(examen.programmes)


def _doubles(logiciels: Iterable[Logiciel]) -> Iterator[Constat]:
    lances = Counter((un.produit, un.processus) for un in logiciels if un.genre == CONNECTEUR)
    for (produit, processus), nombre in sorted(lances.items()):
        if nombre > 1 and processus not in _SERVEURS_PAR_CANAL:
            yield constat("CONNECTEUR_EN_DOUBLE", objet=produit, nombre=nombre)


_SERVEURS_PAR_CANAL = ("galsvw32", "galsvlux", "galsvosx")  # the GALSS runs one server a channel


CONTROLES: tuple[Controle, ...] = (logiciels_tiers,)
