"""TFR lists: imported, dated, and simply silent where there is none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide
from sesam_desktop.referentiels.articles import Fichier
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.importation import importer
from sesam_desktop.referentiels.tfr import Tfr, lire

JOUR = date(2026, 3, 2)
CIP = "3400936963504"


@pytest.fixture
def liste(tmp_path: Path) -> Path:
    chemin = tmp_path / "tfr_2026.csv"
    chemin.write_text(f"cip13;tfr\n{CIP};7,00\n3400949497294;12.5\n", encoding="utf-8")
    return chemin


def test_liste_importee(base: BaseReferentiels, liste: Path) -> None:
    bilan = importer("tfr", liste, base, version="2026-01-01")
    assert (bilan.lignes, bilan.rejets) == (2, [])
    tfr = Tfr(base).tarif(CIP, JOUR)
    assert tfr is not None
    assert (tfr.prix_centimes, tfr.version, tfr.hors_periode) == (700, "2026-01-01", False)
    assert Tfr(base).tarif("3400949497294", JOUR).prix_centimes == 1250  # type: ignore[union-attr]
    assert Tfr(base).tarif("3400935955838", JOUR) is None


def test_une_liste_posterieure_aux_soins_le_dit(base: BaseReferentiels, liste: Path) -> None:
    importer("tfr", liste, base, version="2026-04-01")
    assert Tfr(base).tarif(CIP, JOUR).hors_periode  # type: ignore[union-attr]


def test_chaque_liste_remplace_la_precedente(base: BaseReferentiels, liste: Path) -> None:
    importer("tfr", liste, base, version="2026-01-01")
    liste.write_text("cip13;tfr\n3400949497294;11\n", encoding="utf-8")
    importer("tfr", liste, base, version="2026-03-01")
    assert Tfr(base).tarif(CIP, JOUR) is None
    assert Tfr(base).tarif(CIP, date(2026, 2, 27)).prix_centimes == 700  # type: ignore[union-attr]


def test_sans_liste_il_n_y_a_pas_de_tfr(base: BaseReferentiels) -> None:
    assert Tfr(base).tarif(CIP, JOUR) is None


@pytest.mark.parametrize(
    ("ligne", "motif"),
    [
        ("3400936963505;7,00", "code CIP13 « 3400936963505 » faux"),
        (f"{CIP};sept", "montant « sept » illisible"),
        (f"{CIP};0", "TFR nul"),
        (f"{CIP};-1", "montant « -1 » illisible"),
        (CIP, "nombre de colonnes : 1 au lieu de 2"),
    ],
)
def test_ligne_rejetee(ligne: str, motif: str) -> None:
    lecture = lire([Fichier("tfr.csv", f"cip13;tfr\n{ligne}\n".encode())], iter)
    assert [(r.ligne, r.motif) for r in lecture.rejets] == [(2, motif)]
    assert lecture.articles == []


def test_autre_fichier() -> None:
    with pytest.raises(FormatInvalide):
        lire([Fichier("tfr.csv", b"code;prix\n1;2\n")], iter)


@given(st.binary(max_size=200))
def test_des_octets_quelconques_sont_lus_ou_refuses(octets: bytes) -> None:
    try:
        lecture = lire([Fichier("tfr.csv", octets)], iter)
    except ErreurConnue:
        return
    assert all(a.donnees["prix"] > 0 for a in lecture.articles)
