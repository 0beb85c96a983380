"""The frontal's own reading of a B2 file: order of the records, constancy of an invoice's keys, counters and totals.

Written apart from the sender's codecs on purpose: both share the tables of zones, nothing of the arithmetic.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import count
from typing import Any

from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.identifiants import exiger_nir

from . import coherence
from .curseur import Curseur
from .lot_lu import FactureLue, Ligne, LotLu
from .refus import Motif, Refus, Signaler, refuser

_ADRESSE_COMMUNE = slice(3, 55)   # sender, addressee and file identification: the same in 000 and 999
_CLES_COMMUNES = slice(1, 26)     # partner, NIR and key: the same in every record of an invoice
_NUMERO = slice(29, 38)           # of the invoice, in its record 2
_TETE, _TETE_DRE = ("2", "2S"), ("2", "2S", "2D")


def lire(octets: bytes, signaler: Signaler = refuser) -> LotLu:
    """Read a clear file of one lot. Raises Refus at the first fault, with its record.

    Invoices that `signaler` lets pass are left out of the lot, whose totals are then not judged.
    """
    curseur = Curseur(octets)
    entete = curseur.exiger("000")
    lot = curseur.exiger("1")
    factures = list(_factures(curseur, signaler))
    fin_lot, fin = curseur.exiger("6"), curseur.exiger("999")
    curseur.exiger_fin()
    if not curseur.sautees:
        _controler_fin_de_lot(fin_lot, lot, factures)
    _controler_fin_de_fichier(fin, entete, curseur.nombre)
    _exiger_numeros_distincts(factures, signaler)
    nombre = len(factures) + curseur.sautees
    return LotLu(entete.zones, lot.zones, tuple(factures), hashlib.sha256(octets).hexdigest(), nombre)


def _factures(curseur: Curseur, signaler: Signaler) -> Iterator[FactureLue]:
    for place in count():
        if curseur.type != "2":
            return
        rang, numero = curseur.rang, curseur.brut[_NUMERO].decode("latin-1")
        try:
            facture = _facture(curseur, place)
        except Refus as refus:
            refus.facture = numero
            signaler(refus)
            curseur.sauter_facture(rang)
        else:
            yield facture


def _facture(curseur: Curseur, place: int) -> FactureLue:
    lignes = [curseur.exiger(type) for type in (_TETE_DRE if curseur.dre else _TETE)]
    tete = len(lignes)
    while curseur.type[:1] in ("3", "4"):
        lignes.append(curseur.exiger(curseur.type))
    lignes += [curseur.exiger("5"), curseur.exiger("5S")]
    _exiger_ordre_des_actes(lignes[tete:-2])
    _exiger_cles_constantes(lignes)
    coherence.controler(lignes[0].zones["exoneration_facture"], _actes(lignes))
    return _totaliser(lignes, len(lignes) - tete - 2, place)


def _actes(lignes: list[Ligne]) -> list[tuple[dict[str, Any], str, int]]:
    """Each act with the participation its 4S tells, and the rank of its record."""
    supplements = [*lignes[1:], lignes[-1]]
    return [
        (ligne.zones, suivante.zones["participation"] if suivante.type == "4S" else "", ligne.rang)
        for ligne, suivante in zip(lignes, supplements, strict=True)
        if ligne.type == "4"
    ]


def _exiger_ordre_des_actes(lignes: list[Ligne]) -> None:
    """Every complement follows a record of its family; at least one act."""
    famille = ""
    for ligne in lignes:
        if ligne.type in ("3", "4"):
            famille = ligne.type
        elif ligne.type[0] != famille:
            raise Refus(Motif.ENTETE, f"L'enregistrement {ligne.type} ne suit aucune ligne.", ligne.rang)
    if not famille:
        raise Refus(Motif.ENTETE, "La facture ne contient aucun acte.")


def _exiger_cles_constantes(lignes: list[Ligne]) -> None:
    premiere = lignes[0]
    try:
        exiger_nir(premiere.zones["nir_assure"], premiere.zones["cle_nir_assure"])
    except EntreeInvalide:
        raise Refus(Motif.ENTETE, "La clé du numéro de l'assuré est fausse.", premiere.rang) from None
    for ligne in lignes:
        meme_numero = ligne.zones["numero_facture"] == premiere.zones["numero_facture"]
        if not meme_numero or ligne.octets[_CLES_COMMUNES] != premiere.octets[_CLES_COMMUNES]:
            raise Refus(Motif.ENTETE, "L'enregistrement n'appartient pas à la facture en cours.", ligne.rang)


def _totaliser(lignes: list[Ligne], nombre: int, place: int) -> FactureLue:
    """`nombre`: records of the acts."""
    fin, supplement = lignes[-2], lignes[-1]
    sejours = [ligne.zones for ligne in lignes if ligne.type == "3"]
    actes = [ligne.zones for ligne in lignes if ligne.type == "4"]
    depense_3, amo_3, amc_3 = _somme(sejours, "depense"), _somme(sejours, "montant_amo"), _somme(sejours, "montant_amc")
    honoraires_4, amo_4, amc_4 = _somme(actes, "honoraires"), _somme(actes, "montant_amo"), _somme(actes, "montant_amc")
    honoraires, amo, amc = depense_3 + honoraires_4, amo_3 + amo_4, amc_3 + amc_4
    _exiger_zones(fin, {
        "nombre_enregistrements": nombre,
        "total_base_3": _somme(sejours, "base"),
        "total_amo_3": amo_3,
        "total_amc_3": amc_3,
        "total_depense_3": depense_3,
        "total_honoraires_4": honoraires_4,
        "total_amo_4": amo_4,
        "total_amc_4": amc_4,
        "participation_assure": honoraires - amo,
    })
    _exiger_zones(supplement, {
        "total_honoraires": honoraires,
        "total_amo": amo,
        "total_amc": amc,
        "reste_assure": honoraires - amo - amc,
    })
    return FactureLue(tuple(lignes), honoraires, amo, amc, place)


def _somme(zones_lues: list[dict[str, Any]], nom: str) -> int:
    return sum(valeurs[nom] or 0 for valeurs in zones_lues)


def _exiger_zones(ligne: Ligne, attendues: dict[str, Any]) -> None:
    for nom, attendue in attendues.items():
        if (ligne.zones[nom] or 0) != attendue:
            raise Refus(Motif.COMPTES, f"Zone « {nom} » : {ligne.zones[nom]} au lieu de {attendue}.", ligne.rang)


def _controler_fin_de_lot(fin: Ligne, debut: Ligne, factures: list[FactureLue]) -> None:
    if not factures:
        raise Refus(Motif.ENTETE, "Le lot ne contient aucune facture.", debut.rang)
    if fin.zones["numero_lot"] != debut.zones["numero_lot"]:
        raise Refus(Motif.ENTETE, "Le numéro de lot diffère au début et à la fin du lot.", fin.rang)
    nombre = len(factures)
    _exiger_zones(fin, {
        "nombre_factures": nombre,
        "nombre_factures_2": nombre,
        "nombre_factures_3": nombre,
        "nombre_lignes": sum(ligne.type in ("3", "4") for facture in factures for ligne in facture.lignes),
        "total_honoraires": sum(facture.honoraires for facture in factures),
        "total_amo": sum(facture.amo for facture in factures),
        "total_amc": sum(facture.amc for facture in factures),
    })


def _controler_fin_de_fichier(fin: Ligne, debut: Ligne, nombre: int) -> None:
    if fin.octets[_ADRESSE_COMMUNE] != debut.octets[_ADRESSE_COMMUNE]:
        raise Refus(Motif.ENTETE, "Le début et la fin du fichier ne s'accordent pas.", fin.rang)
    _exiger_zones(fin, {"nombre_enregistrements": nombre, "nombre_lots": 1})


def _exiger_numeros_distincts(factures: list[FactureLue], signaler: Signaler) -> None:
    vus: set[str] = set()
    for facture in factures:
        if facture.numero in vus or not facture.numero.strip("0"):
            message = f"Le numéro de facture {facture.numero} est nul ou répété."
            signaler(Refus(Motif.LOT, message, facture.rang, facture.numero))
        vus.add(facture.numero)
