"""`galss` as scripts and support use it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sesam_desktop.lecteurs.canal import Canal
from sesam_desktop.lecteurs.virtuel import CanalVirtuel
from sesam_desktop.poste.configuration import lire as lire_configuration
from sesam_desktop.poste.environnement import EnvironnementReel
from tests.lecteurs.doubles import cps, vitale
from tests.lecteurs.galss.fichiers import IO_COMM, LECTEUR, PCSC, SERIE, octets

from .ligne import Ligne


class CanalPcscVirtuel(CanalVirtuel):
    """Virtual slots that the manager takes for PC/SC ones."""

    nom = "pcsc"


def brancher(monkeypatch: pytest.MonkeyPatch, **cartes: object) -> None:
    canaux: list[Canal] = [CanalPcscVirtuel({f"{LECTEUR} {nom[-1]}": carte for nom, carte in cartes.items()})]  # type: ignore[misc]
    monkeypatch.setattr(EnvironnementReel, "canaux", lambda _: canaux)


@pytest.fixture
def croisees(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both cards, each in the slot the file gives to the other."""
    brancher(monkeypatch, fente0=cps(), fente1=vitale())


@pytest.fixture
def fichier(tmp_path: Path) -> Path:
    chemin = tmp_path / "galss.ini"
    chemin.write_bytes(octets(PCSC, "\r"))
    return chemin


def test_verifier(ligne: Ligne, fichier: Path) -> None:
    assert ligne.json("galss", "verifier", fichier) == {"type": "galss.ini", "valide": True, "anomalies": []}
    assert ligne("galss", "verifier", fichier)[1] == "galss.ini : fichier valide.\n"


def test_verifier_un_fichier_faux(ligne: Ligne, fichier: Path) -> None:
    fichier.write_bytes(octets(PCSC.replace("PAD=0", "PAD=15", 1) + "[CANAL3]\n"))
    statut, texte, erreurs = ligne("galss", "verifier", fichier)
    assert (statut, erreurs) == (1, "galss.ini : 6 anomalies, le fichier n'est pas valide.\n")
    assert texte.startswith("[CANAL1.PAD1] PAD ligne 23 : PAD vaut « 15 » : il faut un nombre de 0 à 14. (800F)\n")
    assert "(sans gravité) [CANAL3] ligne 46 : NbCanaux vaut 2 : ce canal est ignoré." in texte
    assert texte.endswith("galss.ini : fichier non valide.\n")


@pytest.mark.parametrize(("nom", "contenu", "attendu"), [
    ("io_comm.ini", octets(IO_COMM), "io_comm.ini"),
    ("copie.txt", octets(SERIE), "galss.ini"),
    ("galss.ini", b"", "galss.ini"),
    ("SESAM.INI", b"", "sesam.ini"),
    ("copie.ini", b"[ssv]\nx=1\n", "sesam.ini"),
])
def test_le_fichier_est_reconnu(ligne: Ligne, tmp_path: Path, nom: str, contenu: bytes, attendu: str) -> None:
    (tmp_path / nom).write_bytes(contenu)
    assert f'"type": "{attendu}"' in ligne("--json", "galss", "verifier", tmp_path / nom)[1]


def test_ni_l_un_ni_l_autre(ligne: Ligne, tmp_path: Path) -> None:
    (tmp_path / "autre.ini").write_bytes(b"[boot]\nx=1\n")
    assert "[INI_INCONNU]" in ligne.refus("galss", "verifier", tmp_path / "autre.ini")
    assert "[FICHIER_ABSENT]" in ligne.refus("galss", "verifier", tmp_path / "absent.ini")
    (tmp_path / "gros.ini").write_bytes(b"a" * 300_000)
    assert "[INI_TROP_GROS]" in ligne.refus("galss", "importer", tmp_path / "gros.ini")


def test_importer_copie_octet_pour_octet(ligne: Ligne, fichier: Path, tmp_path: Path, profil: Path) -> None:
    assert ligne.json("galss", "importer", fichier)["fichier"] == str(profil / "galss.ini")
    assert (profil / "galss.ini").read_bytes() == octets(PCSC, "\r")
    (tmp_path / "io_comm.ini").write_bytes(octets(IO_COMM))
    assert "io_comm.ini adopté" in ligne("galss", "importer", tmp_path / "io_comm.ini")[1]
    assert (profil / "io_comm.ini").read_bytes() == octets(IO_COMM)


