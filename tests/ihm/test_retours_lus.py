"""What the window shows of a return: the fate of each invoice, and no more text than it can hold."""

from __future__ import annotations

from typing import Any

import pytest

from sesam_desktop.flux import noemie
from sesam_desktop.ihm.modeles.retours import lire, recevoir
from sesam_desktop.teletransmission.depot_retours import RetourVu
from tests.flux.fabrique import ENTETE, corps_noemie

RETOUR = noemie.composer(ENTETE, corps_noemie())


@pytest.mark.parametrize(
    ("donnees", "etat", "phrase", "paye"),
    [
        ({"etat_amo": "P", "paye_amo_centimes": 1750, "paiement": "2026-03-09"}, "fait", "Payée le 09/03/2026", 1750),
        ({"etat_amo": "", "paye_amo_centimes": 1750}, "fait", "Payée", 1750),
        ({"etat_amo": "P", "paye_amo_centimes": 1750, "motifs": [{"code": "0009", "libelle": "ALD"}]}, "fait",
         "Payée, ALD [0009]", 1750),
        ({"etat_amo": "R", "etat_amc": "R"}, "à corriger", "Rejetée", 0),
        ({"etat_amo": "P", "etat_amc": "R", "paye_amo_centimes": 1750}, "à corriger", "Rejetée pour une part", 1750),
        ({"etat_amo": "R", "paye_amo_centimes": -1750}, "à corriger", "Somme reprise", -1750),
        ({"etat_amo": "D"}, "en cours", "Différée par la caisse", 0),
        ({"etat_amo": "", "etat_amc": ""}, "en cours", "Pas encore traitée par la caisse", 0),
    ],
)
def test_ce_que_la_caisse_a_fait_de_chaque_facture(donnees: dict[str, Any], etat: str, phrase: str, paye: int) -> None:
    """Deferred or not treated is not paid; a remark on what is paid asks for nothing."""
    (ligne,) = lire(RetourVu(1, 1, "NOEMIE", 1, "2026-03-10T00:00:00+00:00", donnees))
    assert (ligne.etat, ligne.phrase, ligne.paye_centimes) == (etat, phrase, paye)


def test_un_grand_retour_dit_ou_il_s_arrete() -> None:
    """000 and 4,999 lots are told: 1,001 lots of 15 bytes and the 999 are left, of which 4,096 bytes are shown."""
    tete, pied = RETOUR[:128], RETOUR[-128:]
    recu = recevoir(tete + b"08003260303007@" * 6_000 + pied)
    assert len(recu.entites) == 5_001
    assert recu.entites[-1].phrase.startswith("Seules les 5000 premières entités")
    assert 1_001 * 15 + 128 - 4_096 == 11_047
    assert recu.texte.splitlines()[-1] == "… et 11\u202f047 octets de plus, gardés mais non montrés"


def test_un_retour_entier_se_montre_entier() -> None:
    recu = recevoir(RETOUR)
    assert "".join(recu.texte.splitlines()) == RETOUR.decode("ascii")
    assert len(recu.entites) == len(recu.texte.splitlines()) == 20


def test_ce_qui_n_est_pas_un_retour_ne_remplit_pas_la_fenetre() -> None:
    recu = recevoir(b"x" * 2_000_000)
    assert len(recu.texte) < 501_000
    assert recu.texte.endswith("… et 1\u202f500\u202f000 octets de plus, gardés mais non montrés")
