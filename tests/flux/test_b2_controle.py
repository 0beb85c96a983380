"""The B2 checker: a right file passes, each fault is told where it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sesam_desktop.flux import b2, zones
from sesam_desktop.flux.anomalie import Anomalie, valide
from sesam_desktop.flux.table_zones import date_plausible

from .fabrique import EXEMPLE_CP, enregistrement, facture, fichier, fichier_dre


def verifier(enregistrements: list[b2.Enregistrement]) -> list[Anomalie]:
    return b2.verifier(b2.ecrire(enregistrements))


def codes(enregistrements: list[b2.Enregistrement]) -> set[str]:
    return {a.code for a in verifier(enregistrements)}


def modifier(rang: int, **valeurs: zones.Valeur) -> list[b2.Enregistrement]:
    """The right file with one record changed; `rang` starts at 0."""
    tous = fichier()
    tous[rang] = tous[rang].modifier(**valeurs)
    return tous


ENTETE, LOT, FACTURE, SUPPLEMENT, ACTE, ACTE_S, ACTE_E, ACTE_M, FIN, FIN_S, FIN_LOT, FIN_FICHIER = range(12)


def test_un_fichier_juste_n_a_aucune_anomalie() -> None:
    assert verifier(fichier()) == []


def test_l_exemple_publie_est_valide() -> None:
    anomalies = b2.verifier(EXEMPLE_CP.read_bytes())
    assert valide(anomalies)
    cles = [(3, "CLE_PARTENAIRE"), (5, "CLE_PRESCRIPTEUR"), (5, "CLE_EXECUTANT")]  # 999999990 fails Luhn
    assert [(a.ligne, a.code) for a in anomalies] == cles


def test_deux_factures() -> None:
    seconde = [e.modifier(numero_facture="000000124") for e in facture()]
    assert verifier(fichier(facture(), seconde)) == []


def test_numero_de_facture_repete() -> None:
    assert codes(fichier(facture(), facture())) == {"DOUBLON"}


@pytest.mark.parametrize(
    ("rang", "zone", "valeur", "code", "position"),
    [
        (FIN, "nombre_enregistrements", 3, "TOTAL_FACTURE", 39),
        (FIN, "total_honoraires_4", 1259, "TOTAL_FACTURE", 58),
        (FIN, "total_amo_4", 755, "TOTAL_FACTURE", 66),
        (FIN, "participation_assure", 0, "TOTAL_FACTURE", 74),
        (FIN, "total_amc_4", 0, "TOTAL_FACTURE", 90),
        (FIN, "total_base_3", 1, "TOTAL_FACTURE", 42),
        (FIN_S, "reste_assure", 1, "TOTAL_FACTURE", 66),
        (FIN_LOT, "nombre_factures", 2, "TOTAL_LOT", 11),
        (FIN_LOT, "nombre_lignes", 0, "TOTAL_LOT", 14),
        (FIN_LOT, "total_honoraires", 1, "TOTAL_LOT", 25),
        (FIN_LOT, "total_amo", 1, "TOTAL_LOT", 34),
        (FIN_LOT, "total_amc", 1, "TOTAL_LOT", 43),
        (FIN_LOT, "numero_lot", "008", "RUPTURE", 52),
        (FIN_FICHIER, "nombre_enregistrements", 11, "TOTAL_FICHIER", 56),
        (FIN_FICHIER, "nombre_lots", 2, "TOTAL_FICHIER", 83),
        (FIN_FICHIER, "identification_fichier", "ABC124", "RUPTURE", 50),
        (LOT, "organisme_destinataire", "722", "DESTINATAIRE", 17),
        (ACTE, "numero_facture", "000000124", "RUPTURE", 30),
        (FACTURE, "nature_assurance", "11", "VALEUR", 77),
        (FACTURE, "exoneration_facture", "8", "VALEUR", 79),
        (FACTURE, "exoneration_facture", "", "ABSENT", 79),
        (SUPPLEMENT, "parcours", "Z", "VALEUR", 121),
        (ACTE, "date_soins", "260230", "DATE", 70),
        (ACTE_M, "sequence", "00", "SEQUENCE", 37),
        (ACTE_M, "sequence", "27", "LIMITE", 37),
    ],
)
def test_faute_placee(rang: int, zone: str, valeur: zones.Valeur, code: str, position: int) -> None:
    anomalies = verifier(modifier(rang, **{zone: valeur}))
    assert (rang + 1, position, zone, code) in [(a.ligne, a.position, a.zone, a.code) for a in anomalies]
    assert not valide(anomalies)


def _dans_toute_la_facture(**valeurs: zones.Valeur) -> list[b2.Enregistrement]:
    return fichier([e.modifier(**valeurs) for e in facture()])


def test_cle_du_nir() -> None:
    assert codes(_dans_toute_la_facture(cle_nir_assure="61")) == {"CLE_NIR"}
    assert codes(_dans_toute_la_facture(nir_assure="COURT")) == {"CLE_NIR"}


def test_numero_de_facture_nul() -> None:
    assert codes(_dans_toute_la_facture(numero_facture="000000000")) == {"NUMERO_NUL"}


def test_cle_du_partenaire_ne_fait_qu_avertir() -> None:
    anomalies = verifier(_dans_toute_la_facture(numero_partenaire="999000019"))
    assert [a.code for a in anomalies] == ["CLE_PARTENAIRE"]
    assert valide(anomalies)


def test_caractere_hors_norme() -> None:
    tous = fichier()
    octets = tous[LOT].octets.replace(b"CABINET D ESSAI", b"Cabinet d'essai")
    tous[LOT] = replace(tous[LOT], octets=octets)
    assert [(a.zone, a.code) for a in verifier(tous)] == [("nom_partenaire", "CARACTERE")]


def test_zone_indecodable() -> None:
    tous = fichier()
    octets = bytearray(tous[ACTE].octets)
    octets[114] = ord("X")
    tous[ACTE] = replace(tous[ACTE], octets=bytes(octets))
    anomalies = verifier(tous)
    assert (5, 115, "honoraires", "CARACTERE") in [(a.ligne, a.position, a.zone, a.code) for a in anomalies]


def test_entete_de_facture_indecodable() -> None:
    tous = fichier()
    octets = bytearray(tous[FACTURE].octets)
    octets[1] = ord("X")
    tous[FACTURE] = replace(tous[FACTURE], octets=bytes(octets))
    assert codes(tous) == {"CARACTERE", "TOTAL_LOT"}


@pytest.mark.parametrize(
    ("retires", "ligne"),
    [
        ((ENTETE,), 1), ((LOT,), 2), ((SUPPLEMENT,), 4), ((ACTE_S,), 6), ((FIN, FIN_S), 9), ((FIN_S,), 10),
        ((FIN_LOT,), 11),
    ],
)
def test_enregistrement_manquant(retires: tuple[int, ...], ligne: int) -> None:
    tous = [e for rang, e in enumerate(fichier()) if rang not in retires]
    assert ligne in [a.ligne for a in verifier(tous) if a.code == "SEQUENCE"]


def test_fin_de_fichier_manquante() -> None:
    assert [(a.ligne, a.code) for a in verifier(fichier()[:-1])] == [(0, "SEQUENCE")]


def test_fichier_vide() -> None:
    assert [a.code for a in b2.verifier(b"")] == ["SEQUENCE"]


def test_enregistrement_apres_la_fin() -> None:
    tous = fichier()
    anomalies = verifier([*tous, tous[LOT]])
    assert (13, "SEQUENCE") in [(a.ligne, a.code) for a in anomalies]


def test_separateurs_signales_sans_invalider() -> None:
    anomalies = b2.verifier(b"\r\n".join(e.octets for e in fichier()))
    assert {a.code for a in anomalies} == {"SEPARATEUR"}
    assert len(anomalies) == 11
    assert valide(anomalies)


def test_enregistrement_tronque() -> None:
    anomalies = b2.verifier(b2.ecrire(fichier())[:-1])
    assert [(a.ligne, a.code) for a in anomalies] == [(12, "LONGUEUR"), (0, "SEQUENCE")]


def test_norme_inconnue_signalee() -> None:
    octets = b2.ecrire(fichier()).replace(b"PS  B2", b"ZZ  B2", 1)
    assert "NORME_INCONNUE" in {a.code for a in b2.verifier(octets)}
    assert "NORME_INCONNUE" not in {a.code for a in b2.verifier(octets, "b2_ps_140")}


def test_type_non_decrit_compte_dans_la_facture() -> None:
    inconnu = replace(enregistrement("4M", sequence="01"), type="4D")
    octets = bytearray(inconnu.octets)
    octets[35] = ord("D")
    avec = facture()
    avec.insert(5, replace(inconnu, octets=bytes(octets)))
    avec[7] = avec[7].modifier(nombre_enregistrements=5)
    anomalies = verifier(fichier(avec))
    assert [(a.ligne, a.code, a.avertissement) for a in anomalies] == [(8, "TYPE_INCONNU", True)]


def test_ce_qui_n_est_pas_un_enregistrement() -> None:
    anomalies = b2.verifier(b"<html>".ljust(128))
    assert anomalies[0].code == "TYPE_INCONNU"
    assert not valide(anomalies)


def test_parts_qui_depassent_le_montant() -> None:
    assert codes(modifier(ACTE, montant_amo=800)) >= {"PARTS"}


def test_part_complementaire_d_un_flux_eclate() -> None:
    eclatee = facture()
    eclatee[0] = eclatee[0].modifier(eclatement="F")
    assert codes(fichier(eclatee)) == {"ECLATEMENT"}
    sans_amc = facture(amc=0)
    sans_amc[0] = sans_amc[0].modifier(eclatement="F")
    assert verifier(fichier(sans_amc)) == []


def _avec_seances(*seances: tuple[str, str]) -> list[b2.Enregistrement]:
    commun = {"code_ccam": "DEQP003", "activite": "1", "phase": "0"}
    affines = [enregistrement("4M", **commun, sequence=s, date_seance=d) for s, d in seances]
    lignes = facture()
    lignes[5:6] = affines
    lignes[-2] = lignes[-2].modifier(nombre_enregistrements=3 + len(affines))
    return fichier(lignes)


def test_seances_en_ordre() -> None:
    assert verifier(_avec_seances(("01", "260301"), ("02", "260302"))) == []


def test_seances_en_desordre() -> None:
    assert [(a.ligne, a.zone, a.code) for a in verifier(_avec_seances(("01", "260302"), ("02", "260301")))] == [
        (9, "date_seance", "SEQUENCE")
    ]


def test_sequence_qui_ne_croit_pas() -> None:
    assert [(a.ligne, a.zone, a.code) for a in verifier(_avec_seances(("01", "260301"), ("01", "260301")))] == [
        (9, "sequence", "SEQUENCE")
    ]


def test_ligne_hospitaliere() -> None:
    """Sums by hand: 100,00 spent, 80,00 AMO, 10,00 AMC → 20,00 before the complementary insurer."""
    cp = "b2_cp_2005e"
    lus = list(b2.lire(EXEMPLE_CP.read_bytes()))
    cles = {c: lus[2].zones[c] for c in ("numero_partenaire", "nir_assure", "cle_nir_assure", "numero_facture")}
    trois = b2.Enregistrement.composer(
        cp, "3", {**cles, "code_acte": "FPU", "quantite": 1, "base": 10000, "montant_amo": 8000, "depense": 10000,
                  "montant_amc": 1000, "date_debut": "260110", "date_fin": "260110"},
    )
    cinq = b2.Enregistrement.composer(
        cp, "5", {**cles, "nombre_enregistrements": 1, "total_base_3": 10000, "total_amo_3": 8000,
                  "participation_assure": 2000, "total_amc_3": 1000, "total_depense_3": 10000},
    )
    six = lus[7].modifier(total_honoraires=10000, total_amo=8000)
    fin = lus[8].modifier(nombre_enregistrements=8)
    assert valide(verifier([*lus[:4], trois, cinq, six, fin]))


def test_le_nombre_d_anomalies_est_borne() -> None:
    anomalies = b2.verifier(b"x" * 128 * 2000)
    assert len(anomalies) == 501
    assert (anomalies[-1].code, anomalies[-1].ligne) == ("ARRET", 500)
    assert len(b2.verifier(b"x" * 128 * 2000, limite=3)) == 4


def test_une_erreur_loin_derriere_les_avertissements_est_vue() -> None:
    tous = modifier(FIN_LOT, total_amo=1)
    anomalies = b2.verifier(b"\n".join(e.octets for e in tous), limite=2)
    assert [(a.ligne, a.code) for a in anomalies] == [
        (2, "SEPARATEUR"), (3, "SEPARATEUR"), (11, "TOTAL_LOT"), (0, "SUITE"),
    ]
    assert "9 autre(s)" in anomalies[-1].message
    assert not valide(anomalies)


@pytest.mark.parametrize(
    ("texte", "plausible"),
    [("000000", True), ("", True), ("240229", True), ("260229", False), ("261301", False)],
)
def test_dates_plausibles(texte: str, plausible: bool) -> None:
    assert date_plausible(texte) is plausible


def test_une_demande_a_son_enregistrement_2d() -> None:
    assert verifier(fichier_dre()) == []
    sans = fichier_dre(facture())
    assert [(a.ligne, a.code) for a in verifier(sans)] == [(5, "SEQUENCE")]  # 2D awaited where the act stands
