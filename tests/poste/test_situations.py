"""Situations de facturation and rights of each kind of card: hand-made cards, values of the public dictionary."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sesam_desktop.cartes.ps import CartePS, Identification, Situation, Structure
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.habilitation import Acte, exiger
from sesam_desktop.poste.situations import (
    est_remplacant,
    exiger_lue,
    libelle,
    mode,
    par_defaut,
    proposees,
    retenue,
    type_carte,
)

CABINET = Situation(
    3, "0", "1", "31", Structure("0", "72600002", "9", "CABINET DES TILLEULS"), "72600002", "9", "1", "24", "24", "1",
    signe_facture=True, signe_lot=True,
)
GARE = replace(
    CABINET, rang=1, mode_exercice="04", numero_facturation="72600011", cle="0", signe_lot=False,
    structure=Structure("0", "72600011", "0", "CABINET DE LA GARE"),
)
HOPITAL = replace(CABINET, rang=7, mode_exercice="1", numero_facturation="", cle="", signe_facture=False)


def carte(*situations: Situation, genre: str = "0") -> CartePS:
    return CartePS(genre, Identification("8", "1000000002", "5"), "31", "LEFEBVRE", "HUGO", situations, "0000000002")


def test_proposees_par_numero_logique_et_seulement_ou_l_on_facture() -> None:
    assert proposees(carte(CABINET, HOPITAL, GARE)) == (GARE, CABINET)
    assert proposees(carte()) == ()


def test_le_choix_n_est_jamais_fait_a_la_place_du_professionnel() -> None:
    assert par_defaut(carte(CABINET, HOPITAL)) is CABINET
    assert par_defaut(carte(CABINET, GARE)) is None
    assert par_defaut(carte(HOPITAL)) is None


@pytest.mark.parametrize(
    ("lue", "rang", "code"),
    [
        (carte(HOPITAL), None, "SITUATION_ABSENTE"),
        (carte(CABINET, GARE), None, "SITUATION_A_CHOISIR"),
        (carte(CABINET, GARE), 2, "SITUATION_INCONNUE"),
        (carte(CABINET, HOPITAL), 7, "SITUATION_INCONNUE"),  # one does not bill there
    ],
)
def test_situation_refusee(lue: CartePS, rang: int | None, code: str) -> None:
    with pytest.raises(ErreurConnue) as refus:
        retenue(lue, rang)
    assert refus.value.code == code


def test_situation_retenue() -> None:
    assert retenue(carte(CABINET, GARE), 3) is CABINET
    assert retenue(exiger_lue(carte(CABINET), code_verifie=True), None) is CABINET


@pytest.mark.parametrize(
    ("lue", "code_verifie", "code"),
    [
        (None, True, "PS_ABSENT"),
        (carte(), False, "PS_ABSENT"),
        (carte(genre="3"), True, "SITUATION_ABSENTE"),
        (replace(carte(), identification=Identification("", "", "")), True, "SITUATION_ILLISIBLE"),  # a chip alone
    ],
)
def test_carte_sans_situation(lue: CartePS | None, code_verifie: bool, code: str) -> None:
    with pytest.raises(ErreurConnue) as refus:
        exiger_lue(lue, code_verifie=code_verifie)
    assert refus.value.code == code


def test_libelles() -> None:
    assert libelle(CABINET) == "CABINET DES TILLEULS — libéral — n° 726000029"
    assert libelle(GARE) == "CABINET DE LA GARE — remplaçant — n° 726000110 — ne signe pas les lots"
    assert "ne signe pas les factures" in libelle(replace(GARE, signe_facture=False))
    assert libelle(replace(CABINET, structure=Structure("1", "720000018"))).startswith("Structure 720000018 — ")


@pytest.mark.parametrize(
    ("code", "mots"),
    [
        *(("0", "libéral"), ("00", "libéral"), ("01", "salarié"), ("4", "remplaçant"), ("07", "non rétribué")),
        ("9", "mode 9"),  # in no published list
    ],
)
def test_modes_d_exercice_du_dictionnaire(code: str, mots: str) -> None:
    assert mode(replace(CABINET, mode_exercice=code)) == mots


def test_remplacant() -> None:
    assert est_remplacant(GARE)
    assert not est_remplacant(CABINET)


@pytest.mark.parametrize(
    ("code", "signe", "certitude"),
    [
        *((str(n), True, "S") for n in range(3)),
        ("3", False, "P"),
        ("4", False, "P"),
        ("80", True, "S"),  # a test CPS is a CPS
        ("83", False, "P"),
        ("9", True, ""),
    ],
)
def test_droits_de_chaque_type_de_carte(code: str, signe: bool, certitude: str) -> None:
    genre = type_carte(carte(genre=code))
    assert (genre.signe_facture, genre.signe_lot, genre.certitude) == (signe, signe, certitude)


@pytest.mark.parametrize(
    ("lue", "acte", "rang", "code"),
    [
        (carte(CABINET), Acte.FACTURE, None, None),
        (carte(CABINET), Acte.LOT, 3, None),
        (carte(CABINET, genre="2"), Acte.LOT, None, None),
        (carte(CABINET, genre="3"), Acte.FACTURE, None, "SIGNATURE_NON_HABILITEE"),
        (carte(CABINET, replace(CABINET, rang=4, signe_facture=False)), Acte.FACTURE, 4, "SIGNATURE_NON_HABILITEE"),
        (carte(CABINET, replace(CABINET, rang=4, signe_facture=False)), Acte.FACTURE, 3, None),
        (carte(CABINET), Acte.FACTURE, 9, None),  # a colleague's logical number says nothing of this card
        (carte(GARE), Acte.FACTURE, None, "CPS_D_UN_AUTRE"),
        (None, Acte.FACTURE, None, "CPS_D_UN_AUTRE"),
    ],
)
def test_habilitation(lue: CartePS | None, acte: Acte, rang: int | None, code: str | None) -> None:
    if code is None:
        exiger(lue, "726000029", acte, rang)
        return
    with pytest.raises(ErreurConnue) as refus:
        exiger(lue, "726000029", acte, rang)
    assert refus.value.code == code
