"""The readers of a workstation: names GALSS gives them, its client calls, traces, serial channels of the profile."""

import threading
import time
from datetime import datetime
from pathlib import Path

import pytest

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste import galss
from sesam_desktop.poste.poste import Poste
from tests.lecteurs.galss.fichiers import SERIE, octets


def test_a_profile_without_galss_ini_declares_no_serial_channel(tmp_path: Path):
    assert galss.fichier_galss(tmp_path) is None
    assert [canal.nom for canal in galss.canaux_serie(tmp_path)] == ["serie:usb"]


def test_the_serial_channel_of_the_profile_is_opened(tmp_path: Path):
    (tmp_path / "galss.ini").write_bytes(octets(SERIE))
    (tmp_path / "io_comm.ini").write_bytes(b"[MAP_DEVICE]\nCOM3=/dev/ttyS9\n")
    assert [canal.nom for canal in galss.canaux_serie(tmp_path)] == ["serie:COM3", "serie:usb"]


@pytest.mark.journal_attendu
def test_a_faulty_galss_ini_is_left_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "galss.ini").write_bytes(octets(SERIE.replace("NbPAD=1", "NbPAD=99")))
    assert galss.fichier_galss(tmp_path) is None
    assert "galss.ini du profil non utilisé" in caplog.text


@pytest.mark.journal_attendu
def test_a_huge_galss_ini_does_not_keep_readers_from_working(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    for nom in ("galss.ini", "io_comm.ini"):
        (tmp_path / nom).write_bytes(b"x" * (1 << 19))
    assert [canal.nom for canal in galss.canaux_serie(tmp_path)] == ["serie:usb"]
    assert "galss.ini du profil non utilisé : Ce fichier est trop gros" in caplog.text


def test_the_profile_s_own_galss_ini_is_the_one_kept_aligned(tmp_path: Path):
    assert galss.galss_ini_du_poste(tmp_path).parent != tmp_path
    (tmp_path / "galss.ini").touch()
    assert galss.galss_ini_du_poste(tmp_path) == tmp_path / "galss.ini"


def test_resources_are_named_as_galss_names_them(poste: Poste):
    noms = {(ressource.nom, ressource.alias) for ressource in poste.lecteurs.ressources()}
    assert noms == {("CPS", "TRANSPA1"), ("Vitale", "TRANSPA2"), ("Log_SV", "")}


def test_a_client_of_galss_reaches_the_card_by_its_alias(poste: Poste):
    client = poste.lecteurs.client_galss()
    session, lad = client.ouvrir_session("ESSAI", "TRANSPA1")
    assert lad == 1
    reponse = client.echange(session, bytes([0x00, lad, 0x14]))
    assert (reponse[0], reponse[1]) == (0x00, 3)  # status ok, card powered
    assert bytes.fromhex("00122500648000031000") in reponse  # historical bytes of a CPS3 (pcsc-tools list)
    client.fermer_session(session)


def test_two_clients_of_galss_contend_for_the_card(poste: Poste):
    un, autre = poste.lecteurs.client_galss(), poste.lecteurs.client_galss()
    exclusivite = un.debut_exclusivite("FACTURE", "CPS")
    session, lad = autre.ouvrir_session("MESSAGERIE", "CPS")
    sous_tension = bytes([0x00, lad, 0x14])
    with pytest.raises(ErreurConnue) as refus:
        autre.echange(session, sous_tension)
    assert refus.value.code == "GALSS_0004"
    fil = threading.Timer(0.3, un.fin_exclusivite, (exclusivite,))
    fil.start()
    debut = time.monotonic()
    autre.debut_exclusivite("MESSAGERIE", "CPS")
    assert 0.2 < time.monotonic() - debut < 5
    assert autre.echange(session, sous_tension)[:2] == bytes([0x00, 3])  # status ok, card powered
    autre.fermer()
    fil.join()


def test_with_a_galss_ini_resources_are_told_without_any_reader(poste: Poste, monkeypatch: pytest.MonkeyPatch):
    def arrete() -> None:
        raise ErreurConnue("service arrêté", code="SERVICE_CARTES_ARRETE")

    (poste.profil / "galss.ini").write_bytes(octets(SERIE))
    monkeypatch.setattr(poste.lecteurs.gestionnaire, "fentes", arrete)
    assert [ressource.lecteur for ressource in poste.lecteurs.ressources()] == [
        "COM3 PAD2 [fente 1]", "COM3 PAD2 [fente 2]", "COM3 PAD2",
    ]


def test_a_trace_starts_in_a_file_of_its_own_and_stops(poste: Poste):
    chemin = poste.lecteurs.tracer(True)
    assert chemin is not None
    assert chemin.parent == poste.profil / "journaux"
    poste.lecteurs.lire_ps()
    assert poste.lecteurs.tracer(False) is None
    lignes = chemin.read_text().splitlines()
    assert len(lignes) > 3
    assert any("00 A4 09 00 Lc=4 -> " in ligne for ligne in lignes)  # SELECT by path, whose four bytes are not written
    poste.lecteurs.lire_ps()
    assert len(chemin.read_text().splitlines()) == len(lignes)


def test_virtual_readers_are_never_written_in_galss_ini(poste: Poste, tmp_path: Path):
    chemin = tmp_path / "galss.ini"
    chemin.write_bytes(octets(SERIE))
    with pytest.raises(ErreurConnue) as refus:
        poste.lecteurs.realigner(chemin)
    assert refus.value.code == "LECTEUR_ABSENT"
    assert chemin.read_bytes() == octets(SERIE)


def test_what_happened_at_the_readers_is_told_with_its_instant(poste: Poste):
    poste.lecteurs.fentes()
    poste.environnement.inserer_vitale("assure")
    poste.lecteurs.lire_vitale()
    evenements = poste.lecteurs.evenements()
    assert evenements
    assert all(dat.instant <= datetime.now().astimezone() for dat in evenements)


def test_a_trace_that_cannot_be_written_is_said_and_the_running_one_goes_on(poste: Poste):
    en_cours = poste.lecteurs.tracer(True)
    (poste.profil / "journaux").rename(poste.profil / "ailleurs")
    with pytest.raises(ErreurConnue) as refus:
        poste.lecteurs.tracer(True)
    assert (refus.value.code, poste.lecteurs.trace) == ("FICHIER_ABSENT", en_cours)
    (poste.profil / "ailleurs").rename(poste.profil / "journaux")
    assert poste.lecteurs.tracer(False) is None
