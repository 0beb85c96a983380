"""Reading of a table of destinataires given as CSV. Pure: bytes in, rows out.

The published table holds six facts (régime, caisse, centre, libellé, organisme destinataire, centre informatique);
its separator, encoding and header are not public. Project profile: all three are detected, codes are kept as text
with their leading zeros, and without a header the six columns are taken in the order above.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
import zlib

from sesam_desktop.noyau.erreurs import FormatInvalide

COLONNES = ("regime", "caisse", "centre", "libelle", "organisme", "centre_informatique")
_LONGUEURS = {"regime": 2, "caisse": 3, "centre": 4, "organisme": 3, "centre_informatique": 3}
_SEPARATEURS = ";\t|,"
_TAILLE_MAX = 50_000_000
Ligne = tuple[str, ...]


def lire(octets: bytes, fichier: str) -> list[Ligne]:
    """Rows in the order of COLONNES. One wrong line refuses the whole table (FormatInvalide says which)."""
    lignes = _decouper(_decoder(_decompresser(octets, fichier)), fichier)
    if not lignes:
        raise _refus("La table ne contient aucune ligne.", fichier)
    ordre = _ordre_des_colonnes(lignes[0][1])
    corps = lignes[1:] if ordre else lignes
    rangs = ordre or list(range(len(COLONNES)))
    table: dict[Ligne, Ligne] = {}
    for numero, colonnes in corps:
        ligne = _ligne(colonnes, rangs, fichier, numero)
        if table.setdefault(ligne[:3], ligne) != ligne:
            raise _refus("Deux lignes donnent des réponses différentes pour le même centre.", fichier, numero)
    if not table:
        raise _refus("La table ne contient aucune ligne.", fichier)
    return list(table.values())


def _decompresser(octets: bytes, fichier: str) -> bytes:
    if not octets.startswith(b"PK\x03\x04"):
        return octets
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            noms = [i for i in archive.infolist() if not i.is_dir()]
            if len(noms) != 1 or noms[0].file_size > _TAILLE_MAX:
                raise _refus("L'archive doit contenir un seul fichier CSV.", fichier)
            return archive.read(noms[0])
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, EOFError, OSError, zlib.error) as erreur:
        raise _refus("L'archive ZIP est illisible.", fichier) from erreur


def _decoder(octets: bytes) -> str:
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return octets.decode("cp1252", errors="replace")


def _decouper(texte: str, fichier: str) -> list[tuple[int, list[str]]]:
    premiere = texte.lstrip().split("\n", 1)[0]
    separateur = next((s for s in _SEPARATEURS if premiere.count(s) >= len(COLONNES) - 1), _SEPARATEURS[0])
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    lignes = []
    try:
        for colonnes in lecteur:
            if any(c.strip() for c in colonnes):
                lignes.append((lecteur.line_num, [c.strip() for c in colonnes]))
    except csv.Error as erreur:
        raise _refus("Ce n'est pas un fichier CSV.", fichier, lecteur.line_num) from erreur
    return lignes


def _ordre_des_colonnes(entete: list[str]) -> list[int] | None:
    """Rank of each of COLONNES when the first line is a header, None when it is already a row."""
    if entete[0].isdigit():
        return None
    noms = [_nom_de_colonne(titre) for titre in entete]
    return [noms.index(nom) for nom in COLONNES] if set(COLONNES) <= set(noms) else None


def _nom_de_colonne(titre: str) -> str:
    propre = unicodedata.normalize("NFKD", titre).encode("ascii", "ignore").decode("ascii").lower()
    for mot, nom in (
        ("informatique", "centre_informatique"),
        ("destinataire", "organisme"),
        ("libelle", "libelle"),
        ("regime", "regime"),
        ("caisse", "caisse"),
        ("centre", "centre"),
    ):
        if mot in propre:
            return nom
    return propre


def _ligne(colonnes: list[str], rangs: list[int], fichier: str, numero: int) -> Ligne:
    if len(colonnes) <= max(rangs):
        raise _refus(f"{len(colonnes)} colonnes au lieu de {len(COLONNES)}.", fichier, numero)
    valeurs = dict(zip(COLONNES, (colonnes[r] for r in rangs), strict=True))
    for nom, longueur in _LONGUEURS.items():
        code = valeurs[nom].upper()
        if not re.fullmatch(rf"[0-9A-Z]{{1,{longueur}}}", code):
            lu = f"« {valeurs[nom][:20]} »" if valeurs[nom].isprintable() else "lu"
            raise _refus(f"Le code {lu} doit compter {longueur} caractères.", fichier, numero, nom)
        valeurs[nom] = code.zfill(longueur)
    return tuple(valeurs.values())


def _refus(message: str, fichier: str, ligne: int = 0, zone: str = "") -> FormatInvalide:
    return FormatInvalide(
        message,
        code="TOD_INVALIDE",
        fichier=fichier,
        ligne=ligne,
        zone=zone,
        action="La table en service n'a pas été modifiée.",
    )
