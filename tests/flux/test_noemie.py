"""NOEMIE: an entity written by hand, a return read into values, totals checked, fuzz."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.flux import noemie
from sesam_desktop.flux.anomalie import valide
from sesam_desktop.flux.enregistrement import Enregistrement, assembler
from sesam_desktop.noyau.erreurs import FormatInvalide
from tests.outils.exemples import exemples

from .fabrique import ENTETE, corps_noemie

# By hand, from the published positions of entities 102, 198 and 294.
E102 = b"10204" + b"000000123" + b"      " + b"007" + b"260303" + b"F" + b"000000" + b" " + b"  " + b"@"
E198 = b"19805" + b"00000756" + b"P" + b"00000756" + b"P" + b"@"
E294 = (
    b"29405" + b"0009" + b"ALD INCONNUE".ljust(86) + b"F" + b"O" + b"     " + b"000000" + b"000000000" + b"000" + b"00"
    + b" " * 30 + b"@"
)


def retour() -> bytes:
    return noemie.composer(ENTETE, corps_noemie())


def test_entites_ecrites_comme_a_la_main() -> None:
    corps = corps_noemie()
    assert (corps[2].octets, corps[4].octets, corps[7].octets) == (E102, E198, E294)


def test_lecture_des_factures() -> None:
    lu = noemie.lire(retour())
    payee, rejetee, differee = lu.factures
    assert (payee.numero, payee.lot, payee.date_lot, payee.type) == ("000000123", "007", date(2026, 3, 3), "F")
    assert payee.date_paiement == date(2026, 3, 10)
    assert (payee.etat_amo, payee.demande_amo, payee.paye_amo) == ("P", 756, 756)
    assert (payee.etat_amc, payee.demande_amc, payee.paye_amc, payee.numero_amc) == ("R", 504, 0, "0099999997")
    assert (rejetee.numero, rejetee.etat_amo, rejetee.paye_amo) == ("000000124", "R", 0)
    assert (differee.etat_amo, differee.demande_amo) == ("D", 300)


def test_la_forme_courte_prend_le_lot_ouvert() -> None:
    rejetee = noemie.lire(retour()).factures[1]
    assert (rejetee.lot, rejetee.date_lot) == ("007", date(2026, 3, 3))


def test_rejets_et_signalements_selon_l_etat_de_leur_part() -> None:
    payee, rejetee, _ = noemie.lire(retour()).factures
    assert [(m.code, m.part) for m in payee.signalements] == [("0009", "O")]
    assert [(m.code, m.part, m.niveau, m.ligne) for m in payee.rejets] == [("0450", "C", "L", 1)]
    assert [(m.code, m.libelle, m.ligne) for m in rejetee.rejets] == [("0816", "DROITS FERMES", 2)]
    assert rejetee.signalements == ()


def _motifs(etat_amo: str, etat_amc: str, parts: str) -> tuple[str, str]:
    """Parts of the rejections, parts of the remarks, of an invoice with these states and motives."""
    corps = [
        noemie.entite("080", date_lot="260303", numero_lot="007"),
        noemie.entite("102", numero_facture="000000001", type_facture="F"),
        noemie.entite("198", montant_demande=756, etat=etat_amo, montant_paye=0, signe="P"),
        noemie.entite("199", montant_demande=504, etat=etat_amc, montant_paye=0, signe="P", numero_amc="0099999997"),
        *(noemie.entite("294", code_rejet="0009", libelle="X", niveau_rejet="F", part=part) for part in parts),
    ]
    (facture,) = noemie.lire(noemie.composer(ENTETE, corps)).factures
    return "".join(m.part for m in facture.rejets), "".join(m.part for m in facture.signalements)


@pytest.mark.parametrize(
    ("etats", "parts", "rejets", "signalements"),
    [
        ("PR", "O", "O", ""),     # O: obligatoire, ou les deux
        ("PR", "OO", "OO", ""),
        ("PR", "OC", "C", "O"),   # the AMC part has its own reason: the other is a remark on what is paid
        ("PR", "", "", ""),
        ("RP", "OC", "O", "C"),
        ("RR", "O", "O", ""),
        ("RR", "OC", "OC", ""),
        ("PP", "OC", "", "OC"),
        ("D ", "O", "", "O"),
    ],
)
def test_la_part_o_dit_obligatoire_ou_les_deux(etats: str, parts: str, rejets: str, signalements: str) -> None:
    assert _motifs(etats[0], etats[1].strip(), parts) == (rejets, signalements)


def test_lignes_payees() -> None:
    (ligne,) = noemie.lire(retour()).factures[0].lignes
    assert (ligne.nature, ligne.quantite, ligne.base_centimes, ligne.taux) == ("AMI", 1, 1260, 60)
    assert (ligne.rembourse_centimes, ligne.depense_centimes, ligne.date_soins) == (756, 1260, date(2026, 3, 2))


def test_journee_lot_retenue_forfait_total() -> None:
    lu = noemie.lire(retour())
    assert lu.reference == "0908"
    assert lu.journees == (noemie.Journee(date(2026, 3, 10), "VIREMENT 1", "CPAM 721", virement=True),)
    assert lu.lots == (noemie.LotRetour("007", date(2026, 3, 3)),)
    (retenue,) = lu.retenues
    assert (retenue.reference, retenue.nature, retenue.recuperation) == ("DETTE1", "IND", "RPR")
    assert (retenue.montant_centimes, retenue.solde_centimes, retenue.date) == (-200, 0, None)
    assert (retenue.facture, retenue.virement, retenue.organisme_payeur) == ("000000125", 0, "CPAM 721")
    assert lu.forfaits == (noemie.Forfait("00042", 5000, virement=0, organisme_payeur="CPAM 721"),)
    assert lu.total_centimes == 756 - 200 + 5000


def test_total_negatif() -> None:
    corps = [noemie.entite("250", numero_ligne="01", reference_dette="D", nature_dette="IND",
                            nature_recuperation="RPR", montant=300, signe="N")]
    octets = noemie.composer(ENTETE, corps)
    assert noemie.lire(octets).total_centimes == -300
    assert noemie.verifier(octets) == []


def test_journee_simple() -> None:
    corps = [noemie.entite("070", date_comptable="260310")]
    assert noemie.lire(noemie.composer(ENTETE, corps)).journees == (noemie.Journee(date(2026, 3, 10)),)


def test_entites_de_controle() -> None:
    """One 990 for the lot, one for the day; by hand: 14 entities after the 080, 15 after the 071, 5 556 centimes."""
    tous = noemie.fichier(ENTETE, corps_noemie())
    lot, journee = (e.zones for e in tous if e.type == "990")
    assert (lot["niveau_clos"], lot["nombre_entites"], lot["cumul"], lot["signe"]) == ("080", 14, 5556, "P")
    assert (journee["niveau_clos"], journee["nombre_entites"], journee["cumul"]) == ("071", 15, 5556)
    assert tous[-1].zones["nombre_enregistrements"] == len(corps_noemie()) + 4


def test_deux_lots_deux_controles() -> None:
    lots = [noemie.entite("080", date_lot="260303", numero_lot=n) for n in ("001", "002")]
    types = [e.type for e in noemie.fichier(ENTETE, lots)]
    assert types == ["000", "080", "990", "080", "990", "999"]
    assert noemie.verifier(noemie.composer(ENTETE, lots)) == []


def test_un_retour_juste_n_a_aucune_anomalie() -> None:
    assert noemie.verifier(retour()) == []


def test_entite_inconnue_sautee() -> None:
    tous = noemie.fichier(ENTETE, corps_noemie())
    inconnue = Enregistrement("777", b"77701ZONE INCONNUE@", "noemie")
    octets = assembler([*tous[:3], inconnue, *tous[3:]])
    assert noemie.lire(octets).factures == noemie.lire(retour()).factures
    anomalies = noemie.verifier(octets)
    assert "TYPE_INCONNU" in {a.code for a in anomalies}
    assert {a.code for a in anomalies if not a.avertissement} == {"TOTAL"}


def test_fins_de_ligne_entre_entites() -> None:
    octets = b"\r\n".join(e.octets for e in noemie.fichier(ENTETE, corps_noemie())) + b"\r\n"
    assert noemie.lire(octets) == noemie.lire(retour())


def test_signe_et_montant_laisses_a_blanc() -> None:
    octets = retour().replace(E198, b"19805" + b"00000756" + b" " + b"        " + b"P@")
    payee = noemie.lire(octets).factures[0]
    assert (payee.etat_amo, payee.paye_amo) == ("", 0)


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "ENTETE_ABSENT"),
        (b"102" + b" " * 200, "ENTETE_ABSENT"),
        (b"000" + b" " * 20, "LONGUEUR"),
        (retour()[:-1], "LONGUEUR"),
        (retour()[:-128], "TRONQUE"),
        (retour() + b"080@", "SEQUENCE"),
        (retour()[:128] * 2, "ENTITE"),
        (retour()[:128] + b"abc@", "ENTITE"),
        (retour()[:128] + b"10", "ENTITE"),
        (retour()[:128] + b"198 sans fin", "LONGUEUR"),
        (retour()[:128] + E102[:-4] + b"@" + retour()[-128:], "LONGUEUR"),
        (retour()[:128] + E198 + retour()[-128:], "SEQUENCE"),
        (b"000" + b" " * 16_000_000, "TROP_GROS"),
        (retour()[:128] + b"777@" * 200_001, "TROP_GROS"),
    ],
    ids=range(14),
)
def test_retour_malforme_refuse(octets: bytes, code: str) -> None:
    with pytest.raises(FormatInvalide) as refus:
        noemie.lire(octets)
    assert refus.value.code == code


def _change(type_: str, **valeurs: str | int) -> bytes:
    tous = noemie.fichier(ENTETE, corps_noemie())
    rang = next(i for i, e in enumerate(tous) if e.type == type_)
    tous[rang] = tous[rang].modifier(**valeurs)
    return assembler(tous)


@pytest.mark.parametrize(
    ("type_", "zone", "valeur", "code"),
    [
        ("990", "nombre_entites", 13, "TOTAL"),
        ("990", "cumul", 5555, "TOTAL"),
        ("999", "nombre_enregistrements", 3, "TOTAL"),
        ("999", "nombre_lots", 2, "TOTAL"),
        ("999", "cumul", 0, "TOTAL"),
        ("198", "etat", "Z", "VALEUR"),
        ("294", "niveau_rejet", "X", "VALEUR"),
        ("080", "date_lot", "261399", "DATE"),
        ("000", "longueur_enregistrement", "127", "VALEUR"),
    ],
)
def test_faute_signalee(type_: str, zone: str, valeur: str | int, code: str) -> None:
    anomalies = noemie.verifier(_change(type_, **{zone: valeur}))
    assert (zone, code) in [(a.zone, a.code) for a in anomalies]
    assert not valide(anomalies)


def test_niveau_clos_d_une_autre_convention() -> None:
    anomalies = noemie.verifier(_change("990", niveau_clos="AUTRE"))
    assert [(a.code, a.avertissement) for a in anomalies] == [("NON_CONTROLE", True)]


def test_entite_indecodable_comptee_pour_rien() -> None:
    octets = retour().replace(E198, E198.replace(b"00000756P@", b"0000075XP@"), 1)
    codes = {a.code for a in noemie.verifier(octets)}
    assert codes == {"CARACTERE", "TOTAL"}


@pytest.mark.parametrize("fin", [b"", b"080@", b"198 sans fin"])
def test_verifier_ne_leve_jamais(fin: bytes) -> None:
    assert not valide(noemie.verifier(retour()[:-128] + fin))
    assert not valide(noemie.verifier(retour() + b"08003260303007@" + fin))


def test_beaucoup_de_lignes_restent_lineaires() -> None:
    ligne = replace(corps_noemie()[6])
    corps = [*corps_noemie()[:3], *[ligne] * 5_000]
    assert len(noemie.lire(noemie.composer(ENTETE, corps)).factures[0].lignes) == 5_000


@given(octets=st.binary(max_size=400))
def test_octets_quelconques(octets: bytes) -> None:
    noemie.verifier(b"000" + octets)
    with pytest.raises(FormatInvalide):
        noemie.lire(b"000" + octets)


@exemples(40)
@given(donnees=st.data())
def test_retour_mute(donnees: st.DataObject) -> None:
    octets = bytearray(retour())
    for _ in range(donnees.draw(st.integers(1, 6))):
        octets[donnees.draw(st.integers(0, len(octets) - 1))] = donnees.draw(st.integers(0, 255))
    noemie.verifier(bytes(octets))
    with contextlib.suppress(FormatInvalide):
        noemie.lire(bytes(octets))
