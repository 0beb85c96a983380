"""The password vault: memory, the platform's keyring, and the refusal of clear-text backends."""

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as Absent

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.coffre import CoffreMemoire, CoffrePlateforme


class TrousseauEssai(KeyringBackend):
    """A working backend kept in memory."""

    priority = 9

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service, username):
        return self.secrets.get((service, username))

    def set_password(self, service, username, password):
        self.secrets[service, username] = password


class TrousseauEnClair(TrousseauEssai):
    """Looks like keyrings.alt's plain-text file."""

    __module__ = "keyrings.alt.file"


@pytest.fixture
def trousseau(request):
    avant = keyring.get_keyring()
    keyring.set_keyring(request.param())
    yield keyring.get_keyring()
    keyring.set_keyring(avant)


def test_memory_keeps_and_forgets_nothing_else():
    coffre = CoffreMemoire(courrier="a")
    coffre.garder("autre", "b")
    assert (coffre.lire("courrier"), coffre.lire("autre")) == ("a", "b")
    with pytest.raises(ErreurConnue) as refus:
        coffre.lire("inconnu")
    assert refus.value.code == "MOT_DE_PASSE_ABSENT"


@pytest.mark.parametrize("trousseau", [TrousseauEssai], indirect=True)
def test_platform_keyring_round_trip(trousseau):
    coffre = CoffrePlateforme()
    with pytest.raises(ErreurConnue, match="n'est pas enregistré"):
        coffre.lire("courrier")
    coffre.garder("courrier", "secret")
    assert coffre.lire("courrier") == "secret"
    assert trousseau.secrets == {("sesam-desktop", "courrier"): "secret"}


@pytest.mark.parametrize("trousseau", [Absent, TrousseauEnClair], indirect=True)
def test_no_safe_keyring_is_refused(trousseau):
    with pytest.raises(ErreurConnue) as refus:
        CoffrePlateforme().garder("courrier", "secret")
    assert refus.value.code == "COFFRE_ABSENT"
