"""Who bills, and when: what makes it impossible to price whatever the lines. Refused by the controls and the engine."""

from __future__ import annotations

from collections.abc import Iterator

from sesam_desktop.noyau import dates
from sesam_desktop.referentiels.tables import SourceTables, Table

from .actes import BLOQUANTE
from .facture import Alerte, Facture

CONVENTIONNES = ("1", "2", "3")


def refus(facture: Facture, tables: SourceTables) -> Iterator[Alerte]:
    """Blocking remarks on the dates, the speciality and the convention."""
    executant, specialites = facture.executant, tables.charger("specialites")
    connue = specialites.connait(code=executant.specialite)
    if not connue:
        message = f"La spécialité {executant.specialite} n'est pas tarifée : vérifiez la situation du professionnel."
        yield Alerte("METIER_NON_COUVERT", BLOQUANTE, message, "executant.specialite")
    else:
        yield from _dates(facture, specialites)
    if executant.convention not in CONVENTIONNES:
        message = "Seuls les professionnels conventionnés sont tarifés : 1, 2 ou 3 est attendu."
        yield Alerte("CONVENTION_NON_COUVERTE", BLOQUANTE, message, "executant.convention")


def _dates(facture: Facture, specialites: Table) -> Iterator[Alerte]:
    """Days on which the tables do not know this speciality."""
    code = facture.executant.specialite
    jours = {"date_soins": facture.date_soins} | {
        f"lignes[{rang}].date": ligne.date for rang, ligne in enumerate(facture.lignes) if ligne.date
    }
    for champ, jour in jours.items():
        if specialites.trouver(jour, code=code) is None:
            debut = min(ligne.debut for ligne in specialites.toutes() if ligne["code"] == code)
            attendue = f"une date depuis le {dates.formater(debut)} est attendue"
            message = f"Les tables ne vont pas au {dates.formater(jour)} : {attendue}."
            yield Alerte("DATE_HORS_TABLES", BLOQUANTE, message, champ)
