from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import FormatInvalide
from sesam_desktop.referentiels import demonstration
from sesam_desktop.referentiels.importation import importer
from sesam_desktop.referentiels.medicaments import Medicaments

from .conftest import Reelle

ENTETE = ";".join(demonstration.COLONNES) + "\n"
LIGNE = "2026-07-24;60002283;3400949497294;4949729;ANASTROZOLE;boîte;100%;24,34;25,36;1,02;659;1;ANASTROZOLE\n"


def test_la_table_livree_couvre_les_cas_de_la_demonstration() -> None:
    table = demonstration.lire(demonstration.chemin_livre().read_bytes(), "medicaments.csv")
    presentations = [p for _, p in table.presentations]
    assert len(presentations) >= 25
    assert {p.taux for p in presentations} == {10000, 6500, 3000, 1500, None}
    assert {p.honoraire_centimes for p in presentations} == {102, 276, None}
    assert {g.type for g in table.generiques} >= {"0", "1"}
    assert table.date == "2026-07-24"


def test_les_faits_de_la_table_livree_sont_ceux_de_la_table_publique(bdpm_reelle: Reelle, tmp_path: Path) -> None:
    table = demonstration.lire(demonstration.chemin_livre().read_bytes(), "medicaments.csv")
    publics = Medicaments(bdpm_reelle.base)
    for _, p in table.presentations:
        vrai = publics.par_cip13(p.cip13, date(2026, 7, 24))
        assert vrai is not None
        assert (p.cis, p.cip7, p.taux, p.prix_centimes, p.prix_avec_honoraire_centimes, p.honoraire_centimes) == (
            vrai.cis, vrai.cip7, vrai.taux, vrai.prix_centimes, vrai.prix_avec_honoraire_centimes,
            vrai.honoraire_centimes,
        )
        assert table.specialites[p.cis].libelle == vrai.libelle


def test_importer_la_demonstration(base) -> None:
    vues: list[tuple[int, int]] = []
    bilan = importer("demonstration", demonstration.chemin_livre(), base, lambda f, t: vues.append((f, t)))
    assert (bilan.version, bilan.rejets, bilan.remarques) == ("2026-07-24", [], [])
    trouves = Medicaments(base).chercher("augmentin", date(2026, 8, 1))
    assert {m.groupe_generique for m in trouves} == {"159"}


@pytest.mark.parametrize(
    ("texte", "ligne"),
    [
        ("", 0),
        ("cip13;prix\n", 0),
        (ENTETE, 0),
        (ENTETE + "2026-07-24;1\n", 2),
        (ENTETE + LIGNE + LIGNE.replace("3400949497294", "3400949497295"), 3),
        (ENTETE + LIGNE.replace("2026-07-24", "juillet"), 2),
        (ENTETE + LIGNE.replace("24,34", "24.34"), 2),
    ],
)
def test_une_ligne_fausse_refuse_le_fichier(texte: str, ligne: int) -> None:
    with pytest.raises(FormatInvalide) as vu:
        demonstration.lire(texte.encode(), "t.csv")
    assert (vu.value.code, vu.value.ligne) == ("TABLE_ILLISIBLE", ligne)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda t: (ENTETE + LIGNE + t).encode("utf-8", "replace")))
def test_des_octets_quelconques_sont_lus_ou_refuses(octets: bytes) -> None:
    try:
        assert demonstration.lire(octets, "t.csv").presentations
    except FormatInvalide as erreur:
        assert erreur.code == "TABLE_ILLISIBLE"
