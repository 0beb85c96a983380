"""LPP: the three forms it exists in, every line kept or rejected, the tariff of the day of care."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide
from sesam_desktop.referentiels import lpp_lecture
from sesam_desktop.referentiels.articles import Fichier
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.importation import importer
from sesam_desktop.referentiels.lpp import Lpp

from .fichiers_dbf import ecrire

FICHE = [
    ("CODE_TIPS", "C", 7), ("NOM_COURT", "C", 80), ("DATE_FIN", "D", 8), ("AGE_MAX", "N", 3), ("TYPE_PREST", "C", 1)
]  # fmt: skip
HISTO = [
    ("CODE_TIPS", "C", 7), ("DEBUTVALID", "D", 8), ("FINHISTO", "D", 8), ("NAT_PREST", "C", 3), ("ENTENTE", "C", 1),
    ("TARIF", "N", 10), ("MAJO_DOM1", "N", 5), ("MAJO_DOM3", "N", 5), ("PUREGLEMEN", "N", 10),
]
# Tariffs of 1189270 and 4222803 as the history of the CNAM gave them in 2021; the rest is made for the tests.
FICHES = [
    {"CODE_TIPS": "1189270", "NOM_COURT": "APPAREIL A PRESSION POSITIVE", "TYPE_PREST": "L"},
    {"CODE_TIPS": "4222803", "NOM_COURT": "FAUTEUIL ROULANT", "TYPE_PREST": "A", "DATE_FIN": "20300101"},
    {"CODE_TIPS": "2140455", "NOM_COURT": "ORTHESE", "TYPE_PREST": "A"},
]
TARIFS = [
    {"CODE_TIPS": "1189270", "DEBUTVALID": "20210701", "NAT_PREST": "RJT", "ENTENTE": "N", "TARIF": "304.9",
     "MAJO_DOM1": "1.3", "PUREGLEMEN": "0"},
    {"CODE_TIPS": "1189270", "DEBUTVALID": "20030908", "FINHISTO": "20210630", "NAT_PREST": "AAD", "ENTENTE": "N",
     "TARIF": "304.90", "PUREGLEMEN": "0"},
    {"CODE_TIPS": "4222803", "DEBUTVALID": "20030908", "NAT_PREST": "VEH", "ENTENTE": "O", "TARIF": "631.17",
     "MAJO_DOM1": "1.3", "MAJO_DOM3": "9.999", "PUREGLEMEN": "700.00"},
]  # fmt: skip
NT = "LPP_PRS_IDE;LPP_RED_LIB;LPP_VAL_DTF;LPP_MAX_AGE;LPP_PRS_TYP;LPP_MED_IND\n"
IR = "LPP_COD;VAL_DTD;LPP_TAR;LPP_PRU\n"
TABLE = "code,libelle,date_fin,type_prestation,entente,tarif,pu_max,date_tarif\n"


@pytest.fixture
def dbase(tmp_path: Path) -> Path:
    (tmp_path / "LPP_FICHE_TOT901.dbf").write_bytes(ecrire(FICHE, FICHES))
    (tmp_path / "LPP_HISTO_TOT901.dbf").write_bytes(ecrire(HISTO, TARIFS))
    return tmp_path


@pytest.fixture
def snds(tmp_path: Path) -> Path:
    nt = NT + "1100040;PPC FORFAIT 9.2;;0;S;O\n2140455;ORTHESE;02DEC2030:00:00:00;0;A;N\n"
    (tmp_path / "NT_LPP.csv").write_text(nt, encoding="utf-8")
    (tmp_path / "IR_LPP_V.csv").write_text(IR + "1100040;12NOV2013:00:00:00;21.00;0.00\n", encoding="utf-8")
    return tmp_path


def test_les_fichiers_de_la_cnam(dbase: Path, base: BaseReferentiels) -> None:
    bilan = importer("lpp", dbase, base)
    assert (bilan.version, bilan.lignes, bilan.rejets, bilan.remarques) == ("2026-09-07", 3, [], [])
    article = Lpp(base).article("4222803", date(2026, 9, 10))
    assert article is not None
    assert (article.tarif_centimes, article.prix_max_centimes, article.nature) == (63117, 70000, "VEH")
    assert (article.entente, article.fin, article.type_prestation) == (True, date(2030, 1, 1), "A")
    assert article.majorations == (("971", Decimal("1.3")),)  # 9.999 is no coefficient
    assert (article.date_tarif, article.hors_periode) == (date(2003, 9, 8), False)


def test_le_tarif_est_celui_du_jour(dbase: Path, base: BaseReferentiels) -> None:
    importer("lpp", dbase, base)
    lpp = Lpp(base)
    jours = (date(2003, 9, 7), date(2003, 9, 8), date(2021, 6, 30), date(2021, 7, 1), date(2026, 9, 10))
    articles = [lpp.article("1189270", jour) for jour in jours]
    assert [a and a.nature for a in articles] == ["", "AAD", "AAD", "RJT", "RJT"]
    assert [a and a.tarif_centimes for a in articles] == [None, 30490, 30490, 30490, 30490]
    assert [a and a.hors_periode for a in articles] == [True, False, False, False, False]


def test_un_seul_des_deux_fichiers_apporte_l_autre(dbase: Path, base: BaseReferentiels) -> None:
    (dbase / "LPP_HISTO_TOT900.dbf").write_bytes(ecrire(HISTO, TARIFS[:1]))
    assert importer("lpp", dbase / "LPP_FICHE_TOT901.dbf", base).fichiers[1].lues == 3


def test_un_dossier_de_deux_versions_est_ambigu(dbase: Path, base: BaseReferentiels) -> None:
    (dbase / "LPP_HISTO_TOT900.dbf").write_bytes(ecrire(HISTO, TARIFS[:1]))
    with pytest.raises(ErreurConnue) as refus:
        importer("lpp", dbase, base)
    assert refus.value.code == "FICHIER_AMBIGU"


def test_les_fichiers_du_snds(snds: Path, base: BaseReferentiels) -> None:
    bilan = importer("lpp", snds, base)
    assert (bilan.version, bilan.lignes, bilan.rejets) == ("2013-11-12", 2, [])
    lpp = Lpp(base)
    forfait, orthese = lpp.article("1100040", date(2014, 1, 1)), lpp.article("2140455", date(2014, 1, 1))
    assert forfait is not None
    assert (forfait.tarif_centimes, forfait.prix_max_centimes, forfait.nature) == (2100, None, "")
    assert forfait.entente is None  # LPP_MED_IND is not the prior agreement
    assert orthese is not None
    assert (orthese.tarif_centimes, orthese.entente, orthese.fin) == (None, None, date(2030, 12, 2))


def test_la_table_derivee(tmp_path: Path, base: BaseReferentiels) -> None:
    fichier = tmp_path / "lpp_2020.csv"
    lignes = '1100028,"SOLUTION, 0,4 ML",,A,N,,,\n1100040,PPC,,S,O,21.00,21.00,2013-11-12\n'
    fichier.write_text(TABLE + lignes, encoding="utf-8")
    assert importer("lpp", fichier, base).lignes == 2
    article = Lpp(base).article("1100040", date(2014, 1, 1))
    assert article is not None
    assert (article.tarif_centimes, article.prix_max_centimes) == (2100, 2100)


def test_recherche_par_mots_et_par_code(dbase: Path, base: BaseReferentiels) -> None:
    importer("lpp", dbase, base)
    lpp, jour = Lpp(base), date(2026, 9, 10)
    assert [a.code for a in lpp.chercher("fauteuil roul", jour)] == ["4222803"]
    assert [a.code for a in lpp.chercher("1189", jour)] == ["1189270"]
    assert lpp.article("1234567", jour) is None


def test_chaque_ligne_refusee_dit_pourquoi(tmp_path: Path, base: BaseReferentiels) -> None:
    (tmp_path / "NT_LPP.csv").write_text(
        NT + "1100040;PPC;;0;S;O\n1100041;CLE FAUSSE;;0;A;N\n2140455;;;0;A;N\n1100034;X;99FEB2020:00:00:00;0;A;N\n"
        "1100028;X;;0;AB;N\n1100040;PPC;;0;S;O\n1100070\n1100086;PANSEMENT \ufffd;;0;A;N\n", encoding="utf-8",
    )  # fmt: skip
    (tmp_path / "IR_LPP_V.csv").write_text(
        IR + "1100040;12NOV2013:00:00:00;21.00;0.00\n1100040;12NOV2013:00:00:00;22.00;0.00\n"
        "1100040;;21.00;0.00\n1100040;12NOV2013:00:00:00;x;0.00\n2140455;12NOV2013:00:00:00;1.00;0.00\n",
        encoding="utf-8",
    )  # fmt: skip
    bilan = importer("lpp", tmp_path, base)
    assert {(r.fichier, r.ligne): r.motif for r in bilan.rejets} == {
        ("NT_LPP.csv", 3): "code LPP « 1100041 » faux",
        ("NT_LPP.csv", 4): "libellé absent",
        ("NT_LPP.csv", 5): "date « 99FEB2020:00:00:00 » impossible",
        ("NT_LPP.csv", 6): "type de prestation « AB » inconnu",
        ("NT_LPP.csv", 7): "code 1100040 déjà lu à la ligne 2",
        ("NT_LPP.csv", 8): "nombre de colonnes : 1 au lieu de 6",
        ("IR_LPP_V.csv", 3): "deux tarifs du code 1100040 commencent le 2013-11-12",
        ("IR_LPP_V.csv", 4): "date absente",
        ("IR_LPP_V.csv", 5): "montant « x » illisible",
        ("IR_LPP_V.csv", 6): "code 2140455 absent de la liste des codes",
    }
    assert [(r.ligne, r.motif) for r in bilan.remarques] == [(9, "le libellé du code 1100086 a perdu des lettres")]
    assert [(c.fichier, c.lues, c.gardees) for c in bilan.fichiers] == [("NT_LPP.csv", 8, 2), ("IR_LPP_V.csv", 5, 1)]
    assert Lpp(base).article("1100040", date(2014, 1, 1)).tarif_centimes == 2100


def test_une_nature_illisible_est_rejetee(tmp_path: Path, base: BaseReferentiels) -> None:
    (tmp_path / "LPP_FICHE_TOT1.dbf").write_bytes(ecrire(FICHE, FICHES))
    (tmp_path / "LPP_HISTO_TOT1.dbf").write_bytes(ecrire(HISTO, [TARIFS[0], TARIFS[1] | {"NAT_PREST": "a;b"}]))
    (rejet,) = importer("lpp", tmp_path, base).rejets
    assert (rejet.fichier, rejet.ligne) == ("LPP_HISTO_TOT1.dbf", 2)


def test_deux_tarifs_qui_se_chevauchent(tmp_path: Path, base: BaseReferentiels) -> None:
    """The later one closes the one before; a written end that it contradicts is told."""
    (tmp_path / "LPP_FICHE_TOT1.dbf").write_bytes(ecrire(FICHE, FICHES))
    ancien = TARIFS[1] | {"FINHISTO": "20211231"}
    (tmp_path / "LPP_HISTO_TOT1.dbf").write_bytes(ecrire(HISTO, [TARIFS[0], ancien]))
    (remarque,) = importer("lpp", tmp_path, base).remarques
    assert remarque.motif == "le tarif précédent du code 1189270 le chevauchait : arrêté la veille"
    assert Lpp(base).article("1189270", date(2021, 6, 30)).nature == "AAD"
    assert Lpp(base).article("1189270", date(2021, 7, 1)).nature == "RJT"


@pytest.mark.parametrize(
    ("noms", "code"),
    [((), "FICHIER_ABSENT"), (("NT_LPP.csv",), "FICHIER_ABSENT"), (("LPP_FICHE_TOT1.dbf",), "FICHIER_ABSENT")],
)
def test_un_dossier_incomplet_est_refuse(noms: tuple[str, ...], code: str, tmp_path: Path, base) -> None:
    for nom in noms:
        (tmp_path / nom).write_bytes(NT.encode())
    with pytest.raises(ErreurConnue) as refus:
        importer("lpp", tmp_path, base)
    assert refus.value.code == code
    assert base.versions() == []


def test_un_fichier_d_une_autre_forme_est_refuse(tmp_path: Path, base: BaseReferentiels) -> None:
    (tmp_path / "autre.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(FormatInvalide) as refus:
        importer("lpp", tmp_path / "autre.csv", base)
    assert refus.value.code == "TABLE_ILLISIBLE"
    assert "LPP_FICHE_TOT" in refus.value.action


def test_une_liste_de_codes_sans_historique_est_refusee(base: BaseReferentiels) -> None:
    with pytest.raises(FormatInvalide) as refus:
        lpp_lecture.lire([Fichier("fiche.dbf", ecrire(FICHE, FICHES))], iter)
    assert (refus.value.code, refus.value.fichier) == ("TABLE_ILLISIBLE", "fiche.dbf")


def test_un_fichier_absent_est_nomme(tmp_path: Path, base: BaseReferentiels) -> None:
    with pytest.raises(ErreurConnue) as refus:
        importer("lpp", tmp_path / "absent.dbf", base)
    assert refus.value.code == "FICHIER_ABSENT"


def test_sans_import_la_table_manque(base: BaseReferentiels) -> None:
    with pytest.raises(ErreurConnue) as refus:
        Lpp(base).article("1100040", date(2014, 1, 1))
    assert refus.value.code == "REFERENTIEL_ABSENT"


@given(st.text(max_size=80), st.text(max_size=80))
def test_des_lignes_quelconques_sont_gardees_ou_rejetees(une: str, autre: str) -> None:
    fichiers = [Fichier("NT_LPP.csv", (NT + une).encode()), Fichier("IR_LPP_V.csv", (IR + autre).encode())]
    try:
        lecture = lpp_lecture.lire(fichiers, iter)
    except FormatInvalide as refus:
        assert refus.code == "TABLE_ILLISIBLE"
    else:
        assert sum(lecture.lues.values()) == len(lecture.rejets) + sum(c.gardees for c in lecture.comptes())


@pytest.fixture(scope="module")
def reelle(donnees_partagees: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseReferentiels]:
    base = BaseReferentiels(tmp_path_factory.mktemp("lpp") / "referentiels.db")
    bilan = importer("lpp", donnees_partagees / "snds", base)
    assert (bilan.lignes, len(bilan.rejets), len(bilan.remarques)) == (19717, 0, 48)
    assert [(c.fichier, c.lues, c.gardees) for c in bilan.fichiers] == [
        ("NT_LPP.csv", 19717, 19717), ("IR_LPP_V.csv", 4923, 4923),
    ]
    yield base
    base.fermer()


def test_la_vraie_lpp(reelle: BaseReferentiels, donnees_partagees: Path) -> None:
    """One row of each public file, and the derived table says the same of every code it prices."""
    lpp, jour = Lpp(reelle), date(2014, 6, 2)
    article = lpp.article("1255096", jour)
    assert article is not None
    assert (article.tarif_centimes, article.fin) == (10250, date(2013, 9, 4))
    assert lpp.chercher("lit medical livraison", jour)[0].type_prestation == "V"
    base = reelle
    importer("lpp", donnees_partagees / "tarifs" / "lpp_2020.csv", base, version="2014-06-03")
    ecarts = base.lire(
        "SELECT count(*) FROM article a JOIN article b ON a.code = b.code AND a.version < b.version"
        " WHERE a.donnees IS NOT b.donnees"
    )
    assert ecarts == [(0,)]
