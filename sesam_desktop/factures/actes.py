"""What makes an asked line impossible to price, whoever asks: the controls list it, the engine refuses it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sesam_desktop.referentiels.tables import Ligne, SourceTables

from .facture import Alerte, Executant, LigneSaisie

BLOQUANTE = "bloquante"
AVERTISSEMENT = "avertissement"
_GENRES_AJOUTES = ("vignette", "honoraire")
_SUPPLEMENTS = ("deplacement", "kilometrique", "majoration", "honoraire_demande")  # they follow other lines


@dataclass(frozen=True, slots=True)
class _Demande:
    """What a rule looks at."""

    tables: SourceTables
    executant: Executant
    ligne: LigneSaisie
    acte: Ligne
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
            f"L'acte {ligne.acte} n'est pas encore tarifé par ce programme."
        )
        return _bloquante("ACTE_NON_COUVERT", quoi, f"lignes[{rang}].acte")
    demande = _Demande(tables, executant, ligne, acte, jour)
    for regle in _REGLES:
        if (defaut := regle(demande)) is not None:
            code, message, champ = defaut
            return _bloquante(code, message, f"lignes[{rang}].{champ}")
    return None


def _bloquante(code: str, message: str, champ: str) -> Alerte:
    return Alerte(code, BLOQUANTE, message, champ)


Defaut = tuple[str, str, str] | None


def _ajoute_par_regle(d: _Demande) -> Defaut:
    if d.acte["genre"] not in _GENRES_AJOUTES:
        return None
    return "ACTE_AJOUTE", f"{d.ligne.acte} s'ajoute de lui-même : demandez MEDICAMENT avec le code CIP13.", "acte"


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
    if not d.acte["coefficient"] and d.ligne.coefficient != 1:
        return "COEFFICIENT_INVALIDE", f"{d.ligne.acte} se facture sans coefficient.", "coefficient"
    seuil: Decimal = d.tables.charger("seuils").a_la_date(d.jour, code="ACTE_COEFFICIENT")["valeur"]
    if d.ligne.coefficient >= seuil:
        message = f"Un coefficient de {seuil} ou plus relève d'une règle pas encore tarifée."
        return "COEFFICIENT_ELEVE", message, "coefficient"
    return None


def _qualificatif(d: _Demande) -> Defaut:
    if not d.ligne.qualificatif:
        return None
    connu = d.tables.charger("qualificatifs").trouver(d.jour, code=d.ligne.qualificatif)
    if connu is not None and connu["traitement"] != "refus":
        return None
    return "QUALIFICATIF_REFUSE", f"Le qualificatif {d.ligne.qualificatif} n'est pas admis ici.", "qualificatif"


def _champs_etrangers(d: _Demande) -> Defaut:
    """Fields that would be ignored, and so must not be filled."""
    medicament, infirmier = d.acte["genre"] == "medicament", "24" in d.acte["specialites"]
    sans_depassement = medicament or d.acte["genre"] in _SUPPLEMENTS or d.ligne.qualificatif == "G"
    interdits = {
        "prix_centimes": d.ligne.prix_centimes is not None and not medicament,
        "cip13": bool(d.ligne.cip13) and not medicament,
        "substitution": bool(d.ligne.substitution) and not medicament,
        "montant_facture_centimes": d.ligne.montant_facture_centimes is not None,
        "ik_km": d.ligne.ik_km > 0 and not infirmier,
        "complement": bool(d.ligne.complement) and (medicament or d.acte["genre"] == "honoraire_demande"),
        "depassement_centimes": d.ligne.depassement_centimes > 0 and sans_depassement,
        "qualificatif": bool(d.ligne.qualificatif) and d.acte["genre"] in _SUPPLEMENTS,
        "code": bool(d.ligne.code) and d.acte["genre"] != "acte",
        "modificateurs": bool(d.ligne.modificateurs),
        "association": bool(d.ligne.association),
        "activite": bool(d.ligne.activite),
        "phase": bool(d.ligne.phase),
    }
    champ = next((nom for nom, interdit in interdits.items() if interdit), "")
    return ("CHAMP_SANS_OBJET", f"Ce champ n'a pas de sens pour {d.ligne.acte}.", champ) if champ else None


def _montants(d: _Demande) -> Defaut:
    champs = ("depassement_centimes", "prix_centimes", "ik_km")
    champ = next((nom for nom in champs if (getattr(d.ligne, nom) or 0) < 0), "")
    return ("MONTANT_NEGATIF", "Cette valeur ne peut pas être négative.", champ) if champ else None


_REGLES: tuple[Callable[[_Demande], Defaut], ...] = (
    _ajoute_par_regle, _specialite, _quantite, _coefficient, _montants, _qualificatif, _champs_etrangers,
)
