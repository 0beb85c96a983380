"""Kilometres of a doctor's or a sage-femme's visit: the round trip less the allowance of the zone, without ceiling.

The daily ceiling of nurses is not theirs: nothing published says so.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from .contexte import Consultation, refuser, regle
from .cotation import Cotation, Demande, regle_de_prix


def indemnite(acte: Cotation, demande: Demande, tables: Consultation) -> list[Cotation]:
    """The IK line of the visit `demande`, one trip for each visit; nothing when the trip is within the allowance."""
    if not demande.saisie.ik_km:
        return []
    zone = tables.trouver("kilometres", demande.jour, zone=tables.executant.zone_ik.lstrip("0"))
    if zone is None:
        raise refuser(
            "ZONE_IK_INCONNUE", "La zone d'indemnités kilométriques du professionnel ne donne pas droit aux IK.",
            "executant.zone_ik", "Vérifiez sa situation de facturation, ou retirez les kilomètres.",
        )
    retenus = max(0, demande.saisie.ik_km - zone["abattement"])
    texte = f"{demande.saisie.ik_km} km moins {zone['abattement']} ({zone['libelle']}) : {retenus} km."
    regles = (regle("ABATTEMENT_IK", texte, zone),)
    return _lignes(replace(acte, acte=zone["acte"], regles=regles), retenus * acte.quantite, demande, tables)


def _lignes(modele: Cotation, km: int, demande: Demande, tables: Consultation) -> list[Cotation]:
    """Several lines of a long trip: B2 writes a quantity on two digits."""
    prix = tables.prix(modele.acte, demande.jour, f"{demande.champ}.ik_km")
    modele = replace(
        modele, libelle="Indemnité kilométrique", prix=prix["prix"], coefficient=Decimal(1), depassement=0,
        soumise=False,
    )
    maximum = int(tables.lire("seuils", demande.jour, code="LIGNE_QUANTITE")["valeur"])
    lignes = [replace(modele, quantite=min(maximum, km - fait)) for fait in range(0, km, maximum)]
    return [li.plus(regle_de_prix(li.acte, prix, li.quantite, li.coefficient, li.tarif)) for li in lignes]
