"""Reader commands byte for byte, as the public facts give them, and what each status becomes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.lecteurs.serie import commandes
from sesam_desktop.lecteurs.serie.commandes import EtatCarte, Reponse
from sesam_desktop.noyau.erreurs import ErreurConnue

OU = "COM3 PAD2 [fente 2]"


def test_demandes() -> None:
    assert commandes.mettre_sous_tension(1).hex() == "000114"
    assert commandes.mettre_hors_tension(2).hex() == "00021500"
    assert commandes.presence(2).hex() == "000216"
    assert commandes.logiciel(b"\x30\x31").hex() == "00003031"


@pytest.mark.parametrize(
    ("apdu", "genre"),
    [
        ("002A9E9A", "00"),  # case 1: nothing either way
        ("00B0000000", "01"),  # case 2: data expected
        ("00A40000023F00", "00"),  # case 3: data brought
        ("00CB3FFF024D0800", "02"),  # case 4: both
    ],
)
def test_sens_de_l_apdu(apdu: str, genre: str) -> None:
    assert commandes.apdu(2, 7, bytes.fromhex(apdu)).hex().upper() == "0002" + genre + "07" + apdu


def test_reponse_a_une_commande() -> None:
    reponse = commandes.lire_reponse(bytes.fromhex("000307AABB9000"), OU)
    assert reponse == Reponse(0, EtatCarte.SOUS_TENSION, 7, bytes.fromhex("AABB9000"))
    assert commandes.lire_apdu(reponse, 7, OU) == (b"\xaa\xbb", 0x9000)


@pytest.mark.parametrize(
    ("reponse", "code"),
    [
        ("0003089000", "CARTE_CHANGEE"),  # the counter of another stay
        ("00030790", "SSV_F0FF"),
        ("010007", "LECTEUR_REFUSE"),
        ("030007", "LECTEUR_REFUSE"),
        ("040107", "GALSS_0040"),
        ("050107", "GALSS_0040"),
        ("070107", "GALSS_0040"),
        ("080107", "LECTEUR_EN_PANNE"),
        ("100107", "CARTE_MUETTE"),
        ("110107", "CARTE_MUETTE"),
        ("120107", "LECTEUR_REFUSE"),
        ("130107", "SSV_F0FF"),
        ("160107", "CARTE_CHANGEE"),
        ("170007", "CARTE_ABSENTE"),
        ("990007", "LECTEUR_REFUSE"),
    ],
)
def test_refus_d_une_commande(reponse: str, code: str) -> None:
    with pytest.raises(ErreurConnue) as refus:
        commandes.lire_apdu(commandes.lire_reponse(bytes.fromhex(reponse), OU), 7, OU)
    assert (refus.value.code, refus.value.ou) == (code, OU)
    assert refus.value.action


@pytest.mark.parametrize(
    ("reponse", "presente"),
    [("000007", False), ("000107", True), ("000307", True), ("170007", False), ("010007", False), ("030007", False)],
)
def test_presence(reponse: str, presente: bool) -> None:
    assert commandes.est_presente(commandes.lire_reponse(bytes.fromhex(reponse), OU), OU) is presente


@given(st.binary(max_size=300), st.integers(0, 255))
def test_seuls_des_refus_types(octets: bytes, compteur: int) -> None:
    try:
        donnees, sw = commandes.lire_apdu(commandes.lire_reponse(octets, OU), compteur, OU)
    except ErreurConnue:
        return
    assert octets[2] == compteur
    assert octets[3:] == donnees + sw.to_bytes(2, "big")
