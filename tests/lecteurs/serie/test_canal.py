"""The serial channel: what galss.ini makes of it, its silences, its sharing."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from sesam_desktop.lecteurs.canal import CanalProgrammable, Etat, Fente, lecteur_absent
from sesam_desktop.lecteurs.galss import galss_ini, io_comm
from sesam_desktop.lecteurs.galss.galss_ini import FichierGalss
from sesam_desktop.lecteurs.serie import canal as module
from sesam_desktop.lecteurs.serie.canal import CanalSerie, canal_usb, canaux_depuis, canaux_du_poste
from sesam_desktop.lecteurs.serie.lecteur import Declaration
from sesam_desktop.lecteurs.serie.ports import LecteurUsb, connus
from sesam_desktop.lecteurs.serie.voie import Port
from sesam_desktop.noyau.erreurs import ErreurConnue
from tests.lecteurs.galss.fichiers import SERIE as GALSS
from tests.outils import lecteur_pss as pss
from tests.outils.lecteur_pss import LecteurPss

from .conftest import VIF, Ouvreur


def _lu(texte: str = GALSS) -> FichierGalss:
    return galss_ini.lire(texte.encode("cp1252"))


def _ports(chemin: Path | str) -> io_comm.IoComm:
    lu = io_comm.lire(b"[MAP_DEVICE]\nCOM3=/dev/ttyS2\n")
    return io_comm.IoComm(lu.ini, {3: str(chemin)})


def test_galss_ini_donne_le_canal(lecteur: LecteurPss) -> None:
    (canal,) = canaux_depuis(_lu(GALSS.replace("Config=1000,20,15000", "Config=500,15,5000")), _ports(lecteur.chemin))
    assert isinstance(canal, CanalProgrammable)
    assert canal.nom == "serie:COM3"
    assert [f.lecteur for f in canal.fentes()] == ["COM3 PAD2 [fente 1]", "COM3 PAD2 [fente 2]"]
    canal.fermer()


def test_delais_de_galss_ini(monkeypatch: pytest.MonkeyPatch) -> None:
    chronos = []
    monkeypatch.setattr(module, "CanalSerie", lambda port, ouvrir, lecteurs, chrono: chronos.append(chrono))
    canaux_depuis(_lu(GALSS.replace("Config=1000,20,15000", "Config=5000,30,20000\nCWT=3000")), None)
    canaux_depuis(_lu(GALSS.replace("9600", "19200")), None)
    assert [(c.bwt, c.bgt, c.ext, c.cwt) for c in chronos] == [(5.0, 0.03, 20.0, 3.0), (1.0, 0.02, 15.0, 0.2)]
    assert [round(c.octet * 1e6) for c in chronos] == [1042, 521]  # ten bits at 9600 and 19200 bauds


@pytest.mark.parametrize("texte", ["neuf mille,1,8,0,0", "300,1,8,0,0", "9600", "115200,1,8,0,0"])
def test_vitesse_fausse_dans_galss_ini(texte: str) -> None:
    fichier = _lu(GALSS.replace("9600,1,8,0,0", texte))
    anomalie = next(a for a in fichier.anomalies if a.cle == "Caracteristiques")
    assert (anomalie.section, anomalie.ligne, anomalie.code) == ("CANAL1", 11, 0x8008)
    assert "9600,1,8,0,0" in anomalie.message
    assert canaux_depuis(fichier, None) == []


@pytest.mark.parametrize("config", ["", "Config=1,2\n", "Config=1,1,1\n"])
def test_delais_absents_ou_faux(monkeypatch: pytest.MonkeyPatch, config: str) -> None:
    """The shipped values are used then: a BWT of one millisecond would find every reader mute."""
    chronos = []
    monkeypatch.setattr(module, "CanalSerie", lambda port, ouvrir, lecteurs, chrono: chronos.append(chrono))
    canaux_depuis(_lu(GALSS.replace("Config=1000,20,15000\n", config)), None)
    assert [(c.bwt, c.bgt, c.ext) for c in chronos] == [(1.0, 0.02, 15.0)]


def test_windows_nomme_ses_ports_lui_meme(monkeypatch: pytest.MonkeyPatch) -> None:
    demandes = []

    def ouvrir(nom: str, liaison: object) -> Port:
        demandes.append(nom)
        raise lecteur_absent(nom)

    monkeypatch.setattr(module, "PortSerie", ouvrir)
    (canal,) = canaux_depuis(_lu(), None, "nt")
    with pytest.raises(ErreurConnue):
        canal.fentes()
    assert demandes[0] == "COM3"


def test_sans_io_comm_le_port_n_est_nulle_part() -> None:
    (canal,) = canaux_depuis(_lu(), None, "posix")
    with pytest.raises(ErreurConnue) as refus:
        canal.fentes()
    assert (refus.value.code, refus.value.ou) == ("GALSS_800B", "COM3")


def test_port_tenu_par_un_autre(lecteur: LecteurPss, canal: CanalSerie, ouvrir_canal: Ouvreur) -> None:
    canal.fentes()
    with pytest.raises(ErreurConnue) as refus:
        ouvrir_canal().fentes()
    assert refus.value.code == "PORT_OCCUPE"
    assert "galsv" in refus.value.action
    canal.fermer()
    assert len(ouvrir_canal().fentes()) == 2


def test_lecteur_muet_laisse_en_repos(lecteur: LecteurPss, ouvrir_canal: Ouvreur) -> None:
    canal = ouvrir_canal(repos=0.5)
    lecteur.moteur.fautes.extend([pss.taire] * 3)
    with pytest.raises(ErreurConnue) as refus:
        canal.fentes()
    assert (refus.value.code, refus.value.ou) == ("GALSS_0400", "COM3 PAD2")
    debut = time.monotonic()
    for question in (canal.fentes, canal.logiciels):
        with pytest.raises(ErreurConnue):
            question()
    assert time.monotonic() - debut < 0.1
    time.sleep(0.5)
    assert len(canal.fentes()) == 2


def test_premier_regard_sur_une_ligne_prise(lecteur: LecteurPss, canal: CanalSerie) -> None:
    lecteur.moteur.logiciel = lambda message: message
    lecteur.moteur.prolongations.append((5, 1.0))
    fil = threading.Thread(target=canal.dialoguer, args=("COM3 PAD2", b"a", 5.0))
    fil.start()
    time.sleep(0.1)
    with pytest.raises(ErreurConnue) as refus:
        canal.fentes()
    assert refus.value.code == "GALSS_0004"  # nothing is known yet: an empty slot would be a guess
    fil.join(5)
    assert len(canal.fentes()) == 2


def test_lecteur_muet_pour_ses_logiciels(lecteur: LecteurPss, canal: CanalSerie) -> None:
    lecteur.moteur.fautes.extend([pss.taire] * 3)
    with pytest.raises(ErreurConnue) as refus:
        canal.logiciels()
    assert refus.value.code == "GALSS_0400"


def test_un_bruit_ne_fait_pas_partir_les_cartes(lecteur: LecteurPss, canal: CanalSerie) -> None:
    canal.fentes()
    lecteur.moteur.fautes.extend([pss.abimer(-1)] * 4)
    assert len(canal.fentes()) == 2


def test_terminal_sans_fente(lecteur: LecteurPss, ouvrir_canal: Ouvreur) -> None:
    """A portable terminal declared for its software only."""
    lecteur.moteur.logiciel = lambda message: message
    canal = ouvrir_canal([Declaration(lads=())])
    assert canal.fentes() == []
    assert canal.logiciels() == ["COM3 PAD2"]


def test_carte_retiree_au_reveil(lecteur: LecteurPss, canal: CanalSerie) -> None:
    """Seen by the look, gone when it is powered on."""
    presence_ps = 3  # after the two frames of the fresh start
    lecteur.moteur.fautes.extend([None] * (presence_ps - 1) + [pss.arracher(1)])
    assert [f.etat for f in canal.fentes()] == [Etat.VIDE, Etat.PRESENTE]


def test_dialogue_refuse(lecteur: LecteurPss, canal: CanalSerie) -> None:
    for nom, code in (("COM3 PAD2", "GALSS_0400"), ("COM3 PAD7", "LECTEUR_ABSENT")):
        with pytest.raises(ErreurConnue) as refus:
            canal.dialoguer(nom, b"a", 1.0)
        assert refus.value.code == code


def test_lecteur_sans_logiciel_declare(ouvrir_canal: Ouvreur) -> None:
    canal = ouvrir_canal([Declaration(logiciel=False)])
    assert canal.logiciels() == []
    with pytest.raises(ErreurConnue):
        canal.dialoguer("COM3 PAD2", b"a", 1.0)


def test_ligne_prise_par_un_long_dialogue(lecteur: LecteurPss, canal: CanalSerie) -> None:
    """Slots are then shown as they were last seen; a session waits, a second dialogue refuses in time."""
    vues = canal.fentes()
    lecteur.moteur.logiciel = lambda message: message
    lecteur.moteur.fautes.append(pss.tarder(0.25))
    lecteur.moteur.prolongations.append((10, 1.5))
    fil = threading.Thread(target=canal.dialoguer, args=("COM3 PAD2", b"a", 5.0))
    fil.start()
    time.sleep(0.1)
    assert canal.fentes() == vues
    for question in (canal.logiciels, lambda: canal.dialoguer("COM3 PAD2", b"b", 0.2)):
        with pytest.raises(ErreurConnue) as refus:
            question()
        assert refus.value.code == "GALSS_0004"
    with canal.connecter("COM3 PAD2 [fente 2]") as session:
        assert session.transmettre(bytes.fromhex("00A40000023F00"))[1] >> 8 == 0x61
    fil.join(5)
    assert lecteur.moteur.executes.count(b"\x00\x00b") == 0


def test_deux_regards_a_la_fois(lecteur: LecteurPss, canal: CanalSerie) -> None:
    attendues = canal.fentes()
    lecteur.moteur.fautes.append(pss.tarder(0.25))
    vues: list[list[Fente]] = []
    fils = [threading.Thread(target=lambda: vues.append(canal.fentes())) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(5)
    assert vues == [attendues] * 4


def test_regard_trop_long(lecteur: LecteurPss, canal: CanalSerie, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sesam_desktop.lecteurs.serie.lecteur._ATTENTE", 0.05)
    attendues = canal.fentes()
    lecteur.moteur.prolongations.append((3, 0.6))
    fil = threading.Thread(target=canal.fentes)
    fil.start()
    time.sleep(0.1)
    debut = time.monotonic()
    assert canal.fentes() == attendues
    assert time.monotonic() - debut < 0.3
    fil.join(5)


def test_ferme_pendant_un_echange(lecteur: LecteurPss, canal: CanalSerie, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sesam_desktop.lecteurs.serie.ligne._FERMETURE", 0.05)
    lecteur.moteur.logiciel = lambda message: message
    canal.fentes()
    lecteur.moteur.prolongations.append((3, 0.4))
    fil = threading.Thread(target=canal.dialoguer, args=("COM3 PAD2", b"a", 5.0))
    fil.start()
    time.sleep(0.1)
    canal.fermer()
    fil.join(5)
    with pytest.raises(ErreurConnue) as refus:
        canal.connecter("COM3 PAD2 [fente 1]")
    assert refus.value.code == "LECTEUR_ABSENT"


def test_surveillance_reprise_apres_une_panne(lecteur: LecteurPss, canal: CanalSerie) -> None:
    lecteur.moteur.fautes.extend([pss.taire] * 3)
    with pytest.raises(ErreurConnue):
        canal.surveiller(print)
    lecteur.debrancher()
    time.sleep(0.1)
    with pytest.raises(ErreurConnue) as refus:
        canal.surveiller(print)
    assert refus.value.code == "LECTEUR_ABSENT"
    canal.fermer()
    canal.surveiller(print)


def test_rien_n_est_redit_tant_que_rien_ne_change(lecteur: LecteurPss, canal: CanalSerie) -> None:
    vues: list[list[Fente]] = []
    fil = threading.Thread(target=canal.surveiller, args=(vues.append,), daemon=True)
    fil.start()
    fin = time.monotonic() + 5
    while len([m for m in lecteur.moteur.executes if m == b"\x00\x01\x16"]) < 4 and time.monotonic() < fin:
        time.sleep(0.01)
    canal.fermer()
    fil.join(5)
    assert len(vues) == 1


def test_fermer_termine_la_surveillance_en_silence(lecteur: LecteurPss, canal: CanalSerie) -> None:
    """Even while a look is under way."""
    issues: list[ErreurConnue | None] = []

    def surveiller() -> None:
        try:
            canal.surveiller(lambda _: None)
            issues.append(None)
        except ErreurConnue as erreur:
            issues.append(erreur)

    lecteur.moteur.fautes.append(pss.tarder(0.2))
    fil = threading.Thread(target=surveiller, daemon=True)
    fil.start()
    time.sleep(0.05)
    canal.fermer()
    fil.join(5)
    assert issues == [None]


def test_retour_de_la_carte_arrachee_vu_sans_attendre(lecteur: LecteurPss, ouvrir_canal: Ouvreur) -> None:
    """A session that finds its card gone wakes the watch: here it would look again in a minute only."""
    canal = ouvrir_canal(periode=60.0)
    vues: list[list[Fente]] = []
    deux = threading.Event()

    def recevoir(fentes: list[Fente]) -> None:
        vues.append(fentes)
        if len(vues) > 1:
            deux.set()

    fil = threading.Thread(target=canal.surveiller, args=(recevoir,), daemon=True)
    fil.start()
    while not vues:
        time.sleep(0.01)
    with canal.connecter("COM3 PAD2 [fente 2]") as session:
        with lecteur.arrete() as moteur:
            moteur.retirer(2, 2)
        with pytest.raises(ErreurConnue):
            session.transmettre(bytes.fromhex("00A40000023F00"))
    assert deux.wait(5)
    canal.fermer()
    fil.join(5)


def test_lecteur_usb_trouve_par_ses_numeros(lecteur: LecteurPss, monkeypatch: pytest.MonkeyPatch) -> None:
    branches: list[LecteurUsb] = []
    monkeypatch.setattr(module, "detectes", lambda: branches)
    monkeypatch.setattr(module, "Chrono", lambda **_: VIF)
    canal = canal_usb()
    assert canal.nom == "serie:usb"
    assert (canal.fentes(), canal.logiciels()) == ([], [])  # nobody declared it: its absence is no failure
    terminal, sv = LecteurUsb("COM8", connus()[1]), LecteurUsb(str(lecteur.chemin), connus()[0])
    branches[:] = [terminal, sv]
    assert [f.lecteur for f in canal.fentes()] == ["usb PAD2 [fente 1]", "usb PAD2 [fente 2]"]
    canal.fermer()
    declare = canal_usb([str(lecteur.chemin)])
    assert declare.fentes() == []
    declare.fermer()


def test_un_port_absent_n_est_pas_cherche_a_chaque_lecture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sesam_desktop.lecteurs.serie.lecteur.ABSENCE", 60.0)
    inventaires: list[int] = []
    monkeypatch.setattr(module, "detectes", lambda: inventaires.append(1) or [])
    canal = canal_usb()
    for _ in range(5):
        assert canal.fentes() == []
    assert len(inventaires) == 1


def test_le_port_declare_n_est_pas_pris_par_le_canal_usb(lecteur: LecteurPss, monkeypatch: pytest.MonkeyPatch) -> None:
    vrai = lecteur.chemin.resolve()
    monkeypatch.setattr(module, "detectes", lambda: [LecteurUsb(str(vrai), connus()[0])])
    canaux = canaux_du_poste(_lu(), _ports(lecteur.chemin))
    assert [c.nom for c in canaux] == ["serie:COM3", "serie:usb"]
    assert canaux[1].fentes() == []
    monkeypatch.setattr(module, "detectes", lambda: [LecteurUsb("com3", connus()[0])])
    assert canaux_du_poste(_lu(), None, "nt")[1].fentes() == []
    assert [c.nom for c in canaux_du_poste(None)] == ["serie:usb"]
    for canal in canaux:
        canal.fermer()
