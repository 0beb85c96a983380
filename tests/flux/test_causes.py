"""Causes of rejection: French labels as funds write them, each with the family a person would put it in."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.flux import arl, causes
from sesam_desktop.noyau.ressources import ressource


@pytest.mark.parametrize(
    ("libelle", "famille"),
    [
        ("ALD inconnue en base", "ald"),
        ("DROITS FERMES A LA DATE DES SOINS", "droits"),
        ("Bénéficiaire inconnu", "identite"),
        ("CLE NIR ERRONEE", "identite"),
        ("DATE DE NAISSANCE DU BENEFICIAIRE ERRONEE", "naissance"),
        ("FACTURE DEJA PAYEE", "doublon"),
        ("Prescripteur non identifié", "prescripteur"),
        ("DATE PRESCRIPTION POSTERIEURE AUX SOINS", "prescription"),
        ("DEMANDE D'ACCORD PREALABLE ABSENTE", "accord"),
        ("CONTRAT RESILIE", "amc"),
        ("ADHERENT INCONNU DE LA MUTUELLE", "amc"),
        ("Complémentaire santé solidaire non reconnue", "c2s"),
        ("PATIENT HOSPITALISE", "hospitalisation"),
        ("MEDECIN TRAITANT NON DECLARE", "parcours"),
        ("TAUX ERRONE", "tarif"),
        ("ACTES NON CUMULABLES", "cumul"),
        ("CODE ACTE INCONNU", "acte"),
        ("CODE CIP NON REMBOURSABLE", "produit"),
        ("SIGNATURE INVERIFIABLE", "signature"),
        ("ZONE OBLIGATOIRE ABSENTE", "structure"),
        ("NOM OU PRENOM DISCORDANT", "identite"),
        ("ASSURE MUTE", "caisse"),
        ("TICKET MODERATEUR NON EXONERE", "ald"),
        ("SOINS PENDANT UNE HOSPITALISATION", "hospitalisation"),
        ("NUM FINESS INCONNU", "professionnel"),
        ("INDEMNITE KILOMETRIQUE NON JUSTIFIEE", "acte"),
        ("REGIME LOCAL NON JUSTIFIE", "droits"),
        ("CHAMP NON RENSEIGNE", "structure"),
        ("ACTE DEJA REGLE AU PROFESSIONNEL", "doublon"),
        ("AMENAGEMENT PARTICULIER", "autre"),
        ("", "autre"),
    ],
)
def test_famille_d_un_libelle(libelle: str, famille: str) -> None:
    assert causes.explication("0000", libelle).famille == famille


def test_ancienne_et_nouvelle_numerotation() -> None:
    """The published example: 0450-054 became 0009-816, the same reason."""
    assert causes.explication("0450-054", "ALD INCONNUE") == causes.explication("0009-816", "ALD INCONNUE")
    assert causes.numero_complet("0450") == "0450"
    assert causes.numero_complet("0009", "0009-816 ALD INCONNUE") == "0009-816"
    assert causes.numero_complet("0009", "ALD INCONNUE", "REF 0009-816") == "0009-816"
    assert causes.numero_complet("0009", "TEL 01234-5678") == "0009"


def test_chaque_code_d_arl_est_explique() -> None:
    for code in arl.CODES:
        cause = causes.explication(code, "")
        assert cause is not causes.AUTRE
        assert cause.phrase.endswith(".") and cause.a_faire.endswith(".")


def test_la_table_est_saine() -> None:
    """One family a row, words as labels are folded, sentences complete."""
    with ressource("flux", "causes_rejets.csv").open(encoding="utf-8", newline="") as fichier:
        rangees = list(csv.DictReader(fichier, delimiter=";"))
    assert len({r["famille"] for r in rangees}) == len(rangees)
    for r in rangees:
        assert r["phrase"].endswith(".") and r["a_faire"].endswith(".")
        assert all(set(mot) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ") for mot in r["mots"].split("|"))
        premier = r["mots"].split("|")[0]
        assert causes.explication("", premier).famille == r["famille"]


@given(code=st.text(max_size=10), libelle=st.text(max_size=90))
def test_tout_libelle_a_une_explication(code: str, libelle: str) -> None:
    assert causes.explication(code, libelle).phrase
    assert isinstance(causes.numero_complet(code, libelle), str)
