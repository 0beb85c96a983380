"""Keys, dates, codes and limits that the B2 checker judges. Each key worked out by hand in the comment beside it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sesam_desktop.flux import b2, caracteres, controle_zones, zones
from sesam_desktop.flux.anomalie import Anomalie, valide
from sesam_desktop.flux.b2 import cumuls

from .fabrique import EXEMPLE_CP, enregistrement, facture, fichier
from .test_b2_controle import ACTE, ACTE_E, ACTE_M, ENTETE, FACTURE, SUPPLEMENT, modifier, verifier

RACINE = Path(__file__).resolve().parents[2]

# 2A counts 19: 1801919000001 = 97 × 18576484536 + 9; 2B counts 18: 1801918000001 = 97 × 18576474226 + 79
CORSE = {"180192A000001": "88", "180192B000001": "18"}


def trouvees(anomalies: list[Anomalie]) -> list[tuple[int, int, str, bool]]:
    return [(a.ligne, a.position, a.code, a.avertissement) for a in anomalies]


def dans_la_facture(**valeurs: zones.Valeur) -> list[b2.Enregistrement]:
    return fichier([e.modifier(**valeurs) for e in facture()])


@pytest.mark.parametrize(("nir", "cle"), CORSE.items())
def test_cle_d_un_nir_corse(nir: str, cle: str) -> None:
    assert verifier(dans_la_facture(nir_assure=nir, cle_nir_assure=cle)) == []
    assert trouvees(verifier(dans_la_facture(nir_assure=nir, cle_nir_assure="01"))) == [(3, 25, "CLE_NIR", False)]


@pytest.mark.parametrize(
    ("rang", "valeurs", "attendue"),
    [
        # 1801999000001 has the key 62, not 61
        (SUPPLEMENT, {"nir_individuel": "1801999000001", "cle_nir_individuel": "61"}, (63, "CLE_NIR", False)),
        # 999000019: 9+2+0+0+0+0+9+9+9 = 38, no multiple of 10
        (ACTE, {"prescripteur": "999000019"}, (44, "CLE_PRESCRIPTEUR", True)),
        (ACTE, {"executant": "999000019"}, (57, "CLE_EXECUTANT", True)),
        # 1 0 0 0 1 2 3 4 5 6 k from the right: k + 3 + 5 + 8 + 3 + 4 + 1 + 0 + 0 + 0 + 1 = 25 + k → 5
        (ACTE_E, {"rpps_prescripteur": "10001234566"}, (39, "CLE_RPPS", False)),
        (ACTE_E, {"rpps_executant": "10001234566"}, (64, "CLE_RPPS", False)),
        (FACTURE, {"accident": "760312081"}, (86, "CLE_ACCIDENT", True)),  # published: 76031208 → 2
        (FACTURE, {"accident": "000260230"}, (86, "DATE", False)),  # no 30 February
        (FACTURE, {"date_entree": "260303", "date_sortie": "260302"}, (109, "DATES", True)),
        (FACTURE, {"regime": "02"}, (49, "DESTINATAIRE", True)),
        (FACTURE, {"regime": "77"}, (49, "VALEUR", True)),
        (ENTETE, {"type_emetteur": "ZZ"}, (4, "VALEUR", True)),
        (ACTE, {"date_soins": "260304"}, (70, "DATES", True)),  # the lot is of the 3rd
        (ACTE, {"qualificatif": "Z"}, (122, "VALEUR", True)),
        (ACTE, {"qualificatif": "G"}, (122, "GRATUIT", False)),
        (ACTE, {"origine_prescription": "Z"}, (53, "VALEUR", False)),
        (ACTE_M, {"dent_1": "19"}, (71, "VALEUR", False)),
        (ACTE_M, {"association": "6"}, (63, "VALEUR", False)),
    ],
)
def test_faute_placee(rang: int, valeurs: dict[str, zones.Valeur], attendue: tuple[int, str, bool]) -> None:
    position, code, avertissement = attendue
    anomalies = verifier(modifier(rang, **valeurs))
    assert (rang + 1, position, code, avertissement) in trouvees(anomalies)
    assert valide(anomalies) is avertissement


def test_numero_d_une_caisse() -> None:
    tous = fichier()
    for borne in (0, -1):
        tous[borne] = tous[borne].modifier(numero_destinataire="00000101001721")
    assert trouvees(verifier(tous)) == [(1, 28, "DESTINATAIRE", True)]


@pytest.mark.parametrize(
    ("rang", "valeurs"),
    [
        (SUPPLEMENT, {"nir_individuel": "1801999000001", "cle_nir_individuel": "62"}),
        (FACTURE, {"accident": "760312082"}),
        (FACTURE, {"accident": "000260228"}),
        (FACTURE, {"date_entree": "260301", "date_sortie": "260302"}),
        (ACTE, {"prescripteur": ""}),
        (ACTE_M, {"dent_1": "18", "dent_2": "08", "association": "1"}),
    ],
)
def test_rien_a_dire(rang: int, valeurs: dict[str, zones.Valeur]) -> None:
    assert verifier(modifier(rang, **valeurs)) == []


@pytest.mark.parametrize(
    ("type_", "zone", "juste", "faux", "code"),
    [
        ("4P", "code_cip13", "3400930000007", "3400930000008", "CLE_CIP"),  # 1×(3+0+9+0+0+0)+3×(4+0+3+0+0+0) = 33 → 7
        ("4F", "code_lpp", "1103570", "1103571", "CLE_LPP"),  # 2+3+0+15+30+49 = 99 = 9 × 11 → 0
        ("4H", "code_ucd", "9000007", "9000008", "CLE_UCD"),  # 2 × 9 = 18 = 11 + 7
    ],
)
def test_cle_d_un_code(type_: str, zone: str, juste: str, faux: str, code: str) -> None:
    for valeur, attendus in ((juste, []), (faux, [code])):
        affine = enregistrement(type_, sequence="01", quantite=1, **{zone: valeur})
        lignes = facture()
        lignes[5] = affine
        assert [a.code for a in verifier(fichier(lignes))] == attendus


def test_lettre_d_un_rpps() -> None:
    """A counts 1; eleventh from the right, it is not doubled: 1 + 9 = 10."""
    assert [a.code for a in _trois("A0000000009")] == []
    assert [a.code for a in _trois("A0000000008")] == ["CLE_RPPS"]


def _trois(rpps: str) -> list[Anomalie]:
    lus = list(b2.lire(EXEMPLE_CP.read_bytes()))
    cles = {c: lus[2].zones[c] for c in ("numero_partenaire", "nir_assure", "cle_nir_assure", "numero_facture")}
    e = b2.Enregistrement.composer("b2_cp_2005e", "3E", {**cles, "sequence": "01", "rpps_prescripteur": rpps})
    return [a for a in verifier([*lus[:5], e]) if a.code.startswith("CLE_RPPS")]


def test_sejour_a_l_envers() -> None:
    lus = list(b2.lire(EXEMPLE_CP.read_bytes()))
    e = b2.Enregistrement.composer("b2_cp_2005e", "3", {"date_debut": "260111", "date_fin": "260110"})
    assert (5, 50, "DATES", True) in trouvees(verifier([*lus[:4], e]))


def test_une_facture_sans_ligne() -> None:
    lignes = facture()
    vide = [*lignes[:2], lignes[6].modifier(nombre_enregistrements=0, total_honoraires_4=0, total_amo_4=0,
                                            participation_assure=0, total_amc_4=0)]
    assert "LIMITE" in {a.code for a in verifier(fichier(vide))}


def test_une_facture_de_plus_de_999_lignes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit itself is published; it is lowered here so that the counters of record 5 still fit."""
    assert cumuls.LIGNES_PAR_FACTURE == 999
    monkeypatch.setattr(cumuls, "LIGNES_PAR_FACTURE", 1)
    assert verifier(fichier()) == []
    double = facture()
    double[2:6] = double[2:6] * 2
    double[-2] = double[-2].modifier(
        nombre_enregistrements=8, total_honoraires_4=2520, total_amo_4=1512, participation_assure=1008,
        total_amc_4=1008,
    )
    double[-1] = double[-1].modifier(total_honoraires=2520, total_amo=1512, total_amc=1008)
    assert trouvees(verifier(fichier(double))) == [(13, 39, "LIMITE", False)]


