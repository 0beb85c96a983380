"""Checks of the CCAM lines of an invoice, the same for the controls and for pricing.

What the imported table does not say (who may bill an act, ceilings of prices, overseas coefficients) is told or
refused, never supposed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sesam_desktop.referentiels.tables import SourceTables

from . import associations_ccam, cumuls_ccam, dents, echographies_ccam, limites_ccam, modificateurs_ccam
from .actes import BLOQUANTE
from .actes_ccam import ACTE, PANIERS_PLAFONNES, Examen, LigneCcam, lire, verifier_codes
from .dossier import Dossier, SourceCcam, avertir, bloquer
from .facture import Alerte, Facture

_ACCORDS = ("", "0", "4", "5", "9")
_ACCORDS_DONNES = ("0", "4", "5")
_NON_SOUMIS = ("", "9")


def controler(d: Dossier) -> Iterator[Alerte]:
    """Remarks on the CCAM lines; without the imported table, on the form of their codes only."""
    if not any(ligne.acte == ACTE for ligne in d.facture.lignes):
        return
    if d.articles.ccam is None:
        yield from verifier_codes(d.facture)
    else:
        yield from examiner(d.facture, d.tables, d.articles.ccam)[1]


def examiner(
    facture: Facture, tables: SourceTables, ccam: SourceCcam | None
) -> tuple[Examen, tuple[Alerte, ...]]:
    """The CCAM lines found and every remark, blocking ones first."""
    examen, refus = lire(facture, tables, ccam)
    alertes = refus + [alerte for regle in _REGLES for alerte in regle(examen)]
    return examen, tuple(sorted(alertes, key=lambda a: a.gravite != BLOQUANTE))


def _outre_mer(examen: Examen) -> Iterator[Alerte]:
    if examen.lignes and examen.facture.executant.departement.startswith("97"):
        message = "Les coefficients outre-mer de la CCAM, propres à chaque acte, ne sont pas publics : non tarifé."
        yield bloquer("TARIF_DOM_ABSENT", message, "executant.departement")


def _prise_en_charge(examen: Examen) -> Iterator[Alerte]:
    for ligne in examen.lignes:
        code, champ = ligne.acte.code, f"{ligne.champ}.code"
        if ligne.regroupement is None:
            message = f"Le code prestation de {code} est absent ou inconnu : il ne peut pas être facturé."
            yield bloquer("CCAM_SANS_PRESTATION", message, champ)
        elif ligne.tarif is None and ligne.saisie.qualificatif != "N":
            message = f"{code} n'est pas pris en charge : facturez-le avec le qualificatif N, ou hors feuille de soins."
            yield bloquer("CCAM_NON_PRIS_EN_CHARGE", message, f"{ligne.champ}.qualificatif")
        elif ligne.tarif == 0 and not ligne.accessoire:
            yield avertir("CCAM_SANS_TARIF", f"{code} est pris en charge sans tarif : 0,00 €.", champ)
        if ligne.acte.sous_conditions and ligne.remboursable:
            message = f"{code} n'est remboursé que sous conditions : vérifiez son indication dans la CCAM."
            yield avertir("CCAM_SOUS_CONDITIONS", message, champ)
        if ligne.acte.hors_periode:
            message = f"La CCAM importée ({ligne.acte.version}) est postérieure aux soins : tarif à confirmer."
            yield avertir("TABLE_POSTERIEURE", message, champ)


def _accord_prealable(examen: Examen) -> Iterator[Alerte]:
    for ligne in examen.lignes:
        accord, champ = ligne.saisie.accord, f"{ligne.champ}.accord"
        if accord not in _ACCORDS:
            yield bloquer("ACCORD_INCONNU", "L'accord préalable s'écrit 0, 4, 5 ou 9.", champ)
        elif not ligne.remboursable:
            continue
        elif ligne.acte.accord_prealable and accord in _NON_SOUMIS:
            message = f"{ligne.acte.code} demande un accord préalable : 4 accordé, 0 sans réponse à temps, 5 urgence."
            yield bloquer("ACCORD_MANQUANT", message, champ)
        elif ligne.acte.accord_prealable and accord != "5" and ligne.saisie.accord_date is None:
            message = "Indiquez la date de la demande d'accord préalable."
            yield avertir("ACCORD_SANS_DATE", message, f"{ligne.champ}.accord_date")
        elif not ligne.acte.accord_prealable and accord in _ACCORDS_DONNES:
            message = f"{ligne.acte.code} ne demande pas d'accord préalable."
            yield avertir("ACCORD_SANS_OBJET", message, champ)


def _activite(examen: Examen) -> Iterator[Alerte]:
    """Anaesthesia by anaesthetists; an act out of the chapters of the profession is told."""
    for ligne in examen.lignes:
        ouverte = examen.tables.charger("activites_ccam").trouver(ligne.jour, activite=ligne.acte.activite)
        if ouverte is not None and examen.famille not in ouverte["familles"]:
            message = f"L'activité {ligne.acte.activite} ({ouverte['libelle']}) n'est pas ouverte à cette spécialité."
            yield bloquer("CCAM_ACTIVITE_INTERDITE", message, f"{ligne.champ}.activite")
        elif _hors_profession(examen, ligne):
            message = f"Vérifiez que {ligne.acte.code} est ouvert à votre profession : la CCAM publique ne le dit pas."
            yield avertir("CCAM_PROFESSION_A_VERIFIER", message, f"{ligne.champ}.code")


def _hors_profession(examen: Examen, ligne: LigneCcam) -> bool:
    profession = examen.facture.executant.profession
    table = examen.tables.charger("chapitres_professions")
    chapitre = ligne.acte.chapitre.split(".")[0]
    connue = any(row["profession"] == profession for row in table.lignes(ligne.jour))
    return connue and table.trouver(ligne.jour, profession=profession, chapitre=chapitre) is None


def _depassements(examen: Examen) -> Iterator[Alerte]:
    """The ceilings of prices of the baskets 0 and 1 are in no public table."""
    for ligne in examen.lignes:
        if ligne.saisie.depassement_centimes and ligne.panier in PANIERS_PLAFONNES:
            message = f"{ligne.acte.code} a un honoraire limite, absent de nos tables : vérifiez le prix demandé."
            yield avertir("PLAFOND_NON_VERIFIE", message, f"{ligne.champ}.depassement_centimes")


_REGLES: tuple[Callable[[Examen], Iterator[Alerte]], ...] = (
    _outre_mer, _prise_en_charge, limites_ccam.verifier, _activite, _accord_prealable, _depassements,
    cumuls_ccam.verifier, echographies_ccam.verifier, modificateurs_ccam.verifier, associations_ccam.verifier,
    dents.verifier,
)
