"""The code porteur of a CPS: presented once, never guessed with, its tries counted without being spent."""

from __future__ import annotations

import re

from sesam_desktop.cartes import tlv
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue, FormatInvalide

from . import apdu, profil_projet, puces
from .canal import SessionCarte
from .cartes_non_lues import exiger_lisible

_CODE_BLOQUE = 0x6983
_FAUX, _COMPTES = 0x63, 0xC0  # 63Cx: x tries left
_ESSAIS_VRAISEMBLABLES = 15


def verifier_code(session: SessionCarte, code: str) -> None:
    """Present the code porteur, once. Raises CODE_FAUX (tries left), CODE_BLOQUE; with nothing sent: CODE_INVALIDE,
    CPS_INVALIDE or CARTE_NON_LUE (no card that takes one), and CODE_NON_VERIFIABLE when the card does not confirm that
    it counts the tries of the reference we know.

    Never replayed by the program itself: three wrong codes lock the card.
    """
    if not re.fullmatch(r"[0-9]{4}", code):
        raise EntreeInvalide(
            "Le code porteur compte quatre chiffres.",
            code="CODE_INVALIDE",
            action="Ressaisissez-le : rien n'a été envoyé à la carte.",
        )
    _exiger_cps(session)
    essais = essais_restants(session)
    if essais is None:
        raise _code_non_verifiable(session)
    if essais == 0:
        raise _code_bloque()
    _, sw = apdu.envoyer(session, _presentation(code.encode("ascii")))
    if sw == apdu.OK:
        return
    if sw >> 8 != _FAUX:
        raise _code_bloque() if sw == _CODE_BLOQUE else apdu.refus_de_la_carte(session, sw)
    essais = sw & 0xF if sw & 0xF0 == _COMPTES else essais - 1  # 6300: wrong, and the card counts in silence
    raise _code_faux(essais) if essais else _code_bloque()


def essais_restants(session: SessionCarte) -> int | None:
    """Tries left for the code porteur, without presenting it; None when the card does not say.

    Only GET DATA asks. ISO 7816-4 also allows a VERIFY without code, but nothing published says that every CPS leaves
    its counter alone then, and three wrong tries lock a card: no VERIFY ever leaves without four digits typed.
    """
    apdu.choisir_fichier(session, puces.MF)
    demande = puces.demande_essais(profil_projet.CODE_PORTEUR)
    donnees, sw = apdu.envoyer(session, demande)
    if sw == apdu.OK and not donnees:  # in T=1 an answer comes only when a length is expected
        donnees, sw = apdu.envoyer(session, demande + b"\0")
    return _compteur(donnees) if sw == apdu.OK else None


def _exiger_cps(session: SessionCarte) -> None:
    """Whoever calls, whatever slot they chose: a code goes to a CPS, and to one that takes it."""
    exiger_lisible(session)
    if not session.fente.carte.est_cps:
        raise ErreurConnue(
            "La carte de ce lecteur n'est pas une carte CPS : le code porteur ne lui a pas été envoyé.",
            code="CPS_INVALIDE",
            action="Insérez votre carte CPS, puce vers le lecteur.",
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


def _compteur(donnees: bytes) -> int | None:
    """The counter of remaining tries, in the last object of each level; None for anything that cannot be one."""
    reste = _reste(donnees)
    nombre = int.from_bytes(reste, "big")
    return nombre if len(reste) == 1 and nombre <= _ESSAIS_VRAISEMBLABLES else None


def _reste(donnees: bytes) -> bytes:
    """The object that holds the counter, b"" when there is none."""
    try:
        objets = tlv.lire(donnees)
        while objets:
            reste = tlv.trouver(objets, puces.ESSAIS_RESTANTS)
            if reste is not None:
                return reste
            objets = objets[-1].enfants()
    except FormatInvalide:
        return b""
    return b""


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
