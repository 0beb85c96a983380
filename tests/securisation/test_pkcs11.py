"""The PKCS#11 path on SoftHSM2, as a professional's card: an independent module, real logins, real signatures."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pkcs11
import pytest
from pkcs11 import Attribute, TokenFlag, exceptions
from pkcs11.util.x509 import decode_x509_certificate

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation import pkcs11 as module_teste
from sesam_desktop.securisation.autorite import Identite
from sesam_desktop.securisation.pkcs11 import SignatairePkcs11
from sesam_desktop.securisation.session_ps import MoyenPkcs11, SessionPS
from sesam_desktop.securisation.signature import verifier

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
CODE, OCTETS = "4731", b"octets"

pytestmark = pytest.mark.skipif(not MODULE.exists(), reason="SoftHSM2 absent")


@pytest.fixture(scope="module")
def jetons(tmp_path_factory: pytest.TempPathFactory, cps: Identite, vitale: Identite) -> Iterator[None]:
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
    yield
    os.environ.pop("SOFTHSM2_CONF")
    if ancien is not None:
        os.environ["SOFTHSM2_CONF"] = ancien


def _softhsm(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


def _importer(identite: Identite, numero: str, libelle: str) -> None:
    cle = str(identite.chemin_cle)
    _softhsm("--import", cle, "--token", "CPS TEST", "--label", libelle, "--id", numero, "--pin", CODE)
    jeton = pkcs11.lib(str(MODULE)).get_token(token_label="CPS TEST")
    with jeton.open(rw=True, user_pin=CODE) as session:
        attributs = decode_x509_certificate(identite.certificat_der)
        identifie = {Attribute.TOKEN: True, Attribute.LABEL: libelle, Attribute.ID: bytes.fromhex(numero)}
        session.create_object({**attributs, **identifie})


@pytest.fixture
def signataire(jetons: None) -> Iterator[SignatairePkcs11]:
    ouvert = SignatairePkcs11(MODULE, CODE, etiquette="CPS TEST")
    yield ouvert
    ouvert.fermer()


def _refus(module: Path, code: str, etiquette: str) -> ErreurConnue:
    with pytest.raises(ErreurConnue) as refus:
        SignatairePkcs11(module, code, etiquette=etiquette)
    assert refus.value.action
    return refus.value


def test_signe_avec_le_certificat_de_signature(signataire: SignatairePkcs11, cps: Identite) -> None:
    assert (signataire.porteur, signataire.certificat()) == ("ps", cps.certificat_der)
    assert signataire.signer(OCTETS) == cps.signataire("ps").signer(OCTETS)
    assert repr(signataire) == "<SignatairePkcs11>"


def test_code_faux(jetons: None) -> None:
    refus = _refus(MODULE, "4732", "CPS TEST")
    assert refus.code == "CODE_FAUX"
    assert "4732" not in refus.phrase()


def test_carte_absente(jetons: None) -> None:
    assert _refus(MODULE, CODE, "AUTRE").code == "CARTE_ABSENTE"


def test_carte_sans_cle(jetons: None) -> None:
    assert _refus(MODULE, CODE, "VIDE").code == "CARTE_SANS_SIGNATURE"


def test_module_absent(tmp_path: Path) -> None:
    refus = _refus(tmp_path / "absent.so", CODE, "")
    assert (refus.code, refus.ou) == ("MODULE_PKCS11_ABSENT", str(tmp_path / "absent.so"))


def test_ce_qui_n_est_pas_un_module_pkcs11(tmp_path: Path) -> None:
    (tmp_path / "faux.so").write_bytes(b"rien")
    assert _refus(tmp_path / "faux.so", CODE, "").code == "MODULE_PKCS11_ABSENT"


def test_signer_apres_la_fermeture(jetons: None) -> None:
    signataire = SignatairePkcs11(MODULE, CODE, etiquette="CPS TEST")
    signataire.fermer()
    signataire.fermer()
    with pytest.raises(ErreurConnue) as refus:
        signataire.signer(OCTETS)
    assert refus.value.code == "CARTE_RETIREE"


@pytest.mark.parametrize(
    ("exception", "code"),
    [
        (exceptions.PinIncorrect, "CODE_FAUX"),
        (exceptions.PinLenRange, "CODE_FAUX"),
        (exceptions.PinLocked, "CODE_BLOQUE"),
        (exceptions.TokenNotPresent, "CARTE_RETIREE"),
        (exceptions.DeviceRemoved, "CARTE_RETIREE"),
        (exceptions.SessionHandleInvalid, "CARTE_RETIREE"),
        (exceptions.DeviceError, "CARTE_EN_ERREUR"),
        (exceptions.FunctionFailed, "CARTE_EN_ERREUR"),
    ],
)
@pytest.mark.parametrize(
    ("drapeau", "reste"),
    [
        (TokenFlag.USER_PIN_FINAL_TRY, "Il ne reste qu'un essai."),
        (TokenFlag.USER_PIN_LOCKED, "La carte est maintenant bloquée."),
        (TokenFlag(0), "Le code porteur est faux."),
    ],
)
def test_ce_que_softhsm_ne_sait_pas_jouer(
    exception: type[Exception], code: str, drapeau: TokenFlag, reste: str
) -> None:
    """SoftHSM2 never locks and has no card to remove: the module's own answers, raised by hand."""
    jeton = SimpleNamespace(slot=SimpleNamespace(get_token=lambda: SimpleNamespace(flags=drapeau)))
    with pytest.raises(ErreurConnue) as refus, module_teste._traduire(jeton):
        raise exception
    assert refus.value.code == code
    if code == "CODE_FAUX":
        assert reste in refus.value.message


def test_une_carte_qui_part_apres_un_code_faux() -> None:
    def partie() -> None:
        raise exceptions.TokenNotPresent

    jeton = SimpleNamespace(slot=SimpleNamespace(get_token=partie))
    with pytest.raises(ErreurConnue, match=r"faux\.$"), module_teste._traduire(jeton):
        raise exceptions.PinIncorrect


def test_une_carte_illisible_ne_cache_pas_les_autres() -> None:
    def partie() -> None:
        raise exceptions.TokenNotRecognised

    bonne = SimpleNamespace(flags=TokenFlag.TOKEN_INITIALIZED, label="CPS")
    lecteurs = [SimpleNamespace(get_token=partie), SimpleNamespace(get_token=lambda: bonne)]
    assert module_teste._jeton(SimpleNamespace(get_slots=lambda token_present: lecteurs), "") is bonne


def test_un_code_faux_n_est_presente_qu_une_fois(jetons: None, monkeypatch: pytest.MonkeyPatch) -> None:
    presentes = []
    jeton = SimpleNamespace(slot=SimpleNamespace(get_token=lambda: SimpleNamespace(flags=TokenFlag(0))))

    def ouvrir(user_pin: str) -> None:
        presentes.append(user_pin)
        raise exceptions.PinIncorrect

    jeton.open = ouvrir
    monkeypatch.setattr(module_teste, "_jeton", lambda *_: jeton)
    with pytest.raises(ErreurConnue):
        SessionPS(MoyenPkcs11(MODULE), "4732")
    assert presentes == ["4732"]


def test_la_session_du_professionnel_par_pkcs11(jetons: None, cps: Identite, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    session = SessionPS(MoyenPkcs11(MODULE, etiquette="CPS TEST"), CODE)
    for octets in (b"une", b"deux"):
        assert verifier(cps.certificat_der, octets, session.signer(octets))
    session.fermer()
    assert not session.ouverte
    assert CODE not in caplog.text