def test_l_usage_ne_fait_qu_avertir() -> None:
    """119 invoices of eight records and four of headers and ends: 956 in the file, 954 in the lot."""
    factures = [[e.modifier(numero_facture=f"{rang:09d}") for e in facture()] for rang in range(1, 120)]
    assert trouvees(verifier(fichier(*factures))) == [(955, 52, "LIMITE", True)]


def test_zones_chiffrees_a_blanc() -> None:
    """The file that travels: the checker can say nothing of what is encrypted apart, and tells it."""
    clair = fichier()
    masques, _ = b2.masquer_zones([clair[0].modifier(cryptage="O"), *clair[1:]])
    assert {(a.code, a.avertissement) for a in verifier(masques)} == {("CHIFFREE", True)}
    masques, _ = b2.masquer_zones(clair)
    assert {(a.code, a.avertissement) for a in verifier(masques)} == {("ABSENT", False)}


def test_un_enregistrement_trop_court_ou_trop_long_est_dit() -> None:
    octets = [e.octets for e in fichier()]
    octets[4] = octets[4][:-1]
    anomalies = b2.verifier(b"\n".join(octets))
    assert (5, 0, "LONGUEUR", False) in trouvees(anomalies)
    assert not any(a.code == "CARACTERE" for a in anomalies)
    octets[4] = octets[4] + b"XY"
    assert [(a.ligne, a.message) for a in b2.verifier(b"\n".join(octets)) if a.code == "LONGUEUR"] == [
        (6, "L'enregistrement compte 1 caractères au lieu de 128.")
    ]


