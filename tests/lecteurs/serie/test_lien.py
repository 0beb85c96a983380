"""The link against a reader that misbehaves, in a counted time: data right, or a typed refusal, in time."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.lecteurs.canal import lecteur_absent
from sesam_desktop.lecteurs.serie import lien as module
from sesam_desktop.lecteurs.serie.lien import Lien
from sesam_desktop.lecteurs.serie.temps import Chrono
from sesam_desktop.noyau.erreurs import ErreurConnue
from tests.outils import lecteur_pss as pss
from tests.outils.lecteur_pss import MoteurPss

from .doubles import CHRONO, PortSimule, TempsCompte

LONG = bytes(i * 7 % 251 for i in range(1000))
REFUS = {"GALSS_0040", "GALSS_0080", "GALSS_0100", "GALSS_0200", "GALSS_0400"}


def inverser(message: bytes) -> bytes:
    """What the reader's software answers in these tests; it depends on all that was asked."""
    return message[::-1]


class Banc:
    """A link, its reader, and the time."""

    def __init__(self, chrono: Chrono = CHRONO) -> None:
        self.horloge = TempsCompte()
        self.moteur = MoteurPss({2: {1: None, 2: None}})
        self.moteur.logiciel = inverser
        self.port = PortSimule(self.moteur, self.horloge)
        self.lien = Lien(self.port, 2, chrono, ou="COM3 PAD2", horloge=self.horloge)

    def demander(self, message: bytes, delai: float | None = None) -> bytes:
        reponse = self.lien.echanger(b"\x00\x00" + message, delai)
        assert reponse[:3] == b"\x00\x00\x00"
        return reponse[3:]

    def refus(self, message: bytes = b"abc", delai: float | None = None) -> str:
        with pytest.raises(ErreurConnue) as refus:
            self.demander(message, delai)
        assert refus.value.ou == "COM3 PAD2"
        return refus.value.code


@pytest.fixture
def banc() -> Banc:
    banc = Banc()
    assert banc.demander(b"debut") == b"tubed"
    banc.moteur.recus.clear()
    return banc


def test_debut_du_lien() -> None:
    """Both ends start from zero, then the reader learns that our blocks hold 254 bytes, then the message goes."""
    banc = Banc()
    banc.demander(b"xyz")
    assert [t[:-2].hex().upper() for t in banc.moteur.recus] == ["2FC000", "2FC101FE", "2F000500" + "00" + "78797A"]
    banc.demander(b"xyz")
    assert banc.moteur.recus[-1][1] == 0x40  # number 1, and no new start
    assert banc.lien.alignements == 1


def test_messages_longs_dans_les_deux_sens(banc: Banc) -> None:
    for taille in (0, 1, 30, 31, 253, 254, 255, 508, 1000):
        assert banc.demander(LONG[:taille]) == LONG[:taille][::-1]
    assert max(len(t) for t in banc.moteur.recus) == 32 + 5


def test_taille_demandee_par_le_lecteur(banc: Banc) -> None:
    banc.moteur.taille_demandee = 100
    assert banc.demander(b"court") == b"truoc"
    banc.moteur.recus.clear()
    assert banc.demander(LONG) == LONG[::-1]
    assert max(len(t) for t in banc.moteur.recus) == 100 + 5


def test_temps_de_garde(banc: Banc) -> None:
    """BGT: 20 ms of silence after the last byte of the reader."""
    banc.port.ecrits.clear()
    avant = banc.horloge.instant
    banc.demander(b"a")
    assert banc.port.ecrits[0][0] >= avant + CHRONO.bgt - 1e-9


def test_le_temps_du_fil_ne_compte_pas_dans_l_attente() -> None:
    """At 9600 bauds 37 bytes take 38 ms: an answer 1.03 s after they were handed over is 0.99 s after they left."""
    banc = Banc(Chrono(bwt=1.0, bgt=0.02, ext=15.0, cwt=0.2, octet=10 / 9600))
    banc.demander(b"a")
    banc.moteur.recus.clear()
    banc.moteur.fautes.append(pss.tarder(1.03))
    assert banc.demander(LONG[:30]) == LONG[:30][::-1]
    assert len(banc.moteur.recus) == 1


@pytest.mark.parametrize(
    "faute",
    [
        pss.bruit_avant(b"\x00\x11\x22"),
        pss.bruit_avant(b"\xf2"),
        pss.bruit_avant(b"\xf2\x00\x03"),
        pss.bruit_avant(bytes(range(256)) * 2),
        pss.bruit_dedans(b"\x55\xaa", 4),
        pss.perdre(0),
        pss.perdre(2),
        pss.perdre(-1),
        pss.abimer(-1),
        pss.abimer(1),
        pss.abimer(2, 0xFF),
        pss.taire,
        pss.doubler,
        pss.tarder(0.9),
        pss.tarder(1.5),
        pss.tarder(3.5),
    ],
)
def test_une_faute_se_repare(banc: Banc, faute: pss.Faute) -> None:
    banc.moteur.fautes.append(faute)
    assert banc.demander(b"abc") == b"cba"
    assert banc.demander(LONG) == LONG[::-1]
    assert banc.moteur.executes[-2:] == [b"\x00\x00abc", b"\x00\x00" + LONG]
    assert banc.lien.alignements == 1


