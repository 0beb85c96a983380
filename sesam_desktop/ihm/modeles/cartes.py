"""What is said of each card, as (state word, sentence part): the strip and the first page use the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sesam_desktop.noyau import dates

from .professions import METIERS, TITRE_DOCTEUR
from .titulaires import nom_ps, nom_vitale

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import Situation

    from ..etat_poste import EtatPoste

Etat = tuple[str, str]


def etat_cps(etat: EtatPoste, *, court: bool = False) -> Etat:
    """The professional's card: none, too many, its code or its situation to be said, or ready to sign.

    `court`: where room is short, the trade gives its place to the name of the patient.
    """
    if etat.presence.panne:
        return "bloqué", "Lecteurs arrêtés"
    if etat.presence.cps > 1:
        return "à corriger", f"{etat.presence.cps} CPS : n'en laissez qu'une"
    if etat.ps is None:
        return "à faire", "CPS à insérer"
    if not etat.session_ouverte:      # before the code nothing tells the trade of this holder
        return "à faire", f"CPS {nom_ps(etat.ps)} · code à saisir"
    titre = "Dr " if etat.profession in TITRE_DOCTEUR else ""
    nom = f"CPS {titre}{nom_ps(etat.ps)}"
    if etat.situation_a_choisir:
        return "à faire", f"{nom} · situation à choisir"
    metier = "" if court or etat.profession not in METIERS else f" · {METIERS[etat.profession].nom}"
    return "fait", f"{nom}{metier}{_remplacement(etat)}"


def etat_vitale(etat: EtatPoste) -> Etat:
    """The patient's card: none, too many, a test one beside a real one, out of date, or whose it is."""
    if etat.presence.vitale > 1:
        return "à corriger", f"{etat.presence.vitale} Vitale : n'en laissez qu'une"
    carte = etat.vitale
    if carte is None:
        return _vitale_attendue(etat)
    nom = f"Vitale {nom_vitale(carte)}"
    if etat.melange:
        return "bloqué", f"{nom} · carte de test et carte réelle mélangées"
    if carte.fin_validite is not None and carte.expiree(etat.jour):
        return "à corriger", f"{nom} · carte expirée le {dates.formater(carte.fin_validite)}"
    return "fait", nom


def _vitale_attendue(etat: EtatPoste) -> Etat:
    """Somebody who has just put a card in is told what is wrong with it, not to put one in."""
    if etat.presence.muettes:
        return "à corriger", "Carte muette : vérifiez son sens"
    if etat.presence.inconnues:
        return "à corriger", "Carte non reconnue"
    return "à faire", "Vitale à insérer"


def etat_duo(etat: EtatPoste) -> Etat | None:
    """The complementary insurer's card; None when there is none: nobody waits for it."""
    if etat.duo is None:
        return ("à faire", "Carte complémentaire non lue") if etat.presence.duo else None
    nom = f"AMC {etat.duo.amc.numero_b2}"
    return ("fait", nom) if etat.duo.valide(etat.jour) else ("à corriger", f"{nom} · carte périmée")


def etat_loe(etat: EtatPoste) -> Etat:
    """Age of the opposition list."""
    if not etat.loe:
        return "à faire", "LOE à importer"
    return "fait" if etat.loe_a_jour else "à corriger", f"LOE {etat.loe}"


def lieu(situation: Situation) -> str:
    """Where the professional works, in a few words: for the button of the strip."""
    if _remplace(situation):
        return f"remplace le n° {situation.numero_facturation}"
    return situation.structure.raison_sociale or f"n° {situation.numero_facturation}"


def _remplace(situation: Situation) -> bool:
    from sesam_desktop.poste.situations import est_remplacant

    return est_remplacant(situation)


def _remplacement(etat: EtatPoste) -> str:
    """A single situation has no button: a stand-in is said in the text."""
    seule = etat.situation if len(etat.situations) == 1 else None
    return f" · {lieu(seule)}" if seule is not None and _remplace(seule) else ""