def test_un_caractere_minuscule() -> None:
    tous = fichier()
    octets = tous[ACTE_M].octets.replace(b"DEQP003", b"deqp003")
    tous[ACTE_M] = replace(tous[ACTE_M], octets=octets)
    assert trouvees(verifier(tous)) == [(ACTE_M + 1, 43, "CARACTERE", False)]


def test_chaque_code_est_documente() -> None:
    """The codes that the modules of the checker write, and the rows of the page that people read."""
    dossier = RACINE / "sesam_desktop" / "flux"
    modules = [*(dossier / "b2").glob("*.py"), dossier / "anomalie.py", dossier / "controle_zones.py"]
    ecrits = {code for module in modules for code in re.findall(r'"([A-Z_]{4,})"', module.read_text("utf-8"))}
    with (RACINE / "resources" / "flux" / "controles_b2.csv").open(encoding="utf-8", newline="") as table:
        documentes = {rangee["code"] for rangee in csv.DictReader(table, delimiter=";")}
    hors_controle = {"ABCDEFGHI", "DISQUE_PLEIN", "REGIME", "ZONES_SENSIBLES"}
    assert ecrits - hors_controle == documentes - {"NORME_INCONNUE"}  # that one is the register's


def test_est_juste_dit_comme_les_controles_de_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one-pass check against the zone by zone one, on each zone of right records put out of order."""
    changes = [change for e in fichier() for change in _changes(e)]
    en_une_fois = [e.layout is not None and e.layout.est_juste(e.octets.decode(caracteres.CODAGE)) for e in changes]
    assert en_une_fois.count(True) > 100
    assert en_une_fois.count(False) > 100
    monkeypatch.setattr(zones.Layout, "est_juste", lambda *_: False)
    assert [not list(controle_zones.controler(e)) for e in changes] == en_une_fois


def _changes(e: b2.Enregistrement) -> Iterator[b2.Enregistrement]:
    for zone in e.layout.zones if e.layout else ():
        for mauvais in (b"\xe9", b"x", b" ", b"9", b"0", b"A"):
            yield replace(e, octets=e.octets[: zone.debut] + mauvais * zone.longueur + e.octets[zone.fin :])
