"""Cards in real PC/SC slots: pcscd and vpcd of Debian, our virtual cards plugged in, other programs as witnesses."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.cartes.puce_vitale import IdentitePuce
from sesam_desktop.lecteurs import lecture, signature_carte
from sesam_desktop.lecteurs.canal import Etat
from sesam_desktop.lecteurs.cartes_fichiers import DossierCartes
from sesam_desktop.lecteurs.emulation import PuceVirtuelle
from sesam_desktop.lecteurs.gestionnaire import Genre, Gestionnaire
from sesam_desktop.lecteurs.pcsc import CanalPcsc
from sesam_desktop.noyau.erreurs import ErreurConnue
from tests.commandes.ligne import Ligne
from tests.lecteurs.doubles import PS, VITALES, Ecoute, cps, deposer_cartes, vitale
from tests.outils.pcscd import ServicePcscd, attendre, pcscd
from tests.outils.vpcd import LECTEURS, brancher

pytestmark = pytest.mark.pcsc
__all__ = ["pcscd"]

BANCAIRE = PuceVirtuelle(bytes.fromhex("3B6500002063CB6600"), [None])


@pytest.fixture
def ecoute() -> Ecoute:
    return Ecoute()


@pytest.fixture
def gestionnaire(pcscd: ServicePcscd, ecoute: Ecoute) -> Iterator[Gestionnaire]:
    """Watching two empty slots."""
    gestionnaire = Gestionnaire([CanalPcsc()])
    attendre(lambda: _etats(gestionnaire) == [Etat.VIDE, Etat.VIDE], 5, "les fentes ne se vident pas")
    gestionnaire.abonner(ecoute)
    yield gestionnaire
    gestionnaire.fermer()


def _etats(gestionnaire: Gestionnaire) -> list[Etat]:
    return [f.etat for f in gestionnaire.fentes() if f.lecteur in LECTEURS]


def test_inserer_lire_signer_retirer(gestionnaire: Gestionnaire, ecoute: Ecoute, tmp_path: Path) -> None:
    deposer_cartes(tmp_path)
    source = DossierCartes(tmp_path)
    with brancher(vitale("famille"), 0), brancher(cps("infirmier"), 1):
        assert ecoute.attendre(lambda e: e.genre is Genre.INSEREE) < 1
        attendre(lambda: _etats(gestionnaire) == [Etat.PRESENTE] * 2, 1, "la seconde carte n'est pas vue")
        with gestionnaire.ouvrir("vitale") as session:
            puce = lecture.lire_puce_vitale(session)
            assert source.pour_vitale(puce) == VITALES["famille"]
            signature = signature_carte.signer_par_carte(session, b"facture" * 100)
            assert signature[-32:] == hashlib.sha256(b"facture" * 100).digest()
        with gestionnaire.ouvrir("cps") as session:
            puce_cps = lecture.lire_puce_cps(session)
            with pytest.raises(ErreurConnue, match="il reste 2 essais"):
                lecture.verifier_code(session, "9999")
            lecture.verifier_code(session, "1234")
            assert lecture.essais_restants(session) == 3
            assert source.pour_ps(puce_cps, situations=True) == PS["infirmier"]
            assert len(signature_carte.signer_par_carte(session, b"lot")) == 256
        with gestionnaire.ouvrir("cps") as session, pytest.raises(ErreurConnue):
            signature_carte.signer_par_carte(session, b"lot")  # the card was reset: the code is asked again
        ecoute.evenements.clear()
    assert ecoute.attendre(lambda e: e.genre is Genre.RETIREE) < 1


def test_fentes_echangees(gestionnaire: Gestionnaire) -> None:
    """The same cards the other way round are found all the same: slots are known by what they hold."""
    with brancher(cps(), 0), brancher(vitale(), 1):
        attendre(lambda: _etats(gestionnaire) == [Etat.PRESENTE] * 2, 2, "les cartes ne sont pas vues")
        assert gestionnaire.trouver("cps").lecteur == LECTEURS[0]
        assert gestionnaire.trouver("vitale").lecteur == LECTEURS[1]


def test_carte_arrachee_pendant_un_echange(gestionnaire: Gestionnaire, ecoute: Ecoute) -> None:
    with brancher(vitale(), 0) as branchee:
        ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
        with gestionnaire.ouvrir("vitale") as session:
            branchee.arracher_apres(3)
            with pytest.raises(ErreurConnue) as refus:
                lecture.lire_puce_vitale(session)
        assert refus.value.code == "CARTE_RETIREE"
        assert ecoute.attendre(lambda e: e.genre is Genre.RETIREE) < 1
    with brancher(vitale("ald"), 0):
        ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
        with gestionnaire.ouvrir("vitale") as session:
            [patient] = lecture.lire_puce_vitale(session).identites
        assert isinstance(patient, IdentitePuce)
        assert patient.nom == "PETIT"


def test_autre_carte_pendant_une_session(gestionnaire: Gestionnaire, ecoute: Ecoute) -> None:
    """Same reader, same ATR, another patient: the session opened before never reads the new card."""
    with brancher(vitale(), 0) as premiere:
        ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
        with gestionnaire.ouvrir("vitale") as session:
            puce = lecture.lire_puce_vitale(session)
            premiere.retirer()
            with brancher(vitale("ald"), 0):
                ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
                with pytest.raises(ErreurConnue) as refus:
                    lecture.lire_puce_vitale(session)
                assert refus.value.code == "CARTE_RETIREE"
                with gestionnaire.ouvrir("vitale") as neuve, pytest.raises(ErreurConnue) as refus:
                    lecture.exiger_meme_vitale(neuve, puce)
                assert refus.value.code == "CARTE_CHANGEE"


def test_carte_muette(gestionnaire: Gestionnaire, ecoute: Ecoute) -> None:
    with brancher(vitale(), 0, muette=True):
        ecoute.attendre(lambda e: e.genre is Genre.MUETTE)
        with pytest.raises(ErreurConnue) as refus:
            gestionnaire.ouvrir("vitale")
        assert refus.value.code == "CARTE_MUETTE"
        assert refus.value.ou == LECTEURS[0]


def test_carte_inconnue(gestionnaire: Gestionnaire, ecoute: Ecoute) -> None:
    with brancher(BANCAIRE, 1):
        assert ecoute.attendre(lambda e: e.genre is Genre.INCONNUE) < 1
        with pytest.raises(ErreurConnue, match="3B 65 00 00 20 63 CB 66 00"):
            gestionnaire.ouvrir("vitale")


def test_carte_gardee_par_un_autre_programme(gestionnaire: Gestionnaire, ecoute: Ecoute) -> None:
    from smartcard import scard

    _, contexte = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    with brancher(vitale(), 0):
        ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
        _, carte, _ = scard.SCardConnect(contexte, LECTEURS[0], scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_T0)
        attendre(lambda: Etat.OCCUPEE in _etats(gestionnaire), 1, "l'occupation n'est pas vue")
        presse = Gestionnaire([CanalPcsc()], delai=0.3)
        with pytest.raises(ErreurConnue) as refus:
            presse.ouvrir("vitale")
        assert refus.value.code == "CARTE_OCCUPEE"
        scard.SCardDisconnect(carte, scard.SCARD_LEAVE_CARD)
        gestionnaire.ouvrir("vitale").fermer()
    scard.SCardReleaseContext(contexte)


def test_transaction_d_un_autre_programme(gestionnaire: Gestionnaire, ecoute: Ecoute) -> None:
    """PC/SC would wait for ever: the wait is bounded, and what comes too late is let go."""
    with brancher(vitale(), 0):
        ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
        with gestionnaire.ouvrir("vitale"):
            presse = Gestionnaire([CanalPcsc()], delai=0.3)
            with pytest.raises(ErreurConnue) as refus:
                presse.ouvrir("vitale")
            assert refus.value.code == "CARTE_OCCUPEE"
        gestionnaire.ouvrir("vitale").fermer()


def test_pcscd_arrete_puis_relance(pcscd: ServicePcscd, gestionnaire: Gestionnaire, ecoute: Ecoute) -> None:
    if not pcscd.a_nous:
        pytest.skip("ce pcscd n'a pas été démarré par les essais")
    with brancher(vitale(), 0):
        ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
        with gestionnaire.ouvrir("vitale") as session:
            pcscd.arreter()
            with pytest.raises(ErreurConnue) as refus:
                lecture.lire_puce_vitale(session)
        assert refus.value.code == "SERVICE_CARTES_ARRETE"
        assert ecoute.attendre(lambda e: e.genre is Genre.SERVICE_ARRETE) < 1
        with pytest.raises(ErreurConnue) as refus:
            gestionnaire.ouvrir("vitale")
        assert refus.value.code == "SERVICE_CARTES_ARRETE"
    pcscd.demarrer()
    assert ecoute.attendre(lambda e: e.genre is Genre.SERVICE_REVENU) < 1
    with brancher(vitale(), 0):
        assert ecoute.attendre(lambda e: e.genre is Genre.INSEREE) < 1
        with gestionnaire.ouvrir("vitale") as session:
            assert lecture.lire_puce_vitale(session).identites[0].nom == "DURAND"


def test_ligne_de_commande(
    gestionnaire: Gestionnaire, profil: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (profil / "cartes").mkdir()
    deposer_cartes(profil / "cartes")
    monkeypatch.setenv("CODE_ESSAI", "1234")
    with brancher(vitale("ald"), 0), brancher(cps(), 1):
        attendre(lambda: _etats(gestionnaire) == [Etat.PRESENTE] * 2, 2, "les cartes ne sont pas vues")
        ligne = Ligne(profil, lambda: tuple(capsys.readouterr()))  # type: ignore[arg-type]
        fentes = {f["lecteur"]: f for f in ligne.json("lecteurs", "lister")}
        lues = ligne.json("lecteurs", "lire", "--code-porteur-env", "CODE_ESSAI")
    assert [fentes[lecteur]["carte"] for lecteur in LECTEURS] == ["vitale2", "cps3"]
    assert lues["vitale"]["beneficiaires"][0]["nom_usuel"] == "PETIT"
    assert lues["ps"]["situations"][0]["specialite"] == "50"


def _temoin(*arguments: str, dossier: Path | None = None) -> str:
    """What an independent program says of the cards."""
    if shutil.which(arguments[0]) is None:
        pytest.skip(f"{arguments[0]} n'est pas installé")
    environnement = {**os.environ, **({"HOME": str(dossier)} if dossier else {})}
    reponses = b"1\n1\nos.exit(0)\n"  # cardpeek asks twice the first time it runs
    sortie = subprocess.run(arguments, capture_output=True, timeout=20, env=environnement, input=reponses, check=False)
    return (sortie.stdout + sortie.stderr).decode("latin-1")


def test_temoins_opensc_et_pcsc_scan(gestionnaire: Gestionnaire) -> None:
    with brancher(vitale(), 0), brancher(cps(), 1):
        attendre(lambda: _etats(gestionnaire) == [Etat.PRESENTE] * 2, 2, "les cartes ne sont pas vues")
        assert "3b:75:13:00:00:44:09:ea:90:00" in _temoin("opensc-tool", "-r", LECTEURS[0], "--atr")
        identite = _temoin("opensc-tool", "-r", LECTEURS[0], "-s", "00A40000023F00", "-s", "00B0820000")
        assert "DURAND" in "".join(identite.split())
        assert "SW1=0x90, SW2=0x00" in identite
        vu = _temoin("pcsc_scan", "-n", "-c")
        assert "3B 75 13 00 00 44 09 EA 90 00" in vu
        assert "3B AC 00 40 2A 00 12 25 00 64 80 00 03 10 00 90 00" in vu


def test_temoin_cardpeek(gestionnaire: Gestionnaire, ecoute: Ecoute, tmp_path: Path) -> None:
    """cardpeek's own Vitale script walks the map, both applications and every file, and finds the patient."""
    script = Path("/usr/share/cardpeek/vitale_2.lua")
    if not script.exists():
        pytest.skip("cardpeek n'est pas installé")
    lire = tmp_path / "lire.lua"
    lire.write_text(f'dofile("{script}")\nprint(nodes.to_xml(nodes.root()))\nos.exit(0)\n')
    appel = ("cardpeek", "-c", "-r", f"pcsc://{LECTEURS[0]}", "-e")
    _temoin(*appel, "os.exit(0)", dossier=tmp_path)  # the first run only makes its folder
    with brancher(vitale("famille"), 0):
        ecoute.attendre(lambda e: e.genre is Genre.INSEREE)
        arbre = _temoin(*appel, f'dofile("{lire}")', dossier=tmp_path)
    for attendu in ("LEROY", "JULIE", "MARC", "ZOE", "IDENTITE", "NIR", "POINTERS", "DIR", "PAN"):
        assert attendu in arbre
    assert "280197200000360" in arbre
    assert "data not accessible (code 6982)" in arbre
