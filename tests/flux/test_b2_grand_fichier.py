"""A file larger than memory is checked to its end, and its invoice numbers are all compared."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.flux import b2
from sesam_desktop.flux.b2 import numeros
from sesam_desktop.noyau.erreurs import ErreurConnue

from .fabrique import facture, fichier
from .grand_fichier import enregistrements

RACINE = Path(__file__).resolve().parents[2]
LOTS = 8  # 8.2 MB, 7,992 invoices

# The program alone in its process: what the system counts is what the check needs, databases included.
_MESURE = f"""
import resource
from sesam_desktop.flux import b2
from sesam_desktop.flux.b2 import numeros
from tests.flux.grand_fichier import Flux
numeros.EN_MEMOIRE = 1_000
def sommet():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
b2.verifier(Flux(2))
avant = sommet()
codes = sorted({{(a.code, a.avertissement) for a in b2.verifier(Flux({LOTS}))}})
print(codes, sommet() - avant)
"""


def test_huit_megaoctets_en_memoire_constante() -> None:
    assert enregistrements(LOTS) * b2.LONGUEUR > 8_000_000
    mesure = subprocess.run([sys.executable, "-c", _MESURE], cwd=RACINE, capture_output=True, text=True, check=True)
    codes, croissance = mesure.stdout.rsplit(maxsplit=1)
    assert codes == "[('LIMITE', True)]"  # only this: more records than senders put in a file
    assert int(croissance) < 1_500, "en Ko, de 2 à 8 Mo de fichier"


def test_un_doublon_est_vu_au_dela_de_la_memoire(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numeros, "EN_MEMOIRE", 2)
    rangs = [1, 2, 3, 4, 5, 6, 1, 6]
    lignes = [[e.modifier(numero_facture=f"{rang:09d}") for e in facture()] for rang in rangs]
    doublons = [a for a in b2.verifier(b2.ecrire(fichier(*lignes))) if a.code == "DOUBLON"]
    assert [a.ligne for a in doublons] == [2 + 8 * 6 + 1, 2 + 8 * 7 + 1]  # two headers, then eight records each


@given(paires=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), max_size=120), place=st.integers(0, 9))
def test_exact_quelle_que_soit_la_memoire(paires: list[tuple[int, int]], place: int) -> None:
    vus: set[tuple[int, int]] = set()
    suivis = numeros.Numeros(place)
    for partenaire, numero in paires:
        assert suivis.ajouter(f"{partenaire:09d}", f"{numero:09d}") is ((partenaire, numero) not in vus)
        vus.add((partenaire, numero))
    suivis.fermer()


def test_deux_partenaires_peuvent_porter_le_meme_numero() -> None:
    suivis = numeros.Numeros()
    assert suivis.ajouter("999000011", "000000001")
    assert suivis.ajouter("999000029", "000000001")
    assert not suivis.ajouter("999000011", "000000001")


def test_un_disque_plein_se_dit(monkeypatch: pytest.MonkeyPatch) -> None:
    def plein(_: str) -> None:
        raise numeros.sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(numeros.sqlite3, "connect", plein)
    suivis = numeros.Numeros(0)
    with pytest.raises(ErreurConnue) as refus:
        suivis.ajouter("999000011", "000000001")
    assert refus.value.code == "DISQUE_PLEIN"
    suivis.fermer()