@pytest.mark.parametrize("rang", range(8))
@pytest.mark.parametrize("faute", [pss.abimer(-1), pss.taire, pss.doubler, pss.tarder(2.5)])
def test_une_faute_au_milieu_d_un_long_message(banc: Banc, faute: pss.Faute, rang: int) -> None:
    banc.moteur.fautes.extend([None] * (rang * 5) + [faute])
    assert banc.demander(LONG) == LONG[::-1]
    assert banc.moteur.executes.count(b"\x00\x00" + LONG) == 1


@pytest.mark.parametrize("rang", range(6))
def test_nos_blocs_abimes_sont_redemandes(banc: Banc, rang: int) -> None:
    banc.moteur.sourd.extend([False] * rang + [True])
    assert banc.demander(LONG) == LONG[::-1]
    assert banc.moteur.executes.count(b"\x00\x00" + LONG) == 1


def test_trois_fautes_se_reparent_encore_pas_quatre(banc: Banc) -> None:
    banc.moteur.fautes.extend([pss.abimer(-1)] * 3)
    assert banc.demander(b"abc") == b"cba"
    banc.moteur.fautes.extend([pss.abimer(-1)] * 4)
    assert banc.refus() == "GALSS_0200"
    assert banc.lien.alignements == 2  # brought back in step at once
    assert banc.demander(b"abc") == b"cba"
    assert banc.moteur.executes.count(b"\x00\x00abc") == 3


def test_lecteur_muet(banc: Banc) -> None:
    debut = banc.horloge.instant
    banc.moteur.fautes.extend([pss.taire] * 20)
    assert banc.refus() == "GALSS_0400"
    assert banc.horloge.instant - debut < 5 * CHRONO.bwt
    debut = banc.horloge.instant
    assert banc.refus() == "GALSS_0400"  # three fresh starts without an answer
    assert banc.horloge.instant - debut < 4 * CHRONO.bwt
    banc.moteur.fautes.clear()
    assert banc.demander(b"abc") == b"cba"


def test_un_bavard_n_est_pas_un_muet(banc: Banc) -> None:
    banc.moteur.fautes.extend([pss.abimer(-1)] * 20)
    assert banc.refus() == "GALSS_0200"


def test_bruit_sans_fin() -> None:
    banc = Banc()
    banc.moteur.fautes.extend([pss.bruit_avant(b"\x55" * 100_000)] * 20)
    debut = banc.horloge.instant
    banc.port.lire = lambda nombre, delai: banc.horloge.dormir(0.001) or b"\xf2"  # type: ignore[func-returns-value, method-assign]
    assert banc.refus() == "GALSS_0200"
    assert banc.horloge.instant - debut <= CHRONO.ext + 0.01


def test_delai_de_l_appelant(banc: Banc) -> None:
    banc.moteur.fautes.extend([pss.taire] * 20)
    debut = banc.horloge.instant
    assert banc.refus(delai=0.5) == "GALSS_0400"
    assert banc.horloge.instant - debut <= 0.51


def test_prolongation(banc: Banc) -> None:
    """The reader asks for four times BWT and takes 3.5 s: nothing is asked again meanwhile."""
    banc.moteur.prolongations.append((4, 3.5))
    assert banc.demander(b"abc") == b"cba"
    assert [t[1] for t in banc.moteur.recus] == [0x40, 0xE3]


def test_prolongation_jamais_au_dela_d_ext(banc: Banc) -> None:
    banc.moteur.prolongations.append((255, 60.0))
    debut = banc.horloge.instant
    assert banc.refus() == "GALSS_0100"
    assert banc.horloge.instant - debut <= CHRONO.ext + 0.01


@pytest.mark.parametrize("faute", [pss.resynchroniser, pss.abandonner])
def test_le_lecteur_abandonne(banc: Banc, faute: pss.Faute) -> None:
    banc.moteur.fautes.append(faute)
    assert banc.refus() == "GALSS_0040"
    assert banc.moteur.recus[-1][1] in (0xE0, 0xE2)
    assert banc.demander(b"abc") == b"cba"


