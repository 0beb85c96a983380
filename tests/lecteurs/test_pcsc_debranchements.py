"""Readers torn out and put back, services that die, over PC/SC in memory: the stays of a slot never get mixed up."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from sesam_desktop.lecteurs.canal import SessionCarte
from sesam_desktop.lecteurs.gestionnaire import Genre, Gestionnaire
from sesam_desktop.lecteurs.lecture import lire_puce_vitale
from sesam_desktop.lecteurs.pcsc import CanalPcsc
from sesam_desktop.noyau.erreurs import ErreurConnue

from .doubles import Ecoute, cps, vitale
from .doubles_canaux import CarteBloquee
from .pcsc_simule import PcscSimule

GAUCHE, DROITE, TROISIEME = "Ingenico TL TELIUM 1 0", "Ingenico TL TELIUM 2 0", "Ingenico TL TELIUM 3 0"
DEBRANCHEMENTS = 200


@pytest.fixture
def pcsc(monkeypatch: pytest.MonkeyPatch) -> PcscSimule:
    return PcscSimule(GAUCHE, DROITE).installer(monkeypatch)


@pytest.fixture
def gestionnaire(pcsc: PcscSimule) -> Iterator[Gestionnaire]:
    avant = set(threading.enumerate())
    gestionnaire = Gestionnaire([CanalPcsc()], delai=1.0)
    yield gestionnaire
    gestionnaire.fermer()
    fin = time.monotonic() + 2
    while restes := set(threading.enumerate()) - avant:
        assert time.monotonic() < fin, restes
        time.sleep(0.01)
    assert pcsc.contextes == 0


def _nom(session: SessionCarte) -> str:
    return lire_puce_vitale(session).identites[0].nom


def test_deux_cents_debranchements(pcsc: PcscSimule, gestionnaire: Gestionnaire) -> None:
    """The reader comes back with another patient's card, and PC/SC gives it the same count of stays."""
    ecoute = Ecoute()
    gestionnaire.abonner(ecoute)
    pcsc.inserer(GAUCHE, cps())
    ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
    fils = threading.active_count()
    retours = []
    for rang in range(DEBRANCHEMENTS):
        patient, nom = (("assure", "DURAND"), ("ald", "PETIT"))[rang % 2]
        pcsc.debrancher(DROITE)
        ecoute.attendre(lambda e: e.genre is Genre.LECTEUR_DEBRANCHE)
        pcsc.brancher(DROITE, vitale(patient))
        retours.append(ecoute.attendre(lambda e: e.genre is Genre.INSEREE and e.fente.lecteur == DROITE))
        assert gestionnaire.employer("vitale", _nom) == nom
        assert not [e for e in ecoute.evenements if e.fente is not None and e.fente.lecteur == GAUCHE]
    assert max(retours) < 1
    assert threading.active_count() <= fils + 2


def test_session_tenue_pendant_un_debranchement(pcsc: PcscSimule, gestionnaire: Gestionnaire) -> None:
    pcsc.inserer(DROITE, vitale("assure"))
    ecoute = Ecoute()
    gestionnaire.abonner(ecoute)
    ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
    vue = gestionnaire.trouver("vitale")
    with gestionnaire.ouvrir("vitale") as tenue:
        assert _nom(tenue) == "DURAND"
        pcsc.debrancher(DROITE)
        ecoute.attendre(lambda e: e.genre is Genre.RETIREE)
        pcsc.brancher(DROITE, vitale("ald"))
        ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
        with pytest.raises(ErreurConnue) as refus:
            tenue.transmettre(bytes.fromhex("00B0820000"))
        assert refus.value.code == "LECTEUR_ABSENT"
        assert gestionnaire.employer("vitale", _nom) == "PETIT"  # whoever held the card that left holds nothing
    with pytest.raises(ErreurConnue) as refus:
        gestionnaire.employer(vue, _nom)
    assert refus.value.code == "CARTE_CHANGEE"


