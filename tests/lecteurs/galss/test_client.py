"""The GALSS client calls over virtual readers: sessions, exclusivity, reader commands, numeric errors."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from sesam_desktop.lecteurs.canal import Logiciel
from sesam_desktop.lecteurs.emulation import PuceVirtuelle
from sesam_desktop.lecteurs.galss import galss_ini, ressources
from sesam_desktop.lecteurs.galss.client import ClientGalss, numerique
from sesam_desktop.lecteurs.galss.exclusivites import SESSIONS_MAX, Partage
from sesam_desktop.lecteurs.gestionnaire import Gestionnaire
from sesam_desktop.lecteurs.virtuel import CanalVirtuel
from sesam_desktop.noyau.erreurs import ErreurConnue
from tests.lecteurs.doubles import cps, vitale

from .fichiers import PCSC, SERIE, octets

GAUCHE, DROITE = "gauche", "droite"
PRESENCE, SOUS_TENSION, HORS_TENSION, RETRAIT = b"\0\1\x16", b"\0\1\x14", b"\0\1\x15\0", b"\0\1\x15\1"
NUMERO_SERIE = bytes.fromhex("80CA9F7F00")


class Horloge:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.instant = 0.0
        self.attentes: list[float] = []

    def __call__(self) -> float:
        return self.instant

    def dormir(self, duree: float) -> None:
        self.attentes.append(duree)
        self.instant += duree


@pytest.fixture
def canal() -> CanalVirtuel:
    return CanalVirtuel({GAUCHE: cps(), DROITE: vitale()})


@pytest.fixture
def gestionnaire(canal: CanalVirtuel) -> Iterator[Gestionnaire]:
    gestionnaire = Gestionnaire([canal], delai=1.0)
    yield gestionnaire
    gestionnaire.fermer()


@pytest.fixture
def horloge() -> Horloge:
    return Horloge()


@pytest.fixture
def client(gestionnaire: Gestionnaire, horloge: Horloge) -> Iterator[ClientGalss]:
    table = ressources.table(gestionnaire.fentes())
    client = ClientGalss(gestionnaire, table, Partage(horloge=horloge, dormir=horloge.dormir))
    yield client
    client.fermer()


def refus(code: str) -> pytest.RaisesExc[ErreurConnue]:
    return pytest.raises(ErreurConnue, check=lambda erreur: erreur.code == f"GALSS_{code}")


def apdu(compteur: int, commande: str, sens: int = 1) -> bytes:
    return bytes([0, 1, sens, compteur]) + bytes.fromhex(commande)


def test_ouvrir_par_nom_ou_alias(client: ClientGalss) -> None:
    assert client.ouvrir_session("facturation", "CPS") == (1, 1)
    assert client.ouvrir_session("lecture", "transpa2") == (2, 1)
    assert client.ouvrir_session("entretien", "Log_SV") == (3, 0)
    assert (client.fermer_session(2), client.fermer_session(1)) == (0, 0)
    with refus("1000"):
        client.fermer_session(1)


def test_parametres_des_noms(client: ClientGalss) -> None:
    for appli, ressource in (("", "CPS"), ("a" * 17, "CPS"), ("a", ""), ("a", "r" * 9)):
        with refus("4000"):
            client.ouvrir_session(appli, ressource)
    with refus("2000") as refuse:
        client.ouvrir_session("a", "CPS1")
    assert refuse.value.ou == "CPS1"


def test_un_nom_d_application_par_session(client: ClientGalss) -> None:
    client.ouvrir_session("facturation", "CPS")
    with refus("0800"):
        client.ouvrir_session("facturation", "Vitale")
    assert client.ouvrir_session_unique("facturation", "Vitale") == (2, 1, "facturation_001")
    with refus("0800"):
        client.ouvrir_session("facturation_001", "Vitale")
    with refus("2000"):
        client.ouvrir_session_unique("facturation", "Absente")
    client.fermer_session(1)
    assert client.ouvrir_session("facturation", "CPS") == (3, 1)


def test_plus_de_session(client: ClientGalss) -> None:
    for _ in range(SESSIONS_MAX):
        client.ouvrir_session_unique("a", "CPS")
    with refus("0002"):
        client.ouvrir_session_unique("a", "CPS")


def test_exclusivite_attendue_puis_refusee(client: ClientGalss, horloge: Horloge) -> None:
    """25 s by steps of 100 ms: 250 waits, give or take the last one."""
    numero = client.debut_exclusivite("une", "CPS")
    with refus("0008"):
        client.debut_exclusivite("une", "CPS")
    with refus("0004"):
        client.debut_exclusivite("autre", "TRANSPA1")
    assert set(horloge.attentes) == {0.1}
    assert horloge.instant == pytest.approx(25, abs=0.11)
    assert client.debut_exclusivite("autre", "Vitale") == numero + 1
    client.fin_exclusivite(numero)
    assert client.debut_exclusivite("autre", "CPS") == numero + 2
    with refus("1000"):
        client.fin_exclusivite(numero)


def test_exclusivite_obtenue_pendant_l_attente(gestionnaire: Gestionnaire) -> None:
    table = ressources.table(gestionnaire.fentes())
    client = ClientGalss(gestionnaire, table, Partage(dormir=lambda _: client.fin_exclusivite(numero)))
    numero = client.debut_exclusivite("une", "CPS")
    assert client.debut_exclusivite("autre", "CPS") == numero + 1


def test_un_canal_pris_refuse_les_echanges_des_autres(client: ClientGalss) -> None:
    session, _ = client.ouvrir_session("une", "CPS")
    client.debut_exclusivite("autre", "CPS")
    with refus("0004"):
        client.echange(session, PRESENCE)


def test_fermer_rend_l_exclusivite(client: ClientGalss) -> None:
    session, _ = client.ouvrir_session("une", "CPS")
    numero = client.debut_exclusivite("une", "CPS")
    assert client.fermer_session(session) == numero
    assert client.debut_exclusivite("autre", "CPS") == numero + 1


def test_deux_clients_se_disputent_un_canal(gestionnaire: Gestionnaire, horloge: Horloge) -> None:
    """One name in two clients is two applications; what a client held is free once it is gone."""
    table, partage = ressources.table(gestionnaire.fentes()), Partage(horloge=horloge, dormir=horloge.dormir)
    un, autre = ClientGalss(gestionnaire, table, partage), ClientGalss(gestionnaire, table, partage)
    numero = un.debut_exclusivite("facturation", "CPS")
    session, _ = autre.ouvrir_session("facturation", "CPS")
    with refus("0004"):
        autre.echange(session, SOUS_TENSION)
    with refus("0004"):
        autre.debut_exclusivite("facturation", "CPS")
    with refus("1000"):
        autre.fin_exclusivite(numero)
    with refus("0800"):
        un.ouvrir_session("facturation", "Vitale")
    with refus("1000"):
        un.echange(session, PRESENCE)
    un.fermer()
    assert autre.debut_exclusivite("facturation", "CPS") == numero + 1
    assert autre.echange(session, SOUS_TENSION)[:2] == bytes([0, 3])
    autre.fermer()


def test_exclusivite_d_un_nom_rendu_unique(client: ClientGalss) -> None:
    client.ouvrir_session("facturation", "Vitale")
    session, _, nom = client.ouvrir_session_unique("facturation", "CPS")
    client.debut_exclusivite(nom, "CPS")
    assert client.echange(session, PRESENCE)[0] == 0


def test_contexte(client: ClientGalss) -> None:
    session, _ = client.ouvrir_session("une", "CPS")
    with refus("0020"):
        client.lire_contexte(1, session)
    client.ecrire_contexte(1, session, b"etat")
    assert client.lire_contexte(1, session) == b"etat"
    with refus("0020"):
        client.lire_contexte(2, session)
    with refus("4000"):
        client.ecrire_contexte(1, session, b"")
    with refus("4000"):
        client.ecrire_contexte(0x10000, session, b"etat")
    for ordre in range(2, 17):
        client.ecrire_contexte(ordre, session, b"etat")
    with refus("0002"):
        client.ecrire_contexte(17, session, b"etat")
    client.ecrire_contexte(16, session, b"autre")
    with refus("0010"):
        client.ecrire_contexte(1, session, bytes(0x10000))
    client.fermer_session(session)
    with refus("1000"):
        client.lire_contexte(1, session)


def test_une_carte_du_debut_a_la_fin(client: ClientGalss, canal: CanalVirtuel) -> None:
    session, _ = client.ouvrir_session("une", "Vitale")
    assert client.echange(session, PRESENCE) == bytes([0x00, 1, 0])
    assert client.echange(session, SOUS_TENSION) == bytes([0x00, 3, 0]) + vitale().atr
    assert client.echange(session, PRESENCE) == bytes([0x00, 3, 0])
    donnees = client.echange(session, apdu(0, "00A40400" + "00", 2))
    assert (donnees[:3], len(donnees) >= 5) == (bytes([0x00, 3, 0]), True)
    assert client.echange(session, HORS_TENSION) == bytes([0x00, 1, 0])
    assert client.echange(session, RETRAIT) == bytes([0x12, 1, 0])
    canal.retirer(DROITE)
    assert client.echange(session, RETRAIT) == bytes([0x00, 0, 0])
    assert client.echange(session, PRESENCE) == bytes([0x00, 0, 0])


def test_meme_reponse_que_la_carte(client: ClientGalss, gestionnaire: Gestionnaire) -> None:
    """Each direction carries the command as it is; in-out follows 61xx to the end."""
    lire = "00B08200" + "04"
    with gestionnaire.ouvrir("vitale") as directe:
        attendu, sw = directe.transmettre(bytes.fromhex(lire))
    session, _ = client.ouvrir_session("une", "Vitale")
    client.echange(session, SOUS_TENSION)
    assert client.echange(session, apdu(0, lire)) == bytes([0, 3, 0]) + attendu + sw.to_bytes(2, "big")
    assert client.echange(session, apdu(0, lire, 2))[-2:] == sw.to_bytes(2, "big")


def test_carte_remplacee_statut_16(client: ClientGalss, canal: CanalVirtuel) -> None:
    """Another card in the same slot never answers under the counter of the first."""
    session, _ = client.ouvrir_session("une", "Vitale")
    client.echange(session, SOUS_TENSION)
    canal.inserer(DROITE, vitale("famille"))
    assert client.echange(session, apdu(0, "00B0820004")) == bytes([0x16, 1, 1])
    assert client.echange(session, apdu(0, "00B0820004")) == bytes([0x03, 1, 1])
    assert client.echange(session, SOUS_TENSION)[:3] == bytes([0x00, 3, 1])
    assert client.echange(session, apdu(0, "00B0820004")) == bytes([0x16, 1, 1])


def test_carte_retiree_statut_17(client: ClientGalss, canal: CanalVirtuel) -> None:
    session, _ = client.ouvrir_session("une", "Vitale")
    client.echange(session, SOUS_TENSION)
    canal.retirer(DROITE)
    assert client.echange(session, PRESENCE) == bytes([0x00, 0, 1])
    assert client.echange(session, apdu(0, "00B0820004"))[:2] == bytes([0x17, 0])
    assert client.echange(session, SOUS_TENSION) == bytes([0x17, 0, 0])


def test_cartes_muettes_et_inconnues(client: ClientGalss, canal: CanalVirtuel) -> None:
    session, _ = client.ouvrir_session("une", "Vitale")
    canal.inserer(DROITE, PuceVirtuelle(b"", [None]))
    assert client.echange(session, PRESENCE) == bytes([0x00, 1, 0])
    assert client.echange(session, SOUS_TENSION) == bytes([0x11, 1, 0])
    canal.inserer(DROITE, PuceVirtuelle(bytes.fromhex("3B6500002063CB6A00"), [None]))
    assert client.echange(session, SOUS_TENSION) == bytes([0x10, 1, 0])


def test_commandes_refusees(client: ClientGalss) -> None:
    session, _ = client.ouvrir_session("une", "CPS")
    for message in (b"\0\2\x16", b"\1\1\x16", b"\0\1\x20"):
        assert client.echange(session, message) == bytes([0x03, 1, 0])
    client.echange(session, SOUS_TENSION)
    for message in (b"", b"\0\1", b"\0\1\x15", apdu(0, "00B000")):
        with refus("4000"):
            client.echange(session, message)
    with refus("1000"):
        client.echange(99, PRESENCE)


def test_deux_echanges_a_la_fois(client: ClientGalss, monkeypatch: pytest.MonkeyPatch) -> None:
    session, _ = client.ouvrir_session("une", "CPS")
    entre, sortir = threading.Event(), threading.Event()

    def trainer(_: bytes) -> bytes:
        entre.set()
        assert sortir.wait(5)
        return b"\0\1\0"

    monkeypatch.setattr(client._sessions[session].place, "executer", trainer)
    fil = threading.Thread(target=client.echange, args=(session, PRESENCE))
    fil.start()
    assert entre.wait(5)
    with refus("0008"):
        client.echange(session, PRESENCE)
    sortir.set()
    fil.join()


def test_fermer_pendant_une_mise_sous_tension(
    client: ClientGalss, gestionnaire: Gestionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card that an exchange under way powers on is let go all the same."""
    session, _ = client.ouvrir_session("une", "CPS")
    vraie, entre, sortir = gestionnaire.ouvrir, threading.Event(), threading.Event()

    def trainer(role: str) -> object:
        entre.set()
        assert sortir.wait(5)
        return vraie(role)

    monkeypatch.setattr(gestionnaire, "ouvrir", trainer)
    fils = [threading.Thread(target=client.echange, args=(session, SOUS_TENSION)),
            threading.Thread(target=client.fermer_session, args=(session,))]
    fils[0].start()
    assert entre.wait(5)
    fils[1].start()
    fils[1].join(0.1)
    sortir.set()
    for fil in fils:
        fil.join(5)
    vraie("cps").fermer()


