"""The CCAM lines of an invoice with their row of the imported table: what every rule of the CCAM looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.noyau.identifiants import ccam_valide
from sesam_desktop.noyau.montants import Centimes
from sesam_desktop.referentiels.ccam import ActeCcam
from sesam_desktop.referentiels.tables import HorsTable, Ligne, SourceTables

from .actes import trouver_acte
from .dossier import SourceCcam, bloquer
from .facture import Alerte, Executant, Facture, LigneSaisie

ACTE = "CCAM"
ACTIVITE_PAR_DEFAUT = "1"
PHASE_PAR_DEFAUT = "0"
PANIERS_PLAFONNES = ("0", "1")  # without reste à charge, and moderate: their prices have ceilings
AUTRE_MOMENT = "5"  # association code of an act done at another moment of the same day
ABSENTE = "Aucune CCAM n'est installée : importez la table officielle des actes."


@dataclass(frozen=True, slots=True)
class LigneCcam:
    """One asked line and its rows of ``roles_ccam``, ``grilles_ccam``, ``regroupements_ccam`` (None: unknown there)."""

    rang: int
    saisie: LigneSaisie
    jour: date
    acte: ActeCcam
    role: Ligne
    grille: Ligne
    regroupement: Ligne | None

    @property
    def champ(self) -> str:
        return f"lignes[{self.rang}]"

    @property
    def tarif(self) -> Centimes | None:
        """None when the act is not reimbursed."""
        return self.acte.tarif_1 if self.grille["grille"] == 1 else self.acte.tarif_2

    @property
    def remboursable(self) -> bool:
        return self.saisie.qualificatif not in ("G", "N")

    @property
    def accessoire(self) -> bool:
        """A complementary gesture, a supplement or the imaging of another act: always at full rate."""
        return bool(self.role["role"] != "acte")

    @property
    def dentaire(self) -> bool:
        return self.regroupement is not None and bool(self.regroupement["dentaire"])

    @property
    def a_taux_plein(self) -> bool:
        """True when acts of this kind are associated at full rate (code 4)."""
        return self.regroupement is not None and bool(self.regroupement["plein"])

    @property
    def panier(self) -> str:
        return "" if self.regroupement is None else str(self.regroupement["panier"])


@dataclass(frozen=True, slots=True)
class Examen:
    """What a rule looks at: the invoice, the tables, and its CCAM lines that were found.

    famille    of specialities of the professional, in the words of the modifiers
    cliniques  code of the consultation, visit or examination billed each day
    """

    facture: Facture
    tables: SourceTables
    lignes: tuple[LigneCcam, ...]
    famille: str
    cliniques: Mapping[date, str] = field(default_factory=dict)

    def du_jour(self) -> Iterator[list[LigneCcam]]:
        """The lines of each day."""
        for jour in sorted({ligne.jour for ligne in self.lignes}):
            yield [ligne for ligne in self.lignes if ligne.jour == jour]


def lire(facture: Facture, tables: SourceTables, ccam: SourceCcam | None) -> tuple[Examen, list[Alerte]]:
    """The CCAM lines found, and why the others were not."""
    lignes, refus = [], []
    for rang, saisie in enumerate(facture.lignes):
        if saisie.acte != ACTE:
            continue
        lue = _lire(facture, rang, saisie, tables, ccam)
        if isinstance(lue, Alerte):
            refus.append(lue)
        else:
            lignes.append(lue)
    rangee = tables.charger("familles_ccam").trouver(facture.date_soins, specialite=facture.executant.specialite)
    famille = rangee["famille"] if rangee is not None else ""
    return Examen(facture, tables, tuple(lignes), famille, _cliniques(facture, tables)), refus


def _cliniques(facture: Facture, tables: SourceTables) -> dict[date, str]:
    genres = tables.charger("actes_cliniques")
    trouvees: dict[date, str] = {}
    for saisie in facture.lignes:
        jour = saisie.date or facture.date_soins
        acte = None if saisie.acte == ACTE else trouver_acte(tables, saisie, jour)
        if acte is not None and genres.trouver(jour, genre=acte["genre"]) is not None:
            trouvees.setdefault(jour, saisie.acte)
    return trouvees


def verifier_codes(facture: Facture) -> Iterator[Alerte]:
    """All that can be said of the CCAM lines without the imported table."""
    for rang, saisie in enumerate(facture.lignes):
        if saisie.acte == ACTE and not ccam_valide(saisie.code):
            yield _code_invalide(rang)


def _lire(
    facture: Facture, rang: int, saisie: LigneSaisie, tables: SourceTables, ccam: SourceCcam | None
) -> LigneCcam | Alerte:
    jour = saisie.date or facture.date_soins
    if not ccam_valide(saisie.code):
        return _code_invalide(rang)
    if ccam is None:
        return bloquer("REFERENTIEL_ABSENT", ABSENTE, f"lignes[{rang}].code")
    try:
        acte = _trouver(rang, saisie, jour, ccam)
        if isinstance(acte, Alerte):
            return acte
        regroupement = tables.charger("regroupements_ccam").trouver(jour, code=acte.regroupement)
        return LigneCcam(
            rang, saisie, jour, acte, role(acte, jour, tables), grille(facture, jour, tables), regroupement
        )
    except ErreurConnue as erreur:
        ou = "executant.convention" if isinstance(erreur, HorsTable) else f"lignes[{rang}].code"
        return bloquer(erreur.code, erreur.message, erreur.ou or ou)


def _code_invalide(rang: int) -> Alerte:
    message = "Un code CCAM est attendu : quatre lettres et trois chiffres."
    return bloquer("CCAM_CODE_INVALIDE", message, f"lignes[{rang}].code")


def _trouver(rang: int, saisie: LigneSaisie, jour: date, ccam: SourceCcam) -> ActeCcam | Alerte:
    """The row of the code, activity and phase asked, or a refusal that says which ones exist."""
    activite, phase = saisie.activite or ACTIVITE_PAR_DEFAUT, saisie.phase or PHASE_PAR_DEFAUT
    acte: ActeCcam | None = ccam.acte(saisie.code, activite, phase, jour)
    if acte is not None:
        return acte
    connues = ccam.activites(saisie.code, jour)
    champ = f"lignes[{rang}]"
    if not connues:
        return bloquer("CCAM_INCONNU", f"L'acte {saisie.code} n'est pas dans la CCAM à cette date.", f"{champ}.code")
    if not any(a.activite == activite for a in connues):
        existantes = ", ".join(sorted({a.activite for a in connues}))
        message = f"{saisie.code} n'a pas d'activité {activite} : la CCAM lui connaît {existantes}."
        return bloquer("CCAM_ACTIVITE_INCONNUE", message, f"{champ}.activite")
    phases = ", ".join(sorted({a.phase for a in connues if a.activite == activite}))
    message = f"{saisie.code} n'a pas de phase {phase} en activité {activite} : la CCAM lui connaît {phases}."
    return bloquer("CCAM_PHASE_INCONNUE", message, f"{champ}.phase")


def role(acte: ActeCcam, jour: date, tables: SourceTables) -> Ligne:
    """What the act is in an association, by the longest chapter that the table knows."""
    table = tables.charger("roles_ccam")
    morceaux = acte.chapitre.split(".")
    prefixes = (".".join(morceaux[:n]) for n in range(len(morceaux), 0, -1))
    return table.a_la_date(jour, chapitre=next((p for p in prefixes if table.connait(chapitre=p)), "*"))


def grille(facture: Facture, jour: date, tables: SourceTables) -> Ligne:
    """Which column of tariffs this professional applies to this patient. Raises HorsTable."""
    return tables.charger("grilles_ccam").a_la_date(jour, **cles_de_grille(facture))


def cles_de_grille(facture: Facture) -> dict[str, str]:
    """What the grid depends on."""
    executant = facture.executant
    return {
        "profession": executant.profession, "convention": executant.convention,
        "option": executant.option_tarifaire or "sans", "c2s": "oui" if facture.beneficiaire.c2s else "non",
    }


def exercice(executant: Executant) -> str:
    """opposable (secteur 1), optam, optam_aco or libre: what the modifiers K, T and 3 depend on."""
    return "opposable" if executant.convention == "1" else executant.option_tarifaire or "libre"
