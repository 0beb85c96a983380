"""The mailbox as servers may play it: lies on sizes, no UIDPLUS, refusals in the middle; several accounts."""

from __future__ import annotations

import imaplib
import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from sesam_desktop.base.modeles import Courrier
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission import imap as module_imap
from sesam_desktop.teletransmission import pop as module_pop
from sesam_desktop.teletransmission import retour
from sesam_desktop.teletransmission.imap import SessionImap, _Borne, _guillemets, _identifier
from sesam_desktop.teletransmission.parametres import IMAP, POP3, STARTTLS, ParametresCourrier
from sesam_desktop.teletransmission.pop import SessionPop
from sesam_desktop.teletransmission.retour import Boite
from sesam_desktop.teletransmission.retrait import TAILLE_MAXIMALE, MessageIllisible, ouvrir
from sesam_desktop.teletransmission.serveur import injoignable

from .atelier import Atelier
from .fabrique import courrier


class ImapDouble:
    """Answers by UID command; `dites` keeps what was asked."""

    def __init__(self, capacites: tuple[str, ...] = (), **reponses: tuple[str, list[Any]]) -> None:
        self.capabilities = capacites
        self.reponses = reponses
        self.dites: list[tuple[str, ...]] = []

    def uid(self, *commande: str) -> tuple[str, list[Any]]:
        self.dites.append(commande)
        return self.reponses.get(commande[0], ("OK", [None]))

    def expunge(self) -> None:
        self.dites.append(("EXPUNGE tout",))


def session(double: ImapDouble) -> SessionImap:
    return SessionImap(double, courrier())  # type: ignore[arg-type]


def test_imap_efface_par_uid_quand_le_serveur_sait() -> None:
    double = ImapDouble(("IMAP4REV1", "UIDPLUS"))
    ouverte = session(double)
    ouverte.supprimer(4)
    ouverte.supprimer(9)
    ouverte.purger()
    ouverte.purger()
    assert double.dites[-1] == ("EXPUNGE", "4,9")
    assert [commande[0] for commande in double.dites] == ["STORE", "STORE", "EXPUNGE"]


@pytest.mark.parametrize(("marques", "efface"), [(b"4", True), (b"", True), (b"4 7", False)])
def test_imap_sans_uidplus_n_efface_que_les_siens(marques: bytes, efface: bool) -> None:
    """7 was marked by somebody else meanwhile: nothing is expunged, it is fetched and marked next time."""
    double = ImapDouble(SEARCH=("OK", [marques]))
    ouverte = session(double)
    ouverte.supprimer(4)
    ouverte.purger()
    assert (("EXPUNGE tout",) in double.dites) is efface


@pytest.mark.parametrize(
    "taille", [b"1 (UID 3 RFC822.SIZE %d)" % (TAILLE_MAXIMALE + 1), b"1 (UID 3)", None], ids=["gros", "tu", "disparu"]
)
def test_imap_message_qui_n_est_pas_demande(taille: bytes | None) -> None:
    double = ImapDouble(FETCH=("OK", [taille]))
    with pytest.raises(MessageIllisible):
        session(double).lire(3)
    assert len(double.dites) == 1


def test_imap_refus_d_un_message_et_depart_du_serveur() -> None:
    with pytest.raises(MessageIllisible):
        session(ImapDouble(FETCH=("NO", [b"plus la"]))).lire(3)
    double = ImapDouble(FETCH=("OK", [b"1 (RFC822.SIZE 10)"]))
    with pytest.raises(MessageIllisible, match="disparu"):
        session(double).lire(3)

    def parti(*_: str) -> tuple[str, list[Any]]:
        raise imaplib.IMAP4.abort("socket error: EOF")

    double.uid = parti  # type: ignore[method-assign]
    with pytest.raises(ErreurConnue) as refus:
        session(double).lire(3)
    assert refus.value.code == "SERVEUR_INJOIGNABLE"
    with pytest.raises(ErreurConnue):
        session(ImapDouble(STORE=("NO", [b"non"]))).supprimer(3)


def test_imap_contenu_plus_gros_qu_annonce() -> None:
    class Serveur(_Borne, io.BytesIO):
        """Announces a literal that no return is, at once or piece by piece."""

    assert Serveur(b"abc").read(3) == b"abc"
    for deja in (0, 3):
        serveur = Serveur(b"abc")
        serveur.read(deja)
        with pytest.raises(MessageIllisible):
            serveur.read(TAILLE_MAXIMALE + 1 - deja)


