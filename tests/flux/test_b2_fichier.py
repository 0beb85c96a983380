"""The file built around invoices, and the sensitive zones taken out and put back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.flux import b2
from sesam_desktop.noyau.erreurs import FormatInvalide
from tests.outils.exemples import exemples

from .fabrique import NUMERO, facture, fichier, valeurs


def test_entete_ecrit_a_la_main() -> None:
    attendu = (
        b"000TP00000" + NUMERO.encode() + b"      CT00000001001721      TRABC123260304PS  B2   T"
        + b" " * 11 + b"128" + b" " * 43
    )
    assert fichier()[0].octets == attendu


def test_lot_ecrit_a_la_main() -> None:
    attendu = (
        b"1" + NUMERO.encode() + b"      721007" + b"24" b"1" b"24" b"01" + b"CABINET D ESSAI".ljust(40)
        + b"B2260303 PS 012026U" + b" " * 40
    )
    assert fichier()[1].octets == attendu


def test_totaux_d_un_lot_de_deux_factures() -> None:
    autre = [e.modifier(numero_facture="000000124") for e in facture(honoraires=2000, amo=1200, amc=0)]
    *_, fin_lot, fin = fichier(facture(), autre)
    z = fin_lot.zones
    assert (z["nombre_factures"], z["nombre_lignes"]) == (2, 2)
    assert (z["total_honoraires"], z["total_amo"], z["total_amc"]) == (3260, 1956, 504)
    assert (fin.zones["nombre_enregistrements"], fin.zones["nombre_lots"], fin.ligne) == (20, 1, 20)


def test_nom_trop_long_coupe() -> None:
    emetteur = b2.Emetteur(NUMERO, "PHARMACIE DE LA GRANDE PLACE DU MARCHÉ AUX GRAINS")
    tous = b2.fichier(emetteur, b2.Recepteur("01", "721", "001"), b2.Lot("001", date(2026, 3, 3)), [], "A", date.min)
    assert tous[1].zones["nom_partenaire"] == "PHARMACIE DE LA GRANDE PLACE DU MARCHE A"


@pytest.mark.parametrize(
    ("regime", "type_"),
    [
        ("01", "CT"), ("02", "MA"), ("03", "SR"), ("04", "CF"), ("05", "RP"), ("06", "EN"), ("07", "RM"), ("08", "CM"),
        ("09", "BF"), ("10", "CE"), ("12", "CI"), ("14", "AN"), ("15", "SE"), ("16", "PB"), ("90", "CC"), ("91", "SM"),
        ("92", "SM"), ("93", "SM"), ("94", "SM"), ("95", "SM"), ("96", "SM"), ("99", "SM"),
    ],
)
def test_type_d_organisme_par_regime(regime: str, type_: str) -> None:
    assert b2.Recepteur(regime, "721", "001").type == type_


def test_regime_sans_type_d_organisme() -> None:
    with pytest.raises(FormatInvalide) as refus:
        _ = b2.Recepteur("77", "721", "001").type
    assert refus.value.code == "REGIME"


@pytest.mark.parametrize(
    ("numero", "ecrit"),
    [("2A0002689", "200102689"), ("2B0002689", "200202689"), ("720000015", "720000015"), ("2A00", "2A00")],
)
def test_finess_corse(numero: str, ecrit: str) -> None:
    """The first example is the one published with the rule."""
    assert b2.numero_partenaire(numero) == ecrit


def test_masquer_retire_codes_et_prescripteur() -> None:
    masques, retires = b2.masquer_zones(facture())
    assert retires == b"4" + NUMERO.encode() + b" " + b"10001234565" + b"DEQP003      "
    octets = b2.ecrire(masques)
    assert b"DEQP003" not in octets
    assert b"10001234565" not in octets
    assert [e.type for e in b2.lire(octets)] == [e.type for e in facture()]


def test_restaurer_est_l_inverse_exact() -> None:
    avant = fichier()
    masques, retires = b2.masquer_zones(avant)
    assert b2.restaurer_zones(masques, retires) == avant


@pytest.mark.parametrize("change", [b"", b"4", b"4" * 200])
def test_restaurer_refuse_une_longueur_fausse(change: bytes) -> None:
    masques, _ = b2.masquer_zones(facture())
    with pytest.raises(FormatInvalide) as refus:
        b2.restaurer_zones(masques, change)
    assert refus.value.code == "ZONES_SENSIBLES"


@exemples(20)
@given(donnees=st.data())
def test_masquer_restaurer_sur_des_valeurs_quelconques(donnees: st.DataObject) -> None:
    types = donnees.draw(st.lists(st.sampled_from(["2", "3S", "4", "4P", "4F", "4M", "5"]), max_size=5))
    tous = []
    for type_ in types:
        modele = b2.Enregistrement.composer("b2_ps_140", type_, {})
        assert modele.layout is not None
        tous.append(b2.Enregistrement.composer("b2_ps_140", type_, donnees.draw(valeurs(modele.layout))))
    masques, retires = b2.masquer_zones(tous)
    assert b2.restaurer_zones(masques, retires) == tous
    assert b2.masquer_zones(masques)[0] == masques
