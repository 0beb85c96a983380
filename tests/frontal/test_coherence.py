"""What the frontal finds wrong in the amounts of an act, on values written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sesam_desktop.frontal import coherence, lot_b2
from sesam_desktop.frontal.refus import Motif, Refus

from .fichiers import CLE, NIR, PARTENAIRE, enregistrement, facture, fichier


def acte(**valeurs: Any) -> dict[str, Any]:
    ordinaire = {"exoneration": "", "taux": 70, "base": 3000, "montant_amo": 2100, "honoraires": 3000,
                 "qualificatif": "", "date_soins": "260302"}
    return {**ordinaire, **valeurs}


SEUIL = acte(exoneration="C", taux=100, base=15000, honoraires=15000)


@pytest.mark.parametrize(
    ("exoneration", "lu", "participation"),
    [
        ("0", acte(), ""),
        ("0", acte(montant_amo=1040), ""),                                     # outside the pathway
        ("9", acte(taux=80, montant_amo=2400), ""),
        ("4", acte(taux=100, montant_amo=3000), ""),
        ("6", acte(exoneration="0", taux=100, montant_amo=3000), ""),          # Mines
        ("0", acte(taux=0, montant_amo=0, qualificatif="N"), ""),              # AME
        ("4", acte(taux=0, base=0, montant_amo=0, qualificatif="N"), ""),      # a box not reimbursed, invoice ALD
        ("0", {**SEUIL, "montant_amo": 12600}, "A"),
        ("0", {**SEUIL, "montant_amo": 15000}, "R"),
        ("0", {**SEUIL, "montant_amo": 15000}, "L"),
        ("9", {**SEUIL, "montant_amo": 15000}, ""),                            # ASPA: no flat share
    ],
)
def test_acte_coherent(exoneration: str, lu: dict[str, Any], participation: str) -> None:
    """Accepted as it is; one centime more than the base at the rate, and the same act is refused."""
    coherence.controler(exoneration, [(lu, participation, 3)])
    trop = lu["base"] * lu["taux"] // 100 + 1
    with pytest.raises(Refus) as refus:
        coherence.controler(exoneration, [({**lu, "montant_amo": trop}, participation, 3)])
    assert (refus.value.motif, refus.value.ligne) == (Motif.COMPTES, 3)


@pytest.mark.parametrize(
    ("exoneration", "lu", "participation", "motif"),
    [
        ("4", acte(), "", Motif.ENTETE),                                       # exempt, but 70 %
        ("0", acte(exoneration="C"), "", Motif.ENTETE),
        ("0", acte(montant_amo=2101), "", Motif.COMPTES),
        ("0", acte(honoraires=2999), "", Motif.COMPTES),
        ("4", acte(taux=100, montant_amo=2999), "", Motif.COMPTES),
        ("0", acte(montant_amo=100, qualificatif="N"), "", Motif.COMPTES),
        ("0", acte(montant_amo=100, qualificatif="G"), "", Motif.COMPTES),
        ("0", acte(), "A", Motif.ENTETE),
        ("4", acte(taux=100, montant_amo=600), "A", Motif.ENTETE),
        ("0", {**SEUIL, "montant_amo": 15000}, "A", Motif.COMPTES),
        ("0", {**SEUIL, "montant_amo": 12600}, "R", Motif.COMPTES),
        ("0", {**SEUIL, "montant_amo": 12600}, "", Motif.COMPTES),
    ],
)
def test_acte_incoherent(exoneration: str, lu: dict[str, Any], participation: str, motif: Motif) -> None:
    with pytest.raises(Refus) as refus:
        coherence.controler(exoneration, [(acte(base=0, taux=0, montant_amo=0), "", 3), (lu, participation, 5)])
    assert (refus.value.motif, refus.value.ligne) == (motif, 5)


def test_une_participation_par_jour() -> None:
    exonere, autre = {**SEUIL, "montant_amo": 12600}, {**SEUIL, "montant_amo": 12600, "date_soins": "260303"}
    coherence.controler("0", [(exonere, "A", 3), (autre, "A", 5)])
    with pytest.raises(Refus, match="même jour"):
        coherence.controler("0", [(exonere, "A", 3), (exonere, "A", 5)])


def test_la_participation_est_lue_dans_le_supplement_de_l_acte() -> None:
    """One heavy act of 150,00 €: 126,00 € for the AMO, 24,00 € for the insured."""
    enregistrements = facture(honoraires=15000, amo=12600, amc=0)
    cles = {"numero_partenaire": PARTENAIRE, "nir_assure": NIR, "cle_nir_assure": CLE, "numero_facture": "000000001"}
    enregistrements[2] = enregistrement("4", **cles, rang_beneficiaire="001", exoneration="C", taux=100, **{
        "prescripteur": "991111112", "executant": PARTENAIRE, "date_soins": "261102", "code_acte": "ATM", "quantite": 1,
        "coefficient": 100, "denombrement": 1, "prix_unitaire": 15000, "base": 15000, "montant_amo": 12600,
        "honoraires": 15000})
    with pytest.raises(Refus, match="base entière"):
        lot_b2.lire(b"".join(fichier(enregistrements)))
    enregistrements[3] = enregistrement("4S", **cles, sequence="01", accord_prealable="9", participation="A")
    assert lot_b2.lire(b"".join(fichier(enregistrements))).factures[0].amo == 12600
