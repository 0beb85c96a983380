"""The command line as scripts know it: every command, its JSON keys, its statuses, by the real program."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sesam_desktop.flux import message
from sesam_desktop.noyau.ressources import ressource
from sesam_desktop.poste import demonstration
from tests.lecteurs.doubles import VITALES, cps, deposer_cartes, vitale
from tests.outils.pcscd import ServicePcscd, attendre, pcscd
from tests.outils.programme import RACINE, Programme
from tests.outils.vpcd import brancher

from .formes import (
    DEMO,
    DIAGNOSTIC,
    ETATS,
    FLUX,
    LISTE,
    PS,
    QUALITE,
    TARIFICATION,
    TOD,
    VITALE,
    cles,
    exiger,
    exiger_forme,
)

__all__ = ["pcscd"]

CODE = demonstration.CODE_PORTEUR
FACTURE = {
    "date_soins": date.today().isoformat(),  # noqa: DTZ011
    "executant": {"profession": "pharmacien", "specialite": "50", "departement": "72"},
    "beneficiaire": {"nir": "1801975000001", "date_naissance": "19800101", "caisse": "721", "centre": "0000"},
    "prescription": {"date": date.today().isoformat(), "prescripteur": "10001234565"},  # noqa: DTZ011
    "lignes": [{"acte": "MEDICAMENT", "cip13": "3400935955838", "quantite": 2}],
}


@pytest.fixture(scope="module")
def paye(modele_signe: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole way by commands: a lot of one invoice prepared, sent, answered and paid."""
    profil = tmp_path_factory.mktemp("paye") / "profil"
    shutil.copytree(modele_signe, profil)
    programme = Programme(profil)
    a_blanc = exiger(programme.json("lots", "preparer", "--a-blanc"), cles("lots refus") | ETATS)
    assert a_blanc["etats"]["factures"] == {"signee_ps": 1}
    prepares = exiger(programme.json("lots", "preparer", "--code-porteur-env", "PIN", PIN=CODE), ETATS)
    assert (prepares["nombre_lots"], prepares["etats"]["lots"]) == (1, {"constitue": 1})
    envoyes = exiger(programme.json("lots", "envoyer"), cles("remis reportes refuses restants") | ETATS)
    assert (envoyes["remis"], envoyes["etats"]["factures"]) == (1, {"transmise": 1})
    attendre(lambda: _relever(programme)["etats"]["factures"] == {"payee": 1}, 20, "la facture n'est pas payée")
    return profil


def _relever(programme: Programme) -> Any:
    return exiger(programme.json("retours", "relever"), cles("recus doublons quarantaine arl_positifs payees") | ETATS)


@pytest.fixture
def programme(paye: Path, tmp_path: Path) -> Programme:
    """The program on a copy of that workstation."""
    shutil.copytree(paye, tmp_path / "poste")
    return Programme(tmp_path / "poste")


@pytest.fixture
def facture(tmp_path: Path) -> Path:
    (tmp_path / "facture.json").write_text(json.dumps(FACTURE), encoding="utf-8")
    return tmp_path / "facture.json"


# -- the loop, cards ---------------------------------------------------------------------------------------------------


def test_demo(tmp_path: Path) -> None:
    bilan = exiger(Programme(tmp_path / "p").json("demo", "--sans-fenetre", "--factures", "3", "--garder"), DEMO)
    assert (bilan["factures"], bilan["duplicata"]) == (3, 3)
    assert bilan["lots"] == bilan["arl_positifs"] + bilan["arl_negatifs"]
    assert len(Programme(tmp_path / "p").json("factures", "lister")) == 3


def test_demo_sans_garder_ne_laisse_rien(tmp_path: Path) -> None:
    exiger(Programme(tmp_path / "p").json("demo", "--sans-fenetre", "--factures", "1"), DEMO)
    assert not (tmp_path / "p").exists()


def test_ouverture_de_la_fenetre(tmp_path: Path) -> None:
    statut, sortie, erreurs = Programme(tmp_path / "p")("--quitter-apres-ouverture")
    assert (statut, sortie) == (0, "")
    assert "Traceback" not in erreurs


def test_lecteurs(programme: Programme) -> None:
    exiger(programme.json("lecteurs", "lister"), [cles("canal lecteur etat atr carte")])


@pytest.mark.pcsc
def test_lecteurs_lire(pcscd: ServicePcscd, profil: Path) -> None:
    """Both cards in the real pcscd; the situations only with the code."""
    (profil / "cartes").mkdir()
    deposer_cartes(profil / "cartes")
    programme = Programme(profil)
    with brancher(vitale("famille"), 0), brancher(cps("infirmier"), 1):
        attendre(lambda: len(_cartes(programme)) == 2, 3, "les cartes ne sont pas vues")
        lues = exiger(
            programme.json("lecteurs", "lire", "--code-porteur-env", "PIN", PIN="1234"), {"ps": PS, "vitale": VITALE}
        )
        assert [len(b["adresse"]) for b in lues["vitale"]["beneficiaires"]] == [5, 5, 5]
        assert [len(s["agrements"]) for s in lues["ps"]["situations"]] == [3, 3]
        assert programme.json("lecteurs", "lire")["ps"]["situations"] == []


