"""LPP and biology: what they say of each amount, what they ask of an imported table, and what holds for any line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.factures.facture import Tarification
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.lpp import ArticleLpp, Lpp
from sesam_desktop.referentiels.nabm import ActeBiologie, Nabm
from sesam_desktop.tarifs.contexte import Contexte
from sesam_desktop.tarifs.moteur import tarifer

from .outils import Articles, contexte, facture, ligne

ARTICLE = ArticleLpp("2140455", "Orthèse", 1443, 2000, "A", False, None, "DVO", date(2009, 8, 1), "2026-01-15")
EXAMEN = ActeBiologie("1104", "Hémogramme", "B", Decimal(25), False, "5", "2026-01-15")


def avec(article: ArticleLpp = ARTICLE, examen: ActeBiologie = EXAMEN) -> Contexte:
    return contexte(lpp=Articles({article.code: article}), nabm=Articles({examen.code: examen}))


def lpp(sous: Contexte | None = None, **champs: Any) -> Tarification:
    acte = champs.pop("acte", "LPP")
    return tarifer(facture("fournisseur", [ligne(acte=acte, code="2140455", **champs)]), sous or avec())


def biologie(sous: Contexte | None = None, **champs: Any) -> Tarification:
    return tarifer(facture("laboratoire", [ligne(acte="NABM", code="1104", **champs)]), sous or avec())


def codes(reponse: Tarification) -> list[str]:
    return [a.code for a in reponse.alertes]


def test_la_lpp_explique_chaque_montant() -> None:
    (une,) = lpp(quantite=2, montant_facture_centimes=3000).lignes
    regles = {r.code: r for r in une.regles}
    assert regles["TARIF"].texte == "LPP 2140455, tarif depuis le 01/08/2009 : 2 × 14,43\u00a0€ = 28,86\u00a0€."
    assert (regles["TARIF"].sur, regles["TARIF"].version) == ("base", "lpp 2026-01-15")
    assert regles["DEPASSEMENT"].texte == "Facturé 30,00\u00a0€, soit 1,14\u00a0€ au-dessus du tarif."
    assert regles["DEPASSEMENT"].sur == "depassement"
    assert (une.acte, une.detail, une.depassement_centimes) == ("DVO", "2140455", 114)


def test_un_prix_sous_le_tarif_s_explique() -> None:
    (une,) = lpp(montant_facture_centimes=1200).lignes
    texte = "Facturé 12,00\u00a0€, moins que le tarif : la base est le montant facturé."
    assert texte in [r.texte for r in une.regles]


def test_le_coefficient_d_outre_mer_s_explique() -> None:
    article = replace(ARTICLE, date_tarif=None, prix_max_centimes=None, majorations=(("971", Decimal("1.3")),))
    demande = facture("fournisseur", [ligne(acte="LPP", code="2140455")], executant={"departement": "971"})
    (une,) = tarifer(demande, avec(article)).lignes
    assert une.regles[0].texte == "LPP 2140455, tarif : 14,43\u00a0€ × 1,3 = 18,76\u00a0€."


def test_la_biologie_explique_chaque_montant() -> None:
    (une,) = biologie().lignes
    textes = [r.texte for r in une.regles]
    assert textes[0] == "Examen 1104 : B 25."
    assert textes[1] == "B : 25 × 0,25\u00a0€ = 6,25\u00a0€."
    assert (une.acte, une.detail, une.coefficient) == ("B", "1104", Decimal(25))


def test_une_table_recente_ne_donne_pas_d_alerte() -> None:
    assert "TABLE_ANCIENNE" not in codes(lpp()) + codes(biologie())


@pytest.mark.parametrize(("version", "vue"), [("2025-03-31", False), ("2025-02-28", True)])
def test_une_table_de_plus_d_un_an_est_dite(version: str, vue: bool) -> None:
    """Care of 02/03/2026: twelve months from March to March. What it prices is then to be confirmed."""
    vieux = avec(replace(ARTICLE, version=version), replace(EXAMEN, version=version))
    for reponse, code in ((lpp(vieux, montant_facture_centimes=1500), "TARIF"), (biologie(vieux), "COTATION")):
        assert ("TABLE_ANCIENNE" in codes(reponse)) is vue
        assert {r.code: r.a_confirmer for r in reponse.lignes[0].regles}[code] is vue


def test_une_table_ancienne_est_dite_une_fois_par_facture() -> None:
    """And it is no value to be confirmed by the fund."""
    lignes = [ligne(acte="NABM", code="1104"), ligne(acte="NABM", code="1104", date=date(2026, 3, 3))]
    reponse = tarifer(facture("laboratoire", lignes), avec(examen=replace(EXAMEN, version="2020-03-09")))
    assert [a.champ for a in reponse.alertes if a.code == "TABLE_ANCIENNE"] == ["lignes[0].code"]
    assert not any("TABLE_ANCIENNE" in a.message for a in reponse.alertes)


@pytest.mark.parametrize(("hors_periode", "action"), [(True, "plus ancienne"), (False, "Mettez à jour la ")])
def test_sans_prix_ce_jour_la_phrase_dit_quelle_table_importer(hors_periode: bool, action: str) -> None:
    article = replace(ARTICLE, tarif_centimes=None, hors_periode=hors_periode)
    sans = avec(article, replace(EXAMEN, coefficient=None, hors_periode=hors_periode))
    for tarif in (lpp, biologie):
        with pytest.raises(ErreurConnue) as refus:
            tarif(sans)
        assert action in refus.value.action


@pytest.mark.parametrize(("fin", "vue"), [(None, False), (date(2026, 3, 2), True), (date(2026, 3, 3), False)])
def test_le_jour_de_la_fin_d_un_code_est_a_verifier(fin: date | None, vue: bool) -> None:
    """Care of 02/03/2026; what ended before is refused (cases of cas/*.toml)."""
    sous = avec(replace(ARTICLE, fin=fin), replace(EXAMEN, fin=fin))
    assert [("DERNIER_JOUR" in codes(tarif(sous))) for tarif in (lpp, biologie)] == [vue, vue]


class _Changeante:
    """A tariff of 14,43 up to 15/03/2026, of 15,00 from 16/03/2026."""

    def article(self, code: str, jour: date) -> ArticleLpp:
        tarif = 1443 if jour <= date(2026, 3, 15) else 1500
        return replace(ARTICLE, type_prestation="L", tarif_centimes=tarif)


@pytest.mark.parametrize(("debut", "fin", "vue"), [(2, 15, False), (2, 16, True), (16, 29, True)])
def test_une_location_a_cheval_sur_deux_tarifs_est_dite(debut: int, fin: int, vue: bool) -> None:
    """Lines dated 02/03/2026, priced 14,43: some day of the rental has another tariff."""
    sous = contexte(lpp=_Changeante(), nabm=None)
    reponse = lpp(sous, debut=date(2026, 3, debut), fin=date(2026, 3, fin))
    assert ("TARIF_CHANGE" in codes(reponse)) is vue
    assert reponse.lignes[0].base_centimes == 1443


def test_la_table_qui_ignore_l_entente_le_dit() -> None:
    sans = avec(replace(ARTICLE, entente=None))
    assert "ACCORD_A_VERIFIER" in codes(lpp(sans))
    assert "ACCORD_A_VERIFIER" not in codes(lpp(sans, accord="4"))


@pytest.mark.parametrize("vide", ["lpp", "nabm"])
def test_sans_table_importee_le_prix_est_refuse(vide: str) -> None:
    sous = replace(avec(), **{vide: None})
    with pytest.raises(ErreurConnue) as refus:
        lpp(sous) if vide == "lpp" else biologie(sous)
    assert (refus.value.code, refus.value.ou) == ("REFERENTIEL_ABSENT", "lignes[0].code")
    assert f"« {vide} »" in refus.value.action


def test_une_table_qui_se_dit_absente_nomme_le_champ(tmp_path: Path) -> None:
    base = BaseReferentiels(tmp_path / "referentiels.db")
    sous = contexte(lpp=Lpp(base), nabm=Nabm(base))
    for tarif in (lpp, biologie):
        with pytest.raises(ErreurConnue) as refus:
            tarif(sous)
        assert (refus.value.code, refus.value.ou) == ("REFERENTIEL_ABSENT", "lignes[0].code")
    base.fermer()


def test_un_article_de_type_inconnu_peut_avoir_une_periode() -> None:
    """The table does not say what it is: nothing is refused for it."""
    inconnu = avec(replace(ARTICLE, type_prestation=""))
    assert lpp(inconnu, debut=date(2026, 3, 2), fin=date(2026, 3, 8)).lignes


QUANTITES = st.integers(1, 99)
MONTANTS = st.integers(1, 2000)


@given(QUANTITES, MONTANTS, st.booleans())
def test_les_parts_font_le_montant(quantite: int, prix: int, ald: bool) -> None:
    reponse = lpp(quantite=quantite, prix_centimes=prix, ald=ald)
    (une,) = reponse.lignes
    assert une.amo_centimes + une.amc_centimes + une.assure_centimes == une.montant_centimes == prix * quantite
    assert min(une.amo_centimes, une.amc_centimes, une.assure_centimes, une.depassement_centimes) >= 0
    assert une.base_centimes == min(prix, 1443) * quantite
    assert une.base_centimes + une.depassement_centimes == une.montant_centimes
    assert lpp(quantite=quantite, prix_centimes=prix, ald=ald) == reponse


@given(QUANTITES, MONTANTS)
def test_un_article_de_plus_ne_coute_jamais_moins(quantite: int, prix: int) -> None:
    une, autre = (lpp(quantite=n, prix_centimes=prix).totaux for n in (quantite, quantite + 1))
    assert autre.facture_centimes >= une.facture_centimes
    assert autre.amo_centimes >= une.amo_centimes


@given(QUANTITES, st.integers(1, 900))
def test_un_examen_de_plus_ne_coute_jamais_moins(quantite: int, coefficient: int) -> None:
    sous = avec(examen=replace(EXAMEN, coefficient=Decimal(coefficient)))
    une, autre = (biologie(sous, quantite=n).totaux for n in (quantite, quantite + 1))
    assert autre.amo_centimes >= une.amo_centimes
    assert une.amo_centimes + une.assure_centimes == une.facture_centimes == 25 * coefficient * quantite


@given(st.permutations(range(4)))
def test_l_ordre_des_lignes_ne_change_rien(ordre: list[int]) -> None:
    toutes = [ligne(acte="NABM", code="1104", date=date(2026, 3, n)) for n in (2, 3, 4, 5)]
    melangees = tarifer(facture("laboratoire", [toutes[i] for i in ordre]), avec())
    assert melangees.totaux == tarifer(facture("laboratoire", toutes), avec()).totaux
