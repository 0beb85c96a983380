from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from sesam_desktop.noyau.erreurs import Annulation, EntreeInvalide, ErreurConnue
from sesam_desktop.referentiels import suivi
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.bdpm import Rejet
from sesam_desktop.referentiels.importation import importer
from sesam_desktop.referentiels.medicaments import Medicaments

from .conftest import GENERIQUES, PRESENTATIONS, SPECIALITES, Dossier, Reelle

JOUR = date(2026, 11, 1)
RACINE = Path(__file__).resolve().parents[2]


def test_chaque_ligne_est_gardee_et_comptee(petite_bdpm: Dossier, base: BaseReferentiels) -> None:
    bilan = importer("bdpm", petite_bdpm.chemin, base, version="2026-07-24")
    assert (bilan.source, bilan.version, bilan.lignes, bilan.rejets) == ("bdpm", "2026-07-24", 8, [])
    assert [(c.fichier, c.lues, c.gardees) for c in bilan.fichiers] == [
        ("CIS_bdpm.txt", 2, 2), ("CIS_CIP_bdpm.txt", 4, 4), ("CIS_GENER_bdpm.txt", 2, 2),
    ]


def test_chaque_ligne_rejetee_dit_son_fichier_sa_ligne_et_son_motif(petite_bdpm: Dossier, base) -> None:
    fausse = PRESENTATIONS.splitlines()[0].replace("3400949497294", "3400949497295")
    double = PRESENTATIONS.splitlines()[0]
    petite_bdpm.ecrire(presentations=PRESENTATIONS + fausse + "\n\n" + double + "\n", generiques=GENERIQUES + "x\r\n")
    vues: list[tuple[int, int]] = []
    bilan = importer("bdpm", petite_bdpm.chemin, base, lambda *vu: vues.append(vu), version="2026-07-24")
    assert vues[-1] == (24, 24)
    assert bilan.rejets == [
        Rejet("CIS_CIP_bdpm.txt", 5, "code CIP13 « 3400949497295 » faux"),
        Rejet("CIS_CIP_bdpm.txt", 7, "déjà lue à la ligne 1"),
        Rejet("CIS_GENER_bdpm.txt", 3, "nombre de colonnes : 1 au lieu de 5 au moins"),
    ]
    assert bilan.lignes == 8
    assert [(c.lues, c.gardees) for c in bilan.fichiers] == [(2, 2), (6, 4), (3, 2)]


def test_une_ligne_gardee_mais_douteuse_est_signalee(petite_bdpm: Dossier, base) -> None:
    douteuses = PRESENTATIONS.replace("25,36", "25,40").replace("\t65%\t", "\t\t").replace("63368332\t5", "63368399\t5")
    petite_bdpm.ecrire(presentations=douteuses)
    bilan = importer("bdpm", petite_bdpm.chemin, base, version="2026-07-24")
    assert [(r.ligne, r.motif.split(" ")[0]) for r in bilan.remarques] == [(1, "le"), (3, "taux"), (4, "spécialité")]
    inconnue = Medicaments(base).par_cip7("5547335", JOUR)
    assert inconnue is not None
    assert inconnue.libelle == "10 plaquette(s) de 10 comprimé(s)"


def test_sans_option_la_version_est_la_date_des_fichiers(petite_bdpm: Dossier, base) -> None:
    le_24_juillet = 1784894400  # 2026-07-24 12:00 UTC
    for fichier in petite_bdpm.chemin.iterdir():
        os.utime(fichier, (le_24_juillet, le_24_juillet))
    assert importer("bdpm", petite_bdpm.chemin, base).version == "2026-07-24"


def test_reimporter_la_meme_version_la_remplace(petite_bdpm: Dossier, base) -> None:
    importer("bdpm", petite_bdpm.chemin, base, version="2026-07-24")
    petite_bdpm.ecrire(presentations=PRESENTATIONS.replace("24,34\t25,36", "20,00\t21,02"))
    importer("bdpm", petite_bdpm.chemin, base, version="2026-07-24")
    assert [v.date for v in base.versions()] == ["2026-07-24"]
    trouves = Medicaments(base).chercher("anastrozole", JOUR)
    assert [m.prix_centimes for m in trouves] == [2000, 6868]


