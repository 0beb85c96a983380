"""Grouping and numbering of lots: published rules (formats.md, 4.3) and the project's limits."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.factures.facture import Niveau
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission.groupement import (
    CleLot,
    cle_de,
    grouper,
    identification_fichier,
    numero_suivant,
    place_par_lot,
)
from sesam_desktop.teletransmission.parametres import ParametresLots

from .fabrique import JOUR, PARIS, SARTHE, securisee

PARAMETRES = ParametresLots("poste@poste.test")


def cle(numero: str = "000000001", **autres: object) -> CleLot:
    return cle_de(securisee(numero, **autres), "721001006", "FSE", "PS-1.40")  # type: ignore[arg-type]


def test_cle_d_une_facture() -> None:
    attendue = CleLot("01", "721", "721", SARTHE.adresse, "PS-1.40", "721001006", "FSE", "S")
    assert replace(cle(), exercice=(), signataire="") == attendue
    assert cle().exercice == ("01", "1", "", "", "MARTIN CLAIRE")
    assert cle().signataire == hashlib.sha256(b"certificat").hexdigest()[:16]
    assert cle().fonds == "01 721 721"


@pytest.mark.parametrize("autre", [{"destinataire": PARIS}, {"niveau": Niveau.DEGRADEE}])
def test_criteres_qui_separent(autre: dict[str, object]) -> None:
    assert cle(**autre) != cle()


@pytest.mark.parametrize("champ", ["version_norme", "emetteur", "genre", "regime", "centre_informatique"])
def test_chaque_critere_fait_un_autre_lot(champ: str) -> None:
    une, autre = cle(), replace(cle(), **{champ: "XX"})
    groupes = grouper([(une, securisee("000000001"), 6), (autre, securisee("000000002"), 6)], PARAMETRES)
    assert sorted(g.cle for g in groupes) == sorted([une, autre])


@pytest.mark.parametrize("autre", [{"specialite": "02"}, {"zone_ik": "2"}, {"convention": "3"}, {"nom": "DURAND"}])
def test_l_entete_du_lot_dit_vrai_de_chacune(autre: dict[str, str]) -> None:
    """Record 1 is written once for the lot: an invoice it would not describe goes in another."""
    fs = securisee("000000001")
    demande = replace(fs.facture.demande, executant=replace(fs.facture.demande.executant, **autre))
    ailleurs = replace(fs, facture=replace(fs.facture, demande=demande))
    assert cle_de(ailleurs, "721001006", "FSE", "PS-1.40") != cle()


def test_un_signataire_par_lot() -> None:
    fs = securisee("000000001")
    autre = replace(fs, signatures=tuple(replace(s, certificat=b"autre") for s in fs.signatures))
    sans = securisee("000000001", niveau=Niveau.NON_SECURISEE)
    cles = {cle_de(f, "721001006", "FSE", "PS-1.40").signataire for f in (fs, autre, sans)}
    assert len(cles) == 3 and "" in cles


def test_cent_factures_par_lot() -> None:
    toutes = [(cle(), securisee(f"{n:09d}"), 6) for n in range(1, 202)]
    groupes = grouper(toutes, PARAMETRES)
    assert [len(g.factures) for g in groupes] == [100, 100, 1]
    assert [f.facture.numero for g in groupes for f in g.factures] == [f"{n:09d}" for n in range(1, 202)]


def test_neuf_cent_cinquante_enregistrements_par_lot() -> None:
    """948 records are left once the lot's own two are counted: 9 × 105 = 945, the tenth invoice would make 1050."""
    groupes = grouper([(cle(), securisee(f"{n:09d}"), 105) for n in range(1, 12)], PARAMETRES)
    assert [len(g.factures) for g in groupes] == [9, 2]


def test_lot_exactement_plein() -> None:
    groupes = grouper([(cle(), securisee(f"{n:09d}"), 474) for n in range(1, 4)], PARAMETRES)
    assert [len(g.factures) for g in groupes] == [2, 1]


@given(st.lists(st.integers(min_value=6, max_value=948), max_size=60))
def test_jamais_trop_et_rien_de_perdu(tailles: list[int]) -> None:
    contenu = [(cle(), securisee(f"{n:09d}"), taille) for n, taille in enumerate(tailles, 1)]
    par_numero = {fs.facture.numero: taille for _, fs, taille in contenu}
    groupes = grouper(contenu, PARAMETRES)
    for groupe in groupes:
        assert sum(par_numero[f.facture.numero] for f in groupe.factures) <= place_par_lot(PARAMETRES) == 948
        assert 1 <= len(groupe.factures) <= 100
    assert [f.facture.numero for g in groupes for f in g.factures] == list(par_numero)


@pytest.mark.parametrize(
    ("dernier", "pris", "attendu"),
    [
        ("", set(), "001"),
        ("001", {"001"}, "002"),
        ("998", set(), "999"),
        ("999", set(), "001"),
        ("999", {"001", "002"}, "003"),
        ("005", {"006"}, "007"),
    ],
)
def test_numero_suivant(dernier: str, pris: set[str], attendu: str) -> None:
    assert numero_suivant(dernier, pris) == attendu


def test_journee_epuisee() -> None:
    with pytest.raises(ErreurConnue) as refus:
        numero_suivant("500", {f"{n:03d}" for n in range(1, 1000)})
    assert refus.value.code == "NUMEROS_DE_LOT_EPUISES"


def test_identification_stable_et_propre_au_lot() -> None:
    une = identification_fichier(cle(), "001", JOUR)
    assert len(une) == 6 and une.isalnum() and une == une.upper()
    assert identification_fichier(cle(), "001", JOUR) == une
    autres = {
        identification_fichier(cle(), "002", JOUR),
        identification_fichier(cle(), "001", date(2026, 3, 3)),
        identification_fichier(cle(destinataire=PARIS), "001", JOUR),
    }
    assert len(autres | {une}) == 4
