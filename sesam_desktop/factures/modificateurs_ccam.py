"""Modifiers of the CCAM: who may use which, on which act, at which age, and which exclude each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels.cellules import dans
from sesam_desktop.referentiels.tables import Ligne

from .actes import BLOQUANTE
from .actes_ccam import AUTRE_MOMENT, Examen, LigneCcam, exercice
from .dossier import avertir, bloquer
from .facture import Alerte
from .parcours import age_du_patient

_ALSACE_MOSELLE = ("57", "67", "68")
_ANESTHESIE = "ADA"
_DIMANCHE = "F"
_DENT_PERMANENTE = "N"
_OPPOSABLE = "opposable"
_DU_JOUR = "executant"  # portee of what a professional bills once a day


def verifier(examen: Examen) -> Iterator[Alerte]:
    """Every remark on the modifiers of the invoice."""
    for ligne in examen.lignes:
        if not ligne.saisie.modificateurs:
            continue
        yield from _nombre(examen, ligne)
        yield from _doublons(examen, ligne)
        for rang, code in enumerate(ligne.saisie.modificateurs):
            yield from _un(examen, ligne, code, f"{ligne.champ}.modificateurs[{rang}]")
    yield from _exclusions(examen)


def trouver(examen: Examen, ligne: LigneCcam, code: str) -> Ligne | None:
    """The row of this modifier for this professional at the date of care; None when they may not use it."""
    return examen.tables.charger("modificateurs_ccam").trouver(ligne.jour, **cles(examen, code))


def cles(examen: Examen, code: str) -> dict[str, str]:
    """What the value of a modifier depends on."""
    return {"code": code, "famille": examen.famille, "exercice": exercice(examen.facture.executant)}


def permis(examen: Examen, ligne: LigneCcam) -> list[Ligne]:
    """The modifiers of the act that this professional may write for this patient, whatever is written already."""
    lus = ((trouver(examen, ligne, code), code) for code in ligne.acte.modificateurs)
    return [
        row for row, code in lus
        if row is not None and not any(a.gravite == BLOQUANTE for a in _un(examen, ligne, code, ligne.champ))
    ]


def valeur(ligne: LigneCcam, modificateur: Ligne) -> int:
    """Centimes or hundredths of a percent, by the grid of the professional."""
    return int(modificateur[f"valeur_{ligne.grille['grille']}"])


def _nombre(examen: Examen, ligne: LigneCcam) -> Iterator[Alerte]:
    maximum = int(examen.tables.charger("seuils").a_la_date(ligne.jour, code="MODIFICATEURS_CCAM")["valeur"])
    if len(ligne.saisie.modificateurs) > maximum:
        message = f"{maximum} modificateurs au plus sont tarifés sur un acte."
        yield bloquer("MODIFICATEURS_TROP_NOMBREUX", message, f"{ligne.champ}.modificateurs")


def _doublons(examen: Examen, ligne: LigneCcam) -> Iterator[Alerte]:
    """Only the doses of radiotherapy may be added to themselves."""
    codes = ligne.saisie.modificateurs
    repetes = {code for rang, code in enumerate(codes) if code in codes[:rang]}
    lus = (trouver(examen, ligne, code) for code in repetes)
    if not all(modificateur is not None and modificateur["repetable"] for modificateur in lus):
        message = "Un même modificateur ne se code qu'une fois sur un acte."
        yield bloquer("MODIFICATEUR_EN_DOUBLE", message, f"{ligne.champ}.modificateurs")


def _un(examen: Examen, ligne: LigneCcam, code: str, champ: str) -> Iterator[Alerte]:
    if code not in ligne.acte.modificateurs:
        admis = ", ".join(ligne.acte.modificateurs) or "aucun"
        message = f"Le modificateur {code} n'est pas admis sur {ligne.acte.code}. Admis : {admis}."
        yield bloquer("MODIFICATEUR_INTERDIT", message, champ)
        return
    modificateur = trouver(examen, ligne, code)
    if modificateur is None:
        yield _non_ouvert(examen, ligne, code, champ)
    elif modificateur["sur"] and (modificateur["sur"] == "anesthesie") != (ligne.acte.regroupement == _ANESTHESIE):
        message = f"{code} ({modificateur['libelle']}) ne vaut pas pour cette activité de l'acte."
        yield bloquer("MODIFICATEUR_ACTIVITE", message, champ)
    elif modificateur["derogation"] and not _derogation(examen, ligne):
        message = f"{code} ({modificateur['libelle']}) demande un patient à la C2S ou un modificateur d'urgence."
        yield bloquer("MODIFICATEUR_CONDITION", message, champ)
    elif modificateur["derogation"] == _OPPOSABLE and ligne.saisie.depassement_centimes:
        message = f"{code} ({modificateur['libelle']}) demande un acte à tarif opposable, sans dépassement."
        yield bloquer("MODIFICATEUR_CONDITION", message, champ)
    elif (remarque := _age(examen, ligne, modificateur, champ)) is not None:
        yield remarque
    elif code == _DIMANCHE:
        yield from _jour_ouvrable(examen, ligne, champ)
    elif code == _DENT_PERMANENTE:
        yield from _denture(examen, ligne, champ)


def _non_ouvert(examen: Examen, ligne: LigneCcam, code: str, champ: str) -> Alerte:
    table = examen.tables.charger("modificateurs_ccam")
    if not any(row["code"] == code for row in table.lignes(ligne.jour)):
        message = f"La valeur du modificateur {code} au {dates.formater(ligne.jour)} n'est pas dans nos tables."
        return bloquer("MODIFICATEUR_HORS_TABLE", message, champ)
    message = f"Le modificateur {code} n'est pas ouvert à cette spécialité dans son mode d'exercice."
    return bloquer("MODIFICATEUR_SPECIALITE", message, champ)


def _derogation(examen: Examen, ligne: LigneCcam) -> bool:
    urgences = {row["code"] for row in _exclus(examen, ligne) if row["groupe"] == "urgence"} | {"O"}
    return examen.facture.beneficiaire.c2s or bool(urgences & set(ligne.saisie.modificateurs))


def _age(examen: Examen, ligne: LigneCcam, modificateur: Ligne, champ: str) -> Alerte | None:
    """Why the age of the patient does not allow it, leaves a doubt, or is not known."""
    chapitre = ligne.acte.chapitre.split(".")[0]
    table = examen.tables.charger("ages_modificateurs")
    exception = table.trouver(ligne.jour, code=modificateur["code"], chapitre=chapitre)
    ages = (exception or modificateur)["ages"]
    if not ages:
        return None
    try:
        age = age_du_patient(examen.facture, ligne.jour)
    except ErreurConnue as erreur:
        return bloquer(erreur.code, erreur.message, erreur.ou)
    nom = f"{modificateur['code']} ({modificateur['libelle']})"
    if dans(ages, age):
        return None
    if dans(modificateur["ages_a_verifier"], age):
        return avertir("MODIFICATEUR_AGE_A_VERIFIER", f"À {age} ans, vérifiez que {nom} s'applique.", champ)
    return bloquer("MODIFICATEUR_AGE", f"L'âge du patient ne permet pas le modificateur {nom}.", champ)


def _jour_ouvrable(examen: Examen, ligne: LigneCcam, champ: str) -> Iterator[Alerte]:
    alsace = examen.facture.executant.departement in _ALSACE_MOSELLE
    if not dates.est_dimanche_ou_ferie(ligne.jour, alsace):
        message = f"Le {dates.formater(ligne.jour)} n'est ni un dimanche ni un jour férié."
        yield avertir("JOUR_OUVRABLE", message, champ)


def _denture(examen: Examen, ligne: LigneCcam, champ: str) -> Iterator[Alerte]:
    table = examen.tables.charger("dents")
    lues = (table.trouver(ligne.jour, code=dent) for dent in ligne.saisie.dents)
    if any(dent is not None and dent["denture"] != "permanente" for dent in lues):
        yield bloquer("MODIFICATEUR_DENTURE", "Le modificateur N ne vaut que sur des dents permanentes.", champ)


def _exclus(examen: Examen, ligne: LigneCcam) -> list[Ligne]:
    return examen.tables.charger("exclusions_modificateurs").lignes(ligne.jour)


def _exclusions(examen: Examen) -> Iterator[Alerte]:
    """Modifiers that exclude each other on a line, or that a professional bills once a day.

    An act done at another moment of the day (association 5) stands alone.
    """
    for lignes in examen.du_jour():
        groupes: dict[str, list[Ligne]] = {}
        for regle in _exclus(examen, lignes[0]):
            groupes.setdefault(regle["code"], []).append(regle)
        communs: set[str] = set()
        for ligne in lignes:
            if ligne.remboursable and ligne.saisie.modificateurs:
                du_moment = set() if ligne.saisie.association == AUTRE_MOMENT else communs
                yield from _exclusions_de_ligne(ligne, groupes, du_moment)


def _exclusions_de_ligne(
    ligne: LigneCcam, groupes: Mapping[str, list[Ligne]], du_moment: set[str]
) -> Iterator[Alerte]:
    """One remark a modifier at most; `du_moment` keeps the groups already used by the other lines."""
    propres: set[str] = set()
    for rang, code in enumerate(ligne.saisie.modificateurs):
        regles = groupes.get(code, [])
        vus = [du_moment if regle["portee"] == _DU_JOUR else propres for regle in regles]
        trop = next((regle for regle, deja in zip(regles, vus, strict=True) if regle["groupe"] in deja), None)
        if trop is not None and code not in ligne.saisie.modificateurs[:rang]:
            message = f"Le modificateur {code} est de trop : {trop['libelle']}."
            yield bloquer("MODIFICATEURS_EXCLUSIFS", message, f"{ligne.champ}.modificateurs[{rang}]")
        for regle, deja in zip(regles, vus, strict=True):
            deja.add(regle["groupe"])
