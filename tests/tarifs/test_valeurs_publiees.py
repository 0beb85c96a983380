"""Values of the tables, typed a second time from the published lists: no case of `cas/` has to use each of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sesam_desktop.noyau.ressources import ressource
from sesam_desktop.referentiels import tables

# code, zone: each amount in centimes with its first day, in order (conventions, NGAP titre XVI, ONSIL, ameli).
PRIX = {
    ("HD", "metro"): [("2015-01-01", 82), ("2016-01-01", 102)],
    ("HG", "metro"): [("2015-01-01", 221), ("2016-01-01", 276)],
    ("HC", "metro"): [("2015-01-01", 51), ("2020-01-01", 31)],
    ("HDR", "metro"): [("2019-01-01", 51), ("2025-01-08", 61)],
    ("HDA", "metro"): [("2019-01-01", 51), ("2020-01-01", 158), ("2026-01-01", 168)],
    ("HDE", "metro"): [("2019-01-01", 204), ("2020-01-01", 357)],
    ("AMI", "metro"): [("2012-01-01", 315)],
    ("AMI", "dom"): [("2012-01-01", 330)],
    ("AMX", "metro"): [("2020-01-01", 315)],
    ("AMX", "dom"): [("2020-01-01", 330)],
    ("AIS", "metro"): [("2012-01-01", 265)],
    ("AIS", "dom"): [("2012-01-01", 270)],
    ("DI", "metro"): [("2012-01-01", 1000)],
    ("BSA", "metro"): [("2020-01-01", 1300)],
    ("BSA", "dom"): [("2020-01-01", 1300)],
    ("BSB", "metro"): [("2020-01-01", 1820)],
    ("BSB", "dom"): [("2020-01-01", 1820)],
    ("BSC", "metro"): [("2020-01-01", 2870)],
    ("BSC", "dom"): [("2020-01-01", 2870)],
    ("IFI", "metro"): [("2012-01-01", 250), ("2024-01-28", 275)],
    ("MAU", "metro"): [("2012-01-01", 135)],
    ("MAU", "dom"): [("2012-01-01", 135)],
    ("MCI", "metro"): [("2012-01-01", 500)],
    ("MCI", "dom"): [("2012-01-01", 500)],
    ("MIE", "metro"): [("2020-01-01", 315)],
}
PARTS = ("officine", "infirmier")
COMPLEMENTS = {
    ("infirmier", "N"): 915, ("infirmier", "S"): 1830, ("infirmier", "F"): 850,
    ("medecin", "N"): 3500, ("medecin", "S"): 4000, ("medecin", "F"): 1906,
}  # fmt: skip
JOUR = date(2026, 11, 22)


def test_chaque_prix_de_la_table_est_dans_cette_liste() -> None:
    """A price of one speciality or of another trade has its own list: test_valeurs_medecin.py, test_prix_*.py."""
    textes = [ressource("tarifs", "prix", f"{part}.csv").read_text(encoding="utf-8") for part in PARTS]
    codes = {(ligne["code"], zone) for texte in textes for ligne in tables.lire("prix", texte).lignes(date(2024, 1, 1))
             for zone in ([ligne["zone"]] if ligne["zone"] != "*" else ["metro"]) if ligne["specialite"] == "*"}
    assert codes == set(PRIX)


@pytest.mark.parametrize(("code", "zone"), PRIX)
def test_prix_publie_et_sa_date_d_effet(code: str, zone: str) -> None:
    table, precedent = tables.charger("prix"), None
    for jour, centimes in PRIX[code, zone]:
        debut = date.fromisoformat(jour)
        veille = table.trouver(debut - timedelta(1), code=code, zone=zone, specialite="*")
        assert (veille["prix"] if veille else None) == precedent
        assert table.a_la_date(debut, code=code, zone=zone, specialite="*")["prix"] == centimes
        precedent = centimes


@pytest.mark.parametrize(("code", "zone"), PRIX)
def test_dernier_prix_en_vigueur(code: str, zone: str) -> None:
    ligne = tables.charger("prix").a_la_date(JOUR, code=code, zone=zone, specialite="*")
    assert ligne["prix"] == PRIX[code, zone][-1][1]


@pytest.mark.parametrize(("profession", "lettre"), COMPLEMENTS)
def test_complement_publie(profession: str, lettre: str) -> None:
    ligne = tables.charger("complements").a_la_date(JOUR, profession=profession, complement=lettre, zone="metro")
    assert ligne["prix"] == COMPLEMENTS[profession, lettre]


def test_position_de_chaque_indicateur_de_parcours() -> None:
    """RG_CF641 and IR_QPE_V: S alone is outside; U and A are neither in nor out."""
    positions = {ligne["code"]: ligne["position"] for ligne in tables.charger("parcours").lignes(JOUR)}
    dedans = dict.fromkeys("TNOMRHDJB", "dedans")
    assert positions == dedans | {"S": "dehors", "U": "sans_objet", "A": "sans_objet"}


def test_coordination_des_seuls_indicateurs_o_m_d_h() -> None:
    """CF671: the MCG goes with O, M, D and H only."""
    assert {ligne["code"] for ligne in tables.charger("parcours").lignes(JOUR) if ligne["coordination"]} == set("OMDH")


def test_regimes_dont_les_taux_propres_ne_sont_pas_connus() -> None:
    traitements = {ligne["code"]: ligne["traitement"] for ligne in tables.charger("regimes").lignes(JOUR)}
    assert {code for code, traitement in traitements.items() if traitement == "refus"} == {"17"}
    assert {code for code, traitement in traitements.items() if traitement == "non_publie"} == {"10"}
    assert {code for code, traitement in traitements.items() if traitement == "contrats"} == {"04"}
    assert {code for code, traitement in traitements.items() if traitement == "exonere"} == {"07"}


def test_coefficients_d_outre_mer() -> None:
    """Order of 7 February 2008 for the boxes, amendment 11 for the fees; nothing is published for boxes at Mayotte."""
    publies = {"971": "1.323", "972": "1.323", "973": "1.34", "974": "1.264", "976": "1.36"}
    table = tables.charger("coefficients_drom")
    for departement, facteur in publies.items():
        lue = table.a_la_date(JOUR, departement=departement, objet="honoraire")
        assert (str(lue["facteur"]), lue.certitude) == (facteur, "S")
        prix = table.trouver(JOUR, departement=departement, objet="prix")
        assert (str(prix["facteur"]) if prix else "") == ("" if departement == "976" else facteur)
