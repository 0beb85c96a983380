"""The frontal's look at a lot of DRE: for whom, of what kind, for how much."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.flux import b2, noemie
from sesam_desktop.frontal import lot_b2, retour_noemie, scenario
from sesam_desktop.frontal.cles import destinataire_de
from sesam_desktop.frontal.controle import juger
from sesam_desktop.frontal.lot_lu import LotLu
from sesam_desktop.frontal.refus import Motif, Refus
from tests.flux.fabrique import NUMERO, demande

JOUR = date(2026, 3, 4)


def fichier(type_: str = "OT", numero: str = "00000099000099", rang: int = 2, **zones: object) -> bytes:
    """A lot of one DRE, one of its records changed (2: the 2D)."""
    lignes = sans_exoneration()
    lignes[rang] = lignes[rang].modifier(**zones)  # type: ignore[arg-type]
    lot = b2.Lot("007", date(2026, 3, 3))
    emetteur, recepteur = b2.Emetteur(NUMERO, "CABINET", "24"), b2.RecepteurAmc(type_, numero)
    return b2.ecrire(b2.fichier(emetteur, recepteur, lot, [lignes], "ABC123", JOUR, "T", norme="DRE"))


def sans_exoneration() -> list[b2.Enregistrement]:
    """AMI 4 at 60 %: 12,60 € of which 7,56 AMO and 5,04 for the insurer."""
    entete, *reste = demande()
    return [entete.modifier(exoneration_facture="0"), *reste]


def lire(octets: bytes) -> LotLu:
    return juger(octets, None, None, None)  # type: ignore[arg-type]


def refus_de(octets: bytes) -> tuple[Motif, str]:
    with pytest.raises(Refus) as refus:
        lire(octets)
    return refus.value.motif, refus.value.facture


def test_un_lot_juste() -> None:
    lot = lire(fichier())
    assert (lot.dre, lot.type_organisme, lot.amc) == (True, "OT", "0099000099")
    assert [(d.numero, d.amc) for d in lot.factures] == [("000000123", 504)]


@pytest.mark.parametrize(("octets", "motif"), [
    (fichier("OC", "00000099000003"), Motif.DESTINATAIRE),     # the DRE is for 99000002
    (fichier(numero_amc="0000000000"), Motif.DESTINATAIRE),
    (fichier(nature="A"), Motif.ENTETE),                       # of what?
    (fichier(nature="R"), Motif.ENTETE),
    (fichier(demande_remplacee="000000120"), Motif.ENTETE),    # an initial one replaces nothing
    (fichier(rang=0, eclatement="F"), Motif.ENTETE),
])
def test_une_demande_fautive_est_nommee(octets: bytes, motif: Motif) -> None:
    assert refus_de(octets) == (motif, "000000123")


def test_une_annulation_nomme_ce_qu_elle_annule() -> None:
    assert lire(fichier(nature="A", demande_remplacee="000000120")).factures[0].supplement_dre["nature"] == "A"


def test_sans_2d_le_lot_est_refuse() -> None:
    octets = fichier()
    with pytest.raises(Refus) as refus:
        lire(octets[: 4 * 128] + octets[5 * 128 :])
    assert refus.value.motif is Motif.ENTETE


def test_une_demande_de_rien_est_refusee() -> None:
    lignes = [e.modifier(**{z: 0 for z in ("montant_amc", "total_amc_4", "total_amc") if z in e.zones})
              for e in sans_exoneration()]
    lignes[-1] = lignes[-1].modifier(reste_assure=504)
    lot = b2.fichier(
        b2.Emetteur(NUMERO, "CABINET", "24"), b2.RecepteurAmc("OT", "00000099000099"), b2.Lot("007", JOUR), [lignes],
        "ABC123", JOUR, norme="DRE",
    )
    assert refus_de(b2.ecrire(lot))[0] is Motif.COMPTES


@pytest.mark.parametrize(("zones", "etat", "paye"), [
    ({}, "P", 504), ({"nature": "A", "demande_remplacee": "000000120"}, "P", 0),
])
def test_le_retour_ne_parle_que_de_la_complementaire(zones: dict[str, str], etat: str, paye: int) -> None:
    lot = lot_b2.lire(fichier(**zones))
    retour = noemie.lire(retour_noemie.composer(lot, scenario.charger("tout_paye"), JOUR))
    [facture] = retour.factures
    assert retour.entete.reference == "0580"
    assert (facture.numero, facture.etat_amo, facture.etat_amc, facture.paye_amc) == ("000000123", "", etat, paye)


@pytest.mark.parametrize(("adresse", "attendu"), [
    ("01422@422.01.rss.fr", ("01", "422")), ("99000002@oc.demo.invalid", ("OC", "0099000002")),
    ("99000090@ot.demo.invalid", ("OT", "0099000090")), ("99000090@xx.demo.invalid", None),
    ("poste@demo.invalid", None),
])
def test_adresses(adresse: str, attendu: tuple[str, str] | None) -> None:
    assert destinataire_de(adresse) == attendu


def test_un_lot_adresse_a_un_autre() -> None:
    octets = fichier()
    faux = octets[: 128 + 16] + b"123" + octets[128 + 19 :]  # organism of record 1, positions 17 to 19
    with pytest.raises(Refus) as refus:
        lire(faux)
    assert (refus.value.motif, refus.value.facture) == (Motif.DESTINATAIRE, "")


JUSTE = fichier()


@given(st.integers(0, len(JUSTE) - 1), st.integers(32, 126), st.integers(0, 3))
def test_un_octet_change_n_est_jamais_qu_un_refus(place: int, octet: int, tronque: int) -> None:
    """Whatever a byte becomes, or how the file ends: the lot is read, or refused with its reason."""
    octets = (JUSTE[:place] + bytes([octet]) + JUSTE[place + 1 :])[: len(JUSTE) - tronque * 64]
    try:
        assert lire(octets).nombre == 1
    except Refus as refus:
        assert refus.message
