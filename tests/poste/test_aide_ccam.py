"""Modifiers and association codes proposed for CCAM acts; amounts are of no matter here, only which is the higher."""

from __future__ import annotations

from dataclasses import replace

from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.poste.aide_ccam import AideCcam, aider
from tests.tarifs.outils import LECTEURS, facture

CCAM = LECTEURS["ccam"]({
    "AAAA001-1-0": {"tarif_1": 10000, "modificateurs": ["F", "U", "Z"], "libelle": "Acte cher"},
    "AAAA002-1-0": {"tarif_1": 5000, "modificateurs": [], "libelle": "Acte moins cher"},
})
CHER, AUTRE = (LigneSaisie("CCAM", code=c, activite="1", phase="0") for c in ("AAAA001", "AAAA002"))


def test_les_modificateurs_sont_ceux_de_l_acte_et_de_la_specialite() -> None:
    """Z is for radiologists: a cardiologist (03) is not offered it (CCAM v81, 19.03)."""
    aide = aider(facture("specialiste", [CHER]), 0, CCAM)
    assert aide.libelle == "Acte cher"
    assert [code for code, _ in aide.modificateurs] == ["F", "U"]
    assert aide.modificateurs[0][1] == "urgence un dimanche ou un jour férié"
    assert aide.associations == ((0, ""),)
    assert not aide.a_changer


def test_deux_actes_recoivent_leurs_codes() -> None:
    """The higher tariff is 1, the other 2, whatever their order (CCAM, art. III-3 B)."""
    aide = aider(facture("specialiste", [AUTRE, CHER]), 0, CCAM)
    assert aide.associations == ((0, "2"), (1, "1"))
    assert aide.a_changer
    codes = dict(aide.associations)
    ecrites = [replace(li, association=codes[rang]) for rang, li in enumerate((AUTRE, CHER))]
    assert not aider(facture("specialiste", ecrites), 0, CCAM).a_changer


def test_avec_une_consultation_aucun_code_ne_s_ecrit() -> None:
    ecrite = replace(CHER, association="1")
    aide = aider(facture("specialiste", [LigneSaisie("CS"), ecrite]), 1, CCAM)
    assert aide.associations == ((1, ""),)
    assert aide.a_changer


def test_un_acte_inconnu_n_a_pas_d_aide() -> None:
    assert aider(facture("specialiste", [replace(CHER, code="ZZZZ999")]), 0, CCAM) == AideCcam()
    assert aider(facture("specialiste", [LigneSaisie("CS")]), 0, CCAM) == AideCcam()
