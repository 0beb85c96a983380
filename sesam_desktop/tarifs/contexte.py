"""What pricing reads besides the invoice: dated tables and medicines, through one reader that keeps its doubts.

Every row met that no published source confirms is remembered, so that the answer says it once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from sesam_desktop.factures.actes import AVERTISSEMENT
from sesam_desktop.factures.dossier import SourceCcam, SourceLpp, SourceNabm
from sesam_desktop.factures.facture import Alerte, Executant, Facture, Regle
from sesam_desktop.factures.generiques import Groupe
from sesam_desktop.factures.parcours import age_du_patient
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.referentiels.cellules import dans
from sesam_desktop.referentiels.tables import HorsTable, Ligne, SourceTables


class MedicamentTarifable(Protocol):
    """What pricing needs to know of a box. Amounts in centimes, rate in hundredths of a percent."""

    @property
    def cip13(self) -> str: ...
    @property
    def libelle(self) -> str: ...
    @property
    def taux(self) -> int | None: ...
    @property
    def prix_centimes(self) -> int | None: ...
    @property
    def honoraire_centimes(self) -> int | None: ...
    @property
    def remboursable(self) -> bool: ...
    @property
    def version(self) -> str: ...
    @property
    def hors_periode(self) -> bool: ...


class SourceMedicaments(Protocol):
    def par_cip13(self, cip13: str, jour: date) -> MedicamentTarifable | None: ...
    def groupes(self, cip13: str, jour: date) -> Sequence[Groupe]: ...


class TfrTarifable(Protocol):
    @property
    def prix_centimes(self) -> int: ...
    @property
    def version(self) -> str: ...
    @property
    def hors_periode(self) -> bool: ...


class SourceTfr(Protocol):
    def tarif(self, cip13: str, jour: date) -> TfrTarifable | None: ...


@dataclass(frozen=True, slots=True)
class Contexte:
    """`km_factures`: kilometres this professional already billed on a day, for the daily ceiling.

    A source left out is a table that this workstation has not imported.
    """

    tables: SourceTables
    medicaments: SourceMedicaments
    ccam: SourceCcam | None = None
    lpp: SourceLpp | None = None
    nabm: SourceNabm | None = None
    km_factures: Mapping[date, int] = field(default_factory=dict)
    tfr: SourceTfr | None = None


_TABLES = {
    "actes": "acte",
    "actes_exoneres": "acte exonéré",
    "champ_25": "champ 25 de la CCAM",
    "coefficients_drom": "coefficient outre-mer",
    "coefficients_to": "coefficient d'orthodontie TO",
    "conventions_amc": "convention complémentaire",
    "cumuls_ccam": "cumul avec une consultation",
    "formules_amc": "formule complémentaire",
    "grilles_ccam": "grille de la CCAM",
    "kilometres": "indemnité kilométrique",
    "modificateurs_ccam": "modificateur",
    "motifs_exoneration": "motif d'exonération",
    "natures_soins": "dérogation à l'article 11B",
    "particularites": "situation",
    "plafond_km": "plafond kilométrique",
    "qualificatifs": "qualificatif",
    "regime_local": "régime local",
    "regimes": "régime",
    "services_officine": "tarif",
    "vignettes": "taux de remboursement",
}
# Keys said in words.
_CLES = {
    "accompagnement": "accompagnements de l'officine",
    "auxiliaire": "auxiliaires médicaux",
    "garde": "honoraires de garde",
    "honoraire": "honoraires d'ordonnance",
    "honoraire_complexe": "honoraires d'ordonnance",
    "lpp": "LPP",
    "trod": "tests rapides",
}
# Keys that mean nothing to who reads the alert.
_SANS_INTERET = ("zone", "rang", "specialite", "natures", "option", "domaine")


class Consultation:
    """Reads the tables for one pricing."""

    def __init__(self, contexte: Contexte, executant: Executant) -> None:
        self.contexte = contexte
        self.executant = executant
        self.zone = "dom" if executant.departement.startswith("97") else "metro"
        self.alertes: dict[tuple[str, str], Alerte] = {}
        self._doutes: dict[Ligne, str] = {}  # and the name of each, told once
        self._lues: dict[tuple[object, ...], Ligne] = {}  # the same rows are read again at each line

    def lire(self, table: str, jour: date, ou: str = "", **cles: str) -> Ligne:
        """The row in force. HorsTable carries `ou`, the path of the field that asked for it."""
        question = (table, jour, *cles.items())
        if (deja := self._lues.get(question)) is not None:
            return deja
        try:
            ligne = self._lues[question] = self.contexte.tables.charger(table).a_la_date(jour, **cles)
        except HorsTable as erreur:
            erreur.ou = erreur.ou or ou
            raise
        if ligne.a_confirmer:
            self._noter(table, ligne, cles)
        return ligne

    def trouver(self, table: str, jour: date, **cles: str) -> Ligne | None:
        """Same, None when there is no row."""
        ligne = self.contexte.tables.charger(table).trouver(jour, **cles)
        if ligne is not None and ligne.a_confirmer:
            self._noter(table, ligne, cles)
        return ligne

    def prix(self, code: str, jour: date, ou: str) -> Ligne:
        """The price row of `code` in the zone and for the speciality of the professional."""
        return self.lire("prix", jour, ou, code=code, zone=self.zone, specialite=self.executant.specialite)

    def dans_les_ages(self, acte: Ligne, facture: Facture, jour: date) -> bool:
        """True when the act has no condition of age or the patient fulfils it."""
        if not acte["ages"]:
            return True
        age = age_du_patient(facture, jour)
        return dans(acte["ages"], age)

    def avertir(self, code: str, message: str, champ: str) -> None:
        """Add a warning, once per code and field."""
        self.alertes[code, champ] = Alerte(code, AVERTISSEMENT, message, champ)

    def toutes_alertes(self) -> tuple[Alerte, ...]:
        """Warnings of this pricing, the doubtful values last, in one alert."""
        alertes = sorted(self.alertes.values(), key=lambda a: (a.code, a.champ))
        if self._doutes:
            noms = ", ".join(sorted(set(self._doutes.values())))
            message = f"Valeurs à confirmer auprès de la caisse : {noms}."
            alertes.append(Alerte("TARIF_A_CONFIRMER", AVERTISSEMENT, message))
        return tuple(alertes)

    def _noter(self, table: str, ligne: Ligne, cles: Mapping[str, str]) -> None:
        if ligne not in self._doutes:
            utiles = (str(ligne[nom]) for nom in cles if ligne[nom] != "*" and nom not in _SANS_INTERET)
            precises = (_CLES.get(cle, cle) for cle in utiles)
            self._doutes[ligne] = " ".join([_TABLES.get(table, table), *precises])


def regle(code: str, texte: str, ligne: Ligne, sur: str = "base") -> Regle:
    """A rule of the answer, with the source and version of the row it comes from. `sur`: the amount it explains."""
    return Regle(code, texte, ligne.source, f"{ligne.table} {ligne.version}", sur, ligne.a_confirmer)


def refuser(code: str, message: str, ou: str, action: str = "Corrigez la ligne.") -> EntreeInvalide:
    """A typed refusal: the engine never guesses a price."""
    return EntreeInvalide(message, code=code, ou=ou, action=action)
