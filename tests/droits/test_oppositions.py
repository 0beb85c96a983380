from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sesam_desktop.droits.depot import BaseDroits
from sesam_desktop.droits.oppositions import Oppositions
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue, FormatInvalide
from sesam_desktop.noyau.ressources import ressource

CLE = bytes(range(32))


def liste(numero: int, base: int, genre: str, mouvements: Sequence[str], fin: str = "\n") -> bytes:
    corps = "".join(m + "\n" for m in mouvements)
    empreinte = hashlib.sha256(corps.encode()).hexdigest()
    lignes = [f"E;LOI;{numero};{base};20261101;{genre}", *mouvements, f"F;{len(mouvements)};{empreinte}"]
    return (fin.join(lignes) + fin).encode()


@pytest.fixture
def oppositions(base: BaseDroits) -> Oppositions:
    return Oppositions(base, CLE)


def poser(tmp_path: Path, octets: bytes) -> Path:
    chemin = tmp_path / "liste.txt"
    chemin.write_bytes(octets)
    return chemin


def test_liste_complete_puis_increments(oppositions: Oppositions, tmp_path: Path) -> None:
    assert oppositions.version() is None
    assert oppositions.verifier("900000001") is None
    table = oppositions.importer(poser(tmp_path, liste(100, 0, "C", ["A;900000001", "A;900000002"])))
    assert (table.version, table.date, table.effectif) == ("100", "2026-11-01", 2)
    table = oppositions.appliquer(poser(tmp_path, liste(101, 100, "I", ["S;900000001", "A;900000003"])))
    assert (table.version, table.effectif) == ("101", 2)
    assert oppositions.version() == table
    assert oppositions.verifier("900000001") is None
    opposee = oppositions.verifier("900000003")
    assert opposee is not None
    assert opposee.motif == "Carte inscrite sur la liste d'opposition n° 101 du 01/11/2026."


def test_une_liste_complete_remplace_tout(oppositions: Oppositions, tmp_path: Path) -> None:
    oppositions.importer(poser(tmp_path, liste(100, 0, "C", ["A;1"])))
    oppositions.importer(poser(tmp_path, liste(200, 0, "C", ["A;2"], fin="\r\n")))
    assert oppositions.verifier("1") is None
    assert oppositions.verifier("2")


def test_les_zeros_de_tete_ne_comptent_pas(oppositions: Oppositions, tmp_path: Path) -> None:
    oppositions.importer(poser(tmp_path, liste(1, 0, "C", ["S;12345678", "A;012345678"])))
    assert oppositions.verifier("12345678")
    assert oppositions.verifier(" 012345678 ")


def test_l_ordre_des_mouvements_est_respecte(oppositions: Oppositions, tmp_path: Path) -> None:
    oppositions.importer(poser(tmp_path, liste(1, 0, "C", ["A;5", "S;5", "A;6", "S;6", "A;6"])))
    assert oppositions.verifier("5") is None
    assert oppositions.verifier("6")


def test_plus_d_un_paquet(oppositions: Oppositions, tmp_path: Path) -> None:
    mouvements = [f"A;{n}" for n in range(1, 12_001)] + ["S;1", "S;12000"]
    assert oppositions.importer(poser(tmp_path, liste(1, 0, "C", mouvements))).effectif == 11_998
    assert oppositions.verifier("1") is None
    assert oppositions.verifier("7000")


@pytest.mark.parametrize(("numero", "base_liste"), [(102, 101), (101, 99), (100, 100), (99, 100)])
def test_un_increment_qui_ne_suit_pas_est_refuse(numero, base_liste, oppositions: Oppositions, tmp_path: Path) -> None:
    oppositions.importer(poser(tmp_path, liste(100, 0, "C", ["A;1"])))
    with pytest.raises(FormatInvalide) as vu:
        oppositions.appliquer(poser(tmp_path, liste(numero, base_liste, "I", ["A;2"])))
    assert vu.value.code == "LISTE_NON_CONSECUTIVE"
    assert oppositions.verifier("2") is None


def test_un_increment_sans_liste_est_refuse(oppositions: Oppositions, tmp_path: Path) -> None:
    with pytest.raises(FormatInvalide, match="aucune liste n'est installée"):
        oppositions.appliquer(poser(tmp_path, liste(2, 1, "I", ["A;2"])))


def test_complete_et_incrementale_ne_se_confondent_pas(oppositions: Oppositions, tmp_path: Path) -> None:
    with pytest.raises(FormatInvalide, match="incrémentale"):
        oppositions.importer(poser(tmp_path, liste(2, 1, "I", ["A;2"])))
    oppositions.importer(poser(tmp_path, liste(1, 0, "C", ["A;1"])))
    with pytest.raises(FormatInvalide, match="complète"):
        oppositions.appliquer(poser(tmp_path, liste(2, 1, "C", ["A;2"])))


