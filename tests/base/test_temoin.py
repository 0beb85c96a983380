"""Numbers of invoices: given once, whatever became of the database that counted them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.base import compteurs, temoin
from sesam_desktop.base.connexion import Base
from sesam_desktop.base.sauvegardes import restaurer, sauvegarder
from sesam_desktop.noyau.erreurs import ErreurConnue


def donner(chemin: Path, combien: int) -> list[int]:
    with Base(chemin):
        return [compteurs.suivant("facture") for _ in range(combien)]


@pytest.fixture
def profil(tmp_path: Path) -> Path:
    """Saved after three invoices; two more since."""
    chemin = tmp_path / "poste" / "sesam.db"
    with Base(chemin) as base:
        assert [compteurs.suivant("facture") for _ in range(3)] == [1, 2, 3]
        sauvegarder(base, tmp_path / "matin.zip")
    assert donner(chemin, 2) == [4, 5]
    return chemin


@pytest.mark.parametrize("devenue", ["presente", "illisible", "perdue"])
def test_une_sauvegarde_restauree_ne_redonne_aucun_numero(profil: Path, tmp_path: Path, devenue: str) -> None:
    if devenue != "presente":
        profil.unlink()
    if devenue == "illisible":
        profil.write_bytes(b"plus rien" * 1000)
    restaurer(tmp_path / "matin.zip", profil)
    assert donner(profil, 2) == [6, 7]


def test_une_base_remise_a_la_main(profil: Path, tmp_path: Path) -> None:
    """Copied back without this program: the file beside it is enough."""
    copie = tmp_path / "copie.db"
    copie.write_bytes(profil.read_bytes())
    assert donner(profil, 2) == [6, 7]
    profil.write_bytes(copie.read_bytes())
    assert donner(profil, 1) == [8]


def test_sur_une_autre_machine_les_numeros_sautent(profil: Path, tmp_path: Path) -> None:
    """Nothing tells which were given since the backup (three invoices): the next is far after."""
    ailleurs = tmp_path / "ailleurs" / "sesam.db"
    ailleurs.parent.mkdir()
    restaurer(tmp_path / "matin.zip", ailleurs)
    assert donner(ailleurs, 2) == [10_004, 10_005]


def test_un_poste_d_avant_ce_fichier_continue_sa_suite(profil: Path) -> None:
    (profil.parent / "sesam.db.facture").unlink()
    assert donner(profil, 1) == [6]
    assert temoin.dernier(profil.parent / "sesam.db.facture") == 6


def test_les_autres_compteurs_ne_sont_pas_notes(profil: Path) -> None:
    with Base(profil):
        compteurs.suivant("message")
    assert not (profil.parent / "sesam.db.message").exists()


def test_un_disque_qui_refuse_ne_donne_pas_de_numero(tmp_path: Path) -> None:
    (tmp_path / "sesam.db.facture").mkdir()
    with Base(tmp_path / "sesam.db"), pytest.raises(ErreurConnue):
        compteurs.suivant("facture")
    with Base(tmp_path / "sesam.db"):
        assert compteurs.courant("facture") == 0
    with pytest.raises(ErreurConnue):
        temoin.noter(tmp_path / "sesam.db.facture", "1")
    with pytest.raises(ErreurConnue):
        temoin.noter(tmp_path / "absent" / "sesam.db.facture", "1")


@given(st.integers(1, 999_999_998), st.integers(0, 8), st.binary(max_size=20).filter(lambda b: not b[:1].isdigit()))
def test_une_ligne_dechiree(tmp_path_factory: pytest.TempPathFactory, numero: int, chiffres: int, bruit: bytes) -> None:
    """Cut anywhere in the number, then noise without a whole number: the one before stands."""
    chemin = tmp_path_factory.mktemp("temoin") / "n"
    for n in range(max(1, numero - 5), numero + 1):
        temoin.noter(chemin, str(n))
    with chemin.open("ab") as flux:
        flux.write(b"\n" + str(numero + 1)[: min(chiffres, len(str(numero)) - 1)].encode())
        flux.write(bruit.replace(b"\n", b" "))
    assert temoin.dernier(chemin) == numero
    temoin.noter(chemin, str(numero + 1))
    assert temoin.dernier(chemin) == numero + 1
