"""The manager over the real pcscd: cards that hang, programs that hold them, a service that freezes or changes."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sesam_desktop.lecteurs import detenteur
from sesam_desktop.lecteurs.canal import Etat, SessionCarte
from sesam_desktop.lecteurs.gestionnaire import Genre, Gestionnaire
from sesam_desktop.lecteurs.lecture import lire_puce_cps, lire_puce_vitale
from sesam_desktop.lecteurs.pcsc import CanalPcsc
from sesam_desktop.noyau.erreurs import ErreurConnue
from tests.outils.pcscd import ServicePcscd, attendre, pcscd
from tests.outils.vpcd import LECTEURS, brancher

from .doubles import Ecoute, cps, vitale
from .doubles_canaux import CarteBloquee

pytestmark = pytest.mark.pcsc
__all__ = ["pcscd"]

DELAI = 0.6
TENIR = """
import sys, time
from smartcard import scard
_, contexte = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
print(scard.SCardConnect(contexte, sys.argv[1], scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_T0)[0], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def gestionnaire(pcscd: ServicePcscd) -> Iterator[Gestionnaire]:
    avant = set(threading.enumerate())
    gestionnaire = Gestionnaire([CanalPcsc()], delai=DELAI)
    attendre(lambda: _etats(gestionnaire) == [Etat.VIDE, Etat.VIDE], 5, "les fentes ne se vident pas")
    yield gestionnaire
    debut = time.monotonic()
    gestionnaire.fermer()
    assert time.monotonic() - debut < 2 * DELAI
    attendre(lambda: _seulement(avant), 2, "un fil reste")


def _etats(gestionnaire: Gestionnaire) -> list[Etat]:
    return [f.etat for f in gestionnaire.fentes()]


def _nom(session: SessionCarte) -> str:
    return lire_puce_vitale(session).identites[0].nom


def _refus(gestionnaire: Gestionnaire) -> ErreurConnue:
    with pytest.raises(ErreurConnue) as refus:
        gestionnaire.employer("vitale", _nom)
    return refus.value


def test_carte_qui_prend_une_commande_et_ne_repond_jamais(gestionnaire: Gestionnaire) -> None:
    """Its reader alone refuses, at once, until the card is pulled out; then everything is as before."""
    bloquee = CarteBloquee(vitale())
    ecoute = Ecoute()
    gestionnaire.abonner(ecoute)
    with brancher(cps(), 1):
        with brancher(bloquee, 0):
            attendre(lambda: _etats(gestionnaire) == [Etat.PRESENTE] * 2, 2, "les cartes ne sont pas vues")
            bloquee.bloquer = True
            assert _refus(gestionnaire).code == "CARTE_SANS_REPONSE"
            debut = time.monotonic()
            assert _refus(gestionnaire).code == "CARTE_SANS_REPONSE"
            assert time.monotonic() - debut < DELAI / 2
            assert gestionnaire.employer("cps", lire_puce_cps).numero_serie
            threading.Timer(0.2, bloquee.reveil.set).start()  # after the card was pulled: frees our emulator's thread
        ecoute.attendre(lambda e: e.genre is Genre.RETIREE and e.fente.carte.est_vitale)
        with brancher(vitale("ald"), 0):
            ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
            assert gestionnaire.employer("vitale", _nom) == "PETIT"


def test_le_programme_qui_tient_la_carte_est_nomme(gestionnaire: Gestionnaire) -> None:
    with brancher(vitale(), 0):
        attendre(lambda: Etat.PRESENTE in _etats(gestionnaire), 2, "la carte n'est pas vue")
        autre = subprocess.Popen(
            [sys.executable, "-c", TENIR, LECTEURS[0]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert autre.stdin is not None
        assert autre.stdout is not None
        with autre:
            assert autre.stdout.readline().strip() == "0"
            nom = psutil.Process(autre.pid).name()
            assert nom in detenteur.noms(LECTEURS[0])
            refus = _refus(gestionnaire)
            assert refus.code == "CARTE_OCCUPEE"
            assert nom in refus.message
        assert gestionnaire.employer("vitale", _nom) == "DURAND"


def test_service_fige(pcscd: ServicePcscd, gestionnaire: Gestionnaire) -> None:
    """It is there and answers nothing: every wait is bounded, and reading goes on as soon as it comes back."""
    if pcscd.pid is None:
        pytest.skip("ce pcscd n'a pas été démarré par les essais")
    with brancher(vitale(), 0):
        attendre(lambda: Etat.PRESENTE in _etats(gestionnaire), 2, "la carte n'est pas vue")
        figer = psutil.Process(pcscd.pid)
        figer.send_signal(signal.SIGSTOP)
        try:
            debut = time.monotonic()
            assert _refus(gestionnaire).code == "LECTEURS_SANS_REPONSE"
            assert _refus(gestionnaire).code == "LECTEURS_SANS_REPONSE"
            assert time.monotonic() - debut < 3 * DELAI
        finally:
            figer.send_signal(signal.SIGCONT)
        attendre(lambda: _lit(gestionnaire), 2, "rien ne se lit plus")


@pytest.mark.journal_attendu
def test_fermer_pendant_que_le_service_est_fige(pcscd: ServicePcscd) -> None:
    """The program may be left while the service hangs; everything is let go when it comes back."""
    if pcscd.pid is None:
        pytest.skip("ce pcscd n'a pas été démarré par les essais")
    avant = set(threading.enumerate())
    gestionnaire = Gestionnaire([CanalPcsc()], delai=DELAI)
    gestionnaire.abonner(print)
    with brancher(vitale(), 0):
        attendre(lambda: Etat.PRESENTE in _etats(gestionnaire), 2, "la carte n'est pas vue")
        session = gestionnaire.ouvrir("vitale")
        figer = psutil.Process(pcscd.pid)
        figer.send_signal(signal.SIGSTOP)
        try:
            debut = time.monotonic()
            session.fermer()
            gestionnaire.fermer()
            assert time.monotonic() - debut < 4 * DELAI
        finally:
            figer.send_signal(signal.SIGCONT)
        attendre(lambda: _seulement(avant), 3, "un fil reste")


def _seulement(avant: set[threading.Thread]) -> bool:
    return {t for t in threading.enumerate() if not t.name.startswith("vpcd")} <= avant


def _lit(gestionnaire: Gestionnaire) -> bool:
    try:
        return gestionnaire.employer("vitale", _nom) == "DURAND"
    except ErreurConnue as erreur:
        assert erreur.code == "LECTEURS_SANS_REPONSE"
        return False


def test_fentes_renommees_et_renumerotees_par_un_nouveau_demarrage(
    pcscd: ServicePcscd, gestionnaire: Gestionnaire, tmp_path: Path
) -> None:
    """As after a reboot: other names, other ranks, the cards the other way round; roles are found all the same."""
    if not pcscd.a_nous:
        pytest.skip("ce pcscd n'a pas été démarré par les essais")
    ecoute = Ecoute()
    gestionnaire.abonner(ecoute)
    with brancher(vitale(), 0), brancher(cps(), 1):
        attendre(lambda: _etats(gestionnaire) == [Etat.PRESENTE] * 2, 2, "les cartes ne sont pas vues")
        assert gestionnaire.employer("vitale", _nom) == "DURAND"
        pcscd.arreter()
        ecoute.attendre(lambda e: e.genre is Genre.SERVICE_ARRETE)
    (tmp_path / "lecteurs").write_text(
        'FRIENDLYNAME "Ingenico TL TELIUM"\nDEVICENAME /dev/null:0x8C7B\n'
        "LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so\nCHANNELID 0x8C7B\n"
    )
    pcscd.demarrer("--config", str(tmp_path))
    try:
        ecoute.attendre(lambda e: e.genre is Genre.SERVICE_REVENU)
        with brancher(vitale("ald"), 1), brancher(cps(), 0):
            attendre(lambda: _etats(gestionnaire) == [Etat.PRESENTE] * 2, 2, "les cartes ne sont pas vues")
            assert gestionnaire.trouver("vitale").lecteur == "Ingenico TL TELIUM 00 01"
            assert gestionnaire.employer("vitale", _nom) == "PETIT"
            assert gestionnaire.employer("cps", lire_puce_cps).numero_serie
    finally:
        pcscd.arreter()
        pcscd.demarrer()


def test_attendre_ne_retient_pas_la_fermeture(pcscd: ServicePcscd) -> None:
    """Who waits in PC/SC for a card that never comes is woken up."""
    gestionnaire = Gestionnaire([CanalPcsc()])
    gestionnaire.abonner(print)
    time.sleep(0.3)
    debut = time.monotonic()
    gestionnaire.fermer()
    assert time.monotonic() - debut < 0.5
