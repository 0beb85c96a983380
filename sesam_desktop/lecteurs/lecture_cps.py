"""What a CPS says: its serial number and the date of its last update."""

from __future__ import annotations

from dataclasses import dataclass

from sesam_desktop.cartes import tlv
from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide

from . import apdu, puces
from .canal import SessionCarte
from .cartes_non_lues import exiger_lisible

_TAILLE_NUMERO_SERIE = 12


@dataclass(frozen=True, slots=True)
class PuceCps:
    """Everything a CPS says in clear. `mise_a_jour` is the end of its last update, as written on it."""

    numero_serie: str
    mise_a_jour: str = ""


def lire_puce_cps(session: SessionCarte) -> PuceCps:
    """Serial number (EF SN.ICC) and date of update. Raises ErreurConnue."""
    exiger_lisible(session)
    apdu.choisir_chemin(session, puces.MF, puces.EF_NUMERO_SERIE)
    octets = apdu.lire_fichier(session, pas=puces.PAS_CPS)
    serie, remplissage = octets[:_TAILLE_NUMERO_SERIE], octets[_TAILLE_NUMERO_SERIE:]
    if len(serie) != _TAILLE_NUMERO_SERIE or serie[2:7] != puces.EMETTEUR_CPS or remplissage.strip(b"\x00\xff"):
        raise ErreurConnue(
            "Cette carte n'est pas une carte de professionnel de santé lisible.",
            code="CPS_INVALIDE",
            action="Essayez une autre carte CPS, ou réglez son module PKCS#11 dans Paramètres.",
            ou=session.fente.lecteur,
        )
    return PuceCps(serie[7:].hex().upper(), _mise_a_jour(session))


def _mise_a_jour(session: SessionCarte) -> str:
    """End of the last update. EF_ACTUA is hidden on some cards: not being allowed to see it is no failure.

    One that can be read must be whole: the card's own library takes an empty or unfinished one for an unusable card.
    """
    try:
        apdu.choisir_chemin(session, puces.MF, puces.EF_ACTUALISATION)
        octets = apdu.lire_fichier(session, pas=puces.PAS_CPS)
    except apdu.RefusCarte:
        return ""
    debut, fin = _actualisation(octets)
    if not debut or not fin:
        raise ErreurConnue(
            "La dernière mise à jour de cette carte CPS ne s'est pas terminée : elle n'est pas utilisable.",
            code="CPS_MISE_A_JOUR_INACHEVEE",
            action="Terminez sa mise à jour avec l'outil de l'ANS, ou utilisez une autre carte.",
            ou=session.fente.lecteur,
        )
    return fin.decode("ascii") if fin.isdigit() else fin.hex().upper()


def _actualisation(octets: bytes) -> tuple[bytes, bytes]:
    """Start and end of the last update, b"" for what is not there."""
    try:
        objet = tlv.trouver(tlv.lire(octets), puces.ACTUALISATION) or b""
        dates = tlv.lire(objet)
    except FormatInvalide:
        return b"", b""
    debut, fin = (tlv.trouver(dates, etiquette) or b"" for etiquette in puces.DATES_ACTUALISATION)
    return debut, fin
