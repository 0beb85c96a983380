"""What the program reads on the chips: nothing but their public layout.

Rights (Vitale) and situations (CPS) are not public on the chip: a source gives them for the chip that was read
(`SourceCartes`). Identity is re-read before anything is signed, so that one patient's card never signs for another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sesam_desktop.cartes import puce_vitale, tlv
from sesam_desktop.cartes.atr import GenreCarte
from sesam_desktop.cartes.ps import CartePS
from sesam_desktop.cartes.puce_vitale import IdentitePuce
from sesam_desktop.cartes.vitale import CarteVitale
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from . import apdu, profil_projet, puces
from .canal import SessionCarte

_TAILLE_NUMERO_SERIE = 12
_CODE_BLOQUE, _DERNIER_ESSAI_PERDU = 0x6983, 0x63C0


@dataclass(frozen=True, slots=True)
class PuceVitale:
    """Everything a Vitale says in clear."""

    identites: tuple[IdentitePuce, ...]
    debut_validite: date | None = None


@dataclass(frozen=True, slots=True)
class PuceCps:
    """Everything a CPS says in clear. `mise_a_jour` is the end of its last update, as written on it."""

    numero_serie: str
    mise_a_jour: str = ""


class SourceCartes(Protocol):
    """Where the part of a card that its chip does not give in clear comes from."""

    def pour_vitale(self, puce: PuceVitale) -> CarteVitale:
        """The card with its rights, or its public part alone (`droits_lus` False)."""

    def pour_ps(self, puce: PuceCps, *, situations: bool) -> CartePS:
        """The professional; the situations only when the code porteur was verified (`situations`)."""


def lire_puce_vitale(session: SessionCarte) -> PuceVitale:
    """Identity of every holder (master file) and their NIR (VITALE application). Raises ErreurConnue."""
    _exiger_lisible(session, GenreCarte.VITALE1, "Une carte Vitale de première génération")
    apdu.choisir_fichier(session, puces.MF)
    identites = apdu.lire_fichier(session, puces.SFI_VITALE)
    apdu.choisir_application(session, puces.APPLICATION_VITALE)
    numeros = apdu.lire_fichier(session, puces.SFI_VITALE)
    return PuceVitale(tuple(puce_vitale.identites(identites, numeros)), puce_vitale.debut_validite(identites))


def lire_puce_cps(session: SessionCarte) -> PuceCps:
    """Serial number (EF SN.ICC) and date of update. Raises ErreurConnue."""
    _exiger_lisible(session, GenreCarte.CPS2TER, "Une CPS2ter")
    apdu.choisir_fichier(session, puces.MF)
    apdu.choisir_fichier(session, puces.EF_NUMERO_SERIE)
    octets = apdu.lire_fichier(session, pas=puces.PAS_CPS)
    if len(octets) != _TAILLE_NUMERO_SERIE or octets[2:7] != puces.EMETTEUR_CPS:
        raise ErreurConnue(
            "Cette carte n'est pas une carte de professionnel de santé lisible.",
            code="CPS_INVALIDE",
            action="Essayez une autre carte CPS.",
            ou=session.fente.lecteur,
        )
    return PuceCps(octets[7:].hex().upper(), _mise_a_jour(session))


def verifier_code(session: SessionCarte, code: str) -> None:
    """Present the code porteur, once. Raises CODE_FAUX (tries left), CODE_BLOQUE; with nothing sent: CODE_INVALIDE,
    and CODE_NON_VERIFIABLE when the card does not confirm that it counts the tries of the reference we know.

    Never replayed by the program itself: three wrong codes lock the card.
    """
    if not re.fullmatch(r"[0-9]{4}", code):
        raise EntreeInvalide(
            "Le code porteur compte quatre chiffres.",
            code="CODE_INVALIDE",
            action="Ressaisissez-le : rien n'a été envoyé à la carte.",
        )
    essais = essais_restants(session)
    if essais is None:
        raise _code_non_verifiable(session)
    if essais == 0:
        raise _code_bloque()
    _, sw = apdu.envoyer(session, _presentation(code.encode("ascii")))
    if sw == apdu.OK:
        return
    if sw & 0xFFF0 == 0x63C0 and sw & 0xF:
        raise _code_faux(sw & 0xF)
    if sw in (_CODE_BLOQUE, _DERNIER_ESSAI_PERDU):
        raise _code_bloque()
    raise apdu.refus_de_la_carte(session, sw)


def essais_restants(session: SessionCarte) -> int | None:
    """Tries left for the code porteur, without presenting it; None when the card does not say."""
    apdu.choisir_fichier(session, puces.MF)
    donnees, sw = apdu.envoyer(session, puces.demande_essais(profil_projet.CODE_PORTEUR))
    if sw == apdu.OK:
        return _compteur(donnees)
    _, sw = apdu.envoyer(session, _presentation(b""))
    if sw & 0xFFF0 == 0x63C0:
        return sw & 0xF
    return 0 if sw == _CODE_BLOQUE else None


def exiger_meme_vitale(session: SessionCarte, puce: PuceVitale) -> None:
    """Re-read the chip and refuse it when it is not the one that was read. Raises CARTE_CHANGEE."""
    if lire_puce_vitale(session) != puce:
        raise ErreurConnue(
            "La carte Vitale insérée n'est pas celle du patient de la facture.",
            code="CARTE_CHANGEE",
            action="Réinsérez la carte du patient, ou relisez celle-ci pour une nouvelle facture.",
            ou=session.fente.lecteur,
        )


def exiger_meme_cps(session: SessionCarte, puce: PuceCps) -> None:
    """Re-read the serial number and refuse another professional's card. Raises CARTE_CHANGEE."""
    if lire_puce_cps(session).numero_serie != puce.numero_serie:
        raise ErreurConnue(
            "La carte CPS insérée n'est pas celle de la session ouverte.",
            code="CARTE_CHANGEE",
            action="Réinsérez votre carte, ou ouvrez une nouvelle session avec celle-ci.",
            ou=session.fente.lecteur,
        )


