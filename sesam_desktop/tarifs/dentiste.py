"""NGAP lines of the dentists: consultations, prevention examinations, orthodontics. Their technical acts are CCAM."""

from __future__ import annotations

from sesam_desktop.factures.facture import Facture
from sesam_desktop.factures.parcours import age_du_patient

from .contexte import Consultation, refuser
from .cotation import Cotation, Demande, regle_de_prix
from .references import exiger_accord

MODULE = "dentiste"
_ORTHODONTIE = "orthodontie"
_EXAMEN = "examen_dentaire"
_SUPPLEMENT = "supplement_examen_dentaire"
_CONSULTATION = "consultation_dentaire"
_MATERNITE = "maternite"


def coter(facture: Facture, toutes: list[Demande], tables: Consultation) -> list[Cotation]:
    """Each line asked."""
    lues = [d for d in toutes if d.module == MODULE]
    return [_coter(facture, demande, lues, tables) for demande in lues]


def _coter(facture: Facture, demande: Demande, lues: list[Demande], tables: Consultation) -> Cotation:
    _verifier(facture, demande, lues, tables)
    saisie, acte = demande.saisie, demande.acte
    prix = tables.prix(saisie.acte, demande.jour, f"{demande.champ}.acte")
    cotation = Cotation(
        acte=saisie.acte, libelle=acte["libelle"], nature=acte["nature"], jour=demande.jour, rang=demande.rang,
        prix=prix["prix"], quantite=saisie.quantite, coefficient=saisie.coefficient,
        depassement=saisie.depassement_centimes, ald=saisie.ald, qualificatif=saisie.qualificatif or "",
        motif=saisie.motif_exoneration,
    )
    tarif = regle_de_prix(saisie.acte, prix, saisie.quantite, saisie.coefficient, cotation.tarif)
    return cotation.plus(tarif)


def _verifier(facture: Facture, demande: Demande, lues: list[Demande], tables: Consultation) -> None:
    if demande.genre == _ORTHODONTIE:
        _exiger_coefficient(facture, demande, tables)
    elif demande.genre == _EXAMEN:
        _exiger_examen(facture, demande, lues, tables)
    elif demande.genre == _SUPPLEMENT and not _du_jour(demande, lues, _EXAMEN):
        message = f"{demande.saisie.acte} accompagne un examen bucco-dentaire du même jour."
        raise refuser("MAJORATION_NON_DUE", message, f"{demande.champ}.acte")


def _exiger_coefficient(facture: Facture, demande: Demande, tables: Consultation) -> None:
    """TO has a closed list of coefficients; most need a prior agreement, and a treatment begun before sixteen."""
    coefficient = demande.saisie.coefficient
    ligne = tables.trouver("coefficients_to", demande.jour, coefficient=f"{coefficient.normalize():f}")
    if ligne is None:
        admis = tables.contexte.tables.charger("coefficients_to").lignes(demande.jour)
        liste = ", ".join(sorted((row["coefficient"] for row in admis), key=int))
        raise refuser("COEFFICIENT_INVALIDE", f"TO se cote {liste}.", f"{demande.champ}.coefficient")
    exiger_accord(demande, ligne["accord"])
    seuil = tables.lire("seuils", demande.jour, code="ORTHODONTIE_AGE")["valeur"]
    if age_du_patient(facture, demande.jour) >= seuil:
        message = f"L'orthodontie n'est prise en charge que si le traitement a commencé avant {seuil} ans."
        tables.avertir("ORTHODONTIE_AGE", message, f"{demande.champ}.acte")


def _exiger_examen(facture: Facture, demande: Demande, lues: list[Demande], tables: Consultation) -> None:
    """For the young and for pregnant women, once, and never with a consultation of the same day."""
    champ = f"{demande.champ}.acte"
    if facture.nature_assurance != _MATERNITE and not tables.dans_les_ages(demande.acte, facture, demande.jour):
        message = "Cet examen est destiné aux patients de 3 à 24 ans, ou à la maternité."
        raise refuser("EXAMEN_AGE", message, champ)
    if _du_jour(demande, lues, _CONSULTATION):
        message = "Un examen bucco-dentaire ne se facture pas avec une consultation du même jour."
        raise refuser("CUMUL_INTERDIT", message, champ)
    if demande.saisie.quantite > 1 or len(_du_jour(demande, lues, _EXAMEN)) > 1:
        raise refuser("CUMUL_INTERDIT", "Un seul examen bucco-dentaire se facture par jour.", champ)


def _du_jour(demande: Demande, lues: list[Demande], genre: str) -> list[Demande]:
    return [d for d in lues if d.genre == genre and d.jour == demande.jour]
