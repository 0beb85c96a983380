"""Controls of the situation of the patient: what contradicts the nature of insurance, the régime or the parcours.

Context controls CF660 to CF663 and CF670, and what the situations themselves exclude (SP03, SP06, SP17).
"""

from __future__ import annotations

from collections.abc import Iterator

from sesam_desktop.droits.nature import JOURS_EXAMENS_ENFANT
from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.noyau.identifiants import luhn
from sesam_desktop.referentiels.cellules import dans

from . import nature, parcours, qualificatifs, situation
from .dossier import Dossier, avertir, bloquer
from .facture import Alerte, Patient

_ASCENDANT, _ENFANT, _ASSURE = "1", "6", "0"
_REGIME_AGRICOLE = "02"
_REFUS_DU_PATIENT = "6"   # of the generic (IR_SUB_V)


def controler(d: Dossier) -> Iterator[Alerte]:
    yield from situation.refus(d.facture, d.tables)
    yield from qualificatifs.refus(d.facture, d.tables)
    yield from _nature(d)
    yield from _maternite(d)
    yield from _accident(d)
    yield from _ame(d)
    yield from _parcours(d)
    yield from _lignes(d)


def _nature(d: Dossier) -> Iterator[Alerte]:
    """What the rights of the patient impose is blocking; the rest is for a person to decide."""
    facture, proposee = d.facture, nature.proposee(d.facture, d.tables)
    if proposee.nature == facture.nature_assurance:
        return
    ligne = d.tables.charger("natures_assurance").a_la_date(facture.date_soins, code=proposee.nature)
    message = f"{proposee.raison} La nature attendue est « {ligne['libelle']} »."
    codes = situation.codes(facture.beneficiaire)
    if imposee := next((code for code in (situation.DETENU, situation.MATERNITE) if code in codes), ""):
        yield bloquer(f"NATURE_{imposee}", message, "nature_assurance")
    elif facture.nature_assurance == "maternite" and nature.est_un_homme(facture.beneficiaire):
        message = "Pour un homme, la maternité ne couvre que les examens biologiques du père, avant la fin du 4e mois."
        yield avertir("MATERNITE_PERE", message, "nature_assurance")
    else:
        yield avertir("NATURE_A_VERIFIER", message, "nature_assurance")


def _maternite(d: Dossier) -> Iterator[Alerte]:
    """CF662 and CF663."""
    facture, champ = d.facture, "beneficiaire.qualite"
    if facture.nature_assurance != "maternite":
        return
    if facture.beneficiaire.qualite == _ASCENDANT:
        yield bloquer("MATERNITE_QUALITE", "La maternité ne va pas avec un ascendant ou un collatéral.", champ)
    elif facture.beneficiaire.qualite == _ENFANT and not _nouveau_ne(d):
        message = "La maternité se facture au nom de la mère, sauf les examens de l'enfant jusqu'à douze jours."
        yield bloquer("MATERNITE_QUALITE", message, champ)
    yield from _date_de_maternite(d)


def _date_de_maternite(d: Dossier) -> Iterator[Alerte]:
    debut = d.facture.maternite_date
    if debut is None:
        message = "La date de début de grossesse ou d'accouchement n'est pas indiquée : la caisse peut la demander."
        yield avertir("MATERNITE_SANS_DATE", message, "maternite_date")
    elif any(jour < debut for _, _, jour in d.lignes()):
        message = f"Des soins précèdent le {dates.formater(debut)}, date de la grossesse ou de l'accouchement."
        yield bloquer("MATERNITE_DATE", message, "maternite_date")


def _accident(d: Dossier) -> Iterator[Alerte]:
    """CF660, CF661, CF663, BS648."""
    facture = d.facture
    if facture.accident_date and any(jour < facture.accident_date for _, _, jour in d.lignes()):
        message = f"Des soins précèdent l'accident du {dates.formater(facture.accident_date)}."
        yield bloquer("ACCIDENT_APRES_SOINS", message, "accident_date")
    if facture.nature_assurance != "at":
        if facture.accident_numero:
            message = "Un numéro d'accident est donné : la nature d'assurance attendue est l'accident du travail."
            yield bloquer("ACCIDENT_SANS_AT", message, "accident_numero")
        return
    yield from _qualite_at(facture.beneficiaire)
    yield from _reference_at(d)


def _qualite_at(patient: Patient) -> Iterator[Alerte]:
    """Insured only, but for the farmers who are not salaried (fund ending in 1)."""
    exploitant = patient.regime == _REGIME_AGRICOLE and patient.caisse.endswith("1")
    if patient.qualite != _ASSURE and not exploitant:
        message = "L'accident du travail ne couvre que l'assuré lui-même."
        yield bloquer("AT_QUALITE", message, "beneficiaire.qualite")