def _exiger_lisible(session: SessionCarte, genre: GenreCarte, nom: str) -> None:
    """Some old cards are recognised, but nothing public tells how to read them."""
    if session.fente.carte is genre:
        raise ErreurConnue(
            f"{nom} ne peut pas être lue par ce programme.",
            code="CARTE_NON_LUE",
            action="Utilisez une carte plus récente, ou facturez sans cette carte.",
            ou=session.fente.lecteur,
        )


def _code_non_verifiable(session: SessionCarte) -> ErreurConnue:
    return ErreurConnue(
        "Cette carte ne dit pas combien d'essais il reste : le code porteur ne lui a pas été envoyé.",
        code="CODE_NON_VERIFIABLE",
        action="Réglez dans Paramètres le module PKCS#11 fourni avec la carte.",
        ou=session.fente.lecteur,
    )


def _presentation(code: bytes) -> bytes:
    return apdu.commande(0x00, 0x20, 0x00, profil_projet.CODE_PORTEUR, code)


def _mise_a_jour(session: SessionCarte) -> str:
    """EF_ACTUA is hidden on some cards: its absence is no failure."""
    _, sw = apdu.envoyer(session, apdu.commande(0x00, 0xA4, 0x00, 0x00, puces.EF_ACTUALISATION.to_bytes(2, "big")))
    if sw != apdu.OK:
        return ""
    objet = tlv.trouver(tlv.lire(apdu.lire_fichier(session, pas=puces.PAS_CPS)), puces.ACTUALISATION)
    fin = tlv.trouver(tlv.lire(objet), puces.FIN_ACTUALISATION) if objet is not None else None
    return (fin or b"").decode("latin-1")


def _compteur(donnees: bytes) -> int | None:
    """The last object of the nested answer is the counter of remaining tries."""
    objets = tlv.lire(donnees)
    while objets:
        reste = tlv.trouver(objets, puces.ESSAIS_RESTANTS)
        if reste is not None:
            return int.from_bytes(reste, "big")
        objets = objets[-1].enfants()
    return None


def _code_faux(essais: int) -> ErreurConnue:
    reste = "il reste 1 essai" if essais == 1 else f"il reste {essais} essais"
    return ErreurConnue(
        f"Code porteur erroné : {reste} avant le blocage de la carte.",
        code="CODE_FAUX",
        action="Ressaisissez le code avec soin.",
    )


def _code_bloque() -> ErreurConnue:
    return ErreurConnue(
        "La carte CPS est bloquée : le code porteur a été erroné trois fois.",
        code="CODE_BLOQUE",
        action="Débloquez-la avec son code de déblocage, ou demandez une autre carte.",
    )
