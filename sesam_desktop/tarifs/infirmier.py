"""What only nurses have (NGAP titre XVI): day forfaits of the BSI, and the majorations of a session."""

from __future__ import annotations

from datetime import date

from sesam_desktop.factures.facture import Facture

from .contexte import Consultation, refuser
from .cotation import Demande
from .seances import Seance

FORFAIT = "forfait_jour"


def forfaits(lues: list[Demande]) -> dict[date, Demande]:
    """The day forfait of each day: one a day whatever the visits, and no AMI or AIS beside it."""
    trouves: dict[date, Demande] = {}
    for demande in (d for d in lues if d.genre == FORFAIT):
        if demande.jour in trouves or demande.saisie.quantite > 1:
            raise refuser("CUMUL_INTERDIT", "Un seul forfait journalier se facture par jour.", f"{demande.champ}.acte")
        trouves[demande.jour] = demande
    for demande in lues:
        if demande.jour in trouves and demande.saisie.acte in ("AMI", "AIS") and demande.remboursable:
            raise refuser(
                "CUMUL_INTERDIT", f"{demande.saisie.acte} ne se cumule pas avec un forfait journalier.",
                f"{demande.champ}.acte", "Cotez AMX les actes admis en plus du forfait.",
            )
    return trouves


def majorations(facture: Facture, seance: Seance, tables: Consultation) -> list[str]:
    """MCI when asked for at home; MAU for a single small AMI; MIE for a young child."""
    codes = []
    if seance.demande("MCI"):
        _exiger_domicile(seance)
        codes.append("MCI")
    elif _mau_due(seance, tables):
        codes.append("MAU")
    if _mie_due(facture, seance, tables):
        codes.append("MIE")
    return codes


def _exiger_domicile(seance: Seance) -> None:
    if not seance.au_domicile:
        demande = next(d for d in seance.supplements if d.saisie.acte == "MCI")
        raise refuser("MAJORATION_NON_DUE", "La MCI ne se facture qu'à domicile.", f"{demande.champ}.acte")


def _mau_due(seance: Seance, tables: Consultation) -> bool:
    if len(seance.actes) != 1 or seance.actes[0].saisie.acte != "AMI" or not seance.actes[0].remboursable:
        return False
    seuil = tables.lire("seuils", seance.jour, code="MAU_COEFFICIENT")
    return seance.actes[0].saisie.coefficient <= seuil["valeur"]


def _mie_due(facture: Facture, seance: Seance, tables: Consultation) -> bool:
    acte = tables.contexte.tables.charger("actes").trouver(seance.jour, code="MIE")
    if acte is None or not any(d.genre == "acte" for d in seance.actes):
        return False
    return tables.dans_les_ages(acte, facture, seance.jour)
