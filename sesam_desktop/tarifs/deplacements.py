"""Travel of one visit: the flat allowance, and the kilometres with their allowance and daily ceiling (NGAP art. 13).

`ik_km` is the round trip of the visit; when several lines carry it, the longest counts once. A visit whose travel is
billed to another patient under the same roof has neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sesam_desktop.factures.facture import Regle
from sesam_desktop.referentiels.tables import TOUS, Ligne

from .contexte import Consultation, refuser, regle
from .cotation import Cotation, Demande
from .seances import DEPLACEMENTS, Seance

_UN = Decimal(1)


def coter(seance: Seance, principal: Cotation, km: dict[date, int], tables: Consultation) -> list[Cotation]:
    """Travel lines of `nombre` identical visits. `km` holds the kilometres of each day and is brought up to date."""
    if seance.partagee:
        _verifier_partage(seance)
        return []
    if not seance.au_domicile:
        return []
    return [_forfait(seance, principal, tables), *_kilometres(seance, principal, km, tables)]


def supplement(
    principal: Cotation, code: str, tables: Consultation, *regles: Regle, quantite: int = 0, facteur: Decimal = _UN
) -> Cotation:
    """A line that follows the first act of the session: same exoneration, same qualifier, else as many times."""
    acte = tables.lire("actes", principal.jour, principal.champ, code=code)
    return replace(
        principal, acte=code, libelle=acte["libelle"], nature=acte["nature"], quantite=quantite or principal.quantite,
        coefficient=facteur, depassement=0, regles=regles,
    )


def regle_du_partage(principal: Cotation, tables: Consultation) -> Regle:
    """Why the visit has no travel."""
    acte = tables.lire("actes", principal.jour, principal.champ, code=principal.acte)
    texte = "Déplacement porté par un autre patient du même lieu : une seule indemnité par visite."
    return regle("DEPLACEMENT_PARTAGE", texte, acte)


def profession(jour: date, tables: Consultation) -> str:
    """Trade of the professional, from the speciality of the card."""
    ligne = tables.lire("specialites", jour, "executant.specialite", code=tables.executant.specialite)
    return ligne["profession"]


def _verifier_partage(seance: Seance) -> None:
    """Travel asked for a visit that says it has none."""
    for demande in seance.lignes:
        demande_un_trajet = demande.genre in DEPLACEMENTS and not demande.saisie.deplacement_partage
        if demande_un_trajet or demande.saisie.ik_km:
            champ = "acte" if demande_un_trajet else "ik_km"
            raise refuser(
                "DEPLACEMENT_CONTRADICTOIRE", "Le déplacement de cette visite est porté par un autre patient.",
                f"{demande.champ}.{champ}", "Retirez le déplacement et les kilomètres, ou l'indication de partage.",
            )


def _forfait(seance: Seance, principal: Cotation, tables: Consultation) -> Cotation:
    """The allowance its first act calls for, or another one that the act allows and that was asked for by name."""
    admis = tables.lire("actes", seance.jour, principal.champ, code=principal.acte)["deplacement"].split()
    if not admis:
        raise refuser(
            "DEPLACEMENT_NON_DU", f"{principal.acte} ne se facture pas avec un déplacement.", principal.champ,
            "Retirez le domicile et les kilomètres.",
        )
    demandes = (d.saisie.acte for d in seance.supplements if d.genre == "deplacement")
    return supplement(principal, next((code for code in demandes if code in admis), admis[0]), tables)


def _kilometres(seance: Seance, principal: Cotation, km: dict[date, int], tables: Consultation) -> list[Cotation]:
    source = max(seance.lignes, key=lambda d: d.saisie.ik_km)
    if source.saisie.ik_km == 0:
        _refuser_sans_distance(d for d in seance.supplements if d.genre == "kilometrique")
        return []
    ligne = zone_kilometrique("pied_ski" if seance.demande("IKS") else "", seance.jour, tables)
    retenus, explication = kilometres_retenus(source.saisie.ik_km, ligne)
    deja, factures = km.get(seance.jour, 0), retenus * seance.nombre
    km[seance.jour] = deja + factures
    return _tranches(principal, ligne, deja, factures, explication, tables)


def _refuser_sans_distance(demandes: Iterable[Demande]) -> None:
    for demande in demandes:
        raise refuser("KM_MANQUANT", "La distance est absente.", f"{demande.champ}.ik_km", "Indiquez l'aller-retour.")


def zone_kilometrique(zone: str, jour: date, tables: Consultation) -> Ligne:
    """What a kilometre is called and costs in `zone`, by default that of the professional's card."""
    ligne = tables.trouver("kilometres", jour, zone=zone or tables.executant.zone_ik.lstrip("0"))
    if ligne is None:
        raise refuser(
            "ZONE_IK_INCONNUE", "La zone d'indemnités kilométriques du professionnel ne donne pas droit aux IK.",
            "executant.zone_ik", "Vérifiez sa situation de facturation, ou retirez les kilomètres.",
        )
    return ligne


def kilometres_retenus(km: int, zone: Ligne) -> tuple[int, Regle]:
    """The round trip less the allowance of the zone, and how it was worked out."""
    retenus = max(0, km - zone["abattement"])
    texte = f"{km} km moins {zone['abattement']} ({zone['libelle']}) : {retenus} km."
    return retenus, regle("ABATTEMENT_IK", texte, zone)


def _tranches(
    principal: Cotation, zone: Ligne, deja: int, nombre: int, explication: Regle, tables: Consultation
) -> list[Cotation]:
    """One line a slice of the daily ceiling of the trade; the quantity is the number of kilometres."""
    cotations, debut, acte = [], 0, zone["acte"]
    for tranche in _plafonds(principal.jour, tables):
        dans = max(0, min(tranche["jusqu_a"], deja + nombre) - max(debut, deja))
        debut = tranche["jusqu_a"]
        if dans and tranche["facteur"]:
            regles = (explication, *_regle_du_plafond(tranche, principal.jour, tables))
            cotations.append(supplement(principal, acte, tables, *regles, quantite=dans, facteur=tranche["facteur"]))
    return cotations


def _regle_du_plafond(tranche: Ligne, jour: date, tables: Consultation) -> tuple[Regle, ...]:
    if tranche["facteur"] == 1:
        return ()
    lue = tables.lire("plafond_km", jour, profession=tranche["profession"], rang=tranche["rang"])
    return (regle("PLAFOND_IK", f"Plafond journalier, {lue['libelle']}.", lue),)


def _plafonds(jour: date, tables: Consultation) -> list[Ligne]:
    """Slices of this trade, else those of the trades that have no ceiling of their own."""
    toutes, metier = tables.contexte.tables.charger("plafond_km").lignes(jour), profession(jour, tables)
    propres = [tranche for tranche in toutes if tranche["profession"] == metier]
    return sorted(propres or [t for t in toutes if t["profession"] == TOUS], key=lambda t: t["jusqu_a"])
