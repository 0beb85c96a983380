"""The fictitious cards of `resources/demonstration/cartes.toml`, for the demonstration, the training and the tests."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Any

from sesam_desktop.noyau.identifiants import cle_nir
from sesam_desktop.noyau.ressources import ressource

from .atr import GenreCarte
from .duo import CarteDuo
from .ps import CartePS, Identification, Remplacant, Situation, Structure
from .puce_vitale import IdentitePuce
from .vitale import (
    AccidentTravail,
    Amc,
    Assure,
    Beneficiaire,
    CarteVitale,
    Couverture,
    Mutuelle,
    Periode,
    ServiceAmo,
)


def cartes_de_demonstration() -> list[tuple[str, CarteVitale]]:
    """Vitale cards by short name: assure, famille, ald, regime-local, c2s, amc, opposition, tribu, expiree, lunaire…"""
    return [(carte["nom"], _vitale(carte)) for carte in _description()["vitale"]]


def cartes_ps_de_demonstration() -> list[tuple[str, CartePS]]:
    """CPS by short name: one of each trade, then infirmiere-remplacante, preparateur (a CPE), medecin-cps4."""
    return [(carte["nom"], _ps(carte)) for carte in _description()["ps"]]


def cartes_duo_de_demonstration() -> list[tuple[str, CarteDuo]]:
    """Complementary cards by short name."""
    return [(carte["nom"], _duo(carte)) for carte in _description()["duo"]]


def puce_de_demonstration(nom: str) -> GenreCarte:
    """The generation of this professional's card."""
    [puce] = (carte.get("puce", "cps3") for carte in _description()["ps"] if carte["nom"] == nom)
    return GenreCarte(puce)


@lru_cache(maxsize=1)
def _description() -> dict[str, Any]:
    return tomllib.loads(ressource("demonstration", "cartes.toml").read_text(encoding="utf-8"))


def _vitale(carte: dict[str, Any]) -> CarteVitale:
    assure = carte["assure"]
    return CarteVitale(
        type=carte["type"],
        numero_serie=carte["numero_serie"],
        fin_validite=carte.get("fin_validite"),
        assure=Assure(cle=cle_nir(assure["nir"]), **assure),
        beneficiaires=tuple(_beneficiaire(personne) for personne in carte["beneficiaires"]),
        at=tuple(AccidentTravail(**at) for at in carte.get("at", ())),
    )


def _beneficiaire(personne: dict[str, Any]) -> Beneficiaire:
    lues = {
        "adresse": tuple(personne["adresse"]),
        "droits": tuple(_periode(p) for p in personne["droits"]),
        "couvertures": tuple(_couverture(c) for c in personne["couvertures"]),
        "cle": cle_nir(personne["nir_certifie"]) if "nir_certifie" in personne else "00",
        "service_amo": ServiceAmo(**personne.get("service_amo", {})),
        "mutuelle": _mutuelle(personne["mutuelle"]) if "mutuelle" in personne else None,
        "amc": Amc(**personne["amc"]) if "amc" in personne else None,
    }
    return Beneficiaire(**{"nom_patronymique": personne["nom_usuel"]} | personne | lues)


def _periode(periode: dict[str, Any]) -> Periode:
    return Periode(periode["debut"], periode.get("fin"))


def _couverture(couverture: dict[str, Any]) -> Couverture:
    return Couverture(couverture["debut"], couverture.get("fin"), couverture["ald"], couverture["situation"])


def _mutuelle(mutuelle: dict[str, Any]) -> Mutuelle:
    return Mutuelle(**mutuelle | {"droits": tuple(_periode(p) for p in mutuelle["droits"])})


def _ps(carte: dict[str, Any]) -> CartePS:
    return CartePS(
        type_carte=carte["type_carte"],
        identification=Identification(**carte["identification"]),
        civilite=carte["civilite"],
        nom=carte["nom_titulaire"],
        prenom=carte["prenom"],
        situations=tuple(_situation(situation) for situation in carte["situations"]),
        numero_serie=carte["numero_serie"],
    )


def _duo(carte: dict[str, Any]) -> CarteDuo:
    personnes = tuple(
        IdentitePuce(p["nom"], p["prenom"], p["naissance"], *((p["nir"], cle_nir(p["nir"])) if "nir" in p else ()))
        for p in carte["personnes"]
    )
    return CarteDuo(carte["numero_serie"], personnes, Amc(**carte["amc"]))


def _situation(situation: dict[str, Any]) -> Situation:
    lues = {
        "structure": Structure(**situation["structure"]),
        "agrements": tuple(situation["agrements"]),
        "remplacant": Remplacant(**situation["remplacant"]) if "remplacant" in situation else None,
    }
    return Situation(**situation | lues)
