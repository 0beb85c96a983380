"""Boxes of medicines: one line at the public price, with what changes it overseas, by units, under a TFR or a refusal.

Without prescription nothing is reimbursed: the box and its own fee stay at the patient's charge.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sesam_desktop.factures import deconditionnement
from sesam_desktop.factures.facture import Facture, Regle
from sesam_desktop.noyau import dates
from sesam_desktop.noyau.montants import Centimes, arrondir, formater, formater_taux
from sesam_desktop.referentiels.tables import Ligne

from . import officine_generiques, officine_outre_mer
from .contexte import Consultation, MedicamentTarifable, refuser, regle
from .cotation import Cotation, Demande
from .officine_honoraires import de_boite
from .references import avertir_de_l_age

_HORS_PERIODE = "MEDICAMENT_HORS_PERIODE", "date_soins"  # one table for every box: told once


@dataclass(frozen=True, slots=True)
class PrixBoite:
    """Unit price charged, the base when it is lower, and the rules that led from the public price to them."""

    facture: Centimes
    base: Centimes | None
    regles: tuple[Regle, ...] = ()


def coter(facture: Facture, demande: Demande, tables: Consultation) -> list[Cotation]:
    """The line of the boxes, then their dispensing fee."""
    medicament = _trouver(demande, tables)
    officine_generiques.verifier(demande, tables)
    _verifier_unites(demande, medicament)
    if not medicament.remboursable or medicament.taux is None:
        return [_non_remboursable(demande, medicament, tables)]
    vignette = _vignette(demande, medicament.taux, tables)
    acte = tables.lire("actes", demande.jour, code=vignette["code"])
    prix = _prix(facture, demande, medicament, acte, tables)
    boite = _sans_ordonnance(facture, demande, _cotation(demande, medicament, acte, prix), acte)
    return [boite, *de_boite(boite, medicament, vignette, deconditionnement.boites_ouvertes(demande.saisie), tables)]


def _trouver(demande: Demande, tables: Consultation) -> MedicamentTarifable:
    champ = f"{demande.champ}.cip13"
    medicament = tables.contexte.medicaments.par_cip13(demande.saisie.cip13, demande.jour)
    if medicament is None:
        raise refuser(
            "CIP_INCONNU", "Aucun médicament ne porte ce code CIP13 à cette date.", champ,
            "Vérifiez le code ou mettez à jour la base des médicaments.",
        )
    if medicament.hors_periode and _HORS_PERIODE not in tables.alertes:
        du = dates.formater(date.fromisoformat(medicament.version))
        message = f"Les prix et les taux des médicaments sont ceux du {du}, après les soins : à confirmer."
        tables.avertir(_HORS_PERIODE[0], message, _HORS_PERIODE[1])
    avertir_de_l_age(medicament.version, "base des médicaments", demande.jour, champ, tables)
    return medicament


def _verifier_unites(demande: Demande, medicament: MedicamentTarifable) -> None:
    if (defaut := deconditionnement.defaut(demande.saisie)) is not None:
        code, message, champ = defaut
        raise refuser(code, message, f"{demande.champ}.{champ}")
    if deconditionnement.est_demande(demande.saisie) and not medicament.remboursable:
        raise refuser(
            "UNITES_PRIX_LIBRE", "Le prix de ce médicament est libre : le prix demandé est celui de la ligne.",
            f"{demande.champ}.unites", "Retirez les unités.",
        )


def _vignette(demande: Demande, taux: int, tables: Consultation) -> Ligne:
    champ = f"{demande.champ}.cip13"
    vignette = tables.lire("vignettes", demande.jour, champ, taux=str(taux))
    if vignette.a_confirmer:
        message = f"La base publique donne {formater_taux(taux)}, facturé {vignette['code']}. {vignette.source}."
        tables.avertir("TAUX_ANORMAL", message, champ)
    return vignette


def _non_remboursable(demande: Demande, medicament: MedicamentTarifable, tables: Consultation) -> Cotation:
    prix = demande.saisie.prix_centimes
    if prix is None:
        raise refuser(
            "PRIX_MANQUANT", "Ce médicament n'est pas remboursable : son prix est libre.",
            f"{demande.champ}.prix_centimes", "Indiquez le prix demandé.",
        )
    acte = tables.lire("actes", demande.jour, code="PHN")
    return _cotation(demande, medicament, acte, PrixBoite(prix, None), "Prix demandé")


def _prix(
    facture: Facture, demande: Demande, medicament: MedicamentTarifable, acte: Ligne, tables: Consultation
) -> PrixBoite:
    public = medicament.prix_centimes
    if public is None:
        raise refuser("PRIX_INCONNU", "Le prix public de ce médicament est absent.", f"{demande.champ}.cip13")
    limite = officine_generiques.limite(facture, demande, public, tables)
    local = officine_outre_mer.prix(public, demande.jour, tables)
    prix = PrixBoite(local.montant, None, local.regles)
    if limite is not None:
        base = officine_outre_mer.prix(limite.montant, demande.jour, tables).montant
        prix = replace(prix, base=base, regles=(*prix.regles, *limite.regles))
    _verifier_prix_demande(demande, prix.facture)
    return _part(demande, prix, acte)


def _verifier_prix_demande(demande: Demande, prix: Centimes) -> None:
    if demande.saisie.prix_centimes not in (None, prix):
        raise refuser(
            "PRIX_REGLEMENTE", f"Le prix public est {formater(prix, unite='€')}.", f"{demande.champ}.prix_centimes",
            "Retirez le prix demandé, ou mettez à jour la base des médicaments.",
        )


def _part(demande: Demande, prix: PrixBoite, acte: Ligne) -> PrixBoite:
    """The part of the price that the units are worth, rounded once, half up."""
    saisie = demande.saisie
    if not deconditionnement.est_demande(saisie):
        return prix
    facture = arrondir(prix.facture * saisie.unites, saisie.unites_boite)
    base = None if prix.base is None else arrondir(prix.base * saisie.unites, saisie.unites_boite)
    texte = (
        f"Déconditionnement : {saisie.unites} unités d'une boîte de {saisie.unites_boite}, {saisie.unites} × "
        f"{formater(prix.facture, unite='€')} / {saisie.unites_boite} = {formater(facture, unite='€')}."
    )
    return PrixBoite(facture, base, (*prix.regles, regle("DECONDITIONNEMENT", texte, acte)))


def _sans_ordonnance(facture: Facture, demande: Demande, boite: Cotation, acte: Ligne) -> Cotation:
    if facture.prescription is not None or not demande.remboursable:
        return boite
    texte = "Sans ordonnance, le médicament n'est pas remboursé."
    return replace(boite, qualificatif="N").plus(regle("SANS_ORDONNANCE", texte, acte))


def _cotation(
    demande: Demande, medicament: MedicamentTarifable, acte: Ligne, prix: PrixBoite, origine: str = "Prix public"
) -> Cotation:
    saisie = demande.saisie
    unitaire = formater(prix.facture, unite="€")
    total = formater(prix.facture * saisie.quantite, unite="€")
    texte = f"{saisie.quantite} × {unitaire} = {total}" if saisie.quantite > 1 else unitaire
    tarif = Regle("TARIF", f"{origine} : {texte}.", "BDPM", medicament.version, "base")
    return Cotation(
        acte=acte["code"], libelle=medicament.libelle, nature=acte["nature"], jour=demande.jour, rang=demande.rang,
        prix=prix.facture, quantite=saisie.quantite, ald=saisie.ald, qualificatif=saisie.qualificatif or "",
        detail=medicament.cip13, prix_de_base=prix.base, motif=saisie.motif_exoneration, regles=(*prix.regles, tarif),
    )
