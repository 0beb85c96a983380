"""The frontal's reading of a file: accepted as written by hand, refused with its code for each fault."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sesam_desktop.frontal import lot_b2
from sesam_desktop.frontal.refus import Motif, Refus

from .fichiers import enregistrement, facture, fichier


def _refus(enregistrements: list[bytes]) -> Refus:
    with pytest.raises(Refus) as refus:
        lot_b2.lire(b"".join(enregistrements))
    return refus.value


def test_un_lot_coherent_est_lu() -> None:
    lot = lot_b2.lire(b"".join(fichier(facture("000000001"), facture("000000002", 2000, 1300, 0))))
    assert (lot.regime, lot.centre_informatique, lot.organisme) == ("01", "000", "422")
    assert [(f.numero, f.honoraires, f.amo, f.amc, f.niveau) for f in lot.factures] == [
        ("000000001", 1000, 650, 100, "N"),
        ("000000002", 2000, 1300, 0, "N"),
    ]
    assert lot.factures[0].octets == b"".join(facture("000000001"))
    assert [acte["code_acte"] for acte in lot.factures[0].actes] == ["PH7"]


def test_une_ligne_hospitaliere_compte_dans_les_totaux() -> None:
    sejour = enregistrement("3", **_cles(), rang_beneficiaire="001", date_debut="261101", date_fin="261102",
                            code_acte="GHS", quantite=1, prix_unitaire=500, base=500, taux=80, montant_amo=400,
                            depense=500, montant_amc=20)
    lignes = facture(nombre_enregistrements=4, total_base_3=500, total_amo_3=400, total_amc_3=20, total_depense_3=500,
                     participation_assure=450)
    lignes.insert(2, sejour)
    lignes[-1] = enregistrement("5S", **_cles(), rang_beneficiaire="001", total_honoraires=1500, total_amo=1050,
                                total_amc=120, reste_assure=330, niveau="N")
    lot = lot_b2.lire(b"".join(fichier(lignes, nombre_lignes=2)))
    assert (lot.factures[0].honoraires, lot.factures[0].amo, lot.factures[0].amc) == (1500, 1050, 120)


def _cles() -> dict[str, str]:
    modele = facture()[0].decode()
    return {"numero_partenaire": modele[1:10], "nir_assure": modele[11:24], "cle_nir_assure": modele[24:26],
            "numero_facture": modele[29:38]}


@pytest.mark.parametrize("zone", ["total_honoraires_4", "total_amo_4", "total_amc_4", "participation_assure",
                                  "nombre_enregistrements", "total_base_3"])
def test_un_total_de_facture_faux_est_cpt(zone: str) -> None:
    refus = _refus(fichier(facture(**{zone: 7})))
    assert (refus.motif, refus.ligne) == (Motif.COMPTES, 8)
    assert zone in refus.message


@pytest.mark.parametrize("zone", ["nombre_factures", "nombre_factures_2", "nombre_factures_3", "nombre_lignes",
                                  "total_honoraires", "total_amo", "total_amc"])
def test_un_total_de_lot_faux_est_cpt(zone: str) -> None:
    assert _refus(fichier(facture(), **{zone: 7})).motif is Motif.COMPTES


def test_un_montant_de_ligne_change_est_vu() -> None:
    lignes = fichier(facture())
    lignes[4] = lignes[4].replace(b"0000650", b"0000651", 1)
    assert _refus(lignes).motif is Motif.COMPTES


def test_structure() -> None:
    bon = fichier(facture())
    for faute, rang in (
        (bon[1:], 1),                              # no 000
        (bon[:-1], len(bon) - 1),                  # no 999
        ([*bon, bon[-1]], len(bon) + 1),           # something after 999
        ([*bon[:3], *bon[4:]], 4),                 # no 2S
        ([*bon[:4], *bon[5:]], 5),                 # 4S before any 4
        ([*bon[:2], *bon[-2:]], 2),                # no invoice
    ):
        refus = _refus(faute)
        assert (refus.motif, refus.ligne) == (Motif.ENTETE, rang), refus.message


def test_facture_sans_acte() -> None:
    lignes = facture()
    assert "aucun acte" in _refus(fichier([*lignes[:2], *lignes[-2:]])).message


def test_longueur_et_type_inconnu() -> None:
    assert _refus([b"".join(fichier(facture()))[:-1]]).motif is Motif.ENTETE
    assert _refus([]).motif is Motif.ENTETE
    lignes = fichier(facture())
    lignes[4] = b"8" + lignes[4][1:]
    assert "inconnu" in _refus(lignes).message


def test_numero_de_lot_different_a_la_fin() -> None:
    assert "numéro de lot" in _refus(fichier(facture(), numero_lot="002")).message


def test_entete_et_fin_qui_ne_s_accordent_pas() -> None:
    lignes = fichier(facture())
    lignes[-1] = lignes[-1].replace(b"AAAAAA", b"AAAAAB")
    assert "ne s'accordent pas" in _refus(lignes).message


def test_cle_de_nir_fausse() -> None:
    lignes = [octets[:24] + b"32" + octets[26:] for octets in facture()]
    refus = _refus(fichier(lignes))
    assert refus.motif is Motif.ENTETE
    assert "1801975000001" not in refus.phrase()


def test_enregistrement_d_une_autre_facture() -> None:
    lignes = facture("000000001")
    lignes[4] = facture("000000002")[4]
    assert "n'appartient pas" in _refus(fichier(lignes)).message


def test_numero_de_facture_repete_ou_nul() -> None:
    assert _refus(fichier(facture("000000001"), facture("000000001"))).motif is Motif.LOT
    assert _refus(fichier(facture("000000000"))).motif is Motif.LOT


def test_version_de_norme_inconnue_est_nrm() -> None:
    lignes = fichier(facture())
    lignes[1] = lignes[1].replace(b"012026", b"062007")
    assert _refus(lignes).motif is Motif.NORME
    lignes = fichier(facture())
    lignes[0] = lignes[0][:61] + b"CP  " + lignes[0][65:]
    assert _refus(lignes).motif is Motif.NORME


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=128), st.integers(0, 11), st.integers(0, 127))
def test_un_fichier_abime_est_lu_ou_refuse_rien_d_autre(intrus: bytes, rang: int, position: int) -> None:
    octets = bytearray(b"".join(fichier(facture())))
    debut = rang * 128 + position
    octets[debut : debut + len(intrus)] = intrus
    with contextlib.suppress(Refus):
        lot_b2.lire(bytes(octets))