@contextmanager
def serveur_sans_fin(accueil: bytes, debut: bytes, repete: bytes) -> Iterator[int]:
    """Greets, waits for a command, answers without end."""
    prise = socket.create_server(("127.0.0.1", 0))

    def parler() -> None:
        with suppress(OSError):
            ligne, _ = prise.accept()
            with ligne:
                ligne.sendall(accueil)
                ligne.recv(4096)
                ligne.sendall(debut)
                while True:
                    ligne.sendall(repete * 500)

    fil = threading.Thread(target=parler)
    fil.start()
    try:
        yield int(prise.getsockname()[1])
    finally:
        prise.close()
        fil.join(5)
        assert not fil.is_alive()


@pytest.mark.parametrize(
    ("retrait", "dits"),
    [
        (POP3, (b"+OK bonjour\r\n", b"+OK\r\n", b"x\r\n")),
        (IMAP, (b"* OK bonjour\r\n", b"", b"* CAPABILITY X\r\n")),
    ],
)
def test_reponse_sans_fin(retrait: str, dits: tuple[bytes, bytes, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """To CAPA, to CAPABILITY: what a server says before anybody is identified."""
    for module in (module_pop, module_imap):
        monkeypatch.setattr(module, "REPONSE_MAXIMALE", 50_000)
    with serveur_sans_fin(*dits) as port:
        compte = courrier(0, port, retrait=retrait, retrait_protection=STARTTLS, delai_s=2.0)
        with pytest.raises(ErreurConnue) as refus, ouvrir(compte):
            pytest.fail("jamais ouverte")
    assert refus.value.code == "REPONSE_SANS_FIN"


def test_liste_pop_sans_fin(monkeypatch: pytest.MonkeyPatch) -> None:
    """A billion messages, one line each: no more than the bound is kept, at 64 bytes a line."""
    monkeypatch.setattr(module_pop, "REPONSE_MAXIMALE", 640)
    flux = io.BytesIO(b"1 a\r\n" * 50)

    class Pop:
        file: Any = flux

        def uidl(self) -> tuple[bytes, list[bytes], int]:
            return b"+OK", list(iter(lambda: self.file.readline(2049), b"")), 0

    with pytest.raises(ErreurConnue) as refus:
        SessionPop(Pop(), courrier()).messages()  # type: ignore[arg-type]
    assert (refus.value.code, flux.tell()) == ("REPONSE_SANS_FIN", 11 * len(b"1 a\r\n"))


def test_liste_imap_qui_n_est_pas_une_liste() -> None:
    """A literal where numbers are expected: refused, not a failure of the program."""
    double: Any = ImapDouble(SEARCH=("OK", [(b"{3}", b"abc")]))
    double.response = lambda nom: (nom, [None])
    with pytest.raises(ErreurConnue) as refus:
        session(double).messages()
    assert refus.value.code == "SERVEUR_INJOIGNABLE"

    def trop(*_: str) -> None:
        raise MessageIllisible("trop")

    double.uid = trop
    with pytest.raises(ErreurConnue) as refus:
        session(double).messages()
    assert refus.value.code == "REPONSE_SANS_FIN"


def test_imap_fins_de_ligne() -> None:
    """Whatever the server keeps, the same bytes as by POP3, where every line ends by CRLF."""
    double = ImapDouble(FETCH=("OK", [(b"1 (RFC822.SIZE 9 BODY[] {9}", b"a\r\nb\nc"), b")"]))
    assert session(double).lire(1) == b"a\r\nb\r\nc\r\n"


@pytest.mark.parametrize(
    ("nom", "ecrit"),
    [
        ("INBOX", '"INBOX"'), ("~peter/mail/台北/日本語", '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'),  # RFC 3501, 5.1.3
        ("A & B", '"A &- B"'), ('un "nom"\\', '"un \\"nom\\"\\\\"'),
    ],
)
def test_imap_nom_de_dossier(nom: str, ecrit: str) -> None:
    assert _guillemets(nom) == ecrit


@pytest.mark.parametrize(
    ("capacites", "mots", "code"),
    [
        (("LOGINDISABLED",), "", "IDENTIFICATION_IMPOSSIBLE"), ((), "[INUSE] occupee", "BOITE_OCCUPEE"),
        ((), "[AUTHENTICATIONFAILED] non", "IDENTIFICATION_REFUSEE"),
        (("AUTH=PLAIN",), "[UNAVAILABLE]", "BOITE_OCCUPEE"),
    ],
)
def test_imap_identification(capacites: tuple[str, ...], mots: str, code: str) -> None:
    def refuser(*_: object) -> None:
        raise imaplib.IMAP4.error(mots)

    double: Any = ImapDouble(capacites)
    double.login = double.authenticate = refuser
    with pytest.raises(ErreurConnue) as refus:
        _identifier(double, courrier(), "secret")
    assert refus.value.code == code
    assert "secret" not in refus.value.phrase()


@pytest.mark.parametrize(("ligne", "lues"), [(b"x" * 98 + b"\r\n", 201), (b"\r\n", 313)], ids=["longues", "vides"])
def test_pop_contenu_plus_gros_qu_annonce(monkeypatch: pytest.MonkeyPatch, ligne: bytes, lues: int) -> None:
    """LIST says 10 bytes, RETR never ends: twice 10,000 bytes are read, a line counting 64 at least."""
    monkeypatch.setattr(module_pop, "TAILLE_MAXIMALE", 10_000)

    class SansFin:
        lignes = 0

        def readline(self, _taille: int) -> bytes:
            self.lignes += 1
            return ligne

    class Pop:
        file: Any = SansFin()

        def list(self, rang: int) -> bytes:
            return b"+OK %d 10" % rang

        def retr(self, _rang: int) -> None:
            while True:
                self.file.readline(2049)

    pop = Pop()
    flux = pop.file
    with pytest.raises(MessageIllisible, match="plus gros"):
        SessionPop(pop, courrier()).lire(1)  # type: ignore[arg-type]
    assert flux.lignes == lues
    assert pop.file is flux


class Fausse:
    """A mailbox in memory."""

    def __init__(self, contenus: list[bytes]) -> None:
        self.contenus = dict(enumerate(contenus, 1))

    def messages(self) -> list[tuple[int, str]]:
        return [(rang, str(rang)) for rang in self.contenus]

    def lire(self, rang: int) -> bytes:
        return self.contenus[rang]

    def supprimer(self, rang: int) -> None:
        del self.contenus[rang]


@pytest.fixture
def boites(monkeypatch: pytest.MonkeyPatch) -> dict[str, Fausse]:
    """A mailbox by account; one that is not there does not answer."""
    presentes = {"RSV": Fausse([b"Subject: un\r\n\r\nun\r\n"]), "SCOR": Fausse([b"Subject: deux\r\n\r\ndeux\r\n"])}

    @contextmanager
    def ouvrir(compte: ParametresCourrier) -> Iterator[Fausse]:
        if compte.nom not in presentes:
            raise injoignable(compte.pop_hote, compte.pop_port)
        yield presentes[compte.nom]

    monkeypatch.setattr(retour, "ouvrir", ouvrir)
    return presentes


def releve(atelier: Atelier, *noms: str) -> Boite:
    comptes = {nom: courrier(nom=nom) for nom in noms}
    return Boite(atelier.base, atelier.rapprochement, comptes)


def test_plusieurs_boites_dont_une_en_panne(atelier: Atelier, boites: dict[str, Fausse]) -> None:
    bilan = releve(atelier, "RSV", "OCT", "SCOR").relever()
    assert (bilan.recus, [(p.boite, p.code) for p in bilan.pannes]) == (2, [("OCT", "SERVEUR_INJOIGNABLE")])
    assert [c.boite for c in Courrier.select().order_by(Courrier.id)] == ["RSV", "SCOR"]
    assert [boite.contenus for boite in boites.values()] == [{}, {}]


def test_une_boite_demandee(atelier: Atelier, boites: dict[str, Fausse]) -> None:
    assert releve(atelier, "RSV", "SCOR").relever(boites=["SCOR"]).recus == 1
    assert boites["RSV"].contenus


def test_une_panne_n_empeche_pas_de_lire_ce_qui_etait_la(atelier: Atelier, boites: dict[str, Fausse]) -> None:
    """Kept just before a death, never read: read at the next try, even when no server answers."""
    service = releve(atelier, "OCT")
    service._courriers.ajouter("0" * 64, b"Subject: hier\r\n\r\nhier\r\n", "2026-03-03T12:00:00.000000+00:00")
    with pytest.raises(ErreurConnue) as refus:
        service.relever()
    assert refus.value.code == "SERVEUR_INJOIGNABLE"
    assert Courrier.get().etat == "quarantaine"


def test_dossier_en_lecture_seule() -> None:
    class LectureSeule:
        def select(self, _dossier: str) -> None:
            raise imaplib.IMAP4.readonly("not writable")

    with pytest.raises(ErreurConnue) as refus:
        module_imap._choisir(LectureSeule(), courrier())  # type: ignore[arg-type]
    assert refus.value.code == "DOSSIER_INACCESSIBLE"
