from __future__ import annotations

import logging
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from sesam_desktop.base import compteurs, evenements
from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Parametre
from sesam_desktop.noyau.erreurs import ErreurConnue


def test_chaque_engagement_est_sur_le_disque(base: Base) -> None:
    """https://www.sqlite.org/pragma.html#pragma_synchronous: 2 is FULL."""
    lire = base.connexion().execute
    assert lire("PRAGMA journal_mode").fetchone() == ("wal",)
    assert lire("PRAGMA synchronous").fetchone() == (2,)
    assert lire("PRAGMA foreign_keys").fetchone() == (1,)


def test_le_fichier_n_est_lisible_que_par_son_proprietaire(base: Base) -> None:
    compteurs.suivant("essai")
    for chemin in base.chemin.parent.glob("sesam.db*"):
        assert stat.S_IMODE(chemin.stat().st_mode) == 0o600


def test_une_transaction_interrompue_ne_laisse_rien(base: Base) -> None:
    with pytest.raises(RuntimeError), base.transaction():
        compteurs.suivant("essai")
        raise RuntimeError
    assert compteurs.courant("essai") == 0


def test_une_transaction_dans_une_autre_la_rejoint(base: Base) -> None:
    with pytest.raises(RuntimeError), base.transaction():
        with base.transaction():
            compteurs.suivant("essai")
        raise RuntimeError
    assert compteurs.courant("essai") == 0


def test_l_echec_interieur_rattrape_ne_defait_que_sa_part(base: Base) -> None:
    with base.transaction():
        compteurs.suivant("dehors")
        with pytest.raises(RuntimeError), base.transaction():
            compteurs.suivant("dedans")
            raise RuntimeError
    assert (compteurs.courant("dehors"), compteurs.courant("dedans")) == (1, 0)


def test_deux_bases_ouvertes_ne_se_confondent_pas(tmp_path: Path) -> None:
    with Base(tmp_path / "une.db") as une, Base(tmp_path / "autre.db") as autre:
        with pytest.raises(RuntimeError, match="another database"), une.transaction():
            pytest.fail("la transaction a commencé")
        with autre.transaction():
            assert compteurs.suivant("essai") == 1


def test_plusieurs_programmes_creent_la_base_ensemble(tmp_path: Path) -> None:
    programme = (
        "import sys; from pathlib import Path; from sesam_desktop.base.connexion import Base;"
        "from sesam_desktop.base import compteurs; Base(Path(sys.argv[1])); compteurs.suivant('essai')"
    )
    chemin = tmp_path / "sesam.db"
    enfants = [subprocess.Popen([sys.executable, "-c", programme, str(chemin)]) for _ in range(3)]
    assert [enfant.wait() for enfant in enfants] == [0, 0, 0]
    with Base(chemin):
        assert compteurs.courant("essai") == 3


def test_base_occupee(base: Base) -> None:
    with closing(sqlite3.connect(base.chemin)) as autre:
        autre.execute("BEGIN IMMEDIATE")
        with pytest.raises(ErreurConnue, match="utilisée par une autre") as refus, base.transaction():
            pytest.fail("la transaction a commencé")
    assert refus.value.code == "BASE_OCCUPEE"
    assert refus.value.action


def test_disque_plein_rien_n_est_garde_et_la_base_reste_utilisable(base: Base) -> None:
    """SQLite's own limit of pages gives the very error of a full disk (SQLITE_FULL)."""
    pages = base.connexion().execute("PRAGMA page_count").fetchone()[0]
    base.connexion().execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(ErreurConnue) as refus, base.transaction():
        compteurs.suivant("essai")
        Parametre.create(nom="gros", valeur="x" * 200_000)
    assert refus.value.code == "DISQUE_PLEIN"
    base.connexion().execute("PRAGMA max_page_count = 100000")
    assert compteurs.suivant("essai") == 1


def test_base_en_lecture_seule(base: Base) -> None:
    base.connexion().execute("PRAGMA query_only = 1")
    with pytest.raises(ErreurConnue) as refus:
        compteurs.suivant("essai")
    assert refus.value.code == "BASE_INACCESSIBLE"


def test_fichier_qui_n_est_pas_une_base(tmp_path: Path) -> None:
    chemin = tmp_path / "sesam.db"
    chemin.write_text("ceci n'est pas une base" * 100)
    with pytest.raises(ErreurConnue) as refus:
        Base(chemin)
    assert refus.value.code == "BASE_ABIMEE"
    assert chemin.read_text().startswith("ceci")


def test_page_abimee_decouverte_a_la_lecture(tmp_path: Path) -> None:
    chemin = tmp_path / "sesam.db"
    with Base(chemin) as base, base.transaction():
        for rang in range(300):
            Parametre.create(nom=f"p{rang}", valeur="x" * 500)
    octets = bytearray(chemin.read_bytes())
    milieu = len(octets) - 30 * 4096  # rows, after the pages of the schema
    octets[milieu : milieu + 20 * 4096] = b"\xff" * (20 * 4096)
    chemin.write_bytes(octets)
    with Base(chemin), pytest.raises(ErreurConnue) as refus:
        [p.valeur for p in Parametre.select()]
    assert refus.value.code == "BASE_ABIMEE"


def test_dossier_a_la_place_du_fichier(tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue) as refus:
        Base(tmp_path)
    assert refus.value.code == "CHEMIN_INVALIDE"


def test_apres_la_fermeture_plus_rien(tmp_path: Path) -> None:
    base = Base(tmp_path / "sesam.db")
    fil = threading.Thread(target=lambda: compteurs.suivant("essai"))
    fil.start()
    fil.join()
    base.fermer()
    base.fermer()
    with pytest.raises(ErreurConnue) as refus:
        compteurs.suivant("essai")
    assert refus.value.code == "BASE_FERMEE"
    assert sorted(c.name for c in tmp_path.iterdir()) == ["sesam.db"]


def test_un_fil_qui_survit_a_la_fermeture_recoit_une_phrase(tmp_path: Path) -> None:
    base, refus, pret, fermee = Base(tmp_path / "sesam.db"), [], threading.Event(), threading.Event()

    def travailler() -> None:
        compteurs.suivant("essai")
        pret.set()
        fermee.wait(5)
        try:
            compteurs.suivant("essai")
        except ErreurConnue as erreur:
            refus.append(erreur.code)

    fil = threading.Thread(target=travailler)
    fil.start()
    pret.wait(5)
    base.fermer()
    fermee.set()
    fil.join()
    assert refus == ["BASE_FERMEE"]


def test_plusieurs_fils_ecrivent_a_tour_de_role(tmp_path: Path) -> None:
    echecs = []

    def travailler() -> None:
        try:
            for _ in range(25):
                with base.transaction():
                    evenements.ajouter("", "essai", {"rang": compteurs.suivant("essai")})
        except Exception as erreur:  # noqa: BLE001 - whatever it is, the main thread reports it
            echecs.append(erreur)

    with Base(tmp_path / "sesam.db") as base:
        fils = [threading.Thread(target=travailler) for _ in range(4)]
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join()
        assert (echecs, compteurs.courant("essai"), evenements.verifier_chaine()) == ([], 100, None)


def test_les_valeurs_ne_vont_jamais_dans_un_journal(base: Base, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    Parametre.create(nom="secret", valeur="1801975000001")
    assert "1801975000001" not in caplog.text


def test_importer_la_connexion_ne_charge_pas_peewee() -> None:
    programme = "import sys, sesam_desktop.base.connexion; sys.exit('peewee' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", programme], check=False).returncode == 0
