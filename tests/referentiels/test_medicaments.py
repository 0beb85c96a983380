from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.referentiels import demonstration
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.importation import importer
from sesam_desktop.referentiels.medicaments import Medicament, Medicaments

from .conftest import PRESENTATIONS, Dossier, Reelle

JOUR = date(2026, 11, 1)


@pytest.fixture
def medicaments(petite_bdpm: Dossier, base: BaseReferentiels) -> Medicaments:
    importer("bdpm", petite_bdpm.chemin, base, version="2026-07-24")
    return Medicaments(base)


ANASTROZOLE = Medicament(
    cip13="3400949497294", cip7="4949729", cis="60002283", libelle="ANASTROZOLE ACCORD 1 mg, comprimé pelliculé",
    presentation="plaquette(s) de 30 comprimé(s)", taux=10000, prix_centimes=2434, prix_avec_honoraire_centimes=2536,
    honoraire_centimes=102, commercialise=True, groupe_generique="659", type_generique="1", version="2026-07-24",
)


@pytest.mark.parametrize(
    "scan",
    ["3400949497294", "4949729", "010340094949729417271231101234", "]d20103400949497294\x1d21AB", " 3400949497294 "],
)
def test_le_meme_medicament_par_tous_ses_codes(scan: str, medicaments: Medicaments) -> None:
    assert medicaments.par_scan(scan, JOUR) == ANASTROZOLE
    assert medicaments.trouver(scan, JOUR) == [ANASTROZOLE]


def test_par_cip13_et_par_cip7(medicaments: Medicaments) -> None:
    assert medicaments.par_cip13("3400949497294", JOUR) == ANASTROZOLE
    assert medicaments.par_cip7("4949729", JOUR) == ANASTROZOLE
    assert ANASTROZOLE.remboursable


def test_non_rembourse_et_sans_prix(medicaments: Medicaments) -> None:
    trouve = medicaments.par_cip7("5547335", JOUR)
    assert trouve is not None
    assert (trouve.taux, trouve.prix_centimes, trouve.honoraire_centimes, trouve.remboursable) == (None,) * 3 + (False,)


@pytest.mark.parametrize("code", ["3400930000007", "", "abc", "34009\ud800", "٣٤٠٠٩٣٠٠٠٠٠٠٧"])
def test_un_code_inconnu_ne_trouve_rien(code: str, medicaments: Medicaments) -> None:
    assert medicaments.par_cip13(code, JOUR) is None


def test_un_scan_qui_n_est_pas_un_medicament(medicaments: Medicaments) -> None:
    with pytest.raises(EntreeInvalide) as vu:
        medicaments.par_scan("3017620422003", JOUR)
    assert vu.value.code == "CIP_INVALIDE"


@pytest.mark.parametrize(
    ("mots", "cip7"),
    [
        ("anastrozole", ["4949729", "4949770"]),
        ("ANAS comprime", ["4949729", "4949770"]),
        ("anastrozole 90", ["4949770"]),
        ("pelliculé accord 1 mg", ["4949729", "4949770"]),
        ("doliprane", ["3232018", "5547335"]),
        ("doliprane, 500 mg", ["3232018", "5547335"]),
        ("anastrozole doliprane", []),
        ("zzz", []),
        ("  ", []),
        ('"', []),
    ],
)
def test_chercher_par_mots(mots: str, cip7: list[str], medicaments: Medicaments) -> None:
    assert [m.cip7 for m in medicaments.chercher(mots, JOUR)] == cip7


def test_ce_qui_est_vendu_avec_un_prix_vient_d_abord(petite_bdpm: Dossier, base: BaseReferentiels) -> None:
    arretee = PRESENTATIONS.splitlines()[2].replace("Déclaration de commercialisation", "Arrêt de commercialisation")
    petite_bdpm.ecrire(presentations="\n".join([arretee, *PRESENTATIONS.splitlines()[3:]]))
    importer("bdpm", petite_bdpm.chemin, base, version="2026-07-24")
    assert [m.commercialise for m in Medicaments(base).chercher("doliprane", JOUR)] == [True, False]


