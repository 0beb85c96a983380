"""Scenarios as data: one TOML file each in `resources/frontal/scenarios`, or anywhere else (docs/frontal.md)."""

from __future__ import annotations

import tomllib
from dataclasses import fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.ressources import ressource

from .refus import Motif
from .regle import Anomalie, Etape, IncidentSmtp, Issue, Scenario

__all__ = ["Anomalie", "Issue", "Scenario", "charger", "noms"]

_CODE_MAX, _LIBELLE_MAX = 10, 80   # of a 290 entity


def noms() -> list[str]:
    """Names of the scenarios shipped with the program."""
    return sorted(chemin.stem for chemin in ressource("frontal", "scenarios").glob("*.toml"))


def charger(nom: str) -> Scenario:
    """The scenario of that name, or of that TOML file. EntreeInvalide when there is none or it cannot be read."""
    chemin = Path(nom) if nom.endswith(".toml") else ressource("frontal", "scenarios") / f"{nom}.toml"
    try:
        donnees = tomllib.loads(chemin.read_text(encoding="utf-8"))
        scenario = _construire(Scenario, {**donnees, "nom": chemin.stem})
        _exiger_coherent(scenario)
    except FileNotFoundError:
        raise EntreeInvalide(
            f"Le scénario « {nom} » n'existe pas.",
            code="SCENARIO_INCONNU",
            action=f"Scénarios disponibles : {', '.join(noms())}.",
        ) from None
    except (OSError, ValueError) as erreur:  # UnicodeDecodeError and TOMLDecodeError are ValueErrors
        raise EntreeInvalide(
            f"Le scénario « {nom} » est illisible : {erreur}.",
            code="SCENARIO_ILLISIBLE",
            action="Corrigez le fichier ou choisissez un scénario livré avec le programme.",
        ) from None
    return scenario


def _construire(classe: Any, donnees: dict[str, Any]) -> Any:
    """A value of `classe` from a TOML table. Raises ValueError naming what is wrong."""
    types = get_type_hints(classe)
    for cle in donnees:
        if cle not in types:
            raise ValueError(f"réglage « {cle} » inconnu")
    manquants = [c.name for c in fields(classe) if c.name not in donnees and _obligatoire(c)]
    if manquants:
        raise ValueError(f"réglage « {manquants[0]} » absent")
    return classe(**{cle: _valeur(types[cle], valeur, cle) for cle, valeur in donnees.items()})


def _obligatoire(champ: Any) -> bool:
    return champ.default is champ.default_factory  # both are MISSING


def _valeur(attendu: Any, valeur: Any, cle: str) -> Any:
    if isinstance(attendu, UnionType):
        attendu = next(genre for genre in get_args(attendu) if genre is not NoneType)
    if get_args(attendu):  # a tuple of tables
        if not isinstance(valeur, list) or not all(isinstance(element, dict) for element in valeur):
            raise ValueError(f"« {cle} » s'écrit [[{cle}]]")
        return tuple(_construire(get_args(attendu)[0], element) for element in valeur)
    if is_dataclass(attendu):
        if not isinstance(valeur, dict):
            raise ValueError(f"« {cle} » s'écrit [{cle}]")
        return _construire(attendu, valeur)
    return _simple(attendu, valeur, cle)


def _simple(attendu: Any, valeur: Any, cle: str) -> Any:
    if issubclass(attendu, StrEnum):
        admises = {mot.name.lower(): mot for mot in attendu} | {str(mot.value): mot for mot in attendu}
        if valeur not in admises:
            raise ValueError(f"réglage « {cle} » : {valeur!r} n'est pas admis")
        return admises[valeur]
    admis = (int, float) if attendu is float else (attendu,)
    if type(valeur) not in admis or (attendu in (int, float) and valeur < 0):
        raise ValueError(f"réglage « {cle} » mal écrit")
    return valeur


def _exiger_coherent(scenario: Scenario) -> None:
    if sum(sur_cent for _, sur_cent in scenario.parts()) > 100:
        raise ValueError("les parts dépassent cent factures sur cent")
    if (scenario.rejets_sur_cent or scenario.partielles_sur_cent) and scenario.motif_rejet is None:
        raise ValueError("« motif_rejet » manque")
    if scenario.signalements_sur_cent and scenario.motif_signalement is None:
        raise ValueError("« motif_signalement » manque")
    if scenario.arl_force and scenario.arl_force.code not in list(Motif):
        raise ValueError(f"code d'ARL inconnu « {scenario.arl_force.code} »")
    for motif in (scenario.motif_rejet, scenario.motif_signalement, scenario.arl_force):
        if motif and (len(motif.code) > _CODE_MAX or len(motif.libelle) > _LIBELLE_MAX):
            raise ValueError(f"code ou libellé trop long : « {motif.code} »")
    for incident in scenario.smtp:
        _exiger_possible(incident)


def _exiger_possible(incident: IncidentSmtp) -> None:
    if bool(incident.code) == bool(incident.coupure):
        raise ValueError("un incident SMTP a soit un code, soit une coupure")
    if incident.code and not 400 <= incident.code < 600:
        raise ValueError(f"code SMTP {incident.code} hors de 400 à 599")
    if not incident.texte.isascii():
        raise ValueError("le texte d'une réponse SMTP s'écrit sans accent")
    if incident.coupure and incident.etape is not Etape.CONTENU:
        raise ValueError("une coupure va avec l'étape « contenu »")
