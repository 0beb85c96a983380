from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from sesam_desktop.base import fichiers
from sesam_desktop.noyau.erreurs import ErreurConnue


def test_remplace_le_contenu_et_les_droits(tmp_path: Path) -> None:
    chemin = tmp_path / "f"
    chemin.write_bytes(b"ancien")
    chemin.chmod(0o644)
    fichiers.remplacer(chemin, b"nouveau")
    assert chemin.read_bytes() == b"nouveau"
    assert stat.S_IMODE(chemin.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [chemin]


def test_le_mode_demande(tmp_path: Path) -> None:
    fichiers.remplacer(tmp_path / "f", b"", 0o644)
    assert stat.S_IMODE((tmp_path / "f").stat().st_mode) == 0o644


def test_le_fichier_puis_le_dossier_sont_synchronises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """fsync of the file before the rename, of the folder after it."""
    ordre: list[str] = []
    fsync, replace = os.fsync, Path.replace
    nature = {True: "dossier", False: "fichier"}
    monkeypatch.setattr(
        os, "fsync", lambda d: (ordre.append(nature[stat.S_ISDIR(os.fstat(d).st_mode)]), fsync(d))[1]
    )
    monkeypatch.setattr(Path, "replace", lambda de, vers: (ordre.append("remplace"), replace(de, vers))[1])
    fichiers.remplacer(tmp_path / "f", b"x")
    assert ordre == ["fichier", "remplace", "dossier"]


@pytest.mark.parametrize(
    ("numero", "code"),
    [
        (errno.ENOSPC, "DISQUE_PLEIN"),
        (errno.EDQUOT, "DISQUE_PLEIN"),
        (errno.EACCES, "ACCES_REFUSE"),
        (errno.EPERM, "ACCES_REFUSE"),
        (errno.EROFS, "ACCES_REFUSE"),
        (errno.EIO, "DISQUE_EN_ERREUR"),
    ],
)
def test_un_echec_laisse_l_ancien_contenu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numero: int, code: str
) -> None:
    chemin = tmp_path / "f"
    chemin.write_bytes(b"ancien")

    def refuser(_: int) -> None:
        raise OSError(numero, os.strerror(numero))

    monkeypatch.setattr(os, "fsync", refuser)
    with pytest.raises(ErreurConnue) as refus:
        fichiers.remplacer(chemin, b"nouveau")
    assert (refus.value.code, refus.value.ou) == (code, str(chemin))
    assert refus.value.action
    assert [(c.name, c.read_bytes()) for c in tmp_path.iterdir()] == [("f", b"ancien")]


def test_une_interruption_pendant_le_remplissage_ne_laisse_rien(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), fichiers.remplacement(tmp_path / "f") as flux:
        flux.write(b"moi")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_dossier_absent(tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue) as refus:
        fichiers.remplacer(tmp_path / "absent" / "f", b"")
    assert refus.value.code == "FICHIER_ABSENT"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="pas de /dev/full")
def test_un_vrai_disque_plein() -> None:
    with pytest.raises(OSError) as plein, Path("/dev/full").open("wb", buffering=0) as flux:
        flux.write(b"x")
    assert fichiers.traduire(plein.value, Path("f")).code == "DISQUE_PLEIN"
