"""The protocol of one terminal, seen from the workstation.

Every question may be asked again without harm: a load is known by its digest and its position, a document by its name
and its digest. An answer that is garbled, or that belongs to another question, is asked again; a channel that fails is
not insisted upon. Loading puts the new content in the place of the one before only once it is whole on the terminal.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from itertools import count

from sesam_desktop.cartes.tlv import Tlv
from sesam_desktop.noyau.erreurs import FormatInvalide

from . import champs, messages
from .champs import Champs, illisible, lire_objets
from .documents import CONTENU_MAXIMAL, DOCUMENT_MAXIMAL
from .messages import MORCEAU, REPONSE, Commande, Etiquette, Message, Statut
from .refus import refus

Dialogue = Callable[[bytes], bytes]
Progression = Callable[[int, int], None]
_ESSAIS = 3
_DOCUMENTS_MAXIMAUX = 10_000
_SHA256 = 32


class GenreTerminal(StrEnum):
    """REDUIT keeps readings and acts; COMPLET also has the Vitale sign invoices prepared here."""

    REDUIT = "reduit"
    COMPLET = "complet"

    @property
    def libelle(self) -> str:
        return "réduit" if self is GenreTerminal.REDUIT else "complet"


class Contenu(IntEnum):
    """What is loaded. Each load takes the place of the one of its kind."""

    PATIENTS = 1
    FACTURES = 2


_GENRES = {1: GenreTerminal.REDUIT, 2: GenreTerminal.COMPLET}


@dataclass(frozen=True, slots=True)
class Identite:
    """What a terminal says of itself. Sizes in bytes, `pile` in percent; `ecart_s`: its clock minus ours."""

    genre: GenreTerminal
    numero_serie: str
    logiciel: str
    capacite: int
    libre: int
    beneficiaires: int
    preparees: int
    documents: int
    pile: int
    horloge: datetime
    ecart_s: int


@dataclass(frozen=True, slots=True)
class Entree:
    """One document that waits on the terminal."""

    identifiant: str
    empreinte: bytes
    taille: int


class TerminalTla:
    """`dialoguer` carries one message and brings its answer; it raises ErreurConnue when it cannot."""

    def __init__(self, dialoguer: Dialogue, horloge: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._dialoguer = dialoguer
        self._horloge = horloge
        self._numeros = count(random.randrange(1 << 16))  # a late answer to whoever asked before is not taken for ours

    def identifier(self) -> Identite:
        lu = self._demander(Commande.IDENTIFIER)
        maintenant, horloge = self._horloge(), lu.instant(Etiquette.HORLOGE)
        genre = _GENRES.get(lu.entier(Etiquette.GENRE))
        if genre is None:
            raise illisible("Ce genre de terminal n'est pas connu.")
        return Identite(
            genre=genre,
            numero_serie=lu.texte(Etiquette.NUMERO_SERIE, "[0-9A-Za-z-]{1,32}"),
            logiciel=lu.texte(Etiquette.LOGICIEL),
            capacite=lu.entier(Etiquette.CAPACITE),
            libre=lu.entier(Etiquette.LIBRE),
            beneficiaires=lu.entier(Etiquette.BENEFICIAIRES),
            preparees=lu.entier(Etiquette.PREPAREES),
            documents=lu.entier(Etiquette.DOCUMENTS),
            pile=lu.entier(Etiquette.PILE, 100),
            horloge=horloge,
            ecart_s=round((horloge - maintenant).total_seconds()),
        )

    def regler_date(self, instant: datetime) -> None:
        self._demander(Commande.REGLER_DATE, champs.instant(Etiquette.HORLOGE, instant))

    def charger(self, contenu: Contenu, octets: bytes, progression: Progression = lambda _f, _t: None) -> None:
        """Put `octets` in the place of what the terminal had of this kind. Interrupted, it is taken up again where it
        stopped when the same content is loaded. Raises TLA_MEMOIRE_PLEINE with the old content still there."""
        if len(octets) > CONTENU_MAXIMAL:
            raise refus(Statut.MEMOIRE_PLEINE)
        empreinte = Tlv(Etiquette.EMPREINTE, hashlib.sha256(octets).digest())
        taille = champs.entier(Etiquette.TAILLE, len(octets))
        genre = champs.entier(Etiquette.CONTENU, contenu)
        position = self._demander(Commande.CHARGER, genre, empreinte, taille).entier(Etiquette.POSITION)
        while position < len(octets):
            progression(position, len(octets))
            position = self._poser(empreinte, octets, position)
        self._demander(Commande.VALIDER, empreinte)
        progression(len(octets), len(octets))

    def lister(self) -> list[Entree]:
        """Every document that waits, oldest first."""
        entrees: list[Entree] = []
        while page := self._page(len(entrees)):
            entrees += page
            if len(entrees) > _DOCUMENTS_MAXIMAUX:
                raise illisible("Le terminal annonce plus de documents qu'il ne peut en garder.")
        return entrees

    def lire(self, entree: Entree) -> bytes:
        """The document as it came: whoever reads it compares it with `entree.empreinte`."""
        octets = b""
        while len(octets) < entree.taille:
            position = champs.entier(Etiquette.POSITION, len(octets))
            reste = champs.entier(Etiquette.TAILLE, min(MORCEAU, entree.taille - len(octets)))
            lu = self._demander(Commande.LIRE, _nom(entree), position, reste).octets(Etiquette.OCTETS)
            if not 1 <= len(lu) <= entree.taille - len(octets):
                raise illisible("Le terminal n'a pas rendu le document entier.")
            octets += lu
        return octets

    def acquitter(self, entree: Entree) -> None:
        """The document is kept here: the terminal may forget it. Harmless when it already has."""
        self._demander(
            Commande.ACQUITTER, _nom(entree), Tlv(Etiquette.EMPREINTE, entree.empreinte), admis=(Statut.INCONNU,)
        )

    def vider(self, numero_serie: str) -> None:
        """Erase the patients and the invoices loaded. Raises TLA_NON_DECHARGE while a document waits, TLA_REFUSE when
        `numero_serie` is not the terminal's own."""
        self._demander(Commande.VIDER, champs.texte(Etiquette.NUMERO_SERIE, numero_serie))

    def _poser(self, empreinte: Tlv, octets: bytes, position: int) -> int:
        """One piece; answers where the next one starts, always further."""
        morceau = Tlv(Etiquette.OCTETS, octets[position : position + MORCEAU])
        lu = self._demander(Commande.MORCEAU, empreinte, champs.entier(Etiquette.POSITION, position), morceau)
        suivante = lu.entier(Etiquette.POSITION)
        if not position < suivante <= len(octets):
            raise illisible("Le terminal a perdu le fil du chargement.")
        return suivante

    def _page(self, rang: int) -> list[Entree]:
        lu = self._demander(Commande.LISTER, champs.entier(Etiquette.POSITION, rang))
        return [_entree(Champs(lire_objets(valeur))) for valeur in lu.tous(Etiquette.DOCUMENT)]

    def _demander(self, commande: Commande, *objets: Tlv, admis: Sequence[Statut] = ()) -> Champs:
        """The fields of the answer. Raises what its status means, unless that status is `admis`."""
        question = Message(commande, next(self._numeros) & 0xFFFF, objets)
        for reponse in self._reponses(question):
            statut = reponse.champs.octets(Etiquette.STATUT, 1)[0]
            if statut == Statut.ILLISIBLE:
                continue
            if statut != Statut.FAIT and statut not in admis:
                raise refus(statut)
            return reponse.champs
        raise illisible("Le terminal ne comprend pas ce que le câble lui apporte.")

    def _reponses(self, question: Message) -> Iterator[Message]:
        """Readable answers to `question`, which is put again before each; the last failure is raised."""
        octets, derniere = messages.ecrire(question), None
        for _ in range(_ESSAIS):
            try:
                reponse = messages.lire(self._dialoguer(octets))
            except FormatInvalide as erreur:
                derniere = erreur
                continue
            if (reponse.code, reponse.numero) == (question.code | REPONSE, question.numero):
                yield reponse
        if derniere is not None:
            raise derniere


def _nom(entree: Entree) -> Tlv:
    return champs.texte(Etiquette.IDENTIFIANT, entree.identifiant)


def _entree(lu: Champs) -> Entree:
    return Entree(
        identifiant=lu.texte(Etiquette.IDENTIFIANT, "[0-9A-Za-z-]{1,32}"),
        empreinte=lu.octets(Etiquette.EMPREINTE, _SHA256),
        taille=lu.entier(Etiquette.TAILLE, DOCUMENT_MAXIMAL),
    )
