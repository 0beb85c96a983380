"""Sentences of the notes, in the words of the published table; the codes are those of its acts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.referentiels.ccam_notes import associations


@pytest.mark.parametrize(
    ("note", "interdites"),
    [
        ("Facturation : ne peut pas être facturé avec un forfait de réanimation (YYYY015, YYYY020)", "YYYY015 YYYY020"),
        ("Facturation : ne peut pas être facturé avec YYYY064", "YYYY064"),
        ("Facturation: ne peut pas être facturé avec :\n - un acte du 19.01\n - guidage (YYYY033)\n - (YYYY300)",
         "YYYY033 YYYY300"),
        ("l’acte de rétinographie (BGQP007) ne peut pas  être facturé en sus de l’acte d’angiographie", "BGQP007"),
        ("Non associable à : HBQK040 et HBQK303", "HBQK040 HBQK303"),
        ("Une seule fois par séance,\nNon cumulable avec YYYY185", "YYYY185"),
        ("Facturation : associable à HBGD038, non associable à ZZLP042", "ZZLP042"),
        ("ne peut pas être facturé avec un forfait (YYYY015)\nNe peut pas être facturé avec un forfait (YYYY001)",
         "YYYY015 YYYY001"),
        ("ne peuvent être codés en association avec (EJNJ014)", "EJNJ014"),
    ],
)  # fmt: skip
def test_ce_qui_ne_peut_pas_etre_facture_avec(note: str, interdites: str) -> None:
    assert associations("AAAA001", [note]) == (tuple(interdites.split()), ())


@pytest.mark.parametrize(
    ("note", "a_verifier"),
    [
        ("À l'exclusion de : exérèse de tumeur\n- du clivus (ACFA004)\n- pétroclivale (ACFA016, ACFA025)",
         "ACFA004 ACFA016 ACFA025"),
        ("A l’exclusion de l’acte QEMA702", "QEMA702"),
        ("- à l’exclusion des enfants\n- à l’exclusion de l’acte CDMP002 « Séance d’adaptation »", "CDMP002"),
        ("ne peut pas être codé en association avec (EJNJ014), sur le même membre", "EJNJ014"),
        ("non facturable, pour la même arcade, avec un acte de DSR ( HBJA003, HBJA171)", "HBJA003 HBJA171"),
        ("l'électrocardiographie (DEQP003) ne peut pas être facturée en sus à l’exception des bilans", "DEQP003"),
    ],
)  # fmt: skip
def test_ce_que_le_professionnel_doit_verifier(note: str, a_verifier: str) -> None:
    assert associations("AAAA001", [note]) == ((), tuple(a_verifier.split()))


@pytest.mark.parametrize(
    "note",
    [
        "Facturation : peut être facturé avec échographie-doppler des veines (EJQM004)",
        "Cet acte est facturable en sus de l'acte complémentaire de détartrage (HBJD001)",
        "ne peut pas être facturé avec des actes des chapitres 1 à 17 à l'exception de : ECG (DEQP003)",
        "les conditions de la bronchoscopie (GEQE008) ne peuvent pas être facturées",
        "Facturation : ne peut pas être facturé avec un geste d'anesthésie",
        "Facturation pour :\n- pose d'une couronne (HBLD038)\n- les ponts ne peuvent pas être facturés avec l'acte",
        "l'association d'une radiographie (NAQK007) avec une autre (NEQK010) ne peut pas être facturée",
    ],
)
def test_ce_qui_n_interdit_aucun_code(note: str) -> None:
    assert associations("AAAA001", [note]) == ((), ())


def test_un_code_interdit_n_est_plus_a_verifier_et_l_acte_n_est_pas_le_sien() -> None:
    notes = ["À l'exclusion de : (AAAA001, AAAA002)", "ne peut pas être facturé avec (AAAA002, AAAA001)"]
    assert associations("AAAA001", notes) == (("AAAA002",), ())


@given(st.lists(st.text(alphabet="AZ09()[]:;.-\n éà'etnpus", max_size=80), max_size=4))
def test_tout_texte_ne_donne_que_des_codes(notes: list[str]) -> None:
    for codes in associations("AAAA001", notes):
        assert all(re.fullmatch(r"[A-Z]{4}[0-9]{3}", code) for code in codes)
