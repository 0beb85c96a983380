"""Checks of one record alone, the same for every norm: shape, characters, allowed values, presence, dates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sesam_desktop.noyau.erreurs import FormatInvalide

from . import caracteres
from .anomalie import Anomalie
from .enregistrement import Enregistrement
from .table_zones import Zone, date_plausible


def controler(enregistrement: Enregistrement, *, chiffre: bool = False) -> Iterator[Anomalie]:
    """Anomalies of one record whose type is known; a record that cannot be decoded gives only that one.

    `chiffre`: the file says that its sensitive zones travel apart, so that a blank there is no fault by itself.
    """
    layout = enregistrement.layout
    if layout is None:
        yield _type_inconnu(enregistrement)
        return
    texte = enregistrement.octets.decode(caracteres.CODAGE)
    if layout.est_juste(texte):
        return
    try:
        layout.lire(enregistrement.octets, enregistrement.ligne)
    except FormatInvalide as erreur:
        yield Anomalie.depuis(erreur)
        return
    for zone in layout.zones:
        for faute in _fautes(zone, zone.extrait(texte), layout.jeu, chiffre):
            yield anomalie(enregistrement, zone.nom, faute.code, faute.message, avertissement=faute.avertissement)


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


class _Faute(NamedTuple):
    code: str
    message: str
    avertissement: bool = False


def _fautes(zone: Zone, brut: str, jeu: caracteres.Jeu, chiffre: bool) -> Iterator[_Faute]:
    valeur = brut.rstrip(" ")
    if not valeur and not zone.facultative and "" not in zone.valeurs:
        yield _absence(zone, chiffre and zone.sensible)
    elif zone.valeurs and valeur not in zone.valeurs and not _zeros_facultatifs(zone, valeur):
        yield _hors_liste(zone)
    elif not zone.numerique and valeur not in zone.valeurs and any(c not in jeu.ecrits for c in valeur):
        yield _Faute("CARACTERE", f"« {zone.libelle} » contient un caractère que la norme n'admet pas.")
    elif zone.type == "D" and not date_plausible(valeur):
        yield _Faute("DATE", f"« {zone.libelle} » n'est pas une date AAMMJJ.")


def _absence(zone: Zone, chiffree: bool) -> _Faute:
    if chiffree:
        return _Faute("CHIFFREE", f"« {zone.libelle} » est à blanc : absente, ou transportée chiffrée.", True)
    return _Faute("ABSENT", f"« {zone.libelle} » est obligatoire.")


def _hors_liste(zone: Zone) -> _Faute:
    if zone.ouverte:
        return _Faute("VALEUR", f"« {zone.libelle} » porte une valeur que ce programme ne connaît pas.", True)
    admises = ", ".join(v or "blanc" for v in zone.valeurs)
    return _Faute("VALEUR", f"« {zone.libelle} » n'admet que : {admises}.")


def _zeros_facultatifs(zone: Zone, valeur: str) -> bool:
    return zone.facultative and zone.numerique and not valeur.strip("0")
