"""`referentiels`: import the official tables, list and compare their versions, look something up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sesam_desktop.noyau.dates import lire_iso
from sesam_desktop.noyau.erreurs import EntreeInvalide

from .contexte import Contexte, passer

if TYPE_CHECKING:
    from sesam_desktop.poste.etats_referentiels import EtatSource
    from sesam_desktop.poste.recherche_referentiels import Trouvaille
    from sesam_desktop.referentiels.differences import Differences
    from sesam_desktop.referentiels.importation import Bilan
    from sesam_desktop.referentiels.medicaments import Medicament

REJETS_MONTRES = 20
DIFFERENCES_MONTREES = 40
CELLULE_MAX = 60  # characters of a cell shown to people
_MONTANTS = ("prix", "tarif", "montant", "honoraire")
_CODE_PARTAGE = 7  # digits of a CIP7, of an article of the LPP and of a UCD: they have the same key


@click.group()
def referentiels() -> None:
    """Tables officielles : import et recherche."""


@referentiels.command()
@click.argument("source")
@click.argument("chemin", required=False, type=click.Path(path_type=Path))
@click.option("--version", default="", metavar="AAAA-MM-JJ", help="Jour à partir duquel la table s'applique.")
@passer
def importer(contexte: Contexte, source: str, chemin: Path | None, version: str) -> None:
    """Importe la table SOURCE (bdpm, ccam, lpp, nabm, ucd, ngap, conventions, demonstration) qui se trouve à CHEMIN."""
    with contexte.poste() as poste, _barre("Import") as progression:
        bilan = poste.referentiels.importer(source, _chemin(source, chemin), progression, version=version)
    contexte.repondre(asdict(bilan), lambda: _texte_du_bilan(bilan))


@referentiels.command()
@click.argument("terme")
@click.option("--source", default="", help="Table à consulter (bdpm, ccam, lpp, nabm, ucd, ngap).")
@click.option("--date", "jour", default="", metavar="AAAA-MM-JJ", help="Date des soins (aujourd'hui par défaut).")
@passer
def chercher(contexte: Contexte, terme: str, source: str, jour: str) -> None:
    """Cherche un médicament, un acte ou un produit par code, lecture de douchette ou mots."""
    le = lire_iso(jour, "--date") if jour else date.today()  # noqa: DTZ011 - the counter's own calendar day
    with contexte.poste() as poste:
        table = source or poste.referentiels.source_du_code(terme)
        if table in ("", "bdpm"):
            medicaments = poste.referentiels.chercher(terme, le)
            contexte.repondre([_medicament_en_dict(m) for m in medicaments], lambda: _texte_des(medicaments, terme))
            return
        trouvailles = poste.referentiels.chercher_dans(table, terme, le)
    contexte.repondre([_trouvaille_en_dict(t) for t in trouvailles], lambda: _texte_des_trouvailles(trouvailles))


@referentiels.command()
@passer
def versions(contexte: Contexte) -> None:
    """Liste les tables importées : version, lignes, rejets."""
    with contexte.poste() as poste:
        sources = poste.referentiels.sources()
    contexte.repondre([_source_en_dict(s) for s in sources], lambda: "\n".join(_texte_de_source(s) for s in sources))


@referentiels.command()
@click.argument("source")
@click.argument("avant", metavar="AVANT")
@click.argument("apres", metavar="APRES")
@passer
def differences(contexte: Contexte, source: str, avant: str, apres: str) -> None:
    """Dit ce qui change dans SOURCE de la version AVANT à la version APRES (AAAA-MM-JJ)."""
    with contexte.poste() as poste:
        trouvees = poste.referentiels.differences(source, avant, apres)
    contexte.repondre(_differences_en_dict(trouvees), lambda: _texte_des_differences(trouvees))


def _chemin(source: str, chemin: Path | None) -> Path:
    from sesam_desktop.referentiels import demonstration

    if chemin is None and source != "demonstration":
        raise EntreeInvalide(
            "Le chemin de la table manque.", code="CHEMIN_ABSENT",
            action="Indiquez le fichier officiel, ou le dossier qui le contient.",
        )
    return chemin or demonstration.chemin_livre()


@contextmanager
def _barre(titre: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal's stderr, nothing when piped."""
    from tqdm import tqdm

    with tqdm(total=1, desc=titre, disable=None, leave=False, unit="ligne") as barre:

        def avancer(fait: int, total: int) -> None:
            barre.total = total
            barre.update(fait - barre.n)

        yield avancer


def _texte_du_bilan(bilan: Bilan) -> str:
    gardees, rejetees = _compter(bilan.lignes, "ligne gardée"), _compter(len(bilan.rejets), "rejetée")
    lignes = [f"{bilan.source}, version du {bilan.version} : {gardees}, {rejetees}."]
    lignes += [f"  {c.fichier} : {c.gardees} sur {c.lues}" for c in bilan.fichiers]
    for titre, liste in (("Rejets", bilan.rejets), ("Remarques", bilan.remarques)):
        if liste:
            lignes.append(f"{titre} :")
            lignes += [f"  {r.fichier}, ligne {r.ligne} : {r.motif}" for r in liste[:REJETS_MONTRES]]
        if len(liste) > REJETS_MONTRES:
            lignes.append(f"  et {len(liste) - REJETS_MONTRES} autres (option --json pour tout lire)")
    return "\n".join(lignes)


