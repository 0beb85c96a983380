"""Cards that are recognised and cannot be read here, each with what to do instead."""

from __future__ import annotations

from sesam_desktop.cartes.atr import GenreCarte
from sesam_desktop.noyau.erreurs import ErreurConnue

from .canal import SessionCarte

_NON_LUES = {
    GenreCarte.VITALE1: (
        "Une carte Vitale de première génération se lit seulement avec les bibliothèques SSV du GIE SESAM-Vitale.",
        "Réglez leur dossier dans Paramètres, ou facturez sans cette carte.",
    ),
    GenreCarte.CPS2TER: (
        "Une CPS2ter est reconnue, mais ses données ne sont pas publiques.",
        "Réglez dans Paramètres le module PKCS#11 ou les bibliothèques SSV du GIE SESAM-Vitale.",
    ),
    GenreCarte.CPS3_SANS_CONTACT: (
        "Cette carte CPS est posée sur un lecteur sans contact : elle ne peut ni présenter son code ni signer.",
        "Insérez-la dans une fente, puce vers le lecteur.",
    ),
}


def exiger_lisible(session: SessionCarte) -> None:
    """Some cards are recognised, but nothing public tells how to read them, or they give nothing that way."""
    if session.fente.carte in _NON_LUES:
        message, action = _NON_LUES[session.fente.carte]
        raise ErreurConnue(message, code="CARTE_NON_LUE", action=action, ou=session.fente.lecteur)
