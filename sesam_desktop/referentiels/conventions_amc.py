"""Conventions, formulas and routing of complementary insurers that a workstation imports in place of the project's.

Three dated tables of the layout of `resources/tarifs/conventions_amc`, `formules_amc` and `routage_amc`. Imported
conventions and routing take the place of those of the project, imported formulas are added to ours. A file is read
whole and checked before it replaces the one installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide
from sesam_desktop.noyau.ressources import ressource

from . import routages_amc, tables
from .routages_amc import ROUTAGE
from .suivi import Bilan
from .tables import TOUS, Ligne, Table

SOURCE = "conventions"
CONVENTIONS, FORMULES = "conventions_amc", "formules_amc"
PAYANTS = ("tm", "base", "frais", "depassement", "forfait", "forfait_unite")
RETENUES = ("penalite", "participation")
LIMITES = ("franchise", "plafond_ligne", "plafond_unite", "rien")
PLAFOND_FACTURE = "plafond_facture"
OPERATEURS = (*PAYANTS, *RETENUES, *LIMITES, PLAFOND_FACTURE)
_RESERVE_C2S = "penalite"
_FORMES = {  # a row whose key no card and no line can have would never pay
    "numero": re.compile(r"\*|[0-9]{1,9}\*|[0-9A-Z]{8}|[1-9A-Z][0-9A-Z]{8,9}"),
    "type_contrat": re.compile(r"\*|[0-9A-Z]{1,2}"), "aiguillage": re.compile(r"\*|[0-9A-Z]"),
}
_CODE = re.compile(r"\*|[A-Z][A-Z0-9]{0,4}")  # prestation code
_CONTROLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NOM_MAX = 23  # of a convention: a DRE repeats it
_TAILLE_MAX = 5_000_000  # bytes
_Etat = tuple[int, int, int] | None


class TablesDuPoste:
    """The shipped tables, with the conventions and formulas imported in `dossier`, by this program or another one."""

    def __init__(self, dossier: Path) -> None:
        self._dossier = dossier
        self._lues: dict[str, tuple[_Etat, Table]] = {}

    def charger(self, nom: str) -> Table:
        if nom not in (CONVENTIONS, FORMULES, ROUTAGE):
            return tables.charger(nom)
        chemin = self._dossier / f"{nom}.csv"
        etat = _etat(chemin)
        if nom not in self._lues or self._lues[nom][0] != etat:
            self._lues[nom] = etat, _ensemble(lire(_texte(chemin), chemin.name)) if etat else tables.charger(nom)
        return self._lues[nom][1]

    def importer(self, chemin: Path) -> Bilan:
        """Install one of the three; a refusal (FormatInvalide, EntreeInvalide) changes nothing."""
        from sesam_desktop.base.fichiers import dossier_prive, remplacer

        texte = _texte(chemin)
        table = lire(texte, chemin.name)
        _verifier_ensemble(table, self)
        dossier_prive(self._dossier)
        remplacer(self._dossier / f"{table.nom}.csv", texte.encode("utf-8"))
        return Bilan(SOURCE, table.version, len(table.toutes()), [])


def lire(texte: str, fichier: str) -> Table:
    """One of the three tables, told by its columns, each row checked."""
    if routages_amc.est_routage(texte):
        return routages_amc.lire(texte, fichier)
    nom = FORMULES if re.search(r"^# cles: *formule ", texte, re.MULTILINE) else CONVENTIONS
    table = tables.lire(nom, texte, fichier)
    modele = _publique(nom)
    if (table.cles, table.colonnes(), table.types) != (modele.cles, modele.colonnes(), modele.types):
        raise FormatInvalide(
            "Ce n'est ni une table de conventions, ni une table de formules : les colonnes diffèrent.", fichier=fichier,
            action="Reprenez les colonnes décrites dans docs/tarification/complementaire.md.",
        )
    for ligne in table.toutes():
        if defaut := _defaut(nom, ligne):
            raise FormatInvalide(defaut, fichier=fichier, ligne=ligne.numero)
    if nom == FORMULES:
        _verifier_blocs(table, fichier)
    return table


def _texte(chemin: Path) -> str:
    """Lines as a spreadsheet writes them: any end of line, empty cells after the comments."""
    try:
        if chemin.stat().st_size > _TAILLE_MAX:
            raise FormatInvalide("Ce fichier est trop grand pour une table de conventions.", fichier=chemin.name)
        texte = chemin.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        texte = "\0"
    lignes = [ligne.rstrip("; ") if ligne.startswith("#") else ligne for ligne in re.split(r"\r\n|\r|\n", texte)]
    if _CONTROLE.search(texte):
        raise FormatInvalide(
            "Ce fichier ne peut pas être lu comme une table de conventions.", fichier=chemin.name,
            action="Choisissez un fichier texte, enregistré en « CSV UTF-8 ».",
        )
    return "\n".join(lignes)


def _publique(nom: str) -> Table:
    return tables.lire(nom, ressource("tarifs", nom, "publiques.csv").read_text(encoding="utf-8"), "publiques.csv")


def _etat(chemin: Path) -> _Etat:
    """What tells a file from the one that replaces it; None when there is none."""
    try:
        lu = chemin.stat()
    except OSError:
        return None
    return lu.st_ino, lu.st_mtime_ns, lu.st_size


def _ensemble(table: Table) -> Table:
    """With what stays ours: every shipped formula, and the conventions of the C2S and of the State."""
    if table.nom == ROUTAGE:
        return table
    socle = tables.charger(FORMULES) if table.nom == FORMULES else _publique(CONVENTIONS)
    return tables.reunir(table.nom, [socle, table])


def _verifier_ensemble(table: Table, poste: TablesDuPoste) -> None:
    """No formula under a name of ours, no row that overlaps ours, no convention without its formula."""
    if table.nom == ROUTAGE:
        return
    if table.nom == FORMULES:
        _verifier_noms(table)
    reunie = _ensemble(table)
    formules = reunie if table.nom == FORMULES else poste.charger(FORMULES)
    conventions = reunie if table.nom == CONVENTIONS else poste.charger(CONVENTIONS)
    connues = {ligne["formule"] for ligne in formules.toutes()}
    if manquante := next((li["formule"] for li in conventions.toutes() if li["formule"] not in connues), ""):
        raise EntreeInvalide(
            f"La formule {manquante} d'une convention n'est pas dans la table des formules.", code="FORMULE_INCONNUE",
            action="Importez d'abord la table des formules.",
        )


def _verifier_noms(table: Table) -> None:
    """A row more would change what a shipped formula pays: that of the C2S first of all."""
    notres = {ligne["formule"] for ligne in tables.charger(FORMULES).toutes()}
    if prise := next((ligne["formule"] for ligne in table.toutes() if ligne["formule"] in notres), ""):
        raise EntreeInvalide(
            f"La formule {prise} est une formule du programme.", code="FORMULE_RESERVEE",
            action="Donnez un autre nom à la vôtre.",
        )


def _verifier_blocs(table: Table, fichier: str) -> None:
    """Two blocks of one formula may not name the same nature: nobody could tell which one pays."""
    vus: dict[tuple[str, str, str], str] = {}
    for ligne in table.toutes():
        if ligne["operateur"] == PLAFOND_FACTURE:
            continue
        for nature in ligne["natures"].split():
            cle = (ligne["formule"], ligne["option"], nature)
            if vus.setdefault(cle, ligne["natures"]) != ligne["natures"]:
                message = f"La nature {nature} est dans deux blocs de la formule {ligne['formule']}."
                raise FormatInvalide(message, fichier=fichier, ligne=ligne.numero)


def _defaut(nom: str, ligne: Ligne) -> str:
    return next(_defauts_de_formule(ligne) if nom == FORMULES else _defauts_de_convention(ligne), "")


def _defauts_de_convention(ligne: Ligne) -> Iterator[str]:
    if not _FORMES["numero"].fullmatch(ligne["numero"]):
        yield f"Le numéro « {ligne['numero']} » doit compter 8 caractères, ou être un début suivi d'une étoile."
    for nom in ("type_contrat", "aiguillage"):
        if not _FORMES[nom].fullmatch(ligne[nom]):
            yield f"« {ligne[nom]} » n'est pas écrit comme sur une carte (colonne {nom})."
    if ligne["domaine"] not in (TOUS, *(professions := _connus("specialites", "profession"))):
        yield f"La profession « {ligne['domaine']} » n'existe pas : {', '.join(professions)} ou une étoile."
    if ligne["gestion"] not in ("unique", "separee"):
        yield "La gestion est « unique » ou « separee »."
    if not (ligne["formule"] and ligne["convention"] and ligne["libelle"]):
        yield "Une convention a un nom, un libellé et une formule."
    if len(ligne["convention"]) > _NOM_MAX:
        yield f"Le nom de la convention compte plus de {_NOM_MAX} caractères."


def _defauts_de_formule(ligne: Ligne) -> Iterator[str]:
    if ligne["operateur"] not in OPERATEURS:
        yield f"L'opérateur « {ligne['operateur']} » n'existe pas : {', '.join(OPERATEURS)}."
    natures = _connus("taux", "nature")
    if inconnue := next((n for n in ligne["natures"].split() if not _CODE.fullmatch(n) and n not in natures), ""):
        yield f"« {inconnue} » n'est ni un code prestation, ni une nature de ligne."
    if ligne["operateur"] == _RESERVE_C2S and ligne["formule"] != "C2S":
        yield "La majoration hors parcours n'est prise que par la C2S."
    if ligne["option"] not in (TOUS, "optam", "hors_optam"):
        yield "L'option est « optam », « hors_optam » ou une étoile."
    if not (ligne["formule"] and ligne["natures"] and ligne["libelle"]):
        yield "Une ligne de formule a un nom, des natures et un libellé."


@lru_cache(maxsize=2)
def _connus(table: str, colonne: str) -> tuple[str, ...]:
    """What a column of a shipped table knows."""
    return tuple(sorted({ligne[colonne] for ligne in tables.charger(table).toutes()}))
