"""Reference tables of the workstation: what is loaded, since when, look-ups, imports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import EntreeInvalide

from .changements import Changements

if TYPE_CHECKING:
    from sesam_desktop.droits.oppositions import Oppositions
    from sesam_desktop.droits.tod import Tod, VersionTable
    from sesam_desktop.referentiels.base_referentiels import BaseReferentiels, VersionReferentiel
    from sesam_desktop.referentiels.conventions_amc import TablesDuPoste
    from sesam_desktop.referentiels.differences import Differences
    from sesam_desktop.referentiels.importation import Bilan
    from sesam_desktop.referentiels.medicaments import Medicament, Medicaments

    from .etats_referentiels import EtatSource, EtatTable
    from .recherche_referentiels import Recherche, Trouvaille


class ServiceReferentiels:
    """Medicines, acts, products, destinataires and oppositions, behind one door."""

    def __init__(
        self, base: BaseReferentiels, medicaments: Medicaments, tod: Tod, oppositions: Oppositions,
        changements: Changements, tables: TablesDuPoste,
    ) -> None:
        self._base = base
        self.medicaments = medicaments
        self._tod = tod
        self._oppositions = oppositions
        self._changements = changements
        self._tables = tables

    def versions(self) -> list[VersionReferentiel]:
        """Every version of every imported table, newest first."""
        return self._base.versions()

    def sources(self, jour: date | None = None) -> list[EtatSource]:
        """Every table that can be imported, with what is in force on `jour` (today by default)."""
        from sesam_desktop.referentiels.importation import SOURCES

        from .etats_referentiels import etat_source

        return [etat_source(self._base, nom, libelle, jour or _aujourd_hui()) for nom, libelle in SOURCES.items()]

    def tables_livrees(self, jour: date | None = None) -> list[EtatTable]:
        """The dated tables shipped with the program (tariffs, rates, thresholds)."""
        from .etats_referentiels import etats_tables

        return etats_tables(jour or _aujourd_hui())

    def version_tod(self) -> VersionTable | None:
        """The table of destinataires in use."""
        return self._tod.version()

    def version_oppositions(self) -> VersionTable | None:
        """The opposition list in use."""
        return self._oppositions.version()

    def chercher(self, terme: str, jour: date, limite: int = 50) -> list[Medicament]:
        """Medicines by words, or by a code when `terme` is one."""
        return self.medicaments.trouver(terme, jour, limite)

    def chercher_dans(self, source: str, terme: str, jour: date, limite: int = 50) -> list[Trouvaille]:
        """What one imported table knows of these words or this code."""
        return self._recherche.chercher(source, terme, jour, limite)

    def source_du_code(self, terme: str) -> str:
        """The table whose codes are written so; "" for words and for codes of medicines."""
        from .recherche_referentiels import source_du_code

        return source_du_code(terme)

    def differences(self, source: str, avant: str, apres: str) -> Differences:
        """What changed between two imported versions (AAAA-MM-JJ). Raises VERSION_INCONNUE."""
        from sesam_desktop.referentiels.differences import comparer

        return comparer(self._base, source, avant, apres)

    @cached_property
    def _recherche(self) -> Recherche:
        from .recherche_referentiels import Recherche

        return Recherche(self._base, self.medicaments)

    def importer(
        self,
        source: str,
        chemin: Path,
        progression: Callable[[int, int], None] | None = None,
        annule: Callable[[], bool] | None = None,
        version: str = "",
    ) -> Bilan:
        """Import an official table as one dated version, or the conventions of complementary insurers."""
        from sesam_desktop.referentiels.conventions_amc import SOURCE
        from sesam_desktop.referentiels.importation import importer

        if source == SOURCE:
            _refuser_version(version)
            bilan = self._tables.importer(chemin)
        else:
            bilan = importer(source, chemin, self._base, progression, annuler=annule, version=version)
        self._changements.annoncer("referentiels")
        return bilan

    def importer_tod(self, chemin: Path) -> VersionTable:
        """Replace the table of destinataires."""
        return self._annoncer(self._tod.importer(chemin))

    def importer_loe(self, chemin: Path) -> VersionTable:
        """Replace the opposition list by a complete one."""
        return self._annoncer(self._oppositions.importer(chemin))

    def appliquer_loi(self, chemin: Path) -> VersionTable:
        """Apply an increment to the opposition list."""
        return self._annoncer(self._oppositions.appliquer(chemin))

    def _annoncer(self, version: VersionTable) -> VersionTable:
        self._changements.annoncer("referentiels")
        return version


def _refuser_version(version: str) -> None:
    if version:
        raise EntreeInvalide(
            "Une table de conventions porte ses dates dans ses lignes : elle ne se date pas à l'import.",
            code="VERSION_SANS_OBJET", ou="--version", action="Recommencez sans version.",
        )


def _aujourd_hui() -> date:
    return date.today()  # noqa: DTZ011 - the counter's own calendar day
