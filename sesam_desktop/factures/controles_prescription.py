"""Controls of the prescription: present where an act needs it, dated before the care, from a known prescriber."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sesam_desktop.noyau import dates, identifiants

from .actes import trouver_acte
from .dossier import Dossier, avertir, bloquer
from .facture import Alerte, LigneSaisie


def controler(d: Dossier) -> Iterator[Alerte]:
    prescription = d.facture.prescription
    if prescription is None:
        yield from _sans_prescription(d)
        return
    yield from _dates_de_prescription(d, prescription.date)
    yield from _prescripteur(d, prescription.prescripteur)


def _dates_de_prescription(d: Dossier, prescrite: date) -> Iterator[Alerte]:
    soins = min([jour for _, _, jour in d.lignes()], default=d.facture.date_soins)
    if prescrite > d.aujourd_hui:
        message = f"La prescription est datée du {dates.formater(prescrite)}, dans le futur."
        yield bloquer("PRESCRIPTION_FUTURE", message, "prescription.date")
    elif prescrite > soins:
        yield bloquer("PRESCRIPTION_APRES_SOINS", "La prescription est postérieure aux soins.", "prescription.date")


def _prescripteur(d: Dossier, numero: str) -> Iterator[Alerte]:
    champ = "prescription.prescripteur"
    if not numero:
        if any(li.acte == "MEDICAMENT" or _exige_prescription(d, li, jour) for _, li, jour in d.lignes()):
            yield bloquer("PRESCRIPTEUR_MANQUANT", "Le numéro du prescripteur est obligatoire pour ces lignes.", champ)
    elif not (identifiants.rpps_valide(numero) or identifiants.numero_am_valide(numero)):
        yield avertir("PRESCRIPTEUR_CLE", "La clé du numéro du prescripteur est fausse.", champ)


def _sans_prescription(d: Dossier) -> Iterator[Alerte]:
    if any(_exige_prescription(d, ligne, jour) for _, ligne, jour in d.lignes()):
        yield bloquer("PRESCRIPTION_MANQUANTE", "Ces actes demandent une prescription.", "prescription")
    elif any(_serait_rembourse(d, ligne, jour) for _, ligne, jour in d.lignes()):
        message = "Sans ordonnance, aucun médicament n'est remboursé."
        yield avertir("PRESCRIPTION_ABSENTE", message, "prescription")


def _serait_rembourse(d: Dossier, ligne: LigneSaisie, jour: date) -> bool:
    """A medicine that a prescription would have made reimbursable, as far as the tables know it."""
    if ligne.acte != "MEDICAMENT":
        return False
    medicament = d.medicaments.par_cip13(ligne.cip13, jour) if d.medicaments is not None else None
    return medicament is None or bool(medicament.remboursable)


def _exige_prescription(d: Dossier, ligne: LigneSaisie, jour: date) -> bool:
    acte = trouver_acte(d.tables, ligne, jour)
    return acte is not None and acte["prescription"]
