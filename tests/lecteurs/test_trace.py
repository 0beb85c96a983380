"""The trace of the exchanges: which commands, never what they carry."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.lecteurs import trace as module
from sesam_desktop.lecteurs.gestionnaire import Gestionnaire
from sesam_desktop.lecteurs.lecture import lire_puce_vitale, verifier_code
from sesam_desktop.lecteurs.trace import Trace
from sesam_desktop.lecteurs.virtuel import CanalVirtuel
from sesam_desktop.noyau.erreurs import ErreurConnue

from .doubles import VITALES, cps, vitale

LIGNE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d \[(\w+)\] ((?:[0-9A-F]{2} ){3}[0-9A-F]{2})"
    r" Lc=(\d+) -> (\d+) ([0-9A-F]{4}|[A-Z_]+) \d+\.\d ms"
)


def test_une_ligne_par_echange_et_rien_de_personnel(tmp_path: Path) -> None:
    trace = Trace(tmp_path / "trace.log")
    gestionnaire = Gestionnaire([CanalVirtuel({"gauche": cps(), "droite": vitale()})])
    gestionnaire.employer("vitale", lire_puce_vitale)  # not traced
    gestionnaire.tracer(trace)
    gestionnaire.employer("vitale", lire_puce_vitale)
    with gestionnaire.ouvrir("cps") as session, pytest.raises(ErreurConnue):
        verifier_code(session, "9271")
    gestionnaire.tracer(None)
    gestionnaire.employer("vitale", lire_puce_vitale)
    gestionnaire.fermer()
    trace.fermer()
    texte = trace.chemin.read_text(encoding="utf-8")
    lignes = [LIGNE.fullmatch(ligne) for ligne in texte.splitlines()]
    assert all(lignes)
    assert {ligne[1] for ligne in lignes if ligne} == {"gauche", "droite"}
    assert [ligne.groups()[1:] for ligne in lignes if ligne and ligne[2].startswith("00 20")] == [
        ("00 20 00 01", "4", "0", "63C2")
    ]
    personne = VITALES["assure"].beneficiaires[0]
    for secret in ("9271", "39323731", "39 32 37 31", VITALES["assure"].assure.nir, personne.nom_usuel):
        assert secret not in texte
    if sys.platform != "win32":
        assert trace.chemin.stat().st_mode & 0o077 == 0


@given(donnees=st.binary(min_size=1, max_size=255), le=st.binary(max_size=1))
def test_la_ligne_ne_depend_pas_des_donnees(
    tmp_path_factory: pytest.TempPathFactory, donnees: bytes, le: bytes
) -> None:
    """Two commands that carry different data of one length leave the same line, but for the time."""
    chemin = tmp_path_factory.mktemp("trace") / "trace.log"
    trace = Trace(chemin)
    for corps in (donnees, bytes(len(donnees))):
        trace.noter("x", b"\x00\x20\x00\x01" + bytes([len(corps)]) + corps + le, 0, "9000", 0.0)
    trace.fermer()
    une, autre = (ligne.split(" ", 1)[1] for ligne in chemin.read_text(encoding="utf-8").splitlines())
    assert une == autre


def test_un_echange_qui_echoue_dit_pourquoi(tmp_path: Path) -> None:
    canal = CanalVirtuel({"x": vitale()})
    gestionnaire, trace = Gestionnaire([canal]), Trace(tmp_path / "trace.log")
    gestionnaire.tracer(trace)
    with gestionnaire.ouvrir("vitale") as session:
        canal.retirer("x")
        with pytest.raises(ErreurConnue):
            session.transmettre(b"\x00\xb0\x00\x00\x00")
    gestionnaire.fermer()
    assert "00 B0 00 00 Lc=0 -> 0 CARTE_RETIREE" in trace.chemin.read_text(encoding="utf-8")
    trace.fermer()


def test_une_trace_est_bornee(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TAILLE_MAXIMALE", 300)
    trace = Trace(tmp_path / "trace.log")
    for _ in range(50):
        trace.noter("x", b"\x00\xb0\x00\x00\x00", 0, "9000", 0.0)
    trace.fermer()
    lignes = trace.chemin.read_text(encoding="utf-8").splitlines()
    assert lignes[-1] == "trace arrêtée : le fichier est plein"
    assert 2 <= len(lignes) <= 5


@pytest.mark.journal_attendu
def test_un_disque_plein_n_arrete_que_la_trace(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("pas de /dev/full ici")
    trace = Trace(tmp_path / "trace.log")
    trace._flux.close()
    trace._flux = Path("/dev/full").open("a", encoding="utf-8", buffering=1)  # noqa: SIM115
    gestionnaire = Gestionnaire([CanalVirtuel({"x": vitale()})])
    gestionnaire.tracer(trace)
    assert gestionnaire.employer("vitale", lire_puce_vitale).identites
    gestionnaire.fermer()
