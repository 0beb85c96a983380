"""Controls of the LPP lines that need no imported table: form of the code, agreement, rentals among themselves.

What depends on the article (radiation, tariff, ceiling price, prestation code) is refused by the pricing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sesam_desktop.noyau import dates, identifiants

from .actes import trouver_acte
from .dossier import Dossier, avertir, bloquer
from .facture import Alerte, LigneSaisie

_GENRE = "lpp"
_ACCORD = "4"


def controler(d: Dossier) -> Iterator[Alerte]:
    lues = [(champ, ligne) for champ, ligne, jour in d.lignes() if _est_lpp(d, ligne, jour)]
    for rang, (champ, ligne) in enumerate(lues):
        if not identifiants.lpp_valide(ligne.code):
            yield bloquer("LPP_INVALIDE", "Le code LPP est absent ou sa clé est fausse.", f"{champ}.code")
        yield from _accord(d, champ, ligne)
        yield from _location(d, champ, ligne, [autre for _, autre in lues[:rang]])


def _est_lpp(d: Dossier, ligne: LigneSaisie, jour: date) -> bool:
    acte = trouver_acte(d.tables, ligne, jour)
    return acte is not None and acte["genre"] == _GENRE


def _accord(d: Dossier, champ: str, ligne: LigneSaisie) -> Iterator[Alerte]:
    if ligne.accord == _ACCORD and ligne.accord_date is None:
        yield avertir("ACCORD_SANS_DATE", "L'accord préalable n'est pas daté.", f"{champ}.accord_date")
    elif ligne.accord_date is not None and ligne.accord_date > d.jour(ligne):
        message = "La demande d'accord préalable est postérieure à la délivrance."
        yield avertir("ACCORD_APRES_SOINS", message, f"{champ}.accord_date")


def _location(d: Dossier, champ: str, ligne: LigneSaisie, avant: list[LigneSaisie]) -> Iterator[Alerte]:
    if ligne.fin is not None and ligne.fin > d.aujourd_hui:
        message = f"La location court jusqu'au {dates.formater(ligne.fin)} : elle est facturée d'avance."
        yield avertir("LOCATION_D_AVANCE", message, f"{champ}.fin")
    if any(_se_croisent(autre, ligne) for autre in avant):
        yield avertir("LOCATIONS_CROISEES", "Deux locations de cet article se chevauchent.", f"{champ}.debut")


def _se_croisent(une: LigneSaisie, autre: LigneSaisie) -> bool:
    """Two rentals of one article that share a day."""
    if une.code != autre.code or not (une.debut and une.fin and autre.debut and autre.fin):
        return False
    return une.debut <= autre.fin and autre.debut <= une.fin
