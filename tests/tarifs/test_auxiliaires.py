"""What the answer says of a session: the rules that took part, the place of each line, the refusals in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels import tables
from sesam_desktop.tarifs.moteur import tarifer
from sesam_desktop.tarifs.supplements import km_factures

from .outils import JOUR, contexte, facture, ligne


def regles(metier: str, *lignes, **km: int) -> list[list[tuple[str, str]]]:
    """(code, text) of the rules on the base of each line."""
    reponse = tarifer(facture(metier, list(lignes)), contexte(km_factures={JOUR: km.get("km", 0)}))
    return [[(r.code, r.texte) for r in li.regles if r.sur == "base"] for li in reponse.lignes]


def test_une_derogation_dit_son_nom() -> None:
    prise = ligne(acte="AMI", coefficient=Decimal("1.5"), code="PRELEVEMENT")
    pansement, preleve = regles("infirmier", ligne(acte="AMI", coefficient=Decimal(2)), prise)
    assert ("ARTICLE_11B", "Article 11B, 1er acte de la séance : à taux plein.") in pansement
    assert preleve[-1] == (
        "DEROGATION_11B",
        "Dérogation à l'article 11B, à taux plein : Prélèvement par ponction veineuse directe, deux actes au plus à "
        "taux plein.",
    )


def test_un_groupe_dit_son_rang() -> None:
    glycemie, injection = (ligne(acte="AMI", code="DIABETE") for _ in range(2))
    toutes = regles("infirmier", ligne(acte="AMI", coefficient=Decimal(4)), glycemie, injection)
    texte = "Article 11B, 2e groupe d'actes cumulables de la séance : à demi-coefficient."
    assert ("ARTICLE_11B", texte) in toutes[1]
    assert ("ARTICLE_11B", texte) in toutes[2]


def test_un_deplacement_partage_est_explique() -> None:
    [acte] = regles("infirmier", ligne(acte="AMI", coefficient=Decimal(4), domicile=True, deplacement_partage=True))
    texte = "Déplacement porté par un autre patient du même lieu : une seule indemnité par visite."
    assert acte[-1] == ("DEPLACEMENT_PARTAGE", texte)


def test_les_kilometres_disent_leur_abattement_et_leur_plafond() -> None:
    toutes = regles("infirmier", ligne(acte="AMI", coefficient=Decimal(4), ik_km=12), km=295)
    assert toutes[2][1] == ("ABATTEMENT_IK", "12 km moins 4 (plaine) : 8 km.")
    assert toutes[3][2] == ("PLAFOND_IK", "Plafond journalier, de 300 à 399 km.")


def test_un_complement_dit_son_nom() -> None:
    _, nuit = regles("masseur_kinesitherapeute", ligne(acte="AMK", coefficient=Decimal("8.5"), complement="N"))
    assert nuit[0] == ("TARIF", "AMK majoration de nuit (20 h à 8 h) : 9,15\u00a0€.")


def test_une_visite_sans_acte_garde_la_place_de_sa_ligne() -> None:
    lignes = [ligne(acte="BSC", passage=1), ligne(acte="IFI", passage=2, complement="N")]
    reponse = tarifer(facture("infirmier", lignes), contexte())
    assert [(li.acte, li.complement, li.saisie) for li in reponse.lignes] == [
        ("BSC", "", 0), ("IFI", "", 1), ("BSC", "N", 1),
    ]


def test_les_kilometres_factures_d_un_jour() -> None:
    veille = date(2026, 3, 1)
    lignes = [ligne(acte="AMI", ik_km=12), ligne(acte="AMI", ik_km=30, date=veille)]
    facturees = tarifer(facture("infirmier", lignes), contexte()).lignes
    assert [km_factures(facturees, jour, tables) for jour in (JOUR, veille, date(2026, 3, 3))] == [8, 26, 0]


@pytest.mark.parametrize(("metier", "acte", "suite"), [
    ("masseur_kinesitherapeute", "AMK", "LOMBALGIE, MENISCECTOMIE"), ("orthophoniste", "AMO", "Laissez ce champ vide."),
])
def test_une_situation_inconnue_dit_celles_qui_sont_connues(metier: str, acte: str, suite: str) -> None:
    with pytest.raises(ErreurConnue) as refus:
        tarifer(facture(metier, [ligne(acte=acte, code="MIGRAINE")]), contexte())
    assert (refus.value.code, refus.value.ou) == ("SITUATION_INCONNUE", "lignes[0].code")
    assert suite in refus.value.action


def test_le_depassement_d_un_troisieme_acte_est_refuse() -> None:
    lignes = [ligne(acte="AMO", coefficient=Decimal(c)) for c in ("12", "10")]
    troisieme = ligne(acte="AMO", coefficient=Decimal(5), depassement_centimes=100, qualificatif="E")
    with pytest.raises(ErreurConnue) as refus:
        tarifer(facture("orthophoniste", [*lignes, troisieme]), contexte())
    assert (refus.value.code, refus.value.ou) == ("DEPASSEMENT_SANS_ACTE", "lignes[2].depassement_centimes")
