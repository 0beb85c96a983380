"""Charts: well-formed SVG with a view box, every text inside, none on another, colours of the caller."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sesam_desktop.editions.graphiques import (
    HAUTEUR,
    LARGEUR,
    Serie,
    Style,
    barres,
    couchees,
    courbes,
    empilees,
    graduer,
)

STYLE = Style("#101010", "#cccccc", ("#2060a0", "#c06020"))
MOIS = [f"mars {2026 + rang}" for rang in range(12)]
SERIES = [Serie("Demandé", list(range(100, 1300, 100))), Serie("Payé", list(range(0, 1200, 100)))]
Tracer = Callable[..., bytes]


def lire(svg: bytes) -> ET.Element:
    return ET.fromstring(svg)


def textes(svg: bytes) -> list[tuple[str, float, float, float]]:
    """Text, left, right and vertical middle, with a generous width for each character."""
    lus = []
    for noeud in lire(svg).iter("{http://www.w3.org/2000/svg}text"):
        dit = noeud.text or ""
        x, largeur = float(noeud.get("x", 0)), 5.2 * len(dit)
        gauche = {"end": x - largeur, "middle": x - largeur / 2}.get(noeud.get("text-anchor", ""), x)
        lus.append((dit, gauche, gauche + largeur, float(noeud.get("y", 0))))
    return lus


@pytest.mark.parametrize("tracer", [barres, empilees, courbes])
def test_dessin_bien_forme(tracer: Tracer) -> None:
    svg = tracer(MOIS, SERIES, STYLE)
    racine = lire(svg)
    assert racine.get("viewBox") == "0 0 640 320"
    dits = [dit for dit, *_ in textes(svg)]
    assert {"Demandé", "Payé", "mars 2026"} <= set(dits)
    assert b"clipPath" not in svg
    assert b"None" not in svg  # a fill that Qt would paint black


@pytest.mark.parametrize("tracer", [barres, empilees, courbes])
def test_aucun_texte_sur_un_autre(tracer: Tracer) -> None:
    svg = tracer(MOIS, SERIES, STYLE, lambda v: f"{v} 000 €")
    lus = textes(svg)
    for _, gauche, droite, y in lus:
        assert gauche >= 0
        assert droite <= LARGEUR + 1
        assert 0 <= y <= HAUTEUR
    for (un, g1, d1, y1), (autre, g2, d2, y2) in combinations(lus, 2):
        assert abs(y1 - y2) >= 10 or d1 <= g2 or d2 <= g1, (un, autre)


def test_barres_a_l_echelle() -> None:
    """50 is half of 100: so are their heights; their colours are the caller's, light or dark."""
    svg = barres(["a", "b"], [Serie("s", [100, 50])], STYLE)
    hauteurs = [float(h) for h in re.findall(r'<rect [^>]*height="([0-9.]+)"', svg.decode())][1:]
    assert hauteurs[0] == pytest.approx(2 * hauteurs[1])
    assert b"rgb(12%,37%,62%)" in svg  # 0x20 / 255 = 12.5 %, 0x60: 37.6 %, 0xa0: 62.7 %
    sombre = barres(["a"], [Serie("s", [1])], Style("#ffffff", "#333333", ("#2060a0",)))
    assert b"rgb(100%,100%,100%)" in sombre


def test_valeurs_negatives_sous_l_axe() -> None:
    svg = barres(["a", "b"], [Serie("s", [100, -100])], STYLE)
    rectangles = re.findall(r'<rect [^>]*y="([0-9.]+)"[^>]*height="([0-9.]+)"', svg.decode())[1:]
    (haut, hauteur), (bas, profondeur) = [(float(y), float(h)) for y, h in rectangles]
    assert bas + profondeur == pytest.approx(haut)
    assert hauteur == pytest.approx(profondeur)


def test_empilees_l_une_sur_l_autre() -> None:
    svg = empilees(["a"], [Serie("s", [3]), Serie("t", [1])], STYLE)
    rectangles = re.findall(r'<rect [^>]*y="([0-9.]+)"[^>]*height="([0-9.]+)"', svg.decode())[2:]
    (pied, hauteur), (dessus, reste) = [(float(y), float(h)) for y, h in rectangles]
    assert dessus == pytest.approx(pied + hauteur)
    assert hauteur == pytest.approx(3 * reste)


def test_une_courbe_s_interrompt_ou_rien_n_est_connu() -> None:
    """Three values out of four, the last one alone: one stroke between the two first, none to what is unknown."""
    svg = courbes(["a", "b", "c", "d"], [Serie("s", [10, 20, None, 0])], STYLE).decode()
    assert svg.count("<circle") == 3
    assert svg.count("stroke-width: 2.0;") == 1


def test_une_serie_garde_sa_couleur() -> None:
    """The second colour, though it is the only series: in its bar and in the legend."""
    svg = barres(["a"], [Serie("s", [1], teinte=1)], Style("#101010", "#cccccc", ("#2060a0", "#ff0000"))).decode()
    assert svg.count("fill: rgb(100%,0%,0%)") == 2
    assert "rgb(12%,37%,62%)" not in svg


def test_un_mois_seul_n_est_pas_un_mur() -> None:
    svg = empilees(["mars 2026"], [Serie("s", [3])], STYLE).decode()
    assert float(re.findall(r'<rect [^>]*width="([0-9.]+)"', svg)[1]) == 90


def test_noms_longs_coupes() -> None:
    svg = couchees(["Un motif de rejet dont le libellé est vraiment très long", "court"], [500, 0], STYLE, str)
    dits = [dit for dit, *_ in textes(svg)]
    assert dits[0].endswith("…")
    assert dits[1:] == ["500", "court", "0"]
    assert textes(svg)[0][1] >= 0


@pytest.mark.parametrize(
    ("bas", "haut", "attendu"),
    [
        (0, 100, [0, 20, 40, 60, 80, 100]),
        (0, 7, [0, 2, 4, 6, 8]),
        (0, 0, [0, 1]),
        (-50, 100, [-50, 0, 50, 100]),
        (0, 123_456, [0, 50_000, 100_000, 150_000]),
        (-3, 0, [-3, -2, -1, 0]),
    ],
)
def test_graduations_rondes(bas: int, haut: int, attendu: list[int]) -> None:
    assert graduer(bas, haut) == attendu


@given(bas=st.integers(-10**9, 0), haut=st.integers(0, 10**9))
def test_graduations_quelconques(bas: int, haut: int) -> None:
    lues = graduer(bas, haut)
    assert lues[0] <= bas
    assert lues[-1] >= haut
    assert 0 in lues
    assert 2 <= len(lues) <= 7


@settings(max_examples=20)
@given(donnees=st.data())
def test_tout_se_dessine(donnees: st.DataObject) -> None:
    """No category, one, many; no value, equal values."""
    nombre = donnees.draw(st.integers(0, 40))
    valeurs = st.lists(st.integers(0, 10**7), min_size=nombre, max_size=nombre)
    series = [Serie(f"Série {rang}", donnees.draw(valeurs)) for rang in range(donnees.draw(st.integers(1, 9)))]
    noms = [f"catégorie {rang}" for rang in range(nombre)]
    for tracer in (barres, empilees, courbes):
        assert lire(tracer(noms, series, STYLE)).tag.endswith("svg")
    assert lire(couchees(noms, series[0].valeurs, STYLE)).tag.endswith("svg")


@pytest.mark.parametrize("tracer", [barres, empilees, courbes])
def test_rien_a_dessiner(tracer: Tracer) -> None:
    assert lire(tracer([], [], STYLE)).tag.endswith("svg")
