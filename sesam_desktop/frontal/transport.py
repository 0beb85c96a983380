"""From the mail as it arrived to the file inside: addresses, S/MIME envelope, MIME parts."""

from __future__ import annotations

from dataclasses import dataclass, field

from sesam_desktop.flux import message
from sesam_desktop.flux.message import Adressage
from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide
from sesam_desktop.securisation import smime, smime_signature
from sesam_desktop.securisation.autorite import Identite

from .cles import Cles
from .refus import Motif, Refus


class SansReponse(ErreurConnue):
    """A mail nobody can be answered about: no sender. It goes to quarantine."""

    code = "SANS_REPONSE"


@dataclass(frozen=True, slots=True)
class Recu:
    """A mail opened: who wrote, to whom, and the file in clear of transport (its zones may still be encrypted)."""

    adressage: Adressage
    identite: Identite
    genre: str
    contenu: bytes = field(repr=False)
    securite: bytes | None = field(repr=False)


def adresser(octets: bytes) -> Adressage:
    """Routing headers. Raises SansReponse when there is nobody to answer."""
    try:
        adressage = message.lire_adressage(octets)
    except FormatInvalide as erreur:
        raise SansReponse(erreur.phrase()) from None
    if "@" not in adressage.de:
        raise SansReponse("Le message n'a pas d'expéditeur.")
    return adressage


def ouvrir(octets: bytes, adressage: Adressage, cles: Cles) -> Recu:
    """Decrypt with the destinataire's key and read the parts. Raises Refus."""
    identite = cles.de(adressage.a)
    if identite is None:
        raise Refus(Motif.DESTINATAIRE, "L'adresse du destinataire n'est pas celle d'un organisme connu.")
    try:
        clair = smime.ouvrir(octets, identite.certificat_der, identite.cle_pem)
    except ErreurConnue:
        raise Refus(Motif.CHIFFREMENT, "Le message ne peut pas être déchiffré avec la clé du destinataire.") from None
    try:
        clair, _ = smime_signature.deplier(clair)
    except ErreurConnue as erreur:
        raise Refus(Motif.SIGNATURE, erreur.message) from None
    try:
        lu = message.lire(clair)
    except FormatInvalide as erreur:
        raise Refus(Motif.ENTETE, erreur.message) from None
    if (lu.de, lu.message_id) != (adressage.de, adressage.message_id):
        raise Refus(Motif.ENTETE, "Les en-têtes du message chiffré ne sont pas ceux de son enveloppe.")
    return Recu(adressage, identite, lu.genre, lu.contenu, lu.securite)
