"""Doctors, and what sages-femmes share with them: consultations, visits, examinations and their supplements."""

from __future__ import annotations

from dataclasses import replace

from sesam_desktop.factures.facture import Facture
from sesam_desktop.referentiels.tables import Ligne

from . import medecin_regles
from .contexte import Consultation
from .cotation import Cotation, Demande, regle_de_prix
from .kilometres_medicaux import indemnite
from .supplements import prix_du_complement

MODULE = "medecin"


def coter(facture: Facture, toutes: list[Demande], tables: Consultation) -> list[Cotation]:
    """Each act or supplement asked, followed by its night or Sunday supplement and its kilometres."""
    return [c for demande in toutes if demande.module == MODULE for c in _lignes(facture, demande, toutes, tables)]


def _lignes(facture: Facture, demande: Demande, toutes: list[Demande], tables: Consultation) -> list[Cotation]:
    medecin_regles.verifier(facture, demande, toutes, tables)
    acte = _cotation(demande, tables.prix(demande.saisie.acte, demande.jour, f"{demande.champ}.acte"))
    return [acte, *_complement(acte, demande, facture, tables), *indemnite(acte, demande, tables)]


def _cotation(demande: Demande, prix: Ligne) -> Cotation:
    saisie, acte = demande.saisie, demande.acte
    cotation = Cotation(
        acte=saisie.acte, libelle=acte["libelle"], nature=acte["nature"], jour=demande.jour, rang=demande.rang,
        prix=prix["prix"], quantite=saisie.quantite, depassement=saisie.depassement_centimes, ald=saisie.ald,
        soumise=acte["parcours"], qualificatif=saisie.qualificatif or "", motif=saisie.motif_exoneration,
    )
    return cotation.plus(regle_de_prix(saisie.acte, prix, saisie.quantite, cotation.coefficient, cotation.tarif))


def _complement(acte: Cotation, demande: Demande, facture: Facture, tables: Consultation) -> list[Cotation]:
    lettre = demande.saisie.complement
    if not lettre:
        return []
    medecin_regles.verifier_complement(demande, tables)
    prix = prix_du_complement(facture.executant.profession, lettre, demande.jour, demande.rang, tables)
    majoration = replace(acte, complement=lettre, prix=prix["prix"], depassement=0, soumise=False, regles=())
    nom = f"{acte.acte} {prix['libelle']}"
    return [majoration.plus(regle_de_prix(nom, prix, acte.quantite, acte.coefficient, majoration.tarif))]
