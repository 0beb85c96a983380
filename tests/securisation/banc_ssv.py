"""One installation of the SSV stand-in (`ssv_factice.c`): what it is told to answer, and the calls it received."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sesam_desktop.cartes import zones
from sesam_desktop.cartes.zones import Groupe
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation.ssv import PontSsv

CODE, JOUR = "4731", date(2026, 3, 2)
PS, VITALE, CONFIG = "SIS_LireCartePS", "SIS_LireDroitsVitale", "SIS_LireConfig"
EN_TETE = Groupe(60, (b"0410", b"0345", b"0100"))
LECTEUR = Groupe(61, (b"CONSTRUCTEUR", b"1", b"42", b"OS", b"1", b"LOGICIEL", b"0100", b"202603020930", b"ABCD"))
_SOURCE = Path(__file__).with_name("ssv_factice.c")


def compiler(dossier: Path) -> None:
    """Three builds: as in the field, without SSV_InitLIB2, and without any function."""
    (dossier / "vide.c").write_text("int rien;\n")
    for nom, source, options in (
        ("factice", _SOURCE, []), ("ancienne", _SOURCE, ["-DSANS_INITLIB2"]), ("vide", dossier / "vide.c", [])
    ):
        commande = ["gcc", "-shared", "-fPIC", *options, "-o", str(dossier / f"{nom}.so"), str(source)]
        subprocess.run(commande, check=True, capture_output=True)


class Banc:
    """The libraries of one folder."""

    def __init__(self, dossier: Path, compilees: Path) -> None:
        self.dossier, self._compilees = dossier, compilees
        self.pauses: list[float] = []
        self.installer()

    def installer(self, nom: str = "factice") -> None:
        """A copy a test: the system loads each file as a library of its own."""
        shutil.copy(self._compilees / "vide.so", self.dossier / "libsgdlux.so")
        shutil.copy(self._compilees / f"{nom}.so", self.dossier / "libssvlux.so")

    def repondre(self, fonction: str, *codes: str) -> None:
        (self.dossier / f"{fonction}.compte").unlink(missing_ok=True)
        (self.dossier / f"{fonction}.codes").write_text("".join(f"{code}\n" for code in codes))

    def donner(self, fonction: str, groupes: list[Groupe]) -> None:
        (self.dossier / f"{fonction}.zone").write_bytes(zones.ecrire(groupes))

    def ouvrir(self, **options: object) -> PontSsv:
        return PontSsv.ouvrir(self.dossier, dormir=self.pauses.append, **options)  # type: ignore[arg-type]

    def appels(self, fonction: str = "") -> list[str]:
        """Calls received, without their thread: « SIS_LireCartePS CPS Log_SV 4731 »."""
        lignes = (self.dossier / "appels.txt").read_text().splitlines()
        assert not [ligne for ligne in lignes if "CONCURRENCE" in ligne]
        appels = [ligne.split(" ", 1)[1].rstrip() for ligne in lignes]
        return [appel for appel in appels if appel.split(" ")[0] == fonction] if fonction else appels

    def fils(self) -> set[str]:
        return {ligne.split(" ")[0] for ligne in (self.dossier / "appels.txt").read_text().splitlines()}

    def sessions_ouvertes(self) -> int:
        return len(list(self.dossier.glob("session-*")))


def refuse(action: Callable[[], object]) -> ErreurConnue:
    """The refusal of `action`, a French sentence without the code."""
    with pytest.raises(ErreurConnue) as refus:
        action()
    assert refus.value.message.endswith(".")
    assert CODE not in refus.value.phrase()
    return refus.value
