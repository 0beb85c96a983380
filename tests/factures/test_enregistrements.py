"""From a priced invoice to B2: expected bytes written by hand from the layouts, rules of the published controls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.factures import enregistrements, ligne_b2
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
    Regle,
    Tarification,
    TiersPayant,
    Totaux,
)
from sesam_desktop.flux import b2
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.referentiels import tables

JOUR = date(2026, 3, 2)
EXECUTANT = Executant(
    "infirmier", "24", "1", "24", "01", "72", "99900001", "1", rpps="10001234565", nom="MARTIN", prenom="ANNE"
)
MEDECIN = replace(EXECUTANT, profession="medecin", specialite="01")
PATIENT = Patient("1801999000001", "19801900", caisse="721", centre="0000", cle="62", nom="DURAND")
PRESCRIPTION = Prescription(date(2026, 3, 1), "999000011", "01", "T")
AMI = LigneTarifee(
    acte="AMI", libelle="Soins", quantite=1, coefficient=Decimal(4), prix_unitaire_centimes=315, montant_centimes=1260,
    base_centimes=1260, taux=6000, exoneration="0", amo_centimes=756, amc_centimes=0, assure_centimes=504,
    depassement_centimes=0, regles=(), date=JOUR, saisie=0, complement="N",
)


def facture(*lignes: LigneTarifee, niveau: Niveau = Niveau.SECURISEE, **demande: Any) -> FactureTarifee:
    lignes = lignes or (AMI,)
    demandee = Facture(JOUR, EXECUTANT, PATIENT, (LigneSaisie("AMI"),), prescription=PRESCRIPTION)
    totaux = Totaux(
        sum(x.montant_centimes for x in lignes),
        sum(x.base_centimes for x in lignes),
        sum(x.amo_centimes for x in lignes),
        sum(x.amc_centimes for x in lignes),
        sum(x.assure_centimes for x in lignes),
    )
    destinataire = Destinataire("01", "721", "0000", "721", "001", "01721@721.01.rss.exemple")
    return FactureTarifee(
        "000000123", JOUR, replace(demandee, **demande), Tarification(lignes, totaux), destinataire, niveau
    )


def zones(ft: FactureTarifee, type_: str, rang: int = 0) -> dict[str, Any]:
    return [e.zones for e in enregistrements.de_facture(ft) if e.type == type_][rang]


CLES = b"9990000111"[:9] + b" 1801999000001" + b"62"


def test_facture_ecrite_a_la_main() -> None:
    """One AMI 4 N at 3,15 €: 12,60 € = 7,56 € AMO (60 %) + 5,04 € for the insured."""
    deux = (
        b"2" + CLES + b"000" + b"000000123" + b"1" + b"0" * 9 + b"01" + b"721" + b"0000" + b"4" + b"0" * 18 + b"10"
        + b"0" * 7 + b"0" * 9 + b" " + b"801900" + b"1" + b"0" * 14 + b"00" + b" " * 10
    )
    deux_s = (
        b"2" + CLES + b"000" + b"000000123" + b"S01" + b"0" * 6 + b"00" + b" " * 13 + b"00" + b" " * 6 + b" "
        + b" " * 40 + b"0" * 9 + b" " + b" " * 7
    )
    quatre = (
        b"4" + CLES + b"000" + b"000000123" + b"00" + b"000" + b"999000011" + b"T" + b" " + b"01" + b"999000011" + b"24"
        + b"24" + b"260302" + b"AMI N" + b"01" + b"000400" + b"01" + b"0000315" + b"0001260" + b"060" + b"0000756"
        + b"0001260" + b" " + b"000000"
    )
    quatre_s = (
        b"4" + CLES + b"000000123" + b"S01" + b"L" + b" " + b"0" * 7 + b"L" + b"0" * 6 + b"0" + b" " * 15 + b" "
        + b"0" * 28 + b" " + b"0" * 23 + b" " + b" " + b"  " + b" "
    )
    quatre_e = b"4" + CLES + b"000000123" + b"E01" + b"0" * 11 + b" " * 14 + b"10001234565" + b" " * 54
    cinq = (
        b"5" + CLES + b"000" + b"000000123" + b"003" + b"0" * 16 + b"00001260" + b"00000756" + b"00000504" + b"0" * 16
        + b" " * 17 + b"0" * 8 + b" " * 6
    )
    cinq_s = (
        b"5" + CLES + b"000" + b"000000123" + b"S01" + b"00001260" + b"00000756" + b"00000000" + b"00000504" + b"S"
        + b" " * 54
    )
    attendus = [deux, deux_s, quatre, quatre_s, quatre_e, cinq, cinq_s]
    assert [e.octets for e in enregistrements.de_facture(facture())] == attendus
    assert enregistrements.octets_canoniques(facture()) == b"".join(attendus)


def test_le_fichier_qui_en_sort_passe_le_controle() -> None:
    lot = b2.fichier(
        b2.Emetteur("999000011", "MARTIN ANNE", "24"), b2.Recepteur("01", "721", "001"), b2.Lot("001", JOUR),
        [enregistrements.de_facture(facture(AMI, replace(AMI, acte="IFA", amc_centimes=504)))], "ABC123", JOUR,
    )
    assert b2.verifier(b2.ecrire(lot)) == []


def test_sans_rpps_pas_de_4e() -> None:
    ft = facture(executant=replace(EXECUTANT, rpps=""))
    assert [e.type for e in enregistrements.de_facture(ft)] == ["2", "2S", "4", "4S", "5", "5S"]


def test_prescripteur_connu_par_son_rpps() -> None:
    ft = facture(prescription=replace(PRESCRIPTION, prescripteur="10001234565"))
    assert zones(ft, "4")["prescripteur"] == "000000000"
    assert zones(ft, "4E")["rpps_prescripteur"] == "10001234565"


def test_sans_prescription() -> None:
    z = zones(facture(prescription=None), "4")
    assert (z["prescripteur"], z["origine_prescription"], z["specialite_prescripteur"]) == ("000000000", "", "00")


@pytest.mark.parametrize(
    ("regime", "codes", "sur_facture", "sur_lignes"),
    [
        ("01", "00", "0", ["", ""]),
        ("01", "44", "4", ["", ""]),
        ("01", "40", "0", ["4", "0"]),
        ("07", "44", "4", ["0", "0"]),
        ("07", "46", "6", ["4", "0"]),
        ("07", "66", "6", ["0", "0"]),
    ],
)
def test_exoneration_de_facture_ou_de_ligne(regime: str, codes: str, sur_facture: str, sur_lignes: list[str]) -> None:
    lignes = [replace(AMI, exoneration=code) for code in codes]
    ft = facture(*lignes, beneficiaire=replace(PATIENT, regime=regime))
    assert zones(ft, "2")["exoneration_facture"] == sur_facture
    assert [zones(ft, "4", i)["exoneration"] for i in range(2)] == sur_lignes


@pytest.mark.parametrize(
    ("codes", "particularites", "sur_facture", "sur_lignes"),
    [
        ("CC", (), "C", ["C", "C"]),           # the threshold keeps its code on the lines (annex A1)
        ("C0", (), "0", ["C", "0"]),
        ("1", (), "1", ["1"]),
        ("C4", (), "0", ["C", "4"]),
        ("CC", ("ASPA",), "9", ["C", "C"]),
        ("C9", (), "9", ["C", "0"]),
        ("C94", ("ASPA",), "9", ["C", "0", "4"]),
        ("99", ("ASPA",), "9", ["", ""]),
        ("90", ("ASPA",), "0", ["9", "0"]),
        ("55", ("PENSION_MILITAIRE",), "5", ["", ""]),
    ],
)
def test_exoneration_de_seuil_et_aspa(
    codes: str, particularites: tuple[str, ...], sur_facture: str, sur_lignes: list[str]
) -> None:
    lignes = [replace(AMI, exoneration=code) for code in codes]
    ft = facture(*lignes, beneficiaire=replace(PATIENT, particularites=particularites))
    assert zones(ft, "2")["exoneration_facture"] == sur_facture
    assert [zones(ft, "4", i)["exoneration"] for i in range(len(codes))] == sur_lignes


@pytest.mark.parametrize("lettre", ["A", "R", "L", ""])
def test_participation_de_l_assure(lettre: str) -> None:
    regles = (Regle(f"PARTICIPATION_{lettre}", "Participation", "essai", "1"),) if lettre else ()
    assert zones(facture(replace(AMI, regles=regles)), "4S")["participation"] == lettre


@pytest.mark.parametrize(
    ("champs", "attendue"),
    [
        ({}, "000000000"),
        ({"nature_assurance": "at", "accident_numero": "123456782", "accident_date": JOUR}, "123456782"),
        ({"nature_assurance": "at", "accident_date": JOUR}, "000260302"),
        ({"accident_date": date(2026, 2, 28)}, "000260228"),          # common-law accident
    ],
)
def test_zone_accident(champs: dict[str, Any], attendue: str) -> None:
    octets = next(e.octets for e in enregistrements.de_facture(facture(**champs)) if e.type == "2")
    assert octets[85:94] == attendue.encode()


def test_l_ame_nomme_son_organisme() -> None:
    ligne = replace(AMI, taux=0, amo_centimes=0, amc_centimes=1260, assure_centimes=0, qualificatif="N")
    z = zones(facture(ligne, beneficiaire=replace(PATIENT, particularites=("AME",))), "2")
    assert (str(z["type_contrat"]).zfill(2), z["numero_complementaire"]) == ("00", "0075500017")


REGIME_LOCAL = Regle("REGIME_LOCAL", "Régime local", "essai", "1")


@pytest.mark.parametrize(
    ("nature", "regles", "code"),
    [
        ("maladie", (), "10"),
        ("maladie", (REGIME_LOCAL,), "13"),
        ("maternite", (), "30"),
        ("at", (REGIME_LOCAL,), "41"),
        ("prevention", (), "90"),
    ],
)
def test_nature_d_assurance(nature: str, regles: tuple[Regle, ...], code: str) -> None:
    ft = facture(AMI, replace(AMI, regles=regles), nature_assurance=nature)
    assert zones(ft, "2")["nature_assurance"] == code


@pytest.mark.parametrize(
    ("parcours", "declare", "top"),
    [
        ("T", False, "O"),
        ("M", False, "O"),
        ("D", True, "O"),
        ("H", False, "N"),
        ("S", True, "N"),
        ("U", True, ""),
        ("", True, ""),
    ],
)
def test_top_medecin_traitant(parcours: str, declare: bool, top: str) -> None:
    ft = facture(
        parcours=parcours, executant=MEDECIN, beneficiaire=replace(PATIENT, medecin_traitant_declare=declare)
    )
    z = zones(ft, "2S")
    assert (z["parcours"], z["top_medecin_traitant"]) == (parcours, top)


@pytest.mark.parametrize(
    ("executant", "patient"),
    [
        (EXECUTANT, {}),
        (MEDECIN, {"date_naissance": "20100303"}),
        (MEDECIN, {"caisse": "976"}),
    ],
    ids=["infirmier", "quinze ans", "Mayotte"],
)
def test_le_parcours_reste_a_blanc_pour_qui_n_est_pas_concerne(executant: Executant, patient: dict[str, str]) -> None:
    """RG_CF640: not for a professional who is no doctor, under sixteen, at Mayotte."""
    z = zones(facture(parcours="S", executant=executant, beneficiaire=replace(PATIENT, **patient)), "2S")
    assert (z["parcours"], z["top_medecin_traitant"]) == ("", "")


def test_le_parcours_commence_le_jour_des_seize_ans() -> None:
    patient = replace(PATIENT, date_naissance="20100302")
    assert zones(facture(parcours="S", executant=MEDECIN, beneficiaire=patient), "2S")["parcours"] == "S"


@pytest.mark.parametrize(("amo", "destinataire"), [(True, "00"), (False, "01")])
def test_destinataire_du_reglement(amo: bool, destinataire: str) -> None:
    assert zones(facture(tiers_payant=TiersPayant(amo=amo)), "2S")["destinataire_reglement"] == destinataire


@pytest.mark.parametrize(("niveau", "justificatif"), [("S", "4"), ("V", "1"), ("D", "1"), ("N", "1")])
def test_niveau_et_justificatif(niveau: str, justificatif: str) -> None:
    ft = facture(niveau=Niveau(niveau))
    assert (zones(ft, "2")["justificatif_droits"], zones(ft, "5S")["niveau"]) == (justificatif, niveau)


AVEC_AMC = replace(AMI, amc_centimes=504, assure_centimes=0)
TP_AMC = TiersPayant(amo=True, amc=True)


def test_complementaire_en_gestion_unique() -> None:
    ft = facture(AVEC_AMC, tiers_payant=TP_AMC, amc=OrganismeAmc("12345678", type_contrat="01"))
    z = zones(ft, "2")
    assert (z["eclatement"], z["type_contrat"], z["numero_complementaire"]) == ("", "01", "0012345678")
    assert zones(ft, "4")["montant_amc"] == 504
    assert (zones(ft, "5")["total_amc_4"], zones(ft, "5S")["reste_assure"]) == (504, 0)


def test_flux_eclates() -> None:
    """Flag F: every AMC zone is 0, the patient's share before the complementary insurer does not change."""
    ft = facture(AVEC_AMC, tiers_payant=TP_AMC, amc=OrganismeAmc("12345678", gestion="separee"))
    assert (zones(ft, "2")["eclatement"], zones(ft, "4")["montant_amc"]) == ("F", 0)
    assert (zones(ft, "5")["total_amc_4"], zones(ft, "5")["participation_assure"]) == (0, 504)
    assert (zones(ft, "5S")["total_amc"], zones(ft, "5S")["reste_assure"]) == (0, 504)


