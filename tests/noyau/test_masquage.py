"""Nothing personal survives masking."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau import masquage
from sesam_desktop.noyau.masquage import masquer


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("patient 1801975000001.", "patient [NIR]."),
        ("patient 180197500000131", "patient [NIR]"),
        ("patient 1 80 19 75 000 001 31", "patient [NIR]"),
        ("patient 1.80.19.2A.000.001", "patient [NIR]"),
        ("RPPS 10001234565", "RPPS [RPPS]"),
        ("n° 291991107", "n° [numéro]"),
        ("PIN=1234 fin", "PIN=[code] fin"),
        ("code porteur : 1234", "code porteur : [code]"),
        ("Mot de passe: secret", "Mot de passe: [code]"),
        ("clé " + "QUJD" * 20, "clé [base64]"),
        ("facture 000123, CIP7 3696350, 12,50 €", "facture 000123, CIP7 3696350, 12,50 €"),
        ("", ""),
    ],
)
def test_masquer(texte: str, attendu: str) -> None:
    assert masquer(texte) == attendu


def test_les_noms_declares() -> None:
    masquage.retenir("DURAND", " Élodie ", "AB", "")
    assert masquer("Mme durand élodie, AB, DURANDAL") == "Mme [nom] [nom], AB, [nom]AL"
    masquage.oublier()
    assert masquer("DURAND") == "DURAND"


def test_un_nom_declare_n_est_pas_un_motif() -> None:
    masquage.retenir("a.c(")
    assert masquer("abc( a.c(") == "abc( [nom]"


def test_le_nom_le_plus_long_d_abord() -> None:
    masquage.retenir("MARTIN", "MARTIN-DURAND")
    assert masquer("MARTIN-DURAND") == "[nom]"


@given(st.text(max_size=120))
def test_masquer_deux_fois_ne_change_rien(texte: str) -> None:
    une = masquer(texte)
    assert masquer(une) == une


_ENTOURAGE = st.text(" abc:,;()", max_size=8)


@given(st.integers(1, 8), st.integers(0, 10**12 - 1), _ENTOURAGE, _ENTOURAGE)
def test_un_nir_ne_passe_jamais(sexe: int, reste: int, avant: str, apres: str) -> None:
    nir = f"{sexe}{reste:012d}"
    assert nir not in masquer(f"{avant} {nir} {apres}")


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("NIR 1801975000001 180197500000131", "NIR [NIR] [NIR]"),
        ("NIR 1 80 19 75 000 001 31.", "NIR [NIR]."),
        ("NIR 1\xa080\xa019\xa02A\xa0000\xa0001", "NIR [NIR]"),
        ("NIR 1-80-19-75-000-001-31, 2_85_19_2B_000_001", "NIR [NIR], [NIR]"),
        ("RPPS 10001234565, 10 001 234 565", "RPPS [RPPS], [numéro]"),
        ("ADELI 729912345, FINESS 72 000 1234, 2A0001234", "ADELI [numéro], FINESS [numéro], [numéro]"),
        ("facturation 72200001, 72200001 5, n°722000015", "facturation [numéro], [numéro], n°[numéro]"),
        ("code porteur : 1234, code cps=4321", "code porteur : [code] code cps=[code]"),
        ("PIN 1234, code porteur est 4321. NIP=1", "PIN [code], code porteur est [code]. NIP=[code]"),
        ('{"code_porteur": "1234"}', '{"code_porteur": [code]'),
        ("NIR 1  80  19  75  000  001  31", "NIR [NIR]"),
        ("NIR 1\t80\t19\t75\t000\t001", "NIR [NIR]"),
        ("carte n° 80250000011234567890", "carte n° [numéro]"),
        ("tél. 02.43.00.00.01, 02 43 00 00 01, +33243000001", "tél. [numéro], [numéro], +[RPPS]"),
        ("à andré@cabinet-médical.fr", "à [adresse]"),
        ("/Volumes/Docteur Durand/x, /media/durand/x", "/Volumes/[compte]/x, /media/[compte]/x"),
        (r"C:\Documents and Settings\Anne\x", r"C:\Documents and Settings\[compte]\x"),
        (r"dans \\PC-DURAND\Anne\x", r"dans [partage]\x"),
        ("à poste.1@cabinet-durand.medical.fr", "à [adresse]"),
        ("/home/durand/.local/x", "/home/[compte]/.local/x"),
        ("/Users/Anne Durand/Library", "/Users/[compte]/Library"),
        (r"C:\Users\Anne Durand\AppData", r"C:\Users\[compte]\AppData"),
        ("c:/users/durand", "c:/users/[compte]"),
        ("clé " + "QUJD" * 20, "clé [base64]"),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\nsuite", "[base64]\nsuite"),
        ("-----BEGIN CERTIFICATE-----\nMIIB coupé", "[base64]"),
        ("avant\n" + "A" * 64 + "\n" + "B" * 64 + "\nQ==\nsuite", "avant\n[base64]\nsuite"),
    ],
)
def test_ce_qui_part_est_masque(texte: str, attendu: str) -> None:
    assert masquage.masquer_pour_envoi(texte) == attendu


@pytest.mark.parametrize(
    "texte",
    [
        "2026-11-22T08:19:37.123456+00:00", "22/11/2026 à 08:19", "trace-20261122081937.log",
        "galss.ini.20261122T081937Z.bak", "code 8001", "GALSS 0400, F023", "2026-11-22 08:19:37",
        "ATR 3B AC 00 40 2A 00 12 25 00 64 80 00 03 10 00 90 00", "ATR 3F65250022096990 00", "ATR 3F6525002209699000 x",
        "Windows 10.0.19045.3570, FSV 1.40.14, USB 2947:0101, 192.168.100.200", "lecture 0.003 s, moyenne 1.234 s", "",
    ],
)
def test_ce_dont_le_support_a_besoin_reste(texte: str) -> None:
    assert masquage.masquer_pour_envoi(texte) == texte


def test_les_noms_donnes_sont_des_mots_entiers() -> None:
    noms = ["PETIT", "Le Gall", " INES ", "", "X"]
    attendu = "[nom] et [nom], [nom] : petite, X"
    assert masquage.masquer_pour_envoi("petit et Inès, le gall : petite, X".replace("è", "e"), noms) == attendu


def test_les_noms_de_la_session_sont_masques_aussi() -> None:
    masquage.retenir("DURAND")
    assert masquage.masquer_pour_envoi("durand") == "[nom]"


@given(st.text(max_size=200))
def test_masquer_pour_envoi_n_echoue_jamais(texte: str) -> None:
    masquage.masquer_pour_envoi(texte, [texte[:5]])


_SEPARATEURS = st.sampled_from(["", " ", ".", "\xa0", "-"])


@given(st.integers(1, 8), st.integers(0, 10**12 - 1), st.sampled_from(["", "31", "07"]), _SEPARATEURS, _ENTOURAGE)
def test_un_nir_n_est_jamais_envoye(sexe: int, reste: int, cle: str, separateur: str, autour: str) -> None:
    chiffres = f"{sexe}{reste:012d}"
    decoupe = [chiffres[:1], chiffres[1:3], chiffres[3:5], chiffres[5:7], chiffres[7:10], chiffres[10:], cle]
    envoye = masquage.masquer_pour_envoi(f"{autour} {separateur.join(filter(None, decoupe))} {autour}")
    assert not re.search(r"[0-9]", envoye)


@given(st.integers(0, 10**11 - 1), st.sampled_from([8, 9, 11]), st.sampled_from(["", " "]), _ENTOURAGE)
def test_un_numero_de_professionnel_n_est_jamais_envoye(
    nombre: int, taille: int, separateur: str, autour: str
) -> None:
    numero = f"{nombre % 10**taille:0{taille}d}"
    decoupe = separateur.join((numero[:2], numero[2:5], numero[5:]))
    assert not re.search(r"[0-9]", masquage.masquer_pour_envoi(f"{autour}:{decoupe}{autour}"))