def _reference_at(d: Dossier) -> Iterator[Alerte]:
    numero = d.facture.accident_numero
    if not numero and d.facture.accident_date is None:
        message = "Indiquez le numéro ou la date de l'accident : sans eux la caisse ne peut pas le rattacher."
        yield avertir("AT_SANS_REFERENCE", message, "accident_date")
    elif numero and not _numero_at_valide(numero):
        message = "Le numéro d'accident du travail compte neuf chiffres, le dernier étant sa clé : vérifiez-le."
        yield bloquer("AT_NUMERO", message, "accident_numero")


def _numero_at_valide(numero: str) -> bool:
    """Eight digits and their key."""
    return len(numero) == 9 and numero.isascii() and numero.isdigit() and luhn(numero)


def _ame(d: Dossier) -> Iterator[Alerte]:
    if situation.AME not in d.facture.beneficiaire.particularites:
        return
    if d.facture.tiers_payant.amc and d.facture.amc is not None:
        message = "L'aide médicale de l'État paie tout ce que la caisse ne paie pas : retirez la complémentaire."
        yield bloquer("SITUATION_CONTRADICTOIRE", message, "amc")
    for champ, ligne, _ in d.lignes():
        if ligne.substitution == _REFUS_DU_PATIENT:
            message = "L'aide médicale de l'État demande que le patient accepte le générique : vérifiez la délivrance."
            yield avertir("REFUS_AME", message, f"{champ}.substitution")
        if ligne.depassement_centimes:
            message = "Un dépassement reste à la charge du patient : l'aide médicale de l'État ne paie que la base."
            yield avertir("DEPASSEMENT_AME", message, f"{champ}.depassement_centimes")


def _parcours(d: Dossier) -> Iterator[Alerte]:
    """CF670, SP17, and an indicator that will not be sent."""
    facture = d.facture
    if not facture.parcours or facture.executant.profession != "medecin":
        return
    if not situation.suit_le_parcours(facture.beneficiaire, facture.date_soins, d.tables):
        message = "Ce patient n'est pas soumis au parcours de soins : l'indicateur ne sera pas transmis."
        yield avertir("PARCOURS_SANS_OBJET", message, "parcours")
    elif situation.DETENU in situation.codes(facture.beneficiaire) and facture.parcours != "A":
        yield bloquer("PARCOURS_DETENU", "Pour une personne détenue, l'indicateur de parcours est A.", "parcours")
    elif facture.parcours == "D" and not _acces_direct(d):
        message = "L'accès direct (D) n'est pas ouvert à cette spécialité ou à cet âge : l'indicateur attendu est S."
        yield bloquer("PARCOURS_ACCES_DIRECT", message, "parcours")


def _acces_direct(d: Dossier) -> bool:
    jour = d.facture.date_soins
    ligne = d.tables.charger("acces_direct").trouver(jour, specialite=d.facture.executant.specialite)
    if ligne is None:
        return False
    try:
        age = parcours.age_du_patient(d.facture, jour)
    except ErreurConnue:
        return True
    return not ligne["ages"] or dans(ligne["ages"], age)


def _lignes(d: Dossier) -> Iterator[Alerte]:
    codes = situation.codes(d.facture.beneficiaire)
    motifs, seuils = d.tables.charger("motifs_exoneration"), d.tables.charger("seuils")
    for champ, ligne, jour in d.lignes():
        motif = motifs.trouver(jour, code=ligne.motif_exoneration) if ligne.motif_exoneration else None
        if motif is not None and motif["droit"] and motif["droit"] not in codes:
            message = f"Les droits lus n'ouvrent pas « {motif['libelle']} » : vérifiez-les avant d'exonérer la ligne."
            yield avertir("MOTIF_NON_OUVERT", message, f"{champ}.motif_exoneration")
        seuil = seuils.trouver(jour, code="ACTE_COEFFICIENT")
        if seuil is not None and ligne.coefficient >= seuil["valeur"]:
            message = f"À partir du coefficient {seuil['valeur']}, l'acte est exonéré : vérifiez le coefficient saisi."
            yield avertir("COEFFICIENT_ELEVE", message, f"{champ}.coefficient")


def _nouveau_ne(d: Dossier) -> bool:
    """Within the twelve days of the child's mandatory examinations."""
    try:
        ne_le = dates.naissance_pour_age(d.facture.beneficiaire.date_naissance)
    except ErreurConnue:
        return False
    return all((jour - ne_le).days <= JOURS_EXAMENS_ENFANT for _, _, jour in d.lignes())
