"""Who pays the complementary part, and the controls of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sesam_desktop.factures import amc, routage_amc
from sesam_desktop.factures.controles import controler
from sesam_desktop.factures.facture import (
    Executant,
    Facture,
    LigneSaisie,
    OrganismeAmc,
    Patient,
    TiersPayant,
)
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels import tables

JOUR = date(2026, 3, 2)
MUTUELLE = OrganismeAmc("99000001")
BASE = Facture(
    JOUR, Executant("medecin", "01", departement="72"), Patient(nir="1801975000001", date_naissance="19800101"),
    (LigneSaisie("G"),), parcours="T", tiers_payant=TiersPayant(amc=True), amc=MUTUELLE,
)


def remarques(**organisme: object) -> list[tuple[str, str, str]]:
    facture = replace(BASE, amc=replace(MUTUELLE, **organisme))
    return [(a.gravite[0], a.code, a.champ) for a in controler(facture, JOUR)]


def test_qui_paie() -> None:
    assert amc.payeur(BASE) is MUTUELLE
    assert amc.payeur(replace(BASE, tiers_payant=TiersPayant())) is None
    c2s = replace(BASE, beneficiaire=replace(BASE.beneficiaire, c2s=True), tiers_payant=TiersPayant())
    assert amc.payeur(c2s).numero == "99999997"
    separee = replace(c2s, amc=replace(MUTUELLE, gestion="separee"))
    assert (amc.payeur(separee).numero, amc.payeur(separee).gestion) == ("88888888", "separee")
    assert amc.payeur(replace(c2s, amc=None)).numero == "99999997"
    ame = replace(BASE, beneficiaire=replace(BASE.beneficiaire, particularites=("AME",)))
    assert amc.payeur(ame).numero == "75500017"


@pytest.mark.parametrize(("numero", "attendue"), [
    ("99000001", "DEMO_TM"), ("0099000001", "DEMO_TM"), ("99000123", "DEMO_GROUPE"), ("99000999", "SANS"),
    ("75000001", "SANS"), ("99999997", "C2S"), ("75500017", "AME"), ("12", "SANS"),
])
def test_la_convention_d_un_numero(numero: str, attendue: str) -> None:
    ligne = amc.convention(OrganismeAmc(numero), "medecin", JOUR, tables)
    assert ligne is not None
    assert ligne["convention"] == attendue


def test_un_numero_passe_avant_une_profession_et_un_aiguillage() -> None:
    """The more precise row of any insurer does not answer for a number that has its own."""
    entete = (
        "# version: 1\n# cles: numero type_contrat domaine aiguillage\nnumero;type_contrat;domaine;aiguillage;"
        "convention;libelle;formule;gestion;tiers_payant:booleen;date_debut;date_fin;source;certitude\n"
    )
    fin = "libellé;TM100;unique;oui;2020-01-01;;essai;P\n"
    lue = tables.lire("conventions_amc", f"{entete}*;*;medecin;M;FAMILLE;{fin}12345678;*;*;*;NUMERO;{fin}"
                      f"1234*;*;medecin;*;DEBUT;{fin}12345678;*;*;M;AIGUILLAGE;{fin}")

    class Tables:
        def charger(self, nom: str) -> tables.Table:
            return lue

    trouvees = [
        amc.convention(OrganismeAmc(numero, aiguillage=aiguillage), "medecin", JOUR, Tables())
        for numero, aiguillage in [("12345678", "4"), ("12345678", "M"), ("12340000", "M"), ("90000000", "M")]
    ]
    assert [ligne and ligne["convention"] for ligne in trouvees] == ["NUMERO", "AIGUILLAGE", "DEBUT", "FAMILLE"]
    assert amc.convention(OrganismeAmc("90000000"), "medecin", JOUR, Tables()) is None


def test_la_convention_depend_de_la_profession_et_de_l_aiguillage() -> None:
    organisme = OrganismeAmc("99000008")
    assert amc.convention(organisme, "pharmacien", JOUR, tables)["convention"] == "DEMO_PHARMACIE"
    assert amc.convention(organisme, "infirmier", JOUR, tables)["convention"] == "DEMO_AUTRES"
    familles = {lettre: amc.convention(OrganismeAmc("1", aiguillage=lettre), "medecin", JOUR, tables)["convention"]
                for lettre in "48MR"}
    assert familles == {"4": "FFSA", "8": "CTIP", "M": "FNMF", "R": "A8"}
    # A number that has a convention of its own keeps it, whatever the family of its card.
    propre = amc.convention(OrganismeAmc("99000002", aiguillage="M"), "medecin", JOUR, tables)
    assert propre["convention"] == "DEMO_CONFORT"


class SansConvention:
    """Tables of a workstation whose conventions name one insurer only."""

    def charger(self, nom: str) -> tables.Table:
        if nom != "conventions_amc":
            return tables.charger(nom)
        entete = (
            "# version: 1\n# cles: numero type_contrat domaine aiguillage\n"
            "numero;type_contrat;domaine;aiguillage;convention;libelle;formule;gestion;tiers_payant:booleen;"
            "date_debut;date_fin;source;certitude\n"
        )
        return tables.lire(nom, f"{entete}12345678;*;*;*;UNE;Une;TM100;unique;oui;2020-01-01;;essai;S\n")


def test_un_organisme_hors_de_la_table_du_poste() -> None:
    trouvees = [(a.code, a.champ) for a in controler(BASE, JOUR, tables=SansConvention())]
    assert ("AMC_SANS_CONVENTION", "amc.numero") in trouvees


@pytest.mark.parametrize(("organisme", "attendues"), [
    ({}, []),
    ({"indicateur": "23"}, []),
    ({"debut": JOUR, "fin": JOUR}, []),
    ({"fin": date(2026, 3, 1)}, [("b", "AMC_DROITS_FERMES", "amc.fin")]),
    ({"debut": date(2026, 3, 3)}, [("b", "AMC_DROITS_FERMES", "amc.fin")]),
    ({"indicateur": "00"}, [("b", "AMC_SANS_TIERS_PAYANT", "tiers_payant.amc")]),
    ({"indicateur": "13"}, [("b", "AMC_SANS_TIERS_PAYANT", "tiers_payant.amc")]),
    ({"numero": "99000007"}, [("b", "AMC_SANS_TIERS_PAYANT", "tiers_payant.amc")]),
    ({"indicateur": "01"}, [("a", "AMC_SELON_ACCORD", "amc.indicateur")]),
    ({"indicateur": "62"}, [("a", "AMC_C2S_A_VERIFIER", "amc.indicateur")]),
    ({"indicateur": "71"}, [("a", "AMC_C2S_A_VERIFIER", "amc.indicateur")]),
    ({"indicateur": "XX"}, [("a", "AMC_INDICATEUR_INCONNU", "amc.indicateur")]),
    ({"formule": "INCONNUE"}, [("b", "AMC_SANS_FORMULE", "amc.formule")]),
    ({"numero": "99000002"}, [("a", "AMC_GESTION", "amc.gestion")]),
    ({"numero": "99000002", "gestion": "separee"}, []),
    ({"numero": "12345678", "gestion": "separee"}, [
        ("a", "AMC_GESTION", "amc.gestion"), ("a", "AMC_SANS_ROUTAGE", "amc.numero"),
    ]),
])
def test_controles(organisme: dict[str, object], attendues: list[tuple[str, str, str]]) -> None:
    assert remarques(**organisme) == attendues


def test_un_refus_n_est_dit_qu_une_fois_par_raison() -> None:
    lignes = (LigneSaisie("G"), LigneSaisie("G", date=date(2026, 3, 1)))
    facture = replace(BASE, lignes=lignes, amc=replace(MUTUELLE, indicateur="00"))
    assert [a.code for a in controler(facture, JOUR) if a.gravite == "bloquante"] == ["AMC_SANS_TIERS_PAYANT"]


def test_sans_organisme() -> None:
    assert [a.code for a in controler(replace(BASE, amc=None), JOUR)] == ["AMC_ABSENTE"]
    c2s = replace(BASE, amc=None, beneficiaire=replace(BASE.beneficiaire, c2s=True))
    assert controler(c2s, JOUR) == ()


def test_une_part_eclatee_est_celle_d_un_assureur() -> None:
    """Neither the C2S nor the State is billed apart, even when the invoice names an insurer that is."""
    separee = replace(BASE, amc=replace(MUTUELLE, gestion="separee"))
    assert amc.est_eclatee(separee) and not amc.est_eclatee(BASE)
    assert amc.en_gestion_unique(separee) is separee
    for patient in (replace(BASE.beneficiaire, c2s=True), replace(BASE.beneficiaire, particularites=("AME",))):
        assert not amc.est_eclatee(amc.en_gestion_unique(replace(separee, beneficiaire=patient)))


def test_la_c2s_geree_a_part_garde_son_numero() -> None:
    """88888888 says by whom the C2S is managed; that is no part billed apart (RG_BS720)."""
    c2s = replace(BASE, beneficiaire=replace(BASE.beneficiaire, c2s=True), amc=replace(MUTUELLE, gestion="separee"))
    assert amc.en_gestion_unique(c2s) is c2s
    nommee = replace(BASE, amc=replace(MUTUELLE, numero="88888888", gestion="separee"))
    assert not amc.est_eclatee(amc.en_gestion_unique(nommee))


@pytest.mark.parametrize(("numero", "attendu"), [
    ("99000002", ("OC", "00000099000002", "RSV", "0099000002")),
    ("0099000002", ("OC", "00000099000002", "RSV", "0099000002")),  # the zeros that fill the zone of a card
    ("99000004", ("OT", "00000099000090", "OCT", "0099000090")),    # by its beginning: 990000*
    ("99000123", ("CS", "00000099000100", "RSV", "0099000100")),    # the longest beginning: 990001*
])
def test_routage(numero: str, attendu: tuple[str, ...]) -> None:
    route = routage_amc.exiger(numero, JOUR, tables)
    assert (route.type, route.numero, route.boite, route.amc) == attendu


def test_un_organisme_sans_adresse() -> None:
    with pytest.raises(ErreurConnue) as refus:
        routage_amc.exiger("12345678", JOUR, tables)
    assert refus.value.code == "AMC_SANS_ROUTAGE"
    assert routage_amc.chercher("99000002", date(2019, 12, 31), tables) is None
