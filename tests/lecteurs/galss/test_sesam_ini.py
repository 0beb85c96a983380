"""sesam.ini: the failures met in the field, and their repair. The disk is a table of folders."""

from __future__ import annotations

import tempfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.lecteurs.galss.sesam_ini import (
    Disque,
    Dossiers,
    autre_architecture,
    est_absolu,
    lire,
    regenerer,
    reparer,
)
from sesam_desktop.noyau.erreurs import ErreurConnue

DONNEES = r"C:\ProgramData\santesocial\fsv\1.40.14"
X86, X64 = r"C:\Program Files (x86)\santesocial\fsv", r"C:\Program Files\santesocial\fsv"
DOSSIERS = Dossiers(rf"{DONNEES}\adm", rf"{X86}\ssv", rf"{X86}\srt", rf"{X86}\sts", rf"{DONNEES}\conf")

SESAM = rf"""; configuration des FSV
[COMMUN]
RepertoireTravail={DONNEES}\adm
RepertoireTable={X86}\ssv
ActivationTracesLog4c=0

[SSV]
RepertoireTable={X86}\ssv
tempoexclusivite=500
repetitionexclusivitePCSC=10

[MGC]
RepertoireConfigTrace={DONNEES}\conf
[SRT]
RepertoireTable={X86}\srt
[STS]
RepertoireTable={X86}\sts
"""


class FauxDisque(Disque):
    """Folders that exist; those of `proteges` may not be written."""

    def __init__(self, *dossiers: str, fichiers: tuple[str, ...] = (rf"{DONNEES}\conf\log4crc.xml",)) -> None:
        self.dossiers, self.fichiers, self.proteges = set(dossiers), set(fichiers), set[str]()

    def est_dossier(self, chemin: str) -> bool:
        return chemin in self.dossiers

    def est_fichier(self, chemin: str) -> bool:
        return chemin in self.fichiers

    def est_inscriptible(self, chemin: str) -> bool:
        return chemin not in self.proteges


@pytest.fixture
def disque() -> FauxDisque:
    return FauxDisque(rf"{DONNEES}\adm", rf"{DONNEES}\conf", rf"{X86}\ssv", rf"{X86}\srt", rf"{X86}\sts")


def octets(texte: str) -> bytes:
    return texte.replace("\n", "\r\n").encode("cp1252")


def anomalies(texte: str, disque: Disque) -> list[tuple[str, str, int, int, bool]]:
    return [(a.section, a.cle, a.ligne, a.code, a.grave) for a in lire(octets(texte), disque).anomalies]


def test_sain(disque: FauxDisque) -> None:
    assert anomalies(SESAM, disque) == []
    assert lire(octets(SESAM), disque).valide
    assert reparer(octets(SESAM), DOSSIERS, disque) == (octets(SESAM), ())


@pytest.mark.parametrize("texte", ["", "[COMMUN]\nRepertoireTravail=C:\\x\n", "\0" * 4096])
def test_vide_ou_tronque(texte: str, disque: FauxDisque) -> None:
    assert anomalies(texte, disque) == [("", "", 0, 0xF6F1, True)]


@pytest.mark.parametrize(("avant", "apres", "attendu"), [
    (rf"RepertoireTable={X86}\ssv" + "\nActivation", "Activation", ("COMMUN", "RepertoireTable", 2, 0xF680, True)),
    (rf"RepertoireTable={X86}\ssv" + "\ntempo", "tempo", ("SSV", "RepertoireTable", 7, 0xF680, True)),
    ("[SSV]", "[SVS]", ("SSV", "RepertoireTable", 0, 0xF680, True)),
    (rf"RepertoireTravail={DONNEES}\adm", "", ("COMMUN", "RepertoireTravail", 2, 0xF6F1, True)),
    (rf"{DONNEES}\adm", rf"{DONNEES}\absent", ("COMMUN", "RepertoireTravail", 3, 0xF6F2, True)),
    ("[MGC]", "[MCG]", ("MGC", "RepertoireConfigTrace", 0, 0, True)),
    (rf"{DONNEES}\conf", r"%ALLUSERSPROFILE%\conf", ("MGC", "RepertoireConfigTrace", 13, 0, True)),
    (rf"={DONNEES}\adm", "=adm", ("COMMUN", "RepertoireTravail", 3, 0xF6F2, True)),
    ("[SRT]", "[TRS]", ("SRT", "RepertoireTable", 0, 0, False)),
    (rf"{X86}\sts", rf"{X86}\stt", ("STS", "RepertoireTable", 17, 0, False)),
    ("tempoexclusivite=500", "tempoexclusivite=vite", ("SSV", "tempoexclusivite", 9, 0, False)),
    ("PCSC=10", "PCSC=-1", ("SSV", "repetitionexclusivitePCSC", 10, 0, False)),
    ("[STS]", "[TESTSSV]\nNumeroFichierVitale=2\n[STS]", ("TESTSSV", "NumeroFichierVitale", 17, 0, False)),
    ("; configuration des FSV", "; configuration\0des FSV", ("", "", 0, 0, False)),
])
def test_anomalies(avant: str, apres: str, attendu: tuple[object, ...], disque: FauxDisque) -> None:
    assert avant in SESAM
    assert anomalies(SESAM.replace(avant, apres), disque) == [attendu]


