"""Checks of the nurse: bilans de soins and what remains to be confirmed of the dependency care. Warnings only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from .actes import trouver_acte
from .controles_auxiliaires import Reperee
from .dossier import Dossier, avertir, seuil
from .facture import Alerte

_PRELEVEMENT = "PRELEVEMENT"
_IFI = "IFI"


def controler(d: Dossier) -> Iterator[Alerte]:
    yield from _bilans(d)
    yield from _prelevements(d)
    yield from _deplacements(d)


def cumulable(d: Dossier, rang: int) -> bool:
    """True for an act declared to be one of several alike in a visit: glycaemia and insulin, stages of a perfusion."""
    ligne = d.facture.lignes[rang]
    nature = d.tables.charger("natures_soins").trouver(d.jour(ligne), code=ligne.code) if ligne.code else None
    return nature is not None and bool(nature["groupe"])


def _bilans(d: Dossier) -> Iterator[Alerte]:
    """A first bilan once, then its renewal and a few intermediate ones a year: what this invoice alone shows."""
    seuils = _seuils(d)
    if seuils is None:
        return
    initial, renouvele, intermediaires = seuils
    bilans = [reperee for reperee in d.lignes() if reperee[1].acte == "DI"]
    for champ, ligne, _ in bilans:
        if ligne.coefficient not in (initial, renouvele):
            message = f"Un bilan de soins se cote DI {_fr(initial)}, ou DI {_fr(renouvele)} ensuite."
            yield avertir("DI_COEFFICIENT", message, f"{champ}.coefficient")
    premiers = [b for b in bilans if b[1].coefficient == initial]
    if _combien(premiers) > 1:
        yield avertir("BSI_INITIAL_REPETE", "Un patient n'a qu'un bilan de soins initial.", f"{premiers[-1][0]}.acte")
    suivants = [b for b in bilans if b[1].coefficient == renouvele]
    if _combien(suivants) > intermediaires + (0 if premiers else 1):
        message = f"Plus de {_fr(intermediaires)} bilans intermédiaires : la caisse n'en rembourse pas plus en un an."
        yield avertir("BSI_INTERMEDIAIRES", message, f"{suivants[-1][0]}.acte")


def _seuils(d: Dossier) -> tuple[Decimal, Decimal, Decimal] | None:
    """Coefficients of a first and of a later bilan, and how many intermediate ones a year; None before the BSI."""
    table, jour = d.tables.charger("seuils"), d.facture.date_soins
    lus = [table.trouver(jour, code=code) for code in ("DI_INITIAL", "DI_RENOUVELE", "DI_INTERMEDIAIRES")]
    valeurs = [ligne["valeur"] for ligne in lus if ligne is not None]
    return (valeurs[0], valeurs[1], valeurs[2]) if len(valeurs) == len(lus) else None


def _combien(bilans: list[Reperee]) -> int:
    return sum(ligne.quantite for _, ligne, _ in bilans)


def _prelevements(d: Dossier) -> Iterator[Alerte]:
    """No published text says how a blood sample counts beside dependency care before its own exception."""
    for champ, ligne, jour in d.lignes():
        if ligne.code == _PRELEVEMENT and any(_dependance(d, autre) for autre in d.lignes() if autre[2] == jour):
            message = "Prélèvement avec une séance AIS ou un forfait journalier : le taux plein est à confirmer."
            yield avertir("PRELEVEMENT_A_CONFIRMER", message, f"{champ}.code")


def _dependance(d: Dossier, reperee: Reperee) -> bool:
    _, ligne, jour = reperee
    acte = trouver_acte(d.tables, ligne, jour)
    return ligne.acte == "AIS" or (acte is not None and acte["genre"] == "forfait_jour")


def _deplacements(d: Dossier) -> Iterator[Alerte]:
    """IFI of one day: a visit at home to a patient in dependency care."""
    maximum = seuil(d, "IFI_JOUR")
    par_jour: dict[date, list[Reperee]] = {}
    for reperee in d.lignes():
        par_jour.setdefault(reperee[2], []).append(reperee)
    for lignes in par_jour.values():
        if maximum is None or not any(_dependance(d, reperee) for reperee in lignes):
            continue
        a_domicile = [r for r in lignes if r[1].domicile or r[1].ik_km or r[1].acte == _IFI]
        visites = {(li.passage, fois) for _, li, _ in a_domicile for fois in range(min(li.quantite, maximum + 1))}
        if len(visites) > maximum:
            message = f"Plus de {maximum} déplacements IFI le même jour : la caisse n'en rembourse pas plus."
            yield avertir("IFI_EN_TROP", message, f"{a_domicile[-1][0]}.acte")


def _fr(valeur: Decimal) -> str:
    return str(valeur).replace(".", ",")
