"""Which way the professional's card is reached: the module of the settings, the one found on the machine, or itself."""

from dataclasses import replace
from pathlib import Path

import pytest

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.demonstration import CODE_PORTEUR
from sesam_desktop.poste.poste import Poste

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


@pytest.fixture
def module_sans_carte(poste: Poste, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A real module that sees no card, as the Cryptolib sees none of those it was not made for."""
    if not SOFTHSM.exists():
        pytest.skip("SoftHSM2 absent")
    (tmp_path / "jetons").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'jetons'}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    copie = tmp_path / SOFTHSM.name  # a library of its own: its configuration is read once
    copie.write_bytes(SOFTHSM.read_bytes())
    monkeypatch.setattr(poste.environnement, "module_pkcs11", lambda configuration: str(copie))
    return str(copie)


def test_a_module_found_here_that_sees_no_card_leaves_the_card_to_itself(poste: Poste, module_sans_carte: str):
    """A machine with the Cryptolib, whose user works with cards it knows nothing of."""
    assert poste.lecteurs.ouvrir_session(CODE_PORTEUR).nom == "MARTIN"
    assert poste.lecteurs.session.signer(b"facture")


def test_a_wrong_code_is_then_presented_once(poste: Poste, module_sans_carte: str):
    with pytest.raises(ErreurConnue) as refus:
        poste.lecteurs.ouvrir_session("9999")
    assert refus.value.code == "CODE_FAUX"
    assert "2 essais" in refus.value.message


def test_a_module_of_the_settings_is_never_replaced(poste: Poste, module_sans_carte: str):
    poste.configuration = replace(poste.configuration, module_pkcs11=module_sans_carte)
    with pytest.raises(ErreurConnue) as refus:
        poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    assert refus.value.code == "CARTE_ABSENTE"
    assert not poste.lecteurs.session_ouverte