def _cartes(programme: Programme) -> list[Any]:
    return [fente for fente in programme.json("lecteurs", "lister") if fente["carte"]]


def test_carte_decoder(programme: Programme) -> None:
    for nom in VITALES:
        exiger(programme.json("carte", "decoder", programme.profil / "cartes" / f"{nom}.ssv"), {"vitale": VITALE})


# -- one invoice -------------------------------------------------------------------------------------------------------


def test_tarifer(programme: Programme, facture: Path) -> None:
    """2 × 1,16 and 2 × 1,02 at 65 %, HDR 0,61 at 70 %: 4,97 (AMO 1,51 + 1,33 + 0,43)."""
    totaux = exiger(programme.json("tarifer", facture), TARIFICATION)["totaux"]
    assert (totaux["facture_centimes"], totaux["amo_centimes"]) == (497, 327)


def test_facture_verifier(programme: Programme, facture: Path) -> None:
    assert programme.json("facture", "verifier", facture) == {"erreurs": []}
    facture.write_text(json.dumps({**FACTURE, "lignes": [{"acte": "MEDICAMENT", "cip13": "3400930000014"}]}))
    statut, sortie, erreurs = programme("--json", "facture", "verifier", facture)
    exiger(json.loads(sortie), {"erreurs": [cles("code gravite message champ")]})
    assert (statut, erreurs.count("\n")) == (1, 1)


def test_factures(programme: Programme, tmp_path: Path) -> None:
    [vue] = exiger(programme.json("factures", "lister", "--etat", "payee"), [cles("numero etat date_soins")])
    aujourd_hui = vue["date_soins"]
    assert programme.json("factures", "lister", "--depuis", aujourd_hui, "--jusqu-a", aujourd_hui) == [vue]
    assert programme.json("factures", "lister", "--jusqu-a", "2020-01-01") == []
    pdf = tmp_path / "duplicata.pdf"
    programme.json("factures", "duplicata", vue["numero"], "--pdf", pdf)
    assert pdf.read_bytes().startswith(b"%PDF-")


# -- flows -------------------------------------------------------------------------------------------------------------


def test_flux(programme: Programme, tmp_path: Path) -> None:
    """The lot sent and both returns received, taken out of the database."""
    with closing(sqlite3.connect(programme.profil / "sesam.db")) as base:
        [(lot,)] = base.execute("SELECT octets FROM contenu_lot").fetchall()
        courriers = [message.lire(octets).contenu for (octets,) in base.execute("SELECT octets FROM courrier")]
    normes = []
    for contenu in (lot, *courriers):
        (tmp_path / "flux").write_bytes(contenu)
        lu = programme.json("flux", "lire", tmp_path / "flux")
        exiger_forme(lu, FLUX, "flux")  # zones keep the writing of their norm
        normes.append(lu["norme"])
        assert programme.json("flux", "verifier", tmp_path / "flux") == {"valide": True, "erreurs": []}
    assert sorted(normes) == ["ARL", "B2", "NOEMIE"]


def test_flux_faux(programme: Programme, tmp_path: Path) -> None:
    with closing(sqlite3.connect(programme.profil / "sesam.db")) as base:
        [(lot,)] = base.execute("SELECT octets FROM contenu_lot").fetchall()
    (tmp_path / "faux.b2").write_bytes(lot[:-128])
    statut, sortie, erreurs = programme("--json", "flux", "verifier", tmp_path / "faux.b2")
    vu = exiger(json.loads(sortie), {"valide": None, "erreurs": [cles("ligne position zone code message")]})
    assert (statut, erreurs.count("\n"), vu["valide"]) == (1, 1, False)


def test_retours_importer(programme: Programme, tmp_path: Path) -> None:
    """A return already received changes nothing."""
    with closing(sqlite3.connect(programme.profil / "sesam.db")) as base:
        (octets,) = base.execute("SELECT octets FROM courrier").fetchone()
    (tmp_path / "retour.eml").write_bytes(octets)
    bilan = exiger(programme.json("retours", "importer", tmp_path / "retour.eml"), cles("recus doublons") | ETATS)
    assert (bilan["recus"], bilan["doublons"]) == (0, 1)


# -- tables ------------------------------------------------------------------------------------------------------------


def test_tod(programme: Programme) -> None:
    exiger(programme.json("tod", "importer", ressource("demonstration", "tod.csv")), LISTE)
    trouve = exiger(programme.json("tod", "chercher", "01", "721", "0000"), TOD)
    assert (trouve["organisme_destinataire"], trouve["adresse"]) == ("721", "01721@721.01.demonstration.invalid")


