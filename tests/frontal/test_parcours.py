"""Whole exchanges over the wire, one scenario each; and a frontal killed between its 250 and the treatment."""

from __future__ import annotations

import json
import os
import signal
import smtplib
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sesam_desktop.flux import arl, message, noemie
from sesam_desktop.frontal import scenario
from sesam_desktop.frontal.serveurs import MOT_DE_PASSE, UTILISATEUR, Frontal
from sesam_desktop.noyau.erreurs import EntreeInvalide

from .emetteur import ADRESSE, Emetteur, lot
from .fichiers import facture
from .outils import attendre, boite, envoyer


def genres(frontal: Frontal) -> list[str]:
    """What is in the mailbox, in order: ARL+, ARL-, NOEMIE."""
    return [_genre(octets) for octets in boite(frontal)]


def _genre(octets: bytes) -> str:
    lu = message.lire(octets)
    if lu.genre == "ARL":
        return "ARL+" if arl.lire(lu.contenu).positif else "ARL-"
    return lu.genre


def _numeros(octets: bytes, etat: str) -> list[str]:
    retour = noemie.lire(message.lire(octets).contenu)
    return [f.numero for f in retour.factures if f.etat_amo == etat]


@pytest.mark.parametrize(
    ("frontal", "attendus"),
    [
        ("nominal", ["ARL+", "NOEMIE"]),
        ("tout_paye", ["ARL+", "NOEMIE"]),
        ("rejets", ["ARL+", "NOEMIE"]),
        ("arl_negatif", ["ARL-"]),
        ("noemie_double", ["ARL+", "NOEMIE", "NOEMIE"]),
        ("silence", []),
    ],
    indirect=["frontal"],
)
def test_chaque_scenario_repond_ce_qu_il_promet(frontal: Frontal, emetteur: Emetteur, attendus: list[str]) -> None:
    envoyer(frontal, lot(emetteur).octets())
    attendre(lambda: len(frontal.recus()) == 1)
    assert genres(frontal) == attendus


@pytest.mark.parametrize(("frontal", "payees"), [("tout_paye", 3), ("rejets", 0)], indirect=["frontal"])
def test_tout_paye_et_rejets(frontal: Frontal, emetteur: Emetteur, payees: int) -> None:
    envoyer(frontal, lot(emetteur, *(facture(f"{n:09d}", niveau="S") for n in (1, 19, 100))).octets())
    attendre(lambda: len(frontal.recus()) == 1)
    assert len(_numeros(boite(frontal)[1], "P")) == payees


def test_noemie_double_est_deux_fois_le_meme_courriel(tmp_path: Path, emetteur: Emetteur) -> None:
    frontal = Frontal(tmp_path, scenario="noemie_double", autorite=emetteur.autorite)
    frontal.demarrer()
    try:
        envoyer(frontal, lot(emetteur).octets())
        attendre(lambda: len(frontal.recus()) == 1)
        courriels = boite(frontal)
        assert courriels[1] == courriels[2]
    finally:
        frontal.arreter()


def test_lent_donne_l_arl_puis_le_retour_plus_tard(tmp_path: Path, emetteur: Emetteur) -> None:
    regle = tmp_path / "lent.toml"
    texte = 'libelle = "lent"\ndelai_traitement_s = 0.3\n[[reponses]]\ngenre = "NOEMIE"\ndelai_s = 0.6\n'
    regle.write_text(texte, encoding="utf-8")
    frontal = Frontal(tmp_path / "frontal", scenario=str(regle), autorite=emetteur.autorite)
    frontal.demarrer()
    try:
        envoyer(frontal, lot(emetteur).octets())
        assert (frontal.en_attente(), boite(frontal)) == (1, [])
        attendre(lambda: len(frontal.recus()) == 1)
        assert genres(frontal) == ["ARL+"]
        attendre(lambda: genres(frontal) == ["ARL+", "NOEMIE"])
    finally:
        frontal.arreter()


def test_doublon_compte_et_memes_reponses(frontal: Frontal, emetteur: Emetteur) -> None:
    octets = lot(emetteur).octets()
    for _ in range(2):
        envoyer(frontal, octets)
    attendre(lambda: frontal.doublons() == 1)
    courriels = boite(frontal)
    assert courriels[:2] == courriels[2:]
    assert len(frontal.recus()) == 1


def test_un_message_mal_forme_est_mis_en_quarantaine_et_le_service_continue(
    frontal: Frontal, emetteur: Emetteur, tmp_path: Path
) -> None:
    envoyer(frontal, b"Subject: rien\r\n\r\n\xff\xfe")
    envoyer(frontal, lot(emetteur).octets())
    attendre(lambda: len(frontal.recus()) == 1)
    assert len(frontal.quarantaine()) == 1
    assert frontal.quarantaine()[0].motif
    frontal.exporter(tmp_path / "courriels")
    assert (tmp_path / "courriels/recus/000001-quarantaine.eml").exists()


