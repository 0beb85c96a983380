"""The general practitioner: consultations, visits and their supplements."""

from __future__ import annotations

from dataclasses import replace

from sesam_desktop.factures.facture import Facture
from sesam_desktop.factures.parcours import age_du_patient
from sesam_desktop.referentiels.tables import Ligne

from .contexte import Consultation, refuser
from .cotation import Cotation, Demande, regle_de_prix
from .supplements import prix_du_complement

MODULE = "medecin"
_VISITE = "visite"
_PRINCIPAUX = ("consultation", _VISITE)
_HONORAIRES_LIBRES = "3"
_AVEC_DEPASSEMENT = {"G": "C", "GS": "C", "VG": "V", "VGS": "V"}


def coter(facture: Facture, toutes: list[Demande], tables: Consultation) -> list[Cotation]:
    """Each consultation, visit or supplement asked, followed by its night or Sunday supplement."""
    lues = [d for d in toutes if d.module == MODULE]
    cotations: list[Cotation] = []
    for demande in lues:
        _verifier(facture, demande, lues, tables)
        ligne = tables.prix(demande.saisie.acte, demande.jour, f"{demande.champ}.acte")
        acte = _cotation(demande, ligne)
        cotations += [acte, *_complement(acte, demande, tables)]
    return cotations


def _cotation(demande: Demande, ligne: Ligne) -> Cotation:
    saisie, acte = demande.saisie, demande.acte
    cotation = Cotation(
        acte=saisie.acte, libelle=acte["libelle"], nature=acte["nature"], jour=demande.jour, rang=demande.rang,
        prix=ligne["prix"], quantite=saisie.quantite, depassement=saisie.depassement_centimes, ald=saisie.ald,
        soumise=acte["parcours"], qualificatif=saisie.qualificatif or "",
    )
    return cotation.plus(regle_de_prix(saisie.acte, ligne, saisie.quantite, cotation.coefficient, cotation.tarif))


def _complement(acte: Cotation, demande: Demande, tables: Consultation) -> list[Cotation]:
    lettre = demande.saisie.complement
    if not lettre:
        return []
    if demande.genre not in _PRINCIPAUX:
        raise refuser("COMPLEMENT_SANS_ACTE", "Ce complément va avec une consultation ou une visite.",
                      f"{demande.champ}.complement")
    ligne = prix_du_complement("medecin", lettre, demande.jour, demande.rang, tables)
    majoration = replace(acte, complement=lettre, prix=ligne["prix"], depassement=0, soumise=False, regles=())
    tarif = regle_de_prix(f"{acte.acte} {ligne['libelle']}", ligne, acte.quantite, acte.coefficient, majoration.tarif)
    return [majoration.plus(tarif)]


def _verifier(facture: Facture, demande: Demande, lues: list[Demande], tables: Consultation) -> None:
    principaux = [d for d in lues if d.jour == demande.jour and d.genre in _PRINCIPAUX]
    if demande.genre == "majoration_visite":
        _verifier_visite(demande, lues, [d for d in principaux if d.genre == _VISITE])
    elif demande.genre == "majoration_medecin":
        _verifier_majoration(facture, demande, principaux, tables)
    elif facture.executant.convention == _HONORAIRES_LIBRES and demande.saisie.depassement_centimes:
        _refuser_secteur_2(demande)


def _refuser_secteur_2(demande: Demande) -> None:
    code = _AVEC_DEPASSEMENT.get(demande.saisie.acte)
    if code:
        raise refuser(
            "ACTE_SECTEUR_2", f"En honoraires libres, {demande.saisie.acte} se facture sans dépassement.",
            f"{demande.champ}.acte", f"Cotez {code} avec son dépassement.",
        )


def _verifier_visite(demande: Demande, lues: list[Demande], visites: list[Demande]) -> None:
    """One travel supplement a visit, never with a night or Sunday supplement."""
    memes = [d for d in lues if d.genre == demande.genre and d.jour == demande.jour]
    if not visites or sum(d.saisie.quantite for d in memes) > sum(d.saisie.quantite for d in visites):
        raise refuser(
            "MAJORATION_NON_DUE", f"{demande.saisie.acte} demande une visite le même jour, une fois par visite.",
            f"{demande.champ}.acte",
        )
    if any(d.saisie.complement for d in visites):
        raise refuser(
            "CUMUL_INTERDIT", f"{demande.saisie.acte} ne se cumule pas avec un complément de nuit ou de dimanche.",
            f"{demande.champ}.acte",
        )


def _verifier_majoration(
    facture: Facture, demande: Demande, principaux: list[Demande], tables: Consultation
) -> None:
    if demande.saisie.acte == "MCG":
        due = _coordination(facture, demande, tables)
    else:
        due = tables.dans_les_ages(demande.acte, facture, demande.jour)
    memes = [d for d in principaux if d.saisie.quantite >= demande.saisie.quantite]
    if not due or not memes:
        raise refuser("MAJORATION_NON_DUE", f"{demande.saisie.acte} n'est pas dû pour cet acte et ce patient.",
                      f"{demande.champ}.acte")


def _coordination(facture: Facture, demande: Demande, tables: Consultation) -> bool:
    """MCG only inside the coordinated pathway, except under 16 and for C2S outside of it."""
    seuil = tables.lire("seuils", demande.jour, code="PARCOURS_AGE")["valeur"]
    position = tables.trouver("parcours", demande.jour, code=facture.parcours)
    dehors_c2s = facture.beneficiaire.c2s and position is not None and position["position"] == "dehors"
    jeune = age_du_patient(facture, demande.jour) < seuil
    return jeune or dehors_c2s or (position is not None and position["coordination"])