@pytest.mark.parametrize("source", ["tips", "BDPM", ""])
def test_une_source_non_prise_en_charge_dit_celles_qui_le_sont(source: str, tmp_path: Path, base) -> None:
    with pytest.raises(EntreeInvalide) as vu:
        importer(source, tmp_path, base)
    assert vu.value.code == "SOURCE_INCONNUE"
    assert "bdpm (base publique des médicaments)" in vu.value.action


@pytest.mark.parametrize("manquant", ["CIS_bdpm.txt", "CIS_CIP_bdpm.txt", "CIS_GENER_bdpm.txt"])
def test_un_fichier_absent_est_nomme(manquant: str, petite_bdpm: Dossier, base) -> None:
    (petite_bdpm.chemin / manquant).unlink()
    with pytest.raises(ErreurConnue) as vu:
        importer("bdpm", petite_bdpm.chemin, base)
    assert vu.value.code == "FICHIER_ABSENT"
    assert manquant in vu.value.ou


@pytest.mark.parametrize("contenu", ["", "<html><body>Maintenance</body></html>\n"])
def test_un_fichier_sans_ligne_lisible_ne_touche_pas_la_table(contenu: str, petite_bdpm: Dossier, base) -> None:
    importer("bdpm", petite_bdpm.chemin, base, version="2026-07-24")
    petite_bdpm.ecrire(presentations=contenu)
    with pytest.raises(ErreurConnue) as vu:
        importer("bdpm", petite_bdpm.chemin, base, version="2026-07-24")
    assert vu.value.code == "TABLE_ILLISIBLE"
    assert Medicaments(base).par_cip7("4949729", JOUR)


def test_version_qui_n_est_pas_une_date(petite_bdpm: Dossier, base) -> None:
    with pytest.raises(EntreeInvalide) as vu:
        importer("bdpm", petite_bdpm.chemin, base, version="juillet")
    assert vu.value.code == "DATE_INVALIDE"


@pytest.mark.parametrize("au_bout_de", [1, 4, 8, 9, 10, 14])
def test_annuler_ne_laisse_rien_de_l_import(au_bout_de: int, petite_bdpm: Dossier, base, monkeypatch) -> None:
    monkeypatch.setattr(suivi, "PAS", 1)
    importer("bdpm", petite_bdpm.chemin, base, version="2026-01-01")
    appels = iter(range(1000))
    with pytest.raises(Annulation):
        importer(
            "bdpm", petite_bdpm.chemin, base, version="2026-07-24", annuler=lambda: next(appels) + 1 == au_bout_de
        )
    assert [v.date for v in base.versions()] == ["2026-01-01"]
    assert len(Medicaments(base).chercher("anastrozole", JOUR)) == 2


def test_la_progression_avance_jusqu_au_total(petite_bdpm: Dossier, base, monkeypatch) -> None:
    monkeypatch.setattr(suivi, "PAS", 1)
    vues: list[tuple[int, int]] = []
    importer("bdpm", petite_bdpm.chemin, base, lambda fait, total: vues.append((fait, total)), version="2026-07-24")
    assert vues == sorted(vues)
    assert vues[-1] == (16, 16)


def test_un_lecteur_voit_l_ancienne_table_jusqu_a_la_fin(petite_bdpm: Dossier, base, monkeypatch) -> None:
    monkeypatch.setattr(suivi, "PAS", 1)
    importer("bdpm", petite_bdpm.chemin, base, version="2026-07-24")
    petite_bdpm.ecrire(presentations=PRESENTATIONS.replace("24,34\t25,36", "20,00\t21,02"))
    vus: list[int | None] = []

    def lire(*_: int) -> None:
        with ThreadPoolExecutor(1) as ailleurs:
            vus.append(ailleurs.submit(Medicaments(base).par_cip7, "4949729", JOUR).result().prix_centimes)

    importer("bdpm", petite_bdpm.chemin, base, lire, version="2026-07-24")
    assert set(vus) == {2434}
    lire()
    assert vus[-1] == 2000


