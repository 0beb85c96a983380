"""What keeps the work: room on the disk, the base, the clock."""

from __future__ import annotations

import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Iterable
from dataclasses import replace

import pytest

from sesam_desktop.poste.controles import poste as controles_poste
from sesam_desktop.poste.controles.examen import Examen
from sesam_desktop.poste.diagnostic import Constat, Niveau, prudemment
from sesam_desktop.poste.poste import Poste
from tests.poste.controles.outils import JOUR, MIDI, Ordinateur, declenche
from tests.poste.controles.postes import codes, examen

__all__ = ["examen"]


Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(
    ("libre", "code", "niveau"),
    [
        (199_000_000, "DISQUE_PLEIN", Niveau.KO),
        (999_000_000, "DISQUE_PRESQUE_PLEIN", Niveau.WARN),
        (1_000_000_000, "DISQUE", Niveau.INFO),
    ],
)
def test_disque(examen: Examen, monkeypatch: pytest.MonkeyPatch, libre: int, code: str, niveau: Niveau) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2 * libre, libre, libre))
    declenche(code)(lambda: controles_poste.disque(examen))()
    assert codes(controles_poste.disque(examen), niveau) == {code}


@declenche("BASE_OUVERTE")
def test_un_examen_passif_ne_relit_pas_toute_la_base(
    examen: Examen, monkeypatch: pytest.MonkeyPatch
) -> Iterable[Constat]:
    def interdit(_: object) -> None:
        raise AssertionError("a passive look must stay short")

    monkeypatch.setattr("sesam_desktop.base.verification.controler", interdit)
    return controles_poste.base(replace(examen, passif=True))


@declenche("BASE")
def test_base_saine(examen: Examen) -> Iterable[Constat]:
    return controles_poste.base(examen)


@declenche("BASE_ABIMEE")
def test_base_abimee(examen: Examen) -> Iterable[Constat]:
    examen.poste.base.connexion().execute(
        "INSERT INTO evenement (document, nom, instant, donnees, precedente, empreinte)"
        " VALUES ('', 'faux', '2026-11-22T00:00:00+00:00', '{}', 'x', 'x')"
    )
    (constat,) = trouves = list(controles_poste.base(examen))
    assert (constat.niveau, constat.commande) == (Niveau.KO, "sesam-desktop restaurer FICHIER")
    return trouves


@pytest.mark.parametrize("passif", [True, False])
def test_une_base_illisible_est_un_constat(poste: Poste, monkeypatch: pytest.MonkeyPatch, passif: bool) -> None:
    """Pages overwritten after the opening, as a failing disk does: SQLite's own error, in the raw connection."""
    poste.fermer()
    fichier = poste.profil / "sesam.db"
    octets = fichier.read_bytes()
    fichier.write_bytes(octets[:4096] + b"\xaa" * (len(octets) - 4096))
    casse = sqlite3.connect(fichier)
    monkeypatch.setattr(poste.base, "connexion", lambda: casse)
    trouves = list(prudemment(controles_poste.base, Examen(poste, Ordinateur(), JOUR, MIDI, passif)))
    casse.close()
    assert [(un.code, un.niveau) for un in trouves] == [("BASE_ABIMEE", Niveau.KO)]


@declenche("HORLOGE_RECULEE", "HORLOGE_NON_SYNCHRONISEE")
def test_horloge_en_retard_sur_la_base(examen: Examen) -> Iterable[Constat]:
    examen.poste.base.connexion().execute(
        "INSERT INTO evenement (document, nom, instant, donnees, precedente, empreinte)"
        " VALUES ('', 'futur', '2026-11-22T12:05:01+00:00', '{}', 'x', 'x')"
    )
    return controles_poste.horloge(replace(examen, systeme=Ordinateur(reglages={"horloge": "non"})))


def test_horloge_a_l_heure(examen: Examen) -> None:
    examen.poste.base.connexion().execute(
        "INSERT INTO evenement (document, nom, instant, donnees, precedente, empreinte)"
        " VALUES ('', 'present', '2026-11-22T12:05:00+00:00', '{}', 'x', 'x')"
    )
    assert list(controles_poste.horloge(replace(examen, systeme=Ordinateur(reglages={"horloge": "oui"})))) == []
