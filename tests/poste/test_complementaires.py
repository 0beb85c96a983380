"""The complementary insurer of a card, and the tariff option of the workstation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sesam_desktop.cartes.vitale import Amc, Beneficiaire, Mutuelle, Periode, ServiceAmo
from sesam_desktop.factures.facture import Executant, Facture, LigneSaisie, TiersPayant
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.poste import configuration
from sesam_desktop.poste.complementaires import de_la_c2s, de_la_carte
from sesam_desktop.poste.poste import Poste

JOUR = date(2026, 3, 2)
PASSEE, PRESENTE = Periode(date(2020, 1, 1), date(2024, 12, 31)), Periode(date(2025, 1, 1), date(2026, 12, 31))
MUTUELLE = Mutuelle("99000002", "OOOOOOOO", "02", aiguillage_sts="M", droits=(PASSEE, PRESENTE))
AMC = Amc("0099000123", "", "00000042", "23", date(2025, 1, 1), None, domaine="EXEMPLE.TEST", aiguillage_sts="4")


def test_une_mutuelle_donne_ses_droits_du_jour_et_sa_convention() -> None:
    lue = de_la_carte(MUTUELLE, JOUR, "medecin")
    assert (lue.numero, lue.indicateur, lue.aiguillage) == ("99000002", "02", "M")
    assert (lue.debut, lue.fin) == (PRESENTE.debut, PRESENTE.fin)
    assert (lue.gestion, lue.convention) == ("separee", "DEMO_CONFORT")


def test_hors_de_ses_droits_une_mutuelle_garde_la_derniere_periode() -> None:
    assert de_la_carte(MUTUELLE, date(2027, 1, 1), "medecin").fin == PRESENTE.fin
    sans = de_la_carte(replace(MUTUELLE, droits=()), JOUR, "medecin")
    assert (sans.debut, sans.fin) == (None, None)


def test_un_organisme_complementaire() -> None:
    lue = de_la_carte(AMC, JOUR, "pharmacien")
    assert (lue.numero, lue.adherent, lue.domaine) == ("0099000123", "00000042", "EXEMPLE.TEST")
    assert (lue.indicateur, lue.aiguillage, lue.debut, lue.fin) == ("23", "4", date(2025, 1, 1), None)
    assert (lue.gestion, lue.convention) == ("separee", "DEMO_GROUPE")


def test_avant_toute_convention_la_carte_seule_parle() -> None:
    lue = de_la_carte(AMC, date(2001, 1, 1), "pharmacien")
    assert (lue.gestion, lue.convention) == ("unique", "")


@pytest.mark.parametrize(("code", "numero", "gestion"), [
    ("01", "99999997", "unique"), ("02", "99999997", "unique"), ("03", "88888888", "separee"),
    ("3", "88888888", "separee"),
])
def test_qui_gere_la_c2s(code: str, numero: str, gestion: str) -> None:
    """CDRi: joint management when the fund manages it, separate when an insurer does."""
    service = ServiceAmo(code, date(2025, 1, 1), date(2026, 12, 31))
    porteur = Beneficiaire("MARTIN", "MARTIN", "LEA", service_amo=service)
    lue = de_la_c2s(porteur, None, JOUR)
    assert (lue.numero, lue.gestion, lue.type_contrat) == (numero, gestion, "89")
    famille = Beneficiaire("MARTIN", "MARTIN", "LEA")
    assert de_la_c2s(famille, service, JOUR).numero == numero
    assert de_la_c2s(porteur, None, date(2027, 1, 1)).gestion == "unique"


def test_la_c2s_d_une_carte_passe_avant_sa_mutuelle(poste: Poste) -> None:
    poste.environnement.inserer_vitale("c2s")
    lu = poste.droits.patient(poste.lecteurs.lire_vitale(), 0, JOUR)
    assert lu.patient.c2s
    assert lu.amc.numero == "99999997"


def test_la_complementaire_d_une_carte(poste: Poste) -> None:
    poste.environnement.inserer_vitale("amc")
    lue = poste.droits.patient(poste.lecteurs.lire_vitale(), 0, JOUR).amc
    assert (lue.indicateur, lue.aiguillage, lue.convention) == ("23", "M", "FNMF")
    assert (lue.debut, lue.fin) == (date(2020, 1, 1), date(2099, 12, 31))


def test_l_option_tarifaire_du_poste(poste: Poste) -> None:
    """It is the doctor's: another trade has none."""
    poste.enregistrer_configuration(replace(poste.configuration, option_tarifaire="optam"))
    poste.environnement.inserer_ps("medecin")
    poste.lecteurs.lire_ps("1234")
    assert poste.facturation.executant().option_tarifaire == "optam"
    poste.environnement.inserer_ps("pharmacien")
    poste.lecteurs.lire_ps("1234")
    assert poste.facturation.executant().option_tarifaire == ""


def test_une_option_inconnue_est_refusee(tmp_path: Path) -> None:
    with pytest.raises(EntreeInvalide) as refus:
        configuration.ecrire(tmp_path, configuration.Configuration(option_tarifaire="cas"))
    assert refus.value.code == "CONFIGURATION_INVALIDE"
    assert not (tmp_path / configuration.FICHIER).exists()


CONVENTIONS = """# version: 2026.05
# cles: numero type_contrat domaine aiguillage
numero;type_contrat;domaine;aiguillage;convention;libelle;formule;gestion;tiers_payant:booleen;date_debut;date_fin;source;certitude
00000099;*;medecin;*;LOCALE;Mutuelle locale;SOCLE;separee;oui;2026-01-01;;essai;S
"""


def test_des_conventions_importees_servent_aussitot(poste: Poste, tmp_path: Path) -> None:
    """G 30,00: AMO 21,00, the insurer of the new table 9,00; the one it does not name pays nothing."""
    chemin = tmp_path / "conventions.csv"
    chemin.write_text(CONVENTIONS, encoding="utf-8")
    assert poste.referentiels.importer("conventions", chemin).lignes == 1
    poste.enregistrer_configuration(replace(poste.configuration, profession="medecin"))
    poste.environnement.inserer_vitale("amc")
    lu = poste.droits.patient(poste.lecteurs.lire_vitale(), 0, JOUR)
    assert (lu.amc.convention, lu.amc.gestion) == ("LOCALE", "separee")
    facture = Facture(
        JOUR, Executant("medecin", "01", departement="72"), lu.patient, (LigneSaisie("G"),), parcours="T",
        tiers_payant=TiersPayant(amc=True), amc=lu.amc,
    )
    assert poste.facturation.tarifer(facture).totaux.amc_centimes == 900
    assert "AMC_SANS_ROUTAGE" in [a.code for a in poste.facturation.controler(facture, JOUR)]
    inconnue = replace(facture, amc=replace(lu.amc, numero="99000001"))
    reponse = poste.facturation.tarifer(inconnue)
    assert (reponse.totaux.amc_centimes, next(a.code for a in reponse.alertes)) == (0, "AMC_SANS_CONVENTION")
    bloquantes = [a.code for a in poste.facturation.controler(inconnue, JOUR) if a.gravite == "bloquante"]
    assert bloquantes == ["AMC_SANS_CONVENTION"]
