"""Controls of the biology lines: form of the code, screening without prescription, days, limits of the nomenclature."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from sesam_desktop.noyau import dates, identifiants
from sesam_desktop.noyau.erreurs import ErreurConnue

from .dossier import Dossier, avertir, bloquer, est_chome
from .facture import Alerte, LigneSaisie

_ACTE = "NABM"
_PRESCRIPTEUR_FICTIF = "291991107"  # screening done without a prescription (GIE, identification de la prestation)
_SUPPLEMENT_JOUR_CHOME = "9004"
_SAMEDI = 5
Lignes = list[tuple[str, LigneSaisie, date]]


def controler(d: Dossier) -> Iterator[Alerte]:
    lues = [lue for lue in d.lignes() if lue[1].acte == _ACTE]
    for champ, ligne, _ in lues:
        if not identifiants.nabm_valide(ligne.code):
            yield bloquer("NABM_INVALIDE", "Un code NABM a quatre chiffres.", f"{champ}.code")
    yield from _sans_ordonnance(d, lues)
    yield from _jours_chomes(d, lues)
    yield from _forfaits_seuls(d, lues)
    yield from _maximums(d, lues)


def _sans_ordonnance(d: Dossier, lues: Lignes) -> Iterator[Alerte]:
    prescription = d.facture.prescription
    if prescription is None or prescription.prescripteur != _PRESCRIPTEUR_FICTIF:
        return
    admis = d.tables.charger("depistage_ist")
    for champ, ligne, jour in lues:
        if admis.trouver(jour, code=ligne.code) is None:
            message = f"L'examen {ligne.code} n'est pas un dépistage : il demande une ordonnance et son prescripteur."
            yield bloquer("HORS_DEPISTAGE", message, f"{champ}.code")


def _jours_chomes(d: Dossier, lues: Lignes) -> Iterator[Alerte]:
    for champ, ligne, jour in lues:
        ouvrable = jour.weekday() != _SAMEDI and not est_chome(d, jour)
        if ligne.code == _SUPPLEMENT_JOUR_CHOME and ouvrable:
            message = f"Le {dates.formater(jour)} n'est ni un samedi, ni un dimanche, ni un jour férié."
            yield avertir("JOUR_OUVRABLE", message, f"{champ}.code")


def _forfaits_seuls(d: Dossier, lues: Lignes) -> Iterator[Alerte]:
    forfaits = d.tables.charger("biologie_par_jour")
    seuls = [champ for champ, ligne, jour in lues if forfaits.trouver(jour, code=ligne.code) is not None]
    if lues and len(seuls) == len(lues):
        yield avertir("FORFAIT_SEUL", "Ce forfait accompagne un examen, la facture n'en a aucun.", f"{seuls[0]}.code")


def _maximums(d: Dossier, lues: Lignes) -> Iterator[Alerte]:
    """How many of one act, or of one group of acts, the nomenclature admits in a day."""
    comptes: Counter[tuple[date, str, str]] = Counter()
    for champ, ligne, jour in lues:
        acte = _acte(d, ligne.code, jour)
        if acte is None:
            continue
        comptes[jour, "acte", acte.code] += ligne.quantite
        comptes[jour, "regle", acte.regle] += ligne.quantite
        if acte.maximum and comptes[jour, "acte", acte.code] > acte.maximum:
            message = f"L'examen {acte.code} se facture {acte.maximum} fois au plus."
            yield avertir("MAXIMUM_DEPASSE", message, f"{champ}.quantite")
        if acte.regle and acte.maximum_regle and comptes[jour, "regle", acte.regle] > acte.maximum_regle:
            message = f"La nomenclature admet {acte.maximum_regle} examens de ce groupe au plus."
            yield avertir("MAXIMUM_GROUPE", message, f"{champ}.code")


def _acte(d: Dossier, code: str, jour: date) -> Any | None:
    """The act when the nomenclature is imported: pricing itself says what its absence calls for."""
    try:
        return d.articles.nabm.acte(code, jour) if d.articles.nabm else None
    except ErreurConnue:
        return None
