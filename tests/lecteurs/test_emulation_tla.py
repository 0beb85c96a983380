"""The terminal in memory: what it does at the bedside, what it keeps, and that it never breaks on bad bytes."""

from __future__ import annotations

import threading
import zlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.lecteurs.canal import CanalProgrammable
from sesam_desktop.lecteurs.canal_tla import CanalTla
from sesam_desktop.lecteurs.emulation_tla import TerminalVirtuel
from sesam_desktop.lecteurs.tla import documents, messages
from sesam_desktop.lecteurs.tla.documents import ActeNote, FactureEmportee, FactureSignee, Lecture
from sesam_desktop.lecteurs.tla.messages import Commande, Message
from sesam_desktop.lecteurs.tla.terminal import Contenu, TerminalTla
from sesam_desktop.noyau.erreurs import ErreurConnue
from tests.lecteurs.doubles import vitale

INSTANT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DURAND = FactureEmportee(
    "000000001", "DURAND", "PAUL", "19850412", ("1851972000001",), date(2026, 3, 2), 1000, 350, b"octets canoniques"
)


@pytest.fixture
def terminal(tmp_path: Path) -> TerminalVirtuel:
    terminal = TerminalVirtuel(horloge=lambda: INSTANT, chemin=tmp_path / "tla" / "memoire.json")
    TerminalTla(terminal.traiter).charger(Contenu.FACTURES, documents.ecrire_factures([DURAND]))
    return terminal


def dernier(terminal: TerminalVirtuel) -> documents.Document:
    client = TerminalTla(terminal.traiter)
    return documents.lire_document(client.lire(client.lister()[-1]))


def test_la_vitale_du_patient_signe(terminal: TerminalVirtuel) -> None:
    terminal.signer("000000001", vitale("assure"))
    signee = dernier(terminal)
    assert isinstance(signee, FactureSignee)
    assert (signee.numero, signee.signee_le, signee.nirs) == ("000000001", INSTANT, ("1851972000001",))
    # by sha256sum; the double's signature ends with the digest that the chip was given
    assert signee.empreinte.hex() == "31a586d0f357389b5068fd17680efefc84cb78f00e4acd442d90fcc0b2d1dbbf"
    assert signee.signature.endswith(signee.empreinte)
    assert terminal.factures() == []
    with pytest.raises(ErreurConnue, match="pas à signer"):
        terminal.signer("000000001", vitale("assure"))


def test_une_autre_vitale_est_refusee(terminal: TerminalVirtuel) -> None:
    with pytest.raises(ErreurConnue) as erreur:
        terminal.signer("000000001", vitale("famille"))
    assert erreur.value.code == "MAUVAISE_VITALE"
    assert len(terminal.factures()) == 1


def test_une_visite_se_note(terminal: TerminalVirtuel) -> None:
    terminal.noter(b"zones", 2, [ActeNote("AMI")])
    assert dernier(terminal) == Lecture(INSTANT, b"zones", 2, (ActeNote("AMI"),))


def test_la_memoire_survit_a_l_extinction(terminal: TerminalVirtuel, tmp_path: Path) -> None:
    terminal.signer("000000001", vitale("assure"))
    rallume = TerminalVirtuel(horloge=lambda: INSTANT, chemin=tmp_path / "tla" / "memoire.json")
    assert dernier(rallume) == dernier(terminal)
    assert rallume.factures() == []
    client = TerminalTla(rallume.traiter)
    client.acquitter(*client.lister())
    client.vider("TLA0000001")
    eteint = TerminalVirtuel(chemin=tmp_path / "tla" / "memoire.json")
    assert (eteint.factures(), TerminalTla(eteint.traiter).lister()) == ([], [])
    assert eteint.deposer(b"x") == "D000002"  # a name is never given twice


@given(st.binary(max_size=100), st.sampled_from(list(Commande)))
def test_des_octets_quelconques_recoivent_une_reponse(octets: bytes, commande: Commande) -> None:
    terminal = TerminalVirtuel()
    assert messages.lire(terminal.traiter(octets)).code == messages.REPONSE
    corps = messages.ecrire(Message(commande, 1))[:4] + octets
    reponse = messages.lire(terminal.traiter(corps + zlib.crc32(corps).to_bytes(4, "big")))
    assert reponse.code in (commande | messages.REPONSE, messages.REPONSE)


def test_une_commande_inconnue_et_une_autre_version() -> None:
    terminal = TerminalVirtuel()
    inconnue = messages.lire(terminal.traiter(messages.ecrire(Message(0x7E, 3))))
    assert (inconnue.numero, inconnue.champs.octets(messages.Etiquette.STATUT)) == (3, b"\x01")
    corps = bytes([9, 1, 0, 0])
    autre = messages.lire(terminal.traiter(corps + zlib.crc32(corps).to_bytes(4, "big")))
    assert autre.champs.octets(messages.Etiquette.STATUT) == b"\x09"


def test_le_canal_virtuel(terminal: TerminalVirtuel) -> None:
    canal = CanalTla({"socle": terminal.traiter})
    assert isinstance(canal, CanalProgrammable)
    assert (canal.fentes(), canal.logiciels()) == ([], ["socle"])
    assert TerminalTla(lambda m: canal.dialoguer("socle", m, 1.0)).identifier().preparees == 1
    with pytest.raises(ErreurConnue) as erreur:
        canal.connecter("socle")
    assert erreur.value.code == "CARTE_ABSENTE"
    canal.enlever("socle")
    with pytest.raises(ErreurConnue) as erreur:
        canal.dialoguer("socle", b"", 1.0)
    assert erreur.value.code == "LECTEUR_ABSENT"
    canal.poser("autre", terminal.traiter)
    vues: list[list[object]] = []
    veille = threading.Thread(target=canal.surveiller, args=(vues.append,))
    veille.start()
    canal.fermer()
    veille.join(2)
    assert (vues, veille.is_alive(), canal.logiciels()) == ([[]], False, [])
