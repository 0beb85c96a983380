"""Readings of cards in sentences: a test just made, and the evidence of the last ones."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from ..composants.bandeau import phrase

if TYPE_CHECKING:
    from sesam_desktop.poste.essai_lecture import EssaiCarte
    from sesam_desktop.poste.temoin_lectures import Lecture

CARTES = {"cps": "Carte CPS", "vitale": "Carte Vitale"}
_CENTIEME_S = 0.01
_ABSENTES = ("CPS_ABSENTE", "VITALE_ABSENTE")


def phrase_essai(carte: EssaiCarte) -> tuple[str, str]:
    """State word and sentence of one card of a test reading."""
    nom = CARTES[carte.role]
    if carte.erreur is None:
        return "fait", f"{nom} de {carte.titulaire} lue en {secondes(carte.duree_s)}."
    mot = "à faire" if carte.erreur.code in _ABSENTES else "bloqué"
    return mot, f"{nom} : {phrase(carte.erreur)} [{carte.erreur.code}]"


def phrase_lecture(role: str, lecture: Lecture | None) -> tuple[str, str]:
    """State word and sentence of the last reading remembered."""
    nom = CARTES[role]
    if lecture is None:
        return "à faire", f"{nom} : aucune lecture connue sur ce poste."
    quand = moment(lecture.instant, date.today())  # noqa: DTZ011 - the counter's own day
    if lecture.reussie:
        return "fait", f"{nom} lue {quand}, en {secondes(lecture.duree_s)}."
    return "à corriger", f"{nom} : la lecture a échoué {quand} [{lecture.code}]."


def secondes(duree: float) -> str:
    """``0,42 s``."""
    if duree < _CENTIEME_S:
        return "moins de 0,01\u00a0s"
    return f"{duree:.2f} s".replace(".", ",").replace(" ", "\u00a0")


def moment(instant: datetime, jour: date) -> str:
    """``aujourd'hui à 08:12`` or ``le 21/11/2026 à 08:12``, in the counter's own time."""
    local = instant.astimezone()
    quand = "aujourd'hui" if local.date() == jour else f"le {local:%d/%m/%Y}"
    return f"{quand} à {local:%H:%M}"
