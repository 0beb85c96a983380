"""Builds invoices for the pricing tests, and a small table of medicines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sesam_desktop.factures.facture import (
    Executant,
    Facture,
    LigneSaisie,
    OrganismeAmc,
    Patient,
    Prescription,
    TiersPayant,
)
from sesam_desktop.referentiels import tables
from sesam_desktop.tarifs.contexte import Contexte

JOUR = date(2026, 3, 2)
EXECUTANTS = {
    "pharmacien": Executant("pharmacien", "50", departement="72"),
    "infirmier": Executant("infirmier", "24", zone_ik="1", departement="72"),
    "medecin": Executant("medecin", "01", departement="72"),
    "specialiste": Executant("medecin", "03", departement="72"),
    "sage_femme": Executant("sage_femme", "21", zone_ik="1", departement="72"),
    "dentiste": Executant("dentiste", "19", departement="72"),
    "masseur_kinesitherapeute": Executant("masseur_kinesitherapeute", "26", zone_ik="1", departement="72"),
    "pedicure": Executant("pedicure", "27", zone_ik="1", departement="72"),
    "orthophoniste": Executant("orthophoniste", "28", zone_ik="1", departement="72"),
    "orthoptiste": Executant("orthoptiste", "29", zone_ik="1", departement="72"),
    "laboratoire": Executant("laboratoire", "30", departement="72"),
    "fournisseur": Executant("fournisseur", "60", departement="72"),
}
PATIENT = Patient(nir="1801975000001", date_naissance="19800101")


@dataclass(frozen=True)
class Boite:
    cip13: str
    taux: int | None = None
    prix_centimes: int | None = None
    honoraire_centimes: int | None = None
    hors_periode: bool = False
    libelle: str = "BOITE D'ESSAI"
    version: str = "2026-07-24"
    presentation: str = "plaquette(s) de 30 comprimé(s)"
    groupe: str = ""               # number of its generic group
    type: str = "1"                # 0: the brand of the group
    commercialise: bool = True

    @property
    def remboursable(self) -> bool:
        return self.taux is not None


@dataclass(frozen=True)
class Groupe:
    libelle: str
    membres: tuple[Boite, ...]


@dataclass
class Boites:
    """Double of the medicines table."""

    connues: dict[str, Boite] = field(default_factory=dict)

    def par_cip13(self, cip13: str, jour: date) -> Boite | None:
        return self.connues.get(cip13)

    def groupes(self, cip13: str, jour: date) -> list[Groupe]:
        boite = self.connues.get(cip13)
        if boite is None or not boite.groupe:
            return []
        membres = tuple(b for b in self.connues.values() if b.groupe == boite.groupe)
        return [Groupe(f"GROUPE {boite.groupe}", membres)]


_NOMS_BOITE = {"prix": "prix_centimes", "honoraire": "honoraire_centimes"}


def boites(description: dict[str, dict[str, Any]]) -> Boites:
    return Boites({
        cip: Boite(cip, **{_NOMS_BOITE.get(nom, nom): valeur for nom, valeur in b.items()})
        for cip, b in description.items()
    })


@dataclass(frozen=True)
class Tfr:
    prix_centimes: int
    hors_periode: bool = False
    version: str = "2026-01-01"


@dataclass
class TableTfr:
    """Double of the imported TFR table."""

    connus: dict[str, Tfr]

    def tarif(self, cip13: str, jour: date) -> Tfr | None:
        return self.connus.get(cip13)


def tfr(description: dict[str, dict[str, Any]]) -> TableTfr:
    """``[tfr.<cip13>] prix = 300``"""
    return TableTfr({
        cip: Tfr(**{_NOMS_BOITE.get(nom, nom): valeur for nom, valeur in t.items()}) for cip, t in description.items()
    })


@dataclass
class Articles:
    """Double of the CCAM, LPP and NABM tables: what a case writes beside its lines."""

    connus: dict[str, Any] = field(default_factory=dict)

    def acte(self, code: str, *reste: Any) -> Any | None:
        """CCAM (code, activity, phase, day) or NABM (code, day)."""
        return self.connus.get("-".join([code, *reste[:-1]]))

    def article(self, code: str, jour: date) -> Any | None:
        return self.connus.get(code)

    def activites(self, code: str, jour: date) -> list[Any]:
        return [acte for cle, acte in sorted(self.connus.items()) if cle.startswith(f"{code}-")]


def _ccam(description: dict[str, dict[str, Any]]) -> Articles:
    """``[ccam.DEQP003-1-0]``: code, activity, phase."""
    from sesam_desktop.referentiels.ccam import ActeCcam

    vide: dict[str, Any] = {"libelle": "Acte d'essai", "regroupement": "ATM", "chapitre": "", "version": "2026-01-01"}
    drapeaux = {"sous_conditions": False, "accord_prealable": False}
    suites = ("exonerations", "modificateurs", "complementaires", "incompatibles", "notes")
    listes: dict[str, Any] = dict.fromkeys(suites, ())
    actes = {}
    for cle, champs in description.items():
        code, activite, phase = cle.split("-")
        lus = {n: tuple(v) if isinstance(v, list) else v for n, v in champs.items()}
        cles = {"code": code, "activite": activite, "phase": phase}
        tarifs = {"tarif_1": lus.get("tarif_1"), "tarif_2": lus.get("tarif_1")}
        actes[cle] = ActeCcam(**{**vide, **drapeaux, **listes, **cles, **tarifs, **lus})
    return Articles(actes)


def _lpp(description: dict[str, dict[str, Any]]) -> Articles:
    from sesam_desktop.referentiels.lpp import ArticleLpp

    vide: dict[str, Any] = {
        "libelle": "Article d'essai", "tarif_centimes": None, "prix_max_centimes": None, "type_prestation": "A",
        "entente": False, "fin": None, "nature": "", "date_tarif": None, "version": "2020-01-01", "hors_periode": False,
    }
    articles = {}
    for code, champs in description.items():
        majorations = tuple((ou, Decimal(combien)) for ou, combien in champs.get("majorations", {}).items())
        articles[code] = ArticleLpp(**{**vide, "code": code, **champs, "majorations": majorations})
    return Articles(articles)


def _nabm(description: dict[str, dict[str, Any]]) -> Articles:
    from sesam_desktop.referentiels.nabm import ActeBiologie

    vide: dict[str, Any] = {
        "libelle": "Examen d'essai", "lettre": "B", "coefficient": None, "entente": False, "chapitre": "",
        "version": "2020-01-01", "hors_periode": False,
    }
    actes = {}
    for code, champs in description.items():
        lus = {n: Decimal(v) if n == "coefficient" else v for n, v in champs.items()}
        actes[code] = ActeBiologie(**{**vide, "code": code, **lus})
    return Articles(actes)


LECTEURS = {"ccam": _ccam, "lpp": _lpp, "nabm": _nabm, "tfr": tfr}


def contexte(medicaments: Boites | None = None, **reste: Any) -> Contexte:
    return Contexte(tables, medicaments or Boites(), **reste)


def ligne(**champs: Any) -> LigneSaisie:
    """A line; a CIP13 alone makes it a medicine."""
    if "cip13" in champs:
        champs.setdefault("acte", "MEDICAMENT")
    return LigneSaisie(**champs)


def facture(metier: str, lignes: list[LigneSaisie], jour: date = JOUR, **champs: Any) -> Facture:
    """An invoice of the day with a prescription of the same day. `executant` and `patient` hold what differs."""
    executant = replace(EXECUTANTS[metier], **champs.pop("executant", {}))
    patient = replace(PATIENT, **champs.pop("patient", {}))
    champs.setdefault("prescription", Prescription(jour, "10001234565", "01"))
    if "tiers_payant" in champs:
        champs["tiers_payant"] = TiersPayant(**champs["tiers_payant"])
    if champs.get("amc"):
        champs["amc"] = OrganismeAmc(**champs["amc"])
    return Facture(jour, executant, patient, tuple(lignes), **champs)
