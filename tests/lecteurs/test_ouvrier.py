"""One reader's worker: jobs in order, given up in time, undone when they come back too late."""

from __future__ import annotations

import threading
import time

import pytest

from sesam_desktop.lecteurs.canal import carte_sans_reponse
from sesam_desktop.lecteurs.ouvrier import Ouvrier, Tache
from sesam_desktop.noyau.erreurs import ErreurConnue

RETARD = 0.05


def _retard() -> ErreurConnue:
    return carte_sans_reponse("x")


def _bloquer(ouvrier: Ouvrier, fin: threading.Event, defaits: list[str]) -> None:
    def travail(_: Tache[str]) -> str:
        fin.wait(5)
        return "tardif"

    with pytest.raises(ErreurConnue) as refus:
        ouvrier.faire(Tache(travail, _retard, defaits.append), RETARD)
    assert refus.value.code == "CARTE_SANS_REPONSE"


def _revenu(ouvrier: Ouvrier) -> None:
    fin = time.monotonic() + 2
    while ouvrier.bloque:
        assert time.monotonic() < fin
        time.sleep(0.005)


def test_ce_qui_vient_trop_tard_est_defait_une_fois() -> None:
    ouvrier, fin, defaits = Ouvrier("essai"), threading.Event(), []
    _bloquer(ouvrier, fin, defaits)
    assert ouvrier.bloque_depuis > 0
    with pytest.raises(ErreurConnue):
        ouvrier.faire(Tache(lambda _: "jamais fait", _retard), 5)
    fin.set()
    _revenu(ouvrier)
    assert defaits == ["tardif"]
    assert ouvrier.bloque_depuis == 0
    assert ouvrier.faire(Tache(lambda _: "suivant", _retard), 1) == "suivant"
    ouvrier.terminer()


def test_une_tache_qui_n_a_pas_commence_a_temps_ne_se_fait_pas() -> None:
    ouvrier, fin, faites = Ouvrier("essai"), threading.Event(), []
    ouvrier.deposer(Tache(lambda _: fin.wait(5), _retard))
    with pytest.raises(ErreurConnue):
        ouvrier.faire(Tache(faites.append, _retard), RETARD)
    assert not ouvrier.bloque  # the one that runs is somebody else's
    fin.set()
    assert ouvrier.faire(Tache(lambda _: "après", _retard), 1) == "après"
    assert faites == []
    ouvrier.terminer()


def test_une_tache_obligatoire_se_fait_meme_trop_tard() -> None:
    """Letting a card go: it must be, whoever still waits for it."""
    ouvrier, fin, faites = Ouvrier("essai"), threading.Event(), []
    _bloquer(ouvrier, fin, [])
    tache = Tache(lambda _: faites.append("rendue"), _retard, obligatoire=True)
    ouvrier.deposer(tache)
    with pytest.raises(ErreurConnue):
        ouvrier.attendre(tache, RETARD)
    fin.set()
    _revenu(ouvrier)
    assert ouvrier.faire(Tache(lambda _: "suivant", _retard), 1) == "suivant"
    assert faites == ["rendue"]
    ouvrier.terminer()


def test_un_signe_de_vie_prolonge_l_attente() -> None:
    def travail(tache: Tache[str]) -> str:
        for _ in range(6):
            time.sleep(RETARD / 2)
            tache.vivre()
        return "fini"

    ouvrier = Ouvrier("essai")
    assert ouvrier.faire(Tache(travail, _retard), RETARD) == "fini"
    ouvrier.terminer()


def test_une_tache_abandonnee_s_arrete_a_son_prochain_signe() -> None:
    ouvrier, fin, suites = Ouvrier("essai"), threading.Event(), []

    def travail(tache: Tache[str]) -> str:
        fin.wait(5)
        tache.vivre()
        suites.append("continuée")
        return ""

    with pytest.raises(ErreurConnue):
        ouvrier.faire(Tache(travail, _retard, suites.append), RETARD)
    fin.set()
    _revenu(ouvrier)
    assert suites == []
    ouvrier.terminer()


@pytest.mark.journal_attendu
def test_defaire_qui_echoue_ne_tue_pas_le_fil() -> None:
    def casser(_: str) -> None:
        raise RuntimeError("bogue")

    ouvrier, fin = Ouvrier("essai"), threading.Event()
    with pytest.raises(ErreurConnue):
        ouvrier.faire(Tache(lambda _: str(fin.wait(5)), _retard, casser), RETARD)
    fin.set()
    _revenu(ouvrier)
    assert ouvrier.faire(Tache(lambda _: "vivant", _retard), 1) == "vivant"
    ouvrier.terminer()


def test_termine_il_fait_sur_place() -> None:
    ouvrier = Ouvrier("essai")
    ouvrier.terminer()
    ici = threading.current_thread()
    assert ouvrier.faire(Tache(lambda _: threading.current_thread(), _retard), 1) is ici


def test_une_nouvelle_carte_n_attend_pas_qui_tenait_l_ancienne() -> None:
    ouvrier = Ouvrier("essai")
    ancienne = ouvrier.prendre(1, 0.01)
    assert ancienne is not None
    assert ouvrier.prendre(1, 0.01) is None
    nouvelle = ouvrier.prendre(2, 0.01)
    assert nouvelle is not None
    ancienne.release()
    assert ouvrier.prendre(1, 0.01) is None  # a slot seen before this card came has nothing to take
    nouvelle.release()
    assert ouvrier.prendre(2, 0.01) is nouvelle
