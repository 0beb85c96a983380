"""CCAM: arithmetic of the specification, explanation, the published table against our tables and cases."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels import tables
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.ccam import ActeCcam, Ccam
from sesam_desktop.referentiels.importation import importer
from sesam_desktop.tarifs import ccam
from sesam_desktop.tarifs.moteur import tarifer

from .outils import JOUR, LECTEURS, contexte, facture
from .test_cas import DOSSIER

ECG = {"DEQP003-1-0": {"tarif_1": 1477, "exonerations": ["2"], "modificateurs": ["F"], "chapitre": "04.01.01.01"}}
COMPARES = ("tarif_1", "tarif_2", "regroupement", "chapitre", "exonerations", "modificateurs", "sous_conditions",
            "accord_prealable", "incompatibles")


def test_l_exemple_de_la_specification() -> None:
    """Worked check of rule RG_VF643: 100.30 × 1.255 × 0.955 = 120.21, then + 20.50."""
    prix = ccam.calculer(10030, [1900, 650], Decimal("0.955"), [2050])
    assert (prix.avant_forfaits, prix.forfaits, prix.total) == (12021, 2050, 14071)


def test_les_pourcentages_s_ajoutent() -> None:
    """1.30 and 1.50 make 1.80 (rule RG_VF643), not 1.95."""
    assert ccam.calculer(10000, [3000, 5000], Decimal(1), []).total == 18000


@pytest.mark.parametrize(("tarif", "attendu"), [(2143, 1072), (2145, 1073), (1, 1), (0, 0)])
def test_la_moitie_s_arrondit_au_dessus(tarif: int, attendu: int) -> None:
    assert ccam.calculer(tarif, [], Decimal("0.5"), []).total == attendu


def test_sans_table_importee() -> None:
    with pytest.raises(ErreurConnue) as refus:
        tarifer(facture("medecin", [LigneSaisie("CCAM", code="DEQP003")]), contexte())
    assert (refus.value.code, refus.value.ou) == ("REFERENTIEL_ABSENT", "lignes[0].code")
    assert "importez" in refus.value.message


def test_l_explication_de_la_base() -> None:
    """Tariff, modifier, association and sum, each with the version of its table."""
    actes = {
        "AHPA009-1-0": {"tarif_1": 10450, "modificateurs": ["J", "F"], "regroupement": "ADC", "chapitre": "01.05"},
        "LMMA012-1-0": {"tarif_1": 20187, "regroupement": "ADC", "chapitre": "12.04"},
    }
    lignes = [
        LigneSaisie("CCAM", code="AHPA009", association="2", modificateurs=("J", "F")),
        LigneSaisie("CCAM", code="LMMA012", association="1"),
    ]
    demandee = facture("specialiste", lignes, executant={"specialite": "41"})
    ligne = tarifer(demandee, contexte(ccam=LECTEURS["ccam"](actes))).lignes[0]
    textes = [r.texte.replace("\u00a0", " ") for r in ligne.regles if r.code.endswith("_CCAM")]
    assert textes == [
        "AHPA009, activité 1, phase 0 : 104,50 € (secteur 1).",
        "Modificateur J : + 6,5 %, majoration transitoire de chirurgie.",
        "Modificateur F : + 40,00 €, urgence un dimanche ou un jour férié.",
        "acte associé, 50 %.",
        "104,50 € × 1,065 × 0,5 = 55,65 € ; + 40,00 € = 95,65 €.",
    ]
    assert ligne.regles[0].version == "CCAM 2026-01-01"
    assert (ligne.base_centimes, ligne.detail, ligne.acte) == (9565, "AHPA009", "ADC")


def _inline() -> Iterator[Any]:
    for nom in ("ccam", "dentiste"):
        actes = tomllib.loads((DOSSIER / f"{nom}.toml").read_text(encoding="utf-8"))["ccam"]
        yield from (pytest.param(cle, ecrit, id=f"{nom}: {cle}") for cle, ecrit in actes.items())


@pytest.fixture(scope="module")
def publiee(donnees_partagees: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ccam]:
    base = BaseReferentiels(tmp_path_factory.mktemp("ccam") / "referentiels.db")
    importer("ccam", donnees_partagees / "ccam", base)
    yield Ccam(base)
    base.fermer()


@pytest.mark.parametrize(("cle", "ecrit"), list(_inline()))
def test_les_actes_des_cas_sont_ceux_de_la_table(cle: str, ecrit: dict[str, Any], publiee: Ccam) -> None:
    """Every value typed by hand in a case is that of the published CCAM."""
    code, activite, phase = cle.split("-")
    reel = publiee.acte(code, activite, phase, JOUR)
    assert reel is not None
    ecrits: ActeCcam = LECTEURS["ccam"]({cle: ecrit}).acte(code, activite, phase, JOUR)
    assert {nom: getattr(ecrits, nom) for nom in COMPARES} == {nom: getattr(reel, nom) for nom in COMPARES}
    if "libelle" in ecrit:
        assert ecrits.libelle == reel.libelle.strip()


def test_nos_modificateurs_sont_ceux_de_la_table(publiee: Ccam) -> None:
    """Chapter 19.03: the same codes, each with the same values in both columns."""
    nos: dict[str, set[tuple[int, int]]] = {}
    for ligne in tables.charger("modificateurs_ccam").lignes(JOUR):
        nos.setdefault(ligne["code"], set()).add((ligne["valeur_1"], ligne["valeur_2"]))
    publies: dict[str, set[tuple[int, int]]] = {}
    for m in publiee.modificateurs(JOUR):
        valeurs = (m.taux_1, m.taux_2) if m.montant_1 is None else (m.montant_1, m.montant_2)
        publies.setdefault(m.code, set()).add(valeurs)
    assert nos == publies


def test_chaque_regroupement_de_la_table_est_connu(publiee: Ccam) -> None:
    connus = {ligne["code"] for ligne in tables.charger("regroupements_ccam").lignes(JOUR)}
    lettres = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    lus = {acte.regroupement for lettre in lettres for acte in publiee.chercher(lettre, JOUR, limite=5000)}
    assert len(lus) > 30
    assert lus <= connus | {""}


@settings(max_examples=200)
@given(
    st.fixed_dictionaries({
        "code": st.sampled_from(["DEQP003", "DEQP003", "", "ZZZZ999", "deqp003"]),
        "activite": st.sampled_from(["", "1", "4", "x"]), "phase": st.sampled_from(["", "0", "7"]),
        "modificateurs": st.lists(st.sampled_from("FKA9?"), max_size=6).map(tuple),
        "association": st.sampled_from([None, "1", "4", "5", "9"]), "dents": st.sampled_from([(), ("11",), ("99",)]),
        "accord": st.sampled_from(["", "4", "x"]), "quantite": st.integers(-1, 1000),
        "depassement_centimes": st.integers(-1, 10_000), "qualificatif": st.sampled_from([None, "G", "N", "D", "?"]),
    }),
    st.sampled_from(["medecin", "specialiste", "sage_femme", "dentiste", "pharmacien"]),
)
def test_une_ligne_quelconque_est_tarifee_ou_refusee(champs: dict[str, Any], metier: str) -> None:
    try:
        reponse = tarifer(facture(metier, [LigneSaisie("CCAM", **champs)]), contexte(ccam=LECTEURS["ccam"](ECG)))
    except ErreurConnue as refus:
        assert refus.ou
        assert refus.message.endswith(".")
        return
    assert reponse.totaux.facture_centimes >= 0
