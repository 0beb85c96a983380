"""Medicines: one line for the boxes at their public price, one for each dispensing fee they bring.

Without prescription nothing is reimbursed: the boxes and their own fee stay at the patient's charge.
"""

from __future__ import annotations

from dataclasses import replace

from sesam_desktop.factures.facture import Facture
from sesam_desktop.factures.parcours import age_du_patient
from sesam_desktop.noyau.montants import formater, multiplier
from sesam_desktop.referentiels.tables import Ligne

from .contexte import Consultation, MedicamentTarifable, refuser, regle
from .cotation import Cotation, Demande, regle_de_prix

_HONORAIRES_ORDONNANCE = ("HDR", "HC", "HDA")


def coter(facture: Facture, lues: list[Demande], tables: Consultation) -> list[Cotation]:
    """Boxes and their fees in the order asked, then the fees of the prescription."""
    cotations: list[Cotation] = []
    for demande in lues:
        if demande.genre == "medicament":
            cotations += _boites(facture, demande, tables)
    return cotations + _honoraires_ordonnance(facture, lues, cotations, tables)


def _boites(facture: Facture, demande: Demande, tables: Consultation) -> list[Cotation]:
    medicament = tables.contexte.medicaments.par_cip13(demande.saisie.cip13, demande.jour)
    if medicament is None:
        raise refuser(
            "CIP_INCONNU", "Aucun médicament ne porte ce code CIP13 à cette date.", f"{demande.champ}.cip13",
            "Vérifiez le code ou mettez à jour la base des médicaments.",
        )
    _verifier_substitution(demande, tables)
    if medicament.hors_periode:
        message = f"Le prix et le taux sont ceux du {medicament.version}, après les soins : à confirmer."
        tables.avertir("MEDICAMENT_HORS_PERIODE", message, f"{demande.champ}.cip13")
    if not medicament.remboursable or medicament.taux is None:
        return [_non_remboursable(demande, medicament, tables)]
    vignette = tables.lire("vignettes", demande.jour, f"{demande.champ}.cip13", taux=str(medicament.taux))
    boite = _remboursable(facture, demande, medicament, vignette, tables)
    return [boite, *_honoraire_boite(boite, medicament, vignette, tables)]


def _verifier_substitution(demande: Demande, tables: Consultation) -> None:
    if not (code := demande.saisie.substitution):
        return
    ligne = tables.lire("substitutions", demande.jour, f"{demande.champ}.substitution", code=code)
    if not ligne["tarifable"]:
        raise refuser(
            "SUBSTITUTION_NON_COUVERTE", "Le refus de substitution n'est pas encore tarifé.",
            f"{demande.champ}.substitution", "Établissez une feuille de soins sur papier, sans tiers payant.",
        )


def _non_remboursable(demande: Demande, medicament: MedicamentTarifable, tables: Consultation) -> Cotation:
    prix = demande.saisie.prix_centimes
    if prix is None:
        raise refuser(
            "PRIX_MANQUANT", "Ce médicament n'est pas remboursable : son prix est libre.",
            f"{demande.champ}.prix_centimes", "Indiquez le prix demandé.",
        )
    acte = tables.lire("actes", demande.jour, code="PHN")
    return _cotation_boite(demande, medicament, acte, prix, "Prix demandé")


def _remboursable(
    facture: Facture, demande: Demande, medicament: MedicamentTarifable, vignette: Ligne, tables: Consultation
) -> Cotation:
    if medicament.prix_centimes is None:
        raise refuser("PRIX_INCONNU", "Le prix public de ce médicament est absent.", f"{demande.champ}.cip13")
    if demande.saisie.prix_centimes not in (None, medicament.prix_centimes):
        raise refuser(
            "PRIX_REGLEMENTE", f"Le prix public est {formater(medicament.prix_centimes, unite='€')}.",
            f"{demande.champ}.prix_centimes", "Retirez le prix demandé.",
        )
    acte = tables.lire("actes", demande.jour, code=vignette["code"])
    boite = _cotation_boite(demande, medicament, acte, medicament.prix_centimes, "Prix public")
    if tables.zone == "dom":
        champ = f"{demande.champ}.cip13"
        tables.avertir("PRIX_DROM", "Le prix est celui de la métropole : à confirmer outre-mer.", champ)
    if facture.prescription is None and demande.remboursable:
        return replace(boite, qualificatif="N").plus(
            regle("SANS_ORDONNANCE", "Sans ordonnance, le médicament n'est pas remboursé.", acte)
        )
    return boite


def _cotation_boite(
    demande: Demande, medicament: MedicamentTarifable, acte: Ligne, prix: int, origine: str
) -> Cotation:
    quantite = demande.saisie.quantite
    texte = f"{origine} : {quantite} × {formater(prix, unite='€')} = {formater(prix * quantite, unite='€')}."
    tarif = replace(regle("TARIF", texte, acte), source="BDPM", version=medicament.version)
    return Cotation(
        acte=acte["code"], libelle=medicament.libelle, nature=acte["nature"], jour=demande.jour, rang=demande.rang,
        prix=prix, quantite=quantite, ald=demande.saisie.ald, qualificatif=demande.saisie.qualificatif or "",
        detail=medicament.cip13, regles=(tarif,),
    )


