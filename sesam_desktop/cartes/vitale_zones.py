"""Groups 101–111 ⇄ `CarteVitale`: what SSV "Lire Droits Vitale" gives, and what a carte virtuelle holds.

Order is the only hierarchy: ``101, 102, [103], then for each beneficiary 104, 105*, 106*, [107, 108*], [109, [111]]``.
No limit is put on the number of beneficiaries or periods (a stress card holds 19 and 133).

A group whose number is unknown moves nothing around it: it is kept raw and told, so that a new generation of cards
does not stop a counter. A known group out of place, or with another number of fields, is refused: what it would say
could be read as somebody else's right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide

from . import vitale_groupes as groupes_ssv
from .champs import est_inconnu, exiger_champs
from .vitale import Amc, Beneficiaire, CarteVitale, GroupeInconnu, Mutuelle, Periode
from .vitale_groupes import (
    ACCIDENTS,
    AMC,
    ASSURE,
    BENEFICIAIRE,
    CHAMPS,
    COUVERTURE,
    DROITS,
    DROITS_MUTUELLE,
    MUTUELLE,
    SERVICE,
    ZONE_COMMUNE,
)
from .zones import Groupe

F0F0 = "F0F0"  # the SSV's own code for it
_DE_LA_CARTE = frozenset((SERVICE, ACCIDENTS))
_D_UN_BENEFICIAIRE = frozenset((DROITS, COUVERTURE, MUTUELLE, DROITS_MUTUELLE, AMC, ZONE_COMMUNE))
_UNIQUES = frozenset((SERVICE, ACCIDENTS, MUTUELLE, AMC, ZONE_COMMUNE))


def carte_depuis(groupes: Sequence[Groupe]) -> CarteVitale:
    """The card these groups describe. Raises FormatInvalide, or ErreurConnue F0F0 (mutuelle and AMC together)."""
    if not groupes or groupes[0].id != ASSURE:
        raise FormatInvalide("Les données ne commencent pas par un assuré (groupe 101).", code="PAS_UNE_VITALE")
    carte = groupes_ssv.lire_assure(groupes[0])
    entete, *blocs = _par_beneficiaire(groupes[1:])
    contenu = _ranger(entete, _DE_LA_CARTE)
    inconnus = list(_inconnus(entete, None))
    for rang, bloc in enumerate(blocs):
        inconnus += _inconnus(bloc, rang)
    return replace(
        carte,
        service_famille=next(map(groupes_ssv.lire_service, contenu.get(SERVICE, ())), None),
        at=next(map(groupes_ssv.lire_accidents, contenu.get(ACCIDENTS, ())), ()),
        beneficiaires=tuple(_beneficiaire(bloc) for bloc in blocs),
        inconnus=tuple(inconnus),
    )


def groupes_de(carte: CarteVitale) -> list[Groupe]:
    """The groups of a card, in the order of the norm; unknown ones end what they were read in."""
    groupes = [groupes_ssv.ecrire_assure(carte)]
    if carte.service_famille is not None:
        groupes.append(groupes_ssv.ecrire_service(carte.service_famille))
    if carte.at:
        groupes.append(groupes_ssv.ecrire_accidents(carte.at))
    groupes += _groupes_inconnus(carte, None)
    for rang, beneficiaire in enumerate(carte.beneficiaires):
        groupes += _groupes_beneficiaire(beneficiaire)
        groupes += _groupes_inconnus(carte, rang)
    return groupes


def exiger_une_complementaire(mutuelle: Mutuelle | None, amc: Amc | None) -> None:
    """SSV error F0F0: a mutuelle and an AMC whose periods meet."""
    if amc is None or mutuelle is None:
        return
    if any(_se_touchent(Periode(amc.debut, amc.fin), periode) for periode in mutuelle.droits):
        raise ErreurConnue(
            "La carte porte en même temps des droits mutuelle et des droits AMC pour un bénéficiaire (F0F0).",
            code=F0F0,
            action="Le patient doit mettre sa carte à jour sur une borne ou en pharmacie.",
        )


def _par_beneficiaire(groupes: Iterable[Groupe]) -> list[list[Groupe]]:
    """What comes before the first beneficiary, then one list each, which starts with its group 104."""
    blocs: list[list[Groupe]] = [[]]
    for groupe in groupes:
        if groupe.id == BENEFICIAIRE:
            blocs.append([])
        blocs[-1].append(groupe)
    return blocs


def _ranger(groupes: Iterable[Groupe], admis: frozenset[int]) -> dict[int, list[Groupe]]:
    """Known groups by number, each where it may be, as many times as it may, with its number of fields."""
    ranges: dict[int, list[Groupe]] = {}
    for groupe in groupes:
        if est_inconnu(groupe):
            continue
        deja = ranges.setdefault(groupe.id, [])
        if groupe.id not in admis or (deja and groupe.id in _UNIQUES):
            raise _intrus(groupe)
        if groupe.id == DROITS_MUTUELLE and MUTUELLE not in ranges:
            raise _intrus(groupe)
        exiger_champs(groupe, CHAMPS[groupe.id])
        deja.append(groupe)
    return ranges


def _inconnus(groupes: Iterable[Groupe], rang: int | None) -> Iterator[GroupeInconnu]:
    return (GroupeInconnu(g.id, g.champs, rang) for g in groupes if est_inconnu(g))


def _intrus(groupe: Groupe) -> FormatInvalide:
    return FormatInvalide(
        f"Le groupe {groupe.id} n'est pas à sa place.", code="GROUPE_INATTENDU", zone=f"groupe {groupe.id}"
    )


def _se_touchent(une: Periode, autre: Periode) -> bool:
    avant = une.fin is not None and autre.debut is not None and une.fin < autre.debut
    apres = autre.fin is not None and une.debut is not None and autre.fin < une.debut
    return not avant and not apres


def _beneficiaire(bloc: list[Groupe]) -> Beneficiaire:
    identite, *suite = bloc
    exiger_champs(identite, CHAMPS[BENEFICIAIRE])
    contenu = _ranger(suite, _D_UN_BENEFICIAIRE)
    droits_mutuelle = tuple(map(groupes_ssv.lire_periode, contenu.get(DROITS_MUTUELLE, ())))
    mutuelle = next((groupes_ssv.lire_mutuelle(g, droits_mutuelle) for g in contenu.get(MUTUELLE, ())), None)
    amc = next(map(groupes_ssv.lire_amc, contenu.get(AMC, ())), None)
    exiger_une_complementaire(mutuelle, amc)
    return replace(
        groupes_ssv.lire_beneficiaire(identite),
        droits=tuple(map(groupes_ssv.lire_periode, contenu.get(DROITS, ()))),
        couvertures=tuple(map(groupes_ssv.lire_couverture, contenu.get(COUVERTURE, ()))),
        mutuelle=mutuelle,
        amc=amc,
        zone_commune=next((g.champs[0].decode("latin-1") for g in contenu.get(ZONE_COMMUNE, ())), ""),
    )


def _groupes_beneficiaire(personne: Beneficiaire) -> list[Groupe]:
    groupes = [groupes_ssv.ecrire_beneficiaire(personne)]
    groupes += map(groupes_ssv.ecrire_droits, personne.droits)
    groupes += map(groupes_ssv.ecrire_couverture, personne.couvertures)
    groupes += groupes_ssv.ecrire_mutuelle(personne.mutuelle) if personne.mutuelle else []
    groupes += [groupes_ssv.ecrire_amc(personne.amc)] if personne.amc else []
    groupes += [groupes_ssv.ecrire_zone_commune(personne.zone_commune)] if personne.zone_commune else []
    return groupes


def _groupes_inconnus(carte: CarteVitale, rang: int | None) -> Iterator[Groupe]:
    return (Groupe(g.id, g.champs) for g in carte.inconnus if g.beneficiaire == rang)
