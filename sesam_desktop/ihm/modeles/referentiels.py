"""Rows and columns of the reference tables: what is loaded, what a look-up finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sesam_desktop.noyau import dates, montants

from .table import Colonne

# Words of the counter for each source; a source that is not here is called as its importer calls it.
LIBELLES = {
    "bdpm": "Médicaments (BDPM)", "ccam": "Actes médicaux (CCAM)", "lpp": "Produits et prestations (LPP)",
    "nabm": "Biologie (NABM)", "ucd": "Codes UCD", "ngap": "Codes prestation (NGAP)",
    "tfr": "Tarifs forfaitaires (TFR)", "demonstration": "Médicaments de démonstration",
}
TARIFS, TOD, LOE = "tarifs", "tod", "loe"


@dataclass(frozen=True)
class SourceVue:
    """One table of this workstation. `versions`: dates and sizes, newest first, when several may be compared."""

    cle: str
    libelle: str
    version: str = ""
    lignes: int = 0
    rejets: int = 0
    importee_le: str = ""
    suivante: str = ""
    versions: tuple[Any, ...] = ()

    @property
    def etat(self) -> str:
        return "fait" if self.version else "à faire"


def sources_de(referentiels: Any) -> list[SourceVue]:
    """Every table, imported or not. Runs on a worker."""
    vues = [
        SourceVue(e.source, LIBELLES.get(e.source, e.libelle), e.version, e.lignes, e.rejets, e.importee_le, e.suivante,
                  e.versions)
        for e in referentiels.sources() if e.versions or e.source != "demonstration"
    ]
    livrees = referentiels.tables_livrees()
    vues.append(SourceVue(TARIFS, f"Tarifs du programme ({len(livrees)} tables)",
                          max((t.version for t in livrees), default=""), sum(t.lignes for t in livrees)))
    for cle, titre, version in ((TOD, "Organismes destinataires (TOD)", referentiels.version_tod()),
                                (LOE, "Liste d'opposition (LOE)", referentiels.version_oppositions())):
        vues.append(SourceVue(cle, titre, version.date, version.effectif) if version else SourceVue(cle, titre))
    return vues


def colonnes_sources() -> list[Colonne]:
    """Of `SourceVue`."""
    return [
        Colonne("table", "Table", lambda s: s.libelle, largeur=30, bulle=lambda s: s.libelle),
        Colonne("etat", "État", lambda s: s.etat, "etat", 8, accessoire=True),
        Colonne("version", "En vigueur, du", lambda s: jour(s.version) or "à importer", "date", 10,
                tri=lambda s: s.version),
        Colonne("importee", "Importée le", lambda s: jour(s.importee_le), "date", 10, tri=lambda s: s.importee_le),
        Colonne("suivante", "Prochaine", lambda s: jour(s.suivante), "date", 10, accessoire=True),
        Colonne("lignes", "Lignes", lambda s: nombre(s.lignes), "nombre", 9, tri=lambda s: s.lignes),
        Colonne("rejets", "Écartées", lambda s: nombre(s.rejets) if s.versions else "", "nombre", 7,
                tri=lambda s: s.rejets, accessoire=True),
        Colonne("versions", "Versions", lambda s: nombre(len(s.versions)) if s.versions else "", "nombre", 7,
                accessoire=True),
    ]


def colonnes_versions() -> list[Colonne]:
    """Of `VersionReferentiel`."""
    return [
        Colonne("date", "Version du", lambda v: jour(v.date), "date", 11, tri=lambda v: v.date),
        Colonne("lignes", "Lignes", lambda v: nombre(v.lignes), "nombre", 9, tri=lambda v: v.lignes),
        Colonne("importee", "Importée le", lambda v: jour(v.importee_le), "date", 10, tri=lambda v: v.importee_le,
                accessoire=True),
    ]


def colonnes_trouvailles() -> list[Colonne]:
    """Of `Trouvaille`."""
    return [
        Colonne("code", "Code", lambda t: t.code, "code", 14),
        Colonne("libelle", "Libellé", lambda t: t.libelle, largeur=50, bulle=lambda t: t.libelle),
        Colonne("detail", "Tarif", lambda t: t.detail.replace(" · ", "  ·  "), largeur=36, bulle=lambda t: t.detail),
        Colonne("version", "Version du", lambda t: jour(t.version), "date", 10, accessoire=True),
        Colonne("periode", "À cette date", lambda t: "version postérieure" if t.hors_periode else "oui", largeur=14,
                accessoire=True),
    ]


def nombre(valeur: int) -> str:
    """Thousands apart, as in an amount."""
    return f"{valeur:,}".replace(",", montants.ESPACE_FINE)


def jour(texte: str) -> str:
    """JJ/MM/AAAA of an ISO date or instant, the text itself when it is neither."""
    try:
        return dates.formater(datetime.fromisoformat(texte).date() if len(texte) > 10 else date.fromisoformat(texte))
    except ValueError:
        return texte