_TUEUR = """
import os, signal, sys
from pathlib import Path
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels import importation, suivi
suivi.PAS = 1
base = BaseReferentiels(Path(sys.argv[2]))
mort = int(sys.argv[3])
def progression(fait, total):
    if fait >= mort:
        os.kill(os.getpid(), signal.SIGKILL)
importation.importer("bdpm", Path(sys.argv[1]), base, progression, version="2026-07-24")
"""


@pytest.mark.parametrize("mort", [3, 10, 12, 14, 16])
def test_tuer_pendant_l_import_laisse_l_ancienne_table(mort: int, petite_bdpm: Dossier, tmp_path: Path) -> None:
    chemin = tmp_path / "tuee.db"
    base = BaseReferentiels(chemin)
    importer("bdpm", petite_bdpm.chemin, base, version="2026-07-24")
    base.fermer()
    petite_bdpm.ecrire(presentations=PRESENTATIONS.replace("24,34\t25,36", "20,00\t21,02"))
    arguments = [sys.executable, "-c", _TUEUR, str(petite_bdpm.chemin), str(chemin), str(mort)]
    mort_de = subprocess.run(arguments, cwd=RACINE, check=False).returncode
    assert mort_de == -signal.SIGKILL
    base = BaseReferentiels(chemin)
    assert [m.prix_centimes for m in Medicaments(base).chercher("anastrozole", JOUR)] == [2434, 6868]
    importer("bdpm", petite_bdpm.chemin, base, version="2026-07-24")
    assert [m.prix_centimes for m in Medicaments(base).chercher("anastrozole", JOUR)] == [2000, 6868]
    base.fermer()


def test_la_vraie_table_ligne_a_ligne(bdpm_reelle: Reelle) -> None:
    """Row counts of the source's own note: 15,848; 20,874; 10,728."""
    bilan = bdpm_reelle.bilan
    assert [(c.fichier, c.lues, c.gardees) for c in bilan.fichiers] == [
        ("CIS_bdpm.txt", 15848, 15848), ("CIS_CIP_bdpm.txt", 20874, 20874), ("CIS_GENER_bdpm.txt", 10728, 10728),
        ("fic02grp.txt", 50, 50), ("fic03spe.txt", 148, 148),
    ]
    assert (bilan.lignes, bilan.rejets) == (47648, [])
    assert bdpm_reelle.duree_s < 10
    assert bdpm_reelle.avancees[-1] == (95296, 95296)


def test_la_vraie_table_prix_plus_honoraire(bdpm_reelle: Reelle) -> None:
    """The sum holds for 13,581 of the 13,584 priced rows; the three others are remarks."""
    ((total, justes),) = bdpm_reelle.base.lire(
        "SELECT count(*), sum(prix + honoraire = prix_avec_honoraire) FROM presentation WHERE prix IS NOT NULL"
    )
    assert (total, justes) == (13584, 13581)
    assert sum("honoraire compris" in r.motif for r in bdpm_reelle.bilan.remarques) == 3
    ((petits, grands),) = bdpm_reelle.base.lire("SELECT sum(honoraire = 102), sum(honoraire = 276) FROM presentation")
    assert (petits, grands) == (11783, 1801)


def test_ecrire_dans_un_dossier_absent_est_une_phrase(tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue) as vu:
        BaseReferentiels(tmp_path / "absent" / "referentiels.db")
    assert vu.value.code == "FICHIER_ABSENT"


def test_les_noms_gardent_leurs_accents(petite_bdpm: Dossier, base) -> None:
    assert "comprimé" in SPECIALITES
    importer("bdpm", petite_bdpm.chemin, base, version="2026-07-24")
    trouve = Medicaments(base).par_cip13("3400949497294", JOUR)
    assert trouve is not None
    assert (trouve.libelle, trouve.presentation) == (
        "ANASTROZOLE ACCORD 1 mg, comprimé pelliculé", "plaquette(s) de 30 comprimé(s)",
    )


# --- Fichiers qui ne sont pas ce qu'ils devraient être --------------------------------------------------------------


@pytest.mark.parametrize("source", ["bdpm", "ccam", "lpp", "nabm", "ucd", "ngap", "tfr", "demonstration"])
@pytest.mark.parametrize("chemin", ["absent.csv", "a" * 5000, "/dev/zero", "nul\0.csv"])
def test_un_chemin_qui_n_est_pas_un_fichier_est_une_phrase(source: str, chemin: str, base: BaseReferentiels) -> None:
    with pytest.raises(ErreurConnue) as refus:
        importer(source, Path(chemin), base)
    assert refus.value.code == "FICHIER_ABSENT"
    assert len(refus.value.phrase()) < 600
    assert base.versions() == []


