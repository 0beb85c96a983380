"""Conventions and formulas imported by a workstation: read whole, checked, added to ours."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels import conventions_amc, tables
from sesam_desktop.referentiels.conventions_amc import TablesDuPoste, lire

JOUR = date(2026, 3, 2)
CONVENTIONS = """# version: 2026.05
# cles: numero type_contrat domaine aiguillage
numero;type_contrat;domaine;aiguillage;convention;libelle;formule;gestion;tiers_payant:booleen;date_debut;date_fin;source;certitude
12345678;*;*;*;LOCALE;Mutuelle locale;TM100;unique;oui;2026-01-01;;Convention signée le 05/01/2026;S
"""
FORMULES = """# version: 2026.05
# cles: formule natures option rang
formule;natures;option;rang:entier;operateur;valeur:entier;libelle;date_debut;date_fin;source;certitude
LOCALE;*;*;1;base;12500;125 % de la base;2026-01-01;;Convention signée le 05/01/2026;S
LOCALE;PH2;*;1;rien;0;15 % exclus;2026-01-01;;Convention signée le 05/01/2026;S
"""


def fichier(dossier: Path, texte: str) -> Path:
    chemin = dossier / "apporte.csv"
    chemin.write_text(texte, encoding="utf-8")
    return chemin


def numeros(poste: TablesDuPoste) -> set[str]:
    return {ligne["numero"] for ligne in poste.charger("conventions_amc").lignes(JOUR)}


def test_sans_import_les_tables_sont_celles_du_programme(tmp_path: Path) -> None:
    poste = TablesDuPoste(tmp_path)
    assert poste.charger("conventions_amc") is tables.charger("conventions_amc")
    assert poste.charger("prix") is tables.charger("prix")


def test_des_conventions_importees_remplacent_celles_du_projet(tmp_path: Path) -> None:
    poste = TablesDuPoste(tmp_path / "tables")
    bilan = poste.importer(fichier(tmp_path, CONVENTIONS))
    assert (bilan.source, bilan.version, bilan.lignes, bilan.rejets) == ("conventions", "2026.05", 1, [])
    assert numeros(poste) == {"12345678", "99999997", "88888888", "75500017"}
    assert numeros(TablesDuPoste(tmp_path / "tables")) == numeros(poste)  # another opening of the same profile


def test_un_import_d_un_autre_programme_sert_aussitot(tmp_path: Path) -> None:
    fenetre = TablesDuPoste(tmp_path)
    assert "99000001" in numeros(fenetre)
    TablesDuPoste(tmp_path).importer(fichier(tmp_path, CONVENTIONS))
    assert "12345678" in numeros(fenetre)
    assert fenetre.charger("conventions_amc") is fenetre.charger("conventions_amc")
    (tmp_path / "conventions_amc.csv").unlink()
    assert "99000001" in numeros(fenetre)


def test_des_formules_importees_s_ajoutent_aux_notres(tmp_path: Path) -> None:
    poste = TablesDuPoste(tmp_path)
    poste.importer(fichier(tmp_path, FORMULES))
    formules = {ligne["formule"] for ligne in poste.charger("formules_amc").lignes(JOUR)}
    assert {"LOCALE", "TM100", "C2S"} <= formules
    poste.importer(fichier(tmp_path, CONVENTIONS.replace("TM100", "LOCALE")))
    assert "12345678" in numeros(poste)
    with pytest.raises(ErreurConnue) as refus:  # a convention uses it
        poste.importer(fichier(tmp_path, FORMULES.replace("LOCALE", "AUTRE")))
    assert refus.value.code == "FORMULE_INCONNUE"


def remplacer(texte: str, avant: str, apres: str) -> str:
    assert avant in texte
    return texte.replace(avant, apres)


REFUS = {
    "formule absente": remplacer(CONVENTIONS, "TM100", "ABSENTE"),
    "numéro court": remplacer(CONVENTIONS, "12345678", "1234"),
    "numéro de la C2S": remplacer(CONVENTIONS, "12345678", "99999997"),
    "gestion": remplacer(CONVENTIONS, "unique", "mixte"),
    "sans libellé": remplacer(CONVENTIONS, "Mutuelle locale", ""),
    "date": remplacer(CONVENTIONS, "2026-01-01", "01/01/2026"),
    "colonnes": remplacer(CONVENTIONS, "convention;", "nom;"),
    "oui ou non sans son type": remplacer(CONVENTIONS, "tiers_payant:booleen", "tiers_payant"),
    "valeur sans son type": remplacer(FORMULES, "valeur:entier", "valeur"),
    "sans ligne": CONVENTIONS[: CONVENTIONS.index("12345678")],
    "opérateur": remplacer(FORMULES, "base;12500", "puissance;12500"),
    "majoration hors parcours": remplacer(FORMULES, "base;12500", "penalite;10000"),
    "option": remplacer(FORMULES, "LOCALE;*;*", "LOCALE;*;cas"),
    "sans nature": remplacer(FORMULES, "LOCALE;PH2;", "LOCALE;;"),
    "formule du programme": remplacer(FORMULES, "LOCALE;*;*", "TM100;*;*"),
    "deux blocs": FORMULES + "LOCALE;PH2 PH4;*;1;tm;5000;Autre;2026-01-01;;essai;P\n",
    "profession": remplacer(CONVENTIONS, "12345678;*;*", "12345678;*;medecins"),
    "aiguillage": remplacer(CONVENTIONS, "12345678;*;*;*", "12345678;*;*;FNMF"),
    "nature inconnue": remplacer(FORMULES, "LOCALE;PH2", "LOCALE;medecins"),
    "natures à virgule": remplacer(FORMULES, "LOCALE;PH2", "LOCALE;PH2,PH4"),
    "ligne ajoutée à la C2S": remplacer(FORMULES, "LOCALE;PH2", "C2S;medecin"),
    "ligne ajoutée à une formule du programme": remplacer(FORMULES, "LOCALE;PH2", "TM100;medecin"),
    "caractère de contrôle": remplacer(CONVENTIONS, "Mutuelle", "Mutuelle\0"),
    "trop grand": CONVENTIONS + "#" * 5_000_000,
    "vide": "",
    "autre texte": "Bonjour;à;tous\n",
}


@pytest.mark.parametrize("nom", REFUS)
def test_une_table_fausse_ne_change_rien(tmp_path: Path, nom: str) -> None:
    poste = TablesDuPoste(tmp_path / "tables")
    poste.importer(fichier(tmp_path, CONVENTIONS))
    avant = numeros(poste)
    with pytest.raises(ErreurConnue) as refus:
        poste.importer(fichier(tmp_path, REFUS[nom]))
    assert refus.value.message.endswith(".")
    assert numeros(poste) == avant
    assert [chemin.name for chemin in (tmp_path / "tables").iterdir()] == ["conventions_amc.csv"]


def test_un_fichier_de_tableur_est_lu_comme_le_notre(tmp_path: Path) -> None:
    """End of lines of Windows, BOM, and empty cells after the comments."""
    tableur = "\ufeff" + CONVENTIONS.replace("2026.05\n", "2026.05;;;;\n").replace("aiguillage\n", "aiguillage;;\n", 1)
    (tmp_path / "apporte.csv").write_bytes(tableur.replace("\n", "\r\n").encode())
    poste = TablesDuPoste(tmp_path / "tables")
    assert poste.importer(tmp_path / "apporte.csv").version == "2026.05"
    assert (tmp_path / "tables" / "conventions_amc.csv").read_text("utf-8") == CONVENTIONS


@pytest.mark.parametrize("octets", [b"\xff\xfe", b"\x00" * 10, CONVENTIONS.encode("latin-1")])
def test_un_fichier_illisible(tmp_path: Path, octets: bytes) -> None:
    chemin = tmp_path / "image.png"
    chemin.write_bytes(octets)
    with pytest.raises(ErreurConnue):
        TablesDuPoste(tmp_path).importer(chemin)
    with pytest.raises(ErreurConnue):
        TablesDuPoste(tmp_path).importer(tmp_path / "absent.csv")


def test_un_plafond_de_facture_n_est_pas_un_bloc() -> None:
    plafond = "LOCALE;PH2 PH4;*;9;plafond_facture;5000;50 € par facture;2026-01-01;;essai;P\n"
    assert len(lire(FORMULES + plafond, "essai.csv").toutes()) == 3


@given(st.text(max_size=400))
def test_tout_texte_est_lu_ou_refuse(texte: str) -> None:
    for debut in ("", CONVENTIONS, FORMULES):
        try:
            table = lire(debut + texte, "essai.csv")
        except ErreurConnue as refus:
            assert refus.message
        else:
            assert table.nom in (conventions_amc.CONVENTIONS, conventions_amc.FORMULES)
