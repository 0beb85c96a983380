"""What a mail server may answer to a session, apart from any message."""

from __future__ import annotations

import poplib
from pathlib import Path

import pytest

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission.pop import SessionPop, _refus
from sesam_desktop.teletransmission.retrait import TAILLE_MAXIMALE, MessageIllisible
from sesam_desktop.teletransmission.smtp import SessionSmtp, Sort
from sesam_desktop.teletransmission.verrou import seul
from tests.outils import certificat
from tests.outils.smtp_scripte import COUPER, smtp_scripte

from .fabrique import courrier


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificat.ecrire(tmp_path_factory.mktemp("tls"))


def test_serveur_qui_ne_dit_pas_au_revoir(tls: tuple[Path, Path]) -> None:
    with smtp_scripte(*tls, QUIT=(COUPER,)) as serveur, SessionSmtp(courrier(serveur.port, ca=tls[0])) as session:
        assert session.envoyer("a@b.test", b"x\r\n").sort is Sort.REMISE


def test_reponse_sans_fin(tls: tuple[Path, Path]) -> None:
    """Lines of one answer, for ever: as if the server had gone, and the message leaves later. 201 is one too many."""
    sans_fin = "\r\n".join(["250-encore"] * 201)
    with smtp_scripte(*tls, MAIL=(sans_fin,)) as serveur, SessionSmtp(courrier(serveur.port, ca=tls[0])) as session:
        verdict = session.envoyer("a@b.test", b"x\r\n")
    assert (verdict.sort, verdict.incertain, serveur.recus) == (Sort.REPORTEE, False, [])


def test_taille_annoncee_qui_n_en_est_pas_une(tls: tuple[Path, Path]) -> None:
    with smtp_scripte(*tls) as serveur:
        serveur.taille = "9" * 5000  # more digits than Python reads
        with SessionSmtp(courrier(serveur.port, ca=tls[0])) as session:
            assert session.envoyer("a@b.test", b"x\r\n").sort is Sort.REMISE


def test_mots_glisses_apres_starttls(tls: tuple[Path, Path]) -> None:
    """Said in clear behind the answer to STARTTLS, by whoever stands between: never taken for the server's words."""
    with smtp_scripte(*tls) as serveur:
        serveur.glisse = "\r\n250-pirate\r\n250 SIZE 1"
        with SessionSmtp(courrier(serveur.port, ca=tls[0])) as session:
            assert session.envoyer("a@b.test", b"x\r\n").sort is Sort.REMISE  # SIZE 1 was never heard


def test_identification_par_login(tls: tuple[Path, Path]) -> None:
    """A server without PLAIN: the library's own mechanisms."""
    with smtp_scripte(*tls) as serveur:
        serveur.mecanisme = "LOGIN"
        with SessionSmtp(courrier(serveur.port, ca=tls[0])) as session:
            assert session.envoyer("a@b.test", b"x\r\n").sort is Sort.REMISE


def test_sans_identifiant_pas_d_identification(tls: tuple[Path, Path]) -> None:
    with smtp_scripte(*tls) as serveur:
        with SessionSmtp(courrier(serveur.port, ca=tls[0], utilisateur="")) as session:
            assert session.envoyer("a@b.test", b"x\r\n").sort is Sort.REMISE
        assert "AUTH" not in serveur.passages


@pytest.mark.parametrize(
    ("reponse", "code"),
    [
        ("-ERR [IN-USE] locked", "BOITE_OCCUPEE"),
        ("-ERR [SYS/TEMP] later", "BOITE_OCCUPEE"),
        ("-ERR [AUTH] no", "IDENTIFICATION_REFUSEE"),
        ("-ERR no", "IDENTIFICATION_REFUSEE"),
    ],
)
def test_refus_pop(reponse: str, code: str) -> None:
    assert _refus("pop.test", reponse).code == code


@pytest.mark.parametrize(
    ("mots", "attendue"), [("-ERR EOF", ErreurConnue), ("-ERR no such message", MessageIllisible)]
)
def test_serveur_parti_ou_message_illisible(mots: str, attendue: type[Exception]) -> None:
    class Pop:
        file = None

        def list(self, rang: int) -> bytes:
            return b"+OK %d 120" % rang

        def retr(self, _rang: int) -> None:
            raise poplib.error_proto(mots)

    with pytest.raises(attendue):
        SessionPop(Pop(), courrier()).lire(1)  # type: ignore[arg-type]


def test_un_message_trop_gros_n_est_pas_demande() -> None:
    class Pop:
        def list(self, rang: int) -> bytes:
            return b"+OK %d %d" % (rang, TAILLE_MAXIMALE + 1)

    with pytest.raises(MessageIllisible, match="trop gros"):
        SessionPop(Pop(), courrier()).lire(1)  # type: ignore[arg-type]


def test_verrou_dans_un_dossier_absent(tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue), seul(tmp_path / "absent" / "sesam.db", "envoi", "occupé"):
        pytest.fail("le verrou ne peut pas être pris")


def test_verrou_repris_apres_usage(tmp_path: Path) -> None:
    for _ in range(2):
        with seul(tmp_path / "sesam.db", "envoi", "occupé"), seul(tmp_path / "sesam.db", "lots", "occupé"):
            assert (tmp_path / "sesam.db.envoi.verrou").exists()
