"""Part of the complementary insurer (State, C2S, AMC), decided over all the lines once the AMO part is known.

The amounts do not depend on who bills them: with separate management they are computed here and billed apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sesam_desktop.factures import amc
from sesam_desktop.factures.facture import Facture, OrganismeAmc, Regle
from sesam_desktop.referentiels.tables import Ligne

from . import plafonds_amc
from .contexte import Consultation, regle
from .cotation import Cotation
from .formules_amc import PENALITE, appliquer, bloc, ouvertes, situation
from .parts import PartAmc, PartAmo

_GESTIONS = {"unique": "gestion unique", "separee": "gestion séparée"}


def parts(lignes: Sequence[PartAmo], facture: Facture, tables: Consultation) -> list[PartAmc]:
    """One part a line, in the same order; never more than what the AMO leaves."""
    organisme = amc.payeur(facture)
    if organisme is None:
        return [PartAmc()] * len(lignes)
    contrat = _Contrat(organisme, facture, tables)
    brutes = [contrat.part(ligne) for ligne in lignes]
    return plafonds_amc.plafonner(lignes, brutes, contrat.rangees)


@dataclass(frozen=True, slots=True)
class _Lues:
    """The rows of the formula in force on a day, and the rule that names the convention they come from."""

    rangees: list[Ligne]
    regle: Regle


class _Contrat:
    """What one insurer pays on one invoice, its rows read once a day of care."""

    def __init__(self, organisme: OrganismeAmc, facture: Facture, tables: Consultation) -> None:
        self._organisme = organisme
        self._facture = facture
        self._tables = tables
        self._lues: dict[date, _Lues | None] = {}
        self._blocs: dict[tuple[date, str, str], list[Ligne]] = {}

    def part(self, ligne: PartAmo) -> PartAmc:
        lues = self._lire(ligne.cotation.jour)
        if lues is None:
            return PartAmc()
        montant, regles = appliquer(self._bloc(lues, ligne.cotation), situation(ligne))
        return PartAmc(montant, (lues.regle, *regles)) if regles else PartAmc()

    def rangees(self, jour: date) -> list[Ligne]:
        """Rows of the formula in force on `jour`, none when the insurer may not pay."""
        lues = self._lire(jour)
        return lues.rangees if lues is not None else []

    def _bloc(self, lues: _Lues, c: Cotation) -> list[Ligne]:
        cle = (c.jour, c.acte, c.nature)
        if cle not in self._blocs:
            self._blocs[cle] = bloc(lues.rangees, c.acte, c.nature)
            for rangee in self._blocs[cle]:
                self._noter(rangee)
        return self._blocs[cle]

    def _lire(self, jour: date) -> _Lues | None:
        if jour not in self._lues:
            self._lues[jour] = self._chercher(jour)
        return self._lues[jour]

    def _chercher(self, jour: date) -> _Lues | None:
        source = self._tables.contexte.tables
        convention = amc.convention(self._organisme, self._facture.executant.profession, jour, source)
        if empeche := amc.empechement(self._organisme, convention, jour, source):
            self._tables.avertir(*empeche, "amc")
            return None
        if convention is None:
            self._tables.avertir("AMC_SANS_CONVENTION", "Aucune convention ne couvre cet organisme.", "amc.numero")
            return None
        formule = self._organisme.formule or convention["formule"]
        rangees = [ligne for ligne in source.charger("formules_amc").lignes(jour) if ligne["formule"] == formule]
        if not rangees:
            self._tables.avertir("AMC_SANS_FORMULE", f"La formule {formule} n'est pas dans les tables.", "amc.formule")
            return None
        cles = {nom: convention[nom] for nom in ("numero", "type_contrat", "domaine", "aiguillage")}
        self._tables.lire("conventions_amc", jour, "amc.numero", **cles)
        return _Lues(self._autorisees(ouvertes(rangees, self._facture.executant)), self._regle(convention, formule))

    def _autorisees(self, rangees: list[Ligne]) -> list[Ligne]:
        """The majoration hors parcours is paid by the C2S only, whatever a formula says."""
        if amc.est_public(self._organisme):
            return rangees
        return [rangee for rangee in rangees if rangee["operateur"] != PENALITE]

    def _noter(self, rangee: Ligne) -> None:
        cles = {nom: str(rangee[nom]) for nom in ("formule", "natures", "option", "rang")}
        self._tables.lire("formules_amc", rangee.debut, "amc.formule", **cles)

    def _regle(self, convention: Ligne, formule: str) -> Regle:
        gestion = _GESTIONS[self._organisme.gestion]
        texte = f"{convention['libelle']} : formule {formule}, {gestion}."
        return regle("AMC_CONVENTION", texte, convention, "amc")
