"""Checks of one record alone, the same for every norm: shape, characters, allowed values, presence, dates."""

from __future__ import annotations

import calendar
from collections.abc import Iterator

from sesam_desktop.noyau.erreurs import FormatInvalide

from . import caracteres
from .anomalie import Anomalie
from .enregistrement import Enregistrement
from .zones import Zone


def controler(enregistrement: Enregistrement) -> Iterator[Anomalie]:
    """Anomalies of one record whose type is known; a record that cannot be decoded gives only that one."""
    layout = enregistrement.layout
    if layout is None:
        yield _type_inconnu(enregistrement)
        return
    try:
        layout.lire(enregistrement.octets, enregistrement.ligne)
    except FormatInvalide as erreur:
        yield Anomalie.depuis(erreur)
        return
    texte = enregistrement.octets.decode(caracteres.CODAGE)
    for zone in layout.zones:
        brut = zone.extrait(texte)
        for code, message in _fautes(zone, brut, layout.jeu):
            yield anomalie(enregistrement, zone.nom, code, message)


def anomalie(
    enregistrement: Enregistrement, zone: str, code: str, message: str, *, avertissement: bool = False
) -> Anomalie:
    """An anomaly placed on one zone of a record (on the record itself when `zone` is not one of its zones)."""
    trouvee = enregistrement.layout.par_nom.get(zone) if enregistrement.layout else None
    position = trouvee.position if trouvee else 0
    return Anomalie(enregistrement.ligne, position, zone if trouvee else "", code, message, avertissement)


def _type_inconnu(enregistrement: Enregistrement) -> Anomalie:
    """A type that the tables do not describe may exist (4D, 2B…): only what is no type at all is an error."""
    message = f"Le type d'enregistrement « {enregistrement.type} » n'est pas décrit : il n'est pas contrôlé."
    return anomalie(enregistrement, "", "TYPE_INCONNU", message, avertissement=enregistrement.type != "?")


def _fautes(zone: Zone, brut: str, jeu: caracteres.Jeu) -> Iterator[tuple[str, str]]:
    valeur = brut.rstrip(" ")
    if not valeur and not zone.facultative and "" not in zone.valeurs:
        yield "ABSENT", f"« {zone.libelle} » est obligatoire."
    elif zone.valeurs and valeur not in zone.valeurs and not _zeros_facultatifs(zone, valeur):
        admises = ", ".join(v or "blanc" for v in zone.valeurs)
        yield "VALEUR", f"« {zone.libelle} » n'admet que : {admises}."
    elif not zone.numerique and valeur not in zone.valeurs and any(c not in jeu.ecrits for c in valeur):
        yield "CARACTERE", f"« {zone.libelle} » contient un caractère que la norme n'admet pas."
    elif zone.type == "D" and not date_plausible(valeur):
        yield "DATE", f"« {zone.libelle} » n'est pas une date AAMMJJ."


def _zeros_facultatifs(zone: Zone, valeur: str) -> bool:
    return zone.facultative and zone.numerique and not valeur.strip("0")


def date_plausible(aammjj: str) -> bool:
    """True for zeros or blanks (no date) and for a day of the calendar; the century does not matter here."""
    if not aammjj.strip("0"):
        return True
    annee, mois, jour = 2000 + int(aammjj[:2]), int(aammjj[2:4]), int(aammjj[4:])
    return 1 <= mois <= 12 and 1 <= jour <= calendar.monthrange(annee, mois)[1]