def test_c2s_en_gestion_unique() -> None:
    z = zones(facture(AVEC_AMC, beneficiaire=replace(PATIENT, c2s=True)), "2")
    assert (z["type_contrat"], z["numero_complementaire"]) == ("89", "0099999997")


def test_la_c2s_geree_par_un_organisme_part_en_un_seul_flux_sous_son_numero() -> None:
    """RG_BS720: 88888888 when a complementary insurer manages the C2S apart."""
    ft = facture(
        AVEC_AMC, beneficiaire=replace(PATIENT, c2s=True), tiers_payant=TP_AMC,
        amc=OrganismeAmc("12345678", gestion="separee"),
    )
    assert (zones(ft, "2")["eclatement"], zones(ft, "4")["montant_amc"]) == ("", 504)
    assert (zones(ft, "2")["type_contrat"], zones(ft, "2")["numero_complementaire"]) == ("89", "0088888888")


def test_sans_tiers_payant_complementaire() -> None:
    z = zones(facture(amc=OrganismeAmc("12345678")), "2")
    assert (z["type_contrat"], z["numero_complementaire"]) == ("00", "")


def test_beneficiaire_distinct_et_centres() -> None:
    patient = replace(
        PATIENT, regime="96", caisse="196", centre="123", rang=2, nir_individuel="2801999000001", cle_individuelle=""
    )
    ft = facture(beneficiaire=patient)
    assert (zones(ft, "2")["centre"], zones(ft, "2")["rang_beneficiaire"], zones(ft, "2")["rang_naissance"]) == (
        "1230", "002", "2",
    )
    assert zones(ft, "2S")["nir_individuel"] == "2801999000001"
    assert zones(ft, "2S")["cle_nir_individuel"] == f"{97 - 2801999000001 % 97:02d}"


