"""What the accountant opens: read back by openpyxl and by `csv`, which know nothing of our writer."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission import exports, feuilles
from sesam_desktop.teletransmission.comptes import Comptes
from sesam_desktop.teletransmission.feuilles import Colonne, Feuille, Genre

from .atelier import Atelier
from .fabrique import JOUR
from .retours_composes import dernier_lot, paiement
from .test_comptes import envoyer
from .test_rapprochement import importer

NOMS = ["factures", "reglements", "virements", "mouvements", "dus"]
DEBUT, FIN = date(2026, 3, 1), date(2026, 3, 31)


def relire(octets: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(octets))


def rangees(octets: bytes) -> list[list[str]]:
    assert octets.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(octets.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.fixture
def comptes(atelier: Atelier) -> Comptes:
    """Two invoices sent on 2 March; one is paid on the 9th, one euro short."""
    payee, _ = envoyer(atelier, 2)
    importer(atelier, paiement(dernier_lot(), [{"numero": payee, "paye": 1650}]))
    return Comptes(atelier.base, atelier.factures)


def test_classeur_relu(comptes: Comptes) -> None:
    classeur = relire(exports.en_xlsx(comptes.feuilles(DEBUT, FIN)))
    assert classeur.sheetnames == [nom.capitalize() for nom in NOMS]
    page = classeur["Factures"]
    assert page.freeze_panes == "A2"
    titres = [cellule.value for cellule in page[1]]
    premiere = dict(zip(titres, [cellule.value for cellule in page[2]], strict=True))
    assert premiere["Facture"] == "000000001"
    assert premiere["Soins"].date() == JOUR
    assert (premiere["Total €"], premiere["AMO demandé €"], premiere["AMO réglé €"]) == (25, 17.5, 16.5)
    assert premiere["État"] == "Montant payé différent"
    assert page.max_row == 3
    virement = [cellule.value for cellule in classeur["Virements"][2]]
    assert virement[5:8] == [16.5, 0, 16.5]
    dus = [cellule.value for cellule in classeur["Dus"][2]]
    assert dus[:4] == ["01721721", "AMO", "000000001", "AMO"]
    assert dus[9] == 1.0


def test_csv_relus(comptes: Comptes, tmp_path: Path) -> None:
    ecrits = exports.ecrire_csv(tmp_path, comptes.feuilles(DEBUT, FIN))
    assert [chemin.stem for chemin in ecrits] == NOMS
    titres, reglement = rangees((tmp_path / "reglements.csv").read_bytes())
    assert dict(zip(titres, reglement, strict=True)) == {
        "Paiement": "09/03/2026", "Facture": "000000001", "Part": "AMO", "Réponse": "payé", "Demandé €": "17,50",
        "Payé €": "16,50", "Virement": "1",
    }


def test_une_periode_ne_prend_que_ses_jours(comptes: Comptes) -> None:
    vide = {f.nom: len(f.lignes) for f in comptes.feuilles(date(2025, 1, 1), date(2025, 12, 31))}
    assert vide == {"factures": 0, "reglements": 0, "virements": 0, "mouvements": 0, "dus": 2}
    jour = {f.nom: len(f.lignes) for f in comptes.feuilles(JOUR, JOUR)}
    assert (jour["factures"], jour["reglements"]) == (2, 0)


def test_periode_a_l_envers(comptes: Comptes) -> None:
    with pytest.raises(ErreurConnue) as refus:
        comptes.feuilles(FIN, DEBUT)
    assert refus.value.code == "PERIODE_INVALIDE"


def test_dossier_absent(tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue) as refus:
        exports.ecrire_xlsx(tmp_path / "absent" / "comptes.xlsx", [feuilles.dus((), DEBUT)])
    assert refus.value.code == "FICHIER_ABSENT"


def test_un_export_vide_se_lit(tmp_path: Path) -> None:
    vide = feuilles.dus((), DEBUT)
    assert relire(exports.en_xlsx([vide]))["Dus"].max_row == 1
    assert len(rangees(exports.en_csv(vide))) == 1


def une_feuille(genre: Genre, valeurs: list[Any]) -> Feuille:
    return Feuille("essai", "Essai", (Colonne("Valeur", genre),), tuple((v,) for v in valeurs))


@pytest.mark.parametrize("formule", ["=1+1", "+33", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_une_formule_reste_un_texte(formule: str) -> None:
    feuille = une_feuille(Genre.TEXTE, [formule])
    assert rangees(exports.en_csv(feuille))[1] == [f"'{formule}"]
    cellule = relire(exports.en_xlsx([feuille]))["Essai"]["A2"]
    assert cellule.data_type == "s"
    assert cellule.value.replace("_x000D_", "\r").strip() == formule.strip()


@given(st.lists(st.integers(-10**12, 10**12), min_size=1, max_size=20))
def test_les_montants_sont_exacts(centimes: list[int]) -> None:
    """Up to ten billion euros either way, each centime comes back."""
    feuille = une_feuille(Genre.MONTANT, centimes)
    page = relire(exports.en_xlsx([feuille]))["Essai"]
    lus = [Decimal(str(page.cell(rang + 2, 1).value)) for rang in range(len(centimes))]
    assert [montant * 100 for montant in lus] == centimes
    assert [int(texte.replace(",", "")) for (texte,) in rangees(exports.en_csv(feuille))[1:]] == centimes


def test_les_nombres_negatifs_d_un_csv_restent_des_nombres() -> None:
    assert rangees(exports.en_csv(une_feuille(Genre.MONTANT, [-5, 0, None]))) == [["Valeur"], ["-0,05"], ["0,00"], [""]]
