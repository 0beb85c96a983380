"""A signature made by the card itself: MSE SET, PSO HASH of the last block, PSO CDS (sequence of the CPS3).

PROJECT PROFILE: the references of key and algorithm are not public (`profil_projet`), and nothing public tells how a
Vitale signs; both work on the project's virtual cards. A real CPS signs through PKCS#11. Nothing is ever replayed: a
signature that failed is asked again by a person.
"""

from __future__ import annotations

from sesam_desktop.cartes import tlv
from sesam_desktop.cartes.tlv import Tlv

from . import apdu, condensat, profil_projet, puces
from .canal import SessionCarte


def signer_par_carte(session: SessionCarte, octets: bytes) -> bytes:
    """RSA PKCS#1 v1.5 SHA-256 signature of `octets` by the card of this session (CPS: code verified before).

    Raises ErreurConnue (CARTE_RETIREE, CARTE_REFUSE…). The bytes are hashed here but for their last block.
    """
    if session.fente.carte.est_vitale:
        apdu.choisir_application(session, puces.APPLICATION_IAS_VITALE)
    environnement = [
        Tlv(0x80, bytes([profil_projet.RSA_PKCS1_SHA256])),
        Tlv(0x84, bytes([profil_projet.CLE_SIGNATURE])),
    ]
    apdu.exiger(session, apdu.commande(0x00, 0x22, 0x41, 0xB6, tlv.ecrire(environnement)))
    apdu.exiger(session, apdu.commande(0x00, 0x2A, 0x90, 0xA0, _bloc_a_condenser(octets)))
    return apdu.exiger(session, apdu.commande(0x00, 0x2A, 0x9E, 0x9A))


def _bloc_a_condenser(octets: bytes) -> bytes:
    etat, bits, reste = condensat.etat_intermediaire(octets)
    debut = etat + bits.to_bytes(8, "big") if etat else b""
    return tlv.ecrire([Tlv(0x90, debut), Tlv(0x80, reste)])
