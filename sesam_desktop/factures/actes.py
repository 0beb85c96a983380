"""What makes an asked line impossible to price, whoever asks: the controls list it, the engine refuses it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date

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
        connu = tables.charger("actes").connait(code=ligne.acte)
        quoi = f"L'acte {ligne.acte} n'existe pas à cette date." if connu else (
            f"L'acte {ligne.acte} n'est pas tarifé par ce programme."
        )
        return _bloquante("ACTE_NON_COUVERT", quoi, f"lignes[{rang}].acte")
    genre = tables.charger("genres").a_la_date(jour, genre=acte["genre"])
    demande = _Demande(tables, executant, ligne, acte, genre, jour)
    for regle in _REGLES:
        if (defaut := regle(demande)) is not None:
            code, message, champ = defaut
            return _bloquante(code, message, f"lignes[{rang}].{champ}")
    return None


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
    return "ACTE_INTERDIT", f"L'acte {d.ligne.acte} n'est pas ouvert à la spécialité {d.executant.specialite}.", "acte"


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
    if d.tables.charger("qualificatifs").trouver(d.jour, code=d.ligne.qualificatif) is not None:
        return None
    return "QUALIFICATIF_REFUSE", f"Le qualificatif {d.ligne.qualificatif} n'est pas admis ici.", "qualificatif"


def _champs_etrangers(d: _Demande) -> Defaut:
    """Fields that would be ignored, and so must not be filled."""
    admis = d.genre["champs"]
    champ = next((nom for nom in _REGLEMENTES if nom not in admis and _est_rempli(d.ligne, nom)), "")
    if d.ligne.qualificatif == "G" and d.ligne.depassement_centimes:
        champ = "depassement_centimes"
    return ("CHAMP_SANS_OBJET", f"Ce champ n'a pas de sens pour {d.ligne.acte}.", champ) if champ else None


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
