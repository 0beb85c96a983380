"""The log and the crash report never hold a secret."""

import logging
from pathlib import Path

from sesam_desktop.noyau import masquage
from sesam_desktop.poste import journal


def test_log_lines_and_tracebacks_are_masked(tmp_path: Path):
    sortie = journal.ouvrir_journal(tmp_path)
    masquage.retenir("DURAND")
    try:
        raise ValueError("1 80 19 75 000 001 32")
    except ValueError:
        logging.getLogger("sesam_desktop.essai").info("carte de Durand, code porteur: 1234", exc_info=True)
    journal.fermer_journal(sortie)
    texte = (tmp_path / "sesam.log").read_text(encoding="utf-8")
    assert "ValueError" in texte
    for secret in ("1234", "Durand", "75 000 001"):
        assert secret not in texte


def test_nothing_is_written_after_closing(tmp_path: Path):
    journal.fermer_journal(journal.ouvrir_journal(tmp_path))
    logging.getLogger("sesam_desktop.essai").info("trop tard")
    assert not (tmp_path / "sesam.log").exists()


def test_crash_report_is_masked_and_named(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    try:
        raise RuntimeError("nir 1801975000001")
    except RuntimeError as erreur:
        phrase = journal.rapporter_bogue(erreur)
    (rapport,) = tmp_path.glob("sesam-rapport-*.txt")
    assert str(rapport) in phrase
    contenu = rapport.read_text(encoding="utf-8")
    assert "RuntimeError" in contenu
    assert "1801975000001" not in contenu
