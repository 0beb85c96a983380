"""What a terminal carries (patients, invoices to be signed) and what it brings back (signed invoices, readings).

Each is one constructed TLV object; a document that comes back is preceded by the version of its format. Bounded.
PROJECT PROFILE, like `messages`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sesam_desktop.cartes import tlv
from sesam_desktop.cartes.tlv import Tlv
from sesam_desktop.noyau.erreurs import FormatInvalide

from . import champs
from .champs import Champs, illisible, lire_objets, lire_texte

FORMAT = 1
_FORMATS_FUTURS = range(FORMAT + 1, 16)
DOCUMENT_MAXIMAL = 1 << 16
CONTENU_MAXIMAL = 1 << 20
_ACTES_MAXIMAUX = 99
_SHA256 = 32

_PATIENT, _PREPAREE, _SIGNEE, _LECTURE, _ACTE = 0xE1, 0xE2, 0xE3, 0xE4, 0xE5
_NUMERO, _NOM, _PRENOM, _NAISSANCE, _RANG, _NIR, _JOUR, _TOTAL, _RESTE, _OCTETS = range(0xC1, 0xCB)
_EMPREINTE, _SIGNATURE, _INSTANT, _ZONES = range(0xCB, 0xCF)
_CODE, _COEFFICIENT, _QUANTITE, _COMPLEMENT, _DOMICILE, _KM, _ALD = range(0xD0, 0xD7)


class Genre(StrEnum):
    """What a document is."""

    FACTURE = "facture"
    LECTURE = "lecture"


@dataclass(frozen=True, slots=True)
class PatientEmporte:
    """A patient of the tour. `naissance` is ``AAAAMMJJ``, maybe lunar."""

    nom: str
    prenom: str
    naissance: str
    nir: str
    rang: int = 1


@dataclass(frozen=True, slots=True)
class FactureEmportee:
    """A priced invoice for the Vitale to sign. `nirs`: those that the patient's card may show. Amounts in centimes."""

    numero: str
    nom: str
    prenom: str
    naissance: str
    nirs: tuple[str, ...]
    date_soins: date
    total_centimes: int
    reste_centimes: int
    octets: bytes


@dataclass(frozen=True, slots=True)
class FactureSignee:
    """The Vitale's signature over the bytes whose SHA-256 is `empreinte`; `nirs` are those read on the card."""

    numero: str
    empreinte: bytes
    signature: bytes
    signee_le: datetime
    nirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActeNote:
    """One act as noted at the bedside, with the codes of the nomenclature. `ald`: related to the patient's ALD."""

    acte: str
    coefficient: Decimal = Decimal(1)
    quantite: int = 1
    complement: str = ""
    domicile: bool = False
    ik_km: int = 0
    ald: bool = False


@dataclass(frozen=True, slots=True)
class Lecture:
    """A Vitale read away (`zones`: SSV groups 101–111) and the acts noted for its `rang`-th beneficiary, from 0."""

    lue_le: datetime
    zones: bytes
    rang: int
    actes: tuple[ActeNote, ...]


Document = FactureSignee | Lecture


def ecrire_patients(patients: Iterable[PatientEmporte]) -> bytes:
    return tlv.ecrire(Tlv(_PATIENT, tlv.ecrire(_objets_patient(p))) for p in patients)


def lire_patients(octets: bytes) -> list[PatientEmporte]:
    """Raises FormatInvalide."""
    return [_patient(Champs(lire_objets(valeur))) for valeur in Champs(lire_objets(octets)).tous(_PATIENT)]


def ecrire_factures(factures: Iterable[FactureEmportee]) -> bytes:
    return tlv.ecrire(Tlv(_PREPAREE, tlv.ecrire(_objets_facture(f))) for f in factures)


def lire_factures(octets: bytes) -> list[FactureEmportee]:
    """Raises FormatInvalide."""
    return [_facture(Champs(lire_objets(valeur))) for valeur in Champs(lire_objets(octets)).tous(_PREPAREE)]


def ecrire_document(document: Document) -> bytes:
    if isinstance(document, FactureSignee):
        objet = Tlv(_SIGNEE, tlv.ecrire(_objets_signee(document)))
    else:
        objet = Tlv(_LECTURE, tlv.ecrire(_objets_lecture(document)))
    return bytes([FORMAT]) + tlv.ecrire([objet])


def lire_document(octets: bytes) -> Document:
    """Raises FormatInvalide."""
    if octets and octets[0] in _FORMATS_FUTURS:
        raise FormatInvalide(
            "Le document du terminal est d'un format plus récent que ce programme.", code="TLA_FORMAT_INCONNU",
            action="Il est gardé tel quel : mettez à jour ce programme, il sera relu.",
        )
    if len(octets) > DOCUMENT_MAXIMAL or octets[:1] != bytes([FORMAT]):
        raise illisible("Le document du terminal n'est pas d'un format connu.")
    objets = lire_objets(octets[1:])
    if len(objets) != 1 or objets[0].etiquette not in (_SIGNEE, _LECTURE):
        raise illisible("Le document du terminal n'est ni une facture signée, ni une lecture.")
    contenu = Champs(lire_objets(objets[0].valeur))
    return _signee(contenu) if objets[0].etiquette == _SIGNEE else _lecture(contenu)


