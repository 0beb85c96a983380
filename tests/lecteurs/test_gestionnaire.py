"""The manager over virtual readers and over channels that fail, hang or are buggy."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from sesam_desktop.cartes.atr import ATR_DUO
from sesam_desktop.lecteurs.canal import Etat, Fente, Recepteur, SessionCarte
from sesam_desktop.lecteurs.emulation import PuceVirtuelle
from sesam_desktop.lecteurs.gestionnaire import Genre, Gestionnaire
from sesam_desktop.lecteurs.lecture import lire_puce_vitale
from sesam_desktop.lecteurs.virtuel import CanalVirtuel, CarteVirtuelle
from sesam_desktop.noyau.erreurs import ErreurConnue

from .doubles import Ecoute, cps, vitale

MUETTE, BANCAIRE = PuceVirtuelle(b"", [None]), PuceVirtuelle(bytes.fromhex("3B6500002063CB6600"), [None])
DUO = PuceVirtuelle(bytes.fromhex(ATR_DUO), [None])
SANS_CONTACT = PuceVirtuelle(bytes.fromhex("3B8F80010031B86404B0ECC1739401808290000E"), [None])


@pytest.fixture
def canal() -> CanalVirtuel:
    return CanalVirtuel({"gauche": None, "droite": None})


@pytest.fixture
def gestionnaire(canal: CanalVirtuel) -> Iterator[Gestionnaire]:
    gestionnaire = Gestionnaire([canal], delai=0.3)
    yield gestionnaire
    gestionnaire.fermer()
    assert not [t for t in threading.enumerate() if t.name == "lecteurs-virtuel"]


def test_roles_trouves_par_ce_que_les_fentes_contiennent(canal: CanalVirtuel, gestionnaire: Gestionnaire) -> None:
    for ps, patient in (("gauche", "droite"), ("droite", "gauche")):
        canal.inserer(ps, cps())
        canal.inserer(patient, vitale())
        assert gestionnaire.trouver("cps").lecteur == ps
        assert gestionnaire.trouver("vitale").lecteur == patient
    assert [f.etat for f in gestionnaire.fentes()] == [Etat.PRESENTE, Etat.PRESENTE]


@pytest.mark.parametrize(
    ("gauche", "droite", "role", "code"),
    [
        (None, None, "cps", "CPS_ABSENTE"),
        (cps(), None, "vitale", "VITALE_ABSENTE"),
        (cps(), cps("infirmier"), "cps", "PLUSIEURS_CPS"),
        (vitale(), vitale("ald"), "vitale", "PLUSIEURS_VITALE"),
        (MUETTE, None, "vitale", "CARTE_MUETTE"),
        (BANCAIRE, None, "vitale", "CARTE_INCONNUE"),
        (SANS_CONTACT, None, "cps", "CPS_ABSENTE"),
    ],
)
def test_carte_introuvable(
    canal: CanalVirtuel,
    gestionnaire: Gestionnaire,
    gauche: CarteVirtuelle | None,
    droite: CarteVirtuelle | None,
    role: str,
    code: str,
) -> None:
    for lecteur, carte in (("gauche", gauche), ("droite", droite)):
        if carte is not None:
            canal.inserer(lecteur, carte)
    with pytest.raises(ErreurConnue) as refus:
        gestionnaire.ouvrir(role)
    assert refus.value.code == code
    assert refus.value.action


def test_troisieme_carte(canal: CanalVirtuel, gestionnaire: Gestionnaire) -> None:
    """The complementary card has a role of its own, and takes nobody else's place."""
    with pytest.raises(ErreurConnue) as refus:
        gestionnaire.trouver("duo")
    assert refus.value.code == "DUO_ABSENTE"
    canal.inserer("gauche", DUO)
    canal.inserer("droite", vitale())
    assert gestionnaire.trouver("duo").lecteur == "gauche"
    assert gestionnaire.trouver("vitale").lecteur == "droite"
    with pytest.raises(ErreurConnue) as refus:
        gestionnaire.trouver("cps")
    assert refus.value.code == "CPS_ABSENTE"