def test_cle_du_nir_calculee_quand_elle_manque() -> None:
    assert zones(facture(beneficiaire=replace(PATIENT, cle="")), "2")["cle_nir_assure"] == "62"


def test_finess_corse() -> None:
    ft = facture(executant=replace(EXECUTANT, numero_facturation="2A000268", cle="9"))
    assert zones(ft, "4")["executant"] == "200102689"


BOITE = replace(AMI, acte="PH7", complement="", coefficient=Decimal(1), quantite=2, prix_unitaire_centimes=630,
                detail="3400930000007")


def test_medicament_en_4p() -> None:
    saisies = (LigneSaisie("MEDICAMENT", substitution="MTE"),)
    ft = facture(BOITE, replace(BOITE, acte="HD7", detail=""), lignes=saisies)
    assert [e.type for e in enregistrements.de_facture(ft)] == [
        "2", "2S", "4", "4S", "4E", "4P", "4", "4S", "4E", "5", "5S",
    ]
    z = zones(ft, "4P")
    assert (z["code_cip13"], z["quantite"], z["prix_unitaire"], z["montant"]) == ("3400930000007", 2, 630, 1260)
    assert (z["substitution"], z["motif_non_substitution"], z["date_prescription"]) == ("N", "T", "260301")
    assert (z["renouvellement"], z["base_tfr"], z["top_deconditionnement"]) == ("00", 0, "")


