"""What a doctor may bill: ages, sector, supplements with the act they go with. Every refusal names its field."""

from __future__ import annotations

from datetime import date

from sesam_desktop.factures import parcours
from sesam_desktop.factures.facture import Facture
from sesam_desktop.factures.secteurs import tarif_opposable
from sesam_desktop.referentiels.tables import Ligne

from .contexte import Consultation, refuser
from .cotation import Demande

ACTES = ("consultation", "visite", "examen_enfant")  # genres that are acts by themselves
_MAJORATIONS = ("majoration_medecin", "majoration_visite")
_COORDINATION, _ENFANT = "coordination", "enfant"
_DEPASSEMENT_AUTORISE = ("A", "B")


def verifier(facture: Facture, demande: Demande, toutes: list[Demande], tables: Consultation) -> None:
    """Raises EntreeInvalide when this line may not be billed so."""
    if not tables.dans_les_ages(demande.acte, facture, demande.jour):
        code = "MAJORATION_NON_DUE" if demande.genre in _MAJORATIONS else "AGE_INCOMPATIBLE"
        raise refuser(code, f"{demande.saisie.acte} ne se facture pas à l'âge du patient.", f"{demande.champ}.acte")
    if demande.genre in _MAJORATIONS:
        _verifier_majoration(facture, demande, toutes, tables)
    elif demande.saisie.depassement_centimes and not tarif_opposable(facture.executant):
        _verifier_honoraires_libres(demande, tables)


def verifier_complement(demande: Demande, tables: Consultation) -> None:
    """A night or Sunday supplement goes with an act, for the specialities whose amount is known."""
    champ = f"{demande.champ}.complement"
    if demande.genre not in ACTES:
        raise refuser("COMPLEMENT_SANS_ACTE", "Ce complément va avec une consultation ou une visite.", champ)
    lettre = tables.lire("lettres_medecin", demande.jour, champ, complement=demande.saisie.complement)
    if lettre["specialites"] and tables.executant.specialite not in lettre["specialites"]:
        raise refuser(
            "COMPLEMENT_NON_COUVERT", "Les tables n'ont pas le montant de ce complément pour cette spécialité.", champ,
            "Retirez le complément.",
        )


def _verifier_honoraires_libres(demande: Demande, tables: Consultation) -> None:
    ligne = tables.trouver("honoraires_libres", demande.jour, code=demande.saisie.acte)
    if ligne is None:
        return
    code = ligne["avec_depassement"]
    raise refuser(
        "ACTE_SECTEUR_2", f"En honoraires libres, {demande.saisie.acte} se facture sans dépassement.",
        f"{demande.champ}.acte",
        f"Cotez {code} avec son dépassement." if code else "Retirez le dépassement : aucun autre acte n'est connu.",
    )


def _verifier_majoration(facture: Facture, demande: Demande, toutes: list[Demande], tables: Consultation) -> None:
    """A supplement goes with an act of its list; one that is refundable, with an act that is too."""
    champ = f"{demande.champ}.acte"
    regles = tables.lire("majorations_medecin", demande.jour, champ, code=demande.saisie.acte)
    meme_jour = [d for d in toutes if d.jour == demande.jour]
    porteurs = [d for d in meme_jour if d.saisie.acte in regles["avec"] and d.remboursable >= demande.remboursable]
    if not _dans_le_compte(demande, regles, meme_jour, porteurs, tables):
        message = f"{demande.saisie.acte} se facture une fois par acte qui l'ouvre : {', '.join(regles['avec'])}."
        raise refuser("MAJORATION_NON_DUE", message, champ)
    if not _parcours_admis(facture, demande, regles, tables):
        attendus = ", ".join(_indicateurs(demande, regles, tables))
        message = f"{demande.saisie.acte} demande l'un de ces indicateurs de parcours : {attendus}."
        raise refuser("MAJORATION_NON_DUE", message, champ)
    _verifier_cumuls(demande, regles, meme_jour, porteurs)
    if regles["opposable"]:
        _verifier_opposable(facture, demande, porteurs)


def _dans_le_compte(
    demande: Demande, regles: Ligne, meme_jour: list[Demande], porteurs: list[Demande], tables: Consultation
) -> bool:
    """One supplement of a group for each act that opens it."""
    actes = sum(d.saisie.quantite for d in porteurs)
    return 0 < sum(d.saisie.quantite for d in meme_jour if _groupe(d, tables) == regles["groupe"]) <= actes


def _groupe(demande: Demande, tables: Consultation) -> str:
    ligne = tables.contexte.tables.charger("majorations_medecin").trouver(demande.jour, code=demande.saisie.acte)
    return ligne["groupe"] if ligne is not None else ""


def _parcours_admis(facture: Facture, demande: Demande, regles: Ligne, tables: Consultation) -> bool:
    """Indicators that open the supplement; a blank one does where the pathway does not apply to the patient."""
    admis, jour = regles["parcours"], demande.jour
    if not admis or facture.parcours in admis:
        return True
    if _COORDINATION in admis:
        return _coordonnee(facture, jour, tables, enfant=_ENFANT in admis)
    return not facture.parcours and not parcours.est_concernee(facture, jour, tables.contexte.tables)


def _indicateurs(demande: Demande, regles: Ligne, tables: Consultation) -> list[str]:
    if _COORDINATION not in regles["parcours"]:
        return list(regles["parcours"])
    lignes = tables.contexte.tables.charger("parcours").lignes(demande.jour)
    return [ligne["code"] for ligne in lignes if ligne["coordination"]]


def _coordonnee(facture: Facture, jour: date, tables: Consultation, *, enfant: bool) -> bool:
    """CF671: an indicator of coordination, or outside the pathway for the C2S; `enfant`: or none under 16."""
    if not facture.parcours:
        age = tables.lire("seuils", jour, code="PARCOURS_AGE")["valeur"]
        return enfant and parcours.age_du_patient(facture, jour) < age
    position = tables.trouver("parcours", jour, code=facture.parcours)
    if position is None:
        return False
    return position["coordination"] or (facture.beneficiaire.c2s and position["position"] == "dehors")


def _verifier_cumuls(demande: Demande, regles: Ligne, meme_jour: list[Demande], porteurs: list[Demande]) -> None:
    champ = f"{demande.champ}.acte"
    exclu = next((d.saisie.acte for d in meme_jour if d.saisie.acte in regles["sans"]), "")
    if exclu:
        raise refuser("CUMUL_INTERDIT", f"{demande.saisie.acte} ne se cumule pas avec {exclu}.", champ)
    if not regles["complement"] and any(d.saisie.complement for d in porteurs):
        message = f"{demande.saisie.acte} ne se cumule pas avec un complément de nuit ou de dimanche."
        raise refuser("CUMUL_INTERDIT", message, champ)


def _verifier_opposable(facture: Facture, demande: Demande, porteurs: list[Demande]) -> None:
    """Never beside a free overrun of sector 2, nor beside an authorised one."""
    libres = not tarif_opposable(facture.executant)
    for porteur in porteurs:
        if (porteur.saisie.qualificatif or "") in _DEPASSEMENT_AUTORISE or (
            libres and porteur.saisie.depassement_centimes
        ):
            raise refuser(
                "MAJORATION_NON_DUE", f"{demande.saisie.acte} demande une consultation sans dépassement.",
                f"{demande.champ}.acte", "Retirez la majoration, ou le dépassement.",
            )
