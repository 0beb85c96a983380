"""Products and services of the LPP: the AMO computes on the tariff or on what is charged when that is less.

What is charged above the tariff is an overrun, up to the ceiling price of the article (PLV). An article is billed under
a prestation code (PAN, DVO…): the one its table gives, or the one demandee; it is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sesam_desktop.factures.facture import Facture, Regle
from sesam_desktop.noyau import dates
from sesam_desktop.noyau.montants import Centimes, formater, multiplier
from sesam_desktop.referentiels.lpp import ArticleLpp

from . import lpp_article
from .contexte import Consultation, refuser
from .cotation import Cotation, Demande, nombre
from .references import est_ancienne

MODULE = "lpp"
_SOURCE = "Liste des produits et prestations"
_ACTE = "LPP"  # asks for the prestation code of the table
_GRATUIT = "G"


def coter(facture: Facture, lues: list[Demande], tables: Consultation) -> list[Cotation]:
    """Each article demandee, in the order demandee."""
    return [_coter(facture, demande, tables) for demande in lues if demande.module == MODULE]


def _coter(facture: Facture, demande: Demande, tables: Consultation) -> Cotation:
    article, saisie = lpp_article.trouver(demande, tables), demande.saisie
    majoration = _majoration(article, demande, tables)
    tarif = multiplier((article.tarif_centimes or 0) * saisie.quantite, majoration)
    total = _facture(demande, tarif)
    depassement = max(0, total - tarif)
    if demande.remboursable:
        _exiger_sous_le_plafond(article, total, majoration, demande)
        _exiger_sans_depassement_c2s(facture, depassement, demande)
    doute = est_ancienne(article.version, demande.jour, tables)
    prix, coefficient = article.tarif_centimes or 0, majoration
    if total < tarif:
        prix, coefficient = _prix_unitaire(total, demande), Decimal(1)
    return Cotation(
        _prestation(article, demande), article.libelle, demande.acte["nature"], demande.jour, demande.rang, prix,
        saisie.quantite, coefficient, depassement, saisie.ald, qualificatif=saisie.qualificatif or "",
        detail=article.code, motif=saisie.motif_exoneration,
        regles=tuple(_regles(article, saisie.quantite, majoration, total, doute)),
    )


def _prestation(article: ArticleLpp, demande: Demande) -> str:
    demandee = demande.saisie.acte
    champ = f"{demande.champ}.acte"
    if demandee == _ACTE and not article.nature:
        raise refuser(
            "PRESTATION_INCONNUE", f"La table ne donne pas le code prestation de l'article {article.code}.", champ,
            "Écrivez ce code à la place de LPP (PAN, DVO, MAD…).",
        )
    if demandee not in (_ACTE, article.nature) and article.nature:
        message = f"L'article {article.code} se facture sous {article.nature}, pas sous {demandee}."
        raise refuser("PRESTATION_DIFFERENTE", message, champ)
    return article.nature or demandee


def _majoration(article: ArticleLpp, demande: Demande, tables: Consultation) -> Decimal:
    """Coefficient of the tariff where the professional is, 1 in metropolitan France."""
    if tables.zone == "metro":
        return Decimal(1)
    trouve = dict(article.majorations).get(tables.executant.departement)
    if trouve is None:
        message = f"La table n'a pas de coefficient outre-mer pour l'article {article.code}."
        raise refuser("HORS_TABLE", message, f"{demande.champ}.code", "Vérifiez la LPP installée et le département.")
    return trouve


def _facture(demande: Demande, tarif: Centimes) -> Centimes:
    """What is charged for the line; the tariff when nothing is said or the article is given."""
    if demande.saisie.qualificatif == _GRATUIT:
        return tarif
    total, unitaire = demande.saisie.montant_facture_centimes, demande.saisie.prix_centimes
    if unitaire is not None:
        if total is not None and total != unitaire * demande.saisie.quantite:
            message = "Le montant facturé n'est pas le prix unitaire multiplié par la quantité."
            raise refuser("MONTANT_INCOHERENT", message, f"{demande.champ}.montant_facture_centimes")
        total = unitaire * demande.saisie.quantite
    if total == 0:
        message = "Le montant facturé est nul : un article offert se facture avec le qualificatif G."
        raise refuser("MONTANT_NUL", message, f"{demande.champ}.montant_facture_centimes")
    return tarif if total is None else total


def _prix_unitaire(total: Centimes, demande: Demande) -> Centimes:
    """Price of one, when less than the tariff is charged: B2 writes it, so it must be exact."""
    prix, reste = divmod(total, demande.saisie.quantite)
    if reste:
        raise refuser(
            "MONTANT_INDIVISIBLE", "Le montant facturé ne se divise pas en un prix unitaire au centime.",
            f"{demande.champ}.montant_facture_centimes", "Facturez ces articles sur plusieurs lignes.",
        )
    return prix


def _exiger_sous_le_plafond(article: ArticleLpp, total: Centimes, coefficient: Decimal, demande: Demande) -> None:
    if article.prix_max_centimes is None:
        return
    plafond = multiplier(article.prix_max_centimes * demande.saisie.quantite, coefficient)
    if total > plafond:
        message = f"Le prix dépasse le prix limite de vente : {formater(plafond, unite='€')} pour cette ligne."
        raise refuser("PRIX_LIMITE", message, f"{demande.champ}.montant_facture_centimes")


def _exiger_sans_depassement_c2s(facture: Facture, depassement: Centimes, demande: Demande) -> None:
    if depassement and facture.beneficiaire.c2s:
        raise refuser(
            "DEPASSEMENT_C2S", "Un dépassement LPP n'est pas couvert pour un patient à la C2S.",
            f"{demande.champ}.montant_facture_centimes", "Facturez au tarif de la LPP.",
        )


def _regles(
    article: ArticleLpp, quantite: int, majoration: Decimal, total: Centimes, doute: bool
) -> Iterator[Regle]:
    """The arithmetic of the line, written out. `doute`: the tariff is that of an old table."""
    unitaire, version = article.tarif_centimes or 0, f"lpp {article.version}"
    tarif = multiplier(unitaire * quantite, majoration)
    facteurs = [str(quantite)] if quantite > 1 else []
    facteurs += [formater(unitaire, unite="€")]
    facteurs += [nombre(majoration)] if majoration != 1 else []
    resultat = f" = {formater(tarif, unite='€')}" if len(facteurs) > 1 else ""
    depuis = f" depuis le {dates.formater(article.date_tarif)}" if article.date_tarif else ""
    calcul = f"LPP {article.code}, tarif{depuis} : {' × '.join(facteurs)}{resultat}."
    yield Regle("TARIF", calcul, _SOURCE, version, "base", doute)
    if total < tarif:
        texte = f"Facturé {formater(total, unite='€')}, moins que le tarif : la base est le montant facturé."
        yield Regle("PRIX_FACTURE", texte, _SOURCE, version, "base")
    if total > tarif:
        ecart = formater(total - tarif, unite="€")
        texte = f"Facturé {formater(total, unite='€')}, soit {ecart} au-dessus du tarif."
        yield Regle("DEPASSEMENT", texte, _SOURCE, version, "depassement", doute)
