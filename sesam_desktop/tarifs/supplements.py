"""What a session adds to its acts: travel, kilometres, MAU, MCI, MIE, night and Sunday.

They follow the first act of the session: same exoneration, same qualifier. A supplement asked for by name must be due.
`ik_km` is the round trip of the visit; when several lines carry it, the longest counts once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sesam_desktop.factures.facture import Facture, LigneTarifee, Regle
from sesam_desktop.referentiels.tables import Ligne, SourceTables

from .contexte import Consultation, refuser, regle
from .cotation import Cotation
from .seances import Seance


def coter(
    facture: Facture, seance: Seance, actes: list[Cotation], km: dict[date, int], tables: Consultation
) -> list[Cotation]:
    """Supplements of `nombre` identical sessions. `km` holds the kilometres of each day and is brought up to date."""
    principal = actes[0]
    deplacement = _deplacement(seance, principal, tables)
    trouves = [*deplacement, *_kilometres(seance, principal, km, tables)]
    codes = _majorations(facture, seance, bool(deplacement), tables)
    trouves += [_supplement(principal, code, tables) for code in codes]
    _verifier_demandes(seance, trouves)
    return trouves + _complement(seance, principal)


def km_factures(facturees: Iterable[LigneTarifee], jour: date, tables: SourceTables) -> int:
    """Kilometres that priced lines bill on `jour`, allowance taken off: what the daily ceiling counts."""
    indemnites = {ligne["acte"] for ligne in tables.charger("kilometres").lignes(jour)}
    return sum(ligne.quantite for ligne in facturees if ligne.date == jour and ligne.acte in indemnites)


def prix_du_complement(profession: str, complement: str, jour: date, rang: int, tables: Consultation) -> Ligne:
    """Row of a night or Sunday supplement."""
    champ = f"lignes[{rang}].complement"
    return tables.lire(
        "complements", jour, champ, profession=profession, complement=complement, zone=tables.zone
    )


def _supplement(principal: Cotation, code: str, tables: Consultation, *regles: Regle) -> Cotation:
    acte = tables.lire("actes", principal.jour, principal.champ, code=code)
    return replace(
        principal, acte=code, libelle=acte["libelle"], nature=acte["nature"], coefficient=Decimal(1), depassement=0,
        regles=regles,
    )


def _complement(seance: Seance, principal: Cotation) -> list[Cotation]:
    lettre = next((d.saisie.complement for d in seance.lignes if d.saisie.complement), "")
    if not lettre:
        return []
    return [replace(principal, complement=lettre, coefficient=Decimal(1), depassement=0, regles=())]


def _deplacement(seance: Seance, principal: Cotation, tables: Consultation) -> list[Cotation]:
    demande = any(d.genre in ("deplacement", "kilometrique") for d in seance.supplements)
    if not demande and not any(d.saisie.domicile or d.saisie.ik_km for d in seance.lignes):
        return []
    code = tables.lire("actes", seance.jour, principal.champ, code=principal.acte)["deplacement"]
    if code == "IFA" and seance.demande("IFD"):
        code = "IFD"
    return [_supplement(principal, code, tables)]


def _kilometres(
    seance: Seance, principal: Cotation, km: dict[date, int], tables: Consultation
) -> list[Cotation]:
    source = max(seance.lignes, key=lambda d: d.saisie.ik_km)
    demandes = [d for d in seance.supplements if d.genre == "kilometrique"]
    if source.saisie.ik_km == 0:
        for demande in demandes:
            raise refuser(
                "KM_MANQUANT", "La distance est absente.", f"{demande.champ}.ik_km", "Indiquez l'aller-retour."
            )
        return []
    ligne = _zone(seance, tables)
    retenus = max(0, source.saisie.ik_km - ligne["abattement"])
    deja = km.get(seance.jour, 0)
    km[seance.jour] = deja + retenus * seance.nombre
    texte = f"{source.saisie.ik_km} km moins {ligne['abattement']} ({ligne['libelle']}) : {retenus} km."
    modele = _supplement(principal, ligne["acte"], tables, regle("ABATTEMENT_IK", texte, ligne))
    return _tranches(modele, deja, retenus * seance.nombre, tables)


def _zone(seance: Seance, tables: Consultation) -> Ligne:
    """What a kilometre is called and costs here: the zone of the professional's card, or on foot when IKS is asked."""
    zone = "pied_ski" if seance.demande("IKS") else tables.executant.zone_ik.lstrip("0")
    ligne = tables.trouver("kilometres", seance.jour, zone=zone)
    if ligne is None:
        raise refuser(
            "ZONE_IK_INCONNUE", "La zone d'indemnités kilométriques du professionnel ne donne pas droit aux IK.",
            "executant.zone_ik", "Vérifiez sa situation de facturation, ou retirez les kilomètres.",
        )
    return ligne


