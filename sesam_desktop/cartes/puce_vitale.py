"""What a Vitale 2 gives in clear: the map of its files, the identity of its holders, their NIR.

Only public knowledge is used: map ``E0 { A0 { 82 [entry, 2 bytes, AID] … } 80 [8-char name, entry, FID] … }``;
holders ``65 { 80 name, 81 first name, 82 birth date AAAAMMJJ, 90 nationality, 93 NIR and key }``; start of validity
``66 { 80 AAAAMMJJ }``.
Which file holds which tag beyond that is not published: a decoder takes what it knows wherever it finds it, and leaves
certificates (``7F21``), signatures (``5F37``), keys (``5F38``) and anything else alone. A file that starts with ``00``
or ``04 00`` was never written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sesam_desktop.noyau.dates import lire_aaaammjj
from sesam_desktop.noyau.erreurs import FormatInvalide

from . import tlv
from .champs import controle
from .tlv import Tlv

PLAN, APPLICATIONS, APPLICATION, FICHIER = 0xE0, 0xA0, 0x82, 0x80
TITULAIRE, CARTE = 0x65, 0x66
NOM, PRENOM, NAISSANCE, NATIONALITE, NIR, DEBUT_VALIDITE = 0x80, 0x81, 0x82, 0x90, 0x93, 0x80
FICHIERS_MAXIMUM = 64
_NAISSANCE = re.compile(r"([0-9]{8})?")
_NIR = re.compile(r"([0-9]{5}([0-9]{2}|2[AB])[0-9]{8})?")  # Corsica alone writes letters


@dataclass(frozen=True, slots=True)
class IdentitePuce:
    """One holder as the chip names them. `naissance` is AAAAMMJJ, maybe lunar."""

    nom: str
    prenom: str
    naissance: str
    nir: str = ""
    cle: str = ""
    nationalite: str = ""


@dataclass(frozen=True, slots=True)
class FichierPuce:
    """One file of the map: where it is and what it is called."""

    application: bytes
    nom: str
    fid: int


def fichiers(octets_plan: bytes) -> list[FichierPuce]:
    """Files listed by the map (EF 2001), each once whatever the map repeats. Raises FormatInvalide."""
    plan = tlv.trouver(_objets(octets_plan), PLAN)
    if plan is None:
        raise _illisible()
    objets = tlv.lire(plan)
    declarees = (entree for objet in objets if objet.etiquette == APPLICATIONS for entree in objet.enfants())
    applications = {o.valeur[:2]: o.valeur[4:] for o in declarees if o.etiquette == APPLICATION}
    trouves = [_fichier(objet.valeur, applications) for objet in objets if objet.etiquette == FICHIER]
    uniques = list({(f.application, f.fid): f for f in reversed(trouves)}.values())[::-1]
    if len(uniques) > FICHIERS_MAXIMUM:
        raise _illisible()
    return uniques


def ecrire_plan(liste: list[FichierPuce]) -> bytes:
    """The map of these files, entries numbered in the order their application first appears."""
    entrees = {aid: rang.to_bytes(2, "big") for rang, aid in enumerate(dict.fromkeys(f.application for f in liste), 1)}
    applications = tlv.ecrire(Tlv(APPLICATION, entree + b"\0\0" + aid) for aid, entree in entrees.items())
    corps = [Tlv(APPLICATIONS, applications)]
    for fichier in liste:
        nom = fichier.nom.encode("ascii")[:8].ljust(8)
        corps.append(Tlv(FICHIER, nom + entrees[fichier.application] + fichier.fid.to_bytes(2, "big")))
    return tlv.ecrire([Tlv(PLAN, tlv.ecrire(corps))])


def est_vide(octets: bytes) -> bool:
    """A file of the chip that nothing was written in."""
    return not octets or octets[0] == 0 or octets[:2] == b"\x04\x00"


def titulaires(octets: bytes) -> list[list[Tlv]]:
    """The holders a file speaks of, in order, each as its objects. Raises FormatInvalide."""
    return [objet.enfants() for objet in _objets(octets) if objet.etiquette == TITULAIRE]


def identites(octets_identite: bytes, octets_nir: bytes) -> list[IdentitePuce]:
    """Holders, in the order of the card; the file of NIRs follows the same order. Raises FormatInvalide."""
    return assembler(titulaires(octets_identite), titulaires(octets_nir))


def assembler(personnes: list[list[Tlv]], numeros: list[list[Tlv]]) -> list[IdentitePuce]:
    """Each holder with the NIR of the same rank. Raises FormatInvalide when a NIR could be somebody else's."""
    if not personnes or len(personnes) != len(numeros):
        raise _illisible()
    return [identite(personne, numero) for personne, numero in zip(personnes, numeros, strict=True)]


