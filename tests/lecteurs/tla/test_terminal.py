"""The protocol of one terminal, against the terminal in memory, well behaved and not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from sesam_desktop.cartes.tlv import Tlv
from sesam_desktop.lecteurs.emulation_tla import TerminalVirtuel
from sesam_desktop.lecteurs.tla import champs, messages
from sesam_desktop.lecteurs.tla.documents import PatientEmporte, ecrire_patients
from sesam_desktop.lecteurs.tla.messages import MORCEAU, Commande, Etiquette, Message, Statut
from sesam_desktop.lecteurs.tla.refus import refus as refus_de
from sesam_desktop.lecteurs.tla.terminal import Contenu, Entree, GenreTerminal, TerminalTla
from sesam_desktop.noyau.erreurs import ErreurConnue

MIDI = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def patients(nombre: int) -> bytes:
    return ecrire_patients(PatientEmporte("DURAND", f"N{rang}", "19800101", "1801975000001") for rang in range(nombre))


@pytest.fixture
def virtuel() -> TerminalVirtuel:
    return TerminalVirtuel(horloge=lambda: MIDI)


@pytest.fixture
def terminal(virtuel: TerminalVirtuel) -> TerminalTla:
    return TerminalTla(virtuel.traiter, lambda: MIDI)


def code(action: Callable[[], object]) -> str:
    with pytest.raises(ErreurConnue) as erreur:
        action()
    return erreur.value.code


def test_identite(virtuel: TerminalVirtuel, terminal: TerminalTla) -> None:
    virtuel.pannes.avance = timedelta(seconds=-95)
    virtuel.pannes.pile = 42
    virtuel.deposer(bytes(10))
    lu = terminal.identifier()
    assert (lu.genre, lu.numero_serie, lu.pile, lu.documents) == (GenreTerminal.COMPLET, "TLA0000001", 42, 1)
    assert (lu.capacite, lu.libre) == (1 << 18, (1 << 18) - 10)
    assert (lu.horloge, lu.ecart_s) == (MIDI - timedelta(seconds=95), -95)
    assert lu.genre.libelle == "complet"


def test_la_date_se_regle(virtuel: TerminalVirtuel, terminal: TerminalTla) -> None:
    virtuel.pannes.avance = timedelta(days=3)
    terminal.regler_date(MIDI)
    assert terminal.identifier().ecart_s == 0


def test_un_chargement_remplace_le_precedent(virtuel: TerminalVirtuel, terminal: TerminalTla) -> None:
    avancees: list[tuple[int, int]] = []
    terminal.charger(Contenu.PATIENTS, patients(100), lambda f, t: avancees.append((f, t)))
    assert len(virtuel.patients()) == 100
    assert [f for f, _ in avancees] == [*range(0, len(patients(100)), MORCEAU), len(patients(100))]
    terminal.charger(Contenu.PATIENTS, patients(2))
    assert [p.prenom for p in virtuel.patients()] == ["N0", "N1"]
    terminal.charger(Contenu.PATIENTS, b"")
    assert virtuel.patients() == []


def test_un_chargement_coupe_reprend_ou_il_en_etait(virtuel: TerminalVirtuel, terminal: TerminalTla) -> None:
    terminal.charger(Contenu.PATIENTS, patients(1))
    virtuel.pannes.muet_apres = 3  # opening and two pieces
    assert code(lambda: terminal.charger(Contenu.PATIENTS, patients(100))) == "TLA_SANS_REPONSE"
    assert len(virtuel.patients()) == 1
    virtuel.pannes.muet_apres = None
    reprises: list[int] = []
    terminal.charger(Contenu.PATIENTS, patients(100), lambda f, _: reprises.append(f))
    assert reprises[0] == 2 * MORCEAU
    assert len(virtuel.patients()) == 100


def test_une_reponse_perdue_ne_double_rien(virtuel: TerminalVirtuel, terminal: TerminalTla) -> None:
    for commande in (Commande.CHARGER, Commande.MORCEAU, Commande.VALIDER):
        virtuel.pannes.reponses_perdues = [commande]
        assert code(lambda: terminal.charger(Contenu.PATIENTS, patients(60))) == "TLA_SANS_REPONSE"
    terminal.charger(Contenu.PATIENTS, patients(60))
    assert len(virtuel.patients()) == 60


def test_memoire_pleine_l_ancien_contenu_reste(virtuel: TerminalVirtuel) -> None:
    petit = TerminalVirtuel(capacite=3000)
    terminal = TerminalTla(petit.traiter)
    terminal.charger(Contenu.PATIENTS, patients(10))
    assert code(lambda: terminal.charger(Contenu.PATIENTS, patients(80))) == "TLA_MEMOIRE_PLEINE"
    assert len(petit.patients()) == 10
    assert code(lambda: terminal.charger(Contenu.PATIENTS, bytes(1 << 21))) == "TLA_MEMOIRE_PLEINE"
    with pytest.raises(ErreurConnue, match="pleine"):
        petit.deposer(bytes(3000))


def test_un_terminal_reduit_ne_prend_pas_de_factures() -> None:
    terminal = TerminalTla(TerminalVirtuel(GenreTerminal.REDUIT).traiter)
    assert terminal.identifier().genre is GenreTerminal.REDUIT
    assert code(lambda: terminal.charger(Contenu.FACTURES, b"")) == "TLA_REFUSE"


def test_la_pile_faible_laisse_decharger(virtuel: TerminalVirtuel, terminal: TerminalTla) -> None:
    virtuel.deposer(b"document")
    virtuel.pannes.pile = 5
    assert code(lambda: terminal.charger(Contenu.PATIENTS, b"")) == "TLA_PILE_FAIBLE"
    assert code(lambda: terminal.vider("TLA0000001")) == "TLA_PILE_FAIBLE"
    (entree,) = terminal.lister()
    assert terminal.lire(entree) == b"document"


def test_lister_lire_acquitter(virtuel: TerminalVirtuel, terminal: TerminalTla) -> None:
    contenus = [bytes([rang]) * (rang * 100 + 1) for rang in range(45)]
    for octets in contenus:
        virtuel.deposer(octets)
    entrees = terminal.lister()
    assert [e.empreinte for e in entrees] == [hashlib.sha256(octets).digest() for octets in contenus]
    assert [terminal.lire(e) for e in entrees] == contenus
    autre = Entree(entrees[0].identifiant, bytes(32), 1)
    assert code(lambda: terminal.acquitter(autre)) == "TLA_EMPREINTE"
    for entree in entrees:
        terminal.acquitter(entree)
        terminal.acquitter(entree)  # as after a lost answer
    assert terminal.lister() == []
    assert code(lambda: terminal.lire(entrees[0])) == "TLA_DOCUMENT_INCONNU"


def test_vider_ne_perd_aucun_document(virtuel: TerminalVirtuel, terminal: TerminalTla) -> None:
    terminal.charger(Contenu.PATIENTS, patients(3))
    virtuel.deposer(b"document")
    assert code(lambda: terminal.vider("TLA0000001")) == "TLA_NON_DECHARGE"
    (entree,) = terminal.lister()
    terminal.acquitter(entree)
    assert code(lambda: terminal.vider("TLA0000002")) == "TLA_REFUSE"
    assert len(virtuel.patients()) == 3
    terminal.vider("TLA0000001")
    assert virtuel.patients() == []


def test_une_reponse_abimee_est_redemandee(virtuel: TerminalVirtuel) -> None:
    vues: list[bytes] = []

    def bruit(message: bytes) -> bytes:
        vues.append(message)
        reponse = virtuel.traiter(message)
        return reponse[:-1] if len(vues) % 3 else reponse

    assert TerminalTla(bruit).identifier().numero_serie == "TLA0000001"
    assert len(vues) == 3
    assert len(set(vues)) == 1  # the same question, under the same number
    assert code(TerminalTla(lambda m: b"bruit").identifier) == "TLA_ILLISIBLE"


def test_une_question_abimee_en_chemin_est_reposee(virtuel: TerminalVirtuel) -> None:
    essais: list[int] = []

    def bruit(message: bytes) -> bytes:
        essais.append(1)
        return virtuel.traiter(message if len(essais) > 1 else message[:-1] + b"?")

    # an unreadable question has no number to repeat: the answer is told apart by it
    assert TerminalTla(bruit).identifier().numero_serie == "TLA0000001"
    assert code(TerminalTla(lambda m: virtuel.traiter(b"")).identifier) == "TLA_ILLISIBLE"


def test_la_reponse_tardive_d_une_autre_question_est_ecartee(virtuel: TerminalVirtuel) -> None:
    tardive = virtuel.traiter(messages.ecrire(Message(Commande.IDENTIFIER, 999)))
    file = [tardive]
    terminal = TerminalTla(lambda m: file.pop() if file else virtuel.traiter(m))
    assert terminal.identifier().numero_serie == "TLA0000001"


def repondre(*objets: Tlv, statut: int = 0) -> Callable[[bytes], bytes]:
    def traiter(octets: bytes) -> bytes:
        question = messages.lire(octets)
        tete = Tlv(Etiquette.STATUT, bytes([statut]))
        return messages.ecrire(Message(question.code | 0x80, question.numero, (tete, *objets)))

    return traiter


def test_un_terminal_qui_ment_n_est_pas_suivi() -> None:
    entree = Entree("D1", bytes(32), 10)
    position = champs.entier(Etiquette.POSITION, 0)
    assert code(lambda: TerminalTla(repondre(Tlv(Etiquette.OCTETS, b""))).lire(entree)) == "TLA_ILLISIBLE"
    assert code(lambda: TerminalTla(repondre(Tlv(Etiquette.OCTETS, bytes(11)))).lire(entree)) == "TLA_ILLISIBLE"
    assert code(lambda: TerminalTla(repondre(position)).charger(Contenu.PATIENTS, b"abc")) == "TLA_ILLISIBLE"
    une = Tlv(Etiquette.DOCUMENT, b"\xd0\x02D1\xcc\x20" + bytes(32) + b"\xcd\x01\x01")
    assert code(TerminalTla(repondre(*[une] * 40)).lister) == "TLA_ILLISIBLE"  # a list without end
    assert code(TerminalTla(repondre()).identifier) == "TLA_ILLISIBLE"


@pytest.mark.parametrize(
    ("statut", "attendu"),
    [
        (Statut.COMMANDE_INCONNUE, "TLA_COMMANDE_INCONNUE"), (Statut.HORS_SEQUENCE, "TLA_HORS_SEQUENCE"),
        (Statut.VERSION, "TLA_VERSION"), (0x7F, "TLA_COMMANDE_INCONNUE"),
    ],
)
def test_chaque_refus_a_sa_phrase(statut: int, attendu: str) -> None:
    assert code(TerminalTla(repondre(statut=statut)).identifier) == attendu
    assert refus_de(statut).action


def test_un_genre_inconnu_et_un_terminal_qui_ne_comprend_jamais() -> None:
    inconnu = repondre(champs.entier(Etiquette.GENRE, 9), champs.instant(Etiquette.HORLOGE, MIDI))
    with pytest.raises(ErreurConnue, match="genre de terminal"):
        TerminalTla(inconnu).identifier()
    with pytest.raises(ErreurConnue, match="ne comprend pas"):
        TerminalTla(repondre(statut=Statut.ILLISIBLE)).identifier()


def test_le_terminal_garde_le_fil_d_un_chargement(virtuel: TerminalVirtuel) -> None:
    """Pieces of no load, with a hole, too long; a load confirmed before its end."""

    def dire(commande: Commande, *objets: Tlv) -> int:
        reponse = messages.lire(virtuel.traiter(messages.ecrire(Message(commande, 1, objets))))
        return reponse.champs.octets(Etiquette.STATUT, 1)[0]

    empreinte = Tlv(Etiquette.EMPREINTE, hashlib.sha256(b"abc").digest())

    def morceau(position: int, octets: bytes) -> int:
        objets = empreinte, champs.entier(Etiquette.POSITION, position), Tlv(Etiquette.OCTETS, octets)
        return dire(Commande.MORCEAU, *objets)

    assert morceau(0, b"abc") == Statut.HORS_SEQUENCE
    assert dire(Commande.VALIDER, empreinte) == Statut.EMPREINTE
    genre, taille = champs.entier(Etiquette.CONTENU, Contenu.PATIENTS), champs.entier(Etiquette.TAILLE, 3)
    assert dire(Commande.CHARGER, genre, empreinte, taille) == Statut.FAIT
    assert morceau(1, b"bc") == Statut.HORS_SEQUENCE
    assert morceau(0, b"abcd") == Statut.HORS_SEQUENCE
    assert dire(Commande.VALIDER, empreinte) == Statut.EMPREINTE
    assert (morceau(0, b"ab"), morceau(0, b"ab"), morceau(2, b"c")) == (Statut.FAIT,) * 3
    assert dire(Commande.VALIDER, empreinte) == Statut.FAIT
    assert dire(Commande.CHARGER, champs.entier(Etiquette.CONTENU, 9), empreinte, taille) == Statut.REFUSE
