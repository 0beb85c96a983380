"""Which fields a line has: those that the table of kinds opens to its act, with the words and the values of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sesam_desktop.factures.actes import trouver_acte
from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.referentiels import tables

MONTANT, ENTIER, DECIMAL, COCHE, CHOIX, JOUR, SUITE = (
    "montant", "entier", "decimal", "coche", "choix", "jour", "suite"
)
_ACCORDS = (("4", "accordé"), ("0", "sans réponse dans le délai"), ("5", "urgence"))
_ACTIVITES = tuple((n, n) for n in "12345")
_PHASES = tuple((n, n) for n in "0123")


@dataclass(frozen=True)
class Champ:
    """`nom`: of the field of the line; `table` or `valeurs`: what a choice proposes."""

    nom: str
    titre: str
    genre: str
    indication: str = ""
    table: str = ""
    valeurs: tuple[tuple[str, str], ...] = ()
    maxi: int = 999

    def choix(self, jour: date) -> tuple[tuple[str, str], ...]:
        """(code, words) in force on `jour`."""
        if not self.table:
            return self.valeurs
        lignes = tables.charger(self.table).lignes(jour)
        return tuple((ligne["code"], f"{ligne['code']}  {ligne['libelle']}") for ligne in lignes if ligne["code"])


_TOUS = (
    Champ("quantite", "Qua&ntité", ENTIER),
    Champ("coefficient", "&Coefficient", DECIMAL),
    Champ("prix_centimes", "Pri&x unitaire (€)", MONTANT, "prix public"),
    Champ("montant_facture_centimes", "Prix &demandé (€)", MONTANT, "tarif"),
    Champ("depassement_centimes", "&Dépassement (€)", MONTANT, "0,00"),
    Champ("qualificatif", "Qualificatif", CHOIX, table="qualificatifs"),
    Champ("substitution", "&Substitution", CHOIX, table="substitutions"),
    Champ("code", "Dérogation", CHOIX, table="natures_soins"),
    Champ("activite", "Acti&vité", CHOIX, valeurs=_ACTIVITES),
    Champ("phase", "Phase", CHOIX, valeurs=_PHASES),
    Champ("association", "A&ssociation", CHOIX, table="associations_ccam"),
    Champ("modificateurs", "Modificateurs", SUITE, "F U 7"),
    Champ("dents", "Dents", SUITE, "16 17"),
    Champ("renouvellement", "Renouvellement n°", ENTIER, maxi=99),
    Champ("duree_jours", "Durée (jours)", ENTIER),
    Champ("unites", "Unités délivrées", ENTIER, maxi=9_999),
    Champ("unites_boite", "Unités par boîte", ENTIER, maxi=9_999),
    Champ("debut", "Du", JOUR),
    Champ("fin", "Au", JOUR),
    Champ("accord", "Accord préalable", CHOIX, valeurs=_ACCORDS),
    Champ("accord_date", "Demandé le", JOUR),
    Champ("passage", "Passage du jour", ENTIER, maxi=24),
    Champ("deplacement_partage", "Déplacement sur un autre patient", COCHE),
    Champ("motif_exoneration", "Motif d'exonération", CHOIX, table="motifs_exoneration"),
    Champ("ald", "En rapport avec l'A&LD", COCHE),
)
_DE_TOUTE_LIGNE = ("quantite", "ald", "motif_exoneration")
_A_DEROGATION = ("acte",)        # kinds whose « code » is a reason, not the code of an imported table


def champs_de(ligne: LigneSaisie, jour: date) -> list[Champ]:
    """Fields of `ligne`, in the order of the eye; those of an unknown act are the common ones."""
    acte = trouver_acte(tables, ligne, jour)
    admis = set(_DE_TOUTE_LIGNE) | admis_par(ligne, jour)
    if acte is None or not acte["coefficient"]:
        admis.discard("coefficient")
    if acte is None or acte["genre"] not in _A_DEROGATION:
        admis.discard("code")
    return [champ for champ in _TOUS if champ.nom in admis]


def admis_par(ligne: LigneSaisie, jour: date) -> set[str]:
    """Fields that the kind of this act may carry, besides those of every line."""
    acte = trouver_acte(tables, ligne, jour)
    genre = tables.charger("genres").trouver(jour, genre=acte["genre"]) if acte is not None else None
    return set(genre["champs"]) if genre is not None else set()


def valeur_vide(champ: Champ) -> Any:
    """What the line holds when nothing was said."""
    return {"accord": "", "code": "", "motif_exoneration": "", "activite": "1", "phase": "0"}.get(champ.nom)
