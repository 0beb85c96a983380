"""Groups of a Vitale by chance: round trips of whole cards, and groups in any order refused with a type."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.cartes import vitale_zones, zones
from sesam_desktop.cartes.vitale import (
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
from sesam_desktop.cartes.vitale_groupes import CHAMPS
from sesam_desktop.cartes.vitale_zones import carte_depuis, groupes_de
from sesam_desktop.cartes.zones import Groupe
from sesam_desktop.noyau.erreurs import ErreurConnue

from .test_vitale_zones import ASSURE

texte = st.text(string.ascii_uppercase + "ÉÈ-' ", max_size=20).map(str.rstrip)
jours = st.none() | st.dates(date(1901, 1, 1), date(2099, 12, 31))
periodes = st.builds(Periode, jours, jours)
services = st.builds(ServiceAmo, st.sampled_from(["00", "01", "02", "03", "10"]), jours, jours)
mutuelles = st.builds(Mutuelle, texte, texte, texte, texte, texte, texte, st.lists(periodes, max_size=3).map(tuple))
complementaires = st.builds(Amc, texte, texte, texte, texte, jours, jours, texte, texte, texte, texte, texte, texte)
personnes = st.builds(
    Beneficiaire,
    texte,
    texte,
    texte,
    st.tuples(texte, texte, texte, texte, texte),
    texte,
    texte,
    jours,
    st.sampled_from(["", "19800101", "19521300", "20000000"]),
    st.integers(0, 99),
    texte,
    services,
    st.lists(periodes, max_size=3).map(tuple),
    st.lists(st.builds(Couverture, jours, jours, texte, texte), max_size=8).map(tuple),
    st.none(),
    st.none(),
    texte,
)
avec_complementaire = st.one_of(
    personnes,
    st.builds(lambda p, m: replace(p, mutuelle=m), personnes, mutuelles),
    st.builds(lambda p, a: replace(p, amc=a), personnes, complementaires),
)
accidents = st.lists(st.builds(AccidentTravail, st.just("017510000"), texte, texte), max_size=3).map(tuple)
assures = st.builds(Assure, texte, texte, texte, texte, texte, texte)
cartes = st.builds(
    CarteVitale,
    texte,
    texte,
    jours,
    assures,
    st.lists(avec_complementaire, max_size=4).map(tuple),
    st.none() | services,
    accidents,
)


@given(cartes)
def test_aller_retour(carte: CarteVitale) -> None:
    assert carte_depuis(zones.lire(zones.ecrire(groupes_de(carte)))) == carte


@given(
    st.lists(
        st.builds(
            lambda i, c: Groupe(i, tuple(c[: CHAMPS.get(i, 5)]) + (b"",) * max(0, CHAMPS.get(i, 0) - len(c))),
            st.sampled_from([*vitale_zones.CHAMPS, 40, 110]),
            st.lists(st.binary(max_size=13), max_size=18),
        ),
        max_size=8,
    )
)
def test_refus_type_ou_carte(groupes: list[Groupe]) -> None:
    try:
        assert carte_depuis([ASSURE, *groupes]).numero_serie == "800000001"
    except ErreurConnue as refus:
        assert refus.phrase()
