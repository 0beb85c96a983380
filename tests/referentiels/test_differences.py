"""Two versions of a table compared; the expected rows are the edits made by hand between them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.differences import Champ, Difference, Differences, comparer
from sesam_desktop.referentiels.importation import importer

from .ccam import ccam
from .conftest import GENERIQUES, PRESENTATIONS, SPECIALITES, Dossier

AVANT, APRES = "2026-07-24", "2026-08-24"


def test_medicaments(petite_bdpm: Dossier, base: BaseReferentiels) -> None:
    importer("bdpm", petite_bdpm.chemin, base, version=AVANT)
    lignes = PRESENTATIONS.replace("24,34\t25,36", "20,00\t21,02").splitlines(keepends=True)
    nouvelle = lignes[0].replace("3400949497294", "3400949497300").replace("4949729", "4949730")
    petite_bdpm.ecrire(
        SPECIALITES.replace("SANOFI", "OPELLA"), "".join([*lignes[:3], nouvelle]),
        GENERIQUES.replace("\t1\t12\t", "\t2\t12\t"),
    )  # fmt: skip
    importer("bdpm", petite_bdpm.chemin, base, version=APRES)
    anastrozole, doliprane = "ANASTROZOLE ACCORD 1 mg, comprimé pelliculé", "DOLIPRANE 500 mg, comprimé"
    groupe = "ANASTROZOLE 1 mg - ARIMIDEX 1 mg, comprimé pelliculé."
    assert comparer(base, "bdpm", AVANT, APRES) == Differences(
        "bdpm", AVANT, APRES, ajouts=1, retraits=1, modifications=3,
        lignes=(
            Difference("ajout", "presentation", "3400949497300", anastrozole),
            Difference("retrait", "presentation", "3400955473350", doliprane),
            Difference(
                "modification", "presentation", "3400949497294", anastrozole,
                (Champ("prix", 2434, 2000), Champ("prix_avec_honoraire", 2536, 2102)),
            ),
            Difference(
                "modification", "specialite", "63368332", doliprane, (Champ("titulaires", "SANOFI", "OPELLA"),)
            ),
            Difference("modification", "generique", "60002283 / 659", groupe, (Champ("type", "1", "2"),)),
        ),
    )  # fmt: skip


@pytest.fixture
def deux_ccam(tmp_path: Path, base: BaseReferentiels) -> BaseReferentiels:
    chemin = tmp_path / "ccam.csv"
    apres = ccam().replace("10.50,9.00", "11.00,9.00").replace("Indication : aucune", "Indication : une")
    for version, texte in ((AVANT, ccam()), (APRES, apres.replace("E,,Chez", "G,,Chez"))):
        chemin.write_text(texte, encoding="utf-8")
        importer("ccam", chemin, base, version=version)
    return base


def test_ccam_et_valeurs_des_modificateurs(deux_ccam: BaseReferentiels) -> None:
    vues = comparer(deux_ccam, "ccam", AVANT, APRES)
    assert (vues.ajouts, vues.retraits, vues.modifications) == (1, 1, 1)
    ajout, retrait, modification = vues.lignes
    assert (ajout.genre, ajout.code, ajout.libelle) == ("ajout", "modificateur-G-1", "Chez un enfant")
    assert (retrait.genre, retrait.code) == ("retrait", "modificateur-E-1")
    assert modification.code == "AAAA001-1-0"
    notes = "Facturation : ne peut pas être facturé avec un autre acte (AAAA002)"
    assert modification.champs == (
        Champ("notes", [notes, "Indication : aucune"], [notes, "Indication : une"]), Champ("tarif_1", 1050, 1100),
    )  # fmt: skip


def test_dans_l_autre_sens_un_ajout_est_un_retrait(deux_ccam: BaseReferentiels) -> None:
    vues = comparer(deux_ccam, "ccam", APRES, AVANT)
    assert [(d.genre, d.code) for d in vues.lignes[:2]] == [
        ("ajout", "modificateur-E-1"), ("retrait", "modificateur-G-1"),
    ]  # fmt: skip
    assert vues.lignes[2].champs[-1] == Champ("tarif_1", 1100, 1050)


def test_une_version_comparee_a_elle_meme(deux_ccam: BaseReferentiels) -> None:
    assert comparer(deux_ccam, "ccam", AVANT, AVANT) == Differences("ccam", AVANT, AVANT, 0, 0, 0, ())


def test_les_comptes_sont_entiers_et_les_lignes_bornees(tmp_path: Path, base: BaseReferentiels) -> None:
    chemin = tmp_path / "ccam.csv"
    chemin.write_text(ccam(), encoding="utf-8")
    importer("ccam", chemin, base, version=AVANT)
    chemin.write_text(ccam().replace("AAAA", "BBBB"), encoding="utf-8")
    importer("ccam", chemin, base, version=APRES)
    vues = comparer(base, "ccam", AVANT, APRES, limite=2)
    assert (vues.ajouts, vues.retraits) == (5, 5)
    assert [d.code for d in vues.lignes] == ["BBBB001-1-0", "BBBB002-1-0", "AAAA001-1-0", "AAAA002-1-0"]


@pytest.mark.parametrize(("source", "avant", "apres", "code"), [
    ("ccam", AVANT, "2030-01-01", "VERSION_INCONNUE"),
    ("ccam", "1999-12-31", APRES, "VERSION_INCONNUE"),
    ("lpp", AVANT, APRES, "VERSION_INCONNUE"),
    ("ccam", "hier", APRES, "DATE_INVALIDE"),
])  # fmt: skip
def test_une_version_qui_n_est_pas_la(source, avant, apres, code, deux_ccam: BaseReferentiels) -> None:
    with pytest.raises(EntreeInvalide) as vu:
        comparer(deux_ccam, source, avant, apres)
    assert vu.value.code == code


def test_la_vraie_bdpm_se_compare(donnees_partagees: Path, tmp_path: Path, base) -> None:
    """Five boxes taken out of the first lines, every box at 24,34 € lowered to 20,00 €: 18 are left in the file."""
    reelle = donnees_partagees / "bdpm"
    importer("bdpm", reelle, base, version=AVANT)
    copie = tmp_path / "bdpm"
    copie.mkdir()
    for nom in ("CIS_bdpm.txt", "CIS_GENER_bdpm.txt", "fic02grp.txt", "fic03spe.txt"):
        (copie / nom).write_bytes((reelle / nom).read_bytes())
    lignes = (reelle / "CIS_CIP_bdpm.txt").read_bytes().split(b"\n")[5:]
    baissees = [ligne.replace(b"24,34\t25,36", b"20,00\t21,02") for ligne in lignes]
    (copie / "CIS_CIP_bdpm.txt").write_bytes(b"\n".join(baissees))
    importer("bdpm", copie, base, version=APRES)
    vues = comparer(base, "bdpm", AVANT, APRES)
    attendues = sum(ligne != baissee for ligne, baissee in zip(lignes, baissees, strict=True))
    assert (vues.ajouts, vues.retraits, vues.modifications) == (0, 5, attendues)
