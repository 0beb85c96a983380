"""What was read of a card leaves with it, however late its removal is told, and the session with the professional's."""

import random
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_ps_de_demonstration
from sesam_desktop.lecteurs.canal import Etat
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.demonstration import CODE_PORTEUR
from sesam_desktop.poste.lecteurs import ServiceLecteurs
from sesam_desktop.poste.poste import Poste

VITALES = dict(cartes_de_demonstration())
PROFESSIONNELS = dict(cartes_ps_de_demonstration())
PLUSIEURS = [nom for nom, carte in PROFESSIONNELS.items() if len(carte.situations) > 1]


def attendre(condition: Callable[[], bool]) -> None:
    limite = time.monotonic() + 3
    while not condition():
        assert time.monotonic() < limite, "rien n'est venu en trois secondes"
        time.sleep(0.01)


def refuse(action: Callable[[], object]) -> str:
    with pytest.raises(ErreurConnue) as refus:
        action()
    assert refus.value.action
    return refus.value.code


@pytest.fixture
def sans_nouvelles(poste: Poste, monkeypatch: pytest.MonkeyPatch) -> Poste:
    """The workstation before its watch has told anything: what happens between two looks."""
    monkeypatch.setattr(ServiceLecteurs, "_recevoir", lambda *_: None)
    return poste


def test_a_wrong_code_does_not_keep_the_professional_once_the_card_has_left(poste: Poste):
    """Their name would stay on screen, and a colleague's card would not be read."""
    poste.lecteurs.lire_ps()
    assert refuse(lambda: poste.lecteurs.ouvrir_session("9999")) == "CODE_FAUX"
    poste.environnement.inserer_ps(None)
    attendre(lambda: poste.lecteurs.ps is None)


def test_a_professional_whose_session_was_closed_is_forgotten_with_the_card(poste: Poste):
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    poste.lecteurs.fermer_session()
    poste.environnement.inserer_ps(None)
    attendre(lambda: poste.lecteurs.ps is None)


def test_another_professional_read_before_the_removal_is_told_has_no_session(sans_nouvelles: Poste):
    lecteurs = sans_nouvelles.lecteurs
    lecteurs.ouvrir_session(CODE_PORTEUR)
    sans_nouvelles.environnement.inserer_ps("infirmier")
    carte = lecteurs.lire_ps()
    assert (carte.nom, carte.situations) == (PROFESSIONNELS["infirmier"].nom, ())
    assert not lecteurs.session_ouverte


def test_the_same_card_put_back_asks_for_its_code_again(sans_nouvelles: Poste):
    lecteurs = sans_nouvelles.lecteurs
    lecteurs.ouvrir_session(CODE_PORTEUR)
    session = lecteurs.session
    sans_nouvelles.environnement.inserer_ps("pharmacien")
    assert refuse(lambda: session.signer(b"facture")) == "CARTE_CHANGEE"
    assert not lecteurs.session_ouverte


def test_a_card_swapped_while_the_session_opens_gets_nothing(
    sans_nouvelles: Poste, monkeypatch: pytest.MonkeyPatch
):
    """The code was presented to one card: the situations of the other must stay unknown."""
    lecteurs = sans_nouvelles.lecteurs
    lire = lecteurs._lire_ps

    def pendant_l_ouverture(*arguments: str):
        sans_nouvelles.environnement.inserer_ps("infirmier")
        return lire(*arguments)

    monkeypatch.setattr(lecteurs, "_lire_ps", pendant_l_ouverture)
    assert refuse(lambda: lecteurs.ouvrir_session(CODE_PORTEUR)) == "CARTE_CHANGEE"
    assert not lecteurs.session_ouverte
    assert lecteurs.situations() == ()


def test_the_situation_chosen_is_not_the_next_professionals(sans_nouvelles: Poste):
    """Same logical number, other card: a choice must be asked again."""
    lecteurs, nom = sans_nouvelles.lecteurs, PLUSIEURS[0]
    for _ in range(2):
        sans_nouvelles.environnement.inserer_ps(nom)
        lecteurs.ouvrir_session(CODE_PORTEUR)
        assert lecteurs.situation is None
        assert lecteurs.choisir_situation(lecteurs.situations()[-1].rang) == lecteurs.situation


