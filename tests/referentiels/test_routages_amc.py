"""Routing of the insurers imported by a workstation: checked row by row, in place of the project's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sesam_desktop.noyau.erreurs import FormatInvalide
from sesam_desktop.referentiels import tables
from sesam_desktop.referentiels.conventions_amc import TablesDuPoste

JOUR = date(2026, 3, 2)
ENTETE = """# version: 2026.11
# cles: numero
numero;type;destinataire;adresse;boite;libelle;date_debut;date_fin;source;certitude
"""
LIGNE = "12345678;OC;00000012345678;dre@mutuelle.test;RSV;Mutuelle d'essai;2026-01-01;;essai;S\n"


def importer(dossier: Path, texte: str) -> TablesDuPoste:
    chemin = dossier / "apporte.csv"
    chemin.write_text(texte, encoding="utf-8")
    poste = TablesDuPoste(dossier / "tables")
    poste.importer(chemin)
    return poste


def test_une_table_importee_remplace_celle_du_projet(tmp_path: Path) -> None:
    poste = importer(tmp_path, ENTETE + LIGNE)
    assert [ligne["numero"] for ligne in poste.charger("routage_amc").lignes(JOUR)] == ["12345678"]
    assert poste.charger("conventions_amc") is tables.charger("conventions_amc")


@pytest.mark.parametrize(("avant", "apres"), [
    ("12345678;OC", "1234;OC"),
    (";OC;", ";XX;"),
    ("00000012345678", "12345678"),
    ("dre@mutuelle.test", "mutuelle"),
    (";RSV;", ";POSTE;"),
    ("12345678;OC", "*;OC"),  # an insurer that nothing names must be refused, not sent anywhere
])
def test_une_ligne_fautive_est_refusee(tmp_path: Path, avant: str, apres: str) -> None:
    with pytest.raises(FormatInvalide) as refus:
        importer(tmp_path, ENTETE + LIGNE.replace(avant, apres, 1))
    assert refus.value.ligne == 4
    assert not (tmp_path / "tables").exists()


def test_d_autres_colonnes(tmp_path: Path) -> None:
    with pytest.raises(FormatInvalide):
        importer(tmp_path, (ENTETE + LIGNE).replace("boite", "bac", 1))
