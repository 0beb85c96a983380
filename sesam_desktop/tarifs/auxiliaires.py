"""Acts of auxiliaires médicaux: nurses, masseurs-kinésithérapeutes, orthophonistes, orthoptistes, pédicures-podologues.

Session by session: day forfait, acts under article 11B, acts outside of it, then what the session adds to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sesam_desktop.factures.facture import Facture
from sesam_desktop.noyau.montants import multiplier
from sesam_desktop.referentiels.tables import Ligne

from . import deplacements, infirmier, supplements
from .article_11b import ranger, signaler_non_facture
from .contexte import Consultation, refuser
from .cotation import Cotation, Demande, quantites_b2, regle_de_prix
from .seances import Seance, seances

MODULE = "auxiliaires"
_CENTIEME = Decimal("0.01")  # a coefficient is written with two decimals in B2: the price follows what is written


def coter(facture: Facture, toutes: list[Demande], tables: Consultation) -> list[Cotation]:
    """Every line, session by session; equal lines of several sessions are put together."""
    lues = [d for d in toutes if d.module == MODULE]
    for demande in lues:
        _verifier_situation(demande, tables)
    forfaits = infirmier.forfaits(lues)
    km: dict[date, int] = dict(tables.contexte.km_factures)
    cotations: list[Cotation] = []
    for seance in seances(lues):
        _verifier_complement(seance)
        actes = _actes(seance, tables)
        principal = actes[0] if actes else _porteur(seance, forfaits)
        cotations += actes + supplements.coter(facture, seance, principal, km, tables)
    return [_avec_tarif(part, tables) for c in _reunies(cotations) for part in _partagee(c, tables)]


def _verifier_situation(demande: Demande, tables: Consultation) -> None:
    """Outside the nurses' acts, the field ``code`` says which rehabilitation this is: it must be a known one."""
    if demande.genre != "acte_auxiliaire" or not demande.saisie.code:
        return
    connues = tables.contexte.tables.charger("referentiels_reeducation").lignes(demande.jour)
    codes = [ligne["code"] for ligne in connues if ligne["specialite"] == tables.executant.specialite]
    if demande.saisie.code not in codes:
        attendu = f"Choisissez {', '.join(codes)}, ou laissez ce champ vide." if codes else "Laissez ce champ vide."
        champ = f"{demande.champ}.code"
        raise refuser("SITUATION_INCONNUE", "Cette situation de rééducation est inconnue.", champ, attendu)


def _verifier_complement(seance: Seance) -> None:
    complements = {d.saisie.complement for d in seance.lignes} - {""}
    if len(complements) > 1:
        fautive = next(d for d in seance.lignes if d.saisie.complement)
        raise refuser(
            "CUMUL_INTERDIT", "Nuit et dimanche ne se cumulent pas dans une séance.", f"{fautive.champ}.complement"
        )


def _porteur(seance: Seance, forfaits: Mapping[date, Demande]) -> Cotation:
    """A visit without an act of its own: its travel goes with the forfait billed that day."""
    demande = seance.supplements[0]
    if seance.jour not in forfaits:
        message = f"{demande.saisie.acte} demande un acte dans la même séance."
        raise refuser("SUPPLEMENT_SANS_ACTE", message, f"{demande.champ}.acte")
    forfait = forfaits[seance.jour]
    return replace(_cotation(forfait, seance, Decimal(1)), rang=demande.rang, depassement=0)


def _actes(seance: Seance, tables: Consultation) -> list[Cotation]:
    """Best paid first: the first one brings the supplements of the session."""
    forfaits = [d for d in seance.actes if d.genre == infirmier.FORFAIT]
    ranges = [d for d in seance.actes if d.acte["article_11b"] and d.remboursable]
    autres = [d for d in seance.actes if d not in forfaits and d not in ranges]
    cotations = [_cotation(d, seance, d.saisie.coefficient) for d in forfaits]
    cotations += _ranges(ranges, seance, tables)
    cotations += [_cotation(d, seance, d.saisie.coefficient) for d in sorted(autres, key=lambda d: _cle(d, tables))]
    if seance.partagee and cotations:
        cotations[0] = cotations[0].plus(deplacements.regle_du_partage(cotations[0], tables))
    return cotations


