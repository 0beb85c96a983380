"""``docs/formats.md``, written from the layout tables (``python -m sesam_desktop.flux.documentation``).

The tables are the only place where a position is written; this page and the codecs both come from them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

from sesam_desktop.noyau.ressources import ressource

from . import zones
from .codes_b2 import listes
from .registre import Variante, registre
from .table_zones import Zone

_INTRODUCTION = """# Formats d'échange

Page produite par `python -m sesam_desktop.flux.documentation` à partir de `resources/flux/` : ne pas la modifier.

Types : `A` texte cadré à gauche, `N` chiffres d'un identifiant, `D` date AAMMJJ, `M` montant en centimes, `C` compteur,
quantité, taux ou coefficient à décimales implicites. Présence : `O` obligatoire, `F` facultatif.
Une zone marquée « chiffrée » est retirée du fichier clair et transportée chiffrée dans l'enveloppe de sécurisation.
Dans la colonne des valeurs, `∅` désigne une zone laissée à blanc.

Sources : `S1` spécification fonctionnelle d'un outil de facturation hospitalière (B2 2005-E) ; `S2` et `S3` émetteur
B2 et lecteur NOEMIE en production ; `S5` codes d'adressage du même émetteur ; `S6` formats RSF ; `S10` à `S13`
présentations publiques de la norme ; `IR_DEP_V` table des qualificatifs de l'Assurance Maladie ; `P` profil du
projet, faute de source publique.

Certitude de la position et du sens : `S` publiés, `D` déduits de ce qui est publié, `M` de mémoire, `P` profil du
projet. Les valeurs admises ont leur propre source.
"""

_LISTES = """Une liste fermée porte toutes ses valeurs, selon sa source ou selon le profil du projet : une autre valeur
est une erreur. Hors d'une liste ouverte, la valeur n'est que signalée."""

_CONTROLES = """## Contrôle d'un fichier B2

`flux verifier` lit le fichier au fil de l'eau : sa mémoire ne dépend pas de la taille du fichier. Les numéros de
facture déjà vus passent sur le disque au-delà de 50 000, et restent tous comparés. Un fichier est valide quand il n'a
que des avertissements.

Ne sont pas contrôlés, faute de liste publique des codes qu'ils concernent : l'ordre des lignes d'une facture
d'établissement (un complément « forfait » avant sa prestation, un complément « majoration » après, les écarts
indemnisables et les marges après leur support), et l'égalité de la dépense d'un séjour avec ses parts, dont des
forfaits sont exceptés.
"""

_TRANSPORT = """## Ce qui entoure les fichiers (profil du projet)

Les en-têtes des courriels libéraux, la partie sécurisation et le format SCOR ne sont pas publics. **Ces choix ne sont
pas la norme.**

- **Message** : `multipart/mixed` ; une partie `application/EDI-consent` en base64, `Content-Description`
  `SESAM/FSE`, `/DRE`, `/ARL` ou `/NOEMIE`, suffixe `/Z` quand elle est compressée par gzip, préfixe `SESAMTEST` en
  test ; objet `SV/<émetteur 14>/<horodatage 19>/<nombre 5>`. Les factures y joignent une partie
  `application/x-sesam-securisation`. Le tout est ensuite enveloppé en S/MIME vers l'organisme. Les descriptions et les
  objets de chaque genre sont dans `resources/flux/courriels.csv`.
- **IRIS/B2** (établissements, relevé chez deux émetteurs) : `IRIS/B2[/Z]`, `IRISTEST/B2` en test, objet
  `IR100500/<émetteur 14>/<horodatage 19>/<nombre 5>` ; le fichier B2 y est entier, sans partie de sécurisation.
- **Sécurisation** : JSON canonique (clés triées, sans espace, octets en base64), version 1 : `empreinte_fichier`
  (SHA-256 du fichier B2 clair), `cle` {`profil`, `valeur`}, `signature_lot`, et par facture `numero`, `niveau`,
  `empreinte`, `signatures`, `zones` (valeurs chiffrées des zones marquées, dans l'ordre des enregistrements).
- **SCOR** : partie `application/octet-stream`, `Content-Description: SCOR/PJ/Z` : un ZIP avec `index.json` et une pièce
  PDF par fichier `0001.pdf`, `0002.pdf`… ; 300 ko par pièce, 5 Mo par lot.
"""


def generer() -> str:
    """The whole page."""
    parties = [_INTRODUCTION, *(_variante(v) for v in registre().par_code.values()), _codes(), _controles(), _TRANSPORT]
    return "\n".join(parties)


def _variante(variante: Variante) -> str:
    nom = variante.code
    lignes = [f"## {variante.titre}", "", f"Variante `{nom}` ({variante.nom}){_annonce(variante)}.", ""]
    if variante.avertissement:
        lignes += [f"> {variante.avertissement}", ""]
    for type_ in sorted(zones.declares(nom)):
        layout = zones.exiger(nom, type_)
        lignes += [f"### {nom} : {type_} ({layout.longueur} caractères)", "", *_table(layout.zones), ""]
    return "\n".join(lignes)


def _annonce(variante: Variante) -> str:
    """How a file says that it follows this variant."""
    if not variante.normes:
        return ""
    return f" : norme {' ou '.join(variante.normes)} en 000, version {' ou '.join(variante.versions)} en 1"


def _codes() -> str:
    """The lists that the zones of B2 name."""
    lignes = ["## Listes de codes B2", "", _LISTES, ""]
    for liste in listes().values():
        fermee = "fermée" if liste.fermee else "ouverte"
        lignes += [f"### Liste `{liste.nom}` : {liste.libelle} ({fermee})", ""]
        lignes += ["| Code | Sens | Source | Certitude |", "|---|---|---|---|"]
        lignes += [f"| {c.code or '∅'} | {c.libelle} | {c.source} | {c.certitude} |" for c in liste.codes]
        lignes.append("")
    return "\n".join(lignes)


def _controles() -> str:
    """What ``flux verifier`` says of a B2 file (``resources/flux/controles_b2.csv``)."""
    with ressource("flux", "controles_b2.csv").open(encoding="utf-8", newline="") as table:
        rangees = list(csv.DictReader(table, delimiter=";"))
    lignes = [_CONTROLES, "| Code | Gravité | Ce qui est contrôlé | Source | Certitude |", "|---|---|---|---|---|"]
    lignes += [
        f"| {r['code']} | {r['gravite']} | {r['controle']} | {r['source']} | {r['certitude']} |" for r in rangees
    ]
    return "\n".join([*lignes, ""])


def _table(colonnes: tuple[Zone, ...]) -> Iterator[str]:
    yield "| Pos. | Long. | Type | Prés. | Nom | Libellé | Valeurs | Source | Certitude |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for zone in colonnes:
        libelle = f"{zone.libelle} (chiffrée)" if zone.sensible else zone.libelle
        valeurs = f"liste `{zone.liste}`" if zone.liste else " ".join(valeur or "∅" for valeur in zone.valeurs)
        etendue = f"{zone.position}–{zone.fin}"
        yield (
            f"| {etendue} | {zone.longueur} | {zone.type} | {zone.presence} | `{zone.nom}` "
            f"| {libelle} | {valeurs} | {zone.source} | {zone.certitude} |"
        )


if __name__ == "__main__":
    print(generer(), end="")
