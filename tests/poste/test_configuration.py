"""Settings: round trip, defaults, refusals that name what is wrong, no secret in the file."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste import configuration as c


def test_absent_file_gives_defaults(profil: Path):
    assert c.lire(profil) == c.Configuration()


def test_round_trip_through_the_file(profil: Path):
    voulue = replace(
        c.Configuration(profession="infirmier", departement="72"),
        courrier=c.Courrier(adresse="poste@exemple.test", smtp_port=10025),
    )
    c.ecrire(profil, voulue)
    assert c.lire(profil) == voulue


@given(texte=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40), port=st.integers(1, 65535))
def test_any_text_survives_toml(texte: str, port: int):
    import tomllib

    voulue = c.Configuration(departement=texte, courrier=c.Courrier(utilisateur=texte, pop_port=port))
    relu = tomllib.loads(c.en_toml(voulue))
    assert relu["departement"] == texte
    assert relu["courrier"]["utilisateur"] == texte
    assert relu["courrier"]["pop_port"] == port


@pytest.mark.parametrize(
    ("texte", "code"),
    [
        ("profession = ", "CONFIGURATION_ILLISIBLE"),
        ('profession = "barbier"', "CONFIGURATION_INVALIDE"),
        ('inconnu = "x"', "CONFIGURATION_INVALIDE"),
        ("demonstration = 1", "CONFIGURATION_INVALIDE"),
        ('[courrier]\nsmtp_port = "587"', "CONFIGURATION_INVALIDE"),
        ("[courrier]\nsmtp_port = 70000", "CONFIGURATION_INVALIDE"),
        ('courrier = "x"', "CONFIGURATION_INVALIDE"),
        ("[transmission]\nsignature_smime = true", "CONFIGURATION_INVALIDE"),
        ("[transmission]\nfactures_par_lot = 0", "CONFIGURATION_INVALIDE"),
        ('[transmission]\nplages = "de midi à deux"', "PLAGES_INVALIDES"),
        ("[transmission]\nenregistrements_par_lot = 1000", "CONFIGURATION_INVALIDE"),
        ("[annuaire]\nport = 0", "CONFIGURATION_INVALIDE"),
        ('[annuaire]\nprotection = "starttls"', "CONFIGURATION_INVALIDE"),
    ],
)
def test_bad_file_is_refused_with_its_path(profil: Path, texte: str, code: str):
    (profil / c.FICHIER).write_text(texte, encoding="utf-8")
    with pytest.raises(ErreurConnue) as refus:
        c.lire(profil)
    assert refus.value.code == code
    assert refus.value.ou == str(profil / c.FICHIER)


def test_bytes_that_are_not_utf8(profil: Path):
    (profil / c.FICHIER).write_bytes(b'profession = "\xff"')
    with pytest.raises(ErreurConnue, match="illisible"):
        c.lire(profil)


def test_no_field_could_hold_a_password():
    noms = [champ.name for classe in (c.Configuration, c.Courrier) for champ in fields(classe)]
    assert not [n for n in noms if "passe" in n or "secret" in n or "code" in n]
