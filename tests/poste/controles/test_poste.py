"""The workstation itself: its folder, its clock, its account, its system."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from sesam_desktop.poste.configuration import Courrier
from sesam_desktop.poste.controles import poste as controles
from sesam_desktop.poste.controles.messagerie import ports
from sesam_desktop.poste.diagnostic_constats import Constat
from sesam_desktop.poste.sondes import LINUX, MACOS, WINDOWS, Ecoute

from .outils import MIDI, Ordinateur, declenche, examen


@pytest.fixture
def profil(tmp_path: Path) -> Path:
    for nom in controles.DOSSIERS:
        (tmp_path / "poste" / nom).mkdir(parents=True)
    return tmp_path / "poste"


def test_profil_sain(profil: Path) -> None:
    assert list(controles.profil(examen(profil))) == []


@declenche("PROFIL_NON_INSCRIPTIBLE")
def test_profil_protege(profil: Path) -> Iterable[Constat]:
    return controles.profil(examen(profil, Ordinateur(proteges={profil})))


@declenche("PROFIL_DOSSIER_ABSENT")
def test_dossier_disparu(profil: Path) -> Iterable[Constat]:
    (profil / "cartes").rmdir()
    return controles.profil(examen(profil))


@declenche("FICHIERS_ABANDONNES")
def test_fichiers_abandonnes(profil: Path) -> Iterable[Constat]:
    """One of yesterday, in a folder; one of an hour ago may still be somebody's."""
    for nom, age in ((".a.pem.x1.tmp", timedelta(hours=25)), (".b.pem.x2.tmp", timedelta(hours=1))):
        fichier = profil / "certificats" / nom
        fichier.touch()
        os.utime(fichier, ((MIDI - age).timestamp(),) * 2)
    (profil / "cartes" / "carte.tmp").touch()
    assert [f.name for f in controles.fichiers_abandonnes(profil, MIDI)] == [".a.pem.x1.tmp"]
    return controles.profil(examen(profil))


@declenche("PROFIL_SYNCHRONISE")
def test_profil_dans_un_espace_synchronise(tmp_path: Path) -> Iterable[Constat]:
    dossier = tmp_path / "OneDrive - Cabinet" / "poste"
    for nom in controles.DOSSIERS:
        (dossier / nom).mkdir(parents=True)
    return controles.profil(examen(dossier))


def test_programme_entier(profil: Path) -> None:
    assert list(controles.programme(examen(profil))) == []


@declenche("RESSOURCES_INCOMPLETES")
def test_fichiers_livres_disparus(profil: Path, monkeypatch: pytest.MonkeyPatch) -> Iterable[Constat]:
    monkeypatch.setattr(controles, "racine", lambda: profil)
    return controles.programme(examen(profil))


@declenche("PROGRAMME_PROVISOIRE")
def test_programme_lance_d_une_archive(profil: Path, monkeypatch: pytest.MonkeyPatch) -> Iterable[Constat]:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(Path(tempfile.gettempdir()) / "zip1" / "sesam-desktop"))
    return controles.programme(examen(profil))


@declenche("PROFIL_AUTRE_COMPTE")
def test_autre_compte(profil: Path) -> Iterable[Constat]:
    reglages = {"compte": r"CABINET\admin", "compte_bureau": r"CABINET\accueil"}
    return controles.session(examen(profil, Ordinateur(nom=WINDOWS, reglages=reglages)))


@declenche("BUREAU_REDIRIGE")
def test_bureau_redirige(profil: Path) -> Iterable[Constat]:
    reglages = {"bureau": r"C:\Users\accueil\OneDrive\Bureau", "compte": r"pc\A", "compte_bureau": r"PC\a"}
    return controles.session(examen(profil, Ordinateur(nom=WINDOWS, reglages=reglages)))


