"""Checks that talk to the outside: the professional's chip (never its code), the mail servers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue

from .controles_passifs import seuils
from .diagnostic import Constat, Controle, Niveau, depuis

if TYPE_CHECKING:
    from .poste import Poste

_CARTE_SANS_OBJET = ("CPS_ABSENTE", "LECTEUR_ABSENT", "SERVICE_CARTES_ARRETE", "LECTEURS_SANS_REPONSE")


def carte_ps(poste: Poste, _jour: date) -> Iterator[Constat]:
    """Does the professional's chip answer? Only what it gives without its code."""
    from sesam_desktop.lecteurs.lecture import lire_puce_cps

    try:
        with poste.lecteurs.gestionnaire.ouvrir("cps") as session:
            lire_puce_cps(session)
    except ErreurConnue as erreur:
        if erreur.code not in _CARTE_SANS_OBJET:  # already said by the passive checks
            yield depuis(erreur)
        return
    yield Constat("CPS_LUE", Niveau.INFO, "La puce de la carte du professionnel répond.")


def serveurs(poste: Poste, _jour: date) -> Iterator[Constat]:
    """Can mail leave and be fetched: connection, certificate, password; no message is sent nor taken."""
    from sesam_desktop.teletransmission.pop import session_pop
    from sesam_desktop.teletransmission.smtp import SessionSmtp

    parametres = poste.environnement.parametres_courrier(poste.configuration)
    try:
        parametres.exiger_envoi()
        parametres.exiger_retrait()
    except ErreurConnue:
        return  # already said by the passive checks
    parametres = replace(parametres, delai_s=float(seuils()["delai_serveur_s"]))
    try:
        with SessionSmtp(parametres) as session:
            session.verifier()
    except ErreurConnue as erreur:
        yield depuis(erreur)
    else:
        yield Constat("SMTP", Niveau.INFO, "Le serveur d'envoi accepte ce poste.")
    with session_pop(parametres):
        yield Constat("POP", Niveau.INFO, "Le serveur de retour accepte ce poste.")


ACTIFS: tuple[Controle, ...] = (carte_ps, serveurs)
