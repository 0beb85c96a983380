"""What the frontal answers, as data: one TOML file a scenario in `resources/frontal/scenarios`.

Which invoice is paid, rejected, signalled or paid short depends on its number alone, so a run can be repeated and
its totals foreseen.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.ressources import ressource

from .refus import Motif

_ETALEMENT = 37  # prime to 100: consecutive invoice numbers fall far apart, all hundred ranks are used once


class Issue(StrEnum):
    """What becomes of an invoice in the NOEMIE return."""

    PAYEE = "payee"
    REJET = "rejet"
    SIGNALEMENT = "signalement"
    MONTANT_DIFFERENT = "montant_different"


@dataclass(frozen=True, slots=True)
class Anomalie:
    """A code and label put in a 294 entity, or the code and label of a forced ARL−."""

    code: str
    libelle: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way for the frontal to behave. Shares are invoices out of one hundred; the rest is paid."""

    nom: str
    libelle: str
    refus_smtp: int = 0            # SMTP code answered instead of 250, nothing is stored
    delai_traitement_s: float = 0  # between the 250 and the treatment
    repondre: bool = True
    arl_force: Anomalie | None = None
    noemie_envois: int = 1
    noemie_delai_s: float = 0      # between the ARL and the NOEMIE return
    rejets_sur_cent: int = 0
    signalements_sur_cent: int = 0
    montants_differents_sur_cent: int = 0
    retenue_centimes: int = 0      # what is missing from an invoice paid short
    motif_rejet: Anomalie | None = None
    motif_signalement: Anomalie | None = None

    def issue(self, numero_facture: str) -> Issue:
        """What this scenario does of an invoice, from its number."""
        rang = int(numero_facture) * _ETALEMENT % 100
        for issue, part in (
            (Issue.REJET, self.rejets_sur_cent),
            (Issue.SIGNALEMENT, self.signalements_sur_cent),
            (Issue.MONTANT_DIFFERENT, self.montants_differents_sur_cent),
        ):
            if rang < part:
                return issue
            rang -= part
        return Issue.PAYEE


_NOMBRES = {champ.name for champ in fields(Scenario) if champ.type in ("int", "float")}
_TYPES: dict[str, Any] = {"libelle": str, "repondre": bool, **dict.fromkeys(_NOMBRES, (int, float))}
_TYPES |= {champ.name: dict for champ in fields(Scenario) if champ.type == "Anomalie | None"}


def noms() -> list[str]:
    """Names of the scenarios shipped with the program."""
    return sorted(chemin.stem for chemin in ressource("frontal", "scenarios").glob("*.toml"))


def charger(nom: str) -> Scenario:
    """The scenario of that name, or of that TOML file. EntreeInvalide when there is none or it cannot be read."""
    chemin = Path(nom) if nom.endswith(".toml") else ressource("frontal", "scenarios") / f"{nom}.toml"
    try:
        donnees = tomllib.loads(chemin.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise EntreeInvalide(
            f"Le scénario « {nom} » n'existe pas.",
            code="SCENARIO_INCONNU",
            action=f"Scénarios disponibles : {', '.join(noms())}.",
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as erreur:
        raise _illisible(nom, str(erreur)) from None
    return _scenario(chemin.stem, donnees)


def _scenario(nom: str, donnees: dict[str, Any]) -> Scenario:
    for cle, valeur in donnees.items():
        if cle not in _TYPES or not isinstance(valeur, _TYPES[cle]) or (cle in _NOMBRES and valeur < 0):
            raise _illisible(nom, f"réglage « {cle} » inconnu ou mal écrit")
    try:
        anomalies = {cle: Anomalie(**valeur) for cle, valeur in donnees.items() if isinstance(valeur, dict)}
        scenario = Scenario(**{"nom": nom, **donnees, **anomalies})
    except TypeError as erreur:
        raise _illisible(nom, str(erreur)) from None
    _exiger_coherent(scenario)
    return scenario


def _exiger_coherent(scenario: Scenario) -> None:
    if scenario.rejets_sur_cent + scenario.signalements_sur_cent + scenario.montants_differents_sur_cent > 100:
        raise _illisible(scenario.nom, "les parts dépassent cent factures sur cent")
    if scenario.rejets_sur_cent and scenario.motif_rejet is None:
        raise _illisible(scenario.nom, "« motif_rejet » manque")
    if scenario.signalements_sur_cent and scenario.motif_signalement is None:
        raise _illisible(scenario.nom, "« motif_signalement » manque")
    if scenario.arl_force and scenario.arl_force.code not in list(Motif):
        raise _illisible(scenario.nom, f"code d'ARL inconnu « {scenario.arl_force.code} »")


def _illisible(nom: str, raison: str) -> EntreeInvalide:
    return EntreeInvalide(
        f"Le scénario « {nom} » est illisible : {raison}.",
        code="SCENARIO_ILLISIBLE",
        action="Corrigez le fichier ou choisissez un scénario livré avec le programme.",
    )
