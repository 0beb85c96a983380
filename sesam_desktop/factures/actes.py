"""What makes an asked line impossible to price, whoever asks: the controls list it, the engine refuses it."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date

from sesam_desktop.noyau import dates
from sesam_desktop.referentiels.tables import Ligne, SourceTables

from .facture import Alerte, Executant, LigneSaisie

BLOQUANTE = "bloquante"
AVERTISSEMENT = "avertissement"
_REGLEMENTES = (
    "cip13", "code", "prix_centimes", "substitution", "montant_facture_centimes", "ik_km", "complement",
    "depassement_centimes", "qualificatif", "modificateurs", "association", "activite", "phase", "dents", "accord",
    "accord_date", "debut", "fin", "renouvellement", "duree_jours", "unites", "unites_boite", "passage",
    "deplacement_partage",
)  # fields that only some kinds of lines may carry


_VOISINS, _SPECIALITES_DITES = 5, 6
_DEFAUTS = {champ.name: champ.default for champ in fields(LigneSaisie)}


@dataclass(frozen=True, slots=True)
class _Demande:
    """What a rule looks at."""

    tables: SourceTables
    executant: Executant
    ligne: LigneSaisie
    acte: Ligne
    genre: Ligne
    jour: date


def trouver_acte(tables: SourceTables, ligne: LigneSaisie, jour: date) -> Ligne | None:
    """The row of the act in force on `jour`, None when the engine does not know it."""
    return tables.charger("actes").trouver(jour, code=ligne.acte)


def refus_de_ligne(
    tables: SourceTables, executant: Executant, ligne: LigneSaisie, rang: int, jour: date
) -> Alerte | None:
    """First reason why line `rang` cannot be priced as it is written, None when there is none."""
    acte = trouver_acte(tables, ligne, jour)
    if acte is None:
        return _bloquante("ACTE_NON_COUVERT", _inconnu(tables, executant, ligne.acte, jour), f"lignes[{rang}].acte")
    genre = tables.charger("genres").a_la_date(jour, genre=acte["genre"])
    demande = _Demande(tables, executant, ligne, acte, genre, jour)
    for regle in _REGLES:
        if (defaut := regle(demande)) is not None:
            code, message, champ = defaut
            return _bloquante(code, message, f"lignes[{rang}].{champ}")
    return None


def _inconnu(tables: SourceTables, executant: Executant, code: str, jour: date) -> str:
    """What is said of an act that has no row, with the dates it had or the codes that look like it."""
    lignes = [ligne for ligne in tables.charger("actes").toutes() if ligne["code"] == code]
    if lignes:
        debut, fin = min(ligne.debut for ligne in lignes), max(ligne.fin or date.max for ligne in lignes)
        jusqu_a = f" au {dates.formater(fin)}" if fin != date.max else ""
        return f"L'acte {code} n'existe pas à cette date : il se facture du {dates.formater(debut)}{jusqu_a}."
    ouverts = [li["code"] for li in tables.charger("actes").lignes(jour) if executant.specialite in li["specialites"]]
    voisins = ", ".join(difflib.get_close_matches(code, ouverts, n=_VOISINS))
    conseil = f"peut-être attendu : {voisins}" if voisins else "cherchez son code sur la page Référentiels"
    return f"L'acte {code} n'est pas tarifé par ce programme ; {conseil}."


def _bloquante(code: str, message: str, champ: str) -> Alerte:
    return Alerte(code, BLOQUANTE, message, champ)


Defaut = tuple[str, str, str] | None


def _ajoute_par_regle(d: _Demande) -> Defaut:
    if not d.genre["ajoute"]:
        return None
    return "ACTE_AJOUTE", f"{d.ligne.acte} s'ajoute de lui-même : demandez l'acte ou le produit qui le porte.", "acte"


def _specialite(d: _Demande) -> Defaut:
    if d.executant.specialite in d.acte["specialites"]:
        return None
    ouvertes = d.acte["specialites"]
    suite = " et d'autres" if len(ouvertes) > _SPECIALITES_DITES else ""
    attendues = ", ".join(ouvertes[:_SPECIALITES_DITES]) + suite
    refusee = f"L'acte {d.ligne.acte} n'est pas ouvert à la spécialité {d.executant.specialite}"
    message = f"{refusee} ; attendues : {attendues}."
    return "ACTE_INTERDIT", message, "acte"


def _quantite(d: _Demande) -> Defaut:
    if 1 <= d.ligne.quantite <= 999:
        return None
    return "QUANTITE_INVALIDE", "La quantité doit aller de 1 à 999.", "quantite"


def _coefficient(d: _Demande) -> Defaut:
    if d.ligne.coefficient <= 0:
        return "COEFFICIENT_INVALIDE", "Le coefficient doit être positif.", "coefficient"
    if d.ligne.coefficient != round(d.ligne.coefficient, 2):
        return "COEFFICIENT_INVALIDE", "Le coefficient a deux décimales au plus.", "coefficient"
    if not d.acte["coefficient"] and d.ligne.coefficient != 1:
        return "COEFFICIENT_INVALIDE", f"{d.ligne.acte} se facture sans coefficient.", "coefficient"
    return None


def _qualificatif(d: _Demande) -> Defaut:
    if not d.ligne.qualificatif:
        return None
    table = d.tables.charger("qualificatifs")
    if table.trouver(d.jour, code=d.ligne.qualificatif) is not None:
        return None
    attendus = ", ".join(ligne["code"] for ligne in table.lignes(d.jour))
    message = f"Le qualificatif {d.ligne.qualificatif} n'existe pas ; attendus : {attendus}."
    return "QUALIFICATIF_REFUSE", message, "qualificatif"


def _champs_etrangers(d: _Demande) -> Defaut:
    """Fields that would be ignored, and so must not be filled."""
    admis = d.genre["champs"]
    champ = next((nom for nom in _REGLEMENTES if nom not in admis and _est_rempli(d.ligne, nom)), "")
    if d.ligne.qualificatif == "G" and d.ligne.depassement_centimes:
        return "CHAMP_SANS_OBJET", "Un acte gratuit n'a pas de dépassement : 0 est attendu.", "depassement_centimes"
    if not champ:
        return None
    return "CHAMP_SANS_OBJET", f"Ce champ est sans objet pour l'acte {d.ligne.acte} : retirez-le.", champ


def _est_rempli(ligne: LigneSaisie, nom: str) -> bool:
    """True when the field holds something else than its default (0 is a price, not an absence)."""
    return getattr(ligne, nom) not in ("", _DEFAUTS[nom])


def _montants(d: _Demande) -> Defaut:
    champs = ("depassement_centimes", "prix_centimes", "montant_facture_centimes", "ik_km", "unites", "duree_jours")
    champ = next((nom for nom in champs if (getattr(d.ligne, nom) or 0) < 0), "")
    return ("MONTANT_NEGATIF", "Cette valeur ne peut pas être négative.", champ) if champ else None


_REGLES: tuple[Callable[[_Demande], Defaut], ...] = (
    _ajoute_par_regle, _specialite, _quantite, _coefficient, _montants, _qualificatif, _champs_etrangers,
)
