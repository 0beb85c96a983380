"""What a mail server says that cannot be read as such goes to somebody, with the reason the mail itself gives."""

from __future__ import annotations

from pathlib import Path

from sesam_desktop.teletransmission.avis import Avis
from sesam_desktop.teletransmission.depot_retours import Courriers

from .atelier import Atelier, maintenant


def test_un_rapport_aux_parties_sans_nombre_va_en_quarantaine(atelier: Atelier, tmp_path: Path) -> None:
    fichier = tmp_path / "avis.eml"
    fichier.write_bytes(b"From: MAILER-DAEMON@serveur.test\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 20)
    assert atelier.boite.importer(fichier).quarantaine == 1
    (ecarte,) = Courriers(atelier.base).en_quarantaine()
    assert "trop de parties" in ecarte.motif
    assert not Avis(atelier.base, maintenant).appliquer(ecarte.id)


def test_le_courrier_de_quelqu_un_n_est_pas_un_avis(atelier: Atelier, tmp_path: Path) -> None:
    fichier = tmp_path / "lettre.eml"
    fichier.write_bytes(b"From: cpam@exemple.test\r\nSubject: Bonjour\r\n\r\nBonjour.\r\n")
    bilan = atelier.boite.importer(fichier)
    assert (bilan.avis, bilan.quarantaine) == (0, 1)
