"""The cards read through the manager, over a pseudo-terminal, from a reader that has code of its own."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sesam_desktop.lecteurs.canal import Etat
from sesam_desktop.lecteurs.gestionnaire import Genre, Gestionnaire
from sesam_desktop.lecteurs.lecture import essais_restants, lire_puce_cps, lire_puce_vitale, verifier_code
from sesam_desktop.lecteurs.serie.canal import CanalSerie
from sesam_desktop.lecteurs.serie.lecteur import Declaration
from sesam_desktop.noyau.erreurs import ErreurConnue
from tests.lecteurs.doubles import Ecoute, cps, vitale
from tests.outils import lecteur_pss as pss
from tests.outils.lecteur_pss import LecteurPss

from .conftest import NERVEUX, VIF, Ouvreur

CPS, VITALE = "COM3 PAD2 [fente 1]", "COM3 PAD2 [fente 2]"


def test_les_deux_cartes_se_lisent(gestionnaire: Gestionnaire) -> None:
    assert [(f.canal, f.lecteur, f.etat) for f in gestionnaire.fentes()] == [
        ("serie:COM3", CPS, Etat.PRESENTE),
        ("serie:COM3", VITALE, Etat.PRESENTE),
    ]
    puce_cps = gestionnaire.employer("cps", lire_puce_cps)
    puce = gestionnaire.employer("vitale", lire_puce_vitale)
    assert puce_cps.numero_serie == "0000000001"
    assert [(i.nom, i.prenom) for i in puce.identites] == [("DURAND", "PAUL")]


def test_le_code_porteur_est_presente_une_fois(lecteur: LecteurPss, gestionnaire: Gestionnaire) -> None:
    with gestionnaire.ouvrir("cps") as session:
        verifier_code(session, "1234")
        assert essais_restants(session) == 3
    assert len([m for m in lecteur.moteur.executes if b"\x00\x20\x00\x01\x04" in m]) == 1


def test_evenements(lecteur: LecteurPss, gestionnaire: Gestionnaire) -> None:
    ecoute = Ecoute()
    gestionnaire.abonner(ecoute)
    ecoute.attendre(lambda e: e.genre is Genre.INSEREE and e.fente is not None and e.fente.carte.est_vitale)
    with lecteur.arrete() as moteur:
        moteur.retirer(2, 2)
    ecoute.attendre(lambda e: e.genre is Genre.RETIREE)
    with lecteur.arrete() as moteur:
        moteur.inserer(2, 2, vitale("famille"))
    ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
    with lecteur.arrete() as moteur:  # swapped between two looks: the counter tells
        moteur.inserer(2, 2, vitale())
    ecoute.attendre(lambda e: e.genre is Genre.RETIREE, 3.0)
    assert gestionnaire.employer("vitale", lire_puce_vitale).identites[0].nom == "DURAND"


def test_debrancher_et_rebrancher(lecteur: LecteurPss, gestionnaire: Gestionnaire) -> None:
    ecoute = Ecoute()
    gestionnaire.abonner(ecoute)
    ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
    for _ in range(3):
        lecteur.debrancher()
        ecoute.attendre(lambda e: e.genre is Genre.SERVICE_ARRETE and _code(e.erreur) == "LECTEUR_ABSENT", 5.0)
        with pytest.raises(ErreurConnue) as refus:
            gestionnaire.employer("vitale", lire_puce_vitale)
        assert refus.value.code == "LECTEUR_ABSENT"
        lecteur.brancher()
        ecoute.attendre(lambda e: e.genre is Genre.INSEREE and e.fente is not None and e.fente.carte.est_vitale, 5.0)
        assert gestionnaire.employer("vitale", lire_puce_vitale).identites[0].nom == "DURAND"


def _code(erreur: ErreurConnue | None) -> str:
    return erreur.code if erreur else ""


def test_une_session_ne_survit_pas_au_debranchement(lecteur: LecteurPss, canal: CanalSerie) -> None:
    with canal.connecter(VITALE) as session:
        lire_puce_vitale(session)
        lecteur.debrancher()
        lecteur.brancher()
        with pytest.raises(ErreurConnue) as refus:
            lire_puce_vitale(session)
        assert refus.value.code == "LECTEUR_ABSENT"
        canal.fentes()
        with pytest.raises(ErreurConnue) as refus:
            lire_puce_vitale(session)
        assert refus.value.code == "CARTE_RETIREE"


def test_la_session_d_un_port_perdu_est_refusee_meme_sans_avoir_rien_demande(
    lecteur: LecteurPss, canal: CanalSerie
) -> None:
    with canal.connecter(VITALE) as session:
        lecteur.debrancher()
        with pytest.raises(ErreurConnue):
            canal.fentes()
        lecteur.brancher()
        time.sleep(0.12)
        canal.fentes()
        with pytest.raises(ErreurConnue) as refus:
            lire_puce_vitale(session)
        assert refus.value.code == "CARTE_RETIREE"


def test_carte_arrachee_pendant_la_lecture(lecteur: LecteurPss, canal: CanalSerie) -> None:
    with canal.connecter(VITALE) as session:
        lecteur.moteur.fautes.extend([None, None, pss.arracher(2)])
        with pytest.raises(ErreurConnue) as refus:
            lire_puce_vitale(session)
        assert refus.value.code == "CARTE_RETIREE"
        with lecteur.arrete() as moteur:
            moteur.inserer(2, 2, vitale("famille"))
        with pytest.raises(ErreurConnue) as refus:
            session.transmettre(bytes.fromhex("00A40000023F00"))
        assert refus.value.code == "CARTE_RETIREE"
    assert lecteur.moteur.executes[-1][2] != 0x15  # the new card is not ours to power off
    with pytest.raises(ErreurConnue):
        session.transmettre(b"\x00\xa4\x00\x00")
    session.fermer()


def test_carte_substituee_pendant_la_lecture(lecteur: LecteurPss, canal: CanalSerie) -> None:
    with canal.connecter(VITALE) as session:
        lecteur.moteur.fautes.extend([None, pss.substituer(2, vitale("famille"))])
        with pytest.raises(ErreurConnue) as refus:
            lire_puce_vitale(session)
        assert refus.value.code == "CARTE_CHANGEE"
    with canal.connecter(VITALE) as session:
        assert len(lire_puce_vitale(session).identites) > 1


def test_lecteur_redemarre_pendant_la_lecture(lecteur: LecteurPss, canal: CanalSerie) -> None:
    avant = canal.fentes()[1].passage
    with canal.connecter(VITALE) as session:
        lecteur.moteur.fautes.extend([None, None, pss.redemarrer])
        with pytest.raises(ErreurConnue) as refus:
            lire_puce_vitale(session)
        assert refus.value.code == "GALSS_0040"
    assert canal.fentes()[1].passage > avant
    with canal.connecter(VITALE) as session:
        assert lire_puce_vitale(session).identites[0].nom == "DURAND"


def test_lecteur_redemarre_entre_deux_regards(lecteur: LecteurPss, canal: CanalSerie) -> None:
    avant = [f.passage for f in canal.fentes()]
    with lecteur.arrete() as moteur:
        moteur.couper()
    apres = canal.fentes()
    assert [f.etat for f in apres] == [Etat.PRESENTE, Etat.PRESENTE]
    assert all(f.passage > p for f, p in zip(apres, avant, strict=True))


def test_une_lecture_est_reprise_une_presentation_de_code_jamais(lecteur: LecteurPss, canal: CanalSerie) -> None:
    with canal.connecter(CPS) as session:
        lecteur.moteur.fautes.extend([pss.abimer(-1)] * 4)
        assert session.transmettre(bytes.fromhex("00A40000023F00"))[1] >> 8 == 0x61
        lecteur.moteur.fautes.extend([pss.abimer(-1)] * 4)
        with pytest.raises(ErreurConnue) as refus:
            session.transmettre(bytes.fromhex("002000010430303030"))
        assert refus.value.code == "GALSS_0200"
        assert session.transmettre(bytes.fromhex("00200001")) == (b"", 0x63C2)  # presented, once


@pytest.mark.parametrize(("select", "fois"), [
    ("00A40000023F00", 2), ("00A4090004" + "3F002F02", 2), ("00A4040005" + "A000000001", 2), ("00A4020002" + "2F02", 2),
    ("00A4000002D003", 1), ("00A4010002D003", 1), ("00A40300", 1), ("00A4040205" + "A000000001", 1),
])
def test_un_choix_relatif_n_est_jamais_repete(
    lecteur: LecteurPss, canal: CanalSerie, select: str, fois: int
) -> None:
    """The card may have done it before its answer was lost: done again it would look one folder further."""
    with canal.connecter(CPS) as session:
        lecteur.moteur.fautes.extend([pss.abimer(-1)] * 4)
        with contextlib.suppress(ErreurConnue):
            session.transmettre(bytes.fromhex(select))
    assert len([m for m in lecteur.moteur.executes if bytes.fromhex(select) in m]) == fois


def test_carte_muette_et_fente_vide(lecteur: LecteurPss, canal: CanalSerie) -> None:
    muette = vitale()
    muette.atr = b""
    with lecteur.arrete() as moteur:
        moteur.inserer(2, 2, muette)
        moteur.retirer(2, 1)
    assert [f.etat for f in canal.fentes()] == [Etat.VIDE, Etat.MUETTE]
    codes = []
    for nom in (CPS, VITALE, "COM3 PAD2 [fente 3]"):
        with pytest.raises(ErreurConnue) as refus:
            canal.connecter(nom)
        codes.append(refus.value.code)
    assert codes == ["CARTE_ABSENTE", "CARTE_MUETTE", "LECTEUR_ABSENT"]


def test_deux_taches_sur_une_fente(canal: CanalSerie) -> None:
    with canal.connecter(CPS):
        with pytest.raises(ErreurConnue) as refus:
            canal.connecter(CPS)
        assert refus.value.code == "CARTE_OCCUPEE"
        with canal.connecter(VITALE) as session:  # the other slot of the same port goes on
            assert lire_puce_vitale(session).identites
    with canal.connecter(CPS) as session:
        assert lire_puce_cps(session).numero_serie == "0000000001"


def test_une_carte_changee_sous_une_session_ouverte(lecteur: LecteurPss, canal: CanalSerie) -> None:
    with canal.connecter(VITALE):
        with lecteur.arrete() as moteur:
            moteur.inserer(2, 2, vitale("famille"))
        assert canal.fentes()[1].etat is Etat.VIDE  # the first card is gone, the other not known yet
    assert canal.fentes()[1].etat is Etat.PRESENTE


def test_deux_lecteurs_sur_un_canal(tmp_path: Path) -> None:
    from sesam_desktop.lecteurs.serie.port import PortSerie

    with LecteurPss(tmp_path / "COM4", {2: {1: cps()}, 5: {2: vitale("famille")}}) as lecteur:
        declarations = [Declaration(2, (1,), False), Declaration(5, (2,), False), Declaration(9, (1,), False)]
        canal = CanalSerie("COM4", lambda: PortSerie(str(lecteur.chemin)), declarations, VIF, repos=60.0)
        gestionnaire = Gestionnaire([canal], delai=10.0)
        assert [f.lecteur for f in gestionnaire.fentes()] == ["COM4 PAD2 [fente 1]", "COM4 PAD5 [fente 2]"]
        assert gestionnaire.employer("cps", lire_puce_cps).numero_serie == "0000000001"
        assert len(gestionnaire.employer("vitale", lire_puce_vitale).identites) > 1
        debut = time.monotonic()
        assert len(gestionnaire.fentes()) == 2
        assert time.monotonic() - debut < 3 * VIF.bwt  # the third one, which is not there, is left alone
        gestionnaire.fermer()


def test_logiciel_du_lecteur(lecteur: LecteurPss, gestionnaire: Gestionnaire) -> None:
    assert gestionnaire.logiciels() == []
    lecteur.moteur.logiciel = lambda message: b"recu " + message
    logiciels = gestionnaire.logiciels()
    assert [(x.canal, x.lecteur) for x in logiciels] == [("serie:COM3", "COM3 PAD2")]
    long = bytes(range(256)) * 12
    assert gestionnaire.dialoguer(logiciels[0], long, 5.0) == b"recu " + long


def test_la_lecture_et_le_logiciel_partagent_le_port(lecteur: LecteurPss, gestionnaire: Gestionnaire) -> None:
    lecteur.moteur.logiciel = lambda message: message
    (logiciel,) = gestionnaire.logiciels()
    gestionnaire.abonner(Ecoute())
    resultats: list[object] = []

    def dialoguer() -> None:
        resultats.extend(gestionnaire.dialoguer(logiciel, bytes(1000), 10.0) for _ in range(5))

    fil = threading.Thread(target=dialoguer)
    fil.start()
    lectures = [gestionnaire.employer("vitale", lire_puce_vitale) for _ in range(5)]
    fil.join(20)
    assert resultats == [bytes(1000)] * 5
    assert len(set(map(str, lectures))) == 1


FAUTES = {
    "bruit_avant": lambda a: pss.bruit_avant(a.randbytes(a.randint(1, 30))),
    "bruit_dedans": lambda a: pss.bruit_dedans(a.randbytes(a.randint(1, 30)), a.randint(0, 200)),
    "perdre": lambda a: pss.perdre(a.randint(0, 200), a.randint(1, 10)),
    "abimer": lambda a: pss.abimer(a.randint(0, 200), a.randint(1, 255)),
    "taire": lambda a: pss.taire,
    "doubler": lambda a: pss.doubler,
    "tarder": lambda a: pss.tarder(a.uniform(0, 0.15)),
    "resynchroniser": lambda a: pss.resynchroniser,
    "redemarrer": lambda a: pss.redemarrer,
    "arracher": lambda a: pss.arracher(2),
    "substituer": lambda a: pss.substituer(2, vitale("famille")),
}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fautes=st.lists(st.sampled_from([None, None, None, *FAUTES]), max_size=12), graine=st.integers(0, 2**32))
def test_lecture_sous_les_fautes(
    lecteur: LecteurPss, ouvrir_canal: Ouvreur, fautes: list[str | None], graine: int
) -> None:
    """Whatever the reader does: the identity of one card, whole, or a typed refusal; and soon."""
    alea = random.Random(graine)
    with lecteur.arrete() as moteur:
        moteur.inserer(2, 2, vitale())
        moteur.fautes.clear()
        moteur.fautes.extend(FAUTES[nom](alea) if nom else None for nom in fautes)
    canal = ouvrir_canal(chrono=NERVEUX)
    debut = time.monotonic()
    try:
        with canal.connecter(VITALE) as session:
            noms = [i.nom for i in lire_puce_vitale(session).identites]
    except ErreurConnue as erreur:
        assert erreur.code.startswith(("GALSS_", "CARTE_", "LECTEUR_ABSENT"))
    else:
        assert noms in (_noms("assure"), _noms("famille"))
    assert time.monotonic() - debut < 20
    canal.fermer()


def _noms(carte: str) -> list[str]:
    from sesam_desktop.lecteurs.virtuel import CanalVirtuel

    with CanalVirtuel({"x": vitale(carte)}).connecter("x") as session:
        return [i.nom for i in lire_puce_vitale(session).identites]