def test_lecteur_redemarre_entre_deux_echanges(banc: Banc) -> None:
    banc.moteur.couper()
    assert banc.refus() == "GALSS_0040"
    assert banc.moteur.executes[-1] == b"\x00\x00debut"  # what was refused was not done
    assert banc.demander(b"abc") == b"cba"
    assert banc.lien.alignements == 2


def test_lecteur_redemarre_pendant_sa_reponse(banc: Banc) -> None:
    banc.moteur.fautes.append(pss.redemarrer)
    assert banc.refus() == "GALSS_0040"
    assert banc.moteur.executes.count(b"\x00\x00abc") == 1  # T=1 alone would have had it done again
    assert banc.demander(b"abc") == b"cba"


def test_reponse_sans_fin(banc: Banc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TAILLE_MAXIMALE", 500)
    assert banc.refus(LONG) == "GALSS_0080"
    assert banc.moteur.recus[-1][1] == 0xC2
    assert banc.demander(b"abc") == b"cba"


def test_le_lecteur_parle_pendant_un_nouveau_depart(banc: Banc) -> None:
    banc.moteur.fautes.extend([pss.taire] * 4)
    assert banc.refus() == "GALSS_0400"
    banc.moteur.fautes.append(lambda m, pad, octets: [pss.Emission(pss.trame(pad, 0xC3, b"\x02") + octets)])
    assert banc.demander(b"abc") == b"cba"


@pytest.mark.parametrize(
    ("pcb", "info"),
    [
        (0x00, b"faux"),  # an I-block while a piece of ours is awaited, or one already had
        (0xE1, b"\x20"),  # an answer to nothing
        (0x82, b""),
        (0x92, b""),
    ],
)
@pytest.mark.parametrize("message", [b"abc", LONG])
def test_un_bloc_hors_de_propos(banc: Banc, pcb: int, info: bytes, message: bytes) -> None:
    banc.moteur.fautes.append(lambda m, pad, octets: [pss.Emission(pss.trame(pad, pcb, info)), pss.Emission(octets)])
    assert banc.demander(message) == message[::-1]


def test_port_perdu(banc: Banc) -> None:
    def ecrire(octets: bytes) -> None:
        raise lecteur_absent("COM3 PAD2")

    banc.port.ecrire = ecrire  # type: ignore[method-assign]
    assert banc.refus() == "LECTEUR_ABSENT"


GENRES = st.sampled_from(
    ["rien"] * 4
    + ["bruit_avant", "bruit_dedans", "perdre", "abimer", "taire", "doubler", "tarder", "resynchroniser", "abandonner"]
    + ["redemarrer"]
)


def _faute(genre: str, alea: random.Random) -> pss.Faute | None:
    bruit = alea.randbytes(alea.randint(1, 40))
    return {
        "rien": None,
        "bruit_avant": pss.bruit_avant(bruit),
        "bruit_dedans": pss.bruit_dedans(bruit, alea.randint(0, 300)),
        "perdre": pss.perdre(alea.randint(0, 300), alea.randint(1, 20)),
        "abimer": pss.abimer(alea.randint(0, 300), alea.randint(1, 255)),
        "taire": pss.taire,
        "doubler": pss.doubler,
        "tarder": pss.tarder(alea.uniform(0, 6)),
        "resynchroniser": pss.resynchroniser,
        "abandonner": pss.abandonner,
        "redemarrer": pss.redemarrer,
    }[genre]


@given(
    genres=st.lists(GENRES, max_size=60),
    sourd=st.lists(st.booleans(), max_size=30),
    messages=st.lists(st.binary(max_size=400), min_size=1, max_size=8),
    graine=st.integers(0, 2**32),
)
def test_donnees_justes_ou_refus_type_toujours_a_temps(
    genres: list[str], sourd: list[bool], messages: list[bytes], graine: int
) -> None:
    """Whatever happens on the line: never wrong data, nothing done twice, nothing past its time."""
    banc, alea = Banc(), random.Random(graine)
    banc.moteur.fautes.extend(_faute(genre, alea) for genre in genres)
    banc.moteur.sourd.extend(sourd)
    for rang, corps in enumerate(messages):
        message = bytes([rang]) + corps
        debut = banc.horloge.instant
        try:
            assert banc.demander(message) == message[::-1]
        except ErreurConnue as erreur:
            assert erreur.code in REFUS
        assert banc.horloge.instant - debut <= CHRONO.ext + 0.01
        assert banc.moteur.executes.count(b"\x00\x00" + message) <= 1
    banc.moteur.fautes.clear()
    banc.moteur.sourd.clear()
    with_retard = banc.lien.alignements
    for _ in range(2):
        try:
            assert banc.demander(b"fin") == b"nif"
        except ErreurConnue as erreur:
            assert erreur.code in REFUS
    assert banc.demander(b"fin") == b"nif"  # the line always comes back
    assert banc.lien.alignements >= with_retard
