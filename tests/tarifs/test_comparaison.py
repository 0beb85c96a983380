"""What-if: two pricings side by side, and hypotheses read from the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.factures.facture import Prescription, Totaux
from sesam_desktop.factures.hypotheses import lire_hypothese, supposer
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.tarifs.comparaison import a_la_date, comparer
from sesam_desktop.tarifs.moteur import tarifer

from .outils import boites, contexte, facture, ligne

BOITE = "3400930000014"
SOURCE = contexte(boites({BOITE: {"taux": 6500, "prix": 1000, "honoraire": 102}}))
INFIRMIER = facture("infirmier", [ligne(acte="AMI", coefficient=Decimal(4), domicile=True)])
OFFICINE = facture("pharmacien", [ligne(cip13=BOITE)])


def test_deux_tarifications_egales_n_ont_aucun_ecart() -> None:
    une = tarifer(INFIRMIER, SOURCE)
    comparaison = comparer(une, une)
    assert [ecart.change for ecart in comparaison.lignes] == [False, False]
    assert comparaison.totaux == Totaux(0, 0, 0, 0, 0)


def test_en_ald_l_amo_paie_tout() -> None:
    """AMI 4 × 3,15 = 12,60: 60 % is 7,56, 100 % is 12,60, 5,04 more. IFA 2,75: 1,65 then 2,75, 1,10 more."""
    supposee = supposer(INFIRMIER, "lignes[0].ald", "oui")
    comparaison = comparer(tarifer(INFIRMIER, SOURCE), tarifer(supposee, SOURCE))
    assert [(e.ligne.acte, e.ecart("amo_centimes")) for e in comparaison.lignes] == [("AMI", 504), ("IFA", 110)]
    assert comparaison.totaux == Totaux(0, 0, 614, 0, -614)
    ami = comparaison.lignes[0]
    assert "taux" in [r.sur for r in ami.retirees] and "taux" in [r.sur for r in ami.ajoutees]


def test_une_ligne_qui_change_de_nom_reste_la_meme_ligne() -> None:
    """Without a prescription the box is not refunded and the fee of the prescription is not due."""
    comparaison = comparer(
        tarifer(OFFICINE, SOURCE), tarifer(supposer(OFFICINE, "prescription", "rien"), SOURCE)
    )
    noms = [(e.avant and e.avant.acte, e.apres and e.apres.acte) for e in comparaison.lignes]
    assert noms[0] == ("PH7", "PH7")
    assert ("HDR", None) in noms
    partie = next(e for e in comparaison.lignes if e.apres is None)
    assert partie.change and partie.ecart("amo_centimes") == -partie.avant.amo_centimes
    assert partie.ligne is partie.avant


def test_les_lignes_sans_pareille_se_suivent_dans_leur_ordre() -> None:
    reference = tarifer(OFFICINE, SOURCE)
    autres = tuple(replace(li, acte={"PH7": "PHN", "HD7": "HDN"}.get(li.acte, li.acte)) for li in reference.lignes)
    comparaison = comparer(reference, replace(reference, lignes=autres))
    assert {(e.avant.acte, e.apres.acte) for e in comparaison.lignes} == {("PH7", "PHN"), ("HD7", "HDN"),
                                                                         ("HDR", "HDR")}


def test_une_autre_date_emmene_toutes_les_dates() -> None:
    datee = replace(
        INFIRMIER, prescription=Prescription(date(2026, 2, 20)),
        lignes=(ligne(acte="AMI", date=date(2026, 3, 2)), ligne(acte="AMI", debut=date(2026, 3, 1))),
    )
    ailleurs = a_la_date(datee, date(2024, 12, 2))      # 455 days before 2026-03-02
    assert ailleurs.date_soins == date(2024, 12, 2)
    assert ailleurs.prescription.date == date(2024, 11, 22)
    assert [li.date for li in ailleurs.lignes] == [date(2024, 12, 2), None]
    assert ailleurs.lignes[1].debut == date(2024, 12, 1)
    assert a_la_date(replace(datee, prescription=None), date(2026, 3, 3)).prescription is None


@pytest.mark.parametrize(("chemin", "valeur", "lire", "attendu"), [
    ("beneficiaire.c2s", "true", lambda f: f.beneficiaire.c2s, True),
    ("beneficiaire.particularites", "ASPA, AME", lambda f: f.beneficiaire.particularites, ("ASPA", "AME")),
    ("beneficiaire.droits_fin", "2026-12-31", lambda f: f.beneficiaire.droits_fin, date(2026, 12, 31)),
    ("executant.specialite", "01", lambda f: f.executant.specialite, "01"),
    ("date_soins", "2024-12-01", lambda f: f.date_soins, date(2024, 12, 1)),
    ("lignes[0].coefficient", "1.5", lambda f: f.lignes[0].coefficient, Decimal("1.5")),
    ("lignes[0].quantite", "2", lambda f: f.lignes[0].quantite, 2),
    ("lignes[0].prix_centimes", "", lambda f: f.lignes[0].prix_centimes, None),
    ("tiers_payant.amc", "oui", lambda f: f.tiers_payant.amc, True),
    ("amc.numero", "12345678", lambda f: f.amc.numero, "12345678"),
    ("prescription", "null", lambda f: f.prescription, None),
    ("parcours", "S", lambda f: f.parcours, "S"),
])
def test_une_hypothese_change_un_champ(chemin: str, valeur: str, lire, attendu) -> None:
    supposee = supposer(INFIRMIER, chemin, valeur)
    assert lire(supposee) == attendu
    assert supposer(supposee, chemin, valeur) == supposee


@pytest.mark.parametrize(("chemin", "valeur", "code"), [
    ("inconnu", "1", "CHAMP_INCONNU"),
    ("beneficiaire.inconnu", "1", "CHAMP_INCONNU"),
    ("lignes[7].ald", "oui", "CHAMP_INCONNU"),
    ("lignes.ald", "oui", "CHAMP_INCONNU"),
    ("lignes[0]", "AMI", "CHAMP_INCONNU"),
    ("date_soins.jour", "1", "CHAMP_INCONNU"),
    ("date_soins[0]", "1", "CHAMP_INCONNU"),
    ("Beneficiaire..c2s", "1", "CHAMP_INCONNU"),
    ("beneficiaire.c2s", "peut-être", "CHAMP_INVALIDE"),
    ("lignes[0].quantite", "beaucoup", "CHAMP_INVALIDE"),
    ("lignes[0].quantite", "0", "CHAMP_INVALIDE"),
    ("lignes", "x", "CHAMP_INVALIDE"),
    ("beneficiaire.rang", "1234567890", "CHAMP_INVALIDE"),
    ("date_soins", "hier", "DATE_INVALIDE"),
    ("date_soins", "", "CHAMP_MANQUANT"),
])
def test_une_hypothese_refusee_dit_son_champ(chemin: str, valeur: str, code: str) -> None:
    with pytest.raises(EntreeInvalide) as refus:
        supposer(INFIRMIER, chemin, valeur)
    assert refus.value.code == code
    assert refus.value.ou


@pytest.mark.parametrize("texte", ["date_soins", "", "=true"])
def test_une_hypothese_a_un_chemin_et_une_valeur(texte: str) -> None:
    with pytest.raises(EntreeInvalide) as refus:
        lire_hypothese(texte)
    assert refus.value.code == "HYPOTHESE_INVALIDE"
    assert lire_hypothese("amc.numero = 12=3 ") == ("amc.numero", "12=3")


@given(st.text(max_size=30), st.text(max_size=20))
def test_tout_texte_donne_une_hypothese_ou_un_refus(chemin: str, valeur: str) -> None:
    try:
        supposer(INFIRMIER, chemin, valeur)
    except EntreeInvalide as refus:
        assert refus.code in ("CHAMP_INCONNU", "CHAMP_INVALIDE", "CHAMP_MANQUANT", "DATE_INVALIDE")
