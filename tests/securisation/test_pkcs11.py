"""The PKCS#11 path on SoftHSM2, as a professional's card: an independent module, real logins, real signatures."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pkcs11
import pytest
from pkcs11 import Attribute, ObjectClass
from pkcs11.util.x509 import decode_x509_certificate

from sesam_desktop.lecteurs.emulation_cps import CpsVirtuelle
from sesam_desktop.lecteurs.gestionnaire import Evenement, Genre, Gestionnaire
from sesam_desktop.lecteurs.virtuel import CanalVirtuel
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation import pkcs11 as module_teste
from sesam_desktop.securisation.autorite import Identite
from sesam_desktop.securisation.pkcs11 import SignatairePkcs11, etat_du_code, jetons, objets_publics
from sesam_desktop.securisation.pkcs11_jetons import EtatCode
from sesam_desktop.securisation.session_ps import MoyenPkcs11, SessionPS
from sesam_desktop.securisation.signature import verifier

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
CODE, OCTETS = "4731", b"octets"
NOM = bytes.fromhex("300a0c084d415254494e2020")  # an ASN.1 sequence with a name, fictitious

pytestmark = pytest.mark.skipif(not MODULE.exists(), reason="SoftHSM2 absent")


@pytest.fixture(scope="module")
def cartes(tmp_path_factory: pytest.TempPathFactory, cps: Identite, vitale: Identite) -> Iterator[Path]:
    """Two tokens: a CPS with an authentication and a signature certificate, and a card without any key."""
    dossier = tmp_path_factory.mktemp("softhsm")
    (dossier / "jetons").mkdir()
    (dossier / "softhsm2.conf").write_text(f"directories.tokendir = {dossier / 'jetons'}\nlog.level = ERROR\n")
    ancien = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(dossier / "softhsm2.conf")
    for nom in ("CPS TEST", "VIDE"):
        _softhsm("--init-token", "--free", "--label", nom, "--so-pin", "12345678", "--pin", CODE)
    _importer(vitale, "01", "Certificat d'Authentification CPS")
    _importer(cps, "02", "Certificat de Signature CPS")
    _ecrire_objet("CPS_NAME_PS", NOM, prive=False)
    _ecrire_objet("CPS_ACTIVITY_01_PS", b"situation", prive=True)
    yield dossier / "jetons"
    os.environ.pop("SOFTHSM2_CONF")
    if ancien is not None:
        os.environ["SOFTHSM2_CONF"] = ancien


def _softhsm(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


def _importer(identite: Identite, numero: str, libelle: str) -> None:
    cle = str(identite.chemin_cle)
    _softhsm("--import", cle, "--token", "CPS TEST", "--label", libelle, "--id", numero, "--pin", CODE)
    identifie = {Attribute.LABEL: libelle, Attribute.ID: bytes.fromhex(numero)}
    _creer({**decode_x509_certificate(identite.certificat_der), **identifie})


def _ecrire_objet(libelle: str, contenu: bytes, *, prive: bool) -> None:
    objet = {Attribute.CLASS: ObjectClass.DATA, Attribute.VALUE: contenu}
    _creer({**objet, Attribute.LABEL: libelle, Attribute.PRIVATE: prive})


def _creer(attributs: dict[Attribute, object]) -> None:
    jeton = pkcs11.lib(str(MODULE.resolve())).get_token(token_label="CPS TEST")
    with jeton.open(rw=True, user_pin=CODE) as session:
        session.create_object({**attributs, Attribute.TOKEN: True})


@pytest.fixture
def signataire(cartes: Path) -> Iterator[SignatairePkcs11]:
    ouvert = SignatairePkcs11(MODULE, CODE, etiquette="CPS TEST")
    yield ouvert
    ouvert.fermer()


def _refus(module: Path, code: str, etiquette: str, delai: float = 10.0) -> ErreurConnue:
    with pytest.raises(ErreurConnue) as refus:
        SignatairePkcs11(module, code, etiquette=etiquette, delai=delai)
    assert refus.value.action
    assert code not in refus.value.phrase()
    return refus.value


def test_signe_avec_le_certificat_de_signature(signataire: SignatairePkcs11, cps: Identite) -> None:
    assert (signataire.porteur, signataire.certificat()) == ("ps", cps.certificat_der)
    assert signataire.signer(OCTETS) == cps.signataire("ps").signer(OCTETS)
    assert repr(signataire) == "<SignatairePkcs11>"


def test_code_faux_une_seule_presentation(cartes: Path) -> None:
    assert _refus(MODULE, "4732", "CPS TEST").code == "CODE_FAUX"


def test_carte_absente(cartes: Path) -> None:
    assert _refus(MODULE, CODE, "AUTRE").code == "CARTE_ABSENTE"


def test_plusieurs_cartes_demandent_un_choix(cartes: Path) -> None:
    assert _refus(MODULE, CODE, "").code == "PLUSIEURS_CPS"


def test_le_choix_par_numero_de_serie(cartes: Path, cps: Identite) -> None:
    numero = next(jeton.numero_serie for jeton in jetons(MODULE) if jeton.etiquette == "CPS TEST")
    session = SessionPS(MoyenPkcs11(MODULE, numero_serie=numero), CODE)
    assert session.certificat() == cps.certificat_der
    session.fermer()


def test_carte_sans_cle_refermee(cartes: Path) -> None:
    """Refused twice for the same reason: the first login did not stay open."""
    assert _refus(MODULE, CODE, "VIDE").code == "CARTE_SANS_SIGNATURE"
    assert _refus(MODULE, CODE, "VIDE").code == "CARTE_SANS_SIGNATURE"


def test_signer_apres_la_fermeture(cartes: Path) -> None:
    signataire = SignatairePkcs11(MODULE, CODE, etiquette="CPS TEST")
    signataire.fermer()
    signataire.fermer()
    with pytest.raises(ErreurConnue) as refus:
        signataire.signer(OCTETS)
    assert refus.value.code == "CARTE_RETIREE"


def test_une_carte_deja_ouverte_ne_croit_pas_un_code_sur_parole(signataire: SignatairePkcs11) -> None:
    """The module would not look at the code, right or wrong."""
    for code in (CODE, "4732"):
        assert _refus(MODULE, code, "CPS TEST").code == "CARTE_DEJA_OUVERTE"
    assert signataire.signer(OCTETS)


def test_les_cartes_vues_et_leur_code(cartes: Path) -> None:
    vues = {jeton.etiquette: jeton for jeton in jetons(MODULE)}
    assert set(vues) == {"CPS TEST", "VIDE"}
    assert len({jeton.numero_serie for jeton in vues.values()}) == 2
    assert vues["VIDE"].code == etat_du_code(MODULE, etiquette="VIDE") == EtatCode(None, False)


def test_les_objets_publics_restent_bruts(cartes: Path) -> None:
    (objet,) = objets_publics(MODULE, etiquette="CPS TEST")
    assert (objet.libelle, objet.contenu, objet.taille) == ("CPS_NAME_PS", NOM, 12)
    assert "MARTIN" not in repr(objet)


def test_les_objets_publics_le_restent_pendant_une_session(signataire: SignatairePkcs11) -> None:
    """Logged in, the module would show what the code protects."""
    assert [o.libelle for o in objets_publics(MODULE, etiquette="CPS TEST")] == ["CPS_NAME_PS"]
    assert signataire.signer(OCTETS)


def test_un_code_faux_ferme_la_session_sans_second_essai(cartes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    presentes, ouvrir = [], module_teste._ouvrir
    monkeypatch.setattr(
        module_teste, "_ouvrir", lambda jeton, code: (presentes.append(code), ouvrir(jeton, code))[1]
    )
    with pytest.raises(ErreurConnue):
        SessionPS(MoyenPkcs11(MODULE, etiquette="CPS TEST"), "4732")
    assert presentes == ["4732"]


def test_la_session_du_professionnel_par_pkcs11(cartes: Path, cps: Identite, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    session = SessionPS(MoyenPkcs11(MODULE, etiquette="CPS TEST"), CODE)
    for octets in (b"une", b"deux"):
        assert verifier(cps.certificat_der, octets, session.signer(octets))
    session.fermer()
    assert not session.ouverte
    assert CODE not in caplog.text


def test_plusieurs_fils_signent_par_le_meme_module(cartes: Path, cps: Identite) -> None:
    session, signatures = SessionPS(MoyenPkcs11(MODULE, etiquette="CPS TEST"), CODE), []
    fils = [threading.Thread(target=lambda: signatures.append(session.signer(OCTETS))) for _ in range(6)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    session.fermer()
    assert signatures == [cps.signataire("ps").signer(OCTETS)] * 6


def test_le_retrait_vu_par_les_lecteurs_ferme_la_session(cartes: Path) -> None:
    """The reader's event, not the next signature: the module is logged out as soon as the card leaves."""
    canal = CanalVirtuel({"Lecteur": CpsVirtuelle("8000000001", {}, code=CODE, signer=lambda condensat: b"")})
    gestionnaire = Gestionnaire([canal])
    session = SessionPS(MoyenPkcs11(MODULE, etiquette="CPS TEST"), CODE)
    vus = threading.Event()

    def recevoir(evenement: Evenement) -> None:
        if evenement.genre is Genre.RETIREE:
            session.fermer()
            vus.set()

    gestionnaire.abonner(recevoir)
    canal.retirer("Lecteur")
    assert vus.wait(5)
    gestionnaire.fermer()
    with pytest.raises(ErreurConnue) as refus:
        session.signer(OCTETS)
    assert refus.value.code == "SESSION_PS_FERMEE"
    reouverte = SignatairePkcs11(MODULE, CODE, etiquette="CPS TEST")  # refused if the login had stayed
    reouverte.fermer()


