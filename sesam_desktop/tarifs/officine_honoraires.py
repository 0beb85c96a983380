"""Dispensing fees: one for each box opened (HD, HG), then those of the prescription (HDR, HC, HDA, HDE)."""

from __future__ import annotations

from dataclasses import replace

from sesam_desktop.factures.boites import est_trimestrielle
from sesam_desktop.factures.facture import Facture
from sesam_desktop.factures.parcours import age_du_patient
from sesam_desktop.referentiels.tables import Ligne

from . import officine_outre_mer
from .contexte import Consultation, MedicamentTarifable, refuser
from .cotation import Cotation, Demande, regle_de_prix

_AJOUTES = ("HDR", "HC", "HDA")


def de_boite(
    boite: Cotation, medicament: MedicamentTarifable, vignette: Ligne, ouvertes: int, tables: Consultation
) -> list[Cotation]:
    """HD, or HG when the public table gives the box the fee of a three-month pack. Due on a box opened in part too."""
    if not medicament.honoraire_centimes or boite.qualificatif == "G":
        return []
    est_grand = est_trimestrielle(tables.contexte.tables, medicament.honoraire_centimes, boite.jour)
    code = vignette["grand_conditionnement" if est_grand else "honoraire"]
    prix = tables.prix("HG" if est_grand else "HD", boite.jour, boite.champ)
    return [_honoraire(boite, code, prix, ouvertes, tables)]


def de_l_ordonnance(
    facture: Facture, lues: list[Demande], cotations: list[Cotation], tables: Consultation
) -> list[Cotation]:
    """HDR, HC, HDA when due, HDE when asked: once per execution, with a prescription and a reimbursable box."""
    boites = [c for c in cotations if c.detail and c.base > 0]
    demandes_hde = [d for d in lues if d.genre == "honoraire_demande"]
    if demandes_hde:
        _exiger_hde_du(demandes_hde, bool(boites) and facture.prescription is not None)
    if not boites or facture.prescription is None:
        return []
    modele = _modele(facture, boites)
    codes = [code for code in _AJOUTES if _est_du(code, facture, boites, tables)]
    dus = [(modele, code) for code in codes] + [(replace(modele, rang=d.rang), d.saisie.acte) for d in demandes_hde]
    return [_honoraire(support, code, tables.prix(code, support.jour, support.champ), 1, tables)
            for support, code in dus]


def _modele(facture: Facture, boites: list[Cotation]) -> Cotation:
    """The fees of the prescription are exempted when every reimbursed box is, for one reason."""
    motifs = {b.motif for b in boites}
    return replace(
        boites[0], ald=all(b.ald for b in boites), motif=motifs.pop() if len(motifs) == 1 else "", qualificatif="",
        jour=facture.date_soins,
    )


def _honoraire(modele: Cotation, code: str, prix: Ligne, quantite: int, tables: Consultation) -> Cotation:
    acte = tables.lire("actes", modele.jour, code=code)
    local = officine_outre_mer.honoraire(prix["prix"], modele.jour, tables)
    nombre = 1 if local.regles else quantite  # overseas, the price of one is what the coefficient multiplies
    tarif = regle_de_prix(code, prix, nombre, modele.coefficient, prix["prix"] * nombre)
    return Cotation(
        acte=code, libelle=acte["libelle"], nature=acte["nature"], jour=modele.jour, rang=modele.rang,
        prix=local.montant, quantite=quantite, ald=modele.ald, qualificatif=modele.qualificatif, motif=modele.motif,
        regles=(tarif, *local.regles),
    )


def _exiger_hde_du(demandes: list[Demande], ouvert: bool) -> None:
    if not ouvert:
        fautive, motif = demandes[0], "sans ordonnance ni médicament remboursable"
    elif len(demandes) > 1 or demandes[0].saisie.quantite > 1:
        fautive, motif = demandes[-1], "plus d'une fois par exécution"
    else:
        return
    raise refuser("HONORAIRE_NON_DU", f"{fautive.saisie.acte} ne se facture pas {motif}.", f"{fautive.champ}.acte")


def _est_du(code: str, facture: Facture, boites: list[Cotation], tables: Consultation) -> bool:
    jour = facture.date_soins
    acte = tables.contexte.tables.charger("actes").trouver(jour, code=code)
    if acte is None:
        return False
    if code == "HC":
        return len({b.detail for b in boites}) >= tables.lire("seuils", jour, code="HC_LIGNES")["valeur"]
    if acte["ages"]:
        _signaler_age_limite(acte, facture, tables)
    return tables.dans_les_ages(acte, facture, jour)


def _signaler_age_limite(acte: Ligne, facture: Facture, tables: Consultation) -> None:
    """« Plus de 70 ans » may begin the day after the birthday: the year just before the table's is told."""
    age = age_du_patient(facture, facture.date_soins)
    if any(age == mini - 1 for mini, _ in acte["ages"] if mini):
        message = f"Le patient a {age} ans : {acte['code']} est compté à partir de {age + 1} ans, à confirmer."
        tables.avertir("AGE_LIMITE", message, "beneficiaire.date_naissance")
