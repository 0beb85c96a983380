"""Random lines of a pharmacy: boxes of a generic group, boxes under a TFR, preparations and services."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.referentiels import tables

MARQUE, GENERIQUE, SOUS_TFR = "3400900000201", "3400900000202", "3400900000203"
GROUPES = {
    MARQUE: {"taux": 6500, "prix": 3078, "honoraire": 102, "groupe": "1252", "type": "0"},
    GENERIQUE: {"taux": 6500, "prix": 1507, "honoraire": 102, "groupe": "1252"},
    SOUS_TFR: {"taux": 3000, "prix": 1000, "honoraire": 276},
}
TFR = {SOUS_TFR: {"prix": 700}}
_SUBSTITUTIONS = st.sampled_from([None, "0", "1", "2", "5", "6", "6", "NS", "MTE", "MTEPH", "EFG", "CIF"])
_LIBRES = st.sampled_from(["PMR", "PM4", "PM2", "PHN"])
OUVERTURE = date(2025, 1, 8)  # since then the services have had one price
_PRIX = [ligne for ligne in tables.charger("services_officine").lignes(OUVERTURE) if ligne["zone"] in ("metro", "*")]
_SERVICES = st.sampled_from([(ligne["code"], ligne["prix"]) for ligne in _PRIX if ligne["code"] != "UPH"])
_GARDES = st.sampled_from([("UPH", ligne["prix"]) for ligne in _PRIX if ligne["code"] == "UPH"])


@st.composite
def boite_de_groupe(draw: st.DrawFn) -> LigneSaisie:
    return LigneSaisie(
        "MEDICAMENT", draw(st.integers(1, 9)), cip13=draw(st.sampled_from(sorted(GROUPES))), ald=draw(st.booleans()),
        substitution=draw(_SUBSTITUTIONS), renouvellement=draw(st.integers(0, 3)),
    )


@st.composite
def preparation_ou_service(draw: st.DrawFn) -> LigneSaisie:
    acte, prix = draw(_SERVICES | st.tuples(_LIBRES, st.integers(0, 9_999)))
    return LigneSaisie(acte, draw(st.integers(1, 3)), prix_centimes=prix, ald=draw(st.booleans()))


@st.composite
def honoraires_de_l_ordonnance(draw: st.DrawFn) -> list[LigneSaisie]:
    """A box, with the fees that are asked once a prescription."""
    (acte, prix), ald = draw(_GARDES), draw(st.booleans())
    garde = [LigneSaisie(acte, prix_centimes=prix, ald=ald)] if draw(st.booleans()) else []
    return [replace(draw(boite_de_groupe()), ald=ald), LigneSaisie("HDE", ald=ald), *garde]


@st.composite
def boite_ouverte(draw: st.DrawFn) -> LigneSaisie:
    contenance = draw(st.integers(1, 120))
    entiere = replace(draw(boite_de_groupe()), quantite=1)
    return replace(entiere, unites=draw(st.integers(1, 3 * contenance)), unites_boite=contenance)