def test_le_retrait_vu_par_le_module_ferme_la_session(cartes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = SessionPS(MoyenPkcs11(MODULE, etiquette="CPS TEST"), CODE)

    def partie(self: object, octets: bytes) -> bytes:
        with module_teste.traduire(None):
            raise pkcs11.DeviceRemoved

    monkeypatch.setattr(SignatairePkcs11, "_signer", partie)
    with pytest.raises(ErreurConnue) as refus:
        session.signer(OCTETS)
    assert (refus.value.code, session.ouverte) == ("CARTE_RETIREE", False)


def test_une_carte_supprimee_puis_le_module_relance(cartes: Path, tmp_path: Path) -> None:
    """SoftHSM2 whose tokens are deleted under it fails at everything: started afresh, it sees no card, then both."""
    signataire = SignatairePkcs11(MODULE, CODE, etiquette="CPS TEST")
    shutil.copytree(cartes, tmp_path / "copie")
    for jeton in cartes.iterdir():
        shutil.rmtree(jeton)
    assert _refus(MODULE, CODE, "CPS TEST").code == "CARTE_ABSENTE"
    signataire.fermer()
    shutil.copytree(tmp_path / "copie", cartes, dirs_exist_ok=True)
    pkcs11.lib(str(MODULE.resolve())).reinitialize()
    assert {jeton.etiquette for jeton in jetons(MODULE)} == {"CPS TEST", "VIDE"}


def test_une_ouverture_arrivee_trop_tard_est_refermee(cartes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ouvrir = module_teste._ouvrir

    def lentement(jeton: object, code: str) -> object:
        time.sleep(0.3)
        return ouvrir(jeton, code)

    monkeypatch.setattr(module_teste, "_ouvrir", lentement)
    assert _refus(MODULE, CODE, "CPS TEST", delai=0.1).code == "MODULE_PKCS11_SANS_REPONSE"
    time.sleep(0.3)
    assert _rouvrir() == []  # CARTE_DEJA_OUVERTE if the late login had stayed


def _rouvrir() -> list[str]:
    """Open and close once the module answers again; every other refusal met."""
    echeance, autres = time.monotonic() + 10, []
    while time.monotonic() < echeance:
        try:
            SignatairePkcs11(MODULE, CODE, etiquette="CPS TEST").fermer()
            break
        except ErreurConnue as erreur:
            autres += [erreur.code] if erreur.code != "MODULE_PKCS11_SANS_REPONSE" else []
            time.sleep(0.05)
    return autres


def test_fermer_un_module_bloque_ne_bloque_pas(
    signataire: SignatairePkcs11, monkeypatch: pytest.MonkeyPatch
) -> None:
    def jamais(*_: object) -> None:
        raise ErreurConnue("Le module ne répond pas.", code="MODULE_PKCS11_SANS_REPONSE")

    with monkeypatch.context() as contexte:
        contexte.setattr(signataire._module, "finir", jamais)
        signataire.fermer()
    assert signataire.signer(OCTETS)


def test_une_session_fermee_pendant_que_le_module_est_bloque_ne_reste_pas_ouverte(
    cartes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card would refuse every later code (CARTE_DEJA_OUVERTE) until it is taken out."""
    signataire = SignatairePkcs11(MODULE, CODE, etiquette="CPS TEST", delai=0.2)
    rendre = threading.Event()
    monkeypatch.setattr(SignatairePkcs11, "_signer", lambda *_: rendre.wait(10))
    monkeypatch.setattr(module_teste, "_DELAI_FERMETURE", 0.1)
    with pytest.raises(ErreurConnue) as refus:
        signataire.signer(OCTETS)
    assert refus.value.code == "MODULE_PKCS11_SANS_REPONSE"
    signataire.fermer()
    rendre.set()
    assert _rouvrir() == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="système sans fork")
def test_un_processus_fils_est_refuse_au_lieu_d_attendre(signataire: SignatairePkcs11) -> None:
    """Threads do not survive a fork, and a module must not be shared: the child is told, its parent goes on."""
    fils = os.fork()
    if fils == 0:
        try:
            signataire.signer(OCTETS)
        except ErreurConnue as erreur:
            os._exit(0 if erreur.code == "MODULE_PKCS11_SANS_REPONSE" else 2)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(fils, 0)[1]) == 0
    assert signataire.signer(OCTETS)