def _ranges(demandes: list[Demande], seance: Seance, tables: Consultation) -> list[Cotation]:
    """Acts under article 11B."""
    cotations, valeurs = [], {d.rang: _valeur(d, tables) for d in demandes}
    for rang in ranger(demandes, lambda d: valeurs[d.rang], tables):
        if not rang.facteur:
            signaler_non_facture(rang.demande, tables)
            continue
        coefficient = rang.demande.saisie.coefficient * rang.facteur
        cotation = _cotation(rang.demande, seance, coefficient.quantize(_CENTIEME, ROUND_HALF_UP))
        cotations.append(cotation.plus(rang.regle) if rang.regle else cotation)
    return cotations


def _cle(d: Demande, tables: Consultation) -> tuple:
    """Order of the acts outside article 11B, whatever the order they were asked in; a free one comes last."""
    saisie = d.saisie
    gratuit = saisie.qualificatif == "G"
    return (
        not d.remboursable, gratuit, -_valeur(d, tables), not saisie.ald, saisie.acte, saisie.motif_exoneration,
        -saisie.quantite, -saisie.depassement_centimes,
    )


def _valeur(demande: Demande, tables: Consultation) -> Decimal:
    return tables.prix(demande.saisie.acte, demande.jour, f"{demande.champ}.acte")["prix"] * demande.saisie.coefficient


def _cotation(demande: Demande, seance: Seance, coefficient: Decimal) -> Cotation:
    saisie, acte = demande.saisie, demande.acte
    return Cotation(
        acte=saisie.acte, libelle=acte["libelle"], nature=acte["nature"], jour=demande.jour, rang=demande.rang, prix=0,
        quantite=seance.nombre, coefficient=coefficient,
        depassement=saisie.depassement_centimes if seance.premiere else 0,
        ald=saisie.ald, qualificatif=saisie.qualificatif or "", motif=saisie.motif_exoneration,
    )


def _reunies(cotations: list[Cotation]) -> list[Cotation]:
    """Lines that differ only by their session become one, in the order they first came."""
    reunies: dict[tuple, Cotation] = {}
    for c in cotations:
        cle = (c.rang, c.acte, c.complement, c.coefficient, c.jour)
        reunies[cle] = _somme(reunies[cle], c) if cle in reunies else c
    return list(reunies.values())


def _somme(avant: Cotation, c: Cotation) -> Cotation:
    return replace(
        avant, quantite=avant.quantite + c.quantite, depassement=avant.depassement + c.depassement,
        regles=tuple(dict.fromkeys(avant.regles + c.regles)),
    )


def _partagee(c: Cotation, tables: Consultation) -> list[Cotation]:
    """As many lines as B2 needs; the overrun is on the first one."""
    premiere, *suite = quantites_b2(c.quantite, c.jour, tables)
    if not suite:
        return [c]
    return [replace(c, quantite=premiere), *(replace(c, quantite=reste, depassement=0) for reste in suite)]


def _avec_tarif(cotation: Cotation, tables: Consultation) -> Cotation:
    """The unit price and the arithmetic, once the quantity is known."""
    ligne, c = _ligne_de_prix(cotation, tables), cotation
    code = f"{c.acte} {ligne['libelle']}" if c.complement else c.acte
    montant = multiplier(ligne["prix"] * c.quantite, c.coefficient)
    tarif = regle_de_prix(code, ligne, c.quantite, c.coefficient, montant)
    return replace(c, prix=ligne["prix"], regles=(tarif, *c.regles))


def _ligne_de_prix(cotation: Cotation, tables: Consultation) -> Ligne:
    if not cotation.complement:
        return tables.prix(cotation.acte, cotation.jour, cotation.champ)
    metier = deplacements.profession(cotation.jour, tables)
    return supplements.prix_du_complement(metier, cotation.complement, cotation.jour, cotation.rang, tables)