def test_publier_donne_un_certificat_a_une_adresse_d_organisme_et_a_elle_seule(frontal: Frontal) -> None:
    certificat = frontal.publier(ADRESSE)
    assert certificat.read_bytes().startswith(b"-----BEGIN CERTIFICATE")
    assert frontal.publier(ADRESSE) == certificat


# --- the program itself -----------------------------------------------------------------------------------------------


@contextmanager
def servir(dossier: Path, emetteur: Emetteur, scenario: str) -> Iterator[tuple[subprocess.Popen[str], dict]]:
    """`frontal servir` as a process of its own, and what it announced."""
    commande = [
        sys.executable, "-m", "sesam_desktop", "--json", "frontal", "servir", "--dossier", str(dossier),
        "--scenario", scenario, "--autorite", str(emetteur.autorite), "--organisme", ADRESSE,
    ]  # fmt: skip
    with subprocess.Popen(commande, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as processus:
        assert processus.stdout is not None
        try:
            yield processus, json.loads(processus.stdout.readline())
        finally:
            processus.kill()


def _envoyer(annonce: dict, octets: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", annonce["smtp_port"], timeout=10) as client:
        client.starttls(context=ssl.create_default_context(cafile=annonce["certificat_tls"]))
        client.login(UTILISATEUR, MOT_DE_PASSE)
        client.sendmail("poste@test.invalid", [ADRESSE], octets)


@pytest.mark.parametrize("arret", [signal.SIGTERM, signal.SIGINT])
def test_servir_annonce_ses_ports_et_s_arrete_proprement(tmp_path: Path, emetteur: Emetteur, arret: int) -> None:
    with servir(tmp_path, emetteur, "nominal") as (processus, annonce):
        assert set(annonce) >= {"smtp_port", "pop_port", "certificat_tls", "scenario"}
        assert Path(annonce["certificats"][ADRESSE]).read_bytes() == emetteur.organisme.certificat_pem
        processus.send_signal(arret)
        sortie, erreurs = processus.communicate(timeout=20)
    assert (processus.returncode, sortie, erreurs) == (0, "", "")


def test_servir_refuse_un_scenario_inconnu_en_une_phrase(tmp_path: Path) -> None:
    options = ["--dossier", str(tmp_path), "--scenario", "x"]
    commande = [sys.executable, "-m", "sesam_desktop", "frontal", "servir", *options]
    fini = subprocess.run(commande, capture_output=True, text=True, timeout=30, check=False)
    assert fini.returncode == 1
    assert "SCENARIO_INCONNU" in fini.stderr
    assert fini.stderr.count("\n") == 1


def test_les_scenarios_se_listent() -> None:
    commande = [sys.executable, "-m", "sesam_desktop", "--json", "frontal", "scenarios"]
    fini = subprocess.run(commande, capture_output=True, text=True, timeout=30, check=True)
    listes = {ligne["nom"]: ligne["libelle"] for ligne in json.loads(fini.stdout)}
    assert set(listes) == set(scenario.noms())
    assert listes["nominal"].startswith("Contrôle réel")


def test_le_scenario_change_pendant_que_le_frontal_tourne(frontal: Frontal, emetteur: Emetteur) -> None:
    """What was received before is kept; a scenario that does not exist changes nothing."""
    envoyer(frontal, lot(emetteur).octets())
    attendre(lambda: len(frontal.recus()) == 1)
    frontal.jouer("arl_negatif")
    envoyer(frontal, lot(emetteur, facture("000000002", niveau="S"), numero="002", jeton="2").octets())
    attendre(lambda: len(frontal.recus()) == 2)
    assert [recu.verdict for recu in frontal.recus()] == ["", "SIG"]
    with pytest.raises(EntreeInvalide):
        frontal.jouer("absent")
    assert frontal.scenario == "arl_negatif"


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_tue_entre_le_250_et_le_traitement_chaque_lot_est_traite_une_fois(tmp_path: Path, emetteur: Emetteur) -> None:
    regle = tmp_path / "jamais.toml"
    regle.write_text('libelle = "ne traite pas"\ndelai_traitement_s = 3600\n', encoding="utf-8")
    envois = [
        lot(emetteur, facture(f"{n:09d}", niveau="S"), numero=f"{n:03d}", jeton=str(n)).octets() for n in (1, 2, 3)
    ]
    for octets in envois:  # killed after each 250
        with servir(tmp_path / "frontal", emetteur, str(regle)) as (processus, annonce):
            _envoyer(annonce, octets)
            processus.send_signal(signal.SIGKILL)
            processus.wait(timeout=10)
    frontal = Frontal(tmp_path / "frontal", scenario="tout_paye", autorite=emetteur.autorite)
    frontal.demarrer()
    try:
        attendre(lambda: len(frontal.recus()) == 3)
        envoyer(frontal, envois[1])  # the sender never saw its answer and sends again
        attendre(lambda: frontal.doublons() == 1)
        assert [(recu.numero, recu.verdict) for recu in frontal.recus()] == [("001", ""), ("002", ""), ("003", "")]
        assert genres(frontal).count("ARL+") == 4
    finally:
        frontal.arreter()
