"""Columns of the reference tables and of a search in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sesam_desktop.noyau import dates, montants

from .table import Colonne

SOURCES = {"bdpm": "Médicaments (BDPM)", "demonstration": "Médicaments de démonstration"}


@dataclass(frozen=True)
class VersionVue:
    """One table as loaded on this workstation."""

    table: str
    version: str
    date: str
    effectif: int
    importee_le: str = ""


def versions_de(referentiels: Any) -> list[VersionVue]:
    """Every table with its version: medicines, destinataires, opposition list. Runs on a worker."""
    vues = [
        VersionVue(SOURCES.get(v.source, v.source.upper()), v.date, v.date, v.lignes, v.importee_le)
        for v in referentiels.versions()
    ]
    for titre, version in (("Organismes destinataires (TOD)", referentiels.version_tod()),
                           ("Liste d'opposition (LOE)", referentiels.version_oppositions())):
        if version is not None:
            vues.append(VersionVue(titre, version.version, version.date, version.effectif))
    return vues


def colonnes_versions() -> list[Colonne]:
    """Of `VersionVue`."""
    return [
        Colonne("table", "Table", lambda v: v.table, largeur=34),
        Colonne("version", "Version", lambda v: v.version, largeur=14, visible=False),
        Colonne("date", "Du", lambda v: _jour(v.date), "date", 10, tri=lambda v: v.date),
        Colonne("effectif", "Lignes", lambda v: f"{v.effectif:,}".replace(",", montants.ESPACE_FINE), "nombre", 9,
                tri=lambda v: v.effectif),
        Colonne("importee", "Importée le", lambda v: _jour(v.importee_le), "date", 10, tri=lambda v: v.importee_le),
    ]


def colonnes_medicaments() -> list[Colonne]:
    """Of `referentiels.medicaments.Medicament`."""
    return [
        Colonne("cip13", "CIP", lambda m: m.cip13, "code", 14),
        Colonne("libelle", "Produit", lambda m: m.libelle, largeur=44, bulle=lambda m: m.libelle),
        Colonne("presentation", "Présentation", lambda m: m.presentation, largeur=30, bulle=lambda m: m.presentation),
        Colonne("taux", "Taux", lambda m: montants.formater_taux(m.taux) if m.taux is not None else "non remb.",
                "nombre", 9, tri=lambda m: m.taux or 0),
        Colonne("prix", "Prix €", lambda m: _prix(m.prix_centimes), "montant", 9, tri=lambda m: m.prix_centimes or 0),
        Colonne("honoraire", "Honoraire €", lambda m: _prix(m.honoraire_centimes), "montant", 9, visible=False,
                tri=lambda m: m.honoraire_centimes or 0),
        Colonne("commercialise", "Commercialisé", lambda m: "oui" if m.commercialise else "non", largeur=8,
                accessoire=True),
    ]


def _prix(centimes: int | None) -> str:
    return "libre" if centimes is None else montants.formater(centimes)


def _jour(texte: str) -> str:
    """JJ/MM/AAAA of an ISO date or instant, the text itself when it is neither."""
    try:
        return dates.formater(datetime.fromisoformat(texte).date() if len(texte) > 10 else date.fromisoformat(texte))
    except ValueError:
        return texte
