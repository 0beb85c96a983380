"""`factures`: what the workstation keeps, and a copy of one invoice."""

from __future__ import annotations

from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from tests.teletransmission.fabrique import securisee

from .ligne import Ligne


@pytest.fixture
def deux(ligne: Ligne) -> Ligne:
    """Two invoices of 2 March 2026, the second one in a lot."""
    with Base(ligne.profil / "sesam.db") as base:
        depot = Factures(base)
        for numero in ("000000001", "000000002"):
            depot.enregistrer(securisee(numero))
        depot.ajouter_evenement("000000002", Etat.EN_LOT)
    return ligne


def numeros(ligne: Ligne, *options: str) -> list[str]:
    return [f["numero"] for f in ligne.json("factures", "lister", *options)]


def test_poste_neuf(ligne: Ligne) -> None:
    assert ligne.json("factures", "lister") == []
    assert ligne("factures", "lister")[1] == "Aucune facture ne correspond.\n"


def test_liste_et_montants(deux: Ligne) -> None:
    premiere, seconde = deux.json("factures", "lister")
    assert (premiere["numero"], premiere["etat"], seconde["etat"]) == ("000000002", "en_lot", "signee_ps")
    assert (seconde["facture_centimes"], seconde["amo_centimes"], seconde["assure_centimes"]) == (2500, 1750, 750)
    assert (seconde["date_soins"], seconde["libelle"]) == ("2026-03-02", "Signée, à mettre en lot")


def test_filtres(deux: Ligne) -> None:
    assert numeros(deux, "--etat", "en_lot") == ["000000002"]
    assert numeros(deux, "--depuis", "2026-03-02", "--jusqu-a", "2026-03-02") == ["000000002", "000000001"]
    assert numeros(deux, "--depuis", "2026-03-03") == []
    assert numeros(deux, "--jusqu-a", "2026-03-01") == []


def test_texte_pour_les_gens(deux: Ligne) -> None:
    ligne = deux("factures", "lister", "--etat", "signee_ps")[1]
    assert ligne.startswith("000000001  02/03/2026")
    assert "25,00\u00a0€" in ligne


@pytest.mark.parametrize(
    ("options", "code"), [(("--etat", "perdue"), "ETAT_INCONNU"), (("--depuis", "2/3/2026"), "DATE_INVALIDE")]
)
def test_options_refusees(deux: Ligne, options: tuple[str, str], code: str) -> None:
    assert code in deux.refus("factures", "lister", *options)


def test_duplicata(deux: Ligne, tmp_path: Path) -> None:
    pdf = tmp_path / "copie.pdf"
    assert deux.json("factures", "duplicata", "1", "--pdf", pdf) == {"numero": "000000001", "pdf": str(pdf)}
    assert pdf.read_bytes().startswith(b"%PDF-")


def test_duplicata_d_une_inconnue(deux: Ligne, tmp_path: Path) -> None:
    pdf = tmp_path / "copie.pdf"
    assert "FACTURE_INCONNUE" in deux.refus("factures", "duplicata", "42", "--pdf", pdf)
    assert not pdf.exists()
