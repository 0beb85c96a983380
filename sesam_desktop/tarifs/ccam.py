"""The acts of the CCAM: tariff of the grid, percent modifiers, association, money modifiers.

Base = round(tariff × (1 + Σ percents) × association) + Σ money modifiers, which the association never reduces (rule
RG_VF643). The rules of what may be billed are those of `factures.controles_ccam`: what it blocks is refused here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sesam_desktop.factures import cumuls_ccam, modificateurs_ccam
from sesam_desktop.factures.actes import BLOQUANTE
from sesam_desktop.factures.actes_ccam import Examen, LigneCcam, cles_de_grille
from sesam_desktop.factures.controles_ccam import examiner
from sesam_desktop.factures.facture import Facture, Regle
from sesam_desktop.noyau.montants import CENT_POUR_CENT, Centimes, Taux, formater, formater_taux, multiplier
from sesam_desktop.referentiels.tables import Ligne

from .contexte import Consultation, refuser, regle
from .cotation import Cotation, Demande, Seuil, nombre

MODULE = "ccam"
_CUMULE = "1"  # field 25 of the acts that add up to reach the threshold; the others reach it alone
_SOURCE = "Classification commune des actes médicaux"


@dataclass(frozen=True, slots=True)
class Prix:
    """`avant_forfaits`: what the threshold looks at, money modifiers not counted."""

    avant_forfaits: Centimes
    forfaits: Centimes

    @property
    def total(self) -> Centimes:
        return self.avant_forfaits + self.forfaits


def calculer(tarif: Centimes, pourcents: Sequence[Taux], facteur: Decimal, forfaits: Sequence[Centimes]) -> Prix:
    """Percents add up; rounded once, before the money modifiers."""
    majoration = Decimal(CENT_POUR_CENT + sum(pourcents)) / CENT_POUR_CENT
    return Prix(multiplier(tarif, majoration * facteur), sum(forfaits))


def coter(facture: Facture, toutes: list[Demande], tables: Consultation) -> list[Cotation]:
    """One quotation a line. Raises EntreeInvalide with the first reason why a line may not be billed."""
    demandes = {d.rang: d for d in toutes if d.module == MODULE}
    examen, alertes = examiner(facture, tables.contexte.tables, tables.contexte.ccam)
    for alerte in alertes:
        if alerte.gravite == BLOQUANTE:
            raise refuser(alerte.code, alerte.message, alerte.champ)
        tables.avertir(alerte.code, alerte.message, alerte.champ)
    return [_coter(examen, ligne, demandes[ligne.rang], tables) for ligne in examen.lignes]


def _coter(examen: Examen, ligne: LigneCcam, demande: Demande, tables: Consultation) -> Cotation:
    modificateurs = [_modificateur(examen, ligne, code, tables) for code in ligne.saisie.modificateurs]
    association = _association(examen, ligne, tables)
    prix = calculer(
        ligne.tarif or 0, _valeurs(ligne, modificateurs, "pourcent"), association["facteur"],
        _valeurs(ligne, modificateurs, "centimes"),
    )
    regroupement = ligne.regroupement
    assert regroupement is not None  # noqa: S101 - the controls have refused the others
    saisie = ligne.saisie
    assiette = prix.avant_forfaits * (saisie.quantite if _CUMULE in ligne.acte.exonerations else 1)
    return Cotation(
        acte=ligne.acte.regroupement, libelle=ligne.acte.libelle, nature=regroupement["nature"], jour=ligne.jour,
        rang=ligne.rang, prix=prix.total, quantite=saisie.quantite, depassement=saisie.depassement_centimes,
        ald=saisie.ald, soumise=demande.acte["parcours"], qualificatif=saisie.qualificatif or "",
        detail=ligne.acte.code, motif=saisie.motif_exoneration,
        seuil=Seuil("-".join(ligne.acte.exonerations), assiette, regroupement["participation"]),
        regles=_regles(examen, ligne, modificateurs, association, prix, tables),
    )


def _modificateur(examen: Examen, ligne: LigneCcam, code: str, tables: Consultation) -> Ligne:
    cles = modificateurs_ccam.cles(examen, code)
    return tables.lire("modificateurs_ccam", ligne.jour, f"{ligne.champ}.modificateurs", **cles)


def _valeurs(ligne: LigneCcam, modificateurs: Sequence[Ligne], unite: str) -> list[int]:
    return [modificateurs_ccam.valeur(ligne, m) for m in modificateurs if m["unite"] == unite]


def _association(examen: Examen, ligne: LigneCcam, tables: Consultation) -> Ligne:
    """The association, or the derogation that lets the act stand beside a consultation."""
    if not ligne.accessoire and ligne.remboursable and ligne.jour in examen.cliniques:
        return tables.lire("cumuls_ccam", ligne.jour, f"{ligne.champ}.code", **cumuls_ccam.cles(examen, ligne))
    return tables.lire(
        "associations_ccam", ligne.jour, f"{ligne.champ}.association", code=ligne.saisie.association or ""
    )


def _regles(
    examen: Examen, ligne: LigneCcam, modificateurs: Sequence[Ligne], association: Ligne, prix: Prix,
    tables: Consultation,
) -> tuple[Regle, ...]:
    """The chain of the base: tariff, modifiers, association, then the sum written out."""
    regles = [_tarif(examen, ligne, tables)]
    regles += [_de_modificateur(ligne, modificateur) for modificateur in modificateurs]
    if association["facteur"] != 1 or ligne.saisie.association or association.table == "cumuls_ccam":
        regles.append(regle("ASSOCIATION_CCAM", f"{association['libelle']}.", association))
    if modificateurs or association["facteur"] != 1:
        regles.append(_somme(ligne, modificateurs, association, prix))
    return tuple(regles)


def _tarif(examen: Examen, ligne: LigneCcam, tables: Consultation) -> Regle:
    acte, grille = ligne.acte, ligne.grille
    if grille.a_confirmer:
        tables.lire("grilles_ccam", ligne.jour, "executant.convention", **cles_de_grille(examen.facture))
    montant = "non pris en charge" if ligne.tarif is None else formater(ligne.tarif, unite="€")
    texte = f"{acte.code}, activité {acte.activite}, phase {acte.phase} : {montant} ({grille['libelle']})."
    return Regle("TARIF_CCAM", texte, _SOURCE, f"CCAM {acte.version}", "base", acte.hors_periode or grille.a_confirmer)


def _de_modificateur(ligne: LigneCcam, modificateur: Ligne) -> Regle:
    valeur = modificateurs_ccam.valeur(ligne, modificateur)
    montant = formater(valeur, unite="€") if modificateur["unite"] == "centimes" else formater_taux(valeur)
    texte = f"Modificateur {modificateur['code']} : + {montant}, {modificateur['libelle']}."
    return regle("MODIFICATEUR_CCAM", texte, modificateur)


def _somme(ligne: LigneCcam, modificateurs: Sequence[Ligne], association: Ligne, prix: Prix) -> Regle:
    facteurs = [formater(ligne.tarif or 0, unite="€")]
    if pourcents := _valeurs(ligne, modificateurs, "pourcent"):
        facteurs.append(nombre(Decimal(CENT_POUR_CENT + sum(pourcents)) / CENT_POUR_CENT))
    if association["facteur"] != 1:
        facteurs.append(nombre(association["facteur"]))
    texte = f"{' × '.join(facteurs)} = {formater(prix.avant_forfaits, unite='€')}"
    if prix.forfaits:
        texte += f" ; + {formater(prix.forfaits, unite='€')} = {formater(prix.total, unite='€')}"
    return regle("CALCUL_CCAM", f"{texte}.", association)
