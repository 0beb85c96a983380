"""Groups of generics, and hybrid groups of the ANSM."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.referentiels import hybrides
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.groupes import GroupeGenerique, MembreGroupe
from sesam_desktop.referentiels.hybrides import GroupeHybride, SpecialiteHybride
from sesam_desktop.referentiels.importation import importer
from sesam_desktop.referentiels.medicaments import Medicaments

from .conftest import GENERIQUES, PRESENTATIONS, SPECIALITES, Dossier, Reelle

JOUR = date(2026, 8, 1)
# ARIMIDEX, reference of the group 659, and the price of the public table of 24/07/2026.
ARIMIDEX = (
    SPECIALITES.splitlines()[0].replace("60002283", "62303214").replace("ANASTROZOLE ACCORD", "ARIMIDEX") + "\r\n",
    PRESENTATIONS.splitlines()[0].replace("60002283\t4949729", "62303214\t3423652").replace(
        "3400949497294", "3400934236525"
    ) + "\n",
    "659\tANASTROZOLE 1 mg - ARIMIDEX 1 mg, comprimé pelliculé.\t62303214\t0\t1\t\r\n",
)  # fmt: skip
HYBRIDES = {
    "fic02grp.txt": "436\t65\tVoie cutanée\tFICTIF 1g/100g - \tREFERENCE 1 %, crème\r\n",
    "fic03spe.txt": "65\t60002283\tH\tANASTROZOLE ACCORD\t    \r\n65\t63368332\tR\tDOLIPRANE\t\r\n"
    "65\t60000001\tH\tABSENT\t\r\n",
}


@pytest.fixture
def avec_hybrides(petite_bdpm: Dossier) -> Dossier:
    petite_bdpm.ecrire(SPECIALITES + ARIMIDEX[0], PRESENTATIONS + ARIMIDEX[1], GENERIQUES + ARIMIDEX[2])
    for nom, texte in HYBRIDES.items():
        (petite_bdpm.chemin / nom).write_bytes(texte.encode("cp1252"))
    return petite_bdpm


@pytest.fixture
def medicaments(avec_hybrides: Dossier, base: BaseReferentiels) -> Medicaments:
    importer("bdpm", avec_hybrides.chemin, base, version="2026-07-24")
    return Medicaments(base)


def test_un_groupe_et_ses_membres_le_princeps_d_abord(medicaments: Medicaments) -> None:
    generique = "ANASTROZOLE ACCORD 1 mg, comprimé pelliculé"
    assert medicaments.groupe("3400949497706", JOUR) == GroupeGenerique(
        "659", "ANASTROZOLE 1 mg - ARIMIDEX 1 mg, comprimé pelliculé.",
        (
            MembreGroupe("3400934236525", "3423652", "62303214", "ARIMIDEX 1 mg, comprimé pelliculé",
                         "plaquette(s) de 30 comprimé(s)", 2434, 10000, "0", True),
            MembreGroupe("3400949497294", "4949729", "60002283", generique, "plaquette(s) de 30 comprimé(s)",
                         2434, 10000, "1", True),
            MembreGroupe("3400949497706", "4949770", "60002283", generique, "plaquette(s) de 90 comprimé(s)",
                         6868, 10000, "1", True),
        ),
        "2026-07-24",
    )  # fmt: skip
    groupe = medicaments.groupe("3400934236525", date(2026, 1, 1))
    assert groupe is not None
    assert groupe.hors_periode
    assert [m.reference for m in groupe.membres] == [True, False, False]


@pytest.mark.parametrize("code", ["3400932320189", "3400930000007", "", "34009\ud800"])
def test_sans_groupe(code: str, medicaments: Medicaments) -> None:
    assert medicaments.groupe(code, JOUR) is None
    assert medicaments.groupes(code, JOUR) == ()


def test_le_premier_de_plusieurs_groupes_est_celui_du_medicament(avec_hybrides: Dossier, base) -> None:
    autre = "12\tANASTROZOLE AUTRE\t60002283\t4\t3\t\r\n"
    avec_hybrides.ecrire(SPECIALITES, PRESENTATIONS, GENERIQUES + autre)
    importer("bdpm", avec_hybrides.chemin, base, version="2026-07-24")
    medicaments = Medicaments(base)
    trouve = medicaments.par_cip13("3400949497294", JOUR)
    assert trouve is not None
    numeros = [g.numero for g in medicaments.groupes("3400949497294", JOUR)]
    assert numeros == ["659", "12"]
    assert (trouve.groupe_generique, medicaments.groupe("3400949497294", JOUR).numero) == ("659", "659")


def test_un_groupe_hybride(medicaments: Medicaments) -> None:
    groupe = medicaments.groupe_hybride("3400949497294", JOUR)
    assert groupe is not None
    assert (groupe.numero, groupe.libelle, groupe.hybride) == ("65", "FICTIF 1g/100g - REFERENCE 1 %, crème", True)
    assert [(m.cip13, m.type, m.reference) for m in groupe.membres] == [
        ("3400932320189", "R", True), ("3400955473350", "R", True), ("3400949497294", "H", False),
        ("3400949497706", "H", False),
    ]  # fmt: skip
    assert medicaments.groupe_hybride("3400934236525", JOUR) is None


def test_les_groupes_suivent_la_version(avec_hybrides: Dossier, base, medicaments: Medicaments) -> None:
    assert medicaments.groupe("3400949497294", JOUR) is not None
    avec_hybrides.ecrire()
    for nom in HYBRIDES:
        (avec_hybrides.chemin / nom).unlink()
    importer("bdpm", avec_hybrides.chemin, base, version="2026-07-24")
    groupe = medicaments.groupe("3400949497294", JOUR)
    assert groupe is not None
    assert len(groupe.membres) == 2
    assert medicaments.groupe_hybride("3400949497294", JOUR) is None


def test_un_seul_des_deux_fichiers_hybrides_est_refuse(avec_hybrides: Dossier, base) -> None:
    (avec_hybrides.chemin / "fic02grp.txt").unlink()
    with pytest.raises(ErreurConnue) as vu:
        importer("bdpm", avec_hybrides.chemin, base)
    assert vu.value.code == "FICHIER_ABSENT"
    assert "fic02grp.txt" in vu.value.ou


def test_les_lignes_hybrides_sont_comptees_et_rejetees(avec_hybrides: Dossier, base) -> None:
    with (avec_hybrides.chemin / "fic03spe.txt").open("a") as fichier:
        fichier.write("65\t60002283\tX\tFAUX\t\r\n65\t60002283\tH\tDOUBLE\t\r\n")
    bilan = importer("bdpm", avec_hybrides.chemin, base, version="2026-07-24")
    assert [(r.fichier, r.ligne, r.motif) for r in bilan.rejets] == [
        ("fic03spe.txt", 4, "type « X » autre que R ou H"), ("fic03spe.txt", 5, "déjà lue à la ligne 1"),
    ]  # fmt: skip
    assert [(c.lues, c.gardees) for c in bilan.fichiers[3:]] == [(1, 1), (5, 3)]


def test_lignes_hybrides() -> None:
    colonnes = ["1", "22", "Voie inhalée", "SPIRIVA", "", "18"]
    assert hybrides.groupe(colonnes) == GroupeHybride("22", "Voie inhalée", "SPIRIVA 18")
    assert hybrides.specialite(["22", "61922808", "H", "TIOTROPIUM"]) == SpecialiteHybride("22", "61922808", "H")


@given(st.lists(st.text(max_size=10), max_size=6))
def test_toute_ligne_hybride_est_lue_ou_refusee(colonnes: list[str]) -> None:
    for lire in (hybrides.groupe, hybrides.specialite):
        try:
            assert lire(colonnes).groupe.isdigit()
        except EntreeInvalide as erreur:
            assert erreur.message


def test_les_groupes_publies(bdpm_reelle: Reelle) -> None:
    """Group 659 of the public file: ARIMIDEX is the reference, at 24.34 € for 30 tablets; 63 CIS in several groups."""
    medicaments = Medicaments(bdpm_reelle.base)
    groupe = medicaments.groupe("3400949497294", JOUR)
    assert groupe is not None
    assert (groupe.numero, groupe.membres[0].libelle, groupe.membres[0].prix_centimes) == (
        "659", "ARIMIDEX 1 mg, comprimé pelliculé", 2434,
    )  # fmt: skip
    assert "3400949497294" in [m.cip13 for m in groupe.membres]
    ((plusieurs,),) = bdpm_reelle.base.lire(
        "SELECT count(*) FROM (SELECT cis FROM generique GROUP BY cis HAVING count(*) > 1)"
    )
    assert plusieurs == 63
    ((groupes, references),) = bdpm_reelle.base.lire("SELECT count(DISTINCT groupe), sum(type = 'R') FROM hybride")
    assert (groupes, references) == (44, 44)
