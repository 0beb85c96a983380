"""Prices of doctors and sages-femmes, typed a second time from the published lists."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sesam_desktop.noyau.ressources import ressource
from sesam_desktop.referentiels import tables

# code, zone, speciality ("*": all): each amount in centimes with its first day, None once there is none.
PRIX: dict[tuple[str, str, str], list[tuple[str, int | None]]] = {
    ("G", "metro", "*"): [("2017-05-01", 2500), ("2023-11-01", 2650), ("2024-12-22", 3000)],
    ("G", "dom", "*"): [("2024-12-22", 3600)],
    ("GS", "metro", "*"): [("2017-05-01", 2500), ("2023-11-01", 2650), ("2024-12-22", None)],
    ("VG", "metro", "*"): [("2017-05-01", 2500), ("2023-11-01", 2650), ("2024-12-22", 3000)],
    ("VGS", "metro", "*"): [("2017-05-01", 2500), ("2023-11-01", 2650), ("2024-12-22", None)],
    ("C", "metro", "*"): [("2011-01-01", 2300)],
    ("V", "metro", "*"): [("2011-01-01", 2300)],
    ("CS", "metro", "*"): [("2011-01-01", 2300), ("2024-12-22", 2650)],
    ("CS", "metro", "70"): [("2024-12-22", 3200), ("2026-01-01", 3500)],
    ("CS", "metro", "07"): [("2024-12-22", 3200), ("2026-01-01", 3500)],
    ("CS", "metro", "77"): [("2024-12-22", 3200), ("2026-01-01", 3500)],
    ("CS", "metro", "79"): [("2024-12-22", 3200), ("2026-01-01", 3500)],
    ("CS", "metro", "34"): [("2024-12-22", 3200), ("2026-01-01", 3700)],
    ("CS", "metro", "31"): [("2024-12-22", 3100), ("2026-01-01", 3500)],
    ("CS", "metro", "42"): [("2024-12-22", 2650), ("2026-01-01", 2650)],
    ("CNP", "metro", "*"): [("2024-12-22", 5000), ("2026-01-01", 5200)],
    ("CP", "metro", "*"): [("2024-12-22", 4250)],
    **{(f"GL{n}", "metro", "*"): [("2026-01-01", 6000)] for n in (1, 2, 3)},
    ("CSC", "metro", "*"): [("2018-04-01", 4773), ("2023-11-01", None)],
    ("CEH", "metro", "*"): [("2024-12-22", 3900), ("2026-01-01", 4000)],
    ("CEK", "metro", "*"): [("2024-12-22", 3500)],
    ("CEG", "metro", "*"): [("2024-12-22", 3150)],
    ("APC", "metro", "*"): [("2023-11-01", 5650), ("2024-12-22", 6000)],
    ("APY", "metro", "*"): [("2024-12-22", 6750)],
    ("APU", "metro", "*"): [("2024-12-22", 7400)],
    ("CDE", "metro", "*"): [("2024-12-22", 5400), ("2026-01-01", 6000)],
    ("CCX", "metro", "*"): [("2017-11-01", 4600), ("2023-11-01", 4750), ("2024-12-22", None)],
    ("COE", "metro", "*"): [
        ("2017-05-01", 3900), ("2017-11-01", 4600), ("2023-11-01", 4750), ("2024-12-22", 5400), ("2026-01-01", 6000),
    ],
    ("COD", "metro", "*"): [("2019-09-01", 3000), ("2023-11-01", 3150), ("2024-12-22", 3500)],
    ("COB", "metro", "*"): [("2019-09-01", 2500), ("2023-11-01", 2650), ("2024-12-22", 3000)],
    ("COV", "metro", "*"): [("2024-12-22", 2800)],
    ("COA", "metro", "*"): [("2024-12-22", 2300)],
    ("COH", "metro", "*"): [("2024-12-22", 4500), ("2026-01-01", 5000)],
    ("COK", "metro", "*"): [("2024-12-22", 3500)],
    ("COG", "metro", "*"): [("2024-12-22", 3150)],
    ("CCP", "metro", "*"): [("2017-11-01", 4600), ("2023-11-01", 4750)],
    ("CCP", "dom", "*"): [("2023-11-01", 5700)],
    ("CCP", "dom", "21"): [("2024-02-22", 5700)],
    ("CCP", "metro", "21"): [("2019-02-10", 4600), ("2024-02-22", 4750)],
    ("MCG", "metro", "*"): [("2011-01-01", 300), ("2017-07-01", 500), ("2024-12-22", 500)],
    ("MCS", "metro", "*"): [("2018-04-01", 500), ("2024-12-22", 500)],
    ("MCC", "metro", "*"): [("2018-04-01", 327), ("2023-11-01", None)],
    ("MPC", "metro", "*"): [("2018-04-01", 200), ("2023-11-01", 350), ("2024-12-22", None)],
    ("MEG", "metro", "*"): [("2017-05-01", 500)],
    ("MP", "metro", "*"): [("2024-12-22", 1200), ("2026-01-01", 1800)],
    ("MUT", "metro", "*"): [("2018-01-01", 500)],
    ("MRT", "metro", "*"): [("2018-01-01", 1500)],
    ("SNP", "metro", "*"): [("2023-06-01", 1500)],
    ("MU", "metro", "*"): [("2011-01-01", 2260), ("2024-12-22", 2260)],
    ("CRN", "metro", "*"): [("2011-01-01", 4250), ("2024-12-22", 4250)],
    ("CRM", "metro", "*"): [("2011-01-01", 5150), ("2024-12-22", 5150)],
    ("CRD", "metro", "*"): [("2011-01-01", 2650), ("2024-12-22", 2650)],
    ("CRS", "metro", "*"): [("2011-01-01", 2650), ("2024-12-22", 2650)],
    ("VRN", "metro", "*"): [("2011-01-01", 4600), ("2024-12-22", 4600)],
    ("VRM", "metro", "*"): [("2011-01-01", 5950), ("2024-12-22", 5950)],
    ("VRD", "metro", "*"): [("2011-01-01", 3000), ("2024-12-22", 3000)],
    ("VRS", "metro", "*"): [("2011-01-01", 3000), ("2024-12-22", 3000)],
    ("MD", "metro", "*"): [("2011-01-01", 1000)],
    ("MDN", "metro", "*"): [("2011-01-01", 3850)],
    ("MDI", "metro", "*"): [("2011-01-01", 4350)],
    ("MDD", "metro", "*"): [("2011-01-01", 2260)],
    ("ID", "metro", "*"): [("2011-01-01", 350)],
    **{(code, "metro", specialite): [("2011-01-01", prix)]
       for specialite in ("01", "22", "23") for code, prix in (("IK", 61), ("IKM", 91), ("IKS", 457))},
    ("SF", "metro", "*"): [("2019-02-10", 280), ("2024-02-22", 310), ("2025-01-01", 320)],
    ("SP", "metro", "*"): [("2024-02-22", 310), ("2025-01-01", 320)],
    ("MSF", "metro", "*"): [("2019-02-10", 200), ("2024-02-22", 350)],
    ("MSF", "dom", "*"): [("2024-02-22", 380)],
    ("C", "dom", "21"): [("2024-02-22", 2760)],
    ("V", "dom", "21"): [("2024-02-22", 2760)],
    ("IK", "metro", "21"): [("2024-02-22", 61)],
    ("IK", "dom", "21"): [("2024-02-22", 73)],
    ("IKM", "metro", "21"): [("2024-02-22", 91)],
    ("IKM", "dom", "21"): [("2024-02-22", 110)],
}
PARTS = ("medecin", "sage_femme")


def lignes() -> list[tables.Ligne]:
    textes = (ressource("tarifs", "prix", f"{part}.csv").read_text(encoding="utf-8") for part in PARTS)
    return [ligne for texte in textes for ligne in tables.lire("prix", texte).toutes()]


def test_chaque_prix_est_dans_cette_liste() -> None:
    assert {(ligne["code"], ligne["zone"], ligne["specialite"]) for ligne in lignes()} == set(PRIX)


@pytest.mark.parametrize("cle", PRIX)
def test_prix_publie_et_sa_date_d_effet(cle: tuple[str, str, str]) -> None:
    periodes = sorted((li for li in lignes() if (li["code"], li["zone"], li["specialite"]) == cle),
                      key=lambda li: li.debut)
    suites: list[tuple[str, int | None]] = [(li.debut.isoformat(), li["prix"]) for li in periodes]
    if periodes[-1].fin:
        suites.append(((periodes[-1].fin + timedelta(1)).isoformat(), None))
    assert suites == PRIX[cle]


def test_ce_qui_n_a_pas_de_source_est_dit() -> None:
    """Every value that no published page gives is marked, and so named in the answer."""
    douteux = {(li["code"], li.debut.isoformat()) for li in lignes() if li.certitude in "MP"}
    assert ("G", "2024-12-22") not in douteux
    assert {("MUT", "2018-01-01"), ("CRN", "2024-12-22"), ("SF", "2019-02-10"), ("CP", "2024-12-22")} <= douteux


def test_toutes_les_specialites_medicales_ont_un_metier() -> None:
    """IR_SPE_V: 01 to 18, 20, 22, 23, 31 to 35, 37, 38, 41 to 49, 69 to 85."""
    suites = (range(1, 19), (20, 22, 23), range(31, 36), (37, 38), range(41, 50), range(69, 86))
    attendues = {f"{numero:02d}" for suite in suites for numero in suite}
    lues = {ligne["code"] for ligne in tables.charger("specialites").lignes(date(2026, 11, 22))
            if ligne["profession"] == "medecin"}
    assert lues == attendues