def test_unites_et_renouvellement_en_4p() -> None:
    """Eighteen tablets of a box of thirty, third renewal; the price is that of the units."""
    saisies = (LigneSaisie("MEDICAMENT", unites=18, unites_boite=30, renouvellement=3),)
    z = zones(facture(replace(BOITE, quantite=1, prix_unitaire_centimes=1260), lignes=saisies), "4P")
    assert (z["top_deconditionnement"], z["unites"], z["unites_boite"]) == ("O", "0018", "0030")
    assert (z["renouvellement"], z["quantite"], z["prix_unitaire"]) == ("03", 1, 1260)


def test_base_d_un_generique_refuse_en_4p() -> None:
    """Two boxes at 6,30 whose base is 5,00 each."""
    z = zones(facture(replace(BOITE, base_centimes=1000), lignes=(LigneSaisie("MEDICAMENT", substitution="6"),)), "4P")
    assert (z["prix_unitaire"], z["montant"], z["base_tfr"]) == (630, 1260, 500)


@pytest.mark.parametrize(
    ("code", "lettres"),
    [
        (None, ("", "")), ("0", ("", "")), ("1", ("O", "U")), ("2", ("O", "G")), ("3", ("O", "M")), ("5", ("O", "D")),
        ("6", ("N", "R")), ("NS", ("N", "S")), ("MTEPH", ("N", "P")), ("MTE", ("N", "T")), ("EFG", ("N", "E")),
        ("CIF", ("N", "C")),
    ],
)
def test_substitution(code: str | None, lettres: tuple[str, str]) -> None:
    z = zones(facture(BOITE, lignes=(LigneSaisie("MEDICAMENT", substitution=code),)), "4P")
    assert (z["substitution"], z["motif_non_substitution"]) == lettres


