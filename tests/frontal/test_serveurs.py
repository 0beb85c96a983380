"""The two servers seen from standard clients: TLS, authentication, 250 after storage, DELE at QUIT."""

from __future__ import annotations

import base64
import poplib
import smtplib
import socket
import ssl
from pathlib import Path

import pytest

from sesam_desktop.frontal import serveurs
from sesam_desktop.frontal.pop import ServeurPop
from sesam_desktop.frontal.registre import Registre
from sesam_desktop.frontal.regle import Scenario
from sesam_desktop.frontal.serveurs import MOT_DE_PASSE, UTILISATEUR, Frontal
from sesam_desktop.noyau.erreurs import ErreurConnue

from .outils import ADRESSE, JugeEcho, attendre, boite, contexte, envoyer, message, pop, smtp


@pytest.fixture(autouse=True)
def juge_echo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serveurs, "Jugement", JugeEcho)


def test_un_message_est_recu_traite_et_repondu(frontal: Frontal) -> None:
    envoyer(frontal, message())
    attendre(lambda: len(frontal.recus()) == 1)
    assert boite(frontal) == [b"Subject: re\r\n\r\n.point\r\nfin\r\n"]


def test_auth_n_est_ni_propose_ni_accepte_avant_tls(frontal: Frontal) -> None:
    with smtplib.SMTP("127.0.0.1", frontal.smtp_port, timeout=10) as client:
        client.ehlo()
        assert client.has_extn("starttls")
        assert not client.has_extn("auth")
        assert client.docmd("AUTH", "PLAIN")[0] == 530
        client.starttls(context=contexte(frontal))
        client.ehlo()
        assert set(client.esmtp_features["auth"].split()) == {"PLAIN", "LOGIN"}


@pytest.mark.parametrize("mecanisme", ["auth_plain", "auth_login"])
def test_les_deux_mecanismes_ouvrent_la_session(frontal: Frontal, mecanisme: str) -> None:
    with smtp(frontal, None) as client:
        client.ehlo()
        client.user, client.password = UTILISATEUR, MOT_DE_PASSE
        code, _ = client.auth(mecanisme.removeprefix("auth_").upper(), getattr(client, mecanisme))
        assert code == 235


def test_mauvais_mot_de_passe_535(frontal: Frontal) -> None:
    with smtp(frontal, None) as client, pytest.raises(smtplib.SMTPAuthenticationError) as refus:
        client.login(UTILISATEUR, "faux")
    assert refus.value.smtp_code == 535


def test_pas_de_message_sans_authentification(frontal: Frontal) -> None:
    with smtp(frontal, None) as client:
        client.ehlo()
        assert client.mail("poste@test.invalid")[0] == 530


@pytest.mark.parametrize(
    ("reponse", "code"),
    [("AUTH", 501), ("AUTH CRAM-MD5", 504), ("AUTH PLAIN " + base64.b64encode(b"un-seul").decode(), 501)],
)
def test_auth_mal_forme_a_une_reponse(frontal: Frontal, reponse: str, code: int) -> None:
    with smtp(frontal, None) as client:
        client.ehlo()
        assert client.docmd(reponse)[0] == code
        assert client.login(UTILISATEUR, MOT_DE_PASSE)[0] == 235


def test_un_certificat_inconnu_du_client_arrete_la_connexion(frontal: Frontal) -> None:
    with smtplib.SMTP("127.0.0.1", frontal.smtp_port, timeout=10) as client, pytest.raises(ssl.SSLError):
        client.starttls(context=ssl.create_default_context())


def test_pop_mauvais_mot_de_passe(frontal: Frontal) -> None:
    with pytest.raises(poplib.error_proto), pop(frontal, "faux"):
        pass


def test_pop_commande_refusee_sans_erreur_au_journal(frontal: Frontal) -> None:
    client = poplib.POP3_SSL("127.0.0.1", frontal.pop_port, context=contexte(frontal), timeout=10)
    with pytest.raises(poplib.error_proto):
        client.stat()
    client.close()
    with pop(frontal) as client:
        for commande in (lambda: client.retr(9), lambda: client.dele(9), lambda: client.uidl(9)):
            with pytest.raises(poplib.error_proto):
                commande()


def test_dele_n_agit_qu_au_quit(frontal: Frontal) -> None:
    envoyer(frontal, message())
    attendre(lambda: len(boite(frontal)) == 1)
    with pop(frontal) as client:
        client.dele(1)  # connection closed without QUIT
    assert len(boite(frontal)) == 1
    with pop(frontal) as client:
        client.dele(1)
        client.rset()
        client.quit()
    assert len(boite(frontal)) == 1
    with pop(frontal) as client:
        assert client.stat()[0] == 1
        client.dele(1)
        client.quit()
    assert boite(frontal) == []


