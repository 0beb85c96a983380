"""The witness of readings: what counts, what is forgotten, what survives a bad file or a full disk."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste import temoin_lectures
from sesam_desktop.poste.temoin_lectures import FICHIER, GARDEES, Lecture, TemoinLectures

MIDI = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_rien_au_debut(tmp_path: Path) -> None:
    temoin = TemoinLectures(tmp_path)
    assert temoin.derniere("cps") is None
    assert temoin.moyenne_s("cps") is None
    assert not (tmp_path / FICHIER).exists()


def test_ce_qui_est_note_est_relu_par_un_autre_programme(tmp_path: Path) -> None:
    temoin = TemoinLectures(tmp_path)
    temoin.noter("cps", reussie=True, duree_s=1.0, instant=MIDI)
    temoin.noter("cps", reussie=True, duree_s=2.0, instant=MIDI + timedelta(minutes=1))
    temoin.noter("vitale", reussie=False, duree_s=9.0, code="CARTE_MUETTE", instant=MIDI)
    autre = TemoinLectures(tmp_path)
    assert autre.derniere("cps") == Lecture("cps", MIDI + timedelta(minutes=1), True, 2.0)
    assert autre.derniere("vitale") == Lecture("vitale", MIDI, False, 9.0, "CARTE_MUETTE")
    assert autre.derniere_reussie("vitale") is None
    assert autre.moyenne_s("cps") == 1.5  # (1 + 2) / 2
    assert autre.moyenne_s("vitale") is None


def test_une_erreur_d_avant_le_demarrage_ne_compte_plus(tmp_path: Path) -> None:
    temoin = TemoinLectures(tmp_path)
    temoin.noter("cps", reussie=True, duree_s=1, instant=MIDI - timedelta(hours=2))
    temoin.noter("cps", reussie=False, duree_s=1, code="CARTE_MUETTE", instant=MIDI - timedelta(hours=1))
    derniere = temoin.derniere("cps")
    assert derniere is not None and not derniere.reussie
    temoin.demarrer(MIDI)
    derniere = TemoinLectures(tmp_path).derniere("cps")
    assert derniere is not None and derniere.reussie


def test_le_fichier_est_borne_par_carte(tmp_path: Path) -> None:
    temoin = TemoinLectures(tmp_path)
    temoin.noter("vitale", reussie=True, duree_s=1)
    for rang in range(GARDEES + 5):
        temoin.noter("cps", reussie=True, duree_s=rang)
    assert [une.duree_s for une in temoin.lectures("cps")] == list(range(5, GARDEES + 5))
    assert len(temoin.lectures("vitale")) == 1


def test_le_fichier_ne_dit_rien_de_personne(tmp_path: Path) -> None:
    TemoinLectures(tmp_path).noter("vitale", reussie=False, duree_s=0.12345, code="CARTE_RETIREE", instant=MIDI)
    (ligne,) = json.loads((tmp_path / FICHIER).read_text())["lectures"]
    assert ligne == {
        "role": "vitale", "instant": "2026-11-22T12:00:00+00:00", "reussie": False, "duree_s": 0.123,
        "code": "CARTE_RETIREE",
    }


def test_plusieurs_fils(tmp_path: Path) -> None:
    temoin = TemoinLectures(tmp_path)
    fils = [
        threading.Thread(target=temoin.noter, args=(role,), kwargs={"reussie": True, "duree_s": 1})
        for role in ("cps", "vitale", "duo") * 3
    ]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert [len(TemoinLectures(tmp_path).lectures(role)) for role in ("cps", "vitale", "duo")] == [3, 3, 3]


def test_un_disque_plein_ne_perd_pas_la_lecture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def plein(*_: object) -> None:
        raise ErreurConnue("Le disque est plein.", code="DISQUE_PLEIN")

    monkeypatch.setattr(temoin_lectures, "remplacer", plein)
    temoin = TemoinLectures(tmp_path)
    temoin.noter("cps", reussie=True, duree_s=1)
    assert temoin.derniere("cps") is not None


@pytest.mark.parametrize("contenu", [
    b"", b"{", b"[]", b"\xff", b"null", b'{"demarrage": "hier", "lectures": []}',
    b'{"demarrage": "2026-11-22T12:00:00", "lectures": []}',
    b'{"demarrage": "", "lectures": [{"role": "cps"}]}',
    b'{"demarrage": "", "lectures": [{"role":"cps","instant":"2026-11-22","reussie":true,"duree_s":1,"code":""}]}',
])
def test_un_fichier_abime_recommence_a_vide(tmp_path: Path, contenu: bytes) -> None:
    (tmp_path / FICHIER).write_bytes(contenu)
    temoin = TemoinLectures(tmp_path)
    assert temoin.lectures("cps") == []
    temoin.noter("cps", reussie=True, duree_s=1)
    assert len(TemoinLectures(tmp_path).lectures("cps")) == 1


@given(st.binary(max_size=200))
def test_n_importe_quels_octets(tmp_path_factory: pytest.TempPathFactory, octets: bytes) -> None:
    dossier = tmp_path_factory.mktemp("temoin")
    (dossier / FICHIER).write_bytes(octets)
    TemoinLectures(dossier).lectures("cps")
