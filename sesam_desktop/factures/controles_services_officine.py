"""Controls of the services of a pharmacy: billed apart where they must be, for the ages and days they are made for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.referentiels.cellules import dans
from sesam_desktop.referentiels.tables import Ligne

from .actes import trouver_acte
from .dossier import Dossier, avertir, est_chome
from .facture import Alerte
from .parcours import age_du_patient

_SERVICES = ("service_officine", "garde")


def controler(d: Dossier) -> Iterator[Alerte]:
    for champ, ligne, jour in d.lignes():
        acte = trouver_acte(d.tables, ligne, jour)
        if acte is None or acte["genre"] not in _SERVICES:
            continue
        tarifs = [t for t in d.tables.charger("services_officine").lignes(jour) if t["code"] == ligne.acte]
        if any(t["seul"] for t in tarifs) and any(autre.acte != ligne.acte for autre in d.facture.lignes):
            message = f"{ligne.acte} se facture seul : faites-en une facture à part."
            yield avertir("SERVICE_SEUL", message, f"{champ}.acte")
        if not _age_admis(d, acte, jour):
            yield avertir("SERVICE_AGE", f"{ligne.acte} n'est pas prévu à l'âge de ce patient.", f"{champ}.acte")
        demandes = [t for t in tarifs if t["prix"] == ligne.prix_centimes]
        if demandes and all(t["ferie"] for t in demandes) and not est_chome(d, jour):
            message = f"Le {dates.formater(jour)} n'est ni un dimanche ni un jour férié."
            yield avertir("JOUR_OUVRABLE", message, f"{champ}.prix_centimes")


def _age_admis(d: Dossier, acte: Ligne, jour: date) -> bool:
    try:
        age = age_du_patient(d.facture, jour)
    except EntreeInvalide:
        return True  # the control of the birth date says so
    return not acte["ages"] or dans(acte["ages"], age)