def debut_validite(octets_identite: bytes) -> date | None:
    """Start of validity, when the card says one."""
    carte = tlv.trouver(_objets(octets_identite), CARTE)
    valeur = tlv.trouver(tlv.lire(carte), DEBUT_VALIDITE) if carte is not None else None
    return lire_aaaammjj(_texte(valeur)) if valeur is not None else None


def ecrire_identites(liste: list[IdentitePuce], debut: date | None = None) -> tuple[bytes, bytes]:
    """The two files of these holders (identity, NIR), without padding. Used by the virtual card."""
    personnes, numeros = [], []
    for personne in liste:
        textes = {NOM: personne.nom, PRENOM: personne.prenom, NAISSANCE: personne.naissance}
        textes |= {NATIONALITE: personne.nationalite} if personne.nationalite else {}
        personnes.append(_titulaire(textes))
        numeros.append(_titulaire({NIR: personne.nir + personne.cle}))
    validite = [Tlv(CARTE, tlv.ecrire([Tlv(DEBUT_VALIDITE, f"{debut:%Y%m%d}".encode())]))] if debut else []
    return tlv.ecrire([*personnes, *validite]), tlv.ecrire(numeros)


def objet_titulaire(personne: IdentitePuce) -> Tlv:
    """One holder with everything in one object, NIR included."""
    textes = {NOM: personne.nom, PRENOM: personne.prenom, NAISSANCE: personne.naissance}
    textes[NIR] = personne.nir + personne.cle
    return _titulaire({etiquette: texte for etiquette, texte in textes.items() if texte})


def identite(personne: list[Tlv], numero: list[Tlv] | None = None) -> IdentitePuce:
    """One holder; their NIR may be in another object, `numero`. Raises FormatInvalide, also when both objects say the
    same thing otherwise (they would be of two people) or name nobody."""
    nom, prenom, naissance, nir, nationalite = (
        _dit(etiquette, personne, numero or []) for etiquette in (NOM, PRENOM, NAISSANCE, NIR, NATIONALITE)
    )
    if not nom or not _NAISSANCE.fullmatch(naissance) or not _NIR.fullmatch(nir):
        raise _illisible()
    connue = naissance if naissance.strip("0") else ""
    return IdentitePuce(nom, prenom, connue, nir[:13], nir[13:], nationalite)


def _dit(etiquette: int, *objets: list[Tlv]) -> str:
    """What these objects say of one thing, whichever says it; "" when none does. Raises FormatInvalide when they do
    not say the same, or no text."""
    textes = {_texte(tlv.trouver(objet, etiquette)) for objet in objets} - {""}
    if len(textes) > 1 or any(controle(texte) for texte in textes):
        raise _illisible()
    return next(iter(textes), "")


def _objets(octets: bytes) -> list[Tlv]:
    return [] if est_vide(octets) else tlv.lire(octets)


def _titulaire(textes: dict[int, str]) -> Tlv:
    return Tlv(TITULAIRE, tlv.ecrire(Tlv(e, t.encode("latin-1", "replace")) for e, t in textes.items()))


def _fichier(valeur: bytes, applications: dict[bytes, bytes]) -> FichierPuce:
    if len(valeur) != 12 or valeur[8:10] not in applications:
        raise _illisible()
    nom = valeur[:8].decode("latin-1").rstrip(" \0")
    return FichierPuce(applications[valeur[8:10]], nom, int.from_bytes(valeur[10:], "big"))


def _texte(valeur: bytes | None) -> str:
    return (valeur or b"").decode("latin-1").rstrip(" \0")


def _illisible() -> FormatInvalide:
    return FormatInvalide(
        "Les données publiques de la carte Vitale sont illisibles.",
        code="CARTE_ILLISIBLE",
        action="Retirez la carte, essuyez la puce et réinsérez-la.",
    )