def _differences_en_dict(differences: Differences) -> dict[str, Any]:
    lignes = [asdict(d) | {"champs": [champ._asdict() for champ in d.champs]} for d in differences.lignes]
    return asdict(differences) | {"lignes": lignes}


def _texte_des_differences(differences: Differences) -> str:
    d = differences
    comptes = _compter(d.ajouts, "ajout"), _compter(d.retraits, "retrait"), _compter(d.modifications, "modification")
    lignes = [f"{d.source}, du {d.avant} au {d.apres} : {', '.join(comptes)}."]
    for ligne in d.lignes[:DIFFERENCES_MONTREES]:
        quoi = ", ".join(f"{c.nom} {_cellule(c.nom, c.avant)} → {_cellule(c.nom, c.apres)}" for c in ligne.champs)
        lignes.append(f"  {ligne.genre} {ligne.code} {ligne.libelle}{f' : {quoi}' if quoi else ''}")
    restent = d.ajouts + d.retraits + d.modifications - DIFFERENCES_MONTREES
    if restent > 0:
        lignes.append(f"  et {_compter(restent, 'autre')} (option --json : les 500 premières de chaque sorte)")
    return "\n".join(lignes)


def _cellule(nom: str, valeur: Any) -> str:
    """A cell that changed, short: amounts and rates as people write them."""
    from sesam_desktop.noyau.montants import formater, formater_taux

    if valeur is None:
        return "rien"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, int) and nom.startswith("taux"):
        return formater_taux(valeur)
    if isinstance(valeur, int) and nom.startswith(_MONTANTS):
        return formater(valeur, unite="€")
    texte = json.dumps(valeur, ensure_ascii=False)
    return texte if len(texte) <= CELLULE_MAX else f"{texte[:CELLULE_MAX]}…"


def _compter(nombre: int, mots: str) -> str:
    """``1 ligne gardée``, ``2 lignes gardées``."""
    accordes = " ".join(f"{mot}s" for mot in mots.split()) if nombre > 1 else mots
    return f"{nombre} {accordes}"


def _source_en_dict(etat: EtatSource) -> dict[str, Any]:
    versions = [{"version": v.date, "lignes": v.lignes, "importee_le": v.importee_le} for v in etat.versions]
    return {
        "source": etat.source, "libelle": etat.libelle, "version": etat.version, "lignes": etat.lignes,
        "rejets": etat.rejets, "importee_le": etat.importee_le, "suivante": etat.suivante, "versions": versions,
    }


def _texte_de_source(etat: EtatSource) -> str:
    if not etat.version:
        return f"{etat.source:14} {etat.libelle} : aucune version importée"
    rejets = f", {_compter(etat.rejets, 'rejetée')}" if etat.rejets else ""
    suivante = f" ; suivante le {etat.suivante}" if etat.suivante else ""
    anciennes = ", ".join(v.date for v in etat.versions if v.date < etat.version)
    avant = f" ; avant : {anciennes}" if anciennes else ""
    lignes = _compter(etat.lignes, "ligne")
    return f"{etat.source:14} {etat.libelle} : version du {etat.version}, {lignes}{rejets}{suivante}{avant}"


def _trouvaille_en_dict(trouvaille: Trouvaille) -> dict[str, Any]:
    """The value of the table as it is: amounts in centimes, dates and coefficients as text."""
    valeur = json.loads(json.dumps(asdict(trouvaille.valeur), default=str))
    return {"source": trouvaille.source, "detail": trouvaille.detail, **valeur}


def _texte_des_trouvailles(trouvailles: list[Trouvaille]) -> str:
    reserve = " — table postérieure à la date demandée"
    lignes = [f"{t.code}  {t.libelle} : {t.detail}{reserve if t.hors_periode else ''}" for t in trouvailles]
    versions = sorted({t.version for t in trouvailles})
    lignes += [f"Table {trouvailles[0].source}, version du {' et du '.join(versions)}."] if trouvailles else []
    return "\n".join(lignes) or "Rien trouvé dans cette table."


def _medicament_en_dict(medicament: Medicament) -> dict[str, Any]:
    return asdict(medicament) | {"remboursable": medicament.remboursable}


def _texte_des(trouves: list[Medicament], terme: str) -> str:
    from sesam_desktop.noyau.montants import formater, formater_taux

    lignes = []
    for m in trouves:
        prix = formater(m.prix_centimes, unite="€") if m.prix_centimes is not None else "prix libre"
        taux = formater_taux(m.taux) if m.taux is not None else "non remboursé"
        reserve = " — table postérieure à la date demandée" if m.hors_periode else ""
        lignes.append(f"{m.cip13}  {m.libelle} — {m.presentation} : {prix}, {taux}{reserve}")
    ailleurs = " Un code de sept chiffres peut être une LPP ou une UCD : --source lpp, --source ucd."
    sept_chiffres = len(terme) == _CODE_PARTAGE and terme.isdigit()
    return "\n".join(lignes) or f"Aucun médicament trouvé.{ailleurs if sept_chiffres else ''}"