@pytest.mark.parametrize("source", ["ccam", "lpp", "nabm", "ucd", "ngap", "tfr", "demonstration"])
@pytest.mark.parametrize("debut", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b\x08"])
def test_une_archive_ou_un_classeur_se_dit(source: str, debut: bytes, tmp_path: Path, base: BaseReferentiels) -> None:
    (tmp_path / "LPP901.zip").write_bytes(debut + bytes(100))
    with pytest.raises(ErreurConnue) as refus:
        importer(source, tmp_path / "LPP901.zip", base)
    assert refus.value.code == "TABLE_ILLISIBLE"
    assert "Dépliez l'archive" in refus.value.action


def test_un_fichier_demesure_n_est_pas_lu(tmp_path: Path, base: BaseReferentiels) -> None:
    with (tmp_path / "ccam.csv").open("wb") as creux:
        creux.truncate(400_000_000)
    with pytest.raises(ErreurConnue) as refus:
        importer("ccam", tmp_path / "ccam.csv", base)
    assert (refus.value.code, "400 Mo" in refus.value.message) == ("FICHIER_TROP_GROS", True)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root lit tout")
def test_un_dossier_interdit_est_une_phrase(tmp_path: Path, base: BaseReferentiels) -> None:
    interdit = tmp_path / "interdit"
    interdit.mkdir(mode=0)
    for source in ("bdpm", "ccam", "lpp"):
        with pytest.raises(ErreurConnue) as refus:
            importer(source, interdit, base)
        assert refus.value.code == "FICHIER_ABSENT"


def test_un_des_fichiers_designe_son_dossier(petite_bdpm: Dossier, base: BaseReferentiels) -> None:
    assert importer("bdpm", petite_bdpm.chemin / "CIS_CIP_bdpm.txt", base, version="2026-07-24").lignes == 8
    (petite_bdpm.chemin / "bdpm.zip").write_bytes(b"PK")
    with pytest.raises(ErreurConnue) as refus:
        importer("bdpm", petite_bdpm.chemin / "bdpm.zip", base)
    assert (refus.value.code, refus.value.ou) == ("FICHIER_ABSENT", str(petite_bdpm.chemin / "bdpm.zip"))


def test_une_table_qui_fond_se_remarque(tmp_path: Path, base: BaseReferentiels) -> None:
    """A file cut at the end of a line reads well: less than 80 % of the newest other version is told."""
    codes = tmp_path / "codes_prestation.csv"

    def importer_lignes(nombre: int, version: str) -> list[Rejet]:
        lignes = [f"{chr(65 + n // 26)}{chr(65 + n % 26)},libellé {n}\n" for n in range(nombre)]
        codes.write_text("code,description\n" + "".join(lignes), encoding="utf-8")
        return importer("ngap", codes, base, version=version).remarques

    assert importer_lignes(100, "2026-01-01") == []
    assert importer_lignes(80, "2026-02-01") == []
    (remarque,) = importer_lignes(63, "2026-03-01")
    assert (remarque.fichier, remarque.ligne) == ("codes_prestation.csv", 63)
    assert "63 lignes gardées, contre 80 dans la version du 2026-02-01" in remarque.motif


@pytest.mark.parametrize("source", ["bdpm", "ngap"])
def test_ctrl_c_pendant_l_indexation_interrompt_et_ne_laisse_rien(
    source: str, petite_bdpm: Dossier, base: BaseReferentiels, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not an error of SQLite: the person asked for it."""
    (petite_bdpm.chemin / "codes_prestation.csv").write_text("code,description\nAMI,Acte\n", encoding="utf-8")

    def interrompre(_: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("sesam_desktop.referentiels.base_referentiels.plier", interrompre)
    with pytest.raises(KeyboardInterrupt):
        importer(source, petite_bdpm.chemin, base)
    assert base.versions() == []
    assert base.lire("SELECT name FROM sqlite_master WHERE name LIKE 'mots%'") == []