def test_une_cps_sans_contact_est_dite(canal: CanalVirtuel, gestionnaire: Gestionnaire) -> None:
    """It is there and cannot sign: "no CPS is in" would have the professional look for another fault."""
    canal.inserer("gauche", SANS_CONTACT)
    canal.inserer("droite", vitale())
    with pytest.raises(ErreurConnue, match="sans contact") as refus:
        gestionnaire.trouver("cps")
    assert refus.value.code == "CPS_ABSENTE"
    assert gestionnaire.trouver("vitale").lecteur == "droite"
    canal.retirer("droite")
    with pytest.raises(ErreurConnue, match="pas de carte Vitale"):
        gestionnaire.trouver("vitale")
    canal.inserer("droite", cps())
    assert gestionnaire.trouver("cps").lecteur == "droite"


def test_une_carte_inconnue_dit_son_atr(canal: CanalVirtuel, gestionnaire: Gestionnaire) -> None:
    canal.inserer("gauche", BANCAIRE)
    with pytest.raises(ErreurConnue, match="3B 65 00 00 20 63 CB 66 00"):
        gestionnaire.trouver("vitale")


def test_sans_lecteur() -> None:
    with pytest.raises(ErreurConnue) as refus:
        Gestionnaire([CanalVirtuel({})]).trouver("cps")
    assert refus.value.code == "LECTEUR_ABSENT"


def test_evenements_dans_l_ordre(canal: CanalVirtuel, gestionnaire: Gestionnaire) -> None:
    canal.inserer("gauche", cps())
    ecoute = Ecoute()
    gestionnaire.abonner(ecoute)
    assert ecoute.attendre(lambda e: e.genre is Genre.INSEREE and e.fente.carte.est_cps) < 1
    canal.inserer("droite", vitale())
    assert ecoute.attendre(lambda e: e.genre is Genre.INSEREE and e.fente.carte.est_vitale) < 1
    canal.retirer("droite")
    assert ecoute.attendre(lambda e: e.genre is Genre.RETIREE and e.fente.lecteur == "droite") < 1
    canal.inserer("droite", MUETTE)
    ecoute.attendre(lambda e: e.genre is Genre.MUETTE)
    canal.inserer("droite", BANCAIRE)
    ecoute.attendre(lambda e: e.genre is Genre.INCONNUE)
    canal.retirer("gauche")
    ecoute.attendre(lambda e: e.genre is Genre.RETIREE and e.fente.carte.est_cps)


def test_echange_plus_rapide_que_le_regard(canal: CanalVirtuel, gestionnaire: Gestionnaire) -> None:
    """Same ATR before and after: the count of passages tells that it is another card."""
    canal.inserer("droite", vitale("assure"))
    ecoute = Ecoute()
    gestionnaire.abonner(ecoute)
    ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
    canal.inserer("droite", vitale("ald"))
    ecoute.attendre(lambda e: e.genre is Genre.RETIREE)
    time.sleep(0.05)
    assert ecoute.genres() in (["inseree"], [])


def test_carte_retiree_pendant_la_lecture(canal: CanalVirtuel, gestionnaire: Gestionnaire) -> None:
    canal.inserer("droite", vitale())
    with gestionnaire.ouvrir("vitale") as session:
        canal.inserer("droite", vitale("ald"))  # swapped: the session must not read the other patient
        with pytest.raises(ErreurConnue) as refus:
            lire_puce_vitale(session)
    assert refus.value.code == "CARTE_RETIREE"
    with gestionnaire.ouvrir("vitale") as session:
        assert lire_puce_vitale(session).identites[0].nom == "PETIT"
    with pytest.raises(ErreurConnue):
        session.transmettre(b"\x00\xa4\x00\x00")