def test_chaque_code_de_substitution_tarife_a_son_ecriture() -> None:
    assert {ligne["code"] for ligne in tables.charger("substitutions").lignes(JOUR)} <= set(ligne_b2.substitutions())


def test_lpp_en_4f() -> None:
    ft = facture(replace(AMI, acte="DVO", complement="", detail="1100028"))
    z = zones(ft, "4F")
    assert (z["code_lpp"], z["quantite"], z["tarif_reference"], z["montant_facture"]) == ("1100028", 1, 315, 1260)


def test_ccam_en_4m() -> None:
    saisie = LigneSaisie("CCAM", code="DEQP003", activite="1", phase="0", modificateurs=("M", "K"), association="2")
    z = zones(facture(replace(AMI, acte="ATM", complement="", detail="DEQP003"), lignes=(saisie,)), "4M")
    assert (z["code_ccam"], z["activite"], z["phase"], z["association"]) == ("DEQP003", "1", "0", "2")
    assert (z["modificateur_1"], z["modificateur_2"], z["modificateur_3"]) == ("M", "K", "")
    assert z["date_seance"] == "260302"


def test_ccam_dentaire_en_4m() -> None:
    saisie = LigneSaisie("CCAM", code="HBGD043", dents=("16", "26"))
    z = zones(facture(replace(AMI, acte="ASC", complement="", detail="HBGD043"), lignes=(saisie,)), "4M")
    assert (z["activite"], z["phase"], z["association"]) == ("1", "0", "")
    assert (z["dent_1"], z["dent_2"], z["dent_3"], z["dent_16"]) == ("16", "26", "", "")


@pytest.mark.parametrize(
    ("saisie", "attendus"),
    [
        (LigneSaisie("CCAM", accord="4", accord_date=date(2026, 2, 1)), ("4", "260201")),
        (LigneSaisie("CCAM", accord="5"), ("5", "000000")),
        (LigneSaisie("CCAM"), ("9", "000000")),
    ],
)
def test_accord_prealable_en_4s(saisie: LigneSaisie, attendus: tuple[str, str]) -> None:
    z = zones(facture(replace(AMI, acte="ADC", complement="", detail="GAMA003"), lignes=(saisie,)), "4S")
    assert (z["accord_prealable"], z["date_accord_prealable"]) == attendus


def test_les_autres_lignes_gardent_leur_ecriture() -> None:
    assert zones(facture(AMI), "4S")["accord_prealable"] == "0"


def _ligne(**valeurs: Any) -> Callable[[], FactureTarifee]:
    return lambda: facture(replace(AMI, **valeurs))


