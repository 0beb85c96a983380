from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest

from sesam_desktop.lecteurs.emulation_cps import CpsVirtuelle
from sesam_desktop.lecteurs.virtuel import CanalVirtuel
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation.autorite import Identite
from sesam_desktop.securisation.session_ps import MoyenCarte, SessionPS
from sesam_desktop.securisation.signature import verifier

CODE = "4731"
OCTETS = b"octets"


class _Banc:
    """A CPS in a virtual reader, and a session's means to reach it."""

    def __init__(self, cps: Identite) -> None:
        self.cps = cps
        self.puce = self.nouvelle_puce("8000000001")
        self.canal = CanalVirtuel({"Lecteur": self.puce})
        self.moyen = MoyenCarte(lambda: self.canal.connecter("Lecteur"), lambda session: cps.certificat_der)

    def nouvelle_puce(self, numero: str) -> CpsVirtuelle:
        return CpsVirtuelle(numero, {}, code=CODE, signer=self.cps.signataire("ps").signer_condensat)

    def ouvrir(self, code: str = CODE, **options: object) -> SessionPS:
        return SessionPS(self.moyen, code, **options)  # type: ignore[arg-type]


@pytest.fixture
def banc(cps: Identite) -> _Banc:
    return _Banc(cps)


def _refus(session: SessionPS, *, sans_action: bool = False) -> str:
    with pytest.raises(ErreurConnue) as refus:
        session.signer(OCTETS)
    assert refus.value.action or sans_action
    return refus.value.code


def test_le_code_une_fois_puis_autant_de_signatures_qu_on_veut(banc: _Banc) -> None:
    session = banc.ouvrir()
    assert (session.porteur, session.ouverte, session.certificat()) == ("ps", True, banc.cps.certificat_der)
    for octets in (b"une", b"deux", b"trois"):
        assert verifier(session.certificat(), octets, session.signer(octets))


def test_un_code_faux_coute_un_seul_essai_et_n_est_jamais_represente(banc: _Banc) -> None:
    with pytest.raises(ErreurConnue) as refus:
        banc.ouvrir("0000")
    assert (refus.value.code, banc.puce.essais) == ("CODE_FAUX", 2)
    assert "il reste 2 essais" in refus.value.message


def test_le_troisieme_code_faux_bloque(banc: _Banc) -> None:
    codes = []
    for _ in range(3):
        with pytest.raises(ErreurConnue) as refus:
            banc.ouvrir("0000")
        codes.append(refus.value.code)
    assert (codes, banc.puce.essais) == (["CODE_FAUX", "CODE_FAUX", "CODE_BLOQUE"], 0)


def test_un_code_refuse_en_cours_de_session_ferme_la_session(banc: _Banc) -> None:
    """The code was changed by another program: one try is lost, not three."""
    session = banc.ouvrir()
    banc.puce._code = b"9999"
    assert _refus(session) == "CODE_FAUX"
    assert [_refus(session), _refus(session)] == ["SESSION_PS_FERMEE"] * 2
    assert (banc.puce.essais, session.ouverte) == (2, False)


def test_un_code_mal_ecrit_ne_coute_rien(banc: _Banc) -> None:
    with pytest.raises(ErreurConnue) as refus:
        banc.ouvrir("12")
    assert (refus.value.code, banc.puce.essais) == ("CODE_INVALIDE", 3)


def test_la_carte_retiree_ferme_la_session(banc: _Banc) -> None:
    session = banc.ouvrir()
    banc.canal.retirer("Lecteur")
    assert _refus(session) == "CARTE_ABSENTE"
    banc.canal.inserer("Lecteur", banc.puce)
    assert _refus(session) == "SESSION_PS_FERMEE"


def test_le_code_n_est_jamais_presente_a_une_autre_carte(banc: _Banc) -> None:
    session = banc.ouvrir()
    autre = banc.nouvelle_puce("8000000002")
    autre._code = b"0000"
    banc.canal.inserer("Lecteur", autre)
    assert _refus(session) == "CARTE_CHANGEE"
    assert (autre.essais, session.ouverte) == (3, False)


def test_une_carte_occupee_ne_ferme_pas_la_session(banc: _Banc) -> None:
    session = banc.ouvrir()
    with banc.canal.connecter("Lecteur"):
        assert _refus(session) == "CARTE_OCCUPEE"
    assert verifier(session.certificat(), OCTETS, session.signer(OCTETS))