def test_oppositions(programme: Programme) -> None:
    importee = exiger(programme.json("loe", "importer", ressource("demonstration", "loe.txt")), LISTE)
    appliquee = exiger(programme.json("loe", "appliquer", ressource("demonstration", "loi.txt")), LISTE)
    assert (importee["effectif"], appliquee["effectif"]) == (5, 5)  # five added; then one added, one withdrawn
    vues = exiger(programme.json("loe", "verifier", "900000006", "900000002"), [cles("numero oppose motif")])
    assert [v["oppose"] for v in vues] == [True, False]


def test_referentiels(programme: Programme) -> None:
    bilan = exiger(programme.json("referentiels", "importer", "demonstration"), cles("source version lignes rejets"))
    assert bilan["rejets"] == []
    aujourd_hui = FACTURE["date_soins"]
    trouves = programme.json("referentiels", "chercher", "3400935955838", "--date", aujourd_hui)
    exiger(trouves, [cles("cip13 libelle taux prix_centimes")])
    assert (trouves[0]["taux"], trouves[0]["prix_centimes"]) == (6500, 116)


# -- pieces, workstation -----------------------------------------------------------------------------------------------


def test_scor(programme: Programme) -> None:
    image = ressource("demonstration", "ordonnance.png")
    assert exiger(programme.json("scor", "verifier", image), QUALITE)["conforme"] is True
    exiger(programme.json("scor", "ajouter", "000000001", image), cles("piece factures pages"))


@pytest.mark.parametrize("option", [[], ["--passif"]])
def test_diagnostic(programme: Programme, option: list[str]) -> None:
    exiger(programme.json("diagnostic", *option), DIAGNOSTIC)


def test_sauvegarde(programme: Programme, tmp_path: Path) -> None:
    integrite = exiger(programme.json("base", "verifier"), cles("integre factures evenements rupture"))
    assert (integrite["integre"], integrite["factures"], integrite["rupture"]) == (True, 1, None)
    copie = tmp_path / "copie"
    exiger(programme.json("sauvegarder", copie), cles("fichier factures evenements"))
    exiger(Programme(tmp_path / "neuf").json("restaurer", copie), cles("fichier factures evenements"))
    assert Programme(tmp_path / "neuf").json("base", "verifier") == integrite


@pytest.fixture
def frontal(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    commande = [
        sys.executable, "-m", "sesam_desktop", "--json", "frontal", "servir", "--smtp-port", "0", "--pop-port", "0",
        "--dossier", str(tmp_path / "frontal"), "--scenario", "tout_paye",
    ]
    processus = subprocess.Popen(
        commande, cwd=RACINE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    yield processus
    processus.kill()
    processus.communicate()


def test_frontal_servir(frontal: subprocess.Popen[str]) -> None:
    """One document at once, then nothing until it is asked to stop, which it does with status 0."""
    assert frontal.stdout is not None
    exiger(json.loads(frontal.stdout.readline()), cles("smtp_port pop_port scenario"))
    frontal.send_signal(signal.SIGTERM)
    sortie, erreurs = frontal.communicate(timeout=10)
    assert (frontal.returncode, sortie, erreurs) == (0, "", "")


# -- wrong usage -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments, phrase", [
    (["--inconnue"], "L'option --inconnue n'existe pas."),
    (["inconnue"], "Cette commande manque ou n'existe pas."),
    (["lots"], "Cette commande manque ou n'existe pas. Commandes : delais, envoyer, preparer, renvoyer."),
    (["lots", "vendre"], "Cette commande manque ou n'existe pas. Commandes : delais, envoyer, preparer, renvoyer."),
    (["tarifer"], "Il manque FICHIER."),
    (["factures", "duplicata", "1"], "Il manque --pdf."),
    (["factures", "lister", "--etat"], "L'option --etat est mal employée"),
    (["tod", "chercher", "01", "721"], "Il manque CENTRE."),
    (["base", "verifier", "de", "trop"], "La commande a reçu trop d'arguments."),
    (["demo", "--factures", "zéro"], "La valeur donnée pour --factures ne convient pas : un nombre entier de 1 à"),
    (["--profil", __file__, "base", "verifier"], "La valeur donnée pour --profil ne convient pas : un dossier"),
])
def test_mauvais_usage(ligne_nue: Programme, arguments: list[str], phrase: str) -> None:
    statut, sortie, erreurs = ligne_nue("--json", *arguments)
    assert (statut, sortie) == (2, "")
    assert erreurs.startswith(phrase)
    assert "Traceback" not in erreurs


@pytest.fixture
def ligne_nue(tmp_path: Path) -> Programme:
    """The program on a profile that must not be made for so little."""
    return Programme(tmp_path / "jamais")
