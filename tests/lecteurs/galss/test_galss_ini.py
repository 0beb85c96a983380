"""galss.ini: values and anomalies. Bounds are those of the GIE's guide (annexes D and E)."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.lecteurs.galss.anomalie import Anomalie, graves
from sesam_desktop.lecteurs.galss.galss_ini import Liaison, Protocole, liaison, lire

from .fichiers import FANTOMES, FINS, LECTEUR, PCSC, SERIE, a_quatre_canaux, octets


def seule(texte: str) -> tuple[str, str, int, int, bool]:
    """The only anomaly of this file, beside the names that are then missing."""
    anomalies = lire(octets(texte)).anomalies
    propres = [a for a in anomalies if a.ligne or a.code not in (0xF101, 0x2000)] or list(anomalies)
    assert len(propres) == 1, [a.phrase() for a in anomalies]
    a = propres[0]
    return a.section, a.cle, a.ligne, a.code, a.grave


@pytest.mark.parametrize("fin", FINS.values(), ids=FINS)
def test_deux_canaux_pcsc(fin: str) -> None:
    fichier = lire(octets(PCSC, fin))
    assert (fichier.anomalies, fichier.nb_canaux, fichier.valide) == ((), 2, True)
    un, deux = fichier.canaux
    assert (un.rang, un.type_canal, un.index, un.protocole, un.est_pcsc, un.liaison) == (1, 3, 1, 1, True, None)
    assert [c.caracteristiques for c in (un, deux)] == [f"{LECTEUR} 1", f"{LECTEUR} 0"]
    assert [(pad.adresse, pad.section) for pad in un.pads] == [(0, "CANAL1.PAD1")]
    assert [(lad.numero, lad.nom, lad.alias) for lad in deux.lads] == [(1, "Vitale", ("TRANSPA2",))]
    assert fichier.protocoles == {
        0: Protocole(0, "PSSINW64.DLL", (1000, 20, 15000)),
        1: Protocole(1, "PCSCW64.DLL", (0,), canaux=(1, 2)),
    }


@pytest.mark.parametrize("fin", FINS.values(), ids=FINS)
def test_un_canal_serie(fin: str) -> None:
    fichier = lire(octets(SERIE, fin))
    assert fichier.anomalies == ()
    (canal,) = fichier.canaux
    assert (canal.est_serie, canal.index, canal.liaison) == (True, 3, Liaison(9600, 1, 8, 0, 0))
    assert [(lad.numero, lad.nom) for lad in canal.lads] == [(1, "CPS"), (2, "Vitale"), (0, "Log_SV")]


def test_quatre_canaux() -> None:
    fichier = lire(octets(a_quatre_canaux()))
    assert (fichier.anomalies, len(fichier.canaux)) == ((), 4)


@pytest.mark.parametrize("texte", ["", "[CONFIG]\n", "\0" * 4096])
def test_vide(texte: str) -> None:
    assert seule(texte) == ("", "", 0, 0x8001, True)


@pytest.mark.parametrize(("avant", "apres", "attendu"), [
    ("NbCanaux=2", "NbCanaux=0", ("CONFIG", "NbCanaux", 3, 0x8003, True)),
    ("NbCanaux=2", "NbCanaux=256", ("CONFIG", "NbCanaux", 3, 0x8003, True)),
    ("NbCanaux=2", "", ("CONFIG", "NbCanaux", 2, 0x800D, True)),
    ("NbCanaux=2", "NbCanaux=3", ("CONFIG", "NbCanaux", 3, 0x8004, True)),
    ("Index=1", "Index=256", ("CANAL1", "Index", 18, 0x8007, True)),
    ("Index=1", "", ("CANAL1", "Index", 16, 0x8007, True)),
    ("TCanal=3", "TCanal=2", ("CANAL1", "TCanal", 17, 0x8007, True)),
    (f"={LECTEUR} 1", "=", ("CANAL1", "Caracteristiques", 20, 0x8008, True)),
    ("NbPAD=1", "NbPAD=16", ("CANAL1", "NbPAD", 21, 0x800F, True)),
    ("PAD=0", "PAD=15", ("CANAL1.PAD1", "PAD", 23, 0x800F, True)),
    ("NbLAD=1", "NbLAD=4", ("CANAL1.PAD1", "NbLAD", 24, 0x8010, True)),
    ("LAD=1\nNom", "LAD=3\nNom", ("CANAL1.PAD1.LAD1", "LAD", 26, 0x8010, True)),
    ("NomAlias1=TRANSPA1", "NomAlias1=TRANSPA10", ("CANAL1.PAD1.LAD1", "NomAlias1", 29, 0x8011, True)),
    ("NbAlias=1", "NbAlias=256", ("CANAL1.PAD1.LAD1", "NbAlias", 28, 0x8011, True)),
    ("NomAlias1=TRANSPA2", "NomAlias1=TRANSPA1", ("CANAL2.PAD1.LAD1", "NomAlias1", 45, 0x8011, True)),
    ("NomAlias1=TRANSPA2", "NomAlias1=cps", ("CANAL2.PAD1.LAD1", "NomAlias1", 45, 0x8011, True)),
    ("NomAlias1=TRANSPA2", "NomAlias1=AUTRE", ("", "NomAlias1", 0, 0x2000, False)),
    ("[PROTOCOLE1]", "[AUTRE]", ("PROTOCOLE1", "", 0, 0x8006, True)),
    ("NomLib=PCSCW64.DLL", "", ("PROTOCOLE1", "NomLib", 10, 0x8006, True)),
    ("Config=0", "", ("PROTOCOLE1", "Config", 10, 0x8009, True)),
    ("Config=0", "Config=zero", ("PROTOCOLE1", "Config", 11, 0x8009, True)),
    ("ListeCanaux=1,2", "ListeCanaux=1", ("PROTOCOLE1", "ListeCanaux", 13, 0x800B, True)),
    ("ListeCanaux=1,2", "ListeCanaux=1,2,3", ("PROTOCOLE1", "ListeCanaux", 13, 0x8009, True)),
    ("ListeCanaux=1,2", "ListeCanaux=un", ("PROTOCOLE1", "ListeCanaux", 13, 0x8009, True)),
    (f"={LECTEUR} 0", f"={LECTEUR} 1", ("CANAL2", "Caracteristiques", 36, 0x0000, False)),
    ("NomAlias1=TRANSPA2", "NomAlias1=TRANSPA2\nNomAlias2=X", ("CANAL2.PAD1.LAD1", "NbAlias", 44, 0, False)),
    ("NomAlias1=TRANSPA1", "NomAlias1=TRANSPA1\nNBALIAS=2", ("CANAL1.PAD1.LAD1", "NBALIAS", 30, 0, False)),
    ("NomAlias1=TRANSPA1", "NomAlias1=TRANSPA1\n[CANAL1.PAD1.LAD2]", ("CANAL1.PAD1", "NbLAD", 24, 0, False)),
    ("NomAlias1=TRANSPA1", "NomAlias1=TRANSPA1\n[canal1.pad2]", ("CANAL1", "NbPAD", 21, 0, False)),
    ("NbAlias=1", "NbAlias=255", ("CANAL1.PAD1.LAD1", "NomAlias2", 25, 0x8011, True)),
    ("; --- carte du patient", "carte du patient", ("CANAL1.PAD1.LAD1", "", 31, 0, False)),
])
def test_bornes_pcsc(avant: str, apres: str, attendu: tuple[str, str, int, int, bool]) -> None:
    assert avant in PCSC
    assert seule(PCSC.replace(avant, apres, 1)) == attendu


@pytest.mark.parametrize(("avant", "apres", "attendu"), [
    ("Index=3", "Index=64", ("CANAL1", "Index", 9, 0x8007, True)),
    ("Index=3", "Index=0", ("CANAL1", "Index", 9, 0x8007, True)),
    ("Protocole=0\n", "", ("CANAL1", "Protocole", 7, 0x8004, True)),
    ("Protocole=0\n", "Protocole=2\n", ("CANAL1", "Protocole", 10, 0x8005, True)),
    ("9600,1,8,0,0", "9599,1,8,0,0", ("CANAL1", "Caracteristiques", 11, 0x8008, True)),
    ("9600,1,8,0,0", "19201,1,8,0,0", ("CANAL1", "Caracteristiques", 11, 0x8008, True)),
    ("9600,1,8,0,0", "9600,1,8,3,0", ("CANAL1", "Caracteristiques", 11, 0x8008, True)),
    ("9600,1,8,0,0", "9600,1,8,0", ("CANAL1", "Caracteristiques", 11, 0x8008, True)),
    ("1000,20,15000", "499,20,15000", ("PROTOCOLE0", "Config", 5, 0x8009, True)),
    ("1000,20,15000", "15001,20,15001", ("PROTOCOLE0", "Config", 5, 0x8009, True)),
    ("1000,20,15000", "1000,14,15000", ("PROTOCOLE0", "Config", 5, 0x8009, True)),
    ("1000,20,15000", "1000,101,15000", ("PROTOCOLE0", "Config", 5, 0x8009, True)),
    ("1000,20,15000", "1000,20,999", ("PROTOCOLE0", "Config", 5, 0x8009, True)),
    ("1000,20,15000", "1000,20,32501", ("PROTOCOLE0", "Config", 5, 0x8009, True)),
    ("1000,20,15000", "1000,20", ("PROTOCOLE0", "Config", 5, 0x8009, True)),
    ("1000,20,15000", "1000,20,15000\nCWT=0", ("PROTOCOLE0", "CWT", 6, 0x8009, True)),
    ("LAD=2", "LAD=1", ("CANAL1.PAD1.LAD2", "LAD", 22, 0x8010, True)),
    ("NomLAD=Log_SV", "NomLAD=LogicielSV", ("CANAL1.PAD1.LAD3", "NomLAD", 28, 0x8011, True)),
    ("NomLAD=Log_SV", "NomLAD=", ("CANAL1.PAD1.LAD3", "NomLAD", 28, 0x8011, True)),
])
def test_bornes_serie(avant: str, apres: str, attendu: tuple[str, str, int, int, bool]) -> None:
    assert avant in SERIE
    assert seule(SERIE.replace(avant, apres, 1)) == attendu


@pytest.mark.parametrize("config", ["500,15,500", "15000,100,32500", "5000,20,15000"])
def test_bornes_admises(config: str) -> None:
    fichier = lire(octets(SERIE.replace("1000,20,15000", f"{config}\nCWT=3000")))
    assert (fichier.anomalies, fichier.protocoles[0].cwt) == ((), 3000)
    assert fichier.protocoles[0].config == tuple(map(int, config.split(",")))


def test_type_et_protocole_vont_ensemble() -> None:
    anomalies = lire(octets(PCSC.replace("TCanal=3", "TCanal=1"))).anomalies
    message = "TCanal 1 et Protocole 1 ne vont pas ensemble."
    assert (message, 17, 0x8007) in [(a.message, a.ligne, a.code) for a in anomalies]


def test_valeurs_fausses_jamais_rendues() -> None:
    fichier = lire(octets(SERIE.replace("1000,20,15000", "1,2,3").replace("9600,1,8,0,0", "1,1,8,0,0")))
    assert (fichier.protocoles[0].config, fichier.canaux, fichier.valide) == ((), (), False)
    assert fichier.decrits[0].liaison is None
    assert liaison("9600,2,8,0,0") is None


def test_deux_canaux_sur_un_port() -> None:
    second = SERIE[SERIE.index("[CANAL1]"):].replace("CANAL1", "CANAL2")
    for nom in ("CPS", "Vitale", "TRANSPA1", "TRANSPA2", "Log_SV"):
        second = second.replace(f"={nom}\n", f"={nom[-6:]}_2\n")
    section, cle, _, code, grave = seule(SERIE.replace("NbCanaux=1", "NbCanaux=2") + second)
    assert (section, cle, code, grave) == ("CANAL2", "Index", 0x800B, True)


def test_cps_et_log_sv_sur_le_meme_lecteur() -> None:
    """PS and Log_SV go together: on two PAD, SSV answers F101; the channel itself still works."""
    separe = SERIE.replace("NbPAD=1", "NbPAD=2").replace("NbLAD=3", "NbLAD=2")
    separe = separe.replace("[CANAL1.PAD1.LAD3]", "[CANAL1.PAD2]\nPAD=3\nNbLAD=1\n[CANAL1.PAD2.LAD1]")
    fichier = lire(octets(separe))
    (anomalie,) = fichier.anomalies
    assert (anomalie.section, anomalie.code, anomalie.grave) == ("CANAL1.PAD2.LAD1", 0xF101, True)
    assert anomalie.phrase() == (
        "[CANAL1.PAD2.LAD1] NomLAD ligne 31 : CPS et Log_SV ne sont pas sur le même lecteur (PAD). (F101)"
    )
    assert len(fichier.canaux) == 1
    assert lire(octets(separe.replace("PAD=3", "PAD=2"))).anomalies[0].code == 0x800F
    assert lire(octets(separe.replace("=Log_SV", "=Log_SV2"))).valide


def test_noms_imposes() -> None:
    def manquants(texte: str) -> list[tuple[int, bool, str]]:
        return [(a.code, a.grave, a.message) for a in lire(octets(texte)).anomalies]

    assert manquants(PCSC.replace("NomLAD=Vitale", "NomLAD=Carte")) == [
        (0xF101, True, "Aucune ressource ne s'appelle Vitale.")
    ]
    assert manquants(SERIE.replace("=Log_SV", "=Autre")) == [
        (0xF101, False, "Aucune ressource ne s'appelle Log_SV (logiciel du lecteur).")
    ]


def test_canaux_en_trop_ignores() -> None:
    fichier = lire(octets(PCSC + FANTOMES))
    assert [(a.section, a.grave) for a in fichier.anomalies] == [("CANAL3", False), ("CANAL4", False)]
    assert (len(fichier.decrits), len(fichier.canaux), fichier.valide) == (4, 2, True)


def test_liste_canaux_bornee_a_14() -> None:
    anomalies = graves(lire(octets(PCSC.replace("ListeCanaux=1,2", "ListeCanaux=1,2,15"))).anomalies)
    assert {a.code for a in anomalies} == {0x8009}


def test_un_canal_faux_n_est_pas_d_usage() -> None:
    fichier = lire(octets(PCSC.replace("LAD=1\nNomLAD=CPS", "LAD=x\nNomLAD=CPS")))
    assert [c.rang for c in fichier.canaux] == [2]
    assert fichier.decrits[0].lads[0].nom == "CPS"


def test_forme_du_fichier() -> None:
    marque = lire(b"\xff\xfe" + PCSC.encode("utf-16-le"))
    assert [(a.message.split(" :")[0], a.grave) for a in marque.anomalies] == [
        ("Le fichier commence par une marque d'encodage", False)
    ]
    assert [a.message for a in lire(octets(PCSC) + b"\0").anomalies] == ["Le fichier contient des octets nuls."]


def test_anomalie() -> None:
    anomalie = Anomalie("CANAL1", "Index", 4, "Faux.", 0x8007)
    assert anomalie.en_dict() == {
        "section": "CANAL1", "cle": "Index", "ligne": 4, "message": "Faux.", "code": "8007", "grave": True,
    }
    erreur = anomalie.en_erreur("galss.ini", "Corrigez.")
    assert (erreur.code, erreur.phrase()) == ("GALSS_8007", "galss.ini [CANAL1] Index ligne 4 : Faux. Corrigez.")
    assert Anomalie("", "", 0, "Vide.").en_erreur("x", "").code == "CONFIGURATION_LECTEURS"
    assert Anomalie("", "", 0, "Vide.").phrase() == "Vide."


@given(st.binary(max_size=500), st.booleans())
def test_n_importe_quels_octets(brut: bytes, precede: bool) -> None:
    fichier = lire((octets(PCSC) if precede else b"") + brut)
    assert fichier.ini.octets().endswith(brut)
    assert fichier.valide == (not graves(fichier.anomalies))


@given(st.lists(st.tuples(
    st.sampled_from(["CONFIG", "CANAL1", "CANAL1.PAD1", "CANAL1.PAD1.LAD1", "PROTOCOLE0", "PROTOCOLE1", "CANAL255"]),
    st.sampled_from(["NbCanaux", "TCanal", "Index", "Protocole", "Caracteristiques", "NbPAD", "PAD", "NbLAD", "LAD",
                     "NomLAD", "NbAlias", "Config", "NomLib", "ListeCanaux", "CWT"]),
    st.sampled_from(["0", "1", "3", "255", "-1", "", "999999999", "1,2", "9600,1,8,0,0", "x" * 9, "١"]),
), max_size=40))
def test_toute_combinaison_de_cles(valeurs: list[tuple[str, str, str]]) -> None:
    fichier = lire("".join(f"[{s}]\n{c}={v}\n" for s, c, v in valeurs).encode())
    for anomalie in fichier.anomalies:
        assert 0 <= anomalie.ligne <= len(fichier.ini.lignes)
        assert anomalie.phrase()


@pytest.mark.parametrize("brut", [
    "[CONFIG]\nNbCanaux=255\n" + "".join(f"[CANAL{n}]\nNbPAD=15\n" for n in range(1, 256)) + "\n" * 250_000,
    "[CONFIG]\nNbCanaux=255\n" + "".join(
        f"[CANAL{n}]\nNbPAD=15\n" + "".join(
            f"[CANAL{n}.PAD{p}]\nNbLAD=3\n[CANAL{n}.PAD{p}.LAD1]\nNbAlias=255\n" for p in range(1, 16))
        for n in range(1, 256))[:260_000],
], ids=["lignes", "alias"])
def test_fichier_hostile(brut: str) -> None:
    """256 KiB that announce all they can: told in bounded time, with a bounded list."""
    debut = time.monotonic()
    fichier = lire(octets(brut, "\n"))
    assert time.monotonic() - debut < 10
    assert not fichier.valide
    assert len(fichier.anomalies) < 60_000
