"""Groups 1 and 2 ⇄ `CartePS`: what SSV "Lire Carte PS" gives, and what a fictitious CPS file holds.

The logical number of a situation is one binary byte, every other field is text. The values of the two rights to sign
are not in the public dictionary: ``1`` (or ``O``) is read as yes, ``0``, ``N`` or nothing as no (project profile).
"""

from __future__ import annotations

from collections.abc import Sequence

from sesam_desktop.noyau.erreurs import FormatInvalide

from .champs import est_inconnu, exiger_champs, refus, texte
from .ps import CartePS, Identification, Remplacant, Situation, Structure
from .zones import Groupe

TITULAIRE, SITUATION = 1, 2
_CHAMPS_TITULAIRE, _CHAMPS_SITUATION = 7, 21
_OUI, _NON = ("1", "O"), ("0", "N", "")


def carte_depuis(groupes: Sequence[Groupe], numero_serie: str = "") -> CartePS:
    """The card these groups describe; its serial number is not in them. Raises FormatInvalide.

    A group that nobody knows yet is kept raw; two situations of one logical number are refused, for choosing one
    would bill under the other.
    """
    if not groupes or groupes[0].id != TITULAIRE:
        raise FormatInvalide("Les données ne commencent pas par un titulaire (groupe 1).", code="PAS_UNE_CPS")
    exiger_champs(groupes[0], _CHAMPS_TITULAIRE)
    lu = groupes[0].texte
    situations = tuple(_situation_depuis(groupe) for groupe in groupes[1:] if not est_inconnu(groupe))
    if len({situation.rang for situation in situations}) != len(situations):
        raise FormatInvalide("Deux situations de la carte ont le même numéro logique.", code="SITUATION_EN_DOUBLE")
    inconnus = tuple((groupe.id, groupe.champs) for groupe in groupes[1:] if est_inconnu(groupe))
    identite = Identification(lu(2), lu(3), lu(4))
    return CartePS(lu(1), identite, lu(5), lu(6), lu(7), situations, numero_serie, inconnus)


def groupes_de(carte: CartePS) -> list[Groupe]:
    """The groups of a card, situations in the order they are held, then those that are not known."""
    identite = carte.identification
    textes = (carte.type_carte, identite.type, identite.numero, identite.cle, carte.civilite, carte.nom, carte.prenom)
    titulaire = Groupe(TITULAIRE, tuple(texte(valeur) for valeur in textes))
    inconnus = (Groupe(numero, champs) for numero, champs in carte.inconnus)
    return [titulaire, *(_groupe_situation(situation) for situation in carte.situations), *inconnus]


def _situation_depuis(groupe: Groupe) -> Situation:
    """One situation. Raises FormatInvalide."""
    if groupe.id != SITUATION:
        raise FormatInvalide(f"Le groupe {groupe.id} n'est pas à sa place.", code="GROUPE_INATTENDU")
    exiger_champs(groupe, _CHAMPS_SITUATION)
    if len(groupe.champs[0]) != 1:
        raise refus(groupe, 1, "un octet est attendu")
    lu = groupe.texte
    return Situation(
        rang=groupe.champs[0][0],
        mode_exercice=lu(2),
        statut=lu(3),
        secteur=lu(4),
        structure=Structure(lu(5), lu(6), lu(7), lu(8)),
        numero_facturation=lu(9),
        cle=lu(10),
        remplacant=Remplacant(lu(11), lu(12)) if lu(11) else None,
        convention=lu(13),
        specialite=lu(14),
        zone_tarifaire=lu(15),
        zone_ik=lu(16),
        agrements=(lu(17), lu(18), lu(19)),
        signe_facture=_habilite(groupe, 20),
        signe_lot=_habilite(groupe, 21),
    )


def _habilite(groupe: Groupe, champ: int) -> bool:
    valeur = groupe.texte(champ)
    if valeur not in _OUI + _NON:
        raise refus(groupe, champ, "une habilitation (oui ou non) est attendue")
    return valeur in _OUI


def _groupe_situation(situation: Situation) -> Groupe:
    structure, remplacant = situation.structure, situation.remplacant or Remplacant("", "")
    textes = (
        *(situation.mode_exercice, situation.statut, situation.secteur),
        *(structure.type, structure.numero, structure.cle, structure.raison_sociale),
        *(situation.numero_facturation, situation.cle, remplacant.numero, remplacant.cle),
        *(situation.convention, situation.specialite, situation.zone_tarifaire, situation.zone_ik),
        *situation.agrements,
        *("1" if habilite else "0" for habilite in (situation.signe_facture, situation.signe_lot)),
    )
    return Groupe(SITUATION, (bytes([situation.rang]), *(texte(valeur) for valeur in textes)))
