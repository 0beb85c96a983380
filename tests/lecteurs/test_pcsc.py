"""PC/SC statuses turned into sentences, against a small stand-in for pyscard's functions (the real one: parcours)."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from smartcard import scard

from sesam_desktop.lecteurs import pcsc, pcsc_session
from sesam_desktop.lecteurs.canal import Etat, Fente
from sesam_desktop.lecteurs.emulation_vitale import ATR_VITALE2
from sesam_desktop.noyau.erreurs import ErreurConnue

PRESENTE = scard.SCARD_STATE_PRESENT | scard.SCARD_STATE_CHANGED | 1 << 16
VIDE = scard.SCARD_STATE_EMPTY | 2 << 16


class FauxPcsc:
    """The functions of PC/SC over one list of slots; each may be told to fail."""

    def __init__(self) -> None:
        self.fentes: list[tuple[str, int, bytes]] = [("Lecteur 1", PRESENTE, ATR_VITALE2)]
        self.contexte = self.liste = self.debut = self.reprise = 0
        self.connexions: list[int] = []
        self.echanges: list[tuple[int, list[int]]] = []
        self.changements: list[tuple[int, list[tuple[str, int, bytes]]]] = []
        self.appels: list[str] = []
        self.dit_les_branchements = False
        self.annule = threading.Event()

    def SCardEstablishContext(self, _: int) -> tuple[int, int]:
        self.appels.append("contexte")
        return self.contexte, 1

    def SCardReleaseContext(self, _: int) -> int:
        self.appels.append("fin")
        return 0

    def SCardListReaders(self, *_: Any) -> tuple[int, list[str]]:
        code = self.liste or (0 if self.fentes else scard.SCARD_E_NO_READERS_AVAILABLE)
        return code, [f[0] for f in self.fentes]

    def SCardGetStatusChange(self, _: int, delai: int, demandes: list[tuple[str, int]]) -> tuple[int, list[Any]]:
        branchement = [(nom, etat, []) for nom, etat in demandes if nom.startswith("\\\\?PnP?")]
        if branchement and not self.dit_les_branchements:
            return scard.SCARD_E_UNKNOWN_READER, []
        if delai:
            code, etats = self._attendre(delai)
        elif len(demandes) == len(branchement):
            code, etats = scard.SCARD_E_TIMEOUT, []
        else:
            code, etats = 0, [f for f in self.fentes if f[0] in [d[0] for d in demandes]]
        return code, branchement + etats

    def _attendre(self, delai: int) -> tuple[int, list[Any]]:
        if self.changements:
            return self.changements.pop(0)
        self.annule.wait(delai / 1000)
        return scard.SCARD_E_CANCELLED if self.annule.is_set() else scard.SCARD_E_TIMEOUT, []

    def SCardCancel(self, _: int) -> int:
        self.annule.set()
        return 0

    def SCardConnect(self, *_: Any) -> tuple[int, int, int]:
        return (self.connexions.pop(0) if self.connexions else 0), 7, 1

    def SCardReconnect(self, *_: Any) -> tuple[int, int]:
        self.appels.append("reconnexion")
        return self.reprise, 1

    def SCardBeginTransaction(self, _: int) -> int:
        code, self.debut = self.debut, 0
        return code

    def SCardTransmit(self, *_: Any) -> tuple[int, list[int]]:
        self.appels.append("echange")
        return self.echanges.pop(0)

    def SCardEndTransaction(self, *_: Any) -> int:
        return 0

    def SCardDisconnect(self, _: int, comment: int) -> int:
        self.appels.append("reset" if comment == scard.SCARD_RESET_CARD else "laisse")
        return 0


@pytest.fixture
def faux(monkeypatch: pytest.MonkeyPatch) -> FauxPcsc:
    faux = FauxPcsc()
    for nom in dir(faux):
        if nom.startswith("SCard"):
            monkeypatch.setattr(scard, nom, getattr(faux, nom))
    monkeypatch.setattr(pcsc_session, "PAUSE", 0)
    return faux


def test_etats_des_fentes(faux: FauxPcsc) -> None:
    faux.fentes = [
        ("A", PRESENTE, ATR_VITALE2),
        ("B", VIDE, b""),
        ("C", PRESENTE | scard.SCARD_STATE_MUTE, b""),
        ("D", PRESENTE | scard.SCARD_STATE_EXCLUSIVE, ATR_VITALE2),
        ("E", PRESENTE, b"\x3b\x00"),
    ]
    fentes = pcsc.CanalPcsc().fentes()
    assert [f.etat for f in fentes] == [Etat.PRESENTE, Etat.VIDE, Etat.MUETTE, Etat.OCCUPEE, Etat.INCONNUE]
    assert [f.passage for f in fentes] == [1, 2, 1, 1, 1]


@pytest.mark.parametrize(
    ("lecteur", "retenu"),
    [
        ("Virtual PCD 00 00", True),
        ("OMNIKEY AG CardMan 3121 00 00", True),
        ("Identive CLOUD 3700 F Contact Reader 0", True),
        ("Ingenico Telium 00 01", True),
        ("Ingenico TL TELIUM 3 0", True),
        ("Identive CLOUD 2700 R Smart Card Reader 1", True),
        ("FEI Smart Card CV2 0", True),
        ("FEI USB Card Reader/QR Scanner 01", True),
        ("F600 F600 Smart Card Reader 02", True),
        ("SMSC SMSC USX101x Reader 01", True),
        ("Gemplus GCR410 0", True),
        ("FEI Smart Card NFC 0", False),
        ("Yubico YubiKey OTP+FIDO+CCID 00 00", False),
        ("Windows Hello for Business 1", False),
        ("Microsoft Virtual Smart Card 0", False),
        ("Microsoft UICC ISO Reader 0", False),
        ("HID Global OMNIKEY 5422CL Smartcard Reader 00 00", False),
        ("ACS ACR1252 1S CL Reader PICC 0", False),
        ("Lecteur sans contact 0", False),
        ("XIRING Leo NFC 00 00", False),
    ],
)
def test_lecteurs_retenus(faux: FauxPcsc, lecteur: str, retenu: bool) -> None:
    faux.fentes = [(lecteur, VIDE, b"")]
    assert bool(pcsc.CanalPcsc().fentes()) is retenu


def test_aucun_lecteur(faux: FauxPcsc) -> None:
    faux.fentes = []
    assert pcsc.CanalPcsc().fentes() == []


@pytest.mark.parametrize("ou", ["contexte", "liste"])
def test_service_arrete(faux: FauxPcsc, ou: str) -> None:
    setattr(faux, ou, scard.SCARD_E_NO_SERVICE)
    for essai in (pcsc.CanalPcsc().fentes, lambda: pcsc.CanalPcsc().surveiller(print)):
        with pytest.raises(ErreurConnue, match="8010001D") as refus:
            essai()
        assert refus.value.code == "SERVICE_CARTES_ARRETE"


@pytest.mark.parametrize(
    ("code", "attendu"),
    [
        (scard.SCARD_E_NO_SMARTCARD, "CARTE_ABSENTE"),
        (scard.SCARD_W_REMOVED_CARD, "CARTE_ABSENTE"),
        (scard.SCARD_W_UNRESPONSIVE_CARD, "CARTE_MUETTE"),
        (scard.SCARD_W_UNPOWERED_CARD, "CARTE_MUETTE"),
        (scard.SCARD_E_SHARING_VIOLATION, "CARTE_OCCUPEE"),
        (scard.SCARD_E_UNKNOWN_READER, "LECTEUR_ABSENT"),
        (scard.SCARD_E_NO_SERVICE, "SERVICE_CARTES_ARRETE"),
    ],
)
def test_connexion_refusee(faux: FauxPcsc, code: int, attendu: str) -> None:
    faux.connexions = [code] * pcsc_session.ESSAIS
    with pytest.raises(ErreurConnue) as refus:
        pcsc.CanalPcsc().connecter("Lecteur 1")
    assert refus.value.code == attendu
    assert faux.appels.count("contexte") == faux.appels.count("fin")


def test_connexion_apres_un_hoquet(faux: FauxPcsc) -> None:
    faux.connexions = [scard.SCARD_W_UNRESPONSIVE_CARD, scard.SCARD_F_COMM_ERROR, scard.SCARD_E_NOT_READY]
    with pcsc.CanalPcsc().connecter("Lecteur 1") as session:
        assert session.fente.carte.est_vitale
    assert faux.appels[-2:] == ["reset", "fin"]


def test_reprise_apres_le_reset_d_un_autre_logiciel(faux: FauxPcsc) -> None:
    faux.debut = scard.SCARD_W_RESET_CARD
    pcsc.CanalPcsc().connecter("Lecteur 1").fermer()
    assert "reconnexion" in faux.appels


def test_transaction_refusee_ne_laisse_rien_de_pris(faux: FauxPcsc) -> None:
    faux.debut, faux.reprise = scard.SCARD_W_RESET_CARD, scard.SCARD_W_REMOVED_CARD
    with pytest.raises(ErreurConnue) as refus:
        pcsc.CanalPcsc().connecter("Lecteur 1")
    assert refus.value.code == "CARTE_ABSENTE"
    assert faux.appels[-2:] == ["laisse", "fin"]


def test_lecteur_debranche_avant_la_connexion(faux: FauxPcsc) -> None:
    with pytest.raises(ErreurConnue) as refus:
        pcsc.CanalPcsc().connecter("Lecteur 9")
    assert refus.value.code == "LECTEUR_ABSENT"
    canal = pcsc.CanalPcsc()
    canal.fermer()
    with pytest.raises(ErreurConnue):
        canal.connecter("Lecteur 1")


LIRE, VERIFIER = bytes.fromhex("00B0000000"), bytes.fromhex("002000010431323334")


def test_une_lecture_est_reprise_quatre_fois(faux: FauxPcsc) -> None:
    hoquet = (scard.SCARD_E_NOT_TRANSACTED, [])
    faux.echanges = [hoquet, hoquet, (0, []), (0, [0xAA, 0x90, 0x00])]
    with pcsc.CanalPcsc().connecter("Lecteur 1") as session:
        assert session.transmettre(LIRE) == (b"\xaa", 0x9000)


def test_un_code_n_est_jamais_renvoye(faux: FauxPcsc) -> None:
    faux.echanges = [(scard.SCARD_E_NOT_TRANSACTED, [])]
    with pcsc.CanalPcsc().connecter("Lecteur 1") as session, pytest.raises(ErreurConnue) as refus:
        session.transmettre(VERIFIER)
    assert refus.value.code == "CARTE_MUETTE"
    assert faux.appels.count("echange") == 1


def _echec(faux: FauxPcsc, code: int) -> str:
    with pcsc.CanalPcsc().connecter("Lecteur 1") as session:
        faux.echanges = [(code, [])] * pcsc_session.ESSAIS
        with pytest.raises(ErreurConnue) as refus:
            session.transmettre(LIRE)
    with pytest.raises(ErreurConnue):
        session.transmettre(LIRE)
    return refus.value.code


def test_arrachee_dite_par_le_lecteur(faux: FauxPcsc) -> None:
    assert _echec(faux, scard.SCARD_W_REMOVED_CARD) == "CARTE_RETIREE"


def test_arrachee_vue_un_instant_apres(faux: FauxPcsc) -> None:
    faux.changements = [(0, [("Lecteur 1", VIDE, b"")])]
    assert _echec(faux, scard.SCARD_S_SUCCESS) == "CARTE_RETIREE"


def test_lecteur_debranche_pendant_l_echange(faux: FauxPcsc) -> None:
    faux.changements = [(scard.SCARD_E_UNKNOWN_READER, [])]
    assert _echec(faux, scard.SCARD_F_COMM_ERROR) == "LECTEUR_ABSENT"


def test_lecteur_rebranche_pendant_l_echange(faux: FauxPcsc) -> None:
    """The handle is of before: the card that answers now is another stay."""
    assert _echec(faux, scard.SCARD_E_READER_UNAVAILABLE) == "LECTEUR_ABSENT"
    assert _echec(faux, scard.SCARD_E_INVALID_HANDLE) == "CARTE_RETIREE"


def test_carte_muette_pendant_l_echange(faux: FauxPcsc) -> None:
    assert _echec(faux, scard.SCARD_E_NOT_TRANSACTED) == "CARTE_MUETTE"


def test_lecteur_parti_entre_deux_questions(faux: FauxPcsc) -> None:
    """Listed, then gone when its state is asked: it is no slot, and the others stay."""
    parti = scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE | scard.SCARD_STATE_CHANGED
    faux.fentes = [("Lecteur 1", PRESENTE, ATR_VITALE2), ("Lecteur 2", parti, b"")]
    assert [f.lecteur for f in pcsc.CanalPcsc().fentes()] == ["Lecteur 1"]
    with pytest.raises(ErreurConnue) as refus:
        pcsc.CanalPcsc().connecter("Lecteur 2")
    assert refus.value.code == "LECTEUR_ABSENT"


def test_carte_partie_a_peine_connectee(faux: FauxPcsc) -> None:
    faux.fentes = [("Lecteur 1", VIDE, b"")]
    with pytest.raises(ErreurConnue) as refus:
        pcsc.CanalPcsc().connecter("Lecteur 1")
    assert refus.value.code == "CARTE_ABSENTE"
    assert faux.appels[-2:] == ["laisse", "fin"]


def test_service_arrete_pendant_l_echange(faux: FauxPcsc) -> None:
    faux.changements = [(scard.SCARD_E_NO_SERVICE, [])]
    assert _echec(faux, scard.SCARD_E_NO_SERVICE) == "SERVICE_CARTES_ARRETE"


def test_un_lecteur_qui_part_pendant_l_attente_n_emporte_pas_les_autres(faux: FauxPcsc) -> None:
    """PC/SC refuses the whole question when one of its readers has just gone: nothing is said until the next list."""
    canal, vues = pcsc.CanalPcsc(), []
    faux.dit_les_branchements = True
    faux.fentes = [("Lecteur 1", PRESENTE, ATR_VITALE2), ("Lecteur 2", VIDE, b"")]
    faux.changements = [(scard.SCARD_E_UNKNOWN_READER, []), (0, [("Lecteur 1", VIDE, b""), ("Lecteur 2", VIDE, b"")])]

    def recevoir(fentes: list[Fente]) -> None:
        vues.append([(f.lecteur, f.etat) for f in fentes])
        if len(vues) == 2:
            canal.fermer()

    canal.surveiller(recevoir)
    assert vues == [
        [("Lecteur 1", Etat.PRESENTE), ("Lecteur 2", Etat.VIDE)],
        [("Lecteur 1", Etat.VIDE), ("Lecteur 2", Etat.VIDE)],
    ]


@pytest.mark.parametrize("branchements", [False, True])
def test_surveillance(faux: FauxPcsc, monkeypatch: pytest.MonkeyPatch, branchements: bool) -> None:
    monkeypatch.setattr(pcsc, "PERIODE_MS", 10)
    monkeypatch.setattr(pcsc, "ATTENTE_MS", 10)
    faux.dit_les_branchements = branchements
    canal, vues = pcsc.CanalPcsc(), []
    suite = [
        lambda: faux.changements.append((0, [("Lecteur 1", VIDE, b"")])),
        lambda: faux.fentes.clear(),
        lambda: faux.fentes.append(("Lecteur 2", PRESENTE, ATR_VITALE2)),
        canal.fermer,
    ]

    def recevoir(fentes: list[Fente]) -> None:
        vues.append([(f.lecteur, f.etat) for f in fentes])
        suite.pop(0)()

    fil = threading.Thread(target=canal.surveiller, args=(recevoir,))
    fil.start()
    fil.join(5)
    assert not fil.is_alive()
    assert vues == [[("Lecteur 1", Etat.PRESENTE)], [("Lecteur 1", Etat.VIDE)], [], [("Lecteur 2", Etat.PRESENTE)]]