def test_uidl_est_stable_d_une_session_a_l_autre(frontal: Frontal) -> None:
    for rang in range(3):
        envoyer(frontal, message(f"<{rang}@test.invalid>"))
    attendre(lambda: len(frontal.recus()) == 3)
    with pop(frontal) as client:
        avant = client.uidl()[1]
        client.dele(1)
        client.quit()
    with pop(frontal) as client:
        assert [ligne.split()[1] for ligne in client.uidl()[1]] == [ligne.split()[1] for ligne in avant[1:]]


def test_message_trop_gros_552_et_rien_de_garde(frontal: Frontal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sesam_desktop.frontal.smtp.TAILLE_MAXIMALE", 1000)
    with smtp(frontal) as client, pytest.raises(smtplib.SMTPResponseException) as refus:
        client.sendmail("poste@test.invalid", [ADRESSE], message(corps="x" * 500 + "\r\n" + "y" * 600))
    assert refus.value.smtp_code == 552
    assert frontal.recus() == []
    assert frontal.en_attente() == 0


@pytest.mark.journal_attendu
def test_stockage_impossible_452_pour_que_l_emetteur_recommence(
    frontal: Frontal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disque_plein(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Registre, "recevoir", disque_plein)
    with smtp(frontal) as client, pytest.raises(smtplib.SMTPDataError) as refus:
        client.sendmail("poste@test.invalid", [ADRESSE], message())
    assert refus.value.smtp_code == 452


def test_scenario_boite_pleine_refuse_et_ne_garde_rien(tmp_path: Path) -> None:
    serveur = Frontal(tmp_path, scenario="boite_pleine")
    serveur.demarrer()
    try:
        with smtp(serveur) as client, pytest.raises(smtplib.SMTPDataError) as refus:
            client.sendmail("poste@test.invalid", [ADRESSE], message())
        assert refus.value.smtp_code == 452
        assert serveur.en_attente() == 0
    finally:
        serveur.arreter()


def test_deux_frontaux_vivent_ensemble_et_s_arretent_deux_fois(tmp_path: Path) -> None:
    premier, second = Frontal(tmp_path / "a"), Frontal(tmp_path / "b")
    premier.demarrer()
    second.demarrer()
    assert premier.smtp_port != second.smtp_port
    envoyer(second, message())
    attendre(lambda: len(second.recus()) == 1)
    assert premier.recus() == []
    premier.arreter()
    premier.arreter()
    assert len(boite(second)) == 1
    second.arreter()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", second.smtp_port), timeout=1)


def test_port_deja_pris_se_dit_et_ne_laisse_rien_ouvert(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupant:
        port = occupant.getsockname()[1]
        frontal = Frontal(tmp_path, pop_port=port)
        with pytest.raises(ErreurConnue) as refus:
            frontal.demarrer()
        assert refus.value.code == "PORT_OCCUPE"
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", frontal.smtp_port), timeout=1)


def test_un_frontal_arrete_le_dit(tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue) as refus:
        Frontal(tmp_path).recus()
    assert refus.value.code == "FRONTAL_ARRETE"


def test_reprise_sur_le_meme_dossier(tmp_path: Path) -> None:
    premier = Frontal(tmp_path)
    premier.demarrer()
    envoyer(premier, message())
    attendre(lambda: len(premier.recus()) == 1)
    certificat = premier.certificat_tls.read_bytes()
    premier.arreter()
    second = Frontal(tmp_path)
    second.demarrer()
    try:
        assert len(second.recus()) == 1
        assert len(boite(second)) == 1
        assert second.certificat_tls.read_bytes() == certificat
    finally:
        second.arreter()


def test_exporter_ecrit_les_courriels(frontal: Frontal, tmp_path: Path) -> None:
    envoyer(frontal, message())
    attendre(lambda: len(frontal.recus()) == 1)
    assert frontal.exporter(tmp_path / "courriels") == 2
    assert (tmp_path / "courriels/recus/000001-traite.eml").read_bytes() == message()
    assert (tmp_path / "courriels/reponses/000001.eml").exists()


def test_un_point_en_debut_de_bloc_est_double() -> None:
    """RFC 1939: every line that starts with a dot gets another one, wherever the server cut its blocks."""
    serveur = ServeurPop(None, Scenario("", ""))
    assert serveur.transformChunk(b".a\n.b\nfin\n") == b"..a\r\n..b\r\nfin\r\n"
    assert serveur.transformChunk(b".suite") == b"..suite"
    assert serveur.transformChunk(b".milieu\n") == b".milieu\r\n"
