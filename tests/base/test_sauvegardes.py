from __future__ import annotations

import hashlib
import json
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sesam_desktop.base import compteurs, evenements, sauvegardes
from sesam_desktop.base.connexion import Base
from sesam_desktop.base.migrations import VERSION
from sesam_desktop.noyau.erreurs import ErreurConnue


@pytest.fixture
def poste(tmp_path: Path) -> Path:
    """A closed database with two events."""
    chemin = tmp_path / "sesam.db"
    with Base(chemin):
        evenements.ajouter("", "premier")
        evenements.ajouter("", "deuxieme")
    return chemin


@pytest.fixture
def sauvegarde(poste: Path) -> Path:
    cible = poste.with_name("s.zip")
    with Base(poste) as base:
        sauvegardes.sauvegarder(base, cible)
    return cible


def _refaire(sauvegarde: Path, changer: Callable[[str, bytes], bytes]) -> None:
    """Write the zip again with other contents, as valid as ever for zip itself."""
    with zipfile.ZipFile(sauvegarde) as lue:
        contenus = {nom: changer(nom, lue.read(nom)) for nom in lue.namelist()}
    with zipfile.ZipFile(sauvegarde, "w") as ecrite:
        for nom, octets in contenus.items():
            ecrite.writestr(nom, octets)


def _refus(source: Path, chemin: Path) -> ErreurConnue:
    """Restore is refused and the database in place is the very same, with nothing left beside."""
    avant = {c.name: c.read_bytes() for c in chemin.parent.iterdir()}
    with pytest.raises(ErreurConnue) as refus:
        sauvegardes.restaurer(source, chemin)
    assert {c.name: c.read_bytes() for c in chemin.parent.iterdir()} == avant
    return refus.value


def test_aller_et_retour(poste: Path, sauvegarde: Path) -> None:
    with Base(poste):
        evenements.ajouter("", "apres la sauvegarde")
    manifeste = sauvegardes.restaurer(sauvegarde, poste)
    assert (manifeste.factures, manifeste.evenements, manifeste.schema) == (0, 2, VERSION)
    with Base(poste) as base:
        noms = base.connexion().execute("SELECT nom FROM evenement ORDER BY id").fetchall()
        assert noms == [("premier",), ("deuxieme",)]
    with Base(poste.with_name("sesam.db.avant-restauration")) as ancienne:
        assert ancienne.connexion().execute("SELECT count(*) FROM evenement").fetchone() == (3,)


def test_la_sauvegarde_se_fait_pendant_le_travail(poste: Path) -> None:
    """What is committed but still in the WAL is in the backup; what is not committed is not."""
    cible = poste.with_name("s.zip")
    with Base(poste) as base:
        compteurs.suivant("engage")
        with base.transaction():
            compteurs.suivant("en cours")
            sauvegardes.sauvegarder(base, cible)
    sauvegardes.restaurer(cible, poste.with_name("neuve.db"))
    with Base(poste.with_name("neuve.db")):
        assert (compteurs.courant("engage"), compteurs.courant("en cours")) == (1, 0)


def test_la_sauvegarde_n_est_lisible_que_par_son_proprietaire_et_ne_laisse_rien(sauvegarde: Path) -> None:
    assert stat.S_IMODE(sauvegarde.stat().st_mode) == 0o600
    assert sorted(c.name for c in sauvegarde.parent.iterdir()) == ["s.zip", "sesam.db"]


def test_restaurer_sur_un_poste_neuf(sauvegarde: Path, tmp_path: Path) -> None:
    neuf = tmp_path / "neuf" / "sesam.db"
    neuf.parent.mkdir()
    sauvegardes.restaurer(sauvegarde, neuf)
    with Base(neuf):
        assert evenements.verifier_chaine() is None


def test_restaurer_sur_une_base_abimee(sauvegarde: Path, poste: Path) -> None:
    poste.write_bytes(b"abimee" * 1000)
    poste.with_name("sesam.db-wal").write_bytes(b"reste")
    sauvegardes.restaurer(sauvegarde, poste)
    with Base(poste):
        assert evenements.verifier_chaine() is None
    assert poste.with_name("sesam.db.avant-restauration").read_bytes() == b"abimee" * 1000


def test_refus_pendant_qu_un_autre_programme_a_la_base_ouverte(sauvegarde: Path, poste: Path) -> None:
    with Base(poste):
        compteurs.suivant("ouverte")
        with pytest.raises(ErreurConnue) as refus:
            sauvegardes.restaurer(sauvegarde, poste)
        assert refus.value.code == "BASE_OCCUPEE"
        assert compteurs.suivant("ouverte") == 2