def _honoraire_boite(
    boite: Cotation, medicament: MedicamentTarifable, vignette: Ligne, tables: Consultation
) -> list[Cotation]:
    """HD, or HG when the public table gives the box the fee of a three-month pack."""
    if not medicament.honoraire_centimes or boite.qualificatif == "G":
        return []
    est_grand = _est_grand_conditionnement(medicament.honoraire_centimes, boite, tables)
    code = vignette["grand_conditionnement" if est_grand else "honoraire"]
    prix = tables.prix("HG" if est_grand else "HD", boite.jour, boite.champ)
    return [_honoraire(boite, code, prix, boite.quantite, tables)]


def _est_grand_conditionnement(lu: int, boite: Cotation, tables: Consultation) -> bool:
    """The fee of the public table is of its own date: it is nearer to one of the two fees in force on `boite.jour`."""
    prix = tables.contexte.tables.charger("prix")
    specialite = tables.executant.specialite
    simple, grand = (
        prix.trouver(boite.jour, code=code, zone=tables.zone, specialite=specialite) for code in ("HD", "HG")
    )
    return bool(simple and grand and abs(lu - grand["prix"]) < abs(lu - simple["prix"]))


def _honoraire(modele: Cotation, code: str, prix: Ligne, quantite: int, tables: Consultation) -> Cotation:
    acte = tables.lire("actes", modele.jour, code=code)
    tarif = regle_de_prix(code, prix, quantite, modele.coefficient, prix["prix"] * quantite)
    return replace(
        modele, acte=code, libelle=acte["libelle"], nature=acte["nature"], prix=prix["prix"], quantite=quantite,
        detail="", regles=(tarif,),
    )


def _honoraires_ordonnance(
    facture: Facture, lues: list[Demande], cotations: list[Cotation], tables: Consultation
) -> list[Cotation]:
    """HDR, HC, HDA when due, HDE when asked: once per execution, with a prescription and a reimbursable box."""
    boites = [c for c in cotations if c.detail and c.base > 0]
    demandes_hde = [d for d in lues if d.genre == "honoraire_demande"]
    if not boites or facture.prescription is None:
        return _refuser_hde(demandes_hde, "sans ordonnance ni médicament remboursable")
    if len(demandes_hde) > 1 or any(d.saisie.quantite > 1 for d in demandes_hde):
        return _refuser_hde(demandes_hde[-1:], "plus d'une fois par exécution")
    modele = replace(boites[0], ald=all(b.ald for b in boites), qualificatif="", jour=facture.date_soins)
    codes = [code for code in _HONORAIRES_ORDONNANCE if _est_du(code, facture, boites, tables)]
    dus = [(modele, code) for code in codes] + [(replace(modele, rang=d.rang), d.saisie.acte) for d in demandes_hde]
    return [_honoraire_ordonnance(support, code, tables) for support, code in dus]


def _refuser_hde(refusees: list[Demande], motif: str) -> list[Cotation]:
    for demande in refusees:
        raise refuser("HONORAIRE_NON_DU", f"{demande.saisie.acte} ne se facture pas {motif}.", f"{demande.champ}.acte")
    return []


def _est_du(code: str, facture: Facture, boites: list[Cotation], tables: Consultation) -> bool:
    jour = facture.date_soins
    acte = tables.contexte.tables.charger("actes").trouver(jour, code=code)
    if acte is None:
        return False
    if code == "HC":
        return len({b.detail for b in boites}) >= tables.lire("seuils", jour, code="HC_LIGNES")["valeur"]
    if acte["ages"]:
        _signaler_age_limite(acte, facture, boites[0].champ, tables)
    return tables.dans_les_ages(acte, facture, jour)


def _signaler_age_limite(acte: Ligne, facture: Facture, champ: str, tables: Consultation) -> None:
    """« Plus de 70 ans » may begin the day after the birthday: the year just before the table's is told."""
    age = age_du_patient(facture, facture.date_soins)
    if any(age == mini - 1 for mini, _ in acte["ages"] if mini):
        message = f"Le patient a {age} ans : {acte['code']} n'est compté qu'à {age + 1} ans (décision du projet)."
        tables.avertir("AGE_LIMITE", message, champ)


def _honoraire_ordonnance(modele: Cotation, code: str, tables: Consultation) -> Cotation:
    ligne = tables.prix(code, modele.jour, modele.champ)
    honoraire = _honoraire(modele, code, ligne, 1, tables)
    outre_mer = tables.trouver(
        "coefficients_drom", modele.jour, departement=tables.executant.departement, acte=code
    )
    if outre_mer is None:
        return honoraire
    prix = multiplier(ligne["prix"], outre_mer["facteur"])
    facteur = str(outre_mer["facteur"]).replace(".", ",")
    texte = f"Coefficient {outre_mer['libelle']} {facteur} : {formater(prix, unite='€')}."
    return replace(honoraire, prix=prix).plus(regle("COEFFICIENT_DROM", texte, outre_mer))