def test_echange_d_une_session_qui_se_ferme(client: ClientGalss, monkeypatch: pytest.MonkeyPatch) -> None:
    session, _ = client.ouvrir_session("une", "CPS")
    exiger = client._exclusivites.exiger
    monkeypatch.setattr(
        client._exclusivites, "exiger", lambda *quoi: (exiger(*quoi), client.fermer_session(session))
    )
    with refus("1000"):
        client.echange(session, SOUS_TENSION)


def test_carte_deja_prise(client: ClientGalss, gestionnaire: Gestionnaire) -> None:
    session, _ = client.ouvrir_session("une", "CPS")
    with gestionnaire.ouvrir("cps"), refus("0004") as refuse:
        client.echange(session, SOUS_TENSION)
    assert refuse.value.message == "La carte est déjà utilisée par une autre tâche de ce logiciel."


def test_deux_cps(client: ClientGalss, canal: CanalVirtuel) -> None:
    session, _ = client.ouvrir_session("une", "CPS")
    canal.inserer(DROITE, cps("infirmier"))
    for commande in (SOUS_TENSION, PRESENCE):
        with refus("2000") as refuse:
            client.echange(session, commande)
        assert "Plusieurs cartes CPS" in refuse.value.message


def test_les_autres_refus_ne_sont_jamais_rejoues() -> None:
    assert numerique(ErreurConnue("x", code="CARTE_SANS_REPONSE")).code == "GALSS_0100"
    assert numerique(ErreurConnue("x", code="PORT_OCCUPE")).code == "GALSS_800B"
    assert numerique(ErreurConnue("x", code="SERVICE_CARTES_ARRETE")).code == "GALSS_0400"
    assert numerique(ErreurConnue("x", code="GALSS_0200")).code == "GALSS_0200"
    autre = numerique(ErreurConnue("phrase", code="LECTEUR_EN_PANNE", action="action", ou="ici"))
    assert (autre.code, autre.phrase()) == ("GALSS_0040", "ici : phrase action")


