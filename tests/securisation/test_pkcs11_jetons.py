"""What SoftHSM2 cannot play: locked codes, removals, damaged readers. The module's answers are raised by hand."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from pkcs11 import TokenFlag, exceptions

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation import pkcs11 as module_teste
from sesam_desktop.securisation import pkcs11_jetons
from sesam_desktop.securisation.pkcs11_jetons import EtatCode, choisir, etat_code, lister, traduire

CODE = "4731"


class Jeton:
    """A token in its slot. `drapeaux`: what its information says next, or an exception."""

    label, model, manufacturer_id = "CPS", "CPS3", "ANS"

    def __init__(self, *drapeaux: TokenFlag | Exception, serie: bytes = b"0000000000000001") -> None:
        self.serial = serie
        self._suite = list(drapeaux) or [TokenFlag(0)]
        self.presentes: list[str] = []
        self.slot = self
        self.refus: Exception | None = None

    def get_token(self) -> Jeton:
        drapeaux = self._suite.pop(0) if len(self._suite) > 1 else self._suite[0]
        if isinstance(drapeaux, Exception):
            raise drapeaux
        self.flags = drapeaux | TokenFlag.TOKEN_INITIALIZED
        return self

    def open(self, user_pin: str) -> None:
        self.presentes.append(user_pin)
        raise self.refus or AssertionError


def _bibliotheque(*jetons: Jeton) -> SimpleNamespace:
    return SimpleNamespace(get_slots=lambda token_present: list(jetons))


def _refus(action: Callable[[], object]) -> ErreurConnue:
    with pytest.raises(ErreurConnue) as refus:
        action()
    assert CODE not in refus.value.phrase()
    return refus.value


def _traduit(jeton: Jeton, exception: type[Exception]) -> ErreurConnue:
    def lever() -> None:
        with traduire(jeton):
            raise exception

    return _refus(lever)


@pytest.mark.parametrize(
    ("exception", "code"),
    [
        (exceptions.PinIncorrect, "CODE_FAUX"),
        (exceptions.PinInvalid, "CODE_FAUX"),
        (exceptions.PinLenRange, "CODE_FAUX"),
        (exceptions.PinLocked, "CODE_BLOQUE"),
        (exceptions.PinExpired, "CODE_BLOQUE"),
        (exceptions.TokenNotPresent, "CARTE_RETIREE"),
        (exceptions.DeviceRemoved, "CARTE_RETIREE"),
        (exceptions.SessionHandleInvalid, "CARTE_RETIREE"),
        (exceptions.UserAlreadyLoggedIn, "CARTE_DEJA_OUVERTE"),
        (exceptions.DeviceError, "CARTE_EN_ERREUR"),
        (exceptions.FunctionFailed, "CARTE_EN_ERREUR"),
    ],
)
def test_ce_que_le_module_refuse(exception: type[Exception], code: str) -> None:
    refus = _traduit(Jeton(), exception)
    assert refus.code == code
    assert refus.action


@pytest.mark.parametrize(
    ("drapeau", "message"),
    [
        (TokenFlag.USER_PIN_FINAL_TRY, "Le code porteur est faux. Il ne reste qu'un essai."),
        (TokenFlag.USER_PIN_LOCKED, "Le code porteur est faux. La carte est maintenant bloquée."),
        (TokenFlag.USER_PIN_COUNT_LOW, "Le code porteur est faux."),
        (exceptions.TokenNotPresent(), "Le code porteur est faux."),
    ],
)
def test_ce_qui_reste_apres_un_code_faux(drapeau: TokenFlag | Exception, message: str) -> None:
    assert _traduit(Jeton(drapeau), exceptions.PinIncorrect).message == message


def test_une_erreur_quelconque_d_une_carte_partie_est_un_retrait() -> None:
    assert _traduit(Jeton(exceptions.TokenNotPresent()), exceptions.GeneralError).code == "CARTE_RETIREE"


def test_une_autre_carte_dans_la_meme_fente_est_un_retrait() -> None:
    jeton, autre = Jeton(), Jeton(serie=b"0000000000000002")
    jeton.slot = autre
    assert _traduit(jeton, exceptions.GeneralError).code == "CARTE_RETIREE"


@pytest.mark.parametrize(
    ("drapeaux", "attendu", "phrase"),
    [
        (TokenFlag(0), EtatCode(None, False), ""),
        (TokenFlag.USER_PIN_COUNT_LOW, EtatCode(None, True), "Un code faux a déjà été présenté à cette carte."),
        (
            TokenFlag.USER_PIN_COUNT_LOW | TokenFlag.USER_PIN_FINAL_TRY,
            EtatCode(1, True),
            "Il ne reste qu'un essai : un code faux bloquera la carte.",
        ),
        (TokenFlag.USER_PIN_LOCKED, EtatCode(0, True), "Le code porteur de la carte est bloqué."),
    ],
)
def test_l_etat_du_code_se_lit_sans_essai(drapeaux: TokenFlag, attendu: EtatCode, phrase: str) -> None:
    jeton = Jeton(drapeaux)
    assert etat_code(jeton) == lister(_bibliotheque(jeton))[0].code == attendu
    assert attendu.phrase() == phrase
    assert jeton.presentes == []


def test_l_etat_du_code_d_une_carte_partie() -> None:
    assert _refus(lambda: etat_code(Jeton(exceptions.TokenNotPresent()))).code == "CARTE_RETIREE"


def test_aucun_code_n_est_presente_a_une_carte_bloquee() -> None:
    jeton = Jeton(TokenFlag.USER_PIN_LOCKED)
    assert _refus(lambda: module_teste._ouvrir(jeton, CODE)).code == "CODE_BLOQUE"
    assert jeton.presentes == []


def test_le_dernier_essai_appartient_a_qui_tape_le_code() -> None:
    jeton = Jeton(TokenFlag.USER_PIN_FINAL_TRY, TokenFlag.USER_PIN_LOCKED)
    jeton.refus = exceptions.PinIncorrect()
    refus = _refus(lambda: module_teste._ouvrir(jeton, CODE))
    assert (refus.message, jeton.presentes) == ("Le code porteur est faux. La carte est maintenant bloquée.", [CODE])


def test_une_carte_illisible_ne_cache_pas_les_autres() -> None:
    bonne = Jeton()
    assert choisir(_bibliotheque(Jeton(exceptions.TokenNotRecognised()), bonne)) is bonne


def test_une_carte_montree_deux_fois_n_est_qu_une_carte() -> None:
    une = Jeton()
    assert choisir(_bibliotheque(une, Jeton())) is une


def test_deux_cartes_demandent_un_choix() -> None:
    une, autre = Jeton(), Jeton(serie=b"0000000000000002 ")
    assert _refus(lambda: choisir(_bibliotheque(une, autre))).code == "PLUSIEURS_CPS"
    assert choisir(_bibliotheque(une, autre), numero_serie="0000000000000002") is autre
    assert _refus(lambda: choisir(_bibliotheque(une), "AUTRE")).code == "CARTE_ABSENTE"


class _Module:
    """A module whose list of slots fails `pannes` times; its end fails too."""

    def __init__(self, pannes: int) -> None:
        self.pannes, self.appels = pannes, []

    def get_slots(self, token_present: bool) -> list[Jeton]:
        self.appels.append("lister")
        if len(self.appels) - self.appels.count("fin") - self.appels.count("debut") <= self.pannes:
            raise exceptions.GeneralError
        return [Jeton()]

    def finalize(self) -> None:
        self.appels.append("fin")
        raise exceptions.GeneralError

    def initialize(self) -> None:
        self.appels.append("debut")


def test_un_module_derange_est_relance_une_fois() -> None:
    module = _Module(1)
    assert len(lister(module)) == 1
    assert module.appels == ["lister", "fin", "debut", "lister"]


def test_un_module_en_panne_est_dit() -> None:
    module = _Module(9)
    refus = _refus(lambda: pkcs11_jetons.lister(module))
    assert (refus.code, module.appels.count("lister")) == ("MODULE_PKCS11_EN_ERREUR", 2)
