"""The program's log: one rotating file in the profile, every line masked; and the report of a bug."""

from __future__ import annotations

import logging
import logging.handlers
import tempfile
import traceback
from io import TextIOWrapper
from pathlib import Path

from sesam_desktop.base.fichiers import creer_prive, dossier_prive
from sesam_desktop.noyau.masquage import masquer

RACINE = "sesam_desktop"
_TAILLE = 1_000_000


class FormatMasque(logging.Formatter):
    """Masks the whole line, traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return masquer(super().format(record))


class FichierPrive(logging.handlers.RotatingFileHandler):
    """Each new file is made readable by its owner only."""

    def _open(self) -> TextIOWrapper:
        creer_prive(Path(self.baseFilename))
        return super()._open()


def ouvrir_journal(dossier: Path) -> logging.Handler:
    """Write our log into `dossier`/sesam.log until the handler is removed with `fermer_journal`."""
    dossier_prive(dossier)
    sortie = FichierPrive(
        dossier / "sesam.log", maxBytes=_TAILLE, backupCount=5, encoding="utf-8", delay=True
    )
    sortie.setFormatter(FormatMasque("%(asctime)s %(levelname)s %(name)s %(message)s"))
    journal = logging.getLogger(RACINE)
    journal.addHandler(sortie)
    journal.setLevel(logging.INFO)
    return sortie


def fermer_journal(sortie: logging.Handler) -> None:
    """Stop writing there."""
    logging.getLogger(RACINE).removeHandler(sortie)
    sortie.close()


def rapporter_bogue(erreur: BaseException) -> str:
    """Write a masked crash report in the temporary folder; answer the sentence for the user."""
    texte = masquer("".join(traceback.format_exception(erreur)))
    with tempfile.NamedTemporaryFile(
        "w", prefix="sesam-rapport-", suffix=".txt", delete=False, encoding="utf-8"
    ) as sortie:
        sortie.write(texte)
    return f"le programme a rencontré un défaut ({type(erreur).__name__}). Rapport pour le support : {sortie.name}"