def test_le_code_se_confie_a_qui_le_presente_lui_meme(banc: _Banc) -> None:
    """A library that presents the code itself (SSV), on the same terms as a signature."""
    session = banc.ouvrir()
    assert session.confier_code(lambda code: len(code)) == len(CODE)
    with pytest.raises(ErreurConnue):
        session.confier_code(lambda code: _refuser("SSV_F011"))
    assert session.ouverte
    for code in ("SSV_F003", "SSV_F001"):
        session = banc.ouvrir()
        with pytest.raises(ErreurConnue):
            session.confier_code(lambda _, refus=code: _refuser(refus))  # type: ignore[misc]
        assert not session.ouverte
        with pytest.raises(ErreurConnue) as refus:
            session.confier_code(len)
        assert refus.value.code == "SESSION_PS_FERMEE"


def _refuser(code: str) -> None:
    raise ErreurConnue("La bibliothèque refuse.", code=code)


def test_la_duree_limite(banc: _Banc) -> None:
    heure = [0.0]
    session = banc.ouvrir(duree=timedelta(minutes=10), horloge=lambda: heure[0])
    heure[0] = 599.9
    assert session.signer(OCTETS)
    heure[0] = 600.0
    assert not session.ouverte
    assert _refus(session) == "SESSION_PS_FERMEE"


class _MoyenLent:
    """A card that signs until told to stop, and whose module takes as long to let it go."""

    def __init__(self) -> None:
        self.signe, self.rendre, self.fermetures = threading.Event(), threading.Event(), []

    @contextmanager
    def signataire(self, code: str) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(certificat=lambda: b"certificat", signer=self._signer)

    def fermer(self) -> None:
        self.rendre.wait(10)
        self.fermetures.append(threading.current_thread().name)

    def _signer(self, octets: bytes) -> bytes:
        self.signe.set()
        self.rendre.wait(10)
        return octets


def _sans_attendre(action: Callable[[], object]) -> object:
    debut = time.monotonic()
    resultat = action()
    assert time.monotonic() - debut < 1
    return resultat


def test_abandonner_n_attend_pas_la_signature_en_cours_et_ferme_apres_elle() -> None:
    moyen = _MoyenLent()
    session = SessionPS(moyen, CODE)
    fil = threading.Thread(target=lambda: session.signer(OCTETS))
    fil.start()
    assert moyen.signe.wait(5)
    _sans_attendre(session.abandonner)
    assert (bytes(session._code), session.ouverte, moyen.fermetures) == (b"", False, [])
    moyen.rendre.set()
    fil.join(5)
    session.fermer()
    assert moyen.fermetures


def test_demander_si_la_session_est_ouverte_n_attend_jamais_un_module_qui_tarde() -> None:
    """The window asks it on its own thread, and the limit of time may just have come."""
    heure, moyen = [0.0], _MoyenLent()
    session = SessionPS(moyen, CODE, duree=timedelta(minutes=10), horloge=lambda: heure[0])
    heure[0] = 600.0
    assert _sans_attendre(lambda: session.ouverte) is False
    assert bytes(session._code) == b""
    moyen.rendre.set()
    session.fermer()
    assert moyen.fermetures


@pytest.mark.parametrize("code", ["CPS_ABSENTE", "LECTEUR_ABSENT"])
def test_la_carte_que_les_lecteurs_ne_voient_plus_ferme_la_session(banc: _Banc, code: str) -> None:
    """The words of the manager, which finds a card by its role."""
    session = banc.ouvrir()
    banc.moyen._connecter = lambda: _refuser(code)
    assert [_refus(session, sans_action=True), session.ouverte] == [code, False]


def test_fermer_efface_le_code(banc: _Banc) -> None:
    session = banc.ouvrir()
    code = session._code
    session.fermer()
    session.fermer()
    assert (bytes(code), session.ouverte, repr(session)) == (b"", False, "<SessionPS fermée>")


@pytest.mark.parametrize("code", ["0000", "12"])
def test_une_ouverture_refusee_efface_le_code(banc: _Banc, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fermees = []
    fermer = SessionPS.fermer
    monkeypatch.setattr(SessionPS, "fermer", lambda self: (fermer(self), fermees.append(bytes(self._code)))[0])
    with pytest.raises(ErreurConnue):
        banc.ouvrir(code)
    assert fermees
    assert set(fermees) == {b""}


def test_plusieurs_fils_signent_a_tour_de_role(banc: _Banc) -> None:
    session, signatures = banc.ouvrir(), []
    fils = [threading.Thread(target=lambda: signatures.append(session.signer(OCTETS))) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert len(signatures) == 4
    assert set(signatures) == {banc.cps.signataire("ps").signer(OCTETS)}


def test_le_code_n_apparait_nulle_part(banc: _Banc, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    session = banc.ouvrir()
    session.signer(OCTETS)
    textes = [repr(session), caplog.text]
    for code in ("4732", "12"):
        with pytest.raises(ErreurConnue) as refus:
            banc.ouvrir(code)
        textes += [refus.value.phrase(), repr(refus.value)]
    assert repr(session) == "<SessionPS ouverte>"
    assert not [t for t in textes if CODE in t or "4732" in t]
