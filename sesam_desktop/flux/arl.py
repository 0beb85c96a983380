"""ARL, the receipt of a lot by the frontal: accepted or refused, and why. Project layout: the norm's is not public.

References (positions 62–65 of the 000): 0930 accepted and 0931 refused for invoices, 0932 and 0933 for SCOR lots.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sesam_desktop.noyau.dates import aammjj
from sesam_desktop.noyau.erreurs import FormatInvalide

from . import noemie
from .anomalie import LIMITE, Anomalie
from .enregistrement import Enregistrement, assembler
from .entites import Entete, decouper, encadrer, jour, lire_entete

VARIANTE = "arl"
REFERENCES = {("FSE", True): "0930", ("FSE", False): "0931", ("SCOR", True): "0932", ("SCOR", False): "0933"}
_SENS = {reference: sens for sens, reference in REFERENCES.items()}
CODES = ("ENT", "SIG", "LOT", "CPT", "DST", "CHF", "NRM")


@dataclass(frozen=True, slots=True)
class AnomalieArl:
    """Why a lot is refused. `code` is one of `CODES`; `ligne` 0 when it has none or when it is beyond 99."""

    code: str
    libelle: str
    ligne: int = 0


@dataclass(frozen=True, slots=True)
class Arl:
    """`identification` is the six characters of the acknowledged file; `genre` is FSE or SCOR."""

    positif: bool
    genre: str
    identification: str
    lot: str
    date_lot: date | None
    anomalies: tuple[AnomalieArl, ...] = ()
    commentaire: str = ""
    emetteur: str = ""
    destinataire: str = ""
    cree_le: date | None = None
    type_flux: str = ""


def ecrire(arl: Arl) -> bytes:
    """The bytes of an ARL. Raises FormatInvalide when a text does not fit its zone."""
    if (arl.genre, arl.positif) not in REFERENCES:
        raise FormatInvalide(f"Aucun ARL n'existe pour un lot « {arl.genre} ».", code="GENRE_INCONNU")
    entete = Entete(
        REFERENCES[arl.genre, arl.positif],
        arl.emetteur,
        arl.destinataire,
        arl.identification,
        arl.cree_le,
        type_flux=arl.type_flux,
    )
    return assembler(encadrer(VARIANTE, entete, _corps(arl)))


def _corps(arl: Arl) -> list[Enregistrement]:
    corps = [_entite("080", "03", date_lot=aammjj(arl.date_lot), numero_lot=arl.lot)]
    corps += [
        _entite("290", "05", numero_ligne=f"{a.ligne:02d}", code=a.code, libelle=a.libelle) for a in arl.anomalies
    ]
    if arl.commentaire:
        corps.append(_entite("295", "05", commentaire=arl.commentaire))
    corps.append(_entite("990", "99", niveau_clos="080", nombre_entites=len(corps) - 1, cumul=0, signe="P"))
    return corps


def _entite(code: str, niveau: str, /, **valeurs: str | int) -> Enregistrement:
    return Enregistrement.composer(VARIANTE, code, {"niveau": niveau, **valeurs})


def enregistrements(octets: bytes) -> Iterator[Enregistrement]:
    """The raw entities, one at a time."""
    return decouper(octets, VARIANTE)


def lire(octets: bytes) -> Arl:
    """An ARL as values. Raises FormatInvalide when it is malformed, incomplete or speaks of several lots."""
    lus = list(enregistrements(octets))
    entete = lire_entete(_unique(lus, "000"))
    genre, positif = sens(entete.reference)
    lot = _unique(lus, "080").zones
    if _unique(lus, "999") is not lus[-1]:
        raise FormatInvalide("Une entité suit la fin de l'ARL.", code="SEQUENCE", ligne=len(lus))
    return Arl(
        positif=positif,
        genre=genre,
        identification=entete.identification,
        lot=lot["numero_lot"],
        date_lot=jour(lot["date_lot"]),
        anomalies=tuple(_anomalie(e) for e in lus if e.type == "290"),
        commentaire=" ".join(e.zones["commentaire"] for e in lus if e.type == "295"),
        emetteur=entete.emetteur,
        destinataire=entete.destinataire,
        cree_le=entete.cree_le,
        type_flux=entete.type_flux,
    )


def sens(reference: str) -> tuple[str, bool]:
    """What a reference acknowledges, and whether it is accepted. Raises FormatInvalide when it is no ARL's."""
    if reference not in _SENS:
        raise FormatInvalide("La référence n'est pas celle d'un ARL.", code="REFERENCE", ligne=1, position=62)
    return _SENS[reference]


def _unique(lus: list[Enregistrement], code: str) -> Enregistrement:
    trouves = [e for e in lus if e.type == code]
    if len(trouves) != 1:
        raise FormatInvalide(f"L'ARL doit contenir une entité {code} et une seule.", code="STRUCTURE")
    return trouves[0]


def _anomalie(e: Enregistrement) -> AnomalieArl:
    return AnomalieArl(e.zones["code"], e.zones["libelle"], int(e.zones["numero_ligne"]))


def verifier(octets: bytes, *, limite: int = LIMITE) -> list[Anomalie]:
    """Every anomaly in file order: same entities and totals as a return."""
    return noemie.verifier(octets, VARIANTE, limite=limite)
