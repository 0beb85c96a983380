from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

from sesam_desktop.editions import duplicata, feuille
from sesam_desktop.factures.facture import Niveau, TiersPayant
from sesam_desktop.factures.fiches import Evenement
from sesam_desktop.noyau.erreurs import ErreurConnue

from .exemples import HISTORIQUE, facture_de

INSECABLES = str.maketrans("\u00a0\u202f", "  ")


def textes(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    lus = [page.get_textpage().get_text_bounded().translate(INSECABLES) for page in document]
    document.close()
    return lus


def test_deux_exemplaires_avec_toutes_les_mentions() -> None:
    fs = facture_de(2)
    patient, caisse = textes(duplicata.composer(fs, HISTORIQUE))
    assert "Exemplaire du patient" in patient
    assert "Exemplaire de la caisse" in caisse
    for texte in (patient, caisse):
        for mention in (
            "DUPLICATA", "Facture n° 000000001 du 02/03/2026", "Soins du 02/03/2026", "MARTIN",
            "DURAND ÉLODIE",
            "1 80 19 75 000 001 31", "01/01/1980", "CPAM d'essai", "Régime 01, caisse 721, centre 0000",
            "Organisme 721, centre informatique 001", "Du 01/03/2026", "Prescripteur n° 10001234563", "PH7",
            "3400930000007", "1 234,56", "802,46", "432,10", "65 %", "2 469,12", "1 604,92", "864,20",
            "Facture sécurisée (carte Vitale et carte du professionnel)", "Tiers payant : AMO.", fs.empreinte,
            "Transmise", "Tarifée", "Signée par le professionnel", "ce n'est pas une feuille de soins", "Page 1 / 1",
        ):
            assert mention in texte, mention


@pytest.mark.parametrize(
    ("niveau", "mention"),
    [
        (Niveau.SANS_VITALE, "SESAM sans Vitale"),
        (Niveau.DEGRADEE, "dégradée"),
        (Niveau.NON_SECURISEE, "non sécurisée (aucune carte)"),
    ],
)
def test_le_niveau_de_securisation_est_dit(niveau: Niveau, mention: str) -> None:
    assert mention in textes(duplicata.composer(facture_de(1, niveau=niveau), []))[0]


def test_correction_sans_prescription_et_sans_tiers_payant() -> None:
    fs = facture_de(1, remplace="000000009")
    demande = replace(fs.facture.demande, prescription=None, tiers_payant=TiersPayant(amo=False))
    ligne = replace(fs.facture.tarification.lignes[0], exoneration="4", depassement_centimes=500, libelle="Soin")
    tarification = replace(fs.facture.tarification, lignes=(ligne,))
    fs = replace(fs, facture=replace(fs.facture, demande=demande, tarification=tarification))
    texte = textes(duplicata.composer(fs, []))[0]
    for mention in ("remplace la facture n° 000000009", "Sans prescription", "Tiers payant : non.", "65 % 4",
                    "Dont dépassements : 5,00 €"):
        assert mention in texte, mention


def test_un_remplacant_est_dit() -> None:
    fs = facture_de(1)
    demande = replace(fs.facture.demande, executant=replace(fs.facture.demande.executant, remplacant="726000417"))
    texte = textes(duplicata.composer(replace(fs, facture=replace(fs.facture, demande=demande)), []))[0]
    assert "Soins donnés par un remplaçant, n° 726000417" in texte
    assert "remplaçant" not in textes(duplicata.composer(fs, []))[0]


def test_un_acte_infirmier_dit_son_coefficient_et_son_complement() -> None:
    fs = facture_de(1)
    ligne = replace(fs.facture.tarification.lignes[0], acte="AMI", coefficient=Decimal("1.50"), complement="N")
    tarification = replace(fs.facture.tarification, lignes=(ligne,))
    fs = replace(fs, facture=replace(fs.facture, tarification=tarification))
    assert "AMI 1,5 N" in textes(duplicata.composer(fs, []))[0]


@pytest.mark.parametrize(("nombre", "pages"), [(0, 1), (1, 1), (31, 1), (32, 2), (44, 2), (45, 2), (200, 5)])
def test_aucune_ligne_ne_se_perd_entre_les_pages(nombre: int, pages: int) -> None:
    lues = textes(duplicata.composer(facture_de(nombre), HISTORIQUE))
    assert len(lues) == 2 * pages
    for exemplaire in (lues[:pages], lues[pages:]):
        assert sum(page.count("3400930000007") for page in exemplaire) == nombre
        assert [f"Page {rang + 1} / {pages}" in page for rang, page in enumerate(exemplaire)] == [True] * pages
        assert ["Totaux" in page for page in exemplaire] == [False] * (pages - 1) + [True]


def test_rien_ne_sort_de_la_feuille_ni_ne_se_recouvre() -> None:
    document = pypdfium2.PdfDocument(duplicata.composer(facture_de(31), HISTORIQUE))
    page = document[0].get_textpage()
    rectangles = [page.get_rect(rang) for rang in range(page.count_rects())]
    document.close()
    assert min(r[0] for r in rectangles) >= feuille.MARGE - 1
    assert max(r[2] for r in rectangles) <= feuille.LARGEUR - feuille.MARGE + 1
    lignes = sorted({round(r[1]) for r in rectangles if 300 < r[1] < 560})
    assert min(b - a for a, b in pairwise(lignes) if b - a > 3) >= 8


def test_les_montants_sont_alignes_a_droite() -> None:
    document = pypdfium2.PdfDocument(duplicata.composer(facture_de(3), HISTORIQUE))
    page = document[0].get_textpage()
    droites = set()
    for texte in ("802,46", "2 407,38"):
        recherche = page.search(texte)
        while trouve := recherche.get_next():
            index, nombre = trouve
            droites.add(round(page.get_charbox(index + nombre - 1)[2]))
    document.close()
    assert len(droites) == 1


def test_les_polices_sont_incorporees() -> None:
    pdf = duplicata.composer(facture_de(1), HISTORIQUE)
    assert pdf.count(b"/FontFile2") == 2
    assert b"Helvetica" not in pdf
    assert b"DURAND" not in pdf


def test_ecrire_le_fichier(tmp_path: Path) -> None:
    chemin = tmp_path / "d.pdf"
    assert duplicata.ecrire(facture_de(1), HISTORIQUE, chemin) == chemin
    assert chemin.read_bytes().startswith(b"%PDF-")


def test_un_dossier_absent_est_une_phrase(tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue) as vu:
        duplicata.ecrire(facture_de(1), HISTORIQUE, tmp_path / "absent" / "d.pdf")
    assert vu.value.code == "FICHIER_ABSENT"


@pytest.mark.parametrize(("place", "attendu"), [(1000, "Honoraire"), (30, "Hono…"), (0, "…")])
def test_couper_un_texte_trop_long(place: float, attendu: str) -> None:
    coupe = feuille.couper("Honoraire", place, 8)
    assert coupe == attendu
    assert feuille.largeur(coupe, 8) <= max(place, feuille.largeur("…", 8))


def test_les_largeurs_sont_celles_de_reportlab() -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    for texte in ("1\u00a0234,56", "DURAND ÉLODIE", "Œuvre – « essai »"):
        assert feuille.largeur(texte, 8) == pytest.approx(stringWidth(texte, feuille.NORMAL, 8))


def test_la_demande_a_la_complementaire_est_dite() -> None:
    historique = [Evenement("demande_amc", HISTORIQUE[0].instant, {"demande": "000000002", "nature": "I"})]
    [patient, _] = textes(duplicata.composer(facture_de(1), historique))
    assert "Part complémentaire demandée à part (n° 000000002)" in patient
