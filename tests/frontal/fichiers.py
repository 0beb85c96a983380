"""Small B2 files written by hand, zone by zone, so that their totals are known without any code under test."""

from __future__ import annotations

from typing import Any

from sesam_desktop.flux import zones

VARIANTE = "b2_ps_140"
PARTENAIRE = "990000003"
NIR, CLE = "1801975000001", "31"   # month 19 does not exist; key: 97 - 1801975000001 % 97, worked out apart
ADRESSAGE = {
    "type_emetteur": "TP",
    "numero_emetteur": "00000" + PARTENAIRE,
    "type_destinataire": "CT",
    "numero_destinataire": "00000001000422",
    "application": "TR",
    "identification_fichier": "AAAAAA",
}


def enregistrement(type: str, **valeurs: Any) -> bytes:
    return zones.exiger(VARIANTE, type).ecrire(valeurs)


def facture(
    numero: str = "000000001", honoraires: int = 1000, amo: int = 650, amc: int = 100, **fin: Any
) -> list[bytes]:
    """One act, one box. By hand: participation = honoraires - amo, left to pay = honoraires - amo - amc."""
    cles = {"numero_partenaire": PARTENAIRE, "nir_assure": NIR, "cle_nir_assure": CLE, "numero_facture": numero}
    niveau = fin.pop("niveau", "N")
    acte = {
        "prescripteur": "991111112", "executant": PARTENAIRE, "date_soins": "261102", "code_acte": "PH7",
        "quantite": 1, "coefficient": 100, "denombrement": 1, "prix_unitaire": honoraires, "base": honoraires,
        "taux": 65, "montant_amo": amo, "honoraires": honoraires, "montant_amc": amc,
    }
    return [
        enregistrement("2", **cles, rang_beneficiaire="001", regime="01", caisse="422", centre="0000",
                       justificatif_droits="4", nature_assurance="10", exoneration_facture="0",
                       date_naissance="801901", rang_naissance="1"),
        enregistrement("2S", **cles, rang_beneficiaire="001", parcours="T"),
        enregistrement("4", **cles, rang_beneficiaire="001", **acte),
        enregistrement("4S", **cles, sequence="01", accord_prealable="9"),
        enregistrement("4P", **cles, sequence="01", code_cip13="3400930000007", quantite=1, prix_unitaire=honoraires,
                       montant=honoraires),
        enregistrement("5", **cles, rang_beneficiaire="001", **{
            "nombre_enregistrements": 3, "total_honoraires_4": honoraires, "total_amo_4": amo, "total_amc_4": amc,
            "participation_assure": honoraires - amo, **fin}),
        enregistrement("5S", **cles, rang_beneficiaire="001", total_honoraires=honoraires, total_amo=amo,
                       total_amc=amc, reste_assure=honoraires - amo - amc, niveau=niveau),
    ]


def fichier(*factures: list[bytes], lot: str = "001", date: str = "261122", **fin_lot: Any) -> list[bytes]:
    """A file of one lot. Totals are read from the fixed positions of the type 5 records, not by the engine."""
    somme = {position: sum(int(f[-1][position : position + 8]) for f in factures) for position in (41, 49, 57)}
    corps = [octets for f in factures for octets in f]
    nombre = len(factures)
    totaux = {
        "nombre_factures": nombre, "nombre_lignes": nombre, "nombre_factures_2": nombre, "nombre_factures_3": nombre,
        "total_honoraires": somme[41], "total_amo": somme[49], "total_amc": somme[57], "numero_lot": lot, **fin_lot,
    }
    return [
        enregistrement("000", **ADRESSAGE, date_creation=date, norme="PS", version_format="B2", type_flux="D"),
        enregistrement("1", numero_partenaire=PARTENAIRE, organisme_destinataire="422", numero_lot=lot,
                       specialite="50", convention="1", nom_partenaire="PHARMACIE DURAND", origine_fichier="B2",
                       date_lot=date, norme="PS", version_norme="012026", unite_monetaire="U"),
        *corps,
        enregistrement("6", numero_partenaire=PARTENAIRE, **totaux),
        enregistrement("999", **ADRESSAGE, type_flux="D", nombre_enregistrements=len(corps) + 4, nombre_lots=1),
    ]