def test_carte_gardee_par_quelqu_un_d_autre(canal: CanalVirtuel, gestionnaire: Gestionnaire) -> None:
    canal.inserer("droite", vitale())
    with gestionnaire.ouvrir("vitale"):
        debut = time.monotonic()
        with pytest.raises(ErreurConnue) as refus:
            gestionnaire.ouvrir("vitale")
        assert refus.value.code == "CARTE_OCCUPEE"
        assert 0.2 < time.monotonic() - debut < 1.5
    gestionnaire.ouvrir("vitale").fermer()


def test_la_carte_est_attendue_un_instant(canal: CanalVirtuel, gestionnaire: Gestionnaire) -> None:
    canal.inserer("droite", vitale())
    premiere = gestionnaire.ouvrir("vitale")
    threading.Timer(0.1, premiere.fermer).start()
    with gestionnaire.ouvrir("vitale") as session:
        assert lire_puce_vitale(session).identites


class CanalScenario:
    """A channel whose behaviour is given by the test."""

    nom = "scenario"

    def __init__(self) -> None:
        self.panne: Exception | None = None
        self.lecteurs: dict[str, Fente] = {}
        self.ferme = threading.Event()
        self.sessions: list[Callable[[], SessionCarte]] = []

    def fentes(self) -> list[Fente]:
        if self.panne is not None:
            raise self.panne
        return list(self.lecteurs.values())

    def connecter(self, lecteur: str) -> SessionCarte:
        return self.sessions.pop(0)()

    def surveiller(self, recepteur: Recepteur) -> None:
        vues: list[Fente] | None = None
        while not self.ferme.is_set():
            actuelles = self.fentes()
            if actuelles != vues:
                recepteur(actuelles)
                vues = actuelles
            time.sleep(0.01)

    def fermer(self) -> None:
        self.ferme.set()

    def poser(self, lecteur: str, etat: Etat, atr: bytes = b"") -> None:
        self.lecteurs = {**self.lecteurs, lecteur: Fente(self.nom, lecteur, etat, atr)}


SERVICE = ErreurConnue("Le service est arrêté.", code="SERVICE_CARTES_ARRETE")


@pytest.fixture
def scenario() -> Iterator[tuple[CanalScenario, Gestionnaire]]:
    canal = CanalScenario()
    gestionnaire = Gestionnaire([canal], delai=0.5)
    yield canal, gestionnaire
    gestionnaire.fermer()


def test_service_arrete_puis_revenu(scenario: tuple[CanalScenario, Gestionnaire]) -> None:
    canal, gestionnaire = scenario
    canal.poser("un", Etat.INCONNUE, b"\x3b")
    ecoute = Ecoute()
    gestionnaire.abonner(ecoute)
    ecoute.attendre(lambda e: e.genre is Genre.INCONNUE)
    canal.panne = SERVICE
    time.sleep(0.8)  # several failed attempts, told once
    assert ecoute.genres() == ["retiree", "service-arrete"]
    assert ecoute.evenements[-1].erreur is SERVICE
    with pytest.raises(ErreurConnue) as refus:
        gestionnaire.fentes()
    assert refus.value is SERVICE
    ecoute.evenements.clear()
    canal.panne = None
    ecoute.attendre(lambda e: e.genre is Genre.INCONNUE, 1)


def test_service_absent_des_le_debut(scenario: tuple[CanalScenario, Gestionnaire]) -> None:
    canal, gestionnaire = scenario
    canal.panne = SERVICE
    ecoute = Ecoute()
    gestionnaire.abonner(ecoute)
    ecoute.attendre(lambda e: e.genre is Genre.SERVICE_ARRETE)
    canal.panne = None
    ecoute.attendre(lambda e: e.genre is Genre.SERVICE_REVENU)


