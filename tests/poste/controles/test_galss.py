"""galss.ini against the readers: swapped, renamed, ghost, serial, empty; a warning while cards are read directly."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from sesam_desktop.lecteurs.canal import Fente
from sesam_desktop.poste.controles.galss import galss, ports_serie
from sesam_desktop.poste.diagnostic_constats import Constat, Niveau
from sesam_desktop.poste.sondes import WINDOWS
from tests.lecteurs.galss.fichiers import SERIE

from .outils import ATR_CPS, ATR_VITALE, CPS, DEUX_CARTES, VITALE, Ordinateur, carte, declenche, examen, vide


def canal(rang: int, lecteur: str, nom: str, alias: str) -> str:
    return f"""
[CANAL{rang}]
TCanal=3
Index={rang}
Protocole=1
Caracteristiques={lecteur}
NbPAD=1
[CANAL{rang}.PAD1]
PAD=0
NbLAD=1
[CANAL{rang}.PAD1.LAD1]
LAD=1
NomLAD={nom}
NbAlias=1
NomAlias1={alias}
"""


def fichier(cps: str = CPS, vitale: str = VITALE, *autres: str) -> str:
    canaux = [(cps, "CPS", "TRANSPA1"), (vitale, "Vitale", "TRANSPA2")]
    canaux += [(nom, f"CPS{rang}", f"ALIAS{rang}") for rang, nom in enumerate(autres, 3)]
    liste = ",".join(str(rang) for rang in range(1, len(canaux) + 1))
    entete = f"[CONFIG]\nNbCanaux={len(canaux)}\n[PROTOCOLE1]\nConfig=0\nNomLib=PCSCW64.DLL\nListeCanaux={liste}\n"
    return entete + "".join(canal(rang, *un) for rang, un in enumerate(canaux, 1))



@pytest.fixture
def chemin(tmp_path: Path) -> Path:
    """The galss.ini of the computer, that other software reads."""
    (tmp_path / "windows").mkdir()
    return tmp_path / "windows" / "galss.ini"


def examiner(
    tmp_path: Path, chemin: Path, texte: str | bytes | None, fentes: list[Fente] | None = None, **ordinateur: object
) -> list[Constat]:
    if texte is not None:
        chemin.write_bytes(texte if isinstance(texte, bytes) else texte.replace("\n", "\r\n").encode("cp1252"))
    systeme = Ordinateur(places={"galss": [chemin]}, **ordinateur)  # type: ignore[arg-type]
    return list(galss(examen(tmp_path, systeme, DEUX_CARTES if fentes is None else fentes)))


def test_aligne(tmp_path: Path, chemin: Path) -> None:
    assert examiner(tmp_path, chemin, fichier()) == []


def test_absent_et_personne_n_en_a_besoin(tmp_path: Path, chemin: Path) -> None:
    assert examiner(tmp_path, chemin, None) == []


@declenche("GALSS_ABSENT")
def test_absent_mais_un_connecteur_tourne(tmp_path: Path, chemin: Path) -> Iterable[Constat]:
    return examiner(tmp_path, chemin, None, programmes=["dmpconnect-js2"])


@declenche("GALSS_VIDE")
def test_vide(tmp_path: Path, chemin: Path) -> Iterable[Constat]:
    return examiner(tmp_path, chemin, "[CONFIG]\n")


@declenche("GALSS_ILLISIBLE")
def test_enorme(tmp_path: Path, chemin: Path) -> Iterable[Constat]:
    return examiner(tmp_path, chemin, b"x" * (1 << 19))


@declenche("GALSS_SERIE")
def test_serie_herite(tmp_path: Path, chemin: Path) -> Iterable[Constat]:
    return examiner(tmp_path, chemin, SERIE)


def test_serie_voulu(tmp_path: Path, chemin: Path) -> None:
    assert examiner(tmp_path, chemin, SERIE, [Fente("serie-COM3", "COM3", vide("").etat)]) == []


@declenche("GALSS_AUTRE_LECTEUR")
def test_autre_lecteur(tmp_path: Path, chemin: Path) -> Iterable[Constat]:
    trouves = examiner(tmp_path, chemin, fichier("Ancien Modele A 0", "Ancien Modele A 1"))
    assert [un.objet for un in trouves] == ["Ancien Modele A 0", "Ancien Modele A 1"]
    assert all(un.niveau is Niveau.WARN for un in trouves)
    return trouves


@declenche("GALSS_CANAL_FANTOME")
def test_canaux_fantomes(tmp_path: Path, chemin: Path) -> Iterable[Constat]:
    trouves = examiner(tmp_path, chemin, fichier(CPS, VITALE, "Ancien Modele A 0", "Ancien Modele A 1"))
    assert "(2)" in trouves[0].titre
    return trouves


@declenche("GALSS_FINS_DE_LIGNE")
def test_fins_de_ligne_d_un_ancien_mac(tmp_path: Path, chemin: Path) -> Iterable[Constat]:
    return examiner(tmp_path, chemin, fichier().replace("\n", "\r").encode())


@declenche("GALSS_NOM_INVALIDE")
def test_nom_d_une_lettre(tmp_path: Path, chemin: Path) -> Iterable[Constat]:
    return examiner(tmp_path, chemin, fichier("L"))


@declenche("GALSS_SANS_CONTACT")
def test_interface_sans_contact(tmp_path: Path, chemin: Path) -> Iterable[Constat]:
    return examiner(tmp_path, chemin, fichier(vitale="FEI Smart Card NFC 0"))


@declenche("ROLES_INVERSES")
def test_roles_inverses(tmp_path: Path, chemin: Path) -> Iterable[Constat]:
    return examiner(tmp_path, chemin, fichier(VITALE, CPS))


@declenche("LECTEUR_RENOMME")
def test_fente_renumerotee(tmp_path: Path, chemin: Path) -> Iterable[Constat]:
    """After a restart the same device shows as 02 and 03."""
    fentes = [carte("FEI PC/SC SmartCard Reader 02", ATR_CPS), vide("FEI PC/SC SmartCard Reader 03")]
    texte = fichier("FEI PC/SC SmartCard Reader 00", "FEI PC/SC SmartCard Reader 01")
    return examiner(tmp_path, chemin, texte, fentes)


@declenche("VITALE_FENTE_VIDE")
def test_vitale_attendue_dans_une_fente_vide(tmp_path: Path, chemin: Path) -> Iterable[Constat]:
    fentes = [carte(CPS, ATR_CPS), vide(VITALE), carte("Lecteur Essai 2", ATR_VITALE)]
    return examiner(tmp_path, chemin, fichier(), fentes)


@declenche("GALSS_ANOMALIE")
def test_anomalie_du_fichier(tmp_path: Path, chemin: Path) -> Iterable[Constat]:
    return examiner(tmp_path, chemin, fichier().replace("NbCanaux=2", "NbCanaux=0"))


@declenche("GALSS_AUTRE_LECTEUR", "GALSS_NON_INSCRIPTIBLE")
def test_fichier_protege(tmp_path: Path, chemin: Path) -> Iterable[Constat]:
    return examiner(tmp_path, chemin, fichier("Ancien Modele A 0"), proteges={chemin})


@declenche("GALSS_AUTRE_LECTEUR", "GALSS_NON_INSCRIPTIBLE")
def test_dossier_protege(tmp_path: Path, chemin: Path) -> Iterable[Constat]:
    """The file is replaced in its folder, where the old one is kept: both must be writable."""
    return examiner(tmp_path, chemin, fichier("Ancien Modele A 0"), proteges={chemin.parent})


def test_le_notre_est_grave_quand_rien_n_est_lu_directement(tmp_path: Path) -> None:
    (tmp_path / "galss.ini").write_bytes(b"[CONFIG]")
    (seul,) = galss(examen(tmp_path))
    (avec_pcsc,) = galss(examen(tmp_path, fentes=DEUX_CARTES))
    assert (seul.niveau, avec_pcsc.niveau) == (Niveau.KO, Niveau.WARN)


def test_celui_des_autres_n_est_jamais_grave(tmp_path: Path, chemin: Path) -> None:
    (seul,) = examiner(tmp_path, chemin, "", [])
    assert seul.niveau is Niveau.WARN


def test_un_connecteur_qui_n_emploie_pas_galss_ini(tmp_path: Path, chemin: Path) -> None:
    assert examiner(tmp_path, chemin, None, programmes=["apicrypt"]) == []


@declenche("IO_COMM_ANOMALIE")
def test_port_serie_sans_peripherique(tmp_path: Path) -> Iterable[Constat]:
    (tmp_path / "galss.ini").write_text(SERIE)
    (constat,) = trouves = list(ports_serie(examen(tmp_path)))
    assert "COM3" in constat.titre
    assert constat.niveau is Niveau.KO  # nothing else is read
    return trouves


@declenche("IO_COMM_ANOMALIE")
def test_peripherique_mal_ecrit(tmp_path: Path) -> Iterable[Constat]:
    (tmp_path / "io_comm.ini").write_text("[MAP_DEVICE]\nCOM3=ttyUSB0\n")
    return ports_serie(examen(tmp_path))


def test_ports_serie_en_ordre(tmp_path: Path) -> None:
    assert list(ports_serie(examen(tmp_path))) == []
    (tmp_path / "galss.ini").write_text(SERIE)
    (tmp_path / "io_comm.ini").write_text("[MAP_DEVICE]\nCOM3=/dev/ttyUSB0\n")
    assert list(ports_serie(examen(tmp_path))) == []
    (tmp_path / "io_comm.ini").unlink()
    assert list(ports_serie(examen(tmp_path, Ordinateur(nom=WINDOWS)))) == []  # Windows names its ports itself
