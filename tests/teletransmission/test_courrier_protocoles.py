"""POP3 and IMAP, STARTTLS and TLS at once, on real servers: same content, nothing lost by a cut, TLS as asked."""

from __future__ import annotations

import imaplib
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sesam_desktop.base.modeles import Courrier, Lot, Message
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission.bilan import BilanEnvoi
from sesam_desktop.teletransmission.depart import Depart
from sesam_desktop.teletransmission.depot_corbeille import Corbeille
from sesam_desktop.teletransmission.parametres import IMAP, POP3, STARTTLS, TLS, ParametresCourrier
from sesam_desktop.teletransmission.retour import Boite
from sesam_desktop.teletransmission.retrait import ouvrir
from sesam_desktop.teletransmission.smtp import SessionSmtp
from sesam_desktop.teletransmission.tableau import tableau
from tests.outils.coupeur import coupeur
from tests.outils.courrier import MOT_DE_PASSE, UTILISATEUR, ServeurCourrier

from .atelier import Atelier
from .fabrique import courrier, partout

pytestmark = pytest.mark.courrier
ACCES = [(POP3, TLS), (POP3, STARTTLS), (IMAP, TLS), (IMAP, STARTTLS)]


@pytest.fixture
def serveur(serveur_courrier: ServeurCourrier) -> ServeurCourrier:
    serveur_courrier.vider(UTILISATEUR)
    return serveur_courrier


@pytest.fixture
def poste(profil: Path, autorite: Path, serveur: ServeurCourrier) -> Iterator[Atelier]:
    atelier = Atelier(profil, autorite, courrier(serveur.smtp_port, serveur.pop_port, serveur.certificat))
    yield atelier
    atelier.fermer()


def compte(serveur: ServeurCourrier, retrait: str, protection: str, **autres: object) -> ParametresCourrier:
    """The account read that way."""
    ports = {
        (POP3, TLS): serveur.pop_port, (POP3, STARTTLS): serveur.pop_clair_port,
        (IMAP, TLS): serveur.imap_port, (IMAP, STARTTLS): serveur.imap_clair_port,
    }
    acces = {"retrait": retrait, "retrait_protection": protection, "pop_port": ports[retrait, protection]}
    return replace(courrier(serveur.smtp_port, 0, serveur.certificat), **acces, **autres)  # type: ignore[arg-type]


def boite(poste: Atelier, reglages: ParametresCourrier) -> Boite:
    return Boite(poste.base, poste.rapprochement, partout(reglages))


def deposer(serveur: ServeurCourrier, *textes: bytes) -> None:
    for texte in textes:
        serveur.deposer(UTILISATEUR, b"Subject: retour\r\n\r\n" + texte + b"\r\n")
    assert len(serveur.contenu(UTILISATEUR, attendus=len(textes))) == len(textes)


def test_le_meme_message_par_les_quatre_acces(serveur: ServeurCourrier) -> None:
    """Dots, empty lines and bytes of eight bits included: a doublon is found whichever protocol brings it."""
    deposer(serveur, b".\r\n..deux points\r\n\r\n" + "é".encode() * 50)
    lus = []
    for retrait, protection in ACCES:
        with ouvrir(compte(serveur, retrait, protection)) as session:
            [(rang, _)] = session.messages()
            lus.append(session.lire(rang))
    assert len(set(lus)) == 1
    assert lus[0].endswith(b"\r\n")
    assert b"\r\n.\r\n..deux points\r\n\r\n" in lus[0]


@pytest.mark.parametrize(("retrait", "protection"), ACCES)
def test_releve_par_chaque_acces(poste: Atelier, serveur: ServeurCourrier, retrait: str, protection: str) -> None:
    deposer(serveur, b"un", b"deux")
    bilan = boite(poste, compte(serveur, retrait, protection)).relever()
    assert (bilan.recus, bilan.doublons, bilan.pannes) == (2, 0, [])
    assert serveur.contenu(UTILISATEUR, attendus=0) == []
    assert {c.boite for c in Courrier.select()} == {"RSV"}
    deposer(serveur, b"trois")
    autre = boite(poste, compte(serveur, *ACCES[ACCES.index((retrait, protection)) - 1])).relever()
    assert (autre.recus, autre.doublons) == (1, 0)