def test_importer_refuse_un_fichier_faux_et_garde_l_ancien(ligne: Ligne, fichier: Path, profil: Path) -> None:
    ligne.json("galss", "importer", fichier)
    fichier.write_bytes(octets(PCSC.replace("PAD=0", "PAD=15")))
    refus = ligne.refus("galss", "importer", fichier)
    assert refus.startswith("galss.ini [CANAL1.PAD1] PAD ligne 23 : PAD vaut « 15 »")
    assert refus.endswith("(anomalies graves : 2). [GALSS_800F]\n")
    assert (profil / "galss.ini").read_bytes() == octets(PCSC, "\r")


def test_importer_un_sesam_ini_retient_son_chemin(ligne: Ligne, tmp_path: Path, profil: Path) -> None:
    (tmp_path / "log4crc.xml").write_text("<log4c/>", encoding="utf-8")
    texte = "".join(f"[{s}]\nRepertoireTable={tmp_path}\n" for s in ("COMMUN", "SSV", "SRT", "STS"))
    texte += f"[MGC]\nRepertoireConfigTrace={tmp_path}\n"
    sesam = tmp_path / "sesam.ini"
    sesam.write_text(texte.replace("[COMMUN]\n", f"[COMMUN]\nRepertoireTravail={tmp_path}\n"), encoding="cp1252")
    assert ligne.json("galss", "importer", sesam) == {
        "type": "sesam.ini", "valide": True, "anomalies": [], "fichier": str(sesam),
    }
    assert lire_configuration(profil).sesam_ini == str(sesam)
    assert not (profil / "sesam.ini").exists()
    sesam.write_text(texte, encoding="cp1252")
    assert "[SSV_F6F1]" in ligne.refus("galss", "importer", sesam)


@pytest.mark.usefixtures("croisees")
def test_realigner(ligne: Ligne, fichier: Path) -> None:
    simule = ligne.json("galss", "realigner", "--fichier", fichier, "--simuler")
    assert (simule["ecrit"], simule["sauvegarde"], len(simule["changements"])) == (False, None, 2)
    assert fichier.read_bytes() == octets(PCSC, "\r")
    assert "Simulation" in ligne("galss", "realigner", "--fichier", fichier, "--simuler")[1]
    fait = ligne.json("galss", "realigner", "--fichier", fichier)
    assert fait["changements"][0] == {
        "section": "CANAL1", "cle": "Caracteristiques", "avant": f"{LECTEUR} 1", "apres": f"{LECTEUR} 0",
    }
    assert Path(fait["sauvegarde"]).read_bytes() == octets(PCSC, "\r")
    assert "est déjà aligné" in ligne("galss", "realigner", "--fichier", fichier)[1]


@pytest.mark.usefixtures("croisees")
def test_realigner_celui_du_profil(ligne: Ligne, fichier: Path, profil: Path) -> None:
    ligne.json("galss", "importer", fichier)
    texte = ligne("galss", "realigner")[1]
    assert f"{profil / 'galss.ini'} est écrit. L'ancien fichier est gardé" in texte


