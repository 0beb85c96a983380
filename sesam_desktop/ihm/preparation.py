"""What the first invoice needs, read while nobody waits: neither its page nor its tables then hold the window."""

from __future__ import annotations

from importlib import import_module

from sesam_desktop.referentiels import tables

PAGES = ("officine", "actes")
TABLES = (
    "actes", "genres", "specialites", "natures_assurance", "particularites", "parcours", "substitutions",
    "qualificatifs", "motifs_exoneration", "associations_ccam", "natures_soins",
)


def preparer() -> None:
    """Runs on a worker, after the first page has its data."""
    for nom in PAGES:
        import_module(f".facturation.{nom}", __package__)
    for nom in TABLES:
        tables.charger(nom)