@pytest.mark.parametrize(("retrait", "protection"), [(POP3, TLS), (IMAP, TLS)])
def test_ligne_coupee_a_tout_moment(poste: Atelier, serveur: ServeurCourrier, retrait: str, protection: str) -> None:
    """In the greeting, the list, a message, the deletions: what was not kept is still there, nothing is kept twice."""
    textes = {b"message %d\r\n" % rang + (b"x" * 70 + b"\r\n") * 40 for rang in range(3)}
    deposer(serveur, *textes)
    reglages = compte(serveur, retrait, protection)
    with coupeur(reglages.pop_port) as relais:  # how much is said before the end, deleting nothing
        with ouvrir(replace(reglages, pop_port=relais.port)) as session:
            assert all(session.lire(rang) for rang, _ in session.messages())
        total = relais.dits
    for apres in [*range(total // 3, total, total // 6), total - 400, total - 60, total + 40, total + 90]:
        with coupeur(reglages.pop_port, apres) as relais:
            _relever(boite(poste, replace(reglages, pop_port=relais.port)))
        gardes = [octets for (octets,) in Courrier.select(Courrier.octets).tuples()]
        restants = serveur.contenu(UTILISATEUR, attendus=0)
        assert all(any(texte in vu for vu in (*gardes, *restants)) for texte in textes), apres
        assert len(gardes) <= len(textes)
    for _ in range(20):
        if _relever(boite(poste, reglages)):
            break
        time.sleep(0.2)  # the server has not yet seen that the other side had gone
    assert sorted(t for t in textes for c in Courrier.select() if t in bytes(c.octets)) == sorted(textes)
    assert serveur.contenu(UTILISATEUR, attendus=0) == []


def _relever(boite: Boite) -> bool:
    try:
        boite.relever()
    except ErreurConnue as coupure:
        assert coupure.code in ("SERVEUR_INJOIGNABLE", "BOITE_OCCUPEE")
        return False
    return True


def test_dossier_imap(poste: Atelier, serveur: ServeurCourrier) -> None:
    """A folder whose name has an accent; one that is not there; a message that somebody marked, read all the same."""
    octets = b"Subject: dans le dossier\r\n\r\ncorps\r\n"
    with imaplib.IMAP4_SSL(
        "127.0.0.1", serveur.imap_port, ssl_context=ssl.create_default_context(cafile=str(serveur.certificat))
    ) as imap:
        imap.login(UTILISATEUR, MOT_DE_PASSE)
        imap.create('"Retours &AOk-"')  # « é » in the encoding of RFC 3501
        imap.append('"Retours &AOk-"', r"(\Deleted)", "", octets)
    bilan = boite(poste, compte(serveur, IMAP, TLS, dossier="Retours é")).relever()
    assert bilan.recus == 1
    assert bytes(Courrier.get().octets) == octets
    assert boite(poste, compte(serveur, IMAP, TLS, dossier="Retours é")).relever().recus == 0
    with pytest.raises(ErreurConnue) as refus:
        boite(poste, compte(serveur, IMAP, TLS, dossier="Absent")).relever()
    assert refus.value.code == "DOSSIER_INACCESSIBLE"


def test_mot_de_passe_imap(poste: Atelier, serveur: ServeurCourrier) -> None:
    with pytest.raises(ErreurConnue) as refus:
        boite(poste, compte(serveur, IMAP, TLS, mot_de_passe=lambda: "pas lé bon")).relever()
    assert refus.value.code == "IDENTIFICATION_REFUSEE"


@pytest.mark.parametrize("retrait", [POP3, IMAP])
@pytest.mark.parametrize("port", ["tls", "clair"])
def test_protection_qui_n_est_pas_celle_du_port(serveur: ServeurCourrier, retrait: str, port: str) -> None:
    """TLS at once on a port that waits for words, or words on a port that waits for TLS: said, and nothing sent."""
    bon, autre = (TLS, STARTTLS) if port == "tls" else (STARTTLS, TLS)
    reglages = replace(compte(serveur, retrait, bon), retrait_protection=autre, delai_s=0.4)
    with pytest.raises(ErreurConnue) as refus, ouvrir(reglages):
        pytest.fail("opened")
    assert refus.value.code in ("TLS_ABSENT", "SERVEUR_INJOIGNABLE")


def test_envoi_par_tls_des_le_premier_octet(poste: Atelier, serveur: ServeurCourrier) -> None:
    poste.signer()
    poste.preparation.preparer()
    reglages = courrier(serveur.smtps_port, 0, serveur.certificat, smtp_protection=TLS)
    assert Depart(poste.base, poste.factures, partout(reglages)).envoyer() == BilanEnvoi(remis=1)
    en_clair = replace(reglages, smtp_protection=STARTTLS, delai_s=0.4)
    trop_tot = replace(reglages, smtp_port=serveur.smtp_port)
    for faux, code in ((en_clair, "SERVEUR_INJOIGNABLE"), (trop_tot, "TLS_ABSENT")):
        with pytest.raises(ErreurConnue) as refus, SessionSmtp(faux) as session:
            session.verifier()
        assert refus.value.code == code


def test_message_rendu_par_un_serveur_plus_loin(poste: Atelier, serveur: ServeurCourrier) -> None:
    """exim takes it, then gives it up: its report puts the message aside, its lot is told, it can be sent again."""
    poste.signer()
    poste.preparation.preparer()
    Message.update(destinataire="perdu@poste.test").execute()
    assert poste.depart.envoyer() == BilanEnvoi(remis=1)
    serveur.contenu(UTILISATEUR, attendus=1)
    bilan = poste.boite.relever()
    assert (bilan.recus, bilan.avis, bilan.quarantaine) == (1, 1, 0)
    message = Message.get()
    assert (message.etat, Lot.get().etat, Courrier.get().genre) == ("en_quarantaine", "constitue", "SERVICE")
    assert "perdu@poste.test" in message.derniere_erreur
    assert "boite fermee" in message.derniere_erreur
    assert [e.resultat for e in Corbeille(poste.base).journal(message.message_id)] == ["remise", "en_quarantaine"]
    [fiche] = tableau(poste.base, poste.factures).a_traiter
    assert "boite fermee" in fiche.motif
    Message.update(destinataire="721@poste.test").execute()
    assert poste.depart.relancer(message.message_id)
    assert poste.depart.envoyer() == BilanEnvoi(remis=1)
    assert (Message.get().etat, Lot.get().etat) == ("remise", "transmis")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl absent")
@pytest.mark.parametrize(
    ("port", "depart"),
    [
        ("smtp_port", "smtp"), ("smtps_port", ""), ("pop_port", ""), ("pop_clair_port", "pop3"), ("imap_port", ""),
        ("imap_clair_port", "imap"),
    ],
)
def test_openssl_voit_le_tls_demande(serveur: ServeurCourrier, port: str, depart: str) -> None:
    """The same servers, seen by other eyes: TLS 1.2 or 1.3, a certificate that the authority vouches for."""
    assert tls_vu(getattr(serveur, port), serveur.certificat, depart) in ("TLSv1.2", "TLSv1.3")


def tls_vu(port: int, autorite: Path, depart: str) -> str:
    """The version `openssl s_client` agrees on, the certificate being good for 127.0.0.1."""
    commande = [
        "openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", str(autorite), "-verify_return_error",
        "-verify_ip", "127.0.0.1", *(["-starttls", depart] if depart else []),
    ]
    vu = subprocess.run(commande, input=b"", capture_output=True, timeout=20, check=False).stdout.decode()
    assert "Verification: OK" in vu, vu[-500:]
    version = re.search(r"New, (TLSv1\.\d)", vu)
    return version[1] if version else ""
