"""The virtual chips, command by command, as a real T=0 card would answer (ISO 7816-4 status words)."""

from __future__ import annotations

import hashlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.cartes.puce_vitale import fichiers
from sesam_desktop.lecteurs import puces
from sesam_desktop.lecteurs.emulation import PuceVirtuelle
from sesam_desktop.lecteurs.emulation_vitale import VitaleVirtuelle

from .doubles import VITALES, cps, vitale


def parler(puce: PuceVirtuelle, apdu: str) -> str:
    return puce.traiter(bytes.fromhex(apdu)).hex().upper()


def choisir_vitale(puce: PuceVirtuelle) -> None:
    assert parler(puce, "00A404000BD250000002564954414C45").startswith("61")


def test_select_annonce_sa_reponse_et_la_garde() -> None:
    puce = vitale()
    annonce = parler(puce, "00A40000023F00")
    assert annonce[:2] == "61"
    assert parler(puce, "00C00000" + annonce[2:]).endswith("9000")
    assert parler(puce, "00C0000000") == "6985"  # given once


def test_lecture_par_identifiant_court_et_remplissage() -> None:
    puce = vitale()
    assert parler(puce, "00A40000023F00").startswith("61")
    assert parler(puce, "00B0820000") == "6C80"
    contenu = parler(puce, "00B0820080")
    assert contenu.startswith("65")
    assert contenu.endswith("00" * 8 + "9000")
    assert parler(puce, "00B0008000") == "6B00"  # after the last byte


def test_plan_de_la_carte() -> None:
    puce = vitale()
    choisir_vitale(puce)
    assert parler(puce, "00A40200022001").startswith("61")
    taille = parler(puce, "00B0000000")[2:]
    plan = bytes.fromhex(parler(puce, "00B00000" + taille)[:-4])
    assert [(f.nom, f.application) for f in fichiers(plan)] == [
        ("IDENTITE", puces.MF_VITALE),
        ("NIR", puces.APPLICATION_VITALE),
        ("DROITS", puces.APPLICATION_VITALE),
    ]


@pytest.mark.parametrize("fid", ["2F00", "2F02"])
def test_dir_et_pan_dans_le_fichier_maitre(fid: str) -> None:
    puce = vitale()
    parler(puce, "00A404000ED2500000024D465F564954414C45")
    assert parler(puce, "00A4000002" + fid).startswith("61")
    assert parler(puce, "00B0000000").startswith("6C")


def test_droits_proteges() -> None:
    puce = vitale()
    choisir_vitale(puce)
    assert parler(puce, "00A40000022005").startswith("61")
    assert parler(puce, "00B0000000") == "6982"


@pytest.mark.parametrize(
    ("apdu", "attendu"),
    [
        ("00A40000021234", "6A82"),
        ("00A4040003D20000", "6A82"),
        ("00A40500023F00", "6A86"),
        ("00A4080003000120", "6A86"),
        ("00B0000000", "6986"),  # no file selected
        ("00B09F0000", "6A82"),  # no such short identifier
        ("00FF000000", "6D00"),
        ("00A400000F3F00", "6700"),
        ("00A4", "6700"),
        ("00224 1B6 00".replace(" ", ""), "6982"),  # signature outside its application
    ],
)
def test_refus_de_la_vitale(apdu: str, attendu: str) -> None:
    assert parler(vitale(), apdu) == attendu


def test_chemin_relatif_inconnu_ne_deplace_rien() -> None:
    puce = cps()
    parler(puce, "00A4000002D003")
    assert parler(puce, "00A40900040001FFFF") == "6A82"
    assert parler(puce, "00B0000000") == "6C0C"


def test_numero_de_serie_de_la_cps() -> None:
    puce = cps()
    parler(puce, "00A4000002D003")
    assert parler(puce, "00B000000C") == "5A0A" + "8025000001" + "0000000001" + "9000"


