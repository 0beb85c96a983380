"""Kilometres of a doctor's or a sage-femme's visit: the round trip less the allowance of the zone, without ceiling.

The daily ceiling of nurses is not theirs: nothing published says so.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from .contexte import Consultation
from .cotation import Cotation, Demande, quantites_b2, regle_de_prix
from .deplacements import kilometres_retenus, zone_kilometrique


def indemnite(acte: Cotation, demande: Demande, tables: Consultation) -> list[Cotation]:
    """The IK lines of the visit `demande`, one trip for each visit; nothing when the trip is within the allowance."""
    if not demande.saisie.ik_km:
        return []
    zone = zone_kilometrique("", demande.jour, tables)
    retenus, explication = kilometres_retenus(demande.saisie.ik_km, zone)
    prix = tables.prix(zone["acte"], demande.jour, f"{demande.champ}.ik_km")
    modele = replace(
        acte, acte=zone["acte"], libelle="Indemnité kilométrique", prix=prix["prix"], coefficient=Decimal(1),
        depassement=0, soumise=False, regles=(explication,),
    )
    quantites = quantites_b2(retenus * acte.quantite, demande.jour, tables)
    lignes = (replace(modele, quantite=nombre) for nombre in quantites)
    return [li.plus(regle_de_prix(li.acte, prix, li.quantite, li.coefficient, li.tarif)) for li in lignes]