def test_a_vitale_that_cannot_be_read_does_not_leave_the_former_patient(
    sans_nouvelles: Poste, monkeypatch: pytest.MonkeyPatch
):
    sans_nouvelles.environnement.inserer_vitale("assure")
    sans_nouvelles.lecteurs.lire_vitale()
    sans_nouvelles.environnement.inserer_vitale("ald")
    monkeypatch.setattr(sans_nouvelles.lecteurs, "_source", lambda: SimpleNamespace(pour_vitale=_ambigue))
    assert refuse(sans_nouvelles.lecteurs.lire_vitale) == "CARTE_AMBIGUE"
    assert sans_nouvelles.lecteurs.vitale is None


def _ambigue(_puce: object):
    raise ErreurConnue("Deux cartes virtuelles correspondent.", code="CARTE_AMBIGUE", action="N'en gardez qu'une.")


def test_the_watch_never_waits_for_a_reading(poste: Poste):
    """It would miss a card that comes, is read and leaves before it looks again: that patient would stay on screen."""
    lecteurs = poste.lecteurs
    poste.environnement.inserer_vitale("assure")
    lecteurs.lire_vitale()
    vues = len(lecteurs.evenements())
    with lecteurs._seul():
        poste.environnement.inserer_vitale(None)
        attendre(lambda: len(lecteurs.evenements()) > vues)
        poste.environnement.inserer_vitale("ald")
        attendre(lambda: len(lecteurs.evenements()) > vues + 1)
        lecteurs.lire_vitale()
        poste.environnement.inserer_vitale(None)
        attendre(lambda: len(lecteurs.evenements()) > vues + 2)
    assert lecteurs.vitale is None


class Comptoir:
    """A hurried counter: cards come and go at random while two threads read, open sessions and sign."""

    def __init__(self, poste: Poste, duree_s: float) -> None:
        self.poste, self.fin = poste, time.monotonic() + duree_s
        self.refus: set[str] = set()
        self.inattendues: list[BaseException] = []

    def agir(self) -> None:
        lecteurs = self.poste.lecteurs
        actions = [self._cartes, self._session]
        fils = [threading.Thread(target=self._repeter, args=(action,), daemon=True) for action in (*actions, *actions)]
        for fil in fils:
            fil.start()
        while time.monotonic() < self.fin:
            random.choice((self._changer_ps, self._changer_vitale))()
            time.sleep(random.random() * 0.03)
        for fil in fils:
            fil.join(20)
        assert not any(fil.is_alive() for fil in fils), "un fil ne revient pas"
        assert not self.inattendues, self.inattendues
        assert lecteurs.fentes()

    def _repeter(self, action: Callable[[ServiceLecteurs], None]) -> None:
        while time.monotonic() < self.fin:
            try:
                action(self.poste.lecteurs)
            except ErreurConnue as erreur:
                self.refus.add(erreur.code)
            except BaseException as erreur:  # noqa: BLE001 - told by the test
                self.inattendues.append(erreur)
                return

    def _cartes(self, lecteurs: ServiceLecteurs) -> None:
        carte = lecteurs.lire_vitale()
        assert carte in VITALES.values()
        lecteurs.lire_ps()

    def _session(self, lecteurs: ServiceLecteurs) -> None:
        lecteurs.ouvrir_session(CODE_PORTEUR)
        session = lecteurs.session
        if session is not None:
            session.signer(b"facture")

    def _changer_ps(self) -> None:
        self.poste.environnement.inserer_ps(random.choice([None, *PROFESSIONNELS]))

    def _changer_vitale(self) -> None:
        self.poste.environnement.inserer_vitale(random.choice([None, *VITALES]))


def test_a_hurried_counter_never_ends_with_somebody_elses_card(poste: Poste):
    """Once nothing moves, what is remembered is what is in, or nothing; and no code was ever counted wrong."""
    lecteurs, comptoir = poste.lecteurs, Comptoir(poste, duree_s=3.0)
    comptoir.agir()
    assert not comptoir.refus & {"CODE_FAUX", "CODE_BLOQUE", "CARTE_SANS_REPONSE", "LECTEURS_SANS_REPONSE"}
    time.sleep(0.3)
    presentes = {(f.lecteur, f.passage) for f in lecteurs.fentes() if f.etat is not Etat.VIDE}
    assert {(f.lecteur, f.passage) for f in lecteurs._fentes.values()} <= presentes
    assert not lecteurs.session_ouverte or lecteurs.session.signer(b"facture")
    poste.environnement.inserer_ps(None)
    poste.environnement.inserer_vitale(None)
    attendre(lambda: (lecteurs.ps, lecteurs.vitale, lecteurs.session) == (None, None, None))