def test_realigner_sans_carte(ligne: Ligne, fichier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    brancher(monkeypatch, fente0=None, fente1=None)
    refus = ligne.refus("galss", "realigner", "--fichier", fichier)
    assert refus.startswith(str(fichier)) and "[CARTES_A_INSERER]" in refus


@pytest.mark.usefixtures("croisees")
def test_realigner_creer(ligne: Ligne, tmp_path: Path) -> None:
    neuf = tmp_path / "neuf.ini"
    assert "[GALSS_8001]" in ligne.refus("galss", "realigner", "--fichier", neuf)
    texte = ligne("galss", "realigner", "--fichier", neuf, "--creer")[1]
    assert "[CONFIG] NbCanaux : « 2 » ajouté" in texte and texte.endswith(f"{neuf} est écrit.\n")
    assert ligne.json("galss", "verifier", neuf)["valide"]


def test_reparer_un_sesam_ini(ligne: Ligne, tmp_path: Path) -> None:
    for nom in ("adm", "ssv", "srt", "sts", "traces"):
        (tmp_path / nom).mkdir()
    options = [f"--{o}={tmp_path / d}" for o, d in (("travail", "adm"), ("tables-ssv", "ssv"), ("tables-srt", "srt"),
                                                    ("tables-sts", "sts"), ("traces", "traces"))]
    sesam = tmp_path / "sesam.ini"
    sesam.write_bytes(f"; installé\r\n[COMMUN]\r\nRepertoireTravail={tmp_path / 'adm'}\r\n[SSV]\r\n".encode("cp1252"))
    simule = ligne.json("galss", "reparer", sesam, *options, "--simuler")
    assert (simule["ecrit"], [c["section"] for c in simule["changements"]]) == (
        False, ["COMMUN", "SSV", "MGC", "SRT", "STS"],
    )
    statut, texte, reste = ligne("galss", "reparer", sesam, *options)
    assert statut == 0 and "est écrit. L'ancien fichier est gardé" in texte
    assert reste.endswith(f"Le fichier log4crc.xml manque dans {tmp_path / 'traces'}.\n")
    assert len(list(tmp_path.glob("sesam.ini.*.bak"))) == 1
    assert "désigne déjà" in ligne("galss", "reparer", sesam, *options)[1]
    assert "[CHEMIN_INVALIDE]" in ligne.refus("galss", "reparer", sesam, *options[:-1], "--traces=traces")


def test_reparer_ne_touche_qu_un_sesam_ini(ligne: Ligne, fichier: Path, tmp_path: Path) -> None:
    """A name typed too fast: nothing of SSV is ever poured into another file."""
    dossiers = [f"--{o}={tmp_path}" for o in ("travail", "tables-ssv", "tables-srt", "tables-sts", "traces")]
    autre = tmp_path / "notes.txt"
    autre.write_bytes("Pensez à rappeler le support du lecteur avant vendredi soir.".encode("cp1252"))
    for chemin, code in ((fichier, "INI_INATTENDU"), (autre, "INI_INCONNU")):
        avant = chemin.read_bytes()
        assert f"[{code}]" in ligne.refus("galss", "reparer", chemin, *dossiers)
        assert chemin.read_bytes() == avant
    assert not list(tmp_path.glob("*.bak"))


def test_reparer_non_inscriptible(ligne: Ligne, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dossiers = [f"--{o}={tmp_path}" for o in ("travail", "tables-ssv", "tables-srt", "tables-sts", "traces")]
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.W_OK)
    statut, _, erreurs = ligne("galss", "reparer", tmp_path / "sesam.ini", *dossiers)
    refus = erreurs.splitlines()[-1]
    assert statut == 1 and refus.startswith(str(tmp_path / "sesam.ini")) and "[ACCES_REFUSE]" in refus


def test_code(ligne: Ligne) -> None:
    vu = ligne.json("galss", "code", "f003")
    assert (vu["code"], vu["nom"], vu["a_rejouer"]) == ("F003", "SSV_F003", False)
    assert ligne("galss", "code", "0x0400")[1].startswith("GALSS_0400 : Le lecteur ne répond pas. Vérifiez")
    assert "[CODE_RETOUR_INCONNU]" in ligne.refus("galss", "code", "FF21")
    assert "[CODE_RETOUR_INVALIDE]" in ligne.refus("galss", "code", "zz")


@pytest.mark.usefixtures("croisees")
def test_ressources(ligne: Ligne, fichier: Path) -> None:
    par_carte = ligne.json("galss", "ressources")
    assert [(r["nom"], r["alias"], r["lecteur"]) for r in par_carte] == [
        ("CPS", "TRANSPA1", f"{LECTEUR} 0"), ("Log_SV", "", f"{LECTEUR} 0"), ("Vitale", "TRANSPA2", f"{LECTEUR} 1"),
    ]
    ligne.json("galss", "importer", fichier)
    assert ligne("galss", "ressources")[1].splitlines() == [
        f"CPS      TRANSPA1 canal 1, PAD 0, LAD 1    {LECTEUR} 1",
        f"Vitale   TRANSPA2 canal 2, PAD 0, LAD 1    {LECTEUR} 0",
    ]


def test_ressources_sans_carte(ligne: Ligne, monkeypatch: pytest.MonkeyPatch) -> None:
    brancher(monkeypatch)
    assert ligne("galss", "ressources")[1].splitlines()[0].endswith("aucune carte")


def test_emplacements(ligne: Ligne) -> None:
    lieux = ligne.json("galss", "emplacements")
    assert [Path(lieu["fichier"]).name for lieu in lieux[:2]] == ["galss.ini", "io_comm.ini"]
    assert ligne("galss", "emplacements")[1].startswith(lieux[0]["fichier"])