def test_situations_sous_code() -> None:
    puce = cps("infirmier")
    assert parler(puce, "00A40800040001D121").startswith("61")
    assert parler(puce, "00B0000000") == "6982"
    assert parler(puce, "002000010431323334") == "9000"
    assert parler(puce, "00B0000000").startswith("6C")
    assert parler(puce, "00A40800040001D122") == "6A82"
    puce.reset()
    parler(puce, "00A40800040001D121")
    assert parler(puce, "00B0000000") == "6982"


def test_trois_codes_faux_bloquent_pour_de_bon() -> None:
    puce = cps()
    faux, bon, compteur = "002000010430303030", "002000010431323334", "00200001"
    assert [parler(puce, a) for a in (compteur, faux, faux, compteur)] == ["63C3", "63C2", "63C1", "63C1"]
    puce.reset()
    assert [parler(puce, a) for a in (faux, bon, compteur)] == ["6983", "6983", "6983"]


def test_le_bon_code_rend_les_essais() -> None:
    puce = cps()
    parler(puce, "002000010430303030")
    assert parler(puce, "002000010431323334") == "9000"
    assert parler(puce, "00200001") == "9000"
    assert puce.essais == 3


def test_un_code_de_mauvaise_longueur_ne_coute_rien() -> None:
    puce = cps()
    assert parler(puce, "0020000105" + "31" * 5) == "6700"
    assert parler(puce, "00200002043132333 4".replace(" ", "")) == "6A88"
    assert puce.essais == 3


def test_essais_par_get_data() -> None:
    puce = cps()
    parler(puce, "002000010430303030")
    annonce = parler(puce, puces.demande_essais(1).hex())
    assert parler(puce, "00C00000" + annonce[2:]) == "700CBF810108A0069A01039B01029000"
    assert parler(puce, "00CB3FFF024D00") == "6A86"


HACHER_ABC = "002A90A007" + "9000" + "8003616263"
PREPARER = "002241B606" + "800142" + "840181"


def test_signature_de_la_cps() -> None:
    puce = cps()
    assert parler(puce, PREPARER) == "6982"  # code not presented
    parler(puce, "002000010431323334")
    assert parler(puce, "002A9E9A00") == "6985"
    assert parler(puce, PREPARER) == "9000"
    assert parler(puce, HACHER_ABC) == "9000"
    assert parler(puce, "002A9E9A00") == "6100"
    signature = bytes.fromhex(parler(puce, "00C0000000"))
    assert signature[-34:-2] == hashlib.sha256(b"abc").digest()
    assert parler(puce, "002A9E9A00") == "6985"  # one hash, one signature


@pytest.mark.parametrize(
    ("apdu", "attendu"),
    [
        ("002241A406800142840181", "6A86"),
        ("002241B606800199840181", "6A88"),
        ("002A90A0029000", "6A86"),  # no last block
        ("002A90A0059003AABBCC", "6A86"),
        ("002A90A00290FF", "6A86"),
        ("002A80860101", "6A86"),
    ],
)
def test_refus_de_signature(apdu: str, attendu: str) -> None:
    puce = cps()
    parler(puce, "002000010431323334")
    assert parler(puce, apdu) == attendu


def test_une_carte_sans_cle_ne_signe_pas() -> None:
    puce = VitaleVirtuelle.depuis(VITALES["assure"])
    assert parler(puce, "00A404000F" + puces.APPLICATION_IAS_VITALE.hex()).startswith("61")
    assert parler(puce, PREPARER) == "6A88"


def test_latence() -> None:
    puce = VitaleVirtuelle.depuis(VITALES["assure"], latence=0.02)
    debut = time.monotonic()
    parler(puce, "00A40000023F00")
    assert time.monotonic() - debut >= 0.02


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_jamais_d_exception_toujours_un_mot_d_etat(commandes: list[bytes]) -> None:
    for puce in (vitale(), cps()):
        assert all(len(puce.traiter(commande)) >= 2 for commande in commandes)
