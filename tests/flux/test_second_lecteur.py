"""A lot that the program makes, read by a reader that shares nothing with it: every zone of every record."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sesam_desktop.factures.enregistrements import de_facture
from sesam_desktop.factures.facture import (
    Destinataire,
    Executant,
    Facture,
    FactureTarifee,
    LigneSaisie,
    LigneTarifee,
    Niveau,
    OrganismeAmc,
    Patient,
    Prescription,
    Tarification,
    TiersPayant,
    Totaux,
)
from sesam_desktop.flux import b2

from . import second_lecteur
from .fabrique import EXEMPLE_CP

SOINS, PRESCRIT, LOT, CREE = date(2026, 3, 2), date(2026, 3, 1), date(2026, 3, 3), date(2026, 3, 4)
EXECUTANT = Executant("medecin", "01", "1", "24", "01", "72", "99900001", "1", "10001234565", "MARTIN", "ANNE")
PATIENT = Patient("1801999000001", "19801900", regime="01", caisse="721", centre="0001", cle="62", nom="DURAND",
                  nir_individuel="2801999000002", medecin_traitant_declare=True)
# 280 1999 000002: 2801999000002 = 97 × 28886587628 + 86 → key 11
AMC = OrganismeAmc("99000002", "ADHERENT1", "12")


def ligne(acte: str, montant: int, saisie: int, detail: str = "", quantite: int = 1, complement: str = "",
          qualificatif: str = "") -> LigneTarifee:
    """A line at 70 %, its other part paid by the insurer: amounts chosen so that both are whole."""
    amo = montant * 70 // 100
    return LigneTarifee(acte, acte, quantite, Decimal(1), montant // quantite, montant, montant, 7000, "4", amo,
                        montant - amo, 0, 0, (), SOINS, saisie, detail, complement, qualificatif)


SAISIES = (
    LigneSaisie("AMI", accord="4", accord_date=PRESCRIT),
    LigneSaisie("CCAM", activite="1", phase="2", modificateurs=("F", "U"), association="2", dents=("18", "55")),
    LigneSaisie("LPP"),
    LigneSaisie("MEDICAMENT", substitution="MTE", renouvellement=3, unites=18, unites_boite=30),
    LigneSaisie("BIOLOGIE"),
)
LIGNES = (
    ligne("AMI", 1000, 0, complement="N", qualificatif="E"),
    ligne("ATM", 2000, 1, "DEQP003"),
    ligne("DVO", 3000, 2, "1103570", quantite=2),
    ligne("PH7", 4000, 3, "3400930000007"),
    ligne("B", 5000, 4, "1104"),
)


@pytest.fixture(scope="module")
def lus() -> list[tuple[str, dict[str, str]]]:
    """150,00 € in five lines, 105,00 AMO and 45,00 AMC, in a lot of one invoice."""
    demande = Facture(
        SOINS, EXECUTANT, PATIENT, SAISIES, "at", "T", Prescription(PRESCRIT, "999000011", "01", "T"),
        TiersPayant(True, True), AMC, accident_numero="760312082",
    )
    tarification = Tarification(LIGNES, Totaux(15000, 15000, 10500, 4500, 0))
    destinataire = Destinataire("01", "721", "0001", "721", "001", "lot@exemple.invalid")
    ft = FactureTarifee("000000123", SOINS, demande, tarification, destinataire, Niveau.SECURISEE)
    emetteur = b2.Emetteur("999000011", "MARTIN ANNE", "01", "1", "24", "1", programme="ESSAI")
    fichier = b2.fichier(emetteur, b2.Recepteur("01", "721", "001"), b2.Lot("007", LOT), [de_facture(ft)], "ABC123",
                         CREE, "T", cryptage="O")
    octets = b2.ecrire(fichier)
    assert b2.verifier(octets) == []
    return second_lecteur.lire(octets)


BORNES = {
    "type_emetteur": "TP", "emetteur": "999000011", "programme": "ESSAI", "type_destinataire": "CT",
    "destinataire": "00000001001721", "application": "TR", "identification": "ABC123", "flux": "T",
}
CLES = {"partenaire": "999000011", "nir": "1801999000001", "cle_nir": "62", "facture": "123"}
SUITE = {**CLES, "sequence": "1"}


def acte(code: str, montant: str, amo: str, amc: str, prix: str = "", **autres: str) -> tuple[str, dict[str, str]]:
    """Record 4 of one line: the zones that every line of this invoice repeats, and its own."""
    commun = {
        **CLES, "type": "4", "prescripteur": "999000011", "origine": "T", "specialite_prescripteur": "01",
        "executant": "999000011", "zone_tarif": "24", "specialite_executant": "01", "soins": "260302", "quantite": "1",
        "coefficient": "100", "denombrement": "1", "taux": "70",
    }
    montants = {"acte": code, "prix": prix or montant, "base": montant, "honoraires": montant, "amo": amo, "amc": amc}
    return "4", {**commun, **montants, **autres}


def supplement(accord: str = "0", **autres: str) -> tuple[str, dict[str, str]]:
    conditions = {"condition_executant": "L", "condition_prescripteur": "L", "accord": accord}
    return "4S", {**SUITE, "type": "4", "complement": "S", **conditions, **autres}


IDENTITES = ("4E", {**SUITE, "type": "4", "complement": "E", "rpps_executant": "10001234565"})
ATTENDUS: list[tuple[str, dict[str, str]]] = [
    ("000", {**BORNES, "date": "260304", "norme": "PS", "version": "B2", "cryptage": "O", "longueur": "128"}),
    ("1", {
        "type": "1", "partenaire": "999000011", "organisme": "721", "lot": "007", "specialite": "01", "convention": "1",
        "zone_tarif": "24", "zone_ik": "1", "nom": "MARTIN ANNE", "origine": "B2", "date_lot": "260303", "norme": "PS",
        "version": "012026", "monnaie": "U",
    }),
    ("2", {
        **CLES, "type": "2", "operation": "1", "regime": "01", "caisse": "721", "centre": "0001", "justificatif": "4",
        "nature": "41", "exoneration": "4", "accident": "760312082", "naissance": "801900", "rang_naissance": "1",
        "contrat": "12", "complementaire": "0099000002",
    }),
    ("2S", {
        **CLES, "type": "2", "complement": "S", "sequence": "1", "nir_individuel": "2801999000002",
        "cle_individuelle": "11", "top_mt": "O", "parcours": "T",
    }),
    acte("AMI N", "1000", "700", "300", qualificatif="E"),
    supplement(accord="4", demande_accord="260301"),
    IDENTITES,
    acte("ATM", "2000", "1400", "600"),
    supplement(accord="9"),
    IDENTITES,
    ("4M", {
        **SUITE, "type": "4", "complement": "M", "ccam": "DEQP003", "activite": "1", "phase": "2",
        "modificateur_1": "F", "modificateur_2": "U", "association": "2", "seance": "260302", "dent_1": "18",
        "dent_2": "55",
    }),
    acte("DVO", "3000", "2100", "900", prix="1500", quantite="2", denombrement="2"),
    supplement(),
    IDENTITES,
    ("4F", {
        **SUITE, "type": "4", "complement": "F", "lpp": "1103570", "quantite": "2", "tarif": "1500", "montant": "3000",
    }),
    acte("PH7", "4000", "2800", "1200"),
    supplement(),
    IDENTITES,
    ("4P", {
        **SUITE, "type": "4", "complement": "P", "cip": "3400930000007", "quantite": "1", "prix": "4000",
        "montant": "4000", "substitution": "N", "motif": "T", "renouvellement": "3", "prescrit_le": "260301",
        "deconditionnement": "O", "unites": "0018", "unites_boite": "0030",
    }),
    acte("B", "5000", "3500", "1500"),
    supplement(),
    IDENTITES,
    ("4B", {
        **SUITE, "type": "4", "complement": "B", "date_1": "260302", "quantite_1": "1", "nabm_1": "1104",
    }),
    ("5", {
        **CLES, "type": "5", "enregistrements": "19", "honoraires_4": "15000", "amo_4": "10500",
        "participation": "4500", "amc_4": "4500",
    }),
    ("5S", {
        **SUITE, "type": "5", "complement": "S", "honoraires": "15000", "amo": "10500", "amc": "4500", "niveau": "S",
    }),
    ("6", {
        "type": "6", "partenaire": "999000011", "compteur_a": "1", "compteur_b": "5", "compteur_c": "1",
        "compteur_d": "1", "montant_1": "15000", "montant_2": "10500", "montant_3": "4500", "lot": "007",
    }),
    ("999", {**BORNES, "type": "999", "enregistrements": "27", "lots": "1"}),
]


def test_les_types_se_suivent(lus: list[tuple[str, dict[str, str]]]) -> None:
    assert [type_ for type_, _ in lus] == [type_ for type_, _ in ATTENDUS]
    assert {type_ for type_, _ in lus} == set(second_lecteur.RECORDS)


@pytest.mark.parametrize("rang", range(len(ATTENDUS)), ids=[f"{r + 1}-{t}" for r, (t, _) in enumerate(ATTENDUS)])
def test_chaque_zone(lus: list[tuple[str, dict[str, str]]], rang: int) -> None:
    type_, remplies = ATTENDUS[rang]
    assert lus[rang][1] == second_lecteur.complet(type_, remplies)


@pytest.mark.parametrize("type_", second_lecteur.RECORDS)
def test_le_second_lecteur_couvre_les_128_caracteres(type_: str) -> None:
    decoupees = second_lecteur.zones(type_)
    assert sum(longueur for _, longueur, _ in decoupees) == 128
    assert len({nom for nom, _, _ in decoupees}) == len(decoupees)


@pytest.mark.parametrize(
    ("type_", "nom", "position"),
    [("000", "longueur", 83), ("2", "nature", 77), ("2", "eclatement", 95), ("2S", "parcours", 121), ("4", "amo", 108),
     ("4", "honoraires", 115), ("4S", "domaine", 124), ("4M", "seance", 65), ("5", "participation", 74),
     ("6", "lot", 52), ("999", "enregistrements", 56)],
)
def test_ses_positions_sont_celles_de_la_norme(type_: str, nom: str, position: int) -> None:
    rangs = {}
    debut = 1
    for zone, longueur, _ in second_lecteur.zones(type_):
        rangs[zone] = debut
        debut += longueur
    assert rangs[nom] == position


def test_il_lit_aussi_l_exemple_publie() -> None:
    """Written by another hand than ours: the records that both variants share."""
    lus = {type_: lue for type_, lue in second_lecteur.lire(EXEMPLE_CP.read_bytes()) if type_ != "1"}
    assert lus["4"]["acte"] == "G    "
    assert (lus["4"]["honoraires"], lus["4"]["amo"], lus["5"]["participation"]) == ("0003000", "0002100", "00000900")
    assert lus["999"]["enregistrements"] == "00000009"