def test_fente_nommee_par_le_fichier(gestionnaire: Gestionnaire, canal: CanalVirtuel) -> None:
    """With a galss.ini the resource is a slot, whatever card is in it."""
    texte = PCSC.replace("Identive CLOUD 2700 R Smart Card Reader 1", GAUCHE)
    client = ClientGalss(gestionnaire, ressources.table([], galss_ini.lire(octets(texte))))
    session, _ = client.ouvrir_session("une", "CPS")
    canal.inserer(GAUCHE, vitale())
    assert client.echange(session, SOUS_TENSION) == bytes([0, 3, 1]) + vitale().atr
    autre, _ = client.ouvrir_session("autre", "Vitale")
    with refus("0400"):
        client.echange(autre, SOUS_TENSION)
    canal.retirer(GAUCHE)
    assert client.echange(session, SOUS_TENSION) == bytes([0x17, 0, 2])
    client.fermer()


class CanalLogiciel(CanalVirtuel):
    """A channel whose one reader has software that answers."""

    recus: list[bytes] = []

    def logiciels(self) -> list[str]:
        return ["COM3 PAD2"]

    def dialoguer(self, lecteur: str, message: bytes, delai: float) -> bytes:
        self.recus.append(message)
        return message[::-1]


def test_logiciel_du_lecteur(client: ClientGalss) -> None:
    with refus("0400") as refuse:
        client.echange(client.ouvrir_session("entretien", "Log_SV")[0], b"\0\0\x16")
    assert (refuse.value.ou, refuse.value.message) == (GAUCHE, "Le logiciel de ce lecteur ne répond pas.")
    canal = CanalLogiciel({})
    gestionnaire = Gestionnaire([canal])
    assert gestionnaire.logiciels() == [Logiciel("virtuel", "COM3 PAD2")]
    serie = ClientGalss(gestionnaire, ressources.table([], galss_ini.lire(octets(SERIE))))
    session, lad = serie.ouvrir_session("entretien", "Log_SV")
    assert (lad, serie.echange(session, b"\0\0\x30ab")) == (0, b"\0\0\0ba\x30")
    assert canal.recus == [b"\x30ab"]
    with refus("4000"):
        serie.echange(session, b"\0\1\x30")
    gestionnaire.fermer()


def test_table_et_version(client: ClientGalss) -> None:
    assert client.donner_nombre_ressources() == 3
    assert [r.nom for r in client.donner_table_ressources()] == ["CPS", "Log_SV", "Vitale"]
    assert [nom for nom, _ in client.lire_version()] == ["sesam-desktop"]
