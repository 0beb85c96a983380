"""A return or an ARL told in French, entity by entity, each with its place in the file: shown beside what was received.

The sentences name patients, as the file does: they are for the window, never for a log.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from sesam_desktop.noyau.erreurs import FormatInvalide

from . import arl, noemie
from .causes import explication
from .enregistrement import Enregistrement
from .entites import decouper_flux, jour
from .noemie.phrases import PHRASES, Zones, le
from .reconnaissance import Norme, reconnaitre

Phrases = dict[str, Callable[[Zones], str]]
LIMITE = 5_000
_SENS = {True: "accepté", False: "refusé"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """What one entity says. `octets[debut:fin]` is the entity, `ligne` its rank from 1, `facture` its invoice."""

    ligne: int
    entite: str
    texte: str = field(repr=False)
    facture: str = ""
    debut: int = 0
    fin: int = 0


def expliquer(octets: bytes, *, limite: int = LIMITE) -> list[Phrase]:
    """The first `limite` entities. Raises FormatInvalide when the file is neither an ARL nor a NOEMIE return.

    An entity that cannot be read says so in its sentence, as does the place where the file stops being cut in entities.
    What is beyond `limite` is told in a last sentence, without entity.
    """
    norme = reconnaitre(octets).norme
    if norme not in _LECTURES:
        raise FormatInvalide("Ce fichier est une facturation, pas un retour.", code="PAS_UN_RETOUR")
    variante, phrases = _LECTURES[norme]
    entites = decouper_flux(io.BytesIO(octets), variante)
    dites = list(islice(_expliquer(octets, entites, phrases), limite + 1))
    if len(dites) > limite:
        suite = f"Seules les {limite} premières entités de ce retour sont dites ici ; le fichier est gardé entier."
        dites[limite] = Phrase(dites[limite].ligne, "", suite, "", dites[limite].debut, len(octets))
    return dites


def _expliquer(octets: bytes, entites: Iterator[Enregistrement], phrases: Phrases) -> Iterator[Phrase]:
    fin, facture, rang = 0, "", 0
    try:
        for e in entites:
            debut = octets.index(e.octets, fin)
            fin, rang = debut + len(e.octets), e.ligne
            facture = _facture(e, facture)
            yield Phrase(rang, e.type, _texte(e, phrases), facture, debut, fin)
    except FormatInvalide as erreur:
        yield Phrase(rang + 1, "", f"La suite ne se lit pas : {erreur.phrase()}", "", fin, len(octets))


def _facture(e: Enregistrement, courante: str) -> str:
    """The invoice this entity belongs to."""
    if e.layout and e.type in ("100", "102"):
        return _numero(e)
    return courante if e.type in noemie.DANS_FACTURE or e.type == "250" else ""


def _numero(e: Enregistrement) -> str:
    try:
        return str(e.zones["numero_facture"]).zfill(9)
    except FormatInvalide:
        return ""


def _texte(e: Enregistrement, phrases: Phrases) -> str:
    if e.layout is None or e.type not in phrases:
        return f"Entité {e.type} que ce programme ne connaît pas : elle est gardée telle quelle."
    try:
        return phrases[e.type](e.zones)
    except FormatInvalide as erreur:
        return f"Cette entité ne se lit pas : {erreur.phrase()}"


def _entete_arl(z: Zones) -> str:
    genre, positif = arl.sens(z["reference"])
    quoi = "lot de pièces (SCOR)" if genre == "SCOR" else "lot de factures"
    fichier = f"fichier {z['identification_fichier']}"
    return f"Accusé de réception{le(jour(z['date_creation']))} : {quoi} {_SENS[positif]} ({fichier})."


def _anomalie_arl(z: Zones) -> str:
    ligne = int(z["numero_ligne"])
    ou = f"ligne {ligne} du fichier" if ligne else "sur l'ensemble du lot"
    cause = explication(z["code"], z["libelle"])
    return f"Motif {z['code']}, {ou} : « {z['libelle']} ». {cause.phrase} {cause.a_faire}"


_LECTURES: dict[Norme, tuple[str, Phrases]] = {
    Norme.NOEMIE: ("noemie", PHRASES),
    Norme.ARL: (arl.VARIANTE, PHRASES | {"000": _entete_arl, "290": _anomalie_arl}),
}
