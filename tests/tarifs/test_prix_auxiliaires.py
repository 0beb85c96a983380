"""Prices of the auxiliaires médicaux, typed a second time from the published lists: code, speciality, then what
métropole and outre-mer pay, each amount in centimes with its first day.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sesam_desktop.referentiels import tables

MK, NOUVELLE = "2012-07-15", "2024-02-22"  # SNMKR; nomenclature of the avenant 7
HAUSSE, FIN_HAUSSE = "2022-04-25", "2022-08-01"  # FFMKR 75: fuel
AMO, AVENANT_20 = "2022-10-27", "2024-01-26"  # ameli, FNO
POD = "2024-03-07"  # ameli, avenant 5
AMY = "2023-06-16"
IFD_MK = [(MK, 250), (HAUSSE, 254), (FIN_HAUSSE, 250), (NOUVELLE, 400)]
QUATRE = [(MK, 400), (HAUSSE, 404), (FIN_HAUSSE, 400)]
IFD_IDE = [("2012-01-01", 250), ("2024-01-28", 275)]


def _hausse(centimes: int) -> list[tuple[str, int]]:
    return [(MK, centimes), (HAUSSE, centimes + 1), (FIN_HAUSSE, centimes)]


LETTRES_2024 = ("APM", "ARL", "DRA", "NMI", "PLL", "RIC", "RIM", "RSC", "RSM", "VSC", "VSM", "TER")
PRIX = {
    ("IFA", "24"): (IFD_IDE, IFD_IDE),
    ("IFD", "24"): (IFD_IDE, IFD_IDE),
    ("IK", "24"): ([("2012-01-01", 35)], [("2012-01-01", 35)]),
    ("IKM", "24"): ([("2012-01-01", 50)], [("2012-01-01", 50)]),
    ("IKS", "24"): ([("2012-01-01", 340)], [("2012-01-01", 366)]),
    ("AMK", "26"): ([(MK, 215), (NOUVELLE, 221)], [(MK, 236), (NOUVELLE, 243)]),
    ("AMS", "26"): ([(MK, 215), (NOUVELLE, None)], [(MK, 236), (NOUVELLE, None)]),
    ("AMC", "26"): ([(MK, 215), (NOUVELLE, None)], [(MK, 236), (NOUVELLE, None)]),
    **{(lettre, "26"): ([(NOUVELLE, 221)], [(NOUVELLE, 243)]) for lettre in LETTRES_2024},
    ("TMK", "26"): ([(NOUVELLE, 215)], [(NOUVELLE, 236)]),
    ("FRD", "26"): ([("2020-12-01", 10000)], [("2020-12-01", 10000)]),
    ("FAD", "26"): ([("2020-12-01", 2000)], [("2020-12-01", 2000)]),
    ("IFA", "26"): (IFD_MK, IFD_MK),
    ("IFD", "26"): (IFD_MK, IFD_MK),
    **{(code, "26"): (QUATRE, QUATRE) for code in ("IFO", "IFR", "IFN", "IFP", "IFS")},
    ("IFV", "26"): ([(HAUSSE, 404), (FIN_HAUSSE, 400)], [(HAUSSE, 404), (FIN_HAUSSE, 400)]),
    ("IK", "26"): (_hausse(38), _hausse(43)),
    ("IKM", "26"): (_hausse(61), _hausse(66)),
    ("IKS", "26"): (_hausse(335), _hausse(335)),
    ("AMP", "27"): ([(POD, 63)], [(POD, 63)]),
    ("POD", "27"): ([(POD, 3000)], [(POD, 3150)]),
    ("IFA", "27"): ([(POD, 250)], [(POD, 250)]),
    ("IFD", "27"): ([(POD, 250)], [(POD, 250)]),
    ("IK", "27"): ([(POD, 35)], [(POD, 35)]),
    ("IKM", "27"): ([(POD, 50)], [(POD, 50)]),
    ("IKS", "27"): ([(POD, 340)], [(POD, 366)]),
    ("AMO", "28"): ([(AMO, 250), (AVENANT_20, 260)], [(AMO, 262), (AVENANT_20, 272)]),
    ("TMO", "28"): ([(AVENANT_20, 250)], [(AVENANT_20, 262)]),
    ("IFA", "28"): ([(AMO, 250)], [(AMO, 250)]),
    ("IFD", "28"): ([(AMO, 250)], [(AMO, 250)]),
    ("IFN", "28"): ([(AMO, 400)], [(AMO, 400)]),
    ("IFS", "28"): ([(AMO, 400)], [(AMO, 400)]),
    ("IK", "28"): ([(AMO, 24)], [(AMO, 27)]),
    ("IKM", "28"): ([(AMO, 37)], [(AMO, 40)]),
    ("IKS", "28"): ([(AMO, 107)], [(AMO, 107)]),
    ("AMY", "29"): ([(AMY, 260)], [(AMY, 272)]),
}  # fmt: skip
COMPLEMENTS = {
    ("masseur_kinesitherapeute", "N"): (915, 915), ("masseur_kinesitherapeute", "F"): (762, 762),
    ("pedicure", "N"): (76, 79), ("pedicure", "F"): (61, 64),
}  # fmt: skip
JOUR = date(2026, 11, 22)


def test_chaque_prix_de_la_table_est_dans_cette_liste() -> None:
    trouves = {(li["code"], li["specialite"]) for li in tables.charger("prix").toutes()
               if li["specialite"] in ("24", "26", "27", "28", "29")}
    assert trouves == set(PRIX)


@pytest.mark.parametrize("zone", ["metro", "dom"])
@pytest.mark.parametrize(("code", "specialite"), PRIX)
def test_prix_publie_et_sa_date_d_effet(code: str, specialite: str, zone: str) -> None:
    table, precedent = tables.charger("prix"), None

    def prix(quand: date) -> int | None:
        ligne = table.trouver(quand, code=code, zone=zone, specialite=specialite)
        return ligne["prix"] if ligne else None

    for jour, centimes in PRIX[code, specialite][zone == "dom"]:
        debut = date.fromisoformat(jour)
        assert (prix(debut - timedelta(1)), prix(debut)) == (precedent, centimes)
        precedent = centimes
    assert prix(JOUR) == precedent


@pytest.mark.parametrize(("profession", "lettre"), COMPLEMENTS)
def test_complement_publie(profession: str, lettre: str) -> None:
    for zone, attendu in zip(("metro", "dom"), COMPLEMENTS[profession, lettre], strict=True):
        ligne = tables.charger("complements").a_la_date(JOUR, profession=profession, complement=lettre, zone=zone)
        assert ligne["prix"] == attendu


def test_specialites_des_cartes() -> None:
    """Group 104 of the reading libraries, IR_ACT_V."""
    lues = {ligne["code"]: ligne["profession"] for ligne in tables.charger("specialites").lignes(JOUR)}
    attendues = {"24": "infirmier", "26": "masseur_kinesitherapeute", "27": "pedicure", "28": "orthophoniste"}
    assert attendues.items() <= lues.items()
    assert lues["29"] == "orthoptiste"


def test_natures_de_prestation_du_sniiram(donnees_partagees) -> None:
    """Every code of these trades is a published one; IFD alone is only a name of the NGAP."""
    texte = (donnees_partagees / "snds" / "IR_NAT_V.csv").read_text(encoding="utf-8")
    connus = {code for rangee in texte.splitlines()[1:] for code in rangee.split(";")[2].split()}
    texte = (donnees_partagees / "ccam" / "codes_prestation_2025-04.csv").read_text(encoding="utf-8")
    connus |= {rangee.split(",")[0] for rangee in texte.splitlines()}
    inconnus = {code for code, _ in PRIX} - connus
    assert inconnus == {"IFD", "TMK", *LETTRES_2024}  # TMK and the letters of 2024: decision of 14/12/2023
