"""Numbers of lots: never twice at one date, whatever became of the database (project profile)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sesam_desktop.base.modeles import Lot
from sesam_desktop.base.sauvegardes import restaurer, sauvegarder
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission.groupement import CleLot, numero_suivant
from sesam_desktop.teletransmission.numeros import NumerosDonnes

from .atelier import Atelier
from .fabrique import SARTHE, courrier

CLE = CleLot("01", "721", "721", SARTHE.adresse, "PS-1.40", "721001006", "FSE", "S")
MIDI = datetime(2026, 3, 2, 11, tzinfo=UTC)


def test_ce_qui_est_note_se_retrouve(tmp_path: Path) -> None:
    numeros = NumerosDonnes(tmp_path / "sesam.db")
    assert numeros.pris(CLE, "2026-03-02") == ("", set())
    for jour, numero in (("2026-03-01", "999"), ("2026-03-02", "001"), ("2026-03-02", "002")):
        numeros.noter(CLE, jour, numero)
    numeros.noter(replace(CLE, organisme="751"), "2026-03-02", "050")
    numeros.noter(replace(CLE, regime="", organisme="", amc="0075123456"), "2026-03-02", "060")
    assert NumerosDonnes(tmp_path / "sesam.db").pris(CLE, "2026-03-02") == ("002", {"001", "002"})
    assert numeros.pris(CLE, "2026-03-03") == ("002", set())


@settings(max_examples=30)
@given(st.binary(max_size=60))
def test_une_ligne_dechiree_ne_perd_qu_elle(tmp_path_factory: pytest.TempPathFactory, debris: bytes) -> None:
    base = tmp_path_factory.mktemp("numeros") / "sesam.db"
    numeros = NumerosDonnes(base)
    numeros.noter(CLE, "2026-03-02", "001")
    with base.with_name("sesam.db.numeros").open("ab") as flux:
        flux.write(b"\n2026-03-02;FSE;01;7" + debris)
    numeros.noter(CLE, "2026-03-02", "003")
    dernier, pris = numeros.pris(CLE, "2026-03-02")
    assert dernier == "003" and {"001", "003"} <= pris


def test_disque_qui_refuse(tmp_path: Path) -> None:
    (tmp_path / "sesam.db.numeros").mkdir()
    with pytest.raises(ErreurConnue):
        NumerosDonnes(tmp_path / "sesam.db").noter(CLE, "2026-03-02", "001")
    with pytest.raises(ErreurConnue):
        NumerosDonnes(tmp_path / "sesam.db").pris(CLE, "2026-03-02")


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 400)), max_size=8), st.integers(0, 999))
def test_jamais_deux_fois_le_meme_numero_a_une_date(journees: list[tuple[int, int]], depart: int) -> None:
    """Days that follow or stay the same, hundreds of lots each: (number, date) stays unique, 999 is followed by 001."""
    dernier, jour, donnes = f"{depart:03d}" if depart else "", 0, set()
    for avance, combien in journees:
        jour += avance
        for _ in range(combien):
            du_jour = {numero for j, numero in donnes if j == jour}
            if len(du_jour) == 999:
                with pytest.raises(ErreurConnue):
                    numero_suivant(dernier, du_jour)
                break
            suivant = numero_suivant(dernier, du_jour)
            assert (jour, suivant) not in donnes and 1 <= int(suivant) <= 999
            if f"{int(dernier or 0) % 999 + 1:03d}" not in du_jour:
                assert int(suivant) == int(dernier or 0) % 999 + 1
            donnes.add((jour, suivant))
            dernier = suivant


@pytest.mark.parametrize("perdue", [False, True])
def test_une_sauvegarde_restauree_ne_fait_pas_redonner_un_numero(profil: Path, autorite: Path, perdue: bool) -> None:
    """Saved in the morning, two lots sent since, restored the same day (the database lost or not): the next is 004."""
    atelier = Atelier(profil, autorite, courrier(), horloge=lambda: MIDI)
    atelier.signer()
    atelier.preparation.preparer()
    sauvegarder(atelier.base, profil / "matin.zip")
    for _ in range(2):
        atelier.signer()
        atelier.preparation.preparer()
    atelier.fermer()
    if perdue:
        (profil / "sesam.db").unlink()
    restaurer(profil / "matin.zip", profil / "sesam.db")
    atelier = Atelier(profil, autorite, courrier(), horloge=lambda: MIDI)
    try:
        assert [lot.numero for lot in Lot.select()] == ["001"]
        atelier.signer()
        assert [lot.numero for lot in atelier.preparation.preparer().lots] == ["004"]
    finally:
        atelier.fermer()


def test_un_poste_d_avant_ce_fichier_continue_sa_suite(atelier: Atelier, profil: Path) -> None:
    atelier.signer()
    atelier.preparation.preparer()
    (profil / "sesam.db.numeros").unlink()
    atelier.signer()
    assert [lot.numero for lot in atelier.preparation.preparer().lots] == ["002"]


def test_le_fichier_n_est_pas_lu_par_les_autres(atelier: Atelier, profil: Path) -> None:
    atelier.signer()
    atelier.preparation.preparer()
    assert (profil / "sesam.db.numeros").stat().st_mode & 0o077 == 0