def test_carte_echangee_pendant_que_le_service_est_mort(pcsc: PcscSimule, gestionnaire: Gestionnaire) -> None:
    """The new service counts from zero: the stay looks the same to PC/SC, not to us."""
    pcsc.inserer(DROITE, vitale("assure"))
    ecoute = Ecoute()
    gestionnaire.abonner(ecoute)
    ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
    vue = gestionnaire.trouver("vitale")
    pcsc.arreter()
    ecoute.attendre(lambda e: e.genre is Genre.SERVICE_ARRETE)
    with pytest.raises(ErreurConnue) as refus:
        gestionnaire.employer("vitale", _nom)
    assert refus.value.code == "SERVICE_CARTES_ARRETE"
    pcsc.brancher(DROITE, vitale("ald"))
    pcsc.relancer()
    ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
    assert (gestionnaire.trouver("vitale").passage & 0xFFFF, vue.passage & 0xFFFF) == (1, 1)
    with pytest.raises(ErreurConnue) as refus:
        gestionnaire.employer(vue, _nom)
    assert refus.value.code == "CARTE_CHANGEE"


def test_la_carte_d_un_autre_lecteur_reste_quand_un_lecteur_part(pcsc: PcscSimule, gestionnaire: Gestionnaire) -> None:
    pcsc.inserer(GAUCHE, cps())
    pcsc.inserer(DROITE, vitale())
    ecoute = Ecoute()
    gestionnaire.abonner(ecoute)
    ecoute.attendre(lambda e: e.genre is Genre.INSEREE and e.fente.carte.est_vitale)
    pcsc.debrancher(DROITE)
    ecoute.attendre(lambda e: e.genre is Genre.LECTEUR_DEBRANCHE)
    time.sleep(0.1)
    assert [e for e in ecoute.evenements if e.fente is not None and e.fente.lecteur == GAUCHE] == []
    assert gestionnaire.trouver("cps").lecteur == GAUCHE


@pytest.mark.parametrize("dit", [True, False])
def test_lecteur_branche_en_cours_de_route(monkeypatch: pytest.MonkeyPatch, dit: bool) -> None:
    """At once where PC/SC tells, at the next look elsewhere; from no reader at all to three slots."""
    pcsc = PcscSimule(dit_les_branchements=dit).installer(monkeypatch)
    gestionnaire, ecoute = Gestionnaire([CanalPcsc()]), Ecoute()
    gestionnaire.abonner(ecoute)
    for lecteur in (GAUCHE, DROITE, TROISIEME):
        time.sleep(0.05)
        pcsc.brancher(lecteur)
        delai = ecoute.attendre(lambda e: e.genre is Genre.LECTEUR_BRANCHE)
        assert delai < (0.2 if dit else 1.0)
    pcsc.inserer(TROISIEME, vitale())
    ecoute.attendre(lambda e: e.genre is Genre.INSEREE and e.fente.lecteur == TROISIEME)
    debut = time.monotonic()
    gestionnaire.fermer()
    assert time.monotonic() - debut < 1  # who waited was woken up


def test_un_pilote_bloque_revient_quand_la_carte_est_retiree(pcsc: PcscSimule) -> None:
    gestionnaire = Gestionnaire([CanalPcsc()], delai=0.2)
    carte = CarteBloquee(vitale())
    pcsc.inserer(DROITE, carte)
    pcsc.inserer(GAUCHE, cps())
    carte.bloquer = True
    with pytest.raises(ErreurConnue) as refus:
        gestionnaire.employer("vitale", _nom)
    assert refus.value.code == "CARTE_SANS_REPONSE"
    pcsc.retirer(DROITE)
    pcsc.inserer(DROITE, vitale("ald"))
    assert gestionnaire.employer("vitale", _nom) == "PETIT"
    carte.reveil.set()
    gestionnaire.fermer()
