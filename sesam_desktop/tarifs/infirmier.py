"""Nurse acts (NGAP titre XVI): acts under article 11B, day forfaits, then the supplements of each session."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sesam_desktop.factures.facture import Facture
from sesam_desktop.referentiels.tables import Ligne

from . import supplements
from .article_11b import ranger
from .contexte import Consultation, refuser
from .cotation import Cotation, Demande, regle_de_prix
from .seances import Seance, seances

MODULE = "infirmier"
_CENTIEME = Decimal("0.01")  # a coefficient is written with two decimals in B2: the price follows what is written


def coter(facture: Facture, toutes: list[Demande], tables: Consultation) -> list[Cotation]:
    """Every nurse line, session by session; equal lines of several sessions are put together."""
    lues = [d for d in toutes if d.module == MODULE]
    _verifier_forfaits(lues)
    km: dict[date, int] = dict(tables.contexte.km_factures)
    cotations: list[Cotation] = []
    for seance in seances(lues):
        _verifier_seance(seance)
        actes = _actes(seance, tables)
        cotations += actes + supplements.coter(facture, seance, actes, km, tables)
    return [_avec_tarif(part, tables) for c in _reunies(cotations) for part in _partagee(c, tables)]


def _verifier_forfaits(lues: list[Demande]) -> None:
    """One day forfait a day, and no AMI or AIS beside it."""
    forfaits: dict[date, Demande] = {}
    for demande in (d for d in lues if d.genre == "forfait_jour"):
        if demande.jour in forfaits or demande.saisie.quantite > 1:
            raise refuser("CUMUL_INTERDIT", "Un seul forfait journalier se facture par jour.", f"{demande.champ}.acte")
        forfaits[demande.jour] = demande
    for demande in lues:
        if demande.jour in forfaits and demande.saisie.acte in ("AMI", "AIS"):
            raise refuser(
                "CUMUL_INTERDIT", f"{demande.saisie.acte} ne se cumule pas avec un forfait journalier.",
                f"{demande.champ}.acte", "Cotez AMX les actes admis en plus du forfait.",
            )


def _verifier_seance(seance: Seance) -> None:
    if not seance.actes:
        demande = seance.supplements[0]
        raise refuser(
            "SUPPLEMENT_SANS_ACTE", f"{demande.saisie.acte} demande un acte le même jour.", f"{demande.champ}.acte"
        )
    complements = {d.saisie.complement for d in seance.lignes} - {""}
    if len(complements) > 1:
        fautive = next(d for d in seance.lignes if d.saisie.complement)
        raise refuser(
            "CUMUL_INTERDIT", "Nuit et dimanche ne se cumulent pas dans une séance.", f"{fautive.champ}.complement"
        )


def _actes(seance: Seance, tables: Consultation) -> list[Cotation]:
    """Best paid first: the first one brings the supplements of the session."""
    forfaits = [d for d in seance.actes if d.genre == "forfait_jour"]
    ranges = [d for d in seance.actes if d.acte["article_11b"] and d.remboursable]
    autres = [d for d in seance.actes if d not in forfaits and d not in ranges]
    autres.sort(key=lambda d: (not d.remboursable, -_valeur(d, tables), not d.saisie.ald, d.saisie.acte))
    cotations = [_cotation(d, seance, d.saisie.coefficient) for d in forfaits]
    for rang in ranger(ranges, lambda d: _valeur(d, tables), tables):
        if not rang.facteur:
            _signaler_non_facture(rang.demande, tables)
            continue
        coefficient = rang.demande.saisie.coefficient * rang.facteur
        cotation = _cotation(rang.demande, seance, coefficient.quantize(_CENTIEME, ROUND_HALF_UP))
        cotations.append(cotation.plus(rang.regle) if rang.regle else cotation)
    return cotations + [_cotation(d, seance, d.saisie.coefficient) for d in autres]


def _valeur(demande: Demande, tables: Consultation) -> Decimal:
    return tables.prix(demande.saisie.acte, demande.jour, f"{demande.champ}.acte")["prix"] * demande.saisie.coefficient


def _signaler_non_facture(demande: Demande, tables: Consultation) -> None:
    if demande.saisie.depassement_centimes:
        raise refuser(
            "DEPASSEMENT_SANS_ACTE", "L'article 11B retire cet acte : son dépassement ne peut pas être facturé.",
            f"{demande.champ}.depassement_centimes",
        )
    tables.avertir(
        "ACTE_NON_FACTURE", f"{demande.saisie.acte} n'est pas facturé : troisième acte de la séance (article 11B).",
        demande.champ,
    )


def _cotation(demande: Demande, seance: Seance, coefficient: Decimal) -> Cotation:
    saisie, acte = demande.saisie, demande.acte
    return Cotation(
        acte=saisie.acte, libelle=acte["libelle"], nature=acte["nature"], jour=demande.jour, rang=demande.rang, prix=0,
        quantite=seance.nombre, coefficient=coefficient,
        depassement=saisie.depassement_centimes if seance.premiere else 0,
        ald=saisie.ald, qualificatif=saisie.qualificatif or "",
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
    """Several lines of a long trip: B2 writes a quantity on two digits, and nobody can split an IK by hand."""
    maximum = int(tables.lire("seuils", c.jour, code="LIGNE_QUANTITE")["valeur"])
    suite = [replace(c, quantite=min(maximum, c.quantite - fait)) for fait in range(0, c.quantite, maximum)]
    return [suite[0], *(replace(part, depassement=0) for part in suite[1:])]


def _avec_tarif(cotation: Cotation, tables: Consultation) -> Cotation:
    """The unit price and the arithmetic, once the quantity is known."""
    ligne = _ligne_de_prix(cotation, tables)
    tarifee = replace(cotation, prix=ligne["prix"])
    code = f"{cotation.acte} {ligne['libelle']}" if cotation.complement else cotation.acte
    tarif = regle_de_prix(code, ligne, cotation.quantite, cotation.coefficient, tarifee.tarif)
    return replace(tarifee, regles=(tarif, *cotation.regles))


def _ligne_de_prix(cotation: Cotation, tables: Consultation) -> Ligne:
    if not cotation.complement:
        return tables.prix(cotation.acte, cotation.jour, cotation.champ)
    return supplements.prix_du_complement("infirmier", cotation.complement, cotation.jour, cotation.rang, tables)
