"""Scanning through SANE's own program, so that a crashing driver never takes the workstation with it.

One scan at a time: the callers queue them. Windows scanners (WIA) are not driven here: import the file instead.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sesam_desktop.base.fichiers import remplacer
from sesam_desktop.noyau.erreurs import Annulation, ErreurConnue

from .reglages import reglages

PROGRAMME = "scanimage"
DELAI_S = 120.0
DELAI_LISTE_S = 30.0
_PAS_S = 0.1


@dataclass(frozen=True, slots=True)
class Numeriseur:
    """A scanner that SANE sees."""

    nom: str
    libelle: str


def lister() -> list[Numeriseur]:
    """Scanners plugged in and switched on."""
    sortie = _executer(["-f", "%d\t%v %m%n"], DELAI_LISTE_S, None).decode("utf-8", "replace")
    lignes = (ligne.partition("\t") for ligne in sortie.splitlines() if "\t" in ligne)
    return [Numeriseur(nom, libelle.strip()) for nom, _, libelle in lignes]


def numeriser(
    peripherique: str,
    chemin: Path,
    *,
    options: tuple[str, ...] = (),
    delai_s: float = DELAI_S,
    annuler: Callable[[], bool] | None = None,
) -> Path:
    """Scan one page in grey at the required resolution into `chemin` (PNG), and return it.

    peripherique  SANE name, empty for the first scanner; `options` are passed to the program as they are
    Raises NUMERISEUR_ABSENT, NUMERISATION_ECHOUEE, NUMERISATION_TROP_LONGUE, Annulation: `chemin` is then unchanged.
    """
    choix = ["-d", peripherique] if peripherique else []
    resolution = str(reglages().resolution.minimale_dpi)
    arguments = [*choix, "--mode", "Gray", "--resolution", resolution, "--format=png", *options]
    remplacer(chemin, _executer(arguments, delai_s, annuler))
    return chemin


def _executer(arguments: list[str], delai_s: float, annuler: Callable[[], bool] | None) -> bytes:
    programme = shutil.which(PROGRAMME)
    if programme is None:
        raise ErreurConnue(
            "Le programme de numérisation (SANE) n'est pas installé sur ce poste.",
            code="NUMERISEUR_ABSENT",
            action="Installez le paquet sane-utils, ou numérisez autrement et ajoutez le fichier.",
        )
    with subprocess.Popen(  # noqa: S603 - a fixed program, no shell
        [programme, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as processus:
        try:
            sortie, erreurs = _attendre(processus, delai_s, annuler)
        except BaseException:
            processus.kill()
            raise
    if processus.returncode:
        raise _echec(erreurs.decode("utf-8", "replace"))
    return sortie


def _attendre(
    processus: subprocess.Popen[bytes], delai_s: float, annuler: Callable[[], bool] | None
) -> tuple[bytes, bytes]:
    limite = time.monotonic() + delai_s
    while True:
        try:
            return processus.communicate(timeout=_PAS_S)
        except subprocess.TimeoutExpired:
            if annuler and annuler():
                raise Annulation from None
            if time.monotonic() >= limite:
                raise ErreurConnue(
                    f"Le numériseur n'a pas répondu en {delai_s:.0f} secondes.",
                    code="NUMERISATION_TROP_LONGUE",
                    action="Vérifiez qu'il est allumé et que la feuille n'est pas coincée, puis recommencez.",
                ) from None


def _echec(texte: str) -> ErreurConnue:
    derniere = next((ligne for ligne in reversed(texte.splitlines()) if ligne.strip()), "sans explication")
    if "open of device" in texte or "no SANE devices" in texte:
        return ErreurConnue(
            "Ce numériseur est absent, éteint ou déjà utilisé.",
            code="NUMERISEUR_ABSENT",
            action="Vérifiez son câble et son alimentation, puis recommencez.",
        )
    return ErreurConnue(
        f"La numérisation a échoué ({derniere.strip()[:120]}).",
        code="NUMERISATION_ECHOUEE",
        action="Vérifiez la feuille et le numériseur, puis recommencez.",
    )
