"""Tables that hold the history of their prices: the newest version knows the past, an older one what came before it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.importation import importer
from sesam_desktop.referentiels.lpp import Lpp
from sesam_desktop.referentiels.nabm import Nabm

from .test_lpp import FICHE, HISTO, ecrire

ORTHESE, RADIEE, NOUVELLE = "2140455", "1189270", "4222803"  # codes whose key is right; tariffs made for the tests
JANVIER, MARS = date(2026, 1, 15), date(2026, 3, 15)


def tarif(code: str, debut: str, montant: str, fin: str = "") -> dict[str, str]:
    return {"CODE_TIPS": code, "DEBUTVALID": debut, "FINHISTO": fin, "NAT_PREST": "DVO", "ENTENTE": "N",
            "TARIF": montant, "PUREGLEMEN": "0"}  # fmt: skip


@pytest.fixture
def lpp(tmp_path: Path, base: BaseReferentiels) -> Lpp:
    """January prices two articles; March tells that one changed on 01/02, the other ended on 31/01, a third is new."""
    _publier(tmp_path / "01", base, JANVIER, [tarif(ORTHESE, "20200101", "10.00"), tarif(RADIEE, "20200101", "7.00")])
    mars = [
        tarif(ORTHESE, "20260201", "12.00"), tarif(RADIEE, "20240101", "7.00", "20260131"),
        tarif(NOUVELLE, "20260201", "99.00"), tarif(ORTHESE, "20210101", "10.00"),
    ]  # fmt: skip
    _publier(tmp_path / "03", base, MARS, mars)
    return Lpp(base)


def _publier(dossier: Path, base: BaseReferentiels, jour: date, tarifs: list[dict[str, str]]) -> None:
    codes = dict.fromkeys(t["CODE_TIPS"] for t in tarifs)
    fiches = [{"CODE_TIPS": c, "NOM_COURT": f"ARTICLE {c}", "TYPE_PREST": "A"} for c in codes]
    dossier.mkdir()
    (dossier / "LPP_FICHE_TOT1.dbf").write_bytes(ecrire(FICHE, fiches, jour))
    (dossier / "LPP_HISTO_TOT1.dbf").write_bytes(ecrire(HISTO, tarifs, jour))
    assert importer("lpp", dossier, base).version == jour.isoformat()


@pytest.mark.parametrize(
    ("jour", "centimes", "version"),
    [
        (date(2026, 2, 10), 1200, "2026-03-15"),  # between both publications, after the change
        (date(2026, 1, 31), 1000, "2026-03-15"),
        (date(2020, 6, 1), 1000, "2026-01-15"),   # before what March still tells
        (date(2026, 12, 1), 1200, "2026-03-15"),
    ],
)  # fmt: skip
def test_un_changement_publie_apres_coup_vaut_a_sa_date(lpp: Lpp, jour: date, centimes: int, version: str) -> None:
    article = lpp.article(ORTHESE, jour)
    assert article is not None
    assert (article.tarif_centimes, article.version, article.hors_periode) == (centimes, version, False)


def test_une_fin_publiee_apres_coup_n_est_pas_oubliee(lpp: Lpp) -> None:
    """The version of January still thinks it open: it must not answer."""
    article = lpp.article(RADIEE, date(2026, 2, 10))
    assert article is not None
    assert (article.tarif_centimes, article.hors_periode) == (None, True)


def test_un_article_cree_entre_deux_publications_a_son_tarif(lpp: Lpp) -> None:
    jour = date(2026, 2, 10)
    article = lpp.article(NOUVELLE, jour)
    assert article is not None
    assert (article.tarif_centimes, article.hors_periode) == (9900, False)
    assert lpp.chercher(NOUVELLE, jour) == [article]


def test_avant_toute_histoire_il_n_y_a_pas_de_tarif(lpp: Lpp) -> None:
    article = lpp.article(ORTHESE, date(2019, 12, 31))
    assert article is not None
    assert (article.tarif_centimes, article.hors_periode) == (None, True)
    assert lpp.article("1100040", MARS) is None


def test_la_biologie_suit_la_meme_regle(tmp_path: Path, base: BaseReferentiels) -> None:
    entete = "code,libelle,date_creation,date_suppression,lettre,coef,date_coef,chapitre,entente_prealable\n"
    for nom, coefficient, depuis in (("a", "40", "2019-01-01"), ("b", "36", "2026-02-01")):
        table = tmp_path / f"nabm_{nom}.csv"
        table.write_text(f"{entete}1104,HEMOGRAMME,1996-01-01,,B,{coefficient},{depuis},5,\n", encoding="utf-8")
        importer("nabm", table, base, version=f"2026-0{1 if nom == 'a' else 3}-15")
    jours = (date(2026, 1, 20), date(2026, 1, 31), date(2026, 2, 1), date(2026, 4, 1))
    assert [acte and acte.coefficient for acte in (Nabm(base).acte("1104", j) for j in jours)] == [40, 40, 36, 36]