@pytest.mark.parametrize("contenu", [b"", b"pas un zip", b"PK\x05\x06" + bytes(18)])
def test_refus_d_un_autre_fichier(poste: Path, contenu: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    source = tmp_path_factory.mktemp("autre") / "autre.zip"
    source.write_bytes(contenu)
    assert _refus(source, poste).code == "SAUVEGARDE_INVALIDE"


def test_refus_d_un_fichier_absent(poste: Path) -> None:
    assert _refus(poste.with_name("absent.zip"), poste).code == "FICHIER_ABSENT"


def test_refus_d_un_contenu_modifie(sauvegarde: Path, poste: Path) -> None:
    _refaire(sauvegarde, lambda nom, octets: octets[:-1] + b"x" if nom == "sesam.db" else octets)
    refus = _refus(sauvegarde, poste)
    assert refus.code == "SAUVEGARDE_INVALIDE"
    assert "endommagée" in refus.message


def test_refus_d_un_zip_tronque(sauvegarde: Path, poste: Path) -> None:
    sauvegarde.write_bytes(sauvegarde.read_bytes()[:-200])
    assert _refus(sauvegarde, poste).code == "SAUVEGARDE_INVALIDE"


def test_refus_d_un_octet_change(sauvegarde: Path, poste: Path) -> None:
    octets = bytearray(sauvegarde.read_bytes())
    octets[len(octets) // 2] ^= 0xFF
    sauvegarde.write_bytes(octets)
    assert _refus(sauvegarde, poste).code == "SAUVEGARDE_INVALIDE"


@pytest.mark.parametrize("manifeste", [b"{", b"[]", b'{"format": "sauvegarde-sesam-desktop-9"}'])
def test_refus_d_un_manifeste_inconnu(sauvegarde: Path, poste: Path, manifeste: bytes) -> None:
    _refaire(sauvegarde, lambda nom, octets: manifeste if nom == "manifeste.json" else octets)
    assert _refus(sauvegarde, poste).code == "SAUVEGARDE_INVALIDE"


def test_refus_d_un_manifeste_incomplet(sauvegarde: Path, poste: Path) -> None:
    manifeste = json.dumps({"format": sauvegardes.FORMAT}).encode()
    _refaire(sauvegarde, lambda nom, octets: manifeste if nom == "manifeste.json" else octets)
    assert _refus(sauvegarde, poste).code == "SAUVEGARDE_INVALIDE"


def _empaqueter(base: Path, cible: Path) -> None:
    """A backup whose manifest is right and whose database is whatever `base` is."""
    octets = base.read_bytes()
    manifeste = {
        "format": sauvegardes.FORMAT, "cree_le": "", "schema": 2, "sha256": hashlib.sha256(octets).hexdigest(),
        "taille": len(octets), "factures": 0, "evenements": 0,
    }
    with zipfile.ZipFile(cible, "w") as archive:
        archive.writestr("manifeste.json", json.dumps(manifeste))
        archive.writestr("sesam.db", octets)


def test_refus_d_une_base_etrangere_ou_vide_ou_illisible(poste: Path, tmp_path: Path) -> None:
    etrangere, source = tmp_path / "e.db", tmp_path / "e.zip"
    with closing(sqlite3.connect(etrangere)) as connexion:
        connexion.execute("CREATE TABLE t (a)")
    _empaqueter(etrangere, source)
    assert _refus(source, poste).code == "BASE_ETRANGERE"
    etrangere.write_bytes(b"")
    _empaqueter(etrangere, source)
    assert _refus(source, poste).code == "SAUVEGARDE_INVALIDE"
    etrangere.write_bytes(b"x" * 5000)
    _empaqueter(etrangere, source)
    assert _refus(source, poste).code == "BASE_ABIMEE"


def test_une_base_au_journal_rompu_ne_se_sauvegarde_ni_ne_se_restaure(poste: Path, sauvegarde: Path) -> None:
    with Base(poste) as base:
        base.connexion().execute("DROP TRIGGER evenement_fige")
        base.connexion().execute("UPDATE evenement SET nom = 'x' WHERE id = 1")
        avant = sauvegarde.read_bytes()
        with pytest.raises(ErreurConnue) as refus:
            sauvegardes.sauvegarder(base, sauvegarde)
        assert (refus.value.code, sauvegarde.read_bytes()) == ("BASE_ABIMEE", avant)
    _empaqueter(poste, sauvegarde)
    assert _refus(sauvegarde, poste).code == "BASE_ABIMEE"


def test_sauvegarder_dans_un_dossier_absent(poste: Path) -> None:
    with Base(poste) as base, pytest.raises(ErreurConnue) as refus:
        sauvegardes.sauvegarder(base, poste.parent / "absent" / "s.zip")
    assert refus.value.code == "FICHIER_ABSENT"


def test_un_numero_deja_donne_ne_l_est_jamais_deux_fois(poste: Path, sauvegarde: Path) -> None:
    """Invoices made since the backup have left: the funds know their numbers."""
    with Base(poste):
        avant = compteurs.courant("facture")
        donnes = [compteurs.suivant("facture") for _ in range(3)]
        compteurs.suivant("message")
    sauvegardes.restaurer(sauvegarde, poste)
    with Base(poste):
        assert compteurs.suivant("facture") == donnes[-1] + 1 == avant + 4
        assert compteurs.courant("message") == 1
    sauvegardes.restaurer(sauvegarde, poste)
    with Base(poste):
        assert compteurs.suivant("facture") == avant + 5