@pytest.mark.parametrize(
    ("impossible", "code"),
    [
        (_ligne(quantite=100), "HORS_FORMAT"),
        (_ligne(montant_centimes=10_000_000), "HORS_FORMAT"),
        (_ligne(amc_centimes=1_000_000), "HORS_FORMAT"),
        (_ligne(amo_centimes=-1), "HORS_FORMAT"),
        (_ligne(coefficient=Decimal("1.234")), "HORS_FORMAT"),
        (_ligne(coefficient=Decimal(10_000)), "HORS_FORMAT"),
        (_ligne(taux=6550), "HORS_FORMAT"),
        (_ligne(acte="MEDICAMENT"), "HORS_FORMAT"),
        (_ligne(complement="NF"), "HORS_FORMAT"),
        (_ligne(detail="123"), "CODE_DETAIL"),
        (lambda: facture(*[AMI] * 400), "HORS_FORMAT"),
        (lambda: facture(executant=replace(EXECUTANT, cle="")), "EXECUTANT_SANS_NUMERO"),
        (lambda: facture(beneficiaire=replace(PATIENT, caisse="72A")), "HORS_FORMAT"),
        (lambda: facture(BOITE, lignes=(LigneSaisie("MEDICAMENT", substitution="ZZZ"),)), "SUBSTITUTION"),
        (lambda: replace(facture(), tarification=Tarification((), Totaux(0, 0, 0, 0, 0))), "FACTURE_VIDE"),
        (lambda: facture(replace(AMI, acte="ATM", detail="DEQP003"),
                         lignes=(LigneSaisie("CCAM", modificateurs=tuple("ABCDE")),)), "HORS_FORMAT"),
        (lambda: facture(nature_assurance="autre"), "HORS_TABLE"),
        (lambda: facture(replace(AMI, acte="ASC", detail="HBGD201"), lignes=(LigneSaisie("CCAM", dents=("11",) * 17),)),
         "HORS_FORMAT"),
        (lambda: facture(beneficiaire=replace(PATIENT, nir="1-80-19-99-001")), "NIR_INVALIDE"),
    ],
    ids=range(19),
)
def test_ce_qui_ne_tient_pas_est_refuse(impossible: Callable[[], FactureTarifee], code: str) -> None:
    with pytest.raises(ErreurConnue) as refus:
        enregistrements.de_facture(impossible())
    assert refus.value.code == code


def test_le_refus_nomme_la_ligne_a_partager() -> None:
    with pytest.raises(EntreeInvalide) as refus:
        enregistrements.de_facture(facture(AMI, replace(AMI, quantite=100, saisie=1)))
    assert refus.value.ou == "lignes[1]"
    assert "Partagez" in refus.value.action


@given(
    montants=st.lists(st.tuples(st.integers(0, 99_999), st.integers(0, 99_999), st.integers(0, 99_999)), min_size=1,
                      max_size=8),
    eclatee=st.booleans(),
)
def test_toute_facture_ecrite_passe_le_controle(montants: list[tuple[int, int, int]], eclatee: bool) -> None:
    lignes = [
        replace(AMI, amo_centimes=amo, amc_centimes=amc, assure_centimes=reste, montant_centimes=amo + amc + reste)
        for amo, amc, reste in montants
    ]
    amc = OrganismeAmc("12345678", gestion="separee" if eclatee else "unique")
    ecrits = enregistrements.de_facture(facture(*lignes, tiers_payant=TP_AMC, amc=amc))
    lot = b2.fichier(
        b2.Emetteur("999000011", "MARTIN"), b2.Recepteur("01", "721", "001"), b2.Lot("001", JOUR), [ecrits], "A", JOUR
    )
    assert b2.verifier(b2.ecrire(lot)) == []


@pytest.mark.parametrize(
    ("impossible", "mots"),
    [
        (_ligne(quantite=100), "La ligne 1 (AMI) ne tient pas dans un enregistrement B2 : « Quantité ». Partagez"),
        (lambda: facture(*[AMI] * 400), "La zone « Nb d'enregistrements 3x et 4x » de la facture"),
        (lambda: facture(beneficiaire=replace(PATIENT, caisse="72A")), "La zone « Caisse gestionnaire » de la facture"),
    ],
)
def test_le_refus_nomme_la_zone_comme_les_gens(impossible: Callable[[], FactureTarifee], mots: str) -> None:
    with pytest.raises(EntreeInvalide) as refus:
        enregistrements.de_facture(impossible())
    assert mots in refus.value.phrase()
