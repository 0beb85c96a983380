"""Known errors: one sentence, one code, one place."""

from __future__ import annotations

import pytest

from sesam_desktop.noyau.erreurs import Annulation, EntreeInvalide, ErreurConnue, FormatInvalide


def test_une_phrase_dit_ou_quoi_et_que_faire() -> None:
    erreur = ErreurConnue("Le lecteur est débranché.", code="LECTEUR_ABSENT", action="Rebranchez-le.", ou="Lecteur 1")
    assert erreur.phrase() == "Lecteur 1 : Le lecteur est débranché. Rebranchez-le."
    assert (str(erreur), erreur.code) == ("Le lecteur est débranché.", "LECTEUR_ABSENT")


def test_une_phrase_sans_lieu_ni_action() -> None:
    assert ErreurConnue("Rien à faire.").phrase() == "Rien à faire."
    assert ErreurConnue("x").code == "ERREUR"


@pytest.mark.parametrize(
    ("lieu", "attendu"),
    [
        ({}, ""), ({"fichier": "a.b2"}, "a.b2"), ({"ligne": 3}, "enregistrement 3"),
        ({"fichier": "a.b2", "ligne": 3, "position": 12, "zone": "nir"},
         "a.b2, enregistrement 3, position 12, zone « nir »"),
    ],
)
def test_le_lieu_d_un_format_invalide(lieu: dict, attendu: str) -> None:
    erreur = FormatInvalide("Refusé.", **lieu)
    assert (erreur.ou, erreur.code) == (attendu, "FORMAT_INVALIDE")


def test_les_codes_par_defaut() -> None:
    assert EntreeInvalide("x").code == "ENTREE_INVALIDE"
    assert Annulation().phrase() == "Opération annulée, rien n'a été modifié."
    assert Annulation("Import arrêté.").code == "ANNULE"
