"""What waits to leave, what the other side answered: told apart, because nothing of the latter is repaired here."""

from __future__ import annotations

from collections.abc import Iterator

from sesam_desktop.poste.diagnostic_constats import Constat, constat

from .examen import Controle, Examen


def corbeilles(examen: Examen) -> Iterator[Constat]:
    """What waits to leave, and what waits for somebody."""
    tableau = examen.tableau
    retards = sum(bool(fiche.motif) for fiche in tableau.en_attente)
    a_examiner = len(tableau.a_traiter) + len(tableau.courriers)
    if tableau.a_envoyer:
        yield constat("LOTS_A_ENVOYER", nombre=len(tableau.a_envoyer))
    if retards:
        yield constat("ARL_EN_RETARD", nombre=retards)
    if a_examiner:
        yield constat("RETOURS_A_TRAITER", nombre=a_examiner)
    if not (tableau.a_envoyer or retards or a_examiner):
        yield constat("CORBEILLES")


def services_distants(examen: Examen) -> Iterator[Constat]:
    """Refusals and delays of the funds and of the mail server: no fault of this computer."""
    tableau = examen.tableau
    refuses = sum(fiche.refuse for fiche in tableau.a_traiter)
    if refuses:
        yield constat("REJET_SERVEUR", nombre=refuses)
    reportes = sum(bool(fiche.motif) for fiche in tableau.a_envoyer)
    if reportes:
        yield constat("SERVICE_INDISPONIBLE", nombre=reportes)
    if tableau.non_rapproches:
        yield constat("FACTURE_INCONNUE_DU_SERVEUR", nombre=len(tableau.non_rapproches))


CONTROLES: tuple[Controle, ...] = (corbeilles, services_distants)
