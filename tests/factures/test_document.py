from __future__ import annotations

import dataclasses
import json
import types
import typing
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sesam_desktop.factures import document
from sesam_desktop.factures import facture as f
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue, FormatInvalide
from tests.factures.exemples import PATIENT, facture_securisee

decimaux = st.decimals(allow_nan=False, allow_infinity=False)
fuseaux = st.none() | st.integers(-23, 23).map(lambda h: timezone(timedelta(hours=h)))
FEUILLES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    Decimal: decimaux,
    datetime: st.datetimes(timezones=fuseaux),
}


def valeurs(genre: Any) -> st.SearchStrategy[Any]:
    """Any value of a type of `facture`, field by field."""
    if dataclasses.is_dataclass(genre):
        return st.builds(genre, **{nom: valeurs(t) for nom, t in typing.get_type_hints(genre).items()})
    if typing.get_origin(genre) is tuple:
        return st.lists(valeurs(typing.get_args(genre)[0]), max_size=2).map(tuple)
    if typing.get_origin(genre) is types.UnionType:
        return st.none() | valeurs(typing.get_args(genre)[0])
    return FEUILLES.get(genre, st.from_type(genre))


@settings(max_examples=60, deadline=None)
@given(valeurs(f.FactureSecurisee))
def test_aller_et_retour_exact(fs: f.FactureSecurisee) -> None:
    octets = document.en_octets(fs)
    relue = document.depuis_octets(octets)
    assert relue == fs
    assert document.en_octets(relue) == octets


@given(decimaux)
def test_un_decimal_garde_son_ecriture(nombre: Decimal) -> None:
    """1 and 1.00 are equal numbers but different documents."""
    ligne = f.LigneSaisie(acte="AMI", coefficient=nombre)
    relue = document.valeur_depuis_json(f.LigneSaisie, document.valeur_en_json(ligne))
    assert relue.coefficient.as_tuple() == nombre.as_tuple()


def test_la_forme_canonique() -> None:
    """Keys sorted, no space, UTF-8, dates and decimals as text: written by hand for one line."""
    ligne = f.Regle(code="É", texte='a"b', source="s", version="1")
    assert document.valeur_en_json(ligne) == (
        '{"a_confirmer":false,"code":"É","source":"s","sur":"","texte":"a\\"b","version":"1"}'
    )
    prescription = f.Prescription(date=date(2026, 3, 1))
    assert json.loads(document.valeur_en_json(prescription))["date"] == "2026-03-01"
    octets = document.en_octets(facture_securisee())
    assert octets.startswith(b'{"document":{"empreinte":"')
    assert octets.endswith(b',"format":"facture-securisee-1"}')
    assert b'"valeur":"Af8="' in octets  # RFC 4648 base64 of 01 FF
    assert b'"signe_le":"2026-03-02T09:30:00+00:00"' in octets


def test_un_champ_ajoute_depuis_est_lu_a_sa_valeur_par_defaut() -> None:
    ancien = json.loads(document.en_octets(facture_securisee()))
    del ancien["document"]["facture"]["remplace"]
    assert document.depuis_octets(json.dumps(ancien).encode()) == facture_securisee()


def _chemins(valeur: Any, chemin: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    enfants = valeur.items() if isinstance(valeur, dict) else enumerate(valeur) if isinstance(valeur, list) else ()
    return [chemin, *(c for cle, v in enfants for c in _chemins(v, (*chemin, cle)))]


EXEMPLE = json.loads(document.en_octets(facture_securisee()))


@given(
    st.sampled_from(_chemins(EXEMPLE)[1:]),
    st.sampled_from([None, True, 1, -1.5, "", "x", [], [1], {}, {"x": 1}, "NaN", "2026-02-30", "é"]),
)
def test_une_valeur_d_un_autre_type_est_refusee_ou_lue(chemin: tuple[Any, ...], valeur: Any) -> None:
    lu = json.loads(json.dumps(EXEMPLE))
    cible = lu
    for cle in chemin[:-1]:
        cible = cible[cle]
    cible[chemin[-1]] = valeur
    _lire_ou_refuser(json.dumps(lu).encode())


@given(st.binary(max_size=60) | st.text(max_size=30).map(lambda t: t.encode("utf-8", "replace")))
def test_n_importe_quels_octets_sont_refuses(octets: bytes) -> None:
    with pytest.raises(FormatInvalide):
        document.depuis_octets(octets)


def _lire_ou_refuser(octets: bytes) -> None:
    try:
        assert isinstance(document.depuis_octets(octets), f.FactureSecurisee)
    except ErreurConnue as erreur:
        assert erreur.code == "DOCUMENT_ILLISIBLE"


@pytest.mark.parametrize(
    ("changement", "zone"),
    [
        (lambda d: d["document"]["facture"].pop("numero"), "document.facture"),
        (lambda d: d["document"]["facture"].update(inconnu=1), "document.facture.inconnu"),
        (lambda d: d["document"]["facture"].update(niveau="Z"), "document.facture.niveau"),
        (lambda d: d["document"]["facture"]["demande"]["lignes"][0].update(coefficient="NaN"),
         "document.facture.demande.lignes[0].coefficient"),
        (lambda d: d["document"]["signatures"][0].update(valeur="é"), "document.signatures[0].valeur"),
        (lambda d: d["document"]["facture"].update(situation_ps=True), "document.facture.situation_ps"),
        (lambda d: d.update(format="facture-securisee-9"), "format"),
    ],
)
def test_le_refus_nomme_le_champ_sans_sa_valeur(changement: Any, zone: str) -> None:
    lu = json.loads(json.dumps(EXEMPLE))
    changement(lu)
    with pytest.raises(FormatInvalide) as refus:
        document.depuis_octets(json.dumps(lu).encode())
    assert (refus.value.code, refus.value.zone) == ("DOCUMENT_ILLISIBLE", zone)


def test_json_trop_profond() -> None:
    with pytest.raises(FormatInvalide):
        document.depuis_octets(b"[" * 100_000)
    with pytest.raises(FormatInvalide):
        document.valeur_depuis_json(f.Patient, "[" * 100_000)


def test_un_caractere_impossible_est_refuse_a_l_ecriture() -> None:
    with pytest.raises(EntreeInvalide) as refus:
        document.valeur_en_json(replace(PATIENT, nom="\ud800"))
    assert refus.value.code == "CARACTERE_INVALIDE"


def test_un_instant_avec_fuseau_garde_son_fuseau() -> None:
    paris = datetime(2026, 3, 2, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    signature = f.Signature("ps", "x", b"", b"", paris)
    relue = document.valeur_depuis_json(f.Signature, document.valeur_en_json(signature))
    assert relue.signe_le.utcoffset() == timedelta(hours=1)
