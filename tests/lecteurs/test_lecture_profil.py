"""What only the project's own cards hold: situations on the chip under the code, the complementary card, a CPS4."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sesam_desktop.cartes import zones
from sesam_desktop.cartes.atr import GenreCarte
from sesam_desktop.cartes.demonstration import cartes_duo_de_demonstration
from sesam_desktop.cartes.zones import Groupe
from sesam_desktop.lecteurs import lecture, signature_carte
from sesam_desktop.lecteurs.canal import SessionCarte
from sesam_desktop.lecteurs.cartes_fichiers import DossierCartes
from sesam_desktop.lecteurs.emulation_cps import ATR, CpsVirtuelle
from sesam_desktop.lecteurs.emulation_duo import DuoVirtuelle
from sesam_desktop.lecteurs.virtuel import CanalVirtuel, CarteVirtuelle
from sesam_desktop.noyau.erreurs import ErreurConnue
from tests.outils import puce_tierce
from tests.outils.puce_tierce import Titulaire

from .doubles import PS, cps, signer

DUO = dict(cartes_duo_de_demonstration())


class Arrachee:
    """The card leaves after so many commands."""

    def __init__(self, session: SessionCarte, commandes: int) -> None:
        self._session, self._reste = session, commandes
        self.fente = session.fente

    def transmettre(self, apdu: bytes) -> tuple[bytes, int]:
        self._reste -= 1
        if self._reste < 0:
            raise ErreurConnue("partie", code="CARTE_RETIREE")
        return self._session.transmettre(apdu)


EN_PLUSIEURS_FICHIERS = puce_tierce.vitale([Titulaire("A", "B", "20000101", "270197200002100")] * 3, ensemble=1)


@pytest.mark.parametrize(
    ("puce", "lire"),
    [
        (cps(), lecture.lire_puce_cps),
        (DuoVirtuelle.depuis(DUO["duo-famille"]), lecture.lire_duo),
        (EN_PLUSIEURS_FICHIERS, lecture.lire_puce_vitale),
    ],
    ids=["cps", "duo", "vitale"],
)
def test_une_carte_arrachee_n_est_jamais_une_carte_a_moitie_lue(
    puce: CarteVirtuelle, lire: Callable[[SessionCarte], object]
) -> None:
    """Whatever the command it leaves at: never a file the card would keep to itself."""
    canal = CanalVirtuel({"fente": puce})
    for commandes in range(200):
        with canal.connecter("fente") as session:
            try:
                lire(Arrachee(session, commandes))
            except ErreurConnue as refus:
                assert refus.code == "CARTE_RETIREE"
            else:
                assert commandes > 0
                return
    pytest.fail("la lecture ne finit pas")


@pytest.mark.parametrize("nom", DUO)
def test_carte_complementaire(nom: str) -> None:
    with CanalVirtuel({"fente": DuoVirtuelle.depuis(DUO[nom])}).connecter("fente") as session:
        assert session.fente.carte is GenreCarte.DUO
        assert lecture.lire_duo(session) == DUO[nom]


def test_carte_complementaire_illisible() -> None:
    with CanalVirtuel({"fente": DuoVirtuelle(b"")}).connecter("fente") as session, pytest.raises(ErreurConnue) as refus:
        lecture.lire_duo(session)
    assert refus.value.code == "DUO_ILLISIBLE"


@pytest.mark.parametrize("genre", ATR)
def test_chaque_generation_de_cps(genre: GenreCarte) -> None:
    puce = CpsVirtuelle.depuis(PS["medecin-cps4"], signer=signer, atr=ATR[genre])
    with CanalVirtuel({"fente": puce}).connecter("fente") as session:
        assert session.fente.carte is genre
        assert lecture.lire_puce_cps(session).numero_serie == "0000000006"
        lecture.verifier_code(session, "1234")
        assert len(signature_carte.signer_par_carte(session, b"facture")) == 256


def test_carte_virtuelle_de_la_forme_1_31(tmp_path: Path) -> None:
    """An old component wrote it; its insured is the holder of the chip, accents and hyphens aside."""
    nir, cle = "2521999000042", "12"
    carte = ("T", "12345678", "A", nir, cle, "01", "721", "0000", "10")
    personne = ("LEVEQUE", "", "ZOE ANNE", "1 RUE DU TEST", "19521300", "1", "0", "", "")
    periodes = ("1", "202001010000", "", "0", "", "", "1", "202001010000", "", "0", "0100")
    champs = {40: carte, 41: (*personne, *periodes)}
    groupes = [Groupe(numero, tuple(c.encode() for c in valeurs)) for numero, valeurs in champs.items()]
    (tmp_path / "ancienne.ssv").write_bytes(zones.ecrire(groupes))
    puce = puce_tierce.vitale([Titulaire("LÉVÊQUE", "ZOÉ-ANNE", "19521300", nir + cle)])
    with CanalVirtuel({"fente": puce}).connecter("fente") as session:
        lue = DossierCartes(tmp_path).pour_vitale(lecture.lire_puce_vitale(session))
    assert lue.droits_lus
    assert (lue.assure.caisse, lue.beneficiaires[0].couvertures[0].situation) == ("721", "0100")
