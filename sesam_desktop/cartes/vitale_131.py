"""Groups 40 and 41 → `CarteVitale`: the form of version 1.31, which old components still give.

Group 40 is the card and its insured (9 fields), group 41 one beneficiary (20 fields). What is sourced is the list of
the fields; that a number of periods above one lengthens the group by as many repeated fields is our deduction: a group
whose length does not say so is refused, never guessed at.
"""

from __future__ import annotations

from collections.abc import Sequence

from sesam_desktop.noyau.erreurs import FormatInvalide

from .champs import est_inconnu, exiger_champs, lire_chiffre, lire_date, lire_naissance, refus
from .vitale import Assure, Beneficiaire, CarteVitale, Couverture, GroupeInconnu, Mutuelle, Periode
from .zones import Groupe

CARTE, BENEFICIAIRE = 40, 41
_CHAMPS_CARTE = 9
_NOMBRE_AMO = 10  # rank of the first number of periods; what comes before has a fixed place


def carte_depuis(groupes: Sequence[Groupe]) -> CarteVitale:
    """The card these groups describe. Raises FormatInvalide."""
    if not groupes or groupes[0].id != CARTE:
        raise FormatInvalide("Les données ne commencent pas par une carte (groupe 40).", code="PAS_UNE_VITALE")
    exiger_champs(groupes[0], _CHAMPS_CARTE)
    lu = groupes[0].texte
    personnes: list[Beneficiaire] = []
    inconnus: list[GroupeInconnu] = []
    for groupe in groupes[1:]:
        if est_inconnu(groupe):
            inconnus.append(GroupeInconnu(groupe.id, groupe.champs, len(personnes) - 1 if personnes else None))
        elif groupe.id == BENEFICIAIRE:
            personnes.append(_beneficiaire(groupe))
        else:
            raise FormatInvalide(f"Le groupe {groupe.id} n'est pas à sa place.", code="GROUPE_INATTENDU")
    assure = Assure(lu(4), lu(5), lu(6), lu(7), lu(8), lu(9))
    return CarteVitale(lu(1), lu(2), None, assure, tuple(personnes), inconnus=tuple(inconnus))


def _beneficiaire(groupe: Groupe) -> Beneficiaire:
    if len(groupe.champs) < _NOMBRE_AMO:
        exiger_champs(groupe, 20)
    lu = groupe.texte
    amo, suite = _periodes(groupe, _NOMBRE_AMO, 2)
    mutuelle, suite = _periodes(groupe, suite, 2)
    couvertures, fin = _periodes(groupe, suite, 4)
    exiger_champs(groupe, fin - 1)
    return Beneficiaire(
        nom_usuel=lu(1),
        nom_patronymique=lu(2),
        prenom=lu(3),
        adresse=(lu(4), "", "", "", ""),
        date_naissance=lire_naissance(groupe, 5),
        rang=lire_chiffre(groupe, 6),
        qualite=lu(7),
        droits=tuple(_periode(groupe, champ) for champ in amo),
        couvertures=tuple(_couverture(groupe, champ) for champ in couvertures),
        mutuelle=Mutuelle(lu(8), lu(9), "", droits=tuple(_periode(groupe, c) for c in mutuelle)) if lu(8) else None,
    )


def _periodes(groupe: Groupe, compteur: int, largeur: int) -> tuple[list[int], int]:
    """First field of each period announced by field `compteur`, and the field after them; one place is always kept."""
    if compteur > len(groupe.champs):
        raise refus(groupe, compteur, "un nombre de périodes est attendu")
    nombre = lire_chiffre(groupe, compteur) if groupe.texte(compteur) else 0
    debuts = [compteur + 1 + largeur * rang for rang in range(max(nombre, 1))]
    apres = debuts[-1] + largeur
    if apres - 1 > len(groupe.champs):
        raise refus(groupe, compteur, "une période annoncée manque")
    return debuts[:nombre], apres


def _periode(groupe: Groupe, champ: int) -> Periode:
    return Periode(lire_date(groupe, champ), lire_date(groupe, champ + 1))


def _couverture(groupe: Groupe, champ: int) -> Couverture:
    periode = _periode(groupe, champ)
    return Couverture(periode.debut, periode.fin, groupe.texte(champ + 2), groupe.texte(champ + 3))