@pytest.mark.parametrize(("systeme", "version", "vieux"), [
    (WINDOWS, "8.1", True), (WINDOWS, "7", True), (WINDOWS, "10", False), (WINDOWS, "11", False),
    (WINDOWS, "2016Server", False), (MACOS, "11.7.1", True), (MACOS, "12.0", False), (LINUX, "1", False),
    (WINDOWS, "Vista", False),
])
def test_systeme_trop_ancien(profil: Path, systeme: str, version: str, vieux: bool) -> None:
    essai = declenche("VERSION_SYSTEME") if vieux else declenche()
    essai(lambda: controles.session(examen(profil, Ordinateur(nom=systeme, reglages={"version": version}))))()


@pytest.mark.parametrize(("valeur", "code"), [("1", "SAC_ACTIF"), ("2", "SAC_EVALUATION")])
def test_controle_intelligent_des_applications(profil: Path, valeur: str, code: str) -> None:
    ordinateur = Ordinateur(nom=WINDOWS, reglages={"sac": valeur})
    declenche(code)(lambda: controles.protections(examen(profil, ordinateur)))()


@declenche("ROSETTA_ABSENTE", "GATEKEEPER_INACTIF", "QUARANTAINE")
def test_protections_d_un_mac(profil: Path) -> Iterable[Constat]:
    reglages = {"rosetta": "non", "gatekeeper": "non", "quarantaine": "oui"}
    return controles.protections(examen(profil, Ordinateur(nom=MACOS, reglages=reglages)))


def test_protections_en_ordre(profil: Path) -> None:
    reglages = {"rosetta": "oui", "gatekeeper": "oui", "quarantaine": "non", "sac": "0"}
    assert list(controles.protections(examen(profil, Ordinateur(nom=MACOS, reglages=reglages)))) == []


def avec_courrier(profil: Path, *ecoutes: Ecoute, **courrier: object) -> list[Constat]:
    reglage = Courrier(adresse="a@b.invalid", utilisateur="a", **courrier)  # type: ignore[arg-type]
    return list(ports(examen(profil, Ordinateur(ports=list(ecoutes)), courrier=reglage)))


def test_ports_habituels(profil: Path) -> None:
    assert avec_courrier(profil, smtp_hote="mail.invalid", pop_hote="mail.invalid") == []
    assert avec_courrier(profil, smtp_hote="mail.invalid", smtp_port=465, pop_hote="mail.invalid", pop_port=110) == []
    assert avec_courrier(profil, smtp_hote="mail.invalid", pop_hote="mail.invalid", retrait="imap", pop_port=993) == []
    assert avec_courrier(profil, smtp_port=1, pop_port=1) == []  # not set: told elsewhere
    assert list(ports(examen(profil, demonstration=True, courrier=Courrier(smtp_hote="127.0.0.1")))) == []


@declenche("COURRIER_PORT_INHABITUEL")
def test_ports_inhabituels(profil: Path) -> Iterable[Constat]:
    trouves = avec_courrier(profil, smtp_hote="mail.invalid", smtp_port=995, pop_hote="mail.invalid", pop_port=993)
    assert [(un.objet, un.titre) for un in trouves] == [
        ("995", "Le port 995 n'est pas un port d'envoi."),
        ("993", "Le port 993 n'est pas un port de retrait."),
    ]
    return trouves


@declenche("PORT_LOCAL_MUET")
def test_relais_local_absent(profil: Path) -> Iterable[Constat]:
    return avec_courrier(profil, Ecoute(25, "exim4"), smtp_hote="127.0.0.1", smtp_port=2525, pop_hote="mail.invalid")


def test_relais_local_present(profil: Path) -> None:
    ecoutes = (Ecoute(2525, "exim4"), Ecoute(1100, ""))
    assert avec_courrier(profil, *ecoutes, smtp_hote="localhost", smtp_port=2525, pop_hote="::1", pop_port=1100) == []


@declenche("PORT_OCCUPE")
def test_port_pris_par_un_connecteur(profil: Path) -> Iterable[Constat]:
    (constat,) = trouves = avec_courrier(
        profil, Ecoute(1234, "fsenxt"), smtp_hote="127.0.0.1", smtp_port=1234, pop_hote="mail.invalid"
    )
    assert constat.titre == "Le port 1234 est occupé par Affid, et non par le relais de messagerie."
    return trouves
