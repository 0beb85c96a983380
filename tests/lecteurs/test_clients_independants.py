"""Programs that know nothing of ours read our virtual cards, and a card made by somebody else, in real PC/SC slots."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from sesam_desktop.cartes.demonstration import cartes_de_demonstration
from sesam_desktop.cartes.puce_vitale import IdentitePuce
from sesam_desktop.lecteurs import lecture
from sesam_desktop.lecteurs.pcsc import CanalPcsc
from sesam_desktop.lecteurs.virtuel import CarteVirtuelle
from tests.outils import puce_tierce
from tests.outils.pcscd import ServicePcscd, attendre, pcscd
from tests.outils.puce_tierce import Habitudes, Titulaire
from tests.outils.vpcd import LECTEURS, brancher

from .doubles import cps, vitale

pytestmark = pytest.mark.pcsc
__all__ = ["pcscd"]

SCRIPT_VITALE = Path("/usr/share/cardpeek/vitale_2.lua")
TIERS = (
    Titulaire("LÉVÊQUE", "ZOÉ-ANNE", "19521300", "252199900004212"),
    Titulaire("MARTIN", "LUC", "19480229", "148197500000733"),
)
LUS = tuple(IdentitePuce(t.nom, t.prenom, t.naissance, t.nir[:13], t.nir[13:], t.pays) for t in TIERS)
TIERCE = Habitudes(longueurs=2)
CPS_TIERCE = puce_tierce.cps(bytes.fromhex("00A1B2C3D4"), Habitudes(lecture_max=200))


@contextmanager
def inserees(*cartes: CarteVirtuelle) -> Iterator[None]:
    """One card a slot, seen by pcscd."""
    canal = CanalPcsc()
    with ExitStack() as pile:
        for fente, carte in enumerate(cartes):
            pile.enter_context(brancher(carte, fente))
        attendre(lambda: _presentes(canal) >= len(cartes), 5, "les cartes ne sont pas vues")
        yield


def _presentes(canal: CanalPcsc) -> int:
    return sum(1 for fente in canal.fentes() if fente.lecteur in LECTEURS and fente.atr)


def temoin(*arguments: str, dossier: Path, reponses: bytes = b"") -> str:
    """What an independent program says. Its home is the test's own."""
    if shutil.which(arguments[0]) is None:
        pytest.skip(f"{arguments[0]} n'est pas installé")
    chez_soi = {**os.environ, "HOME": str(dossier)}
    sortie = subprocess.run(arguments, capture_output=True, timeout=30, env=chez_soi, input=reponses, check=False)
    return (sortie.stdout + sortie.stderr).decode("latin-1")


def cardpeek(lecteur: str, programme: str, dossier: Path) -> str:
    """cardpeek without a screen; it asks twice the first time it runs, and loops on the end of its input."""
    if not SCRIPT_VITALE.exists():
        pytest.skip("cardpeek n'est pas installé")
    appel = ("cardpeek", "-c", "-r", f"pcsc://{lecteur}", "-e")
    if not (dossier / ".cardpeek").exists():
        temoin(*appel, "os.exit(0)", dossier=dossier, reponses=b"1\n1\nos.exit(0)\n")
    (dossier / "lire.lua").write_text(programme, encoding="latin-1")
    return temoin(*appel, f'dofile("{dossier / "lire.lua"}")', dossier=dossier, reponses=b"os.exit(0)\n")


def opensc(lecteur: str, *apdus: str, dossier: Path) -> str:
    """Raw commands. Its own CPS driver looks for a PKCS#15 that no virtual card holds: the plain one is asked for."""
    envois = [morceau for apdu in apdus for morceau in ("-s", apdu)]
    return temoin("opensc-tool", "-c", "default", "-r", lecteur, *envois, dossier=dossier)


ARBRE = f'dofile("{SCRIPT_VITALE}")\nprint(nodes.to_xml(nodes.root()))\nos.exit(0)\n'
CARDPEEK_CPS = """
card.connect()
print("ATR", card.last_atr())
for _, commande in ipairs({"00A40900043F00D003", "00B00000E7", "00B000000C"}) do
  local sw, reponse = card.send(bytes.new(8, commande))
  print(string.format("%s %04X %s", commande, sw, tostring(reponse)))
end
card.disconnect()
os.exit(0)
"""