BONNE = liste(7, 0, "C", ["A;900000001", "A;900000002"])


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"bonjour\n",
        BONNE.replace(b"20261101", b"20261301"),
        BONNE.replace(b"A;900000002", b"A;900000003"),
        BONNE.replace(b"F;2;", b"F;3;"),
        BONNE.replace(b"A;900000002", b"B;900000002"),
        BONNE.replace(b"A;900000002", b"A;9000 00002"),
        BONNE.replace(b"A;900000002\n", b"A;900000002\n\n"),
        BONNE[: BONNE.index(b"F;")],
        BONNE + b"A;900000009\n",
        BONNE.replace(b";C\n", b";X\n"),
        BONNE.replace(b"LOI", b"TOD"),
    ],
)
def test_une_liste_fausse_ne_change_rien(octets: bytes, oppositions: Oppositions, tmp_path: Path) -> None:
    oppositions.importer(poser(tmp_path, liste(1, 0, "C", ["A;42"])))
    with pytest.raises(FormatInvalide) as vu:
        oppositions.importer(poser(tmp_path, octets))
    assert "90000000" not in vu.value.phrase()
    assert oppositions.verifier("42")
    assert oppositions.verifier("900000001") is None
    version = oppositions.version()
    assert version is not None
    assert version.version == "1"


def test_des_lignes_vides_apres_la_fin_sont_admises(oppositions: Oppositions, tmp_path: Path) -> None:
    assert oppositions.importer(poser(tmp_path, BONNE + b"\r\n\n")).effectif == 2


def test_les_numeros_ne_sont_pas_ecrits_sur_le_disque(tmp_path: Path) -> None:
    base = BaseDroits(tmp_path / "secret.db")
    Oppositions(base, CLE).importer(poser(tmp_path, BONNE))
    base.fermer()
    (tmp_path / "liste.txt").unlink()
    assert all(b"900000001" not in f.read_bytes() for f in tmp_path.iterdir())


def test_une_autre_cle_est_reconnue_et_dite(base: BaseDroits, oppositions: Oppositions, tmp_path: Path) -> None:
    oppositions.importer(poser(tmp_path, BONNE))
    autre = Oppositions(base, CLE[::-1])
    for action in (lambda: autre.verifier("1"), lambda: autre.appliquer(poser(tmp_path, liste(8, 7, "I", ["A;1"])))):
        with pytest.raises(ErreurConnue) as vu:
            action()
        assert vu.value.code == "CLE_OPPOSITIONS"
    autre.importer(poser(tmp_path, BONNE))
    assert autre.verifier("900000001")


def test_une_cle_trop_courte_est_un_bogue(base: BaseDroits) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Oppositions(base, b"courte")


@pytest.mark.parametrize("numero", ["", "12 34", "é", "1" * 21])
def test_un_numero_illisible_est_refuse(numero: str, oppositions: Oppositions) -> None:
    with pytest.raises(EntreeInvalide) as vu:
        oppositions.verifier(numero)
    assert vu.value.code == "NUMERO_SERIE_INVALIDE"


def test_fichier_absent(oppositions: Oppositions, tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue) as vu:
        oppositions.importer(tmp_path / "absent")
    assert vu.value.code == "FICHIER_ABSENT"


def test_les_listes_de_demonstration(oppositions: Oppositions) -> None:
    assert oppositions.importer(ressource("demonstration", "loe.txt")).effectif == 5
    assert oppositions.appliquer(ressource("demonstration", "loi.txt")).version == "101"


NUMEROS = st.integers(1, 30).map(str)


@given(mouvements=st.lists(st.tuples(st.sampled_from("AS"), NUMEROS), max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_une_liste_quelconque_vaut_son_ensemble(mouvements, oppositions: Oppositions, tmp_path: Path) -> None:
    attendu: set[str] = set()
    for sens, numero in mouvements:
        (attendu.add if sens == "A" else attendu.discard)(numero)
    table = oppositions.importer(poser(tmp_path, liste(1, 0, "C", [f"{s};{n}" for s, n in mouvements])))
    assert table.effectif == len(attendu)
    assert {n for n in map(str, range(1, 31)) if oppositions.verifier(n)} == attendu


@given(octets=st.binary(max_size=200) | st.binary(max_size=60).map(lambda b: BONNE[:40] + b + BONNE[60:]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_des_octets_quelconques_sont_refuses_ou_lus(octets: bytes, oppositions: Oppositions, tmp_path: Path) -> None:
    try:
        oppositions.importer(poser(tmp_path, octets))
    except FormatInvalide as erreur:
        assert erreur.code == "LISTE_OPPOSITION_INVALIDE"
