"""sesam.ini: the copy that is read, its paths, its mandatory keys."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from sesam_desktop.poste.controles.sesam import attente_s, fichier_lu, sesam
from sesam_desktop.poste.diagnostic_constats import Constat
from sesam_desktop.poste.sondes import WINDOWS

from .outils import Ordinateur, declenche, examen


class Fsv:
    """Folders of a healthy installation, and its sesam.ini."""

    def __init__(self, racine: Path) -> None:
        self.racine = racine
        for nom in ("adm", "ssv", "srt", "sts", "traces", "conf"):
            (racine / nom).mkdir()
        (racine / "traces" / "log4crc.xml").touch()
        self.cles = {
            ("COMMUN", "RepertoireTravail"): racine / "adm", ("COMMUN", "RepertoireTable"): racine / "ssv",
            ("SSV", "RepertoireTable"): racine / "ssv", ("MGC", "RepertoireConfigTrace"): racine / "traces",
            ("SRT", "RepertoireTable"): racine / "srt", ("STS", "RepertoireTable"): racine / "sts",
        }

    def ecrire(self, chemin: Path | None = None, **remplacees: str | Path | None) -> Path:
        """`remplacees`: ``SECTION_cle``, None takes the key out."""
        sections: dict[str, str] = {}
        for (section, cle), normale in self.cles.items():
            valeur = remplacees.get(f"{section}_{cle}", normale)
            sections[section] = sections.get(section, "") + (f"{cle}={valeur}\r\n" if valeur is not None else "")
        chemin = chemin or self.racine / "conf" / "sesam.ini"
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_bytes("".join(f"[{section}]\r\n{cles}" for section, cles in sections.items()).encode("cp1252"))
        return chemin


@pytest.fixture
def fsv(tmp_path: Path) -> Fsv:
    (tmp_path / "fsv").mkdir()
    return Fsv(tmp_path / "fsv")


def examiner(chemin: Path, **ordinateur: object) -> list[Constat]:
    return list(sesam(examen(chemin.parent, Ordinateur(**ordinateur), sesam_ini=str(chemin))))  # type: ignore[arg-type]


def test_sain(fsv: Fsv) -> None:
    assert examiner(fsv.ecrire()) == []


def test_sans_fsv_personne_ne_le_cherche(tmp_path: Path) -> None:
    assert list(sesam(examen(tmp_path))) == []
    assert attente_s(examen(tmp_path)) == 0


@declenche("SESAM_ABSENT")
def test_fsv_sans_sesam_ini(tmp_path: Path) -> Iterable[Constat]:
    (tmp_path / "x64" / "1.40.14").mkdir(parents=True)
    places = {"fsv_x64": [tmp_path / "x64"], "sesam": []}
    return sesam(examen(tmp_path, Ordinateur(places=places)))


@declenche("SESAM_ABSENT")
def test_chemin_regle_faux(tmp_path: Path) -> Iterable[Constat]:
    return examiner(tmp_path / "nulle-part.ini")


@declenche("SESAM_VIDE")
def test_vide(tmp_path: Path) -> Iterable[Constat]:
    (tmp_path / "sesam.ini").write_bytes(b"\0" * 200)
    return examiner(tmp_path / "sesam.ini")


@declenche("SESAM_ILLISIBLE")
def test_illisible(tmp_path: Path) -> Iterable[Constat]:
    (tmp_path / "sesam.ini").write_bytes(b"x" * (1 << 19))
    assert attente_s(examen(tmp_path, sesam_ini=str(tmp_path / "sesam.ini"))) == 0
    return examiner(tmp_path / "sesam.ini")


X86, X64 = r"C:\Program Files (x86)\santesocial\sts", r"C:\Program Files\santesocial\sts"


@pytest.mark.parametrize(("ecrit", "existant"), [(X64, X86), (X86, X64)])
def test_chemin_de_l_autre_architecture(fsv: Fsv, ecrit: str, existant: str) -> None:
    @declenche("SESAM_AUTRE_ARCHITECTURE")
    def essai() -> Iterable[Constat]:
        return examiner(fsv.ecrire(STS_RepertoireTable=ecrit), nom=WINDOWS, dossiers={existant})

    essai()


@declenche("SESAM_CHEMIN_ABSENT")
def test_chemin_absent(fsv: Fsv) -> Iterable[Constat]:
    return examiner(fsv.ecrire(SRT_RepertoireTable=fsv.racine / "ailleurs"))


@declenche("SESAM_TABLES_NON_DITES")
def test_tables_non_dites(fsv: Fsv) -> Iterable[Constat]:
    """F680: both sections must say it."""
    trouves = examiner(fsv.ecrire(COMMUN_RepertoireTable=None, SSV_RepertoireTable=None))
    assert [un.objet for un in trouves] == ["[COMMUN] RepertoireTable", "[SSV] RepertoireTable"]
    return trouves


@declenche("SESAM_MGC_ABSENTE")
def test_mgc_absente(fsv: Fsv) -> Iterable[Constat]:
    return examiner(fsv.ecrire(MGC_RepertoireConfigTrace=None))


@declenche("SESAM_MGC_ABSENTE")
def test_mgc_sans_son_fichier(fsv: Fsv) -> Iterable[Constat]:
    return examiner(fsv.ecrire(MGC_RepertoireConfigTrace=fsv.racine / "sts"))


@declenche("SESAM_VARIABLE")
def test_variable_non_remplacee(fsv: Fsv) -> Iterable[Constat]:
    chemin = fsv.ecrire(
        MGC_RepertoireConfigTrace=r"%ALLUSERSPROFILE%\santesocial", SRT_RepertoireTable=r"%ALLUSERSPROFILE%\srt"
    )
    return examiner(chemin)


@declenche("SESAM_TRAVAIL_NON_INSCRIPTIBLE")
def test_dossier_de_travail_protege(fsv: Fsv) -> Iterable[Constat]:
    return examiner(fsv.ecrire(), proteges={fsv.racine / "adm"})


@pytest.mark.parametrize("valeur", [None, "/nulle/part"])
def test_dossier_de_travail_absent(fsv: Fsv, valeur: str | None) -> None:
    (constat,) = examiner(fsv.ecrire(COMMUN_RepertoireTravail=valeur))
    assert constat.code == "SESAM_TRAVAIL_NON_INSCRIPTIBLE"


@declenche("SESAM_PLUSIEURS")
def test_plusieurs_copies_dont_une_est_lue(fsv: Fsv, tmp_path: Path) -> Iterable[Constat]:
    copies = [tmp_path / dossier / "sesam.ini" for dossier in ("absente", "1.40.14", "1.40.9", "Windows")]
    fsv.ecrire(copies[1])
    fsv.ecrire(copies[2])
    fsv.ecrire(copies[3], STS_RepertoireTable=None)
    fait = examen(tmp_path, Ordinateur(places={"sesam": copies}))
    assert fichier_lu(fait) == copies[1]
    (constat,) = trouves = list(sesam(fait))
    assert constat.objet == str(copies[1])
    assert "(2)" in constat.titre
    return trouves


def test_attente(fsv: Fsv, tmp_path: Path) -> None:
    """500 ms, ten times: five seconds; the longest of the three counts, nonsense does not."""
    chemin = fsv.ecrire()
    fait = examen(tmp_path, sesam_ini=str(chemin))
    assert attente_s(fait) == 0
    cles = "tempoexclusivite=500\r\nrepetitionexclusivite=10\r\ntempoaccesfichier=2000\r\nrepetitionaccesfichier=10\r\n"
    cles += "tempoexclusivitePCSC=99999999999999\r\nrepetitionexclusivitePCSC=-1\r\n"
    chemin.write_bytes(chemin.read_bytes().replace(b"[SSV]\r\n", b"[SSV]\r\n" + cles.encode()))
    assert attente_s(examen(tmp_path, sesam_ini=str(chemin))) == 20


@declenche("SESAM_ANOMALIE")
def test_autre_anomalie(fsv: Fsv) -> Iterable[Constat]:
    chemin = fsv.ecrire()
    chemin.write_bytes(chemin.read_bytes().replace(b"[SSV]\r\n", b"[SSV]\r\ntempoexclusivite=vite\r\n"))
    (constat,) = trouves = examiner(chemin)
    assert "vite" in constat.titre
    return trouves
