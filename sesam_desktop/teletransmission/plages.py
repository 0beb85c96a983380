"""When mail leaves by itself: hours of the day, in the workstation's own time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

from sesam_desktop.noyau.erreurs import EntreeInvalide

_PLAGE = re.compile(r"\s*([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)\s*")


@dataclass(frozen=True, slots=True)
class Plages:
    """Pairs of start (kept) and end (left out); a pair whose end comes first crosses midnight. None: at any time."""

    bornes: tuple[tuple[time, time], ...] = ()

    def ouvertes(self, instant: datetime) -> bool:
        """Whether mail may leave by itself at this instant (with its time zone)."""
        heure = instant.astimezone().time()
        return not self.bornes or any(_dans(heure, debut, fin) for debut, fin in self.bornes)


A_TOUTE_HEURE = Plages()


def lire(texte: str, ou: str = "") -> Plages:
    """« 12:00-14:00, 20:00-23:00 »; empty: at any time. Raises PLAGES_INVALIDES with the part that is wrong."""
    return Plages(tuple(_borne(partie, ou) for partie in texte.split(","))) if texte.strip() else A_TOUTE_HEURE


def _borne(partie: str, ou: str) -> tuple[time, time]:
    lue = _PLAGE.fullmatch(partie)
    debut, fin = (time(int(lue[1]), int(lue[2])), time(int(lue[3]), int(lue[4]))) if lue else (time(), time())
    if debut == fin:  # nothing was read, or hours that say neither always nor never
        raise EntreeInvalide(
            f"La plage d'envoi « {partie.strip()} » n'est pas comprise.",
            code="PLAGES_INVALIDES",
            ou=ou,
            action="Écrivez des plages comme « 12:00-14:00, 20:00-23:00 », ou laissez vide pour envoyer à toute heure.",
        )
    return debut, fin


def _dans(heure: time, debut: time, fin: time) -> bool:
    return debut <= heure < fin if debut < fin else heure >= debut or heure < fin
