"""Controls of the LPP and biology lines: each remark with its code, gravity and field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sesam_desktop.factures.controles import controler
from sesam_desktop.factures.dossier import SANS_ARTICLES, Articles
from sesam_desktop.factures.facture import Alerte, Executant, Facture, LigneSaisie, Patient, Prescription
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels.nabm import ActeBiologie

JOUR = date(2026, 3, 2)  # a Monday
PATIENT = Patient(nir="1801975000001", date_naissance="19800101", cle="74")
FOURNISSEUR, LABORATOIRE = Executant("fournisseur", "60"), Executant("laboratoire", "30")
DEPISTAGE = Prescription(JOUR, "291991107")


def remarques(executant: Executant, *lignes: LigneSaisie, articles: Articles = SANS_ARTICLES, **champs: Any) -> Any:
    """Remarks on the lines themselves, those on the patient left out."""
    champs.setdefault("prescription", Prescription(JOUR, "10001234565", "01"))
    facture = Facture(champs.pop("jour", JOUR), executant, PATIENT, lignes, **champs)
    alertes = controler(facture, date(2026, 3, 10), articles=articles)
    return [(a.code, a.gravite[0], a.champ) for a in alertes if a.champ.startswith(("lignes", "prescription"))]


def lpp(**champs: Any) -> LigneSaisie:
    return LigneSaisie("LPP", code=champs.pop("code", "1314976"), **champs)


def nabm(code: str, **champs: Any) -> LigneSaisie:
    return LigneSaisie("NABM", code=code, **champs)


def test_une_ligne_lpp_sans_defaut() -> None:
    assert remarques(FOURNISSEUR, lpp(), lpp(code="1326761")) == []


@pytest.mark.parametrize("code", ["", "1314975", "ABC"])
def test_un_code_lpp_faux(code: str) -> None:
    assert remarques(FOURNISSEUR, lpp(code=code)) == [("LPP_INVALIDE", "b", "lignes[0].code")]


def test_les_codes_prestation_sont_des_lignes_lpp() -> None:
    assert remarques(FOURNISSEUR, LigneSaisie("PAN", code="1314975")) == [("LPP_INVALIDE", "b", "lignes[0].code")]


def test_l_accord_prealable_est_date_et_anterieur() -> None:
    assert remarques(FOURNISSEUR, lpp(accord="4")) == [("ACCORD_SANS_DATE", "a", "lignes[0].accord_date")]
    apres = lpp(accord="4", accord_date=date(2026, 3, 3))
    assert remarques(FOURNISSEUR, apres) == [("ACCORD_APRES_SOINS", "a", "lignes[0].accord_date")]
    assert remarques(FOURNISSEUR, lpp(accord="4", accord_date=JOUR), lpp(code="1326761", accord="0")) == []


def test_une_location_facturee_d_avance() -> None:
    avance = lpp(debut=JOUR, fin=date(2026, 3, 11))
    assert remarques(FOURNISSEUR, avance) == [("LOCATION_D_AVANCE", "a", "lignes[0].fin")]
    assert remarques(FOURNISSEUR, replace(avance, fin=date(2026, 3, 10))) == []


def test_deux_locations_qui_se_croisent() -> None:
    une, autre = lpp(debut=date(2026, 2, 1), fin=date(2026, 2, 15)), lpp(debut=date(2026, 2, 15), fin=JOUR, quantite=2)
    assert ("LOCATIONS_CROISEES", "a", "lignes[1].debut") in remarques(FOURNISSEUR, une, autre)
    suivie = replace(autre, debut=date(2026, 2, 16))
    assert "LOCATIONS_CROISEES" not in [r[0] for r in remarques(FOURNISSEUR, une, suivie)]
    assert "LOCATIONS_CROISEES" not in [r[0] for r in remarques(FOURNISSEUR, une, replace(autre, code="1326761"))]


def test_une_ligne_de_biologie_sans_defaut() -> None:
    assert remarques(LABORATOIRE, nabm("1104"), nabm("9005")) == []


@pytest.mark.parametrize("code", ["", "552", "B552", "11040"])
def test_un_code_nabm_faux(code: str) -> None:
    assert remarques(LABORATOIRE, nabm(code)) == [("NABM_INVALIDE", "b", "lignes[0].code")]


def test_la_biologie_demande_une_ordonnance() -> None:
    assert ("PRESCRIPTION_MANQUANTE", "b", "prescription") in remarques(LABORATOIRE, nabm("1104"), prescription=None)


def test_un_depistage_se_fait_sous_le_prescripteur_fictif() -> None:
    assert remarques(LABORATOIRE, nabm("0388"), nabm("9005"), prescription=DEPISTAGE) == []
    attendu = [("HORS_DEPISTAGE", "b", "lignes[1].code")]
    assert remarques(LABORATOIRE, nabm("0388"), nabm("1104"), prescription=DEPISTAGE) == attendu


def test_le_supplement_du_samedi_et_du_dimanche() -> None:
    urgence = nabm("1104"), nabm("9004")
    assert remarques(LABORATOIRE, *urgence) == [("JOUR_OUVRABLE", "a", "lignes[1].code")]
    for jour in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 1, 1)):
        assert remarques(LABORATOIRE, *urgence, jour=jour, prescription=Prescription(jour, "10001234565", "01")) == []
    noel = date(2025, 12, 26)
    strasbourg = replace(LABORATOIRE, departement="67")
    assert remarques(strasbourg, *urgence, jour=noel, prescription=Prescription(noel, "10001234565", "01")) == []


def test_un_forfait_sans_examen() -> None:
    assert remarques(LABORATOIRE, nabm("9005")) == [("FORFAIT_SEUL", "a", "lignes[0].code")]


class Nomenclature:
    """Double of the NABM: two acts of one group of at most two, one of them at most once."""

    def acte(self, code: str, jour: date) -> ActeBiologie | None:
        if code not in ("1806", "1807", "1808"):
            return None
        maximum = 1 if code == "1806" else 0
        return ActeBiologie(code, "", "B", Decimal(6), False, "", "", maximum=maximum, regle="4", maximum_regle=2)


class Absente:
    """What a workstation without NABM answers."""

    def acte(self, code: str, jour: date) -> ActeBiologie | None:
        raise ErreurConnue("Aucune NABM n'est installée.", code="REFERENTIEL_ABSENT")


def test_les_maximums_de_la_nomenclature() -> None:
    connus = Articles(nabm=Nomenclature())
    assert remarques(LABORATOIRE, nabm("1806"), nabm("1807"), nabm("1104"), articles=connus) == []
    assert remarques(LABORATOIRE, nabm("1806", quantite=2), articles=connus) == [
        ("MAXIMUM_DEPASSE", "a", "lignes[0].quantite")
    ]
    assert remarques(LABORATOIRE, nabm("1806"), nabm("1807"), nabm("1808"), articles=connus) == [
        ("MAXIMUM_GROUPE", "a", "lignes[2].code")
    ]


def test_les_maximums_valent_pour_un_jour() -> None:
    deux_jours = nabm("1806", date=date(2026, 3, 2)), nabm("1806", date=date(2026, 3, 3))
    assert remarques(LABORATOIRE, *deux_jours, articles=Articles(nabm=Nomenclature())) == []


def test_sans_nomenclature_rien_n_est_devine() -> None:
    assert remarques(LABORATOIRE, nabm("1806", quantite=2), articles=Articles(nabm=Absente())) == []


def test_les_remarques_ne_redisent_pas_la_personne() -> None:
    facture = Facture(JOUR, LABORATOIRE, PATIENT, (nabm("552"),), prescription=DEPISTAGE)
    alertes: tuple[Alerte, ...] = controler(facture, JOUR)
    assert not any(PATIENT.nir in a.message for a in alertes)