def test_cardpeek_lit_notre_vitale(pcscd: ServicePcscd, tmp_path: Path) -> None:
    """Its own script: the map, both applications, every file, every holder."""
    famille = dict(cartes_de_demonstration())["famille"]
    with inserees(vitale("famille")):
        arbre = cardpeek(LECTEURS[0], ARBRE, tmp_path)
    for personne in famille.beneficiaires:
        assert personne.prenom in arbre
    assert famille.assure.nir + famille.assure.cle in arbre
    for nom in ("IDENTITE", "NIR", "POINTERS", "DIR", "PAN", "Date de naissance"):
        assert nom in arbre


def test_cardpeek_lit_la_vitale_d_un_autre(pcscd: ServicePcscd, tmp_path: Path) -> None:
    """The witness and our reader see the same holders on a card that neither of us wrote."""
    with inserees(puce_tierce.vitale(TIERS, TIERCE)):
        arbre = cardpeek(LECTEURS[0], ARBRE, tmp_path)
        with CanalPcsc().connecter(LECTEURS[0]) as session:
            lue = lecture.lire_puce_vitale(session)
    assert lue.identites == LUS
    for titulaire in TIERS:
        assert titulaire.nir in arbre
        assert titulaire.prenom.encode("ascii", "ignore").decode()[:2] in arbre


def test_cardpeek_parle_a_notre_cps(pcscd: ServicePcscd, tmp_path: Path) -> None:
    with inserees(cps("infirmier")):
        vu = cardpeek(LECTEURS[0], CARDPEEK_CPS, tmp_path)
    assert "3BAC00402A001225006480000310009000" in re.sub(r"[^0-9A-F]", "", vu.upper())
    assert "5A0A80250000010000000002" in vu.replace(" ", "").upper()


def test_pcsc_scan_reconnait_les_deux(pcscd: ServicePcscd, tmp_path: Path) -> None:
    """By its own list of ATRs: a Vitale 2 and a CPS; our complementary card is in no list."""
    with inserees(vitale(), cps()):
        vu = temoin("pcsc_scan", "-c", dossier=tmp_path)
    assert "3B 75 13 00 00 44 09 EA 90 00" in vu
    assert "3B AC 00 40 2A 00 12 25 00 64 80 00 03 10 00 90 00" in vu
    nues = temoin("pcsc_scan", "-n", "-c", dossier=tmp_path)
    assert "Virtual PCD 00 00" in nues


@pytest.mark.parametrize("tierce", [False, True])
def test_opensc_tool_lit_les_deux(pcscd: ServicePcscd, tmp_path: Path, tierce: bool) -> None:
    """Raw commands of the public layout, ours and somebody else's cards answering alike."""
    cartes = (puce_tierce.vitale(TIERS), CPS_TIERCE) if tierce else (vitale(), cps())
    nom, serie = ("MARTIN", "00A1B2C3D4") if tierce else ("DURAND", "0000000001")
    with inserees(*cartes):
        assert "3b:75:13:00:00:4" in temoin("opensc-tool", "-r", LECTEURS[0], "-a", dossier=tmp_path)
        identite = opensc(LECTEURS[0], "00A40000023F00", "00B0820000", dossier=tmp_path)
        numero = opensc(LECTEURS[1], "00A40000023F00", "00A4000002D003", "00B000000C", dossier=tmp_path)
    assert nom in "".join(identite.split())
    assert serie in "".join(re.findall(r"\b[0-9A-F]{2}\b", numero.rpartition("SW2=0x00")[2]))


def test_carte_complementaire_et_cps4_dans_un_vrai_lecteur(pcscd: ServicePcscd, tmp_path: Path) -> None:
    from sesam_desktop.cartes.atr import GenreCarte
    from sesam_desktop.cartes.demonstration import cartes_duo_de_demonstration
    from sesam_desktop.lecteurs.emulation_cps import ATR, CpsVirtuelle
    from sesam_desktop.lecteurs.emulation_duo import DuoVirtuelle

    from .doubles import PS

    attendue = dict(cartes_duo_de_demonstration())["duo-famille"]
    cps4 = CpsVirtuelle.depuis(PS["medecin-cps4"], atr=ATR[GenreCarte.CPS4])
    with inserees(DuoVirtuelle.depuis(attendue), cps4):
        canal = CanalPcsc()
        with canal.connecter(LECTEURS[0]) as session:
            assert lecture.lire_duo(session) == attendue
        debut = time.monotonic()
        with canal.connecter(LECTEURS[1]) as session:
            assert session.fente.carte is GenreCarte.CPS4
            assert lecture.lire_puce_cps(session).numero_serie == "0000000006"
            lecture.verifier_code(session, "1234")
        assert time.monotonic() - debut < 2