def test_la_limite_est_tenue(medicaments: Medicaments) -> None:
    assert len(medicaments.chercher("comprime", JOUR, limite=3)) == 3
    assert medicaments.chercher("comprime", JOUR, limite=0) == []


def test_la_version_est_celle_de_la_date_des_soins(petite_bdpm: Dossier, base: BaseReferentiels) -> None:
    prix_de = {"2026-03-01": "20,00\t21,02", "2026-01-01": "10,00\t11,02", "2026-07-24": "24,34\t25,36"}
    for version, prix in prix_de.items():
        petite_bdpm.ecrire(presentations=PRESENTATIONS.replace("24,34\t25,36", prix))
        importer("bdpm", petite_bdpm.chemin, base, version=version)
    medicaments = Medicaments(base)

    def vu(jour: date) -> tuple[int | None, str, bool]:
        m = medicaments.par_cip13("3400949497294", jour)
        assert m is not None
        return m.prix_centimes, m.version, m.hors_periode

    assert vu(date(2026, 7, 24)) == (2434, "2026-07-24", False)
    assert vu(date(2026, 7, 23)) == (2000, "2026-03-01", False)
    assert vu(date(2026, 1, 1)) == (1000, "2026-01-01", False)
    assert vu(date(2025, 12, 31)) == (1000, "2026-01-01", True)
    assert [m.prix_centimes for m in medicaments.chercher("anastrozole", date(2026, 4, 1))] == [2000, 6868]


def test_la_demonstration_ne_repond_que_sans_vraie_table(petite_bdpm: Dossier, base: BaseReferentiels) -> None:
    importer("demonstration", demonstration.chemin_livre(), base)
    medicaments = Medicaments(base)
    assert medicaments.chercher("levothyrox", JOUR)
    importer("bdpm", petite_bdpm.chemin, base, version="2020-01-01")
    assert medicaments.chercher("levothyrox", JOUR) == []
    assert [v.source for v in base.versions()] == ["demonstration", "bdpm"]


def test_sans_table_une_phrase_dit_quoi_faire(base: BaseReferentiels) -> None:
    with pytest.raises(ErreurConnue) as vu:
        Medicaments(base).par_cip13("3400949497294", JOUR)
    assert vu.value.code == "REFERENTIEL_ABSENT"


def test_sans_mot_la_recherche_ne_demande_aucune_table(base: BaseReferentiels) -> None:
    assert Medicaments(base).chercher(" - ", JOUR) == []


@given(st.text(max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tout_texte_cherche_repond_une_liste(medicaments: Medicaments, texte: str) -> None:
    for m in medicaments.trouver(texte, JOUR):
        assert m.cip13


@pytest.mark.parametrize("terme", ["3400949497294", "4949729", "0103400949497294", "doliprane 1000", "amox clav 1 g"])
def test_la_vraie_table_repond(terme: str, bdpm_reelle: Reelle) -> None:
    assert Medicaments(bdpm_reelle.base).trouver(terme, JOUR)


@pytest.mark.parametrize("mots", ["comprime", "c", "a b", "mg comprime plaquette pvc"])
def test_meme_les_mots_les_plus_courants(mots: str, bdpm_reelle: Reelle) -> None:
    assert len(Medicaments(bdpm_reelle.base).chercher(mots, JOUR)) == 20


def test_un_prix_a_milliers_de_la_vraie_table(bdpm_reelle: Reelle) -> None:
    """ADEMPAS 1,5 mg, CIP13 3400927849800: ``1,466,29`` and ``2,76`` in the public file."""
    trouve = Medicaments(bdpm_reelle.base).par_cip13("3400927849800", JOUR)
    assert trouve is not None
    assert (trouve.prix_centimes, trouve.honoraire_centimes, trouve.taux) == (146629, 276, 3000)