def test_autre_architecture(disque: FauxDisque) -> None:
    """Tables installed for the other architecture: said, and taken there by the repair."""
    disque.dossiers -= {rf"{X86}\ssv"}
    disque.dossiers |= {rf"{X64}\ssv"}
    vues = lire(octets(SESAM), disque).anomalies
    assert [(a.section, a.code) for a in vues] == [("COMMUN", 0xF610), ("SSV", 0xF610)]
    assert vues[0].message.endswith(rf"il est sous {X64}\ssv (autre architecture).")
    repare, changements = reparer(octets(SESAM), DOSSIERS, disque)
    assert repare == octets(SESAM.replace(rf"{X86}\ssv", rf"{X64}\ssv"))
    assert [c.section for c in changements] == ["COMMUN", "SSV"]


def test_dossier_de_travail_protege(disque: FauxDisque) -> None:
    disque.proteges = {rf"{DONNEES}\adm"}
    assert anomalies(SESAM, disque) == [("COMMUN", "RepertoireTravail", 3, 0xF6F2, True)]


def test_log4crc_absent(disque: FauxDisque) -> None:
    disque.fichiers.clear()
    (anomalie,) = lire(octets(SESAM), disque).anomalies
    assert anomalie.message == rf"Le fichier log4crc.xml manque dans {DONNEES}\conf."


def test_cles_posees_sans_toucher_au_reste(disque: FauxDisque) -> None:
    """F680: the key is missing in both sections; the section MGC is missing too."""
    casse = SESAM.replace(rf"RepertoireTable={X86}\ssv" + "\n", "").replace(
        f"[MGC]\nRepertoireConfigTrace={DONNEES}\\conf\n", ""
    )
    repare, changements = reparer(octets(casse), DOSSIERS, disque)
    texte = repare.decode("cp1252").replace("\r\n", "\n")
    assert texte == casse.replace(
        "ActivationTracesLog4c=0\n", "ActivationTracesLog4c=0\nRepertoireTable=" + rf"{X86}\ssv" + "\n"
    ).replace(
        "repetitionexclusivitePCSC=10\n", "repetitionexclusivitePCSC=10\nRepertoireTable=" + rf"{X86}\ssv" + "\n"
    ) + f"\n[MGC]\nRepertoireConfigTrace={DONNEES}\\conf\n"
    assert [(c.section, c.avant) for c in changements] == [("COMMUN", ""), ("SSV", ""), ("MGC", "")]
    assert lire(repare, disque).anomalies == ()


def test_variable_remplacee_et_nuls_retires(disque: FauxDisque) -> None:
    casse = octets(SESAM.replace(rf"{DONNEES}\conf", r"%ALLUSERSPROFILE%\conf")) + b"\0\0"
    repare, changements = reparer(casse, DOSSIERS, disque)
    assert repare == octets(SESAM)
    assert [c.avant for c in changements] == [r"%ALLUSERSPROFILE%\conf"]


def test_regenere(disque: FauxDisque) -> None:
    neuf = regenerer(DOSSIERS)
    assert lire(neuf, disque).anomalies == ()
    assert neuf.startswith(b"[COMMUN]\r\nRepertoireTravail=C:\\ProgramData")
    assert reparer(b"\0" * 10, DOSSIERS, disque)[0] == neuf


@pytest.mark.parametrize("chemin", ["adm", r"%TEMP%\adm", "", r"C:adm"])
def test_dossiers_incomplets_refuses(chemin: str) -> None:
    with pytest.raises(ErreurConnue) as refus:
        regenerer(replace(DOSSIERS, travail=chemin))
    assert (refus.value.code, refus.value.ou) == ("CHEMIN_INVALIDE", "[COMMUN] RepertoireTravail")


def test_chemins() -> None:
    assert [est_absolu(c) for c in (r"C:\x", "/x", r"\\serveur\part", "x", r"\x", "C:x")] == [
        True, True, True, False, False, False,
    ]
    assert autre_architecture(r"c:\program files (X86)\a") == r"c:\Program Files\a"
    assert autre_architecture(r"C:\Program Files\a") == r"C:\Program Files (x86)\a"
    assert autre_architecture(r"D:\a") is None


def test_vrai_disque(tmp_path_factory: pytest.TempPathFactory) -> None:
    dossier = tmp_path_factory.mktemp("fsv")
    (dossier / "log4crc.xml").write_bytes(b"")
    neuf = regenerer(Dossiers(*[str(dossier)] * 5))
    assert lire(neuf).anomalies == ()
    ailleurs = neuf.replace(b"RepertoireTravail=", b"RepertoireTravail=/absent")
    assert [a.code for a in lire(ailleurs).anomalies] == [0xF6F2]


def test_un_dossier_protege_se_reconnait_en_ecrivant(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = tmp_path_factory.mktemp("adm")
    assert Disque().est_inscriptible(str(dossier))
    assert list(dossier.iterdir()) == []

    def refuser(**_: str) -> None:
        raise PermissionError

    monkeypatch.setattr(tempfile, "TemporaryFile", refuser)
    assert not Disque().est_inscriptible(str(dossier))


@given(st.binary(max_size=300))
def test_n_importe_quels_octets(brut: bytes) -> None:
    contenu = octets(SESAM) + brut
    disque = FauxDisque(*(getattr(DOSSIERS, nom) for nom in DOSSIERS.__dataclass_fields__))
    assert lire(contenu, disque).ini.octets() == contenu
    repare, _ = reparer(contenu, DOSSIERS, disque)
    assert reparer(repare, DOSSIERS, disque) == (repare, ())
