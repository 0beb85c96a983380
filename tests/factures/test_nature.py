"""Nature of insurance offered when the card declares a work accident."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sesam_desktop.factures.facture import Executant, Facture, LigneSaisie, Patient
from sesam_desktop.factures.nature import proposee
from sesam_desktop.referentiels import tables

PATIENT = Patient("2801975000001", "19800101")
FACTURE = Facture(date(2026, 3, 2), Executant("medecin", "01"), PATIENT, (LigneSaisie("G"),))
DECLARE = ("123456782",)


def test_un_accident_declare_est_propose() -> None:
    assert proposee(FACTURE, tables).nature == "maladie"
    proposition = proposee(FACTURE, tables, DECLARE)
    assert proposition.nature == "at" and "accident du travail" in proposition.raison


def test_il_ne_l_est_pas_quand_la_nature_est_deja_dite() -> None:
    assert proposee(replace(FACTURE, nature_assurance="at"), tables, DECLARE).nature == "at"
    assert proposee(replace(FACTURE, nature_assurance="maternite"), tables, DECLARE).nature == "maternite"
    assert proposee(replace(FACTURE, nature_assurance="prevention"), tables, DECLARE).nature == "prevention"


def test_ni_pour_une_personne_detenue() -> None:
    detenu = replace(FACTURE, beneficiaire=replace(PATIENT, code_gestion="65"))
    assert proposee(detenu, tables, DECLARE).nature == "maladie"