@pytest.mark.journal_attendu
def test_un_bogue_n_arrete_pas_la_surveillance(scenario: tuple[CanalScenario, Gestionnaire]) -> None:
    canal, gestionnaire = scenario
    canal.panne = RuntimeError("bogue")
    ecoute = Ecoute()
    gestionnaire.abonner(ecoute)
    ecoute.attendre(lambda e: e.genre is Genre.SERVICE_ARRETE)
    canal.panne = None
    ecoute.attendre(lambda e: e.genre is Genre.SERVICE_REVENU)


@pytest.mark.journal_attendu
def test_un_abonne_en_panne_ne_prive_pas_les_autres(canal: CanalVirtuel, gestionnaire: Gestionnaire) -> None:
    def casser(_: object) -> None:
        raise RuntimeError("abonné")

    ecoute = Ecoute()
    gestionnaire.abonner(casser)
    gestionnaire.abonner(ecoute)
    canal.inserer("droite", vitale())
    ecoute.attendre(lambda e: e.genre is Genre.INSEREE)


def test_lecteur_branche_puis_debranche(scenario: tuple[CanalScenario, Gestionnaire]) -> None:
    canal, gestionnaire = scenario
    ecoute = Ecoute()
    gestionnaire.abonner(ecoute)
    time.sleep(0.1)
    canal.poser("neuf", Etat.INCONNUE, b"\x3b")
    ecoute.attendre(lambda e: e.genre is Genre.INCONNUE)
    canal.lecteurs = {}
    ecoute.attendre(lambda e: e.genre is Genre.LECTEUR_DEBRANCHE)


def test_un_canal_en_panne_n_empeche_pas_l_autre(canal: CanalVirtuel) -> None:
    casse = CanalScenario()
    casse.panne = SERVICE
    canal.inserer("droite", vitale())
    gestionnaire = Gestionnaire([casse, canal])
    assert [f.etat for f in gestionnaire.fentes()] == [Etat.ABSENTE, Etat.VIDE, Etat.PRESENTE]
    assert gestionnaire.trouver("vitale").canal == "virtuel"
    with pytest.raises(ErreurConnue) as refus:
        gestionnaire.trouver("cps")
    assert refus.value is SERVICE


def test_un_canal_qui_ne_repond_pas_est_abandonne(canal: CanalVirtuel) -> None:
    bloque = CanalScenario()
    reveil = threading.Event()
    bloque.fentes = lambda: [Fente("x", str(reveil.wait(5)), Etat.VIDE)]  # type: ignore[method-assign]
    debut = time.monotonic()
    with pytest.raises(ErreurConnue) as refus:
        Gestionnaire([bloque], delai=0.2).fentes()
    assert refus.value.code == "LECTEURS_SANS_REPONSE"
    assert time.monotonic() - debut < 1
    reveil.set()


def test_carte_changee_entre_le_regard_et_l_ouverture(canal: CanalVirtuel) -> None:
    autre = CanalVirtuel({"x": cps()})
    scenario = CanalScenario()
    scenario.lecteurs = {"x": CanalVirtuel({"x": vitale()}).fentes()[0]}
    scenario.nom = "virtuel"
    scenario.sessions = [lambda: autre.connecter("x")]
    with pytest.raises(ErreurConnue) as refus:
        Gestionnaire([scenario]).ouvrir("vitale")
    assert refus.value.code == "CARTE_CHANGEE"
    autre.connecter("x").fermer()  # the refused session was let go


def test_fermeture_deux_fois_et_depuis_un_abonne(canal: CanalVirtuel) -> None:
    gestionnaire = Gestionnaire([canal])
    fini = threading.Event()

    def fermer(_: object) -> None:
        gestionnaire.fermer()
        fini.set()

    canal.inserer("gauche", cps())
    gestionnaire.abonner(fermer)
    assert fini.wait(2)
    gestionnaire.fermer()
    gestionnaire.abonner(fermer)  # nothing starts again
    with pytest.raises(ErreurConnue):
        canal.connecter("gauche")
