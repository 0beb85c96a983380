"""galss.ini and the GALSS calls over real PC/SC slots (pcscd and vpcd of Debian)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sesam_desktop.lecteurs.canal import Etat
from sesam_desktop.lecteurs.galss import galss_ini, realignement, ressources
from sesam_desktop.lecteurs.galss.client import ClientGalss
from sesam_desktop.lecteurs.gestionnaire import Gestionnaire
from sesam_desktop.lecteurs.pcsc import CanalPcsc
from tests.lecteurs.doubles import cps, vitale
from tests.lecteurs.galss.fichiers import PCSC, octets
from tests.outils.pcscd import ServicePcscd, attendre, pcscd
from tests.outils.vpcd import LECTEURS, brancher

pytestmark = pytest.mark.pcsc
__all__ = ["pcscd"]

PRESENCE, SOUS_TENSION, LECTURE = b"\0\1\x16", b"\0\1\x14", bytes.fromhex("00B0820004")


@pytest.fixture
def gestionnaire(pcscd: ServicePcscd) -> Iterator[Gestionnaire]:
    gestionnaire = Gestionnaire([CanalPcsc()])
    yield gestionnaire
    gestionnaire.fermer()


def attendre_etats(gestionnaire: Gestionnaire, *etats: Etat) -> None:
    def lus() -> bool:
        return [f.etat for f in gestionnaire.fentes() if f.lecteur in LECTEURS] == list(etats)

    attendre(lus, 5, f"les fentes ne sont pas {etats}")


def test_realignement_sur_les_vrais_noms(gestionnaire: Gestionnaire, tmp_path: Path) -> None:
    """The file names a reader of before; the cards are in vpcd's slots, and only one of them at the end."""
    chemin = tmp_path / "galss.ini"
    chemin.write_bytes(octets(PCSC))
    with brancher(vitale(), 0):
        with brancher(cps(), 1):
            attendre_etats(gestionnaire, Etat.PRESENTE, Etat.PRESENTE)
            assert realignement.realigner(chemin, gestionnaire.fentes(), datetime.now(UTC)).ecrit
        lus = [canal.caracteristiques for canal in galss_ini.lire(chemin.read_bytes()).canaux]
        assert lus == [LECTEURS[1], LECTEURS[0]]
        attendre_etats(gestionnaire, Etat.PRESENTE, Etat.VIDE)
        assert not realignement.realigner(chemin, gestionnaire.fentes(), datetime.now(UTC)).ecrit


def test_commandes_de_lecteur(gestionnaire: Gestionnaire) -> None:
    """Power on, read, swap the card: the new one never answers under the counter of the first."""
    attendre_etats(gestionnaire, Etat.VIDE, Etat.VIDE)
    client = ClientGalss(gestionnaire, ressources.table(gestionnaire.fentes()))
    session, _ = client.ouvrir_session("essai", "Vitale")
    assert client.echange(session, PRESENCE) == bytes(3)
    with brancher(vitale(), 0):
        attendre_etats(gestionnaire, Etat.PRESENTE, Etat.VIDE)
        statut, etat, compteur, *atr = client.echange(session, SOUS_TENSION)
        assert (statut, etat, bytes(atr)) == (0, 3, vitale().atr)
        assert client.echange(session, bytes([0, 1, 1, compteur]) + LECTURE)[-2:] in (b"\x90\0", b"\x62\x82")
    attendre_etats(gestionnaire, Etat.VIDE, Etat.VIDE)
    assert client.echange(session, bytes([0, 1, 1, compteur]) + LECTURE)[0] == 0x17
    with brancher(vitale("famille"), 0):
        attendre_etats(gestionnaire, Etat.PRESENTE, Etat.VIDE)
        statut, etat, nouveau, *_ = client.echange(session, SOUS_TENSION)
        assert (statut, etat) == (0, 3) and nouveau != compteur
        assert client.echange(session, bytes([0, 1, 1, compteur]) + LECTURE)[0] == 0x16
    client.fermer()