def genre_de(document: Document) -> Genre:
    return Genre.FACTURE if isinstance(document, FactureSignee) else Genre.LECTURE


def _objets_patient(p: PatientEmporte) -> list[Tlv]:
    identite = [champs.texte(_NOM, p.nom), champs.texte(_PRENOM, p.prenom), champs.texte(_NAISSANCE, p.naissance)]
    return [*identite, champs.texte(_NIR, p.nir), champs.entier(_RANG, p.rang)]


def _patient(lu: Champs) -> PatientEmporte:
    return PatientEmporte(
        lu.texte(_NOM), lu.texte(_PRENOM), lu.texte(_NAISSANCE, "[0-9]{8}"), _nir(lu.octets(_NIR)), lu.entier(_RANG, 9)
    )


def _objets_facture(f: FactureEmportee) -> list[Tlv]:
    return [
        champs.texte(_NUMERO, f.numero), champs.texte(_NOM, f.nom), champs.texte(_PRENOM, f.prenom),
        champs.texte(_NAISSANCE, f.naissance), *(champs.texte(_NIR, nir) for nir in f.nirs),
        champs.jour(_JOUR, f.date_soins), champs.entier(_TOTAL, f.total_centimes),
        champs.entier(_RESTE, f.reste_centimes), Tlv(_OCTETS, f.octets),
    ]


def _facture(lu: Champs) -> FactureEmportee:
    return FactureEmportee(
        numero=lu.texte(_NUMERO, "[0-9]{9}"),
        nom=lu.texte(_NOM),
        prenom=lu.texte(_PRENOM),
        naissance=lu.texte(_NAISSANCE, "[0-9]{8}"),
        nirs=_nirs(lu),
        date_soins=lu.jour(_JOUR),
        total_centimes=lu.entier(_TOTAL),
        reste_centimes=lu.entier(_RESTE),
        octets=lu.octets(_OCTETS),
    )


def _objets_signee(s: FactureSignee) -> list[Tlv]:
    return [
        champs.texte(_NUMERO, s.numero), Tlv(_EMPREINTE, s.empreinte), Tlv(_SIGNATURE, s.signature),
        champs.instant(_INSTANT, s.signee_le), *(champs.texte(_NIR, nir) for nir in s.nirs),
    ]


def _signee(lu: Champs) -> FactureSignee:
    return FactureSignee(
        numero=lu.texte(_NUMERO, "[0-9]{9}"),
        empreinte=lu.octets(_EMPREINTE, _SHA256),
        signature=lu.octets(_SIGNATURE),
        signee_le=lu.instant(_INSTANT),
        nirs=_nirs(lu),
    )


def _objets_lecture(lecture: Lecture) -> list[Tlv]:
    actes = (Tlv(_ACTE, tlv.ecrire(_objets_acte(acte))) for acte in lecture.actes)
    return [
        champs.instant(_INSTANT, lecture.lue_le), Tlv(_ZONES, lecture.zones), champs.entier(_RANG, lecture.rang), *actes
    ]


def _lecture(lu: Champs) -> Lecture:
    actes = lu.tous(_ACTE)
    if len(actes) > _ACTES_MAXIMAUX:
        raise illisible("Le terminal a noté plus d'actes qu'une facture n'en porte.")
    return Lecture(
        lue_le=lu.instant(_INSTANT),
        zones=lu.octets(_ZONES),
        rang=lu.entier(_RANG, 99),
        actes=tuple(_acte(Champs(lire_objets(valeur))) for valeur in actes),
    )


def _objets_acte(a: ActeNote) -> list[Tlv]:
    return [
        champs.texte(_CODE, a.acte), champs.texte(_COEFFICIENT, f"{a.coefficient:f}"),
        champs.entier(_QUANTITE, a.quantite), champs.texte(_COMPLEMENT, a.complement),
        champs.entier(_DOMICILE, int(a.domicile)), champs.entier(_KM, a.ik_km),
        champs.entier(_ALD, int(a.ald)),
    ]


def _acte(lu: Champs) -> ActeNote:
    return ActeNote(
        acte=lu.texte(_CODE, "[A-Z0-9]{1,12}"),
        coefficient=Decimal(lu.texte(_COEFFICIENT, r"[0-9]{1,3}(\.[0-9]{1,2})?")),
        quantite=lu.entier(_QUANTITE, 99),
        complement=lu.texte(_COMPLEMENT, "[A-Z]?"),
        domicile=bool(lu.entier(_DOMICILE, 1)),
        ik_km=lu.entier(_KM, 299),
        ald=bool(lu.entier(_ALD, 1)),
    )


def _nirs(lu: Champs) -> tuple[str, ...]:
    return tuple(_nir(valeur) for valeur in lu.tous(_NIR))


def _nir(valeur: bytes) -> str:
    return lire_texte(_NIR, valeur, "[0-9]{5}[0-9AB]{2}[0-9]{6}")
