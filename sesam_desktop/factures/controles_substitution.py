"""Controls of substitution: refusal of the generic, « non substituable » mentions, brand without a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.montants import Centimes
from sesam_desktop.referentiels.tables import Ligne

from . import generiques
from .boites import Boite
from .dossier import Dossier, avertir, bloquer, seuil
from .facture import Alerte
from .parcours import age_du_patient

_SANS_MOTIF = ("", "0", "5")  # nothing said, nothing to say, prescribed by its common name


def controler(d: Dossier, delivrees: Sequence[Boite]) -> Iterator[Alerte]:
    for boite in delivrees:
        regle = generiques.regle_de_substitution(d.tables, boite.ligne.substitution, boite.jour, d.facture.prescription)
        if regle is not None:
            yield from _refus(d, boite, regle)
            yield from _mention(d, boite, regle)
        yield from _marque_sans_motif(boite)


def _refus(d: Dossier, boite: Boite, regle: Ligne) -> Iterator[Alerte]:
    """The brand refused for its generic goes without tiers payant, unless it costs no more than the generics."""
    if regle["tiers_payant"] or _sans_generique(boite) or _sans_surcout(d, boite):
        return
    champ = f"{boite.champ}.substitution"
    if d.facture.tiers_payant.amo or d.facture.tiers_payant.amc:
        message = (
            "Générique refusé sans justification médicale : facturez cette boîte à part, sans tiers payant, sur une "
            "feuille de soins papier, ou indiquez MTE, EFG ou CIF si l'ordonnance le porte."
        )
        yield bloquer("REFUS_GENERIQUE_TIERS_PAYANT", message, champ)
    else:
        message = "Générique refusé : le patient paie, remettez-lui une feuille de soins sur papier."
        yield avertir("REFUS_GENERIQUE", message, champ)


def _sans_generique(boite: Boite) -> bool:
    """True when no generic of this medicine is on sale: nothing to refuse. An unknown one is left alone."""
    return boite.medicament is not None and not generiques.generiques(boite.groupes)


def _sans_surcout(d: Dossier, boite: Boite) -> bool:
    """True when the box has a TFR, or costs no more than the dearest equivalent generic."""
    if d.articles.tfr is not None and d.articles.tfr.tarif(boite.ligne.cip13, boite.jour) is not None:
        return True
    return bool(generiques.equivalents(boite.groupes, boite.ligne.cip13)) and _surcout(boite) <= 0


def _surcout(boite: Boite) -> Centimes:
    """What the box costs more than its dearest equivalent generic, 0 when one of the prices is not known."""
    plus_cher = generiques.plus_cher(boite.groupes, boite.ligne.cip13)
    prix = boite.medicament.prix_centimes if boite.medicament is not None else None
    return 0 if plus_cher is None or prix is None else prix - plus_cher


def _mention(d: Dossier, boite: Boite, regle: Ligne) -> Iterator[Alerte]:
    champ = f"{boite.champ}.substitution"
    justifiee_ou_refusee = regle["mention"] or not regle["tiers_payant"]
    if justifiee_ou_refusee and _sans_generique(boite):
        message = "Aucun générique de ce médicament n'est vendu : ce motif n'a pas d'objet."
        yield avertir("SUBSTITUTION_SANS_OBJET", message, champ)
    elif regle["code"] == "NS" and not regle["tiers_payant"]:
        message = "« Non substituable » sans MTE, EFG ou CIF vaut refus du patient : demandez la justification."
        yield avertir("MENTION_SANS_JUSTIFICATION", message, champ)
    elif regle["mention"] == "MTE" and boite.groupes and not _marge_etroite(d, boite):
        message = "Ce médicament n'est pas dans la liste des marges thérapeutiques étroites : vérifiez la mention."
        yield avertir("MTE_HORS_LISTE", message, champ)
    elif regle["mention"] == "EFG" and _trop_age(d, boite):
        message = "La mention EFG ne vaut que pour un enfant de moins de six ans : vérifiez la mention."
        yield avertir("EFG_AGE", message, champ)


def _marge_etroite(d: Dossier, boite: Boite) -> bool:
    substances = d.tables.charger("substances_mte")
    return any(substances.trouver(boite.jour, mot=mot) is not None for mot in boite.mots)


def _trop_age(d: Dossier, boite: Boite) -> bool:
    limite = seuil(d, "EFG_AGE")
    try:
        return limite is not None and age_du_patient(d.facture, boite.jour) >= limite
    except EntreeInvalide:
        return False  # the control of the birth date says so


def _marque_sans_motif(boite: Boite) -> Iterator[Alerte]:
    if (boite.ligne.substitution or "") not in _SANS_MOTIF:
        return
    if generiques.est_reference(boite.groupes, boite.ligne.cip13) and _surcout(boite) > 0:
        message = "Médicament de marque délivré alors qu'un générique moins cher existe : indiquez le motif."
        yield avertir("MARQUE_SANS_MOTIF", message, f"{boite.champ}.substitution")
