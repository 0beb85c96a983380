"""Groups of a Vitale: hand-made groups with the documented fields, hierarchy by order, round trips, typed refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sesam_desktop.cartes import zones
from sesam_desktop.cartes.vitale import (
    AccidentTravail,
    Amc,
    Assure,
    Beneficiaire,
    Couverture,
    GroupeInconnu,
    Mutuelle,
    Periode,
    ServiceAmo,
)
from sesam_desktop.cartes.vitale_groupes import CHAMPS
from sesam_desktop.cartes.vitale_zones import carte_depuis, groupes_de
from sesam_desktop.cartes.zones import Groupe
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue, FormatInvalide


def groupe(identifiant: int, *champs: str) -> Groupe:
    return Groupe(identifiant, tuple(c.encode("latin-1") for c in champs))


ASSURE = groupe(
    101, "T", "800000001", "203012310000", "0", "", "", "A", "1801975000001", "32", "01", "751", "0000", "10", ""
)
SERVICE = groupe(102, "0", "000000000000", "000000000000")
ABSENTE = "000000000000"


def beneficiaire(prenom: str, naissance: str = "198001010000", rang: str = "1", service: str = "0") -> Groupe:
    adresse = ("", "RESIDENCE", "1 RUE DU TEST", "", "75001 PARIS")
    certifie = ("1801975000001", "32", "202001010000")
    return groupe(
        104, "DURAND", "MARTIN", prenom, *adresse, *certifie, naissance, rang, "0", service, ABSENTE, ABSENTE, ""
    )


def test_carte_entiere_faite_a_la_main() -> None:
    carte = carte_depuis(
        [
            ASSURE,
            SERVICE,
            groupe(103, "017510000", "", "0", "017510000", "10", "20250110", "000000000", "", "0"),
            beneficiaire("PAUL", service="3"),
            groupe(105, "202001010000", ""),
            groupe(106, "202001010000", "202412310000", "1", "0100"),
            groupe(107, "12345678", "OOOOOONN", "01", "", "", ""),
            groupe(108, "202001010000", "202212310000"),
            groupe(109, "0000000099", "", "42", "23", "202301010000", "203012310000", "OC", "001", "", "M", "", ""),
            groupe(111, "LIBRE "),
        ]
    )
    assert carte.assure == Assure("1801975000001", "32", "01", "751", "0000", "10")
    assert (carte.type, carte.numero_serie, carte.fin_validite) == ("T", "800000001", date(2030, 12, 31))
    assert carte.service_famille == ServiceAmo("00", None, None)
    assert carte.at == (AccidentTravail("017510000", "", "0"), AccidentTravail("017510000", "10", "20250110"))
    [paul] = carte.beneficiaires
    assert (paul.nom_usuel, paul.nom_patronymique, paul.prenom) == ("DURAND", "MARTIN", "PAUL")
    assert paul.adresse == ("", "RESIDENCE", "1 RUE DU TEST", "", "75001 PARIS")
    assert paul.service_amo.code == "03"
    assert paul.droits == (Periode(date(2020, 1, 1), None),)
    assert paul.couvertures == (Couverture(date(2020, 1, 1), date(2024, 12, 31), "1", "0100"),)
    assert paul.mutuelle == Mutuelle(
        "12345678", "OOOOOONN", "01", droits=(Periode(date(2020, 1, 1), date(2022, 12, 31)),)
    )
    assert paul.amc == Amc(
        "0000000099", "", "42", "23", date(2023, 1, 1), date(2030, 12, 31), "OC", "001", "", "M", "", ""
    )
    assert paul.zone_commune == "LIBRE "


def test_la_hierarchie_tient_a_l_ordre() -> None:
    carte = carte_depuis(
        [
            ASSURE,
            beneficiaire("PAUL"),
            groupe(105, "202001010000", ""),
            beneficiaire("LEA"),
            beneficiaire("TOM", rang="2"),
            groupe(105, "202101010000", ""),
            groupe(105, "202201010000", ""),
        ]
    )
    assert [(b.prenom, b.rang, len(b.droits)) for b in carte.beneficiaires] == [
        ("PAUL", 1, 1),
        ("LEA", 1, 0),
        ("TOM", 2, 2),
    ]


def test_carte_de_charge() -> None:
    """19 beneficiaries and 133 groups 106, as in the largest known test card."""
    groupes = [ASSURE]
    for rang in range(19):
        groupes.append(beneficiaire(f"ENFANT{rang}"))
        groupes += [groupe(106, "", "", "0", "0100")] * 7
    carte = carte_depuis(zones.lire(zones.ecrire(groupes)))
    assert len(carte.beneficiaires) == 19
    assert sum(len(b.couvertures) for b in carte.beneficiaires) == 133


@pytest.mark.parametrize("naissance", ["195213000000", "194500000000", "193019420000", "20001131"])
def test_dates_de_naissance_lunaires_gardees_en_texte(naissance: str) -> None:
    carte = carte_depuis([ASSURE, beneficiaire("ANDRE", naissance)])
    assert carte.beneficiaires[0].date_naissance == naissance[:8]


def test_naissance_absente_ou_illisible() -> None:
    assert carte_depuis([ASSURE, beneficiaire("X", ABSENTE)]).beneficiaires[0].date_naissance == ""
    with pytest.raises(FormatInvalide, match="naissance"):
        carte_depuis([ASSURE, beneficiaire("X", "1er janvier")])


def _mutuelle_et_amc(fin_mutuelle: str, debut_amc: str, fin_amc: str = "203012310000") -> list[Groupe]:
    amc = groupe(109, "99", "", "42", "23", debut_amc, fin_amc, "", "", "", "", "", "")
    mutuelle = groupe(107, "12345678", "OOOOOONN", "01", "", "", "")
    return [ASSURE, beneficiaire("PAUL"), mutuelle, groupe(108, "202001010000", fin_mutuelle), amc]


@pytest.mark.parametrize(
    ("fin_mutuelle", "debut_amc", "fin_amc"),
    [
        ("202306300000", "202306300000", "203012310000"),  # one common day
        ("000000000000", "202301010000", "000000000000"),  # both open
        ("202306300000", "000000000000", "202001010000"),
    ],
)
def test_mutuelle_et_amc_en_meme_temps(fin_mutuelle: str, debut_amc: str, fin_amc: str) -> None:
    with pytest.raises(ErreurConnue) as refus:
        carte_depuis(_mutuelle_et_amc(fin_mutuelle, debut_amc, fin_amc))
    assert refus.value.code == "F0F0"
    assert "mettre sa carte à jour" in refus.value.action


@pytest.mark.parametrize(
    ("fin_mutuelle", "debut_amc", "fin_amc"),
    [("202306300000", "202307010000", "203012310000"), ("202306300000", "000000000000", "201912310000")],
)
def test_l_une_apres_l_autre_est_permis(fin_mutuelle: str, debut_amc: str, fin_amc: str) -> None:
    [paul] = carte_depuis(_mutuelle_et_amc(fin_mutuelle, debut_amc, fin_amc)).beneficiaires
    assert paul.mutuelle is not None
    assert paul.amc is not None


MUTUELLE = groupe(107, "12345678", "", "01", "", "", "")
COMPLEMENTAIRE = groupe(109, "99", "", "42", "23", ABSENTE, ABSENTE, "", "", "", "", "", "")


@pytest.mark.parametrize(
    "groupes",
    [
        [],
        [beneficiaire("PAUL")],
        [ASSURE, ASSURE],
        [ASSURE, groupe(105, ABSENTE, ABSENTE)],  # rights of nobody
        [ASSURE, SERVICE, SERVICE],
        [ASSURE, beneficiaire("PAUL"), SERVICE],
        [ASSURE, beneficiaire("PAUL"), groupe(108, ABSENTE, ABSENTE)],  # period of no mutuelle
        [ASSURE, beneficiaire("PAUL"), MUTUELLE, MUTUELLE],
        [ASSURE, beneficiaire("PAUL"), COMPLEMENTAIRE, COMPLEMENTAIRE],
        [ASSURE, groupe(40, "T")],  # 1.31 form
        [ASSURE, groupe(102, "0")],  # fields missing
        [ASSURE, beneficiaire("PAUL", rang="x")],
        [ASSURE, beneficiaire("PAUL", service="C2S")],
        [ASSURE, beneficiaire("PAUL"), groupe(105, "202013450000", "")],  # impossible date of rights
        [groupe(101, "T")],
    ],
)
def test_refus_types(groupes: list[Groupe]) -> None:
    with pytest.raises(FormatInvalide) as refus:
        carte_depuis(groupes)
    assert "DURAND" not in refus.value.phrase()
    assert "1801975000001" not in refus.value.phrase()


def test_groupes_inconnus_gardes_a_leur_place() -> None:
    """A group of a later generation stops nothing: it is kept raw, and written again where it was."""
    futur = Groupe(112, (b"\xff\x00", b""))
    groupes = [ASSURE, Groupe(110, (b"X",)), beneficiaire("PAUL"), futur, groupe(105, "202001010000", "")]
    carte = carte_depuis([*groupes, beneficiaire("LEA"), futur])
    assert [len(b.droits) for b in carte.beneficiaires] == [1, 0]
    assert carte.inconnus == (
        GroupeInconnu(110, (b"X",), None), GroupeInconnu(112, futur.champs, 0), GroupeInconnu(112, futur.champs, 1),
    )
    assert carte_depuis(zones.lire(zones.ecrire(groupes_de(carte)))) == carte


@pytest.mark.parametrize(
    ("fin", "jour", "attendu"),
    [
        (None, date(2026, 11, 22), False),
        (date(2026, 11, 22), date(2026, 11, 22), False),  # the last day is a good day
        (date(2026, 11, 21), date(2026, 11, 22), True),
    ],
)
def test_carte_expiree(fin: date | None, jour: date, attendu: bool) -> None:
    assert replace(carte_depuis([ASSURE]), fin_validite=fin).expiree(jour) is attendu


def test_la_complementaire_en_vigueur() -> None:
    jour = date(2026, 11, 22)
    passee, ouverte = Periode(date(2020, 1, 1), date(2020, 12, 31)), Periode(date(2021, 1, 1), None)
    mutuelle = Mutuelle("12345678", "", "01", droits=(passee,))
    amc = Amc("99", "", "42", "23", ouverte.debut, ouverte.fin)
    paul = Beneficiaire("DURAND", "", "PAUL")
    assert paul.complementaire(jour) is None
    assert replace(paul, mutuelle=mutuelle).complementaire(jour) is None
    assert replace(paul, mutuelle=mutuelle, amc=amc).complementaire(jour) is amc
    en_cours, sans_limite = replace(mutuelle, droits=(passee, ouverte)), replace(mutuelle, droits=())
    assert replace(paul, mutuelle=en_cours).complementaire(jour) is en_cours
    assert replace(paul, mutuelle=sans_limite).complementaire(jour) is sans_limite
    assert replace(paul, mutuelle=sans_limite, amc=amc).complementaire(jour) is amc  # the one that says since when
    perimee = replace(amc, fin=date(2025, 1, 1))
    assert replace(paul, mutuelle=sans_limite, amc=perimee).complementaire(jour) is sans_limite
    assert replace(paul, amc=replace(amc, fin=date(2025, 1, 1))).complementaire(jour) is None


def test_une_date_de_fin_impossible_n_est_jamais_un_droit_ouvert() -> None:
    with pytest.raises(FormatInvalide, match="date"):
        carte_depuis([ASSURE, beneficiaire("PAUL"), groupe(105, "202001010000", "202302300000")])


def test_caractere_impossible_a_ecrire() -> None:
    carte = carte_depuis([ASSURE, beneficiaire("PAUL")])
    paul = replace(carte.beneficiaires[0], prenom="Œ")
    with pytest.raises(EntreeInvalide) as refus:
        groupes_de(replace(carte, beneficiaires=(paul,)))
    assert refus.value.code == "CARACTERE_INVALIDE"


def test_les_groupes_ecrits_ont_leur_nombre_de_champs() -> None:
    carte = carte_depuis(_mutuelle_et_amc("202306300000", "202307010000"))
    entiere = replace(carte, service_famille=ServiceAmo(), at=(AccidentTravail("017510000", "", "0"),))
    assert all(len(g.champs) == CHAMPS[g.id] for g in groupes_de(entiere))
    assert [g.id for g in groupes_de(entiere)] == [101, 102, 103, 104, 107, 108, 109]