def _tranches(modele: Cotation, deja: int, nombre: int, tables: Consultation) -> list[Cotation]:
    """One line a slice of the daily ceiling; the quantity is the number of kilometres."""
    cotations, debut = [], 0
    tranches = sorted(tables.contexte.tables.charger("plafond_km").lignes(modele.jour), key=lambda t: t["jusqu_a"])
    for tranche in tranches:
        dans = max(0, min(tranche["jusqu_a"], deja + nombre) - max(debut, deja))
        debut = tranche["jusqu_a"]
        if not dans or not tranche["facteur"]:
            continue
        cotation = replace(modele, quantite=dans, coefficient=tranche["facteur"])
        if tranche["facteur"] != 1:
            plafond = tables.lire("plafond_km", modele.jour, rang=tranche["rang"])
            cotation = cotation.plus(regle("PLAFOND_IK", f"Plafond journalier, {plafond['libelle']}.", plafond))
        cotations.append(cotation)
    return cotations


def _majorations(facture: Facture, seance: Seance, deplacement: bool, tables: Consultation) -> list[str]:
    """MCI when asked for at home; MAU for a single small AMI; MIE for a young child."""
    codes = []
    if seance.demande("MCI"):
        if not deplacement:
            demande = next(d for d in seance.supplements if d.saisie.acte == "MCI")
            raise refuser("MAJORATION_NON_DUE", "La MCI ne se facture qu'à domicile.", f"{demande.champ}.acte")
        codes.append("MCI")
    elif _mau_due(seance, tables):
        codes.append("MAU")
    if _mie_due(facture, seance, tables):
        codes.append("MIE")
    return codes


def _mau_due(seance: Seance, tables: Consultation) -> bool:
    if len(seance.actes) != 1 or seance.actes[0].saisie.acte != "AMI" or not seance.actes[0].remboursable:
        return False
    seuil = tables.lire("seuils", seance.jour, code="MAU_COEFFICIENT")
    return seance.actes[0].saisie.coefficient <= seuil["valeur"]


def _mie_due(facture: Facture, seance: Seance, tables: Consultation) -> bool:
    acte = tables.contexte.tables.charger("actes").trouver(seance.jour, code="MIE")
    if acte is None or not any(d.genre == "acte" for d in seance.actes):
        return False
    return tables.dans_les_ages(acte, facture, seance.jour)


def _verifier_demandes(seance: Seance, trouves: list[Cotation]) -> None:
    """Refuse a supplement asked for by name that the rules do not give, or asked for twice."""
    dus = {c.acte for c in trouves}
    for demande in seance.supplements:
        if demande.saisie.acte not in dus:
            raise refuser(
                "MAJORATION_NON_DUE", f"{demande.saisie.acte} n'est pas dû pour cette séance.", f"{demande.champ}.acte",
                "Retirez la ligne : les suppléments dus s'ajoutent d'eux-mêmes.",
            )
        dus.discard(demande.saisie.acte)
