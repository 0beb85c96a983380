"""What makes an asked line impossible to price, whoever asks: the controls list it, the engine refuses it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from sesam_desktop.referentiels.tables import Ligne, SourceTables

from .facture import Alerte, Executant, LigneSaisie

BLOQUANTE = "bloquante"
AVERTISSEMENT = "avertissement"
_GENRES_AJOUTES = ("vignette", "honoraire")
_SUPPLEMENTS = ("deplacement", "kilometrique", "majoration", "honoraire_demande")  # they follow other lines


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
    for regle in _REGLES:
        if (defaut := regle(tables, executant, ligne, acte, jour)) is not None:
            code, message, champ = defaut
            return _bloquante(code, message, f"lignes[{rang}].{champ}")
    return None


def _bloquante(code: str, message: str, champ: str) -> Alerte:
    return Alerte(code, BLOQUANTE, message, champ)


Defaut = tuple[str, str, str] | None


def _ajoute_par_regle(
    tables: SourceTables, executant: Executant, ligne: LigneSaisie, acte: Ligne, jour: date
) -> Defaut:
    if acte["genre"] not in _GENRES_AJOUTES:
        return None
    return "ACTE_AJOUTE", f"{ligne.acte} s'ajoute de lui-même : demandez MEDICAMENT avec le code CIP13.", "acte"


def _specialite(tables: SourceTables, executant: Executant, ligne: LigneSaisie, acte: Ligne, jour: date) -> Defaut:
    if executant.specialite in acte["specialites"]:
        return None
    return "ACTE_INTERDIT", f"L'acte {ligne.acte} n'est pas ouvert à la spécialité {executant.specialite}.", "acte"


def _quantite(tables: SourceTables, executant: Executant, ligne: LigneSaisie, acte: Ligne, jour: date) -> Defaut:
    if 1 <= ligne.quantite <= 999:
        return None
    return "QUANTITE_INVALIDE", "La quantité doit aller de 1 à 999.", "quantite"


def _coefficient(tables: SourceTables, executant: Executant, ligne: LigneSaisie, acte: Ligne, jour: date) -> Defaut:
    if ligne.coefficient <= 0:
        return "COEFFICIENT_INVALIDE", "Le coefficient doit être positif.", "coefficient"
    if not acte["coefficient"] and ligne.coefficient != 1:
        return "COEFFICIENT_INVALIDE", f"{ligne.acte} se facture sans coefficient.", "coefficient"
    seuil: Decimal = tables.charger("seuils").a_la_date(jour, code="ACTE_COEFFICIENT")["valeur"]
    if ligne.coefficient >= seuil:
        message = f"Un coefficient de {seuil} ou plus relève d'une règle pas encore tarifée."
        return "COEFFICIENT_ELEVE", message, "coefficient"
    return None


def _qualificatif(tables: SourceTables, executant: Executant, ligne: LigneSaisie, acte: Ligne, jour: date) -> Defaut:
    if not ligne.qualificatif:
        return None
    connu = tables.charger("qualificatifs").trouver(jour, code=ligne.qualificatif)
    if connu is not None and connu["traitement"] != "refus":
        return None
    return "QUALIFICATIF_REFUSE", f"Le qualificatif {ligne.qualificatif} n'est pas admis ici.", "qualificatif"


def _champs_etrangers(
    tables: SourceTables, executant: Executant, ligne: LigneSaisie, acte: Ligne, jour: date
) -> Defaut:
    """Fields that would be ignored, and so must not be filled."""
    medicament, infirmier = acte["genre"] == "medicament", "24" in acte["specialites"]
    sans_depassement = medicament or acte["genre"] in _SUPPLEMENTS or ligne.qualificatif == "G"
    interdits = {
        "prix_centimes": ligne.prix_centimes is not None and not medicament,
        "cip13": bool(ligne.cip13) and not medicament,
        "substitution": bool(ligne.substitution) and not medicament,
        "montant_facture_centimes": ligne.montant_facture_centimes is not None,
        "ik_km": ligne.ik_km > 0 and not infirmier,
        "complement": bool(ligne.complement) and (medicament or acte["genre"] == "honoraire_demande"),
        "depassement_centimes": ligne.depassement_centimes > 0 and sans_depassement,
        "qualificatif": bool(ligne.qualificatif) and acte["genre"] in _SUPPLEMENTS,
        "code": bool(ligne.code) and acte["genre"] != "acte",
        "modificateurs": bool(ligne.modificateurs),
        "association": bool(ligne.association),
        "activite": bool(ligne.activite),
        "phase": bool(ligne.phase),
    }
    champ = next((nom for nom, interdit in interdits.items() if interdit), "")
    return ("CHAMP_SANS_OBJET", f"Ce champ n'a pas de sens pour {ligne.acte}.", champ) if champ else None


def _montants(tables: SourceTables, executant: Executant, ligne: LigneSaisie, acte: Ligne, jour: date) -> Defaut:
    champs = ("depassement_centimes", "prix_centimes", "ik_km")
    champ = next((nom for nom in champs if (getattr(ligne, nom) or 0) < 0), "")
    return ("MONTANT_NEGATIF", "Cette valeur ne peut pas être négative.", champ) if champ else None


_REGLES: tuple[Callable[[SourceTables, Executant, LigneSaisie, Ligne, date], Defaut], ...] = (
    _ajoute_par_regle, _specialite, _quantite, _coefficient, _montants, _qualificatif, _champs_etrangers,
)
